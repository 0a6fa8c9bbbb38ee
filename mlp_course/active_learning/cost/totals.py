"""Cost: what a project uses up, how long it takes, and what it costs on average."""

import dataclasses
import math

import pandas as pd

from mlp_course.active_learning.cost.project import Project, Step
from mlp_course.active_learning.cost.schedule import wall_days

_HOURS_A_DAY = 24.0
_DAYS_A_WEEK = 7.0


@dataclasses.dataclass(frozen=True)
class Totals:
    """What a project uses up.

    Attributes:
        node_hours: of the supercomputer, in h of one node.
        gpu_days: in days of one GPU.
        work_days: of people, in days.
        wall_days: from start to end, in days.
        labels: configurations labelled.
        price: in $.

    Example:
        >>> totals((Step("label", 2, "nodes", 240, price=1.0),)).price
        240.0
    """

    node_hours: float
    gpu_days: float
    work_days: float
    wall_days: float
    labels: float
    price: float

    @property
    def wall_weeks(self) -> float:
        """From start to end, in weeks of seven days."""
        return self.wall_days / _DAYS_A_WEEK

    def mixed_with(self, other: "Totals", weight: float) -> "Totals":
        """Weighted mean: ``(1 - weight)`` of this and ``weight`` of the other.

        Example:
            >>> none, much = Totals(0, 0, 0, 0, 0, 0), Totals(10, 1, 2, 3, 4, 5)
            >>> none.mixed_with(much, 0.3).node_hours
            3.0
        """
        pairs = zip(dataclasses.astuple(self), dataclasses.astuple(other), strict=True)
        return Totals(*((1 - weight) * own + weight * theirs for own, theirs in pairs))


def totals(steps: tuple[Step, ...]) -> Totals:
    """Add up steps that are really done.

    Args:
        steps: in an order in which they can be done, such as of ``Project.path``.

    Example:
        >>> steps = (Step("plan", 3), Step("train", 0.5, "gpus", 12, 1.0, ("plan",)))
        >>> totals(steps)
        Totals(node_hours=0.0, gpu_days=0.5, work_days=0.0, wall_days=3.5, labels=0.0, price=12.0)
    """

    def used(resource: str) -> float:
        return math.fsum(step.amount for step in steps if step.resource == resource)

    return Totals(
        node_hours=used("nodes"),
        gpu_days=used("gpus") / _HOURS_A_DAY,
        work_days=used("people"),
        wall_days=float(wall_days(steps)),
        labels=float(sum(step.labels for step in steps)),
        price=math.fsum(step.cost for step in steps),
    )


def expected_totals(project: Project) -> Totals:
    r"""Mean over "good enough at once" and "the extra steps are needed".

    .. math:: \langle X \rangle = (1 - p) \, X_\mathrm{success} + p \, X_\mathrm{failure}

    Durations are taken as stated. Where steps run side by side *and* their durations are uncertain,
    the mean end of the project is later than this: see ``simulate``.

    Example:
        >>> again = Step("again", 2, "nodes", 5000, only_if_failed=True)
        >>> project = Project("A", (Step("label", 6, "nodes", 15_000), again), 0.3)
        >>> expected_totals(project).node_hours
        16500.0
    """
    success, failure = (totals(project.path(failed=failed)) for failed in (False, True))
    return success.mixed_with(failure, project.failure_probability)


def compare_projects(*projects: Project) -> pd.DataFrame:
    """Totals of projects side by side: one column a project, expected values.

    Returns:
        Rows as the attributes of :class:`Totals`, with ``success_probability`` (dimensionless).

    Raises:
        ValueError: if two projects share a name.

    Example:
        >>> plans = (Project("A", (Step("plan", 14),)), Project("B", (Step("plan", 3),)))
        >>> compare_projects(*plans).loc["wall_days"].tolist()
        [14.0, 3.0]
    """
    names = [project.name for project in projects]
    if len(set(names)) < len(names):
        raise ValueError(f"projects must have different names; got {', '.join(names)}")
    table = pd.DataFrame(
        {project.name: dataclasses.asdict(expected_totals(project)) for project in projects}
    )
    table.loc["success_probability"] = [1 - project.failure_probability for project in projects]
    return table.rename_axis("expected")
