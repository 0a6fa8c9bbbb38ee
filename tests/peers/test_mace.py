"""Our MACE is mace-torch's: every weight of theirs has its place in ours."""

import itertools

import numpy as np
import pytest
import torch
from ase.build import molecule
from e3nn.math import normalize2mom

from benchmarks.peers.exchange import as_arrays, given_weights
from mlp_course.data import neighbour_list
from mlp_course.models import build_model
from mlp_course.models.radial_network import SILU_SCALE
from mlp_course.models.symmetric_contraction import symmetric_couplings

pytestmark = pytest.mark.peers

N, L_MAX, L_HIDDEN, ORDER = 4, 3, 1, 3
SILU = normalize2mom(torch.nn.functional.silu).cst


def symmetric_parts(u):
    """Coefficients of monomials i <= j <= ..., shape (n_theirs, n_monomials, 2l + 1)."""
    order = u.dim() - 2
    size = u.shape[1]
    found = []
    for monomial in itertools.combinations_with_replacement(range(size), order):
        turns = set(itertools.permutations(monomial))
        found.append(sum(u[(slice(None), *turn)] for turn in turns))  # (2l + 1, n_theirs)
    return torch.stack(found).permute(2, 0, 1)


def our_couplings(l_out, order):
    """The same of ours, all monomials."""
    used, u = symmetric_couplings(L_MAX, l_out, order)
    monomials = itertools.combinations_with_replacement(range((L_MAX + 1) ** 2), order)
    place = {monomial: n for n, monomial in enumerate(monomials)}
    full = u.new_zeros(len(u), len(place), u.shape[2])
    full[:, [place[tuple(m)] for m in used.tolist()]] = u
    return full


def change_of_basis(theirs, l_out, order):
    """T with U_theirs = T U_ours; fails unless both span the same polynomials."""
    u = theirs if l_out else theirs[None]  # scalars come without an axis for M
    their_rows = symmetric_parts(u).flatten(1)
    our_rows = our_couplings(l_out, order).flatten(1)
    rank = torch.linalg.matrix_rank(their_rows, rtol=1e-8)
    assert rank == len(our_rows) == torch.linalg.matrix_rank(our_rows, rtol=1e-8)
    t = torch.linalg.lstsq(our_rows.T, their_rows.T).solution.T
    torch.testing.assert_close(t @ our_rows, their_rows, atol=1e-8, rtol=0)
    return t


def our_products(given, layer):
    """Weights of our symmetric contraction, by degree and then by order."""
    weights = []
    for degree in range(L_HIDDEN + 1 if layer == 0 else 1):
        name = f"products.{layer}.symmetric_contractions.contractions.{degree}."
        for order in range(1, ORDER + 1):
            w = given[name + ("weights_max" if order == ORDER else f"weights.{ORDER - 1 - order}")]
            t = change_of_basis(given[f"{name}U_matrix_{order}"], degree, order)
            weights.append(torch.einsum("zkc,kb->zbc", w, t))
    return weights


def our_weights(given):
    """The state of our MACE from theirs."""
    n_elements = 3
    state = {"embedding": given["node_embedding.linear.weight"].reshape(-1, N) / n_elements**0.5}
    for layer in range(2):
        theirs, ours = f"interactions.{layer}.", f"messages.{layer}."
        for l, block in enumerate(given[theirs + "linear_up.weight"].reshape(-1, N, N)):
            state[f"{ours}before.weights.{l}"] = block
        for n in range(3):
            w = given[f"{theirs}conv_tp_weights.layer{n}.weight"]
            gain = SILU / SILU_SCALE if n else 1.0
            state[f"{ours}radial.layers.{n}.weight"] = gain * w.T / len(w) ** 0.5
        rows = [4, 4, 4, 4] if layer == 0 else [2 * N, 3 * N, 3 * N, 2 * N]  # paths to each degree
        mixed = given[theirs + "linear.weight"].reshape(-1, N).split(rows)
        state |= {f"{ours}after.weights.{l}": block for l, block in enumerate(mixed)}
        own = given[theirs + "skip_tp.weight"].reshape(-1, N, n_elements, N)
        state[f"own.{layer}.weights"] = own.permute(2, 0, 1, 3) / n_elements**0.5
        for n, weight in enumerate(our_products(given, layer)):
            state[f"products.{layer}.weights.{n}"] = weight
        for l, block in enumerate(given[f"products.{layer}.linear.weight"].reshape(-1, N, N)):
            state[f"mixing.{layer}.weights.{l}"] = block
    state["readouts.0.weight"] = given["readouts.0.linear.weight"].reshape(1, N) / N**0.5
    state["readouts.1.0.weight"] = given["readouts.1.linear_1.weight"].reshape(N, 16).T / N**0.5
    state["readouts.1.2.weight"] = SILU * given["readouts.1.linear_2.weight"].reshape(1, 16) / 4
    return state


@pytest.mark.parametrize("name", ["CH3CH2OH", "C6H6"])
def test_energy_and_forces_are_those_of_mace_torch(peer, name):
    """Weights of mace-torch in both: energy to 1e-6 eV, forces to 1e-6 eV/Å."""
    atoms = molecule(name)
    atoms.rattle(0.1, seed=0)
    n_mean, scale = 7.0, 2.0
    theirs = peer(
        "mace_energy", **as_arrays(atoms), species=[1, 6, 8], references=np.zeros(3), cutoff=5.0,
        n_features=N, l_max=L_MAX, l_hidden=L_HIDDEN, correlation=ORDER, n_layers=2, n_rbf=8, p=6,
        hidden=[16, 16], seed=0, n_mean=n_mean, scale=scale,
    )  # fmt: skip
    model = build_model(
        "mace", n_features=N, l_max=L_MAX, l_hidden=L_HIDDEN, correlation=ORDER,
        radial={"hidden": [16, 16]},
    )  # fmt: skip
    model.double().eval()
    state = our_weights(given_weights(theirs))
    # they divide sums over neighbours by their number, we by its square root
    state |= {"n_mean": torch.tensor(n_mean**2), "scale": torch.tensor(scale)}
    missing, unexpected = model.architecture.load_state_dict(state, strict=False)
    assert not unexpected
    assert set(missing) <= set(dict(model.architecture.named_buffers()))
    prediction = model(neighbour_list(atoms, 5.0))
    assert prediction.energy.item() == pytest.approx(theirs["energy"].item(), abs=1e-6)
    np.testing.assert_allclose(prediction.forces, theirs["forces"], atol=1e-6)
    assert np.abs(theirs["forces"]).max() > 1e-2
