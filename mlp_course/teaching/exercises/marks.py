"""Marks: what a check found in an answer, part by part, with points and hints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Part:
    """One thing that a question asks for, and whether an answer has it.

    Attributes:
        name: what must be true, in a few words: ``"is zero at the cutoff"``.
        passed: whether it is.
        hint: if it is not, the hint for the mistake that was recognised. Never the answer.
    """

    name: str
    passed: bool
    hint: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "passed", bool(self.passed))


@dataclass(frozen=True)
class Marks:
    """The parts of an answer with their points.

    Attributes:
        question: name of the question.
        parts: all parts, in the order of the question.
        points_of: points of each part, by name.

    Example:
        >>> Marks("q06_1", (Part("values", True), Part("smooth", False, "Look at the end.")),
        ...       {"values": 2, "smooth": 1})
        q06_1: 2 of 3 points
          yes  values (2)
          no   smooth (1): Look at the end.
    """

    question: str
    parts: tuple[Part, ...]
    points_of: Mapping[str, float] = field(repr=False)

    @property
    def points(self) -> float:
        """Points of the parts that passed."""
        return sum(self.points_of[part.name] for part in self.parts if part.passed)

    @property
    def possible(self) -> float:
        """Points of all parts."""
        return sum(self.points_of.values())

    @property
    def passed(self) -> bool:
        """Whether nothing is missing."""
        return all(part.passed for part in self.parts)

    @property
    def failed(self) -> tuple[Part, ...]:
        """The parts that did not pass."""
        return tuple(part for part in self.parts if not part.passed)

    def part(self, name: str) -> Part:
        """Return one part by its name."""
        return next(part for part in self.parts if part.name == name)

    def __repr__(self) -> str:
        lines = [f"{self.question}: {self.points:g} of {self.possible:g} points"]
        for part in self.parts:
            line = f"  {'yes' if part.passed else 'no ':3s}  {part.name}"
            line += f" ({self.points_of[part.name]:g})"
            lines.append(line if part.passed or not part.hint else f"{line}: {part.hint}")
        return "\n".join(lines)
