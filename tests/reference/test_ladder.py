"""The ladder: every rung is an ASE calculator in eV and Å whose forces follow from its energy."""

import builtins

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule

from mlp_course.reference import reference_calculator


@pytest.mark.parametrize("rung", ["emt", "gfn1-xtb", "gfn2-xtb"])
def test_forces_are_the_slope_of_the_energy(rung):
    """-dE/dR by central differences of 1e-3 Å agrees to 1 meV/Å."""
    atoms = molecule("H2O")
    atoms.rattle(0.05, seed=0)
    atoms.calc = reference_calculator(rung)
    forces, start = atoms.get_forces(), atoms.get_positions()
    energies = []
    for sign in (1, -1):
        atoms.positions = start
        atoms.positions[1, 1] += sign * 1e-3
        energies.append(atoms.get_potential_energy())
    assert -(energies[0] - energies[1]) / 2e-3 == pytest.approx(forces[1, 1], abs=1e-3)
    assert np.abs(forces).max() > 0.1


def test_xtb_knows_the_hydrogen_molecule():
    """GFN2-xTB: the bond of H2 is 0.78 Å long within 0.02 Å, and EMT's copper binds."""
    distances = np.linspace(0.70, 0.86, 17)
    energies = []
    for d in distances:
        atoms = Atoms("H2", [[0, 0, 0], [0, 0, d]])
        atoms.calc = reference_calculator("gfn2-xtb")
        energies.append(atoms.get_potential_energy())
    assert distances[np.argmin(energies)] == pytest.approx(0.78, abs=0.021)


def test_options_reach_the_calculator():
    """Options are handed on: EMT accepts its own parameter set."""
    copper = bulk("Cu")
    copper.calc = reference_calculator("emt", asap_cutoff=True)
    assert copper.calc.parameters["asap_cutoff"] is True


def test_an_unknown_rung_is_refused():
    """A method that does not exist is answered with those that do."""
    with pytest.raises(ValueError, match=r"no reference method 'dft'; known: emt, .*, pbe-d3"):
        reference_calculator("dft")


def test_a_missing_program_is_named_with_the_cure(monkeypatch):
    """Without tblite the error says what to install, and that Windows has to look elsewhere."""
    real = builtins.__import__

    def without_tblite(name, *rest, **options):
        if name.startswith("tblite"):
            raise ModuleNotFoundError("No module named 'tblite'", name="tblite")
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without_tblite)
    with pytest.raises(ImportError, match=r"needs the package 'tblite': run `pip install tblite`"):
        reference_calculator("gfn2-xtb")
