"""What a method can see at all, and whether its own error bar tells the truth."""

from collections.abc import Mapping, Sequence

import numpy as np

from mlp_course.teaching.figures import (
    NEUTRAL,
    Picture,
    close_numbers,
    colour_of,
    label_axes,
    new_figure,
    with_unit,
)

_SEES, _BLIND = "#0072B2", "#F2F2F2"
_SEEN = 1e-12  # a difference; well above what float64 rounds away (1e-16 in one operation)


def plot_seen(differences: Mapping[str, Mapping[str, float]]) -> Picture:
    """Show which methods give two configurations different energies, as a table in two colours.

    Args:
        differences: of two predicted energies over the larger of them, dimensionless; by method,
            then by puzzle.

    Example:
        >>> plot_seen({"SchNet": {"angle": 0.0}, "MACE": {"angle": 0.3}})
        Who tells two configurations apart: SchNet: nothing; MACE: angle
    """
    puzzles = list(next(iter(differences.values())))
    figure, (axes,) = new_figure(width=6.8, height=0.7 + 0.36 * len(differences))
    for row, own in enumerate(differences.values()):
        for column, puzzle in enumerate(puzzles):
            sees = own[puzzle] > _SEEN
            strength = np.clip(0.35 + 0.1 * np.log10(own[puzzle] / 1e-10), 0.35, 1) if sees else 1
            face = (_SEES, strength) if sees else _BLIND
            axes.barh(row, 0.96, left=column + 0.02, height=0.9, color=face)
            word = f"sees it: {_share(own[puzzle])}" if sees else "blind"
            ink = "white" if sees and strength > 0.6 else "black"
            style = dict(ha="center", va="center", fontsize=9, color=ink)
            axes.text(column + 0.5, row, word, **style)
    axes.set_yticks(range(len(differences)), list(differences))
    axes.set_xticks([column + 0.5 for column in range(len(puzzles))], puzzles)
    axes.set(xlim=(0, len(puzzles)), ylim=(len(differences) - 0.5, -0.5))
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.grid(False)
    seen = {
        name: ", ".join(p for p in puzzles if own[p] > _SEEN) or "nothing"
        for name, own in differences.items()
    }
    listed = "; ".join(f"{name}: {what}" for name, what in seen.items())
    return Picture(figure, f"Who tells two configurations apart: {listed}")


def _share(value: float) -> str:
    """5 % instead of 0.05, and 2 × 10⁻⁵ instead of 2e-05.

    Example:
        >>> _share(1.6), _share(0.05), _share(2e-5)
        ('160 %', '5 %', '2 × 10⁻⁵')
    """
    if value >= 0.01:
        return f"{100 * value:.0f} %"
    digit, _, power = f"{value:.0e}".partition("e")
    return f"{digit} × 10" + str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def plot_uncertainty(
    sets: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    quantity: str,
    unit: str,
    log: bool = False,
) -> Picture:
    """Show real errors against predicted standard deviations, with the lines of 1 and 2 of them.

    Of errors that follow the predicted normal distribution, 68 % lie below the line of one
    standard deviation and 95 % below that of two. The legend names the worst error of each set
    among those with a deviation above 0, and says how many have none.

    Args:
        sets: predicted standard deviations and errors (of any sign), by the name to show.
        quantity: what is predicted.
        unit: of both.
        log: use logarithmic axes; errors below 1 % of the smallest deviation are drawn there.
            Deviations of 0 have no place on them and are not drawn.

    Raises:
        ValueError: if a set has not one deviation for each error, a negative one, or none above 0.

    Example:
        >>> plot_uncertainty({"new": ([1.0, 2.0], [0.5, -5.0])}, quantity="energy", unit="meV")
        Energy errors against predicted standard deviations in meV; within one: new 50 %
    """
    figure, (axes,) = new_figure(width=6.6, height=4.2)
    within = {}
    _check_deviations(sets)
    everything = np.concatenate([np.asarray(sigma, float) for sigma, _ in sets.values()])
    smallest, largest = everything[everything > 0].min(), everything.max()
    for number, (name, (sigma, error)) in enumerate(sets.items()):
        sigma, error = np.asarray(sigma, float), np.abs(np.asarray(error, float))
        within[name] = 100 * np.mean(error <= sigma)
        label = f"{name}: {within[name]:.0f} % within 1σ, {_worst(sigma, error)}"
        drawn = np.maximum(error, 0.01 * smallest) if log else error
        axes.scatter(sigma, drawn, s=14, alpha=0.6, color=colour_of(name, number), label=label)
    for factor, style in ((1, "-"), (2, ":")):
        ends = np.array([smallest if log else 0.0, largest])
        axes.plot(ends, factor * ends, style, color=NEUTRAL, label=f"{factor} σ")
    if log:
        axes.set(xscale="log", yscale="log")
        for axis in (axes.xaxis, axes.yaxis):
            close_numbers(axis)
    x = with_unit(f"predicted σ of the {quantity}", unit)
    label_axes(axes, x, with_unit("|error|", unit))
    axes.legend(frameon=False, fontsize=9)
    listed = ", ".join(f"{name} {share:.0f} %" for name, share in within.items())
    text = f"errors against predicted standard deviations in {unit}; within one: {listed}"
    return Picture(figure, f"{quantity.capitalize()} {text}")


def _check_deviations(sets: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> None:
    for name, (sigma, error) in sets.items():
        if len(sigma) != len(error):
            raise ValueError(
                f"sets must hold one deviation for each error; {name!r} has {len(sigma)} and "
                f"{len(error)}"
            )
        if not (np.min(sigma, initial=0) >= 0 and np.max(sigma, initial=0) > 0):
            raise ValueError(
                f"deviations must not be negative, and some must be above 0; {name!r} has "
                f"{np.min(sigma, initial=0):.3g} to {np.max(sigma, initial=0):.3g}"
            )


def _worst(sigma: np.ndarray, error: np.ndarray) -> str:
    """Largest error in its own deviations.

    Example:
        >>> _worst(np.array([1.0, 2.0, 0.0]), np.array([3.0, 1.0, 1.0]))
        'worst 3.0 σ (1 with σ = 0)'
    """
    known = sigma > 0
    lacking = np.count_nonzero(~known)
    note = f" ({lacking} with σ = 0)" if lacking else ""
    return f"worst {np.max(error[known] / sigma[known]):.1f} σ{note}"
