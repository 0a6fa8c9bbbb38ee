"""GAP: the linear system, the error bars, the choice of environments."""

import numpy as np
import pytest
import torch
from ase.build import molecule

from mlp_course.data import load_embedded, neighbour_list
from mlp_course.models import build_model
from mlp_course.models.gap import GAP, farthest_points
from mlp_course.training import fit
from mlp_course.validation import evaluate

SMALL = dict(n_sparse=30, n_max=4, l_max=3)


@pytest.fixture(scope="module")
def fitted():
    """A GAP of 30 frames of ethanol."""
    frames = load_embedded("ethanol/500K")
    model = build_model("gap", **SMALL)
    history = fit(model, frames[:30], frames[30:40], progress=False)
    return model, history, frames


def test_one_call_of_fit_solves_it(fitted):
    """The history has one row, and new frames are far better than the know-nothing's 1 eV/Å."""
    model, history, frames = fitted
    assert len(history) == 1
    report = evaluate(model, frames[100:120])
    assert report.force_mae < 250
    assert history["validation_force_mae"].iloc[0] == pytest.approx(
        evaluate(model, frames[30:40]).force_mae, rel=1e-6
    )


def test_the_rows_of_the_system_are_the_predictions(fitted):
    """Rows times coefficients: energy to 1e-8 eV, forces to 1e-8 eV/Å of the potential's own."""
    model, _, frames = fitted
    graph = neighbour_list(frames[50], model.cutoff)
    rows, noise = model.architecture.design_rows(graph)
    values = rows @ model.architecture.alpha.detach().flatten()
    prediction = model(graph)
    assert values[0].item() == pytest.approx(prediction.residual.item(), abs=1e-8)
    np.testing.assert_allclose(values[1:].reshape(-1, 3), prediction.forces, atol=1e-8)
    assert noise.shape == (28,)


def test_the_solution_is_that_of_the_normal_equations(fitted):
    """Chunks of triangular form, or all at once by least squares: the same coefficients."""
    model, _, frames = fitted
    gap = model.architecture
    rows, targets = [], []
    for atoms in frames[:30]:
        k_nm, noise = gap.design_rows(neighbour_list(atoms, model.cutoff))
        residual = atoms.get_potential_energy() - sum(
            model.reference_energies[z].item() for z in atoms.numbers
        )
        target = torch.tensor(np.concatenate([[residual], atoms.get_forces().ravel()]))
        rows.append(k_nm / noise[:, None])
        targets.append(target / noise)
    root = torch.linalg.cholesky(gap._sparse_kernel()).T
    rows, targets = torch.cat([*rows, root]), torch.cat([*targets, torch.zeros(len(root))])
    expected = torch.linalg.lstsq(rows, targets[:, None], driver="gelsd").solution[:, 0]
    fit_ours = rows @ gap.alpha.detach().flatten()
    torch.testing.assert_close(fit_ours, rows @ expected, atol=1e-4, rtol=1e-5)


def test_the_error_bar_grows_away_from_the_data(fitted):
    """A training frame is known to a few meV an atom, a broken one to hundreds."""
    model, _, frames = fitted

    def spread(atoms):
        graph = neighbour_list(atoms, model.cutoff)
        inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
        return model.architecture.energy_variance(*inputs).clamp(min=0).sqrt()

    broken = frames[0].copy()
    broken.set_distance(0, 2, 3.0, fix=0)
    assert spread(frames[0]).max() < 0.3 * spread(broken).max()
    assert spread(molecule("CH4")).max() <= model.architecture.delta


def test_farthest_points_are_far():
    """The first two of many points on a line are its start and its end, without repetition."""
    points = torch.linspace(0, 1, 101)[:, None]
    chosen = farthest_points(points, 5)[:, 0].tolist()
    assert chosen[:3] == pytest.approx([0.0, 1.0, 0.5])
    assert len(set(chosen)) == 5


@pytest.mark.parametrize("option", ["n_sparse", "zeta", "delta", "energy_noise", "force_noise"])
def test_senseless_options_are_refused(option):
    """All of them are positive."""
    with pytest.raises(ValueError, match="n_sparse must be at least 1, and zeta"):
        GAP([1, 8], 4.0, **{option: 0})
