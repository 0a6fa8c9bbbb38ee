# %% [markdown]
# # Exercises 03 · Training data
#
# They belong to [lesson 03](../notebooks/03_training_data.ipynb). Write your answers into the cells with `...`, run
# them, and let `grader.check` mark them, as often as you like: your best points count.

# %%
import numpy as np

from mlp_course.data import load_embedded
from mlp_course.data.quality import label_problem
from mlp_course.teaching import plant_faults, self_assess, start_exercises

grader = start_exercises("03_training_data")
frames, _ = plant_faults(load_embedded("ethanol/500K")[:400:10])
usable = [n for n, atoms in enumerate(frames) if not label_problem(atoms)]  # places
print(f"{len(frames)} labelled frames of ethanol, nine faults among them")

# %% [raw]
# # BEGIN QUESTION
# name: q03_1

# %% [markdown]
# ## 3.1 Which labels are broken?
#
# Write two of the checks yourself, and apply them to the frames above:
#
# - `net_force(atoms)`: the length of the sum of all forces, divided by the number of atoms, in eV/Å. Forces of a free
#   molecule cancel; above 0.005 eV/Å a frame is rejected;
# - `outliers(energies)`: the places of energies that cannot belong to this molecule. The good ones scatter by 0.1 to 0.2 eV;
#   take care that one mad value does not hide another;
# - `rejected`: places in `frames` of those that one of your two checks rejects. Look at the `usable` frames only: the others
#   have forces that are no numbers, or were moved after labelling.

# %% [raw]
# # BEGIN SOLUTION


# %%
def net_force(atoms):
    # BEGIN SOLUTION
    return np.linalg.norm(atoms.get_forces().sum(axis=0)) / len(atoms)
    # END SOLUTION


# %%
def outliers(energies):
    # BEGIN SOLUTION
    away = np.abs(energies - np.median(energies))
    return np.flatnonzero(away > 10 * 1.4826 * np.median(away)).tolist()
    # END SOLUTION


# %%
# BEGIN SOLUTION NO PROMPT
energies = np.array([frames[n].get_potential_energy() for n in usable])
strange = {usable[n] for n in outliers(energies)}
pulled = {n for n in usable if net_force(frames[n]) > 0.005}
# END SOLUTION
rejected = sorted(strange | pulled)  # SOLUTION
rejected

# %% [markdown]
# Two of nine. The lesson's `quality_control` finds six more with other laws (torque, distances, methods, duplicates). One
# of them, an energy that is 20 meV off, breaks no law that a single label can show.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# A trajectory of ethanol at 500 K, a frame every 50 fs, and two series from it: the energy and the torsion of the OH group.

# %%
from mlp_course.teaching import plot_lines

run = load_embedded("ethanol/500K")  # 1000 frames in the order of time
energy = np.array([atoms.get_potential_energy() for atoms in run])  # eV
torsion = np.cos(np.radians([atoms.get_dihedral(1, 0, 2, 8) for atoms in run]))
times = 0.05 * np.arange(200)  # ps
plot_lines({"cosine of the torsion": (times, torsion[:200])}, x="time / ps", y="cos φ")

# %% [raw]
# # BEGIN QUESTION
# name: q03_2

# %% [markdown]
# ## 3.2 Thin by the memory
#
# - `my_autocorrelation(series)`: ρ for the lags 0 to 20, an array of 21 numbers,
#   $\rho_k = \overline{\delta x_i\, \delta x_{i+k}} \,/\, \overline{\delta x_i^2}$ with $\delta x = x - \bar x$;
# - `memory_fs`: the correlation times of `"energy"` and `"torsion"` **in fs** (`correlation_time` from `mlp_course.data`
#   counts frames);
# - `stride`: you want labels that are independent in both respects. One frame in how many do you keep?

# %% [raw]
# # BEGIN SOLUTION


# %%
def my_autocorrelation(series):
    # BEGIN SOLUTION
    away = series - np.mean(series)
    n = len(away)
    products = np.array([away[: n - k] @ away[k:] / (n - k) for k in range(21)])
    return products / products[0]
    # END SOLUTION


# %%
# BEGIN SOLUTION NO PROMPT
from mlp_course.data import correlation_time

tau = {"energy": correlation_time(energy), "torsion": correlation_time(torsion)}  # frames
# END SOLUTION
memory_fs = {name: 50.0 * value for name, value in tau.items()}  # SOLUTION
stride = round(2 * tau["torsion"])  # SOLUTION
memory_fs, stride

# %% [markdown]
# The energy forgets within 60 fs, the torsion needs more than three times as long. Labels every 100 fs would be "independent" by
# the energy, and ask the same question about the OH group again and again.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# Copper at 300 K, a frame every 20 fs, described by its distances. `limit`: unrelated frames come hardly closer than this.

# %%
from ase.build import bulk
from ase.calculators.emt import EMT

from mlp_course.data import leakage, random_split, unrelated_distance
from mlp_course.sampling import sample_dynamics

crystal = bulk("Cu", cubic=True) * (2, 2, 2)
settings = dict(spacing=20.0, equilibration=1000.0, timestep=5.0)  # fs
copper = sample_dynamics(crystal, EMT(), temperature=300, n_frames=250, seed=300, **settings)
pairs = np.triu_indices(len(crystal), k=1)
x = np.array([atoms.get_all_distances(mic=True)[pairs] for atoms in copper])  # (250, 496), Å
limit = unrelated_distance(x, gap=50)  # Å
dealt = random_split(x, (0.8, 0.2), seed=0)
print(f"dealt at random: {leakage(*dealt, closer_than=limit):.0%} of the test frames leak")

# %% [raw]
# # BEGIN QUESTION
# name: q03_3

# %% [markdown]
# ## 3.3 A split that does not leak
#
# - `my_split(n_frames, spacing)`: places of training and test frames of one trajectory with `spacing` fs between frames.
#   At least 300 fs without any frame lie between the two parts; of the other frames 80 % are for training, 20 % for the
#   test.
# - `leak`: the part of the test frames (0 to 1) that leaks in *your* split of `x`.

# %% [raw]
# # BEGIN SOLUTION


# %%
def my_split(n_frames, spacing):
    # BEGIN SOLUTION
    gap = int(np.ceil(300 / spacing))
    n_train = round(0.8 * (n_frames - gap))
    return np.arange(n_train), np.arange(n_train + gap, n_frames)
    # END SOLUTION


# %%
# BEGIN SOLUTION NO PROMPT
train, test = my_split(len(x), 20.0)
# END SOLUTION
leak = leakage(x[train], x[test], closer_than=limit)  # SOLUTION
leak

# %% [markdown]
# A random split leaks almost completely, the blocked one little. (By construction about 5 % of unrelated frames count as
# leaking, and 47 test frames that resemble each other may all be near or far.) Its test error will be larger, and nearer to what the potential does on a new trajectory.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q03_4

# %% [markdown]
# ## 3.4 Farthest points by hand
#
# - `my_farthest(x, n, start)`: begin with row `start`; each further pick is the row that is farthest from all picked
#   before, $\arg\max_m \min_{k \in \text{picked}} |\mathbf x_m - \mathbf x_k|$. Return `n` places in the order of picking.
# - `covering_radius(x, picked)`: how far the worst row is from its nearest pick.
#
# Do not call `farthest_points`: write the loop.

# %% [raw]
# # BEGIN SOLUTION


# %%
def my_farthest(x, n, start):
    # BEGIN SOLUTION
    picked = [start]
    nearest = np.linalg.norm(x - x[start], axis=1)
    while len(picked) < n:
        picked.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, np.linalg.norm(x - x[picked[-1]], axis=1))
    return picked
    # END SOLUTION


# %%
def covering_radius(x, picked):
    # BEGIN SOLUTION
    apart = [np.linalg.norm(x - x[k], axis=1) for k in picked]
    return float(np.min(apart, axis=0).max())
    # END SOLUTION


# %% [markdown]
# One pass over the rows for each pick is enough, because a new pick can only shorten the distance to the nearest one. No
# other choice of as many rows has a covering radius of less than half of this one.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# The chapter's **Problem 2**: plan a study of the oxidation of methanol on copper, CH₃OH → HCHO + H₂. The plan is a
# dictionary; it must have these entries (the numbers are yours):
#
# | entry | with |
# |---|---|
# | `"data"` | a row for each data type, a dictionary with `"n"`, the number of configurations; names as in the lesson: `"equilibrium"`, `"dynamics"`, `"path"`, `"random"`, `"defect"` |
# | `"equilibrium"` also | `"adsorbates"` and `"sites"`, lists (adsorbates as formulas: `"CH3O"`; formaldehyde is `"CH2O"`) |
# | `"dynamics"` also | `"temperatures"` in K |
# | `"path"` also | `"steps"`, a list of elementary steps such as `"CH3OH -> CH3O + H"`; `"images"` of each path, and `"conditions"` under which each is repeated (coverage, site, defect) |
# | `"defect"` also | `"kinds"`, such as `"step"`, `"kink"`, `"vacancy"`, `"adatom"` |
# | `"dft"` | `"functional"`, `"dispersion"`, `"encut_eV"`, `"kpoints"` (three numbers), `"layers"`, `"vacuum_A"` |
# | `"model"` | `"family"`, `"cutoff_A"` |
# | `"training"` | `"w_E"`, `"w_F"`, `"split"` (three fractions), `"split_by"`: `"frame"`, `"trajectory"` or `"path"` |
# | `"validation"` | limits `"energy_meV_atom"` and `"force_meV_A"`; lists `"extrapolation"` and `"properties"` of tests |
# | `"production"` | `"temperature"` in K, `"time_ns"`, `"timestep_fs"` |
# | `"price"` | `"hours_a_label"`, `"nodes"`, and from them `"node_hours"` and `"days"` of labelling |

# %% [raw]
# # BEGIN QUESTION
# name: q03_5

# %% [markdown]
# ## 3.5 Problem 2: methanol on copper, the plan
#
# Write the rows of `data` first, then the whole `plan` with them. A potential that shall run at some temperature needs a margin above it, and about a thousand frames at each
# temperature. Compute the price; do not type it.

# %% [raw]
# # BEGIN SOLUTION

# %%
# BEGIN SOLUTION NO PROMPT
rows = {
    "equilibrium": dict(
        n=400,
        adsorbates=["CH3OH", "CH3O", "CH2O", "CHO", "OH", "H"],
        sites=["top", "bridge", "hollow"],
    ),
    "dynamics": dict(n=3000, temperatures=[300, 500, 700]),
    "path": dict(
        n=5 * 20 * 10,
        steps=[
            "CH3OH -> CH3O + H",
            "CH3O -> CH2O + H",
            "CH2O -> CHO + H",
            "CHO -> CO + H",
            "H + H -> H2",
        ],
        images=20,
        conditions=10,
    ),
    "random": dict(n=500),
    "defect": dict(n=500, kinds=["step", "kink", "vacancy"]),
}
# END SOLUTION
data = rows  # SOLUTION

# %%
# BEGIN SOLUTION NO PROMPT
n_labels, hours = sum(row["n"] for row in data.values()), 1.0  # each on one node
settings = dict(functional="PBE", dispersion="D3(BJ)", encut_eV=500, kpoints=(4, 4, 1))
plan_of_five_steps = dict(
    data=data,
    dft=settings | dict(layers=4, vacuum_A=15.0),
    model=dict(family="equivariant GNN", cutoff_A=6.0),
    training=dict(w_E=1, w_F=100, split=(0.7, 0.15, 0.15), split_by="trajectory"),
    validation=dict(
        energy_meV_atom=2,
        force_meV_A=60,
        extrapolation=["a trajectory at 700 K on a step", "two methanol on one site"],
        properties=["adsorption energy of methanol", "barrier of CH3O -> CH2O + H"],
    ),
    production=dict(temperature=500, time_ns=10, timestep_fs=0.5),
    price=dict(hours_a_label=hours, nodes=100, node_hours=n_labels * hours),
)
plan_of_five_steps["price"]["days"] = n_labels * hours / 100 / 24
# END SOLUTION
plan = plan_of_five_steps  # SOLUTION

# %% [markdown]
# The chapter's own plan loses points here. Its dynamics ends at 500 K, the temperature of its run; its steps drop hydrogen
# atoms on the way, and none of its four paths makes H₂, half of the products; how it deals frames into parts it does not say. It also expects 10 to 50 events in 10 ns at 500 K. If the
# barrier is 1 eV, ten molecules with an attempt every 0.1 ps each make about 10⁻⁴: barriers come from paths, not from waiting.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ## Open question: the plan, in words
#
# A table convinces nobody. Write half a page that defends your plan to a colleague who would rather label 5,000 frames of
# one trajectory at 500 K: each data type, temperatures, number of images, split, validation, what to do on failure, and what
# the plan cannot show.

# %% [markdown]
# *Your answer:*

# %%
self_assess("r03_1")
