"""Exercises 06: cutoffs, symmetry functions and what descriptors miss."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch

from mlp_course.descriptors import cosine_cutoff
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question

Function = Callable[[torch.Tensor, float], torch.Tensor]


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
    section="06_descriptors.ipynb",
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
    end = torch.tensor([4.999, cutoff, 5.5], dtype=torch.float64)
    fades = torch.allclose(my_cutoff(end, cutoff), torch.zeros(3, dtype=torch.float64), atol=1e-3)
    rises_again = abs(my_cutoff(end, cutoff)[-1]) > 1e-6
    hint = (
        "Beyond the cutoff a cosine rises again: set it to zero there."
        if rises_again
        else "At d = cutoff an atom must not be seen any more."
    )
    yield Part("fades to zero", fades, hint)
    # ... and so on
    d = torch.linspace(0, 6, 61, dtype=torch.float64)
    yield Part(
        "has the right values",
        torch.allclose(my_cutoff(d, cutoff), cosine_cutoff(d, cutoff), atol=1e-6),
        "An atom at distance 0 counts fully, one at half of the cutoff by one half.",
    )
    edge = torch.tensor([cutoff - 1e-4], dtype=torch.float64)
    yield Part(
        "ends without a kink",
        abs(my_cutoff(edge, cutoff) / 1e-4) < 1e-2,
        "The function reaches zero with a slope: forces would jump there.",
    )
