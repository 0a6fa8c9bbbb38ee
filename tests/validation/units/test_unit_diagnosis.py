"""Units told from physics: faults are named, clean data are not accused."""

import collections

import numpy as np
import pytest
from ase import Atoms, units
from ase.build import bulk, molecule
from ase.calculators.emt import EMT
from ase.calculators.singlepoint import SinglePointCalculator
from ase.constraints import FixCom
from ase.md.langevin import Langevin

from mlp_course.data import load_embedded, load_rmd17, plant_unit_faults
from mlp_course.validation import diagnose_units

COMMON = (
    "energy: Hartree", "energy: kcal/mol", "energy: kJ/mol", "energy: meV", "energy: per atom",
    "forces: Hartree/Bohr", "forces: kcal/mol/Å", "forces: eV/Bohr", "forces: sign",
    "positions: Bohr",
)  # fmt: skip
MD = ("ethanol/300K", "ethanol/500K", "ethanol/1000K", "malonaldehyde/500K", "malonaldehyde/1000K")


def labelled(atoms, calculator):
    """Single point whose labels stay with the frame."""
    frame = atoms.copy()
    frame.calc = calculator
    labels = dict(energy=frame.get_potential_energy(), forces=frame.get_forces())
    frame.calc = SinglePointCalculator(frame, **labels)
    return frame


def copper_run(temperature, repeat=(2, 2, 2), n_frames=16, seed=0):
    """Frames of a short run of copper with EMT, 60 fs apart."""
    atoms = bulk("Cu", cubic=True) * repeat
    atoms.calc = EMT()
    atoms.set_constraint(FixCom())
    dynamics = Langevin(
        atoms, 6 * units.fs, temperature_K=temperature, friction=0.05 / units.fs,
        rng=np.random.default_rng(seed),
    )  # fmt: skip
    dynamics.run(60)
    frames = []
    for _ in range(n_frames):
        dynamics.run(10)
        atoms_now = atoms.copy()
        atoms_now.set_constraint()
        frames.append(labelled(atoms_now, EMT()))
    return frames


def rattled_copper(width, n_frames=16):
    """Independent frames of copper shaken by a normal distribution, in Å."""
    frames = []
    for seed in range(n_frames):
        atoms = bulk("Cu", cubic=True) * (2, 2, 2)
        atoms.rattle(width, seed=seed)
        frames.append(labelled(atoms, EMT()))
    return frames


def relabelled(frames, energy):
    """Frames whose energies went through a function of frame and energy."""
    copies = []
    for atoms in frames:
        copy = atoms.copy()
        changed = energy(atoms, atoms.get_potential_energy())
        copy.calc = SinglePointCalculator(copy, energy=changed, forces=atoms.get_forces())
        copies.append(copy)
    return copies


def without_references(frames):
    """Energies with free atoms subtracted (eV, PBE-like)."""
    atom = {1: -13.6, 6: -1028.7, 8: -2041.0}
    return relabelled(frames, lambda a, e: e - sum(atom[int(z)] for z in a.numbers))


@pytest.fixture(scope="module")
def real():
    """Sets of both molecules and of periodic copper."""
    sets = {name: load_embedded(name) for name in (*MD, "ethanol/rattled")}
    sets |= {f"Cu {t} K": copper_run(t) for t in (30, 300, 1000)}
    sets |= {f"Cu shaken by {w} Å": rattled_copper(w) for w in (0.02, 0.1)}
    return sets


@pytest.mark.slow
def test_of_200_spoilt_copies_at_least_97_percent_are_named(real):
    """Each fault leaves its mark on sets of 8 to 30 frames, of molecules and of a crystal."""
    rng = np.random.default_rng(2018)
    table, missed = collections.Counter(), []
    for _ in range(200):
        name, fault = rng.choice(list(real)), str(rng.choice(COMMON))
        size = min(int(rng.integers(8, 31)), len(real[name]))
        chosen = np.sort(rng.choice(len(real[name]), size, replace=False))
        found = diagnose_units(plant_unit_faults([real[name][k] for k in chosen], fault))
        table[fault, str(found).split(" (")[0]] += 1
        if found.faults != (fault,) or fault not in str(found) or "consistent" in str(found):
            missed.append((name, size, fault, str(found)))
    for (planted, said), count in sorted(table.items()):
        print(f"{planted:24s} -> {said:40s} {count}")
    assert len(missed) <= 6, missed


def clean_sets():
    """Everything that is in order, however odd."""
    for name in (*MD, "ethanol/rattled", "ethanol/normal_modes", "ethanol/torsion"):
        yield name, load_embedded(name)[:25]
    yield "one path", load_embedded("malonaldehyde/proton_transfer")
    mixed = load_embedded("ethanol/500K")[:15] + load_embedded("malonaldehyde/500K")[:15]
    yield "two compositions", mixed
    yield "references subtracted", without_references(mixed)
    yield "mean subtracted", relabelled(load_embedded("ethanol/500K")[:20], lambda a, e: e + 4209)
    for name in ("ethanol/500K", "malonaldehyde/1000K"):
        frames = load_embedded(name)
        yield f"two frames of {name}", frames[5:7]
        yield f"one frame of {name}", frames[3:4]
    yield "copper, 300 K", copper_run(300)
    yield "copper, 5 K", copper_run(5)
    yield "copper, 1000 K", copper_run(1000)
    yield "copper, 1 frame", copper_run(300, n_frames=1)
    yield "copper, 2 frames", copper_run(300, n_frames=2)
    yield "copper, 4 atoms", copper_run(300, repeat=(1, 1, 1))
    yield "copper, shaken", rattled_copper(0.15)
    yield "copper at rest", [labelled(bulk("Cu", cubic=True) * (2, 2, 2), EMT())] * 3
    shifted = relabelled(copper_run(300), lambda a, e: e - 3.5 * len(a))
    yield "copper, cohesive energies", shifted


@pytest.mark.slow
def test_no_clean_set_is_accused():
    """Odd zeros of energy, rest, cold, heat, mixtures and single frames are no faults."""
    said = {name: diagnose_units(frames) for name, frames in clean_sets()}
    assert {name: str(found) for name, found in said.items() if found.faults} == {}
    sure = [name for name, found in said.items() if found.verdict == "consistent"]
    assert len(sure) >= len(said) - 2, {name: str(found) for name, found in said.items()}


def test_xtb_totals_are_not_taken_for_something_else():
    """GFN2-xTB counts valence electrons: -310 eV for ethanol are no Rydbergs of all electrons."""
    pytest.importorskip("tblite")
    from tblite.ase import TBLite

    frames = []
    for seed in range(6):
        for name in ("CH3CH2OH", "H2O"):
            atoms = molecule(name)
            atoms.rattle(0.04, seed=seed)
            frames.append(labelled(atoms, TBLite(method="GFN2-xTB", verbosity=0)))
    for chosen in (frames, frames[:1], frames[1::2]):
        assert diagnose_units(chosen).verdict == "consistent"


def test_all_numbers_of_one_program_are_one_fault_each():
    """Hartree, Hartree/Bohr and Bohr together are consistent work; bonds and stiffness tell."""
    frames = load_embedded("ethanol/500K")[:20]
    faults = ("energy: Hartree", "forces: Hartree/Bohr", "positions: Bohr")
    found = diagnose_units(plant_unit_faults(frames, faults))
    assert set(found.faults) == set(faults)
    gradients = diagnose_units(plant_unit_faults(frames, (*faults[:2], "forces: sign")))
    assert set(gradients.faults) == {*faults[:2], "forces: sign"}


def test_repair_gives_the_frames_back():
    """What was planted, named and repaired has the energies, forces and places it had."""
    frames = load_embedded("malonaldehyde/500K")[:20]
    spoilt = plant_unit_faults(frames, ("energy: kcal/mol", "forces: kcal/mol/Å"))
    found = diagnose_units(spoilt)
    for before, after in zip(frames, found.repaired(spoilt), strict=True):
        assert after.get_potential_energy() == pytest.approx(before.get_potential_energy())
        np.testing.assert_allclose(after.get_forces(), before.get_forces(), rtol=1e-12)
    assert "multiply energies by 0.04336" in found.repair


def test_a_mixture_is_told_frame_by_frame():
    """Five percent in Hartree are named with their number, and only they are repaired."""
    frames = load_embedded("ethanol/500K")[:100]
    wrong = [3, 40, 41, 77, 99]
    for place in wrong:
        frames[place] = plant_unit_faults([frames[place]], "energy: Hartree")[0]
    found = diagnose_units(frames)
    assert found.strange == {"energy: Hartree": wrong}
    assert str(found).startswith("energy: Hartree in 5 of 100 frames")
    energies = [atoms.get_potential_energy() for atoms in found.repaired(frames)]
    assert np.ptp(energies) < 3  # eV


def test_what_says_nothing_is_not_judged():
    """A lone atom has no bonds, no forces and no differences."""
    atom = Atoms("Ar")
    atom.calc = SinglePointCalculator(atom, energy=0.0, forces=np.zeros((1, 3)))
    assert str(diagnose_units(atom)) == "cannot tell"


def test_one_frame_is_enough_for_totals_and_distances():
    """A single configuration betrays Hartree by its total, Bohr by its bonds."""
    (frame,) = load_embedded("ethanol/500K")[10:11]
    for fault in ("energy: Hartree", "positions: Bohr"):
        (spoilt,) = plant_unit_faults([frame], fault)
        assert diagnose_units(spoilt).faults == (fault,)


def test_real_rmd17_is_clean(rmd17_root):
    """Published labels, converted by the loader, belong together."""
    for name in ("ethanol", "aspirin"):
        frames = load_rmd17(name, root=rmd17_root)[:20]
        assert diagnose_units(frames).verdict == "consistent"


def test_a_set_mostly_in_hartree_is_told_too():
    """Twenty frames in eV and eighty in Hartree: the eighty are named, not a third unit."""
    frames = load_embedded("ethanol/500K")[:100]
    frames[20:] = plant_unit_faults(frames[20:], "energy: Hartree")
    found = diagnose_units(frames)
    assert found.strange == {"energy: Hartree": list(range(20, 100))}


def with_labels(atoms, seed):
    """A copy with labels that mean nothing."""
    rng = np.random.default_rng(seed)
    copy, forces = atoms.copy(), rng.normal(size=(len(atoms), 3))
    copy.calc = SinglePointCalculator(copy, energy=rng.normal(), forces=forces)
    return copy


@pytest.mark.parametrize("spoil", ["coincident", "no cell", "tiny cell"])
def test_broken_geometry_is_answered_at_once(spoil):
    """Atoms in one place, "periodic" without a cell, a cell of 0.001 Å: no crash, no hang."""
    atoms = molecule("H2O")
    if spoil == "coincident":
        atoms.positions[1] = atoms.positions[2]
    else:
        atoms.set_pbc(True)
        atoms.set_cell([0.001 * (spoil == "tiny cell")] * 3)
    frames = [with_labels(atoms, seed) for seed in range(10)]
    assert diagnose_units(frames).verdict in ("cannot tell", "faulty", "consistent")


def test_one_frame_of_a_force_field_says_nothing_of_its_energy():
    """The size of one binding energy names no unit, and the diagnosis says so."""
    (frame,) = rattled_copper(0.1, n_frames=1)
    for energy in ([], ["energy: Hartree"], ["energy: kcal/mol"]):
        (spoilt,) = plant_unit_faults([frame], energy) if energy else [frame]
        found = diagnose_units(spoilt)
        assert found.verdict == "cannot tell" or "energy" in found.cannot_tell
