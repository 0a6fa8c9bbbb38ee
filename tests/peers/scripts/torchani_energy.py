"""AEVs and energies of torchani's ANI-1x architecture with given weights."""

import sys

import numpy as np
import torch
from torchani.aev import AEVComputer

given = np.load(sys.argv[1])
aev = AEVComputer.like_1x(num_species=len(given["species"])).double()
place = {int(z): n for n, z in enumerate(given["species"])}
elements = torch.tensor([[place[int(z)] for z in given["numbers"]]])
positions = torch.tensor(given["positions"])[None]
np.savez(sys.argv[2], aev=aev(elements, positions)[0].detach().numpy())
