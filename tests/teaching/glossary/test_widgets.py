"""Quiz and flash cards: one right answer, reasons for wrong ones, cards that come back."""

import html

import pytest

from mlp_course.teaching.checklist import Evidence, machine_checks
from mlp_course.teaching.glossary import DIFFERENCES, FIFTEEN, FlashCards, TermQuiz, look_up
from mlp_course.teaching.glossary.questions import make_question
from mlp_course.teaching.progress import Progress


@pytest.fixture
def progress_file(tmp_path, monkeypatch):
    """A progress file of this test's own."""
    path = tmp_path / "progress.json"
    monkeypatch.setenv("MLP_COURSE_PROGRESS", str(path))
    return path


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("term", FIFTEEN, ids=lambda term: term.name)
def test_a_question_has_exactly_one_right_answer(term, seed):
    """Four different sentences, one of them the term's; the others are named and refuted."""
    question = make_question(term, seed)
    assert len(set(question.sentences)) == 4
    said = [question.feedback(number) for number in range(4)]
    assert [text.startswith("Right.") for text in said].count(True) == 1
    assert question.sentences[question.right] == term.sentence
    for number in set(range(4)) - {question.right}:
        other = question.options[number]
        assert said[number].startswith(f"That is {other.title}, not {term.title}. ")
        assert DIFFERENCES[frozenset((other.name, term.name))] in said[number]


def test_the_right_answer_stands_in_every_place():
    """Always choosing (a) is no way to pass."""
    places = [make_question(term, seed).right for term in FIFTEEN for seed in range(4)]
    assert all(8 <= places.count(place) <= 22 for place in range(4))


def test_a_round_is_reported_once_at_its_end():
    """The callback gets name, right answers and questions, as a progress store wants them."""
    heard = []
    quiz = TermQuiz(n_questions=3, seed=4, on_result=lambda *result: heard.append(result))
    quiz.answer(quiz.question.right)
    quiz.answer((quiz.question.right + 1) % 4)
    assert heard == []
    quiz.answer(quiz.question.right)
    assert heard == [("02_glossary:3", 2, 3)]
    with pytest.raises(ValueError, match="the round is over"):
        quiz.answer(0)
    assert len(heard) == 1


def test_a_short_round_does_not_hide_the_round_with_all_terms(progress_file):
    """Five right of five is not twelve of fifteen, which is what the checklist asks for."""
    for n_questions, n_wrong in ((5, 0), (15, 3)):
        quiz = TermQuiz(n_questions=n_questions)
        while not quiz.over:
            quiz.answer((quiz.question.right + (quiz.n_answered < n_wrong)) % 4)
    progress = Progress.open()
    assert (progress.quiz("02_glossary:5").right, progress.quiz("02_glossary").right) == (5, 12)
    checked = machine_checks(Evidence(progress=progress)).set_index("item")["ticked"]
    assert checked["c05"] == "yes"


def test_a_progress_that_cannot_be_used_costs_nobody_the_quiz(progress_file):
    """The round ends, and a warning says that it was not stored."""
    progress_file.mkdir()
    quiz = TermQuiz(n_questions=1)
    with pytest.warns(UserWarning, match="was not stored"):
        quiz.answer(quiz.question.right)
    assert quiz.over


def test_a_choice_that_is_not_offered_is_refused_and_costs_nothing():
    """A slip of the keyboard is no wrong answer."""
    quiz = TermQuiz()
    with pytest.raises(ValueError, match="choice must be from 0 to 3; got 4"):
        quiz.answer(4)
    assert quiz.n_answered == 0


def test_too_many_questions_are_refused():
    """There are fifteen terms to ask for, and further words have no look-alikes."""
    with pytest.raises(ValueError, match="n_questions must be from 1 to 15; got 16"):
        TermQuiz(n_questions=16)
    with pytest.raises(ValueError, match="a question needs 3 related terms; frame has 1"):
        make_question(look_up("frame"))


def test_a_click_answers_and_shows_why(progress_file):
    """The buttons do what answer() does; at the end they are gone."""
    quiz = TermQuiz(n_questions=2)
    quiz.widget  # noqa: B018
    wrong = (quiz.question.right + 1) % 4
    expected = quiz.question.feedback(wrong)
    quiz.choices[wrong].click()
    assert html.escape(expected) in quiz.said.value
    assert "0 of 1 right" in quiz.said.value
    quiz.choices[quiz.question.right].click()
    assert "1 of 2 right" in quiz.said.value
    assert all(button.layout.display == "none" for button in quiz.choices)


def test_who_has_no_kernel_reads_questions_and_answers():
    """The stored page holds every question with its reasons folded away, and every card."""
    stored, _ = TermQuiz(n_questions=3)._repr_mimebundle_()
    assert stored["text/html"].count("<details>") == 3
    assert stored["text/html"].count("Right.") == 3
    stored, _ = FlashCards()._repr_mimebundle_()
    assert all(html.escape(term.sentence) in stored["text/html"] for term in FIFTEEN)


def test_an_unknown_card_comes_back_and_a_known_one_does_not():
    """Every card is seen until it is known; three others come in between."""
    cards = FlashCards(seed=2)
    first = cards.card
    cards.put_away(known=False)
    seen = []
    while cards.card is not None:
        seen.append(cards.card)
        cards.put_away(known=True)
    assert seen.index(first) == 3
    assert set(seen) == set(FIFTEEN)
    assert len(seen) == 15
    with pytest.raises(ValueError, match="no card left"):
        cards.put_away(known=True)


def test_one_says_known_only_after_turning():
    """The buttons follow the card: first turn it, then judge."""
    cards = FlashCards()
    cards.widget  # noqa: B018
    assert cards.buttons["knew"].disabled
    assert cards.card.sentence not in html.unescape(cards.shown.value)
    cards.buttons["turn"].click()
    assert not cards.buttons["knew"].disabled
    assert cards.card.sentence in html.unescape(cards.shown.value)
    cards.buttons["knew"].click()
    assert cards.left == 14
