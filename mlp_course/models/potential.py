"""The potential: atom energies from a network, their sum the energy, its slope the forces."""

import dataclasses
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from mlp_course.data.neighbours import Graph
from mlp_course.models.architecture import Architecture

_MAX_ATOMIC_NUMBER = 118


@dataclasses.dataclass(frozen=True)
class Prediction:
    """What a potential says about a batch.

    Attributes:
        energy: total energies in eV, float64, shape (n_systems,).
        forces: in eV/Å, shape (n_atoms, 3).
        residual: energies in eV without the atomic references, shape (n_systems,): what is trained.
        stress: in eV/Å³, shape (n_systems, 3, 3), or None when it was not asked for.

    Example:
        >>> forces = torch.tensor([[0.0, 0.0, -0.25], [0.0, 0.0, 0.25]])
        >>> residual = torch.tensor([0.5])
        >>> prediction = Prediction(residual.double() - 2 * 13.6, forces, residual)  # two H atoms
        >>> prediction.energy.item(), prediction.stress
        (-26.7, None)
    """

    energy: Tensor
    forces: Tensor
    residual: Tensor
    stress: Tensor | None = None


class Potential(nn.Module):
    r"""Turn an architecture that predicts atom energies into a potential with forces.

    .. math:: E = \sum_i \bigl( E^{\text{ref}}_{Z_i} + \varepsilon_i(\{\mathbf{r}_{ij}\}) \bigr),
        \qquad \mathbf{F}_i = -\frac{\partial E}{\partial \mathbf{R}_i}

    The architecture sees only differences of positions, so translation cannot change the energy,
    and the forces are the gradient of one energy, so they conserve it. The large, constant atomic
    references are added in float64, the small rest is computed in the precision of the weights.

    Args:
        architecture: gives the atom energies ε.
        cutoff: largest distance the architecture looks at, in Å.
        species: atomic numbers the potential may be used for.
        settings: what :func:`build_model` needs to build the same architecture again.

    Example:
        >>> from ase import Atoms
        >>> from mlp_course.data import neighbour_list
        >>> class Repulsion(Architecture):  # 1 eV Å / d_ij, half of it for either atom
        ...     def forward(self, atomic_numbers, r_ij, idx_i, idx_j):
        ...         return r_ij.new_zeros(2).index_add(0, idx_i, 0.5 / r_ij.norm(dim=1))
        >>> model = Potential(Repulsion(), cutoff=5.0, species=[1])
        >>> prediction = model(neighbour_list(Atoms("H2", [[0, 0, 0], [0, 0, 2.0]]), 5.0))
        >>> prediction.energy.item(), prediction.forces[:, 2].tolist()  # 1 / 2 eV, 1 / 2² eV/Å
        (0.5, [-0.25, 0.25])
    """

    def __init__(
        self,
        architecture: Architecture,
        *,
        cutoff: float,
        species: list[int],
        settings: dict | None = None,
    ):
        super().__init__()
        self.architecture = architecture
        self.cutoff = float(cutoff)
        self.species = sorted(species)
        self.settings = settings or {}
        self.provenance: dict = {}  # where the weights come from; see load_model
        self.register_buffer(
            "reference_energies", torch.zeros(_MAX_ATOMIC_NUMBER + 1, dtype=torch.float64)
        )  # eV, indexed by atomic number

    @property
    def dtype(self) -> torch.dtype:
        """Precision of the weights."""
        return self._any_weight().dtype

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self._any_weight().device

    def _any_weight(self) -> Tensor:
        """The first weight; the references where an architecture has none."""
        return next(self.architecture.parameters(), self.reference_energies)

    def _apply(self, fn: Callable, recurse: bool = True) -> "Potential":
        """Move or cast the module, but keep the references in float64."""
        references = self.reference_energies
        super()._apply(fn, recurse)
        self.reference_energies = references.to(self.reference_energies.device)
        return self

    @torch.enable_grad()  # forces are a gradient, also where the caller wants none
    def forward(
        self,
        graph: Graph,
        *,
        with_stress: bool = False,
        architecture: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor] | None = None,
    ) -> Prediction:
        r"""Predict energies and forces of a batch, the forces by one backward pass.

        The stress, if wanted, is the slope of the energy by a strain of positions and cell:

        .. math:: \sigma = \frac{1}{V} \frac{\partial E}{\partial \epsilon}, \qquad
            \mathbf r \to \mathbf r (1 + \epsilon)

        Args:
            graph: configurations with pairs up to at least ``cutoff``.
            with_stress: also give the stress.
            architecture: a recording of the architecture to evaluate in its place.

        Returns:
            A :class:`Prediction`; differentiable by the weights while the module is in training
            mode.

        Raises:
            ValueError: if an atom's element is not among ``species``.
        """
        self.check_species(graph.atomic_numbers.tolist())
        positions = graph.positions.detach().requires_grad_()
        strain = torch.zeros_like(graph.cell, requires_grad=True) if with_stress else None
        moving = dataclasses.replace(graph, positions=positions)
        r_ij = self._strained_pairs(moving, strain)  # (n_pairs, 3)
        atom_energies = (architecture or self.architecture)(
            graph.atomic_numbers, r_ij, graph.idx_i, graph.idx_j
        )
        residual = self._sum_over_atoms(atom_energies, graph)
        targets = [positions] if strain is None else [positions, strain]
        gradients = torch.autograd.grad(residual.sum(), targets, create_graph=self.training)
        references = self._sum_over_atoms(self.reference_energies[graph.atomic_numbers], graph)
        if not self.training:
            residual = residual.detach()
        stress = (
            None
            if strain is None
            else gradients[1] / torch.linalg.det(graph.cell).abs()[:, None, None]
        )
        return Prediction(references + residual.double(), -gradients[0], residual, stress)

    def _strained_pairs(self, graph: Graph, strain: Tensor | None) -> Tensor:
        r_ij = graph.pair_vectors()
        if strain is not None:  # r -> r (1 + symmetric strain), the same for positions and cell
            symmetric = (strain + strain.transpose(1, 2)) / 2
            r_ij = r_ij + torch.einsum("pa,pab->pb", r_ij, symmetric[graph.idx_m[graph.idx_i]])
        return r_ij

    def _sum_over_atoms(self, values: Tensor, graph: Graph) -> Tensor:
        return values.new_zeros(graph.n_systems).index_add(0, graph.idx_m, values)

    def check_species(self, atomic_numbers: Iterable[int]) -> None:
        """Raise ValueError if one of the elements is not among ``species``."""
        unknown = set(atomic_numbers) - set(self.species)
        if unknown:
            raise ValueError(
                f"atomic numbers {sorted(unknown)} are unknown to this potential; it was built for "
                f"species={self.species}: build a model with these elements and train it on them"
            )


def check_potential(model: object) -> Potential:
    """Return ``model`` if it is a potential, else raise TypeError that says what to give.

    Example:
        >>> check_potential("model.safetensors")
        Traceback (most recent call last):
        TypeError: model must be a Potential, from build_model, load_model or load_shipped; got str
    """
    if not isinstance(model, Potential):
        raise TypeError(
            "model must be a Potential, from build_model, load_model or load_shipped; "
            f"got {type(model).__name__}"
        )
    return model
