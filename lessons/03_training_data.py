# %% [markdown] tags=["slide"]
# # 03 · Training data
#
# **You can pay for a few thousand quantum-chemical labels. Which configurations do you send, and how do
# you notice that you sent the wrong ones?**
#
# After this lesson you can
#
# 1. make all five types of configurations, for a crystal, a surface and a molecule, and say what each covers,
# 2. find faulty labels, and split data so that the test does not flatter,
# 3. plan a data set: how many of which type, at what cost, with which gaps.
#
# - **You need** [lesson 00](00_start_here.ipynb); [lesson 02](02_glossary.ipynb) helps. SOAP and GAP are used here as given,
#   [lesson 06](06_descriptors.ipynb) and [lesson 07](07_architectures.ipynb) take them apart.
# - **Time** under 4 minutes to run on two cores, about 50 minutes to work through.
# - **Memory** under 1 GB; measured values stand in [the list of lessons](README.md).
# - **Data** copper made and labelled here with EMT, a cheap potential for metals that comes with ASE; ethanol
#   labelled for this course with PBE/def2-SVP (CC0).

# %%
import numpy as np
import pandas as pd
from ase import units
from ase.build import bulk
from ase.calculators.emt import EMT

from mlp_course.reference import label_here
from mlp_course.sampling import optimised

cube = optimised(bulk("Cu", cubic=True), EMT(), relax_cell=True)
a = cube.cell.lengths()[0]
crystal = cube.repeat(2)
(perfect,) = label_here([crystal], "emt")
bulk_energy = perfect.get_potential_energy() / len(perfect)  # eV an atom
print(f"{len(crystal)} atoms, lattice constant of EMT copper {a:.3f} Å")

# %% [markdown] tags=["slide"]
# EMT (*effective medium theory*) is no quantum chemistry, but it has surfaces, vacancies and barriers, and a label
# costs milliseconds. So everything here is made live. Lattice constant, modes and barriers are those of EMT.
#
# ## Type 1 · A minimum and its vicinity
#
# Near a minimum the energy is a quadratic form, and its eigenvectors are the *normal modes*. Each mode $k$ with force
# constant $\lambda_k$ gets an amplitude $Q_k$ from Boltzmann's law:
#
# $$\mathbf R = \mathbf R_0 + M^{-1/2} \sum_k Q_k \mathbf e_k , \qquad Q_k \sim \mathcal N(0, k_B T / \lambda_k) .$$
#
# **Predict:** how high do such frames lie above the minimum at 300 K, on average: (a) 4, (b) 40, (c) 400 meV an atom?
# ($k_B T$ is 26 meV, and an atom has three modes.)

# %%
from mlp_course.sampling import normal_modes, sample_normal_modes
from mlp_course.teaching import show_molecule

modes = normal_modes(crystal, EMT())  # 3 N - 3 of them: moving the whole crystal costs nothing
near = sample_normal_modes(modes, temperature=300, n_frames=40, seed=1)
sets = {"equilibrium": label_here(near, "emt")}
show_molecule([crystal, *near[:3]], size=320, names=["minimum", "frame 0", "frame 1", "frame 2"])


# %%
from mlp_course.teaching import plot_bars


def above(frames):
    """Energies above the perfect crystal, in eV an atom."""
    return np.array([atoms.get_potential_energy() / len(atoms) for atoms in frames]) - bulk_energy


high = 1000 * above(sets["equilibrium"])  # meV/atom
expected = 1000 * len(modes.energies) / len(crystal) * 0.5 * units.kB * 300
mean = {"equipartition, harmonic": expected, "the frames, by EMT": high.mean()}
sem = {"the frames, by EMT": high.std() / np.sqrt(len(high))}
plot_bars(mean, errors=sem, quantity="energy above the minimum / (meV/atom)")

# %% [markdown] tags=["slide"]
# (b): $\tfrac12 k_B T$ for each of the $3N - 3$ modes (*equipartition*), about 38 meV an atom. EMT itself need not agree:
# the frames were drawn from a parabola. **Use:** stable structures, vibrations. **Blind spot:** everything that
# is not a small displacement. At higher temperature the parabola is wrong, not just wide. (The bar is the standard
# error of the mean of 40 frames.)
#
# ## Type 2 · Dynamics
#
# Molecular dynamics visits what is likely at its temperature, anharmonic or not. We run three temperatures, and look
# at every 20 fs. **Predict:** after which time is a frame worth a new label: (a) 5 fs, (b) some 100 fs, (c) 5 ps?

# %%
from mlp_course.sampling import sample_dynamics

times = dict(spacing=20.0, equilibration=1000.0, timestep=5.0)  # fs
runs = {
    f"{T} K": sample_dynamics(crystal, EMT(), temperature=T, n_frames=250, seed=T, **times)
    for T in (300, 700, 1100)
}
show_molecule(runs["1100 K"][::25], size=320)

# %%
from mlp_course.data import autocorrelation
from mlp_course.sampling import decorrelation_time
from mlp_course.teaching import plot_memory

memory, tau = {}, {}
for name, run in runs.items():
    energy = [atoms.info["sampler_energy"] for atoms in run]
    memory[name] = 20.0 * np.arange(30), autocorrelation(energy)[:30]
    tau[name] = decorrelation_time(run)  # fs
plot_memory(memory, tau)

# %% [markdown]
# (b). The *correlation time* $\tau$ is the area under the curve,
# $\tau = \Delta t\,(\tfrac12 + \sum_k \rho_k)$, and frames closer than $2\tau$, here 70 to 90 fs, tell nearly the
# same. `thinned` keeps one in $2\tau$. This is the memory of the *energy*, and it belongs to the run, thermostat
# included: Langevin friction of 0.01 fs⁻¹ makes atoms forget their velocities within about 100 fs. A slower process
# (a hop, a torsion) needs its own clock: `decorrelation_time(run, [its_coordinate])`.
#
# Each run gave 250 frames, one every 20 fs. **Predict:** how many of the 250 does `thinned` keep: (a) about 10, (b) 50 to 80,
# (c) nearly all? At which of the three temperatures most?

# %%
from mlp_course.sampling import thinned

kept = {name: thinned(run) for name, run in runs.items()}
for name, run in runs.items():
    print(f"{name}: {len(run)} frames looked at, {len(kept[name])} worth a label")
budget = [atoms for run in kept.values() for atoms in run][::2]  # half of them will do here
sets["dynamics"] = label_here(budget, "emt")

# %% [markdown] tags=["slide"]
# (b), and most at 1100 K, where the memory is shortest. Labelling every frame would have paid three to five times for
# nearly the same knowledge. **Use:** finite temperature.
# **Blind spot:** whatever is rare at that temperature. In five picoseconds nobody expects a vacancy, and in a full
# periodic cell it could come only together with an interstitial.
#
# ## Type 3 · Reaction paths
#
# A neighbour jumps into a vacancy. On the way it passes a *saddle*, which dynamics crosses too rarely to be sampled.
# The *nudged elastic band* relaxes a chain of images between two minima; its highest image climbs to the saddle.
#
# **Predict** the barrier: (a) below 0.1, (b) 0.3 to 1, (c) above 3 eV?

# %%
from mlp_course.sampling import interpolated_path, minimum_energy_path
from mlp_course.sampling.defects import vacancy

hole = vacancy(crystal, 0)
hopped = hole.copy()
hopped.positions[0] = crystal.positions[0]  # the neighbour fills the hole
ends = [optimised(atoms, EMT(), force_tolerance=0.01) for atoms in (hole, hopped)]
band = minimum_energy_path(interpolated_path(*ends, 11), EMT)
sets["path"] = label_here(band, "emt")
show_molecule(band, size=320)

# %%
from ipywidgets import IntSlider, interact

from mlp_course.sampling import barrier
from mlp_course.teaching import plot_scan

rise = np.array([atoms.get_potential_energy() for atoms in sets["path"]])
rise -= rise[0]
print(f"barrier of the hop: {barrier(band):.2f} eV")


@interact(image=IntSlider(5, min=0, max=10))
def hop(image):
    axes = dict(x="image of the band", y="energy above the start / eV")
    return plot_scan(band, range(11), {"EMT": rise}, at=image, ringed=[0], **axes)


# %% [markdown] tags=["slide"]
# (b). Move the slider and watch the ringed atom leave its place. At 300 K such a height is crossed with a factor of
# $e^{-E_b/k_BT} \approx 5 \cdot 10^{-14}$. With some $10^{13}$ attempts a second that is one hop in two seconds for
# each of the twelve neighbours of a vacancy: no affordable trajectory contains it, and a potential that has never
# seen it will guess. **Use:** reactions, diffusion. **Blind spot:** a path is a *line*. Away from it, nothing is
# known, and its images are relaxed, so that they teach small forces only.
#
# ## Type 4 · Random sampling
#
# Displace every atom at random, and the cell with it, but let no two atoms clash (`rattled`); or walk by *Monte
# Carlo*: move one atom, accept with the probability $\min(1, e^{-\Delta E / k_B T})$, here at 2000 K.
#
# **Predict:** which of the four types so far lies highest in energy, and which lowest?

# %%
from mlp_course.sampling import rattled, sample_monte_carlo

wild = rattled(crystal, amplitude=0.2, strain=0.03, n_frames=25, seed=2)
(warm,) = rattled(crystal, amplitude=0.15, n_frames=1, seed=3)  # about as high as 2000 K
walk = dict(temperature=2000, n_frames=15, burn_in=10, seed=3)
wild += sample_monte_carlo(warm, EMT(), **walk)
sets["random"] = label_here(wild, "emt")
show_molecule([wild[0], wild[-1]], size=320, names=["displaced", "Monte Carlo"])

# %%
from mlp_course.sampling import energy_histogram
from mlp_course.teaching import plot_energy_rows

energies = {name: above(frames) for name, frames in sets.items()}
plot_energy_rows(
    energy_histogram(energies, bin_width=0.01), x="energy above the crystal / (eV/atom)"
)

# %% [markdown] tags=["slide"]
# Random frames lie highest: the displaced ones where dynamics never goes, those of Monte Carlo where it would be at
# 2000 K. Equilibrium lies lowest, but the path is as low: its height is that of *one* atom, shared by 31 (and each of
# them carries its part of the vacancy). An energy an atom does not show a transition state. **Use:** a potential that
# knows how steep the walls are does not invent minima there. **Blind spot:** most of these frames will never occur,
# and a quantum-chemical method may fail to converge on them.
#
# ## Type 5 · Defects and interfaces
#
# A real crystal ends somewhere, and has holes, extra atoms, steps and grain boundaries. **Predict:** which costs
# less energy, a vacancy or an interstitial (an atom too many)?

# %%
from ase.build import fcc111

from mlp_course.sampling import defects as made

slab = fcc111("Cu", (3, 3, 3), a=a, vacuum=6)
starts = {
    "vacancy": made.vacancy(crystal),
    "interstitial": made.interstitial(crystal, "dumbbell", lattice_constant=a),
    "surface (111)": slab,
    "adatom": made.with_adsorbate(slab, "Cu", "fcc"),
    "steps (211)": made.stepped_surface(cube, (2, 1, 1), layers=6, vacuum=6).repeat((1, 2, 1)),
    "grain boundary": made.tilt_grain_boundary("Cu", (2, 1), lattice_constant=a),
    "nanoparticle": made.octahedral_particle("Cu", length=4, cutoff=1, lattice_constant=a),
}

# %%
from mlp_course.teaching import plot_structures

relaxed = {n: optimised(atoms, EMT(), force_tolerance=0.05) for n, atoms in starts.items()}
cost = {n: made.excess_energy(atoms, bulk_energy) for n, atoms in relaxed.items()}
around = [rattled(d, amplitude=0.06, n_frames=6, data_type="defect") for d in relaxed.values()]
sets["defect"] = label_here([atoms for frames in around for atoms in frames], "emt")
plot_structures(relaxed, captions={name: f"{energy:.2f} eV" for name, energy in cost.items()})

# %% [markdown]
# The numbers are energies above as many atoms of the perfect crystal, of the whole cell: two surfaces of a slab, two
# boundaries in their cell. The vacancy is cheaper: there is more room for an atom too few than for one too many. Turn
# them in 3D. **In which structure does an atom have the fewest neighbours?**


# %%
from ipywidgets import Dropdown


@interact(name=Dropdown(options=list(relaxed), value="adatom"))
def turn(name):
    n = made.coordination_numbers(relaxed[name], cutoff=3.0)
    print(f"{name}: fewest neighbours within 3 Å {n.min()}, most {n.max()}")
    return show_molecule(relaxed[name], size=320)


# %% [markdown] tags=["slide"]
# The adatom, with three. In bulk everybody has twelve. **Use:** fracture, catalysis, growth. **Blind spot:** there is
# always one more kind of defect.
#
# ## One map of all five
#
# A frame has dozens of coordinates. SOAP describes the surroundings of each atom; the mean over the atoms describes
# the frame; *principal components* are the directions in which the frames differ most. **Predict:** which types lie
# on each other, and which lies apart?

# %%
from mlp_course.descriptors import SOAP
from mlp_course.sampling import PrincipalMap, average_descriptions

soap = SOAP([29], cutoff=5.0, n_max=6, l_max=4)
features = {name: average_descriptions(soap, frames) for name, frames in sets.items()}
everything = np.vstack(list(features.values()))  # (n_frames, n_components)
principal = PrincipalMap.fit(everything)
print(
    {name: len(rows) for name, rows in features.items()},
    "frames of",
    everything.shape[1],
    "numbers",
)

# %%
from mlp_course.teaching import explore_frames

explore_frames(sets, features, principal, stretched=True)

# %% [markdown]
# Choose a set, move the slider, and see frame and place together (the axes are stretched around the origin, where
# everything crystalline is crowded). Defects lie far out in islands, one for each kind. The path lies beside the
# vacancies, for all its frames have a hole. Equilibrium and the coldest dynamics share a spot; heat leads away from
# it, and Monte Carlo and random displacements go on in the same direction.
#
# A map flattens. The question "is this frame new?" is asked in full space: a frame is *outside* a set if its nearest
# neighbour there is farther than usual within the set. **Predict:** read each row as "if I had labelled only this
# type". Which row covers most of the others?

# %%
from mlp_course.sampling import coverage_table
from mlp_course.teaching import plot_matrix

outside = 100 * coverage_table(features)
plot_matrix(outside, quantity="frames outside / %", rows="labelled", columns="needed")

# %% [markdown]
# Dynamics covers most, and that is one column of four: the minimum, which it passes. The minimum does not cover
# dynamics (three frames in four lie outside), and no row covers all columns. Random frames reach beyond the hot ones,
# and yet do **not** cover the quiet crystal: where 32 atoms are displaced at once, an undisturbed surrounding never
# occurs. Paths and defects are covered by nobody. Two words of caution. In a sparse set "usual" is far, and so it
# seems to cover much. And whole frames are compared here, while a model learns from single atoms. Coverage is a
# warning light; the proof comes at the end, with forces.
#
# ## The same for a molecule
#
# The course has ethanol, labelled with PBE: normal modes (type 1), dynamics at 300 and 1000 K (2), a turn of the
# OH group (3), random displacements (4). A molecule has no defects; what takes their place is a broken bond or
# another molecule, and there is none here. **Predict:** dynamics did not cover the path in copper. Does it cover the
# turn of the OH group?

# %%
from mlp_course.data import load_embedded

molecules = {
    "equilibrium": load_embedded("ethanol/normal_modes")[:80],
    "dynamics": load_embedded("ethanol/300K")[:40] + load_embedded("ethanol/1000K")[:40],
    "path": load_embedded("ethanol/torsion"),
    "random": load_embedded("ethanol/rattled")[:80],
}
small = SOAP([1, 6, 8], cutoff=5.0, n_max=4, l_max=3)
described = {name: average_descriptions(small, frames) for name, frames in molecules.items()}
outside = 100 * coverage_table(described)
plot_matrix(outside, quantity="frames outside / %", rows="labelled", columns="needed")

# %%
from mlp_course.teaching import plot_map

plot_map(described, PrincipalMap.fit(np.vstack(list(described.values()))))

# %% [markdown]
# Here it does: a turn of the OH group costs less than 0.1 eV and happens all the time. In copper the hop needed a
# vacancy, and about ten times the energy. **Whether you need type 3 depends on the barrier over $k_B T$.** And here
# the random frames seem to cover everything. Remember the caution: they lie far from each other, so that "usual" is
# far, and part of this verdict is the yardstick. The map shows half of the variance only; the matrix sees all of it.
#
# ## Quality control
#
# Labels come from thousands of jobs, and some go wrong. Forty frames of ethanol, with nine faults planted among them:

# %%
from mlp_course.data.quality_control import quality_control
from mlp_course.teaching import plant_faults

frames, planted = plant_faults(load_embedded("ethanol/500K")[:400:10])
planted

# %% [markdown]
# **Predict:** how many of the nine will be found, and which will not?

# %%
report = quality_control(frames)
planted["found"] = planted["frame"].isin(report.rejected)
print(report)
report.findings.round(3)[["frame", "check", "value", "limit", "unit", "what"]]

# %%
planted[["frame", "fault", "found"]]

# %% [markdown] tags=["slide"]
# Eight of nine. Each check knows a law: forces of a free molecule add up to zero and do not turn it, energies of one
# composition lie together, labels belong to one method. An energy that is 20 meV off breaks no law that a single
# label can show: it is lost in the thermal spread. Such labels are found by the *model* that disagrees with them, or
# never. Nothing was dropped in silence: `report.kept` and the table make up the whole.
#
# ## Splits, and a meter for leakage
#
# *Announced failure.* We draw the test set at
# random from one trajectory at 300 K, as most do. A test frame *leaks* if it is closer to a training frame than
# unrelated frames of this trajectory come to each other. **Predict:** with a frame every 20 fs, how many test frames
# leak: (a) 5 %, (b) half, (c) nearly all?

# %%
from mlp_course.data import blocked_split, leakage, random_split, unrelated_distance

run = runs["300 K"]
pairs = np.triu_indices(len(crystal), k=1)
x = np.array([atoms.get_all_distances(mic=True)[pairs] for atoms in run])  # (n_frames, n_pairs), Å
limit = unrelated_distance(x, gap=50)  # frames at least 1 ps apart
measured = {"random split": [], "blocked split": []}
strides = (1, 2, 3, 5)
for stride in strides:
    some, gap = x[::stride], int(np.ceil(300 / (20 * stride)))  # a gap of 300 fs, in frames
    splits = random_split(some, (0.8, 0.2), seed=0), blocked_split(some, (0.8, 0.2), gap=gap)
    for name, parts in zip(measured, splits, strict=True):
        measured[name].append(100 * leakage(*parts, closer_than=limit))

# %%
from mlp_course.teaching import plot_lines

spacings = [20 * stride for stride in strides]  # fs
plot_lines(
    {name: (spacings, values) for name, values in measured.items()},
    x="time between frames / fs",
    y="leaking test frames / %",
)

# %% [markdown]
# (c) for the random split of close frames. Two repairs show: cut the trajectory in *blocks* with a gap between them, or
# thin it before you split. Both are needed in practice: block first, and label only what is thinned. (Where is zero?
# By construction about 5 % of unrelated frames count as leaking. A blocked split may show more or less: its few test
# frames resemble each other, so they are near or far together.) [Lesson 09](09_training_on_md17.ipynb) shows what
# such a leak does to a reported error. Splits of several runs: `grouped_split` keeps trajectories, bands and parents
# whole; `temperature_split` trains cold and tests hot.
#
# ## Which frames first?
#
# The pool is larger than the budget. *Farthest-point selection* picks the frame that is farthest from all picked
# before,
#
# $$n_{k+1} = \arg\max_n \min_{m \in \{n_1 \ldots n_k\}} |\mathbf x_n - \mathbf x_m| .$$
#
# **Before you move the slider: of the seven kinds of defects, how many will 20 random picks miss, and how many will 20
# farthest points?**

# %%
from mlp_course.sampling import farthest_points
from mlp_course.teaching import plot_selection

rng = np.random.default_rng(0)
draws = [rng.permutation(len(everything)) for _ in range(200)]
kinds = np.repeat(list(relaxed), 6)  # of the frames with a defect, the last ones of all
first = len(everything) - len(kinds)


def kinds_met(rows):
    return len({kinds[row - first] for row in rows if row >= first})


# %%
@interact(n=IntSlider(20, min=2, max=60, description="budget"))
def pick(n):
    picks = {"at random": draws[0][:n], "farthest points": farthest_points(everything, n)}
    for name, rows in picks.items():
        print(f"{name}: {kinds_met(rows)} of {len(relaxed)} kinds of defects")
    mean = np.mean([kinds_met(draw[:n]) for draw in draws])
    print(f"at random, mean of {len(draws)} draws: {mean:.1f}")
    return plot_selection(everything, principal, picks)


# %% [markdown]
# Random picks follow the crowd. The draw in the picture was a lucky one; the mean of many misses four kinds of seven.
# Farthest points go to the islands, and miss one kind: they also spend much of the budget on the random frames, which
# lie far from everything. With the same budget no frame of the pool is left as far from a picked one (distances above
# the panels). The price: outliers come first, and a broken frame is the greatest outlier of all. **Quality control
# comes before selection.** What is labelled already goes in as `known=`.
#
# ## Planning a data set
#
# The [chapter](00_start_here.ipynb#What-this-course-is) has an example for CO₂ reduction on copper: 5,000 configurations, here at one
# node-hour a label. **Before you play:** which two sliders bring a warning at the first step down? And what happens
# if you add a fourth temperature?

# %%
from mlp_course.sampling import CU_CO2, METHANOL_CU
from mlp_course.teaching import plan_composition

plan_composition(CU_CO2)

# %% [markdown]
# The paths, which fall below 10 % of all, and the dynamics, of which 967 frames are left for each temperature where at
# least 1,000 are advised. The plan stands on both limits. A fourth temperature leaves 750 frames for each. The second
# plan of the chapter has 4,000 configurations for methanol on copper, and its potential shall run at 500 K.
# **Predict:** does it pass without a warning?

# %%
plan_composition(METHANOL_CU)

# %% [markdown] tags=["slide"]
# It does not: it has never seen anything hotter than the temperature of use. A thousand frames at 500 K show what is
# usual there; a production run of millions of steps at the same 500 K also meets what is rare. Move "one more
# temperature" above 500 K: that warning goes, and another comes, for 2,000 frames do not last for three temperatures.
# A plan is a compromise; the planner only says which one. Some limits are the chapter's, those "as a rule" are ours.
#
# ## The proof: train on one type, test on all
#
# One model (a GAP of fixed size, solved in one go, so that nobody trains longer than others) learned from 100 frames
# of *one* type of copper, and was tested on 30 new frames of *each*: other trajectories, other bands, other
# displacements. The types are a little richer than above: strained cells at equilibrium, and bands of adatoms too.
# This takes minutes, so the result is stored; `python benchmarks/data_types.py` makes it again.
#
# **Predict, and write it down:** which type is the best teacher for all others? Which pupil fails worst, and where?

# %%
from mlp_course.validation import load_type_matrix

matrix = load_type_matrix()
zero = matrix.zero_forces()  # what "no force at all" would score on each test set, meV/Å
mae = "force MAE / (meV/Å)"
names = dict(rows="trained on", columns="tested on", log=True)
spread = 100 * matrix.table("force_mae_error") / matrix.table()
low, high = spread.min().min(), spread.max().max()
print(f"standard errors: {low:.0f} to {high:.0f} % of the entries")
quantity = f"{mae}; crossed out: worse than no force at all"
plot_matrix(matrix.table().drop("mixture"), quantity=quantity, hopeless=zero, **names)

# %% [markdown]
# Read down a column: the specialist on the diagonal is the best or shares the first place, and others are up to
# nearly a hundred times worse, with the same model and as many labelled frames. (Three entries are crossed out, all in
# the column *path*: there "no force at all" would score better, for the images of a relaxed path hardly have forces.
# Entries within two standard errors of each other count as equal.)
#
# - *Dynamics* teaches the minimum as well as the minimum teaches itself, but neither knows a hole in the crystal.
# - *Path* is the narrowest teacher: nobody fails worse than its pupil on random frames, as its own small forces
#   suggested.
# - *Random* covers neither the quiet crystal nor the defects well, as the coverage matrix had warned.
# - *Defect* is the best teacher for others, first behind the specialist in three columns of four. Here the coverage
#   matrix **misled**: it gave defects no credit at all, 100 % outside in each column. It compares averages over
#   frames; but a cell with a defect holds bulk-like atoms too, and the model learns from atoms. Surfaces, holes and
#   boundaries show many kinds of surroundings, the path's among them. In this test not how far atoms were moved
#   counted most, but how many **different environments** were labelled. (A part of the lead may be size: these cells
#   hold up to 76 atoms, the others about 32, and every atom brings three force components.)
#
# **And if the same 100 labels are shared out, 20 of each type? Predict:** is the mixture worse than the specialist on
# the specialist's own ground, and by how much?

# %%
table = matrix.table()
own = {name: table.loc[name, name] for name in table.columns}
best = {name: table.drop("mixture")[name].drop(name).min() for name in table.columns}
rows = {"the specialist": own, "the best of the others": best, "the mixture": table.loc["mixture"]}
plot_matrix(pd.DataFrame(rows).T, quantity=mae, **names)

# %%
matrix.provenance()

# %% [markdown]
# Here nothing is crossed out. With a fifth of the labels the mixture loses to every specialist at home, by anything from a fifth to a factor of
# seven, and to the defects in four columns of five. What it buys is its *worst* column, little more than a third of
# that of the best single type: on these five tests it has no blind spot. **A specialist is best where you know that
# you will stay, a mixture where you do not.** And 20 of each is no law: a next try would be more defects and fewer of
# the rest.

# %% [markdown] tags=["slide"]
# ## Three questions
#
# **1. Your trajectory has 100,000 frames, 1 fs apart. Which do you label?**
#
# (a) a random 1,000 · (b) the first 1,000 · (c) one in 2τ, and then as many as you can pay
#
# <details><summary>Answer</summary>
#
# **(c).** (a) Better than (b), but some of them are near twins, and a random split of them leaks. (b) One
# picosecond holds a dozen independent frames (2τ was 70 to 90 fs): you pay a thousand times for twelve.
# </details>
#
# **2. All frames pass quality control. Are the labels right?**
#
# (a) yes · (b) no visible law is broken; small errors can remain · (c) no, a check with no findings is broken
#
# <details><summary>Answer</summary>
#
# **(b).** The planted 20 meV passed every check. (a) Checks find what contradicts itself. (c) A clean set gives an
# empty table; plant a fault to see that the check works.
# </details>
#
# **3. A potential for a crystal at 300 K was trained on dynamics at 300 K. When do you miss the random frames?**
#
# (a) never: it runs at 300 K · (b) as soon as a rare event brings atoms closer than ever in training · (c) only above the melting point
#
# <details><summary>Answer</summary>
#
# **(b).** In a long run the improbable happens, and where no data are the network is free to invent a minimum. (a) The
# training set is shorter than the run. (c) Two atoms can meet at any temperature.
# </details>
#
# **Open challenge.** Add a sixth set, molten copper, to the map and the coverage matrix: dynamics at 5000 K until it
# has melted, then at 2000 K. First show that it is molten: does the mean-square displacement keep growing? Which type
# covers it best? Then make it a sixth column of the force matrix, and see whether the best teacher is the one that
# covers best. Last, change the composition in `benchmarks/data_types.py`: which mixture of 100 frames has the lowest
# *worst* error? Practice that marks itself: [exercises 03](../exercises/03_training_data.ipynb).
#
# ## You can now
#
# make configurations of all five types and say where each is blind, thin a trajectory by its memory, catch faulty
# labels, measure the leak of a split, pick few frames for many, and price a plan before it is computed.
#
# **What this does not prove.** EMT copper is one element and short-ranged; cells of some 30 atoms hold few kinds of
# defects. One model and one draw of frames: with another model the factors in the matrix change. Coverage depends on
# the descriptor: two frames that SOAP averages to the same point may differ in one important atom. The right mixture
# follows from the use, and no table of percentages knows yours. How to let the model choose its own data is the
# subject of active learning, [lesson 08](08_active_learning.ipynb).
#
# Before: [02 Fifteen terms](02_glossary.ipynb). Next: [04 The ecosystem](04_ecosystem.ipynb).
