r"""GAP: energies by resemblance to known environments, with an error bar, and without a network.

| symbol in the papers | here | shape |
|---|---|---|
| :math:`\mathbf p_i`, normalised SOAP spectrum | ``p`` | (n_atoms, n_components) |
| :math:`k(i, s) = (\mathbf p_i \cdot \mathbf p_s)^\zeta` | ``kernel`` | (n_atoms, n_sparse) |
| :math:`\alpha_s`, coefficient of a sparse environment | ``alpha`` | (n_elements, n_sparse) |
| :math:`\mathbf K_{MM}`, sparse with sparse | ``k_mm`` | (m, m), m = n_elements · n_sparse |
| :math:`\mathbf K_{NM}`, labels with sparse | ``k_nm`` | (n_labels, m) |
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn

from mlp_course.data.neighbours import Graph
from mlp_course.descriptors.checks import check_count, check_positive
from mlp_course.descriptors.soap import SOAP
from mlp_course.models.architecture import Architecture

_JITTER = 1e-10  # added to the diagonal of K_MM, so that it has a Cholesky factor
_CHUNK = 40  # configurations that are added to the triangular form at once


class GAP(Architecture):
    r"""Gaussian approximation potential: SOAP and a sparse Gaussian process.

    .. math:: \varepsilon_i = \delta^2 \sum_{s \in Z_i} \alpha_s \, k(\mathbf p_i, \mathbf p_s),
        \qquad k(\mathbf p, \mathbf p') = (\hat{\mathbf p} \cdot \hat{\mathbf p}')^\zeta

    Atoms are compared with atoms of their own element only. Everything is in float64: the
    coefficients are large and of both signs. Before it is fitted, a GAP compares with random
    environments that no atom has: a potential like any other, which knows nothing.

    Args:
        species: atomic numbers.
        cutoff: in Å.
        n_sparse: environments of each element to compare with.
        zeta: sharpness of the comparison, dimensionless.
        delta: spread of an atom's energy before any data are seen, in eV.
        energy_noise: of the labels, in eV/atom.
        force_noise: of the labels, in eV/Å.
        soap: options of :class:`~mlp_course.descriptors.soap.SOAP`. With another ``fade`` a GAP
            cannot come from ``build_model``, and cannot be saved.

    Raises:
        ValueError: if ``n_sparse`` is below 1, one of the others not positive, or for options that
            SOAP refuses.

    Source:
        A. P. Bartók, M. C. Payne, R. Kondor, G. Csányi, Phys. Rev. Lett. 104, 136403 (2010);
        the linear system as in A. P. Bartók, G. Csányi, Int. J. Quantum Chem. 115, 1051 (2015).

    Example:
        >>> GAP([1, 8], cutoff=4.0, n_sparse=10).alpha.shape  # 10 environments of each element
        torch.Size([2, 10])
    """

    solvable = True

    def __init__(
        self,
        species: Sequence[int],
        cutoff: float,
        *,
        n_sparse: int = 300,
        zeta: float = 4.0,
        delta: float = 1.0,
        energy_noise: float = 1e-3,
        force_noise: float = 1e-2,
        **soap,
    ):
        super().__init__()
        check_count(1, n_sparse=n_sparse)
        check_positive("dimensionless", zeta=zeta)
        check_positive("in eV", delta=delta)
        check_positive("in eV/atom", energy_noise=energy_noise)
        check_positive("in eV/Å", force_noise=force_noise)
        self.descriptor = SOAP(species, cutoff, **soap)
        self.n_sparse, self.zeta, self.delta = n_sparse, zeta, delta
        self.energy_noise, self.force_noise = energy_noise, force_noise
        n_elements, n_components = len(species), self.descriptor.n_components
        start = torch.rand(n_elements, n_sparse, n_components, dtype=torch.float64)
        self.register_buffer("sparse", start / start.norm(dim=2, keepdim=True))
        self.alpha = nn.Parameter(torch.randn(n_elements, n_sparse, dtype=torch.float64))
        m = n_elements * n_sparse
        self.register_buffer("factor", torch.eye(m, dtype=torch.float64))  # R of the linear system

    def forward(self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor) -> Tensor:
        """Atom energies in eV, shape (n_atoms,)."""
        p = _normalised(self.descriptor(atomic_numbers, r_ij, idx_i, idx_j))
        element = self.descriptor.elements(atomic_numbers)
        energies = p.new_zeros(len(p))
        for z in range(len(self.sparse)):
            atoms = torch.nonzero(element == z)[:, 0]
            kernel = self.delta**2 * (p[atoms] @ self.sparse[z].T) ** self.zeta
            energies = energies.index_copy(0, atoms, kernel @ self.alpha[z])
        return energies

    @torch.no_grad()
    def solve(
        self, graphs: Sequence[Graph], residual: Tensor, forces: Sequence[Tensor]
    ) -> Iterator[int]:
        r"""Choose sparse environments and solve for the coefficients.

        .. math:: \min_\alpha \; \Bigl\| \Sigma^{-1} (\mathbf y - \mathbf K_{NM} \alpha) \Bigr\|^2
            + \alpha^T \mathbf K_{MM} \, \alpha

        The rows of Σ⁻¹ K are brought to triangular form configuration by configuration, beginning
        with the factor of K_MM (Cholesky), so that memory does not grow with the data.

        Args:
            graphs: training configurations.
            residual: energies without references in eV, shape (n_systems,).
            forces: in eV/Å, each of shape (n_atoms, 3).

        Yields:
            The number of configurations done, to show progress.
        """
        self.sparse.copy_(self._choose(graphs))
        k_mm = self.sparse_kernel()
        triangle = torch.linalg.cholesky(k_mm).T  # (m, m)
        right = triangle.new_zeros(len(triangle), 1)
        for done in range(0, len(graphs), _CHUNK):
            rows, labels = [triangle], [right]
            for n in range(done, min(done + _CHUNK, len(graphs))):
                k_nm, noise = self.design_rows(graphs[n])
                target = torch.cat([residual[n : n + 1], forces[n].flatten()])
                rows.append(k_nm / noise[:, None])
                labels.append((target / noise)[:, None])
            both = torch.cat([torch.cat(rows), torch.cat(labels)], dim=1)
            reduced = torch.linalg.qr(both, mode="r").R
            triangle, right = reduced[: len(triangle), :-1], reduced[: len(triangle), -1:]
            yield min(done + _CHUNK, len(graphs))
        self.factor.copy_(triangle)
        alpha = torch.linalg.solve_triangular(triangle, right, upper=True)[:, 0]
        self.alpha.copy_(alpha.reshape(self.alpha.shape))

    def design_rows(self, graph: Graph) -> tuple[Tensor, Tensor]:
        r"""Rows of K_NM for one configuration: its energy, then its forces, and their noise.

        .. math:: \frac{\partial k(i, s)}{\partial \mathbf r_{ij}}
            = \zeta \, (\hat{\mathbf p}_i \cdot \hat{\mathbf p}_s)^{\zeta - 1} \,
              \frac{\partial \hat{\mathbf p}_i}{\partial \mathbf r_{ij}} \cdot \hat{\mathbf p}_s

        Args:
            graph: one configuration.

        Returns:
            Shape (1 + 3 n_atoms, m), in eV and eV/Å, and noise, shape (1 + 3 n_atoms,).
        """
        n_atoms = len(graph.atomic_numbers)
        p, slope = self.descriptor.derivatives(
            graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j
        )
        length = p.norm(dim=1)
        p = p / length[:, None]
        slope = slope / length[graph.idx_i, None, None]
        along = (slope * p[graph.idx_i, None]).sum(dim=2, keepdim=True)
        slope = slope - along * p[graph.idx_i, None]  # (n_pairs, 3, n_components)
        element = self.descriptor.elements(graph.atomic_numbers)
        energy = p.new_zeros(*self.alpha.shape)  # (n_elements, n_sparse)
        forces = p.new_zeros(n_atoms, 3, *self.alpha.shape)
        for z, sparse in enumerate(self.sparse):
            atoms, pairs = element == z, torch.nonzero(element[graph.idx_i] == z)[:, 0]
            likeness = p @ sparse.T  # (n_atoms, n_sparse)
            energy[z] = (likeness[atoms] ** self.zeta).sum(dim=0)
            steep = self.zeta * likeness ** (self.zeta - 1)
            change = (slope[pairs] @ sparse.T) * steep[graph.idx_i[pairs], None]
            forces[:, :, z].index_add_(0, graph.idx_j[pairs], -change)  # F = -dE/dR
            forces[:, :, z].index_add_(0, graph.idx_i[pairs], change)
        rows = torch.cat([energy.flatten()[None], forces.reshape(3 * n_atoms, -1)])
        noise = rows.new_full((len(rows),), self.force_noise)
        noise[0] = self.energy_noise * n_atoms
        return self.delta**2 * rows, noise

    @property
    def fitted(self) -> bool:
        """Whether the linear system has been solved; before, its factor is the unit matrix."""
        return bool((self.factor.diagonal() != 1).any())

    @torch.no_grad()
    def energy_covariance(
        self, atomic_numbers: Tensor, r_ij: Tensor, idx_i: Tensor, idx_j: Tensor
    ) -> Tensor:
        r"""Covariance of the energies of all atoms, as far as the sparse environments can tell.

        .. math:: C_{ij} = k_{ij} - \mathbf k_i^T \mathbf K_{MM}^{-1} \mathbf k_j
            + \mathbf k_i^T \left(\mathbf K_{MM} + \mathbf K_{MN} \Sigma^{-2} \mathbf K_{NM}
            \right)^{-1} \mathbf k_j

        The sum over a block of atoms is the variance of their energy, the diagonal that of each.

        Args:
            atomic_numbers: shape (n_atoms,).
            r_ij: vectors from atom i to its neighbour j in Å, shape (n_pairs, 3).
            idx_i: central atom of each pair, shape (n_pairs,), in rising order.
            idx_j: neighbour of each pair, shape (n_pairs,).

        Returns:
            In eV², shape (n_atoms, n_atoms); the diagonal lies between 0 and δ².

        Raises:
            ValueError: if the potential has not been fitted.

        Source:
            C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning (2006),
            Sec. 8.3.4; also called DTC.
        """
        if not self.fitted:
            raise ValueError(
                "this GAP has not been fitted, and so knows no error bar: call "
                "fit(model, train, validation) first"
            )
        p = _normalised(self.descriptor(atomic_numbers, r_ij, idx_i, idx_j))
        element = self.descriptor.elements(atomic_numbers)
        same = element[:, None] == element
        own = torch.where(same, self.delta**2 * (p @ p.T) ** self.zeta, 0.0)
        k = self.kernel_with_sparse(p, element).T  # (m, n_atoms)
        factor = torch.linalg.cholesky(self.sparse_kernel())
        prior = torch.linalg.solve_triangular(factor, k, upper=False)
        posterior = torch.linalg.solve_triangular(self.factor.T, k, upper=False)
        return own - prior.T @ prior + posterior.T @ posterior

    def kernel_with_sparse(self, p: Tensor, element: Tensor) -> Tensor:
        """Kernel of each atom with each sparse environment, zero between elements.

        Args:
            p: normalised spectra, shape (n_atoms, n_components).
            element: place of each atom's element, shape (n_atoms,).

        Returns:
            In eV², shape (n_atoms, m).
        """
        k = self.delta**2 * torch.einsum("ic,zsc->izs", p, self.sparse) ** self.zeta
        of_own_element = element[:, None] == torch.arange(len(self.sparse), device=element.device)
        return torch.where(of_own_element[..., None], k, 0.0).flatten(1)

    def sparse_kernel(self) -> Tensor:
        """K_MM in eV², shape (m, m): zero between elements."""
        blocks = self.delta**2 * (self.sparse @ self.sparse.transpose(1, 2)) ** self.zeta
        k_mm = torch.block_diag(*blocks)
        return k_mm + _JITTER * self.delta**2 * torch.eye(len(k_mm)).to(k_mm)

    def _choose(self, graphs: Sequence[Graph]) -> Tensor:
        """Sparse environments of each element, far from each other, shape as ``sparse``."""
        found: list[list[Tensor]] = [[] for _ in self.sparse]
        for graph in graphs:
            inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
            p = _normalised(self.descriptor(*inputs))
            element = self.descriptor.elements(graph.atomic_numbers)
            for z, environments in enumerate(found):
                environments.append(p[element == z])
        return torch.stack([farthest_points(torch.cat(p), self.n_sparse) for p in found])


def farthest_points(points: Tensor, n: int) -> Tensor:
    """Choose points one by one, each the farthest from all chosen before; the first is the first.

    Args:
        points: shape (n_points, n_components).
        n: how many; if there are fewer points, the last rows stay zero.

    Returns:
        Shape (n, n_components).

    Example:
        >>> farthest_points(torch.tensor([[0.0], [0.1], [1.0], [0.4]]), 3)[:, 0]
        tensor([0.0000, 1.0000, 0.4000])
    """
    chosen = points.new_zeros(n, points.shape[1])
    distance = points.new_full((len(points),), float("inf"))
    index = 0
    for place in range(min(n, len(points))):
        chosen[place] = points[index]
        distance = torch.minimum(distance, ((points - points[index]) ** 2).sum(dim=1))
        index = int(distance.argmax())
    return chosen


def _normalised(p: Tensor) -> Tensor:
    """Spectra of length 1."""
    return p / p.norm(dim=1, keepdim=True)
