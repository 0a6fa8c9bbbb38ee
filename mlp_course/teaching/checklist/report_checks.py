"""Items that an acceptance report can tick: errors, R², extrapolation, properties, a repair."""

import math
from collections.abc import Mapping
from typing import Any

from mlp_course.teaching.checklist.evidence import Evidence
from mlp_course.teaching.checklist.verdict import Verdict, demand, every, not_shown, shown
from mlp_course.validation import TARGETS

FEWEST_FRAMES = 10  # of each set; below, an MAE says little
FORCE_LIMIT, ENERGY_LIMIT = (
    float(TARGETS.set_index("field").loc[name, "loose"]) for name in ("force_mae", "energy_mae")
)
R2_LIMIT = 0.99
NO_ERROR = 1e-6  # meV/Å; rounding, not learning
DRIFT_LIMIT = 0.1  # meV/atom/ps; 0.4 K in a picosecond
DRIFT = "energy drift (NVE)"
#: Rows that are no property of the substance.
_NO_PROPERTY = (
    "energy MAE",
    "force MAE",
    "stress MAE",
    "energy R²",
    "force R²",
    "physical checks",
    "holds together",
    DRIFT,
    "speed",
)
Row = Mapping[str, Any]


def error_checked(evidence: Evidence) -> Verdict | None:
    """p09: energy and force MAE of the last report within the loose ends of the targets."""
    return _demanded(
        evidence,
        {"energy MAE": (ENERGY_LIMIT, "meV/atom"), "force MAE": (FORCE_LIMIT, "meV/Å")},
        below=True,
    )


def correlation_checked(evidence: Evidence) -> Verdict | None:
    """p10: R² of energies and forces in the last report."""
    limits = dict.fromkeys(("energy R²", "force R²"), (R2_LIMIT, "1"))
    return _demanded(evidence, limits, below=False)


def extrapolation_checked(evidence: Evidence) -> Verdict | None:
    """p11: at least two sets of frames, and every one of them within the target."""
    if not evidence.reports:
        return None
    *earlier, report = evidence.read_reports()
    doubts = _doubts(report) or _left_out(earlier, report)
    sets = [row for row in report["criteria"] if row["name"].startswith("force MAE, ")]
    if doubts or len(sets) < 2:
        return not_shown(doubts or "fewer than two sets of frames: nothing lies outside")
    verdicts = [demand(_number(row), FORCE_LIMIT, row["name"], "meV/Å") for row in sets]
    found = every(verdicts)
    if not found.ticked:
        return found
    worst = max(sets, key=_number)
    told = demand(_number(worst), FORCE_LIMIT, worst["name"], "meV/Å").reason
    return shown(f"{len(sets)} sets; the worst: {told}")


def properties_checked(evidence: Evidence) -> Verdict | None:
    """p12: all properties of the last report within their limits, and a total energy that stays."""
    if not evidence.reports:
        return None
    report = evidence.read_reports()[-1]
    rows = [row for row in report["criteria"] if _applies(row)]
    properties = [row for row in rows if not row["name"].startswith(_NO_PROPERTY)]
    doubts = _doubts(report)
    if doubts or not properties:
        return not_shown(doubts or "no measurable quantity was compared with the reference")
    failed = [row for row in properties if not holds(row)]
    words = f"{len(properties) - len(failed)} of {len(properties)} properties within their limits"
    if failed:
        words += f"; not {failed[0]['name']}: {_told(failed[0])}"
    return every([Verdict(not failed, words), _drift(rows, evidence)])


def repair_checked(evidence: Evidence) -> Verdict | None:
    """p13: a row that failed in the first report passes in the last, and no other fails anew."""
    if len(evidence.reports) < 2:
        return None
    first, *_, last = evidence.read_reports()
    if first.get("system") != last.get("system"):
        return not_shown(f"two systems: {first.get('system')} and {last.get('system')}")
    before, after = (
        {row["name"]: holds(row) for row in report["criteria"] if _applies(row)}
        for report in (first, last)
    )
    repaired = [name for name, ok in before.items() if not ok and after.get(name)]
    broken = [name for name, ok in before.items() if ok and not after.get(name)]
    if not repaired:
        return not_shown("no row that failed in the first report passes in the last")
    if broken:
        return not_shown(f"{repaired[0]} was repaired, but now fails: {', '.join(broken)}")
    return shown(f"{', '.join(repaired)} failed in the first report and passes in the last")


def holds(row: Row) -> bool:
    """Whether the number in a row keeps the limit in the same row; the word beside it is not asked.

    Example:
        >>> holds({"value": 2308.0, "limit": "< 150", "verdict": "pass"})
        False
    """
    sign, _, limit = str(row.get("limit", "")).partition(" ")
    try:
        value, bound = abs(_number(row)), float(limit)
    except ValueError:
        return False
    return {"<": value < bound, "≥": _number(row) >= bound}.get(sign, False)


def _drift(rows: list[Row], evidence: Evidence) -> Verdict:
    """The drift that was given, else that of the report."""
    if evidence.drift is not None:
        value = abs(evidence.drift.slope)
    else:
        value = next((abs(_number(row)) for row in rows if row["name"] == DRIFT), math.nan)
    if math.isnan(value):
        return not_shown("no drift of the total energy was measured, or the run was too short")
    return demand(value, DRIFT_LIMIT, "drift of the total energy", "meV/atom/ps")


def _demanded(
    evidence: Evidence, limits: dict[str, tuple[float, str]], *, below: bool
) -> Verdict | None:
    """Hold rows of the last report against limits of the course, not of the file."""
    if not evidence.reports:
        return None
    report = evidence.read_reports()[-1]
    doubts = _doubts(report)
    if doubts:
        return not_shown(doubts)
    numbers = {row["name"]: _number(row) for row in report["criteria"]}
    return every(
        [
            demand(numbers.get(name, math.nan), limit, name, unit, below=below)
            for name, (limit, unit) in limits.items()
        ]
    )


def _doubts(report: Mapping[str, Any]) -> str:
    """Why the errors of a report are no evidence; "" if they are."""
    frames = (report.get("provenance") or {}).get("frames") or {}
    if not frames or min(frames.values()) < FEWEST_FRAMES:
        fewest = min(frames.values(), default=0)
        return f"a set has {fewest} frames (at least {FEWEST_FRAMES} demanded)"
    numbers = {row["name"]: _number(row) for row in report["criteria"]}
    if numbers.get("force MAE", math.inf) < NO_ERROR:
        return "a force error of zero: the reference was judged against itself"
    return ""


def _applies(row: Row) -> bool:
    return row.get("verdict") != "not applicable"


def _left_out(earlier: list[dict[str, Any]], last: dict[str, Any]) -> str:
    """A demand that the same model failed before and that was not made again; "" if none."""
    asked = {row["name"] for row in last["criteria"]}
    for report in earlier:
        if _fingerprint(report) is None or _fingerprint(report) != _fingerprint(last):
            continue
        for row in report["criteria"]:
            if _applies(row) and not holds(row) and row["name"] not in asked:
                return f"{row['name']} failed in an earlier report of this model: it was left out"
    return ""


def _fingerprint(report: Mapping[str, Any]) -> str | None:
    provenance = report.get("provenance") or {}
    return (provenance.get("model") or {}).get("fingerprint")


def _number(row: Row) -> float:
    value = row.get("value")
    return float(value) if isinstance(value, int | float) else math.nan


def _told(row: Row) -> str:
    unit = "" if row.get("unit") == "1" else f" {row.get('unit')}"
    return f"{_number(row):.3g}{unit} (limit {row.get('limit')})"
