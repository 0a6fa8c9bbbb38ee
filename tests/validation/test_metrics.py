"""The plain measures of error, on numbers small enough for a sheet of paper."""

import numpy as np
import pytest

from mlp_course.validation import metrics


def test_mae_and_rmse_of_three_and_four():
    """Errors 3, -4, 0, 0: the MAE is 7/4 = 1.75, the RMSE sqrt(25/4) = 2.5."""
    errors = np.array([3.0, -4.0, 0.0, 0.0])
    assert metrics.mean_absolute_error(errors) == pytest.approx(7 / 4)
    assert metrics.root_mean_square_error(errors) == pytest.approx(2.5)


def test_the_mean_as_prediction_explains_nothing_and_worse_is_negative():
    """For y = 1, 2, 3 the prediction 2, 2, 2 has R² = 0 and the prediction -y has R² < 0."""
    y = np.array([1.0, 2.0, 3.0])
    assert metrics.coefficient_of_determination(y, np.full(3, 2.0)) == pytest.approx(0)
    assert metrics.coefficient_of_determination(y, -y) < 0


def test_r2_of_a_constant_reference_is_not_a_number():
    """Also where rounding of large numbers leaves a little variation."""
    assert np.isnan(metrics.coefficient_of_determination(np.full(3, 0.1), np.arange(3.0)))
    assert np.isnan(metrics.coefficient_of_determination(np.full(3, -4209.1), np.arange(3.0)))


def test_opposite_forces_have_cosine_minus_one():
    """Forces that point the other way have cosine -1, also when they are twice as long."""
    forces = np.random.default_rng(0).normal(size=(5, 3))
    assert metrics.mean_cosine(forces, -2 * forces) == pytest.approx(-1)


def test_atoms_without_reference_force_have_no_direction():
    """A zero reference force has no angle: the atom is left out; if it is so for all, NaN."""
    reference = np.array([[1.0, 0, 0], [0, 0, 0]])
    assert metrics.mean_cosine(reference, np.ones((2, 3))) == pytest.approx(1 / np.sqrt(3))
    assert np.isnan(metrics.mean_cosine(np.zeros((2, 3)), np.ones((2, 3))))


def test_a_vanishing_prediction_is_not_rewarded():
    """A predicted force of zero counts as cosine 0, so one right and one zero force give 0.5."""
    reference = np.array([[1.0, 0, 0], [1.0, 0, 0]])
    assert metrics.mean_cosine(reference, np.array([[1.0, 0, 0], [0, 0, 0]])) == pytest.approx(0.5)


def test_standard_error_shrinks_with_the_root_of_the_number():
    """10 000 values of scatter 1 give an error of 1/sqrt(10 000) = 0.01; one value gives NaN."""
    values = np.random.default_rng(0).normal(size=10_000)
    assert metrics.standard_error(values) == pytest.approx(0.01, rel=0.05)
    assert np.isnan(metrics.standard_error(values[:1]))
