# %% [markdown]
# # Exercises 07 · Architectures
#
# They belong to [lesson 07](../notebooks/07_architectures.ipynb). Write your answers into the cells with `...`, run them,
# and let `grader.check` mark them, as often as you like: your best points count.
#
# Everything here is NumPy on a handful of atoms; the last question reads the stored race of the lesson.

# %%
from itertools import pairwise

import numpy as np
from scipy.spatial.transform import Rotation

from mlp_course.teaching import Table, self_assess, start_exercises

grader = start_exercises("07_architectures")

# %% [raw]
# # BEGIN QUESTION
# name: q07_1

# %% [markdown]
# ## 7.1 A round of messages
#
# Write one round of message passing, without PyTorch:
#
# $$ \mathbf x_i \leftarrow \mathbf x_i + \sum_j \mathbf x_j \circ \mathbf W_{ij} . $$
#
# `x` has shape (n_atoms, n_features), `filters` ($\mathbf W_{ij}$, one row a pair) has shape (n_pairs, n_features); pair number
# p goes from neighbour `idx_j[p]` to centre `idx_i[p]`. Return new features; the given array stays as it is.

# %% [raw]
# # BEGIN SOLUTION


# %%
def one_round(x, filters, idx_i, idx_j):
    # BEGIN SOLUTION
    messages = x[idx_j] * filters  # (n_pairs, n_features)
    new = x.copy()
    np.add.at(new, idx_i, messages)  # adds once for each pair, also where idx_i repeats
    return new
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q07_2

# %% [markdown]
# ## 7.2 How far, how many
#
# **a.** Write `reaches(positions, cutoff, n_layers)`: a table of booleans, shape (n, n). Entry (i, k) says whether, after so many
# rounds of messages, atom i can know of atom k. An atom knows itself; a message goes between atoms nearer than the cutoff.
#
# **b.** Write `n_parameters(sizes, n_elements)`: the number of weights and biases of `n_elements` separate networks, each with
# fully connected layers of the given sizes. `[30, 16, 1]` is 30 inputs, one hidden layer of 16, one output.

# %% [raw]
# # BEGIN SOLUTION


# %%
def reaches(positions, cutoff, n_layers):
    # BEGIN SOLUTION
    away = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    near = (away < cutoff).astype(int)  # the diagonal is 0 Å: everybody knows himself
    return np.linalg.matrix_power(near, n_layers) > 0  # counts ways of so many steps
    # END SOLUTION


def n_parameters(sizes, n_elements):
    # BEGIN SOLUTION
    one = sum((a + 1) * b for a, b in pairwise(sizes))
    return n_elements * one
    # END SOLUTION


# %% [markdown]
# Three layers of 5 Å *may* see 15 Å far, but only along atoms. Across a gap wider than the cutoff nothing is passed on.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# Four functions that draw an arrow at each of five atoms, and a turn to try them with:

# %%
from mlp_course.teaching.exercises.checks import arrow_models

models = arrow_models()
atoms = np.random.default_rng(0).normal(0, 1.5, (5, 3))  # Å
turn = Rotation.from_euler("xyz", [40, -20, 100], degrees=True).as_matrix()

# %% [raw]
# # BEGIN QUESTION
# name: q07_3

# %% [markdown]
# ## 7.3 Does it turn along?
#
# **a.** Write `turning_error(model, positions, turn)`: by how much (largest component) the arrows of the turned atoms differ from
# the turned arrows. Rows are positions, so `positions @ turn.T` turns them. It is 0 for an *equivariant* model.
#
# **b.** Which of `"A"`, `"B"`, `"C"`, `"D"` turn along? Give the list `turn_along`.

# %% [raw]
# # BEGIN SOLUTION


# %%
def turning_error(model, positions, turn):
    # BEGIN SOLUTION
    return np.abs(model(positions @ turn.T) - model(positions) @ turn.T).max()
    # END SOLUTION


# %%
# BEGIN SOLUTION NO PROMPT
errors = {name: turning_error(model, atoms, turn) for name, model in models.items()}
# END SOLUTION
turn_along = [name for name, error in errors.items() if error < 1e-9]  # SOLUTION

# %% [markdown]
# A and D. D is a cross product of two arrows: it turns along, but a mirror would change its sign, as it does for an
# axial vector. Forces must follow mirrors, too, so D could not be a force.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q07_4

# %% [markdown]
# ## 7.4 What GAP knows about its error
#
# **a.** A Gaussian process with kernel matrix `K` between $n$ known places, labels `y`, resemblances `k_star` of a new place to
# the known ones, `k_self` to itself, and labels of standard deviation `noise` ($\sigma$):
#
# $$ \mu = \mathbf k_*^T (K + \sigma^2 1)^{-1} \mathbf y , \qquad
# \mathrm{var} = k_{**} - \mathbf k_*^T (K + \sigma^2 1)^{-1} \mathbf k_* . $$
#
# Write `gap_predict(K, y, k_star, k_self, noise)`, which returns mean and *standard deviation*.
#
# **b.** An energy is a sum over atoms whose errors have the covariance `covariance`, shape (m, m), in eV². Write
# `error_of_sum(covariance)`: the standard deviation of the sum, in eV.

# %% [raw]
# # BEGIN SOLUTION


# %%
def gap_predict(K, y, k_star, k_self, noise):
    # BEGIN SOLUTION
    noisy = K + noise**2 * np.eye(len(y))
    mean = k_star @ np.linalg.solve(noisy, y)
    variance = k_self - k_star @ np.linalg.solve(noisy, k_star)
    return mean, np.sqrt(variance)
    # END SOLUTION


def error_of_sum(covariance):
    # BEGIN SOLUTION
    return np.sqrt(covariance.sum())
    # END SOLUTION


# %% [markdown]
# With covariances: how a molecule's energy is shared among its atoms stays open, so their errors are opposed, and the sum is
# known far better than its terms.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# The stored race, ethanol, 950 frames: force error in meV/Å, and milliseconds of one core for one call with 999 atoms.

# %%
from mlp_course.teaching.exercises.checks import race_table

table = race_table()
Table(table.round(1).reset_index())

# %% [raw]
# # BEGIN QUESTION
# name: q07_5

# %% [markdown]
# ## 7.5 Who gets the job?
#
# **a.** Write `choose(table, steps, hours)`: the name of the method (index of the table) with the smallest `force_mae` among those
# that can do `steps` calls of `ms` milliseconds in `hours` hours; `None` if nobody can.
#
# **b.** 999 atoms, 50 hours of one core. Whom do you take for 10⁵ steps (`"short"`), 10⁶ (`"long"`), 10⁸ (`"endless"`)?

# %% [raw]
# # BEGIN SOLUTION


# %%
def choose(table, steps, hours):
    # BEGIN SOLUTION
    able = table[table["ms"] / 1000 * steps <= 3600 * hours]
    return able["force_mae"].idxmin() if len(able) else None
    # END SOLUTION


# %%
plans = {}
plans["short"] = choose(table, 1e5, 50)  # SOLUTION
plans["long"] = choose(table, 1e6, 50)  # SOLUTION
plans["endless"] = choose(table, 1e8, 50)  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ## An architecture, with reasons (open question)
#
# Take a system that you know. How many labels, atoms, steps and hours? Choose an architecture, and write in five to ten
# sentences why this one, and what would change your mind. Then mark yourself by the rubric.

# %% [markdown]
# *Your answer:*

# %%
self_assess("r07_1")
