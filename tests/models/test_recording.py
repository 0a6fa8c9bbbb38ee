"""Recorded potentials: quicker, and the same numbers as without recording."""

import copy

import numpy as np
import pytest
import torch
from ase import units
from ase.build import molecule
from ase.md.velocitydistribution import thermalize_momenta
from ase.md.verlet import VelocityVerlet

from mlp_course.data import neighbour_list
from mlp_course.models import MLPCalculator
from mlp_course.models.recording import Replay, record


def recordings(calculator):
    """The recording that a calculator uses now, or None."""
    return calculator._replay._recorded


def assert_same_as_the_model(calculator, atoms):
    """Energy to 1e-10 eV and forces to 1e-10 eV/Å are those of the potential itself."""
    model = calculator.model
    expected = model(neighbour_list(atoms, model.cutoff).to(dtype=model.dtype))
    atoms.calc = calculator
    assert atoms.get_potential_energy() == pytest.approx(expected.energy.item(), abs=1e-10)
    np.testing.assert_allclose(atoms.get_forces(), expected.forces.numpy(), atol=1e-10)


@pytest.mark.parametrize("stretches", [np.linspace(1, 6, 40), np.linspace(6, 1, 40)])
def test_pairs_may_come_and_go(any_model, stretches):
    """A molecule flies apart, or together, pair by pair past the cutoff; no number changes."""
    calculator = MLPCalculator(any_model)
    atoms = molecule("CH3CH2OH")
    n_pairs = set()
    for stretch in stretches:
        moved = atoms.copy()
        moved.positions *= stretch
        assert_same_as_the_model(calculator, moved)
        n_pairs.add(len(neighbour_list(moved, any_model.cutoff).idx_i))
    assert len(n_pairs) > 10
    assert 0 in n_pairs
    if any_model.architecture.recordable:
        assert recordings(calculator) is not None


def test_other_atoms_are_not_answered_from_the_recording(any_model):
    """Another number or order of atoms is evaluated afresh."""
    calculator = MLPCalculator(any_model)
    ethanol = molecule("CH3CH2OH")
    for step in range(15):
        ethanol.positions[0, 0] += 0.01 * step
        assert_same_as_the_model(calculator, ethanol)
    for other in (molecule("H2O"), ethanol[::-1], molecule("C6H6"), ethanol):
        assert_same_as_the_model(calculator, other)


def test_new_weights_are_used(small_model):
    """Training goes on after a recording; the next evaluation knows the new weights."""
    model = small_model()
    calculator = MLPCalculator(model)
    atoms = molecule("H2O")
    for _ in range(15):
        atoms.rattle(0.01, rng=np.random.default_rng(0))
        assert_same_as_the_model(calculator, atoms)
    assert recordings(calculator) is not None
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(1.1)
    model.reference_energies[8] = -400.0
    assert_same_as_the_model(calculator, atoms)
    model.float()
    atoms.rattle(0.01)
    atoms.calc = calculator
    expected = model(neighbour_list(atoms, model.cutoff).to(dtype=torch.float32)).energy.item()
    assert atoms.get_potential_energy() == pytest.approx(expected, abs=1e-4)


def test_a_calculator_with_a_recording_can_be_copied(small_model):
    """The copy works and records for itself."""
    calculator = MLPCalculator(small_model())
    atoms = molecule("H2O")
    for _ in range(15):
        atoms.rattle(0.01)
        assert_same_as_the_model(calculator, atoms)
    twin = copy.deepcopy(calculator)
    assert recordings(twin) is None
    assert_same_as_the_model(twin, atoms)


def test_what_cannot_be_recorded_is_evaluated_as_it_is(small_model):
    """An architecture that does not say that it is recordable never is."""
    model = small_model()
    model.architecture.recordable = False
    replay = Replay(model, after=0)
    graph = neighbour_list(molecule("H2O"), model.cutoff)
    assert replay(graph, 0) is model


def test_stress_comes_from_the_recording_too(small_model):
    """The strain acts before the recorded part."""
    model = small_model()
    water = molecule("H2O", cell=[6, 6, 6], pbc=True)
    graph = neighbour_list(water, model.cutoff)
    torch.testing.assert_close(
        record(model, graph)(graph, with_stress=True).stress, model(graph, with_stress=True).stress
    )


def test_dynamics_is_the_same(small_model):
    """60 steps with and without recording end at the same place, to 1e-9 Å."""
    ends = []
    for after in (10, 10**9):
        atoms = molecule("CH3CH2OH")
        thermalize_momenta(atoms, 500, rng=np.random.default_rng(0))
        atoms.calc = MLPCalculator(small_model())
        atoms.calc._replay.after = after
        VelocityVerlet(atoms, 0.5 * units.fs).run(60)
        ends.append(atoms.get_positions())
    np.testing.assert_allclose(ends[0], ends[1], atol=1e-9)
