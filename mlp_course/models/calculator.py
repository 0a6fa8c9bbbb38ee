"""A potential as an ASE calculator, made for molecular dynamics."""

import contextlib
import dataclasses
import json
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from ase import Atoms
from ase.calculators.calculator import Calculator, PropertyNotImplementedError, all_changes
from ase.stress import full_3x3_to_voigt_6_stress

from mlp_course.data.neighbours import Graph, neighbour_list
from mlp_course.models.changes import ChangeWatch
from mlp_course.models.potential import Potential, check_potential
from mlp_course.models.recording import RecordOnRepeat
from mlp_course.models.store import digest


class MLPCalculator(Calculator):
    """Drive a potential from ASE: energy (eV) and forces (eV/Å) from one evaluation.

    Pairs are listed up to ``cutoff + skin`` and the list is kept until an atom has moved by half
    the skin; from it, each step takes the pairs within the cutoff, so the skin changes no number.
    After 50 evaluations of the same atoms the operations are recorded and replayed (see
    ``recording.py``), which changes no number either.

    Args:
        model: a trained potential.
        skin: in Å; 0 lists the pairs anew each step.

    Raises:
        TypeError: if ``model`` is no potential.
        ValueError: if ``skin`` is negative or not finite.

    Example:
        >>> from ase.build import molecule
        >>> from mlp_course.models import build_model
        >>> water = molecule("H2O")
        >>> water.calc = MLPCalculator(build_model("schnet", species=[1, 8]))
        >>> water.get_forces().shape
        (3, 3)
    """

    implemented_properties = ["energy", "forces", "stress"]

    def __init__(self, model: Potential, *, skin: float = 0.5):
        super().__init__()
        if not 0 <= skin < np.inf:
            raise ValueError(f"skin must be finite and not negative, in Å; got {skin}")
        self.skin = skin
        self.model = model

    @property
    def model(self) -> Potential:
        """The potential; another one may be put in its place."""
        return self._model

    @model.setter
    def model(self, model: Potential) -> None:
        self._model = check_potential(model).eval()
        self.cutoff = model.cutoff
        self._recording = RecordOnRepeat(model)
        self._changes = ChangeWatch(model)
        self._evaluated = -1  # version of the potential behind the results
        self._listed: Atoms | None = None
        self._graph: Graph | None = None
        self._pairs: _Pairs | None = None

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Evaluate the potential once; stress (eV/Å³, ASE's sign) only when it is asked for.

        Raises:
            PropertyNotImplementedError: if stress is wanted of a system without volume.
            ValueError: if the potential does not know an element, or there is no atom.
        """
        super().calculate(atoms, properties, system_changes)
        if not len(self.atoms):
            raise ValueError("atoms must hold at least one atom; got an empty structure")
        if "stress" in properties and self.atoms.cell.rank < 3:
            raise PropertyNotImplementedError(
                "stress needs a cell with a volume; this one has none"
            )
        self._evaluated = self._changes.version()
        graph = self._current_graph()
        with _constant(self._changes.weights):
            architecture = self._recording.architecture_for(graph, self._evaluated)
            prediction = self.model(
                graph, with_stress="stress" in properties, architecture=architecture
            )
        self.results = {
            "energy": prediction.energy.item(),
            "forces": prediction.forces.detach().double().cpu().numpy(),
        }
        if prediction.stress is not None:
            stress = prediction.stress[0].detach().double().cpu().numpy()
            self.results["stress"] = full_3x3_to_voigt_6_stress(stress)

    def forget(self) -> None:
        """Drop pair list, recording and results: the next evaluation is that of a new process.

        The order of the pairs and the recording may change the last digits of a sum. A run that
        forgets at each checkpoint goes on after a kill as if nothing had happened.
        """
        self.reset()
        self._listed, self._graph, self._pairs = None, None, None
        self._recording = RecordOnRepeat(self._model)

    def fingerprint(self) -> str:
        """Digest of weights and settings: labels by two potentials are not mixed up in a store."""
        settings = json.dumps(self.model.settings, sort_keys=True, default=str)
        return digest(self.model.state_dict(), settings)[:16]

    def check_state(self, atoms: Atoms, tol: float = 0.0) -> list[str]:
        """Tell ASE what changed since the last evaluation; quicker than its own comparison."""
        last = self.atoms
        retrained = self._evaluated != self._changes.version()
        if last is None or retrained or not _same_system(last, atoms):
            return list(all_changes)
        same = np.abs(atoms.positions - last.positions).max(initial=0.0) <= tol
        return [] if same else ["positions"]

    def _current_graph(self) -> Graph:
        if self._list_is_stale():
            self._listed = self.atoms.copy()
            graph = neighbour_list(self.atoms, self.cutoff + self.skin)
            self._pairs = _Pairs(graph)
            self._graph = graph.to(self.model.device, self.model.dtype)
        listed = self._graph
        positions = torch.as_tensor(
            self.atoms.positions, dtype=listed.positions.dtype, device=listed.positions.device
        )
        close = self._pairs.closer_than(self.cutoff, self.atoms.positions)
        if close.all():
            return dataclasses.replace(listed, positions=positions)
        close = torch.as_tensor(close, device=positions.device)
        return dataclasses.replace(
            listed,
            positions=positions,
            idx_i=listed.idx_i[close],
            idx_j=listed.idx_j[close],
            shift=listed.shift[close],
        )

    def _list_is_stale(self) -> bool:
        listed = self._listed
        if listed is None or self.skin == 0 or not _same_system(listed, self.atoms):
            return True
        graph, model = self._graph.positions, self.model
        if (graph.dtype, graph.device) != (model.dtype, model.device):
            return True
        moved = self.atoms.positions - listed.positions
        # "not ... <=": a NaN counts as moved, and listing anew refuses it
        return not np.einsum("ia,ia->i", moved, moved).max() <= (self.skin / 2) ** 2


@contextlib.contextmanager
def _constant(weights: list[torch.nn.Parameter]) -> Iterator[None]:
    """Spare the backward pass the bookkeeping of gradients by the weights."""
    trainable = [weight for weight in weights if weight.requires_grad]
    for weight in trainable:
        weight.requires_grad = False
    try:
        yield
    finally:
        for weight in trainable:
            weight.requires_grad = True


def _same_system(one: Atoms, other: Atoms) -> bool:
    """Compare elements, cell and periodicity: all that a potential sees besides positions."""
    return (
        np.array_equal(one.numbers, other.numbers)
        and np.array_equal(one.pbc, other.pbc)
        and np.array_equal(one.cell.array, other.cell.array)
    )


class _Pairs:
    """The listed pairs in NumPy, which is quicker than torch at a handful of small arrays."""

    def __init__(self, graph: Graph):
        self.idx_i, self.idx_j = graph.idx_i.numpy(), graph.idx_j.numpy()
        self.translation = graph.shift.numpy() @ graph.cell[0].numpy()  # (n_pairs, 3), in Å

    def closer_than(self, cutoff: float, positions: np.ndarray) -> np.ndarray:
        """Tell which pairs are within the cutoff (Å) at these positions, shape (n_pairs,)."""
        r_ij = positions[self.idx_j] - positions[self.idx_i] + self.translation
        return np.einsum("pa,pa->p", r_ij, r_ij) < cutoff**2
