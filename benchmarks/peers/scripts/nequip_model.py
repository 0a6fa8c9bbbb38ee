"""The nequip package's model with the hyperparameters of ours, and its batches."""

import warnings

import numpy as np
import torch
from ase.data import chemical_symbols

warnings.filterwarnings("ignore")
from nequip.data import AtomicDataDict, compute_neighborlist_, from_dict  # noqa: E402
from nequip.model import NequIPGNNModel  # noqa: E402
from nequip.utils.global_state import set_global_state  # noqa: E402


def build(given, n_mean, scale):
    """A new model with features of natural parity, as ours."""
    set_global_state()
    symbols = [chemical_symbols[int(z)] for z in given["species"]]
    hidden = [int(width) for width in given["hidden"]]
    return NequIPGNNModel(
        seed=int(given["seed"]),
        model_dtype=str(given["dtype"]),
        r_max=float(given["cutoff"]),
        type_names=symbols,
        num_layers=int(given["n_layers"]),
        l_max=int(given["l_max"]),
        parity=False,
        num_features=int(given["n_features"]),
        radial_mlp_depth=len(hidden),
        radial_mlp_width=hidden[0],
        num_bessels=int(given["n_rbf"]),
        polynomial_cutoff_p=int(given["p"]),
        avg_num_neighbors=float(n_mean),
        per_type_energy_scales=float(scale),
        per_type_energy_shifts=dict(zip(symbols, given["references"].tolist(), strict=True)),
    )


def graphs(given, positions, energies=None, forces=None):
    """Configurations in nequip's format, with its own neighbour list."""
    species = given["species"].tolist()
    types = torch.tensor([species.index(z) for z in given["numbers"].tolist()])
    found = []
    for n, places in enumerate(positions):
        data = {
            AtomicDataDict.POSITIONS_KEY: torch.tensor(places, dtype=torch.float64),
            AtomicDataDict.ATOM_TYPE_KEY: types,
        }
        if energies is not None:
            energy = torch.tensor([[energies[n]]], dtype=torch.float64)
            data[AtomicDataDict.TOTAL_ENERGY_KEY] = energy
            data[AtomicDataDict.FORCE_KEY] = torch.tensor(forces[n], dtype=torch.float64)
        data = from_dict(data)
        found.append(compute_neighborlist_(data, r_max=float(given["cutoff"])))
    return found


def batches(found, batch_size, *, shuffle=False, generator=None):
    """Batches of one epoch; an incomplete one is dropped when shuffled."""
    order = torch.randperm(len(found), generator=generator) if shuffle else np.arange(len(found))
    end = len(found) - len(found) % batch_size if shuffle else len(found)
    for start in range(0, end, batch_size):
        chosen = [found[int(n)] for n in order[start : start + batch_size]]
        yield AtomicDataDict.batched_from_list(chosen)
