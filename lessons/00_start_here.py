# %% [markdown] tags=["slide"]
# # 00 · Start here
#
# **Quantum chemistry needs seconds to say what one molecule's energy is. Can a small neural network
# say it in a millisecond, and how would you find out whether to believe it?**
#
# After this lesson you can
#
# 1. open, run and question a lesson of this course,
# 2. turn a molecule in 3D and read what a potential says about it,
# 3. judge a prediction against a label, without being fooled by a number that only looks small.
#
# - **You need** a little Python. No machine learning, no quantum chemistry.
# - **Time** under a minute to run, about 15 minutes to read.
# - **Memory** under 1 GB; measured values stand in [the list of lessons](README.md).
# - **Data** ethanol, with energies and forces computed for this course (CC0) at the level *PBE/def2-SVP*:
#   PBE is a widely used approximation of quantum chemistry, def2-SVP the set of functions that it works with.

# %% [markdown]
# ## What this course is
#
# A *machine-learning potential* learns the energy of atoms from quantum-chemistry examples, and then
# gives energies and forces fast enough to let the atoms move. The course shows all of it with real
# data: where the examples come from, how a network reads a molecule, how it is trained, how it is
# tested, and how it breaks. It follows the outline of *MLP Fundamentals: Concepts, Methods, Ecosystem*
# (MI Knowledge Hub Content Team, 2025, CC BY-NC-SA 4.0), called *the chapter* in all lessons; text, code
# and figures are our own.
#
# | lesson | question | run time |
# |---|---|---|
# | **00 Start here** | can I believe one prediction? | < 1 min |
# | **[01 What is it?](01_what_is_an_mlp.ipynb)** | what makes a function of positions a machine-learning potential? | < 3 min |
# | **[02 Fifteen terms](02_glossary.ipynb)** | which words do I need, and what does each look like? | < 3 min |
# | **[03 Training data](03_training_data.ipynb)** | which configurations deserve a label? | < 4 min |
# | **[04 Ecosystem](04_ecosystem.ipynb)** | which programs make data, train, simulate, analyse, and what gets lost between them? | < 4 min |
# | **[05 Workflow](05_workflow.ipynb)** | which five steps lead from a molecule to a simulation? | < 3 min |
# | **[06 Descriptors](06_descriptors.ipynb)** | what may a model see of a molecule, and what does it miss? | < 4 min |
# | **[07 Architectures](07_architectures.ipynb)** | which of eight ways to build a potential would you take? | < 4 min |
# | **[08 Active learning](08_active_learning.ipynb)** | does a potential know what it does not know, and does it pay to ask? | < 4 min |
# | **[09 Training on MD17](09_training_on_md17.ipynb)** | how good does a network get on real data, and what decides it? | < 4 min |
# | **[10 Reproducibility](10_reproducibility_and_licences.ipynb)** | may I use these data, and will the same numbers come out again? | < 4 min |
# | **[11 Unit pitfalls](11_unit_pitfalls.ipynb)** | in which units are these numbers, and how would you notice? | < 4 min |
# | **[12 Failure patterns](12_failure_patterns.ipynb)** | what goes wrong in practice, and which test would have caught it? | < 4 min |
# | **[13 The checklist](13_checklist.ipynb)** | would I let this potential into a paper? | < 2 min |
# | **[14 The chapter, checked](14_the_chapter_checked.ipynb)** | how much of the chapter behind this course is true? | < 2 min |
#
# In the lessons a technical term is a link: rest on it with the mouse, and its sentence appears. Each of the lessons 01
# to 12 has a book of [exercises](../exercises/README.md) that mark themselves.
#
# ## Your progress
#
# What you have solved so far is kept in one file, `progress.json`, in the folder of the course. On Binder that folder
# dies with the session: take the file along with *Download*, and bring it back next time.

# %%
from mlp_course.teaching import show_progress

show_progress()

# %% [markdown]
# ## How to work with a lesson
#
# - **Predict first.** Where it says **Predict**, choose an answer before you run the next cell. A wrong
#   guess teaches most, but only if you made it.
# - **Run** a cell with Shift+Enter. **Change** a number in it and run it again.
# - When things get confused: *Kernel → Restart Kernel and Run All Cells*. Every lesson survives that.
# - Sliders need a running notebook. In a stored page a picture stands in their place; on the course's website,
#   molecules turn all the same.
# - Something is wrong? Run `mlp-course doctor` in a terminal: it says what to do. Mistakes in the course
#   itself belong into the issues of its repository; `CONTRIBUTING.md` says how.
#
# ## A molecule to turn
#
# Energies are in electronvolt (eV), lengths in ångström (1 Å = 10⁻¹⁰ m), forces in eV/Å.

# %%
from mlp_course.data import load_embedded
from mlp_course.teaching import show_molecule

frames = load_embedded("ethanol/500K")  # configurations of a molecule that moves at 500 K
molecule = frames[0]
show_molecule(molecule)

# %% [markdown]
# Drag it. Carbon is grey, oxygen red (orange in the printed picture), hydrogen white. In this *frame*
# the molecule is hot: bonds and angles are not at rest. Each frame has two *labels*, the answers of quantum chemistry: one
# energy, and one force for each atom.

# %% tags=["nbval-check-output"]
print(len(frames), "frames of", molecule.get_chemical_formula())
print("positions", molecule.positions.shape, "forces", molecule.get_forces().shape)

# %% [markdown]
# ## A first prediction
#
# Some networks come with the course, already trained: `schnet` and `painn` are two ways to build one
# (lesson 07). You will train your own in lessons 05 and 09.

# %%
from mlp_course.models import list_shipped, load_shipped

print(list_shipped())
model = load_shipped("ethanol_schnet")
model.provenance

# %% [markdown] tags=["slide"]
# The *provenance* says what the network has learnt from: frames of rMD17, a public data set. Ours come from
# another trajectory, made with the fast method GFN2-xTB and labelled with PBE afterwards: the network
# has seen none of them. A prediction without provenance is a rumour.
#
# The network is a function $E(\mathbf R)$ of the positions $\mathbf R$, and the forces are its slope,
# $\mathbf F = -\partial E/\partial\mathbf R$. `predict` returns both.
#
# **Predict:** the label of this frame is about −4,200 eV. How far off will the network be?
# (a) by some 40 eV, 1 %; (b) by some 0.4 eV; (c) by less than 0.1 eV.

# %%
from mlp_course.validation import predict

energies, forces = predict(model, [molecule])
label = molecule.get_potential_energy()
print(f"network {energies[0]:.3f} eV, PBE {label:.3f} eV")
print(f"difference {1000 * (energies[0] - label):.1f} meV")
print(f"relative   {100 * abs(energies[0] / label - 1):.5f} %")

# %% [markdown] tags=["slide"]
# ## A number that is too good
#
# Answer (c), some meV. *Announced failure.* A tiny fraction of a percent: it is tempting to stop here and call the network
# excellent. Test that claim with an opponent that knows nothing: it answers every question with the
# same number, the mean of all energies.
#
# **Predict:** the relative error of this know-nothing is (a) about 50 %, (b) about 1 %, (c) below 0.01 %.

# %%
import numpy as np

labels = np.array([atoms.get_potential_energy() for atoms in frames])
know_nothing = np.abs(labels - labels.mean()).mean()  # eV
print(f"mean error {1000 * know_nothing:.0f} meV")
print(f"relative   {100 * know_nothing / abs(labels.mean()):.5f} %")

# %% [markdown] tags=["slide"]
# Answer (c). Nearly all of the 4,200 eV is already there in the separate atoms (the bonds add some tens of eV),
# the same in every frame. A percentage of it says nothing. What counts is the error **compared with how much the energy
# changes**, in meV, and over many frames. That is the repair, the *mean absolute error* (MAE) over $N$ frames:
#
# $$\mathrm{MAE} = \frac{1}{N} \sum_{n=1}^{N} \left| \hat E_n - E_n \right| ,$$
#
# where the hat marks a prediction.

# %%
from mlp_course.teaching import plot_bars

energies, forces = predict(model, frames)
error = np.abs(energies - labels)  # eV, one number a frame
sem = error.std() / np.sqrt(len(error))  # standard error of the mean
print(f"network {1000 * error.mean():.1f} ± {1000 * sem:.1f} meV")
bars = {"SchNet": 1000 * error.mean(), "know-nothing": 1000 * know_nothing}
plot_bars(bars, quantity="energy MAE / meV")

# %% [markdown]
# *This* is the comparison that counts: both answers had a fine percentage, and one of them is thirty times
# better. (The network's 4 meV are for a molecule of nine atoms; often one quotes a ninth of it, 0.4 meV/atom.)
# A picture shows more than one number. Perfect predictions lie on the line:

# %%
from mlp_course.teaching import plot_parity
from mlp_course.validation import evaluate

report = evaluate(model, frames)
plot_parity({"SchNet": report})

# %% [markdown] tags=["slide"]
# Left, the know-nothing would be a flat row of points. Right, the forces: nine atoms with three
# components in every frame, so forces carry 27 times as many numbers as energies. (The force error is lower
# than the one in the provenance: the test frames of rMD17 reach higher energies than ours.)
#
# ## Turn the OH group
#
# The frames above resemble what the network learnt from. A chemist asks something else: what does it
# cost to turn the OH group about the C–O bond? The set `ethanol/torsion` has PBE labels for 13 angles.
# No network was trained on them.
#
# **Predict:** which shape has the curve from 0° (OH and CH₃ on the same side) to 180° (opposite)?
# (a) It falls steadily. (b) It has a barrier in between. (c) It is flat.

# %%
scan = load_embedded("ethanol/torsion")
angles = [round(atoms.info["angle_deg"]) for atoms in scan]
pbe = np.array([atoms.get_potential_energy() for atoms in scan])
network, _ = predict(model, scan)
curves = {"PBE": 1000 * (pbe - pbe[-1]), "SchNet": 1000 * (network - network[-1])}

# %% [markdown] tags=["slide"]
# Move the slider. **At which angle are the two furthest apart, and would that matter at 300 K**, where
# the thermal energy $k_B T$ is 26 meV?

# %%
from ipywidgets import IntSlider, interact

from mlp_course.teaching import plot_scan


@interact(angle=IntSlider(60, min=0, max=180, step=15, description="C-C-O-H / °"))
def turn(angle):
    axes = {"x": "C-C-O-H angle / °", "y": "energy above 180° / meV"}
    return plot_scan(scan, angles, curves, at=angles.index(angle), **axes)


# %% [markdown]
# Answer (b): two valleys, *gauche* near 60° and *anti* at 180°, a barrier near 105° between them, and the
# top at 0°. The whole curve spans 88 meV, two hundred-thousandths of the total energy. This is
# the scale on which conformations are decided, and on which a potential has to be right.

# %%
worst = int(np.abs(curves["SchNet"] - curves["PBE"]).argmax())
gap = curves["SchNet"][worst] - curves["PBE"][worst]
print(f"furthest apart at {angles[worst]}°: {gap:+.1f} meV")

# %% [markdown] tags=["slide"]
# Two meV are a tenth of $k_BT$ at 300 K: they change how often each shape occurs by a tenth. For most
# questions that is enough; for a free energy to 1 meV it is not.
#
# ## Let it move
#
# A force for each atom is enough to let the molecule move by Newton's law. `MLPCalculator` makes the
# network a calculator of [ASE](https://ase-lib.org), the library for atoms in Python. Half a
# picosecond ($5\cdot10^{-13}$ s) takes 1,000 evaluations. `run_nve` moves the atoms without a heat bath, so
# that the number of atoms N, the volume V and the energy E stay constant.
#
# **Predict:** how long does that take: (a) a second or a few, (b) a minute, (c) an hour?

# %%
import time

from mlp_course.models import MLPCalculator
from mlp_course.simulation import run_nve

molecule = molecule.copy()
molecule.calc = MLPCalculator(model)
started = time.perf_counter()
run = run_nve(molecule, steps=1000, timestep=0.5, temperature=500, progress=False)
print(f"{time.perf_counter() - started:.1f} s for 1,000 steps")

# %%
show_molecule(run.frames, align=True)

# %% [markdown]
# Press play. Answer (a): not one millisecond a step, as we had hoped, but two or so on an idle core, ten on
# a busy one. PBE took 6 to 29 s a label when our six sets of ethanol were made (the mean of each set): two hours
# at least for 1,000 steps. A motion that looks right is not yet a proof, though. Lesson 05 shows
# what is.

# %% [markdown] tags=["slide"]
# ## Three questions
#
# **1. A colleague reports "energies with 0.0001 % error" for ethanol. What do you ask for?**
#
# (a) more digits · (b) the error in meV beside the spread of the energies · (c) a bigger network
#
# <details><summary>Answer</summary>
#
# **(b).** The percentage refers to a huge constant. (a) More digits of a meaningless ratio stay
# meaningless. (c) You do not know yet whether the network is bad.
# </details>
#
# **2. What does the torsion curve tell that the parity plot does not?**
#
# (a) whether one chosen energy difference is right · (b) the mean error, more precisely · (c) whether rotations confuse the network
#
# <details><summary>Answer</summary>
#
# **(a).** A mean over random frames can be small while the difference you need is wrong; here it is right
# to a few meV. (b) Thirteen points give a poor mean. (c) Turning the *whole* molecule changes nothing for
# this network; turning one group changes distances, which it sees.
# </details>
#
# **3. Where do the forces of the network come from?**
#
# (a) a second network · (b) they are looked up among the labels · (c) they are the negative slope of its energy
#
# <details><summary>Answer</summary>
#
# **(c).** (a) Two separate networks could contradict each other, and energy would not be conserved.
# (b) The labels are used in training only; while it moves, the molecule is where no label is.
# </details>
#
# **Open challenge.** Turn the OH group by an angle that is not a multiple of 15°, for example with
# `atoms.set_dihedral(1, 0, 2, 8, 37, indices=[8])`, and draw the network's curve in steps of 1°. Is it
# smooth between the labelled angles? And if you know the method: relax all other coordinates at each angle
# (`ase.constraints.FixInternals`) and see how much of the barrier was the rigidity of the scan. Practice that marks itself
# begins with lesson 01: [all books](../exercises/README.md).
#
# ## You can now
#
# run a lesson, turn a molecule, get energies and forces from a trained potential, and compare an error
# with the scale of the question instead of with a total energy.
#
# **What this does not prove.** One molecule, near the temperature of the training data: nothing here
# says how the network behaves at 1000 K, for a broken bond or for another molecule. The torsion is a
# *rigid* scan of an xTB geometry in a small basis; in a real ethanol the rest relaxes, the barrier is lower,
# and *gauche* and *anti* are much closer to each other than in this curve. PBE itself is an
# approximation: being close to PBE is not the same as being close to nature.
#
# Next: [01 What is a machine-learning potential](01_what_is_an_mlp.ipynb).
