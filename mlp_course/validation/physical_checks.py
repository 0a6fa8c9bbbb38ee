"""Checks that every potential must pass, trained or not, in one table."""

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd
from ase import Atoms
from ase.calculators.calculator import Calculator

from mlp_course.models.calculator import MLPCalculator
from mlp_course.models.potential import Potential
from mlp_course.validation import consistency_checks as consistency
from mlp_course.validation import symmetry_checks as symmetry
from mlp_course.validation.symmetry_checks import Deviation


@dataclass(frozen=True)
class CheckTolerances:
    """Largest deviations that still pass, chosen for models in single precision (float32).

    In double precision the deviations are a thousand times smaller, and the limits may be too.

    Attributes:
        energy: in meV/atom (for the cutoff: in meV for one pair).
        force: in meV/Å, largest component.
        gradient: forces against finite differences, in meV/Å.
        jump: force of an atom that passes the cutoff, in meV/Å.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT  # computes in double precision
        >>> strict = CheckTolerances(energy=5e-5, force=5e-4, gradient=2e-3)
        >>> table = physical_checks(EMT(), bulk("Cu", cubic=True), tolerances=strict)
        >>> bool(table["passed"].all())
        True
    """

    energy: float = 0.05
    force: float = 0.5
    gradient: float = 2.0
    jump: float = 0.05


@dataclass(frozen=True)
class Check:
    """One statement about every potential, and how to measure the deviation from it.

    Attributes:
        statement: in words.
        deviation: function of calculator, atoms, random numbers and, if ``needs_cutoff``, the
            keyword ``cutoff`` (Å); None as its result means that there is nothing to check.
        limit: which of :class:`CheckTolerances` holds for the force.
        energy_unit: of the energy in a :class:`Deviation`.
        needs_cutoff: whether it can only be made where the cutoff is known.
        not_applicable: why there may be nothing to check.
    """

    statement: str
    deviation: Callable[..., Deviation | None]
    limit: str = "force"
    energy_unit: str = "meV/atom"
    needs_cutoff: bool = False
    not_applicable: str = ""


CHECKS = {
    "translation": Check(
        "moving all atoms together changes neither energy nor forces",
        symmetry.translation_deviation,
    ),
    "rotation": Check(
        "turning the system leaves the energy and turns the forces along",
        symmetry.rotation_deviation,
    ),
    "reflection": Check(
        "a mirror image has the same energy and mirrored forces",
        symmetry.reflection_deviation,
    ),
    "permutation": Check(
        "equal atoms may swap their labels; only the order of the forces changes",
        symmetry.permutation_deviation,
        not_applicable="no two equal atoms",
    ),
    "forces": Check(
        "forces are the negative slope of the energy, F = -dE/dR",
        consistency.gradient_deviation,
        limit="gradient",
    ),
    "cutoff": Check(
        "energy and forces do not jump when an atom passes the cutoff",
        consistency.cutoff_deviation,
        limit="jump",
        energy_unit="meV",
        needs_cutoff=True,
        not_applicable="no cutoff known",
    ),
    "extensivity": Check(
        "twice the system has twice the energy and the same forces",
        consistency.extensivity_deviation,
    ),
}


def physical_checks(
    calculator: Calculator | Potential,
    atoms: Atoms,
    *,
    cutoff: float | None = None,
    tolerances: CheckTolerances | None = None,
    rattle: float = 0.05,
    seed: int = 0,
) -> pd.DataFrame:
    """Test a calculator against statements that hold for any sum of interactions.

    They say nothing about accuracy: an untrained network passes. A potential that fails one has a
    mistake in its construction that more training data will not cure.

    Each row compares energy and forces, and shows the one that comes closer to its tolerance (or
    exceeds it further).

    Args:
        calculator: any ASE calculator with energy and forces, or a potential.
        atoms: a molecule or a periodic system; it is not changed, its own calculator not used.
        cutoff: radius within which atoms interact, in Å. Default: ``calculator.cutoff``, if it has
            one; otherwise that row reads "not applicable".
        tolerances: largest deviations that pass.
        rattle: standard deviation of random displacements applied first, in Å. On a symmetric or
            relaxed geometry the forces vanish, and checks of them would pass for nothing.
        seed: of all random numbers.

    Returns:
        One row per check, with columns check, statement, deviation, unit, tolerance, passed
        (True, False or <NA> where the check is not applicable).

    Raises:
        ValueError: if ``cutoff`` is not positive, ``rattle`` is negative or there are no atoms.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> table = physical_checks(EMT(), bulk("Cu", cubic=True))
        >>> bool(table["passed"].all())  # <NA> (the cutoff) does not count
        True
        >>> table["check"].tolist()[:4]
        ['translation', 'rotation', 'reflection', 'permutation']
    """
    if isinstance(calculator, Potential):
        calculator = MLPCalculator(calculator)
    cutoff = _checked_cutoff(calculator, cutoff)
    if not rattle >= 0:
        raise ValueError(f"rattle must not be negative, in Å; got {rattle}")
    if len(atoms) == 0:
        raise ValueError("atoms must contain at least one atom; got none")
    tolerances = tolerances or CheckTolerances()
    rng = np.random.default_rng(seed)
    start = _rattled(atoms, rattle, rng)
    rows = []
    for name, check in CHECKS.items():
        deviation = None
        if check.needs_cutoff and cutoff:
            deviation = check.deviation(calculator, start, rng, cutoff=cutoff)
        elif not check.needs_cutoff:
            deviation = check.deviation(calculator, start, rng)
        rows.append({"check": name} | _row(check, deviation, tolerances))
    table = pd.DataFrame(rows)
    return table.astype({"passed": "boolean"})


def _checked_cutoff(calculator: Calculator, cutoff: float | None) -> float | None:
    """The cutoff given, or the calculator's own, in Å."""
    if cutoff is not None:
        if not cutoff > 0:
            raise ValueError(f"cutoff must be positive, in Å; got {cutoff}")
        return float(cutoff)
    own = getattr(calculator, "cutoff", None)
    return float(own) if isinstance(own, Real) and own > 0 else None


def _rattled(atoms: Atoms, size: float, rng: np.random.Generator) -> Atoms:
    """Copy without constraints, every coordinate displaced at random (Å)."""
    moved = atoms.copy()
    moved.set_constraint()
    moved.positions += size * rng.standard_normal((len(atoms), 3))
    return moved


def _row(check: Check, deviation: Deviation | None, tolerances: CheckTolerances) -> dict:
    """One line of the table: the worse of energy and force, measured by its tolerance."""
    if deviation is None:
        statement = f"{check.statement} (not applicable: {check.not_applicable})"
        nothing = {"deviation": np.nan, "unit": "", "tolerance": np.nan, "passed": None}
        return {"statement": statement} | nothing
    candidates = [(deviation.force, "meV/Å", getattr(tolerances, check.limit))]
    if deviation.energy is not None:
        candidates.append((deviation.energy, check.energy_unit, tolerances.energy))
    worst = max(candidates, key=lambda found: np.nan_to_num(found[0] / found[2], nan=np.inf))
    value, unit, limit = worst
    passed = bool(value <= limit)  # False for NaN
    return {
        "statement": check.statement,
        "deviation": value,
        "unit": unit,
        "tolerance": limit,
        "passed": passed,
    }
