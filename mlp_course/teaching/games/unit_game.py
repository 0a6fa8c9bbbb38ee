"""A game: labelled data with a fault in their units, four panels to look at, one answer."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from ase import Atoms

from mlp_course.data.unit_checks.faults import plant_unit_faults
from mlp_course.teaching.figures import Picture
from mlp_course.teaching.interactive import Interactive
from mlp_course.teaching.plots.units import plot_unit_evidence

if TYPE_CHECKING:
    import ipywidgets

NOTHING = "nothing is wrong"
#: Answers, and how each fault is recognised.
SIGNS = {
    NOTHING: "all distances lie in the grey range, work and pull lie on their lines",
    "energy: Hartree": "the cloud of energy against work is flat (27 times), stretched bonds pull "
    "as they should, so the forces are right and the energies are not; totals lie at the Hartree "
    "mark, if all electrons are counted",
    "energy: kcal/mol": "the cloud of energy against work is steep (23 times), bonds pull as they "
    "should; totals lie at the kcal/mol mark, if all electrons are counted",
    "energy: per atom": "the cloud is flat by the number of atoms, bonds pull as they should, and "
    "totals lie at no mark",
    "forces: Hartree/Bohr": "the cloud is steep (51 times) and stretched bonds hardly pull: both "
    "panels with forces are off, the totals are not",
    "forces: kcal/mol/Å": "the cloud is flat (23 times), but bonds pull 23 times too strongly, and "
    "that is what Hartree energies would not do",
    "forces: sign": "both clouds lie along the other diagonal: stretched bonds push",
    "positions: Bohr": "nearest distances are 1.9 times the sum of covalent radii: no bond is so "
    "long",
}


class UnitGame(Interactive):
    """Rounds of diagnosis: look at the picture, choose an answer, learn what betrays the fault.

    Args:
        sets: labelled frames in eV and Å by name, from which copies are spoilt.
        n_rounds: number of rounds; each has another fault.
        seed: of the order.

    Raises:
        ValueError: if there are no sets, or more rounds than answers.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> game = UnitGame({"ethanol": load_embedded("ethanol/500K")[:12]}, n_rounds=3)
        >>> game.answer(game.solution).startswith("Right")
        True
        >>> game
        Round 2 of 3: 1 of 1 right
    """

    def __init__(
        self, sets: Mapping[str, Sequence[Atoms]], *, n_rounds: int = 5, seed: int = 0
    ) -> None:
        if not sets or not 1 <= n_rounds <= len(SIGNS):
            raise ValueError(
                f"there must be a set of frames and 1 to {len(SIGNS)} rounds; got {len(sets)} sets "
                f"and {n_rounds} rounds"
            )
        rng = np.random.default_rng(seed)
        faults = [str(f) for f in rng.permutation(list(SIGNS))[:n_rounds]]
        names = [str(rng.choice(list(sets))) for _ in faults]
        self._rounds = list(zip(names, faults, strict=True))
        self._sets, self.number, self.n_right = dict(sets), 0, 0

    @property
    def over(self) -> bool:
        """Whether all rounds are played."""
        return self.number == len(self._rounds)

    @property
    def solution(self) -> str:
        """The right answer of this round."""
        return self._rounds[self.number][1]

    def frames(self) -> list[Atoms]:
        """The spoilt copies of this round, for whoever wants to compute."""
        name, fault = self._rounds[self.number]
        return plant_unit_faults(self._sets[name], [] if fault == NOTHING else fault)

    def picture(self) -> Picture:
        """What there is to look at in this round; without the answer."""
        name, _ = self._rounds[self.number]
        return plot_unit_evidence(self.frames(), title=f"Round {self.number + 1}: {name}")

    def answer(self, choice: str) -> str:
        """Answer this round and go on to the next.

        Args:
            choice: one of ``SIGNS``.

        Returns:
            Whether it was right, and how the fault is recognised.

        Raises:
            ValueError: if there is no such answer, or the game is over.
        """
        if self.over:
            raise ValueError("the game is over; start another: UnitGame(sets, seed=1)")
        if choice not in SIGNS:
            raise ValueError(f"answer must be one of {', '.join(SIGNS)}; got {choice!r}")
        solution = self.solution
        self.number += 1
        if choice == solution:
            self.n_right += 1
            return f"Right: {solution}. You see it here: {SIGNS[solution]}."
        return (
            f"Not so: {solution}. You would see {choice} like this: {SIGNS[choice]}. "
            f"Here: {SIGNS[solution]}."
        )

    def __repr__(self) -> str:
        played = f"{self.n_right} of {self.number} right"
        if self.over:
            return f"All {len(self._rounds)} rounds: {played}"
        return f"Round {self.number + 1} of {len(self._rounds)}: {played}"

    def _layout(self) -> ipywidgets.Widget:
        """Picture, answers to choose from, a button, and the feedback below."""
        import ipywidgets

        image = ipywidgets.Image(value=self.picture().png(), format="png")
        image.layout.max_width = "100%"
        options = ["your answer ...", *SIGNS]
        self.menu = ipywidgets.Dropdown(options=options, layout=ipywidgets.Layout(width="300px"))
        self.button = ipywidgets.Button(description="That is it")
        self.said = ipywidgets.HTML()

        def play(_: object) -> None:
            if self.menu.value not in SIGNS or self.over:
                return
            said = self.answer(self.menu.value)
            self.said.value = f"<p>{html.escape(said)}<br><b>{html.escape(repr(self))}</b></p>"
            self.menu.value = options[0]
            if not self.over:
                image.value = self.picture().png()

        self.button.on_click(play)
        return ipywidgets.VBox([image, self.menu, self.button, self.said])

    def _still(self) -> Picture:
        """The picture that is asked about."""
        return self.picture()

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        if self.over:
            return {"text/plain": repr(self)}, {}
        return super()._repr_mimebundle_(include, exclude)
