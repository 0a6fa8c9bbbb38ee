"""AEVs, energies, forces and weights of torchani's ANI-1x architecture for any elements."""

import sys

import numpy as np
import torch
from ase.data import chemical_symbols
from torchani.aev import AEVComputer
from torchani.nn import ANINetworks

given = np.load(sys.argv[1])
species = [int(z) for z in given["species"]]
aev = AEVComputer.like_1x(num_species=len(species)).double()
torch.manual_seed(0)
networks = ANINetworks.like_1x([chemical_symbols[z] for z in species], in_dim=aev.out_dim).double()
elements = torch.tensor([[species.index(int(z)) for z in given["numbers"]]])
positions = torch.tensor(given["positions"][None], requires_grad=True)
features = aev(elements, positions)
energy = networks(elements, features)
(slope,) = torch.autograd.grad(energy.sum(), positions)
weights = {}
for place, network in enumerate(networks.atomics.values()):
    for number, layer in enumerate([*network.layers, network.final_layer]):
        for name, value in layer.named_parameters():  # our layers alternate with activations
            weights[f"weight:{place}.{2 * number}.{name}"] = value.detach().numpy()
np.savez(
    sys.argv[2],
    aev=features[0].detach().numpy(),
    energy=energy.detach().numpy(),
    forces=-slope[0].numpy(),
    **weights,
)
