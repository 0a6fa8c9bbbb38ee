"""From evidence to ticks: which items a machine can judge, by what, and what it finds."""

from collections.abc import Callable

import pandas as pd

from mlp_course.teaching.checklist import data_checks, report_checks, skill_checks
from mlp_course.teaching.checklist.evidence import Evidence
from mlp_course.teaching.checklist.item import Item
from mlp_course.teaching.checklist.items import ITEMS
from mlp_course.teaching.checklist.points import points_checked
from mlp_course.teaching.checklist.questions import QUESTIONS
from mlp_course.teaching.checklist.verdict import Verdict

Check = Callable[[Evidence], Verdict | None]

#: Results that tick an item, and the evidence they need, in words.
CHECKS: dict[str, tuple[Check, str]] = {
    "c05": (skill_checks.terms_checked, "a round of the glossary's quiz with all 15 terms"),
    "p01": (data_checks.settings_checked, "settings=, the record of your DFT settings"),
    "p02": (data_checks.balance_checked, "plans=, a Composition of yours"),
    "p03": (data_checks.copper_plan_checked, "plans=, with one of 5,000 configurations"),
    "p05": (skill_checks.model_cutoff_checked, "models= and frames= of yours"),
    "p07": (data_checks.split_checked, "split=, a Split of a trajectory"),
    "p08": (skill_checks.training_checked, "models= with a record, and frames= to test on"),
    "p09": (report_checks.error_checked, "reports=, from accept(...)"),
    "p10": (report_checks.correlation_checked, "reports=, from accept(...)"),
    "p11": (report_checks.extrapolation_checked, "reports=, from accept(...), with several sets"),
    "p12": (report_checks.properties_checked, "reports=, from accept(...), with a run"),
    "p13": (report_checks.repair_checked, "reports=, one before and one after a repair"),
    "p14": (skill_checks.ensemble_checked, "uncertainty=, of an ensemble"),
    "p15": (skill_checks.units_checked, "games=, five rounds of UnitGame"),
    "p16": (data_checks.first_cutoff_checked, "cutoff= read off the g(r) of frames="),
}

RESULT, POINTS, PERSON = "a result", "points", "a person"


def judged_by(item: Item) -> tuple[str, ...]:
    """Who can judge an item: a result of the learner's, points in exercises, or only a person.

    Example:
        >>> from mlp_course.teaching.checklist import find_item
        >>> judged_by(find_item("p11")), judged_by(find_item("a11"))
        (('a result', 'points'), ('a person',))
    """
    if item.person:
        return (PERSON,)
    asked = QUESTIONS.get(item.id) != ()
    judges = (*([RESULT] if item.id in CHECKS else []), *([POINTS] if asked else []))
    return judges or (PERSON,)


def result_verdicts(evidence: Evidence) -> dict[str, Verdict]:
    """What results say of the items, by id; points are not asked.

    Raises:
        ValueError: if evidence is not what it should be.
    """
    verdicts = {name: check(evidence) for name, (check, _) in CHECKS.items()}
    return {name: verdict for name, verdict in verdicts.items() if verdict is not None}


def point_verdicts(evidence: Evidence) -> dict[str, Verdict]:
    """What the points of the exercises say of the items, by id; results are not asked."""
    if evidence.progress is None:
        return {}
    asked = [item for item in ITEMS if not item.person]
    verdicts = {item.id: points_checked(item, evidence.progress) for item in asked}
    return {name: verdict for name, verdict in verdicts.items() if verdict is not None}


def machine_verdicts(evidence: Evidence) -> dict[str, Verdict]:
    """What evidence says, by id; items about which it says nothing are left out.

    A result counts more than points: who has the points, and a result that misses its limit, is
    not ticked.
    """
    return point_verdicts(evidence) | result_verdicts(evidence)


def machine_checks(evidence: Evidence, *, everything: bool = False) -> pd.DataFrame:
    """Hold the learner's results against the list.

    Args:
        evidence: what there is to show.
        everything: also list the items about which it says nothing, with what would tick them.

    Returns:
        One row for each item: item, I can, ticked ("yes", "no", "–"), why.

    Example:
        >>> machine_checks(Evidence(settings="functional: PBE")).to_dict("records")
        [{'item': 'p01', 'I can': 'settle functional, ...', 'ticked': 'no', 'why': 'the settings
        record is not valid: system: missing'}]
    """
    verdicts = machine_verdicts(evidence)
    rows = []
    for item in ITEMS:
        verdict = verdicts.get(item.id)
        if verdict is None and not everything:
            continue
        ticked = "–" if verdict is None else ("yes" if verdict.ticked else "no")
        why = wanted(item) if verdict is None else verdict.reason
        rows.append({"item": item.id, "I can": item.text, "ticked": ticked, "why": why})
    return pd.DataFrame(rows, columns=["item", "I can", "ticked", "why"])


def wanted(item: Item) -> str:
    """What would let a machine tick an item, in words."""
    judges = judged_by(item)
    if judges == (PERSON,):
        return "only a person can judge this: let somebody ask you"
    sources = " and ".join(QUESTIONS.get(item.id, item.books))
    ways = {RESULT: CHECKS.get(item.id, (None, ""))[1], POINTS: f"80 % of the points in {sources}"}
    return "; or ".join(ways[judge] for judge in judges)
