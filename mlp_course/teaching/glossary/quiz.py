"""The quiz: a term, four sentences, and a reason when the choice was wrong."""

from __future__ import annotations

import html
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mlp_course.teaching.glossary.fifteen import FIFTEEN
from mlp_course.teaching.glossary.questions import TermQuestion, draw_questions
from mlp_course.teaching.interactive import Interactive
from mlp_course.teaching.progress import Progress

if TYPE_CHECKING:
    import ipywidgets

#: Called at the end of a round with the name of the quiz, right answers and questions asked.
OnResult = Callable[[str, int, int], object]


class TermQuiz(Interactive):
    """A round of questions about the fifteen terms; only the first answer to each one counts.

    Args:
        n_questions: in a round.
        seed: decides which terms are asked for and what is offered.
        on_result: called once at the end of the round, ``on_result(name, right, asked)``; the name
            is "02_glossary" for a round with all fifteen terms, which the checklist asks for, else
            with the number of its questions. None keeps the round with the learner's progress.

    Raises:
        ValueError: if there are fewer terms than questions.

    Example:
        >>> quiz = TermQuiz(n_questions=2, on_result=lambda name, right, asked: print(right, asked))
        >>> wrong = (quiz.question.right + 1) % 4
        >>> quiz.answer(wrong)
        'That is ...'
        >>> quiz
        Question 2 of 2: 0 of 1 right
        >>> said = quiz.answer(quiz.question.right)
        1 2
    """

    def __init__(
        self,
        *,
        n_questions: int = 5,
        seed: int = 0,
        on_result: OnResult | None = None,
    ) -> None:
        whole = n_questions == len(FIFTEEN)
        self.name = "02_glossary" if whole else f"02_glossary:{n_questions}"
        self.on_result = on_result or _keep
        self.questions = draw_questions(FIFTEEN, n_questions, seed)
        self.n_answered = self.n_right = 0

    @property
    def over(self) -> bool:
        """Whether every question has been answered."""
        return self.n_answered == len(self.questions)

    @property
    def question(self) -> TermQuestion:
        """The question to answer now; the last one when the round is over."""
        return self.questions[min(self.n_answered, len(self.questions) - 1)]

    def answer(self, choice: int) -> str:
        """Answer the question and go on to the next.

        Args:
            choice: number of the sentence, from 0.

        Returns:
            Whether it was right; if not, what the sentence describes and how the two differ.

        Raises:
            ValueError: if there is no such sentence, or the round is over.
        """
        if self.over:
            raise ValueError("the round is over; start another: TermQuiz(seed=1)")
        question = self.question
        said = question.feedback(choice)
        self.n_right += choice == question.right
        self.n_answered += 1
        if self.over:
            self.on_result(self.name, self.n_right, len(self.questions))
        return said

    def __repr__(self) -> str:
        played = f"{self.n_right} of {self.n_answered} right"
        if self.over:
            return f"All {len(self.questions)} questions: {played}"
        return f"Question {self.n_answered + 1} of {len(self.questions)}: {played}"

    def _layout(self) -> ipywidgets.Widget:
        """What was said about the last answer, the question, and a button for each sentence."""
        import ipywidgets

        self.asked, self.said = ipywidgets.HTML(), ipywidgets.HTML()
        wide = ipywidgets.Layout(width="100%", height="auto", min_height="44px")
        self.choices = [ipywidgets.Button(layout=wide) for _ in self.question.options]
        for number, button in enumerate(self.choices):
            button.style.text_color = "var(--jp-ui-font-color1)"
            button.add_class("mlp-course-choice")
            button.on_click(lambda _, number=number: self._play(number))
        self._show()
        look = ipywidgets.HTML(_LOOK)
        box = ipywidgets.Layout(max_width="820px")
        return ipywidgets.VBox([look, self.said, self.asked, *self.choices], layout=box)

    def _play(self, number: int) -> None:
        if self.over:
            return
        said = self.answer(number)
        score = html.escape(repr(self))
        self.said.value = f"<p style='line-height:1.4'>{html.escape(said)}<br><b>{score}</b></p>"
        self._show()

    def _show(self) -> None:
        """Write the question and its sentences; at the end of the round take the buttons away."""
        if self.over:
            self.asked.value = "<p><b>The round is over.</b> TermQuiz(seed=1) starts another.</p>"
            for button in self.choices:
                button.layout.display = "none"
            return
        self.asked.value = _asked(self.question)
        for letter, button, text in zip("abcd", self.choices, self.question.sentences, strict=True):
            button.description = f"({letter}) {text}"

    def _still(self) -> str:
        """The questions with folded answers."""
        return questions_as_html(self.questions)


_LOOK = (
    "<style>.mlp-course-choice { white-space: normal !important; text-align: left !important; "
    "line-height: 1.35 !important; padding: 6px 10px !important; }</style>"
)


def _keep(name: str, right: int, asked: int) -> None:
    """Record a round; a progress file that cannot be used costs nobody the quiz."""
    try:
        Progress.open().record_quiz(name, right, asked)
    except (OSError, ValueError) as error:  # a folder, or a file of a newer course
        warnings.warn(f"Your round counts, but was not stored: {error}", stacklevel=2)


def questions_as_html(questions: Sequence[TermQuestion]) -> str:
    """Return questions to read, each with its answer and the reasons folded away.

    Example:
        >>> questions_as_html(draw_questions(FIFTEEN, 2)).count("<details>")
        2
    """
    return "".join(_as_html(question) for question in questions)


def _asked(question: TermQuestion) -> str:
    return f"<p>What does <b>{html.escape(question.term.title)}</b> mean?</p>"


def _as_html(question: TermQuestion) -> str:
    options = "".join(f"<li>{html.escape(text)}</li>" for text in question.sentences)
    reasons = "".join(
        f"<li>{html.escape(question.feedback(number))}</li>"
        for number in range(len(question.options))
    )
    return (
        f"{_asked(question)}"
        f'<ol type="a">{options}</ol>'
        f'<details><summary>Answer</summary><ol type="a">{reasons}</ol></details>'
    )
