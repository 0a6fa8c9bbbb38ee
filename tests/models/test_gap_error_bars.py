"""The error bar of a GAP: the textbook's formula, and what correlations do to it."""

import numpy as np
import pytest
import torch

from mlp_course.data import load_embedded, neighbour_list
from mlp_course.models import build_model, energy_error_bars
from mlp_course.training import fit


@pytest.fixture(scope="module")
def fitted():
    """A GAP of 20 frames of ethanol."""
    frames = load_embedded("ethanol/500K")
    model = build_model("gap", n_sparse=20, n_max=3, l_max=2)
    fit(model, frames[:20], frames[20:25], progress=False)
    return model, frames


def test_error_bars_are_those_of_the_normal_equations(fitted):
    """K_MM + K_MN Σ⁻² K_NM built at once from all rows gives the same variance, to 0.1 %."""
    model, frames = fitted
    gap = model.architecture
    system = gap.sparse_kernel()
    for atoms in frames[:20]:
        k_nm, noise = gap.design_rows(neighbour_list(atoms, model.cutoff))
        rows = k_nm / noise[:, None]
        system = system + rows.T @ rows
    graph = neighbour_list(frames[100], model.cutoff)
    k = gap.design_rows(graph)[0][0]  # the energy's row: sum over atoms of k_i
    p = gap.descriptor(graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    p = p / p.norm(dim=1, keepdim=True)
    own = sum(
        gap.delta**2 * (p[i] @ p[j]) ** gap.zeta
        for i in range(9)
        for j in range(9)
        if graph.atomic_numbers[i] == graph.atomic_numbers[j]
    )
    variance = own - k @ torch.linalg.solve(gap.sparse_kernel(), k)
    variance = variance + k @ torch.linalg.solve(system, k)
    found = energy_error_bars(model, [frames[100]])[0]
    assert found == pytest.approx(variance.sqrt().item(), rel=1e-3)


def test_a_lone_variance_is_summed_only_if_asked(fitted):
    """Uncorrelated: the root of the sum of the atoms' variances, to 1e-9 eV."""
    model, frames = fitted
    graph = neighbour_list(frames[100], model.cutoff)
    inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    covariance = model.architecture.energy_covariance(*inputs)
    summed = covariance.diagonal().sum().sqrt().item()
    found = energy_error_bars(model, [frames[100]], correlated=False)[0]
    assert found == pytest.approx(summed, abs=1e-9)
    assert energy_error_bars(model, [frames[100]])[0] < 0.5 * summed


def test_unlike_frames_get_longer_bars(fitted):
    """Random displacements of 0.1 Å: at least twice the bars of the trajectory's own frames."""
    model, frames = fitted
    near = energy_error_bars(model, frames[100:120])
    far = energy_error_bars(model, load_embedded("ethanol/rattled")[:20])
    assert np.median(far) > 2 * np.median(near)


def test_only_a_fitted_gap_has_error_bars(fitted):
    """A network is refused, and so is a GAP that has seen nothing."""
    _, frames = fitted
    with pytest.raises(ValueError, match=r"this GAP has not been fitted, .* call fit\("):
        energy_error_bars(build_model("gap", n_sparse=4, n_max=2, l_max=2), frames[:1])
    with pytest.raises(TypeError, match="must be a fitted GAP; got a SchNet, which has no"):
        energy_error_bars(build_model("schnet", n_features=8), frames[:1])
