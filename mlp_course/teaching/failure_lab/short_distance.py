"""Failure: no two atoms ever came close in the data, so the model invents an attraction."""

from functools import cache

import numpy as np
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT

from mlp_course.models import MLPCalculator, Potential
from mlp_course.reference import label_here
from mlp_course.simulation import AtomsFlewApart, run_langevin
from mlp_course.teaching.failure_lab.materials import trained_schnet
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.validation.force_field_checks import pair_scan, repulsive_wall

_HOT = 2000.0  # K
# The guard of units takes the huge forces of pressed frames for a wrong unit; they are in eV/Å.
_SETTINGS = dict(max_epochs=15, batch_size=4, expects_units=None)


@cache
def _crystal() -> tuple[Atoms, ...]:
    """Copper at 300 K by EMT, 32 atoms, a frame every 50 fs."""
    atoms = bulk("Cu", cubic=True, a=3.62).repeat(2)
    atoms.calc = EMT()
    options = dict(timestep=5.0, friction=0.02, interval=10, progress=False)
    run = run_langevin(atoms, steps=450, temperature=300.0, **options)
    return tuple(label_here(run.frames[5:], EMT()))


def _pressed() -> list[Atoms]:
    """Twelve frames in which one atom was pushed to 1.3 to 2.3 Å from its neighbour."""
    rng = np.random.default_rng(0)
    frames = []
    for frame in _crystal()[:12]:
        moved = frame.copy()
        pair = nearest_pair(moved, int(rng.integers(len(moved))))
        moved.set_distance(*pair, rng.uniform(1.3, 2.3), fix=0, mic=True)
        frames.append(moved)
    return label_here(frames, EMT())


def nearest_pair(atoms: Atoms, centre: int) -> tuple[int, int]:
    """An atom and the one nearest to it."""
    away = atoms.get_distances(centre, range(len(atoms)), mic=True)
    away[centre] = np.inf
    return centre, int(away.argmin())


def _hot_run(model: Potential, start: Atoms) -> str:
    """Two picoseconds at 2000 K, and what became of them."""
    moving = Atoms(start.numbers, start.positions, cell=start.cell, pbc=True)
    moving.calc = MLPCalculator(model)
    options = dict(timestep=4.0, friction=0.02, seed=1, progress=False)
    try:
        run_langevin(moving, steps=500, temperature=_HOT, **options)
    except AtomsFlewApart as stop:
        return f"at 2000 K stopped after {stop.time / 1000:.2f} ps: {stop.reason}"
    return "at 2000 K ran its 2 ps"


def experiment(cured: bool) -> Outcome:
    """Train SchNet on 40 frames of copper, push two atoms together, then heat."""
    frames = _crystal()
    train = [*frames[:28], *_pressed()] if cured else list(frames[:40])
    model = trained_schnet(train, frames[40:], cutoff=4.0, **_SETTINGS)
    pair = nearest_pair(frames[0], 0)
    d, found = pair_scan(model, frames[0], pair)
    _, truth = pair_scan(EMT(), frames[0], pair)
    name = "28 frames at 300 K, 12 pressed" if cured else "40 frames at 300 K"
    at = int(np.argmin(np.abs(d - 1.6)))
    return Outcome(
        abs(found[at] - truth[at]),
        repulsive_wall(model, frames[0], pair),
        {"EMT": (d, truth), name: (d, found)},
        _hot_run(model, frames[0]),
    )


FAILURE = Failure(
    key="hole",
    name="a hole at short distance",
    group="physics",
    symptom="A hot run ends with two atoms on top of each other.",
    cause="No close pairs in the data: below the shortest distance seen, anything goes.",
    test="Push two atoms together and see how high the energy climbs before it falls.",
    catcher="mlp_course.validation.repulsive_wall",
    cure="Add a dozen frames with one pressed pair (or a fixed repulsion below the model).",
    quantity="error of the energy at 1.6 Å",
    unit="eV",
    x="distance of two copper atoms / Å",
    y="energy / eV",
    experiment=experiment,
)
