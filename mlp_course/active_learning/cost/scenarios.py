"""Scenarios: the two projects of the chapter's Problem 3, from inputs that can all be changed."""

import dataclasses

from mlp_course.active_learning.cost.project import Project, Step

#: Names of the two projects.
BULK, ACTIVE = "A: all labels at once", "B: active learning"


def _input(value: float, unit: str, most: float, meaning: str) -> float:
    """A number with what a slider has to know about it."""
    return dataclasses.field(default=value, metadata=dict(unit=unit, most=most, meaning=meaning))


@dataclasses.dataclass(frozen=True)
class _Inputs:
    """Numbers within the limits that their fields name."""

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value, unit = getattr(self, field.name), field.metadata["unit"]
            positive = unit == "nodes"  # a duration is divided by them
            if not (value > 0 if positive else value >= 0) or value == float("inf"):
                rule = "positive" if positive else "not negative"
                raise ValueError(f"{field.name} must be finite and {rule}, in {unit}; got {value}")
            if unit == "1" and value > 1:
                raise ValueError(f"{field.name} must be between 0 and 1; got {value}")


@dataclasses.dataclass(frozen=True)
class SharedInputs(_Inputs):
    """What both projects share.

    Example:
        >>> SharedInputs().production_hours / 24  # days of the microsecond on one GPU
        3.0
    """

    node_hours_per_label: float = _input(1.0, "h", 10, "node-hours for a label")
    production_hours: float = _input(72.0, "h", 240, "production MD on one GPU")
    node_price: float = _input(1.0, "$/h", 5, "price of a node-hour")
    gpu_price: float = _input(1.0, "$/h", 20, "price of a GPU-hour")
    work_price: float = _input(0.0, "$/day", 1000, "price of a day of work")


@dataclasses.dataclass(frozen=True)
class BulkInputs(_Inputs):
    """What project A is made of.

    The chapter states the duration of a labelling step, not always its nodes: 5,000 node-hours in
    2 days are 104 nodes.

    Example:
        >>> inputs = BulkInputs()
        >>> inputs.labels * 1.0 / inputs.nodes / 24  # days, at one node-hour a label
        6.25
    """

    planning_days: float = _input(14.0, "days", 30, "planning the sampling")
    labels: float = _input(15_000, "labels", 30_000, "made at once")
    nodes: float = _input(100.0, "nodes", 500, "at once")
    preprocessing_days: float = _input(1.0, "days", 10, "data preprocessing")
    training_hours: float = _input(12.0, "h", 100, "training")
    validation_days: float = _input(0.5, "days", 10, "accuracy validation")
    failure_probability: float = _input(0.3, "1", 1, "probability of failure")
    more_labels: float = _input(5_000, "labels", 20_000, "made after failure")
    more_nodes: float = _input(5_000 / 48, "nodes", 500, "after failure")
    retraining_hours: float = _input(12.0, "h", 100, "after failure: training")


@dataclasses.dataclass(frozen=True)
class ActiveInputs(_Inputs):
    """What project B is made of.

    The chapter gives it 95 % certainty but prices nothing for the other 5 %: ``rescue_labels`` and
    ``rescue_hours`` are 0 until somebody moves them.

    Example:
        >>> inputs = ActiveInputs()
        >>> inputs.first_labels + inputs.labels_1 + inputs.labels_2
        1900
    """

    sampling_days: float = _input(3.0, "days", 30, "initial sampling")
    first_labels: float = _input(500, "labels", 5_000, "made first")
    first_nodes: float = _input(500 / 12, "nodes", 500, "at first")
    preprocessing_days: float = _input(0.5, "days", 10, "data preprocessing")
    training_hours_1: float = _input(4.0, "h", 100, "round 1: training")
    labels_1: float = _input(800, "labels", 5_000, "made in round 1")
    nodes_1: float = _input(800 / 24, "nodes", 500, "in round 1")
    training_hours_2: float = _input(6.0, "h", 100, "round 2: training")
    labels_2: float = _input(600, "labels", 5_000, "made in round 2")
    nodes_2: float = _input(600 / 24, "nodes", 500, "in round 2")
    training_hours_3: float = _input(8.0, "h", 100, "round 3: training")
    final_training_hours: float = _input(10.0, "h", 100, "final training")
    exploration_hours: float = _input(24.0, "h", 240, "exploratory MD of a round")
    judging_days: float = _input(0.5, "days", 10, "judging uncertainty, a round")
    failure_probability: float = _input(0.05, "1", 1, "probability of failure")
    rescue_labels: float = _input(0, "labels", 5_000, "made after failure")
    rescue_nodes: float = _input(25.0, "nodes", 500, "after failure")
    rescue_hours: float = _input(0.0, "h", 100, "after failure: training")


@dataclasses.dataclass(frozen=True)
class Inputs:
    """All inputs of the two projects; the values are those of the chapter's Problem 3.

    Example:
        >>> bulk, active = Inputs().projects()
        >>> bulk.name, active.name
        ('A: all labels at once', 'B: active learning')
    """

    shared: SharedInputs = SharedInputs()
    bulk: BulkInputs = BulkInputs()
    active: ActiveInputs = ActiveInputs()

    def projects(self) -> tuple[Project, Project]:
        """Project A and project B."""
        return bulk_project(self.bulk, self.shared), active_project(self.active, self.shared)


def bulk_project(inputs: BulkInputs, shared: SharedInputs) -> Project:
    """Project A: label much, train once; with some probability, label and train again.

    Example:
        >>> project = bulk_project(BulkInputs(), SharedInputs())
        >>> [step.name for step in project.steps if step.only_if_failed]
        ['label more', 'train again']
    """
    make = _Maker(shared)
    steps = [
        make.people("plan", inputs.planning_days),
        make.labels("label", inputs.labels, inputs.nodes, "plan"),
        make.people("preprocess", inputs.preprocessing_days, "label"),
        make.gpu("train", inputs.training_hours, "preprocess"),
        make.people("validate", inputs.validation_days, "train"),
        make.labels("label more", inputs.more_labels, inputs.more_nodes, "validate", extra=True),
        make.gpu("train again", inputs.retraining_hours, "label more", extra=True),
        make.gpu("production MD", shared.production_hours, "train again"),
    ]
    return Project(BULK, tuple(steps), inputs.failure_probability)


def active_project(inputs: ActiveInputs, shared: SharedInputs) -> Project:
    """Project B: label little, then three rounds of training and exploring, two of labelling.

    Example:
        >>> project = active_project(ActiveInputs(), SharedInputs())
        >>> sum(step.labels for step in project.steps)
        1900
    """
    make = _Maker(shared)
    steps = [
        make.people("sample", inputs.sampling_days),
        make.labels("label 0", inputs.first_labels, inputs.first_nodes, "sample"),
        make.people("preprocess", inputs.preprocessing_days, "label 0"),
    ]
    for number in (1, 2, 3):
        before, hours = steps[-1].name, getattr(inputs, f"training_hours_{number}")
        steps.append(make.gpu(f"train {number}", hours, before))
        steps.append(make.gpu(f"explore {number}", inputs.exploration_hours, f"train {number}"))
        if number < 3:
            labels, nodes = (getattr(inputs, f"{kind}_{number}") for kind in ("labels", "nodes"))
            steps.append(make.people(f"judge {number}", inputs.judging_days, f"explore {number}"))
            steps.append(make.labels(f"label {number}", labels, nodes, f"judge {number}"))
    rescue = (inputs.rescue_labels, inputs.rescue_nodes)
    steps += [
        make.labels("label more", *rescue, "explore 3", extra=True),
        make.gpu("train again", inputs.rescue_hours, "label more", extra=True),
        make.gpu("train final", inputs.final_training_hours, "train again"),
        make.gpu("production MD", shared.production_hours, "train final"),
    ]
    return Project(ACTIVE, tuple(steps), inputs.failure_probability)


@dataclasses.dataclass(frozen=True)
class _Maker:
    """Makes steps with the prices that both projects share."""

    shared: SharedInputs

    def people(self, name: str, days: float, *before: str) -> Step:
        """Somebody works."""
        return Step(name, days, "people", days, self.shared.work_price, before)

    def gpu(self, name: str, hours: float, *before: str, extra: bool = False) -> Step:
        """One GPU computes."""
        price = self.shared.gpu_price
        return Step(name, hours / 24, "gpus", hours, price, before, only_if_failed=extra)

    def labels(
        self, name: str, labels: float, nodes: float, *before: str, extra: bool = False
    ) -> Step:
        """So many nodes label so many configurations."""
        hours = labels * self.shared.node_hours_per_label
        days, price = hours / nodes / 24, self.shared.node_price
        return Step(name, days, "nodes", hours, price, before, labels, extra)
