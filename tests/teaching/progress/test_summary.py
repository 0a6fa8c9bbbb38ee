"""Tables, panel and page: what they add up to, and that nobody's text becomes markup."""

import base64
import errno
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from mlp_course.teaching.interactive import WIDGET
from mlp_course.teaching.progress import (
    Entry,
    Progress,
    ProgressNotSaved,
    ProgressPanel,
    check_summary,
    summarise,
    write_summary,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CATALOGUE = [
    Entry("q06_1", "A cutoff", "06_descriptors", 3, "models"),
    Entry("q06_2", "Two atoms", "06_descriptors", 2, "models"),
    Entry("r06_1", "Which cutoff, and why?", "06_descriptors", 4, "models"),
    Entry("q07_1", "Messages", "07_architectures", 5, "models"),
    Entry("q11_1", "A unit fault", "11_unit_pitfalls", 1, "data"),
]


@pytest.fixture
def progress(tmp_path):
    times = (NOON + timedelta(minutes=2 * n) for n in range(100))
    progress = Progress(tmp_path / "progress.json", lambda: next(times))
    progress.record_attempt("q06_1", 0, 3)
    progress.record_attempt("q06_1", 2, 3, "sign")
    progress.record_attempt("q06_2", 2, 2)
    progress.record_assessment("r06_1", 3, 4, {"names a radius": True, "<b>weighs</b>": False})
    progress.record_attempt("q11_1", 1, 1)
    progress.record_attempt("q99_9", 1, 1)
    progress.tick("c01", True, "machine", evidence="MAE < 20 & falling")
    progress.record_quiz("02_glossary", 14, 15)
    progress.record_time("06_descriptors", 60)
    return progress


def test_sums_per_lesson(progress):
    """Lesson 06: 4 of 5 points checked, 3 of 4 judged, 3 of 3 answered, 3 attempts."""
    row = summarise(progress, CATALOGUE).books.loc["06_descriptors"]
    assert (row["points"], row["possible"]) == (4, 5)
    assert (row["judged"], row["judgeable"]) == (3, 4)
    assert (row["answered"], row["questions"], row["attempts"]) == (3, 3, 3)


def test_minutes_of_lesson_and_topic(progress):
    """Records at 0, 2, 4, 6 and 16 min: 16 min in lesson 06; the topic has its questions' 4."""
    summary = summarise(progress, CATALOGUE)
    assert summary.books.loc["06_descriptors", "minutes"] == pytest.approx(16)
    assert summary.topics.loc["models", "minutes"] == pytest.approx(4)


def test_sums_per_topic(progress):
    """A topic gathers the questions of several lessons."""
    topics = summarise(progress, CATALOGUE).topics
    assert list(topics.index) == ["data", "models"]
    assert topics.loc["models", ["points", "possible"]].tolist() == [4, 10]
    assert topics.loc["data", ["points", "possible"]].tolist() == [1, 1]


def test_totals_agree(progress):
    """Sums over questions, lessons and topics are the same."""
    summary = summarise(progress, CATALOGUE)
    checked = summary.questions[~summary.questions["open"]]
    assert summary.total["points"] == checked["points"].sum() == summary.topics["points"].sum() == 5
    assert summary.total["possible"] == checked["possible"].sum() == 11


def test_questions_that_are_no_more(progress):
    """A recorded question that the catalogue does not have is named, and counts nowhere."""
    summary = summarise(progress, CATALOGUE)
    assert summary.unknown == ("q99_9",)
    assert "q99_9" in ProgressPanel(CATALOGUE, progress)._repr_html_()


def test_points_follow_the_catalogue(progress):
    """2 of 3 points are 4 of 6 in a course that gives 6."""
    books = summarise(progress, [Entry("q06_1", "A cutoff", "06_descriptors", 6)]).books
    assert books.loc["06_descriptors", "points"] == pytest.approx(4)


def test_lesson_without_questions(progress):
    """Time in a lesson that has no questions is shown under its number."""
    progress.record_time("00_start_here", 300)
    books = summarise(progress, CATALOGUE).books
    assert books.index[0] == "00"
    assert books.loc["00", "minutes"] == pytest.approx(5)


def test_nobody_did_anything(tmp_path):
    """Before the first record everything is zero; the panel says so and shows no person's data."""
    panel = ProgressPanel(CATALOGUE, Progress.open(tmp_path / "progress.json"))
    assert panel.summary.total["points"] == 0
    assert "Nothing is recorded yet" in panel._repr_html_()
    twin = ProgressPanel(CATALOGUE, Progress.open(tmp_path / "other.json"))
    assert panel._repr_html_() == twin._repr_html_()
    assert panel.widget.children[1].children[2].value == ""  # nothing to download


def test_empty_catalogue(progress):
    """Without a catalogue the tables are empty but for the time, and nothing fails."""
    summary = summarise(progress, [])
    assert summary.total["possible"] == 0
    assert set(summary.unknown) == {"q06_1", "q06_2", "r06_1", "q11_1", "q99_9"}


@dataclass
class Graded:
    """As ``mlp_course.teaching.exercises`` lists its questions: points per part, and their sum."""

    name: str = "q06_1"
    title: str = "A cutoff"
    book: str = "06_descriptors"
    points: object = None
    possible: float = 3


def test_catalogue_of_questions_with_parts(progress):
    """A question that has ``possible`` is measured by it; the topic is the book's name."""
    summary = summarise(progress, [Graded(points={"values": 2, "smooth": 1})])
    assert summary.topics.loc["descriptors", "possible"] == 3


def test_catalogue_is_checked():
    """Questions without points, and two of one name, are refused."""
    with pytest.raises(TypeError, match="q06_1: possible must be its number of points"):
        ProgressPanel([Graded(points={"values": 2}, possible=None)])
    with pytest.raises(ValueError, match="twice: q06_1"):
        ProgressPanel([CATALOGUE[0], CATALOGUE[0]])


def test_bars_have_words(progress):
    """Each bar is read aloud, and the number stands beside it: colour alone says nothing."""
    shown = ProgressPanel(CATALOGUE, progress)._repr_html_()
    bars = re.findall(r'role="img" aria-label="([^"]+)"', shown)
    assert bars[:3] == ["4 of 5 points", "0 of 5 points", "1 of 1 points"]
    assert ">4 of 5</td>" in shown
    assert "width:80%" in shown


def test_topics_are_shown_where_they_group_lessons(progress):
    """If each lesson is its own topic, one table is enough."""
    own = [Entry(e.name, e.title, e.book, e.possible) for e in CATALOGUE]
    assert ProgressPanel(CATALOGUE, progress)._repr_html_().count("<table>") == 2
    assert ProgressPanel(own, progress)._repr_html_().count("<table>") == 1


def test_panel_reads_again(progress):
    """What another notebook recorded appears at the press of a button."""
    panel = ProgressPanel(CATALOGUE, progress)
    shown = panel.widget.children[0]
    assert "0 of 5" in shown.value
    Progress.open(progress.path).record_attempt("q07_1", 5, 5)
    assert "5 of 5 points" not in shown.value
    panel.button.click()
    assert "5 of 5 points" in shown.value


def test_panel_offers_download_and_takes_in(progress, tmp_path):
    """The link holds the whole file; taken in elsewhere, it gives the same points."""
    link = ProgressPanel(CATALOGUE, progress).widget.children[1].children[2].value
    data = base64.b64decode(re.search(r"base64,([^\"]+)", link)[1])
    other = ProgressPanel(CATALOGUE, Progress.open(tmp_path / "other.json"))
    shown = other.widget.children[0]
    other.upload.value = ({"name": "p.json", "type": "", "size": len(data), "content": data,
                           "last_modified": NOON},)  # fmt: skip
    assert other.said.value.startswith("<p>Taken in: ")
    assert "4 of 5 points" in shown.value
    assert other.take_in(data) == "Nothing new in it."
    assert "was not imported" in other.take_in(b"<script>")
    assert other.summary.total["points"] == 5


def test_panel_says_what_is_not_saved(progress, monkeypatch):
    """While the disk is full the panel says so, and the download holds what is only in memory."""
    panel = ProgressPanel(CATALOGUE, progress)

    def no_space(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_space)
        with pytest.warns(ProgressNotSaved):
            progress.record_attempt("q07_1", 5, 5)
    assert not progress.saved
    assert "Not all of this could be saved" in panel._repr_html_()
    assert "5 of 5 points" in panel._repr_html_()
    progress.tick("c02", True, "learner")
    assert progress.saved
    assert "Not all of this could be saved" not in panel._repr_html_()


def test_without_a_kernel(progress):
    """A page without a kernel has the tables; nothing in them comes from elsewhere."""
    data, _ = ProgressPanel(CATALOGUE, progress)._repr_mimebundle_()
    assert data["text/plain"].startswith("Progress: 5 of 11 points, 4 of 5 questions answered")
    assert WIDGET in data
    assert "http" not in data["text/html"]
    assert str(progress.path.parent) not in data["text/html"]


def test_page_has_everything(progress, tmp_path):
    """Name, date, points, judgements row by row, ticks with evidence, all as text, not markup."""
    page = write_summary(
        tmp_path / "page.html", CATALOGUE, progress, name="Ada <i>Lovelace</i>", now=NOON
    )
    text = page.read_text()
    for words in (
        "Ada &lt;i&gt;Lovelace&lt;/i&gt;",
        "2026-11-23 12:00 UTC",
        "06 descriptors",
        "4 of 5",
        "r06_1: Which cutoff, and why? (3 of 4 points)",
        "&lt;b&gt;weighs&lt;/b&gt;",
        "MAE &lt; 20 &amp; falling",
        "best 14 of 15",
        "It does not prove who did the work",
    ):
        assert words in text
    assert "<b>" not in text
    assert "<i>" not in text
    assert "http" not in text


def test_script_in_a_name_stays_text(progress, tmp_path):
    """A name or evidence that tries to end the data's script element does not."""
    progress.tick("c02", True, "learner", evidence="</script><script>alert(1)</script>")
    page = write_summary(tmp_path / "p.html", CATALOGUE, progress, name="</script><img src=x>")
    text = page.read_text()
    assert text.count("<script") == text.count("</script>") == 1
    assert "<img" not in text
    assert check_summary(page) == "unchanged"


def test_page_tells_whether_it_was_edited(progress, tmp_path):
    """Edited data, edited marks and an edited checksum are noticed; line ends do not matter."""
    page = write_summary(tmp_path / "page.html", CATALOGUE, progress, name="Ada", now=NOON)
    text = page.read_text()
    assert check_summary(page) == "unchanged"
    page.write_bytes(text.replace("\n", "\r\n").encode())
    assert check_summary(page) == "unchanged"
    page.write_text(text.replace('"points": 2.0', '"points": 3.0', 1))
    assert check_summary(page).startswith("changed")
    page.write_text(text.replace("4 of 5", "5 of 5"))
    assert "the page around them is not" in check_summary(page)
    page.write_text(re.sub(r"<code>\w+</code>", "<code>0</code>", text))
    assert check_summary(page).startswith("changed")


@pytest.mark.parametrize(
    "text", ["", "<html></html>", "\x00", '<script type="application/json" id="data">{}</script>']
)
def test_page_that_is_none(tmp_path, text):
    """Another file is not taken for a summary page."""
    page = tmp_path / "page.html"
    page.write_text(text)
    if "{}" in text:
        checksum = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"  # of {}
        page.write_text(text + checksum)
    with pytest.raises(ValueError, match="no summary page"):
        check_summary(page)


def test_page_is_html(progress, tmp_path):
    """A summary under another suffix is refused: a browser would show its source."""
    with pytest.raises(ValueError, match=r"name it page\.html; got page\.pdf"):
        write_summary(tmp_path / "page.pdf", CATALOGUE, progress)
