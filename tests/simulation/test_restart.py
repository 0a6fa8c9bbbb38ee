"""A killed run goes on from its last checkpoint as if nothing had happened, to the last bit."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from ase.build import bulk
from ase.calculators.emt import EMT

from mlp_course.data import load_embedded
from mlp_course.models import MLPCalculator, load_shipped
from mlp_course.models import store as model_store
from mlp_course.simulation import (
    CheckpointDamaged,
    RunFolder,
    load_run,
    run_bussi,
    run_langevin,
    run_npt,
    run_nve,
)
from mlp_course.training.checkpoint import CheckpointMismatch

RUNS = {"NVE": run_nve, "Langevin": run_langevin, "Bussi": run_bussi, "NPT": run_npt}
STEPS, EVERY = 300, 20
SCRIPT = """
import sys
sys.path.insert(0, {here!r})
from test_restart import STEPS, begin
begin({ensemble!r}, {system!r}, {path!r})(STEPS)
"""


class Stop(Exception):
    """A kill that leaves this process alive."""


def copper():
    atoms = bulk("Cu", cubic=True).repeat((2, 1, 1))
    atoms.rattle(0.05, seed=1)
    atoms.calc = EMT()
    return atoms


def ethanol():
    atoms = load_embedded("ethanol/300K")[0]
    atoms.calc = MLPCalculator(load_shipped("ethanol_schnet"))
    return atoms


def crystal():
    """A network on a periodic crystal: here the order of the pairs follows their list."""
    atoms = bulk("Cu", cubic=True).repeat((3, 1, 1))
    atoms.rattle(0.05, seed=1)
    atoms.calc = MLPCalculator(load_shipped("copper_emt_schnet"))
    return atoms


SYSTEMS = {"copper": copper, "ethanol": ethanol, "crystal": crystal}


def begin(ensemble, system, path, **options):
    """A function of the number of steps that runs, or goes on."""
    torch.set_num_threads(1)
    settings = dict(temperature=400, interval=5, seed=3, progress=False) | options
    folder = RunFolder(path, every=EVERY) if path else None
    return lambda steps: RUNS[ensemble](SYSTEMS[system](), steps=steps, folder=folder, **settings)


def assert_same(one, other):
    """Each number of each frame and of the log, with no tolerance at all."""
    assert one.log.equals(other.log)
    assert list(one.log) == list(other.log)
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert a == b  # positions, cell, numbers, pbc
        assert np.array_equal(a.get_momenta(), b.get_momenta())
        assert np.array_equal(a.get_forces(), b.get_forces())
        assert a.get_potential_energy() == b.get_potential_energy()
        assert a.info == b.info


def killed_at_random(ensemble, system, path, wait=0.15):
    """Start the run in a process of its own and kill it at some moment after a checkpoint."""
    script = SCRIPT.format(
        here=str(Path(__file__).parent), ensemble=ensemble, system=system, path=str(path)
    )
    program = subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 60
        while not list(path.glob("checkpoint-*.safetensors")):
            assert program.poll() is None, program.stderr.read().decode()
            assert time.monotonic() < deadline
            time.sleep(0.002)
        time.sleep(random.uniform(0, wait))
    finally:
        program.send_signal(signal.SIGKILL)
        program.wait()
        program.stderr.close()
    if program.returncode == 0:  # it was quicker than we: once more, and sooner
        assert wait > 0.01
        shutil.rmtree(path)
        killed_at_random(ensemble, system, path, wait / 2)


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.parametrize(
    ("ensemble", "system"),
    [("NVE", "ethanol"), ("Langevin", "copper"), ("Bussi", "ethanol"), ("NPT", "crystal")],
)
def test_a_run_killed_at_any_moment_goes_on_to_the_last_bit(ensemble, system, tmp_path):
    """SIGKILL at a random moment, then the same call: all frames and the log are the same."""
    whole = begin(ensemble, system, tmp_path / "whole")(STEPS)
    killed_at_random(ensemble, system, tmp_path / "killed")
    resumed = begin(ensemble, system, tmp_path / "killed")(STEPS)
    assert_same(resumed, whole)
    assert_same(load_run(tmp_path / "killed"), whole)


@pytest.mark.parametrize("ensemble", RUNS)
@pytest.mark.parametrize("system", ["copper", "crystal"])
def test_a_run_stopped_anywhere_goes_on_to_the_last_bit(ensemble, system, tmp_path):
    """Stopped after each of five numbers of frames, before, at and after a checkpoint."""
    steps = 80
    whole = begin(ensemble, system, tmp_path / "whole", uncertainty=lambda atoms: 0.5)(steps)
    for last in (1, 4, 5, 9, 14):
        path, seen = tmp_path / str(last), []

        def watching(atoms, seen=seen, last=last):
            seen.append(atoms)
            if len(seen) > last:
                raise Stop
            return 0.5

        with pytest.raises(Stop):
            begin(ensemble, system, path, uncertainty=watching)(steps)
        resumed = begin(ensemble, system, path, uncertainty=lambda atoms: 0.5)(steps)
        assert_same(resumed, whole)


def test_a_recording_made_before_does_not_matter(tmp_path):
    """The calculator has been used 60 times for other geometries: it forgets them at the start."""
    fresh = begin("NVE", "ethanol", tmp_path / "fresh")(100)
    used = ethanol()
    moved = used.copy()
    moved.calc = used.calc
    for _ in range(60):
        moved.positions[0, 0] += 1e-4
        moved.get_forces()
    folder = RunFolder(tmp_path / "used", every=EVERY)
    options = dict(temperature=400, interval=5, seed=3, progress=False, folder=folder)
    assert_same(run_nve(used, steps=100, **options), fresh)


def test_a_longer_run_is_the_shorter_one_gone_on_with(tmp_path):
    """40 steps, then 80 with the same folder, are the 80 of one call."""
    begin("Bussi", "copper", tmp_path / "two")(40)
    two = begin("Bussi", "copper", tmp_path / "two")(80)
    assert_same(two, begin("Bussi", "copper", tmp_path / "one")(80))
    with pytest.raises(ValueError, match=r"holds a run of 80 steps; got steps=60"):
        begin("Bussi", "copper", tmp_path / "two")(60)


def test_a_run_that_ended_between_checkpoints_cannot_be_made_longer(tmp_path):
    """Its last checkpoint made the calculator forget where a longer run would not have."""
    begin("Bussi", "copper", tmp_path)(30)
    with pytest.raises(ValueError, match="a multiple of every=20"):
        begin("Bussi", "copper", tmp_path)(80)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (dict(temperature=300), "temperature was 400, is 300"),
        (dict(seed=4), "seed was 3, is 4"),
        (dict(timestep=1.0), "timestep was 0.5, is 1.0"),
        (dict(relaxation=50.0), "relaxation was 100.0, is 50.0"),
        (dict(interval=10), "interval was 5, is 10"),
    ],
)
def test_a_checkpoint_of_other_settings_is_refused(change, said, tmp_path):
    """The error names what differs; the folder stays as it is."""
    begin("Bussi", "copper", tmp_path)(40)
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(CheckpointMismatch, match=said):
        begin("Bussi", "copper", tmp_path, **change)(40)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_another_potential_or_another_start_is_refused(tmp_path):
    """The same molecule with another network, or moved by 10⁻¹² Å, is another run."""
    options = dict(steps=20, temperature=300, interval=5, progress=False)
    folder = RunFolder(tmp_path, every=20)
    run_nve(ethanol(), folder=folder, **options)
    other = ethanol()
    other.calc = MLPCalculator(load_shipped("ethanol_painn"))
    with pytest.raises(CheckpointMismatch, match="calculator was MLPCalculator"):
        run_nve(other, folder=folder, **options)
    moved = ethanol()
    moved.positions[0, 0] += 1e-12
    with pytest.raises(CheckpointMismatch, match="start was"):
        run_nve(moved, folder=folder, **options)


def damage(path, how):
    data = path.read_bytes()
    if how == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif how == "empty":
        path.write_bytes(b"")
    else:
        place = len(data) - 20  # a number of the last array, not the header
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])


@pytest.mark.parametrize("how", ["cut", "empty", "one bit"])
@pytest.mark.parametrize("kind", ["checkpoint", "frames"])
def test_a_damaged_checkpoint_is_told_and_the_one_before_serves(how, kind, tmp_path):
    """The run goes on from step 20 of 40, says so, and ends with the same numbers."""
    begin("Langevin", "copper", tmp_path / "run")(40)
    damage(tmp_path / "run" / f"{kind}-000000040.safetensors", how)
    with pytest.warns(UserWarning, match=r"going on from step 20.*is damaged.*000000040"):
        resumed = begin("Langevin", "copper", tmp_path / "run")(80)
    assert_same(resumed, begin("Langevin", "copper", tmp_path / "whole")(80))


def test_if_all_checkpoints_are_damaged_the_error_says_what_to_do(tmp_path):
    """Which files, what is wrong with them, and what now."""
    begin("Langevin", "copper", tmp_path)(40)
    for path in tmp_path.glob("checkpoint-*"):
        damage(path, "cut")
    with pytest.raises(CheckpointDamaged, match=r"checkpoint-000000040.*checkpoint-000000020") as e:
        begin("Langevin", "copper", tmp_path)(80)
    assert "delete it (or name another) to start the run again" in str(e.value)
    with pytest.raises(CheckpointDamaged):
        load_run(tmp_path)


@pytest.mark.parametrize("kind", ["frames", "checkpoint"])
def test_a_full_disk_leaves_the_last_checkpoint_whole(kind, tmp_path, monkeypatch):
    """ENOSPC half way through a file: the error says which checkpoint is left, and it serves."""
    whole, written = model_store.save_file, []

    def full(tensors, path, **options):
        whole(tensors, path, **options)
        if path.name.startswith(f"{kind}-000000060"):
            damage(path, "cut")
            written.append(path)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(model_store, "save_file", full)
        with pytest.raises(OSError, match=r"step 60 could not.*No space left.*step 40 is whole"):
            begin("NPT", "copper", tmp_path / "run")(80)
    assert written
    assert not list((tmp_path / "run").glob("*.part"))
    resumed = begin("NPT", "copper", tmp_path / "run")(80)
    assert_same(resumed, begin("NPT", "copper", tmp_path / "whole")(80))


def test_two_checkpoints_are_kept(tmp_path):
    """The older ones are removed; the frames of all are there."""
    run = begin("NVE", "copper", tmp_path)(100)
    names = sorted(path.name for path in tmp_path.glob("checkpoint-*"))
    assert names == ["checkpoint-000000080.safetensors", "checkpoint-000000100.safetensors"]
    assert_same(load_run(tmp_path), run)


def test_a_second_process_is_kept_out(tmp_path):
    """Two runs in one folder would write over each other."""

    def watching(atoms):
        begin("NVE", "copper", tmp_path)(100)
        return 0.0

    with pytest.raises(RuntimeError, match="another process runs in"):
        begin("NVE", "copper", tmp_path, uncertainty=watching)(100)


def test_a_folder_changes_no_physics(tmp_path):
    """With checkpoints and without, a run is the same up to rounding."""
    kept, free = (begin("Bussi", "ethanol", path)(100) for path in (tmp_path, None))
    assert np.allclose(kept.frames[-1].positions, free.frames[-1].positions, atol=1e-3)


def test_the_folder_of_a_run_has_to_exist_to_be_read(tmp_path):
    """An empty folder holds no run."""
    with pytest.raises(FileNotFoundError, match="no checkpoint in"):
        load_run(tmp_path)


def test_every_has_to_fit_the_interval(tmp_path):
    """Checkpoints are made where a frame is recorded."""
    options = dict(steps=60, temperature=300, progress=False)
    with pytest.raises(ValueError, match="a multiple of interval, in steps; got every=15 with"):
        run_nve(copper(), interval=10, folder=RunFolder(tmp_path, every=15), **options)
    with pytest.raises(ValueError, match="every must be a positive whole number of steps; got 0"):
        RunFolder(tmp_path, every=0)


def test_a_damaged_start_configuration_is_named(tmp_path):
    """Without the start there are no constraints and no elements: say which file is broken."""
    copper = bulk("Cu", cubic=True)
    copper.calc = EMT()
    folder = RunFolder(tmp_path, every=20)
    run_bussi(copper, steps=20, temperature=300, folder=folder, progress=False)
    (tmp_path / "start.traj").write_bytes(b"not a trajectory")
    with pytest.raises(CheckpointDamaged, match=r"start\.traj cannot be read"):
        load_run(tmp_path)
