"""Failure: a cutoff that stops at the first neighbours; and the chapter's recipe to choose one."""

from functools import cache

import numpy as np
import pandas as pd
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT
from scipy.signal import find_peaks

from mlp_course.analysis.cutoff_advice import CutoffAdvice, cutoff_advice
from mlp_course.data import load_embedded
from mlp_course.simulation import run_langevin
from mlp_course.teaching.failure_lab.boxes import methane_box, sodium_chloride
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.validation.finding import at_least

_TOO_SHORT = 3.0  # Å; the chapter's bad example for metals
_RADII = np.arange(2.75, 6.01, 0.25)  # Å


@cache
def copper_frames() -> tuple[Atoms, ...]:
    """Copper at 600 K by EMT, 108 atoms."""
    atoms = bulk("Cu", cubic=True, a=3.62).repeat(3)
    atoms.calc = EMT()
    options = dict(timestep=5.0, friction=0.02, interval=40, progress=False)
    return tuple(run_langevin(atoms, steps=160, temperature=600.0, **options).frames[1:])


def influence_beyond(atoms: Atoms, radius: float, *, centre: int = 0) -> float:
    """How much the force on an atom changes (meV/Å) if all atoms beyond a radius are shaken.

    They move by some 0.1 Å in each direction. What lies beyond the cutoff cannot be learnt: this is
    the error that no training removes.

    Args:
        atoms: copper, periodic.
        radius: in Å.
        centre: number of the atom.
    """
    force = labelled_force(atoms, centre)
    shaken = atoms.copy()
    away = shaken.get_distances(centre, range(len(atoms)), mic=True) > radius
    noise = np.random.default_rng(0).normal(scale=0.1, size=shaken.positions.shape)
    shaken.positions += noise * away[:, None]
    return float(1000 * np.linalg.norm(labelled_force(shaken, centre) - force))


def labelled_force(atoms: Atoms, centre: int) -> np.ndarray:
    """EMT force on one atom in eV/Å."""
    copy = atoms.copy()
    copy.calc = EMT()
    return copy.get_forces()[centre]


def chapter_estimate(atoms: Atoms, n_bins: int) -> float:
    """The chapter's recipe: third peak of a raw histogram of all distances, in Å.

    It counts the zeros of each atom with itself, does not divide by the volume of the shells and
    takes one frame: the answer is that of the bins. (Its missing import is supplied.)
    """
    counts, edges = np.histogram(
        atoms.get_all_distances(mic=bool(atoms.pbc.all())), n_bins, range=(0, 12)
    )
    peaks = find_peaks(counts, height=0.3 * counts.max())[0]
    return float(edges[peaks[2]]) if len(peaks) > 2 else float("nan")


def four_kinds() -> dict[str, list[Atoms]]:
    """Frames of a molecule, a box of molecules, a metal and a salt."""
    return {
        "ethanol, one molecule": load_embedded("ethanol/500K")[:10],
        "methane, a dense box": methane_box(),
        "copper, 600 K": list(copper_frames()),
        "sodium chloride, 0.15 Å of motion": sodium_chloride(),
    }


def cutoff_table() -> pd.DataFrame:
    """Four kinds of systems: the chapter's recipe with three bin widths, and ours."""
    rows = []
    for name, frames in four_kinds().items():
        recipe = [chapter_estimate(frames[-1], n) for n in (100, 200, 400)]
        advice: CutoffAdvice = cutoff_advice(frames)
        rows.append(
            {
                "system": name,
                "chapter's recipe, 100 / 200 / 400 bins / Å": " / ".join(
                    "none" if np.isnan(r) else f"{r:.1f}" for r in recipe
                ),
                "advice / Å": round(advice.cutoff, 1),
                "neighbours": round(advice.neighbours),
                "why": advice.reason,
            }
        )
    return pd.DataFrame(rows)


def experiment(cured: bool) -> Outcome:
    """Copper: what lies beyond 3 Å, and beyond the advised cutoff."""
    frames = list(copper_frames())
    advice = cutoff_advice(frames)
    cutoff = advice.cutoff if cured else _TOO_SHORT
    centres = range(0, 108, 18)

    def mean(radius: float) -> float:
        return float(np.mean([influence_beyond(frames[-1], radius, centre=c) for c in centres]))

    name = f"cutoff {cutoff:.1f} Å"
    number = mean(cutoff)
    curves = {} if cured else {"copper by EMT": (_RADII, [mean(r) for r in _RADII])}
    curves[name] = ([cutoff], [number])
    finding = at_least("cutoff", cutoff, advice.shells[1], "Å")
    return Outcome(number, finding, curves, str(advice))


FAILURE = Failure(
    key="cutoff",
    name="wrong cutoff",
    group="training",
    symptom="Errors stop falling early; more data and longer training change nothing.",
    cause="Atoms beyond the cutoff push and pull, and the model cannot see them.",
    test="Compare the cutoff with the end of the second shell of a proper g(r).",
    catcher="mlp_course.analysis.cutoff_advice",
    cure="Begin with whole shells of neighbours, then test a smaller and a larger cutoff.",
    quantity="change of the force by atoms that cannot be seen",
    unit="meV/Å",
    x="cutoff / Å",
    y="force from beyond / (meV/Å)",
    log="y",
    experiment=experiment,
    in_chapter=True,
)
