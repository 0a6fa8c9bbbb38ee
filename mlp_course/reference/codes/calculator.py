"""One ASE calculator for all free programs: a settings record in, energy and forces out."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes

from mlp_course.reference.codes.program import PROGRAMS, program
from mlp_course.reference.settings import DFTSettings


class ProgramCalculator(Calculator):
    """Quantum ESPRESSO, CP2K or GPAW as its settings record says; energy in eV, forces in eV/Å.

    With smearing the energy is the free energy, whose slope the forces are. Each calculation has a
    folder of its own, so that many may run beside each other: ``label(frames, partial(
    ProgramCalculator, "espresso", record), store=...)``.

    Args:
        name: ``"espresso"``, ``"cp2k"`` or ``"gpaw"``.
        settings: the record.
        folder: where inputs and log are kept; default: a temporary folder for each calculation.

    Raises:
        ValueError: for another program, or, when it computes, for a structure that is not that of
            the record or a setting that the program does not have.
        FileNotFoundError: if the program is not installed, with the way to get it.
        SCFNotConverged: when it computes, if the electronic loop ran out of cycles.
        CalculationFailed: when it computes, if the program stopped, with what it said.
    """

    implemented_properties = ["energy", "free_energy", "forces"]

    def __init__(self, name: str, settings: DFTSettings, folder: str | Path | None = None):
        chosen = program(name)
        if chosen.calculator is None:
            free = ", ".join(key for key, entry in PROGRAMS.items() if entry.calculator)
            raise ValueError(
                f"{chosen.name} is {chosen.licence} and cannot be run here: write its inputs with "
                f"write_inputs, read its outputs with read_output; free are {free}"
            )
        chosen.require()
        super().__init__(program=name, **settings.model_dump(mode="json"))
        self.program, self.settings, self.folder = chosen, settings, folder

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Run the program once."""
        super().calculate(atoms, properties, system_changes)
        if self.folder is not None:
            self._run(Path(self.folder))
            return
        with TemporaryDirectory(prefix="mlp-course-") as folder:
            self._run(Path(folder))

    def _run(self, folder: Path) -> None:
        computed = self.atoms.copy()
        computed.calc = self.program.calculator(self.settings, computed, folder)
        forces, energy = computed.get_forces(), computed.calc.results["energy"]
        self.results = {"energy": energy, "free_energy": energy, "forces": forces}
