"""What a learner sees and hands in: boxes that remember, a page for readers, a whole file."""

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mlp_course.data import whole_files
from mlp_course.teaching.checklist import (
    ITEMS,
    Checklist,
    Evidence,
    Ratings,
    margins,
    plot_margins,
    write_report,
)
from mlp_course.teaching.progress import Progress

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 23)


def test_a_click_is_in_the_file_at_once_and_comes_back(progress):
    """A second list on the same file, as after a restart of the kernel, shows the box ticked."""
    checklist = Checklist(progress)
    assert checklist.widget is checklist.widget
    checklist.boxes["a03"].value = True
    assert progress.ticked("a03")
    again = Checklist(Progress.open(progress.path))
    assert [name for name, box in again.boxes.items() if box.value] == ["a03"]
    again.boxes["a03"].value = False
    assert not progress.ticked("a03")


def test_opening_the_list_writes_nothing(progress):
    """Looking at it leaves no file behind."""
    Checklist(progress)._repr_mimebundle_()
    assert not progress.path.exists()


def test_the_grade_runs_with_the_boxes(progress):
    """The tenth tick makes needs review into good."""
    checklist = Checklist(progress)
    for number in range(1, 11):
        assert "10 of 16" not in checklist._grades.value
        checklist.boxes[f"c{number:02d}"].value = True
    assert "10 of 16" in checklist._grades.value
    assert repr(checklist).startswith("Concepts 10 of 16 (good)")


def test_measured_items_are_marked_with_their_reason(progress, report):
    """Sign, words and number stand beside the box, and the box itself stays the learner's."""
    checklist = Checklist(progress)
    checklist.boxes["p11"].value = True
    checklist.check(Evidence(reports=[report(rattled=2308.0)]))
    shown = checklist._measured["p11"].value
    assert "✗ measured, although you ticked it" in shown
    assert "2308 meV/Å (below 150 demanded)" in shown
    assert checklist.boxes["p11"].value is True
    assert "✓ measured" in checklist._measured["p09"].value


def test_the_button_looks_at_the_points(progress):
    """Points of the exercises become marks with one click."""
    checklist = Checklist(progress)
    for number in (1, 2, 3):
        progress.record_attempt(f"q07_{number}", 3, 3)
    checklist.points.click()
    assert checklist._said.value == "Your points speak about 3 items and show 3 of them."
    assert progress.ticked("c07:points")


def test_a_disk_that_takes_nothing_is_told_on_the_page(progress, monkeypatch):
    """The tick stays on the screen, and a line says that it is not in the file."""

    def full(*args, **options):
        raise OSError(28, "No space left on device")

    checklist = Checklist(progress)
    monkeypatch.setattr(whole_files.Path, "replace", full)
    checklist.boxes["c01"].value = True
    checklist.save.click()
    assert "That did not work" in checklist._said.value
    assert checklist.boxes["c01"].value is True


def test_readers_without_a_kernel_get_the_whole_list(progress):
    """The stored page has all 44 sentences with their links, and all who can judge them."""
    page = Checklist(progress)._repr_mimebundle_()[0]["text/html"]
    assert all(item.text.split("<")[0].split("'")[0] in page for item in ITEMS)
    assert page.count("☐") == 44
    assert "a person" in page
    links = set(re.findall(r'href="([^"#]+)', page))
    assert "05_workflow.ipynb" in links
    assert "../exercises/06_descriptors.ipynb" in links


class Tags(HTMLParser):
    """Count what opens and closes."""

    def __init__(self, text):
        super().__init__()
        self.open, self.loaded = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.loaded += [value for name, value in attrs if name == "src"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_to_hand_in_is_whole_and_loads_nothing(progress, report, tmp_path):
    """Well-formed, with date, grades, all items, evidence and three things to learn."""
    ratings = Ratings(progress)
    ratings.claim("p11")
    ratings.check(Evidence(reports=[report(rattled=2308.0)]))
    path = write_report(ratings, tmp_path / "report.html", today=TODAY)
    text = path.read_text(encoding="utf-8")
    tags = Tags(text)
    assert not tags.open
    assert not tags.loaded
    assert "2026-11-23" in text
    assert all(f"{item.id}<" in text for item in ITEMS)
    assert "2308 meV/Å" in text
    assert text[text.index("<ol>") : text.index("</ol>")].count("<li>") == 3


def test_the_markdown_report_has_a_box_for_every_item(progress, tmp_path):
    """44 lines with a box, ticked where it counts."""
    ratings = Ratings(progress)
    ratings.claim("c01")
    text = write_report(ratings, tmp_path / "report.md", today=TODAY).read_text(encoding="utf-8")
    assert len(re.findall(r"^- \[[ x]\] [cpa]\d\d ", text, flags=re.MULTILINE)) == 44
    assert len(re.findall(r"^- \[x\]", text, flags=re.MULTILINE)) == 1
    assert "- [x] c01" in text
    assert len(re.findall(r"^\d\. ", text, flags=re.MULTILINE)) == 3


def test_a_report_is_there_whole_or_not_at_all(progress, tmp_path, monkeypatch):
    """A full disk leaves the old report as it was, and no part beside it."""
    path = tmp_path / "report.html"
    path.write_text("old", encoding="utf-8")
    ratings = Ratings(progress)

    def half(self, text, **options):
        with self.open("w", encoding="utf-8") as file:
            file.write(text[: len(text) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="No space"):
        write_report(ratings, path)
    monkeypatch.undo()
    assert path.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_evidence_cannot_put_markup_into_the_page(progress, tmp_path):
    """A reason is text, whatever it looks like."""
    progress.tick("p01:result", False, by="machine", evidence="<script>alert(1)</script>")
    text = write_report(Ratings(progress), tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_another_kind_of_file_is_refused(progress, tmp_path):
    """A PDF is not written."""
    with pytest.raises(ValueError, match=r"path must end in .html or .md; got 'report.pdf'"):
        write_report(Ratings(progress), tmp_path / "report.pdf")


def test_margins_are_numbers_over_limits(report):
    """2308 over 150 is 15.4; what R² lacks to 1 over what it may lack; a failed row stands out."""
    found = margins(report(rattled=2308.0))
    assert found["force MAE, rattled 0.1 Å"] == pytest.approx(15.39, abs=0.01)
    assert found["energy R²"] == pytest.approx(0.2)
    assert found["holds together"] == pytest.approx(1.0)
    picture = plot_margins(report(rattled=2308.0), before=report(rattled=3000.0))
    assert "Beyond the limit: force MAE, rattled 0.1 Å 15.4. Before: force MAE" in picture.alt
    assert "none" in plot_margins(report()).alt
    assert "holds together" in plot_margins(report(), strictness=2).alt
    with pytest.raises(ValueError, match="strictness must be positive"):
        plot_margins(report(), strictness=0)


def test_who_builds_the_lessons_keeps_the_own_progress(tmp_path, monkeypatch):
    """A lesson that is built sees an empty file, whatever the builder has ticked."""
    from mlp_course.notebooks import read_master
    from mlp_course.notebooks.build import execute

    monkeypatch.setenv("MLP_COURSE_PROGRESS", str(tmp_path / "mine.json"))
    Progress.open().tick("c01", True, by="learner")
    before = (tmp_path / "mine.json").read_bytes()
    master = tmp_path / "lesson.py"
    master.write_text(
        "# %%\nfrom pathlib import Path\nimport os\n"
        'path = Path(os.environ["MLP_COURSE_PROGRESS"])\n'
        'print(path.exists(), path.name)\npath.write_text("changed")\n'
    )
    notebook = read_master(master)
    execute(notebook, tmp_path, name="lesson")
    assert notebook.cells[0].outputs[0].text == "False progress.json\n"
    assert (tmp_path / "mine.json").read_bytes() == before
