"""Pictures of descriptors: what differs, what the functions look like, where the atoms end up."""

from collections.abc import Mapping, Sequence

import numpy as np
from ase import Atoms
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike, NDArray

from mlp_course.descriptors import principal_components
from mlp_course.teaching.figures import (
    MARKERS,
    SERIES,
    Picture,
    colour_of,
    edge_of,
    first_and_last,
    label_axes,
    new_figure,
    outline,
)
from mlp_course.teaching.picture import draw_molecule, half_width_shown, turn, viewing_rotation


def plot_differences(
    tables: Mapping[str, ArrayLike], names: Sequence[str], *, equal: int = 0
) -> Picture:
    """Show how different descriptions are, as heat maps with the percentages written in.

    The colours are not even: small differences take most of the scale, so that they can be seen.

    Args:
        tables: percentages from ``difference_table``, shape (n, n), by the name to show.
        names: of the n structures.
        equal: frame the first so many, which should not differ at all.

    Raises:
        ValueError: if a table has not one column for each name.

    Example:
        >>> plot_differences({"Coulomb matrix": [[0.0, 12.0], [12.0, 0.0]]}, ["water", "moved"])
        Differences in %; Coulomb matrix: moved 12 from water
    """
    for title, table in tables.items():
        if np.shape(table)[1] != len(names):
            raise ValueError(
                f"names must hold one for each column of a table; got {len(names)} for {title!r} "
                f"of shape {np.shape(table)}"
            )
    figure, panels = new_figure(len(tables), width=4.0, height=3.6)
    for axes, (name, table) in zip(panels, tables.items(), strict=True):
        table = np.asarray(table, dtype=float)
        axes.imshow(table, cmap="cividis_r", norm=PowerNorm(0.45, vmin=0, vmax=150))
        for (row, column), value in np.ndenumerate(table):
            ink = "white" if value > 37 else "black"  # where both are read equally well
            text = "0" if value < 5e-7 else f"{value:.2g}" if value < 1 else f"{value:.0f}"
            axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=8)
        if equal:
            frame = Rectangle((-0.5, -0.5), equal, equal, fc="none", ec="#D55E00", lw=2.5)
            axes.add_patch(frame)
        axes.set_xticks(range(len(names)), list(names), rotation=45, ha="right", fontsize=9)
        axes.set_yticks(range(len(names)), list(names) if axes is panels[0] else [], fontsize=9)
        axes.grid(visible=False)
        axes.set_title(f"{name}: difference / %", fontsize=11)
    rows = {name: np.asarray(table)[0] for name, table in tables.items()}
    listed = [
        f"{name}: " + ", ".join(f"{n} {v:.2g}" for n, v in zip(names[1:], row[1:], strict=True))
        for name, row in rows.items()
    ]
    return Picture(figure, f"Differences in %; {'; '.join(listed)} from {names[0]}")


def plot_panels(
    panels: Mapping[str, Mapping[str, tuple[Sequence[float], Sequence[float]]]],
    *,
    x: str,
    y: str | Sequence[str],
    marks: Mapping[str, float] | None = None,
) -> Picture:
    """Draw the same set of curves several times side by side, each panel with its title.

    Args:
        panels: curves by name (x values, y values), by title of the panel; the same names in all.
        x: quantity and unit of all x axes.
        y: quantity and unit of all y axes, or one of each panel.
        marks: places on the x axis to mark by a vertical line, by name.

    Example:
        >>> curves = {"cosine": ([0.0, 1.0], [1.0, 0.0])}
        >>> plot_panels({"cutoff": curves}, x="d / Å", y="weight / 1")
        weight / 1 against d / Å; cutoff: cosine from 1 to 0
    """
    same = isinstance(y, str)
    labels = [y if n == 0 else "" for n in range(len(panels))] if same else list(y)
    figure, drawn = new_figure(len(panels), width=3.5 if len(panels) > 1 else 6.5, height=2.9)
    for axes, label, (title, curves) in zip(drawn, labels, panels.items(), strict=True):
        for number, (name, (xs, ys)) in enumerate(curves.items()):
            style = dict(color=colour_of(name, number), label=name, linewidth=1.8)
            axes.plot(xs, ys, **style, path_effects=outline(style["color"], 1.8))
        for name, place in (marks or {}).items():
            axes.axvline(place, color="#777777", linestyle=":", linewidth=1.2)
            at = {"transform": axes.get_xaxis_transform(), "fontsize": 8, "rotation": 90}
            axes.text(place, 0.98, name, va="top", ha="right", **at)
        if marks:
            axes.set_ylim(top=axes.get_ylim()[1] + 0.35 * np.ptp(axes.get_ylim()))
        label_axes(axes, x, label, title)
    handles, names = drawn[0].get_legend_handles_labels()  # the same curves in every panel
    if len(names) > 1:
        figure.legend(handles, names, loc="outside right upper", frameon=False, fontsize=9)
    listed = "; ".join(f"{title}: {first_and_last(curves)}" for title, curves in panels.items())
    return Picture(figure, f"{y if same else ', '.join(y)} against {x}; {listed}")


def plot_pca(features: Mapping[str, ArrayLike], groups: Sequence[str]) -> Picture:
    """Show descriptions in the plane in which they differ most, one panel a descriptor.

    Args:
        features: one row an atom, by name of the descriptor.
        groups: to which group each row belongs; each has its colour and sign.

    Raises:
        ValueError: if a descriptor has not one row for each entry of ``groups``.

    Example:
        >>> plot_pca({"G2": [[0.0], [1.0], [2.0]]}, ["H", "H", "O"])  # one feature: one direction
        Principal components, part of the variance in the plane: G2 100 %
    """
    for name, rows in features.items():
        if len(rows) != len(groups):
            raise ValueError(
                f"groups must hold one for each row; got {len(groups)} for {len(rows)} rows of "
                f"{name!r}"
            )
    figure, panels = new_figure(len(features), width=4.6, height=4.0)
    parts = []
    for axes, (name, rows) in zip(panels, features.items(), strict=True):
        points, part = principal_components(rows)
        points = np.pad(points, ((0, 0), (0, 2 - points.shape[1])))
        for number, group in enumerate(dict.fromkeys(groups)):
            mine = np.array(groups) == group
            colour = SERIES[number % len(SERIES)]
            style = dict(s=26, alpha=0.7, linewidths=0.4, marker=MARKERS[number % 8])
            style |= dict(color=colour, edgecolor=edge_of(colour))
            axes.scatter(*points[mine].T, label=group, **style)
        parts.append(f"{name} {100 * part.sum():.0f} %")
        label_axes(axes, f"component 1 ({part[0]:.0%})", "component 2", name)
        if len(part) > 1:
            axes.set_ylabel(f"component 2 ({part[1]:.0%})")
    panels[-1].legend(frameon=False, fontsize=8, markerscale=1.2, loc="best")
    text = f"Principal components, part of the variance in the plane: {', '.join(parts)}"
    return Picture(figure, text)


def plot_fingerprints(
    frames: Sequence[Atoms],
    coordinate: Sequence[float],
    features: ArrayLike,
    *,
    at: int,
    x: str,
    groups: Mapping[str, int],
) -> Picture:
    """Show a frame of a path beside how all descriptions change from the first frame, as a map.

    The atoms carry their numbers, as a coordinate may name them.

    Args:
        frames: the configurations.
        coordinate: one number a frame.
        features: one row a frame, shape (n_frames, n_features). Drawn is the change since the
            first frame, in percent of the largest value in the group.
        at: number of the frame that is drawn and marked.
        x: quantity and unit of the coordinate.
        groups: how many neighbouring columns belong together, by name.

    Example:
        >>> frames = [Atoms("H2", [[0, 0, 0], [0, 0, d]]) for d in (0.7, 0.8)]
        >>> features = [[1.0, 0.0], [0.5, 0.2]]  # changes: -0.5 and 0.2 of 1.0
        >>> plot_fingerprints(frames, [0.7, 0.8], features, at=1, x="d / Å", groups={"G2": 2})
        Frame at d / Å = 0.80; changes of 2 components along the path, up to 50 % in G2
    """
    figure = Figure(figsize=(9.2, 3.4))
    turned = [turn(atoms, viewing_rotation(frames[0])) for atoms in frames]
    left, right = figure.add_axes((0, 0, 0.3, 1)), figure.add_axes((0.39, 0.19, 0.59, 0.68))
    widest = max(map(half_width_shown, turned))
    draw_molecule(turned[at], left, half_width=widest, numbered=True)
    edges = np.concatenate([[0], np.cumsum(list(groups.values()))])
    change = _change_in_groups(np.asarray(features, dtype=float), edges)
    limit = np.abs(change).max()
    middle = (np.asarray(coordinate[1:]) + np.asarray(coordinate[:-1])) / 2
    ends = [2 * coordinate[0] - middle[0], 2 * coordinate[-1] - middle[-1]]
    borders = np.concatenate([[ends[0]], middle, [ends[1]]])
    columns = np.arange(change.shape[1] + 1)
    drawn = right.pcolormesh(columns, borders, change, cmap="PuOr", vmin=-limit, vmax=limit)
    right.vlines(edges[1:-1], borders.min(), borders.max(), color="black", linewidth=0.8)
    marks = dict(color="black", clip_on=False, linestyle="none", markersize=9)
    right.plot([0], [coordinate[at]], marker=">", **marks)
    right.plot([columns[-1]], [coordinate[at]], marker="<", **marks)
    names = [name.replace(" ", "\n") for name in groups]  # narrow blocks stand close
    right.set_xticks((edges[1:] + edges[:-1]) / 2, names, fontsize=9)
    label_axes(right, "component", x)
    figure.colorbar(drawn, ax=right, label="change / % of the group's largest", pad=0.04)
    largest = np.maximum.reduceat(np.abs(change).max(axis=0), edges[:-1])
    listed = ", ".join(f"{v:.0f} % in {name}" for name, v in zip(groups, largest, strict=True))
    return Picture(
        figure,
        f"Frame at {x} = {coordinate[at]:.2f}; changes of {change.shape[1]} components along the "
        f"path, up to {listed}",
    )


def plot_feature_maps(maps: Mapping[str, ArrayLike], rows: Sequence[str]) -> Picture:
    """Show tables of features as coloured squares, one panel a step.

    Args:
        maps: shape (n_rows, n_columns), by name of the step.
        rows: name of each row.

    Example:
        >>> plot_feature_maps({"start": [[1.0, -1.0], [0.0, 0.5]]}, ["O", "H"])
        Features of O, H in the steps start
    """
    figure, panels = new_figure(len(maps), width=2.9, height=1.9)
    largest = max(np.abs(np.asarray(values)).max() for values in maps.values())
    for axes, (name, values) in zip(panels, maps.items(), strict=True):
        shown = axes.imshow(values, cmap="PuOr", vmin=-largest, vmax=largest, aspect="auto")
        axes.set_yticks(range(len(rows)), list(rows) if axes is panels[0] else [])
        axes.hlines(np.arange(1, len(rows)) - 0.5, *axes.get_xlim(), color="white", linewidth=2)
        axes.grid(visible=False)
        label_axes(axes, "feature", "", name)
    figure.colorbar(shown, ax=panels[-1], label="value / 1")
    return Picture(figure, f"Features of {', '.join(rows)} in the steps {', '.join(maps)}")


def _change_in_groups(
    features: NDArray[np.float64], edges: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Change since the first row, in percent of the largest value of the group of columns."""
    largest = np.maximum.reduceat(np.abs(features).max(axis=0), edges[:-1])
    scale = np.repeat(np.where(largest > 0, largest, 1.0), np.diff(edges))
    return 100 * (features - features[0]) / scale
