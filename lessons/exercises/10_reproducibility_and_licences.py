# %% [markdown]
# # Exercises 10 · Reproducibility and licences
#
# They belong to [lesson 10](../notebooks/10_reproducibility_and_licences.ipynb). Write your answers into the cells with `...`,
# run them, and let `grader.check` mark them, as often as you like: your best points count.

# %%
import hashlib
from itertools import permutations

import numpy as np

from mlp_course.data.passports import FIELDS, TERMS
from mlp_course.reproducibility.model_card import SECTIONS
from mlp_course.teaching import self_assess, start_exercises

grader = start_exercises("10_reproducibility_and_licences")

# %% [raw]
# # BEGIN QUESTION
# name: q10_1

# %% [markdown]
# ## 10.1 Two checksums
#
# **a.** Write `fingerprint(data)`: the SHA-256 of some bytes, as 64 hexadecimal digits.
#
# **b.** Write `compare(published, here)`. `published` has the checksum of each file by its name (some tools write capitals), `here` the
# bytes of the files in your folder by their name. Return, for each published name, `"same"`, `"other"` or `"missing"`.

# %% [raw]
# # BEGIN SOLUTION


# %%
def fingerprint(data):
    # BEGIN SOLUTION
    return hashlib.sha256(data).hexdigest()
    # END SOLUTION


def compare(published, here):
    # BEGIN SOLUTION
    states = {}
    for name, checksum in published.items():
        if name not in here:
            states[name] = "missing"
        else:
            same = fingerprint(here[name]) == checksum.lower()
            states[name] = "same" if same else "other"
    return states
    # END SOLUTION


# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q10_2

# %% [markdown]
# ## 10.2 A passport
#
# A note lies beside a file (made up for this exercise):
#
# > *Water clusters, done with ORCA 5 at ωB97X/def2-TZVP. Energies as ORCA prints them, Hartree, but I had the forces in
# > kcal/(mol·Å) already, so they stay like that. Version 2.1: of the 1,200 frames the 12 whose SCF had not converged are
# > gone. Free for academic use. The paper is still being written.*
#
# Fill in the passport: `"licence"`, `"level_of_theory"`, `"units"`, `"version"`, `"checksum"`, `"citation"` as text, `"size"` as a
# number of frames. What cannot be known is `"unknown"`.

# %% [raw]
# # BEGIN SOLUTION

# %%
passport = {}
passport["licence"] = "unknown"  # SOLUTION
passport["level_of_theory"] = "ωB97X/def2-TZVP"  # SOLUTION
passport["units"] = "Hartree, kcal/(mol·Å)"  # SOLUTION
passport["version"] = "2.1"  # SOLUTION
passport["checksum"] = "unknown"  # SOLUTION
passport["citation"] = "unknown"  # SOLUTION
passport["size"] = 1188  # SOLUTION

# %% [markdown]
# "Free for academic use" is no licence: may you pass it on, may you change it, is a company's laboratory academic? Ask, and
# write down the answer. The unlike units go into the passport as they are; they are converted when the file is read.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %%
print({field: passport.get(field) for field in FIELDS})
print({name: (t.adapt, t.commercial, t.share_alike) for name, t in TERMS.items()})

# %% [raw]
# # BEGIN QUESTION
# name: q10_3

# %% [markdown]
# ## 10.3 May these be combined?
#
# **a.** A model was trained on several data sets, and is read as a changed version of all of them. You want to give it away, for
# nothing. Write `may_give_away(licences)` for a list of licences, names of `TERMS` or `"unknown"`. It returns
#
# - `"no"` if one of them forbids changed versions (`TERMS[name].adapt`), or if a share-alike one (`.share_alike`) stands beside another
#   licence that cannot agree to it: another share-alike one, or one that forbids sale (`.commercial`) where the share-alike
#   one allows it,
# - else `"unknown"` if one is unknown,
# - else `"yes"`.
#
# **b.** What does that say for rMD17; for rMD17 and MD17; for rMD17 and GNoME; for MD17 and GNoME? The licences stand
# in the lesson.

# %% [raw]
# # BEGIN SOLUTION


# %%
def may_give_away(licences):
    # BEGIN SOLUTION
    known = {name: TERMS[name] for name in licences if name != "unknown"}
    if not all(terms.adapt for terms in known.values()):
        return "no"
    for a, b in permutations(known, 2):
        stricter = known[a].commercial and not known[b].commercial
        if known[a].share_alike and (known[b].share_alike or stricter):
            return "no"
    return "unknown" if "unknown" in licences else "yes"
    # END SOLUTION


# %%
verdicts = {}
verdicts["rMD17"] = "yes"  # SOLUTION
verdicts["rMD17 and MD17"] = "unknown"  # SOLUTION
verdicts["rMD17 and GNoME"] = "yes"  # SOLUTION
verdicts["MD17 and GNoME"] = "unknown"  # SOLUTION

# %% [markdown]
# With GNoME (CC-BY-NC) inside you may pass the model on, with names and for non-commercial use only; you may not sell it.
# A reading aid, no legal advice. Whether a model is an adaptation of its data is not settled; the careful reading is yes.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q10_4

# %% [markdown]
# ## 10.4 What breaks the last bit
#
# **a.** Write `largest_spread(x, orders)`: add up the numbers `x` in float32, one after the other, in each of the given `orders`
# (each row is an order of places), and return the largest sum minus the smallest.
#
# **b.** A training run is repeated with one change. What comes out: `"same bits"`, `"rounding"` (the same but for rounding, which then
# grows), or `"another run"` (other random numbers or another number of steps from the start)? For each of `"nothing"`,
# `"another folder name"`, `"atoms renumbered"`, `"two threads, large batches"`, `"another seed"`, `"length by seconds"`.

# %% [raw]
# # BEGIN SOLUTION


# %%
def largest_spread(x, orders):
    # BEGIN SOLUTION
    sums = [np.cumsum(x[order].astype(np.float32))[-1] for order in orders]
    return float(max(sums)) - float(min(sums))
    # END SOLUTION


# %%
outcome = {}
outcome["nothing"] = "same bits"  # SOLUTION
outcome["another folder name"] = "same bits"  # SOLUTION
outcome["atoms renumbered"] = "rounding"  # SOLUTION
outcome["two threads, large batches"] = "rounding"  # SOLUTION
outcome["another seed"] = "another run"  # SOLUTION
outcome["length by seconds"] = "another run"  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# A model card, and the sections that every card must have:

# %%
from mlp_course.teaching.exercises.checks import example_card

card = example_card()
print(list(SECTIONS))
card

# %% [raw]
# # BEGIN QUESTION
# name: q10_5

# %% [markdown]
# ## 10.5 A card with holes
#
# **a.** Write `open_sections(card)`: the names of those `SECTIONS` that a card does not answer. Not there, `None`, empty (text or list),
# `"unknown"` and `"n/a"` in any capitals are no answers. The number 0 is one.
#
# **b.** `worst`: which sections of `card` are open?

# %% [raw]
# # BEGIN SOLUTION


# %%
def open_sections(card):
    # BEGIN SOLUTION
    nothing = {"", "none", "[]", "unknown", "n/a"}
    return [name for name in SECTIONS if str(card.get(name)).strip().lower() in nothing]
    # END SOLUTION


# %%
worst = open_sections(card)  # SOLUTION

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ## What do you promise? (open question)
#
# Write the paragraph on reproducibility for a paper of yours (real or planned): what can be repeated, by whom, how closely?
# Five to eight sentences. Then mark yourself by the rubric.

# %% [markdown]
# *Your answer:*

# %%
self_assess("r10_1")
