"""Vibrations: normal modes of two methods matched by their shape, and the spectra they make."""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial.transform import Rotation

from mlp_course.sampling import NormalModes
from mlp_course.units import convert

WIDTH = 20.0  # cm⁻¹, standard deviation of a line in the spectrum; a tenth of k_B T at 300 K


@dataclass(frozen=True)
class ModeComparison:
    """Normal modes of a potential beside those of the reference.

    Attributes:
        reference: wavenumbers of the reference in cm⁻¹, softest first, shape (n_modes,).
        predicted: of the mode that resembles each of them most, in cm⁻¹, shape (n_modes,).
        overlap: of the two shapes, 0 to 1, dimensionless, shape (n_modes,).
        rmsd: distance between the two minima after laying one onto the other, in Å.
    """

    reference: np.ndarray
    predicted: np.ndarray
    overlap: np.ndarray
    rmsd: float

    @property
    def mean_error(self) -> float:
        """Mean absolute difference of the wavenumbers, in cm⁻¹."""
        return float(np.abs(self.predicted - self.reference).mean())

    @property
    def zero_point_error(self) -> float:
        """Difference of the zero-point energies, half a quantum of each mode, in meV."""
        return float(convert((self.predicted - self.reference).sum() / 2, "cm^-1", "meV"))

    @property
    def spectral_overlap(self) -> float:
        """Cosine between the two spectra of broadened lines, 0 to 1, dimensionless."""
        grid = spectrum_grid(np.concatenate([self.reference, self.predicted]))
        one, other = (harmonic_spectrum(x, grid) for x in (self.reference, self.predicted))
        return float(one @ other / np.sqrt((one @ one) * (other @ other)))


def compare_modes(reference: NormalModes, predicted: NormalModes) -> ModeComparison:
    r"""Find for each mode of the reference the one of the potential that is the same motion.

    The minimum of the potential is first turned onto that of the reference. The overlap of two
    modes is :math:`|\mathbf e_k \cdot \mathbf e_l|` of their mass-weighted unit vectors, and the
    partners are chosen so that the sum of all overlaps is largest. Sorting by frequency instead
    would pair different motions wherever two modes have changed places.

    Args:
        reference: modes of a molecule.
        predicted: of the same molecule, atoms in the same order.

    Raises:
        ValueError: if the molecules or the numbers of modes differ.

    Example:
        >>> from ase.build import molecule
        >>> shapes = np.linalg.qr(np.random.default_rng(0).normal(size=(9, 9)))[0].T[:3]
        >>> modes = NormalModes(molecule("H2O"), np.array([1.0, 4.0, 9.0]), shapes.reshape(3, 3, 3))
        >>> swapped = NormalModes(modes.minimum, modes.force_constants, modes.displacements[::-1])
        >>> compare_modes(modes, swapped).predicted.round()  # in cm⁻¹; 1, 2 and 3 units
        array([1564., 1042.,  521.])
    """
    ours, theirs = predicted.minimum, reference.minimum
    same = len(ours) == len(theirs) and (ours.numbers == theirs.numbers).all()
    if not same or len(predicted.force_constants) != len(reference.force_constants):
        raise ValueError(
            "both modes must belong to the same molecule with the same order of atoms; got "
            f"{ours.symbols} and {theirs.symbols}"
        )
    masses = theirs.get_masses()
    arms = [atoms.positions - atoms.get_center_of_mass() for atoms in (theirs, ours)]
    with warnings.catch_warnings():  # a linear molecule may be turned about its axis at will
        warnings.filterwarnings("ignore", "Optimal rotation is not uniquely")
        turn, _ = Rotation.align_vectors(*arms, weights=masses)
    distance = np.linalg.norm(turn.apply(arms[1]) - arms[0], axis=1)
    n_modes = len(predicted.force_constants)
    shapes = turn.apply(predicted.displacements.reshape(-1, 3)).reshape(n_modes, -1)
    overlaps = np.abs(reference.displacements.reshape(n_modes, -1) @ shapes.T)
    rows, partners = linear_sum_assignment(-overlaps)
    return ModeComparison(
        reference=convert(reference.energies, "eV", "cm^-1"),
        predicted=convert(predicted.energies, "eV", "cm^-1")[partners],
        overlap=overlaps[rows, partners],
        rmsd=float(np.sqrt(np.mean(distance**2))),
    )


def spectrum_grid(wavenumbers: np.ndarray) -> np.ndarray:
    """Wavenumbers in cm⁻¹, evenly from 0 to beyond the highest line."""
    return np.arange(0.0, np.max(wavenumbers) + 10 * WIDTH, WIDTH / 5)


def harmonic_spectrum(
    wavenumbers: np.ndarray, grid: np.ndarray, *, width: float = WIDTH
) -> np.ndarray:
    """Number of modes per cm⁻¹, each line a Gaussian: the harmonic vibrational spectrum.

    Args:
        wavenumbers: of the lines, in cm⁻¹.
        grid: where to evaluate, in cm⁻¹, shape (n,).
        width: standard deviation of a line, in cm⁻¹.

    Returns:
        In modes per cm⁻¹, shape (n,).

    Example:
        >>> grid = np.arange(0.0, 2000.0)
        >>> float(harmonic_spectrum(np.array([800.0, 1200.0]), grid).sum())  # two modes
        2.0000
    """
    distance = (grid[:, None] - np.asarray(wavenumbers)) / width
    return np.exp(-0.5 * distance**2).sum(axis=1) / (width * np.sqrt(2 * np.pi))
