"""GAP's own error bar for the energy of a molecule: what its atoms do not know together."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms

from mlp_course.data.neighbours import neighbour_list
from mlp_course.models.gap import GAP
from mlp_course.models.potential import Potential, check_potential


def energy_error_bars(
    model: Potential, frames: Sequence[Atoms], *, correlated: bool = True
) -> np.ndarray:
    r"""Predicted standard deviation of the energy of each frame.

    .. math:: \sigma^2 = \sum_{ij} C_{ij}

    with the covariance C of the atoms' energies, see :meth:`GAP.energy_covariance`.

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
        ValueError: if it has not been fitted, or a frame has an element that it was not built for.

    Source:
        C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006),
        Sec. 8.3.4; the sum over pairs follows from the variance of a sum.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> from mlp_course.models import build_model
        >>> from mlp_course.training import fit
        >>> frames = load_embedded("ethanol/500K")
        >>> model = build_model("gap", n_sparse=8, n_max=2, l_max=2)
        >>> _ = fit(model, frames[:8], frames[8:9], progress=False)
        >>> seen, broken = frames[0], frames[0].copy()
        >>> broken.set_distance(0, 1, 3.0, fix=0)
        >>> near, far = energy_error_bars(model, [seen, broken])
        >>> bool(far > 2 * near > 0)
        True
    """
    architecture = check_potential(model).architecture
    if not isinstance(architecture, GAP):
        raise TypeError(
            f"model must be a fitted GAP; got a {type(architecture).__name__}, which has no error "
            "bar of its own"
        )
    model.check_species({int(z) for atoms in frames for z in atoms.numbers})
    return np.array([_error_bar(model, atoms, correlated) for atoms in frames])


def _error_bar(model: Potential, atoms: Atoms, correlated: bool) -> float:
    graph = neighbour_list(atoms, model.cutoff).to(model.device, model.dtype)
    inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    covariance = model.architecture.energy_covariance(*inputs)  # (n_atoms, n_atoms)
    variance = covariance.sum() if correlated else covariance.diagonal().sum()
    return variance.clamp(min=0).sqrt().item()
