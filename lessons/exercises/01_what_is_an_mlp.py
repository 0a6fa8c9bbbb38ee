# %% [markdown]
# # Exercises 01 · What is a machine-learning potential?
#
# They belong to [lesson 01](../notebooks/01_what_is_an_mlp.ipynb). Write your answers into the cells with `...`, run them,
# and let `grader.check` mark them, as often as you like: your best points count.

# %%
import numpy as np

from mlp_course.teaching import start_exercises

grader = start_exercises("01_what_is_an_mlp")

# %% [raw]
# # BEGIN QUESTION
# name: q01_1

# %% [markdown]
# ## 1.1 How many numbers
#
# A potential learns a function of many variables from many labels. How many?
#
# - `n_coordinates(n_atoms)`: numbers that say where the atoms are;
# - `n_shape(n_atoms)`: numbers on which the energy of a free molecule (three atoms or more, not on a line) can depend;
# - `n_labels(n_frames, n_atoms)`: numbers in a data set of energies and forces;
# - `n_independent`: how many of the 27 force components of one frame of ethanol tell something that the others do not?

# %% [raw]
# # BEGIN SOLUTION


# %%
def n_coordinates(n_atoms):
    return 3 * n_atoms  # SOLUTION


def n_shape(n_atoms):
    return 3 * n_atoms - 6  # SOLUTION


def n_labels(n_frames, n_atoms):
    return n_frames * (1 + 3 * n_atoms)  # SOLUTION


n_independent = 3 * 9 - 6  # SOLUTION

# %% [markdown]
# Three shifts and three turns cost no energy; for the same reason the forces add up to zero and do not turn the molecule.
# A frame of ethanol is 1 energy and 21 new numbers from forces: that is why forces are worth their price.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q01_2

# %% [markdown]
# ## 1.2 Forces are slopes
#
# Write `numerical_forces(energy, positions, step)`: the forces of *any* energy function, by central finite differences,
#
# $$ F_{i\alpha} = -\frac{\partial E}{\partial R_{i\alpha}} \approx -\frac{E(R_{i\alpha} + h) - E(R_{i\alpha} - h)}{2h} . $$
#
# `energy` takes positions in Å, shape (n_atoms, 3), and returns eV; `step` is $h$ in Å. Leave the caller's positions as
# they are.

# %% [raw]
# # BEGIN SOLUTION


# %%
def numerical_forces(energy, positions, step):
    # BEGIN SOLUTION
    forces = np.zeros_like(positions)
    for place in np.ndindex(positions.shape):
        moved = positions.copy()
        moved[place] += step
        above = energy(moved)
        moved[place] -= 2 * step
        forces[place] = -(above - energy(moved)) / (2 * step)
    return forces
    # END SOLUTION


# %% [markdown]
# Six calls of the energy for each atom: good for a test, far too slow for dynamics. A network gets all forces from one
# backward pass, for the price of a few calls.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# Six potentials for five equal atoms. Each is a function of positions (Å) that returns an energy (eV) and forces (eV/Å,
# shape (5, 3)). One is honest; the others break one or two of the constraints that every potential has to keep.

# %%
from mlp_course.teaching.exercises.checks.constraints import candidates

potentials = candidates()
positions = np.random.default_rng(0).normal(size=(5, 3))  # Å
for name, potential in potentials.items():
    energy, forces = potential(positions)
    print(f"{name}: {energy:7.3f} eV, largest force {np.abs(forces).max():.2f} eV/Å")

# %% [raw]
# # BEGIN QUESTION
# name: q01_3

# %% [markdown]
# ## 1.3 Impostors
#
# Write four tests, as functions of a potential and positions; each returns True if the constraint holds, for the energy
# **and** for the forces. Collect them in the dictionary `tests` under the keys `"moving"` (the whole molecule is shifted),
# `"turning"` (it is turned), `"swapping"` (two equal atoms change places), `"forces are slopes"`. Then `broken[name]`, for
# `"A"` to `"F"`: the set of constraints that this candidate breaks. (A force that is the slope of an energy conserves the
# energy of a run: the fourth constraint of the chapter comes with it.)

# %% [raw]
# # BEGIN SOLUTION

# %%
# BEGIN SOLUTION NO PROMPT
from scipy.spatial.transform import Rotation


def same(potential, before, after, expected):
    """Compare energies, and forces with those that are expected."""
    (e, _), (e_new, f_new) = potential(before), potential(after)
    return bool(np.isclose(e, e_new) and np.allclose(f_new, expected, atol=1e-7))


def moving(potential, r):
    return same(potential, r, r + [0.3, -0.7, 1.1], potential(r)[1])


def turning(potential, r):
    turn = Rotation.from_rotvec([0.4, 0.8, -0.3]).as_matrix()
    return same(potential, r, r @ turn.T, potential(r)[1] @ turn.T)


def swapping(potential, r):
    order = np.roll(np.arange(len(r)), 1)
    return same(potential, r, r[order], potential(r)[1][order])


def slopes(potential, r):
    numerical = numerical_forces(lambda q: potential(q)[0], r, 1e-4)
    return bool(np.allclose(numerical, potential(r)[1], atol=1e-4))


four = {"moving": moving, "turning": turning, "swapping": swapping, "forces are slopes": slopes}
# END SOLUTION
tests = four  # SOLUTION

# %%
# BEGIN SOLUTION NO PROMPT
found = {
    name: {key for key, test in tests.items() if not test(potential, positions)}
    for name, potential in potentials.items()
}
# END SOLUTION
broken = found  # SOLUTION
broken

# %% [markdown]
# B knows where the origin is; C takes z for something special; D looks at the numbers of the atoms; E is 10 % too strong,
# which no symmetry shows; F adds a whirl: its energy is perfect, and a molecule that circles in it wins energy without end.
# (The whirl has a fixed axis, so its forces do not turn along either.) A and its like pass, right or wrong: these tests
# know nothing about accuracy.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q01_4

# %% [markdown]
# ## 1.4 Does the speed pay?
#
# "10⁴ to 10⁶ times faster" is to be measured, not believed.
#
# - `seconds_a_call(function, repeats, clock)`: time `function()`; `clock()` returns seconds, as `time.perf_counter` does. A
#   first call is slow (memory is empty, code is compiled) and must not count, and one call that another process disturbed
#   must not spoil the result. Time each of `repeats` calls by itself.
# - `speed_up`: a network takes 1.3 ms for ethanol, PBE 4.7 s.
# - `break_even(reference, model, n_labels, training)`: from how many calls on is the network cheaper than the reference, with
#   `n_labels` reference calls for its labels and `training` seconds paid first? (All times in s.)

# %% [raw]
# # BEGIN SOLUTION


# %%
def seconds_a_call(function, repeats, clock):
    # BEGIN SOLUTION
    function()  # cold
    times = []
    for _ in range(repeats):
        start = clock()
        function()
        times.append(clock() - start)
    return float(np.median(times))
    # END SOLUTION


# %%
speed_up = 4.7 / 0.0013  # SOLUTION


def break_even(reference, model, n_labels, training):
    # BEGIN SOLUTION
    return (n_labels * reference + training) / (reference - model)
    # END SOLUTION


speed_up

# %% [markdown]
# A factor of 3,600: less than the 10⁴ that are often quoted, for nine atoms. DFT grows with the cube of their number, a
# local potential in proportion. And the labels are the greatest part of the price: who needs fewer calls than there are
# labels should not train anything.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q01_5

# %% [markdown]
# ## 1.5 One step of dynamics
#
# Molecular dynamics gave this field its integrators. Write one step of velocity Verlet,
#
# $$ \mathbf v \mathrel{+}= \tfrac{\Delta t}{2} \frac{\mathbf F}{m}, \qquad \mathbf r \mathrel{+}= \mathbf v\, \Delta t, \qquad
# \mathbf v \mathrel{+}= \tfrac{\Delta t}{2} \frac{\mathbf F(\mathbf r)}{m}, $$
#
# as `verlet_step(positions, velocities, forces_of, masses, timestep)`; it returns new positions and velocities. Positions
# are in Å, masses in amu, forces (from `forces_of(positions)`) in eV/Å, and **the time step is in fs**. Velocities are in Å per
# ASE unit of time, in which eV = amu Å²/time²; `ase.units.fs` is one femtosecond in this unit.

# %% [raw]
# # BEGIN SOLUTION


# %%
def verlet_step(positions, velocities, forces_of, masses, timestep):
    # BEGIN SOLUTION
    from ase import units

    dt = timestep * units.fs
    half = velocities + 0.5 * dt * forces_of(positions) / masses[:, None]
    moved = positions + dt * half
    return moved, half + 0.5 * dt * forces_of(moved) / masses[:, None]
    # END SOLUTION


# %% [markdown]
# It is checked by its properties: a free atom flies straight on, a heavy atom is pushed less, ten steps forth and ten steps
# back end at the start, and the energy of a spring stays. Forces that are no slopes would fail the last one, with any
# integrator.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
