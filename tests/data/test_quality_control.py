"""Quality control: what was planted is found, what is good is kept."""

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data import load_embedded
from mlp_course.data.quality_control import QualityLimits, quality_control


@pytest.fixture(scope="module")
def ethanol():
    """Forty good frames, of rising number."""
    return load_embedded("ethanol/500K")[:40]


def changed(atoms, *, energy=0.0, forces=None, positions=None, **info):
    """A copy with another label."""
    copy = atoms.copy()
    if positions is not None:
        copy.positions = positions
    own = atoms.get_forces() if forces is None else forces
    copy.calc = SinglePointCalculator(
        copy, energy=atoms.get_potential_energy() + energy, forces=own
    )
    copy.info.update(info)
    return copy


@pytest.mark.parametrize(
    "name",
    [
        "ethanol/500K", "ethanol/1000K", "ethanol/rattled", "ethanol/normal_modes",
        "malonaldehyde/1000K",
    ],
)  # fmt: skip
def test_nothing_is_found_in_our_own_data(name):
    """Labels that agree with rMD17 to 0.1 meV/Å pass every check, hot and rattled ones too."""
    frames = load_embedded(name)
    report = quality_control(frames)
    assert report.findings.empty
    assert report.kept == frames


def test_every_planted_fault_is_found(ethanol):
    """Ten faults in forty frames: each is named, and nothing else is rejected."""
    rotated = changed(ethanol[3], forces=ethanol[3].get_forces() @ np.diag([-1.0, -1.0, 1.0]))
    squeezed = ethanol[5].positions.copy()
    squeezed[3] = squeezed[0] + 0.3 * (squeezed[3] - squeezed[0])
    planted = {
        0: (changed(ethanol[0], energy=float("nan")), "label"),
        1: (Atoms("H2", [[0, 0, 0], [0, 0, 0.74]]), "label"),
        2: (changed(ethanol[2], forces=ethanol[2].get_forces() + 0.05), "net force"),
        3: (rotated, "torque"),
        4: (changed(ethanol[4], energy=27.2), "energy"),
        5: (changed(ethanol[5], positions=squeezed), "distance"),
        6: (changed(ethanol[6], forces=40 * ethanol[6].get_forces()), "largest force"),
        7: (ethanol[20], "duplicate"),
        8: (changed(ethanol[8], energy=-2.0), "energy"),
    }
    frames = [*(planted[n][0] for n in planted), *ethanol[9:]]
    report = quality_control(frames)
    found = {frame: set(rows["check"]) for frame, rows in report.findings.groupby("frame")}
    for number, (_, check) in planted.items():
        if check != "duplicate":
            assert check in found.pop(number)
    assert found == {20: {"duplicate"}}  # of two equal frames the first is kept
    assert (
        "the same configuration as frame 7" in report.findings.query("frame == 20")["what"].item()
    )
    assert len(report.kept) == len(frames) - len(report.rejected) == 40 - 9


def test_labels_of_another_method_are_found(ethanol):
    """Those that are fewer are rejected, by name."""
    frames = [changed(atoms, label_method="pbe") for atoms in ethanol]
    frames[4] = changed(ethanol[4], label_method="gfn2-xtb")
    report = quality_control(frames)
    assert report.rejected == [4]
    assert report.findings["what"].item() == "labelled by gfn2-xtb, most of the set by pbe"


def test_a_constraint_left_in_is_a_net_force():
    """A slab whose lower half was held: the reported forces do not add up."""
    atoms = bulk("Cu", cubic=True).repeat(2)
    atoms.rattle(0.1, seed=0)
    atoms.calc = EMT()
    energy, forces = atoms.get_potential_energy(), atoms.get_forces()
    assert quality_control([_labelled(atoms, energy, forces)]).findings.empty
    forces[:16] = 0.0
    report = quality_control([_labelled(atoms, energy, forces)])
    assert report.findings["check"].tolist() == ["net force"]
    assert report.findings["value"].item() > 0.005


def _labelled(atoms, energy, forces):
    """A copy with this label."""
    copy = atoms.copy()
    copy.calc = SinglePointCalculator(copy, energy=energy, forces=forces.copy())
    return copy


def test_neighbours_across_the_boundary_count():
    """Two atoms that are close through the periodic boundary lie in each other."""
    atoms = Atoms("Cu2", [[0.1, 0, 0], [9.9, 0, 0]], cell=[10, 10, 10], pbc=True)
    report = quality_control([_labelled(atoms, 0.0, np.zeros((2, 3)))])
    assert report.findings["check"].tolist() == ["distance"]
    assert report.findings["value"].item() == pytest.approx(0.2)


def test_the_report_says_in_a_line_what_was_found(ethanol):
    """Counts by reason."""
    report = quality_control([*ethanol[:10], ethanol[0], ethanol[1]])
    assert repr(report) == "10 frames kept, 2 rejected: duplicate 2"
    assert repr(quality_control(ethanol)) == "40 frames kept, 0 rejected: nothing found"


def test_limits_can_be_moved_and_must_be_positive(ethanol):
    """A strict limit rejects what the usual one keeps."""
    strict = quality_control(ethanol, limits=QualityLimits(largest_force=1.0))
    assert strict.rejected
    with pytest.raises(ValueError, match="energy must be positive; got 0"):
        QualityLimits(energy=0)


def test_no_frames_are_refused():
    """An empty list is a mistake somewhere before."""
    with pytest.raises(ValueError, match="at least one structure"):
        quality_control([])
