"""mace-torch's ScaleShiftMACE with the hyperparameters of ours, and its batches."""

import warnings

import numpy as np
import torch
from ase import Atoms
from e3nn import o3

warnings.filterwarnings("ignore")
from mace import data, modules  # noqa: E402
from mace.tools import AtomicNumberTable, torch_geometric  # noqa: E402


def build(given, n_mean, scale):
    """A new model with the default blocks of `mace_run_train`."""
    species = [int(z) for z in given["species"]]
    n_features, l_hidden = int(given["n_features"]), int(given["l_hidden"])
    block = modules.interaction_classes["RealAgnosticResidualInteractionBlock"]
    torch.manual_seed(int(given["seed"]))
    return modules.ScaleShiftMACE(
        r_max=float(given["cutoff"]),
        num_bessel=int(given["n_rbf"]),
        num_polynomial_cutoff=int(given["p"]),
        max_ell=int(given["l_max"]),
        interaction_cls=block,
        interaction_cls_first=block,
        num_interactions=int(given["n_layers"]),
        num_elements=len(species),
        hidden_irreps=o3.Irreps([(n_features, (l, (-1) ** l)) for l in range(l_hidden + 1)]),
        MLP_irreps=o3.Irreps("16x0e"),
        atomic_energies=np.asarray(given["references"]),
        avg_num_neighbors=float(n_mean),
        atomic_numbers=species,
        correlation=int(given["correlation"]),
        gate=torch.nn.functional.silu,
        radial_MLP=[int(width) for width in given["hidden"]],
        use_reduced_cg=False,
        atomic_inter_scale=float(scale),
        atomic_inter_shift=0.0,
    )


def graphs(given, positions, energies=None, forces=None):
    """Configurations in mace-torch's format, with its own neighbour list."""
    keys = data.KeySpecification({"energy": "e"}, {"forces": "f"})
    table = AtomicNumberTable([int(z) for z in given["species"]])
    found = []
    for n, places in enumerate(positions):
        atoms = Atoms(given["numbers"], places)
        atoms.info["e"] = 0.0 if energies is None else float(energies[n])
        atoms.arrays["f"] = np.zeros_like(places) if forces is None else forces[n]
        config = data.config_from_atoms(atoms, key_specification=keys)
        config.cell = np.zeros((3, 3))
        found.append(data.AtomicData.from_config(config, table, cutoff=float(given["cutoff"])))
    return found


def loader(found, batch_size, *, shuffle=False, seed=0):
    """mace-torch's batches."""
    return torch_geometric.dataloader.DataLoader(
        found, batch_size=batch_size, shuffle=shuffle, drop_last=shuffle,
        generator=torch.Generator().manual_seed(seed),
    )  # fmt: skip
