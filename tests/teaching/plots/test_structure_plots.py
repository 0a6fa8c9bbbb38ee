"""Pictures beside sliders say what they show, and count what they draw."""

import pytest
from ase.build import molecule

from mlp_course.teaching import plot_neighbourhood, plot_scan


@pytest.mark.parametrize(("cutoff", "seen", "pairs"), [(0.5, 0, 0), (1.2, 2, 4), (2.0, 2, 6)])
def test_an_atom_sees_those_closer_than_the_cutoff(cutoff, seen, pairs):
    """In water, O sees both H beyond 0.97 Å; the two H see each other beyond 1.53 Å."""
    picture = plot_neighbourhood(molecule("H2O"), centre=0, cutoff=cutoff)
    assert f"sees {seen} of 2 atoms; {pairs} of 6 pairs" in picture.alt


@pytest.mark.parametrize("cutoff", [0.5, 2.5, 5.0])
def test_the_whole_circle_is_in_the_picture(cutoff):
    """A sphere of sight has no cut edge: the axes reach beyond the circle on all four sides."""
    (axes,) = plot_neighbourhood(molecule("CH3CH2OH"), centre=8, cutoff=cutoff).figure.axes
    assert min(*map(abs, axes.get_xlim()), *map(abs, axes.get_ylim())) > cutoff


@pytest.mark.parametrize("centre", [-1, 3, 0.5])
def test_only_an_atom_looks_around(centre):
    """Atoms of water are 0, 1 and 2; counting from the end would see the atom itself."""
    with pytest.raises(ValueError, match=f"number of an atom, from 0 to 2; got {centre}"):
        plot_neighbourhood(molecule("H2O"), centre=centre, cutoff=3.0)


def test_a_scan_names_every_curve_at_the_marked_frame():
    """The alternative text holds the numbers that the picture marks."""
    frames = [molecule("H2O") for _ in range(3)]
    curves = {"PBE": [0.0, 20.0, 5.0], "SchNet": [0.0, 18.0, 6.0]}
    picture = plot_scan(frames, [0, 90, 180], curves, at=1, x="angle / °", y="energy / meV")
    assert "angle / ° = 90.00" in picture.alt
    assert "PBE 20.0, SchNet 18.0" in picture.alt
    points, marked, line, _ = picture.figure.axes[1].lines[1:]
    assert points.get_linestyle() == "None"
    assert line.get_linestyle() == "-"
    assert marked.get_xydata().tolist() == [[90, 20]]
