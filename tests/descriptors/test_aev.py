"""The descriptor of ANI: plain loops, symmetry, refusals."""

from itertools import combinations

import numpy as np
import pytest
import torch
from ase.build import molecule

from mlp_course.data import neighbour_list
from mlp_course.descriptors import AEV


def fade(d, cutoff):
    """The cosine cutoff of a number."""
    return 0.5 * (np.cos(np.pi * d / cutoff) + 1) if d < cutoff else 0.0


def test_all_components_equal_plain_loops(describe):
    """Radial and angular shells of ethanol's atoms, from the formulas, to 1e-10."""
    atoms = molecule("CH3CH2OH")
    aev = AEV([1, 6, 8], 5.2, n_radial=3, n_shells=2, n_angles=2)
    values = describe(aev, atoms)
    for i in (0, 3, 8):
        d = atoms.get_distances(i, range(len(atoms)))
        others = [j for j in range(len(atoms)) if j != i]
        weight = np.array([0.25 * fade(d[j], 5.2) for j in others])
        radial = [
            np.sum(weight * np.exp(-16 * (d[others] - r_s) ** 2) * (atoms.numbers[others] == z))
            for z in (1, 6, 8)
            for r_s in 0.9 + (5.2 - 0.9) / 3 * np.arange(3)
        ]
        angular = np.zeros((len(aev.elements.pairs), 2, 2))
        for j, k in combinations(others, 2):
            pair = aev.elements.pairs.index(tuple(sorted(atoms.numbers[[j, k]].tolist())))
            theta = np.arccos(0.95 * np.cos(np.radians(atoms.get_angle(j, i, k))))
            weight = fade(d[j], 3.5) * fade(d[k], 3.5)
            for s, r_s in enumerate([0.9, 0.9 + (3.5 - 0.9) / 2]):
                for t, angle in enumerate([np.pi / 4, 3 * np.pi / 4]):
                    angular[pair, s, t] += (
                        2 ** (1 - 32) * (1 + np.cos(theta - angle)) ** 32
                        * np.exp(-8 * ((d[j] + d[k]) / 2 - r_s) ** 2) * weight
                    )  # fmt: skip
        np.testing.assert_allclose(values[i], [*radial, *angular.ravel()], atol=1e-10)


def test_derivatives_stay_finite_where_three_atoms_are_in_line():
    """In CO2 the angle is 180°; the factor 0.95 keeps its derivative finite."""
    graph = neighbour_list(molecule("CO2"), 5.2)
    r_ij = graph.pair_vectors().requires_grad_()
    aev = AEV([6, 8], 5.2)
    aev(graph.atomic_numbers, r_ij, graph.idx_i, graph.idx_j).sum().backward()
    assert torch.isfinite(r_ij.grad).all()


@pytest.mark.parametrize("angular_cutoff", [0.0, -1.0, 6.0])
def test_the_angular_cutoff_lies_within_the_radial_one(angular_cutoff):
    """Pairs beyond the cutoff are not listed."""
    with pytest.raises(ValueError, match="angular_cutoff must be positive and at most"):
        AEV([1], 5.2, angular_cutoff=angular_cutoff)


def test_a_short_cutoff_shortens_the_angular_one():
    """Without being told, angles end at 3.5 Å or at the cutoff."""
    assert AEV([1], 5.2).angular_cutoff == 3.5
    assert AEV([1], 3.0).angular_cutoff == 3.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(n_radial=-3), "n_radial must be a whole number and at least 1"),
        (dict(n_angles=2.5), "n_angles must be a whole number and at least 1"),
        (dict(zeta=float("nan")), "zeta must be positive, dimensionless; got nan"),
        (dict(radial_eta=0.0), "radial_eta must be positive, in Å⁻²; got 0.0"),
        (dict(first_shell=9.0), "first_shell must be at least 0 and below angular_cutoff=3.5"),
    ],
)
def test_senseless_parameters_are_refused(options, message):
    """The message names the parameter, its rule, unit and value."""
    with pytest.raises(ValueError, match=message):
        AEV([1, 8], 5.2, **options)
