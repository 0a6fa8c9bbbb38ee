"""ANI: atomic environment vectors and one network per element."""

from collections.abc import Sequence

from torch import Tensor, nn

from mlp_course.descriptors.aev import AEV
from mlp_course.models.architecture import Architecture
from mlp_course.models.element_networks import ElementNetworks

#: Widths of ANI-1x by atomic number; other elements get those of oxygen.
ANI_1X = {1: (160, 128, 96), 6: (144, 112, 96), 7: (128, 112, 96), 8: (128, 112, 96)}


class CELU(nn.CELU):
    """The smooth kink of ANI, max(0, x) + min(0, 0.1 (exp(x / 0.1) - 1))."""

    def __init__(self):
        super().__init__(alpha=0.1)


class ANI(Architecture):
    r"""Angular shells instead of two directions: a descriptor that sees where an angle is.

    .. math:: \varepsilon_i = \mathrm{NN}_{Z_i}(\mathbf G_i)

    Args:
        species: atomic numbers.
        cutoff: of the radial part, in Å; 5.2 in ANI-1x.
        hidden: widths of the hidden layers; default: those of ANI-1x for each element.
        descriptor: other parameters of :class:`~mlp_course.descriptors.aev.AEV`.

    Raises:
        ValueError: if a width is no whole number of at least 1, or for what AEV refuses.
        TypeError: if ``hidden`` is no list.

    Source:
        J. S. Smith, O. Isayev, A. E. Roitberg, Chem. Sci. 8, 3192 (2017); widths and activation of
        J. Chem. Phys. 148, 241733 (2018) as in torchani.

    Example:
        >>> network = ANI([1, 6, 8], cutoff=5.2)
        >>> network.descriptor.n_components  # 3 · 16 radial, 6 · (4 · 8) angular
        240
        >>> [layer[0].out_features for layer in network.networks.networks]  # H, C, O
        [160, 144, 128]
    """

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        hidden: Sequence[int] | None = None,
        **descriptor,
    ):
        super().__init__()
        self.descriptor = AEV(species, cutoff, **descriptor)
        widths = {z: ANI_1X.get(z, ANI_1X[8]) if hidden is None else hidden for z in species}
        self.networks = ElementNetworks(species, self.descriptor.n_components, widths, CELU)

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Atom energies in eV, shape (n_atoms,)."""
        return self.networks(self.descriptor(atomic_numbers, r_ij, idx_i, idx_j), atomic_numbers)
