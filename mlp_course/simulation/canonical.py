"""Thermostat of Bussi: the temperature is kept by scaling all velocities alike."""

from collections.abc import Callable

import numpy as np
from ase import Atoms, units
from ase.md.bussi import Bussi

from mlp_course.simulation.alarms import AlarmLimits
from mlp_course.simulation.engine import advance, check_run, check_temperature, moving_copy
from mlp_course.simulation.run_folder import RunFolder, keeper_for
from mlp_course.simulation.trajectory import Recorder, Trajectory
from mlp_course.simulation.velocities import degrees_of_freedom


def run_bussi(
    atoms: Atoms,
    *,
    steps: int,
    temperature: float,
    relaxation: float = 100.0,
    timestep: float = 0.5,
    seed: int = 0,
    interval: int = 10,
    keep_velocities: bool = False,
    progress: bool = True,
    limits: AlarmLimits | None = None,
    folder: RunFolder | None = None,
    uncertainty: Callable[[Atoms], float] | None = None,
) -> Trajectory:
    r"""Keep the temperature by velocity rescaling with a random target: the canonical ensemble.

    .. math:: dK = (\bar K - K) \frac{dt}{\tau} + 2 \sqrt{\frac{K \bar K}{N_f}}
        \frac{dW}{\sqrt{\tau}}, \qquad \bar K = \tfrac{1}{2} N_f k_B T

    All velocities are multiplied by one number a step, so that the kinetic energy K is distributed
    as it should be, while the atoms move almost as Newton says: diffusion and spectra suffer less
    than under Langevin friction. A molecule that does not rotate at the start never will: N_f is
    counted by `degrees_of_freedom`, where ASE would take 3N and keep ethanol 29 % too hot.

    Args:
        atoms: start configuration with a calculator; it is not changed.
        steps: number of time steps; each costs one evaluation of the potential.
        temperature: of the thermostat and of the start velocities, in K.
        relaxation: τ, in fs. A deviation of the temperature fades in about this time.
        timestep: in fs.
        seed: of start velocities and thermostat.
        interval: a frame is recorded, and the alarms look, every this many steps.
        keep_velocities: start with the momenta of ``atoms``, to continue an earlier run.
        progress: show a progress bar.
        limits: when to stop a run that went wrong.
        folder: where frames, checkpoints and the frame at an alarm are kept; after a kill the same
            call goes on from there.
        uncertainty: of the forces, in eV/Å, as a function of the atoms, such as the spread of an
            ensemble; logged, and watched if ``limits.uncertainty`` is set.

    Returns:
        Frames 0, interval, 2 interval, ... and the last step.

    Raises:
        ValueError: if a number is out of range, ``atoms`` has no calculator for forces, or nothing
            moves at the start: there is nothing to scale.
        RunStopped: as in `run_nve`.

    Source:
        G. Bussi, D. Donadio and M. Parrinello, J. Chem. Phys. 126, 014101 (2007), Eq. 7; through
        ASE.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> run = run_bussi(copper, steps=20, timestep=2.0, temperature=300, progress=False)
        >>> len(run), run.ensemble
        (3, 'Bussi')
    """
    check_run(atoms, steps=steps, timestep=timestep, interval=interval, relaxation=relaxation)
    check_temperature(temperature)
    moving = moving_copy(atoms, None if keep_velocities else temperature, seed)
    if moving.get_kinetic_energy() < 1e-12:
        raise ValueError(
            "the atoms must move at the start, for scaling cannot wake them: leave "
            "keep_velocities=False, or start with run_langevin"
        )
    recorder = Recorder(moving, degrees_of_freedom(moving), "Bussi", timestep, seed)
    recorder.constraints = list(atoms.constraints)
    dynamics = Bussi(
        moving,
        timestep=timestep * units.fs,
        temperature_K=temperature,
        taut=relaxation * units.fs,
        rng=np.random.default_rng([seed, 1]),  # not the numbers of the start velocities again
    )
    recorder.uncertainty, recorder.heat = uncertainty, lambda: dynamics.transferred_energy
    settings = dict(interval=interval, temperature=temperature, relaxation=relaxation)
    dynamics.ndof = recorder.n_degrees
    dynamics.target_kinetic_energy = 0.5 * recorder.n_degrees * units.kB * temperature
    return advance(
        dynamics,
        recorder,
        steps=steps,
        interval=interval,
        progress=progress,
        limits=limits or AlarmLimits(),
        temperature=temperature,
        keeper=keeper_for(folder, recorder, dynamics, **settings),
    )
