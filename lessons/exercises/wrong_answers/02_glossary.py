# Typical wrong answers of book 02: what each loses, and words of the hint that is meant for it.


# %% q02_1: in eV/Å
# loses: MAE, each element
# hint: That is in eV/Å
def force_mae(labels, predicted):
    return np.abs(predicted - labels).mean()


def by_element(labels, predicted, symbols):
    mask = np.array(symbols)
    return {s: force_mae(labels[mask == s], predicted[mask == s]) for s in set(symbols)}


# %% q02_1: no absolute value, and a sum over one element by all atoms
# loses: MAE, each element
# hint: have cancelled
def force_mae(labels, predicted):
    return 1000 * (predicted - labels).mean()


def by_element(labels, predicted, symbols):
    errors, mask = 1000 * np.abs(predicted - labels), np.array(symbols)
    return {s: errors[mask == s].sum() / errors.size for s in set(symbols)}


# %% q02_1: lengths of vectors
# loses: MAE, each element
# hint: length of the error vectors
def force_mae(labels, predicted):
    return 1000 * np.linalg.norm(predicted - labels, axis=1).mean()


def by_element(labels, predicted, symbols):
    mask = np.array(symbols)
    return {s: force_mae(labels[mask == s], predicted[mask == s]) for s in set(symbols)}


# %% q02_2: no shuffle, the last batch dropped, rounded down
# loses: each frame once, new order, steps
# hint: were dropped
def batches(n_frames, batch_size, rng):
    whole = n_frames // batch_size * batch_size
    return np.arange(whole).reshape(-1, batch_size).tolist()


def n_steps(n_frames, batch_size, epochs):
    return n_frames // batch_size * epochs


n_epochs = 200


# %% q02_2: frames drawn with repetition, the batch forgotten
# loses: each frame once, epochs
# hint: comes twice in one epoch
def batches(n_frames, batch_size, rng):
    drawn = rng.integers(0, n_frames, n_frames).tolist()
    return [drawn[n : n + batch_size] for n in range(0, n_frames, batch_size)]


def n_steps(n_frames, batch_size, epochs):
    return epochs * int(np.ceil(n_frames / batch_size))


n_epochs = 19_000 / 950


# %% q02_3: no periodic images
# loses: periodic images, copper
# hint: images are missing
def n_neighbours(atoms, cutoff):
    d = atoms.get_all_distances()
    return ((d < cutoff) & (d > 0)).sum(axis=1)


copper = {3: 0, 4: 0, 5: 0}
growth = 8


# %% q02_3: the atom itself counted, twice the cutoff for twice the neighbours
# loses: a molecule, periodic images, copper, growth
# hint: Each atom counts itself
def n_neighbours(atoms, cutoff):
    from mlp_course.data import neighbour_list

    return 1 + np.bincount(neighbour_list(atoms, cutoff).idx_i, minlength=len(atoms))


copper = {3: 13, 4: 19, 5: 43}
growth = 2


# %% q02_3: only the nearest image of each atom
# loses: periodic images, copper, growth
# hint: are missing
def n_neighbours(atoms, cutoff):
    d = atoms.get_all_distances(mic=True)
    return ((d < cutoff) & (d > 0)).sum(axis=1)


copper = {3: 12, 4: 12, 5: 12}
growth = 4


# %% q02_3: a list instead of a dictionary
# loses: copper
# hint: a dictionary was asked
def n_neighbours(atoms, cutoff):
    from mlp_course.data import neighbour_list

    return np.bincount(neighbour_list(atoms, cutoff).idx_i, minlength=len(atoms))


copper = [12, 18, 42]
growth = 8


# %% q02_4: turned about z only
# loses: neither, the list
# hint: about which axis
def kind(quantity, positions):
    c, s = np.cos(0.4), np.sin(0.4)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
    before, after = np.asarray(quantity(positions)), np.asarray(quantity(positions @ turn.T))
    if np.allclose(before, after):
        return "invariant"
    if before.ndim and before.shape[-1] == 3 and np.allclose(before @ turn.T, after):
        return "equivariant"
    return "neither"


kinds = {name: kind(quantity, molecule.positions) for name, quantity in six.items()}


# %% q02_4: half a turn about x
# loses: neither, the list
# hint: changes only signs
def kind(quantity, positions):
    turn = np.diag([1.0, -1.0, -1.0])
    before, after = np.asarray(quantity(positions)), np.asarray(quantity(positions @ turn.T))
    if np.allclose(before, after):
        return "invariant"
    if before.ndim and before.shape[-1] == 3 and np.allclose(before @ turn.T, after):
        return "equivariant"
    return "neither"


kinds = {name: kind(quantity, molecule.positions) for name, quantity in six.items()}


# %% q02_5: over the points
# loses: mean, spread, where to label
# hint: over the models, not over the points
def mean_and_spread(predictions):
    return predictions.mean(axis=1), predictions.std(axis=1)


def to_label(predictions, threshold):
    return np.flatnonzero(predictions.std(axis=1) > threshold)


# %% q02_5: the variance, and the points on which all agree
# loses: spread, where to label
# hint: a label there teaches little
def mean_and_spread(predictions):
    return predictions.mean(axis=0), predictions.var(axis=0)


def to_label(predictions, threshold):
    return np.flatnonzero(predictions.std(axis=0) <= threshold)


# %% q02_5: not in order
# loses: where to label
# hint: the most uncertain one should come first
def mean_and_spread(predictions):
    return predictions.mean(axis=0), predictions.std(axis=0, ddof=1)


def to_label(predictions, threshold):
    return np.flatnonzero(predictions.std(axis=0) > threshold)
