"""Potentials: what physics demands of every architecture, and SchNetPack as an oracle."""

import copy
import pickle

import numpy as np
import pytest
import torch
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.data.neighbours import collate, neighbour_list
from mlp_course.models import MLPCalculator, build_model
from mlp_course.models.schnetpack_compat import load_schnetpack
from mlp_course.validation import CheckTolerances, physical_checks

#: Far below what is allowed in single precision. (Energy and jump: 1e-3 Å from the cutoff, the
#: cosine cutoff itself bends by some 1e-4 meV.)
DOUBLE = CheckTolerances(energy=1e-3, force=1e-5, gradient=0.1, jump=1e-3)
EXACT = ["translation", "rotation", "reflection", "permutation", "extensivity"]
CUTOFF = 4.0  # Å


def ethanol(seed=0):
    """Ethanol away from its symmetric geometry."""
    atoms = molecule("CH3CH2OH")
    atoms.rattle(0.05, seed=seed)
    return atoms


def ice():
    """A dense crystal of H, C and O in a skewed cell smaller than the cutoff."""
    crystal = Atoms(
        "COH2",
        scaled_positions=[[0, 0, 0], [0.5, 0.45, 0.4], [0.25, 0.8, 0.3], [0.7, 0.2, 0.8]],
        cell=[[2.9, 0.1, 0], [0.6, 3.1, 0.2], [-0.3, 0.4, 3.0]],
        pbc=True,
    )
    crystal.rattle(0.05, seed=1)
    return crystal


# One property suite over all of ARCHITECTURES: a new model joins by its line there.


@pytest.mark.parametrize("system", [ethanol, ice])
def test_every_potential_passes_all_physical_checks(any_model, system):
    """Translation, rotation, reflection, permutation, F = -dE/dR, cutoff, extensivity hold."""
    table = physical_checks(MLPCalculator(any_model), system(), tolerances=DOUBLE)
    assert table["passed"].all(), table.to_string()
    assert table["passed"].notna().all()
    exact = table[table["check"].isin(EXACT)]
    assert 0 < exact["deviation"].max() < 1e-8  # meV/atom, meV/Å: rounding only, but not nothing


def test_stress_is_the_slope_of_the_energy_by_strain(any_model):
    """Straining a crystal by ε changes its energy by volume × stress × ε, in all six ways."""
    crystal = ice()
    crystal.calc = MLPCalculator(any_model)
    stress = crystal.get_stress(voigt=False)  # eV/Å³
    step = 1e-4
    for a, b in [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]:
        strain = np.zeros((3, 3))
        strain[a, b] += step / 2
        strain[b, a] += step / 2
        energies = []
        for sign in (1, -1):
            strained = crystal.copy()
            strained.set_cell(crystal.cell.array @ (np.eye(3) + sign * strain), scale_atoms=True)
            strained.calc = MLPCalculator(any_model)
            energies.append(strained.get_potential_energy())
        slope = (energies[0] - energies[1]) / (2 * step) / crystal.get_volume()
        assert slope == pytest.approx(stress[a, b], rel=2e-6, abs=1e-7)
    assert np.abs(stress).max() > 1e-4


def test_forces_are_the_slope_of_the_energy(any_model):
    """Every one of the 27 force components is -dE/dR by differences at 4 points, to 1e-7 eV/Å."""
    atoms = ethanol()
    atoms.calc = MLPCalculator(any_model)
    forces, start, step = atoms.get_forces(), atoms.get_positions(), 5e-4
    for index in np.ndindex(forces.shape):
        slope = 0.0
        for offset, weight in ((-2, 1), (-1, -8), (1, 8), (2, -1)):
            atoms.positions = start
            atoms.positions[index] += offset * step
            slope += weight * atoms.get_potential_energy() / (12 * step)
        assert -slope == pytest.approx(forces[index], abs=1e-7)
    assert np.abs(forces).max() > 1e-3


def test_a_batch_is_its_members(any_model):
    """Molecules, an atom and a crystal have the same energy and forces in a batch as alone."""
    frames = [ethanol(), Atoms("H"), ice(), molecule("H2O")]
    graphs = [neighbour_list(atoms, any_model.cutoff) for atoms in frames]
    alone = [any_model(graph) for graph in graphs]
    together = any_model(collate(graphs))
    energies = torch.cat([one.energy for one in alone])
    forces = torch.cat([one.forces for one in alone])
    torch.testing.assert_close(together.energy, energies, atol=1e-12, rtol=0)
    torch.testing.assert_close(together.forces, forces, atol=1e-12, rtol=0)


def test_molecules_and_crystals_share_a_batch(any_model):
    """Open and periodic configurations keep in a batch the energies and forces they have alone."""
    crystal = Atoms("CO", [[0, 0, 0], [0, 0, 1.2]], cell=[3.2, 3.3, 4.0], pbc=True)
    slab = Atoms("CO", [[0, 0, 0], [0, 0, 1.2]], cell=[3.2, 3.3, 0], pbc=[True, True, False])
    graphs = [neighbour_list(atoms, CUTOFF) for atoms in (molecule("H2O"), crystal, slab)]
    together, alone = any_model(collate(graphs)), [any_model(graph) for graph in graphs]
    assert torch.allclose(together.energy, torch.cat([p.energy for p in alone]), atol=1e-10)
    assert torch.allclose(together.forces, torch.cat([p.forces for p in alone]), atol=1e-10)


def test_two_atoms_on_one_spot_are_refused(any_model):
    """No architecture answers with an energy, in or out of a cell; the atoms are named."""
    for options in (dict(), dict(cell=[8, 8, 8], pbc=True)):
        atoms = Atoms("OHH", [[1, 1, 1], [1, 1, 2], [1, 1, 2]], **options)
        atoms.calc = MLPCalculator(any_model)
        with pytest.raises(
            ValueError, match=r"atoms 1 and 2 lie on the same spot, 0.0e\+00 Å apart"
        ):
            atoms.get_potential_energy()


def test_a_lonely_atom_feels_no_force(any_model):
    """An atom without neighbours has an energy, no force and (in a huge cell) no stress."""
    atom = Atoms("C", cell=[50, 50, 50], pbc=True)
    prediction = any_model(neighbour_list(atom, any_model.cutoff), with_stress=True)
    assert torch.isfinite(prediction.energy).all()
    assert not prediction.forces.any()
    assert not prediction.stress.any()


def test_pairs_beyond_the_cutoff_count_nothing(any_model):
    """A longer pair list, as one with a skin, changes no energy."""
    short = any_model(neighbour_list(ethanol(), any_model.cutoff))
    long = any_model(neighbour_list(ethanol(), any_model.cutoff + 2.0))
    torch.testing.assert_close(short.energy, long.energy, atol=1e-12, rtol=0)
    torch.testing.assert_close(short.forces, long.forces, atol=1e-12, rtol=0)


def test_single_precision_agrees_with_double(any_model):
    """float32 weights and positions change energies by less than 0.1 meV, forces by 1 meV/Å."""
    double = any_model(neighbour_list(ethanol(), any_model.cutoff))
    single = copy.deepcopy(any_model).float()
    graph = neighbour_list(ethanol(), any_model.cutoff).to(dtype=torch.float32)
    prediction = single(graph)
    assert prediction.forces.dtype == torch.float32
    assert prediction.energy.dtype == torch.float64
    assert (prediction.energy - double.energy).abs().max() < 1e-4
    assert (prediction.forces - double.forces).abs().max() < 1e-3


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_predicts_the_same(any_model, clone):
    """A potential can be copied and sent to another process, as a committee needs it."""
    graph = neighbour_list(ethanol(), any_model.cutoff)
    assert torch.equal(clone(any_model)(graph).energy, any_model(graph).energy)


def test_a_loss_of_forces_reaches_the_weights(any_model):
    """In training mode energy and forces can be differentiated by every weight that acts."""
    any_model.train()
    prediction = any_model(neighbour_list(ethanol(), any_model.cutoff))
    (prediction.residual.sum() + prediction.forces.square().sum()).backward()
    assert all(weights.grad is not None for weights in any_model.parameters())
    assert any(weights.grad.abs().max() > 0 for weights in any_model.parameters())


def test_in_evaluation_mode_nothing_is_left_to_differentiate(any_model):
    """Forces of a finished potential are plain numbers."""
    prediction = any_model(neighbour_list(ethanol(), any_model.cutoff))
    assert not prediction.forces.requires_grad
    assert not prediction.residual.requires_grad


# Atomic references.


def test_total_energy_is_references_plus_residual(small_model):
    """E = Σ E_ref(Z) + residual: here 2 × (-1) + 1 × (-2000) eV for water."""
    model = small_model()
    graph = neighbour_list(molecule("H2O"), CUTOFF)
    before = model(graph).energy
    model.reference_energies[1], model.reference_energies[8] = -1.0, -2000.0
    after = model(graph)
    torch.testing.assert_close(after.energy, before - 2002.0, atol=1e-9, rtol=0)
    torch.testing.assert_close(after.residual, before, atol=1e-9, rtol=0)


def test_references_do_not_lose_digits_in_float32():
    """Beside -4,209 eV, float32 steps by 0.5 meV; differences of 1e-6 eV must still be seen."""
    model = build_model("schnet", n_features=16).eval()
    graph = neighbour_list(ethanol(), 5.0).to(dtype=torch.float32)
    residual = model(graph).residual.double()
    counts = {1: 6, 6: 2, 8: 1}
    references = {1: -13.123456789, 6: -1029.987654321, 8: -2041.192837465}
    for z, energy in references.items():
        model.reference_energies[z] = energy
    expected = sum(n * references[z] for z, n in counts.items()) + residual.item()
    assert model(graph).energy.item() == pytest.approx(expected, abs=1e-9)


def test_unknown_element_is_refused(small_model):
    """A potential built for H, C, O says so before it invents an energy of gold."""
    graph = neighbour_list(Atoms("AuH", [[0, 0, 0], [0, 0, 1.5]]), CUTOFF)
    with pytest.raises(ValueError, match=r"atomic numbers \[79\] are unknown.*species=\[1, 6, 8\]"):
        small_model()(graph)


def test_the_graph_is_not_touched(any_model):
    """Predicting neither moves the caller's atoms nor ties them to a gradient."""
    graph = neighbour_list(ice(), any_model.cutoff)
    before = copy.deepcopy(graph)
    any_model(graph, with_stress=True)
    assert torch.equal(graph.positions, before.positions)
    assert torch.equal(graph.cell, before.cell)
    assert not graph.positions.requires_grad


# SchNetPack's own pipeline as an oracle.


def schnetpack_oracle(model):
    """SchNetPack's NeuralNetworkPotential with the very weights of ours."""
    spk = load_schnetpack()
    atomwise = spk.atomistic.Atomwise(n_in=16, output_key="energy")
    atomwise.outnet = copy.deepcopy(model.architecture.readout)
    return spk.model.NeuralNetworkPotential(
        representation=copy.deepcopy(model.architecture.representation),
        input_modules=[spk.atomistic.PairwiseDistances()],
        output_modules=[atomwise, spk.atomistic.Forces(energy_key="energy", force_key="forces")],
    ).double()


def schnetpack_prediction(oracle, atoms, cutoff):
    """Energy and forces by SchNetPack's converter and model: ASE's neighbours, its own batching."""
    spk = load_schnetpack()
    convert = spk.interfaces.AtomsConverter(
        neighbor_list=spk.transform.ASENeighborList(cutoff=cutoff), dtype=torch.float64
    )
    results = oracle(convert(atoms))
    return results["energy"].item(), results["forces"].detach().numpy()


@pytest.mark.parametrize("system", [ethanol, ice, lambda: bulk("C", "diamond", a=3.6)])
@pytest.mark.parametrize("name", ["schnet", "painn"])
def test_schnetpack_predicts_the_same(small_model, name, system):
    """SchNetPack's own potential with the same weights: same energy and forces to 1e-5 eV, eV/Å."""
    import schnetpack.interfaces  # noqa: F401

    model = small_model(name)
    atoms = system()
    energy, forces = schnetpack_prediction(schnetpack_oracle(model), atoms, model.cutoff)
    ours = model(neighbour_list(atoms, model.cutoff))
    assert ours.energy.item() == pytest.approx(energy, abs=1e-5)
    np.testing.assert_allclose(ours.forces.numpy(), forces, atol=1e-5)
    assert abs(energy) > 1e-3


def test_references_stay_in_float64_whatever_the_weights_become():
    """Total energies of thousands of eV must not be rounded when a model is cast to float32."""
    model = build_model("schnet", n_features=8)
    model.reference_energies[6] = -1036.123456789
    assert model.double().float().reference_energies[6].item() == -1036.123456789


def test_forces_are_there_where_gradients_are_switched_off():
    """Forces are a gradient; `torch.no_grad` around a prediction must not break them."""
    model = build_model("schnet", n_features=8).eval()
    graph = neighbour_list(molecule("H2O"), 5.0).to(dtype=torch.float32)
    with torch.no_grad():
        forces = model(graph).forces
    assert forces.shape == (3, 3)
    assert not forces.requires_grad
