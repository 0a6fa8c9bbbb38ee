# %% [markdown] tags=["slide"]
# # 04 · The ecosystem
#
# **Sixteen programs stand around a potential: some make its data, some train it, some drive it, some read
# what it did. Which of them change your numbers on the way, and how would you notice?**
#
# After this lesson you can
#
# 1. take a label, a training set, a potential and a trajectory from one program to the next,
# 2. say what each file keeps, what it loses, and in which unit it speaks,
# 3. recognise an output that looks like a label and is none.
#
# - **You need** [lesson 00](00_start_here.ipynb). Training and dynamics are used here as given; if you have never seen
#   them, do [lesson 05](05_workflow.ipynb) first. Linux or macOS; on Windows its Subsystem for Linux, because some of the
#   programs are published for these only.
# - **Time** under 4 minutes to run on two cores, about 50 minutes to work through.
# - **Memory** under 1.5 GB; measured values stand in [the list of lessons](README.md).
# - **Data** one molecule, ethanol, labelled for this course with PBE/def2-SVP (CC0); copper with EMT, a cheap
#   potential for metals that comes with ASE.
# - **Programs** may be missing on your machine. Then the cell says how to get them, and shows a stored run that
#   was really made, with its origin.

# %%
import numpy as np
import pandas as pd
import torch

from mlp_course.simulation.ecosystem_tools import ecosystem_tools

torch.set_num_threads(1)
pd.set_option("display.max_colwidth", None)  # show sentences whole
ecosystem_tools().set_index(["phase", "tool"])

# %% [markdown]
# Four phases: **1 data**, **2 training**, **3 simulation**, **4 analysis**. [The chapter](00_start_here.ipynb#What-this-course-is) names
# these sixteen tools. We walk through the phases with one molecule. At every border between two programs three things
# can get lost: a *unit*, the *order* of the atoms, and the *doubt* (whether the number is a result at all).
#
# ## Phase 1 · Data
#
# A label is an energy and its forces from quantum chemistry. Everything that fixes it is written into one *settings
# record*, and the inputs of four programs are made from it.

# %%
from mlp_course.reference.codes import ETHANOL
from mlp_course.reference.settings import load_settings

record = load_settings(ETHANOL)
print(ETHANOL)
try:
    load_settings(ETHANOL.replace("functional: PBE", "functional: PEB"))
except ValueError as reason:
    print("refused:", reason)

# %% [markdown]
# `cutoff` bounds the kinetic energy of the plane waves that a wave function is built from; `grid_cutoff` is the same
# for the electron density. Both stand there in eV.
#
# **Predict:** in how many of the four inputs will you find the number 500: (a) one, (b) two, (c) all four?

# %%
from pathlib import Path
from tempfile import mkdtemp
from mlp_course.data import load_embedded
from mlp_course.reference.codes import stored_run, write_inputs

work = Path(mkdtemp())
molecule = load_embedded("ethanol/500K")[0]  # with its PBE/def2-SVP label
box = molecule.copy()
box.center(vacuum=2.5)  # plane waves want a cell, and repeat what is in it
box.pbc = True
inputs = {"espresso": stored_run("espresso").inputs}  # to write it needs its pseudopotentials
for name in ("vasp", "cp2k", "gpaw"):
    paths = write_inputs(name, record, box, work / name)
    inputs[name] = {path.name: path.read_text(encoding="utf-8") for path in paths}

# %%
from mlp_course.teaching import show_side_by_side

shown = {
    "VASP: INCAR": inputs["vasp"]["INCAR"],
    "Quantum ESPRESSO: pw.in": inputs["espresso"]["pw.in"],
    "CP2K: cp2k.inp": inputs["cp2k"]["cp2k.inp"],
    "GPAW: run_gpaw.py": inputs["gpaw"]["run_gpaw.py"],
}
show_side_by_side(shown, marked=["ENCUT", "ecutwfc", "CUTOFF", "PW("], n_lines=24, width=34)

# %% [markdown]
# (b). VASP and GPAW think in eV. Quantum ESPRESSO wants Rydberg: 36.75 of them. CP2K does not have the number at all,
# because it builds wave functions from Gaussians; what its `CUTOFF` means is the grid of the density (4,080 eV, in
# Rydberg). Type 500 into pw.in, and you ask for 6.8 keV.
#
# **VASP** is commercial: you need a licence, and the POTCAR files that come with it. Everything else is written here:
# the inputs above, and the order in which the POTCARs have to be joined. It is not the order of our atoms:

# %%
from mlp_course.reference.codes import PROGRAMS

print("our atoms  ", *molecule.get_chemical_symbols())
print("POTCARs    ", *inputs["vasp"]["POTCAR.order"].split())
for program in PROGRAMS.values():
    try:
        program.require()
        print(f"{program.name} is installed here")
    except FileNotFoundError as how:
        print(how)

# %% [markdown] tags=["slide"]
# ### Three programs, one molecule
#
# Now the free ones. Each is started by one line (`pw.x -in pw.in`) and leaves a log. What is in the list `here` runs
# on your machine if it can; add `"cp2k"` and `"gpaw"` if you have them and a minute.
#
# **Predict:** all three use PBE, like our label. By how much do the *total energies* differ: (a) meV, (b) eV,
# (c) thousands of eV? And the *forces*?

# %%
from mlp_course.reference.codes import run_program

here = ["espresso"]
runs = {}
for name in ("espresso", "cp2k", "gpaw"):
    try:
        runs[name] = run_program(name, record, box) if name in here else stored_run(name)
    except FileNotFoundError as how:
        print(how)
        runs[name] = stored_run(name)
    print(runs[name])

# %%
labels = {"PySCF": molecule}
names = {"espresso": "QE", "cp2k": "CP2K", "gpaw": "GPAW"}
labels |= {names[name]: run.output.frames[0] for name, run in runs.items()}
energies = {name: atoms.get_potential_energy() for name, atoms in labels.items()}
pd.Series(energies, name="total energy / eV").round(2).to_frame()

# %%
from mlp_course.teaching import plot_matrix

forces = {name: atoms.get_forces() for name, atoms in labels.items()}
between = pd.DataFrame(
    {a: {b: 1000 * np.abs(forces[a] - forces[b]).mean() for b in forces} for a in forces}
).replace(0.0, np.nan)
plot_matrix(between, quantity="mean difference of forces / (meV/Å)", rows="from", columns="to")

# %% [markdown] tags=["slide"]
# (c), and it means nothing: a total energy counts from a zero that each program chooses. PySCF counts all electrons,
# the pseudopotentials of QE and CP2K leave out the cores, and GPAW counts from separate atoms. **Differences of
# energies and forces do not depend on the zero.** And yet the forces differ, as the picture shows: by 65 to 80 meV/Å among
# the three, by 190 to 250 from PySCF. A good network has a force error of some tens of meV/Å at most on its own labels:
# mix labels of two programs *with settings like these*, and the mixture is the larger error.
#
# The picture does not show that one program is wrong. The settings were chosen to be quick (cutoff, pseudopotentials, a
# narrow box), and the small basis def2-SVP of our labels is most likely farther from convergence than the other three. With
# converged settings modern programs agree on PBE far better (K. Lejaeghere et al., Science 351, aad3000 (2016)).
#
# ### A label that is none
#
# *Announced failure.* The same input for CP2K, with one number changed: at most three cycles for the electrons.
# **Predict:** what does the program leave: (a) an error and no energy, (b) an energy without forces, (c) an energy and
# forces, like every good run?

# %%
import re

from mlp_course.units import convert

stopped = stored_run("cp2k_stopped")
signs = ("NOT converged", "ENERGY|", "ATOMIC FORCES", "SUM OF ATOMIC FORCES", "PROGRAM ENDED")
for line in stopped.log.splitlines():
    if any(sign in line for sign in signs):
        print(line)
hartree = float(re.search(r"ENERGY\|.*?(-\d+\.\d+)", stopped.log)[1])
off = convert(hartree, "Hartree", "eV") - energies["CP2K"]
print(f"energy of the stopped run: off by {off:.2f} eV")
print("read_output finds", len(stopped.output.frames), "labels")
stopped.output.rejected

# %% [markdown] tags=["slide"]
# (c). It ended in order, with energy and forces, and a script that looks for `ENERGY|` takes them. One line among many
# says `NOT converged`. (CP2K changed this: versions from 2024 stop with an error, unless the input says
# `IGNORE_CONVERGENCE_FAILURE`. Other programs still go on.) `read_output` looks for such lines in the logs of VASP,
# Quantum ESPRESSO, CP2K, GPAW, Gaussian and ORCA, and keeps a table of what it rejected and why. Nothing is dropped
# silently.
#
# ### Many labels, and a worker dies
#
# A thousand labels take days on a cluster, and something will fail. `label` sends jobs to worker processes through
# *dask*; each worker writes its label to disk before it reports. *Announced failure*: we kill one of two workers with
# `kill -9`, which no program can catch. (GFN2-xTB stands in for DFT, slowed down so that there is
# something to kill.) **Predict** how many of the 40 labels get lost, how many finished ones are computed again, and how
# the curve of labels on disk will look after the kill.

# %%
import time
from mlp_course.reference import label, local_client, read_labels, reference_calculator
from mlp_course.teaching import WorkerAccident, plot_accident


def slow_xtb():
    time.sleep(0.1)
    return reference_calculator("gfn2-xtb")


frames = [atoms.copy() for atoms in load_embedded("ethanol/normal_modes")[:40]]
store = work / "labels.xyz"
with local_client(2) as client, WorkerAccident(client, store, after=8) as accident:
    labelled = label(frames, slow_xtb, store=store, client=client, progress=False)
plot_accident(accident)

# %%
keys = [atoms.info["label_key"] for atoms in read_labels(store)]
differences = []
for atoms, found in zip(frames, labelled, strict=True):
    atoms.calc = reference_calculator("gfn2-xtb")
    differences.append(abs(atoms.get_potential_energy() - found.get_potential_energy()))
print(f"process {'killed' if accident.killed else 'not killed'}; {len(labelled)} of {len(frames)}")
print(f"labels in the store {len(keys)}, different ones {len(set(keys))}")
print(f"largest difference to labels made one after the other: {max(differences):.0e} eV")

# %% [markdown]
# None, and none. The dead worker was replaced, and the one job that it had under way was begun again by somebody else.
# The curve goes on, half as steep: one worker is left, until the new one is up near the end. (How long that takes depends on
# the machine.) The same call works on a cluster: the client is then
# one that submits jobs to its queue, and this is the head of the script that SLURM gets (nothing is submitted here):

# %%
from mlp_course.reference import slurm_cluster

with slurm_cluster(queue="short", walltime="02:00:00", workers_per_job=16, port=0) as cluster:
    print(cluster.job_script().split("export")[0])  # below: its environment, and the worker

# %% [markdown]
# ## Phase 2 · Training
#
# Every training program has its own file for the same frames. **Predict:** MACE and NequIP both read *extended XYZ*.
# Will a file made for MACE do for NequIP as it is?

# %%
from mlp_course.data.export import (
    write_deepmd,
    write_mace_xyz,
    write_nequip_xyz,
    write_schnetpack_db,
)

frames = load_embedded("ethanol/500K")[:100]
mace = write_mace_xyz(frames, work / "mace.xyz")
nequip = write_nequip_xyz(frames, work / "nequip.xyz")
(deepmd,) = write_deepmd(frames, work / "deepmd")
schnetpack = write_schnetpack_db(frames, work / "ethanol.db")
listing = "\n".join(sorted(p.relative_to(deepmd).as_posix() for p in deepmd.rglob("*")))
columns = {"MACE": mace, "NequIP": nequip, "DeePMD-kit, a folder": listing}
show_side_by_side(columns, marked=["energy", "force"], n_lines=5, width=66)

# %%
import ase.io

for path in (mace, nequip):
    calculator = ase.io.read(path).calc
    print(path.name, "| ASE sees labels:", None if calculator is None else list(calculator.results))

# %% [markdown]
# No: MACE asks for names of your choice (`REF_energy`), because ASE treats `energy` in its own way; NequIP takes ASE's
# names. (Both can be told other names in their input.) Read with the wrong names, the file is still a perfectly good
# file, of frames without labels.
#
# Now each file is read as its program reads it. **Predict** the largest error of a force that comes back: (a) none,
# (b) some 10⁻⁸ eV/Å, as texts are rounded, (c) some 10⁻³, as networks compute in single precision?

# %%
from mlp_course.models.schnetpack_compat import load_schnetpack


def errors(energies, forces):
    """Largest difference to what was written, in eV and eV/Å."""
    dE = np.ravel(energies) - [atoms.get_potential_energy() for atoms in frames]
    dF = np.reshape(forces, (len(frames), -1, 3)) - [atoms.get_forces() for atoms in frames]
    return {"energy / eV": np.abs(dE).max(), "force / (eV/Å)": np.abs(dF).max()}


read = {name: ase.io.read(path, ":") for name, path in (("MACE", mace), ("NequIP", nequip))}
data = load_schnetpack().data.ASEAtomsData(str(schnetpack))
rows = [data[n] for n in range(len(data))]

# %%
back = {
    "MACE": (
        [a.info["REF_energy"] for a in read["MACE"]],
        [a.arrays["REF_forces"] for a in read["MACE"]],
    ),
    "NequIP": (
        [a.get_potential_energy() for a in read["NequIP"]],
        [a.get_forces() for a in read["NequIP"]],
    ),
    "DeePMD-kit": [np.load(deepmd / "set.000" / f"{name}.npy") for name in ("energy", "force")],
    "SchNetPack": [np.array([row[name].numpy() for row in rows]) for name in ("energy", "forces")],
}
pd.DataFrame({name: errors(*labels) for name, labels in back.items()}).T.map("{:.0e}".format)

# %% [markdown] tags=["slide"]
# (a): every bit came back. (Text keeps eight digits behind the point, and our labels had no more.) All four use eV and Å,
# so nothing was converted. What *is* lost: DeePMD's folder has no place for where a frame comes from, and holds one composition
# only; two molecules make two folders.
#
# Did other programs learn from these files? Their training takes minutes and environments of their own (`make peers`),
# so it is stored, with its origin. **Predict:** which force error does a production package reach in a few minutes of
# one core, on 500 frames of ethanol: (a) 5, (b) 50, (c) 500 meV/Å?

# %%
from mlp_course.simulation.ecosystem_results import load_ecosystem
from mlp_course.teaching import plot_bars

spelt = {"mace": "MACE", "nequip": "NequIP", "deepmd": "DeePMD-kit"}
trained = load_ecosystem().set_index("program").rename(index=spelt)
waiting = set(spelt.values()) - set(trained.index)
print("no stored result yet:", ", ".join(sorted(waiting)) or "none is missing")
print(trained[["seconds", "commands", "date"]].to_string())
mae = trained["force_mae_mev_per_angstrom"].to_dict()
plot_bars(mae, quantity="force MAE on ethanol at 300 K, another trajectory / (meV/Å)")

# %% [markdown]
# (b), more or less. This says nothing about which package is best: settings were not tuned, and the times differ
# (*seconds*, the whole command on one core: one and a half minutes for two of them, nearly four for DeePMD-kit).
# [Lesson 07](07_architectures.ipynb) gives everybody the same time on the same frames. It says that **the file
# works**: read, trained on, and used again through the package's own ASE calculator.
#
# ### The potential as a file
#
# The result of phase 2 is a file, often `.pth`. Ours is TorchScript: network, references, units and an ASE calculator
# in one file. **Predict:** what must be installed to use it: (a) this course, (b) SchNetPack, (c) torch and ASE only?

# %%
from mlp_course.models import load_shipped
from mlp_course.models.export import export_model

path = export_model(load_shipped("ethanol_schnet"), work / "ethanol.pth")
inside = {"README.txt": "", "calculator.py": ""}
torch.jit.load(path, _extra_files=inside)
(work / "calculator.py").write_bytes(inside["calculator.py"])
molecule.write(work / "molecule.xyz")
print(f"{path.stat().st_size / 1000:.0f} kB\n\n{inside['README.txt'].decode()}")

# %%
import subprocess
import sys

STRANGER = """
import sys, ase.io
from calculator import ExportedCalculator
atoms = ase.io.read("molecule.xyz")
atoms.calc = ExportedCalculator("ethanol.pth")
print(atoms.get_potential_energy())
print(sorted({"mlp_course", "schnetpack", "torch"} & set(sys.modules)))
"""
call = subprocess.run([sys.executable, "-c", STRANGER], cwd=work, capture_output=True, text=True)
energy, modules = call.stdout.splitlines()
print(f"{float(energy):.6f} eV in another process, which imported {modules} of the three")

# %% [markdown]
# (c). A file like this is a program: load only those of people you trust.
#
# ## Phase 3 · Simulation
#
# LAMMPS, ASE and i-PI all move atoms; the forces come from the same network. We start ASE and LAMMPS with the same
# positions and velocities. **Predict:** after 100 fs their potential energies differ by (a) nothing at all, (b) millionths of
# an eV, (c) as much as the energy swings in a run?

# %%
from mlp_course.models import MLPCalculator
from mlp_course.simulation import run_nve
from mlp_course.simulation.lammps import run_lammps

start = molecule.copy()
start.calc = MLPCalculator(load_shipped("ethanol_schnet"))
same = dict(steps=200, timestep=0.5, temperature=300, seed=1, interval=2, progress=False)
by_ase = run_nve(start, **same)
by_lammps = run_lammps(start, folder=work / "lammps", **same)
difference = by_lammps.log["potential_energy"] - by_ase.log["potential_energy"]
print(f"largest difference {difference.abs().max():.0e} eV")

# %%
from mlp_course.teaching import plot_lines

print(f"the energy itself swings by {1000 * np.ptp(by_ase.log['potential_energy']):.0f} meV")
curve = {"LAMMPS - ASE": (by_ase.log["time"], 1e6 * difference)}
plot_lines(curve, x="time / fs", y="difference of energies / μeV", markers=False)

# %% [markdown]
# (b). The same motion: both solve Newton's equations by the same rule (velocity Verlet). What is left is rounding, for the
# network computes in single precision: a noise of some millionths of an eV, where the energy swings by 0.6 eV. It does not
# stay so. In chaotic motion rounding grows, and after some picoseconds two such runs part, each of them right.
#
# This is what LAMMPS read and wrote; it asks our network for forces through `fix external`:

# %%
folder = work / "lammps"
files = {name: folder / name for name in ("in.lammps", "start.data", "trajectory.lammpstrj")}
show_side_by_side(files, marked=["units", "timestep", "external"], n_lines=20, width=40)

# %% [markdown] tags=["slide"]
# Time is in **ps**: our 0.5 fs stand there as 0.0005. Elements have become *types*, 1, 2, 3. *Announced
# failure.* A colleague gets the trajectory from you, without the input, and opens it with ASE.
# **Predict** which molecule it is.

# %%
dump = folder / "trajectory.lammpstrj"
naive = ase.io.read(dump, ":", format="lammps-dump-text")
elements = sorted(set(molecule.get_chemical_symbols()))  # the order of types in start.data
repaired = ase.io.read(dump, ":", format="lammps-dump-text", specorder=elements)
print("read as it is:     ", naive[0].get_chemical_formula())
print("with specorder:    ", repaired[0].get_chemical_formula())
print(f"mass {naive[0].get_masses().sum():.1f} u instead of {repaired[0].get_masses().sum():.1f} u")

# %% [markdown] tags=["slide"]
# Type 1 became hydrogen, 2 helium, 3 lithium, and no error. Positions are right, so pictures look almost right;
# masses, and with them temperatures and spectra, are wrong. Keep `start.data` with every dump, or let LAMMPS write a
# column `element`, as `write_frames` does.
#
# ### Nuclei are quantum particles: i-PI
#
# i-PI replaces each nucleus by a ring of *beads* joined by springs; with enough of them the result is that of quantum
# statistics. It holds no potential: it asks through a socket, and ours answers. *Announced failure.* First with the
# SchNet from above. **Predict:** is a potential that ran well with classical nuclei good enough for beads?

# %%
from mlp_course.simulation import AtomsFlewApart
from mlp_course.simulation.i_pi import run_path_integral

rings = dict(temperature=300, interval=4, seed=1, progress=False)
try:
    run_path_integral(start, n_beads=8, steps=250, **rings)
    print("no alarm this time: try other seeds")
except AtomsFlewApart as alarm:
    print(f"alarm after {alarm.time:g} fs: {alarm.reason}")
except ImportError as how:
    print(how)

# %% [markdown]
# Not always. Beads stretch and squeeze O–H and C–H bonds as no classical frame at 500 K does, and these classical
# frames are all that the network has learnt from. Where it was never taught, it may have a *hole*: a place of
# absurdly low energy. A bead that finds it falls in. Without an alarm i-PI goes on to its last step, and writes
# numbers.
#
# The repair is training data from such places, or a network that guesses better beyond its data. The shipped PaiNN is
# one, so far as we tried. **Predict:** classical nuclei have $\tfrac32 k_BT$ of kinetic energy each, 39 meV at 300 K.
# How much has a hydrogen atom of ethanol with 8 beads: (a) the same, (b) 1.2 times, (c) more than twice?

# %%
from mlp_course.simulation.ecosystem_results import load_path_integral

better = molecule.copy()
better.calc = MLPCalculator(load_shipped("ethanol_painn"))
try:
    quantum = run_path_integral(better, n_beads=8, steps=300, **rings).log
    print("run here and now")
except ImportError as how:
    logs, origin = load_path_integral()
    quantum = logs[8]
    print(how, "\nstored run:", origin)

# %%
from ase import units

thermal = 1000 * 1.5 * units.kB * 300  # meV, of a classical atom
curves = {}
for element, count in molecule.symbols.formula.count().items():
    kinetic = 1000 * quantum[f"kinetic_energy_{element}"] / count
    curves[element] = (quantum["time"], kinetic)
    late = kinetic[quantum["time"] > 50].mean()
    print(f"{element}: {late:.0f} meV after 50 fs, {late / thermal:.1f} times 3/2 kT")
axes = dict(x="time / fs", y="kinetic energy an atom / meV", markers=False)
plot_lines(curves, marks={"3/2 kT": thermal}, **axes)

# %% [markdown] tags=["slide"]
# (c). The rings open within some femtoseconds; the run is too short for an error bar, but not for the answer. Hydrogen
# has about three times as much as a classical atom, and would have most of it at 0 K as well: the *zero-point energy*
# of its stiff bonds. Carbon and oxygen, so much heavier, have less of it. Eight beads are not converged yet for C–H
# bonds at 300 K (32 are usual). **Dynamics with a perfect potential is still wrong about hydrogen if its nuclei are
# classical.**
#
# ## Phase 4 · Analysis
#
# A longer run in LAMMPS, 3 ps, to have something to analyse. First: what do the file formats keep of it? Each
# is written, read again and compared. **Predict:** which of `.xyz`, `.traj`, `.lammpstrj` and `.dcd` loses the most, and
# which is the smallest?

# %%
from mlp_course.simulation.format_survey import survey_formats
from mlp_course.teaching import plot_kept

warm = by_lammps.frames[-1]
warm.calc = start.calc
run = run_lammps(warm, steps=6000, timestep=0.5, interval=4, progress=False)
plot_kept(survey_formats(run))

# %% [markdown]
# `.dcd`, twice. (The numbers are the largest differences after reading.) It keeps places, cells and times only, in single
# precision: good for looking, useless for training. `.lammpstrj` forgets energies. `.xyz` keeps all, at
# the price of size, and `.traj` keeps every bit but hardly a program besides ASE opens it. Keep what you cannot
# compute again.
#
# ### Two readers, two units
#
# **Predict:** MDAnalysis and MDTraj measure the O–H bond in the same file. Which numbers do they give?

# %%
import warnings

import MDAnalysis
from mlp_course.simulation.trajectory_files import write_frames

warnings.filterwarnings("ignore", message="DCDReader currently")  # of its next version
dcd, pdb = write_frames(run, work / "run.dcd"), work / "start.pdb"
molecule.write(pdb)  # a .dcd knows no elements: another file has to
bond = [2, 8]  # O and its H
universe = MDAnalysis.Universe(str(pdb), str(dcd))
ends = np.array([step.positions[bond] for step in universe.trajectory])
print(f"MDAnalysis {np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1).mean():.4f}")

# %%
try:
    import mdtraj

    print(f"MDTraj     {mdtraj.compute_distances(mdtraj.load(dcd, top=pdb), [bond]).mean():.4f}")
except ImportError:
    print("MDTraj is not installed: pip install mdtraj")

# %% [markdown]
# The same bond, in Å and in nm. Neither prints a unit. (MDTraj reads `.dcd` with VMD's
# own source code, which says so in the lines `dcdplugin)`.) Every program has an opinion about units, and this is the
# table to look at before you write a number to a file. The last column says what it would call a force of 1 eV/Å.
# (MACE, NequIP and DeePMD-kit take eV and Å.)

# %%
from mlp_course.reference.program_units import program_units

border = program_units()
border["1 eV/Å"] = [
    "" if unit == "as declared" else f"{convert(1.0, 'eV/Å', unit):.4g}" for unit in border["force"]
]
border

# %% [markdown]
# A unit that no file states can still be found, from the size of bonds and forces: [lesson 11](11_unit_pitfalls.ipynb).
#
# ### Who vibrates where?
#
# The *vibrational density of states* counts modes by frequency: it is the Fourier transform of how long the atoms keep
# their velocities. Choose an element. **Predict first:** which one owns the line near 3,700 cm⁻¹? And do carbon and
# oxygen own the lines near 1,000 cm⁻¹, where the bonds C–C and C–O are stretched?

# %%
from IPython.display import display
from ipywidgets import Dropdown, interact

from mlp_course.analysis import vibrational_dos


@interact(element=Dropdown(options=["H", "C", "O"], description="element"))
def spectrum(element):
    lines = {}
    for name, which in (("all atoms", None), (element, element)):
        frequency, dos = vibrational_dos(run.frames, which=which, resolution=0.7)
        shown = frequency < 125  # THz
        lines[name] = (convert(frequency, "THz", "cm^-1")[shown], dos[shown])
    display(plot_lines(lines, x="wavenumber / cm⁻¹", y="density of modes / THz⁻¹", markers=False))


# %% [markdown] tags=["slide"]
# Hydrogen owns nearly everything above 2,000: the O–H stretch at the far right, the C–H stretches near 3,000. Between
# 850 and 1,100 nobody owns a line: the gap between the two curves is the share of carbon and oxygen, about half, and
# the rest is hydrogen that swings with them. Velocities were needed for this, and the `.dcd` has none.
#
# What the picture does not prove: in a run this short without a thermostat the heights are not to be trusted. The places
# are, to some 20 cm⁻¹, for this network and classical nuclei; a measured spectrum is another matter.
#
# ### Copper, solid and molten
#
# LAMMPS again, now periodic, with EMT in the place of our network, at the density of liquid copper (8.0 g/cm³). Copper
# melts at 1,358 K. 108 atoms in a fixed cell must be heated far above to melt within half a picosecond, and ours stay
# hotter than copper boils.
#
# The *radial distribution function* $g(r)$ is the density of neighbours at distance $r$ over the mean density. **Predict:**
# which of its peaks survives melting, and does the *mean-square displacement* keep growing in the solid?

# %%
from ase.build import bulk
from ase.calculators.emt import EMT

crystal = bulk("Cu", cubic=True, a=3.75).repeat(3)  # 8.0 g/cm³
crystal.calc = EMT()
options = dict(timestep=5.0, interval=5, progress=False)
phases = {}
for name, kelvin, seed in (("solid", 600, 1), ("liquid", 3500, 2)):
    hot = run_lammps(crystal, steps=120, temperature=kelvin, damping=100.0, seed=seed, **options)
    last = hot.frames[-1]
    last.calc = crystal.calc
    phases[name] = run_lammps(last, steps=200, folder=work / name, **options)
    print(name, f"{phases[name].log['temperature'].mean():.0f} K")

# %%
from MDAnalysis.analysis.rdf import InterRDF

from mlp_course.analysis import as_universe, radial_distribution

curves = {}
for name, part in phases.items():
    curves[name] = radial_distribution(part.frames, 5.5, n_bins=75)
    atoms = as_universe(part).atoms
    theirs = InterRDF(atoms, atoms, nbins=75, range=(0, 5.5), exclusion_block=(1, 1)).run()
    ratio, n = theirs.results.rdf.sum() / curves[name][1].sum(), len(atoms)
    print(f"{name}: MDAnalysis over ours {ratio:.5f}, N / (N - 1) = {n / (n - 1):.5f}")
plot_lines(curves, x="distance / Å", y="g(r) / 1", markers=False)

# %%
from mlp_course.analysis import diffusion_coefficient, mean_square_displacement

curves = {name: mean_square_displacement(part.frames) for name, part in phases.items()}
for name, part in phases.items():
    print(f"{name}: {diffusion_coefficient(part.frames, fit=(100, 250), n_segments=2)}")
plot_lines(curves, x="time / fs", y="mean-square displacement / Å²", markers=False)

# %% [markdown]
# The first peak survives, half as high: in a liquid atoms touch as well. The shells behind it melt into each other, and
# the atoms leave their places. In the solid the displacement stops growing, and "D" is no diffusion coefficient. (Here it is
# even negative, with a small error bar.) The exponent beside it says so: near 0 for bound atoms, 1 for diffusion, 2 for free
# flight. What this does not prove: that copper *melts* here. A crystal was heated until it fell apart, and at which
# temperature the two phases balance is another calculation.
#
# Ours and MDAnalysis differ by a factor $N/(N-1)$, under 1 % here: we count the atom itself into the mean density, they do
# not. **Before you compare two programs, compare their definitions.**
#
# ### Looking: OVITO and VMD
#
# Both are desktop programs. OVITO also has a Python package (`pip install 'mlp-course[ovito]'`, 500 MB). VMD is free
# after registration. Our files open in both: go to the folder that `print(work)` names, and type
# `ovito liquid.lammpstrj`, or `vmd start.pdb run.dcd`. In this page, after a step that viewers take too: atoms that
# left the cell are wrapped back into it. (Do not do that before a mean-square displacement.) **Predict:** one frame of each.
# Could you tell by eye, without the names, which is the liquid?

# %%
from mlp_course.teaching import show_molecule

shown = []
for name, part in phases.items():
    write_frames(part, work / f"{name}.lammpstrj")
    shown.append(part.frames[-1].copy())
    shown[-1].wrap(eps=0.05)  # a twentieth of the cell may stick out: no atom jumps at the border
show_molecule(shown, size=320, names=list(phases))

# %% [markdown]
# Here yes: the atoms of the crystal stand in rows, those of the liquid do not. With more atoms, or halfway between, the
# eye fails and $g(r)$ does not: a picture is a beginning, no evidence.
#
# ## Every tool and its evidence
#
# One script runs every tool that is installed, or writes and reads its files, and stores what it found: for the
# sixteen of the chapter, and for four more whose labels or outputs we use (PySCF, tblite, Gaussian, ORCA). *Seconds*
# are computing time of one core. **Predict:** for how many of the sixteen must files do, because the program itself
# did not run?

# %%
from mlp_course.simulation.ecosystem_results import load_evidence

evidence = load_evidence()
print(evidence["evidence"].value_counts().to_string())
evidence["value"] = evidence["value"].map("{:.3g}".format)
evidence.drop(columns="date").set_index(["phase", "tool"]).astype(object).fillna("")

# %% [markdown] tags=["slide"]
# Two: VASP and VMD. *Really ran*: the program itself computed something, with the number beside it. *Files written
# and read*: VASP, Gaussian and ORCA need a licence or registration, so real outputs of others were read, and what was
# no label was refused; for VMD, the source code of its own reader, which MDTraj contains, opened our file. To repeat
# all of it: `make codes`, then `python benchmarks/ecosystem/evidence.py`.
#
# ## Three questions
#
# **1. You add 200 frames, labelled by GPAW with PBE, to 1,000 frames labelled by PySCF with PBE. What happens?**
#
# (a) more data, a better model · (b) the energies have two zeros and the forces two basis sets · (c) the files cannot be joined
#
# <details><summary>Answer</summary>
#
# **(b).** They join without a word, and the model has to explain a jump of thousands of eV between frames that look alike.
# (a) would be right for the same program and the same settings. (c) All are extended XYZ in the end.
# </details>
#
# **2. Which file do you need to compute a vibrational spectrum later?**
#
# (a) `.dcd` · (b) a dump with the columns `id type xu yu zu` · (c) `.xyz` or `.lammpstrj` with velocities, and a short spacing
#
# <details><summary>Answer</summary>
#
# **(c).** Velocities (or very dense positions), elements for the masses, and frames closer than half of the fastest
# period. (a) keeps no velocities. (b) neither, and the elements are numbers.
# </details>
#
# **3. A worker is killed after it has finished a label and before it could say so. What happens to the label?**
#
# (a) it is lost · (b) it is computed again · (c) it is found on disk
#
# <details><summary>Answer</summary>
#
# **(c).** Each worker writes the label down first and reports then. The next attempt at this job looks for the file.
# (a) and (b) are what a program does that keeps results in memory.
# </details>
#
# **Open challenge.** Write the inputs of copper's unit cell for all four programs from one record, run those that you
# have at five lattice constants, and compare the five energies after taking off the lowest of each. A metal needs two
# things that ethanol did not: a mesh of k-points, and `smearing`. Do the programs agree on the lattice constant to
# 0.01 Å, and what happens to the difference at a higher cutoff? Practice that marks itself: [exercises 04](../exercises/04_ecosystem.ipynb).
#
# ## You can now
#
# answer the opening question: the border to a *label* is where most goes wrong (zero of energy, unit, convergence),
# then elements and masses at a *dump*, then the units of a *reader*; the training files and the engines themselves
# changed nothing beyond rounding. You can start each tool, name what it writes, and say who reads it.
#
# **What this does not prove.** That a program ran on one molecule says nothing about its results on yours: cutoffs,
# pseudopotentials and box were chosen to be quick, not converged. A minute of training ranks nobody. Speed on large
# systems, many processes and graphics cards, for which LAMMPS and DeePMD-kit are made, was not measured here. VASP,
# Gaussian, ORCA and VMD themselves were not run.
#
# Before: [03 Training data](03_training_data.ipynb). Next: [05 The five steps, once through](05_workflow.ipynb).
