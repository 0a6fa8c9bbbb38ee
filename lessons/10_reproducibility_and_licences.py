# %% [markdown] tags=["slide"]
# # 10 · Reproducibility and licences
#
# **A referee asks for your training data and for your numbers once more. Can you give them?** May you, and do
# the same numbers come out?
#
# After this lesson you can
#
# 1. read and write the *passport* of a data set, and say what its licence lets you do,
# 2. record a calculation, an environment and a trained model so that a stranger can repeat them,
# 3. say what "reproducible" means in your case: to the last bit, to the last digit, or within the error bar.
#
# - **You need** [lesson 09](09_training_on_md17.ipynb): data, training, errors.
# - **Time** under 4 minutes to run on two cores, about an hour to work through. Sections 1 and 2 need no
#   programming.
# - **Memory** under 1.5 GB; measured values stand in [the list of lessons](README.md).
# - **Data** ethanol, labelled for this course with PySCF at the level PBE/def2-SVP (CC0).

# %%
from textwrap import shorten

import torch
from mlp_course.data.passports import chapter_entries, load_passport, passport_table
from mlp_course.teaching import Table

torch.set_num_threads(1)  # section 6 changes it on purpose

# %% [markdown] tags=["slide"]
# ## 1 · A passport for every data set
#
# What must you know about data before you train on them? Seven things: the **licence** (what you may do with
# them), the **level of theory**, the **units**, the **version**, a **checksum** (a number made from all bytes of a
# file; another file, another number), the **citation**, the **size**. And the **faults** that others have found.
# Each answer says what it rests on: a *file in hand*, the *publisher*, or *second hand*, somebody who passes the
# data on. Where nobody answers, the passport says `unknown`, and where we looked.
#
# **Predict:** eleven passports, seven questions each. To how many of the 77 is the answer unknown: none, 5, or more than 10?

# %%
table = passport_table()
table[["licence", "level_of_theory", "checksum"]].map(shorten, width=50, placeholder=" …")

# %%
unknown = {name: load_passport(name).unknown() for name in table.index}
print(sum(map(len, unknown.values())), "of", 7 * len(table), "answers are unknown")
for name, fields in unknown.items():
    if fields:
        print(f"{name}: {', '.join(fields)}")

# %% [markdown]
# Checksums are what is missing most: for ANI-1x, QM9, the Materials Project and others we found no published one, or could not read it.
# So nobody can say whether two groups trained on the same bytes. For the three sets that this course uses,
# the checksums are known, and one call compares them:

# %%
from mlp_course.data.passports import check_files

for name in ("embedded_ethanol", "embedded_malonaldehyde", "rmd17"):
    print(name, check_files(name)["state"].value_counts().to_dict())

# %% [markdown]
# ("not here": lessons download only what they need of rMD17's 100 files.)
#
# ### The chapter's table, checked
#
# [The chapter](00_start_here.ipynb#What-this-course-is) prints a table of five data sets with 11 statements that can be checked.
# **Predict:** how many of the eleven hold?

# %%
entries = chapter_entries()
print(entries["verdict"].value_counts().to_dict())
Table(entries[entries["verdict"] != "holds"].drop(columns=["sources", "basis"]))

# %%
from mlp_course.teaching.reproducibility import plot_counts

plot_counts()

# %% [markdown] tags=["slide"]
# Four do not hold, and only four hold without a word more.
#
# - **OC20** has 1.3 million *relaxations*; each is a chain of some 200 single points, and a potential learns from those.
# - **Materials Project**: materials were mistaken for frames. What has 1.5 million is MPtrj, the *steps* of its
#   relaxations.
# - **MD17** has up to 993,237 frames a molecule. "100k each" and "CC0" describe **rMD17**, another set with other labels.
# - **ANI-1x** is density functional theory. Coupled cluster is its tenth part, ANI-1ccx, and has no forces.
#
# The last is the worst: a count is a matter of care, a level of theory decides what your model learns.
# And two are *not confirmed*: MD17's and ANI-1x's licence. That is not the same as wrong. The sources of each row:

# %%
Table(entries[["data set", "field", "basis", "sources"]].iloc[:6])

# %% [markdown] tags=["slide"]
# ## 2 · May I?
#
# | licence | share | change | sell | name the authors |
# | --- | --- | --- | --- | --- |
# | CC0-1.0 | yes | yes | yes | not required (good practice all the same) |
# | MIT, CC-BY-4.0 | yes | yes | yes | yes |
# | CC-BY-NC-4.0 | yes | yes | **no** | yes |
# | CC-BY-SA-4.0 | yes | yes, under the same licence | yes | yes |
# | none stated | **ask** | **ask** | **ask** | - |
#
# No licence does not mean free: by default all rights stay with the author. A model trained on several sets has
# to keep *all* their terms, if a model is an adaptation of its data. Whether it is, is not settled law; we read it the
# careful way.
#
# **Predict:** you want to sell a potential. It was trained on (a) rMD17, (b) MD17, (c) all of the Materials
# Project, (d) rMD17 and GNoME (crystals found by a network, CC-BY-NC). Where is the answer yes, no, unknown?

# %%
from mlp_course.data.passports import licence_allows

for data in ("rmd17", "md17", "materials_project", ["rmd17", "gnome"]):
    print(licence_allows(data, "commercial"), end="\n\n")

# %% [markdown]
# The surprise is (c). The chapter says CC BY 4.0, commercial use allowed, and for most of the database that is
# right. But since GNoME's crystals are inside, part of it is for non-commercial use only: leave out that batch.
#
# **Play:** tick data sets and choose a use. Which *one* set, added to the others that may be sold, turns the
# answer into *no*, and which into *unknown*? Is there a pair that you may not even share?

# %%
from mlp_course.teaching.reproducibility import LicenceChooser

LicenceChooser(["rmd17", "oc20"], use="commercial")

# %% [markdown]
# GNoME and the Materials Project turn it into *no*, MD17 into *unknown*. No pair here forbids sharing a model, but a
# CC-BY-NC set makes it "for non-commercial use only". The chooser reads licences, it is no lawyer.
#
# ## 3 · The settings of a label
#
# "PBE" is not a level of theory; it is a family. To compute a label again, somebody needs the energy `cutoff` of the plane waves, the k-points,
# the smearing, the thresholds. The chapter shows such a record for VASP. Ours serves four programs (VASP,
# Quantum ESPRESSO, CP2K, GPAW), and it is *checked when read*:

# %%
from mlp_course.reference.settings import EXAMPLE, load_settings

record = load_settings(EXAMPLE)
print(record.functional, record.dispersion, record.cutoff, "eV,", record.k_points.mesh)
try:
    load_settings(EXAMPLE.replace("cutoff: 500 ", "cutof: 500 "))
except ValueError as error:
    print("refused:", error)

# %% [markdown]
# A program that does not check would have ignored the misspelt field in silence and used its default. **Predict:** which line that matters is
# missing in the chapter's record *and* in ours? (Think of what a plane-wave code does with the core electrons.)
#
# <details><summary>Answer</summary>
#
# The pseudopotentials, by name and version. Two PBE potentials of one element give total energies that differ by
# many eV. Our record leaves them to the program's input files, so keep those files too.
# </details>
#
# ## 4 · The environment
#
# The chapter recommends one version of each of five tools. **Predict:** can all five be installed into one environment?

# %%
from mlp_course.reproducibility import environment_lock, version_conflicts

Table(version_conflicts())

# %% [markdown]
# They cannot, by their own declarations: NequIP 0.5.6 wants torch below 1.13, the chapter's note at MACE wants 2.0
# (MACE 0.3.4 itself asks for 1.12 or newer only), and the two want different versions of e3nn, a library for rotations.
# So one environment for each, or other versions. What is installed *here*, what the chapter names, what this course was tested with:

# %%
environment_lock().head(8)

# %% [markdown]
# A *lock* writes everything down, all packages, not just those you thought of:

# %%
from pathlib import Path
from tempfile import TemporaryDirectory

from mlp_course.reproducibility import compare_lock, write_lock

folder = TemporaryDirectory()
lock = write_lock(Path(folder.name) / "lock.txt")
print(
    len(lock.read_text(encoding="utf-8").splitlines()) - 1,
    "packages;",
    len(compare_lock(lock)),
    "changed",
)

# %%
lines = lock.read_text(encoding="utf-8").splitlines()
old = ["ase==3.22.1" if line.startswith("ase==") else line for line in lines]  # the chapter's
lock.write_text("\n".join(old), encoding="utf-8")
compare_lock(lock)

# %% [markdown] tags=["slide"]
# ## 5 · A run to the last bit
#
# Now the hardest demand: train again, get *the same weights*, all bits of them. A record holds what decides
# them: frames (with a fingerprint), model and settings (with seeds), threads, machine, versions. Length by epochs, not by
# seconds: no clock runs twice the same.
#
# **Predict:** a computer adds $a + b$ the same way every time. Is a training run, millions of additions later, the same?

# %%
from mlp_course.reproducibility import record_training, rerun

plan = dict(data="ethanol/500K", train=(0, 50), validation=(50, 60), threads=1)
plan["model"] = {"name": "schnet", "n_features": 16, "seed": 0}
run, potential = record_training(**plan, training={"max_epochs": 40, "batch_size": 10, "seed": 0})
again = rerun(run)
print(f"SHA-256 {run.weights[:16]}… and {again.weights[:16]}…: identical {again.identical}")
print(f"force MAE {run.force_mae:.6f} and {again.force_mae:.6f} meV/Å")

# %% [markdown]
# Yes: on the same machine, with the same versions, same seeds. The record is a small text; this much of it is what papers leave out:

# %%
shown = run.model_dump(include={"data_digest", "threads", "machine", "versions", "weights"})
for field, answer in shown.items():
    print(f"{field}: {answer}")

# %% [markdown]
# ## 6 · What breaks it
#
# Change one thing at a time. **Predict the order**, from harmless to worst: (a) the atoms of each frame numbered
# differently (same physics!), (b) the frames in reverse order, (c) another seed of the first weights.

# %%
from mlp_course.reproducibility import what_breaks
from mlp_course.teaching.reproducibility import plot_divergence

drift = what_breaks(run, ("nothing", "atoms renumbered", "frames in reverse", "another seed"))
plot_divergence(drift)

# %%
drift.table.assign(largest=drift.table["largest"].map("{:.0e}".format)).round(2)

# %% [markdown] tags=["slide"]
# The curve of renumbered atoms is the lesson. The energy is a sum over atoms, and physics does not
# care about its order:
#
# $$E = \sum_i E_i, \qquad (a + b) + c = a + (b + c).$$
#
# Floating-point numbers do care, in the last of 24 bits:

# %%
a, b, c = (torch.tensor(x) for x in (1.0, 3e-8, 4e-8))  # float32
print("(a + b) + c - 1 =", ((a + b) + c - 1).item())
print("a + (b + c) - 1 =", (a + (b + c) - 1).item())

# %% [markdown]
# One bit, about $10^{-7}$, at the first step. Each step builds on the last, and the difference *grows*, by orders of
# magnitude, until the learning rate falls to zero and the run comes to rest.
# Reversed frames make other batches and start higher; another seed starts somewhere else altogether: the order was
# (a), (b), (c).
#
# Now look at the force MAE (in meV/Å). Bits differ, physics hardly does: the runs that differ by rounding agree in the
# error to a per cent or so. (Another seed announces nothing, as it is another record.) Bit-for-bit is a tool to find mistakes in a program; a *result* that holds only to the last bit is none.
#
# ### It goes wrong, announced
#
# And the number of threads? A short run with batches of 10, once more with two threads instead of one:

# %%
short = {"max_epochs": 5, "batch_size": 10, "seed": 0}
small_batches, _ = record_training(**plan, training=short)
again = rerun(small_batches, threads=2)
print("announced:", again.differences, "| identical:", again.identical)

# %% [markdown]
# Not a bit differs. Shall we write "the number of threads does not matter" into the methods section? **Predict**, then see
# the same with batches of 50:

# %%
from mlp_course.reproducibility import largest_difference

large_batches, trained = record_training(**plan, training=short | {"batch_size": 50})
again = rerun(large_batches, threads=2)
print("announced:", again.differences, "| identical:", again.identical)
print(f"largest difference of a weight: {largest_difference(trained, again.potential):.0e}")

# %% [markdown] tags=["slide"]
# Now threads matter: larger arrays are cut into pieces, one for each thread, and the pieces are summed in another order. The
# guarantee from one case did not hold in the next. The repair is a line in the record, `threads: 1`, and a check that *announces*
# what is not as recorded, whether it matters this time or not. (A GPU can add in an order that changes from run to run, unless told not to with
# `torch.use_deterministic_algorithms`; that we did not measure here.)
#
# ## 7 · The model card
#
# Somebody downloads your weights. What must they know? Take a model that this course itself ships. **Predict:** of ten
# questions, how many does its file answer?

# %%
from mlp_course.models import load_shipped
from mlp_course.reproducibility import model_card

model_card(load_shipped("ethanol_schnet"), passport="rmd17")

# %% [markdown]
# Six. Nobody wrote limits, versions and licence into the file (the licence stands in the repository, CC0, but a file travels
# alone), and the split only as words in the line of the data. The card does not guess, it says `unknown`, and with
# `strict=True` it refuses. Here is one that is complete, for the small potential of section 5:

# %%
from mlp_course.data import load_embedded
from mlp_course.models import save_model
from mlp_course.reproducibility import provenance_of
from mlp_course.validation import evaluate

report = evaluate(potential, load_embedded("ethanol/500K")[100:200])
answers = {
    "passport": "embedded_ethanol",
    "errors": {"force MAE / (meV/Å), frames 100 to 199": report.force_mae},
    "limits": "one molecule near 500 K; far too short a training to be used for anything",
    "licence": "CC0-1.0",
}

# %%
path = Path(folder.name) / "small.safetensors"
save_model(potential, path, provenance=provenance_of(run, **answers))
model_card(path, strict=True)

# %% [markdown]
# (Its force MAE of 191 meV/Å is over a hundred frames that decided nothing; the 187 of section 5 is over the ten
# validation frames.) The record travels inside the file. A stranger with the same machine and versions gets the weights back, bit for bit:

# %%
from mlp_course.models import load_model
from mlp_course.reproducibility import TrainingRecord, weights_digest

received = load_model(path)
recipe = TrainingRecord.model_validate(received.provenance["record"])
print("trained again from the file:", rerun(recipe).weights == weights_digest(received))

# %% [markdown] tags=["slide"]
# ## What to promise
#
# | level | what it needs | what it is good for |
# | --- | --- | --- |
# | to the last bit | record, lock, same machine, same threads | finding mistakes, resuming a run |
# | to the last printed digit | record, versions, data with checksum | checking a table |
# | within the error bar, other seeds, other machine | data, settings, several seeds | believing a claim |

# %% [markdown]
# ## Three questions
#
# **1. A data set has no licence anywhere. May you train a model on it and sell the model?**
#
# (a) yes, it is on the web · (b) yes, if you cite it · (c) nobody can say before the authors are asked
#
# <details><summary>Answer</summary>
#
# **(c).** No licence means that no right was given. (a) Readable is not free. (b) A citation is good practice, not a permission.
# </details>
#
# **2. Two runs with the same record and seed differ by 0.003 in a weight. The force MAE agrees to 0.2 %. What do you look for first?**
#
# (a) a mistake in the physics · (b) another order of additions: threads, batch, library version · (c) a broken disk
#
# <details><summary>Answer</summary>
#
# **(b).** Rounding grows with every step. (a) would have moved the error. (c) A checksum of the data rules it out.
# </details>
#
# **3. A paper says "trained on ANI-1x, so with CCSD(T) accuracy". What is wrong?**
#
# (a) nothing · (b) ANI-1x holds DFT labels; coupled cluster is ANI-1ccx · (c) CCSD(T) is less accurate than DFT
#
# <details><summary>Answer</summary>
#
# **(b).** ωB97X/6-31G(d). A model is at most as good as its labels. (c) For such molecules it is the other way round.
# </details>

# %% [markdown]
# **Open challenge.** Write the passport of a data set that you use yourself, as a YAML file like those in
# `mlp_course/data/passports/`. Which of the seven answers rests on a file in your hand? Write to the authors about one `unknown`.
#
# Practice that marks itself: [exercises 10](../exercises/10_reproducibility_and_licences.ipynb).

# %% [markdown] tags=["slide"]
# ## You can now
#
# give the referee the data (or say why you may not), the settings, the environment and the run, and say to which digit it will
# come out the same.
#
# **What this does not prove.** Passports age: each says when it was checked, and several answers are second hand, among them all of figshare's
# licences, whose pages we could not read ourselves. Reading a licence is not legal advice, and that a model inherits the terms of its data is a
# cautious reading, not settled law. Bit-for-bit was shown on one processor for a small network and a few hundred steps, not on a
# GPU and not across machines. And a run that repeats perfectly can be perfectly wrong.
#
# Before: [09 Training on real quantum-chemistry data](09_training_on_md17.ipynb). Next: [11 Unit pitfalls](11_unit_pitfalls.ipynb).
