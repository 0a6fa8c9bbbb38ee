"""Diagnosis of units: what labelled frames say about their own units, and how to repair them."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from ase import Atoms

from mlp_course.data.quality import check_frames
from mlp_course.data.unit_checks.faults import UNIT_FAULTS, fault_factor, repair_unit_faults
from mlp_course.data.unit_checks.guard import suspicious_frames
from mlp_course.validation.units.hypotheses import CLEAN, Hypothesis, evidence, posterior
from mlp_course.validation.units.totals import of_known_program
from mlp_course.validation.units.traits import Traits, measure_traits

QUANTITIES = ("energy", "forces", "positions")
_SURE = 0.9  # probability from which something is said
_REJECTED = 1.5  # evidence against a fault, natural logarithm, for its quantity to count as tested
_FEWEST = 6  # frames in order that it takes to call others the exception
_ROUNDS = 3
_ENOUGH = 0.3  # part of a set that must be in order to call the rest of it the exception
_CURES = {
    "energy": "multiply energies by {factor:.7g} ({unit} -> eV)",
    "forces": "multiply forces by {factor:.7g} ({unit} -> eV/Å)",
    "positions": "multiply positions and cell by {factor:.7g} ({unit} -> Å)",
}


@dataclasses.dataclass(frozen=True, eq=False)
class UnitDiagnosis:
    """What is wrong with the units of a set, if anything.

    Printed, it says "consistent", "cannot tell", or names quantity and unit: "energy: Hartree".

    Attributes:
        verdict: "consistent", "faulty" or "cannot tell".
        faults: names of what is wrong, of ``UNIT_FAULTS``; empty if nothing is.
        confidence: probability of this verdict, 0 to 1, given the evidence and that faults are
            rare (about 1 set in 100 for each).
        cannot_tell: quantities about which these frames say nothing, or too little.
        alternatives: other explanations with a probability above 1 %.
        strange: where only some frames are wrong, their places for each fault; else empty.
        traits: the measurements behind it.
        n_frames: size of the set.
    """

    verdict: str
    faults: tuple[str, ...]
    confidence: float
    cannot_tell: tuple[str, ...]
    alternatives: dict[str, float]
    traits: Traits
    n_frames: int
    strange: dict[str, list[int]] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        if self.verdict == "faulty":
            named = [self._named(fault) for fault in self.faults]
            return f"{', '.join(named)} (confidence {self.confidence:.0%})"
        if self.verdict == "cannot tell":
            return "cannot tell"
        unseen = f"; cannot tell: {', '.join(self.cannot_tell)}" if self.cannot_tell else ""
        return f"consistent (confidence {self.confidence:.0%}){unseen}"

    __repr__ = __str__

    def _named(self, fault: str) -> str:
        """A fault, with the number of its frames if it is not in all."""
        if fault not in self.strange:
            return fault
        return f"{fault} in {len(self.strange[fault])} of {self.n_frames} frames"

    @property
    def repair(self) -> str:
        """What to do, in words."""
        if self.verdict != "faulty":
            return "nothing" if self.verdict == "consistent" else "look where the data come from"
        return "; ".join(_cure(fault) for fault in self.faults)

    def repaired(self, frames: Sequence[Atoms]) -> list[Atoms]:
        """Copies of the frames in eV and Å, if the diagnosis is right."""
        everywhere = range(len(frames))
        return _repaired(frames, {f: self.strange.get(f, everywhere) for f in self.faults})


def _repaired(frames: Sequence[Atoms], faults: Mapping[str, Sequence[int]]) -> list[Atoms]:
    """The frames, those at the places of each fault without it."""
    frames = list(frames)
    for fault, places in faults.items():
        for place in places:
            frames[place] = repair_unit_faults([frames[place]], fault)[0]
    return frames


def diagnose_units(frames: Atoms | Sequence[Atoms]) -> UnitDiagnosis:
    """Find out from physics alone whether labelled frames are in eV, Å and eV/Å.

    Four measurements, none of which needs a second file: distances against covalent radii; energy
    differences against the work of the forces; the pull of stretched bonds against the stiffness
    that bonds have; total energies against what programs of three kinds give. Every combination
    of units is a hypothesis; those that explain the measurements best are named. Frames that stand
    out from a set that is else in order are named by themselves.

    Args:
        frames: labelled configurations, or one of them. One frame alone tells less: sets of 10 and
            more are judged best.

    Returns:
        The diagnosis; ``repair`` says in words what to do, ``repaired(frames)`` does it.

    Raises:
        TypeError: if an element is no ``Atoms``.
        ValueError: if there are no frames, or one has no usable labels.

    Example:
        >>> from mlp_course.data import load_embedded, plant_unit_faults
        >>> frames = load_embedded("ethanol/500K")[:30]
        >>> diagnose_units(frames)
        consistent (confidence 100%)
        >>> diagnosis = diagnose_units(plant_unit_faults(frames, "energy: Hartree"))
        >>> diagnosis
        energy: Hartree (confidence 100%)
        >>> diagnosis.repair
        'multiply energies by 27.21139 (Hartree -> eV)'
        >>> diagnose_units(Atoms("H", calculator=frames[0].calc.__class__(
        ...     Atoms("H"), energy=0.0, forces=np.zeros((1, 3)))))
        cannot tell
    """
    frames = check_frames([frames] if isinstance(frames, Atoms) else frames)
    whole = _of_set(frames)
    strange = _frame_by_frame(frames)
    named = {place for places in strange.values() for place in places}
    rest = [atoms for place, atoms in enumerate(frames) if place not in named]
    if not named or len(rest) < _FEWEST:
        return whole
    order = _of_set(rest)
    if order.verdict == "consistent" and len(rest) < _ENOUGH * len(frames):
        order = _of_set(_repaired(frames, strange))  # few are in order: what does the repair make?
    if order.verdict != "consistent":
        return whole
    faults = tuple(strange)
    return dataclasses.replace(
        order, verdict="faulty", faults=faults, n_frames=len(frames), strange=strange
    )


def _frame_by_frame(frames: Sequence[Atoms]) -> dict[str, list[int]]:
    """Frames that stand out; repaired ones make those beside them stand out more clearly."""
    frames, strange = list(frames), {}
    for _ in range(_ROUNDS):
        found = {k: v for k, v in suspicious_frames(frames).items() if k in UNIT_FAULTS}
        if not found:
            break
        for fault, places in found.items():
            strange[fault] = sorted({*strange.get(fault, []), *places})
            for place in places:
                frames[place] = repair_unit_faults([frames[place]], fault)[0]
    seen = [place for places in strange.values() for place in places]
    return strange if len(seen) == len(set(seen)) else {}


def _of_set(frames: Sequence[Atoms]) -> UnitDiagnosis:
    """Judge a set all of whose frames are in the same units."""
    traits = measure_traits(frames)
    hypotheses, chances = posterior(traits)
    order = np.argsort(-chances)
    best, clean = hypotheses[order[0]], float(chances[hypotheses.index(CLEAN)])
    unseen = _unseen(traits)
    verdict, confidence = "cannot tell", float(chances[order[0]])
    if clean >= _SURE and len(unseen) < len(QUANTITIES):
        verdict, confidence = "consistent", clean
    elif clean <= 1 - _SURE and confidence > 0.5:
        verdict = "faulty"
    others = {_words(hypotheses[k]): float(chances[k]) for k in order[1:6] if chances[k] > 0.01}
    faults = best.faults if verdict == "faulty" else ()
    return UnitDiagnosis(verdict, faults, confidence, unseen, others, traits, len(frames))


def _words(hypothesis: Hypothesis) -> str:
    return ", ".join(hypothesis.faults) or "eV and Å"


def _unseen(traits: Traits) -> tuple[str, ...]:
    """Quantities in which less than half of the single faults would have been noticed."""
    base = sum(evidence(CLEAN, traits).values())
    seen: dict[str, list[bool]] = {quantity: [] for quantity in QUANTITIES}
    for fault in UNIT_FAULTS:
        away = base - sum(evidence(Hypothesis.of(fault), traits).values())
        seen[fault.split(": ")[0]].append(away > _REJECTED)
    unseen = {quantity for quantity, known in seen.items() if sum(known) < len(known) / 2}
    if not any(ratio.n for ratio in traits.work) and not of_known_program(traits.totals):
        unseen.add("energy")  # the size of a total of some kind is all there is
    return tuple(quantity for quantity in QUANTITIES if quantity in unseen)


def _cure(fault: str) -> str:
    """The repair of one fault in words."""
    quantity, unit = fault.split(": ")
    if unit == "sign":
        return "multiply forces by -1 (they are gradients)"
    if unit == "per atom":
        return "multiply each energy by its number of atoms"
    return _CURES[quantity].format(factor=1 / fault_factor(fault), unit=unit)
