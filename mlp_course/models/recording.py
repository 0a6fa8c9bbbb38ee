"""Recording: the operations of an architecture, written down once and replayed without Python.

At the size of a molecule, Python's share of an evaluation is as large as that of the numbers. A
recording (``torch.jit.trace``) runs the same operations on the same weights without it. Making one
takes about 0.1 s and saves 1 to 2 ms each time, so it pays after some 100 evaluations: in dynamics.
"""

import warnings
from collections.abc import Callable

import torch
from torch import Tensor, nn

from mlp_course.data.neighbours import Graph
from mlp_course.models.potential import Potential

AtomEnergies = Callable[[Tensor, Tensor, Tensor, Tensor], Tensor]


class RecordOnRepeat:
    """Record an architecture once the same atoms keep coming back.

    A recording holds the number of atoms as a constant, so it serves one system; positions and
    pairs may change. Other atoms, changed weights, another precision or device start anew.

    Args:
        model: a potential. Only an architecture with ``recordable = True`` is recorded: one without
            branches or sizes that depend on positions or on the number of pairs.
        after: evaluations of the same atoms before the recording.
    """

    def __init__(self, model: Potential, *, after: int = 50):
        self.model, self.after = model, after
        self._key: tuple | None = None
        self._count = 0
        self._recorded: AtomEnergies | None = None

    def architecture_for(self, graph: Graph, weights_version: int) -> AtomEnergies:
        """Return what to evaluate: the architecture itself, or its recording."""
        architecture = self.model.architecture
        if not architecture.recordable:
            return architecture
        numbers = graph.atomic_numbers.cpu().numpy().tobytes()
        key = (numbers, weights_version, graph.positions.dtype, graph.positions.device)
        if key != self._key:
            self._key, self._count, self._recorded = key, 0, None
        self._count += 1
        if self._count == self.after + 1:
            self._recorded = record(architecture, graph)
        return self._recorded or architecture

    def __getstate__(self) -> dict:
        """Copies and files go without the recording; it is made anew."""
        return self.__dict__ | {"_key": None, "_count": 0, "_recorded": None}


def record(architecture: nn.Module, graph: Graph) -> AtomEnergies | None:
    """Record an architecture for the atoms of one configuration.

    Args:
        architecture: without branches or sizes that depend on positions or the number of pairs.
        graph: one configuration.

    Returns:
        A function of the same four tensors for the same number of atoms; None, with a warning, if
        this torch cannot record it or finds that the recording would not be general.

    Example:
        >>> from ase.build import molecule
        >>> from mlp_course.data import neighbour_list
        >>> from mlp_course.models import build_model
        >>> model = build_model("schnet", species=[1, 8], n_features=16).eval()
        >>> water = neighbour_list(molecule("H2O"), 5.0).to(dtype=torch.float32)
        >>> inputs = (water.atomic_numbers, water.pair_vectors(), water.idx_i, water.idx_j)
        >>> recorded = record(model.architecture, water)
        >>> torch.allclose(recorded(*inputs), model.architecture(*inputs))
        True
    """
    inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    # torch calls tracing outdated, but torch.compile needs a C++ compiler on every machine
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        traced = _traced(architecture, inputs)
    doubts = [str(w.message) for w in said if not issubclass(w.category, DeprecationWarning)]
    if doubts:
        warnings.warn(
            f"this architecture cannot be recorded, so it keeps its usual speed: {doubts[0]}",
            stacklevel=2,
        )
        return None

    def replay(*tensors: Tensor) -> Tensor:
        with torch.jit.optimized_execution(False):  # saves a second of compilation, costs nothing
            return traced(*tensors)

    return replay


def _traced(architecture: nn.Module, inputs: tuple[Tensor, ...]) -> AtomEnergies | None:
    """The recording, or None, with the reason as a warning."""
    try:
        return torch.jit.trace(architecture, inputs, check_trace=False)
    except Exception as error:  # whatever a future torch or Python has against it
        warnings.warn(f"{type(error).__name__}: {error}", stacklevel=2)
        return None
