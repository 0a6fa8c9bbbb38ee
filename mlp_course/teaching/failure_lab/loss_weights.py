"""Failure: weights of 1:1 on total energies; and why the same weights can be right."""

import numpy as np
import pandas as pd
from ase import Atoms

from mlp_course.data import load_embedded
from mlp_course.models import Potential, build_model
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.training import fit
from mlp_course.training.loss_shares import loss_shares
from mlp_course.validation.evaluate import evaluate
from mlp_course.validation.finding import at_least

_WEIGHTS = dict(energy_weight=1.0, force_weight=1.0)
_FAIR = 0.1  # part of the loss that should ask for forces


def _frames() -> tuple[list[Atoms], list[Atoms]]:
    run = load_embedded("ethanol/500K")
    return run[:150], run[400:430]


def _untrained(*, references: bool) -> Potential:
    model = build_model("schnet", n_features=32, n_interactions=2)
    if not references:  # fit removes references only where there are none yet: give it 1 μeV
        model.reference_energies[1] = 1e-6
    return model


def experiment(cured: bool) -> Outcome:
    """Train SchNet with weights of 1:1 on total energies, or on what is left without references."""
    train, test = _frames()
    model = _untrained(references=cured)
    settings = dict(max_epochs=20, learning_rate=1e-2, batch_size=5, ema_decay=0.98)
    history = fit(model, train, test, progress=False, **settings, **_WEIGHTS)
    share = loss_shares(train, **_WEIGHTS, remove_references=cured).force_share
    name = "1:1, references removed" if cured else "1:1, total energies"
    curves = {name: (history["epoch"], history["validation_force_mae"])}
    return Outcome(
        evaluate(model, test).force_mae,
        at_least("part of the loss that asks for forces", share, _FAIR, "1"),
        curves,
    )


def share_table() -> pd.DataFrame:
    """Who owns the loss: weights of 1:1 and 1:100, totals and rest, raw and normalised."""
    train, _ = _frames()
    rows = []
    for label, options in {
        "total energies": dict(remove_references=False),
        "references removed": {},
        "references removed, normalised": dict(normalise=True),
    }.items():
        row = {"energies": label}
        for force_weight in (1.0, 100.0):
            shares = loss_shares(train, energy_weight=1.0, force_weight=force_weight, **options)
            row[f"force share at 1:{force_weight:.0f}"] = _percent(shares.force_share)
        rows.append(row)
    return pd.DataFrame(rows)


def _percent(part: float) -> str:
    """Write 0.98312 as 98.3 % and tiny parts as powers of ten."""
    return f"{100 * part:.1f} %" if part > 1e-3 else f"10^{np.log10(part) + 2:.0f} %"


FAILURE = Failure(
    key="loss weights",
    name="wrong loss weights",
    group="training",
    symptom="The loss falls by orders of magnitude, the forces are worse than none at all.",
    cause="One term of the loss is so large that the other has no say: here total energies.",
    test="Weigh both terms on the labels before the first step.",
    catcher="mlp_course.training.loss_shares",
    cure="Remove the atomic references first; only then talk about weights.",
    quantity="force MAE",
    unit="meV/Å",
    x="epoch",
    y="validation force MAE / (meV/Å)",
    log="y",
    experiment=experiment,
    in_chapter=True,
)
