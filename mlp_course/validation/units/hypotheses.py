"""Hypotheses about units: how well each of them explains what frames say about themselves.

A hypothesis names the unit of energies, of forces, the sign of forces and the unit of positions.
Evidence counts by its logarithmic likelihood; no piece of evidence counts for more than a limit,
because any one may mislead (an odd molecule, a constraint, a program nobody thought of).
"""

import dataclasses
import itertools
from collections.abc import Iterator

import numpy as np
from scipy.special import logsumexp

from mlp_course.data.unit_checks.faults import (
    ENERGY_UNITS,
    FORCE_UNITS,
    LENGTH_UNITS,
    SIGN,
    fault_factor,
)
from mlp_course.validation.units.totals import total_energy_evidence
from mlp_course.validation.units.traits import Traits

_LIMIT = 12.0  # of one piece of evidence, in natural logarithms
_ODDS = {  # how rare a fault is thought to be, before looking: natural logarithm
    "eV": 0.0, "Hartree": 4.5, "kcal/mol": 4.5, "kJ/mol": 5.0, "meV": 5.0, "Rydberg": 6.0,
    "per atom": 5.0, "eV/Å": 0.0, "Hartree/Bohr": 4.5, "kcal/mol/Å": 4.5, "eV/Bohr": 5.0,
    "kJ/mol/Å": 6.0, "meV/Å": 6.5, "Hartree/Å": 6.5, "Rydberg/Bohr": 6.5, "kJ/mol/nm": 7.0,
    "Å": 0.0, "Bohr": 5.0, "nm": 6.0,
}  # fmt: skip
_SIGN_ODDS = 5.0
_ONE_PROGRAM = {  # written together by one program, so one mistake and not two
    ("Hartree", "Hartree/Bohr"), ("kcal/mol", "kcal/mol/Å"), ("Rydberg", "Rydberg/Bohr"),
    ("kJ/mol", "kJ/mol/Å"), ("kJ/mol", "kJ/mol/nm"), ("meV", "meV/Å"), ("Hartree", "Hartree/Å"),
}  # fmt: skip
_WORK_SPREAD = 0.08  # of the work ratio of molecules, beyond its own error
_TAIL = 20.0  # from here on deviations count by their logarithm: nobody knows all programs
_STIFFNESS_SPREAD = 0.65  # of the logarithm of a stiffness over the expected one
_DISTANCE_SPREAD = 0.14  # of the logarithm of a distance over the sum of covalent radii


@dataclasses.dataclass(frozen=True)
class Hypothesis:
    """Units that the numbers of a set may be in.

    Example:
        >>> Hypothesis("Hartree", "eV/Å", -1, "Å").faults
        ('energy: Hartree', 'forces: sign')
    """

    energy: str = "eV"
    force: str = "eV/Å"
    sign: int = 1
    length: str = "Å"

    @classmethod
    def of(cls, fault: str) -> "Hypothesis":
        """The hypothesis that this, and nothing else, is wrong.

        Example:
            >>> Hypothesis.of("positions: Bohr")
            Hypothesis(energy='eV', force='eV/Å', sign=1, length='Bohr')
        """
        quantity, unit = fault.split(": ")
        if unit == SIGN:
            return cls(sign=-1)
        return cls(
            **{{"energy": "energy", "forces": "force", "positions": "length"}[quantity]: unit}
        )

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with such a set, in words; nothing if it is in eV and Å."""
        named = [
            (f"energy: {self.energy}", self.energy != ENERGY_UNITS[0]),
            (f"forces: {self.force}", self.force != FORCE_UNITS[0]),
            (f"forces: {SIGN}", self.sign < 0),
            (f"positions: {self.length}", self.length != LENGTH_UNITS[0]),
        ]
        return tuple(name for name, wrong in named if wrong)

    def factor(self, quantity: str, n_atoms: int = 1) -> float:
        """What a true value was multiplied by to give the number in the set."""
        found = [fault for fault in self.faults if fault.startswith(quantity)]
        return float(np.prod([fault_factor(fault, n_atoms) for fault in found]))


CLEAN = Hypothesis()


def all_hypotheses() -> Iterator[Hypothesis]:
    """Every combination of units.

    Example:
        >>> len(list(all_hypotheses()))
        378
    """
    for energy, force, sign, length in itertools.product(
        ENERGY_UNITS, FORCE_UNITS, (1, -1), LENGTH_UNITS
    ):
        yield Hypothesis(energy, force, sign, length)


def log_prior(h: Hypothesis) -> float:
    """How credible a hypothesis is before any look at the numbers."""
    paid = [_ODDS[h.energy], _ODDS[h.force]]
    paid = [max(paid) + 0.5] if (h.energy, h.force) in _ONE_PROGRAM else paid
    return -(sum(paid) + _ODDS[h.length] + _SIGN_ODDS * (h.sign < 0))


def evidence(h: Hypothesis, traits: Traits) -> dict[str, float]:
    """Logarithmic likelihood of each trait under a hypothesis; 0 for what could not be measured."""
    totals = total_energy_evidence(h.energy, traits.totals)
    return {**_of_labels(h, traits), "totals": totals}


def _of_labels(h: Hypothesis, traits: Traits) -> dict[str, float]:
    """Evidence that does not come from the size of the totals."""
    return {
        "distances": _distances(h, traits),
        "work": sum(_work(h, traits, k) for k in range(len(traits.work))),
        "stiffness": _stiffness(h, traits),
    }


def posterior(traits: Traits) -> tuple[list[Hypothesis], np.ndarray]:
    """All hypotheses, and their probabilities after a look at the numbers."""
    hypotheses = list(all_hypotheses())
    totals = {unit: total_energy_evidence(unit, traits.totals) for unit in ENERGY_UNITS}
    logs = np.array(
        [log_prior(h) + totals[h.energy] + sum(_of_labels(h, traits).values()) for h in hypotheses]
    )
    return hypotheses, np.exp(logs - logsumexp(logs))


def _distances(h: Hypothesis, traits: Traits) -> float:
    """Bonds should be as long as covalent radii say."""
    if not np.isfinite(traits.distance):
        return 0.0
    away = np.log(traits.distance / h.factor("positions")) / _DISTANCE_SPREAD
    return -min(0.5 * away**2, _LIMIT)


def _work(h: Hypothesis, traits: Traits, k: int) -> float:
    """Energy differences should be the work of the forces."""
    ratio, n_atoms = traits.work[k], traits.n_atoms[k]
    if not ratio.n:
        return 0.0
    expected = h.factor("energy", n_atoms) / (h.factor("forces") * h.factor("positions"))
    u = expected / ratio.value  # the inverse is what was measured
    spread = 0.0 if traits.crystal[k] else _WORK_SPREAD
    z = (u - 1) / np.hypot(ratio.error * u, max(spread, 0.1 * ratio.error))
    return -_TAIL * np.log1p(0.5 * z**2 / _TAIL)


def _stiffness(h: Hypothesis, traits: Traits) -> float:
    """A stretched bond should pull back as strongly as bonds do."""
    if h.length not in traits.stiffness:
        return 0.0
    found, sure = traits.stiffness[h.length]
    if found * h.sign < 0:
        return -min(sure, _LIMIT)
    away = np.log(found / h.factor("forces")) / _STIFFNESS_SPREAD
    return -min(0.5 * away**2, _LIMIT, 0.5 * sure)
