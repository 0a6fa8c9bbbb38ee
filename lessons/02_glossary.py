# %% [markdown] tags=["slide"]
# # 02 · Fifteen terms
#
# **"Our E(3)-equivariant message-passing ensemble, with a cutoff of 5 Å, reaches an MAE of 12 meV/Å by active
# learning, and it generalises." What has this sentence told you, and which word would you doubt first?**
#
# After this lesson you can
#
# 1. say in one plain sentence what each of fifteen terms means, and show it on a molecule,
# 2. tell apart the ones that are easily confused,
# 3. read the sentence above, and ask the question that it avoids.
#
# - **You need** [lesson 00](00_start_here.ipynb); [lesson 01](01_what_is_an_mlp.ipynb) helps.
# - **Time** under 3 minutes to run on two cores, about 50 minutes to work through; the terms marked ★ alone
#   take a quarter of an hour.
# - **Memory** under 1 GB; measured values stand in [the list of lessons](README.md).
# - **Data** ethanol, labelled for this course with PBE/def2-SVP (CC0), and with GFN2-xTB here.
#
# Fifteen words, one molecule. Each term has its sentence, a few lines of code, a picture, and a link to where the
# course uses it most. In the other lessons a term is a link: rest on it with the mouse and its sentence appears.

# %%
import numpy as np
import torch

from mlp_course.data import load_embedded
from mlp_course.teaching import show_molecule

torch.set_num_threads(1)  # the systems are small, more threads gain nothing
ethanol = load_embedded("ethanol/torsion")[-1]
roles = ["C of CH₂", "C of CH₃", "O", *2 * ["H of CH₂"], *3 * ["H of CH₃"], "H of OH"]
show_molecule(ethanol)

# %% [markdown] tags=["slide"]
# ## The landscape
#
# <a id="potential-energy-surface"></a>**Potential energy surface (PES) ★** ($E(\mathbf R)$, eV). The energy of a
# molecule for every arrangement of its nuclei: valleys are stable shapes, passes between them are barriers, and the
# slope is the force. *At work in* [lesson 00, Turn the OH group](00_start_here.ipynb#Turn-the-OH-group).
#
# Ethanol has 9 atoms, so this is a function of 27 numbers, and nobody can draw it. But one can walk through it along
# two of them: turn the OH group, turn the CH₃ group, keep everything else. **Predict:** how many valleys has the
# map, and how many *different* ones: (a) 3 and 3, (b) 9 and 2, (c) 9 and 9?

# %%
from mlp_course.reference import label_here

angles = np.arange(-180, 181, 15)
grid = []
for methyl in angles:  # from row to row
    for hydroxyl in angles:  # along a row
        atoms = ethanol.copy()
        atoms.set_dihedral(2, 0, 1, 5, methyl, indices=[5, 6, 7])
        atoms.set_dihedral(1, 0, 2, 8, hydroxyl, indices=[8])
        grid.append(atoms)
energies = [atoms.get_potential_energy() for atoms in label_here(grid, "xtb")]
height = 1000 * (np.array(energies).reshape(len(angles), -1) - min(energies))  # meV

# %%
from ipywidgets import IntSlider, interact
from mlp_course.teaching.glossary import plot_landscape

sides = dict(columns=angles, rows=angles, x="turn of OH / °", y="turn of CH₃ / °")


@interact(
    OH=IntSlider(60, min=-180, max=180, step=15), CH3=IntSlider(60, min=-180, max=180, step=15)
)
def walk(OH, CH3):
    at = list(angles).index(CH3), list(angles).index(OH)
    return plot_landscape(height, grid, at=at, **sides)


# %% [markdown] tags=["slide"]
# (b). Three turns of OH times three of CH₃ make nine valleys; the three hydrogens of CH₃ are alike, and left and right
# mirror each other, so only two kinds are left: OH at ±60° (*gauche*) and at 180° (*anti*). **Walk from one valley into
# the next. Which group is easier to turn?** OH: 48 meV lead from one *gauche* valley into the other, 75 meV to *anti*; turning
# CH₃ takes 130 meV. (The map is that of xTB, with all bonds kept rigid. Another method has another landscape: PBE, in lesson 00,
# puts *anti* below *gauche*.)
#
# <a id="many-body-interaction"></a>**Many-body interaction** (eV). A share of the energy that exists only when three
# or more atoms are there together, and that no sum over pairs can give. *At work in* [lesson 06, Blind
# spots](06_descriptors.ipynb#Blind-spots).
#
# A test that needs no theory. Push three atoms, C, O and the H of OH, alone, in pairs, and all together. Add and
# subtract the eight energies so that everything cancels that depends on one or two atoms:
#
# $$\Delta_3 = E_{COH} - E_{CO} - E_{CH} - E_{OH} + E_C + E_O + E_H - E_0 .$$
#
# **Predict:** what is left for (a) a Morse potential, a sum over pairs; (b) xTB; (c) a trained network?

# %%
from itertools import product


def left_over(calculator, pushes):
    """The eight energies, added and subtracted, in meV."""
    total = 0.0
    for pushed in product((0, 1), repeat=3):  # 1: this atom is pushed
        atoms = ethanol.copy()
        atoms.calc = calculator
        for there, atom, push in zip(pushed, (0, 2, 8), pushes, strict=True):
            atoms.positions[atom] += there * push
        total += (-1) ** (3 - sum(pushed)) * atoms.get_potential_energy()
    return 1000 * total


# %%
from ase.calculators.morse import MorsePotential

from mlp_course.models import MLPCalculator, load_shipped
from mlp_course.reference import reference_calculator
from mlp_course.teaching import plot_bars

painn = load_shipped("ethanol_painn")
calculators = {"Morse pairs": MorsePotential(), "xTB": reference_calculator("xtb")}
calculators["PaiNN"] = MLPCalculator(painn)
pushes = np.random.default_rng(0).normal(size=(8, 3, 3))  # eight tries, three atoms
pushes *= 0.2 / np.linalg.norm(pushes, axis=2, keepdims=True)  # 0.2 Å each
left = {n: [abs(left_over(c, p)) for p in pushes] for n, c in calculators.items()}
plot_bars({n: round(np.mean(v), 6) for n, v in left.items()}, quantity="mean |Δ₃| / meV")

# %% [markdown]
# Zero for pairs, whatever the pushes. Nature, or here xTB, has a rest, 23 meV in the mean, and so has a network that is to
# imitate it. Bond angles are the reason: where H may sit depends on C *and* O. (That PaiNN, which has learnt PBE, comes
# so close to xTB is partly luck.)
#
# ## What an atom sees
#
# <a id="cutoff-radius"></a>**Cutoff radius** ($r_c$, Å). The distance beyond which one atom does not see another one
# directly. *At work in* [lesson 06, Choosing the cutoff](06_descriptors.ipynb#Choosing-the-cutoff).
#
# **Move the slider. From which cutoff on does the hydrogen of OH see all other atoms?**

# %%
from ipywidgets import FloatSlider
from mlp_course.teaching import plot_neighbourhood


@interact(cutoff=FloatSlider(2.5, min=1.0, max=5.0, step=0.25))
def look(cutoff):
    return plot_neighbourhood(ethanol, centre=8, cutoff=cutoff)


# %% [markdown]
# From 4.25 Å on. A small cutoff makes a model fast and blind, a large one slow and hungry for data.
#
# <a id="symmetry-function"></a>**Symmetry function** ($G_i$, dimensionless). A single number that counts the
# neighbours of an atom in one soft shell of distance, or its pairs of neighbours in one soft range of angles. *At
# work in* [lesson 06, Symmetry functions: count in soft
# shells](06_descriptors.ipynb#Symmetry-functions:-count-in-soft-shells).
#
# Let the shell grow from 0.8 to 4 Å and read the count. **Predict:** three atoms look around, O, the C of CH₂ and the C of
# CH₃. Whose first peak is the highest, and where does it stand?

# %%
from mlp_course.data.neighbours import neighbour_list
from mlp_course.descriptors import radial_symmetry_function
from mlp_course.teaching import plot_lines

graph = neighbour_list(ethanol, 5.0)
d_ij = graph.pair_vectors().norm(dim=1)  # (n_pairs,), Å
shells = np.arange(0.8, 4.0, 0.02)  # R_s, Å
settings = dict(eta=40.0, cutoff=5.0)
counts = [radial_symmetry_function(d_ij, graph.idx_i, 9, r_s=r, **settings) for r in shells]
counts = torch.stack(counts).numpy()  # (n_shells, n_atoms)
curves = {roles[atom]: (shells, counts[:, atom]) for atom in (2, 0, 1)}
plot_lines(curves, x="radius of the shell $R_s$ / Å", y="$G_i$ / 1", markers=False)

# %% [markdown]
# That of CH₃, at 1.1 Å: three hydrogens. CH₂ has two there, and a second peak at 1.4 to 1.5 Å for its two heavy
# neighbours; O has one hydrogen, at 0.96 Å. Three curves, and one can tell who is who.
#
# <a id="descriptor"></a>**Descriptor ★** ($\mathbf x_i$, dimensionless). The list of numbers that stands for the
# surroundings of an atom, or for a whole structure, in place of coordinates. *At work in* [lesson 06, What a
# descriptor must do](06_descriptors.ipynb#What-a-descriptor-must-do).
#
# A few of those counts, and angles, for each kind of neighbour make 96 numbers an atom. Compare every atom with every
# other one. **Predict:** how many *different* atoms has ethanol for a descriptor: (a) 3, one for each element,
# (b) 9, (c) something between?

# %%
import pandas as pd
from mlp_course.descriptors import SymmetryFunctions, describe_atoms
from mlp_course.teaching import plot_matrix

functions = SymmetryFunctions([1, 6, 8], cutoff=5.0)
x = np.asarray(describe_atoms(functions, ethanol))  # (n_atoms, 96)
apart = np.linalg.norm(x[:, None] - x[None], axis=2)  # (n_atoms, n_atoms)
names = [f"{role[0]}{n}" for n, role in enumerate(roles)]
table = pd.DataFrame(100 * apart / apart.max(), names, names)
plot_matrix(table, quantity="difference / % of the largest", rows="atom", columns="atom")

# %% [markdown] tags=["slide"]
# (c), here seven. Two pairs of hydrogens have a difference of 0, H3 and H4 of CH₂, and H6 and H7 of CH₃: they mirror each
# other. H5 lies in the mirror plane, a little different from its two sisters (13 %), far from H8 of OH (66 %).
# Nobody told it about bonds.
#
# <a id="message-passing"></a>**Message passing** ($m_{ij}$). Round after round every atom adds up what its
# neighbours report, and so learns, second-hand, about atoms that it does not see itself. *At work in* [lesson 06,
# Learned features: message passing, step by
# step](06_descriptors.ipynb#Learned-features:-message-passing,-step-by-step).
#
# Nothing but bonds and pairs of neighbouring H inside the cutoff (1.9 Å), random weights. We pull H8, the hydrogen of
# OH, outwards by 0.1 Å and ask after each round: which atoms have noticed? **Predict:** how many rounds does the news take to the far hydrogens of CH₃?

# %%
from mlp_course.descriptors import cosine_cutoff, gaussian_basis
from mlp_course.models import build_model

torch.manual_seed(0)
settings = dict(species=[1, 6, 8], cutoff=1.9, n_features=16, n_interactions=4)
network = build_model("schnet_by_hand", **settings).architecture.double()


def rounds(atoms):
    """Features of all atoms before the first round and after each: (5, n_atoms, 16)."""
    graph = neighbour_list(atoms, 1.9)
    d_ij = graph.pair_vectors().norm(dim=1)  # (n_pairs,), Å
    f_ij, fade = gaussian_basis(d_ij, network.n_rbf, 1.9), cosine_cutoff(d_ij, 1.9)
    x = [network.embedding(graph.atomic_numbers)]
    for interaction in network.interactions:
        x.append(x[-1] + interaction(x[-1], f_ij, fade, graph.idx_i, graph.idx_j))
    return torch.stack(x).detach().numpy()


# %%
pushed = ethanol.copy()
pushed.set_distance(2, 8, pushed.get_distance(2, 8) + 0.1, fix=0)  # Å, away from O
news = np.linalg.norm(rounds(pushed) - rounds(ethanol), axis=2).T  # (n_atoms, 5)
percent = 100 * news / news[:, -1:]  # of what has changed after the last round
print(
    "changed in the end:", *[f"{name} {n:.0e}" for name, n in zip(names, news[:, -1], strict=True)]
)
order = [8, 2, 0, 3, 4, 1, 5, 6, 7]  # along the chain
columns = ["start", *[f"round {n}" for n in (1, 2, 3, 4)]]
table = pd.DataFrame(percent, [f"{n}: {r}" for n, r in zip(names, roles, strict=True)], columns)
table = table.where(table > 0).iloc[order]  # white: has heard nothing at all
plot_matrix(table, quantity="change so far / % of the last one", rows="atom", columns="")

# %% [markdown]
# Four: one bond a round, O, then CH₂, then its hydrogens and the other carbon, then the last three. White is exactly
# zero. After *n* rounds an atom may know of what lies within *n* cutoffs. But look at the printed line: with every step the
# news gets thinner, here by a factor of a hundred to some thousands. A real network has to *learn* to pass on what matters.
#
# ## Turn the molecule
#
# <a id="invariance"></a>**Invariance ★**. The answer stays the same when the molecule is moved, turned or mirrored,
# or when equal atoms swap their numbers; energy does this. *At work in* [lesson 06, What a descriptor must
# do](06_descriptors.ipynb#What-a-descriptor-must-do).
#
# **Predict:** how much does the energy of the trained network change in these four cases, and how much if every atom
# is merely shaken by 0.02 Å?

# %%
from mlp_course.validation import predict

warm = load_embedded("ethanol/500K")[0]
copies = {name: warm.copy() for name in ("as it was", "moved", "turned", "mirrored")}
copies["moved"].translate((1.0, 0.5, -0.3))  # Å
copies["turned"].rotate(60, (1, 2, 3))
copies["mirrored"].positions[:, 0] *= -1
copies["renumbered"] = warm[[0, 1, 2, 8, 4, 5, 6, 7, 3]]  # two hydrogens swap their places
copies["shaken"] = warm.copy()
copies["shaken"].rattle(0.02, seed=0)
energies, _ = predict(painn, list(copies.values()))
changes = dict(zip(copies, 1000 * np.abs(energies - energies[0]), strict=True))
for name in list(copies)[1:]:
    print(f"{name:11} {changes[name]:10.4f} meV")

# %% [markdown]
# Not exactly zero, but a hundred thousand times less than a shake makes: what is left is the rounding of single precision.
# It is built in, not learnt; a network with random weights does it as well.
#
# <a id="equivariance"></a>**Equivariance ★**. When the input is turned, the answer turns along with it; forces do
# this. *At work in* [lesson 06, Invariant or equivariant?](06_descriptors.ipynb#Invariant-or-equivariant?).
#
# *Announced failure.* Somebody writes a test for forces in the same way: turn the molecule, and demand that no force
# component changes by more than 1 meV/Å. **Predict:** does the good network pass?

# %%
from scipy.spatial.transform import Rotation

motions = {"as it was": np.eye(3), "turned": Rotation.from_euler("z", 70, degrees=True).as_matrix()}
motions["mirrored"] = np.diag([-1.0, 1.0, 1.0])
flat = warm.copy()
flat.rotate(30, "y")  # so that no atom hides another
moved = {name: flat.copy() for name in motions}
for name, Q in motions.items():
    moved[name].positions = (flat.positions - flat.positions.mean(axis=0)) @ Q.T
forces = dict(zip(moved, predict(painn, list(moved.values()))[1], strict=True))  # eV/Å
worst = 1000 * np.abs(forces["turned"] - forces["as it was"]).max()
print(f"largest change {worst:.0f} meV/Å, passed: {worst < 1}")

# %% [markdown]
# It fails, by more than 2 eV/Å. Is the network broken, or the test? Look:

# %%
from mlp_course.teaching.glossary import plot_moved_arrows

plot_moved_arrows(moved, forces, quantity="force")

# %% [markdown]
# The test. A force is an arrow, and an arrow *ought* to turn along. **Repair:** turn the old forces by the same matrix
# $\mathbf Q$, and compare with those.

# %%
for name, Q in motions.items():
    worst = 1000 * np.abs(forces[name] - forces["as it was"] @ Q.T).max()
    print(f"{name:10} largest deviation {worst:.3f} meV/Å, passed: {worst < 1}")

# %% [markdown] tags=["slide"]
# Now it passes, and the mirror as well. A test for invariance condemns whatever is equivariant: **first ask how the
# quantity ought to behave.**
#
# <a id="e3-equivariance"></a>**E(3) equivariance** ($E(3)$). The answer follows every motion of space that keeps
# distances: all shifts, all turns and all mirror images. *At work in* [lesson 07, NequIP (2021): not only
# arrows](07_architectures.ipynb#NequIP-(2021):-not-only-arrows).
#
# Is that more than turning? Take two forces of the molecule and their cross product, a vector too, such as a torque.
# **Predict:** which of shift, turn and mirror does the cross product not follow?

# %%
motions = {"shift": np.eye(3), "turn": motions["turned"], "mirror": motions["mirrored"]}


def force_and_cross(atoms):
    """The force on O, and its cross product with the force on C."""
    _, (forces,) = predict(painn, [atoms])
    return forces[2], np.cross(forces[2], forces[0])


rows, before = {}, force_and_cross(flat)
for name, Q in motions.items():
    copy = flat.copy()
    copy.positions = flat.positions @ Q.T + (5.0 if name == "shift" else 0.0)  # Å
    pairs = zip(force_and_cross(copy), before, strict=True)
    rows[name] = [100 * np.linalg.norm(new - old @ Q.T) / np.linalg.norm(old) for new, old in pairs]
table = pd.DataFrame(rows, ["force", "cross product"]).T
plot_matrix(table, quantity="deviation from turning along / %", rows="motion", columns="")

# %% [markdown]
# The mirror: there the cross product points the wrong way, 200 % off. It follows all turns, but not all of E(3). A
# model that mixes up the two kinds of arrow can give a molecule and its mirror image different energies.
#
# ## Right or wrong
#
# <a id="mean-absolute-error"></a>**Mean absolute error (MAE) ★** ($\frac1N\sum_n|\hat E_n - E_n|$, meV/atom; meV/Å
# for forces). The size of a deviation from the label, whatever its sign, averaged over a test set. *At work in*
# [lesson 00, A number that is too good](00_start_here.ipynb#A-number-that-is-too-good).
#
# **Predict:** the mean error *with* its sign, is it larger or smaller than the MAE, and which of the two would you print
# in an advertisement?

# %%
frames = load_embedded("ethanol/500K")[::10]
labels = np.array([atoms.get_potential_energy() for atoms in frames])
rows = {}
for name in ("SchNet", "PaiNN"):
    model = load_shipped(f"ethanol_{name.lower()}")
    error = 1000 * (predict(model, frames)[0] - labels)  # meV, one number a frame
    rows[f"{name} MAE"] = np.abs(error).mean()
    rows[f"{name} mean with sign"] = abs(error.mean())
plot_bars(rows, quantity="error of the energy / (meV per molecule)")

# %% [markdown]
# Never larger, and smaller as soon as two errors differ in sign: those cancel. Hence the absolute value. And a number without its unit and its
# test set says nothing; which brings us to the next word.
#
# <a id="generalisation"></a>**Generalisation**. Being right where one was not taught: on configurations that are not
# among the training data, best of all on other kinds of them. *At work in* [lesson 03, The proof: train on one type,
# test on all](03_training_data.ipynb#The-proof:-train-on-one-type,-test-on-all).
#
# PaiNN has learnt from frames at 500 K. **Predict:** order these sets by its force MAE: 300, 500 and 1000 K, *normal modes*
# (all bonds and angles stretched at once), *rattled* (every atom displaced at random), another molecule.

# %%
from mlp_course.validation import evaluate

names = ("300K", "500K", "1000K", "normal_modes", "rattled")
shown = ("300 K", "500 K", "1000 K", "normal modes", "rattled")
tests = {s: load_embedded(f"ethanol/{n}")[:60] for s, n in zip(shown, names, strict=True)}
tests["malonaldehyde"] = load_embedded("malonaldehyde/500K")[:60]
mae = {name: evaluate(painn, frames).force_mae for name, frames in tests.items()}
size = {n: 1000 * np.mean([np.abs(a.get_forces()).mean() for a in f]) for n, f in tests.items()}
plot_bars(mae, quantity="force MAE of PaiNN / (meV/Å)", method="PaiNN", log=True)

# %%
share = pd.DataFrame({"force MAE / (meV/Å)": mae, "mean |force| / (meV/Å)": size})
share["share / %"] = 100 * share.iloc[:, 0] / share.iloc[:, 1]
share.round(0).astype(int)

# %% [markdown] tags=["slide"]
# One model, six test sets, and errors that differ by a factor of a hundred. Colder is easier, hotter harder: that far it
# generalises. Rattled, it misses a third of a typical force; on another molecule of the same elements, nearly all of it.
# Whoever says "MAE 12 meV/Å" has told you one row of this table; **ask which.**
#
# <a id="data-efficiency"></a>**Data efficiency** (labels at a given error). How few labels a method needs in order
# to reach a given error. *At work in* [lesson 06, What can be learnt from
# each?](06_descriptors.ipynb#What-can-be-learnt-from-each?).
#
# Two descriptors, the same simple learner, 50 to 400 labels. **Predict:** to reach 25 meV, how many times as many labels
# does the worse one need: 1.2, 2, or 10 times?

# %%
from mlp_course.data import blocked_split
from mlp_course.descriptors import SOAP, describe_structure, learning_errors

run = load_embedded("ethanol/500K")
labels = np.array([atoms.get_potential_energy() for atoms in run])
splits = [blocked_split(range(start, 1000), [400, 150], gap=20) for start in (0, 200, 400)]
sizes, curves, spread = (50, 100, 200, 400), {}, {}
kinds = {"SOAP": SOAP([1, 6, 8], 5.0, n_max=4, l_max=4), "symmetry functions": functions}
for name, kind in kinds.items():
    rows = np.array([describe_structure(kind, atoms) for atoms in run])
    errors = 1000 * learning_errors(rows, labels, splits, sizes)  # meV, (n_splits, n_sizes)
    curves[name] = (sizes, errors.mean(axis=0))
    spread[name] = (errors.min(axis=0), errors.max(axis=0))
axes = dict(x="labels", y="energy MAE / (meV per molecule)", log="xy")
plot_lines(curves, spread=spread, **axes)

# %% [markdown]
# About twice, or a little more: read it along the horizontal. SOAP is there before 200 labels, the symmetry functions hardly at 400. Where labels cost
# hours each, that is the number that counts. (Bars: three overlapping parts of one trajectory.)
#
# ## Asking for more
#
# <a id="ensemble"></a>**Ensemble** ($\sigma$, that of the prediction). Several models, trained apart from each other
# on the same task, whose disagreement warns that none of them knows. *At work in* [lesson 08, Five
# opinions](08_active_learning.ipynb#Five-opinions).
#
# Five models of the kind GAP (lesson 07), each trained on four in five of 40 frames at 300 K. **Predict:** on frames at
# 1000 K, do they disagree more? By as much as they are wrong?

# %%
from mlp_course.active_learning import train_ensemble, worst_atom_uncertainty
from mlp_course.teaching import plot_error_by_spread

cold, hot = load_embedded("ethanol/300K"), load_embedded("ethanol/1000K")


def train_five(frames):
    """Five GAPs, each on its own 80 % of the frames."""
    models = [build_model("gap", cutoff=4.0, n_max=5, l_max=3, n_sparse=200) for _ in range(5)]
    return train_ensemble(models, frames, cold[40:45], workers=1, fraction=0.8)[0]


five = train_five(cold[:40])

# %%
sets = {"300 K": cold[60:135], "1000 K": hot[:75]}
worst = {name: worst_atom_uncertainty(five.predict(f), f) for name, f in sets.items()}
for name, record in worst.items():
    spread, error = np.median(record.spreads), np.median(record.errors)
    print(f"{name}: median spread {spread:.2f}, median error {error:.2f} eV/Å")
plot_error_by_spread(worst, quantity="force on the worst atom", n_bins=4)

# %% [markdown] tags=["slide"]
# They do: spread and error both grow nearly threefold. But nearly all points lie above the dashed line: the
# ensemble knows *where* it is wrong and not *by how much*.
#
# <a id="active-learning"></a>**Active learning ★**. The model itself points out the configurations it is unsure
# about; these are labelled, it is trained again, and so on. *At work in* [lesson 08, The loop,
# live](08_active_learning.ipynb#The-loop,-live).
#
# One turn of the loop by hand. There are 75 hot frames to choose from and money for 15 labels; 75 later frames are the
# test. **Predict:** do the 15 most uncertain frames teach more than 15 at random, and by how much?

# %%
pool, test = hot[:75], hot[75:]


def force_mae(ensemble):
    """Of the mean of the five, on the test frames, in meV/Å."""
    found = ensemble.predict(test).forces  # one (n_models, n_atoms, 3) a frame, eV/Å
    pairs = zip(found, test, strict=True)
    return 1000 * np.mean([np.abs(f.mean(axis=0) - a.get_forces()).mean() for f, a in pairs])


uncertain = np.argsort(worst["1000 K"].spreads)[-15:]
choices = {"15 most uncertain": uncertain}
choices |= {f"15 at random, {n}": np.random.default_rng(n).permutation(75)[:15] for n in (1, 2, 3)}
after = {"before": force_mae(five)}
for name, chosen in choices.items():
    after[name] = force_mae(train_five([*cold[:40], *[pool[i] for i in chosen]]))
plot_bars(after, quantity="force MAE at 1000 K / (meV/Å)")

# %% [markdown] tags=["slide"]
# Any 15 hot labels help. The ones that the ensemble asked for beat two of the three random draws, and do not beat the third.
# With fewer draws one might have seen a triumph, or a defeat. **So do not believe one bar beside one other bar:** [lesson 08](08_active_learning.ipynb#The-measurement)
# repeats the whole loop against two rivals. It saves a seventh to a fifth of the labels against one, and against a random choice
# none for ethanol.
#
# <a id="transfer-learning"></a>**Transfer learning**. A model that was trained on plenty of other labels goes on
# with a few of the ones that count, and keeps what it knew. *At work in* [lesson 08, Cheap labels
# first](08_active_learning.ipynb#Cheap-labels-first).
#
# The [chapter](00_start_here.ipynb#What-this-course-is) means another *system*; more often it is another *method*: first 5,000 labels by
# xTB, milliseconds each, then a few by PBE. Training takes minutes, so this is the stored result of lesson 08.
# **Predict:** how many PBE labels are 50 worth if the network has seen xTB before: 50, 100, or more than 200?

# %%
from mlp_course.active_learning import load_transfer, transfer_curves
from mlp_course.teaching import plot_transfer

transfer = load_transfer()
print("made by", *transfer[["script", "date", "machine"]].iloc[0])
tests = {"500 K, as the PBE labels": "500K", "1000 K": "1000K"}
plot_transfer({name: transfer_curves(transfer, test=test) for name, test in tests.items()})

# %% [markdown]
# More than 200: alone, the network has not got there with 200 PBE labels. (*Δ* learns the difference of the two methods
# instead, and has to run xTB for ever after.)
#
# ## All fifteen, and how to keep them
#
# The table links each term to the lesson that uses it most; ★ are the five to learn first (invariance and equivariance
# together are one of them).

# %%
from mlp_course.teaching.glossary import glossary_table, look_up

print(look_up("cutoff"))
glossary_table()

# %% [markdown]
# **Cards.** Say the sentence in your own words before you turn the card over. What you did not know comes back.

# %%
from mlp_course.teaching.glossary import FlashCards

FlashCards()

# %% [markdown]
# **Quiz.** All four sentences are right, each for some term; only one belongs to this one. Your result is kept with your
# progress; for [the checklist](13_checklist.ipynb) play all fifteen: `TermQuiz(n_questions=15)`.

# %%
from mlp_course.teaching.glossary import TermQuiz

TermQuiz(n_questions=5)  # another seed=1, 2, ... asks for others

# %% [markdown]
# <a id="further-words"></a>
#
# ## Further words
#
# Words of the course that are not among the fifteen, and that no lesson explains each time.

# %%
glossary_table("further")

# %% [markdown]
# ## Three questions
#
# **1. Which of these ought to be invariant, which equivariant: the dipole moment of a molecule, its length, its HOMO–LUMO gap?**
#
# (a) all three invariant · (b) the dipole equivariant, the two others invariant · (c) the gap equivariant, the two others invariant
#
# <details><summary>Answer</summary>
#
# **(b).** A dipole is an arrow fixed to the molecule: it turns along. (a) Its *length* is invariant, its direction is not.
# (c) A gap is an energy, one number without direction.
# </details>
#
# **2. A message-passing network has a cutoff of 4 Å and three rounds. A group 9 Å away is moved. Can the answer of an atom change?**
#
# (a) no, 9 is more than 4 · (b) yes, always · (c) yes, if there are atoms in between that pass the news on
#
# <details><summary>Answer</summary>
#
# **(c).** Three rounds reach up to 12 Å, but only from atom to atom. (a) That holds for one round, and for descriptors.
# (b) Across 9 Å of empty space there is nobody to tell it.
# </details>
#
# **3. The five models of an ensemble agree to within 1 meV/Å. What do you know?**
#
# (a) their error is about 1 meV/Å · (b) that the data leave little open, as these five see it · (c) that they generalise
#
# <details><summary>Answer</summary>
#
# **(b).** What all five take for granted they cannot disagree about, and wrong labels they learn alike. (a) An error needs
# labels; above, errors were larger than spreads. (c) Agreement at one place says nothing about others.
# </details>

# %% [markdown]
# **The sentence of the beginning.** *E(3)-equivariant*: forces turn and mirror along, as they must; a property, not an
# achievement. *Message-passing ... with a cutoff of 5 Å*: learnt features, local in each round; with how many rounds? *Ensemble*:
# there is a warning light; calibrated? *MAE of 12 meV/Å*: of forces, on **which test set**? *Active learning*: the model chose
# its frames, compared with what? *Generalises*: to what? The table of six test sets is what to ask for. Doubt the last word first.
#
# **Open challenge.** Choose one term and show it in one cell on **malonaldehyde** instead (`load_embedded` has its proton transfer).
# Best: one where the picture comes out differently, for example the reach of messages in a ring, or a map
# of the energy over the proton's two distances. Practice that marks itself: [exercises 02](../exercises/02_glossary.ipynb).

# %% [markdown] tags=["slide"]
# ## You can now
#
# say what fifteen terms mean, show each of them on a molecule in a few lines, and turn a proud sentence into questions.
#
# **What this does not prove.** One molecule of nine atoms, one run of each experiment. The map is a rigid one by xTB. Random
# weights showed how far messages *can* reach, not what a trained network makes of them. One turn of active learning, three random
# draws, is an illustration, no measurement; so is the data efficiency of two descriptors with one learner. And words differ
# between groups: *active learning*, *transfer learning* and *generalisation* are used more widely elsewhere than here.
#
# Before: [01 What is a machine-learning potential](01_what_is_an_mlp.ipynb). Next: [03 Training data](03_training_data.ipynb).
