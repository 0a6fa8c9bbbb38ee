"""May I? Licences of one or several data sets against an intended use; unknown is never yes."""

import dataclasses
from collections.abc import Sequence

from mlp_course.data.passports.library import load_passport
from mlp_course.data.passports.record import Passport
from mlp_course.data.passports.terms import TERMS, Terms, licence_parts

#: What one may intend, and which rights of :class:`Terms` it takes.
USES = {
    "research": (),
    "share data": ("share",),
    "share model": ("share", "adapt"),
    "commercial": ("share", "adapt", "commercial"),
}
_RIGHTS = {
    "share": "passing copies on",
    "adapt": "passing changed versions on",
    "commercial": "commercial use",
}
_MODEL = "whether a model is an adaptation of its data is not settled; read here as if it were"


@dataclasses.dataclass(frozen=True)
class Verdict:
    """An answer with its reasons; a reading aid, no legal advice.

    Attributes:
        answer: "yes", "no" or "unknown".
        reasons: why.
        conditions: what a "yes" asks for.
    """

    answer: str
    reasons: tuple[str, ...]
    conditions: tuple[str, ...] = ()

    def __repr__(self) -> str:
        lines = [f"{self.answer}: {'; '.join(self.reasons)}"]
        return "\n".join([*lines, *(f"- {condition}" for condition in self.conditions)])


def licence_allows(data: Passport | str | Sequence[Passport | str], use: str) -> Verdict:
    """Judge whether the licences of all data behind a work allow a use of it.

    One "no" makes it "no", else one "unknown" makes it "unknown": without a licence all rights
    stay with the author. Two licences that each want the whole under their own terms contradict
    each other. A model is read as an adaptation of its data, the careful way.

    Args:
        data: passport or name of a data set, or several that were used together.
        use: "research" (train, publish numbers), "share data" (pass copies on), "share model" (give
            away what was trained or changed), "commercial" (sell either).

    Returns:
        The verdict with reasons and conditions.

    Raises:
        ValueError: if there is no data, no such data set, or no such use.

    Example:
        >>> licence_allows("rmd17", "commercial").answer
        'yes'
        >>> licence_allows(["rmd17", "gnome"], "commercial")
        no: GNoME (CC-BY-NC-4.0) does not allow commercial use
        >>> licence_allows(["rmd17", "md17"], "commercial").answer
        'unknown'
    """
    if use not in USES:
        raise ValueError(f"use must be one of {', '.join(USES)}; got {use!r}")
    passports = _as_passports(data)
    refusals = [text for p in passports for text in _refusals(p, use)] + _conflicts(passports, use)
    if refusals:
        return Verdict("no", tuple(refusals))
    silent = [f"no licence is known for {p.title}" for p in passports if not p.licence.known]
    if silent:
        return Verdict("unknown", tuple(silent), ("ask the authors in writing",))
    named = ", ".join(f"{p.title} ({p.licence.value})" for p in passports)
    return Verdict("yes", (named,), tuple(_conditions(passports, use)))


def _as_passports(data: Passport | str | Sequence[Passport | str]) -> list[Passport]:
    several = [data] if isinstance(data, Passport | str) else list(data)
    if not several:
        raise ValueError("data must name at least one data set; got none")
    return [item if isinstance(item, Passport) else load_passport(item) for item in several]


def _terms(passport: Passport) -> list[tuple[str, Terms]]:
    return [(name, TERMS[name]) for name in licence_parts(passport.licence.value)]


def _refusals(passport: Passport, use: str) -> list[str]:
    return [
        f"{passport.title} ({name}) does not allow {_RIGHTS[right]}"
        for name, terms in _terms(passport)
        for right in USES[use]
        if not getattr(terms, right)
    ]


def _conflicts(passports: list[Passport], use: str) -> list[str]:
    """Share-alike licences want the whole for themselves; another one may forbid that."""
    if "adapt" not in USES[use]:
        return []
    used = {name: terms for passport in passports for name, terms in _terms(passport)}
    alike = [name for name, terms in used.items() if terms.share_alike]
    return [
        f"{name} wants the whole under {name}, which {other} does not allow"
        for name in alike
        for other, terms in used.items()
        if other != name
        and (terms.share_alike or (TERMS[name].commercial and not terms.commercial))
    ]


def _conditions(passports: list[Passport], use: str) -> list[str]:
    found = []
    for passport in passports:
        names = dict(_terms(passport))
        if any(terms.attribution for terms in names.values()) and use != "research":
            found.append(f"name the authors of {passport.title} and the licence")
        alike = [name for name, terms in names.items() if terms.share_alike]
        if alike and "adapt" in USES[use]:
            found.append(f"pass the result on under {alike[0]} only")
        if not all(terms.commercial for terms in names.values()) and use.startswith("share"):
            found.append(f"for non-commercial use only, because of {passport.title}")
        if passport.licence.basis == "second hand":
            found.append(f"read the licence of {passport.title} at its source: known second hand")
    adapted = "adapt" in USES[use] and any(t.attribution for p in passports for _, t in _terms(p))
    return [*found, *([_MODEL] if adapted else [])]
