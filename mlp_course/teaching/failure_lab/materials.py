"""What the experiments share: labels, quick potentials, short runs."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data import load_embedded
from mlp_course.data.unit_checks.guard import EXPECTED_UNITS
from mlp_course.models import Potential, build_model
from mlp_course.reference import label_here, reference_calculator
from mlp_course.sampling import sample_dynamics
from mlp_course.training import fit


def with_labels(atoms: Atoms, energy: float, forces: np.ndarray) -> Atoms:
    """A copy that carries an energy in eV and forces in eV/Å."""
    copy = atoms.copy()
    copy.calc = SinglePointCalculator(copy, energy=energy, forces=forces)
    return copy


def energies(frames: Sequence[Atoms]) -> np.ndarray:
    """Labels in eV, shape (n_frames,)."""
    return np.array([atoms.get_potential_energy() for atoms in frames])


def fitted_gap(
    train: Sequence[Atoms], *, expects_units: str | None = EXPECTED_UNITS, **hyper: float
) -> Potential:
    """A GAP of 200 environments an element: solved in a second or two, and accurate."""
    options = dict(cutoff=4.0, n_max=4, l_max=4, n_sparse=200) | hyper
    species = sorted({int(z) for atoms in train for z in atoms.numbers})
    model = build_model("gap", species=species, **options)
    fit(model, train, train[:2], progress=False, expects_units=expects_units)
    return model


def trained_schnet(
    train: Sequence[Atoms], validation: Sequence[Atoms], *, cutoff: float = 5.0, **settings: float
) -> Potential:
    """A small SchNet (32 features, two rounds of messages) after some hundred steps."""
    species = sorted({int(z) for atoms in train for z in atoms.numbers})
    model = build_model("schnet", species=species, cutoff=cutoff, n_features=32, n_interactions=2)
    defaults = dict(max_epochs=30, learning_rate=1e-2, batch_size=5, ema_decay=0.98)
    fit(model, train, validation, progress=False, **(defaults | settings))
    return model


@cache
def xtb() -> Calculator:
    """GFN2-xTB, a millisecond an ethanol."""
    return reference_calculator("xtb")


def ethanol_run(
    *, start: int = -1, temperature: float, n_frames: int, spacing: float, seed: int
) -> list[Atoms]:
    """Labelled frames of a Langevin run of ethanol on xTB.

    Args:
        start: frame of the embedded torsion scan; -1 is anti (180°), 4 is gauche (60°).
        temperature: in K.
        n_frames: number of frames.
        spacing: in fs.
        seed: of the run.
    """
    options = dict(temperature=temperature, n_frames=n_frames, spacing=spacing, seed=seed)
    options |= dict(equilibration=300.0, timestep=1.0)
    frames = sample_dynamics(load_embedded("ethanol/torsion")[start], xtb(), **options)
    return label_here(frames, xtb())
