"""Risk: what may come out instead of the mean, which input decides it, and where it tips over."""

import dataclasses
import math
import zlib
from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from mlp_course.active_learning.cost.project import Project, Step
from mlp_course.active_learning.cost.scenarios import Inputs
from mlp_course.active_learning.cost.schedule import wall_days
from mlp_course.active_learning.cost.totals import expected_totals

#: What can be compared, with its unit; less is better.
QUANTITIES = {
    "price": "$",
    "node_hours": "node-hours",
    "gpu_days": "GPU-days",
    "work_days": "days of work",
    "wall_days": "days",
    "labels": "labels",
}
_FAR = 1e6  # how many times beyond the end of its slider a break-even is looked for


def simulate(
    project: Project, n_draws: int = 10_000, *, spread: float = 0.3, seed: int = 0
) -> pd.DataFrame:
    r"""Draw possible outcomes of a project: its failure, and how far each step misses its plan.

    Duration and amount of a step are multiplied by the same random factor,

    .. math:: x_s = e^{\sigma z_s - \sigma^2/2}, \quad z_s \sim \mathcal N(0, 1), \quad
              \sigma^2 = \ln(1 + \mathrm{spread}^2),

    which is positive, has mean 1 and standard deviation ``spread``. The chapter states no spread:
    this is an assumption, not a measurement.

    Args:
        project: whose steps and ``failure_probability`` count.
        n_draws: number of outcomes.
        spread: relative standard deviation of each step, dimensionless; 0: as planned.
        seed: of the random numbers; projects of different names draw different ones, so that their
            outcomes are independent.

    Returns:
        One row an outcome. Columns failed, and those of :data:`QUANTITIES` except labels.

    Raises:
        ValueError: if ``n_draws`` is below 1 or ``spread`` is negative.

    Example:
        >>> again = Step("again", 2, "nodes", 5000, only_if_failed=True)
        >>> project = Project("A", (Step("label", 6, "nodes", 15_000), again), 0.3)
        >>> drawn = simulate(project, 1000, spread=0.0)
        >>> sorted(drawn["node_hours"].unique().tolist())  # never the mean, 16,500
        [15000.0, 20000.0]
    """
    if n_draws < 1:
        raise ValueError(f"n_draws must be at least 1; got {n_draws}")
    if not (math.isfinite(spread) and spread >= 0):
        raise ValueError(f"spread must be finite and not negative, dimensionless; got {spread}")
    random = np.random.default_rng([seed, zlib.crc32(project.name.encode())])
    failed = random.random(n_draws) < project.failure_probability
    sigma = math.sqrt(math.log1p(spread**2))
    z = random.standard_normal((len(project.steps), n_draws))
    factors = dict(
        zip((s.name for s in project.steps), np.exp(sigma * z - sigma**2 / 2), strict=True)
    )
    success, failure = (_outcomes(project.path(failed=f), factors) for f in (False, True))
    columns = {name: np.where(failed, failure[name], success[name]) for name in success}
    return pd.DataFrame({"failed": failed} | columns)


def _outcomes(steps: tuple[Step, ...], factors: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Totals of the same steps for many draws, each of shape (n_draws,)."""
    none = np.zeros(len(factors[steps[0].name]))
    amounts = dict.fromkeys(("nodes", "gpus", "people"), none)
    price = none
    for step in steps:
        amounts[step.resource] = amounts[step.resource] + step.amount * factors[step.name]
        price = price + step.cost * factors[step.name]
    days = {step.name: step.days * factors[step.name] for step in steps}
    return {
        "price": price,
        "node_hours": amounts["nodes"],
        "gpu_days": amounts["gpus"] / 24,
        "work_days": amounts["people"],
        "wall_days": wall_days(steps, days),
    }


def advantage(inputs: Inputs, quantity: str = "price") -> float:
    """How much of a quantity active learning saves on average: A minus B.

    Args:
        inputs: of both projects.
        quantity: one of :data:`QUANTITIES`.

    Returns:
        In the unit of the quantity; negative if active learning needs more.

    Raises:
        ValueError: for an unknown quantity.

    Example:
        >>> round(advantage(Inputs()), 2), round(advantage(Inputs(), "gpu_days"), 2)
        (14515.6, -3.52)
    """
    if quantity not in QUANTITIES:
        raise ValueError(f"quantity must be one of {', '.join(QUANTITIES)}; got {quantity!r}")
    bulk, active = (expected_totals(project) for project in inputs.projects())
    return getattr(bulk, quantity) - getattr(active, quantity)


def input_fields(inputs: Inputs) -> Iterator[tuple[str, dataclasses.Field, float]]:
    """Every number of the inputs: its name such as ``"bulk.labels"``, its field, its value.

    Example:
        >>> next(input_fields(Inputs()))[0]
        'shared.node_hours_per_label'
    """
    for group in dataclasses.fields(inputs):
        part = getattr(inputs, group.name)
        for field in dataclasses.fields(part):
            yield f"{group.name}.{field.name}", field, getattr(part, field.name)


def changed(inputs: Inputs, name: str, value: float) -> Inputs:
    """The inputs with another value for one of them.

    Args:
        inputs: as before.
        name: such as ``"bulk.labels"``.
        value: in the unit of that input.

    Raises:
        ValueError: for an unknown name, or a value out of bounds.

    Example:
        >>> changed(Inputs(), "bulk.labels", 1000).bulk.labels
        1000
    """
    known = [own for own, _, _ in input_fields(inputs)]
    if name not in known:
        raise ValueError(f"name must be one of {', '.join(known)}; got {name!r}")
    group, _, field = name.partition(".")
    part = dataclasses.replace(getattr(inputs, group), **{field: value})
    return dataclasses.replace(inputs, **{group: part})


def sensitivity(inputs: Inputs, quantity: str = "price", *, change: float = 0.5) -> pd.DataFrame:
    """Move each input down and up, one at a time, and see what the advantage becomes.

    Args:
        inputs: to start from.
        quantity: one of :data:`QUANTITIES`.
        change: by which part of itself an input moves, between 0 and 1; a probability ends at 1.

    Returns:
        One row an input, the widest swing first. Index: its name. Columns meaning, unit, value,
        low_value, high_value; at_low, at_high and swing, in the unit of the quantity; moved: False
        for an input that is 0, of which no part can be taken.

    Raises:
        ValueError: for an unknown quantity, or a ``change`` out of bounds.

    Example:
        >>> sensitivity(Inputs()).index[0]  # 7,500 to 22,500 labels at a dollar each
        'bulk.labels'
    """
    if not 0 < change < 1:
        raise ValueError(f"change must be between 0 and 1, dimensionless; got {change}")
    rows = {}
    for name, field, value in input_fields(inputs):
        low, high = value * (1 - change), value * (1 + change)
        if field.metadata["unit"] == "1":
            high = min(high, 1.0)
        ends = [advantage(changed(inputs, name, end), quantity) for end in (low, high)]
        unit, meaning = field.metadata["unit"], field.metadata["meaning"]
        swing = abs(ends[1] - ends[0])
        rows[name] = (meaning, unit, value, low, high, *ends, swing, value != 0)
    columns = ["meaning", "unit", "value", "low_value", "high_value", "at_low", "at_high"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[*columns, "swing", "moved"])
    return table.sort_values("swing", ascending=False, kind="stable").rename_axis("input")


def break_even(inputs: Inputs, name: str, quantity: str = "price") -> float | None:
    """Value of one input at which both projects need the same, all others kept.

    Args:
        inputs: to start from.
        name: of the input, such as ``"shared.node_price"``.
        quantity: one of :data:`QUANTITIES`.

    Returns:
        In the unit of the input; None if no value makes them equal.

    Raises:
        ValueError: for an unknown name or quantity.

    Example:
        >>> round(break_even(Inputs(), "shared.node_price"), 5)  # 84.4 $ of GPU for 14,600 h
        0.00578
    """

    def at(value: float) -> float:
        return advantage(changed(inputs, name, value), quantity)

    found = {own: field.metadata for own, field, _ in input_fields(inputs)}
    least, most = 0.0, 1.0
    if name in found:
        least = 1e-6 if found[name]["unit"] == "nodes" else 0.0
        most = 1.0 if found[name]["unit"] == "1" else _FAR * found[name]["most"]
    ends = at(least), at(most)
    if math.prod(ends) > 0 or ends[0] == ends[1]:
        return None
    return float(brentq(at, least, most, xtol=1e-12, rtol=1e-12))
