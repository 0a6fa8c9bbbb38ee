"""docs/teaching.md: every lesson is planned for, and its minutes and numbers are the lesson's."""

import re
from pathlib import Path

import nbformat
import pytest

from mlp_course.notebooks import find_lessons

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
LESSONS = {lesson.name: lesson for lesson in find_lessons(ROOT)}
SECTIONS = dict(re.findall(r"^### (\d\d_\w+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
ROW = re.compile(r"^\| (\d\d_\w+) \| (\d+) \| (\d+) \| (-|\d+) \| .* \|$", re.MULTILINE)
TIMES = {name: (int(run), int(work), ex) for name, run, work, ex in ROW.findall(PAGE)}
WORDS = {
    "about an hour and a half": 90,
    "about an hour": 60,
    "half an hour": 30,
    "a quarter of an hour": 15,
}
UNITS = "meV/Å|meV|eV|fs|ps|Å|K|%|times"


def said_minutes(text):
    """Minutes that a lesson names at its top for reading or working through."""
    header = re.sub(r"\s+", " ", re.search(r"\*\*Time\*\*.*?\n- ", text, re.DOTALL).group())
    found = re.search(r"(\d+ to )?(\d+) minutes to (read|work)", header)
    if found:
        return int(found[2])
    return next(minutes for phrase, minutes in WORDS.items() if f"{phrase} to work" in header)


def everything_said(lesson):
    """All texts of a built lesson: cells, printed outputs, tables and descriptions of pictures."""
    notebook = nbformat.read(lesson.notebook, 4)
    parts = [cell.source for cell in notebook.cells]
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            parts += [output.get("text", ""), str(output.get("metadata", ""))]
            parts += [str(v) for k, v in output.get("data", {}).items() if k.startswith("text/")]
    return re.sub(r"\s+", " ", " ".join(parts))


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_three_misconceptions_with_question_and_answer(name):
    """Each says what people believe, what to ask, and what to expect."""
    section = SECTIONS[name]
    points = re.split(r"^\d\. ", section, flags=re.MULTILINE)[1:]
    assert len(points) == 3
    for point in points:
        assert re.match(r'\*\*"', point), point
        assert point.count("*Ask:*") == 1
        assert point.count("*Expect:*") == 1
        assert "?" in point.partition("*Ask:*")[2].partition("*Expect:*")[0]


@pytest.mark.parametrize("name", LESSONS)
def test_numbers_with_a_unit_stand_in_the_lesson(name):
    """What the page quotes as measured is what the stored lesson says."""
    said = everything_said(LESSONS[name])
    section = re.sub(r"\s+", " ", SECTIONS[name])
    for number, unit in re.findall(rf"(?<![\w.])(-?\d+(?:\.\d+)?) ?({UNITS})(?!\w)", section):
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.]\d)", said), f"{number} {unit}"


@pytest.mark.parametrize("name", LESSONS)
def test_minutes_are_those_of_the_lesson(name):
    """Run time is the measured one, rounded up; the time to work through, what the lesson says."""
    run, work, _ = TIMES[name]
    table = (ROOT / "notebooks" / "README.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| \[{name}\]\S+ \| (\d+) \|", table, re.MULTILINE)
    assert row, f"measure it: mlp-course notebooks measure --lesson {name}"
    seconds = int(row[1])
    assert seconds / 60 <= run <= seconds / 60 + 1.5
    title = nbformat.read(LESSONS[name].notebook, 4).cells[0].source
    assert work == said_minutes(title)


def test_the_page_knows_no_other_lessons():
    """Sections and rows are the same lessons, in order, and none of them is invented twice."""
    assert list(SECTIONS) == list(TIMES) == sorted(SECTIONS)
    assert set(LESSONS) <= set(SECTIONS)


def test_timetables_add_up():
    """The minutes of each table give its total, and no part takes longer than its lesson."""
    tables = re.split(r"\| \*\*total\*\* \| \| \*\*(\d+)\*\* \|", PAGE)
    for rows, total in zip(tables[:-1:2], tables[1::2], strict=True):
        table = rows.rpartition("| --- | --- | --: |")[2]
        parts = re.findall(r"^\| (.+?) \|.*\| (\d+) \|$", table, re.MULTILINE)
        assert sum(int(minutes) for _, minutes in parts) == int(total)
        for what, minutes in parts:
            assert_fits(what, int(minutes))
    assert len(tables[1::2]) == 3


def test_weeks_have_ninety_minutes():
    """Fourteen weeks, each filled, and over the semester every lesson comes to its full time."""
    weeks = re.findall(r"^\| (\d+) \| (.*) \| 90 \|$", PAGE, re.MULTILINE)
    assert [int(week) for week, _ in weeks] == list(range(1, 15))
    spent = dict.fromkeys(TIMES, 0)
    for _, what in weeks:
        parts = re.findall(r"(?:^|, )([^,]*?(?:\([^)]*\))?) (\d+)(?=,|$)", what)
        assert sum(int(minutes) for _, minutes in parts) == 90, what
        for name, minutes in parts:
            assert_fits(name.partition(" (")[0], int(minutes))
            if name.partition(" (")[0] in spent:
                spent[name.partition(" (")[0]] += int(minutes)
    short = {name for name, (_, work, _) in TIMES.items() if spent[name] < work}
    assert short <= {"11_unit_pitfalls"}  # the four panels only


def assert_fits(what, minutes):
    """A lesson or an exercise gets no more minutes than it takes."""
    if what in TIMES:
        assert minutes <= TIMES[what][1], what
    if match := re.fullmatch(r"exercises (\d\d)", what):
        (exercises,) = [times[2] for name, times in TIMES.items() if name.startswith(match[1])]
        assert exercises != "-"
        assert minutes <= int(exercises), what


def test_commands_of_the_page_exist():
    """Every make target that the page names is one of the Makefile, but for grading's own."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE).group(1).split())
    assert set(re.findall(r"`make ([a-z-]+)", PAGE)) - {"grade"} <= targets
