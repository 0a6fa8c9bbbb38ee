"""The seam to SchNetPack: its representations with an atom-wise readout, as one of ours."""

from collections.abc import Sequence

from torch import Tensor

from mlp_course.descriptors.checks import check_count
from mlp_course.models.architecture import Architecture
from mlp_course.models.schnetpack_compat import load_schnetpack


class SchNetPackArchitecture(Architecture):
    """Feed pairs to a SchNetPack representation and read one energy off each atom's features.

    A subclass names the representation; hyperparameters are explained there.

    Raises:
        ValueError: if ``n_features`` or ``n_interactions`` is no whole number of at least 1, or
            ``n_rbf`` of at least 2.
    """

    recordable = True  # no branch and no size depends on positions or pairs; see recording.py
    name: str  #: of a class in ``schnetpack.representation``

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        n_features: int = 64,
        n_interactions: int = 3,
        n_rbf: int = 20,
    ):
        super().__init__()
        check_count(1, n_features=n_features, n_interactions=n_interactions)
        check_count(2, n_rbf=n_rbf)  # the width of a Gaussian is the step to the next one
        spk = load_schnetpack()
        names = spk.properties
        self.names = (names.Z, names.Rij, names.idx_i, names.idx_j)  # strings: can be copied
        self.representation = getattr(spk.representation, self.name)(
            n_atom_basis=n_features,
            n_interactions=n_interactions,
            radial_basis=spk.nn.GaussianRBF(n_rbf=n_rbf, cutoff=cutoff),
            cutoff_fn=spk.nn.CosineCutoff(cutoff),
        )
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
