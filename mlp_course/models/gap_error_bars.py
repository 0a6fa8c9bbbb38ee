"""GAP's own error bar for the energy of a molecule: what its atoms do not know together."""

from collections.abc import Sequence

import numpy as np
import torch
from ase import Atoms
from torch import Tensor

from mlp_course.data.neighbours import neighbour_list
from mlp_course.models.potential import Potential, check_potential


def energy_error_bars(
    model: Potential, frames: Sequence[Atoms], *, correlated: bool = True
) -> np.ndarray:
    r"""Predicted standard deviation of the energy of each frame.

    .. math:: \sigma^2 = \sum_{ij} \Bigl[ k_{ij} - \mathbf k_i^T \mathbf K_{MM}^{-1} \mathbf k_j
        + \mathbf k_i^T \left(\mathbf K_{MM} + \mathbf K_{MN} \Sigma^{-2} \mathbf K_{NM}
        \right)^{-1} \mathbf k_j \Bigr]

    The labels fix sums over atoms, not single atoms: what one atom may be too high, its neighbour
    is too low. With ``correlated=False`` only the terms i = j are summed, as if atoms erred
    independently.

    Args:
        model: a fitted GAP.
        frames: configurations, labelled or not.
        correlated: sum over all pairs of atoms of a frame.

    Returns:
        In eV, shape (n_frames,).

    Raises:
        TypeError: if the model is no GAP.
        ValueError: if a frame has an element that it was not built for.

    Source:
        C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006),
        Sec. 8.3.4; the sum over pairs follows from the variance of a sum.

    Example:
        >>> from mlp_course.models import build_model
        >>> model = build_model("gap", n_sparse=4, n_max=2, l_max=2)
        >>> lone = Atoms("H2", [[0, 0, 0], [0, 0, 0.7]])
        >>> bool(energy_error_bars(model, [lone])[0] > 0)
        True
    """
    if not check_potential(model).architecture.solvable:
        raise TypeError("model must be a fitted GAP; networks have no error bar of their own")
    model.check_species({int(z) for atoms in frames for z in atoms.numbers})
    return np.array([_error_bar(model, atoms, correlated) for atoms in frames])


@torch.no_grad()
def _error_bar(model: Potential, atoms: Atoms, correlated: bool) -> float:
    gap = model.architecture
    graph = neighbour_list(atoms, model.cutoff).to(model.device, model.dtype)
    inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    if not correlated:
        return gap.energy_variance(*inputs).sum().clamp(min=0).sqrt().item()
    p = gap.descriptor(*inputs)
    p = p / p.norm(dim=1, keepdim=True)  # (n_atoms, n_components)
    element = gap.descriptor.elements(graph.atomic_numbers)
    same = element[:, None] == element[None]
    own = gap.delta**2 * ((p @ p.T) ** gap.zeta * same).sum()
    k = _with_sparse(gap, p, element).sum(dim=0)[:, None]  # (m, 1)
    prior = torch.linalg.solve_triangular(
        torch.linalg.cholesky(gap._sparse_kernel()), k, upper=False
    )
    posterior = torch.linalg.solve_triangular(gap.factor.T, k, upper=False)
    return (own - (prior**2).sum() + (posterior**2).sum()).clamp(min=0).sqrt().item()


def _with_sparse(gap: torch.nn.Module, p: Tensor, element: Tensor) -> Tensor:
    """Kernel of each atom with each sparse environment in eV², shape (n_atoms, m)."""
    k = gap.delta**2 * torch.einsum("ic,zsc->izs", p, gap.sparse) ** gap.zeta
    of_own_element = element[:, None] == torch.arange(len(gap.sparse))
    return torch.where(of_own_element[..., None], k, 0.0).flatten(1)
