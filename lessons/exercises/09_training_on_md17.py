# %% [markdown]
# # Exercises 09 · Training on MD17
#
# They belong to [lesson 09](../notebooks/09_training_on_md17.ipynb). Write your answers into the cells with `...`, run them,
# and let `grader.check` mark them, as often as you like: your best points count.
#
# Nothing is trained here: you write the rules by which a training is set up, stopped and judged. The learning curve is that of
# the stored race (lesson 07).

# %%
import numpy as np
import pandas as pd

from mlp_course.data import load_embedded
from mlp_course.teaching import plot_lines, start_exercises

grader = start_exercises("09_training_on_md17")

# %% [markdown]
# Twenty ethanols and twenty malonaldehydes: how many H, C and O, and the energy in eV.

# %%
frames = load_embedded("ethanol/300K")[:20] + load_embedded("malonaldehyde/1000K")[:20]
counts = np.array([[(atoms.numbers == z).sum() for z in (1, 6, 8)] for atoms in frames], float)
energies = np.array([atoms.get_potential_energy() for atoms in frames])

# %% [raw]
# # BEGIN QUESTION
# name: q09_1

# %% [markdown]
# ## 9.1 References come off first
#
# Write `without_references(counts, energies)`: find one energy for each element, so that `counts @ references` fits the energies
# best (least squares), and return what is left. `counts` has shape (n, n_elements). Differences of 0.1 meV must survive
# in totals of 10⁸ eV.

# %% [raw]
# # BEGIN SOLUTION


# %%
def without_references(counts, energies):
    # BEGIN SOLUTION
    references = np.linalg.lstsq(counts, energies, rcond=None)[0]  # eV, in float64
    return energies - counts @ references
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %%
left = without_references(counts, energies)
spread = None if left is None else left.std().round(2)
print("spread before:", energies.std().round(1), "eV; after:", spread)

# %% [raw]
# # BEGIN QUESTION
# name: q09_2

# %% [markdown]
# ## 9.2 Who owns the loss, and when to stop
#
# **a.** $L = w_E \langle \Delta E^2 \rangle + w_F \langle \Delta F^2 \rangle$. Write
# `force_share(energy_errors, force_errors, w_e, w_f)`: the part of the loss that comes from forces, 0 to 1. Means go over all numbers.
#
# **b.** The same network was trained with several energy weights. Write `pick_weight(table)`, which returns the weight that you take.
# `table` has one row for each weight (its index) and the force errors on three sets of frames, columns `"training"`,
# `"validation"` and `"test"`.
#
# **c.** Write `stop(errors, patience)`: `errors` are validation errors of the epochs 0, 1, 2, ... Training ends at the first
# epoch at which the last `patience` epochs brought no new smallest error, or at the last epoch. Return the epoch at which it ends
# and the epoch whose weights are taken. (With errors 50, 40, 30, 32, 29, 31, 33, 30, 28 and patience 3 it ends at epoch 7.)

# %% [raw]
# # BEGIN SOLUTION


# %%
def force_share(energy_errors, force_errors, w_e, w_f):
    # BEGIN SOLUTION
    energy, force = w_e * np.mean(energy_errors**2), w_f * np.mean(force_errors**2)
    return force / (energy + force)
    # END SOLUTION


def pick_weight(table):
    # BEGIN SOLUTION
    return table["validation"].idxmin()
    # END SOLUTION


def stop(errors, patience):
    # BEGIN SOLUTION
    best = 0
    for epoch, error in enumerate(errors):
        if error < errors[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return epoch, best
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# The stored race: PaiNN on rMD17 ethanol, force error against the number of training frames.

# %%
from mlp_course.teaching.exercises.checks import race_curve

n_train, errors = race_curve("PaiNN")  # frames, meV/Å
curve = {"PaiNN": (n_train, errors)}
plot_lines(curve, x="training frames", y="force MAE / (meV/Å)", log="xy", marks={"target": 20.0})

# %% [raw]
# # BEGIN QUESTION
# name: q09_3

# %% [markdown]
# ## 9.3 How many frames?
#
# **a.** Learning curves often follow $\text{error} = a\,n^{-b}$. Write `exponent(n, errors)`: $b$, from a straight line through *all*
# points with both axes logarithmic.
#
# **b.** Write `frames_needed(n, errors, target)`: by the same line, the number of frames (a whole number, rounded up) at which the error
# has come down to `target`; `None` if it does not fall.
#
# **c.** `plan`: how many frames does PaiNN need for 20 meV/Å?

# %% [raw]
# # BEGIN SOLUTION


# %%
def exponent(n, errors):
    # BEGIN SOLUTION
    return -np.polyfit(np.log(n), np.log(errors), 1)[0]
    # END SOLUTION


def frames_needed(n, errors, target):
    # BEGIN SOLUTION
    slope, start = np.polyfit(np.log(n), np.log(errors), 1)
    if slope >= 0:
        return None
    return int(np.ceil(np.exp((np.log(target) - start) / slope)))
    # END SOLUTION


# %%
plan = frames_needed(n_train, errors, 20.0)  # SOLUTION

# %% [markdown]
# Between the measured points that is safe; far beyond them it is a hope. In a race of equal minutes the curve bends,
# as more frames get fewer passes.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# Part of an acceptance report: the shipped SchNet on ethanol, as in lesson 05 (smaller effort: 6 frames a set).

# %%
verdicts = {
    "force MAE": "pass",  # 15 meV/Å
    "force MAE, 1000 K": "pass",  # 49 meV/Å
    "force MAE, rattled 0.1 Å": "fail",  # 922 meV/Å
    "normal modes, MAE": "pass",  # 6.6 cm⁻¹
    "torsion profile, error": "pass",  # 1.5 meV
    "energy drift (NVE)": "not applicable",  # the run was too short
}
report = pd.DataFrame({"verdict": verdicts}).rename_axis("criterion")
report

# %% [raw]
# # BEGIN QUESTION
# name: q09_4

# %% [markdown]
# ## 9.4 May it be used?
#
# **a.** Write `decide(report, must)`: `report` is a table like the one above, `must` the names of the criteria that a use demands.
# Return `"no"` if one of them failed; else `"cannot tell"` if one was not measured (any other verdict than `"pass"` and `"fail"`, or no
# row of that name); else `"yes"`.
#
# **b.** No accident was seen in a simulation. How many ns must it have lasted (`watch`) before you may say, with 95 % confidence,
# "fewer than one accident in a nanosecond"? (Rule of three.)

# %% [raw]
# # BEGIN SOLUTION


# %%
def decide(report, must):
    # BEGIN SOLUTION
    found = [report["verdict"].get(name, "not there") for name in must]
    if "fail" in found:
        return "no"
    return "yes" if set(found) == {"pass"} else "cannot tell"
    # END SOLUTION


# %%
watch = 3.0  # SOLUTION

# %% [markdown]
# Vibrations: yes. Collisions, or anything that squeezes bonds: no, the rattled row failed. A long run without thermostat:
# nobody can tell, as nobody has measured the drift.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %%
for use in (["normal modes, MAE"], ["force MAE, rattled 0.1 Å"], ["energy drift (NVE)"]):
    print(use, decide(report, use))
