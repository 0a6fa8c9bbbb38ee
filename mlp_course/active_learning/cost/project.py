"""Projects: a list of steps with duration, resource and price, and what may go wrong once."""

import dataclasses
import math
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

#: What a step uses up, with the unit of its amount; a price is for one of these.
RESOURCES = {"people": "days of work", "nodes": "node-hours", "gpus": "GPU-hours"}


@dataclasses.dataclass(frozen=True)
class Step:
    """One step of a project.

    Duration and amount are two numbers: 100 nodes make 240 node-hours from 0.1 days.

    Attributes:
        name: unique in its project.
        days: from its start to its end.
        resource: one of :data:`RESOURCES`.
        amount: used up, in the unit of :data:`RESOURCES`.
        price: in $ for one unit.
        waits_for: names of the steps that must have ended before.
        labels: configurations that this step labels.
        only_if_failed: whether it is done only where the first attempt is not good enough.

    Example:
        >>> Step("label", 6.25, "nodes", 15_000, price=1.0).cost  # 15,000 node-hours for 1 $
        15000.0
    """

    name: str
    days: float
    resource: str = "people"
    amount: float = 0.0
    price: float = 0.0
    waits_for: tuple[str, ...] = ()
    labels: float = 0
    only_if_failed: bool = False

    def __post_init__(self):
        if self.resource not in RESOURCES:
            raise ValueError(
                f"resource of {self.name!r} must be one of {', '.join(RESOURCES)}; "
                f"got {self.resource!r}"
            )
        units = {"days": "days", "amount": RESOURCES[self.resource], "price": "$ for a unit"}
        for name, unit in (units | {"labels": "configurations"}).items():
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(
                    f"{name} of {self.name!r} must be finite and not negative, in {unit}; "
                    f"got {value}"
                )
        if isinstance(self.waits_for, str):
            raise TypeError(
                f"waits_for of {self.name!r} must be a tuple of names; got {self.waits_for!r}: "
                f"write ({self.waits_for!r},)"
            )

    @property
    def cost(self) -> float:
        """In $."""
        return float(self.amount * self.price)


@dataclasses.dataclass(frozen=True)
class Project:
    """Steps that wait for each other, and the probability of having to do the extra ones.

    Attributes:
        name: of the project.
        steps: in any order.
        failure_probability: that the steps with ``only_if_failed`` are needed, 0 to 1.

    Example:
        >>> steps = (Step("plan", 14), Step("label", 6, "nodes", 100, waits_for=("plan",)))
        >>> [step.name for step in Project("two steps", steps).steps]
        ['plan', 'label']
    """

    name: str
    steps: tuple[Step, ...]
    failure_probability: float = 0.0

    def __post_init__(self):
        names = [step.name for step in self.steps]
        if not names:
            raise ValueError(f"steps of {self.name!r} must hold at least one; got none")
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"names of steps must be unique; twice: {', '.join(twice)}")
        if not 0 <= self.failure_probability <= 1:
            raise ValueError(
                "failure_probability must be between 0 and 1, dimensionless; "
                f"got {self.failure_probability}"
            )
        for step in self.steps:
            unknown = [name for name in step.waits_for if name not in names]
            if unknown:
                raise ValueError(
                    f"{step.name!r} waits for {unknown[0]!r}, which is no step; "
                    f"steps: {', '.join(names)}"
                )
        order_of_steps(self.steps)

    def path(self, *, failed: bool) -> tuple[Step, ...]:
        """The steps that are done, in an order in which they can be done.

        A step that is left out is waited for by nobody; who waited for it waits for what it
        would have waited for.

        Args:
            failed: whether the first attempt was not good enough.

        Example:
            >>> again = Step("again", 2, waits_for=("try",), only_if_failed=True)
            >>> steps = (Step("try", 1), again, Step("use", 3, waits_for=("again",)))
            >>> [step.name for step in Project("p", steps, 0.3).path(failed=False)]
            ['try', 'use']
        """
        left_out = {s.name: s for s in self.steps if s.only_if_failed and not failed}
        kept = [
            dataclasses.replace(step, waits_for=_without(step.waits_for, left_out))
            for step in self.steps
            if step.name not in left_out
        ]
        return order_of_steps(kept)


def _without(waits_for: Iterable[str], left_out: dict[str, Step]) -> tuple[str, ...]:
    """What remains to wait for: instead of a step left out, what it waited for."""
    names: list[str] = []
    for name in waits_for:
        before = (name,) if name not in left_out else _without(left_out[name].waits_for, left_out)
        names.extend(before)
    return tuple(dict.fromkeys(names))


def order_of_steps(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Put steps into an order in which each comes after those that it waits for.

    Raises:
        ValueError: if steps wait for each other in a circle.

    Example:
        >>> steps = (Step("use", 1, waits_for=("make",)), Step("make", 1))
        >>> [step.name for step in order_of_steps(steps)]
        ['make', 'use']
    """
    by_name = {step.name: step for step in steps}
    try:
        names = TopologicalSorter({s.name: s.waits_for for s in by_name.values()}).static_order()
        return tuple(by_name[name] for name in names)
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        raise ValueError(f"steps must not wait for each other in a circle; got {circle}") from error
