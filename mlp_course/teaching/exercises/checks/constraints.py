"""Exercises 01: the constraints of a potential as tests, tried on impostors; a step of dynamics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
from ase import units
from numpy.typing import NDArray

from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

Array = NDArray[np.float64]
Potential = Callable[[Array], tuple[float, Array]]
CONSTRAINTS = ("moving", "turning", "swapping", "forces are slopes")


def candidates() -> dict[str, Potential]:
    """Return six potentials for equal atoms: one honest, five impostors, in eV, Å and eV/Å.

    Example:
        >>> energy, forces = candidates()["A"](np.eye(3))
        >>> forces.shape, bool(abs(forces.sum()) < 1e-12)
        ((3, 3), True)
    """
    return {
        "A": _pairs,
        "B": lambda r: _plus(r, 0.2 * r[:, 0].sum(), np.tile([-0.2, 0, 0], (len(r), 1))),
        "C": _flattened,
        "D": _numbered,
        "E": lambda r: (_pairs(r)[0], 1.1 * _pairs(r)[1]),
        "F": lambda r: (_pairs(r)[0], _pairs(r)[1] + 0.1 * np.cross([0, 0, 1.0], r - r.mean(0))),
    }


_BROKEN = {
    "A": set(),
    "B": {"moving", "turning"},
    "C": {"turning"},
    "D": {"swapping"},
    "E": {"forces are slopes"},
    "F": {"turning", "forces are slopes"},
}


def _pairs(r: Array, weights: Array | None = None, squeeze: float = 1.0) -> tuple[float, Array]:
    """Springs of 1 Å between all pairs, 1 eV/Å² times a weight; ``squeeze`` shortens z."""
    scale = np.array([1.0, 1.0, squeeze])
    r_ij = (r[None] - r[:, None]) * scale
    d_ij = np.linalg.norm(r_ij, axis=2)
    weight = np.ones(d_ij.shape) if weights is None else np.add.outer(weights, weights)
    np.fill_diagonal(weight, 0.0)
    safe = np.where(d_ij > 0, d_ij, 1.0)
    energy = 0.25 * float((weight * (d_ij - 1) ** 2).sum())
    pull = (weight * (d_ij - 1) / safe)[..., None] * r_ij
    return energy, pull.sum(axis=1) * scale


def _plus(r: Array, energy: float, forces: Array) -> tuple[float, Array]:
    """Springs and something more."""
    own = _pairs(r)
    return own[0] + energy, own[1] + forces


def _flattened(r: Array) -> tuple[float, Array]:
    """Springs that think z to be shorter than it is."""
    return _pairs(r, squeeze=0.8)


def _numbered(r: Array) -> tuple[float, Array]:
    """Springs that depend on the numbers of the atoms."""
    return _pairs(r, weights=np.linspace(0.4, 0.6, len(r)))


@question(
    "q01_3",
    "Impostors",
    answers=("tests", "broken"),
    points={**{f"test: {name}": 1 for name in CONSTRAINTS}, "the impostors": 1},
    stronger={
        "test: moving": "Add the same vector to all positions. Energy and forces must stay.",
        "test: turning": "Turn positions by a matrix. The energy stays, and the forces turn along.",
        "test: swapping": "Put the atoms into another order. The energy stays; where do the forces "
        "go?",
        "test: forces are slopes": "Take the slope of the energy by finite differences and compare "
        "with the forces that the potential gives.",
        "the impostors": "Run every test on every candidate, at random positions, and more than "
        "one direction. A fault in the forces is a fault, even if the energy is fine.",
    },
    section="01_what_is_an_mlp.ipynb#Constraints",
)
def check_constraints(
    tests: Mapping[str, Callable[[Potential, Array], bool]], broken: Mapping[str, Iterable[str]]
) -> Iterator[Part]:
    """Mark four tests of a potential of equal atoms, and what they found.

    Args:
        tests: for each constraint a function of a potential (positions in Å, shape (n_atoms, 3) ->
            energy in eV, forces in eV/Å) and of positions; True if the constraint holds.
        broken: for each candidate ``"A"`` to ``"F"`` the constraints that it breaks.

    Yields:
        The parts of question ``q01_3``.

    Example:
        >>> check_constraints({name: lambda potential, r: True for name in CONSTRAINTS}, {}).points
        0
    """
    r = np.random.default_rng(13).normal(size=(5, 3))
    known = candidates()
    for name in CONSTRAINTS:
        test = tests.get(name)
        verdicts = {c: bool(test(p, r.copy())) for c, p in known.items()} if test else {}
        yield Part(f"test: {name}", *_judge_test(name, verdicts))
    given = {c: set(broken.get(c, {"?"})) for c in known}
    wrong = [c for c in known if given[c] != _BROKEN[c]]
    hint = f"Look again at candidate {wrong[0]}." if wrong else ""
    if "F" in wrong and given["F"] == {"forces are slopes"}:
        hint = "Candidate F: are its forces turned along when the molecule is?"
    yield Part("the impostors", not wrong, hint)


def _judge_test(name: str, verdicts: Mapping[str, bool]) -> tuple[bool, str]:
    """Compare what a learner's test says of each candidate with what is known."""
    if not verdicts:
        return False, f"There is no test under the key {name!r}."
    if not verdicts["A"]:
        return False, "An honest potential (springs between all pairs) does not pass this test."
    missed = [c for c, ok in verdicts.items() if ok and name in _BROKEN[c]]
    if missed == ["F"] and name == "turning":
        return False, "Forces that do not turn along pass; the energy alone is not enough."
    if missed:
        return False, "A potential that breaks this constraint passes the test."
    accused = [c for c, ok in verdicts.items() if not ok and name not in _BROKEN[c]]
    if accused:
        return False, "A potential with another fault is accused of this one."
    return True, ""


@question(
    "q01_5",
    "One step of dynamics",
    answers=("verlet_step",),
    points={"a free atom flies on": 1, "units of mass": 1, "runs backwards": 1, "energy stays": 1},
    stronger={
        "a free atom flies on": "Without forces the velocity stays, and r grows by v·dt.",
        "units of mass": "With Å, eV and amu the time unit is not the fs: 1 fs = `ase.units.fs`.",
        "runs backwards": "Half a kick, a drift, half a kick with the forces at the *new* place.",
        "energy stays": "Each half kick is a = F/m times dt/2.",
    },
    section="01_what_is_an_mlp.ipynb#Where-three-fields-meet",
)
def check_verlet(
    verlet_step: Callable[[Array, Array, Callable[[Array], Array], Array, float], tuple],
) -> Iterator[Part]:
    """Mark one step of velocity Verlet in ASE's units.

    Args:
        verlet_step: function of positions in Å, shape (n_atoms, 3), velocities in Å per ASE unit of
            time, a function that gives forces in eV/Å, masses in amu, shape (n_atoms,), and the
            time step in fs; it returns new positions and velocities.

    Yields:
        The parts of question ``q01_5``.

    Example:
        >>> check_verlet(lambda r, v, forces, masses, timestep: (r, v)).points
        0
    """
    masses = np.array([1.0, 16.0])
    r, v = np.array([[0.0, 0, 0], [1.2, 0, 0]]), np.array([[0.0, 0.1, 0], [0, 0, 0.02]])

    def nothing(positions: Array) -> Array:
        return np.zeros_like(positions)

    def spring(positions: Array) -> Array:
        return _pairs(np.asarray(positions))[1]

    new, same = verlet_step(r.copy(), v.copy(), nothing, masses, 1.0)
    hint = "Without forces it must be r + v·dt, with the same v."
    if np.allclose(new, r + v):
        hint = "The time step is in fs, velocities are per ASE unit of time: convert one of them."
    flies = np.allclose(new, r + v * units.fs) and np.allclose(same, v)
    yield Part("a free atom flies on", flies, hint)
    _, kicked = verlet_step(r.copy(), 0 * v, lambda q: np.ones_like(q), masses, 1.0)
    light, heavy = np.asarray(kicked, dtype=float)[:, 0]
    hint = "The same force makes a heavy atom slower, in proportion to its mass."
    right = np.isclose(light, units.fs) and np.isclose(heavy, units.fs / 16)
    if np.isclose(light, units.fs / 2):
        hint = "Only half of the kick arrives: there are two halves in a step."
    yield Part("units of mass", right, hint)
    yield _judge_reversal(verlet_step, r, v, spring, masses)
    yield _judge_energy(verlet_step, r, v, spring, masses)


def _judge_reversal(step: Callable, r: Array, v: Array, forces: Callable, masses: Array) -> Part:
    """Whether ten steps, a turn of all velocities, and ten steps lead back."""
    q, p = r.copy(), v.copy()
    for _ in range(10):
        q, p = step(q, p, forces, masses, 1.0)
    moved = np.abs(np.asarray(q) - r).max() > 1e-3
    p = -np.asarray(p)
    for _ in range(10):
        q, p = step(q, p, forces, masses, 1.0)
    hint = "Ten steps forth and, with turned velocities, ten steps back do not end at the start."
    return Part("runs backwards", moved and np.allclose(q, r, atol=1e-10), hint)


def _judge_energy(step: Callable, r: Array, v: Array, forces: Callable, masses: Array) -> Part:
    """Whether the total energy of a spring stays over 500 steps."""

    def total(q: Array, p: Array) -> float:
        return _pairs(np.asarray(q))[0] + 0.5 * float((masses[:, None] * np.asarray(p) ** 2).sum())

    q, p = r.copy(), v.copy()
    energies = []
    for _ in range(500):
        q, p = step(q, p, forces, masses, 0.5)
        energies.append(total(q, p))
    spread = np.ptp(energies) / abs(energies[0])
    moved = np.abs(np.asarray(q) - r).max() > 1e-3
    hint = "Over 250 fs the total energy of two atoms on a spring changes by more than 1 %."
    if energies[-1] > 1.05 * energies[0]:
        hint = "The energy grows step by step, as with Euler's method."
    return Part("energy stays", moved and spread < 0.01, hint)
