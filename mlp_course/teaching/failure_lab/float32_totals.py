"""Failure: total energies of a large cell in single precision."""

import numpy as np
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT

from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.validation.label_checks import energy_resolution

_ATOM = -44_600.0  # eV; about what an all-electron calculation gives for one copper atom
_PATH = np.linspace(-0.6, 0.6, 61)  # Å


def _totals() -> tuple[np.ndarray, np.ndarray]:
    """One of 108 copper atoms moves: total energies in eV, and the true force in eV/Å."""
    start = bulk("Cu", cubic=True, a=3.62).repeat(3)
    start.calc = EMT()
    energy, force = [], []
    for x in _PATH:
        atoms: Atoms = start.copy()
        atoms.positions[0, 0] += x
        atoms.calc = start.calc
        energy.append(atoms.get_potential_energy() + len(atoms) * _ATOM)
        force.append(atoms.get_forces()[0, 0])
    return np.array(energy), np.array(force)


def experiment(cured: bool) -> Outcome:
    """Store the energies in 32 or 64 bits, then take the force as their slope."""
    energy, force = _totals()
    stored = energy if cured else energy.astype(np.float32)
    slope = -np.gradient(stored.astype(float), _PATH)
    error = 1000 * np.abs(slope - force)[1:-1].mean()  # meV/Å
    name = "stored in 64 bits" if cured else "stored in 32 bits"
    shown = stored.astype(float) - energy.min()
    return Outcome(error, energy_resolution(stored), {name: (_PATH, shown)})


FAILURE = Failure(
    key="float32",
    name="total energies in single precision",
    group="training",
    symptom="Energy errors do not fall below some limit that grows with the number of atoms.",
    cause="32 bits hold seven digits: millions of eV leave steps of half an eV.",
    test="Find the smallest step that the stored energies can show.",
    catcher="mlp_course.validation.energy_resolution",
    cure="Keep totals in 64 bits until the atomic references are removed, then round.",
    quantity="error of the force taken as the slope of the stored energies",
    unit="meV/Å",
    x="displacement of one atom / Å",
    y="total energy above the lowest / eV",
    experiment=experiment,
)
