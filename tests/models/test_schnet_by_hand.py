"""Our SchNet is SchNetPack's SchNet: the same weights give the same energy and forces."""

import pytest
import torch
from ase.build import bulk, molecule

from mlp_course.data import neighbour_list
from mlp_course.models import build_model

#: Ours -> SchNetPack's name of each weight of one interaction.
INTERACTION = {
    "before": "in2f",
    "filter.0": "filter_network.0",
    "filter.2": "filter_network.1",
    "after.0": "f2out.0",
    "after.2": "f2out.1",
}


def with_weights_of(theirs):
    """Our SchNet with the weights of SchNetPack's."""
    ours = build_model(
        "schnet_by_hand", **{k: v for k, v in theirs.settings.items() if k != "name"}
    )
    given = theirs.architecture.state_dict()
    own = ours.architecture.state_dict()
    renamed = {"embedding.weight": "representation.embedding.weight"}
    for name in own:
        parts = name.split(".")
        if parts[0] == "interactions":
            place, kind = ".".join(parts[2:-1]), parts[-1]
            theirs_name = INTERACTION[place]
            renamed[name] = f"representation.interactions.{parts[1]}.{theirs_name}.{kind}"
        elif parts[0] == "readout":
            renamed[name] = f"readout.{int(parts[1]) // 2}.{parts[2]}"
    ours.architecture.load_state_dict({name: given[renamed[name]] for name in own})
    return ours


@pytest.mark.parametrize("atoms", [molecule("CH3CH2OH"), molecule("C6H6"), bulk("C")])
def test_energy_and_forces_are_those_of_schnetpack(atoms):
    """To 1e-6: SchNetPack keeps its constants in float32."""
    atoms = atoms.copy()
    atoms.rattle(0.1, seed=0)
    theirs = build_model("schnet", seed=4)
    ours = with_weights_of(theirs)
    graph = neighbour_list(atoms, 5.0)
    one, other = ours.double().eval()(graph), theirs.double().eval()(graph)
    torch.testing.assert_close(one.energy, other.energy, atol=1e-6, rtol=0)
    torch.testing.assert_close(one.forces, other.forces, atol=1e-6, rtol=0)
