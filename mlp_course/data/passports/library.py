"""The passports that come with the course, one at a time and as tables."""

import json
from functools import cache
from importlib.resources import files

import pandas as pd
import yaml

from mlp_course.data.passports.record import FIELDS, Passport

_FOLDER = files("mlp_course.data.passports")
_EMBEDDED = {"embedded_ethanol": "ethanol", "embedded_malonaldehyde": "malonaldehyde"}


def list_passports() -> list[str]:
    """Names of the data sets that have a passport.

    Example:
        >>> "rmd17" in list_passports() and "embedded_ethanol" in list_passports()
        True
    """
    stored = (item.name for item in _FOLDER.iterdir())
    return sorted([name.removesuffix(".yaml") for name in stored if name.endswith(".yaml")]) + [
        *_EMBEDDED
    ]


@cache
def load_passport(name: str) -> Passport:
    """Load the passport of a data set.

    Args:
        name: one of :func:`list_passports`.

    Returns:
        The validated record.

    Raises:
        ValueError: if there is none of that name, or its file breaks a rule of the record.

    Example:
        >>> load_passport("rmd17").licence.value, load_passport("md17").licence.value
        ('CC0-1.0', 'unknown')
    """
    if name not in list_passports():
        raise ValueError(f"no passport {name!r}; there are: {', '.join(list_passports())}")
    if name in _EMBEDDED:
        return Passport.model_validate(_embedded(name, _EMBEDDED[name]))
    text = _FOLDER.joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return Passport.model_validate({"name": name, **yaml.safe_load(text)})


def _embedded(name: str, molecule: str) -> dict:
    """The passport of the frames labelled by this project, from the record of their making."""
    text = files("mlp_course.data").joinpath("embedded/passport.json").read_text(encoding="utf-8")
    made = json.loads(text)
    sets = {key: entry for key, entry in made["sets"].items() if key.startswith(f"{molecule}/")}
    frames = sum(entry["frames"] for entry in sets.values())
    programs = ", ".join(f"{program} {version}" for program, version in made["programs"].items())
    dates = sorted(entry["date"] for entry in sets.values())
    answers = {
        "licence": made["licence"],
        "level_of_theory": made["level_of_theory"],
        "units": "; ".join(f"{what} {unit}" for what, unit in made["units"].items()),
        "version": f"labelled {dates[0]} to {dates[-1]} with {programs}",
        "checksum": f"SHA-256 of all {len(sets)} files, compared on every load",
        "citation": f"this course ({made['made_by']}); no DOI of its own",
        "size": f"{frames} frames in {len(sets)} sets",
    }
    passport = {field: _in_hand(answer) for field, answer in answers.items()}
    passport["size"]["number"] = frames
    faults = [made["remark"], "geometries from GFN2-xTB dynamics, so weighted by xTB, not by PBE"]
    return passport | {
        "name": name,
        "title": f"embedded {molecule}",
        "checked": dates[-1],
        "known_faults": [_in_hand(fault) for fault in faults],
    }


def _in_hand(value: str) -> dict:
    sources = ["mlp_course/data/embedded/passport.json"]
    return {"value": value, "basis": "file in hand", "sources": sources}


def passport_table(names: list[str] | None = None) -> pd.DataFrame:
    """Show passports side by side: one row a data set, one column a field.

    Args:
        names: which; all by default.

    Example:
        >>> passport_table(["md17", "rmd17"])["licence"].tolist()
        ['unknown', 'CC0-1.0']
    """
    passports = [load_passport(name) for name in names or list_passports()]
    rows = {p.name: {field: getattr(p, field).value for field in FIELDS} for p in passports}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(FIELDS))
    table["known faults"] = [len(p.known_faults) for p in passports]
    return table.rename_axis("data set")


def chapter_entries() -> pd.DataFrame:
    """Hold each entry of the chapter's table 2.10.1 against the passports; both values are kept.

    Returns:
        Columns data set, field, chapter, checked, verdict, basis, sources, note.

    Example:
        >>> table = chapter_entries()
        >>> table.loc[table["verdict"] == "does not hold", "data set"].tolist()
        ['ANI-1x', 'Materials Project', 'MD17', 'OC20']
    """
    rows = [
        {
            "data set": passport.title,
            "field": field.replace("_", " "),
            "chapter": entry.chapter,
            "checked": entry.value,
            "verdict": entry.verdict,
            "basis": entry.basis,
            "sources": "; ".join(entry.sources) or f"tried: {entry.tried}",
            "note": entry.note or "",
        }
        for passport in map(load_passport, list_passports())
        for field, entry in passport.entries()
        if entry.chapter is not None
    ]
    return pd.DataFrame(rows)
