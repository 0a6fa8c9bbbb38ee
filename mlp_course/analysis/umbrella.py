r"""Umbrella sampling: hold the coordinate at one place after another, then take the force away.

A spring :math:`\tfrac{k}{2} (\xi - \xi_w)^2` makes each window sample values that a free run would
see once in an age. What the springs did to the statistics is known exactly, so MBAR can combine
all windows into the free energy without springs.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from ase import Atoms, units
from ase.calculators.calculator import Calculator, all_changes
from numpy.typing import ArrayLike, NDArray

from mlp_course.analysis.coordinates import Coordinate
from mlp_course.analysis.free_energy import FreeEnergyProfile, checked_edges
from mlp_course.data.statistics import correlation_time
from mlp_course.simulation import run_langevin

if TYPE_CHECKING:
    from pymbar import MBAR

LEAST_OVERLAP = 0.03  # dimensionless, of neighbouring windows


@dataclass(frozen=True, eq=False)
class UmbrellaWindow:
    """One run with a spring.

    Attributes:
        centre: where the spring pulls to, in the unit of the coordinate.
        stiffness: k of the spring, in eV/unit².
        samples: coordinate in order of time, shape (n_samples,), in that unit.

    Example:
        >>> window = UmbrellaWindow(1.0, 2.0, np.array([1.5, 0.5]))
        >>> window.bias(window.samples).tolist()  # 2/2 × 0.5²
        [0.25, 0.25]
    """

    centre: float
    stiffness: float
    samples: NDArray[np.float64]

    def bias(self, values: NDArray[np.float64], period: float | None = None) -> NDArray[np.float64]:
        """Energy of the spring in eV at some values of the coordinate, of the same shape."""
        return 0.5 * self.stiffness * difference(values, self.centre, period) ** 2


def difference(values: ArrayLike, centre: float, period: float | None) -> NDArray[np.float64]:
    """Value less centre; for a periodic coordinate the shorter way round.

    Example:
        >>> float(difference(350.0, 10.0, 360.0))
        -20.0
    """
    away = np.asarray(values, dtype=float) - centre
    return away if period is None else away - period * np.round(away / period)


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


def umbrella_profile(
    windows: Sequence[UmbrellaWindow],
    *,
    temperature: float,
    edges: ArrayLike,
    period: float | None = None,
) -> FreeEnergyProfile:
    """Combine the windows into one free energy with MBAR.

    The samples of each window are thinned to independent ones (every 2τ of its correlation time)
    before pymbar sees them, for its errors suppose independence.

    Args:
        windows: from :func:`run_umbrella` or elsewhere; neighbours must overlap.
        temperature: in K.
        edges: borders of the bins, rising, shape (n_bins + 1,), unit of the coordinate.
        period: of the coordinate, in its unit (360 for a dihedral); None if it has none.

    Returns:
        Free energy without springs in eV, relative to the lowest bin, with errors of that
        difference; infinite where nothing was sampled.

    Raises:
        ValueError: if neighbouring windows overlap less than 0.03, a window is too short to tell
            its correlation time, or a number is out of range.

    Source:
        M. R. Shirts, J. D. Chodera, J. Chem. Phys. 129, 124105 (2008), through pymbar; the limit of
        the overlap: P. V. Klimovich, M. R. Shirts, D. L. Mobley, J. Comput. Aided Mol. Des. 29,
        397 (2015).

    Example:
        >>> rng, kT = np.random.default_rng(0), units.kB * 300
        >>> width = np.sqrt(kT / 4.0)  # flat free energy: a window is the Gaussian of its spring
        >>> centres = np.arange(0, 0.5, 0.1)
        >>> windows = [UmbrellaWindow(c, 4.0, rng.normal(c, width, 1000)) for c in centres]
        >>> profile = umbrella_profile(windows, temperature=300, edges=[0.0, 0.2, 0.4])
        >>> bool(profile.free_energy.max() < 4 * profile.error.max() < 0.01)  # eV
        True
    """
    edges, kT = checked_edges(edges, temperature), units.kB * temperature
    windows = sorted(windows, key=lambda window: window.centre)
    independent = [_thinned(window.samples) for window in windows]
    samples = np.concatenate(independent)
    bias = np.array([window.bias(samples, period) for window in windows]) / kT  # (n_windows, n)
    mbar = _combined(bias, np.array([len(part) for part in independent]))
    _check_overlap(mbar, windows)
    bins = np.digitize(samples, edges) - 1  # (n,)
    seen = np.unique(bins[(bins >= 0) & (bins < len(edges) - 1)])
    if not len(seen):
        raise ValueError(f"no sample lies within the edges, {edges[0]:g} to {edges[-1]:g}")
    # A bin is a state with no energy inside and an infinite one outside.
    outside = np.where(bins == seen[:, None], 0.0, np.inf)  # (n_seen, n)
    result = mbar.compute_perturbed_free_energies(outside)
    heights = kT * (result["Delta_f"][0] + np.log(np.diff(edges)[seen]))  # eV
    lowest = int(np.argmin(heights))
    free_energy, error = np.full((2, len(edges) - 1), np.inf)
    free_energy[seen] = heights - heights[lowest]
    error[seen] = kT * result["dDelta_f"][lowest]
    return FreeEnergyProfile((edges[1:] + edges[:-1]) / 2, free_energy, error)


def _thinned(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Independent samples: every 2τ of the correlation time."""
    return samples[:: int(np.ceil(2 * correlation_time(samples)))]


def _combined(bias: NDArray[np.float64], n_samples: NDArray[np.int64]) -> "MBAR":
    """Solve the equations of MBAR for reduced biases, shape (n_windows, n)."""
    logging.getLogger("pymbar").setLevel(logging.ERROR)  # it advertises JAX at import
    from pymbar import MBAR

    return MBAR(bias, n_samples)


def _check_overlap(mbar: "MBAR", windows: Sequence[UmbrellaWindow]) -> None:
    """Refuse windows between which hardly any sample is shared."""
    if len(windows) == 1:
        return
    overlap = np.diagonal(mbar.compute_overlap()["matrix"], offset=1)  # (n_windows - 1,)
    worst = int(np.argmin(overlap))
    if overlap[worst] < LEAST_OVERLAP:
        raise ValueError(
            f"neighbouring windows must overlap by at least {LEAST_OVERLAP}; those at "
            f"{windows[worst].centre:g} and {windows[worst + 1].centre:g} overlap by "
            f"{overlap[worst]:.2g}. Put a window between them, or take softer springs"
        )
