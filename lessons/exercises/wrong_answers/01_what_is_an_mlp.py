# Typical wrong answers of book 01: what each loses, and words of the hint that is meant for it.


# %% q01_1: turns forgotten
# loses: shape, independent forces
# hint: What else moves a molecule
def n_coordinates(n_atoms):
    return 3 * n_atoms


def n_shape(n_atoms):
    return 3 * n_atoms - 3


def n_labels(n_frames, n_atoms):
    return n_frames * (1 + 3 * n_atoms)


n_independent = 24


# %% q01_1: one number for a force
# loses: labels
# hint: three numbers, not one
def n_coordinates(n_atoms):
    return 3 * n_atoms


def n_shape(n_atoms):
    return 3 * n_atoms - 6


def n_labels(n_frames, n_atoms):
    return n_frames * (1 + n_atoms)


n_independent = 21


# %% q01_2: the sign forgotten
# loses: downhill
# hint: check the sign
def numerical_forces(energy, positions, step):
    forces = np.zeros_like(positions)
    for place in np.ndindex(positions.shape):
        shift = np.zeros_like(positions)
        shift[place] = step
        forces[place] = (energy(positions + shift) - energy(positions - shift)) / (2 * step)
    return forces


# %% q01_2: one-sided
# loses: error falls with h²
# hint: a one-sided difference
def numerical_forces(energy, positions, step):
    forces = np.zeros_like(positions)
    for place in np.ndindex(positions.shape):
        moved = positions.copy()
        moved[place] += step
        forces[place] = -(energy(moved) - energy(positions)) / step
    return forces


# %% q01_2: writes into the caller's positions, divides by h
# loses: each atom its own, error falls with h², leaves no trace
# hint: Twice the slope
def numerical_forces(energy, positions, step):
    forces = np.zeros_like(positions)
    for place in np.ndindex(positions.shape):
        positions[place] += step
        above = energy(positions)
        positions[place] -= 2 * step
        forces[place] = -(above - energy(positions)) / step
        positions[place] += step * 1.001
    return forces


# %% q01_3: only energies compared
# loses: test: turning, the impostors
# hint: the energy alone is not enough
from scipy.spatial.transform import Rotation


def energy_of(potential, r):
    return potential(r)[0]


def slopes(potential, r):
    numerical = numerical_forces(lambda q: potential(q)[0], r, 1e-4)
    return bool(np.allclose(numerical, potential(r)[1], atol=1e-4))


turn = Rotation.from_rotvec([0.4, 0.8, -0.3]).as_matrix()
tests = {
    "moving": lambda p, r: np.isclose(p(r)[0], p(r + 1.0)[0]),
    "turning": lambda p, r: np.isclose(p(r)[0], p(r @ turn.T)[0]),
    "swapping": lambda p, r: np.isclose(p(r)[0], p(r[::-1])[0]),
    "forces are slopes": slopes,
}
broken = {
    name: {key for key, test in tests.items() if not test(potential, positions)}
    for name, potential in potentials.items()
}

# %% q01_3: forces expected to stay the same when the molecule turns
# loses: test: turning, test: forces are slopes, the impostors
# hint: An honest potential
from scipy.spatial.transform import Rotation

turn = Rotation.from_rotvec([0.4, 0.8, -0.3]).as_matrix()
tests = {
    "moving": lambda p, r: np.isclose(p(r)[0], p(r + 1.0)[0]),
    "turning": lambda p, r: np.allclose(p(r)[1], p(r @ turn.T)[1]),
    "swapping": lambda p, r: np.isclose(p(r)[0], p(r[::-1])[0]),
    "forces are slopes": lambda p, r: np.allclose(p(r)[1].sum(axis=0), 0, atol=1e-8),
}
broken = {
    name: {key for key, test in tests.items() if not test(potential, positions)}
    for name, potential in potentials.items()
}


# %% q01_4: the cold call in the mean, milliseconds for seconds
# loses: time a call, speed-up
# hint: because everything is cold
def seconds_a_call(function, repeats, clock):
    start = clock()
    for _ in range(repeats):
        function()
    return (clock() - start) / repeats


speed_up = 4.7 / 1.3


def break_even(reference, model, n_labels, training):
    return (n_labels * reference + training) / (reference - model)


# %% q01_4: a mean after warming up, labels for nothing
# loses: time a call, break-even
# hint: they belong to the price
def seconds_a_call(function, repeats, clock):
    function()
    start = clock()
    for _ in range(repeats):
        function()
    return (clock() - start) / repeats


speed_up = 4.7 / 0.0013


def break_even(reference, model, n_labels, training):
    return training / (reference - model)


# %% q01_5: Euler's method
# loses: runs backwards, energy stays
# hint: as with Euler's method
def verlet_step(positions, velocities, forces_of, masses, timestep):
    from ase import units

    dt = timestep * units.fs
    kicked = velocities + dt * forces_of(positions) / masses[:, None]
    return positions + dt * velocities, kicked


# %% q01_5: femtoseconds taken for the unit of time
# loses: a free atom flies on, units of mass, energy stays
# hint: convert one of them
def verlet_step(positions, velocities, forces_of, masses, timestep):
    half = velocities + 0.5 * timestep * forces_of(positions) / masses[:, None]
    moved = positions + timestep * half
    return moved, half + 0.5 * timestep * forces_of(moved) / masses[:, None]


# %% q01_5: the second half kick forgotten
# loses: units of mass, runs backwards, energy stays
# hint: Only half of the kick
def verlet_step(positions, velocities, forces_of, masses, timestep):
    from ase import units

    dt = timestep * units.fs
    half = velocities + 0.5 * dt * forces_of(positions) / masses[:, None]
    return positions + dt * half, half
