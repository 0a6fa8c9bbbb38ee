"""Claims about practice: splits, weights, cutoffs, drift, coverage, active learning, code."""

import functools
import importlib

import numpy as np
from ase.build import bulk
from ase.calculators.emt import EMT

from mlp_course.active_learning import load_measurement
from mlp_course.data import (
    blocked_split,
    leakage,
    load_embedded,
    random_split,
    unrelated_distance,
)
from mlp_course.simulation import (
    Trajectory,
    energy_drift,
    load_throughput,
    production_estimate,
    run_nve,
)
from mlp_course.teaching.chapter.claim import (
    CONDITION,
    HOLDS,
    RECOMPUTED,
    STORED,
    UNSEEN,
    WRONG,
    Claim,
    Outcome,
    choose,
)
from mlp_course.teaching.failure_lab.cutoff_choice import chapter_estimate, copper_frames
from mlp_course.training import loss_shares
from mlp_course.validation import load_type_matrix

_TARGETS = {"ethanol": 75.0, "malonaldehyde": 60.0}  # meV/Å, as in lesson 08


@functools.cache
def copper_run(seed: int = 0) -> Trajectory:
    """A picosecond of 32 copper atoms without a thermostat, EMT, a frame every 5 fs."""
    copper = bulk("Cu", cubic=True).repeat(2)
    copper.calc = EMT()
    options = dict(steps=200, timestep=5.0, temperature=300, interval=1, progress=False)
    return run_nve(copper, seed=seed, **options)


def check_random_split() -> Outcome:
    """Sections 2.5 and Problem 2: split 80/10/10 or 70/15/15, nothing said of how."""
    frames = copper_run().frames
    pairs = np.triu_indices(len(frames[0]), k=1)
    x = np.array([a.get_all_distances(mic=True)[pairs] for a in frames])  # (n_frames, n_pairs), Å
    limit = unrelated_distance(x, gap=60)
    random, blocked = (
        100 * leakage(parts[0], parts[-1], closer_than=limit)
        for parts in (random_split(x, (0.8, 0.2), seed=0), blocked_split(x, (0.8, 0.2), gap=60))
    )
    found = (
        f"frames of one run, 5 fs apart: {random:.0f} % of a random test set are nearly training "
        f"frames, {blocked:.0f} % after a split in blocks"
    )
    return Outcome(found, HOLDS if random < 20 else CONDITION)


def check_loss_weights() -> Outcome:
    """Section 2.11.2: with weights of 1:1 the energy term dominates."""
    frames = load_embedded("ethanol/500K")[:100]
    weights = dict(energy_weight=1.0, force_weight=1.0)
    raw, reduced = (
        100 * loss_shares(frames, **weights, remove_references=removed).force_share
        for removed in (False, True)
    )
    found = (
        f"share of the forces in the loss: {raw:.1g} % for total energies, {reduced:.0f} % once "
        "the atomic references are removed"
    )
    return Outcome(found, _of_two(raw < 50, reduced < 50))


def check_cutoff_recipe() -> Outcome:
    """Section 2.11.2: the third peak of a histogram of distances is the cutoff to take."""
    frame = copper_frames()[-1]
    answers = {bins: chapter_estimate(frame, bins) for bins in (100, 200, 400)}
    spread = np.ptp(list(answers.values()))
    found = "copper at 600 K: " + ", ".join(f"{a:.2f} Å ({n} bins)" for n, a in answers.items())
    found += ". It counts each atom's zero with itself, and `find_peaks` is not imported"
    return choose(found, holds=bool(spread < 0.1))


def check_end_points() -> Outcome:
    """Section 2.11.3: the drift is (last energy - first) / steps."""
    rows = []
    for seed in range(3):
        run = copper_run(seed)
        energy = 1000 * run.log["total_energy"].to_numpy() / run.n_atoms  # meV/atom
        picoseconds = (run.log["time"].iloc[-1] - run.log["time"].iloc[0]) / 1000
        drift = energy_drift(run)
        rows.append(((energy[-1] - energy[0]) / picoseconds, drift.slope))
    ends, slopes = np.abs(np.array(rows)).max(axis=0)
    found = (
        f"three runs of EMT copper, meV/atom/ps: two end points say up to {ends:.2g}, a fitted "
        f"slope up to {slopes:.2g}"
    )
    return Outcome(found, HOLDS if ends < 2 * slopes else WRONG)


def check_bias() -> Outcome:
    """Section 2.11.1: a data set of low energies alone fails on reaction paths."""
    matrix = load_type_matrix()
    table, nothing = matrix.table(), matrix.zero_forces()
    near, mixed = table.loc["equilibrium", "path"], table.loc["mixture", "path"]
    found = (
        f"copper, forces along the path: {near:.0f} meV/Å from frames near the minimum, "
        f"{mixed:.0f} from a mixture, {nothing['path']:.0f} for who says zero"
    )
    return choose(found, holds=bool(near > 2 * mixed), otherwise=UNSEEN)


def check_nanosecond() -> Outcome:
    """Section 2.5: 1,000 atoms for 1 ns take 1 to 3 days on a GPU."""
    table = production_estimate(load_throughput()[0])
    days = table[table["potential"].isin(["SchNet", "PaiNN", "SchNet (copper)"])]["days"]
    found = f"on one core, no GPU, {days.min():.1f} to {days.max():.0f} days: it is of that size"
    return Outcome(found, HOLDS if days.min() >= 1 and days.max() <= 3 else CONDITION)


def check_savings() -> Outcome:
    """Section 2.8: active learning makes data collection 3 to 5 times more efficient."""
    measurement = load_measurement()
    ratios = {name: measurement.savings(name, target) for name, target in _TARGETS.items()}
    found = "; ".join(f"{name}: {r:.2f} ± {e:.2f} times" for name, (r, e) in ratios.items())
    found += " fewer labels than a good plan made beforehand"
    return choose(found, holds=max(r for r, _ in ratios.values()) >= 3, otherwise=UNSEEN)


def check_cost_saving() -> Outcome:
    """Section 2.9: active learning reduces the cost of labels by 50 to 70 %."""
    measurement = load_measurement()
    saved = {n: 100 * (1 - 1 / measurement.savings(n, t)[0]) for n, t in _TARGETS.items()}
    found = "; ".join(f"{name}: {percent:.0f} %" for name, percent in saved.items())
    found += ". 3 to 5 times fewer labels, as said elsewhere, would be 67 to 80 %"
    return choose(found, holds=max(saved.values()) >= 50, otherwise=UNSEEN)


def check_add_sample() -> Outcome:
    """Section 2.11.4: SchNetPack's data sets have a method add_sample."""
    from mlp_course.models import schnetpack_compat  # noqa: F401 - cures the import of SchNetPack

    data = importlib.import_module("schnetpack.data")
    there = hasattr(data.ASEAtomsData, "add_sample")
    known = [name for name in ("add_system", "add_systems") if hasattr(data.ASEAtomsData, name)]
    return choose(f"ASEAtomsData has {', '.join(known)} instead", holds=there)


def _of_two(first: bool, second: bool) -> str:
    """Both: it holds; one: with a condition; none: wrong."""
    return {2: HOLDS, 1: CONDITION, 0: WRONG}[first + second]


_COMPUTED = (
    ("random-split", "2.5", "Split 80/10/10 (or 70/15/15) into training, validation and test",
     check_random_split, "03"),
    ("loss-weights", "2.11.2", "With weights of 1:1 energies dominate the loss",
     check_loss_weights, "12"),
    ("cutoff-recipe", "2.11.2", "The third peak of a histogram of distances gives the cutoff",
     check_cutoff_recipe, "12"),
    ("end-points", "2.11.3", "The drift is the last energy minus the first, by the steps",
     check_end_points, "12"),
    ("add-sample", "2.11.4", "SchNetPack's data sets are filled by add_sample", check_add_sample,
     "04"),
)  # fmt: skip
_STORED = (
    ("low-energy-bias", "2.11.1", "A data set of low energies fails along reactions", check_bias,
     "benchmarks/data_types.py, copper (EMT); load_type_matrix", "03"),
    ("nanosecond", "2.5", "1,000 atoms for 1 ns take 1 to 3 days on one GPU", check_nanosecond,
     "benchmarks/production.py, one thread; load_throughput", "05"),
    ("savings", "2.8", "Active learning needs 3 to 5 times less data", check_savings,
     "benchmarks/active_learning.py, five repeats, labels by xTB; load_measurement", "08"),
    ("cost-saving", "2.9", "Active learning saves 50 to 70 % of the labels", check_cost_saving,
     "benchmarks/active_learning.py, five repeats, labels by xTB; load_measurement", "08"),
)  # fmt: skip


def practice_claims() -> list[Claim]:
    """Claims of sections 2.5, 2.8 and 2.11."""
    computed = [Claim(n, s, says, RECOMPUTED, f, f.__name__, of) for n, s, says, f, of in _COMPUTED]
    return computed + [Claim(n, s, says, STORED, f, src, of) for n, s, says, f, src, of in _STORED]
