"""Questions about terms: one right sentence among those of terms that are easily confused."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mlp_course.teaching.glossary.differences import DIFFERENCES
from mlp_course.teaching.glossary.look_up import look_up
from mlp_course.teaching.glossary.term import Term

N_OPTIONS = 4


@dataclass(frozen=True)
class TermQuestion:
    """What does this term mean? One sentence is its own, the others belong to related terms.

    Attributes:
        term: that is asked for.
        options: the terms whose sentences are offered, in the order shown.
    """

    term: Term
    options: tuple[Term, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """What one can choose from."""
        return tuple(option.sentence for option in self.options)

    @property
    def right(self) -> int:
        """Number of the right sentence, from 0."""
        return self.options.index(self.term)

    def feedback(self, choice: int) -> str:
        """Say whether a choice is right, and if not, what it describes and how the two differ.

        Args:
            choice: number of the sentence, from 0.

        Raises:
            ValueError: if there is no such sentence.
        """
        if choice not in range(len(self.options)):
            raise ValueError(f"choice must be from 0 to {len(self.options) - 1}; got {choice!r}")
        chosen = self.options[choice]
        if chosen is self.term:
            return f"Right. {self.term}"
        why = DIFFERENCES[frozenset((chosen.name, self.term.name))]
        return f"That is {chosen.title}, not {self.term.title}. {why}"


def make_question(term: Term, seed: int = 0) -> TermQuestion:
    """Ask for one of the fifteen terms; the others offered are drawn from its related terms.

    Args:
        term: one of the fifteen.
        seed: decides which three others are offered, and the order.

    Raises:
        ValueError: if the term has too few related ones, as the further words have.

    Example:
        >>> question = make_question(look_up("invariance"))
        >>> question.feedback(question.right)[:24]
        'Right. Invariance: The a'
    """
    if len(term.related) < N_OPTIONS - 1:
        raise ValueError(
            f"a question needs {N_OPTIONS - 1} related terms; {term.name} has {len(term.related)}"
        )
    rng = np.random.default_rng([seed, *term.name.encode()])  # another place for each term
    others = [look_up(str(name)) for name in rng.permutation(term.related)[: N_OPTIONS - 1]]
    order = rng.permutation(N_OPTIONS)
    return TermQuestion(term, tuple([term, *others][place] for place in order))


def draw_questions(terms: Sequence[Term], n: int, seed: int = 0) -> list[TermQuestion]:
    """Draw questions about different terms, in a random order.

    Raises:
        ValueError: if there are fewer terms than questions.
    """
    if not 1 <= n <= len(terms):
        raise ValueError(f"n_questions must be from 1 to {len(terms)}; got {n}")
    order = np.random.default_rng(seed).permutation(len(terms))[:n]
    return [make_question(terms[place], seed) for place in order]
