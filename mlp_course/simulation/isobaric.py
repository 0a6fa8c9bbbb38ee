"""Constant pressure: the cell is a particle of its own, pushed by the pressure inside and out."""

from collections.abc import Callable

import numpy as np
from ase import Atoms, units
from ase.md.langevinbaoab import LangevinBAOAB

from mlp_course.simulation.alarms import AlarmLimits
from mlp_course.simulation.engine import advance, check_run, check_temperature, moving_copy
from mlp_course.simulation.run_folder import RunFolder, keeper_for
from mlp_course.simulation.trajectory import Recorder, Trajectory


def run_npt(
    atoms: Atoms,
    *,
    steps: int,
    temperature: float,
    pressure: float = 0.0,
    relaxation: float = 100.0,
    cell_relaxation: float = 1000.0,
    isotropic: bool = True,
    timestep: float = 0.5,
    seed: int = 0,
    interval: int = 10,
    keep_velocities: bool = False,
    progress: bool = True,
    limits: AlarmLimits | None = None,
    folder: RunFolder | None = None,
    uncertainty: Callable[[Atoms], float] | None = None,
) -> Trajectory:
    r"""Keep temperature and pressure: Langevin's thermostat on the atoms and on the cell.

    .. math::
        \dot{\mathbf r} = \frac{\mathbf p}{m} + \frac{p_\epsilon}{W} \mathbf r, \qquad
        \dot V = \frac{3 V p_\epsilon}{W}, \qquad
        \dot p_\epsilon = 3 V (P_\mathrm{in} - P) + \frac{3}{N_f} \sum_i \frac{p_i^2}{m_i}
        - \gamma p_\epsilon + \text{noise}

    ASE has several barostats; this one is taken because a single temperature governs atoms and
    cell, the noise makes small systems ergodic, and the distribution of volumes is that of the
    ensemble (tested on an ideal gas). The Berendsen barostats have the right mean and too small
    fluctuations. The Martyna-Tobias-Klein one counts 3N degrees of freedom where a centre of mass
    at rest leaves 3N - 3: 32 atoms come out 3 % too hot. Here all 3N move, so the crystal as a
    whole drifts about a little, as Brown's particles do.

    Args:
        atoms: start configuration, periodic in three directions, with a calculator for the stress;
            it is not changed.
        steps: number of time steps; each costs one evaluation of the potential.
        temperature: of both thermostats and of the start velocities, in K.
        pressure: in eV/Å³; ``convert(1.01325, "bar", "eV/Å^3")`` is one atmosphere.
        relaxation: memory of the velocities under the thermostat, in fs.
        cell_relaxation: τ of the cell, in fs: the memory of its thermostat, and four times the
            period in which the cell of a metal swings. It changes no average; several hundred time
            steps are safe.
        isotropic: keep the shape of the cell; otherwise all three vectors move.
        timestep: in fs.
        seed: of start velocities and thermostats.
        interval: a frame is recorded, and the alarms look, every this many steps.
        keep_velocities: start with the momenta of ``atoms``, to continue an earlier run.
        progress: show a progress bar.
        limits: when to stop a run that went wrong.
        folder: where frames, checkpoints and the frame at an alarm are kept; after a kill the same
            call goes on from there.
        uncertainty: of the forces, in eV/Å, as a function of the atoms, such as the spread of an
            ensemble; logged, and watched if ``limits.uncertainty`` is set.

    Returns:
        Frames 0, interval, 2 interval, ... and the last step, with the stress as a label; the log
        has the columns volume (Å³) and pressure (eV/Å³).

    Raises:
        ValueError: if a number is out of range, ``atoms`` is not periodic in three directions, has
            no calculator or carries constraints.
        RunStopped: as in `run_nve`.

    Source:
        D. Quigley and M. I. J. Probert, J. Chem. Phys. 120, 11432 (2004), Eqs. 5 and 6; through
        ASE, whose rule for the mass of the cell, W = N^(1/3) (τ / 6.64 fs)², was found by trial.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> run = run_npt(copper, steps=20, timestep=2.0, temperature=300, progress=False)
        >>> bool(run.log["volume"].iloc[-1] != copper.get_volume())  # it breathes
        True
    """
    _check(atoms, pressure)
    measures = dict(timestep=timestep, relaxation=relaxation, cell_relaxation=cell_relaxation)
    check_run(atoms, steps=steps, interval=interval, **measures)
    check_temperature(temperature)
    start = None if keep_velocities else temperature
    moving = moving_copy(atoms, start, seed, with_stress=True)
    recorder = Recorder(moving, 3 * len(moving), "NPT", timestep, seed, with_stress=True)
    recorder.uncertainty = uncertainty
    measures |= dict(temperature=temperature, pressure=pressure, isotropic=isotropic)
    tau = cell_relaxation * units.fs
    dynamics = LangevinBAOAB(
        moving,
        timestep=timestep * units.fs,
        temperature_K=temperature,
        externalstress=-pressure,
        hydrostatic=isotropic,
        T_tau=relaxation * units.fs,
        P_tau=tau,
        P_mass=len(moving) ** (1 / 3) * (cell_relaxation / 6.64) ** 2,
        rng=np.random.default_rng([seed, 1]),  # not the numbers of the start velocities again
    )
    return advance(
        dynamics,
        recorder,
        steps=steps,
        interval=interval,
        progress=progress,
        limits=limits or AlarmLimits(),
        temperature=temperature,
        keeper=keeper_for(folder, recorder, dynamics, interval=interval, **measures),
    )


def _check(atoms: Atoms, pressure: float) -> None:
    """Refuse what has no volume to change."""
    if not np.isfinite(pressure):
        raise ValueError(f"pressure must be finite, in eV/Å³; got {pressure}")
    if not (isinstance(atoms, Atoms) and atoms.pbc.all() and atoms.cell.rank == 3):
        raise ValueError(
            "constant pressure needs atoms that are periodic in three directions with a cell; for "
            "molecules and slabs use run_bussi or run_langevin"
        )
    if atoms.constraints:
        raise ValueError(
            "atoms must carry no constraints at constant pressure, because positions scale with "
            "the cell; got "
            f"{[type(rule).__name__ for rule in atoms.constraints]}: atoms.set_constraint()"
        )
