"""Our Coulomb matrices are dscribe's."""

import numpy as np
import pytest
from ase.build import molecule

from benchmarks.peers.exchange import as_arrays
from mlp_course.descriptors import coulomb_matrix, sorted_coulomb_matrix

pytestmark = pytest.mark.peers


@pytest.mark.parametrize("name", ["CH3CH2OH", "C6H6", "H2O"])
def test_coulomb_matrices_equal_those_of_dscribe(peer, name):
    """Unsorted and sorted by the norms of the rows, to 1e-10."""
    atoms = molecule(name)
    atoms.rattle(0.05, seed=0)  # no two rows of the same norm
    theirs = peer("dscribe_coulomb", **as_arrays(atoms))
    np.testing.assert_allclose(coulomb_matrix(atoms), theirs["none"], atol=1e-10)
    np.testing.assert_allclose(sorted_coulomb_matrix(atoms), theirs["sorted_l2"], atol=1e-10)
