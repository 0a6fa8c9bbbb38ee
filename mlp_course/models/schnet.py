"""SchNet and PaiNN: SchNetPack's own representations with an atom-wise readout."""

from collections.abc import Sequence

from torch import Tensor, nn

from mlp_course.models.architecture import Architecture
from mlp_course.models.schnetpack_compat import load_schnetpack


class SchNetPackArchitecture(Architecture):
    """Feed pairs to a SchNetPack representation and read one energy off each atom's features.

    Args:
        representation: ``schnetpack.representation.SchNet`` or ``PaiNN``.
        n_features: length of its scalar features.
    """

    recordable = True  # no branch and no size depends on positions or pairs; see recording.py

    def __init__(self, representation: nn.Module, n_features: int):
        super().__init__()
        spk = load_schnetpack()
        names = spk.properties
        self.names = (names.Z, names.Rij, names.idx_i, names.idx_j)  # strings: can be copied
        self.representation = representation
        self.readout = spk.nn.build_mlp(n_in=n_features, n_out=1)

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Atom energies in eV, shape (n_atoms,), from pair vectors in Å, shape (n_pairs, 3)."""
        x = self.represent(atomic_numbers, r_ij, idx_i, idx_j)["scalar_representation"]
        return self.readout(x)[:, 0]  # x: (n_atoms, n_features)

    def represent(
        self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor
    ) -> dict[str, Tensor]:
        """What the network has learnt to see, by SchNetPack's names.

        ``scalar_representation`` has the shape (n_atoms, n_features); PaiNN has also
        ``vector_representation``, shape (n_atoms, 3, n_features).
        """
        inputs = dict(zip(self.names, (atomic_numbers, r_ij, idx_i, idx_j), strict=True))
        return self.representation(inputs)


def schnet(
    species: Sequence[int],
    cutoff: float,
    *,
    n_features: int = 64,
    n_interactions: int = 3,
    n_rbf: int = 20,
) -> SchNetPackArchitecture:
    """SchNet: continuous-filter convolutions over distances.

    Args:
        species: atomic numbers; the table of embeddings holds all elements.
        cutoff: in Å.
        n_features: length of the atom features and filters.
        n_interactions: message-passing steps.
        n_rbf: Gaussians that expand the distances.

    Source:
        K. T. Schütt et al., NeurIPS 30 (2017), arXiv:1706.08566; code of SchNetPack,
        K. T. Schütt et al., J. Chem. Phys. 158, 144801 (2023).
    """
    spk = load_schnetpack()
    representation = spk.representation.SchNet(
        n_atom_basis=n_features,
        n_interactions=n_interactions,
        radial_basis=spk.nn.GaussianRBF(n_rbf=n_rbf, cutoff=cutoff),
        cutoff_fn=spk.nn.CosineCutoff(cutoff),
    )
    return SchNetPackArchitecture(representation, n_features)


def painn(
    species: Sequence[int],
    cutoff: float,
    *,
    n_features: int = 64,
    n_interactions: int = 3,
    n_rbf: int = 20,
) -> SchNetPackArchitecture:
    """PaiNN: messages of scalars and vectors, so that directions matter.

    Args:
        species: atomic numbers; the table of embeddings holds all elements.
        cutoff: in Å.
        n_features: number of scalar and of vector features.
        n_interactions: message-passing steps.
        n_rbf: Gaussians that expand the distances.

    Source:
        K. T. Schütt, O. T. Unke, M. Gastegger, ICML 2021, arXiv:2102.03150; code of SchNetPack.
    """
    spk = load_schnetpack()
    representation = spk.representation.PaiNN(
        n_atom_basis=n_features,
        n_interactions=n_interactions,
        radial_basis=spk.nn.GaussianRBF(n_rbf=n_rbf, cutoff=cutoff),
        cutoff_fn=spk.nn.CosineCutoff(cutoff),
    )
    return SchNetPackArchitecture(representation, n_features)
