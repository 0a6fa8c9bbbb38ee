# %% [markdown]
# # Exercises 06 · Descriptors
#
# They belong to [lesson 06](../notebooks/06_descriptors.ipynb). Write your answers into the cells with `...`, run them,
# and let `grader.check` mark them, as often as you like: your best points count.

# %%
import numpy as np
import torch
from ase import Atoms

from mlp_course.teaching import self_assess, start_exercises

grader = start_exercises("06_descriptors")

# %% [raw]
# # BEGIN QUESTION
# name: q06_1

# %% [markdown]
# ## 6.1 The cosine cutoff
#
# Write a function that counts a neighbour fully at distance 0, not at all from `cutoff` on, and goes smoothly in between:
#
# $$ f_c(d) = \tfrac{1}{2}\left[\cos\left(\pi d / r_c\right) + 1\right] \quad (d < r_c), \qquad 0 \text{ otherwise} $$
#
# `d` is a tensor of distances in Å.

# %% [raw]
# # BEGIN SOLUTION


# %%
def my_cutoff(d, cutoff):
    # BEGIN SOLUTION
    inside = 0.5 * (torch.cos(torch.pi * d / cutoff) + 1)
    return torch.where(d < cutoff, inside, torch.zeros_like(d))
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# The function below should be Behler's $G^4$ of one atom,
#
# $$ G^4_i = 2^{1-\zeta} \sum_{j<k} (1 + \lambda \cos\theta_{ijk})^\zeta \,
# e^{-\eta (R_{ij}^2 + R_{ik}^2 + R_{jk}^2)} \, f_c(R_{ij}) f_c(R_{ik}) f_c(R_{jk}), $$
#
# from the vectors `r_ij` to its neighbours. It runs without an error, and returns a number that looks harmless.

# %%
from mlp_course.descriptors import cosine_cutoff


def broken_angular(r_ij, eta, zeta, lambda_, cutoff):
    total = 0.0
    for r_j in r_ij:
        for r_k in r_ij:
            cos_theta = r_j @ r_k
            squares = r_j @ r_j + r_k @ r_k
            fade = cosine_cutoff(r_j.norm(), cutoff) * cosine_cutoff(r_k.norm(), cutoff)
            total += (1 + lambda_ * cos_theta) ** zeta * torch.exp(-eta * squares) * fade
    return 2 ** (zeta - 1) * total


water = torch.tensor([[0.757, 0.586, 0.0], [-0.757, 0.586, 0.0]], dtype=torch.float64)
broken_angular(water, eta=0.01, zeta=1.0, lambda_=1, cutoff=5.0)

# %% [raw]
# # BEGIN QUESTION
# name: q06_2

# %% [markdown]
# ## 6.2 The broken angular function
#
# Write `my_angular` without the faults of `broken_angular`: copy it, compare it with the formula factor by factor, and
# repair it. There are four faults, and each costs a point of its own. It takes `r_ij` of shape (n, 3) in Å, η in Å⁻² and
# the cutoff in Å, and returns one dimensionless number.

# %% [raw]
# # BEGIN SOLUTION


# %%
def my_angular(r_ij, eta, zeta, lambda_, cutoff):
    # BEGIN SOLUTION
    total = torch.zeros((), dtype=r_ij.dtype)
    for j in range(len(r_ij)):
        for k in range(j + 1, len(r_ij)):
            r_j, r_k, r_jk = r_ij[j], r_ij[k], r_ij[k] - r_ij[j]
            cos_theta = r_j @ r_k / (r_j.norm() * r_k.norm())
            sides = torch.stack([r_j.norm(), r_k.norm(), r_jk.norm()])
            fade = cosine_cutoff(sides, cutoff).prod()
            angle = (1 + lambda_ * cos_theta) ** zeta
            total = total + angle * torch.exp(-eta * (sides**2).sum()) * fade
    return 2 ** (1 - zeta) * total
    # END SOLUTION


# %% [markdown]
# Four faults: `j = k` and both orders were summed; the dot product was not divided by the two lengths; $R_{jk}$ was
# missing, in the exponential and in the cutoffs; and the sign of the exponent of 2 was turned. None of them raises an
# error, and a network trained on it would even work somewhat. Only a property, or a number by hand, shows them.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# Five ways to describe ethanol, and four copies of it that are the same molecule.

# %%
from mlp_course.data import load_embedded
from mlp_course.descriptors import (
    SOAP,
    SymmetryFunctions,
    coulomb_matrix,
    describe_atoms,
    describe_structure,
    distance_histogram,
    raw_coordinates,
)

# %%
molecule = load_embedded("ethanol/500K")[0]
soap = SOAP([1, 6, 8], cutoff=5.0, n_max=4, l_max=4)
views = {
    "raw coordinates": raw_coordinates,
    "Coulomb matrix": coulomb_matrix,
    "distance histogram": distance_histogram,
    "SOAP of each atom": lambda atoms: describe_atoms(soap, atoms),
    "SOAP, summed": lambda atoms: describe_structure(soap, atoms),
}

# %%
copies = {name: molecule.copy() for name in ("moved", "turned", "mirrored", "renumbered")}
copies["moved"].translate([1.0, -2.0, 0.5])
copies["turned"].rotate(40, (1, 2, 3))
copies["mirrored"].positions[:, 2] *= -1
copies["renumbered"] = molecule[[0, 1, 2, 8, 7, 6, 5, 4, 3]]  # the six H in another order

# %% [raw]
# # BEGIN QUESTION
# name: q06_3

# %% [markdown]
# ## 6.3 Which description survives a turn?
#
# First write `unchanged(view, atoms, other)`: True if a view gives the same numbers for two structures. Then make the
# table `survives[name][operation]` for all `views` and `copies`, with True where the description is unchanged.

# %% [raw]
# # BEGIN SOLUTION


# %%
def unchanged(view, atoms, other):
    # BEGIN SOLUTION
    return bool(np.allclose(view(atoms), view(other), rtol=1e-7, atol=1e-9))
    # END SOLUTION


# %%
# BEGIN SOLUTION NO PROMPT
table = {
    name: {how: unchanged(view, molecule, copy) for how, copy in copies.items()}
    for name, view in views.items()
}
# END SOLUTION
survives = table  # SOLUTION
survives

# %% [markdown]
# Raw coordinates survive nothing. The Coulomb matrix and the list of SOAP vectors have one row for each atom: other
# numbers, other order of rows. For SOAP that is harmless, because a model adds up what it makes of the rows. The distance
# histogram survives everything, and is a poor descriptor all the same: it cannot tell a kite from a trapezoid.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q06_4

# %% [markdown]
# ## 6.4 Twins
#
# What is different must look different. Find two blind spots; atom 0 is the centre, and its description counts:
#
# - `twins`: a list of two structures (ASE `Atoms`, at least two neighbours) that no radial function $G^2$ of atom 0 can
#   tell apart, while an angular function can;
# - `harder_twins`: two structures of at most 7 atoms whose $G^2$ **and** $G^4$ of atom 0 are all the same, and which no
#   rotation, mirroring or renumbering lays onto each other;
# - `bodies_needed`: for `"twins"` and `"harder_twins"`, how many bodies a descriptor must see at once, centre included.

# %% [raw]
# # BEGIN SOLUTION

# %%
# BEGIN SOLUTION NO PROMPT
from mlp_course.descriptors import twin_environments

bent = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
straight = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-np.hypot(0.24, 0.93), 0, 0]])
# END SOLUTION
twins = [bent, straight]  # SOLUTION
harder_twins = list(twin_environments(angle=30))  # SOLUTION
bodies_needed = {"twins": 3, "harder_twins": 4}  # SOLUTION

# %% [markdown]
# A radial function of atom 0 knows distances from atom 0. Bent and straight water have the same ones; the angle is a
# matter of three bodies. Four neighbours on a circle can have the same six angles and still differ in *which angle meets
# which*: that takes three neighbours and the centre, four bodies.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# The chapter's **Problem 1** asks for a comparison of the descriptors. Here it is a dictionary, one row for each
# family: `"symmetry functions"`, `"SOAP"`, `"GNN"` (SchNet and its like) and `"equivariant GNN"` (NequIP, MACE). Each row
# is a dictionary with
#
# | key | meaning |
# |---|---|
# | `"by_hand"` | need for design by hand: `"low"`, `"medium"` or `"high"` |
# | `"chosen"` | a set of those settings that a person chooses, of the menu below |
# | `"data_efficiency"` | `"low"`, `"medium"` or `"high"` |
# | `"labels"` | a typical number of labels it needs (the chapter's go from 3,000 to 30,000 for these four) |
# | `"interpretability"` | of its numbers: `"low"`, `"medium"` or `"high"` |
#
# Menu: `eta`, `r_s`, `zeta`, `lambda_`, `n_max`, `l_max`, `sigma`, `n_features`, `n_layers`. (Everybody chooses a cutoff.)

# %% [raw]
# # BEGIN QUESTION
# name: q06_5

# %% [markdown]
# ## 6.5 Problem 1: the descriptors compared
#
# Write `comparison`, the table above. Then two smaller ones:
#
# - `lengths`: how many numbers describe *one* atom among H, C and O, for `SymmetryFunctions` and `SOAP` as the package
#   makes them by default (cutoff 5 Å); keys `"symmetry functions"` and `"SOAP"`. Count, do not quote.
# - `advice`: the family for each of the needs `"every number must be explained"`, `"a crystal, with a kernel method"`,
#   `"an organic molecule, many labels, an easy start"`, `"few labels, highest accuracy"`. Each family is used once.

# %% [raw]
# # BEGIN SOLUTION


# %%
# BEGIN SOLUTION NO PROMPT
def row(by_hand, chosen, data_efficiency, labels, interpretability):
    levels = dict(by_hand=by_hand, data_efficiency=data_efficiency)
    return levels | dict(
        chosen=set(chosen.split()), labels=labels, interpretability=interpretability
    )


table = {
    "symmetry functions": row("high", "eta r_s zeta lambda_", "low", 30_000, "high"),
    "SOAP": row("medium", "n_max l_max sigma", "medium", 8_000, "medium"),
    "GNN": row("low", "n_features n_layers", "medium", 8_000, "low"),
    "equivariant GNN": row("low", "n_features n_layers l_max", "high", 4_000, "low"),
}
# END SOLUTION
comparison = table  # SOLUTION

# %%
# BEGIN SOLUTION NO PROMPT
counted = {
    "symmetry functions": SymmetryFunctions([1, 6, 8], cutoff=5.0).n_components,
    "SOAP": SOAP([1, 6, 8], cutoff=5.0).n_components,
}
families = {
    "every number must be explained": "symmetry functions",
    "a crystal, with a kernel method": "SOAP",
    "an organic molecule, many labels, an easy start": "GNN",
    "few labels, highest accuracy": "equivariant GNN",
}
# END SOLUTION
lengths = counted  # SOLUTION
advice = families  # SOLUTION
lengths

# %% [markdown]
# The levels are the chapter's; lesson 06 measures some of them. The chapter's 30–50 numbers for SOAP hold for one element
# and a small basis: each further element brings pairs of elements, and the length grows with their number.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ## Open question: defend your choice
#
# You have 3,000 labels of one node-hour each for methanol on copper. Which family do you take, what do you give up with
# it, and which measurement would prove you wrong? Five sentences.

# %% [markdown]
# *Your answer:*

# %%
self_assess("r06_1")
