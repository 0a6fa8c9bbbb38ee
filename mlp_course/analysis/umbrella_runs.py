"""Umbrella sampling, the runs: dynamics with a spring that holds the coordinate at one place."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes

from mlp_course.analysis.coordinates import Coordinate
from mlp_course.analysis.umbrella import UmbrellaWindow, difference
from mlp_course.simulation import run_langevin


class Restrained(Calculator):
    """Adds a spring on one coordinate to any calculator.

    Args:
        calculator: where energy and forces without the spring come from.
        coordinate: what the spring acts on.
        centre: where it pulls to, in the unit of the coordinate.
        stiffness: in eV/unit².

    Example:
        >>> from ase.calculators.lj import LennardJones
        >>> from mlp_course.analysis.coordinates import Distance
        >>> pair = Atoms("Ar2", [[0, 0, 0], [0, 0, 9.0]])  # too far for the Lennard-Jones force
        >>> pair.calc = Restrained(LennardJones(rc=3.0), Distance(0, 1), centre=8.0, stiffness=2.0)
        >>> pair.get_potential_energy(), pair.get_forces()[1].tolist()  # 2/2 × 1², -2 × 1
        (1.0, [0.0, 0.0, -2.0])
    """

    implemented_properties = ["energy", "forces"]

    def __init__(
        self, calculator: Calculator, coordinate: Coordinate, *, centre: float, stiffness: float
    ) -> None:
        super().__init__()
        self.calculator, self.coordinate = calculator, coordinate
        self.centre, self.stiffness = centre, stiffness

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy", "forces"),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Compute energy in eV and forces in eV/Å, both with the spring."""
        super().calculate(atoms, properties, system_changes)
        forces = self.calculator.get_forces(self.atoms)
        energy = self.calculator.get_potential_energy(self.atoms)
        value = self.coordinate.value(self.atoms)
        away = float(difference(value, self.centre, self.coordinate.period))
        self.results = {
            "energy": float(energy + 0.5 * self.stiffness * away**2),
            "forces": forces - self.stiffness * away * self.coordinate.gradient(self.atoms),
        }


def run_umbrella(
    atoms: Atoms,
    coordinate: Coordinate,
    *,
    centres: Sequence[float],
    stiffness: float,
    temperature: float,
    steps: int,
    equilibration: int,
    timestep: float = 0.5,
    friction: float = 0.01,
    interval: int = 5,
    seed: int = 0,
    progress: bool = True,
) -> list[UmbrellaWindow]:
    """Run one window after the other with Langevin dynamics; each starts where the last ended.

    Neighbouring windows must overlap: choose a spacing of about 1 to 2 times
    :math:`√(k_B T / k)`. For a proton between two oxygens, 10 windows 0.2 Å apart with
    10 eV/Å² are a start.

    Args:
        atoms: start configuration with a calculator; it is not changed.
        coordinate: what is held.
        centres: where, in the unit of the coordinate; begin near the value of ``atoms`` and walk
            away from it.
        stiffness: of the springs, in eV/unit².
        temperature: in K.
        steps: time steps of each window that count.
        equilibration: time steps before that, thrown away.
        timestep: in fs.
        friction: of the thermostat, in fs⁻¹.
        interval: the coordinate is noted every this many steps.
        seed: of velocities and thermostat.
        progress: show progress bars.

    Returns:
        One window for each centre.

    Raises:
        ValueError: if a number is out of range or ``atoms`` has no calculator.
        AtomsFlewApart: if a window breaks, for example because its centre is too far away.

    Example:
        >>> from ase.calculators.morse import MorsePotential
        >>> from mlp_course.analysis.coordinates import Distance
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 1.0]], calculator=MorsePotential())
        >>> short = dict(temperature=300, steps=20, equilibration=20, progress=False)
        >>> windows = run_umbrella(h2, Distance(0, 1), centres=[1.0, 1.1], stiffness=5.0, **short)
        >>> [len(window.samples) for window in windows]  # steps 5, 10, 15 and 20
        [4, 4]
    """
    if not stiffness > 0 or not len(centres):
        raise ValueError(
            f"stiffness must be positive, in eV/{coordinate.unit}², and there must be a centre; "
            f"got {stiffness} and {list(centres)}"
        )
    how = dict(temperature=temperature, timestep=timestep, friction=friction, progress=progress)
    moving, windows = atoms.copy(), []
    for number, centre in enumerate(centres):
        moving.calc = Restrained(atoms.calc, coordinate, centre=centre, stiffness=stiffness)
        settled = run_langevin(
            moving, steps=equilibration, interval=equilibration, seed=seed + 2 * number, **how
        )
        start = settled.frames[-1].copy()
        start.calc = moving.calc
        run = run_langevin(
            start, steps=steps, interval=interval, seed=seed + 2 * number + 1,
            keep_velocities=True, **how,
        )  # fmt: skip
        samples = np.array([coordinate.value(frame) for frame in run.frames[1:]])
        windows.append(UmbrellaWindow(float(centre), stiffness, samples))
        moving = run.frames[-1].copy()
    return windows
