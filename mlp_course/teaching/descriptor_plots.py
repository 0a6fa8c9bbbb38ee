"""Pictures of descriptors: what differs, what the functions look like, where the atoms end up."""

from collections.abc import Mapping, Sequence

import numpy as np
from ase import Atoms
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from mlp_course.descriptors import principal_components
from mlp_course.teaching.figures import SERIES, Picture, colour_of, label_axes, new_figure
from mlp_course.teaching.picture import draw_molecule, half_width_shown, turn, viewing_rotation


def plot_differences(tables: Mapping[str, ArrayLike], names: Sequence[str]) -> Picture:
    """Show how different descriptions are, as heat maps with the percentages written in.

    Args:
        tables: percentages from ``difference_table``, shape (n, n), by the name to show.
        names: of the n structures.

    Example:
        >>> plot_differences({"Coulomb matrix": [[0.0, 12.0], [12.0, 0.0]]}, ["water", "moved"])
        Differences in %; Coulomb matrix: moved 12 from water
    """
    figure, panels = new_figure(len(tables), width=4.7, height=4.2)
    for axes, (name, table) in zip(panels, tables.items(), strict=True):
        table = np.asarray(table, dtype=float)
        axes.imshow(table, cmap="cividis_r", vmin=0, vmax=60)
        for (row, column), value in np.ndenumerate(table):
            ink = "white" if value > 35 else "black"
            text = "0" if value < 5e-7 else f"{value:.2g}" if value < 1 else f"{value:.0f}"
            axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=8.5)
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
    y: str,
    marks: Mapping[str, float] | None = None,
) -> Picture:
    """Draw several sets of curves side by side, each with its title.

    Args:
        panels: curves by name (x values, y values), by title of the panel.
        x: quantity and unit of all x axes.
        y: quantity and unit of all y axes.
        marks: places on the x axis to mark by a vertical line, by name.

    Example:
        >>> curves = {"cosine": ([0.0, 1.0], [1.0, 0.0])}
        >>> plot_panels({"cutoff": curves}, x="d / Å", y="weight / 1")
        weight / 1 against d / Å; cutoff: cosine
    """
    figure, drawn = new_figure(len(panels), width=4.4 if len(panels) > 1 else 6.8, height=3.3)
    for axes, (title, curves) in zip(drawn, panels.items(), strict=True):
        for number, (name, (xs, ys)) in enumerate(curves.items()):
            axes.plot(xs, ys, color=colour_of(name, number), label=name, linewidth=1.8)
        for name, place in (marks or {}).items():
            axes.axvline(place, color="#777777", linestyle=":", linewidth=1.2)
            at = {"transform": axes.get_xaxis_transform(), "fontsize": 8, "rotation": 90}
            axes.text(place, 0.98, f" {name}", va="top", ha="right", **at)
        label_axes(axes, x, y if axes is drawn[0] else "", title)
        if len(curves) > 1:
            axes.legend(frameon=False, fontsize=8)
    listed = "; ".join(f"{title}: {', '.join(curves)}" for title, curves in panels.items())
    return Picture(figure, f"{y} against {x}; {listed}")


def plot_pca(features: Mapping[str, ArrayLike], groups: Sequence[str]) -> Picture:
    """Show descriptions in the plane in which they differ most, one panel a descriptor.

    Args:
        features: one row an atom, by name of the descriptor.
        groups: to which group each row belongs; each has its colour and sign.

    Example:
        >>> plot_pca({"G2": [[0.0], [1.0], [2.0]]}, ["H", "H", "O"])  # one feature: one direction
        Principal components, part of the variance in the plane: G2 100 %
    """
    figure, panels = new_figure(len(features), width=4.6, height=4.0)
    parts = []
    for axes, (name, rows) in zip(panels, features.items(), strict=True):
        points, part = principal_components(rows)
        points = np.pad(points, ((0, 0), (0, 2 - points.shape[1])))
        for number, group in enumerate(dict.fromkeys(groups)):
            mine = np.array(groups) == group
            style = dict(s=13, alpha=0.55, linewidths=0, marker="osD^vPX*"[number % 8])
            axes.scatter(*points[mine].T, label=group, color=SERIES[number % len(SERIES)], **style)
        parts.append(f"{name} {100 * part.sum():.0f} %")
        label_axes(axes, f"component 1 ({part[0]:.0%})", "component 2", name)
        if len(part) > 1:
            axes.set_ylabel(f"component 2 ({part[1]:.0%})")
    panels[-1].legend(frameon=False, fontsize=8, markerscale=1.6, loc="best")
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
    """Show a frame of a path beside the descriptions of all its frames, as a map.

    Args:
        frames: the configurations.
        coordinate: one number a frame.
        features: one row a frame, shape (n_frames, n_features); each column is scaled to its
            largest value.
        at: number of the frame that is drawn and marked.
        x: quantity and unit of the coordinate.
        groups: how many neighbouring columns belong together, by name.

    Example:
        >>> frames = [Atoms("H2", [[0, 0, 0], [0, 0, d]]) for d in (0.7, 0.8)]
        >>> features = [[1.0, 0.0], [0.5, 0.2]]
        >>> plot_fingerprints(frames, [0.7, 0.8], features, at=1, x="d / Å", groups={"G2": 2})
        Fingerprint at d / Å = 0.80, and the map of 2 components (G2) along the path
    """
    figure = Figure(figsize=(9.2, 3.6))
    rotation = viewing_rotation(frames[0])
    turned = [turn(atoms, rotation) for atoms in frames]
    left, right = figure.add_axes((0, 0, 0.32, 1)), figure.add_axes((0.41, 0.2, 0.57, 0.68))
    draw_molecule(turned[at], left, half_width=max(map(half_width_shown, turned)))
    image = _scaled(features)
    edges = np.concatenate([[0], np.cumsum(list(groups.values()))])
    places = np.concatenate([coordinate, [2 * coordinate[-1] - coordinate[-2]]])
    places = places - np.diff(places, append=places[-1] + places[-1] - places[-2]) / 2
    right.pcolormesh(np.arange(image.shape[1] + 1), places, image, cmap="cividis")
    right.axhline(coordinate[at], color="white", linewidth=3)
    right.axhline(coordinate[at], color="black", linewidth=1.2)
    for edge in edges[1:-1]:
        right.axvline(edge, color="white", linewidth=1.2)
    right.set_xticks((edges[1:] + edges[:-1]) / 2, list(groups), fontsize=9)
    label_axes(right, "component", x, "each column scaled to its largest value")
    named = f"{image.shape[1]} components ({', '.join(groups)})"
    text = f"Fingerprint at {x} = {coordinate[at]:.2f}, and the map of {named} along the path"
    return Picture(figure, text)


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
        axes.grid(visible=False)
        label_axes(axes, "feature", "", name)
    figure.colorbar(shown, ax=panels[-1], label="value / 1")
    return Picture(figure, f"Features of {', '.join(rows)} in the steps {', '.join(maps)}")


def _scaled(features: ArrayLike) -> NDArray[np.float64]:
    """Columns divided by their largest value; columns of zeros stay zero."""
    image = np.asarray(features, dtype=float)
    largest = np.abs(image).max(axis=0)
    return np.divide(image, largest, out=np.zeros_like(image), where=largest > 0)
