# %% [markdown]
# # Exercises 04 · The ecosystem
#
# They belong to [lesson 04](../notebooks/04_ecosystem.ipynb). Write your answers into the cells with `...`, run them, and
# let `grader.check` mark them, as often as you like: your best points count.

# %%
import numpy as np
from ase import units

from mlp_course.teaching import plot_lines, start_exercises

grader = start_exercises("04_ecosystem")
lines = [
    "  free  energy   TOTEN  =       -14.22437651 eV",  # VASP
    "!    total energy              =     -43.97889715 Ry",  # Quantum ESPRESSO
    " ENERGY| Total FORCE_EVAL ( QS ) energy [a.u.]:      -17.219894237210000",  # CP2K
    "FINAL SINGLE POINT ENERGY       -76.321045678901",  # ORCA
]

# %% [raw]
# # BEGIN QUESTION
# name: q04_1

# %% [markdown]
# ## 4.1 One molecule, four output files
#
# - `energy_in_ev(line)`: the energy in eV from a line like those above. Any other line: raise a `ValueError`, do not guess.
# - `force_in_ev_per_A(line)`: the force on an atom from a line of Quantum ESPRESSO, in **Ry/bohr**, such as
#   `"     atom    7 type  1   force =    0.01234567   -0.20000000    0.00000012"`; an array of three numbers in eV/Å.
#
# `ase.units` has `Rydberg`, `Hartree` and `Bohr`, in eV and Å.

# %% [raw]
# # BEGIN SOLUTION


# %%
def energy_in_ev(line):
    # BEGIN SOLUTION
    if "TOTEN" in line:
        return float(line.split()[-2])
    if line.startswith("!"):
        return float(line.split()[-2]) * units.Rydberg
    if "FORCE_EVAL" in line or line.startswith("FINAL SINGLE POINT ENERGY"):
        return float(line.split()[-1]) * units.Hartree
    raise ValueError(f"no energy in {line!r}")
    # END SOLUTION


# %%
def force_in_ev_per_A(line):
    # BEGIN SOLUTION
    numbers = line.partition("=")[2].split()
    return np.array([float(number) for number in numbers]) * units.Rydberg / units.Bohr
    # END SOLUTION


[energy_in_ev(line) for line in lines]

# %% [markdown]
# Three of the four do not use eV, and one does not even say which unit it uses. The package's readers do all of this with
# checks; nobody should write a reader twice. But everybody should once have seen where the factor 13.6 comes from.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q04_2

# %% [markdown]
# ## 4.2 The same frame in other units
#
# Trajectories come in the units of the program that wrote them. Write `to_ours(array, quantity, source)`, which returns a
# new array in our units: Å, Å/fs and eV/Å for the quantities `"positions"`, `"velocities"`, `"forces"`.
#
# | source | units |
# |---|---|
# | `"lammps metal"` | Å, ps, eV |
# | `"lammps real"` | Å, fs, kcal/mol |
# | `"gromacs"` | nm, ps, kJ/mol |

# %% [raw]
# # BEGIN SOLUTION


# %%
def to_ours(array, quantity, source):
    # BEGIN SOLUTION
    length, time, energy = {
        "lammps metal": (1.0, 1000.0, 1.0),
        "lammps real": (1.0, 1.0, units.kcal / units.mol),
        "gromacs": (10.0, 1000.0, units.kJ / units.mol),
    }[source]  # of one unit, in Å, fs and eV
    per_unit = {"positions": length, "velocities": length / time, "forces": energy / length}
    return np.asarray(array) * per_unit[quantity]
    # END SOLUTION


# %% [markdown]
# Three numbers a program, and every quantity follows as a fraction. A table of nine factors typed by hand has nine chances
# to be wrong.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q04_3

# %% [markdown]
# ## 4.3 The tool for the job
#
# `tool_for`: one tool of the menu for each job.
#
# | job | |
# |---|---|
# | `"labels of a copper slab, with plane waves"` | wave functions in plane waves, periodic |
# | `"train an equivariant network on them"` | from energies and forces |
# | `"a million atoms on 64 processors"` | dynamics with a trained potential |
# | `"nuclei as quantum particles"` | path integrals |
# | `"g(r) of one kind of atom, from a script"` | from a stored trajectory |
# | `"see where the dislocations are"` | structures recognised and coloured |
# | `"one language for structures of all of them"` | in Python |
#
# Menu: VASP, Quantum ESPRESSO, CP2K, GPAW, SchNetPack, NequIP, MACE, DeePMD-kit, LAMMPS, ASE, i-PI, MDAnalysis, MDTraj, OVITO,
# VMD. `phase_of`: the phase of each tool but ASE, which is in all of them (1 data, 2 training, 3 simulation, 4 analysis), and
# the phase that *writes* the files `".pth"` and `".lammpstrj"`.

# %% [raw]
# # BEGIN SOLUTION

# %%
# BEGIN SOLUTION NO PROMPT
chosen = {
    "labels of a copper slab, with plane waves": "Quantum ESPRESSO",
    "train an equivariant network on them": "MACE",
    "a million atoms on 64 processors": "LAMMPS",
    "nuclei as quantum particles": "i-PI",
    "g(r) of one kind of atom, from a script": "MDAnalysis",
    "see where the dislocations are": "OVITO",
    "one language for structures of all of them": "ASE",
}
by_phase = {
    1: ["VASP", "Quantum ESPRESSO", "CP2K", "GPAW"],
    2: ["SchNetPack", "NequIP", "MACE", "DeePMD-kit", ".pth"],
    3: ["LAMMPS", "i-PI", ".lammpstrj"],
    4: ["MDAnalysis", "MDTraj", "OVITO", "VMD"],
}
# END SOLUTION
tool_for = chosen  # SOLUTION
phase_of = {name: phase for phase, names in by_phase.items() for name in names}  # SOLUTION

# %% [markdown]
# Several answers are right for some rows; VASP, Quantum ESPRESSO and GPAW all do plane waves. Choose what your group
# and your computer have, and record the version.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q04_4

# %% [markdown]
# ## 4.4 g(r), normalised
#
# Write `my_rdf(atoms, longest, n_bins)` for a periodic structure: the middles of the shells (Å) and
#
# $$ g(r) = \frac{\text{neighbours found in the shell}}{N \cdot \rho \cdot \tfrac{4\pi}{3}\left[(r+\Delta)^3 - r^3\right]},
# \qquad \rho = N/V . $$
#
# Each pair is a neighbour for both of its atoms; an atom is not its own neighbour; `longest` is below half of the cell, so
# that the nearest image of each atom is enough (`atoms.get_all_distances(mic=True)`).

# %% [raw]
# # BEGIN SOLUTION


# %%
def my_rdf(atoms, longest, n_bins):
    # BEGIN SOLUTION
    n = len(atoms)
    distances = atoms.get_all_distances(mic=True)[~np.eye(n, dtype=bool)]
    edges = np.linspace(0, longest, n_bins + 1)
    counts = np.histogram(distances, bins=edges)[0]
    volumes = 4 / 3 * np.pi * np.diff(edges**3)
    return (edges[1:] + edges[:-1]) / 2, counts / (n * n / atoms.get_volume() * volumes)
    # END SOLUTION


# %% [markdown]
# The chapter's estimate of a cutoff uses a raw histogram of all distances, zeros included. Its highest "peaks" are the zeros
# of i = i and the far end, where shells are large.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# Sixty atoms that walk at random in a box of 10 Å, put back into the box in every frame.

# %%
rng = np.random.default_rng(4)
box, times = 10.0, np.arange(0.0, 2000.0, 10.0)  # Å, fs
steps = rng.normal(0, 0.3, (len(times), 60, 3))
wrapped = (rng.uniform(0, box, (1, 60, 3)) + np.cumsum(steps, axis=0)) % box
plot_lines({"atom 0": (times, wrapped[:, 0, 0])}, x="time / fs", y="x / Å", markers=False)

# %% [raw]
# # BEGIN QUESTION
# name: q04_5

# %% [markdown]
# ## 4.5 Diffusion from a slope
#
# - `unwrapped(wrapped, box)`: the paths without the jumps at the walls of the cubic box (edge in Å), shape (n_frames,
#   n_atoms, 3). Between two frames no atom moves as far as half of the box;
# - `diffusion(times, msd, start)`: $D$ in Å²/fs from a line through the mean-square displacement (Å²) at times (fs) of `start` and
#   later, $\mathrm{MSD} = 6 D t + \text{const}$;
# - `in_cm2_per_s(d)`: the same in cm²/s.

# %% [raw]
# # BEGIN SOLUTION


# %%
def unwrapped(wrapped, box):
    # BEGIN SOLUTION
    steps = np.diff(wrapped, axis=0)
    steps -= box * np.round(steps / box)
    return np.concatenate([wrapped[:1], wrapped[:1] + np.cumsum(steps, axis=0)])
    # END SOLUTION


# %%
def diffusion(times, msd, start):
    # BEGIN SOLUTION
    late = times >= start
    slope, _ = np.polyfit(times[late], msd[late], 1)
    return slope / 6
    # END SOLUTION


def in_cm2_per_s(d):
    return d * 1e-16 / 1e-15  # SOLUTION


paths = unwrapped(wrapped, box)

# %% [markdown]
# Without unwrapping the displacement stops at the size of the box, and a liquid looks like a solid. Here D should be
# 0.3²/(2 · 10) Å²/fs = 4.5·10⁻³ Å²/fs: a walker of 0.3 Å in each direction every 10 fs, and a line through one walk of
# sixty atoms meets it only roughly.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION
