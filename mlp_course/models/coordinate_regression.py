"""A model without physics: it learns from bare coordinates, and forces apart from energies."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation


class CoordinateRegression(Calculator):
    r"""Kernel ridge regression on the list of coordinates: what nobody should do, to see why.

    .. math:: y(\mathbf R) = \bar y + \sum_n k(\mathbf R, \mathbf R_n)\, c_n , \qquad
        k(\mathbf R, \mathbf R') = e^{-|\mathbf R - \mathbf R'|^2 / 2 \sigma^2} , \qquad
        \mathbf c = (\mathbf K + \lambda \mathbf 1)^{-1} (\mathbf y - \bar y)

    y is the energy and, by a fit of its own with the same kernel, each component of the forces. So
    nothing makes the energy indifferent to a move, a turn or a new numbering of the atoms, and
    nothing makes the forces its slope. To give it its best chance, the frames it learns from are
    first moved and turned onto the first of them; what it is asked about later is taken as it is.

    Args:
        frames: to learn from, all of the same atoms in the same order, with energies and forces.
        width: of the kernel, σ, in Å; the distance is that in the space of all coordinates.
        ridge: λ, dimensionless.

    Raises:
        ValueError: if there is no frame, frames differ in their atoms, or a setting is not
            positive.

    Source:
        The kernel as in S. Chmiela and others, Sci. Adv. 3, e1603015 (2017), who turn it into a
        good potential by what is left out here: distances instead of coordinates, forces as a
        gradient, and symmetry.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> frames = load_embedded("ethanol/normal_modes")[:20]
        >>> model = CoordinateRegression(frames)
        >>> at_home, abroad = frames[0].copy(), frames[0].copy()
        >>> abroad.positions += [3.0, 0.0, 0.0]  # Å
        >>> at_home.calc = abroad.calc = model
        >>> bool(np.isclose(at_home.get_potential_energy(), abroad.get_potential_energy()))
        False
    """

    implemented_properties = ["energy", "forces"]

    def __init__(self, frames: Sequence[Atoms], *, width: float = 4.0, ridge: float = 1e-6):
        super().__init__()
        if not frames:
            raise ValueError("frames must not be empty: there is nothing to learn from")
        for name, value, unit in (("width", width, "in Å"), ("ridge", ridge, "dimensionless")):
            if not value > 0:
                raise ValueError(f"{name} must be positive, {unit}; got {value}")
        self.numbers, self.width = frames[0].numbers.copy(), width
        for atoms in frames:
            self._check(atoms)
        turned = [_turned_onto(frames[0], atoms) for atoms in frames]
        self._seen = np.array([positions.ravel() for positions, _ in turned])  # (n_frames, 3 n)
        energies = [atoms.get_potential_energy() for atoms in frames]
        labels = [[e, *forces.ravel()] for e, (_, forces) in zip(energies, turned, strict=True)]
        self._mean = np.mean(labels, axis=0)  # (1 + 3 n,)
        regular = self._kernel(self._seen) + ridge * np.eye(len(frames))
        self._coefficients = np.linalg.solve(regular, np.array(labels) - self._mean)

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Energy in eV and forces in eV/Å, from two functions that know nothing of each other."""
        super().calculate(atoms, properties, system_changes)
        self._check(self.atoms)
        kernel = self._kernel(self.atoms.positions.reshape(1, -1))  # (1, n_frames)
        energy, *forces = (self._mean + kernel @ self._coefficients)[0]
        self.results = {"energy": float(energy), "forces": np.reshape(forces, (-1, 3))}

    def _kernel(self, coordinates: NDArray) -> NDArray:
        """Resemblance with each frame seen, (n, n_frames); coordinates (n, 3 n_atoms) in Å."""
        difference = coordinates[:, None] - self._seen[None]
        return np.exp(-(difference**2).sum(axis=-1) / (2 * self.width**2))

    def _check(self, atoms: Atoms) -> None:
        if not np.array_equal(atoms.numbers, self.numbers):
            raise ValueError(
                f"all frames must have the atomic numbers {self.numbers.tolist()}, in this order; "
                f"got {atoms.numbers.tolist()}"
            )


def _turned_onto(first: Atoms, atoms: Atoms) -> tuple[NDArray, NDArray]:
    """Positions (Å) and forces (eV/Å) of a frame turned onto the first one, each (n_atoms, 3)."""
    here, there = atoms.positions.mean(axis=0), first.positions.mean(axis=0)
    rotation, _ = Rotation.align_vectors(first.positions - there, atoms.positions - here)
    return rotation.apply(atoms.positions - here) + there, rotation.apply(atoms.get_forces())
