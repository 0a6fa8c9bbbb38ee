"""Memory of a trajectory: measured as theory has it, and gone after thinning."""

import numpy as np
import pytest
from ase import Atoms, units
from ase.build import bulk
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT

from mlp_course.data.statistics import correlation_time
from mlp_course.sampling import (
    decorrelation_time,
    origin_of,
    sample_dynamics,
    sample_temperatures,
    thinned,
)

K_WELL = 2.0  # eV/Å²


class Well(Calculator):
    """Every atom on a spring to the origin: E = k/2 R²."""

    implemented_properties = ["energy", "forces"]

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        energy = 0.5 * K_WELL * (atoms.positions**2).sum()
        self.results = {"energy": energy, "forces": -K_WELL * atoms.positions}


def x_of(atom):
    """A function of a frame: the x coordinate of one of its atoms."""
    return lambda frame: frame.positions[atom, 0]


@pytest.fixture(scope="module")
def damped():
    """Langevin oscillators: six atoms in wells, friction 0.2 fs⁻¹, a frame every 4 fs."""
    settings = dict(temperature=300, n_frames=8000, spacing=4.0, timestep=2.0, friction=0.2)
    atoms = Atoms("H6", np.zeros((6, 3)))
    return sample_dynamics(atoms, Well(), equilibration=400.0, seed=1, **settings)


def test_a_damped_oscillator_remembers_for_friction_over_omega_squared(damped):
    """∫ ⟨x(0) x(t)⟩ dt / ⟨x²⟩ = γ/ω², exactly and for every friction: here 10.5 fs, to 6 %."""
    omega_squared = K_WELL / Atoms("H").get_masses()[0] * units.fs**2  # fs⁻²
    known = 0.2 / omega_squared
    found = np.mean([decorrelation_time(damped, [x_of(atom)]) for atom in range(6)])
    assert found == pytest.approx(known, rel=0.06)
    quick = decorrelation_time(damped)  # the energy is x² + y² + z²: it forgets faster
    assert quick < 0.8 * known
    one, both = (decorrelation_time(damped, list(map(x_of, atoms))) for atoms in ((0,), (0, 1)))
    assert one <= both


def test_thinned_frames_do_not_remember_each_other(damped):
    """What is kept has the memory of white noise, half a frame, and is as spaced as it says."""
    kept = thinned(damped, [x_of(0)])
    assert correlation_time([x_of(0)(damped_frame) for damped_frame in damped]) > 2
    assert correlation_time([x_of(0)(frame) for frame in kept]) < 0.8
    spacing = origin_of(kept[0])["settings"]["thinned_spacing"]
    times = [frame.info["time_fs"] for frame in kept]
    np.testing.assert_allclose(np.diff(times), spacing)
    assert spacing == pytest.approx(2 * origin_of(kept[0])["settings"]["decorrelation_fs"], abs=2.1)
    assert "thinned_spacing" not in origin_of(damped[0])["settings"]


def test_the_mean_of_thinned_frames_has_the_error_of_independent_ones(damped):
    """⟨x²⟩ = kT/k from the kept frames of all atoms, within 4 standard errors √(2/n)."""
    squares = [
        x_of(atom)(frame) ** 2 for atom in range(6) for frame in thinned(damped, [x_of(atom)])
    ]
    known = units.kB * 300 / K_WELL
    assert np.mean(squares) == pytest.approx(known, rel=4 * np.sqrt(2 / len(squares)))


def test_each_temperature_has_its_run_and_its_energy():
    """Classical harmonic Cu gains 3/2 k (N - 1)/N an atom in potential energy from 100 to 300 K."""
    copper = bulk("Cu", cubic=True, a=3.59).repeat((2, 1, 1))
    settings = dict(duration=8000.0, spacing=20.0, equilibration=1000.0, timestep=5.0)
    frames = sample_temperatures(copper, EMT, temperatures=[100, 300], **settings)
    by_run = {
        T: [f for f in frames if origin_of(f)["settings"]["temperature"] == T] for T in (100, 300)
    }
    energies = {T: [f.info["sampler_energy"] for f in run] for T, run in by_run.items()}
    seeds = {origin_of(run[0])["settings"]["seed"] for run in by_run.values()}
    gain = np.mean(energies[300]) - np.mean(energies[100])
    error = np.hypot(*(np.std(e) / np.sqrt(len(e)) for e in energies.values()))
    known = 1.5 * units.kB * 200 * (len(copper) - 1)
    assert len(seeds) == 2
    assert all(len(run) > 20 for run in by_run.values())
    assert gain == pytest.approx(known, abs=4 * error + 0.05 * known)  # 5 % for anharmonicity


def test_too_short_a_run_is_refused():
    """Ten frames do not tell their correlation time."""
    copper = bulk("Cu", cubic=True)
    settings = dict(spacing=5.0, equilibration=10.0, timestep=5.0)
    with pytest.raises(ValueError, match="Run longer"):
        sample_temperatures(copper, EMT, temperatures=[300], duration=50.0, **settings)
    with pytest.raises(ValueError, match="duration must be positive, in fs; got 0"):
        sample_temperatures(copper, EMT, temperatures=[300], duration=0, **settings)


def test_frames_of_two_runs_are_no_trajectory(damped):
    """A jump in time is told, not averaged over."""
    with pytest.raises(ValueError, match="must be one trajectory, equally spaced"):
        decorrelation_time(damped[:50] + damped[:50])
