"""Schedule: when each step can start, and which steps decide when the project ends."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from mlp_course.active_learning.cost.project import Step


def finish_times(
    steps: Sequence[Step], days: Mapping[str, ArrayLike] | None = None
) -> dict[str, NDArray[np.float64]]:
    r"""Day on which each step ends, if everyone starts as early as possible.

    .. math:: t^\mathrm{end}_s = d_s + \max_{p \in \mathrm{waits}(s)} t^\mathrm{end}_p

    Nobody waits for a free node or a free colleague: what must not run at the same time has to be
    said by ``waits_for``.

    Args:
        steps: in an order in which they can be done, such as of ``Project.path``.
        days: durations d to use instead of those of the steps, by name, arrays of one shape.

    Returns:
        By name, in days from the start of the project.

    Source:
        J. E. Kelley and M. R. Walker, Proc. Eastern Joint Computer Conf. 160 (1959): the forward
        pass of the critical-path method.

    Example:
        >>> steps = [Step("a", 2), Step("b", 5), Step("c", 1, waits_for=("a", "b"))]
        >>> {name: float(day) for name, day in finish_times(steps).items()}
        {'a': 2.0, 'b': 5.0, 'c': 6.0}
    """
    ends: dict[str, NDArray[np.float64]] = {}
    for step in steps:
        own = np.asarray(step.days if days is None else days[step.name], dtype=float)
        before = [ends[name] for name in step.waits_for]
        start = np.maximum.reduce(before) if before else np.zeros_like(own)
        ends[step.name] = start + own
    return ends


def wall_days(
    steps: Sequence[Step], days: Mapping[str, ArrayLike] | None = None
) -> NDArray[np.float64]:
    """Days until the last step has ended; arguments as of :func:`finish_times`.

    Example:
        >>> float(wall_days([Step("a", 2), Step("b", 5, waits_for=("a",))]))
        7.0
    """
    return np.maximum.reduce(list(finish_times(steps, days).values()))


def timetable(steps: Sequence[Step]) -> pd.DataFrame:
    """When each step runs, and how long it may be late without delaying the end.

    Args:
        steps: in an order in which they can be done, such as of ``Project.path``.

    Returns:
        One row a step, sorted by start. Columns name, resource, start, finish and slack in days,
        critical (no slack: a day lost here is a day lost at the end).

    Example:
        >>> steps = [Step("a", 2), Step("b", 5), Step("c", 1, waits_for=("a", "b"))]
        >>> timetable(steps)[["name", "slack", "critical"]].to_numpy().tolist()
        [['a', 3.0, False], ['b', 0.0, True], ['c', 0.0, True]]
    """
    ends = {name: float(day) for name, day in finish_times(steps).items()}
    last = max(ends.values())
    latest: dict[str, float] = {step.name: last for step in steps}
    for step in reversed(steps):  # the backward pass
        for name in step.waits_for:
            latest[name] = min(latest[name], latest[step.name] - step.days)
    rows = [
        dict(name=step.name, resource=step.resource, start=ends[step.name] - step.days,
             finish=ends[step.name], slack=round(latest[step.name] - ends[step.name], 9))
        for step in steps
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    table["slack"] += 0.0  # no -0.0
    table["critical"] = table["slack"] < 1e-9
    return table.sort_values("start", kind="stable", ignore_index=True)
