"""A pair potential whose curves are learnt: what a network can do without looking at angles."""

from collections.abc import Sequence

from torch import Tensor

from mlp_course.descriptors.species import SpeciesIndex
from mlp_course.models.architecture import Architecture
from mlp_course.models.radial_network import RadialNetwork


class PairNetwork(Architecture):
    r"""One curve for each pair of elements, half of it for either atom.

    .. math:: \varepsilon_i = \tfrac12 \sum_{j \ne i} \phi_{Z_i Z_j}(d_{ij})

    The curves come out of one network of the distance and end smoothly at the cutoff. No angle
    enters: the energy of three atoms is that of their three pairs.

    Args:
        species: atomic numbers.
        cutoff: in Å.
        n_rbf: Bessel functions of the distance.
        hidden: widths of the hidden layers.

    Raises:
        ValueError: if ``n_rbf`` or a width is no whole number of at least 1.
        TypeError: if ``hidden`` is no list.

    Source:
        Sums over pairs: J. E. Jones, Proc. R. Soc. A 106, 463 (1924). Bessel functions of the
        distance: J. Gasteiger, J. Groß, S. Günnemann, ICLR 2020, eq. 7.

    Example:
        >>> network = PairNetwork([1, 8], cutoff=5.0, hidden=[4])  # curves HH, HO, OO
        >>> sum(weights.numel() for weights in network.parameters())  # 8 · 4 + 4 · 3
        44
    """

    recordable = True  # no branch and no size depends on positions or pairs

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        n_rbf: int = 8,
        hidden: Sequence[int] = (32,),
    ):
        super().__init__()
        self.elements = SpeciesIndex(species)
        self.curves = RadialNetwork(
            cutoff, n_out=len(self.elements.pairs), n_rbf=n_rbf, hidden=hidden
        )

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Atom energies in eV, shape (n_atoms,)."""
        element = self.elements(atomic_numbers)
        pair = self.elements.of_pair(element[idx_i], element[idx_j])  # (n_pairs,)
        energies = self.curves(r_ij.norm(dim=1)).gather(1, pair[:, None])[:, 0]  # (n_pairs,)
        return r_ij.new_zeros(atomic_numbers.shape[0]).index_add(0, idx_i, 0.5 * energies)
