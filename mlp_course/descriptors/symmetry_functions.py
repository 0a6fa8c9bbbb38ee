r"""Behler-Parrinello symmetry functions: how many neighbours, how far, at which angles.

| symbol in the paper | here | unit |
|---|---|---|
| :math:`R_{ij}`, :math:`\mathbf R_{ij}` | ``d_ij``, ``r_ij`` | Å |
| :math:`\theta_{ijk}`, angle at atom i | ``cos_theta`` | dimensionless |
| :math:`\eta` (width), :math:`R_s` (shell) | ``eta``, ``r_s`` | Å⁻², Å |
| :math:`\zeta` (sharpness of the angle), :math:`\lambda = \pm 1` (0° or 180°) | ``zeta``, ``lambda_`` | - |

Packages differ by a factor of 2 in the angular functions. Here, as in Behler's papers read
literally as a sum over *unordered* pairs of neighbours, every two neighbours count once.
"""  # noqa: E501

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlp_course.data.neighbours import sum_over_neighbours
from mlp_course.descriptors.cutoffs import check_cutoff, cosine_cutoff, cutoff_with_slope
from mlp_course.descriptors.species import SpeciesIndex
from mlp_course.descriptors.triples import Triples, blocks_of_atoms


def radial_symmetry_function(
    d_ij: Tensor, idx_i: Tensor, n_atoms: int, *, eta: float, r_s: float, cutoff: float
) -> Tensor:
    r"""Count each atom's neighbours in a soft shell: the radial function G2.

    .. math:: G^2_i = \sum_j e^{-\eta (R_{ij} - R_s)^2} \, f_c(R_{ij})

    Args:
        d_ij: pair distances in Å, shape (n_pairs,). Full list: both i-j and j-i.
        idx_i: central atom of each pair, shape (n_pairs,).
        n_atoms: number of atoms.
        eta: sharpness of the shell, in Å⁻².
        r_s: radius of the shell, in Å.
        cutoff: distance beyond which atoms do not see each other, in Å.

    Returns:
        Dimensionless, shape (n_atoms,). An atom without neighbours has value 0.

    Raises:
        ValueError: if ``eta`` is negative or ``cutoff`` is not positive.

    Source:
        J. Behler, J. Chem. Phys. 134, 074106 (2011), Eq. 6.

    Example:
        >>> d_ij, idx_i = torch.tensor([1.0, 1.0]), torch.tensor([0, 1])
        >>> radial_symmetry_function(d_ij, idx_i, 2, eta=4.0, r_s=1.0, cutoff=2.0)
        tensor([0.5000, 0.5000])
    """
    _check_eta(eta)
    shell = torch.exp(-eta * (d_ij - r_s) ** 2)  # (n_pairs,)
    return sum_over_neighbours(shell * cosine_cutoff(d_ij, cutoff), idx_i, n_atoms)


def angular_symmetry_function(
    r_ij: Tensor,
    idx_i: Tensor,
    n_atoms: int,
    *,
    eta: float,
    zeta: float,
    lambda_: float,
    cutoff: float,
    with_jk: bool = True,
) -> Tensor:
    r"""Count each atom's pairs of neighbours by the angle between them: G4, or G5 without jk.

    .. math:: G^4_i = 2^{1-\zeta} \sum_{j<k} (1 + \lambda \cos\theta_{ijk})^\zeta \,
        e^{-\eta (R_{ij}^2 + R_{ik}^2 + R_{jk}^2)} \, f_c(R_{ij}) f_c(R_{ik}) f_c(R_{jk})

    G5 leaves out both factors of :math:`R_{jk}`, so that j and k need not see each other.

    Args:
        r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
        idx_i: central atom of each pair, shape (n_pairs,), in rising order.
        n_atoms: number of atoms.
        eta: how fast distant neighbours lose weight, in Å⁻².
        zeta: sharpness of the angle, dimensionless.
        lambda_: +1 to look at angles near 0°, -1 near 180°.
        cutoff: in Å.
        with_jk: True for G4, False for G5.

    Returns:
        Dimensionless, shape (n_atoms,).

    Raises:
        ValueError: if ``eta`` is negative, ``zeta`` or ``cutoff`` not positive, or ``lambda_``
            neither +1 nor -1.

    Source:
        J. Behler, J. Chem. Phys. 134, 074106 (2011), Eqs. 8 and 9; each j, k once.

    Example:
        >>> r_ij = torch.tensor([[1.0, 0, 0], [0, 1.0, 0]])  # a right angle at atom 0
        >>> parameters = dict(eta=0.0, zeta=1.0, lambda_=1.0, cutoff=2.0, with_jk=False)
        >>> angular_symmetry_function(r_ij, torch.tensor([0, 0]), 1, **parameters)  # 1 · 0.5 · 0.5
        tensor([0.2500])
    """
    _check_angular(eta, zeta, lambda_)
    triples = Triples(r_ij, idx_i, cutoff, with_jk=with_jk)
    angle = 2 ** (1 - zeta) * (1 + lambda_ * triples.cos_theta) ** zeta  # (n_triples,)
    distance = torch.exp(-eta * triples.squares) * triples.fade
    return sum_over_neighbours(angle * distance, triples.idx_i, n_atoms)


class SymmetryFunctions(nn.Module):
    """A set of symmetry functions, one radial block per element and one angular per pair of them.

    All pairs and triples of a batch are computed at once. Because many functions share their width
    or their angle, each exponential and each power is computed once and combined by products.

    Args:
        species: atomic numbers of the elements it can tell apart.
        cutoff: in Å.
        radial: pairs (eta in Å⁻², r_s in Å); default :func:`radial_shells` of the cutoff.
        angular: triples (eta in Å⁻², zeta, lambda_); default :func:`angular_shells`.
        with_jk: True for G4, False for G5.

    Raises:
        ValueError: for a parameter outside its range.

    Example:
        >>> from ase.build import molecule
        >>> from mlp_course.data import neighbour_list
        >>> g = SymmetryFunctions([1, 8], cutoff=4.0, radial=[(1.0, 1.0)], angular=[(0.0, 1.0, 1)])
        >>> g.labels
        ['G2 H 1 1', 'G2 O 1 1', 'G4 HH 0 1 1', 'G4 HO 0 1 1', 'G4 OO 0 1 1']
        >>> water = neighbour_list(molecule("H2O"), 4.0).to(dtype=torch.float32)
        >>> features = g(water.atomic_numbers, water.pair_vectors(), water.idx_i, water.idx_j)
        >>> features.shape, features[0].tolist().index(0.0)  # an O atom sees no other O
        (torch.Size([3, 5]), 1)
    """

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        radial: Sequence[tuple[float, float]] | None = None,
        angular: Sequence[tuple[float, float, float]] | None = None,
        with_jk: bool = True,
    ):
        super().__init__()
        check_cutoff(cutoff)
        self.elements = SpeciesIndex(species)
        self.cutoff, self.with_jk = float(cutoff), with_jk
        self.radial = list(radial_shells(cutoff) if radial is None else radial)
        self.angular = list(angular_shells(cutoff) if angular is None else angular)
        for eta, _ in self.radial:
            _check_eta(eta)
        for parameters in self.angular:
            _check_angular(*parameters)
        self.etas = sorted({eta for eta, _, _ in self.angular})
        self.angles = sorted({(zeta, lambda_) for _, zeta, lambda_ in self.angular})
        eta_of = [self.etas.index(eta) for eta, _, _ in self.angular]
        angle_of = [self.angles.index((zeta, lambda_)) for _, zeta, lambda_ in self.angular]
        self.register_buffer("eta_of", torch.tensor(eta_of, dtype=torch.long), persistent=False)
        self.register_buffer("angle_of", torch.tensor(angle_of, dtype=torch.long), persistent=False)

    @property
    def n_components(self) -> int:
        """Length of the descriptor of one atom, dimensionless."""
        return len(self.elements) * len(self.radial) + len(self.elements.pairs) * len(self.angular)

    @property
    def labels(self) -> list[str]:
        """What each component is: kind, elements of the neighbours, parameters."""
        kind = "G4" if self.with_jk else "G5"
        radial = [f"{eta:g} {r_s:g}" for eta, r_s in self.radial]
        angular = [f"{eta:g} {zeta:g} {lambda_:g}" for eta, zeta, lambda_ in self.angular]
        return [f"G2 {element} {text}" for element in self.elements.symbols for text in radial] + [
            f"{kind} {pair} {text}" for pair in self.elements.pair_symbols for text in angular
        ]

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Descriptor of each atom, dimensionless, shape (n_atoms, n_components).

        Args:
            atomic_numbers: shape (n_atoms,).
            r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
            idx_i: central atom of each pair, shape (n_pairs,), in rising order.
            idx_j: neighbour of each pair, shape (n_pairs,).
        """
        n_atoms = len(atomic_numbers)
        element = self.elements(atomic_numbers)[idx_j]  # (n_pairs,): of the neighbour
        radial = self.radial_terms(r_ij.norm(dim=1))  # (n_pairs, n_radial)
        n_elements = len(self.elements)
        blocks = [_sum_by(radial, idx_i, element, n_atoms, n_elements)]
        if self.angular:
            triples = Triples(r_ij, idx_i, self.cutoff, with_jk=self.with_jk)
            pair = self.elements.of_pair(element[triples.pair_ij], element[triples.pair_ik])
            angular = self.angular_terms(triples)  # (n_triples, n_angular)
            n_pairs_of_elements = len(self.elements.pairs)
            blocks.append(_sum_by(angular, triples.idx_i, pair, n_atoms, n_pairs_of_elements))
        return torch.cat(blocks, dim=1)

    @torch.no_grad()
    def derivatives(
        self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor
    ) -> tuple[Tensor, Tensor]:
        r"""Descriptors, and how that of atom i changes when its neighbour j moves.

        A term h of two neighbours depends on two distances, the angle between them and, in G4, on
        the third distance, so that its derivative lies in the plane of the two:

        .. math:: \frac{\partial h}{\partial \mathbf r_{ij}}
            = \alpha \, \mathbf r_{ij} + \beta \, \mathbf r_{ik}

        A move of atom i itself is minus the sum over its neighbours.

        Args:
            atomic_numbers: shape (n_atoms,).
            r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
            idx_i: central atom of each pair, shape (n_pairs,), in rising order.
            idx_j: neighbour of each pair, shape (n_pairs,).

        Returns:
            Descriptors, dimensionless, shape (n_atoms, n_components), and derivatives in 1/Å, shape
            (n_pairs, 3, n_components).
        """
        element = self.elements(atomic_numbers)[idx_j]  # (n_pairs,): of the neighbour
        n_atoms, n_kinds = len(atomic_numbers), len(self.elements)
        d_ij = r_ij.norm(dim=1)
        values = _sum_by(self.radial_terms(d_ij), idx_i, element, n_atoms, n_kinds)
        slopes = r_ij.new_zeros(len(r_ij), 3, self.n_components)
        radial = slopes[:, :, : values.shape[1]].unflatten(2, (n_kinds, -1))
        direction = (r_ij / d_ij[:, None])[:, :, None]
        pairs = torch.arange(len(r_ij), device=r_ij.device)
        radial[pairs, :, element] = direction * self.radial_slopes(d_ij)[:, None]
        if not self.angular:
            return values, slopes
        angular = values.new_zeros(n_atoms, self.n_components - values.shape[1])
        for own in blocks_of_atoms(idx_i):
            total, slope = self._angular_derivatives(r_ij[own], idx_i[own], element[own])
            angular[idx_i[own][0] : idx_i[own][-1] + 1] = total
            slopes[own, :, values.shape[1] :] = slope
        return torch.cat([values, angular], dim=1), slopes

    def _angular_derivatives(
        self, r_ij: Tensor, idx_i: Tensor, element: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The angular part of ``derivatives`` for the pairs of some successive atoms."""
        triples = Triples(r_ij, idx_i, self.cutoff, with_jk=self.with_jk)
        n_kinds = len(self.elements.pairs)
        kind = self.elements.of_pair(element[triples.pair_ij], element[triples.pair_ik])
        terms, alpha_ij, alpha_ik, beta = self.angular_slopes(triples)
        first = idx_i[0]
        total = _sum_by(terms, triples.idx_i - first, kind, int(idx_i[-1] - first) + 1, n_kinds)
        rows = torch.cat([triples.pair_ij, triples.pair_ik]) * n_kinds + kind.repeat(2)
        along = r_ij.new_zeros(len(r_ij) * n_kinds, terms.shape[1])
        along.index_add_(0, rows, torch.cat([alpha_ij, alpha_ik]))
        other = r_ij[torch.cat([triples.pair_ik, triples.pair_ij])]  # (2 n_triples, 3)
        slope = r_ij.repeat_interleave(n_kinds, dim=0)[:, :, None] * along[:, None]
        slope.index_add_(0, rows, other[:, :, None] * beta.repeat(2, 1)[:, None])
        return total, slope.unflatten(0, (-1, n_kinds)).transpose(1, 2).flatten(2)

    def radial_terms(self, d_ij: Tensor) -> Tensor:
        """What each neighbour adds to G2, shape (n_pairs, n_radial)."""
        eta, r_s = d_ij.new_tensor(self.radial).reshape(-1, 2).T
        shells = torch.exp(-eta * (d_ij[:, None] - r_s) ** 2)
        return shells * cosine_cutoff(d_ij, self.cutoff)[:, None]

    def angular_terms(self, triples: Triples) -> Tensor:
        """What each two neighbours add to G4 or G5, shape (n_triples, n_angular)."""
        distance = [torch.exp(-eta * triples.squares) * triples.fade for eta in self.etas]
        angle = [
            2 ** (1 - zeta) * (1 + lambda_ * triples.cos_theta) ** zeta
            for zeta, lambda_ in self.angles
        ]
        return (
            torch.stack(distance, dim=1)[:, self.eta_of]
            * torch.stack(angle, dim=1)[:, self.angle_of]
        )

    def radial_slopes(self, d_ij: Tensor) -> Tensor:
        """Derivatives of ``radial_terms`` by the distance in 1/Å, shape (n_pairs, n_radial)."""
        eta, r_s = d_ij.new_tensor(self.radial).reshape(-1, 2).T
        away = d_ij[:, None] - r_s
        fade, slope = cutoff_with_slope(cosine_cutoff, d_ij, self.cutoff)
        return torch.exp(-eta * away**2) * (slope[:, None] - 2 * eta * away * fade[:, None])

    def angular_slopes(self, triples: Triples) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        r"""Terms h and the factors of their derivatives, each of shape (n_triples, n_angular).

        With :math:`h = A(\cos\theta) \, E(d_{ij}, d_{ik}, d_{jk})` and
        :math:`\kappa = A \, E_{jk} / d_{jk}`, where an index at E is a derivative,

        .. math:: \beta = \frac{A' E}{d_{ij} d_{ik}} - \kappa, \qquad
            \alpha_{ij} = \frac{A E_{ij}}{d_{ij}} - \frac{A' E \cos\theta}{d_{ij}^2} + \kappa .

        Args:
            triples: of atoms that all lie within the cutoff of their centre.

        Returns:
            h, α_ij, α_ik, β; the last three in Å⁻².
        """
        t, angle_of, eta_of = triples, self.angle_of, self.eta_of
        zeta, lambda_ = t.cos_theta.new_tensor(self.angles).T
        base = 1 + lambda_ * t.cos_theta[:, None]  # (n_triples, n_angles)
        power = 2 ** (1 - zeta) * base ** (zeta - 1)
        a, bend = (power * base)[:, angle_of], (zeta * lambda_ * power)[:, angle_of]
        eta = t.squares.new_tensor(self.etas)
        weight = torch.exp(-eta * t.squares[:, None])  # (n_triples, n_etas)
        e = (weight * t.fade[:, None])[:, eta_of]
        pulls = [
            a * (weight * (slope[:, None] - 2 * eta * t.fade[:, None]))[:, eta_of]
            for slope in t.fade_slopes()
        ]
        kappa = pulls[2] if self.with_jk else 0.0
        turn = bend * e
        beta = turn / (t.d_ij * t.d_ik)[:, None] - kappa
        alpha_ij = pulls[0] - turn * (t.cos_theta / t.d_ij**2)[:, None] + kappa
        alpha_ik = pulls[1] - turn * (t.cos_theta / t.d_ik**2)[:, None] + kappa
        return a * e, alpha_ij, alpha_ik, beta


def radial_shells(cutoff: float, n_shells: int = 8) -> list[tuple[float, float]]:
    r"""Place shells evenly between 0.5 Å and the cutoff, each as wide as the step between them.

    .. math:: R_s^{(k)} = 0.5 + k \Delta, \qquad \eta = \frac{1}{2 \Delta^2},
        \qquad \Delta = \frac{r_c - 0.5}{n}, \quad k = 0, \dots, n - 1

    Args:
        cutoff: r_c in Å, above 0.5.
        n_shells: n, dimensionless.

    Returns:
        Pairs (eta in Å⁻², r_s in Å).

    Raises:
        ValueError: if ``cutoff`` is not above 0.5 or ``n_shells`` below 1.

    Source:
        The grid of M. Gastegger et al., J. Chem. Phys. 148, 241709 (2018), "shifted" functions.

    Example:
        >>> radial_shells(4.5, 4)
        [(0.5, 0.5), (0.5, 1.5), (0.5, 2.5), (0.5, 3.5)]
    """
    if not cutoff > 0.5:
        raise ValueError(f"cutoff must be above 0.5, in Å, to hold shells; got {cutoff}")
    if n_shells < 1:
        raise ValueError(f"n_shells must be at least 1, dimensionless; got {n_shells}")
    step = (cutoff - 0.5) / n_shells
    return [(0.5 / step**2, 0.5 + k * step) for k in range(n_shells)]


def angular_shells(
    cutoff: float,
    *,
    zetas: Sequence[float] = (1, 4, 16),
    reaches: Sequence[float] = (0.4, 1.0),
) -> list[tuple[float, float, float]]:
    r"""Combine sharpnesses of the angle, both signs of λ and a near and a far reach.

    .. math:: \eta = \frac{1}{2 (\rho\, r_c)^2}

    Args:
        cutoff: r_c in Å.
        zetas: ζ, dimensionless.
        reaches: ρ, parts of the cutoff after which the weight of a distance has fallen to 0.6.

    Returns:
        Triples (eta in Å⁻², zeta, lambda_).

    Raises:
        ValueError: if ``cutoff`` is not positive.

    Source:
        The scheme of ζ and λ is that of J. Behler, Int. J. Quantum Chem. 115, 1032 (2015).

    Example:
        >>> angular_shells(1.0, zetas=[1], reaches=[1.0])
        [(0.5, 1, 1), (0.5, 1, -1)]
    """
    check_cutoff(cutoff)
    etas = [0.5 / (reach * cutoff) ** 2 for reach in reaches]
    return [(eta, zeta, lambda_) for eta in etas for zeta in zetas for lambda_ in (1, -1)]


def _sum_by(terms: Tensor, idx_i: Tensor, kind: Tensor, n_atoms: int, n_kinds: int) -> Tensor:
    """Sum rows by central atom and kind; shape (n_atoms, n_kinds · n_columns)."""
    total = sum_over_neighbours(terms, idx_i * n_kinds + kind, n_atoms * n_kinds)
    return total.reshape(n_atoms, n_kinds * terms.shape[1])


def _check_eta(eta: float) -> None:
    if not eta >= 0:
        raise ValueError(f"eta must not be negative, in Å⁻²; got {eta}")


def _check_angular(eta: float, zeta: float, lambda_: float) -> None:
    _check_eta(eta)
    if not zeta > 0:
        raise ValueError(f"zeta must be positive, dimensionless; got {zeta}")
    if lambda_ not in (1, -1):
        raise ValueError(f"lambda_ must be +1 or -1; got {lambda_}")
