"""Settings of the loop: how it explores, chooses and stops, checked once."""

from dataclasses import dataclass

import numpy as np

from mlp_course.active_learning.selection import STRATEGIES
from mlp_course.descriptors.checks import check_count


@dataclass(frozen=True)
class LoopSettings:
    """How a loop explores, chooses and stops.

    Attributes:
        temperature: of the exploring runs, in K.
        threshold: a configuration whose largest σ_i is above it is worth a label, in eV/Å.
        stop_at: a run ends where the largest σ_i is above it, in eV/Å.
        strategy: one of :data:`~mlp_course.active_learning.selection.STRATEGIES`.
        n_per_round: labels a round.
        n_walkers: runs a round; they start from the newest labelled frames.
        steps: longest run, in time steps.
        interval: steps between looks.
        timestep: in fs.
        max_labels: the loop stops when so many frames are labelled.
        max_rounds: and after so many rounds.
        enough: it also stops when, in two rounds one after the other, at most this part of the
            frames visited was above the threshold and no run ended early; dimensionless. The
            strategy "random", which does not look at uncertainties, goes on.
        seed: of everything random.

    Raises:
        ValueError: for a number out of range, or an unknown strategy.

    Example:
        >>> LoopSettings(temperature=1000, threshold=0.3, stop_at=0.2)
        Traceback (most recent call last):
        ValueError: stop_at must not be below threshold (0.3 eV/Å); got 0.2
    """

    temperature: float
    threshold: float
    stop_at: float
    strategy: str = "farthest"
    n_per_round: int = 20
    n_walkers: int = 4
    steps: int = 400
    interval: int = 10
    timestep: float = 0.5
    max_labels: int = 200
    max_rounds: int = 20
    enough: float = 0.02
    seed: int = 0

    def __post_init__(self) -> None:
        counts = ("n_per_round", "n_walkers", "steps", "interval", "max_labels", "max_rounds")
        check_count(1, **{name: getattr(self, name) for name in counts})
        check_count(0, seed=self.seed)
        for name, unit in (("temperature", "K"), ("threshold", "eV/Å"), ("timestep", "fs")):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"{name} must be positive, in {unit}; got {getattr(self, name)}")
        if not self.stop_at >= self.threshold:
            raise ValueError(
                f"stop_at must not be below threshold ({self.threshold} eV/Å); got {self.stop_at}"
            )
        if not 0 <= self.enough < 1:
            raise ValueError(f"enough must be at least 0 and below 1; got {self.enough}")
        if self.strategy not in STRATEGIES:
            known = ", ".join(STRATEGIES)
            raise ValueError(f"strategy must be one of {known}; got {self.strategy!r}")
