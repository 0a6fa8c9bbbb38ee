"""Pictures of the ecosystem: texts keep their words, tables say what is lost, accidents happen."""

import numpy as np
import pandas as pd
import pytest
from ase import Atoms
from ase.calculators.emt import EMT

from mlp_course.reference import label, local_client, read_labels
from mlp_course.simulation.format_survey import KEPT
from mlp_course.teaching import (
    WorkerAccident,
    plot_accident,
    plot_kept,
    plot_lines,
    show_side_by_side,
)


def test_texts_are_shown_as_they_are(tmp_path):
    """Angle brackets are text, marked lines are bold, a file is read, long things end with …"""
    path = tmp_path / "input.xml"
    path.write_text("<step> 1 </step>\n<seed> 2 </seed>\n<end/>\n")
    shown = show_side_by_side({"i-PI": path, "other": "x" * 60}, marked=["seed"], n_lines=2)
    page = shown._repr_html_()
    assert "&lt;step&gt; 1" in page
    assert "<b>&lt;seed&gt; 2 &lt;/seed&gt;</b>" in page
    assert shown.texts["i-PI"].endswith("\n…")
    assert len(shown.texts["other"]) == 44


def test_the_table_of_formats_says_what_is_lost():
    """In the picture and in its words."""
    rows = {".a": dict.fromkeys(KEPT, 0.0), ".b": dict.fromkeys(KEPT, np.nan)}
    survey = pd.DataFrame.from_dict(rows, orient="index").assign(kB=[1.0, 20.0])
    picture = plot_kept(survey)
    assert ".a (1 kB): loses nothing; .b (20 kB): loses elements, positions" in picture.alt
    written = [text.get_text() for text in picture.figure.axes[0].texts]
    assert written == ["exact"] * len(KEPT) + ["lost"] * len(KEPT)
    heads = [text.get_text() for text in picture.figure.axes[0].get_xticklabels()]
    assert {"elements", "times\n/ fs", "forces\n/ (eV/Å)"} <= set(heads)


def test_a_column_of_a_log_is_a_curve():
    """A pandas Series, whose last value is not at -1, is drawn and described."""
    log = pd.DataFrame({"time": [0.0, 1.0, 2.0], "energy": [5.0, 6.0, 7.0]})
    picture = plot_lines({"run": (log["time"], log["energy"])}, x="time / fs", y="energy / eV")
    assert picture.alt == "energy / eV against time / fs for run from 5 to 7"


def slow_emt():
    """Slow enough that the accident falls into the work on any machine."""
    import time

    time.sleep(0.1)
    return EMT()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_an_accident_kills_a_worker_and_no_label(tmp_path):
    """Every label is there once, the counts never fall, and the picture names the moment."""
    frames = [Atoms("Cu2", [[0, 0, 0], [0, 0, 2.2 + 0.02 * n]]) for n in range(30)]
    store = tmp_path / "labels.xyz"
    with local_client(2) as client, WorkerAccident(client, store, after=4) as accident:
        labelled = label(frames, slow_emt, store=store, client=client, progress=False)
    assert accident.killed is not None
    assert len(labelled) == 30
    keys = [atoms.info["label_key"] for atoms in read_labels(store)]
    assert len(keys) == len(set(keys)) == 30
    assert (np.diff(accident.counts) >= 0).all()
    assert accident.counts[-1] == 30
    assert "a worker was killed" in plot_accident(accident).alt
