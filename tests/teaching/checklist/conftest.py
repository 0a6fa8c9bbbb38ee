"""A learner, and an acceptance report whose numbers are those of the course's SchNet."""

import copy
from collections.abc import Callable

import pytest

from mlp_course.teaching.progress import Progress

ROWS = [
    ("energy MAE", 0.44, "meV/atom", "< 5"),
    ("force MAE", 15.8, "meV/Å", "< 150"),
    ("energy R²", 0.998, "1", "≥ 0.99"),
    ("force R²", 0.9997, "1", "≥ 0.99"),
    ("force MAE, 300 K", 12.5, "meV/Å", "< 150"),
    ("force MAE, 1000 K", 56.7, "meV/Å", "< 150"),
    ("physical checks failed", 0.0, "1", "< 1"),
    ("normal modes, MAE", 6.6, "cm⁻¹", "< 20"),
    ("holds together", 1.5, "ps", "≥ 1.5"),
    ("energy drift (NVE)", 0.013, "meV/atom/ps", "< 0.1"),
]
ACCEPTED = {
    "accepted": True,
    "system": "ethanol",
    "reference": "PBE/def2-SVP",
    "criteria": [
        dict(name=name, value=value, unit=unit, limit=limit, verdict="pass", reason="")
        for name, value, unit, limit in ROWS
    ],
    "provenance": {"model": {"fingerprint": "abc"}, "frames": {"300 K": 30, "1000 K": 30}},
}


@pytest.fixture
def progress(tmp_path) -> Progress:
    """A learner's file, not yet begun."""
    return Progress.open(tmp_path / "progress.json")


@pytest.fixture
def report() -> Callable[..., dict]:
    """Return a function that makes an accepted report with some rows changed or added."""

    def make(fingerprint: str = "abc", **values: float) -> dict:
        made = copy.deepcopy(ACCEPTED)
        made["provenance"]["model"]["fingerprint"] = fingerprint
        named = {row["name"]: row for row in made["criteria"]}
        for short, value in values.items():
            name = short.replace("_", " ")
            if name == "rattled":
                row = dict(named["force MAE, 1000 K"], name="force MAE, rattled 0.1 Å", value=value)
                made["criteria"].append(row)
            else:
                named[name]["value"] = value
        return made

    return make
