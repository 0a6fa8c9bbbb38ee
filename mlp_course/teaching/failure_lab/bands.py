"""Something to turn: how large must an offset be, in how many labels, until the bands show?"""

from collections.abc import Sequence

import numpy as np

from mlp_course.teaching.failure_lab.plots import CURED, FAILED
from mlp_course.teaching.figures import Picture, label_axes, new_figure
from mlp_course.validation.label_checks import energy_bands


def plot_bands(offsets: Sequence[float], *, shift: float, part: float) -> Picture:
    """Shift a part of the labels and show the distribution that the alarm sees.

    Args:
        offsets: labels of one level of theory minus energies from the forces, in meV.
        shift: of the second level of theory, in meV.
        part: of the labels that get it, 0 to 1.

    Raises:
        ValueError: if ``part`` is not between 0 and 1.

    Example:
        >>> noise = np.random.default_rng(0).normal(0, 10, 200)
        >>> plot_bands(noise, shift=-120.0, part=0.5)
        Labels shifted by -120 meV in 50 %: RINGS: separation of two bands of energies is ...
    """
    if not 0 <= part <= 1:
        raise ValueError(f"part must be between 0 and 1; got {part}")
    offsets = np.asarray(offsets, dtype=float)
    chosen = np.random.default_rng(0).permutation(len(offsets)) < round(part * len(offsets))
    spoilt = offsets + shift * chosen
    finding = energy_bands(spoilt / 1000)
    figure, (axes,) = new_figure(width=6.8, height=3.0)
    edges = np.linspace(spoilt.min() - 5, spoilt.max() + 5, 45)
    axes.hist([spoilt[~chosen], spoilt[chosen]], edges, stacked=True, color=[CURED, FAILED],
              label=["first level", "second level"])  # fmt: skip
    label_axes(axes, "label - energy from forces / meV", "labels", str(finding))
    axes.legend(frameon=False, fontsize=9)
    return Picture(figure, f"Labels shifted by {shift:g} meV in {100 * part:.0f} %: {finding}")
