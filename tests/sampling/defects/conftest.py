"""Perfect copper by EMT: its lattice constant and the energy of an atom."""

import pytest
from ase.build import bulk
from ase.calculators.emt import EMT

from mlp_course.sampling import optimised


@pytest.fixture(scope="session")
def copper():
    """The relaxed cubic cell of four atoms."""
    return optimised(bulk("Cu", cubic=True), EMT(), relax_cell=True, force_tolerance=1e-4)


@pytest.fixture(scope="session")
def a(copper):
    """Lattice constant in Å."""
    return float(copper.cell[0, 0])


@pytest.fixture(scope="session")
def bulk_energy(copper):
    """Energy of an atom in eV."""
    return copper.get_potential_energy() / 4
