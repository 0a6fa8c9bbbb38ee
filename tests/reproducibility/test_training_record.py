"""Training records: the same record gives the same weights, and what differs is announced."""

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from mlp_course.data import load_embedded
from mlp_course.reproducibility import (
    TrainingRecord,
    largest_difference,
    load_record,
    record_training,
    rerun,
    weights_digest,
    what_breaks,
)
from mlp_course.reproducibility.perturbations import renumbered

PLAN = {
    "data": "ethanol/500K",
    "train": (0, 20),
    "validation": (20, 25),
    "model": {"name": "schnet", "n_features": 8, "seed": 0},
    "training": {"max_epochs": 3, "batch_size": 5, "seed": 0},
}


@pytest.fixture(scope="module")
def run():
    return record_training(**PLAN)


def test_a_run_is_repeated_to_the_last_bit(run):
    """Same record, same machine: the SHA-256 of all weights is the same."""
    record, potential = run
    again = rerun(record)
    assert again.identical
    assert again.differences == []
    assert again.weights == record.weights == weights_digest(potential)
    assert largest_difference(potential, again.potential) == 0
    assert again.force_mae == record.force_mae


@pytest.mark.parametrize("name", ["painn", "behler_parrinello", "mace"])
def test_other_architectures_are_repeated_to_the_last_bit(name):
    """What holds for SchNet holds for vectors, fixed descriptors and tensors."""
    training = {"max_epochs": 1, "batch_size": 10, "seed": 0}
    sizes = {"painn": {"n_features": 8}, "mace": {"n_features": 8}}.get(name, {})
    species = {"species": [1, 6, 8]}
    model = {"name": name, "seed": 0, **sizes, **species}
    record, _ = record_training(**PLAN | {"model": model, "training": training})
    assert rerun(record).identical


def test_a_record_survives_its_file(run, tmp_path):
    """What was written down is enough to repeat the run, in another session."""
    record, _ = run
    record.save(tmp_path / "record.yaml")
    read = load_record(tmp_path / "record.yaml")
    assert read == record
    assert rerun(read).identical


@pytest.mark.parametrize("which", ["model", "training"])
def test_another_seed_gives_other_weights(run, which):
    """The first weights and the order of the batches both decide."""
    record, _ = run
    other = record.model_copy(update={which: getattr(record, which) | {"seed": 1}})
    assert not rerun(other).identical


def test_the_same_physics_in_another_order_gives_other_bits_and_the_same_physics(run):
    """Renumbered atoms change the order of sums: weights differ by rounding, errors hardly."""
    record, potential = run
    other = rerun(record, change=renumbered)
    assert not other.identical
    assert 0 < largest_difference(potential, other.potential) < 1e-4
    assert other.force_mae == pytest.approx(record.force_mae, rel=1e-3)
    assert any(text.startswith("data: ") for text in other.differences)


def test_another_number_of_threads_is_announced_and_set_back(run):
    """Whether it changes a bit or not, the record says that it is not as recorded."""
    record, _ = run
    record = record.model_copy(update={"training": record.training | {"max_epochs": 1}})
    before = torch.get_num_threads()
    assert rerun(record, threads=record.threads + 1).differences == ["threads: 1, now 2"]
    assert torch.get_num_threads() == before


def test_two_threads_change_rounding_at_most():
    """50 frames in one batch: whatever differs is rounding, below a hundred-thousandth."""
    training = {"max_epochs": 2, "batch_size": 50, "seed": 0}
    plan = PLAN | {"train": (0, 50), "validation": (50, 55), "training": training}
    record, potential = record_training(**plan | {"model": PLAN["model"] | {"n_features": 16}})
    other = rerun(record, threads=2)
    assert largest_difference(potential, other.potential) < 1e-5
    assert other.force_mae == pytest.approx(record.force_mae, rel=1e-4)


def test_other_versions_and_machines_are_announced(run):
    """A run on another machine or with another torch is repeated and said to be."""
    record, _ = run
    old = record.model_copy(
        update={"machine": "Linux arm64", "versions": record.versions | {"torch": "1.12.0"}}
    )
    found = rerun(old).differences
    assert [text.split(":")[0] for text in found] == ["machine", "torch"]
    assert found[1].startswith("torch: 1.12.0, now ")


def test_renumbering_keeps_the_physics():
    """Each atom keeps its element, its position and its force; the energy stays."""
    frame = load_embedded("ethanol/500K")[3]
    other = renumbered([frame])[0]
    assert other.get_potential_energy() == frame.get_potential_energy()
    assert np.array_equal(other.get_forces()[0], frame.get_forces()[-1])
    assert np.array_equal(other.get_forces()[1:], frame.get_forces()[:-1])
    assert np.array_equal(other.positions[1:], frame.positions[:-1])


def test_what_breaks_names_nothing_when_nothing_is_changed(run):
    """The run without a change lies on zero all the way, a new seed does not."""
    record, _ = run
    found = what_breaks(record, ("nothing", "atoms renumbered", "another seed"))
    assert found.table["identical"].to_dict() == {
        "nothing": True, "atoms renumbered": False, "another seed": False,
    }  # fmt: skip
    assert not found.curves["nothing"].any()
    assert found.table.loc["nothing", "announced"] == ""
    assert found.table.loc["atoms renumbered", "announced"].startswith("data: ")
    assert 0 < found.curves["atoms renumbered"][-1] < found.curves["another seed"][-1]
    assert [len(curve) for curve in found.curves.values()] == [3, 3, 3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model": {"name": "schnet"}}, "a seed is missing in model"),
        ({"training": {"max_epochs": 1}}, "a seed is missing in training"),
        ({"training": {"seed": 0, "max_seconds": 5}}, "not max_seconds"),
        ({"training": {"seed": 0, "max_epochs": 1, "epochs": 2}}, "arguments of fit"),
        ({"data": "ethanol/501K"}, "no embedded set 'ethanol/501K'"),
        ({"train": (5, 5)}, "an empty slice"),
        ({"threads": 0}, "greater than or equal to 1"),
        ({"gpu": True}, "Extra inputs are not permitted"),
    ],
)
def test_a_run_that_could_not_be_repeated_is_not_recorded(change, message):
    """Without seeds, or cut by the clock, a run has no second time: refused."""
    with pytest.raises(ValidationError, match=message):
        TrainingRecord(**PLAN | change)


def test_refusals_of_frames_and_changes(run):
    """Frames that the data do not have and changes nobody knows are refused."""
    with pytest.raises(ValueError, match="has 1000 frames, the record wants 2000"):
        record_training(**PLAN | {"validation": (20, 2000)})
    with pytest.raises(ValueError, match="changes must be among nothing"):
        what_breaks(run[0], ("the weather",))
