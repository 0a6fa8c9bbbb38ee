"""The ASE calculator: the skin saves time and changes no number."""

import numpy as np
import pytest
import torch
from ase import Atoms, units
from ase.build import bulk, molecule
from ase.calculators.calculator import PropertyNotImplementedError
from ase.constraints import FixAtoms
from ase.md.velocitydistribution import thermalize_momenta
from ase.md.verlet import VelocityVerlet

from mlp_course.data.neighbours import neighbour_list
from mlp_course.models import MLPCalculator, calculator
from mlp_course.reference.jobs import method_name


@pytest.fixture
def counted(monkeypatch):
    """Count how often pairs are listed anew."""
    calls = []

    def counting(atoms, cutoff):
        calls.append(cutoff)
        return neighbour_list(atoms, cutoff)

    monkeypatch.setattr(calculator, "neighbour_list", counting)
    return calls


def evaluations(model):
    """Count the evaluations of a model from now on."""
    calls = []
    model.register_forward_hook(lambda *_: calls.append(1))
    return calls


def hot_crystal():
    """Two dozen atoms that move far and cross the cell's faces."""
    crystal = bulk("C", "sc", a=2.2).repeat((3, 3, 3))
    crystal.numbers[::2] = 8
    thermalize_momenta(crystal, 3000, rng=np.random.default_rng(0))
    return crystal


def fresh(model, atoms):
    """Energy and forces straight from the potential, without calculator or skin."""
    prediction = model(neighbour_list(atoms, model.cutoff).to(dtype=model.dtype))
    return prediction.energy.item(), prediction.forces.numpy()


@pytest.mark.parametrize("skin", [0.0, 0.3, 1.0, 2.5])
def test_the_skin_changes_no_number_along_a_run(any_model, skin):
    """At each of 40 hot steps energy and forces are those of a fresh pair list, to 1e-10."""
    atoms = hot_crystal()
    atoms.calc = MLPCalculator(any_model, skin=skin)
    dynamics = VelocityVerlet(atoms, 1.0 * units.fs)
    start = atoms.get_positions()
    for _ in range(10):
        dynamics.run(4)
        energy, forces = fresh(any_model, atoms)
        assert atoms.get_potential_energy() == pytest.approx(energy, abs=1e-10)
        np.testing.assert_allclose(atoms.get_forces(), forces, atol=1e-10)
    assert np.linalg.norm(atoms.positions - start, axis=1).max() > 0.3  # Å: lists did go stale


def test_changes_of_anything_are_noticed(small_model):
    """Cell, periodicity, elements, number of atoms and positions may all change between calls."""
    model = small_model()
    calc = MLPCalculator(model, skin=1.0)
    crystal = bulk("C", "diamond", a=3.6)
    strained = crystal.copy()
    strained.cell[2] *= 1.02
    chain = crystal.copy()
    chain.pbc = [True, False, False]
    other = crystal.copy()
    other.numbers[0] = 8
    moved = crystal.copy()
    moved.positions[0] += 0.4
    longer = crystal.repeat((2, 1, 1))
    others = [strained, chain, other, moved, longer, molecule("H2O")]
    for atoms in [system for one in others for system in (crystal, one)]:  # one change at a time
        energy, forces = fresh(model, atoms)
        found = atoms.copy()
        found.calc = calc
        assert found.get_potential_energy() == pytest.approx(energy, abs=1e-10)
        np.testing.assert_allclose(found.get_forces(), forces, atol=1e-10)


def test_a_model_trained_further_is_asked_again(small_model):
    """The last result belongs to the weights it was computed with."""
    atoms = molecule("H2O")
    model = small_model()
    atoms.calc = MLPCalculator(model)
    before = atoms.get_potential_energy()
    with torch.no_grad():
        for weights in model.parameters():
            weights *= 1.1
    assert atoms.get_potential_energy() == MLPCalculator(model).get_potential_energy(atoms)
    assert abs(atoms.get_potential_energy() - before) > 1e-6
    assert all(weights.requires_grad for weights in model.parameters())


def test_a_growing_cell_is_followed(small_model):
    """In a run that changes the cell at every step no image is missed."""
    model = small_model()
    atoms = bulk("C", "diamond", a=3.2, cubic=True)
    atoms.rattle(0.05, seed=0)
    atoms.calc = MLPCalculator(model, skin=0.5)
    for _ in range(10):
        atoms.set_cell(atoms.cell.array * 1.02, scale_atoms=True)
        energy, _ = fresh(model, atoms)
        assert atoms.get_potential_energy() == pytest.approx(energy, abs=1e-10)


def test_energy_and_forces_are_one_evaluation(small_model):
    """Asking for energy, forces and both again evaluates the network once a geometry."""
    model = small_model()
    calls = evaluations(model)
    atoms = molecule("CH3CH2OH")
    atoms.calc = MLPCalculator(model)
    for step in range(3):
        atoms.positions[0, 0] += 0.01
        for _ in range(2):
            atoms.get_potential_energy()
            atoms.get_forces()
        assert len(calls) == step + 1


def test_stress_costs_one_more_evaluation_only_when_asked_for(small_model):
    """Stress comes with energy and forces of the same evaluation."""
    model = small_model()
    calls = evaluations(model)
    atoms = bulk("C", "diamond", a=3.5)
    atoms.calc = MLPCalculator(model)
    atoms.get_stress()
    atoms.get_forces()
    atoms.get_potential_energy()
    assert len(calls) == 1


def test_pairs_are_listed_anew_only_after_half_the_skin(small_model, counted):
    """The list of cutoff + skin is kept until one atom has moved by skin/2, and no longer."""
    atoms = molecule("CH3CH2OH")
    atoms.calc = MLPCalculator(small_model(), skin=0.5)
    atoms.get_forces()
    assert counted == [4.5]
    atoms.positions[3, 1] += 0.24
    atoms.get_forces()
    assert len(counted) == 1
    atoms.positions[3, 1] += 0.02
    atoms.get_forces()
    assert len(counted) == 2
    atoms.positions[3, 1] += 0.24
    atoms.get_forces()
    assert len(counted) == 2


def test_without_skin_every_step_lists_anew(small_model, counted):
    """skin=0 keeps nothing."""
    atoms = molecule("H2O")
    atoms.calc = MLPCalculator(small_model(), skin=0)
    for _ in range(3):
        atoms.positions[0, 0] += 1e-4
        atoms.get_forces()
    assert counted == [4.0] * 3


def test_two_atoms_that_approach_by_half_the_skin_each_are_seen(small_model):
    """The worst case: a pair just out of the list runs towards each other."""
    model = small_model()
    atoms = Atoms("OH", [[0, 0, 0], [4.51, 0, 0]])
    atoms.calc = MLPCalculator(model, skin=0.5)
    far = atoms.get_potential_energy()
    for _ in range(60):
        atoms.positions += [[0.01, 0, 0], [-0.01, 0, 0]]
        energy, _ = fresh(model, atoms)
        assert atoms.get_potential_energy() == pytest.approx(energy, abs=1e-12)
    assert abs(atoms.get_potential_energy() - far) > 1e-6


def test_results_belong_to_the_caller(small_model):
    """Changing returned forces does not change what the calculator says next."""
    atoms = molecule("H2O")
    atoms.calc = MLPCalculator(small_model())
    forces = atoms.get_forces()
    expected = forces.copy()
    forces += 1.0
    np.testing.assert_array_equal(atoms.get_forces(), expected)
    assert expected.dtype == np.float64


def test_constraints_are_left_to_ase(small_model):
    """A fixed atom feels no force, its neighbours still do."""
    atoms = molecule("H2O")
    atoms.rattle(0.05, seed=0)
    atoms.set_constraint(FixAtoms([0]))
    atoms.calc = MLPCalculator(small_model())
    assert not atoms.get_forces()[0].any()
    assert atoms.get_forces()[1].any()


def test_the_calculator_takes_the_model_out_of_training(small_model):
    """A model still in training mode is put into evaluation mode and its forces are numbers."""
    model = small_model().train()
    atoms = molecule("H2O")
    atoms.calc = MLPCalculator(model)
    assert isinstance(atoms.get_forces(), np.ndarray)
    assert not model.training


def test_single_precision_models_work_too(small_model):
    """float32 weights give float64 results at the border, equal to 1e-4 eV."""
    model = small_model()
    atoms = molecule("CH3OH")
    atoms.calc = MLPCalculator(model)
    expected = atoms.get_potential_energy()
    model.architecture.to(torch.float32)
    atoms.calc = MLPCalculator(model)
    assert atoms.get_potential_energy() == pytest.approx(expected, abs=1e-4)
    assert atoms.get_forces().dtype == np.float64


def test_stress_without_a_volume_is_refused(small_model):
    """A molecule has no volume, so it has no stress, not an infinite one."""
    atoms = molecule("H2O")
    atoms.calc = MLPCalculator(small_model())
    with pytest.raises(PropertyNotImplementedError, match="stress needs a cell with a volume"):
        atoms.get_stress()
    assert np.isfinite(atoms.get_potential_energy())


def test_unknown_element_is_refused(small_model):
    """The refusal of the potential reaches whoever uses the calculator."""
    atoms = bulk("Au")
    atoms.calc = MLPCalculator(small_model())
    with pytest.raises(ValueError, match="unknown to this potential"):
        atoms.get_potential_energy()


@pytest.mark.parametrize("skin", [-0.1, float("inf"), float("nan")])
def test_a_skin_that_is_no_length_is_refused(small_model, skin):
    """Without an end the list would be empty or endless."""
    with pytest.raises(ValueError, match="skin must be finite and not negative, in Å; got"):
        MLPCalculator(small_model(), skin=skin)


def test_a_file_name_is_no_potential():
    """The likely slip is answered with what to give."""
    with pytest.raises(TypeError, match="from build_model, load_model or load_shipped; got str"):
        MLPCalculator("model.safetensors")


def test_no_atoms_have_no_energy(small_model):
    """An empty structure is a mistake of the caller, and is called one."""
    empty = Atoms()
    empty.calc = MLPCalculator(small_model("ani"))
    with pytest.raises(ValueError, match="must hold at least one atom; got an empty structure"):
        empty.get_potential_energy()


def test_labels_by_two_potentials_are_of_two_methods(small_model):
    """Same architecture, other weights: a store of labels must not take one for the other."""
    one, same, other = (small_model("ani", seed=seed) for seed in (0, 0, 1))
    names = [method_name(lambda model=model: MLPCalculator(model)) for model in (one, same, other)]
    assert names[0] == names[1] != names[2]
    one.reference_energies[1] += 1.0  # eV
    assert method_name(lambda: MLPCalculator(one)) != names[1]
