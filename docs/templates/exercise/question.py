# %% [raw]
# # BEGIN QUESTION
# name: q01_9

# %% [markdown]
# ## 1.9 The curve of a bond
#
# A spring cannot break. Morse's curve can:
#
# $$ E(d) = D \left[ \left( 1 - e^{-a (d - d_0)} \right)^2 - 1 \right] $$
#
# Write it as a function of distances `d` in Å (an array), the depth $D$ in eV, the steepness $a$ in Å⁻¹ and the distance
# at rest $d_0$ in Å.

# %% [raw]
# # BEGIN SOLUTION


# %%
def my_morse(d, depth, steepness, rest):
    # BEGIN SOLUTION
    bracket = 1 - np.exp(-steepness * (d - rest))
    return depth * (bracket**2 - 1)
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
