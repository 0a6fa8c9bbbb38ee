"""Judgements about errors: the usual targets, every temperature by itself, physical checks."""

import numpy as np

from mlp_course.validation.acceptance.criterion import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    Criterion,
    Findings,
    NotApplicable,
    below,
)
from mlp_course.validation.acceptance.subject import Subject
from mlp_course.validation.evaluate import evaluate
from mlp_course.validation.physical_checks import physical_checks
from mlp_course.validation.report import TARGETS, Report

FORCE_LIMIT = float(TARGETS.set_index("field").loc["force_mae", "loose"])  # meV/Å


def judge_targets(subject: Subject) -> Findings:
    """Hold the errors against both ends of the target ranges; the loose end decides."""
    report = evaluate(subject.model, subject.frames, align_energies=subject.align_energies)
    rows = [_target(report, quantity, row, subject) for quantity, row in report.table().iterrows()]
    return Findings(rows, {"errors": report})


def _target(report: Report, quantity: str, row: object, subject: Subject) -> Criterion:
    """One line of the table of errors as a criterion."""
    verdicts = {"missed": FAIL, "not applicable": NOT_APPLICABLE}
    verdict = verdicts.get(row["verdict"], PASS)
    limit = row["loose"].replace(">", "≥")
    if verdict == NOT_APPLICABLE:
        why = "no stress labels" if "stress" in quantity else "the labels do not vary"
        return Criterion(quantity, np.nan, row["unit"], limit, verdict, why)
    words = [f"{report.n_frames} frames; {row['verdict']}"]
    if row["verdict"] == "loose target met" and row["strict"] != row["loose"]:
        words.append(f"strict: {row['strict']}")
    if quantity == "energy MAE" and not report.energies_aligned and verdict == FAIL:
        words.append(
            f"mean offset {report.energy_offset:.3g} meV/atom; align_energies=True judges "
            "differences of energies only"
        )
    if report.energies_aligned and "energy" in quantity:
        words.append("constants per element taken off")
    if quantity == "energy R²" and verdict == FAIL:
        spread = 1000 * np.std(report.reference_energies / report.frame_sizes)
        words.append(f"the labels spread by {spread:.2g} meV/atom")
    return Criterion(quantity, float(row["value"]), row["unit"], limit, verdict, "; ".join(words))


def judge_sets(subject: Subject) -> Findings:
    """Force error of each temperature and kind by itself; the loose target holds for each."""
    if len(subject.sets) < 2:
        raise NotApplicable(
            "all frames are of one kind: give frames of several temperatures (info['temperature'] "
            "in K), or a mapping {name: frames}"
        )
    reports = {
        name: evaluate(subject.model, frames, align_energies=subject.align_energies)
        for name, frames in subject.sets.items()
    }
    best = min(report.force_mae for report in reports.values())
    rows = []
    for name, report in reports.items():
        reason = f"{report.n_frames} frames, {report.force_mae / best:.2g} times the best set"
        rows.append(below(f"force MAE, {name}", report.force_mae, FORCE_LIMIT, "meV/Å", reason))
    return Findings(rows, {"sets": reports})


def judge_physics(subject: Subject) -> Findings:
    """Symmetries, and forces as the slope of the energy: no exception allowed."""
    table = physical_checks(subject.calculator, subject.start(), seed=subject.effort.seed)
    made = table[table["passed"].notna()]
    wrong = made[~made["passed"].astype(bool)]
    failed = "; ".join(
        f"not so: {row.statement} (off by {row.deviation:.3g} {row.unit}, allowed "
        f"{row.tolerance:.3g})"
        for row in wrong.itertuples()
    )
    reason = failed or f"all {len(made)} checks hold"
    row = below("physical checks failed", float(len(wrong)), 1, "1", reason)
    return Findings([row], {"physics": table})
