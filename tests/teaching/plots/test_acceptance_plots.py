"""The page of pictures shows the parts that a report has, and says them in words."""

import pytest
from ase.calculators.emt import EMT

from mlp_course.models import load_shipped
from mlp_course.teaching import plot_acceptance
from mlp_course.validation import AcceptanceReport, Criterion, Effort, accept

QUICK = Effort(frames_per_set=3, n_runs=1, run_time=0.01, nve_time=0.05, time_reference=False)


@pytest.fixture(scope="module")
def ethanol():
    """A short report on SchNet."""
    return accept(load_shipped("ethanol_schnet"), effort=QUICK)


def texts_of(picture):
    """Every word on the figure."""
    return [text.get_text() for axes in picture.figure.axes for text in axes.texts]


def test_ethanol_has_six_panels(ethanol):
    """Parity, sets, spectrum, torsion, energy and verdicts; quantity and unit on every axis."""
    picture = plot_acceptance(ethanol)
    drawn = picture.figure.axes
    assert len(drawn) == 6
    labels = [axes.get_ylabel() for axes in drawn[:5]]
    assert labels[2] == "modes per 100 cm⁻¹"
    assert all("/" in label or "per" in label for label in labels)
    assert "normal modes: MAE" in picture.alt
    assert picture.png()[1:4] == b"PNG"


def test_verdicts_are_listed(ethanol):
    """Each criterion that applies stands in the list; what failed has a cross beside it."""
    words = texts_of(plot_acceptance(ethanol))
    for row in ethanol.criteria:
        assert (row.name in words) == (row.verdict != "not applicable")
    assert words.count("✗") == len(ethanol.failures) > 0
    assert "failed: " in plot_acceptance(ethanol).alt


def test_copper_shows_its_lattice_constant():
    """EMT against itself: both curves have one minimum, written above."""
    picture = plot_acceptance(accept(EMT(), system="copper", effort=QUICK))
    assert "lattice constant EMT 3.590 Å, potential 3.590 Å" in picture.alt
    assert "nothing failed" in picture.alt


def test_a_report_without_numbers_is_a_list_of_verdicts():
    """If everything failed, the reasons are still shown."""
    row = Criterion("errors", float("nan"), "1", "–", "fail", "not finite")
    picture = plot_acceptance(AcceptanceReport([row], "unknown", "none", {}))
    assert len(picture.figure.axes) == 1
    assert "not measured" in texts_of(picture)
