# %% [markdown]
# # Exercises 06 · Descriptors
#
# They belong to [lesson 06](../notebooks/06_descriptors.ipynb). Write your answers into the cells with `...`, run them,
# and let `grader.check` mark them, as often as you like: your best points count.

# %%
import torch

from mlp_course.teaching import start_exercises

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
