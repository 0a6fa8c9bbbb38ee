"""Molecular dynamics: Newton's equations (NVE) and Langevin's, for any ASE calculator."""

from collections.abc import Callable

import numpy as np
from ase import Atoms, units
from ase.constraints import FixCom
from ase.md.langevin import Langevin
from ase.md.verlet import VelocityVerlet

from mlp_course.simulation.alarms import AlarmLimits
from mlp_course.simulation.engine import advance, check_run, moving_copy
from mlp_course.simulation.run_folder import RunFolder, keeper_for
from mlp_course.simulation.trajectory import Recorder, Trajectory
from mlp_course.simulation.velocities import degrees_of_freedom


def run_nve(
    atoms: Atoms,
    *,
    steps: int,
    timestep: float = 0.5,
    temperature: float | None = None,
    seed: int = 0,
    interval: int = 10,
    progress: bool = True,
    limits: AlarmLimits | None = None,
    folder: RunFolder | None = None,
    uncertainty: Callable[[Atoms], float] | None = None,
) -> Trajectory:
    r"""Follow Newton's equations of motion; the total energy is conserved.

    .. math::
        v_{t+\Delta/2} = v_t + \tfrac{\Delta}{2} F_t/m, \quad
        r_{t+\Delta} = r_t + \Delta\, v_{t+\Delta/2}, \quad
        v_{t+\Delta} = v_{t+\Delta/2} + \tfrac{\Delta}{2} F_{t+\Delta}/m

    A run that starts from a relaxed geometry settles near half the temperature it was started
    with: the other half becomes potential energy.

    Args:
        atoms: start configuration with a calculator; it is not changed.
        steps: number of time steps; each costs one evaluation of the potential.
        timestep: in fs. With hydrogen, 0.5 fs; without light atoms up to a few fs.
        temperature: of the start velocities, in K; None keeps the momenta of ``atoms``.
        seed: of the start velocities.
        interval: a frame is recorded, and the alarms look, every this many steps.
        progress: show a progress bar.
        limits: when to stop a run that went wrong.
        folder: where frames, checkpoints and the frame at an alarm are kept; after a kill the same
            call goes on from there.
        uncertainty: of the forces, in eV/Å, as a function of the atoms, such as the spread of an
            ensemble; logged, and watched if ``limits.uncertainty`` is set.

    Returns:
        Frames 0, interval, 2 interval, ... and the last step.

    Raises:
        ValueError: if a number is out of range or ``atoms`` has no calculator for forces.
        RunStopped: by an alarm; the frames so far are attached. `AtomsFlewApart` if an atom
            leaves, two atoms collapse, the temperature runs away, or NaN appears.

    Source:
        Velocity Verlet: W. C. Swope et al., J. Chem. Phys. 76, 637 (1982), Eqs. 4-7; through ASE.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> run = run_nve(copper, steps=20, timestep=2.0, temperature=300, progress=False)
        >>> len(run), run.log["time"].tolist()
        (3, [0.0, 20.0, 40.0])
    """
    check_run(atoms, steps=steps, timestep=timestep, interval=interval)
    moving = moving_copy(atoms, temperature, seed)
    recorder = Recorder(moving, degrees_of_freedom(moving), "NVE", timestep, seed)
    recorder.constraints = list(atoms.constraints)
    recorder.uncertainty = uncertainty
    dynamics = VelocityVerlet(moving, timestep=timestep * units.fs)
    return advance(
        dynamics,
        recorder,
        steps=steps,
        interval=interval,
        progress=progress,
        limits=limits or AlarmLimits(),
        temperature=temperature or 0.0,
        keeper=keeper_for(folder, recorder, dynamics, interval=interval),
    )


def run_langevin(
    atoms: Atoms,
    *,
    steps: int,
    temperature: float,
    friction: float = 0.01,
    timestep: float = 0.5,
    seed: int = 0,
    interval: int = 10,
    keep_velocities: bool = False,
    progress: bool = True,
    limits: AlarmLimits | None = None,
    folder: RunFolder | None = None,
    uncertainty: Callable[[Atoms], float] | None = None,
) -> Trajectory:
    r"""Follow Langevin's equation of motion; the temperature is kept, the energy is not.

    .. math:: m \dot v = F - \gamma m v + \sqrt{2 m \gamma k_B T}\; \eta(t)

    The centre of mass is held in place (unless ``atoms`` brings constraints of its own), which
    leaves 3N - 3 degrees of freedom; a molecule does rotate. The thermostat also hides a drift of
    the energy: test a potential with `run_nve`.

    Args:
        atoms: start configuration with a calculator; it is not changed.
        steps: number of time steps; each costs one evaluation of the potential.
        temperature: of the thermostat and of the start velocities, in K.
        friction: γ, in fs⁻¹. 0.01 fs⁻¹ forgets a velocity after about 100 fs.
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
        ValueError: if a number is out of range or ``atoms`` has no calculator for forces.
        RunStopped: as in `run_nve`.

    Source:
        E. Vanden-Eijnden and G. Ciccotti, Chem. Phys. Lett. 429, 310 (2006), Eq. 23; through ASE.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> run = run_langevin(copper, steps=20, timestep=2.0, temperature=300, progress=False)
        >>> moved = run.frames[-1].get_center_of_mass() - copper.get_center_of_mass()  # Å
        >>> bool(abs(moved).max() < 1e-12)
        True
    """
    check_run(atoms, steps=steps, timestep=timestep, interval=interval, friction=friction)
    if not temperature >= 0:
        raise ValueError(f"temperature must not be negative, in K; got {temperature}")
    moving = moving_copy(atoms, None if keep_velocities else temperature, seed)
    if len(moving) > 1 and not moving.constraints:
        moving.set_constraint(FixCom())
    recorder = Recorder(moving, degrees_of_freedom(moving), "Langevin", timestep, seed)
    recorder.constraints = list(atoms.constraints)
    recorder.uncertainty = uncertainty
    settings = dict(interval=interval, temperature=temperature, friction=friction)
    dynamics = Langevin(
        moving,
        timestep=timestep * units.fs,
        temperature_K=temperature,
        friction=friction / units.fs,
        fixcm=False,  # this keyword would sample a slightly wrong distribution; FixCom does not
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
        keeper=keeper_for(folder, recorder, dynamics, **settings),
    )
