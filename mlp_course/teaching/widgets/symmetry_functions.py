"""An atom's symmetry functions to play with: the molecule in 3D, the functions below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from ase import Atoms
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from mlp_course.data.neighbours import neighbour_list
from mlp_course.descriptors import angular_symmetry_function, radial_symmetry_function
from mlp_course.descriptors.triples import Triples
from mlp_course.teaching.figures import SERIES, Picture, label_axes
from mlp_course.teaching.interactive import Interactive
from mlp_course.teaching.picture import (
    check_centre,
    draw_molecule,
    find_bonds,
    half_width_shown,
    middle,
    turn,
    viewing_rotation,
)
from mlp_course.teaching.viewer import show_molecule

if TYPE_CHECKING:
    import ipywidgets
    from matplotlib.axes import Axes

START = dict(eta=4.0, r_s=1.0, zeta=4.0, lambda_=1.0, cutoff=4.0)
_STEPS = {  # lowest, highest, step and label of each slider
    "eta": (0.0, 20.0, 0.5, "η / Å⁻²"),
    "r_s": (0.0, 5.0, 0.05, "R_s / Å"),
    "zeta": (1.0, 32.0, 1.0, "ζ"),
    "lambda_": (-1.0, 1.0, 2.0, "λ"),
    "cutoff": (1.2, 6.0, 0.1, "cutoff / Å"),
}


def plot_symmetry_functions(
    atoms: Atoms,
    *,
    centre: int,
    eta: float,
    r_s: float,
    zeta: float,
    lambda_: float,
    cutoff: float,
) -> Picture:
    """Show what one radial and one angular symmetry function of an atom are made of.

    Left the atom with its cutoff; in the middle what a neighbour at each distance adds to G2, with
    the neighbours marked; right what every two neighbours add to G5 (η = 0), at their angle. The
    marks add up to the sums in the titles. The thin curve on the right is the factor of the angle
    alone: the cutoff functions of both distances press the marks below it. A ring marks the
    angles between bonds.

    Args:
        atoms: a molecule, positions in Å.
        centre: index of the atom that looks around.
        eta: sharpness of the shell, in Å⁻².
        r_s: radius of the shell, in Å.
        zeta: sharpness of the angle, dimensionless.
        lambda_: +1 or -1.
        cutoff: in Å.

    Raises:
        ValueError: if ``centre`` is not the number of an atom, or a parameter outside its range.

    Example:
        >>> water = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
        >>> plot_symmetry_functions(
        ...     water, centre=0, eta=0.0, r_s=1.0, zeta=1.0, lambda_=-1.0, cutoff=1.92
        ... )  # two neighbours at half the cutoff, at 104.5°
        Atom 0 (O): 2 neighbours within 1.9 Å, G2 = 1.00; 1 angle, G5 = 0.31
    """
    check_centre(atoms, centre)
    graph = neighbour_list(atoms, cutoff)
    r_ij, own = graph.pair_vectors(), graph.idx_i == centre
    r_ij, idx_i = r_ij[own], torch.zeros(int(own.sum()), dtype=torch.long)
    bonded = _bonded(atoms, centre)[graph.idx_j[own].numpy()]
    shell, angular = dict(eta=eta, r_s=r_s), dict(eta=0.0, zeta=zeta, lambda_=lambda_)
    g2 = radial_symmetry_function(r_ij.norm(dim=1), idx_i, 1, **shell, cutoff=cutoff).item()
    g5 = angular_symmetry_function(r_ij, idx_i, 1, **angular, cutoff=cutoff, with_jk=False).item()
    triples = Triples(r_ij, idx_i, cutoff, with_jk=False)
    figure, drawn, left, right = _panels()
    _draw_sphere(drawn, atoms, centre, cutoff)
    _draw_shell(left, r_ij.norm(dim=1).numpy(), cutoff, f"G2 = {g2:.2f}", **shell)
    _draw_angles(right, triples, bonded, zeta, lambda_, f"G5 = {g5:.2f}")
    counts = f"{len(r_ij)} neighbour{'s' * (len(r_ij) != 1)} within {cutoff:.1f} Å"
    angles = f"{len(triples.fade)} angle{'s' * (len(triples.fade) != 1)}"
    name = f"Atom {centre} ({atoms.symbols[centre]})"
    return Picture(figure, f"{name}: {counts}, G2 = {g2:.2f}; {angles}, G5 = {g5:.2f}")


def _bonded(atoms: Atoms, centre: int) -> np.ndarray:
    """Which atoms are joined to the centre by a stick, shape (n_atoms,)."""
    bonds = find_bonds(atoms)
    partners = bonds[(bonds == centre).any(axis=1)].sum(axis=1) - centre
    return np.isin(np.arange(len(atoms)), partners)


def _panels() -> tuple[Figure, Axes, Axes, Axes]:
    """A figure with a square for the molecule left of the two functions."""
    width = 9.0
    figure = Figure(figsize=(width, 3.2))
    drawn = figure.add_axes((0, 0, 2.7 / width, 1))
    left = figure.add_axes(((width - 5.6) / width, 0.17, 2.3 / width, 0.7))
    return figure, drawn, left, figure.add_axes(((width - 2.5) / width, 0.17, 2.3 / width, 0.7))


def _draw_sphere(axes: Axes, atoms: Atoms, centre: int, cutoff: float) -> None:
    """The molecule with its numbered atoms and the reach of one of them."""
    turned = turn(atoms, viewing_rotation(atoms))
    draw_molecule(turned, axes, half_width=1.1 * half_width_shown(turned), numbered=True)
    at = (turned.positions - middle(turned))[centre, :2]
    axes.add_patch(Circle(at, cutoff, fc=SERIES[0], alpha=0.1, ec="none", zorder=-200))
    axes.add_patch(Circle(at, cutoff, fc="none", ec=SERIES[0], ls="--", zorder=-199))


def _draw_shell(
    axes: Axes, distances: np.ndarray, cutoff: float, title: str, *, eta: float, r_s: float
) -> None:
    """What a neighbour adds to G2, against its distance."""

    def added(d: np.ndarray) -> np.ndarray:
        each = torch.as_tensor(d, dtype=torch.float64)
        single = torch.arange(len(d))
        options = dict(eta=eta, r_s=r_s, cutoff=cutoff)
        return radial_symmetry_function(each, single, len(d), **options).numpy()

    grid = np.linspace(0.0, 6.0, 301)
    axes.plot(grid, added(grid), color=SERIES[0])
    axes.vlines(distances, 0, added(distances), color=SERIES[1], linewidth=1.5)
    axes.plot(distances, added(distances), "o", color=SERIES[1])
    axes.axvline(cutoff, color="#777777", linestyle="--", linewidth=1)
    axes.set(xlim=(0, 6), ylim=(0, 1.05))
    _dress(axes, "distance / Å", "added to G2 / 1", title)


def _draw_angles(
    axes: Axes, triples: Triples, bonded: np.ndarray, zeta: float, lambda_: float, title: str
) -> None:
    """What every two neighbours add to G5, at their angle; a ring around angles between bonds."""

    def factor(degrees: np.ndarray) -> np.ndarray:
        return 2 ** (1 - zeta) * (1 + lambda_ * np.cos(np.radians(degrees))) ** zeta

    grid = np.linspace(0.0, 180.0, 181)
    angles = np.degrees(np.arccos(triples.cos_theta.clamp(-1, 1).numpy()))
    added = factor(angles) * triples.fade.numpy()
    axes.plot(grid, factor(grid), color=SERIES[0], linewidth=0.8, label="without $f_c f_c$")
    axes.vlines(angles, 0, added, color=SERIES[1], linewidth=1.5)
    axes.plot(angles, added, "o", color=SERIES[1], ms=4)
    both = bonded[triples.pair_ij.numpy()] & bonded[triples.pair_ik.numpy()]
    ring = dict(mfc="none", mec="black", ms=11, linestyle="none", label="between bonds")
    axes.plot(angles[both], added[both], "o", **ring)
    axes.legend(frameon=False, fontsize=8, loc="upper center", markerscale=0.6)
    axes.set(xlim=(0, 180), ylim=(0, 2.6), xticks=(0, 60, 120, 180))
    _dress(axes, "angle / °", "added to G5 / 1", title)


def _dress(axes: Axes, x: str, y: str, title: str) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25, linewidth=0.6)
    label_axes(axes, x, y, title)


class SymmetryFunctionExplorer(Interactive):
    """Sliders for η, R_s, ζ, λ and the cutoff, the molecule in 3D, and below it the functions.

    A reader without a running notebook sees the picture of the first setting.

    Args:
        atoms: a molecule, positions in Å.
        centre: index of the atom that looks around.
        start: first values of the sliders, by name, as in ``plot_symmetry_functions``.

    Example:
        >>> water = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
        >>> explorer = SymmetryFunctionExplorer(water, centre=0, eta=0.0)
        >>> explorer.picture.alt.split(",")[0]
        'Atom 0 (O): 2 neighbours within 4.0 Å'
        >>> explorer.sliders["cutoff"].value = 1.2  # as if moved by hand
        >>> explorer.picture.alt.split(";")[0]
        'Atom 0 (O): 2 neighbours within 1.2 Å, G2 = 0.19'
    """

    def __init__(self, atoms: Atoms, *, centre: int, **start: float) -> None:
        import ipywidgets

        self.atoms, self.centre = atoms, centre
        self.sliders = {
            name: ipywidgets.FloatSlider(
                (START | start)[name], min=low, max=high, step=step, description=label
            )
            for name, (low, high, step, label) in _STEPS.items()
        }
        self._view = show_molecule(atoms, size=240)
        self._image = ipywidgets.Image(format="png")
        self.picture: Picture
        self._redraw()
        for slider in self.sliders.values():
            slider.observe(self._redraw, names="value")

    def _redraw(self, change: object = None) -> None:
        settings = {name: slider.value for name, slider in self.sliders.items()}
        settings["centre"] = self.centre
        self.picture = plot_symmetry_functions(self.atoms, **settings)
        self._image.value, self._image.alt = self.picture.png(), self.picture.alt

    def _layout(self) -> ipywidgets.Widget:
        """Sliders beside the 3D view, the picture below both."""
        import ipywidgets

        sliders = ipywidgets.VBox(list(self.sliders.values()))
        beside = [sliders] if self._view.view is None else [sliders, self._view.view]
        return ipywidgets.VBox([ipywidgets.HBox(beside), self._image])

    def __repr__(self) -> str:
        return self.picture.alt

    def _still(self) -> Picture:
        return self.picture
