"""Train mace-torch's or nequip's model for some seconds of computing time and test it.

Each with the loss, optimiser, averaging of weights and clipping that its own documentation
recommends. `schedule` is the learning rate's: `own` is theirs (lower it when the validation loss
stands still), `cosine` a warm-up and half a cosine over the given seconds, as ours.
"""

import math
import sys
import time

import numpy as np
import torch

given = np.load(sys.argv[1])
torch.set_num_threads(1)
torch.set_default_dtype(torch.float32)
n_train, batch_size = len(given["positions"]), int(given["batch_size"])
learning_rate, seconds, schedule = 1e-2, float(given["seconds"]), str(given["schedule"])


class MACE:
    """Settings of mace-torch's `mace_run_train`: Adam with amsgrad, EMA 0.99, clip 10, 1:100."""

    factor, patience = 0.8, 50

    def __init__(self):
        import mace_model
        from mace import modules
        from torch_ema import ExponentialMovingAverage

        self.make, self.seed = mace_model, 0
        self.model = mace_model.build(given, given["n_mean"], given["scale"])
        self.loss = modules.WeightedEnergyForcesLoss(energy_weight=1.0, forces_weight=100.0)
        decays = ("linear.weight", "skip_tp_full.weight")  # as in mace.tools.scripts_utils
        decay, plain = [], []
        for name, weight in self.model.named_parameters():
            own = name.startswith("products") or (
                name.startswith("interactions") and any(part in name for part in decays)
            )
            (decay if own else plain).append(weight)
        groups = [{"params": decay, "weight_decay": 5e-7}, {"params": plain, "weight_decay": 0.0}]
        self.optimiser = torch.optim.Adam(groups, lr=learning_rate, amsgrad=True)
        self.average = ExponentialMovingAverage(self.model.parameters(), decay=0.99)
        self.data = mace_model.graphs(given, *labels("positions", "energies", "forces"))

    def batches(self):
        self.seed += 1
        return self.make.loader(self.data, batch_size, shuffle=True, seed=self.seed)

    def step(self, batch):
        self.optimiser.zero_grad(set_to_none=True)
        output = self.model(batch.to_dict(), training=True)
        loss = self.loss(pred=output, ref=batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), max_norm=10.0)
        self.optimiser.step()
        self.average.update()

    def predict(self, positions):
        found = self.make.graphs(given, positions)
        with self.average.average_parameters():
            outputs = [self.model(b.to_dict()) for b in self.make.loader(found, 50)]
        return [torch.cat([o[key].detach() for o in outputs]) for key in ("energy", "forces")]


class NequIP:
    """Settings of nequip's tutorial: Adam, EMA 0.999, energy per atom and forces 1:1."""

    factor, patience = 0.6, 5

    def __init__(self):
        import nequip_model
        from nequip.train.ema import EMAWeights

        self.make = nequip_model
        self.model = nequip_model.build(given, given["n_mean"], given["scale"])
        self.generator = torch.Generator().manual_seed(0)
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=learning_rate)
        self.average = EMAWeights(self.model, decay=0.999)
        self.data = nequip_model.graphs(given, *labels("positions", "energies", "forces"))

    def batches(self):
        return self.make.batches(self.data, batch_size, shuffle=True, generator=self.generator)

    def step(self, batch):
        self.optimiser.zero_grad(set_to_none=True)
        output = self.model(dict(batch))
        energy = (output["total_energy"] - batch["total_energy"]) / len(given["numbers"])
        force = output["forces"] - batch["forces"]
        (0.5 * energy.square().mean() + 0.5 * force.square().mean()).backward()
        self.optimiser.step()
        self.average.update_parameters(self.model)

    def predict(self, positions):
        self.average.swap_parameters(self.model)
        self.model.eval()
        found = self.make.graphs(given, positions)
        outputs = [self.model(batch) for batch in self.make.batches(found, 50)]
        self.model.train()
        self.average.swap_parameters(self.model)
        energy = torch.cat([o["total_energy"][:, 0].detach() for o in outputs])
        return energy, torch.cat([o["forces"].detach() for o in outputs])


def labels(*names):
    """Some of the given arrays."""
    return [given[name] for name in names]


def warm_up_cosine(progress, warm_up=0.02):
    """The factor of our `fit`."""
    if progress < warm_up:
        return progress / warm_up
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warm_up) / (1 - warm_up))))


def train(peer):
    """Steps until the time is over; return their number."""
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
        peer.optimiser, factor=peer.factor, patience=peer.patience
    )
    started, steps = time.process_time(), 0
    while True:
        for batch in peer.batches():
            progress = (time.process_time() - started) / seconds
            if progress >= 1:
                return steps
            if schedule == "cosine":
                for group in peer.optimiser.param_groups:
                    group["lr"] = learning_rate * warm_up_cosine(progress)
            peer.step(batch)
            steps += 1
        if schedule == "own":
            plateau.step(force_error(peer, "validation"))


def force_error(peer, part):
    """Mean absolute error in eV/Å."""
    _, forces = peer.predict(given[f"{part}_positions"])
    truth = torch.tensor(given[f"{part}_forces"].reshape(-1, 3))
    return (forces - truth).abs().mean().item()


peer = {"mace": MACE, "nequip": NequIP}[str(given["kind"])]()
steps = train(peer)
energy, forces = peer.predict(given["test_positions"])
np.savez(sys.argv[2], energies=energy.numpy(), forces=forces.numpy(), steps=steps)
