"""What a learner does with cells: type, run, read, restart the kernel, save."""

import json

import pytest
from matplotlib.image import imread

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# An answer is checked and written down, as an exercise does it.
EXERCISE = """\
# %% [markdown]
# How many nanometres are 15 Å?

# %%
answer = ...

# %%
from pathlib import Path
if answer != 1.5:
    print("Not yet: an ångström is a tenth of a nanometre.")
else:
    Path("points.txt").write_text("1")
    print("1 of 1 point")

# %%
print("points so far:", Path("points.txt").read_text() if Path("points.txt").exists() else 0)
"""


@pytest.fixture
def opened(open_notebook, write_notebook):
    return open_notebook(write_notebook(EXERCISE))


def test_an_answer_is_typed_checked_and_corrected(opened):
    """A wrong answer brings the hint, the right one the point; what stood there before is gone."""
    opened.type_into(1, "answer = 150  # nm")
    assert opened.run_cell(1) == ""
    assert "a tenth of a nanometre" in opened.run_cell(2)
    opened.type_into(1, "answer = 15 / 10  # nm")
    opened.run_cell(1)
    assert opened.run_cell(2) == "1 of 1 point"
    assert opened.code_cells[0]["source"] == "answer = 15 / 10  # nm"
    assert opened.problems() == ["1 cells did not run"]


def test_a_restart_forgets_variables_and_keeps_files(opened):
    """After the restart the name is unknown and the points are still there."""
    opened.type_into(1, "answer = 1.5")
    opened.run_cell(1)
    opened.run_cell(2)
    opened.restart_kernel()
    assert "NameError" in opened.run_cell(2)
    assert opened.run_cell(3) == "points so far: 1"


def test_a_cell_runs_again_as_number_one(opened):
    """After a restart the same cell has the same number as before, and still its run is noticed."""
    opened.type_into(1, "import time; time.sleep(1); print(time.time())")
    first = float(opened.run_cell(1))
    opened.restart_kernel()
    assert float(opened.run_cell(1)) > first


def test_saving_writes_what_was_typed(opened, lab):
    """The file on disk holds the new text."""
    opened.type_into(1, "answer = 1.5")
    opened.save()
    stored = json.loads((lab.folder / f"{opened.name}.ipynb").read_text(encoding="utf-8"))
    assert "answer = 1.5" in "".join(stored["cells"][1]["source"])


def test_screenshots_are_kept_where_they_are_wanted(opened, monkeypatch, tmp_path):
    """MLP_COURSE_SCREENSHOTS names the folder; each picture has the notebook's name."""
    monkeypatch.setenv("MLP_COURSE_SCREENSHOTS", str(tmp_path / "kept"))
    opened.type_into(1, "for line in range(700):\n    print(line)")
    opened.run_cell(1)
    assert opened.keep_screenshot("now").parent == tmp_path / "kept"
    first, second, *_ = opened.keep_whole("whole")
    assert first == tmp_path / "kept" / f"{opened.name}-whole-1.jpeg"
    assert imread(first).shape[:2] == imread(second).shape[:2] == (8000, 1280)
    assert (imread(first) != imread(second)).mean() > 0.001
    assert opened.page.viewport_size["height"] == 1600
