"""The lesson's own parts: the chooser of licences and the pictures say what the package says."""

import numpy as np
import pandas as pd
import pytest

from mlp_course.data.passports import USES, licence_allows, list_passports, load_passport
from mlp_course.reproducibility import Divergence
from mlp_course.teaching.reproducibility import LicenceChooser, plot_counts, plot_divergence
from mlp_course.teaching.reproducibility.chooser import verdict_table


def test_the_chooser_follows_boxes_and_menu():
    """Every tick and every use gives the verdict of licence_allows."""
    chooser = LicenceChooser(["oc20"])
    for name in ("rmd17", "gnome", "md17"):
        chooser.boxes[name].value = True
        for use in USES:
            chooser.use.value = use
            assert chooser.verdict == licence_allows(chooser.chosen, use)
            assert chooser.verdict.answer in chooser._shown.value
    assert chooser.chosen == ["gnome", "md17", "oc20", "rmd17"]


def test_a_chooser_without_a_tick_asks_for_one():
    """Without data there is no verdict, but a sentence that says what to do."""
    chooser = LicenceChooser([])
    assert chooser.verdict is None
    assert "Tick at least one" in chooser._shown.value
    assert repr(chooser) == "no data set is ticked"


def test_a_reader_without_a_kernel_sees_every_verdict():
    """The static table has each data set, its licence and an answer for each use, in words."""
    data, _ = LicenceChooser(["rmd17"])._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/html"] == verdict_table()
    for name in list_passports():
        assert load_passport(name).title in data["text/html"]
    assert verdict_table().count("? unknown") == len(USES)  # MD17


def test_counts_tell_both_numbers_in_words():
    """The chapter's number of OC20 and the counted one stand together."""
    picture = plot_counts()
    assert "OC20 1,300,000 and 264,890,000" in picture.alt
    assert "× 204" in {text.get_text() for text in picture.figure.axes[0].texts}


def test_divergence_shows_zero_on_the_bottom_line():
    """A logarithm knows no zero: identical runs lie on the floor, below every other value."""
    curves = {"nothing": np.zeros(3), "seed": np.array([1e-7, 1e-5, 1e-3])}
    picture = plot_divergence(Divergence(pd.DataFrame(), curves))
    axes = picture.figure.axes[0]
    floor = axes.get_ylim()[0]
    assert floor < 1e-7
    lines = {line.get_label(): line.get_ydata() for line in axes.lines}
    assert lines["nothing"] == pytest.approx(floor)
    assert lines["seed"] == pytest.approx(curves["seed"])
    assert "nothing identical throughout; seed 0.001 at the end" in picture.alt
    assert axes.get_yscale() == "log"
