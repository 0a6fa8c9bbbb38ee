"""Dispersion: the formula, other programs, and forces that follow from the energy."""

from functools import partial

import numpy as np
import pytest
from ase import Atoms
from ase.build import molecule
from ase.calculators.calculator import InputError
from ase.calculators.emt import EMT
from ase.units import Bohr, Hartree

pytest.importorskip("dftd3", reason="s-dftd3 is not published for Windows")

from mlp_course.reference import reference_calculator
from mlp_course.reference.dispersion import WithDispersion, dispersion_calculator
from mlp_course.reference.jobs import method_name


def dispersion(atoms, *options):
    """Energy (eV) and forces (eV/Å) of the correction."""
    atoms = atoms.copy()
    atoms.calc = dispersion_calculator(*options)
    return atoms.get_potential_energy(), atoms.get_forces()


@pytest.mark.parametrize("distance", [3.0, 3.8, 5.0, 8.0])
def test_argon_by_hand(distance):
    """Two argon atoms: C6 = 64.6462, Q = 3.44677 (both in atomic units, published), PBE parameters.

    Argon has one reference value of C6, whatever its neighbours, so the formula is all there is.
    """
    c6, q = 64.6462, 3.44677275
    s8, a1, a2 = 0.7875, 0.4289, 4.4407
    c8 = 3 * c6 * q * q
    damped, r = a1 * np.sqrt(c8 / c6) + a2, distance / Bohr
    by_hand = -(c6 / (r**6 + damped**6) + s8 * c8 / (r**8 + damped**8)) * Hartree
    energy, _ = dispersion(Atoms("Ar2", [[0, 0, 0], [0, 0, distance]]))
    assert energy == pytest.approx(by_hand, rel=1e-7)


def test_far_apart_only_the_sixth_power_is_left():
    """From 20 to 31 Å the energy falls by 1.55**6, within 2 %: hardly any C8 is left."""
    near, far = (dispersion(Atoms("Ar2", [[0, 0, 0], [0, 0, r]]))[0] for r in (20.0, 31.0))
    assert near / far == pytest.approx(1.55**6, rel=0.02)


def test_the_three_body_term_is_left_out():
    """Three argon atoms far apart attract each other as three pairs do."""
    corners = 5.0 * np.array([[0, 0, 0], [1, 0, 0], [0.5, np.sqrt(0.75), 0]])
    pair, _ = dispersion(Atoms("Ar2", corners[:2]))
    three, _ = dispersion(Atoms("Ar3", corners))
    assert three == pytest.approx(3 * pair, rel=1e-9)


@pytest.mark.parametrize("damping", ["D3(BJ)", "D3(0)"])
def test_forces_are_minus_the_slope_of_the_energy(damping):
    """Central differences of 1e-3 Å in ethanol, to 1e-6 eV/Å; forces add up to zero."""
    atoms = molecule("CH3CH2OH")
    atoms.rattle(0.05, seed=0)
    _, forces = dispersion(atoms, "PBE", damping)
    for atom, axis in ((0, 0), (2, 1), (5, 2)):
        energies = []
        for step in (1e-3, -1e-3):
            moved = atoms.copy()
            moved.positions[atom, axis] += step
            energies.append(dispersion(moved, "PBE", damping)[0])
        slope = (energies[0] - energies[1]) / 2e-3
        assert forces[atom, axis] == pytest.approx(-slope, abs=1e-6)
    assert np.abs(forces).max() > 1e-3  # eV/Å
    np.testing.assert_allclose(forces.sum(axis=0), 0, atol=1e-10)


def test_the_correction_is_added_to_what_it_corrects():
    """Energy and forces of EMT with dispersion: the sum of the two."""
    atoms = molecule("CH4")
    energy, forces = dispersion(atoms)
    atoms.calc = EMT()
    energy, forces = energy + atoms.get_potential_energy(), forces + atoms.get_forces()
    atoms.calc = WithDispersion(EMT())
    assert atoms.get_potential_energy() == pytest.approx(energy)
    np.testing.assert_allclose(atoms.get_forces(), forces)


def test_labels_with_and_without_dispersion_are_of_different_methods():
    """So are those of another damping, another functional, another charge."""
    builders = [
        EMT,
        partial(WithDispersion, EMT()),
        partial(WithDispersion, EMT(), damping="D3(0)"),
        partial(WithDispersion, EMT(), "PBEsol"),
        partial(reference_calculator, "pbe-d3"),
        partial(reference_calculator, "pbe-d3", charge=1),
    ]
    assert len({method_name(build) for build in builders}) == len(builders)


def test_an_unknown_damping_is_refused():
    """The message names those that there are."""
    with pytest.raises(ValueError, match=r"damping must be one of D3\(BJ\), D3\(0\); got 'D4'"):
        dispersion_calculator("PBE", "D4")


def test_an_unknown_functional_is_refused():
    """By s-dftd3, when it looks for parameters."""
    argon = Atoms("Ar2", [[0, 0, 0], [0, 0, 3.8]])
    argon.calc = dispersion_calculator("no-such-functional")
    with pytest.raises(InputError):
        argon.get_potential_energy()


@pytest.mark.slow
def test_pbe_with_dispersion_is_a_rung():
    """Two methane molecules 3.7 Å apart: PBE hardly binds them, D3 adds its own energy."""
    pair = molecule("CH4") + molecule("CH4")
    pair.positions[5:] += [0, 0, 3.7]
    energies = {}
    for rung in ("pbe", "pbe-d3"):
        pair.calc = reference_calculator(rung)
        energies[rung] = pair.get_potential_energy()
    assert energies["pbe-d3"] - energies["pbe"] == pytest.approx(dispersion(pair)[0], abs=1e-9)
    assert energies["pbe-d3"] < energies["pbe"] - 0.02  # eV
