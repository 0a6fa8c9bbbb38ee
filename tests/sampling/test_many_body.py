"""Constructed molecules: what they promise about distances, angles and energies holds."""

import numpy as np
import pytest
import torch

from mlp_course.data import neighbour_list
from mlp_course.models import build_model
from mlp_course.sampling import (
    SHORT_CUTOFF,
    bent_molecules,
    star_angles,
    twin_molecules,
    twisted_chains,
)
from mlp_course.validation import predict

MAKERS = [bent_molecules, twisted_chains, twin_molecules]
PAIRS = {
    "angle": bent_molecules(2),
    "torsion": twisted_chains(3)[:2],
    "twins": twin_molecules(1),
}


@pytest.mark.parametrize("make", MAKERS)
def test_only_bonds_are_seen_and_all_are_alike(make):
    """Within the short cutoff every distance is 2 Å, to 1e-9 Å."""
    for atoms in make(4):
        graph = neighbour_list(atoms, SHORT_CUTOFF)
        np.testing.assert_allclose(graph.pair_vectors().norm(dim=1), 2.0, atol=1e-9)
        assert len(graph.idx_i) == 2 * (len(atoms) - 1)


@pytest.mark.parametrize("make", MAKERS)
def test_forces_are_the_slope_of_the_energy(make):
    """Displaced by 1e-5 Å, the energy of a frame changes as its forces say, to 1e-6 eV/Å."""
    from mlp_course.sampling import many_body

    formula = {
        bent_molecules: many_body._cosine,
        twisted_chains: many_body._torsion,
        twin_molecules: many_body._triple,
    }[make]
    atoms = make(4)[1]
    step = 1e-5 * np.random.default_rng(0).normal(size=(len(atoms), 3))
    ends = []
    for sign in (1, -1):
        moved = atoms.copy()
        moved.positions += sign * step
        ends.append(many_body._labelled(moved, formula).get_potential_energy())
    assert ends[0] - ends[1] == pytest.approx(-2 * np.sum(atoms.get_forces() * step), abs=1e-10)


def test_twins_share_angles_and_not_energies():
    """Six angles equal to 1e-6 degrees in each pair; energies at least 0.1 eV apart."""
    frames = twin_molecules(5, seed=3)
    for one, other in zip(frames[::2], frames[1::2], strict=True):
        np.testing.assert_allclose(star_angles(one), star_angles(other), atol=1e-6)
        assert abs(one.get_potential_energy() - other.get_potential_energy()) > 0.1
        assert one.info["pair"] == other.info["pair"]
    assert len({round(frame.get_potential_energy(), 6) for frame in frames}) == 10


@pytest.mark.parametrize(
    ("name", "hyper", "sees"),
    [
        ("schnet", {}, set()),
        ("behler_parrinello", {}, {"angle"}),
        ("ani", {"angular_cutoff": SHORT_CUTOFF}, {"angle"}),
        ("gap", {}, {"angle"}),
        ("dimenet", {}, {"angle", "twins"}),  # a message knows which angles share its arm
        ("painn", {}, {"angle", "torsion", "twins"}),
        ("nequip", {}, {"angle", "torsion", "twins"}),
        ("mace", {}, {"angle", "torsion", "twins"}),
        ("mace", {"n_layers": 1, "correlation": 1}, set()),
        ("mace", {"n_layers": 1, "correlation": 2}, {"angle"}),
        ("mace", {"n_layers": 1, "correlation": 3}, {"angle", "twins"}),
        ("mace", {"n_layers": 2, "correlation": 1}, {"angle", "twins"}),
        ("mace", {"n_layers": 2, "correlation": 2}, {"angle", "torsion", "twins"}),
    ],
)
@pytest.mark.parametrize("scale", [2, 3])
def test_body_order_decides_what_is_seen(name, hyper, sees, scale):
    """Random weights, twice and three times as large: blind to 1e-12 of the energy, or not."""
    model = scaled(build_model(name, cutoff=SHORT_CUTOFF, **hyper).double(), scale)
    assert {puzzle for puzzle, pair in PAIRS.items() if relative(model, pair) > 1e-12} == sees


@pytest.mark.parametrize("name", ["behler_parrinello", "ani", "gap"])
def test_the_twins_show_within_4_angstrom(name):
    """Ends of arms that see each other tell the twins apart, for angles in a list, too."""
    model = scaled(build_model(name, cutoff=4.0).double(), 2)
    assert relative(model, PAIRS["twins"]) > 1e-4


def scaled(model, scale):
    """The model with all its weights multiplied."""
    with torch.no_grad():
        for weights in model.parameters():
            weights *= scale
    return model


def relative(model, pair):
    """Difference of two energies over the larger, dimensionless."""
    energy = predict(model, pair)[0]
    return np.ptp(energy) / np.abs(energy).max()


@pytest.mark.parametrize(
    ("make", "number", "message"),
    [
        (bent_molecules, 1, "n must be .* at least 2, .*; got 1"),
        (bent_molecules, 2.5, "n must be a whole number .*; got 2.5"),
        (bent_molecules, float("nan"), "n must be a whole number .*; got nan"),
        (twisted_chains, 0, "n must be .* at least 2, .*; got 0"),
        (twin_molecules, 0, "n_pairs must be .* at least 1, .*; got 0"),
        (twin_molecules, 1.5, "n_pairs must be a whole number .*; got 1.5"),
    ],
)
def test_too_few_and_parts_are_refused(make, number, message):
    """One angle is no curve, no pair no twins, and half a molecule none."""
    with pytest.raises(ValueError, match=message):
        make(number)
