# %% [markdown]
# # Exercises 05 · The five steps
#
# They belong to [lesson 05](../notebooks/05_workflow.ipynb). Write your answers into the cells with `...`, run them, and
# let `grader.check` mark them, as often as you like: your best points count.

# %%
import numpy as np

from mlp_course.data import load_embedded
from mlp_course.models import load_shipped
from mlp_course.teaching import self_assess, start_exercises
from mlp_course.validation import evaluate

grader = start_exercises("05_workflow")
model = load_shipped("ethanol_schnet")  # trained on rMD17, sampled at 500 K

# %% [raw]
# # BEGIN QUESTION
# name: q05_1

# %% [markdown]
# ## 5.1 Three errors by hand
#
# Write the three measures that everybody quotes:
#
# - `energy_mae(labels, predicted, n_atoms)`: energies in eV, one a frame, and the number of atoms of each frame; mean
#   absolute error in **meV/atom**;
# - `force_rmse(labels, predicted)`: forces in eV/Å, shape (n_atoms, 3); root mean square error in **meV/Å**, per component;
# - `r_squared(labels, predicted)`: the coefficient of determination, $1 - \sum (y - \hat y)^2 / \sum (y - \bar y)^2$.

# %% [raw]
# # BEGIN SOLUTION


# %%
def energy_mae(labels, predicted, n_atoms):
    # BEGIN SOLUTION
    return 1000 * np.mean(np.abs((predicted - labels) / n_atoms))
    # END SOLUTION


# %%
def force_rmse(labels, predicted):
    # BEGIN SOLUTION
    return 1000 * np.sqrt(np.mean((predicted - labels) ** 2))
    # END SOLUTION


# %%
def r_squared(labels, predicted):
    # BEGIN SOLUTION
    return 1 - np.sum((labels - predicted) ** 2) / np.sum((labels - labels.mean()) ** 2)
    # END SOLUTION


# %% [markdown]
# On random labels all three are compared with the numbers of `evaluate`. R² compares with the spread of the labels: the
# same errors give a worse R² on a set with a narrow spread, so it says nothing across data sets.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# The reports of the shipped SchNet on four sets of ethanol. Written down **before** looking: energy MAE below 5 meV/atom,
# force MAE below 100 meV/Å, force R² above 0.99, on every set.

# %%
sets = {f"{T} K": load_embedded(f"ethanol/{T}K")[:60] for T in (300, 500, 1000)}
sets["rattled"] = load_embedded("ethanol/rattled")[:60]  # every atom moved by 0.1 Å at random
reports = {name: evaluate(model, frames) for name, frames in sets.items()}
for name, report in reports.items():
    print(
        f"{name:8} energy MAE {report.energy_mae:7.2f} meV/atom, "
        f"force MAE {report.force_mae:7.1f} meV/Å, force R² {report.force_r2:.4f}"
    )

# %% [raw]
# # BEGIN QUESTION
# name: q05_2

# %% [markdown]
# ## 5.2 What was demanded
#
# - `missed(report)`: a list of the demands that a report misses: `"energy MAE"`, `"force MAE"`, `"force R²"`; empty if all
#   are met. A number that could not be measured (NaN) meets nothing.
# - `good_sets`: the names of the sets above that meet everything.
# - `repair`: what you would change, one of `"more frames at 500 K"`, `"train longer"`, `"mend the code"`,
#   `"frames of the bad kind"`.

# %% [raw]
# # BEGIN SOLUTION


# %%
def missed(report):
    # BEGIN SOLUTION
    names = []
    if not report.energy_mae < 5:
        names.append("energy MAE")
    if not report.force_mae < 100:
        names.append("force MAE")
    if not report.force_r2 > 0.99:
        names.append("force R²")
    return names
    # END SOLUTION


# %%
good_sets = [name for name, report in reports.items() if not missed(report)]  # SOLUTION
repair = "frames of the bad kind"  # SOLUTION
good_sets

# %% [markdown]
# `not (x < limit)` and `x >= limit` differ for one value only, NaN, and that is the one that hurts. The rattled frames are
# no hotter than 1000 K; they squeeze and stretch stiff bonds together as thermal motion hardly ever does.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# A small SchNet was trained sixteen times on the same 100 frames, with $w_F = 1$ and energy weights from 10⁻⁴ to 10³. The
# errors on validation frames are stored; they can be measured again by `scan_loss_weights()`, in some minutes.

# %%
from mlp_course.teaching import plot_lines
from mlp_course.teaching.exercises.loss_weight_scan import load_loss_weight_scan

scan = load_loss_weight_scan()
print(scan.attrs["script"], scan.attrs["date"], scan.attrs["seconds"], "s,", scan.attrs["what"])
decades = np.log10(scan["energy_weight"])
curves = {"validation": (decades, scan["energy_mae"]), "limit": (decades, 5.0 + 0 * decades)}
plot_lines(curves, x="log₁₀ of the energy weight $w_E$", y="energy MAE / (meV/atom)", log="y")

# %%
curves = {"validation": (decades, scan["force_mae"]), "limit": (decades, 130.0 + 0 * decades)}
plot_lines(curves, x="log₁₀ of the energy weight $w_E$", y="force MAE / (meV/Å)", log="y")

# %% [raw]
# # BEGIN QUESTION
# name: q05_3

# %% [markdown]
# ## 5.3 A loss weight from two plots
#
# - `larger_term`: at $w_E = w_F = 1$, is the term of the `"energy"` or of the `"forces"` the larger one for a model that
#   knows nothing? Answer for `"total energies"` and for `"references removed"`; `loss_shares` weighs the labels of
#   `train` below.
# - `w_E_equal`: the $w_E$ that makes both terms equal (references removed, $w_F = 1$).
# - `w_E`: a weight that you choose from the two plots, so that the energy MAE is below 5 meV/atom **and** the force MAE
#   below 130 meV/Å.

# %% [raw]
# # BEGIN SOLUTION

# %%
# BEGIN SOLUTION NO PROMPT
from mlp_course.training import loss_shares

train = load_embedded("ethanol/500K")[:400:4]
one_to_one = dict(energy_weight=1.0, force_weight=1.0)
totals = loss_shares(train, **one_to_one, remove_references=False)
rest = loss_shares(train, **one_to_one)
larger = {
    name: "forces" if shares.force_share > 0.5 else "energy"
    for name, shares in {"total energies": totals, "references removed": rest}.items()
}
# END SOLUTION
larger_term = larger  # SOLUTION
w_E_equal = rest.force / rest.energy  # SOLUTION
w_E = 0.01  # SOLUTION
larger_term, w_E_equal

# %% [markdown]
# The weight that balances the terms at the start is not the best one: energies and forces are two views of one surface,
# and 27 forces a frame teach more than one energy. A weight is judged on validation frames, and never on the test set.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ---
# All of it in one call: the acceptance report of the shipped SchNet, with a small effort.

# %%
from mlp_course.teaching import plot_acceptance
from mlp_course.validation import Effort, accept

small = Effort(frames_per_set=20, n_runs=1, run_time=0.1, nve_time=0.2, time_reference=False)
verdict = accept(model, effort=small)
record = verdict.to_dict()
plot_acceptance(verdict)

# %%
verdict.table(everything=False).drop(columns="reason").round(3)

# %% [raw]
# # BEGIN QUESTION
# name: q05_4

# %% [markdown]
# ## 5.4 Decide from the acceptance report
#
# - `decide(record, needed)`: from `record["criteria"]`, a list of rows with `"name"` and `"verdict"` (`"pass"`, `"fail"`,
#   `"not applicable"`), and the names of the rows that your question needs. Return `"reject"` if any row failed;
#   `"measure more"` if a needed row is missing or was not judged; else `"accept"`.
# - `failed`: the names of the rows that failed in the report above.
# - `repair_of_report`: one of `"train longer on the same frames"`, `"loosen the limit"`, `"use it below 1000 K only"`,
#   `"label frames with displaced atoms and train again"`.
# - `watch_ns`: for how many ns must you watch without an accident, before you may say with 95 % confidence "less than one
#   accident in 10 ns"?

# %% [raw]
# # BEGIN SOLUTION


# %%
def decide(record, needed):
    # BEGIN SOLUTION
    verdicts = {row["name"]: row["verdict"] for row in record["criteria"]}
    if "fail" in verdicts.values():
        return "reject"
    if any(verdicts.get(name) != "pass" for name in needed):
        return "measure more"
    return "accept"
    # END SOLUTION


# %%
failed = [row["name"] for row in record["criteria"] if row["verdict"] == "fail"]  # SOLUTION
repair_of_report = "label frames with displaced atoms and train again"  # SOLUTION
watch_ns = 3 * 10  # SOLUTION
decide(record, ["force MAE", "energy drift (NVE)"]), failed

# %% [markdown]
# "Not applicable" is not "good". The run was too short to tell a drift here; whoever needs a drift has to measure longer,
# even if nothing had failed.

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [raw]
# # BEGIN QUESTION
# name: q05_5

# %% [markdown]
# ## 5.5 What a nanosecond costs
#
# - `wall_days(ns, timestep, seconds)`: days that a run of `ns` nanoseconds takes, with a time step in fs and measured seconds
#   for one step.
# - `seconds_allowed`: the chapter that we follow plans a *microsecond* in 3 days. With steps of 1 fs, how many seconds
#   may one step take?
# - `apart`: elsewhere it says that 1,000 atoms take 1 to 3 days for a *nanosecond*. By which factors do the two claims differ?
#   Give the smallest and the largest.

# %% [raw]
# # BEGIN SOLUTION


# %%
def wall_days(ns, timestep, seconds):
    # BEGIN SOLUTION
    steps = ns * 1e6 / timestep
    return steps * seconds / 86400
    # END SOLUTION


# %%
seconds_allowed = 3 * 86400 / 1e9  # SOLUTION
apart = (1000 * 1 / 3, 1000 * 3 / 3)  # SOLUTION
seconds_allowed, apart

# %% [markdown]
# A quarter of a millisecond for a step. Lesson 05 measures what one core does; the answer always is atoms · steps /
# throughput, and never "three days".

# %% [raw]
# # END SOLUTION

# %% [raw]
# # END QUESTION

# %% [markdown]
# ## Open question: would you run it?
#
# A colleague wants to study ethanol at 300 K for 10 ns with the potential of 5.4, because "300 K passed". Write five
# sentences: what speaks for it, what against it, and what has to be done before.

# %% [markdown]
# *Your answer:*

# %%
self_assess("r05_1")
