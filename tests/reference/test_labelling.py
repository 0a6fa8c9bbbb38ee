"""Labelling: no label is lost, none is computed twice, none is made up."""

import contextlib
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import warnings
from functools import partial

import numpy as np
import psutil
import pytest
from ase import Atoms
from ase.build import bulk, molecule
from ase.calculators.calculator import CalculationFailed, InputError
from ase.calculators.emt import EMT

from mlp_course.reference import (
    SCFNotConverged,
    jobs,
    label,
    local_client,
    read_labels,
    reference_calculator,
)
from mlp_course.reference.configuration import bare, geometry_key
from mlp_course.reference.jobs import method_name, single_point, single_points
from mlp_course.reference.store import LabelStore
from mlp_course.reference.stored_calculator import StoredCalculator


class CountingEMT(EMT):
    """EMT that says which geometries it computes, and fails for those it is told to."""

    computed: list = []
    hopeless: tuple = ()
    error: type = SCFNotConverged

    def calculate(self, atoms=None, *rest):
        key = geometry_key(atoms)
        self.computed.append(key)
        if key in self.hopeless:
            raise self.error("SCF of H2O not converged in 100 cycles")
        super().calculate(atoms, *rest)


@pytest.fixture
def counting(monkeypatch):
    """A calculator in this process whose work is counted."""
    monkeypatch.setattr(CountingEMT, "computed", [])
    monkeypatch.setattr(CountingEMT, "hopeless", ())
    return CountingEMT


def by_hand(frames):
    """Label with EMT directly."""
    energies, forces = [], []
    for atoms in frames:
        copy = atoms.copy()
        copy.calc = EMT()
        energies.append(copy.get_potential_energy())
        forces.append(copy.get_forces())
    return energies, forces


def test_labels_are_those_of_the_calculator_in_order(waters, store, here):
    """Energies (eV) and forces (eV/Å) belong to their frames, and the frames stay as they were."""
    frames = waters(6)
    before = [atoms.copy() for atoms in frames]
    labelled = label(frames, "emt", store=store, client=here, progress=False)
    energies, forces = by_hand(frames)
    for atoms, frame, energy, force in zip(labelled, frames, energies, forces, strict=True):
        np.testing.assert_array_equal(atoms.positions, frame.positions)
        assert atoms.get_potential_energy() == pytest.approx(energy, abs=1e-12)
        np.testing.assert_allclose(atoms.get_forces(), force, atol=1e-8)
    assert frames == before
    assert all(atoms.calc is None for atoms in frames)
    assert len(read_labels(store)) == 6


def test_two_processes_label_as_one(waters, store):
    """Real worker processes give the same labels, one thread each, and end without a word."""
    frames = waters(5)
    with local_client(2) as client:
        labelled = label(frames, "emt", store=store, client=client, progress=False)
        threads = client.run(os.environ.get, "OMP_NUM_THREADS")
    energies, _ = by_hand(frames)
    found = [atoms.get_potential_energy() for atoms in labelled]
    np.testing.assert_allclose(found, energies, atol=1e-12)
    assert list(threads.values()) == ["1", "1"]
    assert not logging.getLogger("distributed.batched").isEnabledFor(logging.INFO)


def test_known_labels_are_not_computed_again(waters, store, here, counting):
    """A second run computes only what is new; equal frames are computed once."""
    frames = waters(4)
    label(frames[:2], counting, store=store, client=here, progress=False)
    again = [*frames, frames[0]]
    labelled = label(again, counting, store=store, client=here, progress=False)
    assert len(labelled) == 5
    assert sorted(counting.computed) == sorted(geometry_key(atoms) for atoms in frames)


def test_each_method_has_its_own_labels(waters, store, here):
    """The label of one method is never given out as that of another."""
    frames = waters(2)
    label(frames, "emt", store=store, client=here, progress=False)
    xtb = label(frames, "gfn2-xtb", store=store, client=here, progress=False)
    assert xtb[0].get_potential_energy() < -100  # eV; EMT says some eV
    assert len(read_labels(store, method="emt")) == len(read_labels(store, method="gfn2-xtb")) == 2


def test_settings_of_a_calculator_are_part_of_its_name():
    """The same program with other settings is another method."""
    hot = partial(reference_calculator, "gfn2-xtb", electronic_temperature=1000.0)
    names = {method_name(x) for x in ("gfn2-xtb", partial(reference_calculator, "gfn2-xtb"), hot)}
    assert len(names) == 3


def test_strained_crystals_get_their_own_labels(store, here):
    """Copper with one atom at the origin, at three lattice constants: three energies."""
    crystals = [bulk("Cu", a=a) for a in (3.5, 3.6, 3.7)]
    labelled = label(crystals, "emt", store=store, client=here, progress=False)
    energies, _ = by_hand(crystals)
    np.testing.assert_allclose([a.get_potential_energy() for a in labelled], energies, atol=1e-12)
    assert len(set(energies)) == 3


@pytest.mark.parametrize(
    "error", [SCFNotConverged, CalculationFailed, ZeroDivisionError, InputError]
)
def test_a_failed_job_goes_to_quarantine(waters, store, here, counting, monkeypatch, error):
    """No label, a warning with the reason, a frame in the quarantine; it is not tried again."""
    frames = waters(3)
    monkeypatch.setattr(counting, "hopeless", (geometry_key(frames[1]),))
    monkeypatch.setattr(counting, "error", error)
    options = dict(store=store, client=here, progress=False)
    with pytest.warns(UserWarning, match=r"1 configurations got no label .* SCF of H2O not conv"):
        labelled = label(frames, counting, **options)
    assert [geometry_key(a) for a in labelled] == [geometry_key(frames[n]) for n in (0, 2)]
    (refused,) = LabelStore(store).refused.read()
    assert refused.info["label_refused"].startswith(error.__name__)
    assert geometry_key(refused) == geometry_key(frames[1])
    with pytest.warns(UserWarning, match="got no label"):
        label(frames, counting, **options)
    assert len(counting.computed) == 3
    LabelStore(store).refused.path.unlink()
    monkeypatch.setattr(counting, "hopeless", ())
    assert len(label(frames, counting, **options)) == 3


def test_a_real_xtb_that_fails_is_refused():
    """GFN2-xTB itself gives up after one cycle: that is a refusal, not a label."""
    failing = partial(reference_calculator, "gfn2-xtb", max_iterations=1)
    text = single_point(molecule("CH3CH2OH"), failing, method="xtb")
    assert "not converged" in text
    assert "energy=" not in text


def test_a_label_that_is_no_number_is_refused(waters):
    """NaN must not get into a training set."""

    class Broken(EMT):
        def calculate(self, *rest):
            super().calculate(*rest)
            self.results["forces"][0, 0] = float("nan")

    assert "not finite" in single_point(waters(1)[0], Broken, method="broken")


def test_a_mistake_stops_the_run(waters, store, here):
    """It is not taken for a refusal: nothing of it is written, the run can be repeated."""
    frames = waters(2)
    uranium = Atoms("U2", [[0, 0, 0], [0, 0, 2]])
    with pytest.raises(NotImplementedError):
        label([*frames, uranium], "emt", store=store, client=here, progress=False)
    assert len(label(frames, "emt", store=store, client=here, progress=False)) == 2
    assert len(read_labels(store)) == 2


def test_a_calculator_that_cannot_be_built_is_told_at_once(waters, store):
    """Before any worker is started, and before a file is there."""
    with pytest.raises(ValueError, match="no reference method 'ccsd'"):
        label(waters(1), "ccsd", store=store)
    assert not store.exists()


def test_nothing_to_label_is_refused(store):
    """An empty list is a mistake somewhere before."""
    with pytest.raises(ValueError, match="frames must hold at least one structure"):
        label([], "emt", store=store)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda a: a.positions.__setitem__((0, 0), np.nan), "frame 1: positions must be finite"),
        (lambda a: a.__delitem__([0, 1, 2]), "frame 1: has no atoms"),
        (lambda a: a.info.update(energy=1.0), r"frame 1: info\['energy'\] has the name of a label"),
        (
            lambda a: a.info.update(note="a\nb"),
            r"info\['note'\] must be a number, a string without",
        ),
        (lambda a: a.info.update(note="C:\\new"), "or the file would not give it back"),
        (lambda a: a.info.update(like=Atoms("H")), r"info\['like'\] must be a number"),
    ],
)
def test_what_cannot_be_labelled_is_told_before_anything_runs(waters, store, change, words):
    """The frame, the rule, and no file."""
    frames = waters(2)
    change(frames[1])
    with pytest.raises(ValueError, match=words):
        label(frames, "emt", store=store)
    assert not store.exists()


def test_other_things_in_info_may_stay(waters, store, here):
    """Numbers, words, lists, records; one configuration alone will do."""
    (atoms,) = waters(1)
    atoms.info.update(note='say "hi", Å', n=3, x=[1.0, 2.0], origin={"seed": 1, "a": ["b"]})
    label(atoms, "emt", store=store, client=here, progress=False)
    (found,) = read_labels(store)
    assert found.info["note"] == 'say "hi", Å'
    assert found.info["origin"] == atoms.info["origin"]


def test_atoms_in_one_place_are_refused_and_do_not_stop_the_run():
    """tblite calls it an input error; it is one of the configuration alone."""
    text = single_point(Atoms("H2", [[0, 0, 0], [0, 0, 0]]), "xtb", method="xtb")
    assert 'label_refused="InputError: Too close' in text


def test_xtb_is_short_for_gfn2(waters, store, here):
    """One method under both names: the second call computes nothing."""
    frames = waters(1)
    label(frames, "xtb", store=store, client=here, progress=False)
    assert (frames[0], "gfn2-xtb") in LabelStore(store)
    assert method_name("xtb") == "gfn2-xtb"


def test_a_method_without_a_lasting_name_is_refused():
    """A parameter known by its address only would be another method in every run."""
    with pytest.raises(ValueError, match="place in memory, which changes from run to run"):
        method_name(lambda: reference_calculator("pbe", profile=object()))
    assert "\\" not in method_name(lambda: reference_calculator("pbe", inp="a\nb"))


def test_nothing_refused_nothing_warned(waters, store, here):
    """A clean run is quiet."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(label(waters(1), "emt", store=store, client=here, progress=False)) == 1


def test_a_stored_calculator_computes_each_geometry_once(waters, store, counting):
    """Energy and forces come from one entry; a second calculator finds it in the file."""
    atoms = waters(1)[0]
    (energy,), (forces,) = by_hand([atoms])
    for _ in range(2):
        calculated = atoms.copy()
        calculated.calc = StoredCalculator(LabelStore(store), counting)
        assert calculated.get_potential_energy() == pytest.approx(energy, abs=1e-12)
        np.testing.assert_allclose(calculated.get_forces(), forces, atol=1e-8)
    assert len(counting.computed) == 1


def test_a_stored_refusal_stays_one(waters, store, counting, monkeypatch):
    """An optimiser driven by the store is stopped by a refusal, the second time too."""
    atoms = waters(1)[0]
    monkeypatch.setattr(counting, "hopeless", (geometry_key(atoms),))
    for _ in range(2):
        atoms.calc = StoredCalculator(LabelStore(store), counting)
        with pytest.raises(SCFNotConverged, match="not converged in 100 cycles"):
            atoms.get_potential_energy()
    assert len(counting.computed) == 1


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
import sys, time
import numpy as np
from ase.build import molecule
from mlp_course.reference import label, local_client, reference_calculator

def frames():
    rng = np.random.default_rng(0)
    for _ in range(int(sys.argv[2])):
        atoms = molecule("CH3CH2OH")
        atoms.positions += rng.normal(scale=0.03, size=atoms.positions.shape)
        yield atoms

def slow_xtb():  # slow enough that a kill falls into the work on any machine
    time.sleep(0.05)
    return reference_calculator("gfn2-xtb")

if __name__ == "__main__":
    with local_client(2) as client:
        labelled = label(list(frames()), slow_xtb, store=sys.argv[1], client=client,
                         progress=False)
    print(*[f"{a.get_potential_energy():.9f}" for a in labelled])
"""


@pytest.fixture
def run(tmp_path, store):
    """Start the script above; what is still running at the end of a test is ended."""
    script = tmp_path / "run.py"
    script.write_text(SCRIPT)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "OMP_NUM_THREADS": "1"}
    started = []

    def start(n_frames):
        command = [sys.executable, str(script), str(store), str(n_frames)]
        started.append(
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        )
        return started[-1]

    yield start
    for process in started:
        kill(workers_of(process) if process.poll() is None else [])
        process.kill()
        process.wait()
        process.stdout.close()


def finished(store):
    """Labels on disk by their keys: first those in the spool, then those taken into the store."""
    found = {}
    for path in store.with_suffix(".spool").glob("*.xyz"):
        with contextlib.suppress(FileNotFoundError):  # taken in meanwhile
            text = path.read_text()
            found[text.split("label_key=")[1][:24]] = text
    lines = store.read_text().splitlines(keepends=True) if store.exists() else []
    for n in range(0, len(lines) - 10, 11):  # nine atoms
        text = "".join(lines[n : n + 11])
        if text.endswith("\n"):  # else it is just being written
            found[text.split("label_key=")[1][:24]] = text
    return found


def workers_of(process):
    """Numbers of the worker processes that a driver has now."""
    found = []
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if any("dask_worker" in word for word in child.cmdline()):
                    found.append(child.pid)
    return found


def kill(pids):
    """SIGKILL: no process gets a chance to tidy up."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def is_running(pid):
    """Tell whether a process exists and is no zombie, which a container may keep for ever."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until_gone(pids):
    """Wait until these processes have ended, however long that takes."""
    while any(map(is_running, pids)):
        time.sleep(0.01)


def wait_for_labels(process, store, n_labels):
    """Wait for a number of labels on disk, however long that takes, or for the run's end."""
    while len(finished(store)) < n_labels and process.poll() is None:
        time.sleep(0.01)
    assert process.poll() in (None, 0)
    return finished(store)


def kill_some(who, process, dice):
    """Kill a worker, the driver, or both; after a driver's death its workers end by themselves."""
    workers = workers_of(process)
    victims = [dice.choice(workers)] if workers and who != "driver" else []
    kill(victims if who == "worker" else [*victims, process.pid])
    if who != "worker":
        process.communicate()
        wait_until_gone(workers)
    return bool(victims) or who != "worker"


# A machine under load may take minutes where an idle one takes seconds: states are waited for.
patient = pytest.mark.timeout(3600)
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="SIGKILL as on Linux")


@pytest.mark.timeout(300)
@linux
def test_workers_that_cannot_start_are_an_error(monkeypatch):
    """Not a wait for ever, and nothing goes on in the background."""
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    before = threading.active_count()
    with pytest.raises(RuntimeError, match="ended with an error each time it was started"):
        local_client(1)
    end = time.monotonic() + 10  # s; dask's profiler sleeps before it ends
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.1)
    assert threading.active_count() <= before


@pytest.mark.timeout(300)
@linux
def test_workers_killed_while_they_start_are_replaced(waters, store):
    """dask's own supervisors give them up; a run without workers would wait for ever."""
    with local_client(2) as client:
        for delay in (0, 0.3, 1, 0.1):  # s; a start takes longer
            kill(workers_of(psutil.Process()))
            time.sleep(delay)
        assert len(label(waters(4), "emt", store=store, client=client, progress=False)) == 4
        workers = workers_of(psutil.Process())
        assert len(workers) == 2
    wait_until_gone(workers)


@pytest.mark.timeout(300)
@linux
def test_a_configuration_that_kills_its_workers_costs_no_other_label(waters, store):
    """It shares a job with others at first; in the end it alone is refused."""
    frames = waters(24)
    deadly = frames[2].positions[0, 0]

    class Deadly(EMT):
        def calculate(self, atoms=None, *rest):
            if abs(atoms.positions[0, 0] - deadly) < 1e-9:
                os.kill(os.getpid(), signal.SIGKILL)
            super().calculate(atoms, *rest)

    with local_client(1) as client, pytest.warns(UserWarning, match="1 configurations got no"):
        labelled = label(frames, Deadly, store=store, client=client, progress=False)
    assert len(labelled) == 23
    (refused,) = LabelStore(store).refused.read()
    assert geometry_key(refused) == geometry_key(frames[2])
    assert "every worker that tried it died" in refused.info["label_refused"]


def test_slow_labels_are_not_bundled(waters, tmp_path, monkeypatch):
    """One that takes longer than a bundle may leaves the rest to other workers."""
    monkeypatch.setattr(jobs, "_LONGEST", 0)
    texts = single_points(waters(3), "emt", method="emt", spool=tmp_path / "spool")
    assert len(texts) == 1


@pytest.mark.slow
@patient
@linux
@pytest.mark.parametrize("who", ["driver", "worker", "both"])
def test_a_kill_loses_and_repeats_nothing(store, run, who):
    """What was finished stays as it was to the last digit; the rest is computed once."""
    process = run(40)
    before = wait_for_labels(process, store, 5)
    assert kill_some(who, process, random.Random(0))
    if who != "worker":
        assert len(finished(store)) < 40
        process = run(40)
    energies = process.communicate()[0].split()
    assert process.returncode == 0
    assert len(energies) == 40
    assert before.items() <= finished(store).items()
    keys = [atoms.info["label_key"] for atoms in read_labels(store)]
    assert len(keys) == len(set(keys)) == 40


@pytest.mark.slow
@patient
@linux
def test_kills_at_random_cost_nothing(store, run):
    """200 GFN2-xTB jobs, six workers, two drivers and both killed at random: all as in a row."""
    dice = random.Random(0)
    victims = ["worker"] * 6 + ["driver"] * 2 + ["both"]
    dice.shuffle(victims)
    process, seen, killed = run(200), {}, 0
    for who in victims:
        now = wait_for_labels(process, store, len(seen) + dice.randint(1, 15))
        assert seen.items() <= now.items()  # nothing lost, nothing computed anew
        seen = now
        killed += process.poll() is None and kill_some(who, process, dice)
        if process.poll() is not None:
            process = run(200)
    energies = process.communicate()[0].split()
    assert len(energies) == 200
    assert killed > 5
    assert seen.items() <= finished(store).items()
    stored = read_labels(store)
    assert len({atoms.info["label_key"] for atoms in stored}) == len(stored) == 200
    for atoms in stored:
        energy, forces = atoms.get_potential_energy(), atoms.get_forces()
        atoms.calc = reference_calculator("gfn2-xtb")
        assert energy == pytest.approx(atoms.get_potential_energy(), abs=1e-6)  # eV
        np.testing.assert_allclose(forces, atoms.get_forces(), atol=1e-6)  # eV/Å
