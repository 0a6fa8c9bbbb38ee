"""Make the embedded data: geometries from GFN2-xTB, labels from DF-PBE/def2-SVP.

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
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import partial
from importlib.metadata import version
from pathlib import Path

import ase.io
import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data.whole_files import write_whole
from mlp_course.reference import PBE_SETTINGS, label, local_client, read_labels
from mlp_course.reference.configuration import bare
from mlp_course.reference.store import LabelStore
from mlp_course.reference.stored_calculator import StoredCalculator
from mlp_course.sampling.equilibrium import optimised
from mlp_course.sampling.paths import carried_over, minimum_energy_path
from mlp_course.sampling.recipes import PATH, RECIPES, Recipe


def build_geometries(recipe: Recipe, work: Path) -> list[Atoms]:
    """Sample one set, or read it back if an earlier run sampled it."""
    path, made_by = work / f"{recipe.stem}.geometries.xyz", work / f"{recipe.stem}.recipe.json"
    wanted = json.dumps(recipe.passport)
    found = made_by.read_text(encoding="utf-8") if made_by.exists() else wanted
    if found != wanted:
        raise ValueError(
            f"{path} was sampled as {found}, but the recipe is now {wanted}: delete "
            f"{path.name} and {made_by.name} to sample anew, or take another work folder"
        )
    made_by.write_text(wanted, encoding="utf-8")
    if not path.exists():
        write_whole(path, lambda part: ase.io.write(part, recipe.geometries(), format="extxyz"))
    return ase.io.read(path, ":")


def build_path(work: Path, n_workers: int) -> list[Atoms]:
    """Relax the band of the proton transfer with PBE, starting from that of GFN2-xTB."""
    cheap = build_geometries(PATH, work)
    store = LabelStore(work / f"{PATH.stem}.labels.xyz")
    with store.lock(), local_client(n_workers) as client:
        store.collect()
        calculator = partial(StoredCalculator, store, "pbe", client)
        ends = [optimised(cheap[end], calculator(), force_tolerance=0.01) for end in (0, -1)]
        images = minimum_energy_path(carried_over(cheap, ends), calculator, parallel=True)
    return [_labelled(image) for image in images]


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
    told = json.dumps(passport, indent=2, ensure_ascii=False) + "\n"
    write_whole(passport_path, lambda part: part.write_text(told, encoding="utf-8"))


def _common_passport() -> dict:
    return {
        "title": "PBE/def2-SVP energies and forces of ethanol and malonaldehyde (enol)",
        "level_of_theory": "DF-PBE/def2-SVP, closed shell, no dispersion: the level of rMD17",
        "settings": PBE_SETTINGS,
        "remark": "The first 189 labels and about 70 steps of the band were converged with "
        "PySCF's own gradient tolerance; on three frames compared their forces differ by "
        "0.01 meV/Å or less.",
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
    names = [recipe.name for recipe in (*RECIPES, PATH)]
    if not any(only in name for name in names):
        raise ValueError(f"no set has {only!r} in its name; there are: {', '.join(names)}")
    chosen = [recipe for recipe in RECIPES if only in recipe.name]
    with ProcessPoolExecutor(min(n_workers, len(RECIPES))) as pool:
        geometries = list(pool.map(build_geometries, chosen, [work] * len(chosen)))
    for recipe, frames in zip(chosen, geometries, strict=True):
        store = work / f"{recipe.stem}.labels.xyz"
        n_planned = len(frames)
        if finished_only:
            finished = LabelStore(store)
            frames = [atoms for atoms in frames if (atoms, "pbe") in finished]
        if not frames:
            continue
        with local_client(n_workers) as client:
            labelled = label(frames, "pbe", store=store, client=client)
        details = {
            "frames_planned": n_planned,
            **recipe.passport,
            "refused": len(frames) - len(labelled),
            **_cost(store),
        }
        write_set(recipe, labelled, details, output)
    if only in PATH.name and not finished_only:
        images = build_path(work, n_workers)
        write_set(PATH, images, PATH.passport | _cost(work / f"{PATH.stem}.labels.xyz"), output)


def _cost(store: Path) -> dict:
    seconds = [atoms.info["label_seconds"] for atoms in read_labels(store)]
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
