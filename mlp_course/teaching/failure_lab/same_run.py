"""Failure: the test set is honest about the run, and the run never met the other conformer."""

from functools import cache

from ase import Atoms

from mlp_course.teaching.failure_lab.materials import ethanol_run, fitted_gap
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.validation.evaluate import evaluate
from mlp_course.validation.label_checks import shared_runs

_ANTI, _GAUCHE = -1, 4  # frames of the torsion scan
_RUNS = {"anti, run 1": (_ANTI, 0), "gauche, run 1": (_GAUCHE, 1)}
_RUNS |= {"anti, run 2": (_ANTI, 2), "gauche, run 2": (_GAUCHE, 3)}


@cache
def _run(name: str) -> tuple[Atoms, ...]:
    start, seed = _RUNS[name]
    options = dict(temperature=100.0, n_frames=50, spacing=20.0)
    return tuple(ethanol_run(start=start, seed=seed, **options))


def experiment(cured: bool) -> Outcome:
    """Train on 36 frames at 100 K; the last frames of a run, or other runs, are the test."""
    first, other = _run("anti, run 1"), _run("gauche, run 1")
    if cured:
        train, test = [*first[:18], *other[:18]], [*_run("anti, run 2"), *_run("gauche, run 2")]
    else:
        train, test = list(first[:36]), list(first[41:])  # 100 fs between them
    model = fitted_gap(train)
    claimed = evaluate(model, test).force_mae
    met = evaluate(model, list(_run("gauche, run 2"))).force_mae
    name = "two runs for training, two for the test" if cured else "one run, cut in two"
    places = ["claimed by the test set", "gauche ethanol, another run"]
    return Outcome(
        met / claimed,
        shared_runs(train, test),
        {name: (places, [claimed, met])},
        f"claimed {claimed:.0f} meV/Å, met {met:.0f} meV/Å",
    )


FAILURE = Failure(
    key="same run",
    name="a test set from the training trajectory",
    group="data",
    symptom="No leak between neighbours, a low test error, and useless in the first real run.",
    cause="Training and test frames share a trajectory that never visited the other conformer.",
    test="Ask each test frame for its trajectory and look for it among the training frames.",
    catcher="mlp_course.validation.shared_runs",
    cure="Several runs from different starts; whole runs for training, whole runs for the test.",
    quantity="error on another run over the error claimed",
    unit="1",
    x="",
    y="force MAE / (meV/Å)",
    experiment=experiment,
)
