"""Normal modes of ethanol by PBE: the reference of the acceptance report's vibrations.

    python benchmarks/vibrations.py                      # relax, 54 gradients; 5 to 15 minutes
    python benchmarks/vibrations.py --method gfn2-xtb --output xtb.json    # seconds, to try it

Every gradient goes into a store as it comes, so a run that is killed goes on where it stopped.
"""

import argparse
import os
import platform
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

import mlp_course
from mlp_course.reference import PBE_SETTINGS, reference_calculator
from mlp_course.reference.store import LabelStore
from mlp_course.reference.stored_calculator import StoredCalculator
from mlp_course.sampling import NormalModes, normal_modes, optimised
from mlp_course.sampling.recipes import STARTS
from mlp_course.units import convert
from mlp_course.validation.acceptance.stored_modes import write_modes

RESULT = Path(mlp_course.__file__).parent / "validation" / "acceptance" / "stored"
NAMES = {"pbe": "DF-PBE/def2-SVP, closed shell, no dispersion: the level of rMD17"}


def compute(method: str, store: Path) -> NormalModes:
    """Relax ethanol with GFN2-xTB first, which is cheap, and then with the method itself."""
    labels = LabelStore(store)
    near = optimised(STARTS["ethanol"], reference_calculator("gfn2-xtb"))
    with labels.lock():
        labels.collect()
        return normal_modes(near, StoredCalculator(labels, method))


def provenance(method: str, seconds: float) -> dict:
    """Where the numbers come from."""
    return {
        "method": NAMES.get(method, method),
        "settings": PBE_SETTINGS if method == "pbe" else {},
        "how": "normal_modes: forces below 0.001 eV/Å, central differences of 0.005 Å",
        "made_by": "python benchmarks/vibrations.py",
        "programs": {name: version(name) for name in ("pyscf", "tblite", "ase", "numpy")},
        "date": date.today().isoformat(),
        "seconds": round(seconds),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, one thread, not quiet",
    }


def main() -> None:
    """Compute, print and store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--method", default="pbe", help="a rung of reference_calculator")
    parser.add_argument("--store", type=Path, default=Path("build/vibrations.labels.xyz"))
    parser.add_argument("--output", type=Path, default=RESULT / "ethanol_pbe.json")
    options = parser.parse_args()
    options.store.parent.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    modes = compute(options.method, options.store)
    about = provenance(options.method, time.perf_counter() - started)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    write_modes(modes, options.output, provenance=about)
    wavenumbers = convert(modes.energies, "eV", "cm^-1")
    print(f"ethanol, {about['method']}, {about['seconds']} s; modes in cm^-1:")
    print(" ".join(f"{value:.0f}" for value in wavenumbers))


if __name__ == "__main__":
    main()
