"""Does it pay to ask? Labels needed by active learning, a random choice, and all at once.

    python benchmarks/active_learning.py             # every cell that has no result yet
    python benchmarks/active_learning.py --only pbe  # cells with this word in their name
    python benchmarks/active_learning.py --table     # print what is there

A *cell* is a molecule, a reference method, a strategy and a repeat; it is one process with one
thread. All strategies begin with the same 20 frames of dynamics at 300 K and train the same model
(GAP: one linear system, so that nothing depends on how long a network is trained), an ensemble of
four whose members see 80 % of the frames each.

- active: explore until the ensemble disagrees; of the uncertain frames, those most unlike each
  other and the known are labelled, 20 a round. The loop stops by itself when next to nothing of
  what it visits is uncertain.
- random: the same exploration; any 20 of the frames visited are labelled.
- at_once: no exploration; frames of dynamics by the reference method, planned beforehand.

The test frames are hard on purpose and the same for all: ethanol at 1000 K; malonaldehyde held
along the transfer of its proton. Exploration does not know them. Sampled frames, and rounds of a
loop that was killed, lie in build/active_learning/. Delete a result to compute it again.
"""

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import ase.io
import numpy as np
import torch
from ase import Atoms
from race import provenance, write

from mlp_course.active_learning import LoopSettings, learn_actively, train_ensemble
from mlp_course.active_learning.measurement import MEASUREMENT_FOLDER, load_measurement
from mlp_course.analysis import DistanceDifference, Restrained
from mlp_course.data import load_embedded
from mlp_course.data.whole_files import write_whole
from mlp_course.models import build_model
from mlp_course.reference import label, label_here, reference_calculator
from mlp_course.sampling import sample_dynamics

WORK = Path(__file__).resolve().parents[1] / "build" / "active_learning"
N_INITIAL, N_VALIDATION, N_TEST, N_MEMBERS, FRACTION = 20, 10, 120, 4, 0.8
HYPER = dict(cutoff=4.0, n_max=6, l_max=4, n_sparse=200)
REPEATS = 5
N_POOL = 200  # planned frames of each temperature
ENOUGH = 0.05  # uncertain part of the frames visited at which the loop calls itself done
STRATEGIES = ("active", "random", "at_once")
#: What each molecule is explored and planned at, in K, and the labels of each way.
PLANS = {
    "ethanol": dict(explore=1000, planned=(300, 500, 1000)),
    "malonaldehyde": dict(explore=500, planned=(300, 500)),
}
MAX_LABELS = {"xtb": 160, "pbe": 100}
AT_ONCE = {"xtb": (20, 40, 80, 120, 160, 240, 320), "pbe": (20, 40, 60, 80, 100, 160, 240)}
#: The proton between the two oxygens of the embedded malonaldehyde, in Å.
TRANSFER = DistanceDifference((4, 7), (7, 3))
HELD_AT = np.linspace(-0.6, 0.6, 8)


@dataclass(frozen=True)
class Cell:
    """One run."""

    molecule: str
    reference: str
    strategy: str
    repeat: int

    @property
    def name(self) -> str:
        return f"{self.molecule}-{self.reference}-{self.strategy}-{self.repeat}"


CELLS = [
    *(Cell(m, "xtb", s, n) for n in range(REPEATS) for m in PLANS for s in STRATEGIES),
    *(Cell("ethanol", "pbe", s, 0) for s in STRATEGIES),
]


def molecule(name: str) -> Atoms:
    """A start configuration."""
    return load_embedded(f"{name}/500K")[0].copy()


def kept(name: str, make) -> list[Atoms]:
    """Frames from build/, made if they are not there."""
    path = WORK / "frames" / f"{name}.traj"
    if not path.exists():
        write_whole(path, lambda part: ase.io.write(part, make()))
    return ase.io.read(path, ":")


def sampled(name: str, temperature: float, **how) -> list[Atoms]:
    """Frames of GFN2-xTB dynamics, labelled by it."""
    xtb, how = (
        reference_calculator("xtb"),
        {"temperature": temperature, "equilibration": 500.0} | how,
    )
    return label_here(sample_dynamics(molecule(name), xtb, **how), xtb)


def initial_frames(cell: Cell) -> tuple[list[Atoms], list[Atoms]]:
    """What every strategy begins with, and what its training watches: dynamics at 300 K."""
    n_frames = N_INITIAL + N_VALIDATION
    if cell.reference == "pbe":
        frames = load_embedded(f"{cell.molecule}/300K")
        frames = [frames[n] for n in np.linspace(0, len(frames) - 1, n_frames).astype(int)]
    else:
        seed = 10 + cell.repeat
        name = f"{cell.molecule}-initial-{cell.repeat}"
        frames = kept(name, lambda: sampled(cell.molecule, 300, n_frames=n_frames, seed=seed))
    order = np.random.default_rng(cell.repeat).permutation(n_frames)
    frames = [frames[n] for n in order]
    return frames[:N_INITIAL], frames[N_INITIAL:]


def planned_frames(cell: Cell) -> list[Atoms]:
    """What is labelled at once: equal parts of each planned temperature, in random order."""
    temperatures = PLANS[cell.molecule]["planned"]
    each = -(-(AT_ONCE[cell.reference][-1] - N_INITIAL) // len(temperatures))
    rng, frames = np.random.default_rng(cell.repeat), []
    for temperature in temperatures:
        pool = planned_pool(cell, temperature)
        rows = rng.choice(len(pool), min(each, len(pool)), replace=False)
        frames += [pool[n] for n in rows]
    return [frames[n] for n in rng.permutation(len(frames))]


def planned_pool(cell: Cell, temperature: int) -> list[Atoms]:
    """Frames of one temperature to draw from, the same for all repeats."""
    if cell.reference == "pbe":
        frames = load_embedded(f"{cell.molecule}/{temperature}K")
        return frames[: len(frames) // 2] if temperature == 1000 else frames
    how = dict(n_frames=N_POOL, seed=100, spacing=25.0)
    name = f"{cell.molecule}-planned-{temperature}"
    return kept(name, lambda: sampled(cell.molecule, temperature, **how))


def test_frames(cell: Cell) -> list[Atoms]:
    """Hard, and the same for all strategies and repeats."""
    if cell.reference == "pbe":  # the second half in time; planned frames come from the first
        frames = load_embedded(f"{cell.molecule}/1000K")
        return frames[len(frames) // 2 :]
    if cell.molecule == "ethanol":
        return kept("ethanol-test", lambda: sampled("ethanol", 1000, n_frames=N_TEST, seed=1))
    return kept("malonaldehyde-test", held_frames)


def held_frames() -> list[Atoms]:
    """Malonaldehyde at 500 K with its proton held at eight places along the transfer."""
    xtb, frames = reference_calculator("xtb"), []
    band = load_embedded("malonaldehyde/proton_transfer")
    places = np.array([TRANSFER.value(image) for image in band])
    for n, centre in enumerate(HELD_AT):
        start = band[int(np.abs(places - centre).argmin())].copy()
        held = Restrained(xtb, TRANSFER, centre=float(centre), stiffness=20.0)
        each = N_TEST // len(HELD_AT)
        frames += sample_dynamics(
            start, held, temperature=500, n_frames=each, equilibration=200.0, seed=200 + n
        )
    return label_here(frames, xtb)


def labeller(cell: Cell):
    """Function that labels a list of configurations."""
    if cell.reference == "xtb":
        xtb = reference_calculator("xtb")
        return lambda frames: label_here(frames, xtb)
    store = WORK / "pbe_labels" / f"{cell.name}.xyz"
    store.parent.mkdir(parents=True, exist_ok=True)
    return lambda frames: label(frames, "pbe", store=store, progress=False)


def models() -> list:
    """Members of the ensemble; they differ by the frames they will see."""
    return [build_model("gap", **HYPER) for _ in range(N_MEMBERS)]


def run_loop(cell: Cell) -> list[dict]:
    """Active, or random: the rounds of a loop."""
    initial, validation = initial_frames(cell)
    settings = LoopSettings(
        temperature=PLANS[cell.molecule]["explore"],
        threshold=0.1,
        stop_at=0.4,
        strategy="farthest" if cell.strategy == "active" else "random",
        n_per_round=20,
        n_walkers=4,
        steps=300,
        max_labels=MAX_LABELS[cell.reference],
        enough=ENOUGH,
        seed=cell.repeat,
    )
    result = learn_actively(
        models(), initial, validation, labeller(cell), settings, test=test_frames(cell),
        folder=WORK / "loops" / cell.name, workers=1, fraction=FRACTION,
    )  # fmt: skip
    return result.rounds.to_dict("records")


def run_at_once(cell: Cell) -> list[dict]:
    """Train on the first frames of the plan, of each size."""
    initial, validation = initial_frames(cell)
    planned, test = planned_frames(cell), test_frames(cell)
    rows = []
    for n_labels in AT_ONCE[cell.reference]:
        if n_labels > N_INITIAL + len(planned):
            break
        train = [*initial, *planned][:n_labels]
        ensemble, _ = train_ensemble(
            models(), train, validation, workers=1, fraction=FRACTION, seed=cell.repeat
        )
        rows.append(dict(n_labels=n_labels, force_mae=ensemble.force_mae(test)))
    return rows


def run(cell: Cell) -> str:
    """Compute one cell and write its result."""
    torch.set_num_threads(1)
    started, wall = time.process_time(), time.perf_counter()
    rounds = run_at_once(cell) if cell.strategy == "at_once" else run_loop(cell)
    result = dict(
        **asdict(cell),
        rounds=rounds,
        settings=dict(
            hyper=HYPER, n_initial=N_INITIAL, n_members=N_MEMBERS, fraction=FRACTION,
            plan=PLANS[cell.molecule], n_test=len(test_frames(cell)),
        ),
        cpu_seconds=round(time.process_time() - started, 1),
        wall_seconds=round(time.perf_counter() - wall, 1),
        provenance=provenance() | {"script": "benchmarks/active_learning.py"},
    )  # fmt: skip
    write(result, MEASUREMENT_FOLDER / f"{cell.name}.json")
    return f"{cell.name}: {rounds[-1]['force_mae']:.1f} meV/Å, {result['cpu_seconds']:.0f} s"


def main() -> None:
    """Run what is missing, or print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if options.table:
        print(load_measurement().summary().to_string())
        return
    missing = [
        cell
        for cell in CELLS
        if options.only in cell.name and not (MEASUREMENT_FOLDER / f"{cell.name}.json").exists()
    ]
    if missing:
        for name in sorted({cell.molecule for cell in missing if cell.reference == "xtb"}):
            planned_frames(Cell(name, "xtb", "at_once", 0))  # once, before the workers ask for them
            test_frames(Cell(name, "xtb", "at_once", 0))
    with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn")) as pool:
        for said in pool.map(run, missing):
            print(said, flush=True)


if __name__ == "__main__":
    sys.exit(main())
