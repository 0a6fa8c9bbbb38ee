"""Train ours and the production package on the same frames for the same seconds of computing."""

import time
from collections.abc import Callable, Sequence

import numpy as np
from ase import Atoms

from mlp_course.data import neighbour_list
from mlp_course.models import build_model
from mlp_course.models.architecture import force_scale, mean_neighbours
from mlp_course.models.references import atomic_references
from mlp_course.training import fit
from mlp_course.training.dataset import LabelledGraphs
from mlp_course.validation import evaluate

CUTOFF, BATCH = 5.0, 5
HYPER = {
    "mace": dict(n_features=16, l_max=3, l_hidden=1, correlation=3, n_layers=2),
    "nequip": dict(n_features=32, l_max=2, n_layers=3),
}
RADIAL = dict(n_rbf=8, p=6, hidden=[64, 64])


def train_ours(kind: str, train, validation, test, seconds: float, **settings) -> dict:
    """Force and energy MAE (meV/Å, meV) and steps of our model."""
    model = build_model(kind, cutoff=CUTOFF, radial=RADIAL, **HYPER[kind])
    settings = dict(learning_rate=1e-2, clip_norm=10, batch_size=BATCH) | settings
    history = fit(
        model, train, validation, max_seconds=seconds, clock=time.process_time, progress=False,
        **settings,
    )  # fmt: skip
    report = evaluate(model, test)
    steps = int(history["step"].iloc[-1])
    return {"force": report.force_mae, "energy": report.total_energy_mae, "steps": steps}


def train_theirs(
    peer: Callable, kind: str, train, validation, test, seconds: float, schedule: str
) -> dict:
    """The same of the production package, by `scripts/train_equivariant.py`."""
    written = peer(
        "train_equivariant", kind=kind, seconds=seconds, schedule=schedule, batch_size=BATCH,
        dtype="float32", seed=0, cutoff=CUTOFF, numbers=train[0].numbers, **HYPER[kind], **RADIAL,
        **_constants(train), **_arrays(train), **_arrays(validation, "validation_"),
        **_arrays(test, "test_"),
    )  # fmt: skip
    energies, forces = _labels(test)
    return {
        "force": 1000 * np.abs(written["forces"].reshape(forces.shape) - forces).mean(),
        "energy": 1000 * np.abs(written["energies"] - energies).mean(),
        "steps": int(written["steps"]),
    }


def _constants(train: Sequence[Atoms]) -> dict:
    """References, mean number of neighbours and spread of the forces, as `fit` finds them."""
    references = atomic_references(train)
    graphs = [neighbour_list(atoms, CUTOFF) for atoms in train]
    data = LabelledGraphs(train, build_model("schnet", n_features=4, cutoff=CUTOFF))
    return dict(
        species=list(references),
        references=list(references.values()),
        n_mean=mean_neighbours(graphs),
        scale=force_scale(data.forces),
    )


def _labels(frames: Sequence[Atoms]) -> tuple[np.ndarray, np.ndarray]:
    energies = np.array([atoms.get_potential_energy() for atoms in frames])
    return energies, np.array([atoms.get_forces() for atoms in frames])


def _arrays(frames: Sequence[Atoms], prefix: str = "") -> dict:
    energies, forces = _labels(frames)
    positions = np.array([atoms.positions for atoms in frames])
    return {
        f"{prefix}positions": positions, f"{prefix}energies": energies, f"{prefix}forces": forces
    }  # fmt: skip
