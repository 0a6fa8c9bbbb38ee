"""One model, five data types: learn from one type of configurations, be tested on all of them.

    python benchmarks/data_types.py           # every row that has no result yet
    python benchmarks/data_types.py --table   # print what is there

Copper, labelled by EMT. Each row has the same GAP (one linear system of the same size, solved in
seconds of one core) and the same number of frames; only the kind of the frames differs. A sixth row
is a mixture of all five, with as many frames in all. Frames of a type are kept in build/, so that a
run that was killed goes on. A result is one JSON file with where it comes from. Delete it to
compute it again.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import ase.io
import numpy as np
import torch
from ase import Atoms
from ase.build import bulk, fcc100, fcc111
from ase.calculators.emt import EMT
from ase.constraints import FixAtoms
from race import provenance, write
from tqdm import tqdm

from mlp_course.data.whole_files import write_whole
from mlp_course.models import build_model
from mlp_course.reference import label_here
from mlp_course.sampling import (
    interpolated_path,
    minimum_energy_path,
    normal_modes,
    optimised,
    rattled,
    sample_dynamics,
    sample_monte_carlo,
    sample_normal_modes,
)
from mlp_course.sampling.defects import (
    adsorption_sites,
    interstitial,
    octahedral_particle,
    stepped_surface,
    tilt_grain_boundary,
    vacancy,
    with_adsorbate,
)
from mlp_course.training import fit
from mlp_course.validation import evaluate
from mlp_course.validation.type_matrix import MIXTURE, TYPE_FOLDER, load_type_matrix

PROJECT = Path(__file__).resolve().parents[1]
WORK = PROJECT / "build" / "data_types"
N_TRAIN, N_VALIDATION, N_TEST = 100, 10, 30
HYPER = dict(species=[29], cutoff=5.0, n_sparse=200, n_max=6, l_max=4)
N_IMAGES = 7
STRAINS = {"train": (-0.02, -0.012, -0.004, 0.004, 0.012, 0.02), "test": (-0.008, 0.008)}


def cube() -> Atoms:
    """Cell of four atoms with EMT's lattice constant."""
    return optimised(bulk("Cu", cubic=True), EMT(), relax_cell=True)


def equilibrium(n_frames: int, part: str, seed: int) -> list[Atoms]:
    """Half: normal modes at 300 K; half: small displacements in cells strained by 1 %."""
    crystal = cube().repeat(2)
    modes = normal_modes(crystal, EMT())
    half = n_frames // 2
    small = dict(amplitude=0.03, strain=0.01, data_type="equilibrium")
    return [
        *sample_normal_modes(modes, temperature=300, n_frames=half, seed=seed),
        *rattled(crystal, n_frames=n_frames - half, seed=seed, **small),
    ]


def dynamics(n_frames: int, part: str, seed: int) -> list[Atoms]:
    """Trajectories at 300, 700 and 1100 K, a frame every 100 fs."""
    crystal = cube().repeat(2)
    frames = []
    for number, temperature in enumerate((300, 700, 1100)):
        times = dict(spacing=100.0, equilibration=1000.0, timestep=5.0, seed=seed + number)
        share = len(range(number, n_frames, 3))
        frames += sample_dynamics(
            crystal, EMT(), temperature=temperature, n_frames=share, progress=True, **times
        )
    return frames


def hops(strain: float) -> list[tuple[Atoms, Atoms]]:
    """Ends of three hops: a vacancy in the bulk, an adatom on (100) and on (111)."""
    a = cube().cell[0, 0] * (1 + strain)
    crystal = bulk("Cu", a=a, cubic=True).repeat(2)
    first = vacancy(crystal, 0)
    second = first.copy()
    second.positions[0] = crystal.positions[0]  # the neighbour moves into the hole
    ends = [(first, second)]
    square, close = (build("Cu", (3, 3, 3), a=a, vacuum=6) for build in (fcc100, fcc111))
    for slab, sites in ((square, ("hollow", "hollow")), (close, ("fcc", "hcp"))):
        pair = [with_adsorbate(slab, "Cu", site) for site in sites]
        if sites[0] == sites[1]:
            pair[1].positions[-1] += slab.cell[0] / 3
        fixed = FixAtoms(np.flatnonzero(slab.get_tags() == 3))
        for atoms in pair:
            atoms.set_constraint(fixed)
        ends.append(tuple(pair))
    return ends


def path(n_frames: int, part: str, seed: int) -> list[Atoms]:
    """Bands of seven images of three hops in cells strained by up to 2 %; tested on whole bands."""
    frames = []
    for strain in tqdm(STRAINS["test" if part == "test" else "train"], desc="bands"):
        for start, end in hops(strain):
            ends = [optimised(atoms, EMT(), force_tolerance=0.01) for atoms in (start, end)]
            band = interpolated_path(*(_bare(atoms, start) for atoms in ends), N_IMAGES)
            frames += minimum_energy_path(band, EMT)
    order = np.random.default_rng(seed).permutation(len(frames))
    return [frames[n] for n in sorted(order[:n_frames])]


def _bare(atoms: Atoms, like: Atoms) -> Atoms:
    """Without calculator, with the constraints of another."""
    copy = atoms.copy()
    copy.calc = None
    copy.set_constraint(like.constraints)
    return copy


def random(n_frames: int, part: str, seed: int) -> list[Atoms]:
    """Nine in ten: moved by 0.2 Å in cells strained by 3 %; the rest Monte Carlo at 2000 K."""
    crystal = cube().repeat(2)
    walk = dict(temperature=2000, n_frames=n_frames // 10, burn_in=10, seed=seed, progress=True)
    (warm,) = rattled(crystal, amplitude=0.15, n_frames=1, seed=seed)  # about as high as 2000 K
    far = dict(amplitude=0.2, strain=0.03, n_frames=n_frames - n_frames // 10, seed=seed)
    return [*rattled(crystal, **far), *sample_monte_carlo(warm, EMT(), **walk)]


def defect(n_frames: int, part: str, seed: int) -> list[Atoms]:
    """Seven relaxed defects and surfaces, displaced by 0.06 Å."""
    a = cube().cell[0, 0]
    crystal = bulk("Cu", a=a, cubic=True)
    cell = crystal.repeat(2)
    slab = fcc111("Cu", (3, 3, 3), a=a, vacuum=6)
    starts = [
        vacancy(cell),
        interstitial(cell, "dumbbell", lattice_constant=a),
        slab,
        with_adsorbate(slab, "Cu", adsorption_sites(slab)[1]),
        stepped_surface(crystal, (2, 1, 1), layers=6, vacuum=6).repeat((1, 2, 1)),
        tilt_grain_boundary("Cu", (2, 1), lattice_constant=a),
        octahedral_particle("Cu", length=4, cutoff=1, lattice_constant=a),
    ]
    frames = []
    for number, start in enumerate(starts):
        relaxed = optimised(start, EMT(), force_tolerance=0.05)
        share = len(range(number, n_frames, len(starts)))
        how = dict(amplitude=0.06, n_frames=share, seed=seed + number, data_type="defect")
        frames += rattled(relaxed, **how)
    return frames


SAMPLERS: dict[str, Callable[[int, str, int], list[Atoms]]] = {
    sampler.__name__: sampler for sampler in (equilibrium, dynamics, path, random, defect)
}
#: Seed and size of each part. Training and validation frames come from the same runs, test frames
#: from others: another trajectory, other bands, other displacements.
PARTS = {"train": (N_TRAIN + N_VALIDATION, 0), "test": (N_TEST, 1000)}


def frames_of(data_type: str, part: str) -> list[Atoms]:
    """Labelled frames of one type, shuffled; sampled once and kept in build/."""
    stored = WORK / f"{data_type}_{part}.xyz"
    if not stored.exists():
        n_frames, seed = PARTS[part]
        sampled = SAMPLERS[data_type](n_frames, part, seed)
        if len(sampled) != n_frames:
            sys.exit(f"{data_type}, {part}: {len(sampled)} frames instead of {n_frames}")
        labelled = label_here(sampled, "emt")
        write_whole(stored, lambda path: ase.io.write(path, labelled, format="extxyz"))
    frames = ase.io.read(stored, ":")
    return [frames[n] for n in np.random.default_rng(0).permutation(len(frames))]


def known_frames(trained_on: str) -> tuple[list[Atoms], list[Atoms]]:
    """Training and validation frames of a row; a mixture takes a fifth of each type."""
    own = list(SAMPLERS) if trained_on == MIXTURE else [trained_on]
    train, validation = [], []
    for data_type in own:
        frames = frames_of(data_type, "train")
        train += frames[: N_TRAIN // len(own)]
        validation += frames[N_TRAIN:][: N_VALIDATION // len(own)]
    return train, validation


def run_row(trained_on: str) -> None:
    """Train on one type, test on all, write the result."""
    origin = provenance() | {"script": "benchmarks/data_types.py"}
    train, validation = known_frames(trained_on)
    model = build_model("gap", **HYPER)
    last = fit(model, train, validation, progress=False, clock=time.process_time).iloc[-1]
    result = {
        "trained_on": trained_on,
        "n_train": len(train),
        "train_seconds": round(float(last["seconds"]), 1),
        "validation_force_mae": round(float(last["validation_force_mae"]), 3),
        "tests": {name: tested(model, frames_of(name, "test")) for name in SAMPLERS},
        "units": "meV/Å (forces), meV/atom (energies)",
        "hyper": HYPER,
        "provenance": origin,
    }
    write(result, TYPE_FOLDER / f"{trained_on}.json")


def tested(model: torch.nn.Module, frames: Sequence[Atoms]) -> dict[str, float]:
    """Errors on one test set, and that of predicting no force at all."""
    report = evaluate(model, frames)
    forces = np.concatenate([atoms.get_forces().ravel() for atoms in frames])
    return {
        "force_mae": round(report.force_mae, 3),
        "force_mae_error": round(report.force_mae_error, 3),
        "energy_mae": round(report.energy_mae, 3),
        "zero_force_mae": round(1000 * float(np.abs(forces).mean()), 3),
        "n_frames": len(frames),
    }


def main() -> None:
    """Run what is missing, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--table", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if not arguments.table:
        for trained_on in tqdm([*SAMPLERS, MIXTURE], unit="row"):
            if not (TYPE_FOLDER / f"{trained_on}.json").exists():
                run_row(trained_on)
    print(load_type_matrix().table().round(1).to_string())


if __name__ == "__main__":
    main()
