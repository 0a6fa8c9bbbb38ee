"""CP2K: input and calculator from the settings record (Gaussians and plane waves, GTH cores)."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from ase import Atoms
from ase.calculators.calculator import CalculationFailed, Calculator, all_changes
from ase.calculators.cp2k import CP2K
from ase.units import Hartree, Ry, kB

from mlp_course.reference.codes.checked import not_converged
from mlp_course.reference.codes.structure import check_structure
from mlp_course.reference.readers.cp2k import failed_to_converge, last_words
from mlp_course.reference.settings import DFTSettings

#: Where Debian's package cp2k-data puts basis sets and potentials.
DEBIAN_DATA = Path("/usr/share/cp2k")

_FUNCTIONAL = {"PBE": "ORIG", "PBEsol": "PBESOL", "revPBE": "REVPBE"}  # parametrisations of PBE
_D3 = {"D3(0)": "DFTD3", "D3(BJ)": "DFTD3(BJ)"}
#: Settings of ASE's calculator that stand in the input here, so that it adds none of its own.
_IN_INPUT = (
    "xc",
    "cutoff",
    "max_scf",
    "poisson_solver",
    "force_eval_method",
    "basis_set_file",
    "potential_file",
    "multiplicity",
)
_BASIS, _POTENTIAL = "DZVP-MOLOPT-SR-GTH", "GTH-PBE"


def write_cp2k_inputs(settings: DFTSettings, atoms: Atoms, folder: Path) -> list[Path]:
    """Write ``cp2k.inp`` for a single point with forces.

    The basis is DZVP-MOLOPT-SR-GTH; ``cutoff`` of the record does not apply to Gaussians, and the
    grid of the density takes ``grid_cutoff``. CP2K stops by the gradient of the orbitals, or by the
    change of the density, not by an energy: it is given ``electronic``, in Hartree, all the same.

    Args:
        settings: the record; its composition must be that of ``atoms``.
        atoms: the structure, with a cell.
        folder: where to write; made if missing.

    Returns:
        The path of ``cp2k.inp``.

    Raises:
        ValueError: if the structure is not that of the record or has no cell, ``grid_cutoff`` is
            missing, or the program lacks something that the record asks for.

    Source:
        https://manual.cp2k.org/
    """
    text = _input(settings, atoms)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "cp2k.inp"
    head = "&GLOBAL\n  PROJECT label\n  RUN_TYPE ENERGY_FORCE\n&END GLOBAL\n"
    text = text.replace("&END FORCE_EVAL", f"{_subsystem(atoms)}\n&END FORCE_EVAL")
    path.write_text(head + text + "\n", encoding="utf-8")
    return [path]


def _subsystem(atoms: Atoms) -> str:
    """The section SUBSYS: cell, places in Å, basis and potential of each element."""
    vectors = [
        "      " + " ".join([name, *(f"{x:.10f}" for x in row)])
        for name, row in zip("ABC", atoms.cell.array, strict=True)
    ]
    places = [
        "      " + " ".join([symbol, *(f"{x:.10f}" for x in row)])
        for symbol, row in zip(atoms.get_chemical_symbols(), atoms.positions, strict=True)
    ]
    kinds = [
        line
        for element in sorted(set(atoms.get_chemical_symbols()))
        for line in (
            f"    &KIND {element}",
            f"      BASIS_SET {_BASIS}",
            f"      POTENTIAL {_POTENTIAL}",
            "    &END KIND",
        )
    ]
    cell = ["    &CELL", *vectors, f"      PERIODIC {_periodic(atoms)}", "    &END CELL"]
    coordinates = ["    &COORD", *places, "    &END COORD"]
    return "\n".join(["  &SUBSYS", *cell, *coordinates, *kinds, "  &END SUBSYS"])


def cp2k_calculator(
    settings: DFTSettings, atoms: Atoms, folder: Path, *, command: str = "cp2k.psmp --shell"
) -> Calculator:
    """Build ASE's calculator for this structure; it talks to ``command`` in ``folder``.

    The log is ``label.out`` there. An SCF that did not converge is no result.
    """
    os.environ.setdefault("CP2K_DATA_DIR", str(DEBIAN_DATA))
    folder.mkdir(parents=True, exist_ok=True)
    return CheckedCP2K(
        inp=_input(settings, atoms),
        command=command,
        directory=str(folder),
        label="label",
        basis_set=_BASIS,
        pseudo_potential=_POTENTIAL,
        stress_tensor=False,
        uks=False,
        **dict.fromkeys(_IN_INPUT),
    )


def shortened_log(text: str) -> str:
    """Cut what CP2K says before it starts, about memory, and its statistics and references.

    What is left is what readers need, a tenth of the length: for logs that are kept as examples.

    Raises:
        ValueError: if the log has no statistics, because CP2K did not come to its end.
    """
    text = text[text.index("**** ****") - 2 :]
    text = re.sub(r"^ MEMORY\|.*\n", "", text, flags=re.MULTILINE)
    statistics = text.index("DBCSR STATISTICS")
    end = text.index("**** ****", statistics)
    return f"{text[:statistics]}[statistics and references are cut out]\n\n  {text[end:]}"


class CheckedCP2K(CP2K):
    """ASE's calculator, which believes a result only if the loop was over.

    Raises:
        SCFNotConverged: from ``get_potential_energy`` or ``get_forces``, if it was not.
        CalculationFailed: from the same, if CP2K stopped, with what it said.
    """

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Have the shell compute, and look at what it wrote into its log."""
        log = Path(f"{self.label}.out")
        try:
            super().calculate(atoms, properties, system_changes)
        except (AssertionError, OSError, RuntimeError, ValueError) as error:
            self._forget_shell()
            said = last_words(log.read_text("utf-8", "replace")) if log.exists() else ""
            raise CalculationFailed(f"CP2K stopped: {said or 'no message'} (log: {log})") from error
        self.results.pop("stress")  # zeros: none was asked for
        if failed_to_converge(log.read_text("utf-8", "replace")):
            self.results = {}
            raise not_converged("CP2K", log)

    def _forget_shell(self) -> None:
        """Start anew next time; ASE would ask a dead process to end."""
        shell, self._shell, self._force_env_id = self._shell, None, None
        if shell is not None:
            shell._child.kill()
            shell._child.communicate()
            shell._child = None
            shell.isready = False


def _input(settings: DFTSettings, atoms: Atoms) -> str:
    """The section FORCE_EVAL without the structure."""
    _check(settings, atoms)
    scf = settings.convergence
    lines = [
        "&FORCE_EVAL",
        "  METHOD Quickstep",
        "  &PRINT",
        "    &FORCES ON",
        "    &END FORCES",
        "  &END PRINT",
        "  &DFT",
        f"    UKS {'T' if settings.spin_polarised else 'F'}",
        "    BASIS_SET_FILE_NAME BASIS_MOLOPT",
        "    POTENTIAL_FILE_NAME GTH_POTENTIALS",
        "    &MGRID",
        f"      CUTOFF [Ry] {settings.grid_cutoff / Ry:.2f}",
        "    &END MGRID",
        "    &SCF",
        f"      MAX_SCF {scf.max_cycles}",
        f"      EPS_SCF {scf.electronic / Hartree:.3e}",
        *_solver(settings),
        "    &END SCF",
        *_k_points(settings),
        "    &XC",
        "      &XC_FUNCTIONAL",
        "        &PBE",
        f"          PARAMETRIZATION {_FUNCTIONAL[settings.functional]}",
        "        &END PBE",
        "      &END XC_FUNCTIONAL",
        *_dispersion(settings),
        "    &END XC",
        "    &POISSON",
        f"      PERIODIC {_periodic(atoms)}",
        f"      POISSON_SOLVER {'PERIODIC' if atoms.pbc.all() else 'MT'}",
        "    &END POISSON",
        "  &END DFT",
        "&END FORCE_EVAL",
    ]
    return "\n".join(lines)


def _check(settings: DFTSettings, atoms: Atoms) -> None:
    check_structure(settings, atoms, "CP2K")
    if settings.grid_cutoff is None:
        raise ValueError(
            "CP2K needs grid_cutoff in the record, in eV: with GTH potentials usually 5440 (400 Ry)"
        )
    if settings.functional not in _FUNCTIONAL:
        raise ValueError(
            f"CP2K's inputs are written for {', '.join(_FUNCTIONAL)}; got {settings.functional}"
        )
    if settings.smearing.method not in ("none", "fermi-dirac"):
        raise ValueError(
            f"CP2K smears with fermi-dirac only; got smearing.method {settings.smearing.method!r}"
        )


def _periodic(atoms: Atoms) -> str:
    return "".join(axis for axis, on in zip("XYZ", atoms.pbc, strict=True) if on) or "NONE"


def _solver(settings: DFTSettings) -> list[str]:
    """Orbital transformation, or diagonalisation where that does not go: k-points, smearing."""
    smeared = settings.smearing.method != "none"
    if not smeared and settings.k_points.mesh == (1, 1, 1):
        return [
            "      &OT",
            "        MINIMIZER DIIS",
            "        PRECONDITIONER FULL_ALL",
            "      &END OT",
        ]
    return [
        *(_smearing(settings.smearing.width) if smeared else []),
        "      &MIXING",
        "        METHOD BROYDEN_MIXING",
        "        ALPHA 0.2",
        "      &END MIXING",
    ]


def _smearing(width: float) -> list[str]:
    """Fermi and Dirac's; the width in eV is k_B T."""
    return [
        "      ADDED_MOS 20",
        "      &SMEAR ON",
        "        METHOD FERMI_DIRAC",
        f"        ELECTRONIC_TEMPERATURE [K] {width / kB:.2f}",
        "      &END SMEAR",
    ]


def _k_points(settings: DFTSettings) -> list[str]:
    """The mesh; MacDonald's is Monkhorst and Pack's with a shift, here the one that meets Γ.

    (Their points are (2r - n - 1) / 2n: for even n, Γ lies half a step beside them. CP2K's scheme
    GAMMA is the single point, not a mesh around it.)
    """
    mesh = settings.k_points.mesh
    if mesh == (1, 1, 1):
        return []
    shifts = [0.5 / n if settings.k_points.gamma_centred and n % 2 == 0 else 0.0 for n in mesh]
    points = " ".join(map(str, mesh)) + "".join(f" {shift:.10g}" for shift in shifts)
    return ["    &KPOINTS", f"      SCHEME MACDONALD {points}", "    &END KPOINTS"]


def _dispersion(settings: DFTSettings) -> list[str]:
    if settings.dispersion == "none":
        return []
    return [
        "      &VDW_POTENTIAL",
        "        POTENTIAL_TYPE PAIR_POTENTIAL",
        "        &PAIR_POTENTIAL",
        f"          TYPE {_D3[settings.dispersion]}",
        "          PARAMETER_FILE_NAME dftd3.dat",
        f"          REFERENCE_FUNCTIONAL {settings.functional}",
        "          R_CUTOFF [angstrom] 25.0",  # the default, 10.6 Å, leaves out a tail
        "        &END PAIR_POTENTIAL",
        "      &END VDW_POTENTIAL",
    ]
