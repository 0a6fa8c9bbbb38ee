"""Train MACE, NequIP and DeePMD-kit on a set that we exported, with their own command lines.

    make peers                                     # their environments
    python benchmarks/ecosystem/train.py           # all three, into simulation/ecosystem/
    python benchmarks/ecosystem/train.py --only deepmd --amount 0.1 --out /tmp/results

500 frames of embedded ethanol at 500 K to train, 20 to watch, 150 at 300 K to test, through each
program's ASE calculator. Nothing needs the network. The number of steps is fixed, about a minute of
one core, so that the result does not depend on who else uses the machine; seconds are computing
time.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
from datetime import date
from pathlib import Path

import numpy as np
from ase import Atoms
from programs import PROGRAMS, prepare

import mlp_course
from mlp_course.data import load_embedded
from mlp_course.data.export import write_nequip_xyz

PROJECT = Path(__file__).parents[2]
RESULTS = Path(mlp_course.__file__).parent / "simulation" / "ecosystem"
N_TRAIN, N_VALIDATION = 500, 20


def sets(n_test: int) -> tuple[list[Atoms], list[Atoms], list[Atoms]]:
    """Training, validation (500 K, shuffled) and test frames (300 K, another trajectory)."""
    frames = load_embedded("ethanol/500K")
    order = np.random.default_rng(0).permutation(len(frames))[: N_TRAIN + N_VALIDATION]
    chosen = [frames[n] for n in order]
    return chosen[:N_TRAIN], chosen[N_TRAIN:], load_embedded("ethanol/300K")[:n_test]


def call(command: list[str], environment: Path, folder: Path) -> float:
    """Run a program of an environment in a folder; return its computing time in s."""
    one_thread = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    places = f"{environment / 'bin'}:{os.environ['PATH']}"
    variables = kept | one_thread | {"TF_NUM_INTEROP_THREADS": "1", "PATH": places}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (folder / "output.txt").open("a", encoding="utf-8") as output:
        done = subprocess.run(
            [str(environment / "bin" / command[0]), *command[1:]],
            cwd=folder, env=variables, stdout=output, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        said = (folder / "output.txt").read_text(encoding="utf-8")[-3000:]
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{said}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def train_and_test(name: str, folder: Path, amount: float, n_test: int, places: Path) -> dict:
    """One program: export, train, make the file for simulations, predict, compare."""
    program = PROGRAMS[name]
    environment = (places / program.environment).absolute()
    if not (environment / "bin" / "python").exists():
        raise FileNotFoundError(f"no environment {environment}: run `make peers`")
    folder = folder.absolute()
    folder.mkdir(parents=True)
    train, validation, test = sets(n_test)
    training, exporting, units = prepare(name, train, validation, folder, amount)
    seconds = sum(call(command, environment, folder) for command in training)
    for command in exporting:
        call(command, environment, folder)
    errors, versions = predicted_errors(name, test, environment, folder)
    return {
        "program": name,
        "versions": versions,
        "commands": [shown(command) for command in (*training, *exporting)],
        "data": f"embedded ethanol: {len(train)} frames at 500 K, tested on {len(test)} at 300 K",
        "amount": amount,
        "steps" if name == "deepmd" else "epochs": units,
        "seconds": round(seconds, 1),
        **errors,
        "script": "benchmarks/ecosystem/train.py",
        "machine": f"{platform.machine()}, one thread",
        "date": date.today().isoformat(),
    }


def predicted_errors(
    name: str, test: list[Atoms], environment: Path, folder: Path
) -> tuple[dict, list[str]]:
    """Errors of the trained program's own calculator, and the versions that made them."""
    frames, out = write_nequip_xyz(test, folder / "test.xyz"), folder / "predicted.npz"
    script = Path(__file__).absolute().with_name("predict.py")
    call(["python", *map(str, (script, name, folder, frames, out))], environment, folder)
    with np.load(out) as predicted:
        return compare(predicted, test), predicted["versions"].tolist()


def compare(predicted: dict, test: list[Atoms]) -> dict:
    """Errors of forces (meV/Å) and of energies without their common offset (meV)."""
    forces = np.array([atoms.get_forces() for atoms in test])
    energies = np.array([atoms.get_potential_energy() for atoms in test])
    off = predicted["energies"] - energies
    return {
        "force_mae_mev_per_angstrom": round(1000 * np.abs(predicted["forces"] - forces).mean(), 2),
        "mean_force_mev_per_angstrom": round(1000 * np.abs(forces).mean(), 1),
        "energy_mae_mev": round(1000 * np.abs(off).mean(), 2),
        "energy_mae_without_offset_mev": round(1000 * np.abs(off - np.median(off)).mean(), 2),
    }


def shown(command: list[str]) -> str:
    """The first words of a command; folders by their last name, for they are this machine's."""
    return " ".join(Path(word).name if word.startswith("/") else word for word in command[:3])


def main() -> None:
    """Train what is asked for, write one JSON each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", default=list(PROGRAMS), choices=PROGRAMS)
    parser.add_argument("--amount", type=float, default=1.0, help="1 is about a minute")
    parser.add_argument("--n-test", type=int, default=150)
    parser.add_argument("--work", type=Path, default=PROJECT / "build" / "ecosystem")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--environments", type=Path, default=PROJECT, help="folder of the .venv-*")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for name in given.only:
        work = given.work / f"{name}_{os.getpid()}"
        result = train_and_test(name, work, given.amount, given.n_test, given.environments)
        text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
        (given.out / f"{name}.json").write_text(text, encoding="utf-8")
        print(text)


if __name__ == "__main__":
    main()
