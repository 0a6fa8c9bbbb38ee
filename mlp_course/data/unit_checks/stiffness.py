r"""Stiffness of bonds: the one piece of physics that knows the unit of forces by itself.

A bond that is longer than on average pulls its atoms together. How strongly hardly depends on the
molecule: 30 to 80 eV/Å² between light atoms, a few eV/Å² in a metal. Hartree/Bohr makes this number
51 times smaller, kcal/mol/Å 23 times larger, a wrong sign turns it round.
"""

import dataclasses

import numpy as np
from ase.data import covalent_radii
from numpy.typing import NDArray

from mlp_course.data.unit_checks.evidence import Stack, nearest_image, nearest_ratio

_BOND = 1.3  # a bond is at most this many times as long as the typical nearest distance
_MOST_BONDS = 400


def expected_stiffness(length: NDArray | float) -> NDArray:
    r"""Force constant in eV/Å² that a bond of this length (Å) has, within a factor of about three.

    .. math:: \ln k = \ln 45 - 1.9\,(d - 1.3), \qquad k \le 45

    A rule of thumb in the spirit of Badger's (J. Chem. Phys. 2, 128 (1934)), laid through C-H
    31, O-H 48, C-C 28, Si-Si 9, Cu-Cu 2 and Al-Al 1.2 eV/Å².

    Example:
        >>> expected_stiffness(np.array([1.1, 2.55])).round(1).tolist()
        [45.0, 4.2]
    """
    return np.minimum(45.0, 45.0 * np.exp(-1.9 * (np.asarray(length) - 1.3)))


@dataclasses.dataclass(frozen=True, eq=False)
class Stretches:
    """Bonds that hold in all frames: how far they are stretched, and what pulls.

    Attributes:
        stretch: length minus mean length of the bond, shape (n_frames, n_bonds).
        pull: half the relative force along the bond, positive if it lengthens the bond; same shape.
        lengths: mean length of each bond, shape (n_bonds,).
        has_hydrogen: whether an end is hydrogen, shape (n_bonds,).
    """

    stretch: NDArray[np.float64]
    pull: NDArray[np.float64]
    lengths: NDArray[np.float64]
    has_hydrogen: NDArray[np.bool_]

    def in_expected_units(self, length_factor: float = 1.0) -> tuple[NDArray, NDArray]:
        """Expected and found restoring force, if lengths times the factor are in Å.

        Returns:
            Two arrays of shape (n_frames, n_bonds); their ratio is 1 if forces are in eV/Å.
        """
        k = expected_stiffness(self.lengths * length_factor)
        return -k * self.stretch * length_factor, self.pull

    def per_frame(self) -> tuple[NDArray, NDArray]:
        """Size of found over expected forces in each frame, and their correlation: (n_frames,)."""
        expected, found = self.in_expected_units()
        cross, own = (expected * found).sum(1), (expected**2).sum(1)
        size = (found**2).sum(1)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.sqrt(size / own), cross / np.sqrt(own * size)

    def in_motion(self) -> NDArray[np.bool_]:
        """Frames whose bonds are stretched, not only other than on average, shape (n_frames,).

        Bonds to hydrogen decide where there are some: of all conformers theirs are alike, so that
        a relaxed one is known by them.
        """
        bonds = self.has_hydrogen if self.has_hydrogen.sum() >= 3 else slice(None)
        size = np.sqrt((self.stretch[:, bonds] ** 2).mean(axis=1))
        return size > max(0.4 * float(np.median(size)), 1e-3)


def stretched_bonds(stack: Stack) -> Stretches | None:
    """Find the bonds of a stack and how they pull; None where there is nothing to see.

    The mean over frames is the length at rest; in one frame alone it is the mean over bonds of the
    same two elements. In a crystal with fewer than 16 atoms a bond has too many images to follow.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> from mlp_course.data.unit_checks.evidence import stack_frames
        >>> bonds = stretched_bonds(stack_frames(load_embedded("ethanol/500K")[:20])[0])
        >>> bonds.lengths.round(2).tolist()  # Å: C-C, C-O, five C-H, O-H
        [1.53, 1.42, 1.11, 1.1, 1.1, 1.09, 1.1, 0.97]
    """
    if len(stack.numbers) < 2 or (stack.pbc.any() and len(stack.numbers) < 16):
        return None
    i, j, vectors, lengths = _bonds(stack)
    if lengths.size < 3:
        return None
    direction = vectors / lengths[:, :, None]
    pull = 0.5 * np.einsum("fbx,fbx->fb", stack.forces[:, j] - stack.forces[:, i], direction)
    rest = np.broadcast_to(lengths.mean(axis=0), lengths.shape)
    if len(stack) < 3:
        kinds = np.sort(stack.numbers[np.stack([i, j], axis=1)], axis=1)
        rest = np.zeros_like(lengths)
        for kind in np.unique(kinds, axis=0):
            same = (kinds == kind).all(axis=1)
            rest[:, same] = lengths[:, same].mean()
            pull[:, same] -= pull[:, same].mean()
    has_hydrogen = (stack.numbers[i] == 1) | (stack.numbers[j] == 1)
    return Stretches(_from_rest(lengths - rest, pull), pull, lengths.mean(axis=0), has_hydrogen)


def _from_rest(stretch: NDArray, pull: NDArray) -> NDArray[np.float64]:
    """Count a stretch from where a bond pulls nothing: in a warm molecule it is longer on average.

    The shift is a length, whatever the unit of the forces.
    """
    if len(stretch) < 8:
        return stretch
    offset = np.median(pull, axis=0)  # of each bond
    own = (stretch**2).sum(axis=0)
    slope = -(stretch * pull).sum(axis=0) / np.where(own > 0, own, 1.0)
    limit = np.sqrt((stretch**2).mean(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        shift = np.nan_to_num(offset / slope, nan=0.0, posinf=0.0, neginf=0.0)
    return stretch - np.clip(shift, -limit, limit)


def _bonds(stack: Stack) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Both ends, vectors (n_frames, n_bonds, 3) and lengths of bonds that hold in all frames."""
    radii = covalent_radii[stack.numbers]
    i, j = np.triu_indices(len(stack.numbers), 1)
    ratios = nearest_ratio(stack.some(50))
    ratios = ratios[np.isfinite(ratios)]
    typical = float(np.median(ratios)) if len(ratios) else 1.0
    reach = _BOND * typical * (radii[i] + radii[j])
    vectors = nearest_image(
        stack.positions[:1, j] - stack.positions[:1, i], stack.cells[:1], stack.pbc
    )
    close = np.flatnonzero(np.linalg.norm(vectors[0], axis=1) < reach)
    close = close[:: max(1, len(close) // _MOST_BONDS)]
    i, j, reach = i[close], j[close], reach[close]
    vectors = nearest_image(stack.positions[:, j] - stack.positions[:, i], stack.cells, stack.pbc)
    lengths = np.linalg.norm(vectors, axis=2)
    kept = (lengths < 1.1 * reach).all(axis=0) & (lengths > 0).all(axis=0)
    return i[kept], j[kept], vectors[:, kept], lengths[:, kept]
