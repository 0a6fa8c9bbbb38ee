"""The recipe of the embedded data: geometries from GFN2-xTB, labels from DF-PBE/def2-SVP.

``python -m mlp_course.sampling.embedded_dataset`` makes every set that is missing. Geometries,
labels and the nudged elastic band are kept in a work folder as they come, so a run that is killed
goes on where it stopped.
"""

import argparse
import gzip
import hashlib
import io
import json
import os
import platform
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path

import ase.io
import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.reference import PBE_SETTINGS, label, reference_calculator
from mlp_course.reference.labelling import JournalledCalculator, LabelJournal, bare, process_pool
from mlp_course.sampling.dynamics import sample_dynamics
from mlp_course.sampling.normal_modes import normal_modes, optimised, sample_normal_modes
from mlp_course.sampling.paths import carried_over, interpolated_path, minimum_energy_path
from mlp_course.sampling.rattle import rattled
from mlp_course.sampling.torsion import torsion_scan

#: Both molecules in the atom order of rMD17. Malonaldehyde is the hydrogen-bonded enol, whose
#: proton can hop; the molecule of that name in MD17 and rMD17 is the other tautomer, propanedial.
STARTS = {
    "ethanol": Atoms(
        "CCOHHHHHH",
        [
            [0.000, 0.559, 0.000],
            [1.168, -0.372, 0.000],
            [-1.190, -0.215, 0.000],
            [0.042, 1.205, 0.886],
            [0.042, 1.205, -0.886],
            [2.111, 0.189, 0.000],
            [1.130, -1.012, 0.887],
            [1.130, -1.012, -0.887],
            [-1.946, 0.381, 0.000],
        ],
    ),
    "malonaldehyde": Atoms(
        "CCCOOHHHH",
        [
            [-1.20, 0.25, 0.0],
            [0.00, 0.95, 0.0],
            [1.22, 0.25, 0.0],
            [1.28, -1.00, 0.0],
            [-1.25, -1.07, 0.0],
            [-2.14, 0.80, 0.0],
            [0.00, 2.03, 0.0],
            [-0.30, -1.40, 0.0],
            [2.16, 0.83, 0.0],
        ],
    ),
}
N_IMAGES = 11


def _dynamics(start: Atoms, **settings) -> list[Atoms]:
    return sample_dynamics(start, reference_calculator("gfn2-xtb"), progress=True, **settings)


def _normal_modes(start: Atoms, **settings) -> list[Atoms]:
    return sample_normal_modes(normal_modes(start, reference_calculator("gfn2-xtb")), **settings)


def _rattled(start: Atoms, **settings) -> list[Atoms]:
    return rattled(optimised(start, reference_calculator("gfn2-xtb")), **settings)


def _torsion(start: Atoms, **settings) -> list[Atoms]:
    return torsion_scan(optimised(start, reference_calculator("gfn2-xtb")), **settings)


def _path_ends(start: Atoms) -> list[Atoms]:
    enol = optimised(start, reference_calculator("gfn2-xtb"))
    return [enol, proton_moved(enol)]


@dataclass(frozen=True)
class Recipe:
    """How one set is made: start molecule, sampler and its settings."""

    name: str
    sampler: Callable[..., list[Atoms]]
    settings: dict
    description: str

    @property
    def start(self) -> Atoms:
        """The molecule before sampling."""
        return STARTS[self.name.split("/")[0]]

    @property
    def stem(self) -> str:
        """File name without folder and ending."""
        return self.name.replace("/", "_")

    def geometries(self) -> list[Atoms]:
        """Sample, and round positions to the 1e-8 Å that the files keep."""
        frames = self.sampler(self.start, **self.settings)
        for frame in frames:
            frame.positions = np.round(frame.positions, 8)
        return frames


def _md(name: str, temperature: float, n_frames: int, *, timestep: float, seed: int) -> Recipe:
    settings = dict(
        temperature=temperature, n_frames=n_frames, timestep=timestep, spacing=50.0, seed=seed
    )
    text = f"one GFN2-xTB Langevin trajectory at {temperature:.0f} K, a frame every 50 fs, in order"
    return Recipe(name, _dynamics, settings, text)


RECIPES = [
    _md("ethanol/500K", 500, 1000, timestep=1.0, seed=1),
    _md("ethanol/300K", 300, 150, timestep=1.0, seed=2),
    _md("ethanol/1000K", 1000, 150, timestep=0.5, seed=3),
    Recipe(
        "ethanol/normal_modes",
        _normal_modes,
        dict(temperature=500, n_frames=100, seed=4),
        "displacements along GFN2-xTB normal modes, classical harmonic oscillators at 500 K",
    ),
    Recipe(
        "ethanol/rattled",
        _rattled,
        dict(amplitude=0.1, n_frames=100, seed=5),
        "normally distributed displacements of 0.1 Å from the GFN2-xTB minimum, no clashes",
    ),
    Recipe(
        "ethanol/torsion",
        _torsion,
        dict(dihedral=[1, 0, 2, 8], moving=[8], angles=list(range(0, 181, 15))),
        "rigid turn of O-H about C-O from the GFN2-xTB minimum, C-C-O-H angle 0 to 180°",
    ),
    _md("malonaldehyde/500K", 500, 400, timestep=1.0, seed=6),
    _md("malonaldehyde/1000K", 1000, 150, timestep=0.5, seed=7),
]
PATH = Recipe(
    "malonaldehyde/proton_transfer",
    _path_ends,
    {},
    f"climbing-image nudged elastic band of the proton transfer, {N_IMAGES} images, "
    "largest perpendicular force 0.05 eV/Å, on the PBE surface itself",
)


def build_geometries(recipe: Recipe, work: Path) -> list[Atoms]:
    """Sample one set, or read it back if an earlier run sampled it."""
    path = work / f"{recipe.stem}.geometries.xyz"
    if not path.exists():
        temporary = path.with_suffix(".part")
        ase.io.write(temporary, recipe.geometries(), format="extxyz")
        temporary.replace(path)
    return ase.io.read(path, ":")


def build_path(work: Path, n_workers: int) -> list[Atoms]:
    """Relax the band of the proton transfer with GFN2-xTB, then, from there, with PBE."""
    guesses = build_geometries(PATH, work)
    cheap = minimum_energy_path(
        interpolated_path(*guesses, N_IMAGES), partial(reference_calculator, "gfn2-xtb")
    )
    journal = LabelJournal(work / f"{PATH.stem}.journal", "pbe")
    with process_pool(n_workers) as pool:
        calculator = partial(JournalledCalculator, journal, pool)
        ends = [optimised(guess, calculator(), force_tolerance=0.01) for guess in guesses]
        images = minimum_energy_path(carried_over(cheap, ends), calculator, parallel=True)
    return [_labelled(image) for image in images]


def proton_moved(enol: Atoms) -> Atoms:
    """Guess the other enol: mirror it and give every atom its partner's place.

    Atom order C C C O O H H H H: carbons 0 and 2, oxygens 3 and 4, hydrogens 5 and 8 are partners;
    the proton (7) and the central CH (1, 6) are their own.
    """
    other = bare(enol)
    oxygen_axis = enol.positions[4] - enol.positions[3]
    normal = oxygen_axis / np.linalg.norm(oxygen_axis)
    mirrored = enol.positions - 2 * np.outer(enol.positions @ normal, normal)
    other.positions = mirrored[[2, 1, 0, 4, 3, 8, 6, 7, 5]]
    other.positions += enol.positions.mean(axis=0) - other.positions.mean(axis=0)
    return other


def _labelled(image: Atoms) -> Atoms:
    frame = bare(image)
    frame.calc = SinglePointCalculator(
        frame, energy=image.get_potential_energy(), forces=image.get_forces()
    )
    return frame


def write_set(recipe: Recipe, frames: list[Atoms], details: dict, output: Path) -> None:
    """Write one compressed extended-XYZ file and its entry in the passport."""
    text = io.StringIO()
    ase.io.write(text, frames, format="extxyz")
    path = output / f"{recipe.stem}.xyz.gz"
    path.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))
    passport_path = output / "passport.json"
    passport = (
        json.loads(passport_path.read_text(encoding="utf-8"))
        if passport_path.exists()
        else {"sets": {}}
    )
    passport |= _common_passport()
    passport["sets"][recipe.name] = {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "frames": len(frames),
        "geometries": recipe.description,
        **details,
        "date": date.today().isoformat(),
    }
    passport["sets"] = dict(sorted(passport["sets"].items()))
    temporary = passport_path.with_suffix(".part")  # a kill must not leave half a passport
    text = json.dumps(passport, indent=2, ensure_ascii=False) + "\n"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(passport_path)


def _common_passport() -> dict:
    return {
        "title": "PBE/def2-SVP energies and forces of ethanol and malonaldehyde (enol)",
        "level_of_theory": "DF-PBE/def2-SVP, closed shell, no dispersion: the level of rMD17",
        "settings": PBE_SETTINGS,
        "programs": {name: version(name) for name in ("pyscf", "tblite", "ase", "numpy")},
        "units": {"energy": "eV (total, all electrons)", "forces": "eV/Å", "positions": "Å"},
        "licence": "CC0-1.0",
        "made_by": "python -m mlp_course.sampling.embedded_dataset",
    }


def build(
    work: Path, output: Path, n_workers: int, *, only: str = "", finished_only: bool = False
) -> None:
    """Make every set whose name contains ``only``; finished labels are never computed again.

    With ``finished_only`` nothing is computed: sets are written with the labels there are so far,
    so that a computation of hours can be published in pieces; the passport counts what is missing.
    """
    work.mkdir(parents=True, exist_ok=True)
    output.mkdir(parents=True, exist_ok=True)
    chosen = [recipe for recipe in RECIPES if only in recipe.name]
    with ProcessPoolExecutor(min(n_workers, len(RECIPES))) as pool:
        geometries = list(pool.map(build_geometries, chosen, [work] * len(chosen)))
    for recipe, frames in zip(chosen, geometries, strict=True):
        journal = work / f"{recipe.stem}.journal"
        n_planned = len(frames)
        if finished_only:
            finished = LabelJournal(journal, "pbe")
            frames = [atoms for atoms in frames if atoms in finished]
        if not frames:
            continue
        labelled = label(frames, method="pbe", journal=journal, n_workers=n_workers)
        details = {
            "frames_planned": n_planned,
            "sampler": recipe.sampler.__name__.strip("_"),
            "sampler_settings": recipe.settings,
            "refused": len(frames) - len(labelled),
            **_cost(journal),
        }
        write_set(recipe, labelled, details, output)
    if only in PATH.name and not finished_only:
        images = build_path(work, n_workers)
        write_set(PATH, images, _cost(work / f"{PATH.stem}.journal"), output)


def _cost(journal: Path) -> dict:
    seconds = [json.loads(line)["seconds"] for line in journal.read_text().splitlines()]
    return {
        "seconds_per_label": round(float(np.mean(seconds)), 2),
        "labelled_on": f"{platform.machine()}, {os.cpu_count()} cores, one thread a label",
    }


def main() -> None:
    """Command line; ``--help`` lists the options."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--work", type=Path, default=Path("build/embedded"))
    parser.add_argument(
        "--output", type=Path, default=Path(__file__).parents[1] / "data" / "embedded"
    )
    parser.add_argument("--only", default="", help="part of the names of the sets to make")
    parser.add_argument("--finished-only", action="store_true", help="write, compute nothing")
    a = parser.parse_args()
    build(a.work, a.output, a.workers, only=a.only, finished_only=a.finished_only)


if __name__ == "__main__":
    main()
