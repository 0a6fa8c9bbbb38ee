# %% [markdown]
# # Exercises 02 · Fifteen terms
#
# They belong to [lesson 02](../notebooks/02_glossary.ipynb). A term is understood when you can compute with it. Write your
# answers into the cells with `...`, run them, and let `grader.check` mark them, as often as you like: your best points count.

# %%
import numpy as np

from mlp_course.data import load_embedded
from mlp_course.models import load_shipped
from mlp_course.teaching import plot_lines, start_exercises
from mlp_course.validation import predict

grader = start_exercises("02_glossary")
molecule = load_embedded("ethanol/1000K")[0]
labels = molecule.get_forces()  # eV/Å, shape (9, 3)
_, (predicted,) = predict(load_shipped("ethanol_schnet"), [molecule])

# %% [raw]
# # BEGIN QUESTION
# name: q02_1

# %% [markdown]
# ## 2.1 MAE, element by element
#
# - `force_mae(labels, predicted)`: mean absolute error of forces, per component, in **meV/Å** (the arguments are in eV/Å);
# - `by_element(labels, predicted, symbols)`: a dictionary with the MAE of each element that occurs in `symbols`, one symbol
#   an atom.

# %% [raw]
# # BEGIN SOLUTION


# %%
def force_mae(labels, predicted):
    # BEGIN SOLUTION
    return float(1000 * np.abs(predicted - labels).mean())
    # END SOLUTION


# %%
def by_element(labels, predicted, symbols):
    # BEGIN SOLUTION
    symbols = np.array(symbols)
    return {
        s: force_mae(labels[symbols == s], predicted[symbols == s]) for s in set(symbols.tolist())
    }
    # END SOLUTION


by_element(labels, predicted, molecule.get_chemical_symbols())

# %% [markdown]
# One number hides much: in this frame the error on carbon is twice that on hydrogen, while six of nine atoms are hydrogen.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q02_2

# %% [markdown]
# ## 2.2 Epochs, batches, steps
#
# - `batches(n_frames, batch_size, rng)`: the batches of one *epoch*, a list of lists of places 0 to `n_frames - 1`, shuffled by
#   the random generator `rng`; the last batch may be smaller;
# - `n_steps(n_frames, batch_size, epochs)`: how many *steps* (one batch each) that makes;
# - `n_epochs`: a paper reports 19,000 steps with batches of 10 from 950 frames. How many epochs is that?

# %% [raw]
# # BEGIN SOLUTION


# %%
def batches(n_frames, batch_size, rng):
    # BEGIN SOLUTION
    order = rng.permutation(n_frames).tolist()
    return [order[start : start + batch_size] for start in range(0, n_frames, batch_size)]
    # END SOLUTION


def n_steps(n_frames, batch_size, epochs):
    # BEGIN SOLUTION
    return epochs * -(-n_frames // batch_size)
    # END SOLUTION


n_epochs = 19_000 * 10 / 950  # SOLUTION

# %% [markdown]
# Papers quote epochs or steps, rarely both. Two trainings are comparable only when you can convert one into the other.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q02_3

# %% [markdown]
# ## 2.3 What an atom sees
#
# - `n_neighbours(atoms, cutoff)`: how many neighbours each atom has within the *cutoff radius* (Å), periodic images included.
#   You may use `mlp_course.data.neighbour_list` or ASE;
# - `copper`: a dictionary `{3: ..., 4: ..., 5: ...}` with the neighbours of an atom in copper, `bulk("Cu")` from `ase.build`,
#   by cutoff in Å;
# - `growth`: by which factor their number grows, roughly, when the cutoff is doubled.

# %% [raw]
# # BEGIN SOLUTION


# %%
def n_neighbours(atoms, cutoff):
    # BEGIN SOLUTION
    from mlp_course.data import neighbour_list

    return np.bincount(neighbour_list(atoms, cutoff).idx_i, minlength=len(atoms))
    # END SOLUTION


# %%
# BEGIN SOLUTION NO PROMPT
from ase.build import bulk

counted = {cutoff: int(n_neighbours(bulk("Cu"), cutoff)[0]) for cutoff in (3.0, 4.0, 5.0)}
# END SOLUTION
copper = counted  # SOLUTION
growth = 2**3  # SOLUTION
copper

# %% [markdown]
# 12, 18, 42: whole shells come into sight at once. The number, and with it the price of every step, grows with the third
# power of the cutoff.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# Six quantities of a molecule: functions of positions, which return a number, a list of numbers, or one vector an atom.

# %%
from mlp_course.teaching.exercises.checks.terms_of_symmetry import quantities

six = quantities()
for name, quantity in six.items():
    print(f"{name:20} shape {np.shape(quantity(molecule.positions))}")

# %% [raw]
# # BEGIN QUESTION
# name: q02_4

# %% [markdown]
# ## 2.4 Invariant, equivariant, neither
#
# - `kind(quantity, positions)`: turn the molecule and look. `"invariant"`: the quantity stays as it is. `"equivariant"`: its
#   vectors (rows of three) turn along. `"neither"`: something else happens;
# - `kinds`: a dictionary with the answer for each of the six.

# %% [raw]
# # BEGIN SOLUTION


# %%
def kind(quantity, positions):
    # BEGIN SOLUTION
    from scipy.spatial.transform import Rotation

    turn = Rotation.from_rotvec([0.7, -0.4, 1.1]).as_matrix()
    before, after = np.asarray(quantity(positions)), np.asarray(quantity(positions @ turn.T))
    if np.allclose(before, after):
        return "invariant"
    if before.ndim and before.shape[-1] == 3 and np.allclose(before @ turn.T, after):
        return "equivariant"
    return "neither"
    # END SOLUTION


# %%
kinds = {name: kind(quantity, molecule.positions) for name, quantity in six.items()}  # SOLUTION
kinds

# %% [markdown]
# One turn about a general axis is enough in practice: what passes it by chance has to be constructed. An energy must be
# invariant, forces equivariant, and what is neither (a height, a box) has no place in a potential of a free molecule.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# An *ensemble*: five models of the torsion of ethanol, each fitted to another six of the first nine angles of the scan.

# %%
scan = load_embedded("ethanol/torsion")
angle = np.array([atoms.info["angle_deg"] for atoms in scan])  # 0 to 180
energy = np.array([atoms.get_potential_energy() for atoms in scan])
energy = 1000 * (energy - energy.min())  # meV
rng = np.random.default_rng(0)
predictions = []
for _ in range(5):
    some = np.sort(rng.choice(9, 6, replace=False))
    fit = np.polynomial.Polynomial.fit(angle[some], energy[some], 4, domain=[0, 180])
    predictions.append(fit(angle) / 1000)
predictions = np.array(predictions)  # eV, shape (5 models, 13 angles)
curves = {f"model {n + 1}": (angle, 1000 * p) for n, p in enumerate(predictions)}
plot_lines(curves | {"PBE": (angle, energy)}, x="torsion / °", y="energy / meV")

# %% [raw]
# # BEGIN QUESTION
# name: q02_5

# %% [markdown]
# ## 2.5 Five opinions
#
# - `mean_and_spread(predictions)`: mean and standard deviation **over the models** for each point; `predictions` has shape
#   (n_models, n_points), in eV;
# - `to_label(predictions, threshold)`: the places of the points whose spread is above the threshold, the most uncertain first:
#   these are asked next in *active learning*.

# %% [raw]
# # BEGIN SOLUTION


# %%
def mean_and_spread(predictions):
    # BEGIN SOLUTION
    return predictions.mean(axis=0), predictions.std(axis=0)
    # END SOLUTION


# %%
def to_label(predictions, threshold):
    # BEGIN SOLUTION
    _, spread = mean_and_spread(predictions)
    order = np.argsort(-spread)
    return [int(n) for n in order if spread[n] > threshold]
    # END SOLUTION


to_label(predictions, 0.1)

# %% [markdown]
# The spread is largest on the side from which no model has seen a point. That is the use of an ensemble. Where all five are
# wrong in the same way, it stays silent: it measures disagreement, not error.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
