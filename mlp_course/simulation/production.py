"""Production runs: the chapter's settings as one record, checked, priced and run."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real

from ase import Atoms

from mlp_course.descriptors.checks import check_count
from mlp_course.simulation.alarms import AlarmLimits
from mlp_course.simulation.canonical import run_bussi
from mlp_course.simulation.isobaric import run_npt
from mlp_course.simulation.run_folder import RunFolder
from mlp_course.simulation.trajectory import Trajectory
from mlp_course.units import convert

ATMOSPHERE = convert(1.01325, "bar", "eV/Å^3")  #: eV/Å³
#: What the chapter calls typical: lowest and highest value, unit.
TYPICAL = {
    "n_atoms": (1e3, 1e4, ""),
    "temperature": (300.0, 1000.0, " K"),
    "timestep": (0.5, 1.0, " fs"),
    "total_time": (1e6, 1e8, " fs"),  # 1-100 ns
}


@dataclass(frozen=True)
class ProductionSettings:
    """Settings of a simulation that is to be published, as the chapter lists them.

    Attributes:
        n_atoms: number of atoms.
        temperature: in K.
        ensemble: "NVT" (Bussi) or "NPT" (Langevin on atoms and cell).
        pressure: in eV/Å³, one atmosphere if nothing else is said; None with NVT.
        timestep: in fs.
        total_time: in fs; 10⁶ fs are 1 ns.
        seed: of start velocities and thermostat.

    Raises:
        ValueError: for a number that is not positive or not whole where it counts something, an
            unknown ensemble, a pressure with NVT or one that is no number.

    Example:
        >>> settings = ProductionSettings(n_atoms=1000, timestep=0.5)
        >>> settings.steps  # 1 ns in steps of 0.5 fs
        2000000
        >>> settings.days(seconds_per_step=0.0432)
        1.0
        >>> ProductionSettings(n_atoms=9).remarks()
        ['n_atoms is 9, typical are 1000 to 10000']
    """

    n_atoms: int
    temperature: float = 300.0
    ensemble: str = "NVT"
    pressure: float | None = None
    timestep: float = 0.5
    total_time: float = 1e6
    seed: int = 0

    def __post_init__(self) -> None:
        for name, (_, _, unit) in TYPICAL.items():
            value = getattr(self, name)
            if not (isinstance(value, Real) and 0 < value < math.inf):
                rule = f"in{unit}" if unit else "dimensionless"
                raise ValueError(f"{name} must be positive and finite, {rule}; got {value!r}")
        check_count(1, n_atoms=self.n_atoms)
        check_count(0, seed=self.seed)
        if self.ensemble not in ("NVT", "NPT"):
            raise ValueError(f'ensemble must be "NVT" or "NPT"; got {self.ensemble!r}')
        if self.ensemble == "NVT" and self.pressure is not None:
            raise ValueError(
                f"pressure must be None where the volume is constant; got {self.pressure}: choose "
                'ensemble="NPT"'
            )
        if self.ensemble == "NPT" and self.pressure is None:
            object.__setattr__(self, "pressure", ATMOSPHERE)
        if self.pressure is not None and not (
            isinstance(self.pressure, Real) and math.isfinite(self.pressure)
        ):
            raise ValueError(f"pressure must be a finite number, in eV/Å³; got {self.pressure!r}")

    @property
    def steps(self) -> int:
        """Number of time steps."""
        return math.ceil(self.total_time / self.timestep - 1e-9)

    def days(self, seconds_per_step: float) -> float:
        """Length of the computation in days, from the measured time of one step in s."""
        return self.steps * seconds_per_step / 86400

    def remarks(self) -> list[str]:
        """Say what departs from the typical settings, one sentence each; often on purpose."""
        found = []
        for name, (lowest, highest, unit) in TYPICAL.items():
            value = getattr(self, name)
            if not lowest <= value <= highest:
                found.append(
                    f"{name} is {value:g}{unit}, typical are {lowest:.10g} to {highest:.10g}"
                )
        return found


def run_production(
    atoms: Atoms,
    settings: ProductionSettings,
    *,
    steps: int | None = None,
    interval: int = 100,
    keep_velocities: bool = False,
    progress: bool = True,
    limits: AlarmLimits | None = None,
    folder: RunFolder | None = None,
    uncertainty: Callable[[Atoms], float] | None = None,
) -> Trajectory:
    """Run the settings, or the first ``steps`` of them, with the calculator of ``atoms``.

    Args:
        atoms: start configuration with a calculator; it is not changed.
        settings: the record.
        steps: how many time steps; by default all, which may take days: see ``settings.days``.
        interval: a frame is recorded, and the alarms look, every this many steps.
        keep_velocities: start with the momenta of ``atoms``, to continue an earlier run.
        progress: show a progress bar.
        limits: when to stop a run that went wrong.
        folder: where frames and checkpoints are kept; after a kill the same call goes on.
        uncertainty: of the forces, in eV/Å, as a function of the atoms; logged and watched.

    Returns:
        The trajectory; its log is what an energy drift, or a temperature, is judged by.

    Raises:
        ValueError: if ``atoms`` are not as many as the settings say, or ``steps`` is not positive.
        RunStopped: as in `run_nve`.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> settings = ProductionSettings(n_atoms=4, ensemble="NPT", timestep=1.0)
        >>> run = run_production(copper, settings, steps=20, interval=10, progress=False)
        >>> run.ensemble, float(run.log["time"].iloc[-1])
        ('NPT', 20.0)
    """
    if len(atoms) != settings.n_atoms:
        raise ValueError(
            f"settings are for n_atoms={settings.n_atoms}; got {len(atoms)} atoms: repeat the cell "
            "or change the record"
        )
    options = dict(
        steps=settings.steps if steps is None else steps,
        temperature=settings.temperature,
        timestep=settings.timestep,
        seed=settings.seed,
        interval=interval,
        progress=progress,
        keep_velocities=keep_velocities,
        limits=limits,
        folder=folder,
        uncertainty=uncertainty,
    )
    if settings.ensemble == "NVT":
        return run_bussi(atoms, **options)
    return run_npt(atoms, pressure=settings.pressure, **options)
