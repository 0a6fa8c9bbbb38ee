# %% [markdown]
# # Exercises 12 · Failure patterns
#
# They belong to [lesson 12](../notebooks/12_failure_patterns.ipynb). Write your answers into the cells with `...`, run them,
# and let `grader.check` mark them, as often as you like: your best points count.
#
# The molecules were labelled for this course with PBE/def2-SVP (CC0); copper moves by EMT.

# %%
import numpy as np

from mlp_course.teaching import plot_lines, start_exercises

grader = start_exercises("12_failure_patterns")

# %% [raw]
# # BEGIN QUESTION
# name: q12_1

# %% [markdown]
# ## 12.1 Which test first?
#
# Five projects in trouble. For each, name the test that you would run first.
#
# - **flattering**: 40 meV/Å on test frames of one long run at 100 K. In a colleague's run, same molecule, same program,
#   same temperature, it is 400 from the first frame on.
# - **stuck**: the forces of the test set are excellent, energies stay at 15 meV/atom, with every size of network and every
#   weight. The labels were computed in two projects with the same program.
# - **crash**: at 1500 K the run ends after 0.2 ps. In the last frame two hydrogens are 0.2 Å apart.
# - **heat**: without a thermostat 300 K become 900 K in a picosecond; half the time step changes nothing. The forces are an
#   output of the network of their own.
# - **friction**: the forces are derivatives of an energy. With a thermostat all averages look fine, but they change
#   when its friction changes.
#
# Choose from `"shared_runs"`, `"energy_bands"`, `"energy_resolution"`, `"loss_shares"`, `"repulsive_wall"`,
# `"closed_loop_work"`, `"energy_drift"`, `"cutoff_advice"`.

# %% [raw]
# # BEGIN SOLUTION

# %%
first_test = {}
first_test["flattering"] = "shared_runs"  # SOLUTION
first_test["stuck"] = "energy_bands"  # SOLUTION
first_test["crash"] = "repulsive_wall"  # SOLUTION
first_test["heat"] = "closed_loop_work"  # SOLUTION
first_test["friction"] = "energy_drift"  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# A run to look at: copper, 32 atoms, EMT, without a thermostat, 5 fs a step. Total energies scatter about their line.

# %%
from ase.build import bulk
from ase.calculators.emt import EMT
from mlp_course.simulation import run_nve

copper = bulk("Cu", cubic=True) * (2, 2, 2)
copper.calc = EMT()
log = run_nve(copper, steps=400, timestep=5.0, temperature=600, interval=4, progress=False).log
time, energy = log["time"].to_numpy(), log["total_energy"].to_numpy()  # fs, eV
curve = {"copper": (time / 1000, 1000 * (energy - energy[0]) / 32)}
plot_lines(curve, x="time / ps", y="total energy / (meV/atom)", markers=False)

# %% [raw]
# # BEGIN QUESTION
# name: q12_2

# %% [markdown]
# ## 12.2 Drift, by a slope
#
# **a.** Write `drift(time, energy, n_atoms)`: the slope of the best straight line through *all* points, in meV/atom/ps.
# Times come in fs, total energies in eV.
#
# **b.** A solid is to be simulated for 1 ns and may warm up by 10 K in that time. How many meV/atom/ps may it drift
# (`allowed`)? Take classical vibrations: kinetic and potential energy together are $3 k_B T$ an atom;
# $k_B$ = 0.0862 meV/K.

# %% [raw]
# # BEGIN SOLUTION


# %%
def drift(time, energy, n_atoms):
    # BEGIN SOLUTION
    ps, mev = np.asarray(time) / 1000, 1000 * np.asarray(energy) / n_atoms
    return np.polyfit(ps, mev, 1)[0]
    # END SOLUTION


# %%
allowed = 3 * 0.0862 * 10 / 1000  # SOLUTION

# %% [markdown]
# 0.0026 meV/atom/ps. The chapter's rule, 0.001 eV per *step*, lets a thousand and more of these pass.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %%
two_points = 1000 * (energy[-1] - energy[0]) / 32 / (time[-1] / 1000)
print("copper, by the line:", drift(time, energy, 32), "meV/atom/ps; allowed:", allowed)
print(f"by two end points: {two_points:.2f} meV/atom/ps")

# %% [markdown]
# Next: a run of 100 hot malonaldehydes (C₃O₂H₄). In one frame two atoms were pressed together.

# %%
from ase.data import covalent_radii
from mlp_course.teaching.exercises.checks import pressed_run

run = pressed_run()
print("covalent radii of C, O and H:", covalent_radii[[6, 8, 1]], "Å")

# %% [raw]
# # BEGIN QUESTION
# name: q12_3

# %% [markdown]
# ## 12.3 Too close
#
# **a.** Write `closeness(atoms)`: the smallest of all $d_{ij} / (r_i + r_j)$, with the covalent radii
# `covalent_radii[atoms.numbers]`. Where the cell is periodic, the nearest image counts.
#
# **b.** Which frame of `run` is the bad one? Give its place (`bad_frame`).

# %% [raw]
# # BEGIN SOLUTION


# %%
def closeness(atoms):
    # BEGIN SOLUTION
    distances = atoms.get_all_distances(mic=atoms.pbc.any())
    np.fill_diagonal(distances, np.inf)  # an atom is not its own neighbour
    radii = covalent_radii[atoms.numbers]
    return (distances / (radii[:, None] + radii)).min()
    # END SOLUTION


# %%
bad_frame = int(np.argmin([closeness(atoms) for atoms in run]))  # SOLUTION

# %% [markdown]
# By the shortest distance in Å another frame looks worst: one with a short O–H bond, which is in order. Two carbons at
# 1.0 Å hide behind the hydrogens.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q12_4

# %% [markdown]
# ## 12.4 An honest split
#
# **a.** Write `leaking_part(train, test, closer_than)`: the part of the test frames whose nearest training frame is
# nearer than `closer_than`. `train` and `test` are arrays of features, one row a frame; take straight distances
# between rows.
#
# **b.** Write `split(n_frames, n_train, n_test, gap)` for one trajectory. It returns two lists of places; a training frame and
# a test frame are always `gap` or more places apart.

# %% [raw]
# # BEGIN SOLUTION


# %%
def leaking_part(train, test, closer_than):
    # BEGIN SOLUTION
    train, test = np.asarray(train), np.asarray(test)
    distances = np.linalg.norm(test[:, None] - train[None], axis=2)  # (n_test, n_train)
    return np.mean(distances.min(axis=1) < closer_than)
    # END SOLUTION


def split(n_frames, n_train, n_test, gap):
    # BEGIN SOLUTION
    train = list(range(n_train))
    test = list(range(n_frames - n_test, n_frames))
    return train, test
    # END SOLUTION


# %% [markdown]
# Blocks at both ends keep the gap wherever `n_frames` is large enough. It is honest about *this run*. A second run, from
# another start, is still the better test.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# For the next question: all 36 distances between the atoms of ethanol as features (in Å), for four uses of a potential
# that has learnt from the *first half* of the run at 300 K.

# %%
from mlp_course.teaching.exercises.checks import distances_of

known = distances_of("300K")[:75]
visited = {"300K": distances_of("300K")[75:]}
visited |= {name: distances_of(name) for name in ("500K", "1000K", "torsion")}

# %% [raw]
# # BEGIN QUESTION
# name: q12_5

# %% [markdown]
# ## 12.5 Where nobody has been
#
# **a.** Write `part_outside(known, visited)`. A visited frame is *outside* if its nearest known frame is farther than what is usual
# among the known frames: the 0.95 quantile of their distances to their own nearest (other) known frame.
#
# **b.** For which of the four uses in `visited` is at most a tenth of the frames outside? Give the list `may_go`.

# %% [raw]
# # BEGIN SOLUTION


# %%
def part_outside(known, visited):
    # BEGIN SOLUTION
    def nearest(frames, itself):
        distances = np.linalg.norm(np.asarray(frames)[:, None] - known[None], axis=2)
        if itself:
            np.fill_diagonal(distances, np.inf)
        return distances.min(axis=1)

    usual = np.quantile(nearest(known, itself=True), 0.95)
    return np.mean(nearest(visited, itself=False) > usual)
    # END SOLUTION


# %%
# BEGIN SOLUTION NO PROMPT
parts = {name: part_outside(known, frames) for name, frames in visited.items()}
# END SOLUTION
may_go = [name for name, part in parts.items() if part <= 0.1]  # SOLUTION

# %% [markdown]
# The second half of the run, and the torsion path: its relaxed molecules lie between thermal ones in these features, although
# the cold run may never have crossed the barrier. **Silence proves nothing**: distances between 36 numbers see a
# general widening, not which single angle is new.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# Last: four force fields for one particle in a plane. Each is a function of places in Å, shape (n, 2), and returns forces in
# eV/Å, shape (n, 2).

# %%
from mlp_course.teaching.exercises.checks import force_fields

fields = force_fields()
print({name: force(np.array([[1.0, 0.5]])).round(2) for name, force in fields.items()})

# %% [raw]
# # BEGIN QUESTION
# name: q12_6

# %% [markdown]
# ## 12.6 Around and back
#
# **a.** Write `loop_work(force, centre, radius)`: the work
#
# $$ W = \oint \mathbf F \cdot d\mathbf r $$
#
# in eV, once counter-clockwise around a circle. 200 points are plenty.
#
# **b.** Which of the four force fields `"A"`, `"B"`, `"C"`, `"D"` are *not* the slope of any energy? Give the list
# `without_energy`. The particle moves where |x| and |y| are below 2 Å.

# %% [raw]
# # BEGIN SOLUTION


# %%
def loop_work(force, centre, radius):
    # BEGIN SOLUTION
    angles = 2 * np.pi * np.arange(200) / 200
    outward = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    tangent = np.stack([-np.sin(angles), np.cos(angles)], axis=1)
    forces = force(np.asarray(centre) + radius * outward)
    return np.sum(forces * tangent) * 2 * np.pi * radius / 200
    # END SOLUTION


# %%
# BEGIN SOLUTION NO PROMPT
grid = [(x, y) for x in np.arange(-2, 2.1, 0.5) for y in np.arange(-2, 2.1, 0.5)]
largest = {n: max(abs(loop_work(f, at, 0.2)) for at in grid) for n, f in fields.items()}
# END SOLUTION
without_energy = [name for name, work in largest.items() if work > 1e-6]  # SOLUTION

# %% [markdown]
# B whirls everywhere, D only near (1.5, 0): a loop around the origin is silent about D. That is why the lesson asks for
# `closed_loop_work` at several configurations.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
