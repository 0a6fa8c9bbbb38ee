"""PBE labels: right forces, the level of rMD17, and no label where there is none."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.data import load_rmd17
from mlp_course.reference import PBE_SETTINGS, SCFNotConverged, label, reference_calculator

pytest.importorskip("pyscf", reason="PySCF is not published for Windows")


def bent_water():
    """Water away from its minimum and from every symmetry."""
    atoms = molecule("H2O")
    atoms.rattle(0.08, seed=1)
    return atoms


@pytest.mark.slow
def test_pbe_forces_are_the_slope_of_the_energy():
    """Water, two components: -dE/dR by fourth-order differences agrees to 0.2 meV/Å."""
    atoms = bent_water()
    atoms.calc = reference_calculator("pbe")
    forces, start, h = atoms.get_forces(), atoms.get_positions(), 0.02
    for index in [(0, 1), (1, 2)]:
        energies = {}
        for steps in (-2, -1, 1, 2):
            atoms.positions = start
            atoms.positions[index] += steps * h
            energies[steps] = atoms.get_potential_energy()
        slope = 8 * (energies[1] - energies[-1]) - (energies[2] - energies[-2])
        assert -slope / (12 * h) == pytest.approx(forces[index], abs=2e-4)
    assert np.abs(forces).max() > 0.3


def test_no_net_force_on_a_molecule():
    """With the response of the grid the forces sum to zero, to 0.01 meV/Å."""
    atoms = bent_water()
    atoms.calc = reference_calculator("pbe")
    assert np.abs(atoms.get_forces().sum(axis=0)).max() < 1e-5


def test_the_short_cuts_change_nothing():
    """Coarse grid first, kept integrals and kept orbitals: as PySCF alone, tightly converged."""
    from ase.units import Bohr, Hartree
    from pyscf import dft, gto

    atoms = bent_water()
    atoms.calc = reference_calculator("pbe")
    positions = list(zip(atoms.symbols, atoms.positions.tolist(), strict=True))
    plain = dft.RKS(gto.M(atom=positions, basis="def2-svp", verbose=0), xc="pbe").density_fit()
    plain.grids.level, plain.conv_tol, plain.conv_tol_grad = 4, 1e-12, 1e-7
    gradient = plain.run().nuc_grad_method()
    gradient.grid_response = True
    forces = -gradient.kernel() * Hartree / Bohr
    assert atoms.get_potential_energy() == pytest.approx(plain.e_tot * Hartree, abs=2e-7)
    assert np.abs(atoms.get_forces() - forces).max() < 3e-5


def test_energy_and_forces_are_one_scf(monkeypatch):
    """Labels need both, so both come from one calculation."""
    calculator = reference_calculator("pbe")
    runs = []
    original = calculator._converged_mean_field
    monkeypatch.setattr(calculator, "_converged_mean_field", lambda: runs.append(1) or original())
    atoms = Atoms("H2", [[0, 0, 0], [0, 0, 0.75]], calculator=calculator)
    atoms.get_potential_energy()
    atoms.get_forces()
    assert runs == [1]


def test_an_scf_that_gives_up_is_no_label():
    """Two cycles are not enough for water: the error names the molecule and the cure."""
    atoms = bent_water()
    atoms.calc = reference_calculator("pbe", max_cycles=2)
    with pytest.raises(
        SCFNotConverged, match=r"SCF of H2O not converged in 2 cycles; .* reject it"
    ):
        atoms.get_potential_energy()
    assert "energy" not in atoms.calc.results


def test_crystals_are_refused():
    """A crystal is not silently computed as the molecule in its cell."""
    atoms = bulk("Si")
    atoms.calc = reference_calculator("pbe")
    with pytest.raises(ValueError, match="molecules without periodicity"):
        atoms.get_potential_energy()


def test_open_shells_are_refused():
    """OH has nine electrons: no closed shell; as hydroxide it has ten."""
    atoms = Atoms("OH", [[0, 0, 0], [0, 0, 0.97]])
    atoms.calc = reference_calculator("pbe")
    with pytest.raises(ValueError, match="even number of electrons; OH with charge=0 has 9"):
        atoms.get_potential_energy()
    atoms.calc = reference_calculator("pbe", charge=-1)
    assert atoms.get_potential_energy() < -2000  # eV


@pytest.mark.parametrize("of", ["charges", "magnetic_moments"])
def test_charges_and_moments_of_a_frame_are_not_ignored(of):
    """Na+ and Na are one geometry: computing the wrong one without a word would spoil a store."""
    atoms = Atoms("NaCl", [[0, 0, 0], [0, 0, 2.4]])
    getattr(atoms, f"set_initial_{of}")([1.0, 0.0])
    atoms.calc = reference_calculator("pbe")
    with pytest.raises(ValueError, match="the frame carries a charge or magnetic moments"):
        atoms.get_potential_energy()


def test_the_settings_are_those_of_the_passport():
    """Functional, basis, grid and tolerance are written down where the labels are made."""
    assert PBE_SETTINGS["functional"] == "PBE"
    assert PBE_SETTINGS["basis"] == "def2-SVP"
    assert PBE_SETTINGS["grid_response"] is True


@pytest.mark.slow
def test_our_labels_are_those_of_rmd17(rmd17_root, tmp_path):
    """Three random ethanol frames: forces within 0.2 meV/Å (MAE), energies off by 0.8 ± 0.1 meV."""
    frames = load_rmd17("ethanol", root=rmd17_root)
    chosen = np.random.default_rng().choice(len(frames), 3, replace=False)
    frames = [frames[n] for n in chosen]
    ours = label(frames, "pbe", store=tmp_path / "pbe.xyz", progress=False)
    for one, other in zip(ours, frames, strict=True):
        force_error = np.abs(one.get_forces() - other.get_forces()).mean()  # eV/Å
        offset = abs(one.get_potential_energy() - other.get_potential_energy())  # eV
        assert 1000 * force_error < 0.2, chosen
        assert 1000 * offset == pytest.approx(0.8, abs=0.1), chosen
