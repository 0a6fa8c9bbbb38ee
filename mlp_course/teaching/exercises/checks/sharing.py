"""Exercises 10, second half: may these data be combined, and what a model card must say."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

from mlp_course.data.passports import TERMS, UNKNOWN, licence_allows, load_passport
from mlp_course.data.passports.record import Entry, Passport
from mlp_course.reproducibility.model_card import SECTIONS
from mlp_course.teaching.exercises.checks.comparing import as_words, entry, told
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question
from mlp_course.teaching.exercises.rubric import Rubric

_LESSON = "10_reproducibility_and_licences.ipynb"
_CASES = {"rMD17": ("rmd17",), "rMD17 and MD17": ("rmd17", "md17"),
          "rMD17 and GNoME": ("rmd17", "gnome"),
          "MD17 and GNoME": ("md17", "gnome")}  # fmt: skip


@question(
    "q10_3",
    "May these be combined?",
    answers=("may_give_away", "verdicts"),
    points={"one no is a no": 1, "unknown is not yes": 1, "two that want the whole": 2,
            "four cases": 1},
    stronger={
        "one no is a no": "Look at `adapt` of every licence; a single False decides.",
        "unknown is not yes": "Test for a no first, then for 'unknown', and only then say yes.",
        "two that want the whole": "A share-alike licence wants the whole under itself. Who "
        "cannot agree to that: another share-alike one? One that forbids what the first allows?",
        "four cases": "Find the licences in the lesson, and put them into your function.",
    },
    section=f"{_LESSON}#2-·-May-I?",
)  # fmt: skip
def check_licences(
    may_give_away: Callable[[Sequence[str]], str], verdicts: Mapping[str, str]
) -> Iterator[Part]:
    """Mark whether a model trained on several data sets may be passed on, by their licences.

    Args:
        may_give_away: function of a list of licences (names of ``TERMS``, or "unknown"); returns
            "yes", "no" or "unknown".
        verdicts: the same for "rMD17", "rMD17 and MD17", "rMD17 and GNoME", "MD17 and GNoME".

    Yields:
        The parts of question ``q10_3``.

    Example:
        >>> check_licences(lambda licences: "yes", {}).points
        0
    """
    alike = [name for name, terms in TERMS.items() if terms.share_alike]
    plain = [name for name in TERMS if name not in alike]
    groups = {
        "one no is a no": _sets(plain),
        "unknown is not yes": [[*names, UNKNOWN] for names in _sets(plain)],
        "two that want the whole": [[a, b] for a in alike for b in TERMS] + [[a] for a in alike],
    }
    hints = {
        "one no is a no": "{0}: your answer is {1!r}. Each single licence has to allow it.",
        "unknown is not yes": "{0}: your answer is {1!r}. Without a licence all rights stay with "
        "the author; but a no is a no, whatever else is unknown.",
        "two that want the whole": "{0}: your answer is {1!r}. Who shares alike wants the whole "
        "under its own terms.",
    }
    for name, sets in groups.items():
        answers = [(names, may_give_away(list(names)), _expected(names)) for names in sets]
        wrong = [(names, said) for names, said, right in answers if said != right]
        constant = len({said for _, said, _ in answers}) == 1
        names, said = wrong[0] if wrong else ([], "")
        hint = hints[name].format(" + ".join(names), said)
        yield Part(name, not wrong and not constant, hint)
    right = {case: licence_allows(names, "share model").answer for case, names in _CASES.items()}
    given = {case: entry(verdicts, case) for case in right}
    hint = "At least one of the four is another one; the passports are in the lesson."
    if given["rMD17 and GNoME"] == "no":
        hint = "GNoME forbids sale. Passing on for nothing is not a sale."
    yield Part("four cases", given == right, told(verdicts, hint))


def _sets(names: Sequence[str]) -> list[list[str]]:
    """All single licences and pairs."""
    return [[n] for n in names] + [list(pair) for pair in itertools.combinations(names, 2)]


def _expected(licences: Sequence[str]) -> str:
    """The package's own answer for data sets under these licences."""
    return licence_allows([_under(name) for name in licences], "share model").answer


def _under(licence: str) -> Passport:
    """A passport like that of rMD17 under another licence."""
    if licence == UNKNOWN:
        own = Entry(value=UNKNOWN, basis="not found", tried="exercise")
    else:
        own = Entry(value=licence, basis="publisher", sources=("exercise",))
    return load_passport("rmd17").model_copy(update={"licence": own, "name": licence})


@question(
    "q10_5",
    "A card with holes",
    answers=("open_sections", "worst"),
    points={"missing sections": 1, "empty is not an answer": 2, "zero is an answer": 1,
            "the card of the exercise": 1},
    stronger={
        "missing sections": "Go through SECTIONS, not through the card.",
        "empty is not an answer": "Empty text, None, an empty list, 'unknown', 'n/a' in any "
        "capitals: after `str(value).strip().lower()` they are easily compared.",
        "zero is an answer": "`if not value` also throws out the seed 0.",
        "the card of the exercise": "Call your function with `card`.",
    },
    section=f"{_LESSON}#7-·-The-model-card",
)  # fmt: skip
def check_model_card(
    open_sections: Callable[[Mapping[str, object]], Sequence[str]], worst: Sequence[str]
) -> Iterator[Part]:
    """Mark a search for the holes in a model card.

    Args:
        open_sections: function of a card (section: text); returns the names of the sections of
            ``SECTIONS`` that it leaves open.
        worst: open sections of ``example_card()``.

    Yields:
        The parts of question ``q10_5``.

    Example:
        >>> check_model_card(lambda card: [s for s in SECTIONS if s not in card], []).points
        2
    """
    full = dict.fromkeys(SECTIONS, "said")
    less = {s: text for s, text in full.items() if s not in ("limits", "seed")}
    found = [as_words(open_sections(dict(card))) for card in (full, less)]
    hint = "Sections that are not on the card at all must be named; a full card has none."
    yield Part("missing sections", found == [set(), {"limits", "seed"}], hint)
    empty = full | {"units": "", "split": None, "licence": " Unknown ", "errors": [], "data": "n/a"}
    wanted = {"units", "split", "licence", "errors", "data"}
    words = as_words(open_sections(dict(empty)))
    left = ", ".join(sorted(wanted - words)) or "none"
    hint = f"Not noticed: {left}. Who writes nothing, or 'unknown', has not answered."
    yield Part("empty is not an answer", words == wanted, hint)
    seeded = as_words(open_sections(full | {"seed": 0}))
    hint = "The seed is 0 on this card, which is an answer, and you call it open."
    yield Part("zero is an answer", seeded == set() and found[1] != set(), hint)
    right = {"level of theory", "limits", "licence", "versions"}
    hint = "The open sections of `card` are others."
    yield Part("the card of the exercise", as_words(worst) == right, hint)


def example_card() -> dict[str, object]:
    """A model card as it may come with a download; some sections are open.

    Example:
        >>> example_card()["seed"]
        0
    """
    return {
        "data": "9,000 frames of liquid water",
        "units": "eV, Å",
        "split": "blocks of 2 ps; 80 / 10 / 10",
        "training": "200 epochs, batches of 10",
        "seed": 0,
        "errors": "force MAE 41 meV/Å on the test frames",
        "limits": "",
        "licence": "Unknown",
        "versions": "n/a",
    }


Rubric(
    "r10_1",
    "What do you promise?",
    "10_reproducibility_and_licences",
    rows={
        "It names a level: to the last bit, to the printed digits, or within an error bar.": 1,
        "It lists what is stored for that: data with checksum, settings, versions, seeds.": 2,
        "It says on which machine and with how many threads, or why that does not matter.": 1,
        "It names something that is not promised.": 1,
    },
    model_answer=(
        "We promise the printed digits: force MAE 14.5 meV/Å, to 0.1. Stored are the frames with "
        "their SHA-256, the splits, the settings file, the lock of all packages and the seed. On "
        "the same machine with one thread the weights come out bit for bit; with other threads "
        "or another processor sums are rounded differently, and the MAE moved by less than one "
        "per cent in our test. We do not promise the same weights elsewhere, nor the error on "
        "other molecules; for the claim that A beats B we give five seeds each."
    ),
)
