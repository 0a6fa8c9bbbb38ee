"""Exercises 06: a cutoff, a broken angular function, and which descriptors survive a turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import torch
from ase import Atoms
from numpy.typing import ArrayLike

from mlp_course.descriptors import angular_symmetry_function, cosine_cutoff
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

Function = Callable[[torch.Tensor, float], torch.Tensor]
Angular = Callable[..., torch.Tensor]
View = Callable[[Atoms], ArrayLike]


@question(
    "q06_1",
    "The cosine cutoff",
    answers=("my_cutoff",),
    points={"fades to zero": 1, "ends without a kink": 1, "has the right values": 1},
    stronger={
        "fades to zero": "What does the cosine have to be at d = cutoff, so that the sum is 0?",
        "ends without a kink": "The slope at the cutoff must vanish too. At which argument is the "
        "cosine flat and -1?",
        "has the right values": "Evaluate by hand at d = 0, at half of the cutoff and beyond it.",
    },
    section="06_descriptors.ipynb#Fading-out:-cutoff-functions",
)
def check_cosine_cutoff(my_cutoff: Function) -> Iterator[Part]:
    """Mark a cosine cutoff: its end, its slope there, and its values.

    Args:
        my_cutoff: function of distances in Å, shape (n,), and the cutoff in Å; it returns
            dimensionless values, shape (n,).

    Yields:
        The parts of question ``q06_1``.

    Example:
        >>> check_cosine_cutoff(lambda d, cutoff: torch.ones_like(d)).points
        0
    """
    cutoff = 5.0

    def value(d: torch.Tensor) -> torch.Tensor:  # NumPy's functions make arrays of tensors
        return torch.as_tensor(my_cutoff(d, cutoff), dtype=torch.float64)

    end = torch.tensor([4.999, cutoff, 5.5], dtype=torch.float64)
    fades = torch.allclose(value(end), torch.zeros(3, dtype=torch.float64), atol=1e-3)
    rises_again = abs(value(end)[-1]) > 1e-6
    hint = (
        "Beyond the cutoff a cosine rises again: set it to zero there."
        if rises_again
        else "At d = cutoff an atom must not be seen any more."
    )
    yield Part("fades to zero", fades, hint)
    edge = torch.tensor([cutoff - 1e-4], dtype=torch.float64)
    yield Part(
        "ends without a kink",
        abs(value(edge) / 1e-4) < 1e-2,
        "The function reaches zero with a slope: forces would jump there.",
    )
    d = torch.linspace(0, 6, 61, dtype=torch.float64)
    yield Part(
        "has the right values",
        torch.allclose(value(d), cosine_cutoff(d, cutoff), atol=1e-6),
        "An atom at distance 0 counts fully, one at half of the cutoff by one half.",
    )


@question(
    "q06_2",
    "The broken angular function",
    answers=("my_angular",),
    points={
        "every two neighbours once": 1,
        "only the angle": 1,
        "the prefactor": 1,
        "j and k see each other": 1,
        "agrees for many neighbours": 1,
    },
    stronger={
        "every two neighbours once": "Count on paper: three neighbours make three pairs. For which "
        "j and k does your double loop add something?",
        "only the angle": "Move one neighbour outwards along its own direction: the angle stays. "
        "Which quantity in your code does not?",
        "the prefactor": "At θ = 0 and λ = +1 the bracket is 2. Which power of 2 keeps the "
        "product the same for every ζ?",
        "j and k see each other": "There are three distances in a triangle. Look for each of them "
        "in the exponential, and in the product of cutoffs.",
        "agrees for many neighbours": "Put your function and the formula side by side, factor by "
        "factor, for one triple only.",
    },
    section="06_descriptors.ipynb#Symmetry-functions:-count-in-soft-shells",
)
def check_angular_function(my_angular: Angular) -> Iterator[Part]:
    """Mark an angular symmetry function G4 of one atom, one property after the other.

    Each test is blind to the other faults: it uses neighbours for which they make no difference.

    Args:
        my_angular: function of ``r_ij``, the vectors from the atom to its neighbours in Å, shape
            (n, 3), and of ``eta`` in Å⁻², ``zeta``, ``lambda_`` and ``cutoff`` in Å; it returns one
            dimensionless number.

    Yields:
        The parts of question ``q06_2``.

    Example:
        >>> check_angular_function(lambda r_ij, eta, zeta, lambda_, cutoff: 0.0).points
        0
    """

    def value(r_ij: ArrayLike, **settings: float) -> float:
        how = dict(eta=0.0, zeta=1.0, lambda_=1, cutoff=1e4) | settings
        return float(my_angular(torch.tensor(r_ij, dtype=torch.float64), *how.values()))

    right = value([[1, 0, 0], [0, 1, 0]])  # one pair at 90°: the formula gives 1
    hint = "Each two neighbours are counted more than once: as j, k and as k, j."
    if right > 2.5:
        hint = "A neighbour is paired with itself: an angle of 0° that no molecule has."
    elif right < 0.9:
        hint = "A single pair of neighbours at a right angle must count; here it hardly does."
    yield Part("every two neighbours once", abs(right - 1) < 1e-3, hint)

    c, s = np.cos(np.pi / 3), np.sin(np.pi / 3)
    near, far = value([[1, 0, 0], [c, s, 0]]), value([[2, 0, 0], [3 * c, 3 * s, 0]])
    hint = "With η = 0 and a huge cutoff only the angle counts, but yours grows with the distances."
    yield Part("only the angle", near > 0 and abs(far - near) < 1e-3, hint)

    line = [[1, 0, 0], [1.0, 1e-3, 0]]
    one, sixteen = value(line), value(line, zeta=16.0)
    hint = "Two neighbours in one direction (θ = 0, λ = +1) must count the same for every ζ."
    yield Part("the prefactor", one > 0 and abs(sixteen / one - 1) < 1e-3, hint)

    yield _sees_the_third_side(value)
    yield _agrees_everywhere(value)


def _sees_the_third_side(value: Callable[..., float]) -> Part:
    """Whether d_jk stands in the cutoffs and in the exponential."""
    opposite = [[3.0, 0, 0], [-3.0, 0, 0]]  # 6 Å apart
    apart = value(opposite, lambda_=-1, cutoff=5.0)
    damped = value(opposite, lambda_=-1, eta=0.01) / value(opposite, lambda_=-1)
    hint = "Two neighbours 6 Å apart are within no cutoff of 5 Å of each other, yet they count."
    if abs(apart) < 1e-6:
        hint = "The exponential falls with three distances; one of them is missing."
    seen = abs(apart) < 1e-6 and abs(damped - np.exp(-0.54)) < 1e-3
    return Part("j and k see each other", seen, hint)


def _agrees_everywhere(value: Callable[..., float]) -> Part:
    """Whether random neighbours give what the package's own function gives."""
    r_ij = torch.tensor(np.random.default_rng(6).uniform(-2.5, 2.5, (7, 3)))
    same = True
    for eta, zeta, lambda_ in ((0.01, 1.0, 1), (0.1, 4.0, -1), (0.0, 16.0, 1)):
        how = dict(eta=eta, zeta=zeta, lambda_=lambda_, cutoff=5.0)
        ours = angular_symmetry_function(r_ij, torch.zeros(7, dtype=torch.long), 1, **how)
        same &= bool(np.isclose(value(r_ij.numpy(), **how), float(ours[0]), rtol=1e-4, atol=1e-8))
    hint = "On seven neighbours at random places it differs from the formula; see the parts above."
    return Part("agrees for many neighbours", same, hint)


@question(
    "q06_3",
    "Which description survives a turn?",
    answers=("unchanged", "survives"),
    points={"rounding is no change": 1, "small changes are seen": 1, "the table": 2},
    stronger={
        "rounding is no change": "Floating-point numbers are equal up to about 10⁻¹² of their size "
        "after a rotation. NumPy has a function that compares with a tolerance.",
        "small changes are seen": "Compare number by number, and take the sign off the difference.",
        "the table": "Look at one entry at a time: `view(molecule)` against the view of the copy. "
        "Does a row belong to an atom? What happens to the rows when atoms change places?",
    },
    section="06_descriptors.ipynb#What-a-descriptor-must-do",
)
def check_survival(
    unchanged: Callable[[View, Atoms, Atoms], bool], survives: Mapping[str, Mapping[str, bool]]
) -> Iterator[Part]:
    """Mark a comparison of descriptions, and the table that it gives.

    Args:
        unchanged: function of a view (structure -> numbers) and two structures; True if the view
            gives the same for both, rounding aside.
        survives: for each of the five views of the exercise, for each of "moved", "turned",
            "mirrored" and "renumbered", whether it is unchanged.

    Yields:
        The parts of question ``q06_3``.

    Example:
        >>> check_survival(lambda view, one, other: True, {}).points
        1
    """

    def same(one: ArrayLike, other: ArrayLike) -> bool:
        views = [Atoms(info={"x": np.array(x, dtype=float)}) for x in (one, other)]
        return bool(unchanged(lambda atoms: atoms.info["x"], *views))

    noise = same([1.0, 0.3], [1.0 + 1e-13, 0.1 + 0.2]) and same([[2.0]], [[2.0]])
    hint = "0.1 + 0.2 and 0.3 count as different: a rotation always leaves such rounding."
    yield Part("rounding is no change", noise, hint)
    seen, hint = True, ""
    if same([1.0, 2.0], [2.0, 1.0]) or same([1.0, -1.0], [2.0, -2.0]):
        seen, hint = False, "Two lists with the same sum or length count as equal."
    elif same([1.0, 1.0], [1.0, 2.0]) or same([1.0, 2.0], [1.0, 1.0]):
        seen, hint = False, "A number that grew is seen, one that fell is not, or the reverse."
    elif same([1.0], [1.01]):
        seen, hint = False, "A change of one per cent is no rounding; your tolerance is too wide."
    yield Part("small changes are seen", seen, hint)
    yield Part("the table", *_judge_survival(survives))


def _judge_survival(survives: Mapping[str, Mapping[str, bool]]) -> tuple[bool, str]:
    """Compare the table with what theory says; the hint speaks of the first wrong entry."""
    broken = {
        "raw coordinates": {"moved", "turned", "mirrored", "renumbered"},
        "Coulomb matrix": {"renumbered"},
        "distance histogram": set(),
        "SOAP of each atom": {"renumbered"},
        "SOAP, summed": set(),
    }
    if missing := [view for view in broken if view not in survives]:
        return False, f"Views without a row: {', '.join(missing)}."
    for view, fails in broken.items():
        for operation in ("moved", "turned", "mirrored", "renumbered"):
            if operation not in survives[view]:
                return False, f"{view}: no entry for {operation!r}."
            if bool(survives[view][operation]) == (operation in fails):
                return False, f"{view}, {operation}: look again at this entry."
    return True, ""
