"""What a learner meets: points, hints that grow, and an answer that may be anything."""

import json

import numpy as np
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


def test_a_right_cutoff_may_be_written_in_any_library():
    """NumPy, lists and float32 hold the same cosine; the points are those of the curve."""

    def in_numpy(d, cutoff):
        d = np.asarray(d)
        return np.where(d < cutoff, 0.5 * (np.cos(np.pi * d / cutoff) + 1), 0.0)

    check = find_question("q06_1").check
    for cutoff in (
        in_numpy,
        lambda d, c: in_numpy(d, c).tolist(),
        lambda d, c: cosine_cutoff(d, c).float(),
    ):
        assert check(cutoff).passed


class _Mute(Exception):
    def __str__(self):
        raise RuntimeError("no words")


@pytest.mark.parametrize("error", [_Mute(), SystemExit(0), ValueError("x" * 10**6)])
def test_an_answer_that_ends_badly_gets_marks(error):
    """An answer that exits, or whose error cannot be printed, costs points and nothing else."""

    def answer(*given):
        raise error

    marks = find_question("q06_1").check(answer)
    assert marks.points == 0
    assert len(marks.failed[0].hint) < 1000


def test_a_gas_that_nobody_counted_earns_nothing():
    """g = 1 everywhere, without a look at the atoms, is no radial distribution function."""
    marks = find_question("q04_4").check(lambda atoms, longest, n: (np.ones(n), np.ones(n)))
    assert marks.points == 0


@pytest.mark.parametrize(
    ("field", "said", "right"),
    [
        ("licence", "Unknown", True),
        ("units", "Hartree, kcal/mol/Angstrom", True),
        ("units", "Hartree and kcal/(mol Å)", True),
        ("units", "Hartree, kcal/(mol*Å)", True),
        ("units", "Hartree", False),
        ("level_of_theory", "omegaB97X def2-TZVP", True),
        ("level_of_theory", "ωB97X-D/def2-TZVP", False),
        ("level_of_theory", "ωB97X/def2-TZVPP", False),
    ],
)
def test_a_passport_is_read_by_its_meaning(field, said, right):
    """Spelling costs nothing; another functional or basis set is another level of theory."""
    passport = {
        "licence": "unknown",
        "level_of_theory": "ωB97X/def2-TZVP",
        "units": "Hartree, kcal/(mol·Å)",
        "version": "2.1",
        "checksum": "unknown",
        "citation": "unknown",
        "size": 1188,
    }
    assert find_question("q10_2").check(passport | {field: said}).passed == right
