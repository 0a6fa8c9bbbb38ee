"""Failure: a test frame two femtoseconds from a training frame."""

from functools import cache

import numpy as np
from ase import Atoms

from mlp_course.data import leakage, random_split, unrelated_distance
from mlp_course.data.splits import blocked_split
from mlp_course.teaching.failure_lab.materials import ethanol_run, fitted_gap
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.validation.evaluate import evaluate
from mlp_course.validation.finding import at_most

_ALLOWED = 0.2  # 5 % of unrelated frames count as leaking by construction


@cache
def _runs() -> tuple[tuple[Atoms, ...], tuple[Atoms, ...]]:
    """A finely spaced run, and frames of another run that nobody trained on."""
    fine = ethanol_run(temperature=500.0, n_frames=300, spacing=2.0, seed=5)
    other = ethanol_run(temperature=500.0, n_frames=30, spacing=30.0, seed=6)
    return tuple(fine), tuple(other)


def pair_distances(frames: list[Atoms]) -> np.ndarray:
    """All distances of a molecule in Å: a description that a turn does not change."""
    upper = np.triu_indices(len(frames[0]), k=1)
    return np.array([atoms.get_all_distances()[upper] for atoms in frames])


def experiment(cured: bool) -> Outcome:
    """Split 0.6 ps of dynamics, believe the test error, then meet another run."""
    fine, other = _runs()
    if cured:
        train, test = blocked_split(fine, (180, 60), gap=60)
    else:
        train, test = random_split(fine, (180, 60), seed=0)
    model = fitted_gap(train[::2])
    claimed, met = evaluate(model, test), evaluate(model, list(other))
    near = unrelated_distance(pair_distances(list(fine)), gap=60)
    leaking = leakage(pair_distances(train[::2]), pair_distances(test), closer_than=near)
    name = "blocked split" if cured else "random split"
    errors = [claimed.force_mae, met.force_mae]
    return Outcome(
        met.force_mae / claimed.force_mae,
        at_most("part of the test frames that leak", leaking, _ALLOWED, "1"),
        {name: (["claimed by the test set", "on another run"], errors)},
        f"claimed {errors[0]:.0f} meV/Å, met {errors[1]:.0f} meV/Å",
    )


FAILURE = Failure(
    key="neighbouring frames",
    name="leakage between neighbouring frames",
    group="data",
    symptom="The test error is far lower than what anybody else finds with this potential.",
    cause="A random split of one trajectory: each test frame stands femtoseconds from training.",
    test="Measure which part of the test frames is nearly a training frame.",
    catcher="mlp_course.data.leakage",
    cure="Cut the trajectory into blocks with a gap between them.",
    quantity="error on another run over the error claimed",
    unit="1",
    x="",
    y="force MAE / (meV/Å)",
    experiment=experiment,
)
