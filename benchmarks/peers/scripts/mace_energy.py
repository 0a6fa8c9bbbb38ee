"""Energy, forces, weights and couplings of an untrained mace-torch model in float64."""

import sys

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
import mace_model  # noqa: E402

given = np.load(sys.argv[1])
model = mace_model.build(given, given["n_mean"], given["scale"])
(batch,) = mace_model.loader(mace_model.graphs(given, given["positions"][None]), 1)
output = model(batch.to_dict())
state = {**dict(model.named_parameters()), **dict(model.named_buffers())}
written = {f"weight:{name}": value.detach().numpy() for name, value in state.items()}
energy, forces = output["energy"].detach().numpy(), output["forces"].detach().numpy()
np.savez(sys.argv[2], energy=energy, forces=forces, **written)
