# %% [markdown] tags=["slide"]
# # 09 · Training on real quantum-chemistry data
#
# **The question.** You have a thousand DFT frames of a molecule. How good a potential can you
# train in a coffee break, and which of its numbers would you sign?
#
# **After this lesson you can**
# 1. train SchNet on energies and forces, and choose loss weights and learning rate from evidence;
# 2. tell an honest test error from a flattering one;
# 3. run molecular dynamics with your model and measure its energy drift.
#
# - **You need** [lesson 05](05_workflow.ipynb): loss, learning rate, batch, force MAE, cutoff.
# - **Time** under 4 minutes to run on two cores, about 45 minutes to work through.
# - **Memory** under 1 GB; measured values stand in [the list of lessons](README.md).
# - **Data** rMD17 ethanol (CC0) if it is on this machine, else the course's own ethanol frames.

# %%
import numpy as np
import torch

torch.set_num_threads(1)  # small matrices: a second thread costs more than it brings

# %% [markdown]
# ## 1 · Look at the data before the model does
#
# rMD17 is the field's small benchmark: ethanol at 500 K, labelled with PBE/def2-SVP
# (Christensen and von Lilienfeld 2020, CC0). If its files are not on this machine, the lesson takes
# the course's own ethanol set, made at the same level of theory; then your numbers will be near those on
# this page, not equal. To get rMD17 (2 MB), run `load_rmd17("ethanol", part="train")` and the same with
# `part="test"` once in a cell of your own, and restart.

# %%
from mlp_course.data import has_rmd17, load_embedded, load_rmd17, random_split

if has_rmd17("ethanol"):
    frames = load_rmd17("ethanol", part="train", split=1)
    train, validation = frames[:950], frames[950:]
    test = load_rmd17("ethanol", part="test", split=1)
    source = "rMD17, split 01"
else:
    ours = load_embedded("ethanol/500K")
    train, validation, test = random_split(ours, (0.8, 0.05, 0.15), seed=1)
    source = "the course's own ethanol set"
print(f"{source}: {len(train)} train, {len(validation)} validation, {len(test)} test frames")

# %%
from mlp_course.teaching import plot_labels, show_molecule

show_molecule(train[:200:10], size=320, align=True)

# %% [markdown] tags=["slide"]
# **Predict.** A harmonic molecule of 9 atoms has 21 vibrations. Around which value will the energies
# pile up, counted from the lowest frame: (a) 0.04 eV, (b) 0.4 eV, (c) 5 eV?
# (Hint: each vibration holds $k_BT/2$ of potential energy, and $k_BT$ at 500 K is 0.043 eV.)

# %%
plot_labels({"train": train, "test": test})

# %% [markdown]
# (b): $21 \cdot k_BT/2 = 0.45$ eV above the *minimum*; the page shows a mean near 0.4 eV above the *lowest
# frame*, which lies a little above the minimum itself. A harmonic molecule is a fair guess for a stiff one.
# The two histograms lie on each other: the test
# frames are of the same kind as the training frames. Remember that. It is what "test error" will mean,
# and all it will mean.

# %% [markdown] tags=["slide"]
# ## 2 · How a split can flatter
#
# Take a model without any idea of chemistry: the energy of a new frame is a *weighted vote of the
# training frames that look like it* (kernel ridge regression on inverse distances,
# $\hat E = \bar E + \sum_n \alpha_n \, e^{-|x - x_n|^2 / 2\sigma^2}$: $x$ are the inverse distances of a frame,
# $\sigma$ is the `width` within which frames look alike, and the votes $\alpha_n$ are chosen so that all
# training energies come out right). We give it a trajectory with a frame every 2 fs, made with the shipped
# SchNet so that labels cost nothing.
#
# **Predict:** by which factor does its test error change when the same frames are split at random
# instead of into an early and a late block? (a) not at all, (b) by a tenth, (c) by three or more.

# %%
from mlp_course.models import MLPCalculator, load_shipped
from mlp_course.simulation import run_langevin, run_nve

start = test[0].copy()
start.calc = MLPCalculator(load_shipped("ethanol_schnet"))
warm = run_langevin(start, steps=500, temperature=500, seed=3, progress=False).frames[-1]
warm.calc = start.calc
dense = run_nve(warm, steps=3200, interval=4, progress=False).frames
print(f"{len(dense)} frames, {dense[1].info['time_fs']:.0f} fs apart")


# %%
def similarity(some, others, width=1.0):
    """Gaussian of the difference in inverse distances; width in 1/Å."""
    pairs = np.triu_indices(len(some[0]), k=1)
    x = np.array([1 / atoms.get_all_distances()[pairs] for atoms in some])
    y = np.array([1 / atoms.get_all_distances()[pairs] for atoms in others])
    return np.exp(-((x[:, None] - y) ** 2).sum(axis=2) / (2 * width**2))


def vote_errors(known, unseen):
    """Energy errors in meV of the voting model."""
    energy = np.array([atoms.get_potential_energy() for atoms in known])
    kernel = similarity(known, known) + 1e-8 * np.eye(len(known))  # a grain of doubt on each label
    alpha = np.linalg.solve(kernel, energy - energy.mean())
    predicted = similarity(unseen, known) @ alpha + energy.mean()
    return 1000 * np.abs(predicted - [atoms.get_potential_energy() for atoms in unseen])


# %%
from mlp_course.data import blocked_split
from mlp_course.teaching import plot_bars

splits = {
    "random split": random_split(dense, (0.8, 0.2), seed=0),
    "blocked split": blocked_split(dense, (0.8, 0.2)),
}
votes = {name: vote_errors(*parts) for name, parts in splits.items()}
mean = {name: errors.mean() for name, errors in votes.items()}
sem = {name: errors.std() / np.sqrt(len(errors)) for name, errors in votes.items()}
plot_bars(mean, errors=sem, quantity="energy MAE of the voting model / meV")

# %% [markdown]
# (c). Same frames, same model. The random split gives the far better mark, because 96 % of its test frames
# ($1 - 0.2^2$) have a training frame 2 fs before or after them. That is **leakage**. The blocked
# split asks the question you care about: what about frames that the trajectory has not been near?
#
# How far is rMD17 itself from this? Its published frames were drawn at random from one trajectory, and
# then split at random. Most are hundreds of steps apart, so the leak is small, but it is there, and
# every published rMD17 error contains it.

# %% [markdown] tags=["slide"]
# ## 3 · What should the loss weigh?
#
# $$L = w_E \, \langle (\hat E - E)^2 \rangle + w_F \, \langle (\hat F - F)^2 \rangle$$
#
# A common warning says that with 1:1 weights the energies drown the forces, because total energies
# are huge. **Predict** for a model that knows nothing yet, with 1:1 weights: which term is larger,
# (a) on raw total energies, (b) after the atomic references are taken off?

# %%
zero_error = {
    "raw energies": np.mean([atoms.get_potential_energy() ** 2 for atoms in train]),
    "energies without references": np.var([atoms.get_potential_energy() for atoms in train]),
    "forces": np.mean([np.mean(atoms.get_forces() ** 2) for atoms in train]),
}
plot_bars(zero_error, quantity="squared error of predicting zero / eV² or (eV/Å)²", log=True)

# %% [markdown]
# The warning is right for raw totals and wrong for what is really trained. `fit` removes the *atomic
# references*, one constant energy for each element that only counts atoms (in float64, with 16 digits,
# before anything becomes float32, with 7), and then the *forces* weigh more.
#
# So the useful question is how much the energies need at all. Three weights, six seconds and one seed each,
# and the **announced failure** of this lesson among them: training on energies alone. **Predict:** how good
# are the forces of a network that was shown none?


# %%
from mlp_course.models import build_model
from mlp_course.training import fit


def quick(frames=train, seconds=6, **settings):
    """Train a small SchNet for a few seconds; return it with its history."""
    model = build_model("schnet", n_features=32)
    settings |= dict(max_seconds=seconds, progress=False)
    return model, fit(model, frames, validation, **settings)


# %%
from mlp_course.teaching import plot_history

histories = {}
for name, (w_e, w_f) in {"E only": (1, 0), "1 : 1": (1, 1), "0.01 : 1": (0.01, 1)}.items():
    _, histories[name] = quick(energy_weight=w_e, force_weight=w_f)
plot_history(histories)

# %% [markdown]
# "E only" has one number a frame to learn from instead of 27, and ends with forces that nobody would run
# dynamics with. Between 1:1 and 0.01:1 the smaller weight wins for the forces, and did in each of six repeats
# that are not shown; for the
# energies the two cannot be told apart in so few seconds. The weight is a knob, not a law, and it is judged on *validation*
# frames, as above, never on the test set.

# %% [markdown] tags=["slide"]
# ## 4 · How fast may it learn?
#
# **Predict:** four learning rates, 0.0003, 0.002, 0.01 and 0.05. Which gives the lowest force error
# after the same few seconds, and does the largest one still work?

# %%
from mlp_course.teaching import plot_lines

reached = {}
for rate in (3e-4, 2e-3, 1e-2, 5e-2):
    _, history = quick(seconds=5, learning_rate=rate)
    reached[rate] = history["validation_force_mae"].iloc[-1]
plot_lines(
    {"SchNet 5 s each": (list(reached), list(reached.values()))},
    x="learning rate (highest of the run)",
    y="validation force MAE / (meV/Å)",
    log="xy",
)

# %% [markdown]
# The curve has a valley near 0.01: too small wastes the seconds, and at 0.05 the weights are thrown about
# until nothing is left of the network. Where the valley lies depends on the model, the batch and the length
# of the run; that there is one does not. Within a run the rate itself moves. It rises for a moment, then falls along a cosine to zero, so that the
# run ends in a calm. **Predict:** does a long warm-up shorten the way that the weights can go, the area under
# the curve? Move the slider.

# %%
from IPython.display import display
from ipywidgets import FloatSlider, IntSlider, interact

from mlp_course.training import warm_up_cosine


@interact(warm_up=FloatSlider(0.02, min=0.01, max=0.5, step=0.01, description="warm-up"))
def schedule(warm_up):
    progress = np.linspace(0, 1, 200)
    factor = [warm_up_cosine(p, warm_up=warm_up) for p in progress]
    curve = {f"area {np.mean(factor):.2f}": (progress, factor)}
    display(plot_lines(curve, x="part of the run", y="learning rate / highest", markers=False))


# %% [markdown] tags=["slide"]
# It does not: the area stays 0.50. A long warm-up costs time at the end, where the run should come to rest.
#
# ## 5 · The real run: 90 seconds
#
# Now the full model, 64 features and three interactions, on all training frames, with the weights 0.01 : 1
# and a learning rate of 0.008, just left of the valley. **Predict** the force MAE it ends with. Chemical accuracy for forces is often put at 43 meV/Å
# (1 kcal/mol/Å).

# %%
from mlp_course.teaching import LiveCurve

model = build_model("schnet", seed=1)
settings = dict(energy_weight=0.01, force_weight=1, learning_rate=8e-3, progress=False)
history = fit(model, train, validation, max_seconds=90, on_epoch=LiveCurve("SchNet"), **settings)

# %%
from mlp_course.validation import evaluate

report = evaluate(model, test)
report.table().dropna(subset="value").round(3)

# %%
from mlp_course.teaching import plot_parity

plot_parity({"SchNet": report})

# %% [markdown]
# Below 43 meV/Å, with a standard error of half a meV/Å or so: that number can be signed, with "for frames of
# this trajectory, for this network" behind it. The standard error knows only which frames happened to be in
# the test set; another seed makes another network and moves the number further. (The 50 validation frames gave
# a lower value: so few frames scatter, and these happen to be easier, for the shipped network, too.) Nearly all points lie on the line, but not all: look for the few that are off by
# an eV/Å, which no mean shows. R² close to 1 says little about forces, because their spread is large; for the
# energies, whose spread is small, the same network may miss 0.99. The MAE, with its unit, is the number to
# quote.

# %% [markdown] tags=["slide"]
# ### Where does the error sit?
# **Predict:** which element has the largest force error, H, C or O?

# %%
per_element = report.per_element["force_mae"].to_dict()
plot_bars(per_element, quantity="force MAE / (meV/Å)")

# %% [markdown]
# O and C: several bonds pull on them and only one on H, so one expects larger forces and, with them, errors.
# Next, the frames themselves, from the best predicted one to the worst. Look at the last ten: what do they
# have in common?

# %%
ranking = np.argsort(report.frame_force_mae)
energy = report.reference_energies - report.reference_energies.min()  # eV
worst = energy[ranking[-10:]].mean()
print(f"the ten worst frames lie at {worst:.2f} eV, all frames at {energy.mean():.2f} eV")
print(f"{np.mean(energy > worst):.1%} of all frames lie higher than these ten")


@interact(rank=IntSlider(len(test) - 1, min=0, max=len(test) - 1, continuous_update=False))
def look(rank):
    index = ranking[rank]
    error = report.frame_force_mae[index]
    print(f"force MAE {error:.1f} meV/Å, {energy[index]:.2f} eV above the lowest frame")
    display(show_molecule(test[index], size=260))


# %% [markdown] tags=["slide"]
# High energy: about twice the mean. You will hardly see it in the picture, and that is the point: a hot frame
# does not look broken. Few frames lie so high, in the training set as here (the first histogram): the errors
# are largest where data are rare.
#
# ## 6 · Would more data help?
#
# The small SchNet again, for 6 seconds each, on 10, 50, 250 and all training frames.
# **Predict:** does the error fall all the way, or does it stop somewhere, and why?

# %%
counts = sorted({count for count in (10, 50, 250) if count < len(train)} | {len(train)})
errors = {"frames it was trained on": [], "new frames": []}
for count in counts:
    small, history = quick(train[:count], learning_rate=8e-3)
    errors["frames it was trained on"].append(evaluate(small, train[:count][:50]).force_mae)
    errors["new frames"].append(history["validation_force_mae"].iloc[-1])
plot_lines(
    {name: (counts, values) for name, values in errors.items()},
    x="training frames",
    y="force MAE / (meV/Å)",
    log="xy",
)

# %% [markdown]
# On the left the *data* are the limit: what was learnt from ten frames does not hold for others, and the two
# curves are far apart. On the right the *seconds* are the limit: the curves meet, and from some fifty frames
# on more of them change little, because the network has no time to use them. A learning curve tells you which of the two to
# buy. Only at equal convergence does it show the worth of data; that takes hours, not seconds.

# %% [markdown]
# ## 7 · Physics first, then dynamics
#
# Symmetries are not learned here; they are built in. The checks take a second and cost nothing.

# %%
from mlp_course.validation import physical_checks

calculator = MLPCalculator(model)
checks = physical_checks(calculator, test[0])
checks.set_index("statement")[["deviation", "unit", "tolerance", "passed"]].round(4)

# %% [markdown] tags=["slide"]
# **Predict:** the model's force error is tens of meV/Å. Will the total energy in an NVE run drift
# because of it?

# %%
start = test[0].copy()
start.calc = calculator
warm = run_langevin(start, steps=500, temperature=300, seed=1, progress=False).frames[-1]
warm.calc = calculator
run = run_nve(warm, steps=3000, timestep=0.5, progress=False)
coarse = run_nve(warm, steps=1500, timestep=1.0, progress=False)

# %%
from mlp_course.simulation import energy_drift
from mlp_course.teaching import plot_energy_conservation

plot_energy_conservation(
    {"0.5 fs": (run, energy_drift(run)), "1 fs": (coarse, energy_drift(coarse))}
)

# %% [markdown]
# It does not. The forces are the exact slope of *one* smooth energy, a wrong one by some meV, and
# Newton's equations conserve whatever energy they are given. Twice the time step makes the noise about four
# times larger, as it should with $\Delta t^2$, and no slope. A flat line says that the forces belong to the
# energy and that the time step is short enough. It does **not** say that the energy is that of ethanol.
# A rule of thumb of [the chapter](00_start_here.ipynb#What-this-course-is) allows a drift of 0.001 eV for
# each step. In our units:

# %%
drift = energy_drift(run)
print(drift)
print(f"allowed by 0.001 eV per step: {1000 * 0.001 / 0.5 * 1000 / 9:.0f} meV/atom/ps")

# %% [markdown]
# The rule allows many thousand times more than we measured. A run that just keeps it gains 2 eV in a
# picosecond; spread over the $27 \cdot 2$ terms of energy that hold $k_BT/2$ each, that is some 900 K.

# %%
show_molecule(run.frames[::8], size=320, align=True)

# %% [markdown]
# ## 8 · Against the published numbers
#
# The course ships the same architectures trained for longer by the same `fit`. Where they come from
# is written in the file:

# %%
import pandas as pd

shipped = {name: load_shipped(f"ethanol_{name}") for name in ("schnet", "painn")}
known = ["data", "date", "steps", "machine", "test_force_mae_mev_per_angstrom"]
pd.DataFrame({name: {key: m.provenance[key] for key in known} for name, m in shipped.items()})

# %%
names = {"schnet": "SchNet", "painn": "PaiNN"}
reports = {f"{names[name]} shipped": evaluate(m, test) for name, m in shipped.items()}
ours = {"SchNet 90 s": report.force_mae} | {name: r.force_mae for name, r in reports.items()}
published = {"MACE": 2.1, "NequIP": 2.8, "ACE": 7.3, "ANI": 13.4, "GAP": 18.1}
published = {f"{name} published": value for name, value in published.items()}
plot_bars(ours | published, quantity="force MAE on ethanol at 500 K / (meV/Å)")

# %% [markdown]
# MACE, NequIP, ACE, ANI and GAP are other ways to build a potential, and so is PaiNN;
# [lesson 07](07_architectures.ipynb) builds all of them but ACE. One bar is not like the others: this ANI
# was pretrained on 8.9 million other structures (lesson 07, section 6, has its value from scratch).
# Published: 950 training frames of rMD17, Table 1 of Batatia et al. 2022 (arXiv:2206.07697). If section 1
# found rMD17, your 90 seconds and the shipped SchNet saw the same frames and differ in training time only. (If not, yours learned from the course's own frames,
# and its bar answers for those.) The published models differ from both in time **and** in architecture,
# and this plot cannot tell the two apart. For that, all families need the same data and the same
# budget: [lesson 07](07_architectures.ipynb).
#
# Every setting here, the learning rate above all, was chosen on *validation* frames. With the test
# frames it would have been easier to get a lower bar, and the bar would have meant less.

# %% [markdown]
# ## Three questions
#
# **1. A colleague reports a force MAE of 3 meV/Å on frames drawn at random from the training trajectory. What do you ask first?**
#
# (a) the R² · (b) how far apart in time the frames are · (c) the number of parameters
#
# <details><summary>Answer</summary>
#
# **(b).** Frames a few fs apart are twins, and the voting model of section 2 would do well on them too.
# (a) R² is near 1 for almost any potential. (c) says little about either error.
# </details>
#
# **2. Your NVE run conserves energy to 0.01 meV/atom/ps. Is the potential accurate?**
#
# (a) yes, a drift would show an error · (b) one cannot tell from this · (c) no, 0.01 is too much
#
# <details><summary>Answer</summary>
#
# **(b).** Conservation shows that forces are the slope of the model's own energy and that the time step is small enough.
# (a) A wrong but smooth energy is conserved just as well. (c) It heats by some 0.04 K in a picosecond.
# </details>
#
# **3. Why are the atomic references removed in float64, before training in float32?**
#
# (a) float64 trains better · (b) float32 holds a total energy of −4,200 eV to no better than 0.2 meV · (c) a network cannot predict negative numbers
#
# <details><summary>Answer</summary>
#
# **(b).** float32 has 24 bits: at 4,200 the next number is 0.0005 away, so rounding alone costs up to
# 0.24 meV. (a) The training itself is in float32. (c) It can.
# </details>
#
# **Open challenge.** Beat the shipped SchNet with the same 300 seconds: width, cutoff, batch size,
# learning rate, seed are yours. Decide by the validation error, look at the test set once.
#
# Practice that marks itself: [exercises 09](../exercises/09_training_on_md17.ipynb).

# %% [markdown] tags=["slide"]
# ## You can now
# answer the opening question: sign the force MAE of the test set with its unit, its standard error and the
# words "random frames of one trajectory at 500 K"; do not sign R², a drift, or the error of a random split of
# dense frames as signs of accuracy. You can train a potential on real labels, defend its split, its weights
# and its learning rate, and test it in dynamics.
#
# **What this does not prove.** All frames are one molecule at one temperature. Nothing here says how
# the model does at 1000 K or along a reaction (lesson 05 tries both), or on another molecule. The errors are
# against PBE, not against nature. And a random split of one trajectory, published or not, is the
# friendliest test there is.
#
# Before: [08 Active learning](08_active_learning.ipynb). Next: [10 Reproducibility and licences](10_reproducibility_and_licences.ipynb).
