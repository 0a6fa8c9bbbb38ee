"""Exercises 11: which unit is wrong in a set of labelled frames, and what could have told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ase import Atoms

from mlp_course.data import load_embedded, plant_unit_faults
from mlp_course.teaching.exercises.checks.comparing import as_words, entry, told
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

_LESSON = "11_unit_pitfalls.ipynb"
_RAW = ("energy: Hartree", "forces: Hartree/Bohr", "positions: Bohr")
_SETS = {
    "A": ("ethanol/500K", ("forces: kcal/mol/Å",)),
    "B": ("malonaldehyde/500K", ("energy: kcal/mol",)),
    "C": ("ethanol/1000K", _RAW),
    "D": ("malonaldehyde/1000K", ("forces: sign",)),
    "E": ("ethanol/300K", ()),
}
_SEEN_BY = {  # which measurement is off, for whole sets of warm molecules
    "energies in Hartree": {"work", "totals"},
    "gradients for forces": {"work", "pull"},
    "all of PySCF's units": {"distances", "pull", "totals"},
    "energies in Hartree without references": {"work"},
}


def mystery_sets() -> dict[str, list[Atoms]]:
    """Five sets of 40 labelled molecules; in some of them units are wrong.

    Example:
        >>> {name: len(frames) for name, frames in mystery_sets().items()}
        {'A': 40, 'B': 40, 'C': 40, 'D': 40, 'E': 40}
    """
    return {
        name: plant_unit_faults(load_embedded(source)[60:100], list(faults))
        for name, (source, faults) in _SETS.items()
    }


@question(
    "q11_4",
    "Five sets of unknown origin",
    answers=("faults",),
    points={"A": 1, "B": 1, "C": 2, "D": 1, "E": 1},
    stronger={
        "A": "Work compares two things. The third panel asks the forces alone; what does it say?",
        "B": "The cloud is steep, not flat, and the bonds pull as bonds do. What has grown, then? "
        "The fourth panel has marks.",
        "C": "First panel: what is 1.9? Then convert mentally: does anything that comes straight "
        "out of PySCF pass the test of work?",
        "D": "Sizes are all in order. Look at the direction of the cloud.",
        "E": "Compare each panel with those of the lesson's first picture.",
    },
    section=f"{_LESSON}#What-physics-knows-about-units",
)
def check_mystery_sets(faults: Mapping[str, Sequence[str]]) -> Iterator[Part]:
    """Mark the faults named for the five sets of ``mystery_sets``.

    Args:
        faults: for each of A to E a list of names out of ``UNIT_FAULTS``; empty for a set in order.

    Yields:
        The parts of question ``q11_4``.

    Example:
        >>> check_mystery_sets({"E": []}).points
        1
    """
    for name, (_, planted) in _SETS.items():
        given = entry(faults, name)
        passed = given is not None and as_words(given) == set(planted)
        passed = passed and isinstance(given, str | list | tuple | set)
        yield Part(name, passed, told(given, _fault_hint(as_words(given), set(planted))))


def _fault_hint(given: set[str], planted: set[str]) -> str:
    """What is off with the faults named, without naming the right ones."""
    if not planted:
        return "You accuse a set that is in order." if given else "Say [] if nothing is wrong."
    if not given:
        return "Something is wrong here: at least one of the four panels is off."
    blamed, wrong = ({fault.split(":")[0] for fault in names} for names in (given, planted))
    if blamed < wrong:
        return "Part of it. Work is silent where several units are wrong together: see the rest."
    if blamed - wrong and not blamed & wrong:
        return (
            "You blame the wrong quantity. Energies that are too small and forces that are too "
            "large look alike against work: which panel knows one of them alone?"
        )
    return "The right quantity. The factor between what is and what should be names its unit."


@question(
    "q11_5",
    "Who sees what?",
    answers=("seen_by",),
    points=dict.fromkeys(_SEEN_BY, 1),
    stronger={
        "energies in Hartree": "Two of the four measurements contain an energy.",
        "gradients for forces": "Two of the four measurements contain a force.",
        "all of PySCF's units": "Hartree/Bohr times Bohr is Hartree. Which measurement compares "
        "only things that were changed by the same factor?",
        "energies in Hartree without references": "After subtraction a total is a few eV, or "
        "a fraction of a Hartree. Who knows how large it should be?",
    },
    section=f"{_LESSON}#The-trap:-everything-wrong-at-once",
)
def check_who_sees_what(seen_by: Mapping[str, Sequence[str]]) -> Iterator[Part]:
    """Mark a table: which of the four measurements is off for which fault.

    Args:
        seen_by: for each fault the measurements, out of "distances", "work", "pull", "totals".

    Yields:
        The parts of question ``q11_5``.

    Example:
        >>> check_who_sees_what({"energies in Hartree": ["totals", "work"]}).points
        1
    """
    for fault, truth in _SEEN_BY.items():
        given = entry(seen_by, fault)
        words = as_words(given)
        yield Part(fault, words == truth, told(given, _seen_hint(words, truth)))


def _seen_hint(given: set[str], truth: set[str]) -> str:
    """What is off with a set of measurements."""
    if "work" in given - truth:
        return "Energies and work grow by the same factor here: their ratio stays 1."
    if "totals" in given - truth:
        return "A total tells only where its size is known: not for forces, nor after subtraction."
    if given - truth:
        return "One that you name contains nothing that was changed."
    return "One more measurement contains what was changed, in a way that does not cancel."
