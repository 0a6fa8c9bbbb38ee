"""Campaigns: from which label time on active learning pays, for costs that were measured."""

import dataclasses
import math
from collections.abc import Callable

from mlp_course.active_learning.cost.known import Known

PAYS, PAYS_NOT, UNDECIDED = "pays", "does not pay", "undecided"


@dataclasses.dataclass(frozen=True)
class Costs:
    """What one of each takes; :class:`Known` values in s of one core, none negative.

    Attributes:
        label: one reference calculation.
        training: one network, in one round of the loop.
        bulk_training: one network on all labels at once.
        step: energy and forces of one model in one step of the exploration.

    Example:
        >>> from mlp_course.active_learning.cost.known import measured
        >>> Costs(*(measured(s, "stopwatch") for s in (10, 600, 1800, 0.008))).label
        10
    """

    label: Known
    training: Known
    bulk_training: Known
    step: Known

    def __post_init__(self):
        _check_known(self, "s of one core")


@dataclasses.dataclass(frozen=True)
class Need:
    """Labels that the two ways need to reach the same error on the same test set.

    Attributes:
        bulk_labels: all at once.
        active_labels: the loop, its first labels included.

    Example:
        >>> from mlp_course.active_learning.cost.known import lower_bound, measured
        >>> need = Need(lower_bound(950, "not reached"), measured(300, "the loop"))
        >>> need.factor
        at least 3.17
    """

    bulk_labels: Known
    active_labels: Known

    def __post_init__(self):
        _check_known(self, "labels")
        if self.active_labels.low <= 0:
            raise ValueError(f"active_labels must be positive; got {self.active_labels}")

    @property
    def factor(self) -> Known:
        """How many times fewer labels the loop needs, dimensionless."""
        return self.bulk_labels / self.active_labels


def _value(start: float, unit: str, most: float, meaning: str, *, least: int = 1) -> float:
    metadata = dict(unit=unit, least=least, most=most, meaning=meaning)
    return dataclasses.field(default=start, metadata=metadata)


@dataclasses.dataclass(frozen=True)
class LoopPlan:
    """How the loop is run: choices, not measurements.

    Attributes:
        first_labels: before the first training.
        rounds: explorations, each followed by labelling an equal part of the rest.
        n_models: of the ensemble; all are trained again in each round, and once at the end.
        bulk_models: trained where all labels are there at once.
        steps: of the exploration of one round, with all models at each step.
        workers: cores that work at the same time.
        attention: somebody looks at the results of a round, in s; nobody computes meanwhile.

    Example:
        >>> LoopPlan().trainings  # five models, three rounds and the final training
        20
    """

    first_labels: int = _value(50, "labels", 1000, "first labels")
    rounds: int = _value(3, "rounds", 20, "rounds")
    n_models: int = _value(5, "models", 10, "models in the ensemble")
    bulk_models: int = _value(1, "models", 10, "models trained at once")
    steps: int = _value(10_000, "steps", 1_000_000, "exploration steps of a round", least=0)
    workers: int = _value(2, "cores", 128, "cores")
    attention: float = _value(0.0, "s", 86_400, "somebody looks, each round", least=0)

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value, least = getattr(self, field.name), field.metadata["least"]
            if not (math.isfinite(value) and value >= least):
                raise ValueError(
                    f"{field.name} must be finite and at least {least}, in "
                    f"{field.metadata['unit']}; got {value}"
                )
            if field.name != "attention" and value != int(value):
                raise ValueError(f"{field.name} must be a whole number; got {value}")

    @property
    def trainings(self) -> int:
        """Networks trained by the loop."""
        return self.n_models * (self.rounds + 1)


@dataclasses.dataclass(frozen=True)
class Verdict:
    """Whether active learning pays, in one kind of time.

    Attributes:
        kind: "computing time" or "wall time".
        bulk, active: what the two ways take, in s.
        break_even: label time above which active learning is cheaper, in s of one core; None if
            the loop does not need less labelling, or may not.
        label: time of a label, in s of one core.
        answer: "pays", "does not pay", or "undecided" where the bounds do not tell.
    """

    kind: str
    bulk: Known
    active: Known
    break_even: Known | None
    label: Known
    answer: str

    def __str__(self) -> str:
        if self.break_even is None:
            where = "no break-even: the loop does not surely need less labelling"
        elif self.break_even.high == 0:
            where = "break-even 0: the loop takes less even where labels are free"
        else:
            where = f"break-even {self.break_even.says(unit='s')} a label"
        used = (self.bulk, self.active, self.label)
        basis = ", under assumptions" if any(known.assumed for known in used) else ""
        label = self.label.says(unit="s")
        return f"{self.kind}: {where}; a label takes {label}: {self.answer}{basis}"


def computing_verdict(costs: Costs, need: Need, loop: LoopPlan) -> Verdict:
    r"""Compare the two ways by computing time: the sum over all cores.

    .. math:: N_b t_l + m_b t_b \quad\text{against}\quad N_a t_l + M (R + 1) t_t + M R S t_s

    with label, bulk training, training and step times t, labels N, ensemble M, rounds R and steps
    S. They are equal at

    .. math:: t_l^* = \frac{M (R + 1) t_t + M R S t_s - m_b t_b}{N_b - N_a} .

    Example:
        >>> from mlp_course.active_learning.cost.known import measured
        >>> costs = Costs(*(measured(s, "stopwatch") for s in (10, 60, 180, 0.01)))
        >>> need = Need(measured(1000, "curve"), measured(300, "curve"))
        >>> print(computing_verdict(costs, need, LoopPlan()))  # (1200 + 1500 - 180) s / 700
        computing time: break-even 3.6 s a label; a label takes 10 s: pays
    """
    learning = loop.trainings * costs.training
    exploring = loop.n_models * loop.rounds * loop.steps * costs.step
    bulk_fixed = loop.bulk_models * costs.bulk_training
    saved = need.bulk_labels - need.active_labels
    extra = learning + exploring - bulk_fixed
    bulk = need.bulk_labels * costs.label + bulk_fixed
    active = need.active_labels * costs.label + learning + exploring
    return _verdict("computing time", (bulk, active), extra, saved, costs.label)


def wall_verdict(costs: Costs, need: Need, loop: LoopPlan) -> Verdict:
    r"""Compare the two ways by wall time: labels and models share the cores, rounds do not.

    A label, a training and one model's step use one core each, so N labels on W cores take
    :math:`\lceil N / W \rceil` times as long as one. Each batch of the loop is rounded up, and a
    round cannot begin before the one before has ended: with many cores active learning loses.

    Example:
        >>> from mlp_course.active_learning.cost.known import measured
        >>> costs = Costs(*(measured(s, "stopwatch") for s in (10, 60, 180, 0.01)))
        >>> need = Need(measured(1000, "curve"), measured(300, "curve"))
        >>> loop = LoopPlan(workers=1000, steps=0)  # 1 wave of labels against 4; 240 s - 180 s
        >>> wall_verdict(costs, need, loop).answer
        'does not pay'
    """
    models = math.ceil(loop.n_models / loop.workers)
    learning = models * (loop.rounds + 1) * costs.training
    exploring = models * loop.rounds * loop.steps * costs.step
    bulk_fixed = math.ceil(loop.bulk_models / loop.workers) * costs.bulk_training
    fixed = learning + exploring + loop.rounds * loop.attention
    bulk_waves = _rounded_up(need.bulk_labels, lambda labels: _waves(labels, loop.workers))
    active_waves = _rounded_up(need.active_labels, lambda labels: _loop_waves(labels, loop))
    bulk = bulk_waves * costs.label + bulk_fixed
    active = active_waves * costs.label + fixed
    pair, saved = (bulk, active), bulk_waves - active_waves
    return _verdict("wall time", pair, fixed - bulk_fixed, saved, costs.label)


def _verdict(
    kind: str, pair: tuple[Known, Known], extra: Known, saved: Known, label: Known
) -> Verdict:
    """Active learning pays where ``saved`` times the label time is more than ``extra``."""
    gain = saved * label - extra
    answer = PAYS if gain.low > 0 else PAYS_NOT if gain.high <= 0 else UNDECIDED
    tips = None
    if saved.low > 0:
        tips = extra / saved
        tips = dataclasses.replace(tips, low=max(0.0, tips.low), high=max(0.0, tips.high))
    return Verdict(kind, *pair, tips, label, answer)


def _waves(labels: float, workers: int) -> float:
    """How often all cores label at the same time."""
    return labels if math.isinf(labels) else math.ceil(labels / workers)


def _loop_waves(labels: float, loop: LoopPlan) -> float:
    """The same for the first labels and equal batches of the rest."""
    batch = max(0.0, labels - loop.first_labels) / loop.rounds
    first = _waves(min(labels, loop.first_labels), loop.workers)
    return first + loop.rounds * _waves(batch, loop.workers)


def _rounded_up(labels: Known, waves: Callable[[float], float]) -> Known:
    return dataclasses.replace(labels, low=waves(labels.low), high=waves(labels.high))


def _check_known(record: object, unit: str) -> None:
    """Raise unless all fields are known values that are not negative."""
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if not isinstance(value, Known):
            raise TypeError(
                f"{field.name} must be a Known, which says where it comes from; got {value!r}: "
                'write measured(3.9, "my stopwatch")'
            )
        if value.low < 0:
            raise ValueError(f"{field.name} must not be negative, in {unit}; got {value}")
