"""Train an architecture of the course on ethanol for 20 s: python docs/templates/train.py NAME."""

import sys

from mlp_course.data import load_embedded
from mlp_course.models import build_model
from mlp_course.training import fit
from mlp_course.validation import evaluate

name = sys.argv[1]
frames = load_embedded("ethanol/500K")  # 1,000 frames with PBE labels, in order of time
train, validation, test = frames[:600], frames[650:700], frames[750:]
model = build_model(name, species=[1, 6, 8])
fit(model, train, validation, max_seconds=20, seed=1)
print(evaluate(model, test))
