"""What a run leaves behind: labelled frames and a log of energies."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from ase import Atoms, units
from ase.calculators.singlepoint import SinglePointCalculator

LOG_UNITS = {
    "step": "1",
    "time": "fs",
    "total_energy": "eV",
    "potential_energy": "eV",
    "kinetic_energy": "eV",
    "temperature": "K",
    "shortest_distance": "Å",
}
EXTRA_UNITS = {"conserved_energy": "eV", "uncertainty": "eV/Å"}  # where there is one


@dataclass(frozen=True, eq=False, repr=False)
class Trajectory:
    """Frames of one run in order of time, and the log that belongs to them.

    Attributes:
        frames: copies with momenta, and with energy (eV) and forces (eV/Å) as labels.
        log: one row per frame; columns step, time (fs), total_energy, potential_energy,
            kinetic_energy (eV), temperature (K), shortest_distance (Å). The units are also in
            ``log.attrs["units"]``. A run at constant pressure has volume (Å³) and pressure (eV/Å³)
            as well, one with Bussi's thermostat conserved_energy (eV), one with an ensemble that
            watches uncertainty (eV/Å).
        ensemble: "NVE", "Langevin", "Bussi" or "NPT".
        timestep: in fs.
        seed: of velocities and thermostat.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> from mlp_course.simulation import run_nve
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> run = run_nve(copper, steps=20, timestep=2.0, temperature=300, progress=False)
        >>> len(run), run.n_atoms, run.log["step"].tolist()  # every 10 steps
        (3, 4, [0, 10, 20])
    """

    frames: list[Atoms]
    log: pd.DataFrame
    ensemble: str
    timestep: float
    seed: int

    @property
    def n_atoms(self) -> int:
        """Number of atoms in each frame."""
        return len(self.frames[0])

    def __len__(self) -> int:
        return len(self.frames)

    def __iter__(self) -> Iterator[Atoms]:
        return iter(self.frames)

    def __repr__(self) -> str:
        return (
            f"Trajectory({self.ensemble}, {self.frames[0].symbols}, {len(self)} frames, "
            f"{self.log['time'].iloc[-1]:g} fs in steps of {self.timestep:g} fs, "
            f"mean temperature {self.log['temperature'].mean():.0f} K)"
        )

    def _repr_html_(self) -> str:
        columns = list(LOG_UNITS)[2:]
        summary = self.log[columns].agg(["mean", "std", "min", "max"])
        summary.columns = [f"{name} / {LOG_UNITS[name]}" for name in columns]
        return f"<p>{self!r}</p>{summary.to_html(float_format='{:.5g}'.format)}"


@dataclass(eq=False)
class Recorder:
    """Collects frames and log rows while the atoms move."""

    atoms: Atoms
    n_degrees: int
    ensemble: str
    timestep: float
    seed: int
    constraints: list = field(default_factory=list)
    with_stress: bool = False
    frames: list[Atoms] = field(default_factory=list)
    rows: list[tuple] = field(default_factory=list)
    extras: list[dict[str, float]] = field(default_factory=list)
    heat: Callable[[], float] | None = None  # eV that a thermostat has put in
    uncertainty: Callable[[Atoms], float] | None = None  # eV/Å

    def record(self, step: int, shortest_distance: float) -> dict[str, float]:
        """Store the present frame; return its log row."""
        potential = float(self.atoms.get_potential_energy())
        forces = self.atoms.get_forces(apply_constraint=False)
        kinetic = float(self.atoms.get_kinetic_energy())
        temperature = 2 * kinetic / (self.n_degrees * units.kB)
        stress = self.atoms.get_stress(apply_constraint=False) if self.with_stress else None
        frame = labelled_copy(self.atoms, potential, forces, step * self.timestep, stress)
        frame.set_constraint(self.constraints)  # the caller's own, not those of the run
        self.frames.append(frame)
        total = potential + kinetic
        times = (step, step * self.timestep)
        self.rows.append((*times, total, potential, kinetic, temperature, shortest_distance))
        self.extras.append(self._extra(frame, total))
        return dict(zip(LOG_UNITS, self.rows[-1], strict=True)) | self.extras[-1]

    def _extra(self, frame: Atoms, total: float) -> dict[str, float]:
        """What only some runs know."""
        known = {}
        if self.heat is not None:
            known["conserved_energy"] = total - float(self.heat())
        if self.uncertainty is not None:
            whole = np.isfinite(frame.positions).all()
            known["uncertainty"] = float(self.uncertainty(frame.copy())) if whole else math.nan
        return known

    def trajectory(self) -> Trajectory:
        """Everything recorded so far."""
        log = pd.DataFrame(self.rows, columns=list(LOG_UNITS))
        log.attrs["units"] = dict(LOG_UNITS)
        if self.with_stress:
            log["volume"] = [frame.get_volume() for frame in self.frames]
            log["pressure"] = [pressure_of(frame) for frame in self.frames]
            log.attrs["units"] |= {"volume": "Å³", "pressure": "eV/Å³"}
        for name in EXTRA_UNITS:
            if any(name in extra for extra in self.extras):
                log[name] = [extra.get(name, math.nan) for extra in self.extras]
                log.attrs["units"][name] = EXTRA_UNITS[name]
        return Trajectory(self.frames, log, self.ensemble, self.timestep, self.seed)


def labelled_copy(
    atoms: Atoms, energy: float, forces: object, time: float, stress: object | None = None
) -> Atoms:
    """Copy atoms and momenta; keep energy (eV), forces (eV/Å), stress (eV/Å³) and time (fs)."""
    frame = atoms.copy()
    frame.info["time_fs"] = time
    labels = {"energy": energy, "forces": forces}
    if stress is not None:
        labels["stress"] = stress
    frame.calc = SinglePointCalculator(frame, **labels)
    return frame


def pressure_of(atoms: Atoms) -> float:
    r"""Pressure of one configuration: the share of the motion and that of the forces.

    .. math:: P = \frac{2 E_\mathrm{kin}}{3 V} - \tfrac{1}{3} \operatorname{Tr} \sigma

    Args:
        atoms: with momenta, a cell and a calculator for the stress.

    Returns:
        In eV/Å³; 1 eV/Å³ is 160.2 GPa.

    Example:
        >>> atom = Atoms("H", cell=[1, 1, 1], pbc=True, masses=[1.0])
        >>> atom.set_momenta([[3**0.5, 0, 0]])  # 1.5 eV of motion in 1 Å³
        >>> atom.calc = SinglePointCalculator(atom, stress=[0.25, 0.25, 0.25, 0, 0, 0])
        >>> pressure_of(atom)  # 1 eV/Å³ of motion; the tension pulls back with 0.25
        0.75
    """
    kinetic = 2 * atoms.get_kinetic_energy() / (3 * atoms.get_volume())
    return float(kinetic - atoms.get_stress(voigt=True)[:3].mean())
