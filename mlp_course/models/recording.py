"""Recording: the operations of an architecture, written down once and replayed without Python."""

import warnings

import torch

from mlp_course.data.neighbours import Graph
from mlp_course.models.potential import Potential


class Replay:
    """Evaluate a potential; record it once the same atoms come back, as they do in dynamics.

    At the size of a molecule, Python's share of an evaluation is as large as that of the numbers.
    A recording (``torch.jit.trace``) holds the number and order of the atoms as constants, so it
    serves one system; positions and pairs may change. Other atoms, changed weights, another
    precision or device are evaluated as usual, until they, too, have come back often enough.

    Args:
        model: a potential; only an architecture with ``recordable = True`` is recorded.
        after: evaluations of the same atoms before it is worth the while.
    """

    def __init__(self, model: Potential, *, after: int = 10):
        self.model, self.after = model, after
        self._key: tuple | None = None
        self._count = 0
        self._recorded: Potential | None = None

    def __call__(self, graph: Graph, weights_version: int) -> Potential:
        """Return the potential to use: the model itself, or its recording."""
        if not self.model.architecture.recordable:
            return self.model
        numbers = graph.atomic_numbers.cpu().numpy().tobytes()
        key = (numbers, weights_version, self.model.dtype, self.model.device)
        if key != self._key:
            self._key, self._count, self._recorded = key, 0, None
        self._count += 1
        if self._recorded is None and self._count > self.after:
            self._recorded = record(self.model, graph)
        return self._recorded or self.model

    def __getstate__(self) -> dict:
        """Copies and files go without the recording; it is made anew."""
        return self.__dict__ | {"_key": None, "_count": 0, "_recorded": None}


def record(model: Potential, graph: Graph) -> Potential:
    """Record the architecture of a potential for the atoms of one configuration.

    Args:
        model: a potential in evaluation mode whose architecture is recordable.
        graph: one configuration, with at least one pair if there will ever be one.

    Returns:
        A potential with the same weights and references, for the same atoms in the same order.

    Example:
        >>> from ase.build import molecule
        >>> from mlp_course.data import neighbour_list
        >>> from mlp_course.models import build_model
        >>> model = build_model("schnet", species=[1, 8], n_features=16).eval()
        >>> water = neighbour_list(molecule("H2O"), 5.0).to(dtype=torch.float32)
        >>> torch.allclose(record(model, water)(water).energy, model(water).energy)
        True
    """
    inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    with warnings.catch_warnings():
        # torch calls tracing outdated; what it recommends needs a C++ compiler on every machine
        warnings.simplefilter("ignore")
        replayed = torch.jit.trace(model.architecture, inputs, check_trace=False)
    recorded = Potential(replayed, cutoff=model.cutoff, species=model.species).eval()
    recorded.reference_energies = model.reference_energies
    return recorded
