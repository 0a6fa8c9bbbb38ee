"""The string method: it lies on the path of least energy, and its images are equally far apart."""

from itertools import pairwise

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes

from mlp_course.sampling import barrier, string_path
from mlp_course.sampling.string_method import equally_spaced

#: K. Müller, L. D. Brown, Theor. Chim. Acta 53, 75 (1979): parameters and stationary points.
A, B, C = [-200.0, -100.0, -170.0, 15.0], [-1.0, -1.0, -6.5, 0.7], [0.0, 0.0, 11.0, 0.6]
D, X, Y = [-10.0, -10.0, -6.5, 0.7], [1.0, 0.0, -0.5, -1.0], [0.0, 0.5, 1.5, 1.0]
MINIMA = [[-0.558, 1.442], [-0.050, 0.467], [0.623, 0.028]]
SADDLES = {-40.665: [-0.822, 0.624], -72.249: [0.212, 0.293]}
DEEPEST = -146.700
SCALE = 0.01  # eV for one unit of the paper


class MuellerBrown(Calculator):
    """One atom in the plane: three valleys, two bent passes between them."""

    implemented_properties = ["energy", "forces"]

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        x, y, z = atoms.positions[0]
        energy, slope = z**2, np.array([0.0, 0.0, 2 * z])
        for a, b, c, d, x0, y0 in zip(A, B, C, D, X, Y, strict=True):
            u, v = x - x0, y - y0
            term = SCALE * a * np.exp(b * u**2 + c * u * v + d * v**2)
            energy += term
            slope += term * np.array([2 * b * u + c * v, c * u + 2 * d * v, 0.0])
        self.results = {"energy": energy, "forces": -slope[None]}


@pytest.fixture(scope="module")
def string():
    """A string of 21 images, begun on the straight line between points near the outer valleys."""
    ends = [-0.70, 1.30, 0.0], [0.70, 0.10, 0.0]
    start = [Atoms("H", [p]) for p in np.linspace(*ends, 21)]
    return string_path(start, MuellerBrown, force_tolerance=0.02)


def test_ends_slide_into_their_valleys(string):
    """The ends were not minima; now they are those of the paper."""
    np.testing.assert_allclose(string[0].positions[0, :2], MINIMA[0], atol=0.01)
    np.testing.assert_allclose(string[-1].positions[0, :2], MINIMA[2], atol=0.01)


def test_the_string_goes_through_both_saddles_and_the_valley_between(string):
    """Each stationary point of the paper is within 0.02 of the curve; the barrier is to 1 %."""
    curve = equally_spaced(np.array([image.positions for image in string]))
    fine = np.array([np.interp(np.linspace(0, 20, 2001), range(21), row) for row in curve[:, 0].T])
    for point in [MINIMA[1], *SADDLES.values()]:
        away = np.linalg.norm(fine[:2].T - point, axis=1).min()
        assert away < 0.02, point
    assert barrier(string) == pytest.approx(SCALE * (max(SADDLES) - DEEPEST), rel=0.01)


def test_images_are_equally_far_apart(string):
    """Equal arc length: the straight pieces differ by less than 3 % (they cut bends a little)."""
    pieces = [np.linalg.norm(b.positions - a.positions) for a, b in pairwise(string)]
    np.testing.assert_allclose(pieces, np.mean(pieces), rtol=0.03)


def test_no_force_pulls_sideways(string):
    """On the path the force is along it: across it, by central differences, below 0.05 eV/Å."""
    for (before, image), (_, after) in pairwise(pairwise(string)):
        tangent = (after.positions - before.positions)[0]
        tangent /= np.linalg.norm(tangent)
        force = image.get_forces()[0]
        assert np.linalg.norm(force - force @ tangent * tangent) < 0.05 + 0.1 * abs(force @ tangent)


def test_images_of_a_half_circle_are_put_at_equal_angles():
    """Bunched images on a half circle come out at 0, 20, ..., 180 degrees, within 1 degree."""
    angles = np.radians([0, 12, 28, 50, 75, 95, 115, 140, 162, 180])
    circle = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)[:, None]
    spread = equally_spaced(circle)[:, 0]
    found = np.degrees(np.arctan2(spread[:, 1], spread[:, 0]))
    np.testing.assert_allclose(found, np.arange(0, 181, 20), atol=1.0)
    np.testing.assert_allclose(np.linalg.norm(spread, axis=1), 1, atol=2e-3)


def test_what_cannot_work_is_refused():
    """Two images have no middle; too few moves are no path."""
    line = [Atoms("H", [p]) for p in np.linspace([-0.7, 1.3, 0], [0.7, 0.1, 0], 11)]
    with pytest.raises(ValueError, match=r"at least three images, .*got 2"):
        string_path(line[:2], MuellerBrown)
    with pytest.raises(ValueError, match="neighbours at different places; got 3"):
        string_path([line[0], line[0], line[1]], MuellerBrown)
    with pytest.raises(ValueError, match="step must be positive, in Å²/eV; got 0"):
        string_path(line, MuellerBrown, step=0)
    with pytest.raises(RuntimeError, match=r"did not reach 0.02 eV/Å in 3 steps .largest force"):
        string_path(line, MuellerBrown, force_tolerance=0.02, max_steps=3)
