"""torchani, nequip and mace-torch, timed on demand: runs in .venv-peers, asked by models.py.

Reads lines `model job repeats` and answers each with milliseconds.
"""

import os
import sys
import time
from pathlib import Path

import numpy as np
import torch

os.environ["TORCHANI_NO_WARN_EXTENSIONS"] = "1"
torch.set_num_threads(1)
torch.set_default_dtype(torch.float32)


class TorchANI:
    """Batches are padded arrays; the pairs are found in each evaluation, as torchani does."""

    def __init__(self, given):
        from ase.data import chemical_symbols
        from torchani.aev import AEVComputer
        from torchani.nn import ANINetworks

        species = given["species"].tolist()
        self.aev = AEVComputer.like_1x(num_species=len(species))
        symbols = [chemical_symbols[z] for z in species]
        self.networks = ANINetworks.like_1x(symbols, in_dim=self.aev.out_dim)
        self.parameters = list(self.networks.parameters())
        elements = torch.tensor([species.index(z) for z in given["numbers"].tolist()])
        self.elements = elements.repeat(len(given["positions"]), 1)
        self.positions = torch.tensor(given["positions"], dtype=torch.float32)

    def __call__(self, training):
        positions = self.positions.detach().requires_grad_()
        energy = self.networks(self.elements, self.aev(self.elements, positions))
        (slope,) = torch.autograd.grad(energy.sum(), positions, create_graph=training)
        return energy, -slope


class NequIP:
    """A ready batch."""

    def __init__(self, given):
        import nequip_model

        self.model = nequip_model.build(given, given["n_mean"], given["scale"])
        self.parameters = list(self.model.parameters())
        found = nequip_model.graphs(given, given["positions"])
        (self.batch,) = nequip_model.batches(found, len(found))

    def __call__(self, training):
        self.model.train(training)
        output = self.model(dict(self.batch))
        return output["total_energy"][:, 0], output["forces"]


class MACE:
    """A ready batch."""

    def __init__(self, given):
        import mace_model

        torch.set_default_dtype(torch.float32)  # nequip sets float64
        self.model = mace_model.build(given, given["n_mean"], given["scale"])
        self.parameters = list(self.model.parameters())
        found = mace_model.graphs(given, given["positions"])
        (batch,) = mace_model.loader(found, len(found))
        self.batch = batch.to_dict()

    def __call__(self, training):
        output = self.model(dict(self.batch), training=training)
        return output["energy"], output["forces"]


def milliseconds(model, optimiser, job, repeats):
    """Mean over the repeats, of a training step or of energies and forces."""
    started = time.process_time()
    for _ in range(repeats):
        if job == "step":
            optimiser.zero_grad(set_to_none=True)
            energy, forces = model(training=True)
            (0.01 * energy.square().mean() + forces.square().mean()).backward()
            optimiser.step()
        else:
            model(training=False)
    return 1000 * (time.process_time() - started) / repeats


def main():
    """Build what is asked for once, answer until the input ends."""
    folder, kinds = Path(sys.argv[1]), {"ani": TorchANI, "nequip": NequIP, "mace": MACE}
    answers, sys.stdout = sys.stdout, sys.stderr  # mace-torch prints when it is imported
    ready = {}
    for line in sys.stdin:
        kind, job, repeats = line.split()
        if kind not in ready:
            model = kinds[kind](np.load(folder / f"{kind}.npz"))
            ready[kind] = model, torch.optim.AdamW(model.parameters, lr=1e-4, fused=True)
        print(milliseconds(*ready[kind], job, int(repeats)), file=answers, flush=True)


if __name__ == "__main__":
    main()
