"""Failure: only the valley was sampled, and a bond shall break."""

from functools import cache

import numpy as np
from ase import Atoms

from mlp_course.data import load_embedded
from mlp_course.reference import label_here
from mlp_course.sampling import rattled
from mlp_course.teaching.failure_lab.materials import (
    energies,
    fitted_gap,
    xtb,
)
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.validation.predict import predict
from mlp_course.validation.reach_checks import low_energy_bias

_O, _H = 2, 8  # of the hydroxyl group
_STRETCHES = np.linspace(0.85, 1.9, 22)  # Å


def _stretched(bond: float) -> Atoms:
    atoms = load_embedded("ethanol/torsion")[-1].copy()
    atoms.set_distance(_O, _H, bond, fix=0)
    return atoms


@cache
def _valley() -> tuple[Atoms, ...]:
    """The chapter's bad mixture in small: geometries near the minimum, and no others."""
    return tuple(label_here(load_embedded("ethanol/normal_modes")[:80], xtb()))


@cache
def _curve() -> tuple[Atoms, ...]:
    return tuple(label_here([_stretched(bond) for bond in _STRETCHES], xtb()))


def _balanced() -> list[Atoms]:
    """40 % valley, 40 % hot dynamics, 20 % of the way out: as many frames as before."""
    hot = label_here(load_embedded("ethanol/1000K")[:128:4], xtb())
    rng = np.random.default_rng(0)
    ways = []
    for bond in np.linspace(0.85, 2.0, 16):  # a little farther than the use
        seed = int(rng.integers(1000))
        (moved,) = rattled(_stretched(bond), amplitude=0.03, n_frames=1, seed=seed)
        ways.append(moved)
    return [*_valley()[:32], *hot, *label_here(ways, xtb())]


def experiment(cured: bool) -> Outcome:
    """Train on 80 frames, then follow the O-H bond until it breaks."""
    train = _balanced() if cured else list(_valley())
    model = fitted_gap(train)
    curve = list(_curve())
    truth, found = energies(curve), predict(model, curve)[0]
    name = "trained on valley, hot runs and the way out" if cured else "trained on the valley only"
    curves = {
        "xTB": (_STRETCHES, truth - truth.min()),
        name: (_STRETCHES, found - truth.min()),
    }
    return Outcome(np.abs(found - truth).max(), low_energy_bias(train, curve), curves)


FAILURE = Failure(
    key="low energies",
    name="bias to low energies",
    group="data",
    symptom="Test errors are excellent. A reaction has a barrier that nobody believes.",
    cause="Nearly all frames lie near minima; the model never learnt what a stretched bond costs.",
    test="Count the frames of the use that lie higher in energy than the training data.",
    catcher="mlp_course.validation.low_energy_bias",
    cure="Move frames from the valley to hot runs and to the path, 40:40:20, at equal number.",
    quantity="largest error along the stretched O-H bond",
    unit="eV",
    x="O-H distance / Å",
    y="energy / eV",
    experiment=experiment,
    in_chapter=True,
)
