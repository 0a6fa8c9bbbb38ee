"""Data type 2, molecular dynamics: frames of one trajectory at one temperature."""

import numpy as np
from ase import Atoms, units
from ase.calculators.calculator import Calculator
from ase.md.langevin import Langevin
from ase.md.velocitydistribution import Stationary, thermalize_momenta
from tqdm import tqdm

from mlp_course.descriptors.checks import check_count, check_positive
from mlp_course.sampling.origin import calculator_name, with_origin


def sample_dynamics(
    atoms: Atoms,
    calculator: Calculator,
    *,
    temperature: float,
    n_frames: int,
    spacing: float = 50.0,
    equilibration: float = 2000.0,
    timestep: float = 0.5,
    friction: float = 0.01,
    seed: int = 0,
    progress: bool = False,
) -> list[Atoms]:
    """Sample configurations from one Langevin trajectory, equally spaced in time and in order.

    Neighbouring frames resemble each other: the closer in time, the more. Keep the order, it is
    what an honest split needs.

    Args:
        atoms: start configuration; its constraints hold while it moves.
        calculator: where the forces come from.
        temperature: in K.
        n_frames: number of frames returned.
        spacing: time between frames, in fs.
        equilibration: time thrown away at the start, in fs.
        timestep: in fs.
        friction: of the Langevin thermostat, in fs⁻¹.
        seed: of velocities and thermostat.
        progress: show a progress bar.

    Returns:
        ``n_frames`` copies without calculator; ``info["time_fs"]`` is the time since equilibration,
        ``info["sampler_energy"]`` the potential energy in eV by the calculator.

    Raises:
        ValueError: if temperature, n_frames or timestep is not positive, equilibration or friction
            is negative, or spacing is no multiple of timestep.
        RuntimeError: if positions or energy become NaN or infinite.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> times = dict(timestep=5.0, spacing=10.0, equilibration=20.0)  # fs
        >>> copper = bulk("Cu", cubic=True)
        >>> frames = sample_dynamics(copper, EMT(), temperature=300, n_frames=3, **times)
        >>> [atoms.info["time_fs"] for atoms in frames]
        [10.0, 20.0, 30.0]
    """
    check_positive("in K", temperature=temperature)
    check_positive("in fs", timestep=timestep, spacing=spacing)
    check_count(1, n_frames=n_frames)
    if not (0 <= equilibration < np.inf and 0 <= friction < np.inf):
        raise ValueError(
            "equilibration, in fs, and friction, in fs⁻¹, must not be negative; got "
            f"{equilibration} and {friction}"
        )
    steps = round(spacing / timestep)
    if steps < 1 or abs(steps * timestep - spacing) > 1e-6 * spacing:
        raise ValueError(
            f"spacing must be a multiple of timestep, in fs; got {spacing} and {timestep}"
        )
    settings = dict(temperature=temperature, timestep=timestep, friction=friction, seed=seed)
    dynamics = _langevin(atoms, calculator, **settings)
    dynamics.run(round(equilibration / timestep))
    settings |= dict(spacing=spacing, equilibration=equilibration)
    settings |= dict(calculator=calculator_name(calculator))
    how = dict(data_type="dynamics", sampler="sample_dynamics", settings=settings, parent=atoms)
    frames = []
    for number in tqdm(range(1, n_frames + 1), desc=f"{temperature:.0f} K", disable=not progress):
        dynamics.run(steps)
        energy = float(dynamics.atoms.get_potential_energy())
        if not (np.isfinite(energy) and np.isfinite(dynamics.atoms.positions).all()):
            raise RuntimeError(
                f"the atoms flew apart before frame {number}: positions or energy are no numbers. "
                "Take a shorter timestep or a lower temperature, or look at the calculator"
            )
        info = dict(time_fs=number * spacing, sampler_energy=energy)
        frames.append(with_origin(dynamics.atoms, **how, **info))
    return frames


def _langevin(
    atoms: Atoms,
    calculator: Calculator,
    *,
    temperature: float,
    timestep: float,
    friction: float,
    seed: int,
) -> Langevin:
    """Dynamics of a copy with thermal velocities; constraints hold."""
    rng = np.random.default_rng(seed)
    moving = atoms.copy()
    moving.calc = calculator
    thermalize_momenta(moving, temperature, rng=rng)
    if not moving.constraints:
        Stationary(moving)
    return Langevin(
        moving,
        timestep * units.fs,
        temperature_K=temperature,
        friction=friction / units.fs,
        fixcm=False,  # sampling the centre of mass too keeps the canonical distribution exact
        rng=rng,
    )
