"""Stored errors of models that have seen one data type only."""

import json

import pytest

from mlp_course.sampling import DATA_TYPES
from mlp_course.validation.type_matrix import MIXTURE, TYPE_FOLDER, TYPES, load_type_matrix


def test_the_types_are_those_of_the_samplers():
    """One list of the five types, whoever writes it down."""
    assert TYPES == DATA_TYPES


def test_all_rows_come_with_the_course():
    """Five types and a mixture, each tested on all five, each with its origin."""
    matrix = load_type_matrix()
    table = matrix.table()
    assert list(table.index) == [*TYPES, MIXTURE]
    assert list(table.columns) == list(TYPES)
    assert (table > 0).all(axis=None)
    origin = matrix.provenance()
    assert set(origin["script"]) == {"benchmarks/data_types.py"}
    assert origin["n_train"].nunique() == 1  # the same number of labels for everyone


def test_all_rows_were_tested_on_the_same_frames():
    """Predicting no force at all scores the same whoever is compared with it."""
    zero = load_type_matrix().table("zero_force_mae")
    assert (zero.nunique() == 1).all()


def test_an_unknown_quantity_is_refused():
    """The message names what there is."""
    with pytest.raises(ValueError, match=r"quantity must be one of .*force_mae.*got charge"):
        load_type_matrix().table("charge")


def test_a_row_of_another_name_is_refused(tmp_path):
    """A file that was copied to another name is no result of it."""
    text = (TYPE_FOLDER / "path.json").read_text(encoding="utf-8")
    (tmp_path / "random.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"no result of benchmarks/data_types\.py"):
        load_type_matrix(tmp_path)


def test_a_result_without_origin_is_refused(tmp_path):
    """A number that nobody can trace is no result."""
    result = json.loads((TYPE_FOLDER / "path.json").read_text(encoding="utf-8"))
    del result["provenance"]
    (tmp_path / "path.json").write_text(json.dumps(result), encoding="utf-8")
    with pytest.raises(ValueError, match="provenance"):
        load_type_matrix(tmp_path)


def test_an_empty_folder_is_told(tmp_path):
    """No results is an error, not an empty matrix."""
    with pytest.raises(FileNotFoundError, match=r"benchmarks/data_types\.py"):
        load_type_matrix(tmp_path)
