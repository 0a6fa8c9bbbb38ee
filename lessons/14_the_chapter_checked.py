# %% [markdown] tags=["slide"]
# # 14 · The chapter, checked
#
# **This course follows a chapter. How much of what it says is true, and how would you find out about any text that you learn
# from?**
#
# After this lesson you can
#
# 1. look up what was checked in the chapter, how, and with which verdict, and run every check again,
# 2. tell a number that is wrong from one that holds under a condition that nobody wrote down,
# 3. check a claim of your own: recompute it, measure it, or find who published it.
#
# - **You need** [lesson 05](05_workflow.ipynb); the others are linked where they matter.
# - **Time** under 2 minutes to run, 20 to 30 minutes to read.
# - **Memory** under 1.5 GB; measured values stand in [the list of lessons](README.md).
# - **Data** those of the course (CC0), its stored measurements with script and date, and literature with citations.
#
# [The chapter](00_start_here.ipynb#What-this-course-is) is a good map of the field, otherwise we would not follow it. Its claims are
# given in our words. What we could not find fault with is in the table as well as what we could.
#
# **Predict:** of 56 claims, how many hold as they stand? (a) nearly all, (b) about a quarter, (c) hardly any.

# %%
import torch
from mlp_course.teaching.chapter import ChapterTable, check_chapter, plot_verdicts

torch.set_num_threads(1)
table = check_chapter()  # computes them now, one PBE calculation included
plot_verdicts(table)

# %%
print(f"{(table['verdict'] == 'holds').mean():.0%} of {len(table)} hold as they stand")
table.groupby(["kind", "verdict"]).size().unstack(fill_value=0)

# %% [markdown] tags=["slide"]
# (b). Be careful with that number, and with the picture: claims came into the table because somebody doubted them, and nobody
# doubts what is obviously right. They say how *doubted* claims end. A long bar is a section that was looked at closely, not
# one that is worse than others. Five kinds of verdict:
#
# - **holds**, and **holds with a condition** that the text leaves out;
# - **wrong**;
# - **not seen here**: our measurement says otherwise, but does not cover all that may be meant;
# - **cannot be checked**, for want of a source.
#
# (Lesson [10](10_reproducibility_and_licences.ipynb) is stricter with the counts of OC20 and MD17: right for something else than
# the text says, which is *with a condition* here, *does not hold* there.)
#
# Choose a section or a verdict. **Predict:** which kind of claim is most often wrong: numbers, methods, or data sets?

# %%
ChapterTable(table)

# %% [markdown]
# Numbers. Of the fifteen claims that are wrong, eleven are recomputed on this page; most of them are sums, conversions and
# thresholds. Of the twelve that only the literature decides, four are wrong. About methods the text is rarely wrong and often
# untested: "not seen here".
#
# Five claims deserve a closer look, since each stands for a way to go wrong.
#
# ## 1 · A sum that nobody added up
#
# Problem 3 plans a project twice, without and with active learning, and says that both take about two weeks. Every step
# stands there with its days. **Predict:** without active learning the steps add up to (a) 11, (b) 14, (c) 25 days.

# %%
from mlp_course.active_learning.cost import Inputs
from mlp_course.teaching import Table, plot_gantt

plot_gantt(*Inputs().projects(), marks={"2 weeks": 14})

# %%
rows = ["wall-time-of-A-success", "wall-time-of-B", "less-wall-time", "labels-of-B"]
Table(table.loc[rows, ["claim", "found", "verdict"]])

# %% [markdown] tags=["slide"]
# (c): the last bar of plan A ends at day 25, that of plan B at the dotted line. Fourteen days of planning seem to have been left
# out of one sum and not of the other. So active learning saves *more* time than is claimed, 45 % instead of 20 %: an error can
# go against the author's own case. **The cheapest check there is: add up what is printed.**
#
# What the picture does not prove: that the days themselves are right. (Lesson [08](08_active_learning.ipynb) asks what that
# plan rests on.)
#
# ## 2 · A number that is true of something else
#
# "With weights of 1:1 the energy dominates the loss, since energies are so much larger than forces." True, for energies as
# they come out of a DFT program. `fit`, like other training codes, first takes off the energies of the separate atoms
# ([lesson 09](09_training_on_md17.ipynb)). **Predict:** after that, the share of the forces in the loss is (a) still below 1 %, (b) about half, (c) above 90 %.

# %%
from mlp_course.data import load_embedded
from mlp_course.teaching import plot_bars
from mlp_course.training import loss_shares

frames = load_embedded("ethanol/500K")[:100]
one_to_one = dict(energy_weight=1.0, force_weight=1.0)
share = {
    "total energies": loss_shares(frames, **one_to_one, remove_references=False).force_share,
    "references removed": loss_shares(frames, **one_to_one).force_share,
}
plot_bars({name: 100 * s for name, s in share.items()}, quantity="share of the forces / %")

# %% [markdown] tags=["slide"]
# (c): 98 %, and before that 10⁻⁵ %, a bar too short to be seen. The same sentence is right and wrong, one line of code apart,
# and that line is what the text leaves out. (A share says who owns the loss, not how good the training gets.) **Ask of each
# number: of what?** OC20's "1.3 million configurations" are relaxations (265 million configurations), the MD17 of the text is
# rMD17, the "88 %" saved has its own baseline.
#
# ## 3 · A threshold without a unit of time
#
# "Worry if the energy drifts by more than 0.001 eV a step", measured from the first and the last frame. We run copper without a
# thermostat and draw what the rule allows. **Predict:** the true drift is below the allowed one by a factor of
# (a) 3, (b) 30, (c) some hundreds or more.

# %%
from mlp_course.simulation import energy_drift
from mlp_course.teaching import plot_lines
from mlp_course.teaching.chapter.practice import copper_run

run = copper_run()
time = run.log["time"].to_numpy() / 1000  # ps
energy = 1000 * (run.log["total_energy"] - run.log["total_energy"].mean()) / run.n_atoms
allowed = 1000 * 0.001 / 5e-3 / run.n_atoms  # meV/atom/ps, at 5 fs a step
drift = energy_drift(run)
lines = {"total energy": (time, energy), "what the rule allows": (time, allowed * (time - 0.5))}
print(f"allowed: {allowed:.1f} meV/atom/ps; found: {drift}")
plot_lines(lines, x="time / ps", y="energy − mean / (meV/atom)", markers=False)

# %% [markdown] tags=["slide"]
# (c): the slope is below 0.02 meV/atom/ps and cannot be told from zero; the rule allows 6.2. The two end points say 0.1, which is
# noise: another run gives another number. A drift is a *slope*, fitted, with its error, in meV per atom and picosecond (lesson
# [12](12_failure_patterns.ipynb), where the same rule misses a drift). A flat line here shows that EMT's forces belong to its
# energy, not that they are those of copper. **A threshold needs all its units: per atom? per step, or per time?**
#
# ## 4 · A recipe that answers with its own settings
#
# "Take the third peak of a histogram of distances as the cutoff." We run it on one frame of copper, with bins of two widths. A
# property of copper cannot depend on them. **Predict:** the two cutoffs differ by (a) less than a bin, (b) about half an Å,
# (c) more than 1 Å.

# %%
import numpy as np
from mlp_course.analysis import radial_distribution
from mlp_course.teaching import plot_panels
from mlp_course.teaching.failure_lab.cutoff_choice import chapter_estimate, copper_frames

frame = copper_frames()[-1]
panels = {}
for bins in (100, 400):
    counts, edges = np.histogram(frame.get_all_distances(mic=True), bins, range=(0, 12))
    found = chapter_estimate(frame, bins)  # Å
    panels[f"{bins} bins: {found:.1f} Å"] = {
        "one frame": (edges[:-1], counts),
        "the recipe's cutoff": ([found, found], [0, counts.max()]),
    }
panels["a proper g(r)"] = {"mean": radial_distribution(list(copper_frames()), 5.4, n_bins=80)}
plot_panels(panels, x="r / Å", y=("pairs / 1", "", "g(r) / 1"))

# %% [markdown] tags=["slide"]
# (b): 5.0 Å with 100 bins, 4.5 Å with 400 (three more systems in lesson [12](12_failure_patterns.ipynb)). Three reasons stand in the
# picture. The first bin holds every atom's distance to itself. The curve rises with $r^2$ until the cell ends. And the third
# peak above a height is whichever tooth of the ragged curve comes third. The proper $g(r)$ on the right has clear shells, and
# still does not *say* a cutoff: how many of them a model needs is decided by forces. **Change what should not matter, and look
# whether it matters.**
#
# ## 5 · A saving over nobody
#
# "Active learning needs three to five times less data." Than what? We gave the same budget to three strategies
# (lesson [08](08_active_learning.ipynb)): *active* labels where the models disagree, *random* labels any frames of the same
# exploration, *at once* plans well beforehand. **Predict:** against which of the two does *active* save labels?

# %%
from mlp_course.active_learning import load_measurement
from mlp_course.teaching import plot_labels_needed

measurement = load_measurement()
print(table.loc["savings", "found"])
plot_labels_needed(measurement.labels_needed("ethanol", 75.0))

# %% [markdown] tags=["slide"]
# Against the plan, a seventh of the labels (a fifth for malonaldehyde); against *random*, nothing, for the points overlap. So
# "three to five times" was **not seen here**, and that is all we may say. For a rare reaction in a large system it may be three
# to five times, or thirty; against a rival who draws frames of one cold run, too. **A saving names its rival, or it says
# nothing.**
#
# ## Do not believe our verdicts either
#
# They are computed, so you can change an input and watch the verdict turn. **Predict:** of the nine entries of the chapter's
# table of force units, how many are wrong? We correct what is:

# %%
import pandas as pd

from mlp_course.validation import CHAPTER_FORCES, check_conversions

pd.options.display.float_format = "{:.5g}".format  # five digits that count
printed = check_conversions(CHAPTER_FORCES)
corrected = CHAPTER_FORCES | {"kcal/mol/Å": ("0.043364", "1.0", "0.00084330")}
print("as printed: ", printed["right"].sum(), "of", len(printed), "right")
print("corrected:  ", check_conversions(corrected)["right"].sum(), "of", len(printed), "right")
printed[~printed["right"]][["from", "to", "printed", "exact", "error / %"]]

# %% [markdown]
# One, in its fourth digit. What a check rests on stands in the last column of the big table: a function to read, a stored
# measurement with its script, or a citation. Literature rows are the weakest: we typed those numbers in, too.

# %% [markdown]
# ## Three questions
#
# **1. "88 % of the cost is saved." What do you need to check it?**
#
# (a) the two totals that it compares · (b) the paper's impact factor · (c) a second opinion
#
# <details><summary>Answer</summary>
#
# **(a).** Both of them: 88 % here is against an expected total, 87 % two lines below against another. (b) says who printed it, not
# whether it adds up. (c) A second person without the totals knows as little.
# </details>
#
# **2. Your measurement does not find what a text claims. What may you say?**
#
# (a) it is wrong · (b) not seen here, under these conditions · (c) nothing
#
# <details><summary>Answer</summary>
#
# **(b).** It becomes (a) only if your conditions are those of the claim, or if the claim contradicts itself. (c) What you measured,
# and how, is worth saying.
# </details>
#
# **3. Which claims can be checked without a computer?**
#
# (a) none · (b) sums, units and ratios of its own numbers · (c) all
#
# <details><summary>Answer</summary>
#
# **(b).** Many of the faults in the table were found by adding, dividing and reading twice. (a) forgets pencil and paper. (c) What
# a model does, only a model shows.
# </details>
#
# **Open challenge.** Take a paper on a machine-learning potential that you like. Write five of its claims as `Claim`s, with a check each,
# and a verdict that a changed number would turn. One of the checks shall be a sum.
#
# This lesson has no exercise book of its own. Practice that marks itself: [the exercises of all lessons](../exercises/README.md), and
# [the checklist](13_checklist.ipynb) to see where you stand.

# %% [markdown] tags=["slide"]
# ## You can now
#
# check a text before you build on it: add up its sums, ask of what each number speaks, look for missing units, change what should
# not matter, and name the rival of each saving.
#
# **What this does not prove.** The claims were chosen by doubt, so the share that holds says nothing about the chapter as a whole.
# "Not seen here" means small molecules, minutes of training, one core. Data sets and databases grow: numbers from the literature
# are those of the year cited. And some of our own sentences will be wrong; the repository has a place to say so.
#
# Before: [13 The checklist](13_checklist.ipynb). Back to the start: [00 Start here](00_start_here.ipynb).
