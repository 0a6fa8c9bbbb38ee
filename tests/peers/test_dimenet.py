"""Our DimeNet++ is torch-geometric's."""

import numpy as np
import pytest
import torch
from ase.build import molecule

from benchmarks.peers.exchange import as_arrays
from mlp_course.data import neighbour_list
from mlp_course.models import build_model

pytestmark = pytest.mark.peers

SIZES = dict(
    hidden_channels=16, num_blocks=2, int_emb_size=8, basis_emb_size=4, out_emb_channels=12,
    num_spherical=5, num_radial=4,
)  # fmt: skip


def our_name(name):
    """The name of one of their weights in our DimeNet."""
    block, number, *rest = name.split(".")
    if block == "rbf":
        return "frequencies"
    if block == "emb":
        rest = [number, *rest]
        return {"emb": "embedding", "lin_rbf": "embed_rbf", "lin": "embed"}[
            rest[0]
        ] + f".{rest[-1]}"
    if block == "output_blocks":
        head = {"lin_rbf": "rbf", "lin_up": "up", "lin": "energy"}.get(rest[0], "layers")
        return ".".join([f"outputs.{number}", head, *rest[1:]])
    names = {
        "lin_rbf1": "rbf.0", "lin_rbf2": "rbf.1", "lin_sbf1": "sbf.0", "lin_sbf2": "sbf.1",
        "lin_kj": "from_kj", "lin_ji": "from_ji", "lin_down": "down", "lin_up": "up",
        "lin": "skip",
    }  # fmt: skip
    if rest[0] in names:
        return f"interactions.{number}.{names[rest[0]]}.{rest[-1]}"
    layer = {"lin1": "first", "lin2": "second"}[rest[2]]
    place = "before_skip" if rest[0] == "layers_before_skip" else f"after_skip.{rest[1]}"
    return f"interactions.{number}.{place}.{layer}.{rest[-1]}"


@pytest.mark.parametrize("name", ["CH3CH2OH", "C6H6", "H2O"])
def test_energy_and_forces_are_those_of_torch_geometric(peer, name):
    """Same weights: energy and forces to 1e-5, as far as its constants in float32 reach."""
    atoms = molecule(name)
    atoms.rattle(0.1, seed=0)
    theirs = peer("pyg_dimenet", **as_arrays(atoms), cutoff=5.0, **SIZES)
    model = build_model(
        "dimenet", n_features=16, n_interactions=2, n_small=8, n_basis=4, n_out=12,
        n_spherical=5, n_radial=4,
    )  # fmt: skip
    model.double().eval()
    given = {
        our_name(key.removeprefix("weight:")): torch.tensor(value)
        for key, value in theirs.items()
        if key.startswith("weight:")
    }
    own = model.architecture.state_dict()
    rows = given["embedding.weight"]  # 95 elements there, 100 here
    given["embedding.weight"] = torch.cat([rows, own["embedding.weight"][len(rows) :]])
    model.architecture.load_state_dict(given)
    prediction = model(neighbour_list(atoms, 5.0))
    scale = np.abs(theirs["forces"]).max()
    assert prediction.energy.item() == pytest.approx(theirs["energy"].item(), abs=1e-5)
    np.testing.assert_allclose(prediction.forces, theirs["forces"], atol=1e-5 * max(scale, 1))
