"""Learned descriptors: what a trained network has made of each atom's surroundings."""

import numpy as np
import torch
from ase import Atoms
from numpy.typing import NDArray
from torch import Tensor

from mlp_course.data.neighbours import neighbour_list
from mlp_course.models.potential import Potential, check_potential
from mlp_course.models.schnetpack_architecture import SchNetPackArchitecture


def learned_features(model: Potential, atoms: Atoms) -> NDArray[np.float64]:
    """Return the scalar features of each atom, just before they become an energy.

    Args:
        model: a SchNet or PaiNN potential.
        atoms: one configuration.

    Returns:
        Dimensionless, shape (n_atoms, n_features). Rotations of the molecule do not change them.

    Raises:
        TypeError: if ``model`` is no potential, or another architecture.

    Example:
        >>> from mlp_course.models import build_model
        >>> model = build_model("schnet", species=[1], n_features=8)
        >>> learned_features(model, Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])).shape
        (2, 8)
    """
    return _represent(model, atoms)["scalar_representation"].double().numpy()


def vector_features(model: Potential, atoms: Atoms) -> NDArray[np.float64]:
    """Return the vector features of each atom; they turn with the molecule.

    Args:
        model: a PaiNN potential.
        atoms: one configuration.

    Returns:
        Dimensionless, shape (n_atoms, n_features, 3): one vector a feature.

    Raises:
        TypeError: if ``model`` is no potential, or an architecture without vectors.

    Example:
        >>> from mlp_course.models import build_model
        >>> model = build_model("painn", species=[1], n_features=8)
        >>> vectors = vector_features(model, Atoms("H2", [[0, 0, 0], [0, 0, 0.74]]))
        >>> vectors.shape, bool((vectors[..., :2] == 0).all())  # nothing points off the axis z
        ((2, 8, 3), True)
    """
    features = _represent(model, atoms)
    if "vector_representation" not in features:
        raise TypeError("this architecture has scalars only; a PaiNN potential has vectors")
    return features["vector_representation"].transpose(1, 2).double().numpy()


def _represent(model: Potential, atoms: Atoms) -> dict[str, Tensor]:
    """Features by SchNetPack's names, in the precision of the weights."""
    architecture = check_potential(model).architecture
    if not isinstance(architecture, SchNetPackArchitecture):
        raise TypeError(
            f"model must be a SchNet or PaiNN potential; got a {type(architecture).__name__}"
        )
    model.check_species(atoms.numbers.tolist())
    dtype = next(architecture.parameters()).dtype
    graph = neighbour_list(atoms, model.cutoff).to(dtype=dtype)
    with torch.no_grad():
        return architecture.represent(
            graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j
        )
