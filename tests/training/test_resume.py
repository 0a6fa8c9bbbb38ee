"""Checkpoints: a run that was killed ends as if nothing had happened."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from ase.calculators.singlepoint import SinglePointCalculator
from safetensors.torch import save_file

import mlp_course.training.fit  # noqa: F401
from mlp_course.models import save_model, store
from mlp_course.models.store import ModelFileError
from mlp_course.training import CheckpointMismatch, fit

fit_module = sys.modules["mlp_course.training.fit"]
HERE = Path(__file__).parent
QUICK = dict(batch_size=4, learning_rate=5e-3, progress=False)


class PowerCut(Exception):
    """Ends a run at a chosen epoch, as a kill would."""


def stop_after(epoch):
    """Make an on_epoch that cuts the power."""

    def on_epoch(history):
        if len(history) == epoch:
            raise PowerCut

    return on_epoch


@pytest.fixture(autouse=True)
def save_every_epoch(monkeypatch):
    """Save after each epoch, not every few seconds."""
    monkeypatch.setattr(fit_module, "_SECONDS_BETWEEN_CHECKPOINTS", 0.0)


def state(model):
    """Weights and references of a model."""
    return {name: value.clone() for name, value in model.state_dict().items()}


def assert_same_end(one, other):
    """Two runs end with equal histories (but for the clock) and weights, bit for bit."""
    pd.testing.assert_frame_equal(
        one[0].drop(columns="seconds"), other[0].drop(columns="seconds"), check_exact=True
    )
    for name, value in one[1].items():
        assert torch.equal(value, other[1][name]), name


@pytest.fixture
def cut_run(fresh_model, train, validation, tmp_path):
    """A run of six epochs, cut off in the fourth; returns its checkpoint."""
    path = tmp_path / "run.safetensors"
    options = dict(max_epochs=6, checkpoint=path, on_epoch=stop_after(4), normalise=True)
    with pytest.raises(PowerCut):
        fit(fresh_model(), train, validation, **options, **QUICK)
    assert path.exists()
    return path


def resume(path, model, train, validation, **changes):
    """Start the same run again, with changes."""
    options = dict(max_epochs=6, checkpoint=path, normalise=True) | QUICK | changes
    return fit(model, train, validation, **options)


def test_a_resumed_run_is_the_uninterrupted_run(cut_run, fresh_model, train, validation):
    """Cut off and started again, a run gives the same numbers as one that was left alone."""
    resumed, whole = fresh_model(), fresh_model()
    epochs = []
    again = resume(cut_run, resumed, train, validation, on_epoch=lambda h: epochs.append(len(h)))
    history = resume(None, whole, train, validation)
    assert epochs == [4, 5, 6]  # three epochs were on disk, the rest was done again
    assert_same_end((again, state(resumed)), (history, state(whole)))
    assert again["seconds"].is_monotonic_increasing


def test_a_finished_run_is_only_read(cut_run, fresh_model, train, validation):
    """Starting a finished run once more trains nothing and gives back its end."""
    first, second = fresh_model(), fresh_model()
    one = resume(cut_run, first, train, validation)
    written = cut_run.stat().st_mtime_ns
    other = resume(cut_run, second, train, validation)
    pd.testing.assert_frame_equal(one, other)
    assert_same_end((one, state(first)), (other, state(second)))
    assert cut_run.stat().st_mtime_ns == written


def test_time_spent_before_counts(fresh_model, train, validation, tmp_path):
    """A run of 2 s that was cut off after 1 s has 1 s left."""
    path = tmp_path / "run.safetensors"

    def cut(history):
        if history["seconds"].iloc[-1] > 1.0:
            raise PowerCut

    with pytest.raises(PowerCut):
        fit(fresh_model(), train, validation, max_seconds=2, checkpoint=path, on_epoch=cut, **QUICK)
    started = time.perf_counter()
    history = fit(fresh_model(), train, validation, max_seconds=2, checkpoint=path, **QUICK)
    assert time.perf_counter() - started < 1.9
    assert history["seconds"].is_monotonic_increasing
    assert history["seconds"].iloc[-1] > 1.5


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        (dict(seed=5), "seed was 0, is 5"),
        (dict(max_epochs=7), "max_epochs was 6, is 7"),
        (dict(batch_size=5), "batch_size was 4, is 5"),
        (dict(learning_rate=1e-3), "learning_rate was 0.005, is 0.001"),
        (dict(ema_decay=0.5), "ema_decay was 0.999, is 0.5"),
        (dict(weight_decay=0.5), "weight_decay was"),
        (dict(clip_norm=1.0), "clip_norm was 0.3, is 1.0"),
        (dict(warm_up=0.5), "warm_up was 0.02, is 0.5"),
        (dict(energy_weight=0.5), "loss was"),
        (dict(normalise=False), "loss was"),
    ],
)
def test_other_settings_are_another_run(cut_run, fresh_model, train, validation, changes, named):
    """A checkpoint is not continued with other settings; the error names what differs."""
    before = cut_run.read_bytes()
    with pytest.raises(CheckpointMismatch, match=named) as caught:
        resume(cut_run, fresh_model(), train, validation, **changes)
    assert "resume with the same arguments" in str(caught.value)
    assert cut_run.read_bytes() == before


def test_a_changed_checkpoint_is_refused(cut_run, fresh_model, train, validation):
    """One bit of one weight flipped on disk: the run does not go on as if nothing had happened."""
    damaged = bytearray(cut_run.read_bytes())
    damaged[-1] ^= 1
    cut_run.write_bytes(damaged)
    with pytest.raises(ModelFileError, match="was changed after it was saved"):
        resume(cut_run, fresh_model(), train, validation)


def relabelled(frames):
    """The same geometries with one energy changed by 1 meV."""
    changed = [atoms.copy() for atoms in frames]
    for new, old in zip(changed, frames, strict=True):
        energy = old.get_potential_energy() + (0.001 if new is changed[3] else 0.0)
        new.calc = SinglePointCalculator(new, energy=energy, forces=old.get_forces())
    return changed


def test_other_data_are_another_run(cut_run, fresh_model, train, validation):
    """Other frames, another order, one changed label: training or validation data are named."""
    for other in (train[:-1], train[::-1], relabelled(train)):
        with pytest.raises(CheckpointMismatch, match="train was"):
            resume(cut_run, fresh_model(), other, validation)
    with pytest.raises(CheckpointMismatch, match="validation was"):
        resume(cut_run, fresh_model(), train, validation[:-1])


def test_another_model_is_another_run(cut_run, fresh_model, train, validation):
    """Another size, cutoff or seed of the weights is refused: a committee needs its own files."""
    for options in (dict(n_features=8), dict(cutoff=2.5), dict(seed=1)):
        with pytest.raises(CheckpointMismatch, match="model was"):
            resume(cut_run, fresh_model(**options), train, validation)


def test_other_references_are_another_run(cut_run, fresh_model, train, validation):
    """Residuals made with one zero of energy are not learnt with another."""
    model = fresh_model()
    model.reference_energies[8] = -1.0
    with pytest.raises(CheckpointMismatch, match="references was"):
        resume(cut_run, model, train, validation)


def test_a_damaged_checkpoint_is_refused(cut_run, fresh_model, train, validation):
    """Half a file is not continued, and not deleted."""
    cut_run.write_bytes(cut_run.read_bytes()[:-100])
    with pytest.raises(ModelFileError, match="not a whole safetensors file"):
        resume(cut_run, fresh_model(), train, validation)
    assert cut_run.exists()


def test_a_model_file_is_no_checkpoint(fresh_model, train, validation, tmp_path):
    """A trained model is never overwritten by mistaking it for a checkpoint."""
    path = tmp_path / "model.safetensors"
    save_model(fresh_model(), path)
    before = path.read_bytes()
    with pytest.raises(ModelFileError, match="is no checkpoint of this course"):
        resume(path, fresh_model(), train, validation)
    assert path.read_bytes() == before


def test_a_write_that_fails_leaves_the_last_checkpoint(
    cut_run, fresh_model, train, validation, monkeypatch
):
    """When the disk fills up while saving, the run can still go on from the file before."""
    before = cut_run.read_bytes()

    def full_disk(tensors, filename, metadata=None):
        save_file(tensors, filename, metadata=metadata)
        half = Path(filename).read_bytes()
        Path(filename).write_bytes(half[: len(half) // 2])
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(store, "save_file", full_disk)
        with pytest.raises(OSError, match="No space left"):
            resume(cut_run, fresh_model(), train, validation)
    assert cut_run.read_bytes() == before
    resumed, whole = fresh_model(), fresh_model()
    again = resume(cut_run, resumed, train, validation)
    assert_same_end((again, state(resumed)), (resume(None, whole, train, validation), state(whole)))


SCRIPT = """
import sys
sys.path.insert(0, {here!r})
import torch
torch.set_num_threads(1)
from conftest import tiny_model, water_frames
import mlp_course.training.fit
from mlp_course.models import save_model
from mlp_course.training import fit
sys.modules["mlp_course.training.fit"]._SECONDS_BETWEEN_CHECKPOINTS = 0.0
model = tiny_model()
print("started", flush=True)
history = fit(model, water_frames(40, seed=0), water_frames(20, seed=1), max_epochs=60,
              batch_size=4, learning_rate=5e-3, checkpoint=sys.argv[1], progress=False,
              on_epoch=lambda h: print(len(h), flush=True))
history.drop(columns="seconds").to_json(sys.argv[2], orient="split", double_precision=15)
save_model(model, sys.argv[3])
"""


def start_training(folder, name):
    """Train in a process of its own that can be killed."""
    script = folder / "train.py"
    script.write_text(SCRIPT.format(here=str(HERE)))
    files = [str(folder / f"{name}{ending}") for ending in (".checkpoint", ".json", ".safetensors")]
    return subprocess.Popen(
        [sys.executable, str(script), *files],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def kill_at_some_moment(process, chance):
    """Send SIGKILL a random time after a random epoch; return the epochs seen."""
    epochs = 0
    until = chance.randint(1, 15)
    for line in process.stdout:
        epochs += line.strip().isdigit()
        if epochs >= until:
            break
    time.sleep(chance.uniform(0, 0.1))
    process.send_signal(signal.SIGKILL)
    process.wait()
    return epochs


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL on Windows")
def test_a_run_killed_by_the_system_ends_as_if_it_had_not_been(tmp_path):
    """Real SIGKILLs at random moments: the restarted run ends with the same curve and weights."""
    whole = start_training(tmp_path, "whole")
    chance = random.Random(time.time_ns())
    codes = []
    for _ in range(2):
        process = start_training(tmp_path, "killed")
        kill_at_some_moment(process, chance)
        codes.append(process.returncode)
    assert codes == [-signal.SIGKILL] * 2
    last = start_training(tmp_path, "killed")
    output, _ = last.communicate(timeout=300)
    whole.communicate(timeout=300)
    assert last.returncode == whole.returncode == 0
    trained = [line for line in output.splitlines() if line.isdigit()]
    assert 0 < len(trained) < 60  # it did go on, not start anew
    assert (tmp_path / "killed.json").read_text() == (tmp_path / "whole.json").read_text()
    assert len(json.loads((tmp_path / "whole.json").read_text())["data"]) == 60
    killed, alone = (store.load_model(tmp_path / f"{n}.safetensors") for n in ("killed", "whole"))
    for one, other in zip(killed.parameters(), alone.parameters(), strict=True):
        np.testing.assert_array_equal(one.detach().numpy(), other.detach().numpy())
