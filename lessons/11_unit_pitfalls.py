# %% [markdown] tags=["slide"]
# # 11 · Unit pitfalls
#
# **A colleague sends you 300 labelled molecules. The file does not say its units. Your training error looks
# wonderful. Is the model good, or are the energies in Hartree?**
#
# After this lesson you can
#
# 1. convert between the units of this field, and check a printed table of them,
# 2. tell from physics alone in which units labelled frames are, and repair them,
# 3. put a guard before training that refuses what looks wrong, and say where it is blind.
#
# - **You need** [lesson 05](05_workflow.ipynb): energies, forces, training.
# - **Time** under 4 minutes to run on two cores, about an hour to work through.
# - **Memory** under 1.5 GB; measured values stand in [the list of lessons](README.md).
# - **Data** ethanol and malonaldehyde, labelled for this course with PySCF at the level PBE/def2-SVP (CC0), and
#   copper that we make here with EMT, a fast approximate potential for metals.

# %%
import pandas as pd
import torch

from mlp_course.data import load_embedded

pd.options.display.float_format = "{:.5g}".format  # five digits that count
torch.set_num_threads(1)  # the systems are small, more threads gain nothing
frames = load_embedded("ethanol/500K")[:300]
first = frames[0]
print(
    f"energy {first.get_potential_energy():.2f}, largest force {abs(first.get_forces()).max():.2f}"
)

# %% [markdown] tags=["slide"]
# Two bare numbers. The first is in eV, the second in eV/Å, because this course says so; nothing in the file does.
#
# ## Two tables, checked
#
# [The chapter](00_start_here.ipynb#What-this-course-is) prints two tables of conversions, 16 entries for energies and 9 for forces. Such tables get copied
# into scripts. **Predict:** how many of the 25 entries are wrong in a digit that is printed: none, one, or five?

# %%
from mlp_course.validation import CHAPTER_ENERGIES, CHAPTER_FORCES, check_conversions

checked = pd.concat([check_conversions(CHAPTER_ENERGIES), check_conversions(CHAPTER_FORCES)])
print(f"{checked['right'].sum()} of {len(checked)} entries are right")
checked[~checked["right"]]

# %% [markdown]
# One. 1 kcal/(mol·Å) is 0.00084330 Hartree/Bohr; the chapter prints 0.00084340, ten units of its last digit, or
# 0.012 %. That harms nobody's forces. It shows how a digit gets lost, and that a table can testify against itself:

# %%
from mlp_course.validation import contradictions

contradictions(CHAPTER_FORCES)

# %% [markdown]
# The chapter's own 1 Hartree/Bohr = 1185.8 kcal/(mol·Å) gives back 0.00084331. So take conversions from one place
# (here `mlp_course.units.convert`, CODATA 2018) and never type them. Play: which error is larger, 43 meV or 1 kcal/mol?

# %%
from mlp_course.teaching import UnitConverter

UnitConverter(value=43.0, unit="meV")

# %% [markdown]
# 43 meV are 0.99 kcal/mol: "43 meV" and "1 kcal/mol", both called chemical accuracy, are the same goal. And 300 K are 25.85 meV, as the chapter says.
#
# ## Who writes what
#
# **Predict:** VASP, Quantum ESPRESSO, CP2K, ORCA, PySCF, xtb, TorchANI: which of these writes positions in one unit of length and forces per another?

# %%
from mlp_course.reference.program_units import program_units

program_units().loc[
    ["VASP", "Quantum ESPRESSO", "CP2K", "ORCA", "PySCF", "xtb, tblite", "TorchANI"]
]

# %% [markdown] tags=["slide"]
# CP2K and ORCA: positions in Å, forces per Bohr. TorchANI mixes by design. And several programs give the *gradient*,
# which is minus the force. There are enough ways to go wrong.
#
# ## What physics knows about units
#
# Four measurements need no second file. Numbers are taken as they stand.
#
# 1. **Distances.** The nearest neighbour of an atom is about one sum of covalent radii away: 1 in Å, 1.9 in Bohr.
# 2. **Work.** Energy differences are the work of the forces, here by the trapezoid rule,
#
#    $$E_j - E_i \approx -\tfrac12(\mathbf F_i+\mathbf F_j)\cdot(\mathbf q_j-\mathbf q_i).$$
#
#    (For $\mathbf q$ we take the distances between all atoms, which do not care how a molecule is turned.)
# 3. **Pull.** A stretched bond pulls with $-k\,(d - d_0)$, and $k$ is known within a factor of three or so.
# 4. **Totals.** The energy of all electrons of an atom follows from its charge to about 1 %.
#
# **Predict** what each panel shows for data that are in order.

# %%
from mlp_course.teaching import plot_unit_evidence

plot_unit_evidence(frames[:60], title="ethanol, as it should be")

# %% [markdown] tags=["slide"]
# Distances in the grey range; energy differences near the line against work (slope 0.84: the
# work is a rough sum between frames that lie far apart, and we look for factors of two to a thousand); bonds pull as expected, within a few tens of
# percent; totals at the mark *eV*. Each panel has its own blind spot, which is why there are four.
#
# ## Hartree: does the error get larger or smaller?
#
# The chapter warns that energies in Hartree, read as eV, are "27x overestimated". **Predict:** you train on such a
# set, all labels in Hartree. Is the error that training reports (a) 27 times larger, (b) the same, (c) 27 times smaller?

# %%
from mlp_course.data import plant_unit_faults
from mlp_course.models import build_model
from mlp_course.training import fit

in_hartree = plant_unit_faults(frames, ["energy: Hartree", "forces: Hartree/Å"])


def last_errors(frames, *, expects_units="eV, Å"):
    """Train a small SchNet on 80 frames; validation errors as they are printed."""
    torch.manual_seed(0)
    model = build_model("schnet", n_features=16)
    settings = dict(max_epochs=30, batch_size=5, normalise=True, progress=False)
    history = fit(model, frames[:80], frames[80:160], expects_units=expects_units, **settings)
    return history.iloc[-1][["validation_energy_mae", "validation_force_mae"]]


# %%
errors = pd.DataFrame({"eV": last_errors(frames)})
errors["Hartree, as printed"] = last_errors(in_hartree, expects_units=None)
errors["ratio"] = errors["eV"] / errors["Hartree, as printed"]
errors["Hartree, converted"] = errors["Hartree, as printed"] * 27.211386
errors.round(2)

# %% [markdown]
# (c). The printed energy error is 0.39 instead of 6.89, the force error 11 instead of 244, though the column says
# "meV/atom" and "meV/Å" in both cases. For the *same* model the factor is exactly 27.2, smaller, not larger. Here it
# is 18 and 22, because the network that learnt Hartrees, converted in the last column, is the *worse* one here (one seed).
# It looks 20 times better and is worse.
#
# So the chapter's second sentence ("MAE appears small") is right, its first is not: nothing is overestimated.
# **An error is no proof of units; it shrinks with them.**
#
# `expects_units=None` switched off a guard, of which more below. What do the four panels say?

# %%
energies_in_hartree = plant_unit_faults(frames[:60], "energy: Hartree")
plot_unit_evidence(energies_in_hartree, title="energies in Hartree, forces in eV/Å")

# %% [markdown]
# The cloud of energies is flat against the work, though the bonds pull as they should: so forces are right, energies too
# small. The total lies at the mark *Hartree*. `diagnose_units` weighs all combinations of units by such evidence:

# %%
from mlp_course.validation import diagnose_units

diagnosis = diagnose_units(energies_in_hartree)
print(diagnosis)
print(diagnosis.repair)
print("after repair:", diagnose_units(diagnosis.repaired(energies_in_hartree)))

# %% [markdown] tags=["slide"]
# Named, repaired, and measured again. The confidence is a probability under the assumption that one set in a hundred
# has any one of these faults.
#
# ## Forces in kcal/mol/Å
#
# **Predict:** energies in Hartree made the cloud of energy against work flat, by 27. Forces in kcal/mol/Å make it
# flat by 23. How can you tell these two apart by eye?

# %%
in_kcal = plant_unit_faults(frames[:60], "forces: kcal/mol/Å")
print(diagnose_units(in_kcal))
plot_unit_evidence(in_kcal, title="forces in kcal/mol/Å")

# %% [markdown] tags=["slide"]
# By the third panel: bonds pull about twenty times more strongly than any bond can. Stiffness knows the unit of a
# force by itself.
#
# ## Gradients for forces
#
# **Predict** the two clouds if somebody forgot the minus sign.

# %%
gradients = plant_unit_faults(frames[:60], "forces: sign")
print(diagnose_units(gradients))
plot_unit_evidence(gradients, title="gradients taken for forces")

# %% [markdown]
# Both lie along the other diagonal: a stretched bond *pushes*. A molecule with these forces would fly apart in
# femtoseconds. Sizes, totals and distances are all in order, and no histogram of forces would show it.
#
# ## Positions in Bohr

# %%
in_bohr = plant_unit_faults(frames[:60], "positions: Bohr")
print(diagnose_units(in_bohr))
plot_unit_evidence(in_bohr, title="positions in Bohr, read as Å")

# %% [markdown]
# Now the first panel speaks: no bond is 1.9 times as long as its covalent radii. Work and pull shift by about two and
# totals not at all, which one might overlook. What does a molecule look like that is too large by 1.89?

# %%
from mlp_course.teaching import show_molecule

pair = [frames[0], in_bohr[0]]
show_molecule(pair, names=["in Å", "Bohr read as Å"])

# %% [markdown] tags=["slide"]
# It falls into atoms: a viewer draws bonds by distance, and a model with a cutoff sees its neighbours by distance, too.
# (The 3D view steps from one to the other with the same sticks for both, and draws none that either of them lacks:
# so there the first one is balls only. The picture draws each by its own distances.)
#
# ## The trap: everything wrong at once
#
# PySCF gives Hartree, Bohr and the gradient in Hartree/Bohr. **Predict:** copied as they are, with only the sign set
# right, do energy differences still match the work?

# %%
raw = plant_unit_faults(frames[:60], ["energy: Hartree", "forces: Hartree/Bohr", "positions: Bohr"])
print(diagnose_units(raw))
plot_unit_evidence(raw, title="straight out of PySCF")

# %% [markdown]
# They do: Hartree/Bohr times Bohr is Hartree. Every test of forces against finite differences of energies passes. Only
# distances, stiffness and totals, which know absolute sizes, tell. So a finite-difference test is no test of units.
#
# ## A crystal, and a coincidence
#
# Copper in a cell of 32 atoms, labelled by EMT, whose energies start near zero: totals tell nothing. Energies *per atom* are
# 32 times too small, energies in Hartree 27.2 times. **Predict:** can frames alone tell 32 from 27?

# %%
from ase.build import bulk

from mlp_course.reference import label_here

shaken = [bulk("Cu", cubic=True) * (2, 2, 2) for _ in range(12)]
for seed, atoms in enumerate(shaken):
    atoms.rattle(0.08, seed=seed)  # Å
copper = label_here(shaken, "emt")
for fault in ("energy: per atom", "energy: Hartree", "forces: eV/Bohr"):
    print(f"{fault:20s} -> {diagnose_units(plant_unit_faults(copper, fault))}")

# %% [markdown]
# They can. In a crystal we fit a simple potential to the *forces*; the energies that follow from it agree with the given
# ones to better than a percent, and a ratio of 32 is not one of 27.2. The same for eV/Bohr, a factor of only 1.89.
#
# ## Where it must say "cannot tell"
#
# **Predict:** one argon atom, one frame of copper, one relaxed ethanol, 300 warm ethanols: of which can the units not
# be told, in whole or in part?

# %%
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

atom = Atoms("Ar")
atom.calc = SinglePointCalculator(atom, energy=0.0, forces=[[0.0, 0.0, 0.0]])
print("one argon atom:      ", diagnose_units(atom))
print("one copper frame:    ", diagnose_units(copper[0]))
print("one relaxed ethanol: ", diagnose_units(load_embedded("ethanol/torsion")[0]))
print("300 warm ethanols:   ", diagnose_units(frames))

# %% [markdown]
# An atom has neither bonds nor differences. What one frame says depends on the frame: nothing about energies where
# totals have no known size (EMT), nothing about forces where no bond is stretched. A few dozen warm frames tell all.
#
# ## How often is it right?
#
# Ten faults, three sets of 12 frames. **Predict:** how many of the thirty are named? (The tests of the package do this with 200 copies.)

# %%
from mlp_course.data import UNIT_FAULTS

sets = {"ethanol": frames, "malonaldehyde": load_embedded("malonaldehyde/500K"), "copper": copper}
common = [f for f in UNIT_FAULTS if f.split(": ")[1] not in ("Rydberg", "nm")][:9]
common.append("forces: sign")
rows = {}
for fault in dict.fromkeys(common):
    named = {n: diagnose_units(plant_unit_faults(s[-12:], fault)) for n, s in sets.items()}
    rows[fault] = {name: str(found).split(" (")[0] for name, found in named.items()}
pd.DataFrame.from_dict(rows, orient="index")

# %% [markdown] tags=["slide"]
# 30 of 30. With 200 random copies of ten sets, 8 to 30 frames each, the tests of the package found 200 faults, and
# accused none of two dozen sets that are in order (references subtracted, cold, hot, at rest, one frame, xTB totals).
#
# ## The guard
#
# *Announced failure.* A set is often wrong in part: two people, two scripts, one folder. Three of 300 frames are in
# Hartree now. **Predict:** does the mean energy show it? Does a test that asks whether 99 % of the frames are in order?

# %%
mixed = list(frames)
for place in (7, 120, 250):
    mixed[place] = plant_unit_faults([frames[place]], "energy: Hartree")[0]
means = [pd.Series([a.get_potential_energy() for a in s]).mean() for s in (frames, mixed)]
print(f"mean energy: {means[0]:.0f} eV clean, {means[1]:.0f} mixed")
print(diagnose_units(mixed))

# %%
from mlp_course.data import SuspiciousUnits

model = build_model("schnet", n_features=16)
try:
    fit(model, mixed[:200], mixed[200:], max_epochs=1)
except SuspiciousUnits as refusal:
    print(refusal)

# %% [markdown]
# The mean moves by one percent, and 99 % of the frames *are* in order. The guard looks at each frame: its total against
# those of the same atoms, the pull of its bonds, its distances. `fit` and the loaders (`load_extxyz`, `load_rmd17`,
# `load_md17`) have it. It refuses; it never repairs in silence. **Predict:** of four faults in 1 to
# 50 % of the frames, which one does it miss?

# %%
import numpy as np

from mlp_course.data import suspicious_frames

rng, table = np.random.default_rng(0), {}
for fault in ("energy: Hartree", "forces: kcal/mol/Å", "forces: sign", "forces: eV/Bohr"):
    for share in (0.01, 0.05, 0.2, 0.5):
        wrong = set(rng.permutation(300)[: round(300 * share)].tolist())
        spoilt = [
            plant_unit_faults([a], fault)[0] if k in wrong else a for k, a in enumerate(frames)
        ]
        seen = {place for places in suspicious_frames(spoilt).values() for place in places}
        found, false = len(seen & wrong), len(seen - wrong)
        table.setdefault(fault, {})[f"{share:.0%}"] = f"{found} of {len(wrong)}, {false} false"
pd.DataFrame.from_dict(table, orient="index")

# %% [markdown]
# Wrong energies and forces 23 times too large are seen frame by frame, without one false alarm here. Of wrong signs in
# half of the frames two thirds are named, which is enough to refuse. Forces in eV/Bohr, half of what they should be, hide
# in the spread of one frame's bonds: the guard does not see them in a mixture, only where the whole set has them.

# %% [markdown]
# ## Your turn
#
# Five data sets. Look at the four panels, choose, and read what would have been seen. Ask of every round: which panel is
# off, and which is not?

# %%
from mlp_course.teaching import UnitGame

game = UnitGame({name: s[:40] for name, s in sets.items()}, n_rounds=5, seed=0)
game

# %% [markdown]
# <details><summary>Without a running notebook: the first round, solved</summary>
#
# The cloud of energy against work stands upright: energies too large, or forces too small. The bonds pull as they should,
# so forces are right. Too large by how much? The total lies at the mark *kcal/mol*: **energy: kcal/mol**.
# </details>
#
# ## Three questions
#
# **1. After a change of the reading script, the energy MAE falls from 5.4 to 0.2 meV/atom. What first?**
#
# (a) celebrate · (b) check the unit of the energies: 5.4 / 0.2 = 27 · (c) train longer
#
# <details><summary>Answer</summary>
#
# **(b).** 27 is Hartree in eV. (a) An error shrinks with its unit. (c) Longer training does not find a unit.
# </details>
#
# **2. Forces agree with finite differences of the energies to six digits. What does that prove about units?**
#
# (a) both are in eV and Å · (b) they belong together, whatever they are · (c) nothing at all
#
# <details><summary>Answer</summary>
#
# **(b).** Hartree, Hartree/Bohr and Bohr pass as well. (a) needs an absolute size: a bond length, a stiffness, a total
# energy. (c) A wrong sign or a single wrong unit would have failed.
# </details>
#
# **3. Energies per atom, by mistake. Which set cannot show it by the work of its forces?**
#
# (a) 200 frames of ethanol · (b) one frame each of 200 molecules · (c) 20 frames of a crystal
#
# <details><summary>Answer</summary>
#
# **(b).** Work needs two frames of the same atoms. (a) and (c) have plenty. For (b) totals may help, if it is known
# what kind of program made them.
# </details>

# %% [markdown] tags=["slide"]
# **Open challenge.** Spoil *two* things at once, chosen by chance from `UNIT_FAULTS`, 50 times. How often are both named?
# Which pairs hide each other, and which of the four panels would have to be sharper? Practice that marks itself: [exercises 11](../exercises/11_unit_pitfalls.ipynb).
#
# ## You can now
#
# check a table of units, read units off distances, work, stiffness and totals, repair a set and measure again, and
# keep suspicious data away from training.
#
# **What this does not prove.** Two small molecules and a metal, one level of theory, one fault at a time in most of
# it. The expected stiffness is a rule of thumb within a factor of three. Totals are known for programs that count all
# electrons, and roughly for two other kinds; pseudopotentials with other cores are not among them. The guard cannot see
# eV/Bohr in single frames, nor energies with subtracted references in a few frames of a molecule. A confidence is a
# probability given our guess of how rare faults are. The best guard is a file that states its units.
#
# Before: [10 Reproducibility and licences](10_reproducibility_and_licences.ipynb). Next: [12 Failure patterns](12_failure_patterns.ipynb).
