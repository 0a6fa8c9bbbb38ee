# Typical wrong answers of book 12: what each loses, and words of the hint that is meant for it.

# %% q12_1: every heat is drift
# loses: crash, heat
# hint: only confirms what you saw
first_test = {
    "flattering": "shared_runs",
    "stuck": "energy_bands",
    "crash": "energy_drift",
    "heat": "energy_drift",
    "friction": "energy_drift",
}

# %% q12_1: weights are always to blame
# loses: flattering, stuck, friction
# hint: Weights were tried
first_test = {
    "flattering": "energy_bands",
    "stuck": "loss_shares",
    "crash": "repulsive_wall",
    "heat": "closed_loop_work",
    "friction": "closed_loop_work",
}


# %% q12_2: two end points
# loses: not two end points
# hint: measures noise
def drift(time, energy, n_atoms):
    change = 1000 * (energy[-1] - energy[0]) / n_atoms
    return change / ((time[-1] - time[0]) / 1000)


allowed = 3 * 0.0862 * 10 / 1000


# %% q12_2: of the whole system, and k_B T for an atom
# loses: meV per atom and ps, what may be allowed
# hint: divide by the number of atoms
def drift(time, energy, n_atoms):
    return np.polyfit(np.asarray(time) / 1000, 1000 * np.asarray(energy), 1)[0]


allowed = 0.0862 * 10 / 1000


# %% q12_2: eV, and no time in the limit
# loses: meV per atom and ps, what may be allowed
# hint: eV or meV, fs or ps
def drift(time, energy, n_atoms):
    return np.polyfit(np.asarray(time) / 1000, np.asarray(energy) / n_atoms, 1)[0]


allowed = 3 * 0.0862 * 10


# %% q12_2: per step
# loses: meV per atom and ps, not two end points
# hint: not in a ps
def drift(time, energy, n_atoms):
    return 1000 * (energy[-1] - energy[0]) / n_atoms / (len(time) - 1)


allowed = 3 * 0.0862 * 10 / 1000


# %% q12_3: the shortest distance in Å
# loses: by the size of the atoms, the frame
# hint: that of a hydrogen
def closeness(atoms):
    distances = atoms.get_all_distances(mic=atoms.pbc.any())
    np.fill_diagonal(distances, np.inf)
    return distances.min()


bad_frame = int(np.argmin([closeness(atoms) for atoms in run]))


# %% q12_3: blind for the border
# loses: across the border
# hint: opposite faces
def closeness(atoms):
    distances = atoms.get_all_distances()
    np.fill_diagonal(distances, np.inf)
    radii = covalent_radii[atoms.numbers]
    return (distances / (radii[:, None] + radii)).min()


bad_frame = int(np.argmin([closeness(atoms) for atoms in run]))


# %% q12_3: counts itself
# loses: by the size of the atoms, across the border, the frame
# hint: distance 0 to itself
def closeness(atoms):
    distances = atoms.get_all_distances(mic=atoms.pbc.any())
    radii = covalent_radii[atoms.numbers]
    return (distances / (radii[:, None] + radii)).min()


bad_frame = int(np.argmin([closeness(atoms) for atoms in run]))


# %% q12_4: drawn by lot
# loses: keeps the gap
# hint: nearly learnt
def leaking_part(train, test, closer_than):
    distances = np.linalg.norm(np.asarray(test)[:, None] - np.asarray(train)[None], axis=2)
    return np.mean(distances.min(axis=1) < closer_than)


def split(n_frames, n_train, n_test, gap):
    places = np.random.default_rng(0).permutation(n_frames)
    return places[:n_train], places[n_train : n_train + n_test]


# %% q12_4: one after the other, and training frames counted
# loses: counts the test frames, keeps the gap
# hint: Whose error is flattered
def leaking_part(train, test, closer_than):
    distances = np.linalg.norm(np.asarray(train)[:, None] - np.asarray(test)[None], axis=2)
    return np.mean(distances.min(axis=1) < closer_than)


def split(n_frames, n_train, n_test, gap):
    return list(range(n_train)), list(range(n_train, n_train + n_test))


# %% q12_4: a mean distance, and overlapping blocks
# loses: counts the test frames, takes nothing twice, keeps the gap
# hint: one near training frame is enough
def leaking_part(train, test, closer_than):
    distances = np.linalg.norm(np.asarray(test)[:, None] - np.asarray(train)[None], axis=2)
    return np.mean(distances.mean(axis=1) < closer_than)


def split(n_frames, n_train, n_test, gap):
    return list(range(n_train)), list(range(n_train - gap, n_train - gap + n_test))


# %% q12_5: each frame is its own neighbour
# loses: new frames of the same kind are inside, the limit is usual and not extreme, where it may go
# hint: its own neighbour
def part_outside(known, visited):
    def nearest(frames):
        return np.linalg.norm(frames[:, None] - known[None], axis=2).min(axis=1)

    return np.mean(nearest(visited) > np.quantile(nearest(known), 0.95))


may_go = [name for name, frames in visited.items() if part_outside(known, frames) <= 0.1]


# %% q12_5: the largest distance as limit
# loses: the limit is usual and not extreme
# hint: makes room for everything
def part_outside(known, visited):
    own = np.linalg.norm(known[:, None] - known[None], axis=2)
    np.fill_diagonal(own, np.inf)
    other = np.linalg.norm(visited[:, None] - known[None], axis=2)
    return np.mean(other.min(axis=1) > own.min(axis=1).max())


may_go = [name for name, frames in visited.items() if part_outside(known, frames) <= 0.1]


# %% q12_5: by the temperature in the name
# loses: where it may go
# hint: compare numbers, not names
def part_outside(known, visited):
    own = np.linalg.norm(known[:, None] - known[None], axis=2)
    np.fill_diagonal(own, np.inf)
    other = np.linalg.norm(visited[:, None] - known[None], axis=2)
    return np.mean(other.min(axis=1) > np.quantile(own.min(axis=1), 0.95))


may_go = ["300K"]


# %% q12_6: a mean over the circle, and one loop only
# loses: Stokes' theorem for a whirl, who has no energy
# hint: times which length
def loop_work(force, centre, radius):
    angles = 2 * np.pi * np.arange(200) / 200
    outward = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    tangent = np.stack([-np.sin(angles), np.cos(angles)], axis=1)
    return np.mean(np.sum(force(np.asarray(centre) + radius * outward) * tangent, axis=1))


without_energy = [n for n, f in fields.items() if abs(loop_work(f, (0, 0), 0.5)) > 1e-3]


# %% q12_6: adds up sizes
# loses: zero for the slope of an energy, Stokes' theorem for a whirl, who has no energy
# hint: negative work
def loop_work(force, centre, radius):
    angles = 2 * np.pi * np.arange(200) / 200
    outward = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    tangent = np.stack([-np.sin(angles), np.cos(angles)], axis=1)
    forces = force(np.asarray(centre) + radius * outward)
    return np.sum(np.abs(np.sum(forces * tangent, axis=1))) * 2 * np.pi * radius / 200


without_energy = [n for n, f in fields.items() if abs(loop_work(f, (0, 0), 0.5)) > 1e-3]


# %% q12_6: forgets that a larger circle is longer
# loses: Stokes' theorem for a whirl
# hint: how long is a piece of way
def loop_work(force, centre, radius):
    angles = 2 * np.pi * np.arange(200) / 200
    outward = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    tangent = np.stack([-np.sin(angles), np.cos(angles)], axis=1)
    forces = force(np.asarray(centre) + radius * outward)
    return np.sum(forces * tangent) * 2 * np.pi / 200


without_energy = ["B", "D"]
