"""GPAW: a script from the settings record, and a calculator that runs it in a Python of its own.

Debian's GPAW brings its own ASE and NumPy, so that it cannot be imported beside ours; it runs in
another process, and the two exchange files.
"""

import json
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import ase.io
import numpy as np
from ase import Atoms
from ase.calculators.calculator import CalculationFailed, Calculator, all_changes

from mlp_course.reference.codes.checked import not_converged
from mlp_course.reference.codes.structure import check_structure
from mlp_course.reference.settings import DFTSettings

#: The Python that can import gpaw.
SYSTEM_PYTHON = "/usr/bin/python3"

_SCRIPT = """\
# Single point with GPAW: reads structure.xyz, writes result.json (eV, eV/Å).
import json

import ase.io
from gpaw import GPAW, PW

atoms = ase.io.read("structure.xyz", format="extxyz")
atoms.calc = GPAW(
    mode=PW({cutoff!r}),  # eV
    xc={functional!r},
    kpts={k_points!r},
    occupations={occupations!r},  # width in eV
    spinpol={spin!r},
    convergence={{"energy": {electronic!r}}},  # eV for each valence electron
    maxiter={cycles!r},
    txt="gpaw.txt",
)
result = {{
    "energy": atoms.get_potential_energy(force_consistent=True),
    "forces": atoms.get_forces().tolist(),
    "version": __import__("gpaw").__version__,
}}
with open("result.json", "w") as file:
    json.dump(result, file)
"""


def write_gpaw_inputs(settings: DFTSettings, atoms: Atoms, folder: Path) -> list[Path]:
    """Write ``run_gpaw.py`` and ``structure.xyz`` for a single point with forces.

    Args:
        settings: the record; its composition must be that of ``atoms``.
        atoms: the structure, with a cell.
        folder: where to write; made if missing.

    Returns:
        Paths of the script and the structure.

    Raises:
        ValueError: if the structure is not that of the record or has no cell, or the program lacks
            something that the record asks for.

    Source:
        https://gpaw.readthedocs.io/
    """
    check_structure(settings, atoms, "GPAW")
    if settings.dispersion != "none":
        raise ValueError(
            f"GPAW has no {settings.dispersion} of its own: leave dispersion out of the record and "
            "add it to the calculator with mlp_course.reference.dispersion.WithDispersion"
        )
    method = settings.smearing.method
    if method == "gaussian":
        raise ValueError("GPAW has no gaussian smearing: take fermi-dirac or methfessel-paxton")
    occupations = {"name": "fermi-dirac", "width": settings.smearing.width}
    if method == "methfessel-paxton":
        occupations |= {"name": method, "order": 1}
    script = _SCRIPT.format(
        occupations=occupations,
        cutoff=settings.cutoff,
        functional=settings.functional,
        k_points={"size": settings.k_points.mesh, "gamma": settings.k_points.gamma_centred},
        spin=settings.spin_polarised,
        # GPAW divides by the valence electrons, which only it knows; by all it is rather too strict
        electronic=float(f"{settings.convergence.electronic / atoms.numbers.sum():.2g}"),
        cycles=settings.convergence.max_cycles,
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run_gpaw.py").write_text(script, encoding="utf-8")
    bare = Atoms(atoms.numbers, atoms.positions, cell=atoms.cell, pbc=atoms.pbc)
    ase.io.write(folder / "structure.xyz", bare, format="extxyz")
    return [folder / "run_gpaw.py", folder / "structure.xyz"]


@cache
def can_import(python: str, module: str) -> bool:
    """Ask another Python whether it has a module.

    Example:
        >>> import sys
        >>> can_import(sys.executable, "json"), can_import(sys.executable, "no_such_module")
        (True, False)
    """
    code = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([python, "-c", code], check=False).returncode == 0


def gpaw_calculator(settings: DFTSettings, atoms: Atoms, folder: Path) -> Calculator:
    """Build the calculator for this structure; it works in ``folder``."""
    settings.check_structure(atoms)
    return GPAWProcess(settings, folder)


class GPAWProcess(Calculator):
    """GPAW in a process of its own; energy (with smearing the free one) in eV, forces in eV/Å.

    Args:
        settings: the record.
        folder: where files are exchanged; the log is ``gpaw.txt`` there.
    """

    implemented_properties = ["energy", "forces"]

    def __init__(self, settings: DFTSettings, folder: Path):
        super().__init__(**settings.model_dump(mode="json"))
        self.settings, self.folder = settings, Path(folder)

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Write the script, run it, read the result."""
        super().calculate(atoms, properties, system_changes)
        result = self.folder / "result.json"
        write_gpaw_inputs(self.settings, self.atoms, self.folder)
        result.unlink(missing_ok=True)
        try:
            run = subprocess.run(
                [SYSTEM_PYTHON, "run_gpaw.py"],
                cwd=self.folder,
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
        except OSError as error:
            raise CalculationFailed(f"no Python {SYSTEM_PYTHON} to run GPAW with") from error
        log = self.folder / "gpaw.txt"
        if "KohnShamConvergenceError" in run.stderr:
            raise not_converged("GPAW", log)
        if run.returncode or not result.exists():
            last = (run.stderr.strip().splitlines() or ["no message"])[-1]
            raise CalculationFailed(
                f"GPAW stopped with exit status {run.returncode}: {last} (log: {log})"
            )
        found = json.loads(result.read_text(encoding="utf-8"))
        self.results = {"energy": found["energy"], "forces": np.array(found["forces"])}
