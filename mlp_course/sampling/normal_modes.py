"""Data type 1, a minimum and its vicinity: normal modes and thermal displacements along them."""

import dataclasses

import numpy as np
from ase import Atoms, units
from ase.calculators.calculator import Calculator
from ase.optimize import BFGS

from mlp_course.reference.jobs import bare

_LINEAR = 0.05  # Å sqrt(amu); below it, a turn about the axis moves nothing: no motion
_UNIT = units._hbar * 1e10 * np.sqrt(units._e / units._amu) / units._e  # eV per sqrt(eV/Å²/amu)


@dataclasses.dataclass(frozen=True)
class NormalModes:
    """Vibrations of a molecule about a minimum.

    Attributes:
        minimum: the optimised geometry.
        force_constants: eigenvalues of the mass-weighted Hessian in eV Å⁻² amu⁻¹, shape (n_modes,).
        displacements: mass-weighted unit vectors, dimensionless, shape (n_modes, n_atoms, 3).

    Example:
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])
        >>> stretch = np.array([[[0, 0, -1], [0, 0, 1]]]) / np.sqrt(2)
        >>> modes = NormalModes(h2, np.array([4.0]), stretch)
        >>> modes.energies.round(3)  # ħ √4 = 6.582e-16 eV s × 2 × 9.823e13 s⁻¹
        array([0.129])
    """

    minimum: Atoms
    force_constants: np.ndarray
    displacements: np.ndarray

    @property
    def energies(self) -> np.ndarray:
        """Vibrational quanta ħω in eV, shape (n_modes,)."""
        return _UNIT * np.sqrt(self.force_constants)


def optimised(atoms: Atoms, calculator: Calculator, *, force_tolerance: float = 0.005) -> Atoms:
    """Relax to the nearest minimum, until no force is above ``force_tolerance`` (eV/Å).

    Example:
        >>> from ase.calculators.morse import MorsePotential  # its minimum is at 1 Å
        >>> stretched = Atoms("H2", [[0, 0, 0], [0, 0, 1.1]])
        >>> f"{optimised(stretched, MorsePotential()).get_distance(0, 1):.3f} Å"
        '1.000 Å'
    """
    atoms = atoms.copy()
    atoms.calc = calculator
    if not BFGS(atoms, logfile=None).run(fmax=force_tolerance, steps=500):
        raise RuntimeError(
            f"{atoms.get_chemical_formula()} not relaxed to {force_tolerance} eV/Å in 500 steps; "
            "start from a better geometry or raise force_tolerance"
        )
    return atoms


def hessian(atoms: Atoms, calculator: Calculator, *, step: float = 0.005) -> np.ndarray:
    """Second derivatives of the energy in eV/Å² by central differences, (3 n_atoms, 3 n_atoms).

    Args:
        atoms: where to differentiate.
        calculator: where the forces come from.
        step: displacement in Å.
    """
    atoms = atoms.copy()
    atoms.calc = calculator
    start = atoms.get_positions()
    rows = []
    for displacement in np.eye(start.size).reshape(-1, *start.shape) * step:
        atoms.positions = start + displacement
        forward = atoms.get_forces().ravel()
        atoms.positions = start - displacement
        rows.append((atoms.get_forces().ravel() - forward) / (2 * step))
    matrix = np.array(rows)  # (3 n_atoms, 3 n_atoms)
    return (matrix + matrix.T) / 2


def normal_modes(atoms: Atoms, calculator: Calculator) -> NormalModes:
    """Relax a molecule and diagonalise its mass-weighted Hessian.

    The motions of the whole molecule (six, five if it is linear) are projected out before the
    diagonalisation.

    Args:
        atoms: a molecule near a minimum.
        calculator: where the forces come from.

    Returns:
        The 3 n_atoms - 6 vibrations (3 n_atoms - 5 of a linear molecule), softest first.

    Raises:
        RuntimeError: if a force constant is negative: the geometry is a saddle, not a minimum.

    Source:
        E. B. Wilson, J. C. Decius, P. C. Cross, Molecular Vibrations, McGraw-Hill 1955, chapter 2.

    Example:
        >>> from ase.calculators.morse import MorsePotential  # stiffness 2 × 6² = 72 eV/Å²
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 1.1]])
        >>> normal_modes(h2, MorsePotential()).force_constants.round()  # 72 / (1.008 / 2)
        array([143.])
    """
    minimum = optimised(atoms, calculator, force_tolerance=0.001)
    mass_weight = np.repeat(minimum.get_masses() ** -0.5, 3)
    dynamical = mass_weight[:, None] * hessian(minimum, calculator) * mass_weight
    rigid = _rigid_motions(minimum)  # (3 n_atoms, 6 or 5), orthonormal
    vibrations = np.linalg.svd(rigid)[0][:, rigid.shape[1] :]  # orthonormal, everything else
    force_constants, vectors = np.linalg.eigh(vibrations.T @ dynamical @ vibrations)
    if force_constants.min(initial=np.inf) <= 0:
        raise RuntimeError(
            f"softest force constant is {force_constants[0]:.2e} eV/Å²/amu: not a minimum"
        )
    displacements = (vibrations @ vectors).T.reshape(-1, len(minimum), 3)
    return NormalModes(bare(minimum), force_constants, displacements)


def _rigid_motions(atoms: Atoms) -> np.ndarray:
    masses = np.sqrt(atoms.get_masses())[:, None]
    arm = atoms.positions - atoms.get_center_of_mass()
    motions = [masses * axis for axis in np.eye(3)] + [
        masses * np.cross(axis, arm) for axis in np.eye(3)
    ]
    directions, sizes, _ = np.linalg.svd(np.reshape(motions, (6, -1)).T, full_matrices=False)
    return directions[:, sizes > _LINEAR]


def sample_normal_modes(
    modes: NormalModes, *, temperature: float, n_frames: int, seed: int = 0
) -> list[Atoms]:
    r"""Displace a molecule along its normal modes, classical oscillators at a temperature.

    .. math:: \mathbf{R} = \mathbf{R}_0 + M^{-1/2} \sum_k Q_k \mathbf{e}_k,
        \qquad Q_k \sim \mathcal{N}(0, k_B T / \lambda_k)

    Every mode holds :math:`k_B T / 2` of potential energy on average (equipartition).

    Args:
        modes: from :func:`normal_modes`.
        temperature: in K.
        n_frames: number of configurations.
        seed: of the random amplitudes.

    Returns:
        Configurations without calculator; ``info["harmonic_energy"]`` is their harmonic potential
        energy above the minimum in eV.

    Source:
        J. S. Smith, O. Isayev, A. E. Roitberg, Chem. Sci. 8, 3192 (2017), section 2.3; there the
        total energy is shared out among the modes, here each amplitude is drawn from
        Boltzmann's law.

    Example:
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])
        >>> stretch = np.array([[[0, 0, -1], [0, 0, 1]]]) / np.sqrt(2)
        >>> modes = NormalModes(h2, np.array([70.0]), stretch)
        >>> frames = sample_normal_modes(modes, temperature=300, n_frames=1000)
        >>> mean = np.mean([atoms.info["harmonic_energy"] for atoms in frames])
        >>> f"{mean / (units.kB * 300):.1f} kT"
        '0.5 kT'
    """
    rng = np.random.default_rng(seed)
    width = np.sqrt(units.kB * temperature / modes.force_constants)  # Å sqrt(amu), (n_modes,)
    amplitudes = rng.normal(size=(n_frames, len(width))) * width
    mass_weight = modes.minimum.get_masses()[:, None] ** -0.5
    frames = []
    for q in amplitudes:
        frame = bare(modes.minimum)
        frame.positions += mass_weight * np.tensordot(q, modes.displacements, axes=1)
        frame.info["harmonic_energy"] = float(0.5 * modes.force_constants @ q**2)
        frames.append(frame)
    return frames
