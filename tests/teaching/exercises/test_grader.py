"""What a learner meets: points, hints that grow, and an answer that may be anything."""

import json

import pytest
import torch

from mlp_course.descriptors import cosine_cutoff
from mlp_course.teaching.exercises import (
    Marks,
    Part,
    Rubric,
    all_questions,
    find_question,
    question,
    self_assess,
    start_exercises,
)


@pytest.fixture
def progress_file(tmp_path, monkeypatch):
    path = tmp_path / "progress.json"
    monkeypatch.setenv("MLP_COURSE_PROGRESS", str(path))
    monkeypatch.chdir(tmp_path)
    return path


def test_points_are_shown_and_kept(progress_file):
    """A right answer earns all points, through otter-grader, and they are in the file."""
    feedback = start_exercises("06_descriptors").check("q06_1", {"my_cutoff": cosine_cutoff})
    assert feedback.score == feedback.marks.possible == feedback.marks.points
    assert f"{feedback.score:g} of" in feedback._repr_html_()
    assert "q06_1" in progress_file.read_text()


def test_nothing_is_pickled(progress_file):
    """The folder of a learner holds the progress and no log of otter-grader."""
    start_exercises("06_descriptors").check("q06_1", {"my_cutoff": cosine_cutoff})
    assert not list(progress_file.parent.glob(".OTTER*"))


def test_hints_grow_with_the_number_of_failures(progress_file):
    """First what is off, then a stronger hint, then the section to read."""
    grader = start_exercises("06_descriptors")
    shown = [repr(grader.check("q06_1", {"my_cutoff": lambda d, c: d})) for _ in range(3)]
    assert "More:" not in shown[0]
    assert "More:" in shown[1]
    assert "Read again:" not in shown[1]
    assert "Read again: 06_descriptors.ipynb" in shown[2]


@pytest.mark.parametrize("answer", [None, ..., 3, "text", [], {}, object(), lambda: 1 / 0])
@pytest.mark.parametrize("asked", all_questions(), ids=lambda asked: asked.name)
def test_any_rubbish_is_marked(asked, answer):
    """Whatever stands in an answer, the check ends with marks and does not raise."""
    marks = asked.check(*[answer] * len(asked.answers))
    assert marks.points < marks.possible
    assert all(part.hint for part in marks.failed)


def test_otter_counts_what_the_check_counts(progress_file):
    """Partial credit is the same in otter-grader and in our marks."""

    def kinked(d, cutoff):
        return torch.where(d < cutoff, 1 - d / cutoff, torch.zeros_like(d))

    feedback = start_exercises("06_descriptors").check("q06_1", {"my_cutoff": kinked})
    assert 0 < feedback.score == feedback.marks.points < feedback.marks.possible


def test_the_working_folder_may_be_anywhere(progress_file):
    """A notebook that was copied or renamed finds its tests: they lie in the package."""
    (progress_file.parent / "a copy.ipynb").write_text("{}")
    assert start_exercises("06_descriptors").check("q06_1", {}).score == 0


def test_a_progress_that_cannot_be_written_costs_no_points(progress_file):
    """The points are shown with a warning, if the file's folder is no folder."""
    progress_file.write_text(json.dumps({"version": 99}))
    grader = start_exercises("06_descriptors")
    with pytest.warns(UserWarning, match="not stored"):
        feedback = grader.check("q06_1", {"my_cutoff": cosine_cutoff})
    assert feedback.score == feedback.marks.possible
    assert json.loads(progress_file.read_text()) == {"version": 99}


def test_unknown_names_are_refused(progress_file):
    """A wrong name is told with the names that exist."""
    with pytest.raises(ValueError, match="no exercise book is called"):
        start_exercises("99_nothing")
    with pytest.raises(ValueError, match="no question is called 'q99_9'"):
        start_exercises("06_descriptors").check("q99_9", {})
    with pytest.raises(ValueError, match="no open question"):
        self_assess("r99_9")


def test_a_question_without_a_stronger_hint_is_refused():
    """Every part needs both hints and points."""
    with pytest.raises(ValueError, match="stronger hint"):
        question("q99_1", "t", answers=("a",), points={"x": 1}, stronger={}, section="s.ipynb")


def test_a_name_is_given_once():
    """A question copied within a module and not renamed is refused, not lost."""
    how = dict(answers=("x",), points={"a": 1}, stronger={"a": "Think again."}, section="06#A")

    def another(x):
        yield Part("a", x == 1)

    another.__module__ = find_question("q06_1").check.__module__
    with pytest.raises(ValueError, match="'q06_1' exists already"):
        question("q06_1", "Copied", **how)(another)
    assert find_question("q06_1").title != "Copied"


def test_the_number_of_answers_is_checked():
    """A check called by hand says which answers it needs."""
    with pytest.raises(TypeError, match="my_cutoff"):
        find_question("q06_1").check(1, 2)


def test_marks_add_up():
    """Points are those of the parts that passed."""
    marks = Marks("q", (Part("a", True), Part("b", 0, "why")), {"a": 2, "b": 3})
    assert (marks.points, marks.possible, marks.passed) == (2, 5, False)
    assert "why" in repr(marks)


def test_a_rubric_counts_rows(monkeypatch):
    """Points of an open question are those of the rows that were ticked."""
    monkeypatch.setattr("mlp_course.teaching.exercises.rubric._RUBRICS", {})
    rubric = Rubric("r00_1", "t", "06_descriptors", {"says a": 1, "says b": 2}, "a and b")
    assert rubric.points({"says b": True, "says a": False}) == 2
    with pytest.raises(ValueError, match="has no rows"):
        rubric.points({"says c": True})
