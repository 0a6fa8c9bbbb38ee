# %% [markdown]
# # Exercises 11 · Unit pitfalls
#
# They belong to [lesson 11](../notebooks/11_unit_pitfalls.ipynb). Write your answers into the cells with `...`, run them,
# and let `grader.check` mark them, as often as you like: your best points count.
#
# The data are ethanol and malonaldehyde, labelled for this course with PBE/def2-SVP (CC0).

# %%
from itertools import pairwise

import numpy as np

from mlp_course.data import UNIT_FAULTS, load_embedded, plant_unit_faults
from mlp_course.teaching import plot_unit_evidence, start_exercises

grader = start_exercises("11_unit_pitfalls")

# %%
HARTREE = 27.211386  # eV
BOHR = 0.52917721  # Å
JOULE = 6.241509e18  # eV
MOL = 6.02214076e23
CALORIE = 4.184  # J

# %% [raw]
# # BEGIN QUESTION
# name: q11_1

# %% [markdown]
# ## 11.1 A table of forces
#
# A colleague's notes hold this table. In each row stands how many of the units on top are one of the unit on the left.
#
# | 1 of | eV/Å | kcal/(mol·Å) | Hartree/Bohr |
# |---|---|---|---|
# | eV/Å | 1 | 23.061 | 0.036749 |
# | kcal/(mol·Å) | 0.043364 | 1 | 0.00084330 |
# | Hartree/Bohr | 51.422 | 1185.8 | 1 |
#
# **a.** With the constants above, and without `mlp_course.units`, work out how many eV/Å are 1 kcal/(mol·Å),
# 1 Hartree/Bohr and 1 kJ/(mol·nm).
#
# **b.** One entry of the table is wrong. Which one? Give its row and its column, as they are written in the table.

# %% [raw]
# # BEGIN SOLUTION

# %%
in_ev_per_angstrom = {}
in_ev_per_angstrom["kcal/(mol·Å)"] = 1000 * CALORIE * JOULE / MOL  # SOLUTION
in_ev_per_angstrom["Hartree/Bohr"] = HARTREE / BOHR  # SOLUTION
in_ev_per_angstrom["kJ/(mol·nm)"] = 1000 * JOULE / MOL / 10  # SOLUTION
wrong_entry = ("eV/Å", "Hartree/Bohr")  # SOLUTION

# %% [markdown]
# 0.036749 is 1/27.211: the energy was converted and the length forgotten. 1/51.422 = 0.019447 is right, and
# 23.061 × 0.00084330 says so too.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# The next question uses a trained network of this course and 100 frames it has not learnt from.

# %%
from mlp_course.models import load_shipped
from mlp_course.validation import predict

frames = load_embedded("ethanol/1000K")[:100]
reference = np.array([atoms.get_potential_energy() for atoms in frames])  # eV
predicted = predict(load_shipped("ethanol_schnet"), frames)[0]  # eV
n_atoms = np.array([len(atoms) for atoms in frames])

# %% [raw]
# # BEGIN QUESTION
# name: q11_2

# %% [markdown]
# ## 11.2 The error that shrank
#
# **a.** Write `energy_mae`: the mean absolute error of energies **in meV/atom**. The energies come in `unit`, which is
# `"eV"` or `"Hartree"`. Frames may have different numbers of atoms.
#
# **b.** Somebody reads Hartree as eV, in predictions and references alike. How many times *smaller* is the error that
# is printed?
#
# **c.** Which of `"MAE"`, `"RMSE"`, `"R²"`, `"order of two models"` are the same in both units? Give a list.

# %% [raw]
# # BEGIN SOLUTION


# %%
def energy_mae(predicted, reference, n_atoms, unit):
    # BEGIN SOLUTION
    in_ev = {"eV": 1.0, "Hartree": HARTREE}[unit]
    return 1000 * in_ev * np.mean(np.abs(predicted - reference) / n_atoms)
    # END SOLUTION


# %%
times_smaller = HARTREE  # SOLUTION
stays = ["R²", "order of two models"]  # SOLUTION

# %% [markdown]
# The chapter says that Hartree read as eV makes energies "27x overestimated". They come out 27.2 times too *small*, and so
# does the error. R² is a ratio of two sums of squares, and both shrink by the same factor: it stays, and is no warning.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q11_3

# %% [markdown]
# ## 11.3 Energy over work
#
# Write a test of units that needs no second file. Between two neighbouring frames of a list the energy changes by
#
# $$ E_j - E_i \approx -\tfrac12 (\mathbf F_i + \mathbf F_j) \cdot (\mathbf q_j - \mathbf q_i) = W , $$
#
# where $\mathbf q$ are all positions. Return the slope of the straight line *through the origin* that fits
# $E_j - E_i$ best as a function of $W$ (least squares): $\sum \Delta E\, W / \sum W^2$. The molecules of the list are not
# turned against each other.

# %% [raw]
# # BEGIN SOLUTION


# %%
def energy_over_work(frames):
    # BEGIN SOLUTION
    changes, works = [], []
    for i, j in pairwise(frames):
        mean_force = 0.5 * (i.get_forces() + j.get_forces())
        works.append(-np.sum(mean_force * (j.positions - i.positions)))
        changes.append(j.get_potential_energy() - i.get_potential_energy())
    return np.dot(changes, works) / np.dot(works, works)
    # END SOLUTION


# %% [markdown]
# On rattled molecules it is not exactly 1, as forces do not change along straight lines. But a wrong unit is off by far
# more than that.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# Try it: the first line should be near 1, the others far from it.

# %%
rattled = load_embedded("ethanol/rattled")
for fault in ([], "energy: Hartree", "forces: kcal/mol/Å", "forces: sign"):
    ratio = energy_over_work(plant_unit_faults(rattled, fault))
    print(fault or "in order", ratio if ratio is None else round(ratio, 3))

# %% [markdown]
# Five sets of 40 molecules. Some are wrong. The four panels are those of the lesson; change the letter.

# %%
from mlp_course.teaching.exercises.checks import mystery_sets

sets = mystery_sets()
print(UNIT_FAULTS)
plot_unit_evidence(sets["A"], title="set A")

# %% [raw]
# # BEGIN QUESTION
# name: q11_4

# %% [markdown]
# ## 11.4 Five sets of unknown origin
#
# Look at each set and name what is wrong with it: for each letter a list of names out of `UNIT_FAULTS` (printed above),
# `[]` if nothing is. One of the five has more than one fault. First look and decide; `diagnose_units` is for afterwards.

# %% [raw]
# # BEGIN SOLUTION

# %%
faults = {}
faults["A"] = ["forces: kcal/mol/Å"]  # SOLUTION
faults["B"] = ["energy: kcal/mol"]  # SOLUTION
faults["C"] = ["energy: Hartree", "forces: Hartree/Bohr", "positions: Bohr"]  # SOLUTION
faults["D"] = ["forces: sign"]  # SOLUTION
faults["E"] = []  # SOLUTION

# %% [markdown]
# A and B are the pair that work alone cannot tell apart from its mirror image: forces 23 times too large make the cloud
# flat, energies 23 times too large make it steep. The pull of the bonds knows the forces alone. In C the work is in
# perfect order; only distances, pull and totals, which know absolute sizes, are off.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q11_5

# %% [markdown]
# ## 11.5 Who sees what?
#
# Forty warm ethanols with a fault in *all* of them. Which of the four measurements, `"distances"`, `"work"`, `"pull"`,
# `"totals"`, are clearly off? Give a list for each. ("All of PySCF's units": Hartree, Hartree/Bohr, Bohr, with the right
# sign. "Without references": the energy of single atoms was taken off before.)

# %% [raw]
# # BEGIN SOLUTION

# %%
seen_by = {}
seen_by["energies in Hartree"] = ["work", "totals"]  # SOLUTION
seen_by["gradients for forces"] = ["work", "pull"]  # SOLUTION
seen_by["all of PySCF's units"] = ["distances", "pull", "totals"]  # SOLUTION
seen_by["energies in Hartree without references"] = ["work"]  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q11_6

# %% [markdown]
# ## 11.6 A guard of your own
#
# Two people, two scripts, one folder: *some* frames of a file have their energy in Hartree. Write `strange_frames`, which
# returns the places (a list of integers) of the frames whose total energy cannot belong to the others. It must work for
# three wrong frames in 300 and for one in five; it must be silent on hot and rattled frames; and a file may hold several
# molecules. At least half of the frames of each molecule are in order.

# %% [raw]
# # BEGIN SOLUTION


# %%
def strange_frames(frames):
    # BEGIN SOLUTION
    energies = np.array([atoms.get_potential_energy() for atoms in frames])
    formulas = np.array([atoms.get_chemical_formula() for atoms in frames])
    strange = np.zeros(len(frames), dtype=bool)
    for formula in set(formulas):
        own = formulas == formula
        middle = np.median(energies[own])  # eV; does not move if less than half are wrong
        strange[own] = abs(energies[own] - middle) > 50.0  # eV; heat makes a few at most
    return np.flatnonzero(strange).tolist()
    # END SOLUTION


# %% [markdown]
# The median is the trick: a mean and a standard deviation are made by the wrong frames as well, and hide them. 50 eV are
# far above all that heat does to nine atoms, and far below the thousands that a wrong unit makes.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
