"""Pictures of descriptors show the numbers they were given, and say them in words."""

import io

import numpy as np
import pytest
from ase.build import molecule
from matplotlib.colors import to_hex
from PIL import Image

from mlp_course.teaching import (
    COLOURS,
    plot_differences,
    plot_feature_maps,
    plot_fingerprints,
    plot_lines,
    plot_panels,
    plot_pca,
    plot_turned_vectors,
)

TABLE = [[0.0, 0.25, 40.0], [0.25, 0.0, 7.0], [40.0, 7.0, 0.0]]
NAMES = ["original", "moved", "ether"]


def turned_water():
    """Water in three positions, with a vector on each atom and one curve."""
    frames = [molecule("H2O") for _ in range(3)]
    for number, atoms in enumerate(frames):
        atoms.rotate(45 * number, "z")
    vectors = np.zeros((3, 3, 3))
    vectors[:, 0, 0] = [1.0, 0.7, 0.0]
    return plot_turned_vectors(frames, [0, 45, 90], vectors, {"x of O": vectors[:, 0, 0]}, at=1)


@pytest.fixture(scope="module")
def pictures():
    """One picture of every kind."""
    rng = np.random.default_rng(0)
    frames = [molecule("H2O")] * 3
    curve = {"cosine": ([0, 1], [1, 0]), "tanh³": ([0, 1], [0.8, 0])}
    groups = {"G2": 2, "G4": 2}
    return {
        "differences": plot_differences({"A": TABLE, "B": TABLE}, NAMES, equal=2),
        "panels": plot_panels({"a": curve, "b": curve}, x="d / Å", y="w / 1", marks={"cut": 0.5}),
        "pca": plot_pca({"SOAP": rng.normal(size=(20, 4))}, ["C", "H"] * 10),
        "fingerprints": plot_fingerprints(
            frames, [0.0, 0.1, 0.3], rng.uniform(size=(3, 4)), at=2, x="x / Å", groups=groups
        ),
        "maps": plot_feature_maps({"start": rng.normal(size=(3, 5))}, rows=["O", "H", "H"]),
        "arrows": turned_water(),
    }


KINDS = ["differences", "panels", "pca", "fingerprints", "maps", "arrows"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_is_a_small_png_with_words(pictures, kind):
    """A notebook gets an image under 100 kB with a description; so does a screen reader."""
    data, metadata = pictures[kind]._repr_mimebundle_()
    assert pictures[kind].png().startswith(b"\x89PNG")
    assert len(pictures[kind].png()) < 100_000
    assert data["text/plain"] == metadata["image/png"]["alt"]
    assert len(pictures[kind].alt) > 20


def test_a_heat_map_writes_every_number_and_frames_what_should_be_equal(pictures):
    """Small differences keep their digits: 0.25 % is not 0."""
    axes = pictures["differences"].figure.axes[0]
    assert [text.get_text() for text in axes.texts] == [
        "0", "0.25", "40", "0.25", "0", "7", "40", "7", "0"
    ]  # fmt: skip
    assert (axes.patches[0].get_width(), axes.patches[0].get_xy()) == (2, (-0.5, -0.5))
    assert "A: moved 0.25, ether 40; B:" in pictures["differences"].alt


def test_digits_can_be_read_on_every_colour():
    """The ink that is chosen has a contrast of at least 4.5 (WCAG 2.1, level AA)."""
    values = np.linspace(0, 150, 40)[None]
    axes = plot_differences({"A": values}, [""] * 40).figure.axes[0]
    ground = axes.images[0].cmap(axes.images[0].norm(values[0]))[:, :3]
    linear = np.where(ground <= 0.04045, ground / 12.92, ((ground + 0.055) / 1.055) ** 2.4)
    light = linear @ (0.2126, 0.7152, 0.0722) + 0.05
    white = np.array([text.get_color() == "white" for text in axes.texts])
    assert np.where(white, 1.05 / light, light / 0.05).min() > 4.5


def test_each_panel_can_have_a_quantity_of_its_own():
    """Weights have no unit, slopes have one."""
    curve = {"cosine": ([0.0, 1.0], [1.0, 0.0])}
    picture = plot_panels({"a": curve, "b": curve}, x="d / Å", y=("w / 1", "w' / Å⁻¹"))
    assert [axes.get_ylabel() for axes in picture.figure.axes] == ["w / 1", "w' / Å⁻¹"]
    assert picture.alt.startswith("w / 1, w' / Å⁻¹ against d / Å; a: cosine from 1 to 0")


def test_panels_share_one_legend_and_carry_the_marks(pictures):
    """A vertical line stands at each mark in every panel."""
    figure = pictures["panels"].figure
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["cosine", "tanh³"]
    for axes in figure.axes:
        assert axes.lines[-1].get_xdata() == [0.5, 0.5]
        assert (axes.get_xlabel(), axes.get_title()) == ("d / Å", axes.get_title())


def test_every_group_has_its_points(pictures):
    """Ten carbons and ten hydrogens, and the parts of the variance on the axes."""
    axes = pictures["pca"].figure.axes[0]
    assert [len(points.get_offsets()) for points in axes.collections] == [10, 10]
    assert "%" in axes.get_xlabel()
    assert "%" in axes.get_ylabel()


def test_a_fingerprint_map_shows_changes_in_percent_of_its_group():
    """From 1 to 0.5 where the group reaches 2: minus 25 %."""
    features = np.array([[1.0, 2.0, 4.0], [0.5, 2.0, 5.0]])
    frames = [molecule("H2O")] * 2
    groups = {"G2": 2, "G4": 1}
    picture = plot_fingerprints(frames, [0.0, 1.0], features, at=0, x="x / Å", groups=groups)
    shown = picture.figure.axes[1].collections[0].get_array()
    np.testing.assert_allclose(shown, [[0, 0, 0], [-25, 0, 20]])
    assert "25 % in G2, 20 % in G4" in picture.alt


def test_arrows_are_drawn_as_given(pictures):
    """The arrow of O at 45° has 0.7 of the length of the longest, along x."""
    left, right = pictures["arrows"].figure.axes
    arrows = left.collections[0]
    assert arrows.U[0] > 0
    assert np.abs(arrows.V).max() == 0
    assert right.lines[1].get_ydata().tolist() == [1.0, 0.7, 0.0]
    assert "turned by 45°" in pictures["arrows"].alt


def test_a_descriptor_has_the_colour_of_its_potential():
    """SOAP that of GAP, symmetry functions that of Behler and Parrinello."""
    curves = {"SOAP": ([1, 2], [1, 2]), "symmetry functions": ([1, 2], [2, 1])}
    lines = plot_lines(curves, x="n / 1", y="MAE / meV").figure.axes[0].lines
    assert [to_hex(line.get_color()).upper() for line in lines] == [
        COLOURS["gap"],
        COLOURS["behler_parrinello"],
    ]


def test_pale_lines_have_a_dark_edge():
    """Yellow is drawn twice, blue once; the bars of a curve span what they were given."""
    ends = {"SOAP": ([0.5, 1.5], [1.5, 2.5])}
    lines = {"SOAP": ([1, 2], [1, 2]), "SchNet": ([1, 2], [2, 3])}
    (axes,) = plot_lines(lines, x="x / 1", y="y / 1", spread=ends).figure.axes
    yellow, blue = axes.get_lines()
    assert yellow.get_path_effects()
    assert not blue.get_path_effects()
    assert yellow.get_marker() != blue.get_marker()
    (bars,) = axes.collections
    assert [segment[:, 1].tolist() for segment in bars.get_segments()] == [[0.5, 1.5], [1.5, 2.5]]


def test_a_picture_is_stored_with_few_colours_and_no_other_content(pictures):
    """The palette changes no channel of any pixel by more than 40 of 255."""
    for picture in pictures.values():
        stored = np.asarray(Image.open(io.BytesIO(picture.png())).convert("RGB"), dtype=int)
        drawn = io.BytesIO()
        picture.figure.savefig(drawn, format="png", dpi=90)
        full = np.asarray(Image.open(drawn).convert("RGB"), dtype=int)
        assert np.abs(stored - full).max() <= 40


def test_as_many_names_as_rows():
    """Too few names or groups are refused with both numbers and the name of the table."""
    with pytest.raises(ValueError, match=r"got 2 for 'Coulomb' of shape \(3, 3\)"):
        plot_differences({"Coulomb": TABLE}, NAMES[:2])
    with pytest.raises(ValueError, match="got 2 for 3 rows of 'G2'"):
        plot_pca({"G2": [[0.0], [1.0], [2.0]]}, ["H", "O"])
