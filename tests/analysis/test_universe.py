"""The door to MDAnalysis: nothing is lost or turned on the way."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule
from ase.calculators.emt import EMT

from mlp_course.analysis import as_universe
from mlp_course.simulation import run_nve


def test_a_cell_that_stands_askew_keeps_its_distances():
    """The primitive cell of copper has no vector along x; nearest distances agree to 1e-4 Å."""
    from MDAnalysis.lib.distances import distance_array

    copper = bulk("Cu", a=3.6).repeat((3, 3, 3))
    copper.rattle(0.2, seed=0)
    universe = as_universe([copper])
    theirs = distance_array(
        universe.atoms.positions, universe.atoms.positions, box=universe.dimensions
    )
    np.testing.assert_allclose(theirs, copper.get_all_distances(mic=True), atol=1e-4)


def test_a_run_arrives_with_times_and_masses():
    """Frames of run_nve: 20 fs apart is 0.02 ps; masses and elements are those of ASE."""
    copper = bulk("Cu", cubic=True)
    copper.calc = EMT()
    run = run_nve(copper, steps=30, timestep=2.0, temperature=300, progress=False)
    universe = as_universe(run)
    assert [round(frame.time, 6) for frame in universe.trajectory] == [0.0, 0.02, 0.04, 0.06]
    np.testing.assert_allclose(universe.atoms.masses, copper.get_masses())
    assert list(universe.atoms.elements) == ["Cu"] * 4


def test_a_molecule_has_no_cell_and_a_mixture_is_refused():
    """Without periodicity there are no dimensions; atoms must not change."""
    assert as_universe([molecule("H2O")]).dimensions is None
    with pytest.raises(ValueError, match="same atoms in the same order"):
        as_universe([molecule("H2O"), Atoms("H")])
