"""Structures of different size side by side, each with its name."""

from collections.abc import Mapping

import numpy as np
from ase import Atoms
from matplotlib.figure import Figure

from mlp_course.teaching.figures import Picture
from mlp_course.teaching.picture import draw_molecule, half_width_shown, turn, viewing_rotation


def plot_structures(
    structures: Mapping[str, Atoms], *, captions: Mapping[str, str] | None = None, columns: int = 4
) -> Picture:
    """Draw structures several in a row, slabs from the side; each panel has its own scale bar.

    Args:
        structures: by name; molecules, crystals and slabs together.
        captions: a line below a name.
        columns: in a row.

    Example:
        >>> plot_structures({"pair": Atoms("N2", [[0, 0, 0], [0, 0, 1.1]])}, columns=1)
        Structures: pair (N2)
    """
    n_rows = -(-len(structures) // columns)
    figure = Figure(figsize=(2.4 * columns, 2.75 * n_rows))
    turned = {name: turn(atoms, viewing_rotation(atoms)) for name, atoms in structures.items()}
    for number, (name, atoms) in enumerate(turned.items()):
        row, column = np.divmod(number, columns)
        height = 0.84 / n_rows
        box = (column / columns, 1 - row / n_rows - height - 0.14 / n_rows, 1 / columns, height)
        axes = figure.add_axes(box)
        draw_molecule(atoms, axes, half_width=half_width_shown(atoms))
        caption = f"{name}\n{(captions or {}).get(name, '')}".rstrip()
        axes.text(0.5, 1.0, caption, transform=axes.transAxes, ha="center", fontsize=9)
    listed = ", ".join(
        f"{name} ({atoms.get_chemical_formula()}{', ' + captions[name] if captions else ''})"
        for name, atoms in structures.items()
    )
    return Picture(figure, f"Structures: {listed}")
