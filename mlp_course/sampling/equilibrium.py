"""Data type 1, a minimum: relax atoms, and the cell of a crystal or slab with them."""

import warnings

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator
from ase.filters import FrechetCellFilter
from ase.optimize import BFGS, LBFGS

from mlp_course.sampling.origin import calculator_name, with_origin

_DENSE = 60  # atoms; with more, the full matrix of BFGS costs more than the forces of a metal


def optimised(
    atoms: Atoms,
    calculator: Calculator,
    *,
    force_tolerance: float = 0.005,
    relax_cell: bool = False,
    max_steps: int = 500,
) -> Atoms:
    """Relax to the nearest minimum, until no force is above ``force_tolerance`` (eV/Å).

    Args:
        atoms: start configuration; its constraints hold.
        calculator: where forces, and stress if the cell relaxes, come from.
        force_tolerance: largest force on an atom, in eV/Å. If the cell relaxes, also the largest
            component of stress times volume per atom, in eV.
        relax_cell: let the cell follow too, along the periodic directions only: the vacuum of a
            slab keeps its length.
        max_steps: steps before giving up.

    Returns:
        A copy at the minimum, with its calculator and constraints.

    Raises:
        RuntimeError: if it is not relaxed after ``max_steps``.
        ValueError: if ``relax_cell`` is asked for where nothing is periodic, or a slab does not
            lie in a plane of two Cartesian axes.

    Example:
        >>> from ase.calculators.morse import MorsePotential  # its minimum is at 1 Å
        >>> stretched = Atoms("H2", [[0, 0, 0], [0, 0, 1.1]])
        >>> f"{optimised(stretched, MorsePotential()).get_distance(0, 1):.3f} Å"
        '1.000 Å'
    """
    start, atoms = atoms, atoms.copy()
    atoms.calc = calculator
    moving = FrechetCellFilter(atoms, mask=_periodic_strains(atoms)) if relax_cell else atoms
    optimiser = BFGS if len(atoms) < _DENSE else LBFGS
    with warnings.catch_warnings():  # of rounding in the logarithm of the strain, 1e-13
        warnings.filterwarnings("ignore", "logm result may be inaccurate", RuntimeWarning)
        relaxed = optimiser(moving, logfile=None).run(fmax=force_tolerance, steps=max_steps)
    if not relaxed:
        raise RuntimeError(
            f"{atoms.get_chemical_formula()} not relaxed to {force_tolerance} eV/Å in {max_steps} "
            "steps; start from a better geometry, or raise force_tolerance or max_steps"
        )
    settings = dict(
        force_tolerance=force_tolerance,
        relax_cell=relax_cell,
        calculator=calculator_name(calculator),
    )
    how = dict(data_type="equilibrium", sampler="optimised", settings=settings)
    atoms.info |= with_origin(atoms, parent=start, **how).info  # ASE's own notes stay: sites
    return atoms


def _periodic_strains(atoms: Atoms) -> list[int]:
    """Which of the strains xx, yy, zz, yz, xz, xy the periodic directions allow: 1 or 0."""
    vectors = atoms.cell.array[atoms.pbc]
    axes = (np.abs(vectors) > 1e-8).any(axis=0)  # Cartesian axes along which the crystal repeats
    if not len(vectors) or axes.sum() != len(vectors):
        raise ValueError(
            f"relax_cell needs periodic cell vectors that span as many Cartesian axes; got pbc "
            f"{atoms.pbc.tolist()} with vectors {vectors.round(3).tolist()} Å. Make the cell "
            "periodic, or turn a slab so that its normal is x, y or z"
        )
    x, y, z = axes.astype(int)
    return [int(s) for s in (x, y, z, y * z, x * z, x * y)]
