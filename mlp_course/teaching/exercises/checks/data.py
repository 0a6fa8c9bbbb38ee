"""Exercises 03: faulty labels, the memory of a run, an honest split, few frames for many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator
from numpy.typing import ArrayLike, NDArray

from mlp_course.data import autocorrelation, correlation_time, leakage, load_embedded
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

_GAP = 300.0  # fs, asked for between the parts of a split


@question(
    "q03_1",
    "Which labels are broken?",
    answers=("net_force", "outliers", "rejected"),
    points={"net force": 1, "robust outliers": 2, "rejected": 1},
    stronger={
        "net force": "Add the force vectors of all atoms first, take the length of the sum, divide "
        "by the number of atoms.",
        "robust outliers": "One enormous value spoils mean and standard deviation. Which middle "
        "and which spread does it leave alone?",
        "rejected": "Two laws, two lists of frames; a frame is out if it breaks one of them.",
    },
    section="03_training_data.ipynb#Quality-control",
)
def check_quality(
    net_force: Callable[[Atoms], float],
    outliers: Callable[[NDArray[np.float64]], Sequence[int]],
    rejected: Sequence[int],
) -> Iterator[Part]:
    """Mark two checks of labels, and the frames that they reject.

    Args:
        net_force: of a labelled frame: length of the sum of its forces an atom, in eV/Å.
        outliers: of energies in eV, shape (n,): places of those that cannot be of this molecule.
        rejected: frames of the exercise that one of the checks rejects.

    Yields:
        The parts of question ``q03_1``.

    Example:
        >>> check_quality(lambda atoms: 0.0, lambda energies: [], []).points
        0
    """
    forces = np.array([[0.3, 0.0, 0.0], [0.0, 0.4, 0.0]])
    frame = Atoms("H2", [[0, 0, 0], [0, 0, 1.0]])
    frame.calc = SinglePointCalculator(frame, energy=0.0, forces=forces)
    value = float(net_force(frame))
    hint = "Two forces of 0.3 and 0.4 eV/Å at a right angle must give 0.25 eV/Å an atom."
    if np.isclose(value, 0.35):
        hint = "You added lengths: then forces that cancel each other do not cancel."
    elif np.isclose(value, 0.5):
        hint = "That is the sum; divide by the number of atoms, so that large systems compare."
    yield Part("net force", np.isclose(value, 0.25), hint)

    energies = np.random.default_rng(2).normal(-4210.0, 0.15, 60)
    first = np.asarray(outliers(energies.copy()))
    clean = {int(n) for n in first}
    energies[[7, 31]] = energies[7] / 27.2114, energies[31] + 5.0
    found = {int(n) for n in outliers(energies)}
    hint = "In 60 energies there are two that do not belong: one in Hartree, one 5 eV too high."
    if first.dtype == bool:
        hint = "These are True and False; the places are asked for, such as [3, 12]."
    elif clean:
        hint = "Sixty good energies (spread 0.15 eV) are not all accepted: the limit is too tight."
    elif found == {7}:
        hint = "The energy in Hartree hides the other: it has inflated your measure of spread."
    yield Part("robust outliers", found == {7, 31} and not clean, hint)
    yield _judge_rejected({int(n) for n in rejected})


def _judge_rejected(rejected: set[int]) -> Part:
    """Compare with what the two laws say of the frames of the exercise."""
    from mlp_course.teaching import plant_faults

    _, planted = plant_faults(load_embedded("ethanol/500K")[:400:10])
    place = dict(zip(planted["fault"], planted["frame"], strict=True))
    broken = {place["energy in Hartree"], place["one force set to zero"]}
    hint = "Apply both functions to every frame, and collect the places."
    if not broken <= rejected:
        hint = "A frame that breaks one of the two laws is missing; see 0.005 eV/Å in the text."
    elif surplus := rejected - broken:
        hint = f"Frame {min(surplus)} breaks neither of the two laws."
    return Part("rejected", rejected == broken, hint)


@question(
    "q03_2",
    "Thin by the memory",
    answers=("my_autocorrelation", "memory_fs", "stride"),
    points={"autocorrelation": 2, "memory in fs": 1, "stride": 1},
    stronger={
        "autocorrelation": "Multiply deviations from the mean, average over the pairs that exist "
        "at this lag, divide by the same at lag 0.",
        "memory in fs": "`correlation_time` counts frames; the frames are 50 fs apart.",
        "stride": "The slowest thing that you care about decides, and 2τ is the rule.",
    },
    section="03_training_data.ipynb#Type-2-·-Dynamics",
)
def check_thinning(
    my_autocorrelation: Callable[[NDArray[np.float64]], ArrayLike],
    memory_fs: Mapping[str, float],
    stride: int,
) -> Iterator[Part]:
    """Mark an autocorrelation, two memories, and the frames kept.

    Args:
        my_autocorrelation: of a series, shape (n,): ρ of the lags 0 to 20, shape (21,).
        memory_fs: correlation times in fs, of ``"energy"`` and ``"torsion"``.
        stride: one frame in how many is kept.

    Yields:
        The parts of question ``q03_2``.

    Example:
        >>> check_thinning(lambda series: np.ones(21), {}, 1).points
        0
    """
    yield _judge_autocorrelation(my_autocorrelation)
    frames = load_embedded("ethanol/500K")
    torsion = np.cos(np.radians([atoms.get_dihedral(1, 0, 2, 8) for atoms in frames]))
    tau = {
        "energy": correlation_time([atoms.get_potential_energy() for atoms in frames]),
        "torsion": correlation_time(torsion),
    }
    given = {name: float(memory_fs.get(name, np.nan)) for name in tau}
    right = all(np.isclose(given[name], 50.0 * tau[name], rtol=0.1) for name in tau)
    hint = "Take `correlation_time` of both series, and the time between two frames."
    if all(np.isclose(given[name], tau[name], rtol=0.1) for name in tau):
        hint = "These are numbers of frames, not times."
    yield Part("memory in fs", right, hint)
    hint = "One in how many frames counts as new?"
    if stride == round(2 * tau["energy"]):
        hint = "After this many frames the energy is forgotten, but the torsion is not."
    elif stride == round(tau["torsion"]):
        hint = "After one τ a third of the memory is still there; the rule asks for more."
    yield Part("stride", abs(stride - 2 * tau["torsion"]) < 1.0, hint)


def _judge_autocorrelation(function: Callable) -> Part:
    """Whether it begins at 1, forgets the mean, and fades as it should."""
    noise = np.random.default_rng(1).normal(size=2000)
    series = np.convolve(noise, np.ones(5), mode="valid")  # remembers four steps
    ours = np.asarray(function(series), dtype=float)
    expected = autocorrelation(series)[:21]
    hint = "Compare with a series that you know: white noise has 1 at lag 0 and nearly 0 after it."
    if ours.shape != (21,):
        hint = f"Lags 0 to 20 are asked for, 21 numbers; yours has shape {ours.shape}."
        return Part("autocorrelation", False, hint)
    shifted = np.asarray(function(series + 1000.0), dtype=float)
    if not np.isclose(ours[0], 1.0):
        hint = "At lag 0 a series is equal to itself: ρ must be 1 there."
    elif not np.allclose(ours, shifted, atol=1e-3):
        hint = "Adding a constant to the series changes ρ: the mean was not taken off."
    right = np.allclose(ours, expected, atol=0.02) and np.allclose(ours, shifted, atol=1e-3)
    return Part("autocorrelation", right, hint)


@question(
    "q03_3",
    "A split that does not leak",
    answers=("my_split", "leak", "x", "limit"),
    points={"no frame twice": 1, "a gap in time": 2, "sizes": 1, "leak measured": 1},
    stronger={
        "no frame twice": "The places of training and test frames are two sets without a common "
        "element, both between 0 and n_frames - 1.",
        "a gap in time": "Cut the run into a first and a second piece, and drop the frames in "
        "between. How many frames are 300 fs?",
        "sizes": "Take the gap off first, then share what is left 80 to 20.",
        "leak measured": "`leakage` takes the features of both parts: `x[train]`, `x[test]`.",
    },
    section="03_training_data.ipynb#Splits,-and-a-meter-for-leakage",
)
def check_split(
    my_split: Callable[[int, float], tuple[Sequence[int], Sequence[int]]],
    leak: float,
    x: NDArray[np.float64],
    limit: float,
) -> Iterator[Part]:
    """Mark a split of one trajectory, and the leak that was measured with it.

    Args:
        my_split: function of the number of frames and the time between two of them in fs; it
            returns places of training and of test frames.
        leak: part of the test frames that leak, 0 to 1.
        x: features of the frames of the exercise, shape (n_frames, n_features), in Å.
        limit: distance in Å below which a test frame leaks.

    Yields:
        The parts of question ``q03_3``.

    Example:
        >>> halves = lambda n_frames, spacing: (range(n_frames // 2), range(n_frames // 2, n_frames))
        >>> check_split(halves, 0.5, np.arange(8.0)[:, None], 0.1).points
        1
    """  # noqa: E501
    split_up, gap, sizes, hint = True, True, True, "300 fs of frames must lie between the parts."
    for n_frames, spacing in ((400, 20.0), (1000, 5.0), (200, 50.0)):
        train, test = (np.asarray(list(part), dtype=int) for part in my_split(n_frames, spacing))
        both = np.concatenate([train, test])
        split_up &= len(set(both.tolist())) == len(both) and 0 <= both.min() <= both.max()
        split_up &= bool(both.max() < n_frames)
        nearest = np.abs(train[:, None] - test[None]).min() * spacing  # fs
        gap &= bool(nearest >= _GAP)
        if nearest <= spacing and np.abs(np.diff(np.sort(test))).max() > 1:
            hint = "Test frames have training frames on both sides: drawn at random, they leak."
        usable = n_frames - _GAP / spacing
        share = len(test) / max(len(both), 1)
        sizes &= abs(share - 0.2) < 0.03 and len(both) > 0.9 * usable
    yield Part("no frame twice", split_up, "A frame is in both parts, or does not exist.")
    yield Part("a gap in time", gap, hint)
    text = "Of the frames outside the gap, 80 % are for training and 20 % for the test, all used."
    yield Part("sizes", sizes, text)
    train, test = my_split(len(x), 20.0)
    measured = leakage(x[list(train)], x[list(test)], closer_than=limit)
    hint = "Measure the leak of your own split, with the features and the limit of the exercise."
    if np.isclose(float(leak), 100 * measured) and measured > 0:
        hint = "A part of one is asked for, not per cent."
    yield Part("leak measured", np.isclose(float(leak), measured, atol=1e-6), hint)
