"""Start velocities, and the number of ways in which the atoms can really move."""

import numpy as np
from ase import Atoms, units

LINEAR_WITHIN = 0.3  # Å; a molecule whose atoms all lie this close to one axis counts as linear
AT_REST = 1e-8  # dimensionless; total over summed absolute (angular) momentum


def with_thermal_velocities(atoms: Atoms, temperature: float, *, seed: int = 0) -> Atoms:
    r"""Draw velocities from the Maxwell-Boltzmann distribution and stop the body as a whole.

    .. math:: p_{i\alpha} = \sqrt{m_i k_B T}\; \xi_{i\alpha}, \qquad \xi \sim \mathcal{N}(0, 1)

    The total momentum is then removed, and for a molecule (no periodic direction) the total
    angular momentum as well. What is left is an exact sample for the remaining degrees of freedom,
    so nothing is rescaled: the kinetic energy of one draw scatters about its mean, as it should.
    Where constraints hold atoms in place, or there is only one atom, nothing is removed.

    Args:
        atoms: configuration; it is not changed.
        temperature: in K.
        seed: of the random numbers.

    Returns:
        A copy with momenta, with the calculator of ``atoms``.

    Raises:
        ValueError: if ``temperature`` is negative.

    Example:
        >>> from ase.build import molecule
        >>> moving = with_thermal_velocities(molecule("H2O"), 300.0)
        >>> bool(abs(moving.get_momenta().sum(axis=0)).max() < 1e-12)
        True
    """
    if not temperature >= 0:
        raise ValueError(f"temperature must not be negative, in K; got {temperature}")
    moving = atoms.copy()
    moving.calc = atoms.calc
    noise = np.random.default_rng(seed).standard_normal((len(atoms), 3))
    widths = np.sqrt(atoms.get_masses() * units.kB * temperature)
    moving.set_momenta(noise * widths[:, None])
    if len(atoms) > 1 and not atoms.constraints:
        _stop_rigid_motion(moving, rotation=not atoms.pbc.any())
    return moving


def _stop_rigid_motion(atoms: Atoms, *, rotation: bool) -> None:
    """Take the velocity of the centre of mass, and the rotation ω = I⁻¹ L, off all atoms."""
    masses = atoms.get_masses()[:, None]
    velocities = atoms.get_velocities()
    velocities -= (masses * velocities).sum(axis=0) / masses.sum()
    atoms.set_velocities(velocities)
    if rotation:
        arms = atoms.positions - atoms.get_center_of_mass()  # (n_atoms, 3)
        inertia = np.eye(3) * (masses * arms**2).sum() - (masses * arms).T @ arms
        omega = np.linalg.pinv(inertia, rcond=1e-8) @ atoms.get_angular_momentum()
        atoms.set_velocities(velocities - np.cross(omega, arms))


def degrees_of_freedom(atoms: Atoms) -> int:
    r"""Count the degrees of freedom that share the kinetic energy.

    .. math:: \langle E_\mathrm{kin} \rangle = \tfrac{1}{2} N_f k_B T

    N_f is 3N, less 3 when the centre of mass stands still, less 3 more (2 for a linear molecule)
    when a molecule does not rotate: Newton's equations then keep both at zero. With constraints,
    ASE's own count is used. For a small molecule 3N instead of 3N - 6 is a large error: ethanol's
    temperature would come out 22 % too low.

    Args:
        atoms: configuration with momenta.

    Returns:
        Number of degrees of freedom, dimensionless, at least 1.

    Example:
        >>> from ase.build import molecule
        >>> degrees_of_freedom(with_thermal_velocities(molecule("H2O"), 300.0))
        3
        >>> degrees_of_freedom(with_thermal_velocities(molecule("CO2"), 300.0))
        4
    """
    if atoms.constraints:
        return max(1, int(atoms.get_number_of_degrees_of_freedom()))
    count = 3 * len(atoms)
    if len(atoms) > 1 and _stands_still(atoms):
        count -= 3
        if not atoms.pbc.any() and _does_not_rotate(atoms):
            count -= 2 if _is_linear(atoms) else 3
    return max(1, count)


def _stands_still(atoms: Atoms) -> bool:
    """Tell whether the total momentum is zero within rounding."""
    momenta = atoms.get_momenta()
    return bool(np.abs(momenta.sum(axis=0)).max() <= AT_REST * np.abs(momenta).sum())


def _does_not_rotate(atoms: Atoms) -> bool:
    """Tell whether the total angular momentum is zero within rounding."""
    arms = atoms.positions - atoms.get_center_of_mass()
    scale = (np.linalg.norm(arms, axis=1) * np.linalg.norm(atoms.get_momenta(), axis=1)).sum()
    return bool(np.abs(atoms.get_angular_momentum()).max() <= AT_REST * scale)


def _is_linear(atoms: Atoms) -> bool:
    """Tell whether all atoms lie close to one axis."""
    centred = atoms.positions - atoms.positions.mean(axis=0)
    axis = np.linalg.svd(centred)[2][0]
    off_axis = centred - np.outer(centred @ axis, axis)
    return bool(np.linalg.norm(off_axis, axis=1).max() < LINEAR_WITHIN)
