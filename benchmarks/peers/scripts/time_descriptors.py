"""dscribe and featomic, timed on demand: runs in .venv-peers, asked by descriptors.py.

Reads lines `package kind job system` and answers each with µs an atom of computing time.
"""

import json
import os
import sys
import time
from pathlib import Path

import ase.io

os.environ["RAYON_NUM_THREADS"] = "1"  # featomic


def dscribe(kind, job, settings, frames):
    """ACSF or SOAP; derivatives with the method that dscribe chooses itself."""
    from dscribe import descriptors

    options = {"species": settings["species"], "periodic": bool(frames[0].pbc.any())}
    if kind == "soap":
        descriptor = descriptors.SOAP(r_cut=settings["cutoff"], **settings["soap"], **options)
    else:
        angular = settings["angular"]
        descriptor = descriptors.ACSF(
            r_cut=settings["cutoff"], g2_params=settings["radial"], g4_params=angular, **options
        )
    if job == "values":
        return lambda: [descriptor.create(atoms) for atoms in frames]
    return lambda: [descriptor.derivatives(atoms, attach=True) for atoms in frames]


def featomic(kind, job, settings, frames):
    """SOAP power spectrum, all pairs of radial functions; gradients only where atoms are near."""
    from featomic import SoapPowerSpectrum

    soap = settings["soap"]
    radial = {"type": "Gto", "max_radial": soap["n_max"] - 1}
    calculator = SoapPowerSpectrum(
        cutoff={
            "radius": settings["cutoff"],
            "smoothing": {"type": "ShiftedCosine", "width": settings["cutoff"]},
        },
        density={"type": "Gaussian", "width": soap["sigma"]},
        basis={"type": "TensorProduct", "max_angular": soap["l_max"], "radial": radial},
    )
    gradients = [] if job == "values" else ["positions"]
    return lambda: calculator.compute(frames, gradients=gradients)


def main():
    """Answer until the input ends."""
    folder = Path(sys.argv[1])
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        package, kind, job, system = line.split()
        settings = json.loads((folder / f"{system}.json").read_text(encoding="utf-8"))
        frames = ase.io.read(folder / f"{system}.traj", ":")
        work = {"dscribe": dscribe, "featomic": featomic}[package](kind, job, settings, frames)
        started = time.process_time()
        work()
        seconds = time.process_time() - started
        print(1e6 * seconds / sum(map(len, frames)), file=answers, flush=True)


if __name__ == "__main__":
    main()
