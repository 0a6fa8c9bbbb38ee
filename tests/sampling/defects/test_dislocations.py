"""Dislocations: a circuit finds them, and their energy grows with the logarithm of the distance."""

import numpy as np
import pytest
from ase.calculators.emt import EMT
from ase.geometry import find_mic
from ase.lattice.cubic import FaceCenteredCubic
from scipy import constants

from mlp_course.sampling import origin_of
from mlp_course.sampling.defects import burgers_vector, dislocation_dipole, excess_energy
from mlp_course.sampling.defects.dislocations import _AXES, dipole_displacement

SIZES = {"screw": (8, 3), "edge": (14, 3)}


def perfect(character, a):
    """A crystal without dislocations in the same orientation."""
    return FaceCenteredCubic(
        directions=_AXES[character], size=(4, 2, 2), symbol="Cu", latticeconstant=a
    )


@pytest.mark.parametrize("character", ["screw", "edge"])
@pytest.mark.parametrize("depth", [1, 2])
def test_circuits_find_both_lines_and_nothing_else(character, depth):
    """b, -b, and 0 half-way between; b is a/√2 along the line (screw) or across it (edge)."""
    pair = dislocation_dipole(
        "Cu", character, lattice_constant=3.6, size=SIZES[character], depth=depth
    )
    settings = origin_of(pair)["settings"]
    first, second = settings["cores"]
    expected = 3.6 / np.sqrt(2) * np.array([0, 0, 1] if character == "screw" else [1, 0, 0])
    np.testing.assert_allclose(settings["burgers"], expected)
    walks = {tuple(first): expected, tuple(second): -expected}
    walks[first[0] + pair.cell[0, 0] / 4, first[1] + pair.cell[1, 1] / 2] = 0 * expected
    for centre, known in walks.items():
        for radius in (5.0, 6.0):
            walk = dict(centre=centre, radius=radius, cutoff=3.1)
            found = burgers_vector(pair, perfect(character, 3.6), **walk)
            np.testing.assert_allclose(found, known, atol=1e-9)


@pytest.mark.parametrize("character", ["screw", "edge"])
def test_the_crystal_is_whole_across_the_faces_of_the_cell(character, a, bulk_energy):
    """Away from both lines no atom costs more than 0.04 eV: no tear where the images meet."""
    pair = dislocation_dipole("Cu", character, lattice_constant=a, size=SIZES[character])
    pair.calc = EMT()
    cost = pair.get_potential_energies() - bulk_energy
    away = np.inf
    for core in origin_of(pair)["settings"]["cores"]:
        to_core = find_mic(pair.positions - [*core, 0], pair.cell, pair.pbc)[0]
        away = np.minimum(away, np.linalg.norm(to_core[:, :2], axis=1))
    assert (away > 7).sum() > 20
    assert cost[away > 7].max() < 0.04
    assert cost.max() > 0.1


def test_the_energy_grows_with_the_logarithm_of_the_distance(a, bulk_energy):
    r"""Twice and three times the distance add :math:`\frac{K b^2}{4\pi} \ln 2` and ln 3/2 a line.

    K of a screw along <110> is √(C44 (C11 - C12) / 2) of EMT's Cu, 50.7 GPa. The displacements are
    those of an isotropic crystal, not the best ones: the energy is up to a quarter higher.
    """
    energies = []
    for n in (1, 2, 3):
        pair = dislocation_dipole("Cu", "screw", lattice_constant=a, size=(8 * n, 3 * n))
        pair.calc = EMT()
        energies.append(excess_energy(pair, bulk_energy) / pair.cell[2, 2] / 2)
    gains = np.diff(energies)
    assert gains[1] / gains[0] == pytest.approx(np.log(1.5) / np.log(2), rel=0.03)
    stiffness = np.sqrt(89.9 * (172.6 - 115.4) / 2) * 1e9 * 1e-30 / constants.e  # eV/Å³
    known = stiffness * (a / np.sqrt(2)) ** 2 * np.log(2) / (4 * np.pi)
    assert known < gains[0] < 1.25 * known


def test_the_field_is_that_of_linear_elasticity():
    """Edge: div σ = 0 in an endless medium, by finite differences; screw: u_z is harmonic."""
    cores = np.array([[0.0, 0.0], [40.0, 0.0]])
    nu, h = 0.3, 1e-3

    def laplace_and_gradient_of_divergence(at, burgers):
        def u(dx, dy):
            return dipole_displacement(np.array([at]) + [dx, dy], cores, burgers, nu)[0]

        def second(i, j):
            steps = np.eye(2) * h
            corners = [u(*(s * steps[i] + t * steps[j])) * s * t for s in (1, -1) for t in (1, -1)]
            return sum(corners) / (4 * h**2)

        xx, yy, xy = second(0, 0), second(1, 1), second(0, 1)
        divergence = np.array([xx[0] + xy[1], xy[0] + yy[1]])
        return xx + yy, divergence

    for at in ([3.0, 4.0], [-5.0, 2.0], [17.0, -6.0]):
        laplace, divergence = laplace_and_gradient_of_divergence(at, np.array([2.5, 0.0, 0.0]))
        # Navier: (1 - 2ν) ∇²u + ∇(∇·u) = 0
        np.testing.assert_allclose((1 - 2 * nu) * laplace[:2] + divergence, 0, atol=1e-7)
        assert np.abs(divergence).max() > 1e-4
        laplace, _ = laplace_and_gradient_of_divergence(at, np.array([0.0, 0.0, 2.5]))
        np.testing.assert_allclose(laplace, 0, atol=1e-7)


def test_what_cannot_be_built_or_walked_is_refused():
    """A mixed character, a ratio of no material, and a circuit larger than the cell."""
    with pytest.raises(ValueError, match="character must be screw or edge"):
        dislocation_dipole("Cu", "mixed", lattice_constant=3.6, size=(8, 3))
    with pytest.raises(ValueError, match=r"poisson_ratio between -1 and 0.5; got .* 0.5"):
        dislocation_dipole("Cu", "edge", lattice_constant=3.6, size=(8, 3), poisson_ratio=0.5)
    pair = dislocation_dipole("Cu", "screw", lattice_constant=3.6, size=(4, 2))
    with pytest.raises(ValueError, match="radius must be one where atoms form a closed ring"):
        burgers_vector(pair, perfect("screw", 3.6), centre=[0, 0], radius=30, cutoff=3.1)
