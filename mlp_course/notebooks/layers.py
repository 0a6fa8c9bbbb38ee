"""The layers of the package, read from its imports and drawn: nothing here is written by hand."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path

PACKAGE = "mlp_course"
CELL, LEFT, TOP = 30, 170, 130  # px: side of a cell, room for names at the left and above


@dataclass(frozen=True)
class Layer:
    """One folder or module right below the package.

    Attributes:
        name: such as ``"models"``.
        rank: 0 is the lowest; layers of one rank do not know each other.
        idea: first line of its docstring.
        uses: names of the layers that it imports from.
    """

    name: str
    rank: int
    idea: str
    uses: frozenset[str]


def read_layers(root: Path) -> list[Layer]:
    """Read the layers of the package, the highest first, with the imports that are really there.

    Args:
        root: project folder; its ``pyproject.toml`` has the order that import-linter enforces.

    Returns:
        All parts of the package. Imports inside of functions count too.
    """
    from grimp import build_graph

    graph = build_graph(PACKAGE, cache_dir=None)
    order = _order(root)
    members = {name: _members(graph, name) for name in order}
    home = {module: name for name, modules in members.items() for module in modules}
    layers = []
    for name, rank in order.items():
        imported = set().union(*map(graph.find_modules_directly_imported_by, members[name]))
        uses = frozenset(home[module] for module in imported & home.keys()) - {name}
        layers.append(Layer(name, rank, _idea(name), uses))
    return layers


def layers_table(layers: list[Layer]) -> str:
    """Return the layers as a Markdown table: what each is for, and what it imports from."""
    rows = ["| layer | idea | imports from |", "| --- | --- | --- |"]
    for layer in layers:
        used = ", ".join(other.name for other in layers if other.name in layer.uses) or "nothing"
        rows.append(f"| `{layer.name}` | {layer.idea} | {used} |")
    return "\n".join(rows)


def draw_layers(layers: list[Layer]) -> str:
    """Draw the layers as an SVG: a row imports from a column; all dots are right of the steps.

    Args:
        layers: from :func:`read_layers`, the highest first.

    Returns:
        The text of an SVG file with a title and a description for those who do not see it.
    """
    side = CELL * len(layers)
    width, height = LEFT + side + 60, TOP + side + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" font-family="sans-serif" font-size="13">',
        "<title>The layers of the package and who imports from whom</title>",
        f"<desc>{escape(describe(layers))}</desc>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for row, layer in enumerate(layers):
        parts += _row(row, layer, layers)
    return "\n".join([*parts, "</svg>", ""])


def describe(layers: list[Layer]) -> str:
    """Say in words what the drawing shows; the alternative text of the picture."""
    upward = [
        f"{layer.name} from {other.name}"
        for layer in layers
        for other in layers
        if other.name in layer.uses and other.rank >= layer.rank
    ]
    verdict = f"against the order: {', '.join(upward)}" if upward else "none against the order"
    names = ", ".join(layer.name for layer in layers)
    return (
        f"A matrix of {len(layers)} layers, the highest first: {names}. A dot means that the row "
        f"imports from the column. There are {sum(len(layer.uses) for layer in layers)}, {verdict}."
    )


def _row(row: int, layer: Layer, layers: list[Layer]) -> list[str]:
    """Draw the name of a layer at the left and above its column, its step, and its imports."""
    x, y = LEFT + row * CELL, TOP + row * CELL
    middle = y + CELL / 2 + 5
    stripe = "#f2f2f2" if row % 2 else "#ffffff"
    head = f"translate({x + CELL / 2 + 5} {TOP - 8}) rotate(-55)"
    parts = [
        f'<rect y="{y}" width="{LEFT + CELL * len(layers)}" height="{CELL}" fill="{stripe}"/>',
        f'<text x="{LEFT - 10}" y="{middle:g}" text-anchor="end">{layer.name}</text>',
        f'<text transform="{head}">{layer.name}</text>',
        f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="#404040"/>',
    ]
    for column, other in enumerate(layers):
        if other.name in layer.uses:
            colour = "#d55e00" if other.rank >= layer.rank else "#0072b2"  # against, or in order
            centre = f'cx="{LEFT + (column + 0.5) * CELL:g}" cy="{y + CELL / 2:g}"'
            parts.append(f'<circle {centre} r="7" fill="{colour}"/>')
    return parts


def _order(root: Path) -> dict[str, int]:
    """Names and ranks from the contract in ``pyproject.toml``, the highest first."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (lines,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    names = [re.findall(r"\w+", line) for line in lines]
    return {name: len(names) - place for place, group in enumerate(names, 1) for name in group}


def _members(graph: object, name: str) -> set[str]:
    """Return all modules of a layer, itself included."""
    module = f"{PACKAGE}.{name}"
    return {module} | graph.find_descendants(module)


def _idea(name: str) -> str:
    """First line of a layer's docstring, without a full stop and without reST's quotes."""
    folder = Path(__file__).parents[1] / name
    file = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    first = file.read_text(encoding="utf-8").splitlines()[0]
    return first.lstrip('r"').rstrip('".').replace("``", "`")
