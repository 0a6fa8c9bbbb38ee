# %% [markdown]
# # 08 · Active learning
#
# **Your potential drives a simulation into places that it has never seen. It will not stop, and nothing rings. How can
# it tell you that it does not know, and which labels should you buy next?**
#
# After this lesson you can
#
# 1. measure what a potential does not know, and test whether that measure tells the truth,
# 2. turn it into a threshold by a rule, and run the loop *train, explore, choose, label*,
# 3. judge from measurements whether it saves labels, and what else would.
#
# - **You need** [lesson 05](05_workflow.ipynb); [lesson 03](03_training_data.ipynb) and
#   [lesson 06](06_descriptors.ipynb) help.
# - **Time** under 4 minutes to run on two cores, about an hour and a half to work through. The loop is a good place for
#   a break.
# - **Memory** under 1.5 GB; measured values stand in [the list of lessons](README.md).
# - **Data** malonaldehyde, labelled while you wait by GFN2-xTB, a fast approximate quantum method (about 2 ms a label);
#   the same molecule and ethanol labelled for this course with PySCF at the level PBE/def2-SVP (CC0, seconds a label).

# %%
import numpy as np
import torch
from mlp_course.analysis import DistanceDifference
from mlp_course.data import load_embedded
from mlp_course.reference import label_here, reference_calculator
from mlp_course.teaching import show_molecule

torch.set_num_threads(1)  # the systems are small, more threads gain nothing
xtb = reference_calculator("xtb")
path = label_here(load_embedded("malonaldehyde/proton_transfer"), xtb)  # 11 images
show_molecule(path)

# %% [markdown]
# Play it: a proton goes over from one oxygen to the other. That is the event our potential will have to discover. The
# coordinate $\xi = d(\mathrm{O_4H}) - d(\mathrm{O_3H})$ says who holds the proton: negative is O4, 0 is half-way,
# positive is O3.
#
# The training data know nothing of it: 30 frames of a short run at 300 K. A run at 1000 K will play the unknown.

# %%
from mlp_course.sampling import sample_dynamics

xi = DistanceDifference((4, 7), (7, 3)).value  # in Å
run = dict(n_frames=60, spacing=20.0, equilibration=300.0)  # fs
cold = label_here(sample_dynamics(path[0], xtb, temperature=300, seed=5, **run), xtb)
hot = label_here(sample_dynamics(path[0], xtb, temperature=1000, seed=6, **run), xtb)
train, known_kind = cold[:30], cold[35:]  # five frames between them are left out
places = np.array([xi(atoms) for atoms in train])
print(f"ξ of the training frames: {places.min():.2f} to {places.max():.2f} Å")

# %% [markdown]
# ## Five opinions
#
# Train not one potential but five, an *ensemble*, and let each one see another 80 % of the frames. Where data pin the
# answer down, all five agree. Where they do not, each has its own guess. The spread of atom $i$ is
#
# $$\bar{\mathbf F}_i = \frac1M \sum_m \mathbf F_i^m , \qquad
# \sigma_i = \sqrt{\frac1M \sum_m \bigl|\mathbf F_i^m - \bar{\mathbf F}_i\bigr|^2} .$$
#
# Our members are GAPs (lesson 07): one linear system each, solved in about a second.

# %%
from mlp_course.active_learning import train_ensemble
from mlp_course.models import build_model

hyper = dict(cutoff=4.0, n_max=6, l_max=4, n_sparse=200)
models = [build_model("gap", **hyper) for _ in range(5)]
ensemble, _ = train_ensemble(models, train, cold[30:35], workers=1, fraction=0.8)

prediction = ensemble.predict(hot[:1])
forces = prediction.forces[0]  # (n_models, n_atoms, 3), eV/Å
sigma = np.sqrt(((forces - forces.mean(axis=0)) ** 2).sum(axis=2).mean(axis=0))  # (n_atoms,)
print(np.allclose(sigma, prediction.force_std[0]), sigma.round(2), "eV/Å")

# %% [markdown]
# One number a frame is handier: the largest $\sigma_i$, beside the largest error of a force. **Predict**, for the run at
# 1000 K against later frames of the run at 300 K: are the spreads larger? Are they as large as the errors?

# %%
from mlp_course.active_learning import worst_atom_uncertainty
from mlp_course.teaching import plot_error_by_spread

sets = {"300 K": known_kind, "1000 K": hot}
worst = {name: worst_atom_uncertainty(ensemble.predict(f), f) for name, f in sets.items()}
for name, record in worst.items():
    spread, error = np.median(record.spreads), np.median(record.errors)
    print(f"{name}: median spread {spread:.2f}, median error {error:.2f} eV/Å")
plot_error_by_spread(worst, quantity="force on the worst atom", n_bins=4)

# %% [markdown]
# TEXT
#
# **Predict:** along the transfer, where is the spread largest: at the start, where the training frames are (strokes on
# the axis), half-way, or at the far end, where no training frame is?

# %%
from mlp_course.teaching import plot_spread_along


def along(ensemble, frames, coordinate, **options):
    """Energies, spreads and errors of frames along a coordinate, as a picture."""
    prediction = ensemble.predict(frames)
    record = worst_atom_uncertainty(prediction, frames)
    options |= dict(energies=prediction.energies, spreads=record.spreads, errors=record.errors)
    reference = [atoms.get_potential_energy() for atoms in frames]
    return plot_spread_along(coordinate, reference=reference, reference_name="xTB", **options)


way = [xi(atoms) for atoms in path]
along(ensemble, path, way, x="ξ / Å", known=places)

# %% [markdown]
# TEXT
#
# ## Sure, and wrong
#
# *Announced failure.* A spread is what five models make of *the same* data and *the same* mathematics. What they share,
# they cannot disagree about. Pull one C–H bond from 0.7 to 2 Å. **Predict:** where does the spread fall most short of the
# error: at 0.7, at 1.1, or at 2 Å?

# %%
bonds = np.linspace(0.7, 2.0, 14)  # Å
pulled = [path[0].copy() for _ in bonds]
for atoms, bond in zip(pulled, bonds, strict=True):
    atoms.calc = None
    atoms.set_distance(0, 5, bond, fix=0)
pulled = label_here(pulled, xtb)
along(ensemble, pulled, bonds, x="C–H bond / Å")

# %%
record = worst_atom_uncertainty(ensemble.predict(pulled), pulled)
for number in (0, 4, -1):
    spread, error = record.spreads[number], record.errors[number]
    print(
        f"{bonds[number]:.1f} Å: spread {spread:.2f}, error {error:.1f} eV/Å, {error / spread:.0f} times"
    )
expensive = load_embedded("malonaldehyde/500K")[:100]  # the same molecule, labelled by PBE
other = worst_atom_uncertainty(ensemble.predict(expensive), expensive)
ours = label_here(expensive, xtb)
same = worst_atom_uncertainty(ensemble.predict(ours), ours)
for name, labels in (("xTB", same), ("PBE", other)):
    print(
        f"against {name}: spread {np.median(labels.spreads):.2f}, error {np.median(labels.errors):.2f} eV/Å"
    )

# %% [markdown]
# TEXT
#
# ## Is it the truth? Calibration
#
# An error bar makes a claim that can be tested: *so many percent of the errors lie within this interval*. Count them.
# The *calibration curve* shows the share found against the share announced, for every width of the interval. The area
# between curve and diagonal is the *miscalibration area*: 0 is honest, 0.5 the worst. (Intervals are those of a normal
# distribution; one component of a force has the spread $\sigma_i/\sqrt3$.)
#
# **Predict:** will the curve lie below the diagonal (bars too short) or above? And what does one factor on all spreads,
# fitted on half of the frames, do to the other half?

# %%
from mlp_course.active_learning import force_uncertainty, rank_correlation, scale_factor
from mlp_course.teaching import plot_calibration

validation, test = [*known_kind[::2], *hot[::2]], [*known_kind[1::2], *hot[1::2]]
factor = scale_factor(force_uncertainty(ensemble.predict(validation), validation))
raw = force_uncertainty(ensemble.predict(test), test)
print(f"factor {factor:.1f}, rank correlation {rank_correlation(raw):.2f} before and after")
plot_calibration({"as announced": raw, f"times {factor:.1f}": raw.scaled(factor)})

# %% [markdown]
# TEXT
#
# A GAP has an error bar of its own, from its mathematics instead of from a vote (lesson 07). The same test:

# %%
from mlp_course.active_learning import Uncertainty, energy_uncertainty
from mlp_course.models import energy_error_bars
from mlp_course.validation import predict

one = ensemble.members[0]
errors = predict(one, test)[0] - [atoms.get_potential_energy() for atoms in test]
bars = {"GAP's own": Uncertainty(errors, energy_error_bars(one, test), "eV")}
bars["five members"] = energy_uncertainty(ensemble.predict(test), test)
for name, record in bars.items():
    print(
        f"{name}: rank correlation {rank_correlation(record):.2f}, factor {scale_factor(record):.1f}"
    )
plot_calibration(bars)

# %% [markdown]
# TEXT
#
# ## From spread to threshold
#
# The loop needs a yes or no. We do not invent the number: say what error is too large, and how sure you want to be, and
# read the spread off the validation frames. **The rule:** *the largest spread up to which at least 90 % of the frames
# have no force error above 0.5 eV/Å.*

# %%
from ipywidgets import FloatSlider, interact
from mlp_course.active_learning import find_threshold

unseen = worst_atom_uncertainty(ensemble.predict(validation), validation)


@interact(limit=FloatSlider(0.5, min=0.3, max=1.2, step=0.1, description="limit"))
def show_threshold(limit):
    found = find_threshold(unseen, limit, wanted=0.9)
    print(found)
    name = "force on the worst atom"
    return plot_error_by_spread({"validation": unseen}, quantity=name, n_bins=4, threshold=found)


# %% [markdown]
# TEXT

# %%
threshold = find_threshold(unseen, limit=0.5, wanted=0.9)
later = worst_atom_uncertainty(ensemble.predict(test), test)
trusted = later.spreads <= threshold.value
within = later.errors <= threshold.limit
print(
    f"threshold {threshold.value:.3f} eV/Å; other frames: trusts {trusted.sum()} of {len(later)},"
)
print(
    f"{(within & trusted).sum()} of them within the limit; not trusted {(~trusted).sum()}, {(~within & ~trusted).sum()} of them wrong"
)

# %% [markdown]
# TEXT
#
# ## The loop, live
#
# Now close the circle. One member drives molecular dynamics at 1000 K; every ten steps all five look. What is above the
# threshold may be bought; from three times the threshold on the run ends, for what a potential does beyond its knowledge
# means nothing. Of the uncertain frames the loop takes 15 a round, the ones *most unlike each other*, labels them, trains
# again. Runs start from the newest labelled frames.
#
# **Predict:** after five rounds, with 105 labels, will the loop have found the transfer ($|\xi|$ < 0.3 Å)?

# %%
from mlp_course.active_learning import LoopSettings, learn_actively
from mlp_course.teaching import LiveLoop

limit = threshold.value
settings = LoopSettings(
    temperature=1000, threshold=limit, stop_at=3 * limit, n_per_round=15, n_walkers=4,
    steps=400, interval=10, timestep=0.5, max_labels=105,
)  # fmt: skip
models = [build_model("gap", **hyper) for _ in range(5)]
result = learn_actively(
    models, train, cold[30:35], lambda frames: label_here(frames, xtb), settings,
    test=test, on_round=LiveLoop(), workers=1, fraction=0.8,
)  # fmt: skip
print(result.why)

# %%
result.rounds[
    ["n_labels", "force_mae", "explored", "uncertain", "stopped_early", "mean_time"]
].round(1)

# %%
import pandas as pd

bought = result.frames[30:]
where = np.array([xi(atoms) for atoms in bought])
rounds = np.repeat(np.arange(len(bought) // 15 + 1), 15)[: len(bought)]
table = pd.DataFrame({"round": rounds, "ξ": where})
table.groupby("round")["ξ"].agg(
    lowest="min",
    highest="max",
    half_way=lambda x: (abs(x) < 0.3).sum(),
    over=lambda x: (x > 0.3).sum(),
).round(2)

# %%
along(result.ensemble, path, way, x="ξ / Å", known=[xi(a) for a in result.frames])

# %% [markdown]
# TEXT
#
# Was it the choice of labels, or only their number? *A control:* the same 105 labels without any loop, from the run at
# 300 K, and from both temperatures.

# %%
more = dict(n_frames=120, spacing=20.0, equilibration=300.0)
colder = label_here(sample_dynamics(path[0], xtb, temperature=300, seed=15, **more), xtb)
hotter = label_here(sample_dynamics(path[0], xtb, temperature=1000, seed=16, **more), xtb)
plans = {
    "loop": result.frames,
    "300 K": [*train, *colder[:75]],
    "300 and 1000 K": [*train, *hotter[:75]],
}
rows = {}
for name, frames in plans.items():
    models = [build_model("gap", **hyper) for _ in range(5)]
    trained, _ = train_ensemble(models, frames, cold[30:35], workers=1, fraction=0.8)
    rows[name] = {
        s: 1000 * np.abs(force_uncertainty(trained.predict(f), f).errors).mean()
        for s, f in (("300 K", known_kind), ("1000 K", test), ("transfer", path))
    }
pd.DataFrame(rows).T.round(0).astype(int)
