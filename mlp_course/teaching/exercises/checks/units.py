"""Exercises 11: conversions, what an error in a wrong unit looks like, and which test sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from mlp_course.teaching.exercises.checks.comparing import as_number, as_words, close, entry, told
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question
from mlp_course.units import convert

FORCE_UNITS = ("kcal/(mol·Å)", "Hartree/Bohr", "kJ/(mol·nm)")
_LESSON = "11_unit_pitfalls.ipynb"
_ENERGY_ONLY = {
    "kcal/(mol·Å)": convert(1, "kcal/mol", "eV"),
    "Hartree/Bohr": convert(1, "Hartree", "eV"),
    "kJ/(mol·nm)": convert(1, "kJ/mol", "eV"),
}
_LENGTH = {"kcal/(mol·Å)": 1.0, "Hartree/Bohr": convert(1, "Bohr", "Å"), "kJ/(mol·nm)": 10.0}


@question(
    "q11_1",
    "A table of forces",
    answers=("in_ev_per_angstrom", "wrong_entry"),
    points={**dict.fromkeys(FORCE_UNITS, 1), "the wrong entry": 1},
    stronger={
        "kcal/(mol·Å)": "How many eV is one molecule's share of 1 kcal? Divide by Avogadro's "
        "number first; the Å stays as it is.",
        "Hartree/Bohr": "Write the unit as a fraction, replace the name above the line by its eV "
        "and the name below by its Å, and only then compute.",
        "kJ/(mol·nm)": "The same energy spread over a way that is ten times as long: is that a "
        "larger force or a smaller one?",
        "the wrong entry": "An entry times the one mirrored at the diagonal is 1. Compute all "
        "three such products; then ask which of the two entries the third column agrees with.",
    },
    section=f"{_LESSON}#Two-tables,-checked",
)
def check_force_table(
    in_ev_per_angstrom: Mapping[str, float], wrong_entry: tuple[str, str]
) -> Iterator[Part]:
    """Mark three conversions to eV/Å and the entry of a table that contradicts the others.

    Args:
        in_ev_per_angstrom: size of one unit of force in eV/Å, by the names in ``FORCE_UNITS``.
        wrong_entry: row and column of the entry that is wrong.

    Yields:
        The parts of question ``q11_1``.

    Example:
        >>> factors = {"Hartree/Bohr": 51.422, "kcal/(mol·Å)": 0.0434, "kJ/(mol·nm)": 0.0010364}
        >>> check_force_table(factors, ("eV/Å", "eV/Å")).points
        3
    """
    for unit in FORCE_UNITS:
        given, energy, length = entry(in_ev_per_angstrom, unit), _ENERGY_ONLY[unit], _LENGTH[unit]
        passed = close(given, energy / length, within=2e-3)
        yield Part(unit, passed, told(given, _conversion_hint(given, energy, length)))
    place = tuple(wrong_entry) if isinstance(wrong_entry, list | tuple) else ()
    hint = "One entry does not fit the others: going there and back must give 1 again."
    if place == ("Hartree/Bohr", "eV/Å"):
        hint = "You name the right pair of units. Which of the two directions has the wrong number?"
    yield Part("the wrong entry", place == ("eV/Å", "Hartree/Bohr"), hint)


def _conversion_hint(given: object, energy: float, length: float) -> str:
    """The hint for what was done with the energy and the length of a unit."""
    if close(given, energy, within=2e-3):
        return "You converted the energy only: a force also has a length in it."
    if close(given, energy * length, within=2e-3):
        return "The length stands below the line: divide by it, do not multiply."
    if close(given, length / energy, within=2e-3):
        return "This is the other direction: how many of these units are 1 eV/Å."
    if as_number(given) > 1e10:
        return "So large a number is the energy of a whole mole; forces act on single atoms."
    return "Convert the energy above the line and the length below it, one after the other."


@question(
    "q11_2",
    "The error that shrank",
    answers=("energy_mae", "times_smaller", "stays"),
    points={"an error in meV/atom": 2, "how much smaller": 1, "what stays": 1},
    stronger={
        "an error in meV/atom": "Order of the steps: difference of each frame, its size, divided "
        "by the atoms of that frame, mean over the frames, and the unit last.",
        "how much smaller": "Divide two MAEs of the same predictions, once with all numbers in eV "
        "and once in Hartree. No model is needed.",
        "what stays": "Multiply predictions and references by 2 in your head. Which of the four "
        "is a ratio of two things that both grow?",
    },
    section=f"{_LESSON}#Hartree:-does-the-error-get-larger-or-smaller?",
)
def check_shrinking_error(
    energy_mae: Callable[..., float], times_smaller: float, stays: Sequence[str]
) -> Iterator[Part]:
    """Mark a mean absolute error with units, and what happens to it in Hartree.

    Args:
        energy_mae: function of predicted and reference energies, shape (n,), in ``unit``, the
            numbers of atoms, shape (n,), and ``unit``; it returns the error in meV/atom.
        times_smaller: printed error in eV over that in Hartree, dimensionless.
        stays: which of "MAE", "RMSE", "R²", "order of two models" are the same in both units.

    Yields:
        The parts of question ``q11_2``.

    Example:
        >>> check_shrinking_error(lambda p, r, n, unit: 0.0, 27.2114, ["R²"]).points
        1
    """
    rng = np.random.default_rng(1)
    reference, sizes = rng.normal(-4000, 1, 40), rng.integers(3, 12, 40)
    predicted = reference + rng.normal(0, 0.1, 40)
    found = as_number(energy_mae(predicted, reference, sizes, "eV"))
    hartree = convert(predicted, "eV", "Hartree"), convert(reference, "eV", "Hartree")
    again = as_number(energy_mae(*hartree, sizes, "Hartree"))
    expected = 1000 * np.mean(np.abs(predicted - reference) / sizes)
    passed = close(found, expected) and close(again, expected)
    yield Part(
        "an error in meV/atom", passed, _mae_hint(found, again, predicted - reference, sizes)
    )
    size = convert(1, "Hartree", "eV")
    hint = "How much smaller is the same energy as a number, if it is counted in Hartree?"
    if close(times_smaller, 1 / size, within=5e-3):
        hint = "You divided the wrong way round: asked is how many times *smaller* the error looks."
    yield Part("how much smaller", close(times_smaller, size, within=5e-3), hint)
    words = as_words(stays)
    hint = "Not all that do not depend on the unit are named; look for a ratio and for an order."
    if words & {"MAE", "RMSE"}:
        hint = "An error that has a unit shrinks with it: MAE and RMSE both do."
    yield Part("what stays", words == {"R²", "order of two models"}, hint)


def _mae_hint(found: float, again: float, errors: np.ndarray, sizes: np.ndarray) -> str:
    """The hint for a mean absolute error that is not the right one."""
    wrong = {
        "The size of each difference counts, else too high and too low cancel each other.": abs(
            np.mean(errors / sizes)
        ),
        "This is the error of a whole molecule: meV *per atom* is asked for.": np.mean(abs(errors)),
        "This is a root mean square error; a mean of sizes is asked for.": np.sqrt(
            np.mean((errors / sizes) ** 2)
        ),
        "Divide each frame by its own number of atoms before you take the mean.": np.mean(
            abs(errors)
        )
        / np.mean(sizes),
    }
    for hint, value in wrong.items():
        if close(abs(found), 1000 * value, within=1e-4):
            return hint
    if close(1000 * found, 1000 * np.mean(np.abs(errors) / sizes)):
        return "This is in eV/atom; meV/atom are asked for."
    if close(found, 1000 * np.mean(np.abs(errors) / sizes)):
        size = convert(1, "Hartree", "eV")
        if close(again * size, found):
            return (
                "In Hartree your function gives another error for the same molecules: it does "
                "not look at `unit`."
            )
        return "In eV it is right. From Hartree you convert in the wrong direction."
    return "Difference, size, per atom, mean, unit: one of these steps is missing or out of order."
