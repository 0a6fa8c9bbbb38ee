r"""Neighbours: every pair of atoms within a cutoff, for one configuration or a whole batch.

| symbol in the papers | here | shape |
|---|---|---|
| :math:`\mathbf{r}_{ij} = \mathbf{R}_j + \mathbf{n} H - \mathbf{R}_i` | ``r_ij`` | (n_pairs, 3) |
| :math:`i, j` | ``idx_i, idx_j`` | (n_pairs,) |
| :math:`\mathbf{n}` | ``shift`` | (n_pairs, 3) |
| :math:`H`, rows are cell vectors | ``cell`` | (n_systems, 3, 3) |
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
import torch
from ase import Atoms
from torch import Tensor

_FLAT = 1e-6  # Å³; no cell with an atom in it is as small
_SAME_SPOT = 1e-3  # Å; closer than this, two atoms are one by mistake
_DENSE_LIMIT = 100  # atoms; up to here a full distance matrix is faster than a cell list


@dataclasses.dataclass(frozen=True)
class Graph:
    """One configuration, or several concatenated ones, as tensors with their pairs.

    Attributes:
        atomic_numbers: shape (n_atoms,).
        positions: in Å, shape (n_atoms, 3).
        cell: cell vectors as rows in Å, shape (n_systems, 3, 3); zeros without periodicity.
        idx_m: system of each atom, shape (n_atoms,).
        idx_i: central atom of each pair, shape (n_pairs,). Full list: both i-j and j-i.
        idx_j: neighbour of each pair, shape (n_pairs,).
        shift: cell translations of the neighbour, whole numbers as floats, shape (n_pairs, 3).

    Example:
        >>> chain = neighbour_list(Atoms("H", cell=[1.0, 9.0, 9.0], pbc=True), cutoff=1.5)
        >>> chain.idx_i.tolist(), chain.idx_j.tolist()  # one atom, which sees two images of itself
        ([0, 0], [0, 0])
        >>> sorted(chain.pair_vectors()[:, 0].tolist())
        [-1.0, 1.0]
    """

    atomic_numbers: Tensor
    positions: Tensor
    cell: Tensor
    idx_m: Tensor
    idx_i: Tensor
    idx_j: Tensor
    shift: Tensor

    @property
    def n_systems(self) -> int:
        """Number of configurations in the batch."""
        return self.cell.shape[0]

    def pair_vectors(self) -> Tensor:
        """Vectors from atom i to its neighbour j in Å, shape (n_pairs, 3)."""
        r_ij = self.positions[self.idx_j] - self.positions[self.idx_i]
        if self.shift.any():
            cells = self.cell[self.idx_m[self.idx_i]]  # (n_pairs, 3, 3)
            r_ij = r_ij + torch.einsum("pa,pab->pb", self.shift, cells)
        return r_ij

    def to(
        self, device: torch.device | str | None = None, dtype: torch.dtype | None = None
    ) -> "Graph":
        """Copy to a device; floating-point fields also to a dtype."""

        def move(value: Tensor) -> Tensor:
            return value.to(device, dtype if value.is_floating_point() else None)

        return Graph(*(move(getattr(self, field.name)) for field in dataclasses.fields(self)))


def neighbour_list(atoms: Atoms, cutoff: float) -> Graph:
    """List all pairs of atoms closer than a cutoff, periodic images included.

    Args:
        atoms: one configuration.
        cutoff: in Å.

    Returns:
        A graph of one system in float64, pairs sorted by ``idx_i``.

    Raises:
        ValueError: if the cutoff is not positive, a position is not finite, a periodic direction
            has no cell vector, cell vectors lie in one plane, or two atoms lie on the same spot.

    Example:
        >>> graph = neighbour_list(Atoms("H2", [[0, 0, 0], [0, 0, 0.74]]), cutoff=5.0)
        >>> graph.idx_i.tolist(), graph.idx_j.tolist()
        ([0, 1], [1, 0])
        >>> graph.pair_vectors().norm(dim=1)
        tensor([0.7400, 0.7400], dtype=torch.float64)
    """
    _check_structure(atoms, cutoff)
    if not atoms.pbc.any() and len(atoms) <= _DENSE_LIMIT:
        idx_i, idx_j, d_ij = _dense_pairs(atoms.positions, cutoff)
        shift = np.zeros((len(idx_i), 3))
    else:
        idx_i, idx_j, d_ij, shift = _listed_pairs(atoms, cutoff)
    if (d_ij < _SAME_SPOT).any():
        n = int(d_ij.argmin())
        raise ValueError(
            f"atoms {idx_i[n]} and {idx_j[n]} lie on the same spot, {d_ij[n]:.1e} Å apart: an atom "
            "was put there twice, or a cell vector is missing or too short"
        )
    return Graph(
        atomic_numbers=torch.as_tensor(atoms.numbers, dtype=torch.long),
        positions=torch.tensor(atoms.positions, dtype=torch.float64),
        cell=torch.tensor(atoms.cell.array[None], dtype=torch.float64),
        idx_m=torch.zeros(len(atoms), dtype=torch.long),
        idx_i=torch.as_tensor(idx_i, dtype=torch.long),
        idx_j=torch.as_tensor(idx_j, dtype=torch.long),
        shift=torch.as_tensor(shift, dtype=torch.float64),
    )


def _check_structure(atoms: Atoms, cutoff: float) -> None:
    """Raise ValueError for what has no list of neighbours."""
    if not 0 < cutoff < np.inf:
        raise ValueError(f"cutoff must be positive and finite, in Å; got {cutoff}")
    if not np.isfinite(atoms.positions).all():
        lost = np.flatnonzero(~np.isfinite(atoms.positions).all(axis=1)).tolist()
        raise ValueError(
            f"positions must be finite, in Å; atoms {lost} have NaN or infinity: the file is "
            "damaged or a simulation went wrong"
        )
    if atoms.pbc.any() and (atoms.pbc & ~atoms.cell.any(axis=1)).any():
        raise ValueError(
            f"a periodic direction needs a cell vector, in Å; got pbc={atoms.pbc.tolist()} with "
            f"cell={atoms.cell.array.tolist()}: set the cell, or pbc=False"
        )
    if atoms.pbc.any() and not atoms.cell.complete().volume > _FLAT:
        raise ValueError(
            "cell vectors must span a volume, in Å³, and not lie in one plane; got "
            f"{atoms.cell.array.tolist()}"
        )


def _dense_pairs(positions: np.ndarray, cutoff: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    distances = np.linalg.norm(positions[:, None] - positions, axis=2)
    np.fill_diagonal(distances, np.inf)
    idx_i, idx_j = np.nonzero(distances < cutoff)
    return idx_i, idx_j, distances[idx_i, idx_j]


def _listed_pairs(
    atoms: Atoms, cutoff: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    from matscipy.neighbours import neighbour_list as matscipy_list

    return matscipy_list("ijdS", _boxed(atoms), float(cutoff))


def _boxed(atoms: Atoms) -> Atoms:
    """Copy with a box around all atoms where a cell vector is missing: the cell list needs one."""
    boxed = Atoms(atoms.numbers, atoms.positions, cell=atoms.cell.complete(), pbc=atoms.pbc)
    for missing in np.flatnonzero(~atoms.cell.any(axis=1)):
        direction = boxed.cell.array[missing]  # of unit length, perpendicular to the others
        heights = atoms.positions @ direction
        boxed.positions -= heights.min() * direction
        boxed.cell[missing] = max(1.0, np.ptp(heights)) * direction
    return boxed


def collate(graphs: Sequence[Graph]) -> Graph:
    """Concatenate configurations into one batch: atom indices shift, ``idx_m`` counts systems.

    Molecules and crystals may stand in one batch: each keeps its own cell.

    Raises:
        ValueError: if there is no configuration.

    Example:
        >>> h2 = neighbour_list(Atoms("H2", [[0, 0, 0], [0, 0, 0.74]]), cutoff=5.0)
        >>> batch = collate([h2, h2])
        >>> batch.idx_i.tolist(), batch.idx_j.tolist(), batch.idx_m.tolist()
        ([0, 1, 2, 3], [1, 0, 3, 2], [0, 0, 1, 1])
    """
    if not len(graphs):
        raise ValueError("graphs must contain at least one configuration; got none")
    n_atoms = torch.tensor([0] + [len(graph.atomic_numbers) for graph in graphs])
    n_systems = torch.tensor([0] + [graph.n_systems for graph in graphs])
    first_atom, first_system = n_atoms.cumsum(0).tolist(), n_systems.cumsum(0).tolist()

    def join(name: str, offsets: Sequence[int] | None = None) -> Tensor:
        values = [getattr(graph, name) for graph in graphs]
        if offsets is not None:
            values = [value + offset for value, offset in zip(values, offsets, strict=False)]
        return torch.cat(values)

    return Graph(
        atomic_numbers=join("atomic_numbers"),
        positions=join("positions"),
        cell=join("cell"),
        idx_m=join("idx_m", first_system),
        idx_i=join("idx_i", first_atom),
        idx_j=join("idx_j", first_atom),
        shift=join("shift"),
    )


def sum_over_neighbours(values: Tensor, idx_i: Tensor, n_atoms: int) -> Tensor:
    """Sum what the neighbours of each atom contribute.

    Args:
        values: one row a pair, shape (n_pairs, ...).
        idx_i: central atom of each pair, shape (n_pairs,).
        n_atoms: number of atoms.

    Returns:
        Shape (n_atoms, ...); zero for an atom without neighbours.

    Example:
        >>> sum_over_neighbours(torch.tensor([1.0, 2.0, 4.0]), torch.tensor([0, 0, 2]), 3)
        tensor([3., 0., 4.])
    """
    total = values.new_zeros((n_atoms, *values.shape[1:]))
    return total.index_add(0, idx_i, values)
