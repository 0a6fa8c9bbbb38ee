"""Labelling: no label is lost, none is computed twice, none is made up."""

import json
import os
import signal
import subprocess
import sys
import time
import warnings
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk, molecule
from ase.calculators.calculator import CalculationFailed
from ase.calculators.emt import EMT

from mlp_course.reference import SCFNotConverged, label, labelling, reference_calculator
from mlp_course.reference.labelling import (
    JournalledCalculator,
    LabelJournal,
    bare,
    geometry_key,
    single_point,
)


class HerePool:
    """A pool that computes at once, in this process, and counts."""

    def __init__(self):
        self.computed = []

    def __enter__(self):
        return self

    def __exit__(self, *reason):
        return False

    def submit(self, function, atoms, method):
        self.computed.append(geometry_key(atoms))
        job = Future()
        try:
            job.set_result(function(atoms, method))
        except BaseException as error:
            job.set_exception(error)
        return job

    def shutdown(self, **options):
        """There is nothing to stop."""


@pytest.fixture
def pool(monkeypatch):
    """Label in this process and count what is computed."""
    here = HerePool()
    monkeypatch.setattr(labelling, "process_pool", lambda n_workers: here)
    return here


def by_hand(frames):
    """Label with EMT directly."""
    energies, forces = [], []
    for atoms in frames:
        copy = atoms.copy()
        copy.calc = EMT()
        energies.append(copy.get_potential_energy())
        forces.append(copy.get_forces())
    return energies, forces


def test_labels_are_those_of_the_calculator_in_order(waters, journal, pool):
    """Energies (eV) and forces (eV/Å) belong to their frames, and the frames stay as they were."""
    frames = waters(6)
    before = [atoms.copy() for atoms in frames]
    labelled = label(frames, method="emt", journal=journal, progress=False)
    energies, forces = by_hand(frames)
    for atoms, frame, energy, force in zip(labelled, frames, energies, forces, strict=True):
        np.testing.assert_array_equal(atoms.positions, frame.positions)
        assert atoms.get_potential_energy() == pytest.approx(energy, abs=1e-12)
        np.testing.assert_allclose(atoms.get_forces(), force, atol=1e-12)
    assert frames == before
    assert all(atoms.calc is None for atoms in frames)


def test_two_processes_label_as_one(waters, journal):
    """Real worker processes give the same labels, one thread each."""
    frames = waters(5)
    labelled = label(frames, method="emt", journal=journal, n_workers=2, progress=False)
    energies, _ = by_hand(frames)
    found = [atoms.get_potential_energy() for atoms in labelled]
    np.testing.assert_allclose(found, energies, atol=1e-12)


def test_known_labels_are_not_computed_again(waters, journal, pool):
    """A second run computes only what is new; equal frames are computed once."""
    frames = waters(4)
    label(frames[:2], method="emt", journal=journal, progress=False)
    labelled = label([*frames, frames[0]], method="emt", journal=journal, progress=False)
    assert len(labelled) == 5
    assert pool.computed == [geometry_key(atoms) for atoms in frames]


def test_each_method_has_its_own_labels(waters, journal, pool):
    """The label of one method is never given out as that of another."""
    frames = waters(2)
    label(frames, method="emt", journal=journal, progress=False)
    xtb = label(frames, method="gfn2-xtb", journal=journal, progress=False)
    assert len(pool.computed) == 4
    assert xtb[0].get_potential_energy() < -100  # eV; EMT says some eV


def test_a_line_cut_short_costs_one_label(waters, journal, pool):
    """Truncated at any byte of its last record, the journal loses that record and no other."""
    frames = waters(3)
    first = label(frames, method="emt", journal=journal, progress=False)
    whole = journal.read_bytes()
    lost = json.loads(whole.splitlines()[-1])["key"]
    start = whole[:-1].rfind(b"\n") + 1  # of the last line
    for end in (start + 1, start + 40, len(whole) - 1):
        journal.write_bytes(whole[:end])
        pool.computed.clear()
        again = label(frames, method="emt", journal=journal, progress=False)
        assert pool.computed == [lost]
        for one, other in zip(first, again, strict=True):
            assert one.get_potential_energy() == other.get_potential_energy()
            np.testing.assert_array_equal(one.get_forces(), other.get_forces())
        keys = [json.loads(line)["key"] for line in journal.read_text().splitlines()]
        assert len(keys) == len(set(keys)) == 3


def test_a_label_counts_only_when_it_is_on_disk(journal, monkeypatch, waters):
    """If the disk refuses the record, the journal does not pretend to have it."""
    labels = LabelJournal(journal, "emt")
    atoms = waters(1)[0]

    def full_disk(descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        labels.add(single_point(atoms, "emt"))
    assert atoms not in labels


def test_geometries_are_told_apart():
    """1e-6 Å, another element, another cell or periodicity make another geometry."""
    base = bulk("Cu", a=3.6)
    moved, other, strained, molecule_ = base.copy(), base.copy(), base.copy(), base.copy()
    moved.positions += 1e-6
    other.numbers[0] = 47
    strained.set_cell(base.cell.array * 1.01, scale_atoms=True)
    molecule_.pbc = False
    keys = {geometry_key(atoms) for atoms in (base, moved, other, strained, molecule_)}
    assert len(keys) == 5
    assert geometry_key(base.copy()) in keys


def test_strained_crystals_get_their_own_labels(journal, pool):
    """Copper with one atom at the origin, at three lattice constants: three energies."""
    crystals = [bulk("Cu", a=a) for a in (3.5, 3.6, 3.7)]
    labelled = label(crystals, method="emt", journal=journal, progress=False)
    energies, _ = by_hand(crystals)
    np.testing.assert_allclose([a.get_potential_energy() for a in labelled], energies, atol=1e-12)
    assert len(set(energies)) == 3


class Stubborn(EMT):
    """An SCF that does not converge for the second frame."""

    hopeless = ""
    error = SCFNotConverged

    def calculate(self, atoms=None, *rest):
        if geometry_key(atoms) == self.hopeless:
            raise self.error("SCF of H2O not converged in 100 cycles")
        super().calculate(atoms, *rest)


@pytest.mark.parametrize("error", [SCFNotConverged, CalculationFailed])
def test_an_unconverged_scf_is_recorded_and_reported(waters, journal, pool, monkeypatch, error):
    """It gives no label, a warning with the reason and a line in the journal; it is not retried."""
    frames = waters(3)
    monkeypatch.setattr(Stubborn, "hopeless", geometry_key(frames[1]))
    monkeypatch.setattr(Stubborn, "error", error)
    monkeypatch.setitem(labelling.reference_calculator.__globals__["_RUNGS"], "emt", Stubborn)
    with pytest.warns(UserWarning, match=r"1 configurations got no label .* SCF of H2O not conv"):
        labelled = label(frames, method="emt", journal=journal, progress=False)
    kept = [geometry_key(atoms) for atoms in labelled]
    assert kept == [geometry_key(frames[0]), geometry_key(frames[2])]
    records = [json.loads(line) for line in journal.read_text().splitlines()]
    refused = [record for record in records if "refused" in record]
    assert [record["key"] for record in refused] == [geometry_key(frames[1])]
    assert "energy" not in refused[0]
    with pytest.warns(UserWarning, match="got no label"):
        label(frames, method="emt", journal=journal, progress=False)
    assert len(pool.computed) == 3


def test_a_real_xtb_that_fails_is_refused():
    """GFN2-xTB itself gives up after one cycle: that is a refusal, not a label."""
    atoms = molecule("CH3CH2OH")
    failing = reference_calculator("gfn2-xtb", max_iterations=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labelling, "reference_calculator", lambda method: failing)
        record = single_point(atoms, "gfn2-xtb")
    assert "not converged" in record["refused"]
    assert "energy" not in record


def test_other_errors_stop_the_run(waters, journal, pool):
    """A mistake is not taken for a refusal: nothing of it is written, the run can be repeated."""
    frames = waters(2)
    uranium = Atoms("U2", [[0, 0, 0], [0, 0, 2]])
    with pytest.raises(NotImplementedError):
        label([*frames, uranium], method="emt", journal=journal, progress=False)
    assert len(label(frames, method="emt", journal=journal, progress=False)) == 2
    records = [json.loads(line) for line in journal.read_text().splitlines()]
    assert sorted(r["key"] for r in records) == sorted(map(geometry_key, frames))
    assert all("energy" in record for record in records)


def test_a_journalled_calculator_computes_each_geometry_once(waters, journal):
    """Energy and forces come from one entry; a second calculator finds it in the file."""
    pool = HerePool()
    atoms = waters(1)[0]
    (energy,), (forces,) = by_hand([atoms])
    for _ in range(2):
        calculated = atoms.copy()
        calculated.calc = JournalledCalculator(LabelJournal(journal, "emt"), pool)
        assert calculated.get_potential_energy() == pytest.approx(energy, abs=1e-12)
        np.testing.assert_allclose(calculated.get_forces(), forces, atol=1e-12)
    assert len(pool.computed) == 1


def test_a_journalled_refusal_stays_one(waters, journal):
    """An optimiser driven by the journal is stopped by a refusal, the second time too."""
    atoms = waters(1)[0]
    labels = LabelJournal(journal, "emt")
    labels.add({"key": geometry_key(atoms), "method": "emt", "refused": "gave up", "seconds": 1})
    atoms.calc = JournalledCalculator(labels, HerePool())
    with pytest.raises(SCFNotConverged, match="gave up"):
        atoms.get_potential_energy()


def test_bare_copies_only_the_configuration():
    """No calculator, no constraint, no old info: what is labelled is the configuration alone."""
    atoms = bulk("Cu")
    atoms.calc = EMT()
    atoms.info["old"] = 1
    copy = bare(atoms, new=2)
    assert copy.calc is None
    assert copy.info == {"new": 2}
    assert copy == atoms
    copy.positions += 1
    assert copy != atoms


SCRIPT = """
import sys
import numpy as np
from ase.build import molecule
from mlp_course.reference import label

def frames():
    rng = np.random.default_rng(0)
    for _ in range(60):
        atoms = molecule("CH3CH2OH")
        atoms.positions += rng.normal(scale=0.03, size=atoms.positions.shape)
        yield atoms

if __name__ == "__main__":
    labelled = label(list(frames()), method="gfn2-xtb", journal=sys.argv[1], n_workers=2,
                     progress=False)
    print(*[f"{a.get_potential_energy():.9f}" for a in labelled])
"""


def children(pid):
    """Processes started by a process (Linux)."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid):
    """Tell whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_killed_labelling_run_loses_and_repeats_nothing(tmp_path):
    """SIGKILL twice in a run with GFN2-xTB: 60 frames get 60 records, and no worker is left."""
    script, journal = tmp_path / "run.py", tmp_path / "ethanol.journal"
    script.write_text(SCRIPT)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(script), str(journal)]
    surviving = set()
    for n_labels in (5, 25):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        wait_until(lambda n=n_labels: lines(journal) >= n)
        workers = children(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.returncode == -signal.SIGKILL
        wait_until(lambda w=workers: not any(map(is_running, w)))
        kept = set(journal.read_text().splitlines(keepends=True)[:-1])
        assert surviving <= kept
        surviving = kept
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    records = journal.read_text().splitlines(keepends=True)
    keys = [json.loads(record)["key"] for record in records]
    assert len(keys) == len(set(keys)) == 60
    assert surviving <= set(records)
    assert len(finished.stdout.split()) == 60


def lines(path):
    """Finished lines of a file that may not exist yet."""
    return path.read_bytes().count(b"\n") if path.exists() else 0


def wait_until(condition, seconds=120):
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_nothing_refused_nothing_warned(waters, journal, pool):
    """A clean run is quiet."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        labelled = label(waters(1), method="emt", journal=journal, progress=False)
    assert len(labelled) == 1


@pytest.mark.parametrize(
    "text",
    [
        "my notes",
        "first line\nsecond",
        '{"key": "k", "method": "emt", "energy": NaN, "forces": [[0, 0, 0]]}\n',
        '{"key": "k", "method": "emt", "ener\n{"key": "l"}\n',
        "\x00\x00",
    ],
)
def test_a_file_that_is_no_journal_is_left_alone(tmp_path, text):
    """A wrong path costs nothing: the error names file and line, and not a byte is changed."""
    path = tmp_path / "notes.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"notes\.txt, line \d, is no label of a journal"):
        LabelJournal(path, "emt")
    assert path.read_text() == text
