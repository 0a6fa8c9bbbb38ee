"""Losses: numbers by hand."""

import numpy as np
import pytest
import torch
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.models.potential import Prediction
from mlp_course.training import EnergyForceLoss
from mlp_course.training.dataset import Batch


def case():
    """Two frames, energies wrong by 1 and 3 eV; three atoms, one force component wrong by 3."""
    forces = torch.zeros(3, 3)
    forces[0, 0] = 3.0
    residual = torch.tensor([1.0, 3.0])
    prediction = Prediction(residual.double(), forces, residual)
    return prediction, Batch(None, torch.zeros(2), torch.zeros(3, 3), torch.tensor([1, 2]))


def test_loss_is_the_weighted_sum_of_mean_squares():
    """Energies (1 + 9)/2 = 5 eV², forces 9/9 = 1 (eV/Å)²: 0.1 × 5 + 2 × 1 = 2.5."""
    loss = EnergyForceLoss(energy_weight=0.1, force_weight=2.0)
    energy, force = loss.terms(*case())
    assert energy.item() == pytest.approx(0.5)
    assert force.item() == pytest.approx(2.0)
    assert loss(*case()).item() == pytest.approx(2.5)


def test_scales_divide_the_errors():
    """Errors in units of 5 eV and 0.5 eV/Å: 5/25 + 1/0.25 = 4.2."""
    loss = EnergyForceLoss(1.0, 1.0, energy_scale=5.0, force_scale=0.5)
    assert loss(*case()).item() == pytest.approx(4.2)


def labelled(energy, force):
    """One atom with one force component."""
    atoms = Atoms("H")
    atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=[[force, 0.0, 0.0]])
    return atoms


def test_normalised_loss_takes_the_spread_of_the_labels():
    """Energies ±2 eV spread by 2 eV; forces 3, 3 of 6 components: √(18/6) = √3 eV/Å."""
    frames = [labelled(-102.0, 3.0), labelled(-98.0, -3.0)]
    loss = EnergyForceLoss(0.5, 2.0).normalised(frames)
    assert loss.energy_scale == pytest.approx(2.0)
    assert loss.force_scale == pytest.approx(np.sqrt(3.0))
    assert (loss.energy_weight, loss.force_weight) == (0.5, 2.0)


def test_sizes_of_molecules_are_no_spread():
    """H and H₂ of -10 eV an atom ± 0.1 eV: the spread is 0.1 eV, not that of 10 and 20 eV."""
    frames = []
    for symbols, energy in [("H", -10.1), ("H", -9.9), ("H2", -20.1), ("H2", -19.9)]:
        atoms = Atoms(symbols, np.eye(3)[: len(Atoms(symbols))])
        forces = np.ones((len(atoms), 3))
        atoms.calc = SinglePointCalculator(atoms, energy=energy, forces=forces)
        frames.append(atoms)
    assert EnergyForceLoss().normalised(frames).energy_scale == pytest.approx(0.1)


def test_a_model_that_knows_only_the_mean_has_normalised_loss_one_each():
    """Predicting the mean energy and no force costs w_E + w_F: that is what normalised means."""
    rng = np.random.default_rng(0)
    frames = [labelled(energy, force) for energy, force in rng.normal(size=(50, 2)) * [3, 7]]
    loss = EnergyForceLoss(1.0, 1.0).normalised(frames)
    energies = torch.tensor([atoms.get_potential_energy() for atoms in frames])
    forces = torch.tensor(np.concatenate([atoms.get_forces() for atoms in frames]))
    zeros = torch.zeros(50, dtype=torch.float64)
    prediction = Prediction(zeros, torch.zeros_like(forces), zeros)
    energy, force = loss.terms(prediction, Batch(None, energies - energies.mean(), forces, None))
    assert energy.item() == pytest.approx(1.0)
    assert force.item() == pytest.approx(1.0)


def test_labels_without_spread_are_refused():
    """One frame has no spread to measure by."""
    with pytest.raises(ValueError, match="differ between frames"):
        EnergyForceLoss().normalised([labelled(1.0, 2.0)])


@pytest.mark.parametrize("weights", [(0.0, 0.0), (-1.0, 1.0), (1.0, -1.0)])
def test_senseless_weights_are_refused(weights):
    """Rewarding errors, or caring for nothing, is refused with the numbers."""
    with pytest.raises(ValueError, match="must not be negative and not both zero; got"):
        EnergyForceLoss(*weights)
