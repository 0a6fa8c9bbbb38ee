"""Provenance: what a frame says about itself comes back from a file."""

import ase.io
import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, fcc111
from ase.calculators.emt import EMT
from ase.constraints import FixAtoms

from mlp_course.sampling import (
    DATA_TYPES,
    interpolated_path,
    minimum_energy_path,
    normal_modes,
    optimised,
    origin_of,
    rattled,
    sample_dynamics,
    sample_monte_carlo,
    sample_normal_modes,
    string_path,
    temperatures,
    torsion_scan,
    trajectory_labels,
    with_origin,
)
from mlp_course.sampling.defects import (
    dislocation_dipole,
    interstitial,
    octahedral_particle,
    stepped_surface,
    tilt_grain_boundary,
    vacancy,
    with_adsorbate,
    wulff_particle,
)

HOW = dict(data_type="random", sampler="test", settings={}, parent="nothing")


def every_sampler():
    """A frame from each of the samplers of one small crystal or molecule."""
    copper = bulk("Cu", cubic=True)
    relaxed = optimised(copper, EMT())
    relaxed.calc = None
    shifted = copper.copy()
    shifted.positions[0] += 0.05
    chain = Atoms("H4", [[0, 1, 0], [0, 0, 0], [1, 0, 0], [1, 1, 0]])
    quick = dict(timestep=2.0, spacing=2.0, equilibration=2.0)
    return [
        relaxed,
        *sample_normal_modes(normal_modes(copper, EMT()), temperature=np.float64(50), n_frames=1),
        *sample_dynamics(copper, EMT(), temperature=np.int64(300), n_frames=1, **quick),
        *minimum_energy_path(interpolated_path(copper, shifted, 3), EMT, force_tolerance=5),
        *torsion_scan(chain, dihedral=np.arange(4), moving=(3,), angles=[90]),
        *rattled(copper, amplitude=0.05, n_frames=1),
        *sample_monte_carlo(copper, EMT(), temperature=300, n_frames=1, burn_in=1),
        *string_path(interpolated_path(copper, shifted, 3), EMT, force_tolerance=5),
        *every_defect(copper),
    ]


def every_defect(copper):
    """One of each."""
    slab = optimised(fcc111("Cu", (1, 1, 3), vacuum=6), EMT(), force_tolerance=1)
    slab.calc = None
    return [
        slab,
        with_adsorbate(slab, "O", "fcc"),
        vacancy(copper),
        interstitial(copper, "dumbbell", lattice_constant=copper.cell[0, 0]),
        stepped_surface(copper, (2, 1, 1), layers=3),
        tilt_grain_boundary("Cu", (3, 1), lattice_constant=3.6),
        dislocation_dipole("Cu", "edge", lattice_constant=3.6, size=(4, 2)),
        octahedral_particle("Cu", length=3, lattice_constant=3.6),
        wulff_particle("Cu", {(1, 1, 1): 1.0}, n_atoms=10, lattice_constant=3.6),
    ]


def test_every_record_survives_extended_xyz(tmp_path):
    """Type, sampler, settings and parent, and all else in info, are read back as written."""
    for frame in every_sampler():
        origin = origin_of(frame)
        assert set(origin) == {"type", "sampler", "settings", "parent"}
        assert origin["type"] in DATA_TYPES
        frame.calc = None
        ase.io.write(tmp_path / "frame.xyz", frame, format="extxyz")
        back = ase.io.read(tmp_path / "frame.xyz")
        assert back.info["origin"] == origin
        if "adsorbate_info" not in frame.info:  # ASE's own note of its sites, which it changes
            assert back.info == frame.info


def test_the_parent_is_the_geometry_sampled_from():
    """Frames of one start share a parent; one of another start has another."""
    copper = bulk("Cu", cubic=True)
    stretched = bulk("Cu", cubic=True, a=3.7)
    one, two = rattled(copper, amplitude=0.1, n_frames=2)
    (other,) = rattled(stretched, amplitude=0.1, n_frames=1)
    assert origin_of(one)["parent"] == origin_of(two)["parent"]
    assert origin_of(one)["parent"].startswith("Cu4 ")
    assert origin_of(one)["parent"] != origin_of(other)["parent"]


def test_a_sample_is_free_of_constraints_velocities_and_old_info():
    """Forces of held atoms would read 0; tags, masses and cell stay."""
    slab = fcc111("Cu", (1, 1, 3), vacuum=5)
    slab.set_constraint(FixAtoms([0]))
    slab.set_velocities(np.ones((3, 3)))
    slab.set_masses([63, 65, 63])
    slab.info["old"] = 1
    frame = with_origin(slab, **HOW)
    assert not frame.constraints
    assert "momenta" not in frame.arrays
    assert "old" not in frame.info
    assert frame.get_masses().tolist() == [63, 65, 63]
    assert frame.get_tags().tolist() == slab.get_tags().tolist()
    assert len(slab.constraints) == 1


def test_frames_do_not_share_their_record():
    """To change one is not to change the next."""
    one, two = rattled(Atoms("H2", [[0, 0, 0], [0, 0, 1]]), amplitude=0.1, n_frames=2)
    one.info["origin"]["settings"]["seed"] = 7
    assert two.info["origin"]["settings"]["seed"] == 0


def test_runs_are_told_apart_and_temperatures_are_known():
    """Two runs that differ in temperature are two trajectories; a rattled frame has none."""
    copper = bulk("Cu", cubic=True)
    quick = dict(timestep=2.0, spacing=2.0, equilibration=2.0, n_frames=2)
    frames = [a for T in (300, 500) for a in sample_dynamics(copper, EMT(), temperature=T, **quick)]
    frames += rattled(copper, amplitude=0.1, n_frames=1)
    assert temperatures(frames) == [300, 300, 500, 500, None]
    one, again, two, _, rest = trajectory_labels(frames)
    assert one == again
    assert len({one, two, rest}) == 3


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (dict(data_type="md"), ValueError, "data_type must be one of equilibrium, dynamics"),
        (dict(parent='the "best"'), ValueError, "must be ASCII without quotes"),
        (dict(sampler="Å"), ValueError, "must be ASCII"),
        (dict(settings=dict(start=Atoms("H"))), TypeError, r"\['start'\] must be a number.*Atoms"),
    ],
)
def test_what_a_file_could_not_keep_is_refused(change, error, message):
    """ASE writes quotes into extended XYZ and fails to read them; the record never has any."""
    with pytest.raises(error, match=message):
        with_origin(Atoms("H"), **(HOW | change))
