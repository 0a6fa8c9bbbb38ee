"""A classical force field: bonds are chosen by a person, only the constants come from data."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np
import torch
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes
from ase.neighborlist import natural_cutoffs, neighbor_list
from torch import Tensor

_BONDED = 1.2  # times the sum of the covalent radii
_ALIKE = 1e-6  # of the largest singular value: terms that move together share their constants

Members = list[tuple[int, ...]]


class ForceField(Calculator):
    r"""Springs, hinges and hindered turns between atoms that are bonded in one given structure.

    .. math:: E = E_0
        + \sum_{\text{bonds}} (a\,d + b\,d^2) + \sum_{\text{angles}} (a\,\theta + b\,\theta^2)
        + \sum_{\text{torsions}} \sum_{n=1}^{3} a_n \cos n\phi
        + \sum_{\text{far pairs}} \Bigl(\frac{a}{d^{12}} + \frac{b}{d^{6}} + \frac{c}{d}\Bigr)

    a d + b d² is a spring :math:`\frac{k}{2}(d - d_0)^2` with k = 2 b and d₀ = -a / 2 b, written so
    that all constants enter linearly. Bonds, angles and so on share constants where their atoms are
    alike: the same element with the same neighbours. Far pairs are three bonds apart or more.
    The list of bonds never changes: no bond can break or form.

    Args:
        structure: whose bonds count; not periodic, positions in Å.

    Raises:
        ValueError: if the structure is periodic or has no bonds.

    Source:
        The form of the OPLS force field: W. L. Jorgensen, D. S. Maxwell, J. Tirado-Rives,
        J. Am. Chem. Soc. 118, 11225 (1996). Changed: linear terms instead of fixed lengths, all
        constants, charges included, from a fit to the course's labels, and far pairs from three
        bonds on at full weight.

    Example:
        >>> from ase.build import molecule
        >>> ForceField(molecule("H2O")).n_terms  # one spring and one hinge, two constants each
        4
    """

    implemented_properties = ["energy", "forces"]

    def __init__(self, structure: Atoms):
        super().__init__()
        if structure.pbc.any():
            raise ValueError("structure must not be periodic: this force field is for molecules")
        self.numbers = structure.numbers.copy()
        i, j = neighbor_list("ij", structure, natural_cutoffs(structure, mult=_BONDED))
        bonds = sorted({(int(a), int(b)) for a, b in zip(i, j, strict=True) if a < b})
        if not bonds:
            raise ValueError("structure must have bonds; all its atoms are far from each other")
        self.bonds, self.n_terms = bonds, 0
        self._parts: list[tuple[_Shape, Tensor, Tensor]] = []  # shape, atoms, numbers of the terms
        for shape, members in _members(len(structure), bonds).items():
            if members:
                self._parts.append((_SHAPES[shape], *self._numbered(structure, shape, members)))
        self.constants = np.zeros(self.n_terms)  # eV, eV/Å, ...
        self.offset = 0.0  # E_0, eV

    def fit(self, frames: Sequence[Atoms]) -> "ForceField":
        """Choose the constants that reproduce the forces of labelled frames best (least squares).

        Args:
            frames: of this molecule, with energies and forces; the energies fix E_0 only.

        Returns:
            The force field itself.

        Raises:
            ValueError: if there is no frame, or one has other atoms.
        """
        if not frames:
            raise ValueError("frames must not be empty: the constants come from their forces")
        for atoms in frames:
            self._check(atoms)
        positions = torch.tensor(np.array([atoms.positions for atoms in frames]))
        terms, slopes = self._terms_and_slopes(positions)
        design = -slopes.reshape(-1, self.n_terms).numpy()
        scale = np.linalg.norm(design, axis=0)
        scale[scale == 0] = 1.0  # a term that never changes keeps the constant 0
        forces = np.array([atoms.get_forces() for atoms in frames]).ravel()
        self.constants = np.linalg.lstsq(design / scale, forces, rcond=_ALIKE)[0] / scale
        energies = np.array([atoms.get_potential_energy() for atoms in frames])
        self.offset = float((energies - terms.numpy() @ self.constants).mean())
        self.results = {}
        return self

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Energy in eV and forces in eV/Å; see ase.calculators.calculator."""
        super().calculate(atoms, properties, system_changes)
        self._check(self.atoms)
        positions = torch.tensor(self.atoms.positions)[None].requires_grad_()
        constants = torch.as_tensor(self.constants)
        energy = sum((values * constants[terms]).sum() for values, terms in self._values(positions))
        (slope,) = torch.autograd.grad(energy, positions)
        self.results = {"energy": energy.item() + self.offset, "forces": -slope[0].numpy()}

    def _check(self, atoms: Atoms) -> None:
        if not np.array_equal(atoms.numbers, self.numbers):
            raise ValueError(
                "a force field knows one molecule with its atoms in one order: expected atomic "
                f"numbers {self.numbers.tolist()}; got {atoms.numbers.tolist()}"
            )

    def _terms_and_slopes(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Terms (n_systems, n_terms), slopes (n_systems, n_atoms, 3, n_terms)."""
        positions = positions.requires_grad_()
        terms = self._terms(positions)
        slopes = [
            torch.autograd.grad(column.sum(), positions, retain_graph=True)[0] for column in terms.T
        ]
        return terms.detach(), torch.stack(slopes, dim=-1)

    def _terms(self, positions: Tensor) -> Tensor:
        """Sums of what shares a constant, shape (n_systems, n_terms)."""
        sums = positions.new_zeros(len(positions), self.n_terms)
        for values, terms in self._values(positions):
            sums = sums.index_add(1, terms.flatten(), values.flatten(1))
        return sums

    def _values(self, positions: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        """Values (n_systems, n_members, n_constants) and the numbers of their terms."""
        for shape, atoms, terms in self._parts:
            yield torch.stack(shape(positions[:, atoms]), dim=-1), terms

    def _numbered(self, structure: Atoms, shape: str, members: Members) -> tuple[Tensor, Tensor]:
        """Atoms (n_corners, n_members), terms (n_members, n_constants); alike ones share terms."""
        names = _names(structure, self.bonds, members)
        kinds = {name: number for number, name in enumerate(dict.fromkeys(names))}
        n_constants = _N_CONSTANTS[shape]
        first = self.n_terms + n_constants * torch.tensor([kinds[name] for name in names])
        self.n_terms += n_constants * len(kinds)
        return torch.tensor(members).T, first[:, None] + torch.arange(n_constants)


def _bond(corners: Tensor) -> list[Tensor]:
    d = (corners[:, 1] - corners[:, 0]).norm(dim=-1)
    return [d, d**2]


def _angle(corners: Tensor) -> list[Tensor]:
    left, right = corners[:, 0] - corners[:, 1], corners[:, 2] - corners[:, 1]
    theta = torch.atan2(torch.cross(left, right, dim=-1).norm(dim=-1), (left * right).sum(-1))
    return [theta, theta**2]


def _torsion(corners: Tensor) -> list[Tensor]:
    first, axis, last = (corners[:, n + 1] - corners[:, n] for n in range(3))
    one, two = torch.cross(first, axis, dim=-1), torch.cross(axis, last, dim=-1)
    sine = (torch.cross(one, two, dim=-1) * axis).sum(-1) / axis.norm(dim=-1)
    phi = torch.atan2(sine, (one * two).sum(-1))
    return [torch.cos(n * phi) for n in (1, 2, 3)]


def _far(corners: Tensor) -> list[Tensor]:
    d = (corners[:, 1] - corners[:, 0]).norm(dim=-1)
    return [d**-12, d**-6, 1 / d]


_Shape = Callable[[Tensor], list[Tensor]]
_SHAPES: dict[str, _Shape] = {"bond": _bond, "angle": _angle, "torsion": _torsion, "far": _far}
_N_CONSTANTS = {"bond": 2, "angle": 2, "torsion": 3, "far": 3}


def _neighbours(n_atoms: int, bonds: Members) -> list[set[int]]:
    """The atoms bonded to each atom."""
    near: list[set[int]] = [set() for _ in range(n_atoms)]
    for a, b in bonds:
        near[a].add(b)
        near[b].add(a)
    return near


def _members(n_atoms: int, bonds: Members) -> dict[str, Members]:
    """Atoms of every bond, angle, torsion and far pair."""
    near = _neighbours(n_atoms, bonds)
    angles = [(a, c, b) for c in range(n_atoms) for a, b in combinations(sorted(near[c]), 2)]
    torsions = [
        (a, b, c, d)
        for b, c in bonds
        for a in sorted(near[b] - {c})
        for d in sorted(near[c] - {b})
        if a != d
    ]
    close = set(bonds) | {(min(a, b), max(a, b)) for a, _, b in angles}
    far = [pair for pair in combinations(range(n_atoms), 2) if pair not in close]
    return {"bond": bonds, "angle": angles, "torsion": torsions, "far": far}


def _names(structure: Atoms, bonds: Members, members: Members) -> list[tuple[str, ...]]:
    """What each member is made of, the same from both ends: "OCH" is an O bonded to C and H."""
    symbols = structure.get_chemical_symbols()
    near = _neighbours(len(structure), bonds)
    kinds = [s + "".join(sorted(symbols[m] for m in near[n])) for n, s in enumerate(symbols)]
    named = [tuple(kinds[n] for n in member) for member in members]
    return [min(name, name[::-1]) for name in named]
