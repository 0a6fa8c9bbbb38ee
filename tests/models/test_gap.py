"""GAP: the linear system, the error bars, the choice of environments."""

import numpy as np
import pytest
import torch
from ase.build import molecule

from mlp_course.data import collate, load_embedded, neighbour_list
from mlp_course.models import build_model
from mlp_course.models.gap import GAP, farthest_points
from mlp_course.training import fit
from mlp_course.validation import evaluate

SMALL = dict(n_sparse=30, n_max=4, l_max=3)
EXACT = dict(n_max=4, l_max=3, energy_noise=0.03, force_noise=1e6)  # forces say nothing


def pairs(graph):
    """What a descriptor or an architecture is called with."""
    return graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j


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
    root = torch.linalg.cholesky(gap.sparse_kernel()).T
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
        return model.architecture.energy_covariance(*inputs).diagonal().clamp(min=0).sqrt()

    broken = frames[0].copy()
    broken.set_distance(0, 2, 3.0, fix=0)
    assert spread(frames[0]).max() < 0.3 * spread(broken).max()
    assert spread(molecule("CH4")).max() <= model.architecture.delta


def test_with_every_environment_it_is_the_exact_process():
    """Energies of waters: the textbook's K (K + Σ²)⁻¹ y and K - K (K + Σ²)⁻¹ K, to 1e-6.

    A label is the sum over three atoms, and its noise, given for an atom, three times as large.
    """
    rng, gap = np.random.default_rng(0), GAP([1, 8], 4.0, n_sparse=12, **EXACT)
    waters = [molecule("H2O") for _ in range(9)]
    for atoms in waters:
        atoms.positions += 0.1 * rng.standard_normal((3, 3))
    graphs, labels = [neighbour_list(atoms, 4.0) for atoms in waters], rng.normal(size=6)
    forces = [torch.zeros(3, 3, dtype=torch.float64)] * 6
    list(gap.solve(graphs[:6], torch.tensor(labels), forces))
    numbers = np.concatenate([atoms.numbers for atoms in waters])
    with torch.no_grad():
        p = torch.cat([gap.descriptor(*pairs(graph)) for graph in graphs])
        p = (p / p.norm(dim=1, keepdim=True)).numpy()
    k = gap.delta**2 * (p @ p.T) ** gap.zeta * (numbers[:, None] == numbers)
    k_nn, k_new = k[:18, :18].reshape(6, 3, 6, 3).sum(axis=(1, 3)), k[18:, :18].reshape(9, 6, 3)
    k_new = k_new.sum(axis=2)  # (9 atoms, 6 labels)
    weights = np.linalg.solve(k_nn + (3 * 0.03) ** 2 * np.eye(6), k_new.T).T
    unseen = pairs(collate(graphs[6:]))
    np.testing.assert_allclose(gap(*unseen).detach(), weights @ labels, atol=1e-6)
    covariance = k[18:, 18:] - weights @ k_new.T
    np.testing.assert_allclose(gap.energy_covariance(*unseen), covariance, atol=1e-6)


def test_before_it_is_fitted_it_knows_no_error_bar(fitted):
    """Random environments have no covariance to offer: refused, with what to do."""
    new, (model, _, frames) = build_model("gap", **SMALL), fitted
    graph = neighbour_list(frames[0], new.cutoff)
    assert not new.architecture.fitted
    with pytest.raises(ValueError, match=r"has not been fitted, .* call fit\(model"):
        new.architecture.energy_covariance(*pairs(graph))
    assert model.architecture.fitted


def test_environments_are_compared_where_the_weights_are():
    """Moved to another device, atoms and sparse environments meet there."""
    gap = GAP([1, 8], 4.0, n_sparse=3, n_max=2, l_max=1).to("meta")
    p = torch.zeros(5, gap.descriptor.n_components, dtype=torch.float64, device="meta")
    found = gap.kernel_with_sparse(p, torch.zeros(5, dtype=torch.long, device="meta"))
    assert (found.device.type, found.shape) == ("meta", (5, 6))


def test_farthest_points_are_far():
    """The first two of many points on a line are its start and its end, without repetition."""
    points = torch.linspace(0, 1, 101)[:, None]
    chosen = farthest_points(points, 5)[:, 0].tolist()
    assert chosen[:3] == pytest.approx([0.0, 1.0, 0.5])
    assert len(set(chosen)) == 5


@pytest.mark.parametrize(
    ("option", "rule"),
    [
        ("n_sparse", "a whole number and at least 1"),
        ("zeta", "positive, dimensionless"),
        ("delta", "positive, in eV"),
        ("energy_noise", "positive, in eV/atom"),
        ("force_noise", "positive, in eV/Å"),
    ],
)
def test_senseless_options_are_refused(option, rule):
    """The message names the one that is wrong, its rule and its unit."""
    with pytest.raises(ValueError, match=f"^{option} must be {rule}.*; got 0$"):
        GAP([1, 8], 4.0, **{option: 0})
