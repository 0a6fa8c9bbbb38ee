"""Quantum ESPRESSO: input and calculator from the settings record."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ase import Atoms
from ase.calculators.calculator import CalculationFailed, Calculator
from ase.calculators.espresso import Espresso, EspressoProfile
from ase.io.espresso import write_espresso_in
from ase.units import Ry

from mlp_course.reference.codes.checked import checked_result
from mlp_course.reference.codes.structure import check_structure
from mlp_course.reference.settings import DFTSettings

#: Where Debian's package quantum-espresso-data puts its pseudopotentials.
DEBIAN_PSEUDOPOTENTIALS = Path("/usr/share/espresso/pseudo")

_DFT = {"PBE": "pbe", "PBEsol": "pbesol", "revPBE": "revpbe"}
_SMEARING = {
    "gaussian": "gaussian", "fermi-dirac": "fermi-dirac", "methfessel-paxton": "methfessel-paxton",
}  # fmt: skip
_D3_VERSION = {"D3(0)": 3, "D3(BJ)": 4}
_DENSITY = (
    8  # cutoff of the density over that of the orbitals; ultrasoft potentials need more than 4
)


def write_espresso_inputs(
    settings: DFTSettings,
    atoms: Atoms,
    folder: Path,
    *,
    pseudopotentials: Path | None = None,
) -> list[Path]:
    """Write ``pw.in`` for a single point with forces.

    Args:
        settings: the record; its composition must be that of ``atoms``.
        atoms: the structure, with a cell.
        folder: where to write; made if missing.
        pseudopotentials: folder of UPF files, one for each element and functional; default: what
            the environment variable ESPRESSO_PSEUDO says, else where Debian puts them.

    Returns:
        The path of ``pw.in``.

    Raises:
        ValueError: if the structure is not that of the record or has no cell, or the program lacks
            the functional.
        FileNotFoundError: if an element has no pseudopotential there.

    Source:
        https://www.quantum-espresso.org/Doc/INPUT_PW.html
    """
    check_structure(settings, atoms, "Quantum ESPRESSO")
    pseudopotentials = pseudopotentials or _default_folder()
    options = _options(settings, atoms, pseudopotentials)
    options["input_data"]["control"]["pseudo_dir"] = str(pseudopotentials)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pw.in"
    with path.open("w", encoding="utf-8") as file:
        write_espresso_in(file, atoms, **options)
    return [path]


def espresso_calculator(
    settings: DFTSettings,
    atoms: Atoms,
    folder: Path,
    *,
    pseudopotentials: Path | None = None,
    command: str = "pw.x",
) -> Calculator:
    """Build ASE's calculator for this structure; it runs ``command`` in ``folder``.

    Its log is ``espresso.pwo`` there. An SCF that did not converge is no result.
    """
    check_structure(settings, atoms, "Quantum ESPRESSO")
    pseudopotentials = pseudopotentials or _default_folder()
    options = _options(settings, atoms, pseudopotentials)
    profile = EspressoProfile(command=command, pseudo_dir=pseudopotentials)
    return CheckedEspresso(profile=profile, directory=folder, **options)


class CheckedEspresso(Espresso):
    """ASE's calculator, which believes a result only if the loop was over.

    Raises:
        SCFNotConverged: from ``get_potential_energy`` or ``get_forces``, if it was not.
        CalculationFailed: from the same, if pw.x stopped, with what it said.
    """

    def calculate(
        self, atoms: Atoms, properties: Sequence[str], system_changes: Sequence[str]
    ) -> None:
        """Write the input, run pw.x, read its output."""
        log = Path(self.directory) / self.template.outputname
        log.unlink(missing_ok=True)
        self.write_inputfiles(atoms, properties)
        try:
            self.template.execute(self.directory, self.profile)
        except subprocess.CalledProcessError as error:  # also how pw.x ends without convergence
            said = _last_words(log.read_text("utf-8", "replace")) if log.exists() else ""
            if said or not log.exists():
                raise CalculationFailed(
                    f"pw.x stopped with exit status {error.returncode}: {said} (log: {log})"
                ) from error
        self.results = checked_result(log)


def _default_folder() -> Path:
    """Where pseudopotentials are looked for; the variable is that of pw.x itself."""
    return Path(os.environ.get("ESPRESSO_PSEUDO", DEBIAN_PSEUDOPOTENTIALS))


def find_pseudopotential(element: str, functional: str, folder: Path) -> str:
    """Name the file of an element: ``Cu.pbe-...UPF`` for PBE and its relatives.

    Raises:
        FileNotFoundError: if there is none, with those of the element that there are.
    """
    label = "pbesol" if functional == "PBEsol" else "pbe"
    own = sorted(
        path.name for path in folder.glob(f"{element}[._]*") if path.suffix.lower() == ".upf"
    )
    fitting = [name for name in own if f".{label}-" in name.lower() or f"_{label}" in name.lower()]
    if not fitting:
        raise FileNotFoundError(
            f"no {label} pseudopotential of {element} in {folder} (there: {own or 'none'}): get "
            "one from a library such as pslibrary or SSSP and put it there, or name another folder "
            "in the environment variable ESPRESSO_PSEUDO"
        )
    return fitting[0]


def _options(settings: DFTSettings, atoms: Atoms, folder: Path) -> dict:
    """Arguments of ASE's writer and calculator."""
    if settings.functional not in _DFT:
        raise ValueError(
            f"Quantum ESPRESSO has no short name for {settings.functional}; functionals: "
            f"{', '.join(_DFT)}"
        )
    if settings.spin_polarised and settings.smearing.method == "none":
        raise ValueError(
            "Quantum ESPRESSO needs smearing, or a fixed magnetisation, with spin_polarised: add "
            "smearing to the record, for example method: gaussian, width: 0.05"
        )
    mesh, centred = settings.k_points.mesh, settings.k_points.gamma_centred
    elements = sorted(set(atoms.get_chemical_symbols()))
    return {
        "input_data": {
            "control": {"calculation": "scf", "tprnfor": True, "disk_io": "none"},
            "system": _system(settings),
            "electrons": {
                "conv_thr": settings.convergence.electronic / Ry,
                "electron_maxstep": settings.convergence.max_cycles,
            },
        },
        "pseudopotentials": {
            element: find_pseudopotential(element, settings.functional, folder)
            for element in elements
        },
        "kpts": mesh,
        # Monkhorst and Pack's mesh of an odd number meets Γ without a shift
        "koffset": tuple(int(not centred and n % 2 == 0) for n in mesh),
    }


def _system(settings: DFTSettings) -> dict:
    """The namelist &SYSTEM without the structure."""
    smearing = settings.smearing
    system = {
        "ecutwfc": settings.cutoff / Ry,
        "ecutrho": _DENSITY * settings.cutoff / Ry,
        "input_dft": _DFT[settings.functional],
        "nspin": 2 if settings.spin_polarised else 1,
        "occupations": "fixed" if smearing.method == "none" else "smearing",
    }
    if smearing.method != "none":
        system |= {"smearing": _SMEARING[smearing.method], "degauss": smearing.width / Ry}
    if settings.dispersion != "none":
        system |= {
            "vdw_corr": "dft-d3",
            "dftd3_version": _D3_VERSION[settings.dispersion],
            "dftd3_threebody": False,  # as published, and as the other programs do it
        }
    return system


def _last_words(text: str) -> str:
    """What pw.x said between its lines of per cent signs; empty if it stopped in order."""
    boxes = text.split("%" * 78)
    return " ".join(boxes[1].split()) if len(boxes) > 1 else ""
