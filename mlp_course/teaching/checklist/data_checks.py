"""Items that data can tick: the settings record, plans, a split, cutoffs."""

import math

import numpy as np
from ase import Atoms

from mlp_course.analysis.cutoff_advice import cutoff_advice
from mlp_course.data import correlation_time, leakage, unrelated_distance
from mlp_course.descriptors import principal_components
from mlp_course.reference.codes import ETHANOL
from mlp_course.reference.settings import EXAMPLE, DFTSettings, load_settings
from mlp_course.sampling import composition
from mlp_course.sampling.composition import Composition
from mlp_course.sampling.origin import DATA_TYPES
from mlp_course.teaching.checklist.evidence import Evidence, Split
from mlp_course.teaching.checklist.verdict import Verdict, demand, every, not_shown, shown

LOWEST_CUTOFF = 400.0  # eV; a judgement: below, forces on C, N and O are seldom converged
COARSEST = 1e-4  # eV, electronic; a judgement
PLANNED = 5000  # configurations of the chapter's exercise
CHANCE = 0.05  # part of unrelated frames that "leak" by construction, see unrelated_distance
SHARES = {"train": (0.6, 0.9), "validation": (0.05, 0.25), "test": (0.05, 0.25)}
CUTOFF_TOLERANCE = 0.5  # Å; the middle of a shell is as far from its border


def settings_checked(evidence: Evidence) -> Verdict | None:
    """p01: a valid record of the learner's own, with a cutoff and a convergence that label."""
    if evidence.settings is None:
        return None
    try:
        record = load_settings(evidence.settings)
    except (ValueError, OSError) as error:
        return not_shown(f"the settings record is not valid: {str(error).splitlines()[0]}")
    if record in _course_records():
        return not_shown("this is a record that comes with the course: write one for your system")
    return every(
        [
            demand(record.cutoff, LOWEST_CUTOFF, "plane-wave cutoff", "eV", below=False),
            Verdict(
                record.convergence.electronic <= COARSEST,
                f"electronic step {record.convergence.electronic:g} eV (at most {COARSEST:g})",
            ),
        ]
    )


def balance_checked(evidence: Evidence) -> Verdict | None:
    """p02: the last plan gives no warning."""
    if not evidence.plans:
        return None
    return _judge_plan(evidence.plans[-1])


def copper_plan_checked(evidence: Evidence) -> Verdict | None:
    """p03: a plan of 5,000 configurations of all five types that gives no warning."""
    plans = [plan for plan in evidence.plans if plan.n_frames == PLANNED]
    if not plans:
        return None
    missing = [kind for kind in DATA_TYPES if plans[-1].share(kind) == 0]
    if missing:
        return not_shown(f"of five types of data, there is none of: {', '.join(missing)}")
    return _judge_plan(plans[-1])


def split_checked(evidence: Evidence) -> Verdict | None:
    """p07: three parts of sensible size, a gap that forgets, and a test set that does not leak."""
    split = evidence.split
    if split is None:
        return None
    parts = {name: getattr(split, name) for name in SHARES}
    if not all(map(len, parts.values())):
        return not_shown("a part of the split is empty")
    total = sum(map(len, parts.values()))
    for name, (least, most) in SHARES.items():
        share = 100 * len(parts[name]) / total
        if not 100 * least <= share <= 100 * most:
            allowed = f"{100 * least:g} to {100 * most:g} % demanded"
            return not_shown(f"{name} has {share:.0f} % of the frames ({allowed})")
    gap = gap_checked(split)
    if not gap.ticked:
        return gap
    words = f"leaking part of the {len(split.test)} test frames"
    limit = 100 * leak_limit(len(split.test))
    return demand(100 * split_leakage(split), round(limit, 1), words, "%")


def gap_checked(split: Split) -> Verdict:
    """The gap is twice the correlation time of the trajectory's largest motion, or more.

    With a shorter one frames next in time count as unrelated, and no split leaks.
    """
    n_frames = len(split.trajectory)
    if not isinstance(split.gap, int | np.integer) or not 1 <= split.gap < n_frames / 2:
        return not_shown(
            f"gap must be a whole number of frames, at least 1 and below half of the {n_frames} "
            f"of the trajectory; got {split.gap}"
        )
    try:
        motion, _ = principal_components(distances(split.trajectory), 1)
        memory = 2 * correlation_time(motion[:, 0])
    except ValueError as error:
        return not_shown(f"whether a gap of {split.gap} frames is enough, nobody can say: {error}")
    words = "gap, against twice the correlation time of the largest motion,"
    return demand(split.gap, math.ceil(memory), words, "frames", below=False)


def leak_limit(n_frames: int) -> float:
    """Largest part of so many unrelated test frames that leaks by chance, with some 98 %.

    The expected part, 5 %, and two standard deviations of a binomial distribution.

    Example:
        >>> leak_limit(100), leak_limit(10_000)
        (0.094, 0.054)
    """
    return CHANCE + 2 * math.sqrt(CHANCE * (1 - CHANCE) / n_frames)


def first_cutoff_checked(evidence: Evidence) -> Verdict | None:
    """p16: a cutoff read off g(r) agrees with the advice for the same frames."""
    if evidence.cutoff is None or not len(evidence.frames):
        return None
    try:
        advice = cutoff_advice(list(evidence.frames)).cutoff
    except ValueError as error:
        return not_shown(f"no advice for these frames: {error}")
    return near_advice("the cutoff read off g(r)", evidence.cutoff, advice, CUTOFF_TOLERANCE)


def near_advice(what: str, cutoff: float, advice: float, tolerance: float) -> Verdict:
    """Hold a cutoff against the advised one, in Å.

    Example:
        >>> near_advice("the cutoff", 5.0, 5.4, 0.5).reason
        'the cutoff is 5.0 Å, the advised one 5.4 Å (0.5 Å apart at most)'
    """
    words = (
        f"{what} is {cutoff:.1f} Å, the advised one {advice:.1f} Å ({tolerance:g} Å apart at most)"
    )
    return Verdict(abs(cutoff - advice) <= tolerance + 1e-9, words)


def split_leakage(split: Split) -> float:
    """Part of the test frames that are nearer to a training frame than chance brings them."""
    trajectory, train, test = (
        distances(frames) for frames in (split.trajectory, split.train, split.test)
    )
    near = unrelated_distance(trajectory, gap=split.gap)
    return leakage(train, test, closer_than=near)


def distances(frames: list[Atoms]) -> np.ndarray:
    """All distances between atoms of each frame in Å, shape (n_frames, n_pairs)."""
    pairs = np.triu_indices(len(frames[0]), k=1)
    return np.array([atoms.get_all_distances(mic=bool(atoms.pbc.any()))[pairs] for atoms in frames])


def _judge_plan(plan: Composition) -> Verdict:
    if any(plan.parts == known.parts for known in _course_plans()):
        return not_shown("this is a plan that comes with the course: make one of your own")
    warnings = plan.warnings()
    if warnings:
        return not_shown(f"{len(warnings)} warnings; {warnings[0]}")
    return shown(f"{plan.n_frames:,} configurations, no warning (0 allowed)")


def _course_plans() -> list[Composition]:
    return [plan for plan in vars(composition).values() if isinstance(plan, Composition)]


def _course_records() -> list[DFTSettings]:
    return [load_settings(text) for text in (EXAMPLE, ETHANOL)]
