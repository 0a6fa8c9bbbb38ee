"""Recorded potentials: quicker, and the same numbers as without recording."""

import copy
import warnings

import numpy as np
import pytest
import torch
from ase import units
from ase.build import molecule
from ase.md.velocitydistribution import thermalize_momenta
from ase.md.verlet import VelocityVerlet

from mlp_course.data import neighbour_list
from mlp_course.models import MLPCalculator
from mlp_course.models.architecture import Architecture
from mlp_course.models.potential import Potential
from mlp_course.models.recording import RecordOnRepeat, record


@pytest.fixture
def recording_calculator():
    """A calculator that records after three evaluations of the same atoms."""

    def make(model):
        calculator = MLPCalculator(model)
        calculator._recording.after = 3
        return calculator

    return make


def recording(calculator):
    """The recording that a calculator uses now, or None."""
    return calculator._recording._recorded


def assert_same_as_the_model(calculator, atoms):
    """Energy to 1e-10 eV and forces to 1e-10 eV/Å are those of the potential itself."""
    model = calculator.model
    expected = model(neighbour_list(atoms, model.cutoff).to(dtype=model.dtype))
    atoms.calc = calculator
    assert atoms.get_potential_energy() == pytest.approx(expected.energy.item(), abs=1e-10)
    np.testing.assert_allclose(atoms.get_forces(), expected.forces.numpy(), atol=1e-10)


@pytest.mark.parametrize("stretches", [np.linspace(1, 6, 40), np.linspace(6, 1, 40)])
def test_pairs_may_come_and_go(any_model, stretches, recording_calculator):
    """A molecule flies apart, or together, pair by pair past the cutoff; no number changes."""
    calculator = recording_calculator(any_model)
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
        assert recording(calculator) is not None


def test_other_atoms_are_not_answered_from_the_recording(any_model, recording_calculator):
    """Another number or order of atoms is evaluated afresh."""
    calculator = recording_calculator(any_model)
    ethanol = molecule("CH3CH2OH")
    for step in range(15):
        ethanol.positions[0, 0] += 0.01 * step
        assert_same_as_the_model(calculator, ethanol)
    for other in (molecule("H2O"), ethanol[::-1], molecule("C6H6"), ethanol):
        assert_same_as_the_model(calculator, other)


def prepared(calculator):
    """A water molecule that the calculator has recorded."""
    atoms = molecule("H2O")
    rng = np.random.default_rng(0)
    for _ in range(6):
        atoms.rattle(0.001, rng=rng)
        assert_same_as_the_model(calculator, atoms)
    assert recording(calculator) is not None
    return atoms


def test_new_weights_are_used(small_model, recording_calculator):
    """Training goes on after a recording; the next evaluation knows the new weights."""
    calculator = recording_calculator(small_model())
    atoms = prepared(calculator)
    with torch.no_grad():
        for weight in calculator.model.parameters():
            weight.mul_(1.1)
    assert_same_as_the_model(calculator, atoms)


@pytest.mark.parametrize("reassigned", [False, True])
def test_new_references_are_used(small_model, recording_calculator, reassigned):
    """Changed in place or replaced, at the same geometry: the energy follows."""
    calculator = recording_calculator(small_model())
    atoms, model = prepared(calculator), calculator.model
    if reassigned:
        model.reference_energies = model.reference_energies.clone() - 400.0
    else:
        model.reference_energies[8] = -400.0
    assert_same_as_the_model(calculator, atoms)


def test_another_precision_is_used(small_model, recording_calculator):
    """From float64 to float32 between two steps that the skin covers."""
    calculator = recording_calculator(small_model())
    atoms, model = prepared(calculator), calculator.model
    model.float()
    atoms.positions[0, 0] += 1e-3  # Å, far below the skin
    expected = model(neighbour_list(atoms, model.cutoff).to(dtype=torch.float32)).energy.item()
    assert atoms.get_potential_energy() == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("change", ["model", "architecture", "assigned weights"])
def test_what_is_replaced_is_used(small_model, recording_calculator, change):
    """Another potential, network or set of tensors, at the same geometry and after a move."""
    calculator = recording_calculator(small_model())
    atoms, other = prepared(calculator), small_model(seed=5)
    if change == "model":
        calculator.model = other
    elif change == "architecture":
        calculator.model.architecture = other.architecture
    else:
        calculator.model.architecture.load_state_dict(other.architecture.state_dict(), assign=True)
    assert_same_as_the_model(calculator, atoms)
    assert atoms.get_potential_energy() == pytest.approx(
        other(neighbour_list(atoms, other.cutoff)).energy.item(), abs=1e-10
    )
    with torch.no_grad():
        next(calculator.model.parameters()).mul_(1.5)
    assert_same_as_the_model(calculator, atoms)


def test_references_replaced_many_times_are_used(small_model, recording_calculator):
    """Python may give a new tensor the address of the old one; that is not taken for no change."""
    calculator = recording_calculator(small_model())
    atoms, model = prepared(calculator), calculator.model
    for shift in range(1, 20):
        for value in (100.0, float(shift)):
            model.reference_energies = torch.full_like(model.reference_energies, value)
        assert_same_as_the_model(calculator, atoms)


def test_a_model_in_training_mode_is_evaluated(small_model, recording_calculator):
    """`model.train()` after the calculator was made changes no number and raises nothing."""
    calculator = recording_calculator(small_model())
    atoms = prepared(calculator)
    expected = atoms.get_forces()
    calculator.model.train()
    atoms.positions[0, 0] += 1e-9
    np.testing.assert_allclose(atoms.get_forces(), expected, atol=1e-6)


def test_training_goes_on_after_a_recording(small_model, recording_calculator):
    """All weights still have gradients."""
    calculator = recording_calculator(small_model())
    prepared(calculator)
    model = calculator.model.train()
    model(neighbour_list(molecule("H2O"), model.cutoff)).forces.square().sum().backward()
    weights = dict(model.architecture.representation.named_parameters())
    assert all(weight.requires_grad for weight in weights.values())
    assert any(weight.grad is not None and weight.grad.any() for weight in weights.values())


def test_a_calculator_with_a_recording_can_be_copied(small_model, recording_calculator):
    """The copy works and records for itself."""
    calculator = recording_calculator(small_model())
    atoms = prepared(calculator)
    twin = copy.deepcopy(calculator)
    assert recording(twin) is None
    assert_same_as_the_model(twin, atoms)


def test_what_does_not_say_that_it_is_recordable_is_not_recorded(small_model):
    """The architecture itself is evaluated."""
    model = small_model()
    model.architecture.recordable = False
    chooser = RecordOnRepeat(model, after=0)
    graph = neighbour_list(molecule("H2O"), model.cutoff)
    assert chooser.architecture_for(graph, 0) is model.architecture


class Branching(Architecture):
    """Counts close pairs in Python: a recording would keep the first count for ever."""

    recordable = True

    def forward(self, atomic_numbers, r_ij, idx_i, idx_j):
        n_close = int((r_ij.norm(dim=1) < 1.2).sum())
        energies = r_ij.new_zeros(len(atomic_numbers))
        return energies.index_add(0, idx_i, n_close * r_ij.norm(dim=1))


def test_a_recording_that_would_be_wrong_is_not_made(recording_calculator):
    """A branch on data is noticed, said, and evaluated as it is."""
    calculator = recording_calculator(Potential(Branching(), cutoff=4.0, species=[1, 8]))
    atoms = molecule("H2O")
    said = []
    for step in range(6):
        atoms.positions[1:] *= 1 + 0.05 * step
        with warnings.catch_warnings(record=True) as new:
            warnings.simplefilter("always")
            assert_same_as_the_model(calculator, atoms)
        said += [str(warning.message) for warning in new]
    assert recording(calculator) is None
    assert len([text for text in said if "cannot be recorded" in text]) == 1


def test_a_torch_that_cannot_record_is_slower_and_says_so(
    small_model, recording_calculator, monkeypatch
):
    """Without tracing the numbers stay the same."""

    def gone(*_, **__):
        raise RuntimeError("torch.jit is no more")

    monkeypatch.setattr(torch.jit, "trace", gone)
    calculator = recording_calculator(small_model())
    atoms = molecule("H2O")
    for _ in range(3):
        atoms.rattle(0.001)
        assert_same_as_the_model(calculator, atoms)
    atoms.rattle(0.001)
    with pytest.warns(UserWarning, match="keeps its usual speed: RuntimeError: torch.jit is no"):
        assert_same_as_the_model(calculator, atoms)
    assert recording(calculator) is None


def test_stress_comes_from_the_recording_too(small_model):
    """The strain acts before the recorded part."""
    model = small_model()
    graph = neighbour_list(molecule("H2O", cell=[6, 6, 6], pbc=True), model.cutoff)
    recorded = record(model.architecture, graph)
    torch.testing.assert_close(
        model(graph, with_stress=True, architecture=recorded).stress,
        model(graph, with_stress=True).stress,
    )


def test_dynamics_is_the_same(small_model):
    """60 steps with and without recording end at the same place, to 1e-9 Å."""
    ends = []
    for after in (3, 10**9):
        atoms = molecule("CH3CH2OH")
        thermalize_momenta(atoms, 500, rng=np.random.default_rng(0))
        atoms.calc = MLPCalculator(small_model())
        atoms.calc._recording.after = after
        VelocityVerlet(atoms, 0.5 * units.fs).run(60)
        ends.append(atoms.get_positions())
    np.testing.assert_allclose(ends[0], ends[1], atol=1e-9)
