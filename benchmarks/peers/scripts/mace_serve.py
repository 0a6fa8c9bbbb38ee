"""An untrained mace-torch model in float64 that answers line by line: runs in .venv-peers.

Reads lines of JSON with "numbers" and "positions" (Å); answers with "energy" (eV) and "forces".
"""

import json
import os
import sys

import numpy as np
import torch

# What mace-torch prints must not come between.
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
import mace_model  # noqa: E402

with np.load(sys.argv[1]) as arrays:
    given = dict(arrays)
model = mace_model.build(given, given["n_mean"], given["scale"])
for line in sys.stdin:
    question = json.loads(line)
    given["numbers"] = np.array(question["numbers"])
    places = np.array(question["positions"])
    (batch,) = mace_model.loader(mace_model.graphs(given, places[None]), 1)
    output = model(batch.to_dict())
    answer = dict(energy=output["energy"].item(), forces=output["forces"].detach().tolist())
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
