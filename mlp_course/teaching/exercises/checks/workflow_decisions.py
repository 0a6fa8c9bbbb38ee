"""Exercises 05: a loss weight from two plots, and a decision from an acceptance report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from mlp_course.data import load_embedded
from mlp_course.teaching.exercises.loss_weight_scan import load_loss_weight_scan
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question
from mlp_course.teaching.exercises.rubric import Rubric
from mlp_course.training import loss_shares

ENERGY_LIMIT = 5.0  # meV/atom
FORCE_LIMIT = 130.0  # meV/Å


@question(
    "q05_3",
    "A loss weight from two plots",
    answers=("larger_term", "w_E_equal", "w_E"),
    points={"the larger term": 1, "equal terms": 1, "the weight chosen": 2},
    stronger={
        "the larger term": "Ask `loss_shares` twice, with `remove_references` False and True.",
        "equal terms": "The energy term is proportional to w_E. By which factor is it too small?",
        "the weight chosen": "Mark the region below the limit in either plot. Where do the two "
        "regions overlap?",
    },
    section="05_workflow.ipynb#Step-3-·-Train",
)
def check_loss_weight(
    larger_term: Mapping[str, str], w_E_equal: float, w_E: float
) -> Iterator[Part]:
    """Mark what weighs more in a loss, and a weight that meets two demands.

    Args:
        larger_term: ``"energy"`` or ``"forces"`` at w_E = w_F = 1, for ``"total energies"`` and
            for ``"references removed"``.
        w_E_equal: the energy weight at which both terms of an untrained model are equal, for
            w_F = 1 and references removed; dimensionless.
        w_E: the energy weight chosen from the plots, dimensionless.

    Yields:
        The parts of question ``q05_3``.

    Example:
        >>> check_loss_weight({}, 1.0, 1e6).points
        0
    """
    expected = {"total energies": "energy", "references removed": "forces"}
    given = {name: larger_term.get(name) for name in expected}
    hint = "Weigh both terms with `loss_shares`, once for totals and once without references."
    if given["references removed"] == "energy":
        hint = "The warning that energies dominate holds for totals. And after the references?"
    yield Part("the larger term", given == expected, hint)
    shares = loss_shares(load_embedded("ethanol/500K")[:400:4], energy_weight=1.0)
    equal = shares.force / shares.energy
    hint = "Scale w_E by the quotient of the two terms at w_E = 1."
    if np.isclose(float(w_E_equal), 1 / equal, rtol=0.02):
        hint = "The quotient is upside down: the smaller term needs the larger weight."
    yield Part("equal terms", np.isclose(float(w_E_equal), equal, rtol=0.02), hint)
    yield _judge_weight(float(w_E))


def _judge_weight(w_E: float) -> Part:
    """Whether both errors, read from the plots at this weight, are below their limits."""
    scan = load_loss_weight_scan()
    x = np.log10(scan["energy_weight"])
    name = "the weight chosen"
    if not w_E > 0 or not x.min() <= np.log10(w_E) <= x.max():
        return Part(name, False, "Choose a weight inside the plots.")
    energy = float(np.interp(np.log10(w_E), x, scan["energy_mae"]))
    force = float(np.interp(np.log10(w_E), x, scan["force_mae"]))
    hint = f"At this weight the energy MAE is {energy:.1f} meV/atom: above the limit."
    if force > FORCE_LIMIT:
        hint = f"At this weight the force MAE is {force:.0f} meV/Å: above the limit."
    return Part(name, energy < ENERGY_LIMIT and force < FORCE_LIMIT, hint)


@question(
    "q05_4",
    "Decide from the acceptance report",
    answers=("decide", "failed", "repair_of_report", "watch_ns", "record"),
    points={"decision": 2, "what failed": 1, "what to do": 1, "how long to watch": 1},
    stronger={
        "decision": "Three questions in this order: did a row fail? Was a row that you need judged "
        "at all? Did anything pass?",
        "what failed": 'Go through `record["criteria"]` and look at each `"verdict"`.',
        "what to do": "The frames of its own kind are good, one other kind is very bad.",
        "how long to watch": "Nothing seen in a time t allows up to 3/t accidents a unit of time.",
    },
    section="05_workflow.ipynb#All-of-it-in-one-call",
)
def check_decision(
    decide: Callable[[Mapping[str, Any], Iterable[str]], str],
    failed: Iterable[str],
    repair_of_report: str,
    watch_ns: float,
    record: Mapping[str, Any],
) -> Iterator[Part]:
    """Mark a decision rule for acceptance reports, and the reading of one.

    Args:
        decide: function of a report (``AcceptanceReport.to_dict()``) and of the names of rows that
            are needed; it returns ``"accept"``, ``"reject"`` or ``"measure more"``.
        failed: names of the rows that failed in ``record``.
        repair_of_report: what to do, from the menu of the exercise.
        watch_ns: time without an accident, in ns, after which one may say "less than one in 10 ns"
            with 95 % confidence.
        record: the report of the exercise.

    Yields:
        The parts of question ``q05_4``.

    Example:
        >>> check_decision(lambda record, needed: "accept", [], "", 10.0, {"criteria": []}).points
        1
    """
    yield Part("decision", *_judge_rule(decide))
    rows = record["criteria"]
    right = {row["name"] for row in rows if row["verdict"] == "fail"}
    hint = "Rows that are not applicable have not failed; rows that failed may have any name."
    yield Part("what failed", set(failed) == right, hint)
    reasons = {
        "train longer on the same frames": "Its own kind of frames is learnt well already.",
        "loosen the limit": "A limit was written down before anybody looked. It stays.",
        "use it below 1000 K only": "The frames that failed are not hot: they are squeezed.",
    }
    hint = reasons.get(str(repair_of_report), "Choose one entry of the menu.")
    chosen = repair_of_report == "label frames with displaced atoms and train again"
    yield Part("what to do", chosen, hint)
    hint = "The rule of three: no event in a time t, and up to 3/t a unit of time are possible."
    if np.isclose(float(watch_ns), 10.0):
        hint = "After 10 ns without an accident one in 3.3 ns is still possible."
    yield Part("how long to watch", np.isclose(float(watch_ns), 30.0, rtol=0.05), hint)


def _judge_rule(decide: Callable[[Mapping[str, Any], Iterable[str]], str]) -> tuple[bool, str]:
    """Try the rule on five small reports; the hint names the first that it gets wrong."""

    def report(**verdicts: str) -> dict[str, Any]:
        rows = [dict(name=n, verdict=v.replace("_", " "), value=1.0) for n, v in verdicts.items()]
        return {"criteria": rows}

    force, both = ["force"], ["force", "drift"]
    cases = [
        (report(force="pass", drift="pass"), both, "accept", "All rows passed."),
        (report(force="pass", drift="fail"), both, "reject", "One row failed."),
        (report(force="pass", speed="fail"), force, "reject", "A row nobody asked for failed."),
        (
            report(force="pass", drift="not_applicable"),
            both,
            "measure more",
            "A row that you need was not judged: silence is no consent.",
        ),
        (report(force="pass"), both, "measure more", "A row that you need is not there at all."),
        (
            report(force="pass", stress="not_applicable"),
            force,
            "accept",
            "A row that does not apply, and that nobody needs, is no obstacle.",
        ),
        (report(force="fail", drift="not_applicable"), both, "reject", "One row failed already."),
    ]
    for record, needed, expected, hint in cases:
        if decide(record, needed) != expected:
            return False, f"{hint} Your rule says {decide(record, needed)!r}."
    return True, ""


Rubric(
    "r05_1",
    "Would you run it?",
    "05_workflow",
    rows={
        "Separates errors on frames like the training frames from those elsewhere": 1,
        "Says that a long run meets what a short test run does not": 1,
        "Uses the rule of three, or another number, for the length of the test": 1,
        "Names a watch that stops the run (alarm, second model, drift)": 1,
        "Comes to a decision with a condition": 1,
    },
    model_answer="""\
For it: at 300 K the force MAE is 12 meV/Å, vibrations and torsion are those of PBE, and all
physical checks hold. Against it: with atoms displaced by 0.1 Å the forces are wrong by
electronvolts per Å, and a run of 20 million steps visits rare, squeezed configurations that 0.1
ps cannot show: no accident in 0.1 ps still allows 30 in a picosecond. Before the run I would
label a few dozen displaced frames, train again, and repeat the report with the same limits.
Then I would start, with a second network as an alarm and the drift measured without a
thermostat, and believe in "less than one accident in 10 ns" only after 30 ns without one. So:
not now, but after that, yes.""",
)
