"""The guard at the door: every frame is looked at, and nothing in order is turned away."""

import time

import ase.io
import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT
from ase.calculators.lj import LennardJones
from ase.calculators.morse import MorsePotential

from mlp_course.data import (
    SuspiciousUnits,
    check_units,
    list_embedded,
    load_embedded,
    load_extxyz,
    load_md17,
    load_rmd17,
    plant_unit_faults,
    repair_unit_faults,
    suspicious_frames,
)
from mlp_course.reference import label_here
from mlp_course.sampling import bent_molecules, twin_molecules, twisted_chains

SEEN_IN_ONE_FRAME = (
    "energy: Hartree", "energy: kcal/mol", "energy: meV", "forces: Hartree/Bohr",
    "forces: kcal/mol/Å", "forces: sign", "positions: Bohr",
)  # fmt: skip


@pytest.fixture(scope="module")
def frames():
    """300 warm ethanols."""
    return load_embedded("ethanol/500K")[:300]


def spoil(frames, fault, share, seed=0):
    """Some of the frames in another unit; which."""
    rng = np.random.default_rng(seed)
    wrong = rng.permutation(len(frames))[: max(1, round(share * len(frames)))].tolist()
    mixed = list(frames)
    for place in wrong:
        mixed[place] = plant_unit_faults([frames[place]], fault)[0]
    return mixed, set(wrong)


@pytest.mark.parametrize("fault", SEEN_IN_ONE_FRAME)
@pytest.mark.parametrize("share", [0.01, 0.05, 0.2, 0.5, 1.0])
def test_one_percent_is_enough(frames, fault, share):
    """Three frames of 300 are refused as well as half of them, and no other is blamed."""
    mixed, wrong = spoil(frames, fault, share)
    with pytest.raises(SuspiciousUnits, match="do not look as if") as refusal:
        check_units(mixed)
    found = {place for places in refusal.value.findings.values() for place in places}
    assert set(refusal.value.findings) == {fault}
    assert found <= wrong
    assert len(found) >= 0.6 * len(wrong)


def test_twenty_of_three_hundred_in_hartree_do_not_slip_through(frames):
    """A guard that asks for 99 percent in order would be no guard; this one names all twenty."""
    mixed, wrong = spoil(frames, "energy: Hartree", 20 / 300)
    assert suspicious_frames(mixed) == {"energy: Hartree": sorted(wrong)}


def test_everything_in_atomic_units_is_refused(frames):
    """Hartree, Hartree/Bohr and Bohr fit together, and are refused all the same."""
    faults = ("energy: Hartree", "forces: Hartree/Bohr", "positions: Bohr")
    with pytest.raises(SuspiciousUnits, match="positions: Bohr"):
        check_units(plant_unit_faults(frames[:40], faults))


@pytest.mark.parametrize("fault", ["forces: eV/Bohr", "energy: per atom"])
def test_a_whole_set_is_told_by_its_work(frames, fault):
    """Factors too small for one frame show in the work of all."""
    with pytest.raises(SuspiciousUnits, match=fault):
        check_units(plant_unit_faults(frames, fault))


def test_nothing_embedded_is_refused():
    """Heat, rest, paths, small parts and all of it together pass."""
    everything = []
    for name in list_embedded().index:
        frames = load_embedded(name)
        for part in (frames, frames[:3], frames[:2], frames[:1]):
            assert suspicious_frames(part) == {}, name
        everything += frames
    assert suspicious_frames(everything) == {}


@pytest.mark.parametrize("width", [0.005, 0.05, 0.15])
def test_copper_passes_and_its_wrong_energies_do_not(width):
    """EMT's totals near zero give no hint; the work of the forces does, frame by frame."""
    crystals = [bulk("Cu", cubic=True) * (2, 2, 2) for _ in range(40)]
    for seed, atoms in enumerate(crystals):
        atoms.rattle(width, seed=seed)
    copper = label_here(crystals, EMT())
    assert suspicious_frames(copper) == {}
    mixed, wrong = spoil(copper, "forces: Hartree/Bohr", 0.05)
    assert suspicious_frames(mixed) == {"forces: Hartree/Bohr": sorted(wrong)}


def toys():
    """Made-up potentials, as in lessons and tests."""
    rng = np.random.default_rng(0)
    chain = [Atoms("H4", [[1.1 * k, 0, 0] for k in range(4)]) for _ in range(20)]
    argon = [Atoms("Ar3", [[0, 0, 0], [3.8, 0, 0], [1.9, 3.3, 0]]) for _ in range(20)]
    for atoms in (*chain, *argon):
        atoms.positions += rng.normal(scale=0.08, size=atoms.positions.shape)
    yield label_here(chain, MorsePotential(r0=1.0, epsilon=2.0))
    yield label_here(argon, LennardJones(sigma=3.4, epsilon=0.0104, rc=20.0))
    yield label_here(argon, MorsePotential(r0=3.8, epsilon=1.0))
    yield bent_molecules(12)  # bonds twice as long as real ones
    yield twin_molecules(6)
    yield twisted_chains()
    pair = [Atoms("H2", [[0, 0, 0], [0, 0, d]]) for d in np.linspace(0.6, 3.0, 25)]
    yield label_here(pair, MorsePotential(r0=0.74, epsilon=4.5))


@pytest.mark.parametrize("number", range(7))
def test_toy_potentials_are_let_in(number):
    """Morse and Lennard-Jones are consistent in themselves; their stiffness is their own."""
    assert suspicious_frames(list(toys())[number]) == {}


def test_a_thousand_ethanols_take_a_tenth_of_a_second():
    """The price is small beside training, in processor time."""
    frames = load_embedded("ethanol/500K")
    suspicious_frames(frames[:10])
    seconds = []
    for _ in range(3):
        start = time.process_time()
        suspicious_frames(frames)
        seconds.append(time.process_time() - start)
    assert len(frames) == 1000
    assert min(seconds) < 0.1 * 2  # twice the goal: machines differ


def test_none_lets_everything_pass_and_other_units_are_refused(frames):
    """The check can be switched off; it cannot be asked for another unit."""
    spoilt = plant_unit_faults(frames[:20], "energy: Hartree")
    assert check_units(spoilt, expects_units=None) == spoilt
    with pytest.raises(ValueError, match="got 'Hartree, Bohr'"):
        check_units(spoilt, expects_units="Hartree, Bohr")


def test_extended_xyz_is_refused_by_name(frames, tmp_path):
    """The message has file, frame and cure."""
    mixed, wrong = spoil(frames[:50], "energy: Hartree", 0.02)
    ase.io.write(tmp_path / "shared.xyz", mixed)
    with pytest.raises(SuspiciousUnits, match=rf"shared.xyz: 1 of 50 .*frame {min(wrong)}"):
        load_extxyz(tmp_path / "shared.xyz")
    assert len(load_extxyz(tmp_path / "shared.xyz", expects_units=None)) == 50
    with pytest.raises(FileNotFoundError, match="there is no file"):
        load_extxyz(tmp_path / "nowhere.xyz")


def test_an_npz_that_lies_about_its_unit_is_refused(frames, tmp_path):
    """Hartrees in a file of the MD17 family, which are kcal/mol unless the file says otherwise."""
    arrays = {
        "z": frames[0].numbers,
        "R": np.array([a.positions for a in frames]),
        "E": np.array([a.get_potential_energy() for a in frames]) / 27.211386,
        "F": np.array([a.get_forces() for a in frames]) / 27.211386,
    }
    np.savez(tmp_path / "liar.npz", **arrays)
    with pytest.raises(SuspiciousUnits, match=r"liar.npz"):
        load_md17(tmp_path / "liar.npz")
    np.savez(tmp_path / "honest.npz", **arrays, e_unit="Hartree")
    assert len(load_md17(tmp_path / "honest.npz")) == 300
    assert len(load_md17(tmp_path / "liar.npz", expects_units=None)) == 300


def test_real_rmd17_passes(rmd17_root):
    """Published files come in without a word."""
    for name in ("ethanol", "malonaldehyde", "aspirin"):
        assert len(load_rmd17(name, root=rmd17_root)) == 1000


def test_planting_and_repairing_are_inverse(frames):
    """Two faults there and back leave the numbers as they were; a cell goes with its atoms."""
    crystal = bulk("Cu", cubic=True)
    crystal.rattle(0.05, seed=0)
    originals = [*frames[:2], *label_here([crystal], EMT())]
    faults = ("positions: Bohr", "energy: per atom")
    spoilt = plant_unit_faults(originals, faults)
    assert spoilt[2].cell.lengths()[0] == pytest.approx(3.61 / 0.529177, rel=1e-5)
    for before, after in zip(originals, repair_unit_faults(spoilt, faults), strict=True):
        np.testing.assert_allclose(after.positions, before.positions, rtol=1e-12)
        assert after.get_potential_energy() == pytest.approx(before.get_potential_energy())
    with pytest.raises(ValueError, match="no fault 'energy: erg'"):
        plant_unit_faults(frames[:1], "energy: erg")
