"""Model files: what was saved is what is loaded, and nothing else is."""

import errno
import json
import os
import pickle
from pathlib import Path

import pytest
import torch
from ase import Atoms
from ase.build import molecule
from safetensors import safe_open
from safetensors.torch import save_file

from mlp_course.data.neighbours import neighbour_list
from mlp_course.models import (
    ARCHITECTURES,
    build_model,
    list_shipped,
    load_model,
    load_shipped,
    save_model,
    store,
)
from mlp_course.models.architecture import Architecture
from mlp_course.models.potential import Potential
from mlp_course.models.store import ModelFileError
from mlp_course.training.checkpoint import save_checkpoint

PROVENANCE = {"data": "none", "date": "2025-01-01", "seconds": 1.5}


@pytest.fixture
def model(small_model):
    """A potential with odd weights and references."""
    model = small_model("schnet", seed=3)
    model.reference_energies[[1, 6, 8]] = torch.tensor([-13.1, -1029.2, 0.1], dtype=torch.float64)
    return model


@pytest.fixture
def path(model, tmp_path):
    """A saved model."""
    save_model(model, tmp_path / "model.safetensors", provenance=PROVENANCE)
    return tmp_path / "model.safetensors"


def content(path):
    """Tensors and metadata of a file."""
    with safe_open(path, framework="pt") as file:
        names = list(file.keys())
        return {name: file.get_tensor(name) for name in names}, file.metadata()


@pytest.mark.parametrize("precision", [torch.float32, torch.float64])
def test_loading_gives_back_every_bit(any_model, tmp_path, precision):
    """Weights, references, precision, settings and predictions survive saving bit for bit."""
    any_model.architecture.to(precision)
    any_model.reference_energies[6] = -1029.123456789012
    save_model(any_model, tmp_path / "any.safetensors", provenance=PROVENANCE)
    loaded = load_model(tmp_path / "any.safetensors")
    before, after = any_model.state_dict(), loaded.state_dict()
    assert before.keys() == after.keys()
    for name, value in before.items():
        assert value.dtype == after[name].dtype, name
        assert torch.equal(value, after[name]), name
    assert loaded.settings == any_model.settings
    assert (loaded.cutoff, loaded.species) == (any_model.cutoff, any_model.species)
    assert loaded.provenance == PROVENANCE
    assert not loaded.training
    graph = neighbour_list(molecule("CH3OH"), loaded.cutoff).to(dtype=precision)
    assert torch.equal(loaded(graph).energy, any_model(graph).energy)
    assert torch.equal(loaded(graph).forces, any_model(graph).forces)


def test_a_model_counts_only_when_it_is_on_disk(any_model, path, monkeypatch):
    """If the disk refuses the new weights, the old file stays and nothing half-written is left."""
    original = path.read_bytes()

    def full_disk(descriptor):
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space left"):
        save_model(any_model, path, provenance=PROVENANCE)
    assert path.read_bytes() == original
    assert list(path.parent.iterdir()) == [path]


def test_the_file_holds_no_pickle(path):
    """Loading cannot run a program: the file is plain safetensors."""
    with pytest.raises(pickle.UnpicklingError):
        pickle.loads(path.read_bytes())
    assert content(path)[1]["format"].startswith("mlp-course potential")


def test_every_changed_byte_is_refused(path):
    """One flipped bit anywhere in the file is found, in the header and in the weights alike."""
    original = path.read_bytes()
    places = list(range(0, len(original), 997)) + [len(original) - 1]
    for place in places:
        changed = bytearray(original)
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(ModelFileError):
            load_model(path)
    path.write_bytes(original)
    load_model(path)


@pytest.mark.parametrize("field", ["cutoff", "species"])
def test_changed_settings_are_refused(path, field):
    """A model cannot be passed off as one with another cutoff or other elements."""
    tensors, metadata = content(path)
    description = json.loads(metadata["description"])
    description["settings"][field] = {"cutoff": 9.0, "species": [79]}[field]
    save_file(tensors, path, metadata=metadata | {"description": json.dumps(description)})
    with pytest.raises(ModelFileError, match="was changed after it was saved"):
        load_model(path)


def test_changed_provenance_is_refused(path):
    """Nor can its origin be rewritten."""
    tensors, metadata = content(path)
    metadata["description"] = metadata["description"].replace("2025-01-01", "2026-01-01")
    save_file(tensors, path, metadata=metadata)
    with pytest.raises(ModelFileError, match="was changed after it was saved"):
        load_model(path)


def test_swapped_weights_are_refused(path):
    """The same bytes under other names are another model."""
    tensors, metadata = content(path)
    one, two = (f"architecture.representation.interactions.{n}.in2f.weight" for n in (0, 1))
    tensors[one], tensors[two] = tensors[two], tensors[one]
    save_file(tensors, path, metadata=metadata)
    with pytest.raises(ModelFileError, match="was changed after it was saved"):
        load_model(path)


def test_a_missing_checksum_is_refused(path):
    """A file without its checksum is not trusted."""
    tensors, metadata = content(path)
    del metadata["sha256"]
    save_file(tensors, path, metadata=metadata)
    with pytest.raises(ModelFileError, match="was changed"):
        load_model(path)


def test_foreign_safetensors_are_refused(tmp_path):
    """Somebody else's weights are no potential of this course, with metadata or without."""
    for number, metadata in enumerate([None, {"format": "pt"}]):
        path = tmp_path / f"{number}.safetensors"
        save_file({"weight": torch.zeros(3)}, path, metadata=metadata)
        with pytest.raises(ModelFileError, match="holds no potential of this course"):
            load_model(path)


def test_a_checkpoint_is_no_model(tmp_path):
    """A half-trained run is not mistaken for a model."""
    save_checkpoint(tmp_path / "run.safetensors", {"a": torch.zeros(1)}, {}, {})
    with pytest.raises(ModelFileError, match="holds no potential of this course"):
        load_model(tmp_path / "run.safetensors")


def test_pickled_files_are_refused_and_not_opened(model, tmp_path):
    """A .pt file is refused with the reason, and the program hidden in it does not run."""
    torch.save(model.state_dict(), tmp_path / "model.pt")
    with pytest.raises(ModelFileError, match=r"pickled \.pt and \.pth files are refused"):
        load_model(tmp_path / "model.pt")

    class Trap:
        def __reduce__(self):
            return exec, ("raise SystemExit('the trap was sprung')",)

    (tmp_path / "trap.pt").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(ModelFileError, match="refused because opening one can run any program"):
        load_model(tmp_path / "trap.pt")


@pytest.mark.parametrize("part", [0.0, 0.001, 0.1, 0.5, 0.999])
def test_a_truncated_file_is_refused(path, part):
    """A download cut short anywhere is refused as damaged."""
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    with pytest.raises(ModelFileError, match="not a whole safetensors file"):
        load_model(path)


def test_a_missing_file_is_named(tmp_path):
    """Where there is no file, its name is in the error."""
    with pytest.raises(FileNotFoundError, match="nowhere"):
        load_model(tmp_path / "nowhere.safetensors")


def full_disk(tensors, filename, metadata=None):
    """Write half of the file, then find the disk full."""
    with Path(filename).open("wb") as file:
        file.write(b"half of it")
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_leaves_the_old_model(path, small_model, monkeypatch):
    """When writing fails midway, the file is still the old one and no rubbish stays behind."""
    before = path.read_bytes()
    monkeypatch.setattr(store, "save_file", full_disk)
    with pytest.raises(OSError, match="No space left"):
        save_model(small_model(seed=9), path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_killed_write_leaves_the_old_model(path, small_model, monkeypatch):
    """A process killed while writing never touched the file itself."""
    before = path.read_bytes()
    written = []

    def killed(tensors, filename, metadata=None):
        written.append(str(filename))
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "save_file", killed)
    with pytest.raises(KeyboardInterrupt):
        save_model(small_model(seed=9), path)
    assert path.read_bytes() == before
    assert str(path) not in written


@pytest.mark.skipif(os.name == "nt", reason="Windows replaces no open file")
def test_a_reader_never_sees_half_a_model(path, small_model):
    """Whoever has the old file open reads it to its end: the new one is moved into its place."""
    before = path.read_bytes()
    with path.open("rb") as reader:
        start = reader.read(100)
        save_model(small_model(seed=9), path)
        assert start + reader.read() == before
    assert load_model(path).settings["seed"] == 9


def test_rubbish_of_a_killed_write_is_no_obstacle(path, small_model):
    """What a killed process left half-written is overwritten by the next save."""
    path.with_suffix(".part.safetensors").write_bytes(b"rubbish")
    new = small_model(seed=9)
    save_model(new, path)
    assert load_model(path).settings["seed"] == 9
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_only_rebuildable_models_are_saved(model, tmp_path):
    """A potential that load_model could not build again is refused at once."""
    bare = Potential(model.architecture, cutoff=4.0, species=[1])
    with pytest.raises(ValueError, match="only potentials made by build_model"):
        save_model(bare, tmp_path / "bare.safetensors")
    assert not list(tmp_path.glob("bare*"))


def test_a_potential_without_weights_comes_back(tmp_path, monkeypatch):
    """A formula with nothing to train: 1 eV Å / d, half of it for either atom."""

    class Repulsion(Architecture):
        def __init__(self, species, cutoff):
            super().__init__()

        def forward(self, atomic_numbers, r_ij, idx_i, idx_j):
            own = 0.5 / r_ij.norm(dim=1)
            return r_ij.new_zeros(atomic_numbers.shape[0]).index_add(0, idx_i, own)

    monkeypatch.setitem(ARCHITECTURES, "repulsion", Repulsion)
    save_model(build_model("repulsion", species=[1]), tmp_path / "repulsion.safetensors")
    again = load_model(tmp_path / "repulsion.safetensors")
    pair = neighbour_list(Atoms("H2", [[0, 0, 0], [0, 0, 2.0]]), 5.0)
    assert again(pair).energy.item() == pytest.approx(0.5)


def test_saving_changes_nothing_and_makes_folders(model, tmp_path):
    """Saving into a new folder works and leaves the model as it was."""
    before = {name: value.clone() for name, value in model.state_dict().items()}
    save_model(model, tmp_path / "a" / "b" / "model.safetensors")
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert load_model(tmp_path / "a" / "b" / "model.safetensors").provenance == {}


def test_shipped_models_load_and_say_where_they_come_from():
    """Every model that comes with the course loads, is finite and names its origin."""
    for name in list_shipped():
        model = load_shipped(name)
        row = Atoms(model.species, [[2.0 * n, 0, 0] for n in range(len(model.species))])
        graph = neighbour_list(row, model.cutoff).to(dtype=model.dtype)
        assert torch.isfinite(model(graph).energy).all()
        assert model.provenance


def test_an_unknown_shipped_model_is_refused():
    """A name that is not there is answered with the names that are."""
    with pytest.raises(ValueError, match="no shipped model 'gold'; there are:"):
        load_shipped("gold")


def test_the_digest_counts_names_shapes_types_and_text():
    """Each of the things that make a model changes its checksum."""
    weights = torch.arange(4.0)
    variants = [
        ({"a": weights}, "text"),
        ({"b": weights}, "text"),
        ({"a": weights.reshape(2, 2)}, "text"),
        ({"a": weights.view(torch.int32)}, "text"),
        ({"a": weights.flip(0)}, "text"),
        ({"a": weights}, "other"),
    ]
    assert len({store.digest(tensors, text) for tensors, text in variants}) == len(variants)
