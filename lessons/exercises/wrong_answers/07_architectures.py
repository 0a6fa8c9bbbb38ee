# Typical wrong answers of book 07: what each loses, and words of the hint that is meant for it.


# %% q07_1: adds once an atom, and into the given array
# loses: sums over all neighbours, leaves its input alone
# hint: adds once an atom
def one_round(x, filters, idx_i, idx_j):
    x[idx_i] += x[idx_j] * filters
    return x


# %% q07_1: the wrong way round
# loses: from j to i
# hint: only atom 0 hears something
def one_round(x, filters, idx_i, idx_j):
    new = x.copy()
    np.add.at(new, idx_j, x[idx_i] * filters)
    return new


# %% q07_1: forgets itself
# loses: sums over all neighbours, from j to i
# hint: An atom keeps what it had
def one_round(x, filters, idx_i, idx_j):
    new = np.zeros_like(x)
    np.add.at(new, idx_i, x[idx_j] * filters)
    return new


# %% q07_1: a mean over neighbours
# loses: sums over all neighbours
# hint: forgets how many there are
def one_round(x, filters, idx_i, idx_j):
    total = np.zeros_like(x)
    np.add.at(total, idx_i, x[idx_j] * filters)
    return x + total / np.maximum(np.bincount(idx_i, minlength=len(x)), 1)[:, None]


# %% q07_2: layers times cutoff, no biases
# loses: several layers, counts the parameters
# hint: over a gap nobody passes news on
def reaches(positions, cutoff, n_layers):
    away = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    return away < n_layers * cutoff


def n_parameters(sizes, n_elements):
    return n_elements * sum(a * b for a, b in pairwise(sizes))


# %% q07_2: one layer is all, one network for all
# loses: several layers, counts the parameters
# hint: Every element has a network of its own
def reaches(positions, cutoff, n_layers):
    return np.linalg.norm(positions[:, None] - positions[None], axis=2) < cutoff


def n_parameters(sizes, n_elements):
    return sum((a + 1) * b for a, b in pairwise(sizes))


# %% q07_2: does not know himself
# loses: one layer, several layers
# hint: oneself
def reaches(positions, cutoff, n_layers):
    away = np.linalg.norm(positions[:, None] - positions[None], axis=2)
    near = ((away < cutoff) & (away > 0)).astype(int)
    return np.linalg.matrix_power(near, n_layers) > 0


def n_parameters(sizes, n_elements):
    return n_elements * sum((a + 1) * b for a, b in pairwise(sizes))


# %% q07_3: invariance instead of equivariance
# loses: zero for arrows that turn, who turns along
# hint: They shall turn with the molecule
def turning_error(model, positions, turn):
    return np.abs(model(positions @ turn.T) - model(positions)).max()


turn_along = [n for n, model in models.items() if turning_error(model, atoms, turn) < 1e-9]


# %% q07_3: turns the answer back
# loses: zero for arrows that turn, who turns along
# hint: they turn along, and your error is not 0
def turning_error(model, positions, turn):
    return np.abs(model(positions @ turn.T) - model(positions) @ turn).max()


turn_along = [n for n, model in models.items() if turning_error(model, atoms, turn) < 1e-9]


# %% q07_3: takes a whirl for a mistake
# loses: who turns along
# hint: a turn is no mirror
def turning_error(model, positions, turn):
    return np.abs(model(positions @ turn.T) - model(positions) @ turn.T).max()


turn_along = ["A"]


# %% q07_4: no noise, variance instead of its root
# loses: mean, variance
# hint: believes every label
def gap_predict(K, y, k_star, k_self, noise):
    variance = k_self - k_star @ np.linalg.solve(K + noise**2 * np.eye(len(y)), k_star)
    return k_star @ np.linalg.solve(K, y), variance


def error_of_sum(covariance):
    return np.sqrt(covariance.sum())


# %% q07_4: atoms as if independent
# loses: error of a sum
# hint: as if atoms were independent
def gap_predict(K, y, k_star, k_self, noise):
    noisy = K + noise**2 * np.eye(len(y))
    variance = k_self - k_star @ np.linalg.solve(noisy, k_star)
    return k_star @ np.linalg.solve(noisy, y), np.sqrt(variance)


def error_of_sum(covariance):
    return np.sqrt(np.trace(covariance))


# %% q07_4: multiplies by K instead of dividing, adds standard deviations
# loses: mean, variance, error of a sum
# hint: Standard deviations do not add
def gap_predict(K, y, k_star, k_self, noise):
    noisy = K + noise**2 * np.eye(len(y))
    return k_star @ noisy @ y, np.sqrt(abs(k_self - k_star @ noisy @ k_star))


def error_of_sum(covariance):
    return np.sqrt(np.diag(covariance)).sum()


# %% q07_5: always the most accurate
# loses: the most accurate that can, says when nobody can, three plans
# hint: too slow for the second job
def choose(table, steps, hours):
    return table["force_mae"].idxmin()


plans = {name: choose(table, steps, 50) for name, steps in (("short", 1e5), ("long", 1e6))}
plans["endless"] = choose(table, 1e8, 50)


# %% q07_5: the fastest that can
# loses: the most accurate that can, three plans
# hint: hours were left
def choose(table, steps, hours):
    able = table[table["ms"] / 1000 * steps <= 3600 * hours]
    return able["ms"].idxmin() if len(able) else None


plans = {name: choose(table, steps, 50) for name, steps in (("short", 1e5), ("long", 1e6))}
plans["endless"] = choose(table, 1e8, 50)


# %% q07_5: milliseconds taken for seconds, and then the fastest
# loses: the most accurate that can, says when nobody can, three plans
# hint: nobody can, and the answer should be None
def choose(table, steps, hours):
    able = table[table["ms"] * steps <= 3600 * hours]
    return able["force_mae"].idxmin() if len(able) else table["ms"].idxmin()


plans = {name: choose(table, steps, 50) for name, steps in (("short", 1e5), ("long", 1e6))}
plans["endless"] = choose(table, 1e8, 50)
