"""Dynamics: frames of one trajectory, in order, at the temperature asked for."""

import numpy as np
import pytest
from ase import Atoms, units
from ase.build import bulk
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT
from ase.constraints import FixAtoms

from mlp_course.sampling import sample_dynamics

QUICK = dict(temperature=300, n_frames=4, spacing=10.0, equilibration=20.0, timestep=2.0)


def copper():
    """Eight copper atoms."""
    return bulk("Cu").repeat(2)


def test_seeds_decide_the_trajectory():
    """The same seed, the same frames bit for bit; another seed, others."""
    first, again, other = (sample_dynamics(copper(), EMT(), seed=s, **QUICK) for s in (1, 1, 2))
    for one, same in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.positions, same.positions)
    assert np.abs(first[0].positions - other[0].positions).max() > 1e-3


def test_frames_are_equally_spaced_in_time_and_in_order():
    """info tells 10, 20, 30, 40 fs, and a trajectory twice as dense has the same frames between."""
    frames = sample_dynamics(copper(), EMT(), **QUICK)
    assert [atoms.info["time_fs"] for atoms in frames] == [10.0, 20.0, 30.0, 40.0]
    dense = sample_dynamics(copper(), EMT(), **(QUICK | dict(spacing=2.0, n_frames=20)))
    for sparse, same in zip(frames, dense[4::5], strict=True):
        np.testing.assert_array_equal(sparse.positions, same.positions)


def test_equilibration_is_thrown_away():
    """Starting 10 fs later drops the first frame."""
    early = sample_dynamics(copper(), EMT(), **QUICK)
    late = sample_dynamics(copper(), EMT(), **(QUICK | dict(equilibration=30.0)))
    np.testing.assert_array_equal(early[1].positions, late[0].positions)


def test_the_start_is_not_moved_and_frames_are_bare():
    """The caller's atoms stay; frames carry neither calculator nor velocities."""
    start = copper()
    before = start.copy()
    frames = sample_dynamics(start, EMT(), **QUICK)
    assert start == before
    assert frames[0].calc is None
    assert not frames[0].get_momenta().any()


def test_held_atoms_stay_and_the_frames_are_free():
    """The lower layers of a slab are held while it moves; its frames carry no constraint."""
    atoms = copper()
    atoms.set_constraint(FixAtoms([0, 1]))
    frames = sample_dynamics(atoms, EMT(), **QUICK)
    moved = np.abs(frames[-1].positions - atoms.positions).max(axis=1)
    assert (moved[:2] == 0).all()
    assert (moved[2:] > 0).all()
    assert not frames[-1].constraints


class Well(Calculator):
    """Every atom on a spring to the origin: E = k/2 R²."""

    implemented_properties = ["energy", "forces"]
    k = 1.0  # eV/Å²

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        energy = 0.5 * self.k * (atoms.positions**2).sum()
        self.results = {"energy": energy, "forces": -self.k * atoms.positions}


def test_frames_are_canonical():
    """In a harmonic well ⟨R²⟩ = 3 kT/k: 200 atoms, 10 frames, within 10 % (4 standard errors)."""
    settings = dict(temperature=500, n_frames=10, spacing=100.0, timestep=2.0, friction=0.05)
    atoms = Atoms("H200", np.zeros((200, 3)))
    frames = sample_dynamics(atoms, Well(), equilibration=400.0, **settings)
    mean_square = np.mean([(frame.positions**2).mean() for frame in frames])  # Å², a component
    assert mean_square == pytest.approx(units.kB * 500 / Well.k, rel=0.10)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (dict(temperature=0), "temperature must be positive, in K; got 0"),
        (dict(timestep=0.0), "timestep must be positive, in fs; got 0.0"),
        (dict(n_frames=0), "n_frames must be a whole number and at least 1.*got 0"),
        (dict(n_frames=2.5), "n_frames must be a whole number"),
        (dict(friction=-0.1), "must not be negative; got .* and -0.1"),
        (dict(equilibration=-10.0), "must not be negative; got -10.0"),
        (dict(spacing=3.0), "spacing must be a multiple of timestep, in fs; got 3.0 and 2.0"),
        (dict(spacing=0.5), "spacing must be a multiple of timestep, in fs; got 0.5 and 2.0"),
    ],
)
def test_senseless_settings_are_refused(changes, message):
    """Frames cannot be spaced by parts of a step, nor sampled at no temperature."""
    with pytest.raises(ValueError, match=message):
        sample_dynamics(copper(), EMT(), **(QUICK | changes))


def test_a_run_that_breaks_gives_no_frames():
    """A calculator whose forces become NaN: an error, not frames without places."""

    class Broken(EMT):
        def calculate(self, *rest):
            super().calculate(*rest)
            self.results["forces"] = np.full_like(self.results["forces"], np.nan)

    times = dict(timestep=5.0, spacing=10.0, equilibration=10.0)
    with pytest.raises(RuntimeError, match="flew apart before frame 1"):
        sample_dynamics(bulk("Cu", cubic=True), Broken(), temperature=300, n_frames=2, **times)
