"""Judging a descriptor: known directions, known functions, known neighbours."""

import numpy as np
import pytest

from mlp_course.data import blocked_split, load_embedded
from mlp_course.descriptors import (
    SOAP,
    describe_structure,
    learning_errors,
    nearest_label_accuracy,
    principal_components,
)
from mlp_course.descriptors.judging import kernel_ridge_error

X = np.arange(8.0).reshape(4, 2)


def test_components_are_the_eigenvectors_of_the_correlation_matrix():
    """Their part of the variance is the eigenvalue over the trace; projections are uncorrelated."""
    x = np.random.default_rng(0).normal(size=(200, 4)) @ np.random.default_rng(1).normal(
        size=(4, 4)
    )
    points, part = principal_components(x, 4)
    eigenvalues = np.linalg.eigvalsh(np.corrcoef(x.T))[::-1]
    np.testing.assert_allclose(part, eigenvalues / 4, atol=1e-12)
    covariance = np.cov(points.T)
    np.testing.assert_allclose(covariance, np.diag(np.diag(covariance)), atol=1e-10)


def test_units_do_not_matter_and_constants_are_left_out():
    """A column in other units changes nothing; one that never changes adds nothing."""
    x = np.random.default_rng(0).normal(size=(50, 3))
    same = np.column_stack([1000 * x[:, 0], x[:, 1:], np.full(50, 7.0)])
    points, part = principal_components(x)
    again, part_again = principal_components(same)
    np.testing.assert_allclose(part_again, part)
    np.testing.assert_allclose(np.abs(again), np.abs(points), atol=1e-9)


def test_the_regression_equals_its_formula():
    """With one width and one noise: solve, predict, mean absolute error."""
    rng = np.random.default_rng(0)
    x, new = rng.normal(size=(20, 2)), rng.normal(size=(10, 2))
    y, labels = x.sum(axis=1), new.sum(axis=1)
    square = ((x[:, None] - x) ** 2).sum(axis=2)
    unit = np.median(square[np.triu_indices(20, k=1)])
    weights = np.linalg.solve(np.exp(-square / (8 * unit)) + 1e-4 * np.eye(20), y - y.mean())
    k = np.exp(-((new[:, None] - x) ** 2).sum(axis=2) / (8 * unit))
    expected = np.abs(y.mean() + k @ weights - labels).mean()
    error = kernel_ridge_error((x, y), (new, labels), widths=(2,), noises=(1e-4,))
    assert error == pytest.approx(expected, rel=1e-8)


def test_what_is_not_in_the_descriptor_cannot_be_learnt():
    """Labels that depend on the rows are learnt, labels that do not are not."""
    rng = np.random.default_rng(0)
    x, new = rng.uniform(-1, 1, (200, 2)), rng.uniform(-1, 1, (100, 2))

    def label(rows):
        return np.sin(3 * rows[:, 0]) * rows[:, 1]

    noise = rng.normal(size=100)
    assert kernel_ridge_error((x, label(x)), (new, label(new))) < 0.02
    assert kernel_ridge_error((x, rng.normal(size=200)), (new, noise)) > 0.9 * np.abs(noise).mean()


def test_equal_rows_do_not_break_the_regression():
    """A descriptor that never changes predicts the mean."""
    error = kernel_ridge_error((np.ones((8, 3)), np.arange(8.0)), (np.ones((2, 3)), [3.0, 4.0]))
    assert error == pytest.approx(0.5, abs=1e-6)


def test_nearest_labels_tell_clusters_apart_and_mixtures_not():
    """Two clusters: all right. No clusters: half right."""
    rng = np.random.default_rng(0)
    labels = ["a", "b"] * 200
    apart = rng.normal(size=(400, 3)) + 20 * np.array([[0], [1]] * 200)
    assert nearest_label_accuracy(apart, labels) == 1.0
    assert 0.35 < nearest_label_accuracy(rng.normal(size=(400, 3)), labels) < 0.65


def test_senseless_input_is_refused():
    """One row cannot differ; every row needs its label."""
    with pytest.raises(ValueError, match="at least two rows to differ; got 1"):
        principal_components([[1.0, 2.0]])
    with pytest.raises(ValueError, match="one for each of 2 rows; got 1"):
        nearest_label_accuracy([[1.0], [2.0]], ["a"])


@pytest.mark.parametrize(
    ("features", "message"),
    [
        ([[1.0]], "features must have at least two rows to differ; got 1"),
        ([1.0, 2.0], r"one row a description, shape \(n, n_features\); got shape \(2,\)"),
        ([[1.0, np.nan], [2.0, 3.0]], "features must be finite numbers; got NaN"),
    ],
)
def test_rows_that_cannot_be_compared_are_refused(features, message):
    """One row, no rows, or no numbers: both measures say what they need."""
    with pytest.raises(ValueError, match=message):
        principal_components(features)
    with pytest.raises(ValueError, match=message):
        nearest_label_accuracy(features, ["a"] * len(features))


def test_equal_rows_have_no_direction():
    """Nothing differs, so no part of it is the largest."""
    with pytest.raises(ValueError, match="must differ somewhere; got the same numbers in all rows"):
        principal_components(np.ones((4, 3)))
    with pytest.raises(ValueError, match=r"n_components must be .* at least 1"):
        principal_components(np.eye(3), 0)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (dict(train=([[1.0]], [1.0])), r"train must hold at least 2 descriptions.*shape \(1, 1\)"),
        (dict(test=(np.ones((0, 2)), [])), "test must hold at least 1 descriptions"),
        (dict(train=(X, [1.0, 2.0, 3.0])), r"one energy for each of 4 .*, in eV; got shape \(3,\)"),
        (dict(train=(X, np.ones((4, 1)))), r"one energy for each of 4 .*; got shape \(4, 1\)"),
        (dict(test=(np.ones((2, 3)), [1.0, 2.0])), r"same shape in train and test; .*\(2,\) and"),
        (
            dict(train=(np.inf * (X + 1), np.ones(4))),
            "descriptions of train must be finite numbers",
        ),
        (dict(test=(X[:1], [np.nan])), r"energies of test \(eV\) must be finite"),
        (dict(widths=()), "widths and noises must hold positive numbers to choose from"),
        (dict(noises=(0.0,)), "widths and noises must hold positive numbers to choose from"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(changed, message):
    """Too few rows, missing energies, other shapes, no numbers: the error says which."""
    given = dict(train=(X, np.arange(4.0)), test=(X[:2], [0.0, 1.0])) | changed
    with pytest.raises(ValueError, match=message):
        kernel_ridge_error(**given)


def test_a_learning_curve_is_made_of_single_errors():
    """Each entry is the error of the regression on evenly taken rows of that split."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 2)), rng.normal(size=60)
    splits = [(range(40), range(40, 60)), (range(20, 60), range(20))]
    errors = learning_errors(x, y, splits, (20, 40))
    assert errors.shape == (2, 2)
    assert errors[1, 0] == kernel_ridge_error((x[20:60:2], y[20:60:2]), (x[:20], y[:20]))
    assert errors[0, 1] == kernel_ridge_error((x[:40], y[:40]), (x[40:], y[40:]))


@pytest.mark.parametrize("size", [0, 30, 80])
def test_a_size_must_divide_the_training_rows(size):
    """30 of 40 rows cannot be taken evenly."""
    with pytest.raises(ValueError, match=f"must divide the 40 training rows; got {size}"):
        learning_errors(np.zeros((60, 1)), np.zeros(60), [(range(40), range(40, 60))], [size])


@pytest.mark.slow
def test_scaled_features_of_soap_learn_more_from_few_frames():
    """Lesson 06 says: at 50 frames of ethanol from 105 to 59 meV."""
    soap, run = SOAP([1, 6, 8], cutoff=5.0, n_max=4, l_max=4), load_embedded("ethanol/500K")
    splits = [blocked_split(range(start, 1000), [400, 150], gap=20) for start in (0, 200, 400)]
    energies = np.array([atoms.get_potential_energy() for atoms in run])
    rows = np.array([describe_structure(soap, atoms) for atoms in run])
    scaled = (rows - rows.mean(axis=0)) / rows.std(axis=0).clip(1e-9)
    errors = [1000 * learning_errors(x, energies, splits, [50]).mean() for x in (rows, scaled)]
    assert errors == pytest.approx([105, 59], abs=1)
