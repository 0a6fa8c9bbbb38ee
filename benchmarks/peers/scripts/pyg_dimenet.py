"""Energies of torch-geometric's DimeNet++ with its own weights: given.npz -> written.npz.

Its compiled graph helpers (radius_graph, SparseTensor) are replaced by plain torch.
"""

import sys

import numpy as np
import torch
from torch_geometric.nn.models import dimenet

given = np.load(sys.argv[1])
options = {
    name: int(given[name])
    for name in given.files
    if name.startswith(("num_", "int_", "basis_", "out_emb", "hidden"))
}
torch.manual_seed(0)
model = dimenet.DimeNetPlusPlus(out_channels=1, cutoff=float(given["cutoff"]), **options).double()
for layer in model.output_blocks:
    torch.nn.init.normal_(layer.lin.weight, std=0.1)  # zero at the start


def triplets(edge_index, num_nodes):
    """All k -> j -> i with k != i, by comparing every two edges."""
    row, col = edge_index  # j -> i
    kj, ji = torch.nonzero((col[:, None] == row[None]) & (row[:, None] != col[None]), as_tuple=True)
    return col, row, col[ji], row[ji], row[kj], kj, ji


def radius_graph(pos, r, batch=None, max_num_neighbors=32):
    """All pairs within r."""
    near = (torch.cdist(pos, pos) < r) & ~torch.eye(len(pos), dtype=torch.bool)
    return torch.stack(torch.nonzero(near, as_tuple=True))


dimenet.triplets, dimenet.radius_graph = triplets, radius_graph
positions = torch.tensor(given["positions"], requires_grad=True)
energy = model(torch.tensor(given["numbers"]), positions)
(slope,) = torch.autograd.grad(energy.sum(), positions)
weights = {f"weight:{name}": value.detach().numpy() for name, value in model.state_dict().items()}
np.savez(sys.argv[2], energy=energy.detach().numpy(), forces=-slope.numpy(), **weights)
