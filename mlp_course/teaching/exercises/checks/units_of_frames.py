"""Exercises 11, the work of forces, and a guard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data import load_embedded, plant_unit_faults
from mlp_course.teaching.exercises.checks.comparing import (
    as_number,
    as_places,
    close,
)
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

_LESSON = "11_unit_pitfalls.ipynb"


@question(
    "q11_3",
    "Energy over work",
    answers=("energy_over_work",),
    points={
        "is 1 where units belong together": 2,
        "sees a wrong unit and a wrong sign": 1,
        "does not ask where energy is zero": 1,
    },
    stronger={
        "is 1 where units belong together": "Try it on a spring: E = k x²/2, F = -k x. Between "
        "x = 0 and x = 1 the energy rises by k/2; which force, times which way, gives that?",
        "sees a wrong unit and a wrong sign": "Energies that are 27 times smaller must give a "
        "slope that is 27 times smaller. Which of your two axes do the energies stand on?",
        "does not ask where energy is zero": "Compute with E_j - E_i everywhere; a single E must "
        "not appear.",
    },
    section=f"{_LESSON}#What-physics-knows-about-units",
)
def check_energy_over_work(
    energy_over_work: Callable[[Sequence[Atoms]], float],
) -> Iterator[Part]:
    """Mark a test of units by the work of forces, on springs, for which it is exact.

    Args:
        energy_over_work: function of labelled frames of the same atoms, not turned; it returns the
            slope of energy differences against work between neighbours, dimensionless.

    Yields:
        The parts of question ``q11_3``.

    Example:
        >>> check_energy_over_work(lambda frames: 1.0).points
        3
    """
    frames = _on_springs()
    clean = as_number(energy_over_work(frames))
    yield Part(
        "is 1 where units belong together", close(clean, 1.0, within=1e-6), _slope_hint(clean)
    )
    spoilt = [
        as_number(energy_over_work(plant_unit_faults(frames, fault)))
        for fault in ("energy: Hartree", "forces: sign")
    ]
    follows = close(spoilt[0], clean / 27.211386, within=1e-4) and close(spoilt[1], -clean)
    hint = "With energies in Hartree the slope must fall by 27.2, with gradients change sign."
    if close(spoilt[0], clean * 27.211386, within=1e-2):
        hint = "Energies that are too small give a larger slope: this is work over energy."
    elif spoilt[1] > 0 and clean > 0:
        hint = "A wrong sign of all forces goes unnoticed: you took a size somewhere."
    yield Part("sees a wrong unit and a wrong sign", follows, hint)
    shifted = as_number(energy_over_work([_labelled(a, shift=-4000.0) for a in frames]))
    yield Part(
        "does not ask where energy is zero",
        close(shifted, clean, within=1e-4),
        "The same frames with all energies lower by 4000 eV give another slope.",
    )


def _on_springs() -> list[Atoms]:
    """Nine frames of three atoms, each held by a spring of its own: the trapezoid is exact."""
    rng = np.random.default_rng(3)
    middle, stiffness = rng.normal(0, 2, (3, 3)), rng.uniform(5, 40, (3, 1))
    frames = []
    for _ in range(9):
        away = rng.normal(0, 0.1, (3, 3))
        atoms = Atoms("OH2", middle + away)
        energy = 0.5 * (stiffness * away**2).sum() - 3.0
        calc = SinglePointCalculator(atoms, energy=energy, forces=-stiffness * away)
        atoms.calc = calc
        frames.append(atoms)
    return frames


def _labelled(atoms: Atoms, *, shift: float) -> Atoms:
    """A copy with the energy moved by so many eV."""
    copy, results = atoms.copy(), atoms.calc.results
    copy.calc = SinglePointCalculator(
        copy, energy=results["energy"] + shift, forces=results["forces"]
    )
    return copy


def _slope_hint(slope: float) -> str:
    """The hint for a slope on springs that is not 1."""
    if close(slope, -1.0, within=1e-6):
        return "The slope is -1: energy rises where one moves *against* the force."
    if close(abs(slope), 0.5, within=1e-6):
        return "Half of what it should be: the force is a mean of two frames, not their sum."
    if 0.02 < slope < 3:
        return (
            "The sign is right, the size is not. The force changes on the way: the force of one "
            "end alone is not the mean of both, and a mean of ratios is not a slope."
        )
    return "For atoms on springs the slope must be 1. Check it with two frames by hand."


@question(
    "q11_6",
    "A guard of your own",
    answers=("strange_frames",),
    points={
        "finds three in three hundred": 1,
        "finds one in five": 1,
        "raises no false alarm": 1,
        "keeps molecules apart": 1,
    },
    stronger={
        "finds three in three hundred": "Print the distances of all energies from the middle one. "
        "Which are thermal, and which are hundreds of times larger?",
        "finds one in five": "Which measure of the middle, and of the width, does not move when a "
        "fifth of the values is absurd?",
        "raises no false alarm": "Heat alone spreads energies by some tenths of an eV, at 1000 K "
        "by more. Leave room for it: a wrong unit is off by far more.",
        "keeps molecules apart": "Group the frames by `atoms.get_chemical_formula()` first, and "
        "judge each group by itself.",
    },
    section=f"{_LESSON}#The-guard",
)
def check_guard(strange_frames: Callable[[Sequence[Atoms]], Sequence[int]]) -> Iterator[Part]:
    """Mark a guard that finds frames whose total energy is in another unit than that of the rest.

    Args:
        strange_frames: function of labelled frames that returns the places of the strange ones.

    Yields:
        The parts of question ``q11_6``.

    Example:
        >>> check_guard(lambda frames: []).points  # sees nothing, accuses nobody
        1
    """
    ethanol = load_embedded("ethanol/300K") + load_embedded("ethanol/1000K")
    few, many = [7, 120, 250], list(range(3, 300, 5))
    found = as_places(strange_frames(_mixed(ethanol, few)))
    hint = "Three of 300 frames are in Hartree, and your function does not name just these three."
    if found == []:
        hint = "You see none of three frames in Hartree among 300."
    yield Part("finds three in three hundred", _same(found, few), hint)
    found = as_places(strange_frames(_mixed(ethanol, many)))
    hint = "With one frame in five in Hartree other frames are named than those 60."
    if found == []:
        hint = "With one in five wrong, mean and standard deviation are wrong too, and hide them."
    yield Part("finds one in five", _same(found, many), hint)
    found = as_places(strange_frames(ethanol[150:] + load_embedded("ethanol/rattled")))
    hint = "Hot and rattled frames are not wrong: your limit is so narrow that it accuses heat."
    yield Part("raises no false alarm", found == [], hint)
    both = ethanol[:100] + load_embedded("malonaldehyde/500K")[:60]
    clean, spoilt = (as_places(strange_frames(_mixed(both, w))) for w in ([], [5, 130]))
    hint = "Two molecules in one file, all in eV, and you accuse one of them for being heavier."
    if clean == []:
        hint = "With two molecules in one file you no longer see a frame in Hartree of each."
    yield Part("keeps molecules apart", clean == [] and _same(spoilt, [5, 130]), hint)


def _same(found: list[int] | None, expected: list[int]) -> bool:
    return found is not None and sorted(found) == expected


def _mixed(frames: Sequence[Atoms], places: Sequence[int]) -> list[Atoms]:
    """The frames, those at some places with their energy in Hartree."""
    mixed = list(frames)
    for place in places:
        mixed[place] = plant_unit_faults([frames[place]], "energy: Hartree")[0]
    return mixed
