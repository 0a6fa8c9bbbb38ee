"""Exercises 10: checksums, a data passport, and what breaks a run bit for bit."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from mlp_course.data.passports import FIELDS, TERMS, UNKNOWN
from mlp_course.teaching.exercises.checks.comparing import as_number, close, entry, told
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

_LESSON = "10_reproducibility_and_licences.ipynb"
_CHANGES = {
    "nothing": "same bits",
    "another folder name": "same bits",
    "atoms renumbered": "rounding",
    "two threads, large batches": "rounding",
    "another seed": "another run",
    "length by seconds": "another run",
}


@question(
    "q10_1",
    "Two checksums",
    answers=("fingerprint", "compare"),
    points={"SHA-256 of the bytes": 1, "each file has its state": 2},
    stronger={
        "SHA-256 of the bytes": "`hashlib` makes it from the bytes as they are; written in "
        "hexadecimal it has 64 letters and figures.",
        "each file has its state": "Go through the *published* names; each is in the folder with "
        "these bytes, with others, or not at all.",
    },
    section=f"{_LESSON}#1-·-A-passport-for-every-data-set",
)
def check_checksums(
    fingerprint: Callable[[bytes], str],
    compare: Callable[[Mapping[str, str], Mapping[str, bytes]], Mapping[str, str]],
) -> Iterator[Part]:
    """Mark a checksum, and files compared with published ones.

    Args:
        fingerprint: function of bytes; returns their SHA-256 as 64 hexadecimal digits.
        compare: function of published checksums by file name and of bytes by file name; returns for
            each published name "same", "other" or "missing".

    Yields:
        The parts of question ``q10_1``.

    Example:
        >>> sha256 = lambda data: hashlib.sha256(data).hexdigest()
        >>> check_checksums(sha256, lambda published, here: {}).points
        1
    """
    data = "1 Å = 1e-10 m\r\n".encode()
    found = fingerprint(data)
    hint = "A SHA-256 has 64 hexadecimal digits and belongs to exactly these bytes."
    if found == hashlib.md5(data, usedforsecurity=False).hexdigest():
        hint = "That is MD5, for which two files with one checksum can be made on purpose."
    elif found == hashlib.sha256(data.strip()).hexdigest():
        hint = "White space was taken off first. A file with other line ends is another file."
    elif isinstance(found, bytes):
        hint = "Raw bytes; published checksums are written in hexadecimal digits."
    right = [hashlib.sha256(d).hexdigest() for d in (data, b"")]
    yield Part("SHA-256 of the bytes", [found, fingerprint(b"")] == right, hint)
    here = {"a.xyz": b"one", "b.xyz": b"two!", "extra.xyz": b"three"}
    published = {n: hashlib.sha256(d).hexdigest() for n, d in
                 (("a.xyz", b"one"), ("b.xyz", b"two"), ("c.xyz", b"four"))}  # fmt: skip
    published["a.xyz"] = published["a.xyz"].upper()  # some tools write capitals
    states = compare(dict(published), dict(here))
    states = dict(states) if isinstance(states, Mapping) else {}
    hint = "For three published files, one changed and one not there, other answers were expected."
    if "extra.xyz" in states:
        hint = "What was never published cannot be compared: go through the published names."
    elif states.get("a.xyz") == "other":
        hint = "Some tools write checksums in capitals; that is the same number."
    elif "c.xyz" not in states:
        hint = "A published file that is not there must be reported, too."
    expected = {"a.xyz": "same", "b.xyz": "other", "c.xyz": "missing"}
    yield Part("each file has its state", states == expected, hint)


@question(
    "q10_2",
    "A passport",
    answers=("passport",),
    points={"licence": 1, "units": 1, "level of theory": 1, "what nobody says": 2, "size": 1},
    stronger={
        "licence": "Is what the note says one of the licences in the lesson's table? If not, you "
        "do not know it.",
        "units": "Two units stand in the note, one of them in the middle of a sentence.",
        "level of theory": "A functional *and* a basis set; the program is not the level.",
        "what nobody says": "Which of the seven fields is the note silent about? Write 'unknown'.",
        "size": "The note corrects itself: how many frames are left?",
    },
    section=f"{_LESSON}#1-·-A-passport-for-every-data-set",
)
def check_passport(passport: Mapping[str, str]) -> Iterator[Part]:
    """Mark a data passport filled in from a colleague's note (see the exercise).

    Args:
        passport: an answer, or "unknown", for each of ``FIELDS``; size as a number of frames.

    Yields:
        The parts of question ``q10_2``.

    Example:
        >>> check_passport({"licence": "unknown", "size": 1188}).points
        2
    """
    given = {f: _in_small_letters(entry(passport, f)) for f in FIELDS}
    text = {field: str(value).lower().replace(" ", "") for field, value in given.items()}
    hint = "Write 'unknown' where there is no licence that could be looked up."
    if "free" in text["licence"] or "academic" in text["licence"]:
        hint = "'Free for academic use' is a sentence, no licence: nobody knows what it allows."
    elif any(name.lower() in text["licence"] for name in TERMS):
        hint = "The note names no such licence. Not stated does not mean free."
    yield Part("licence", given["licence"] == UNKNOWN, told(given["licence"], hint))
    spelt = re.sub(r"[()]", "", re.sub(r"[·*]", "/", text["units"]))
    spelt = re.sub(r"angstroms?|ångströms?", "å", spelt)
    units = "hartree" in spelt and re.search(r"kcal/?mol/?å", spelt) is not None
    hint = "Energies and forces come in two different units here; name both."
    if "ev" in text["units"]:
        hint = "You wrote the units of this course; the passport says what is in the *file*."
    yield Part("units", units, told(given["units"], hint))
    level = re.sub("ω|omega", "w", text["level_of_theory"]).replace("-", "")
    hint = "Functional and basis set, as the note writes them; the program is not enough."
    passed = re.search(r"wb97x(?!d(?!ef)|[vm])", level) and re.search(r"def2tzvp(?!p)", level)
    yield Part("level of theory", passed, told(given["level_of_theory"], hint))
    silent = [given[field] for field in ("checksum", "citation")]
    hint = "The note is silent about a field that you filled in, or that you left out."
    if any(value in ("", None, ..., "none", "-") for value in silent):
        hint = "An empty field may mean 'none' or 'not looked'. Write 'unknown'."
    known = "2.1" in text["version"]
    yield Part("what nobody says", known and all(v == UNKNOWN for v in silent), hint)
    size = as_number(given["size"])
    hint = "Frames that can be used now, as a number."
    if close(size, 1200):
        hint = "So it was at first. Version 2.1 took some out."
    yield Part("size", close(size, 1188, within=0), told(given["size"], hint))


def _in_small_letters(answer: object) -> object:
    """The answer, where 'Unknown ' is the same as 'unknown'."""
    same = isinstance(answer, str) and answer.strip().lower() == UNKNOWN
    return UNKNOWN if same else answer


@question(
    "q10_4",
    "What breaks the last bit",
    answers=("largest_spread", "outcome"),
    points={"the order of a sum": 2, "same bits": 1, "rounding": 1, "another run": 1},
    stronger={
        "the order of a sum": "Convert to float32 first; add one number after the other with "
        "`np.cumsum(...)[-1]`; largest result minus smallest.",
        "same bits": "Two of the changes touch no number of the computation: which two?",
        "rounding": "Two changes only reorder additions: one changes the order of the atoms in a "
        "sum, the other cuts a sum into pieces.",
        "another run": "Two changes alter what is computed: other first weights, or another "
        "number of steps.",
    },
    section=f"{_LESSON}#6-·-What-breaks-it",
)
def check_last_bit(
    largest_spread: Callable[[np.ndarray, np.ndarray], float], outcome: Mapping[str, str]
) -> Iterator[Part]:
    """Mark how much a float32 sum depends on its order, and what changes do to a run.

    Args:
        largest_spread: function of numbers, shape (n,), and orders, shape (m, n), of integers;
            returns the largest minus the smallest of the m sums in float32.
        outcome: "same bits", "rounding" or "another run" for each change.

    Yields:
        The parts of question ``q10_4``.

    Example:
        >>> check_last_bit(lambda x, orders: 0.0, {"another seed": "another run"}).points
        0
    """
    rng = np.random.default_rng(12)
    x = rng.normal(0, 1, 3000) * 10 ** rng.uniform(-3, 3, 3000)
    orders = np.array([rng.permutation(3000) for _ in range(6)])
    found = as_number(largest_spread(x, orders))
    sums = [np.cumsum(x[o].astype(np.float32))[-1] for o in orders]
    expected = float(max(sums)) - float(min(sums))
    hint = "The sums of six orders differ, but not by as much as you say."
    if found < 1e-6 * expected:
        hint = "With sixteen digits the order hardly shows. Sum in float32, seven digits."
    elif close(found, float(np.std(sums)), within=1e-2):
        hint = "A standard deviation; the largest minus the smallest was asked for."
    alone = as_number(largest_spread(x, orders[:1]))
    passed = 0.2 * expected < found < 5 * expected and alone == 0
    yield Part("the order of a sum", passed, hint)
    for kind in ("same bits", "rounding", "another run"):
        given = {change for change in _CHANGES if entry(outcome, change) == kind}
        right = {change for change, what in _CHANGES.items() if what == kind}
        yield Part(kind, given == right, _outcome_hint(kind, given, right))


def _outcome_hint(kind: str, given: set[str], right: set[str]) -> str:
    """What is off with the changes that are said to have an outcome."""
    if "length by seconds" in right - given:
        return "No clock runs twice the same: after 60 seconds it is another number of steps."
    if "atoms renumbered" in given and kind == "same bits":
        return "The same physics, yes; but atoms are added in another order."
    if "two threads, large batches" in given and kind == "same bits":
        return "Two threads cut large arrays into pieces and add the pieces."
    if kind == "rounding" and not given:
        return "Some changes leave the physics alone and reorder additions: which?"
    if wrong := given - right:
        return f"'{min(wrong)}' does not lead to '{kind}': what does it do to the numbers?"
    return f"{len(right - given)} more of the changes should lead to '{kind}'."
