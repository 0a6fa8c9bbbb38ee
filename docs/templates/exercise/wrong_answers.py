# %% q01_9: counted from the minimum
# loses: free when far
# hint: Two atoms far apart are free
def my_morse(d, depth, steepness, rest):
    return depth * (1 - np.exp(-steepness * (d - rest))) ** 2


# %% q01_9: the sign of the exponent
# loses: free when far
# hint: grows with the distance
def my_morse(d, depth, steepness, rest):
    return depth * ((1 - np.exp(steepness * (d - rest))) ** 2 - 1)
