"""One failure as a record: how it looks, why, what finds it, what repairs it, and both states."""

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence

from mlp_course.validation.finding import Finding

#: Where in a project a failure is made.
GROUPS = ("data", "training", "physics", "simulation")
Curves = Mapping[str, tuple[Sequence[float], Sequence[float]]]


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What one state of an experiment gave.

    Attributes:
        number: the measured damage, in the unit of the failure.
        finding: what the test of the package says.
        curves: what to draw: x and y values by name.
        story: what else happened, in one sentence; may be empty.
        seconds: computing time of this process, in s.
    """

    number: float
    finding: Finding
    curves: Curves
    story: str = ""
    seconds: float = float("nan")


@dataclasses.dataclass(frozen=True)
class Failure:
    """A failure that can be made, caught and cured.

    Attributes:
        key: short name.
        name: what people say.
        group: one of :data:`GROUPS`.
        symptom: what is seen first.
        cause: what is wrong.
        test: what finds it, in words.
        catcher: the public function of the package that finds it.
        cure: what is done about it.
        quantity: what :attr:`Outcome.number` is.
        unit: of it.
        x: quantity and unit of the x axis.
        y: quantity and unit of the y axis.
        experiment: makes the failed (False) or the cured (True) state.
        log: logarithmic axes, "", "x", "y" or "xy".
        points: draw points and no lines.
        in_chapter: whether the chapter's section 2.11 has it.
    """

    key: str
    name: str
    group: str
    symptom: str
    cause: str
    test: str
    catcher: str
    cure: str
    quantity: str
    unit: str
    x: str
    y: str
    experiment: Callable[[bool], Outcome]
    log: str = ""
    points: bool = False
    in_chapter: bool = False

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise ValueError(f"group must be one of {', '.join(GROUPS)}; got {self.group!r}")

    def produce(self) -> Outcome:
        """Make the failure, in well under 30 s of computing time."""
        return self._timed(cured=False)

    def cured(self) -> Outcome:
        """Do the same with the cure."""
        return self._timed(cured=True)

    def _timed(self, *, cured: bool) -> Outcome:
        started = time.process_time()
        outcome = self.experiment(cured)
        return dataclasses.replace(outcome, seconds=time.process_time() - started)
