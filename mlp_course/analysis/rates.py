r"""Rate constants by counting: how often a coordinate goes from one stable state to the other.

Near the top of a barrier a trajectory goes to and fro. Counting each crossing of the top counts
one reaction many times. With stable states there is a no man's land between reactant and product:
a passage counts only when it arrives on the other side, and until then the system still belongs
to the state that it left.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlp_course.units import convert

REACTANT, PRODUCT, UNKNOWN = 0, 1, -1
RULE_OF_THREE = 3.0  # -ln 0.05: no event in a time T means a rate below 3/T, at 95 % confidence


@dataclass(frozen=True)
class TransitionRates:
    """Rate constants of a reaction forth and back, counted.

    Attributes:
        forward: from reactant to product, in fs⁻¹.
        forward_error: standard error, from blocks in time, in fs⁻¹.
        backward: from product to reactant, in fs⁻¹.
        backward_error: standard error, in fs⁻¹.
        n_forward: number of passages counted.
        n_backward: number of passages back.

    Example:
        >>> print(TransitionRates(2e-6, 4e-7, 4e-6, 8e-7, 25, 24))  # 1 fs⁻¹ is 1000 ps⁻¹
        forward 0.002 ± 0.0004 ps⁻¹ (25 passages), backward 0.004 ± 0.0008 ps⁻¹ (24)
    """

    forward: float
    forward_error: float
    backward: float
    backward_error: float
    n_forward: int
    n_backward: int

    def __str__(self) -> str:
        rates = (self.forward, self.forward_error, self.backward, self.backward_error)
        there, error, back, back_error = (convert(rate, "fs^-1", "ps^-1") for rate in rates)
        return (
            f"forward {there:.3g} ± {error:.2g} ps⁻¹ ({self.n_forward} passages), "
            f"backward {back:.3g} ± {back_error:.2g} ps⁻¹ ({self.n_backward})"
        )


def stable_states(
    coordinate: ArrayLike, *, reactant_below: float, product_above: float
) -> NDArray[np.int64]:
    """Assign each frame to the stable state that was visited last.

    Args:
        coordinate: reaction coordinate, shape (n_frames,) or (n_frames, n_copies), any unit.
        reactant_below: the reactant reaches up to here, in that unit.
        product_above: the product begins here.

    Returns:
        0 reactant, 1 product, -1 as long as neither has been visited; the shape of ``coordinate``.

    Raises:
        ValueError: if the states overlap or the coordinate is not finite.

    Source:
        Stable states: S. H. Northrup, J. T. Hynes, J. Chem. Phys. 73, 2700 (1980).

    Example:
        >>> places = [0.0, -1.2, 0.3, -0.2, 1.1, 0.1, -0.4, -1.3]  # the top is at 0
        >>> stable_states(places, reactant_below=-1.0, product_above=1.0).tolist()
        [-1, 0, 0, 0, 1, 1, 1, 0]
    """
    values = np.asarray(coordinate, dtype=float)
    if not reactant_below < product_above:
        raise ValueError(
            "the reactant must end before the product begins; got reactant_below="
            f"{reactant_below} and product_above={product_above}"
        )
    if values.ndim not in (1, 2) or not np.isfinite(values).all():
        raise ValueError(
            "coordinate must be finite and of shape (n_frames,) or (n_frames, n_copies); got shape "
            f"{values.shape}"
        )
    inside = np.where(values < reactant_below, REACTANT, UNKNOWN)
    inside[values > product_above] = PRODUCT
    frame = np.arange(len(values)).reshape(-1, *[1] * (values.ndim - 1))
    last_visit = np.maximum.accumulate(np.where(inside == UNKNOWN, 0, frame), axis=0)
    return np.take_along_axis(inside, last_visit, axis=0)


def transition_rates(
    coordinate: ArrayLike,
    *,
    spacing: float,
    reactant_below: float,
    product_above: float,
    n_blocks: int = 10,
) -> TransitionRates:
    r"""Count passages between stable states and divide by the time spent in the state they leave.

    .. math:: k = \frac{N_{A \to B}}{T_A}, \qquad
        \sigma_k^2 = \frac{n_b - 1}{n_b} \sum_b \left( k_{(b)} - \bar k \right)^2

    Errors: the run is cut into blocks in time, :math:`k_{(b)}` is the rate with block b left out
    (the jackknife, which suits a ratio).

    Args:
        coordinate: reaction coordinate in order of time, shape (n_frames,), or (n_frames, n_copies)
            for independent copies of the system; any unit.
        spacing: time between frames in fs. Stays shorter than it are missed.
        reactant_below: the reactant reaches up to here, in the unit of the coordinate.
        product_above: the product begins here.
        n_blocks: number of blocks for the error.

    Returns:
        Rate constants with errors in fs⁻¹, and the numbers of passages. An error is infinite if
        all of the time in a state falls into one block.

    Raises:
        ValueError: if the states overlap, a number is out of range, or a passage never happens
            (the message says what the run does prove).

    Source:
        H. Flyvbjerg, H. G. Petersen, J. Chem. Phys. 91, 461 (1989) for blocks; B. Efron, The
        Jackknife, the Bootstrap and Other Resampling Plans (SIAM, 1982), chapter 3.

    Example:
        >>> to_and_fro = np.tile([-1.0] * 40 + [1.0] * 10, 20)
        >>> rates = transition_rates(
        ...     to_and_fro, spacing=5.0, reactant_below=-0.5, product_above=0.5
        ... )
        >>> round(rates.forward, 4), rates.n_forward  # once each 40 × 5 fs
        (0.005, 20)
    """
    if not spacing > 0 or n_blocks < 2:
        raise ValueError(
            "spacing must be positive, in fs, and n_blocks at least 2; got "
            f"{spacing} and {n_blocks}"
        )
    states = stable_states(coordinate, reactant_below=reactant_below, product_above=product_above)
    states = states.reshape(len(states), -1)  # (n_frames, n_copies)
    forward = _counted(states, REACTANT, PRODUCT, spacing, n_blocks)
    backward = _counted(states, PRODUCT, REACTANT, spacing, n_blocks)
    return TransitionRates(*forward[:2], *backward[:2], forward[2], backward[2])


def _counted(
    states: NDArray[np.int64], start: int, end: int, spacing: float, n_blocks: int
) -> tuple[float, float, int]:
    """Rate and its jackknife error in fs⁻¹, and number of passages."""
    leaves = (states[:-1] == start) & (states[1:] == end)
    inside = states[:-1] == start
    events = np.array([block.sum() for block in np.array_split(leaves, n_blocks)])
    times = np.array([block.sum() for block in np.array_split(inside, n_blocks)]) * spacing  # fs
    if not events.sum():
        names = {REACTANT: "reactant", PRODUCT: "product"}
        limit = f": the rate is below {RULE_OF_THREE / times.sum():.2g} fs⁻¹ (95 %)" * bool(
            times.sum()
        )
        raise ValueError(
            f"no passage from {names[start]} to {names[end]} in {times.sum():g} fs spent in the "
            f"{names[start]}{limit}. Run longer, heat, or use umbrella sampling"
        )
    if (times == times.sum()).any():  # one block holds all the time: nothing to compare it with
        return float(events.sum() / times.sum()), np.inf, int(events.sum())
    left_out = (events.sum() - events) / (times.sum() - times)
    variance = (n_blocks - 1) / n_blocks * np.sum((left_out - left_out.mean()) ** 2)
    return float(events.sum() / times.sum()), float(np.sqrt(variance)), int(events.sum())
