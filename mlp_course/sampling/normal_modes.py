"""Data type 1, the vicinity of a minimum: normal modes, thermal displacements along them."""

import dataclasses

import numpy as np
from ase import Atoms, units
from ase.calculators.calculator import Calculator
from ase.constraints import FixAtoms

from mlp_course.descriptors.checks import check_count, check_positive
from mlp_course.sampling.equilibrium import optimised
from mlp_course.sampling.hessian import hessian
from mlp_course.sampling.origin import calculator_name, with_origin

_LINEAR = 0.05  # Å sqrt(amu); below it, a turn about the axis moves nothing: no motion
_UNIT = units._hbar * 1e10 * np.sqrt(units._e / units._amu) / units._e  # eV per sqrt(eV/Å²/amu)


@dataclasses.dataclass(frozen=True)
class NormalModes:
    """Vibrations of a molecule, crystal or slab about a minimum.

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


def normal_modes(atoms: Atoms, calculator: Calculator) -> NormalModes:
    """Relax a molecule, crystal or slab and diagonalise its mass-weighted Hessian.

    What costs no energy is projected out before the diagonalisation: the six motions of a whole
    molecule (five if it is linear), the three translations of a crystal. In a supercell these are
    the modes at Γ: of the crystal's waves those that fit into the cell. Atoms held by ``FixAtoms``
    do not move, and then nothing is projected out.

    Args:
        atoms: near a minimum. The cell stays: relax it before (``optimised(relax_cell=True)``).
        calculator: where the forces come from.

    Returns:
        The vibrations, softest first: 3 n_atoms - 6 of a molecule (3 n_atoms - 5 of a linear one),
        3 n_atoms - 3 of a crystal, 3 for each free atom if some are held.

    Raises:
        RuntimeError: if a force constant is negative: the geometry is a saddle, not a minimum.
        ValueError: if there are constraints other than ``FixAtoms``.

    Source:
        E. B. Wilson, J. C. Decius, P. C. Cross, Molecular Vibrations, McGraw-Hill 1955, chapter 2.

    Example:
        >>> from ase.calculators.morse import MorsePotential  # stiffness 2 × 6² = 72 eV/Å²
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 1.1]])
        >>> normal_modes(h2, MorsePotential()).force_constants.round()  # 72 / (1.008 / 2)
        array([143.])
    """
    free = _free_atoms(atoms)
    minimum = optimised(atoms, calculator, force_tolerance=0.001)
    mass_weight = np.repeat(minimum.get_masses()[free] ** -0.5, 3)
    second = hessian(minimum, calculator, moving=free)
    dynamical = mass_weight[:, None] * second * mass_weight
    rigid = _rigid_motions(minimum) if len(free) == len(atoms) else np.zeros((3 * len(free), 0))
    basis = np.linalg.svd(rigid)[0] if rigid.size else np.eye(len(dynamical))
    vibrations = basis[:, rigid.shape[1] :]  # orthonormal, everything else
    force_constants, vectors = np.linalg.eigh(vibrations.T @ dynamical @ vibrations)
    if force_constants.min(initial=np.inf) <= 0:
        raise RuntimeError(
            f"softest force constant is {force_constants[0]:.2e} eV/Å²/amu: not a minimum"
        )
    displacements = np.zeros((len(force_constants), len(minimum), 3))
    displacements[:, free] = (vibrations @ vectors).T.reshape(-1, len(free), 3)
    settings = dict(calculator=calculator_name(calculator), force_tolerance=0.001)
    how = dict(data_type="equilibrium", sampler="normal_modes", settings=settings, parent=atoms)
    return NormalModes(with_origin(minimum, **how), force_constants, displacements)


def _free_atoms(atoms: Atoms) -> np.ndarray:
    """Indices of the atoms that no constraint holds."""
    wrong = {type(c).__name__ for c in atoms.constraints if not isinstance(c, FixAtoms)}
    if wrong:
        raise ValueError(f"constraints must be FixAtoms; got {', '.join(sorted(wrong))}")
    held = [c.index for c in atoms.constraints]
    return np.setdiff1d(np.arange(len(atoms)), np.concatenate(held) if held else [])


def _rigid_motions(atoms: Atoms) -> np.ndarray:
    """Mass-weighted motions of the whole, orthonormal columns, shape (3 n_atoms, n_motions)."""
    masses = np.sqrt(atoms.get_masses())[:, None]
    motions = [masses * axis for axis in np.eye(3)]
    if atoms.pbc.sum() < 2:  # a molecule turns about every axis, a chain about its own
        axes = atoms.cell.array[atoms.pbc] if atoms.pbc.any() else np.eye(3)
        arm = atoms.positions - atoms.get_center_of_mass()
        motions += [masses * np.cross(axis / np.linalg.norm(axis), arm) for axis in axes]
    directions, sizes, _ = np.linalg.svd(
        np.reshape(motions, (len(motions), -1)).T, full_matrices=False
    )
    return directions[:, sizes > _LINEAR]


def sample_normal_modes(
    modes: NormalModes, *, temperature: float, n_frames: int, seed: int = 0
) -> list[Atoms]:
    r"""Displace atoms along their normal modes, classical oscillators at a temperature.

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

    Raises:
        ValueError: if ``temperature`` or ``n_frames`` is not positive.

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
    check_positive("in K", temperature=temperature)
    check_count(1, n_frames=n_frames)
    rng = np.random.default_rng(seed)
    width = np.sqrt(units.kB * temperature / modes.force_constants)  # Å sqrt(amu), (n_modes,)
    amplitudes = rng.normal(size=(n_frames, len(width))) * width
    mass_weight = modes.minimum.get_masses()[:, None] ** -0.5
    settings = dict(temperature=temperature, seed=seed)
    how = dict(data_type="equilibrium", sampler="sample_normal_modes", settings=settings)
    frames = []
    for q in amplitudes:
        energy = float(0.5 * modes.force_constants @ q**2)
        frame = with_origin(modes.minimum, parent=modes.minimum, harmonic_energy=energy, **how)
        frame.positions += mass_weight * np.tensordot(q, modes.displacements, axes=1)
        frames.append(frame)
    return frames
