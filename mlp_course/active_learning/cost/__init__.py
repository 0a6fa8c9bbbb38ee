"""Cost: what a project uses up, how long it takes, what may go wrong, and when asking pays."""

from mlp_course.active_learning.cost.campaign import (
    Costs,
    LoopPlan,
    Need,
    Verdict,
    computing_verdict,
    wall_verdict,
)
from mlp_course.active_learning.cost.claims import check_problem_3
from mlp_course.active_learning.cost.course import course_costs, label_seconds
from mlp_course.active_learning.cost.known import (
    Known,
    assumed,
    between,
    lower_bound,
    measured,
    upper_bound,
    with_error,
)
from mlp_course.active_learning.cost.project import RESOURCES, Project, Step
from mlp_course.active_learning.cost.risk import (
    advantage,
    break_even,
    changed,
    sensitivity,
    simulate,
)
from mlp_course.active_learning.cost.scenarios import (
    ActiveInputs,
    BulkInputs,
    Inputs,
    SharedInputs,
)
from mlp_course.active_learning.cost.schedule import timetable, wall_days
from mlp_course.active_learning.cost.totals import Totals, compare_projects, expected_totals, totals

__all__ = [
    "RESOURCES",
    "ActiveInputs",
    "BulkInputs",
    "Costs",
    "Inputs",
    "Known",
    "LoopPlan",
    "Need",
    "Project",
    "SharedInputs",
    "Step",
    "Totals",
    "Verdict",
    "advantage",
    "assumed",
    "between",
    "break_even",
    "changed",
    "check_problem_3",
    "compare_projects",
    "computing_verdict",
    "course_costs",
    "expected_totals",
    "label_seconds",
    "lower_bound",
    "measured",
    "sensitivity",
    "simulate",
    "timetable",
    "totals",
    "upper_bound",
    "wall_days",
    "wall_verdict",
    "with_error",
]
