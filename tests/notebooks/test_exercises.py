"""Every check does what it promises: for the solution, for nothing, and for typical mistakes."""

import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from mlp_course.notebooks.exercise_books import check_books, points_in
from mlp_course.notebooks.exercise_masters import find_books
from mlp_course.notebooks.mutations import Mutation, mutate, write_mutations, wrong_answers
from mlp_course.teaching.exercises import Marks, Part, all_questions, all_rubrics

ROOT = Path(__file__).resolve().parents[2]
BOOKS = find_books(ROOT)
SOLUTION_AND_BLANK = 2


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_checks_tell_right_from_wrong(book):
    """A solution earns everything, a blank nothing, a mistake loses its part and gets its hint."""
    found = mutate(book)
    assert not [problem for mutation in found if (problem := mutation.problem)]
    table = (ROOT / "docs" / "exercise_checks.md").read_text(encoding="utf-8").splitlines()
    changed = [mutation.line for mutation in found if mutation.line not in table]
    assert not changed, "run: mlp-course exercises table"
    tried = Counter(mutation.question for mutation in found)
    assert min(tried.values()) >= SOLUTION_AND_BLANK + 2, f"too few wrong answers: {tried}"


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_wrong_answers_belong_to_questions_of_their_book(book):
    """A stored mistake names a question that its book asks."""
    asked = {question.name for question in all_questions() if question.book == book.name}
    assert {wrong.question for wrong in wrong_answers(book)} == asked


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_every_cell_can_be_run_as_it_is_handed_out(book):
    """otter-grader takes answers out by lines; what it leaves is Python."""
    cells = nbformat.read(book.exercise, as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert all(compile(source, book.name, "exec") for source in code)


def test_books_come_from_their_masters():
    """What learners open is what the masters say."""
    assert check_books(ROOT) == []


def test_a_changed_exercise_is_noticed(tmp_path):
    """An edit in a built book, or in the tests, is reported with the command that mends it."""
    import shutil

    for folder in ("lessons", "exercises", "solutions", "mlp_course/teaching/exercises"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    book = find_books(tmp_path, "06")[0]
    book.exercise.write_text(book.exercise.read_text().replace("cosine", "sine"))
    test = book.tests / "q06_1.py"
    test.write_text(test.read_text().replace("points=1", "points=9"))
    problems = check_books(tmp_path, "06")
    assert any("exercises/ differs" in problem for problem in problems)
    assert any(
        "tests of q06_1 differ" in problem and "make exercises" in problem for problem in problems
    )


def test_the_course_asks_enough():
    """One book for each of the lessons 01 to 12, three questions at least, forty in all."""
    per_book = Counter(question.book for question in all_questions())
    assert sorted(book[:2] for book in per_book) == [f"{number:02d}" for number in range(1, 13)]
    assert min(per_book.values()) >= 3
    assert sum(per_book.values()) >= 40


def test_every_section_exists():
    """A hint that names a section names one that can be read."""
    for question in all_questions():
        file, _, heading = question.section.partition("#")
        master = ROOT / "lessons" / file.replace(".ipynb", ".py")
        assert master.exists(), question.name
        text = master.read_text(encoding="utf-8")
        headings = {
            line.lstrip("# ").replace(" ", "-") for line in text.splitlines() if "# #" in line
        }
        assert not heading or heading in headings, f"{question.name}: no heading {heading}"


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_hints_do_not_give_the_answer_away(book):
    """The stronger hint says something else than the first, and no hint is a line of the answer."""
    table = (ROOT / "docs" / "exercise_checks.md").read_text(encoding="utf-8")
    first = [line for line in table.splitlines() if line.startswith(f"| q{book.name[:2]}_")]
    stronger = [h for q in all_questions() if q.book == book.name for h in q.stronger.values()]
    assert all(len(hint) > 20 and hint not in table for hint in stronger)
    told = [(line, h) for line in answer_lines(book) for h in (*first, *stronger) if line in h]
    assert not told


def answer_lines(book):
    """Lines of code that only the solutions have, without a leading ``return``."""
    text = book.master.read_text(encoding="utf-8")
    blocks = re.findall(r"# BEGIN SOLUTION\n(.*?)# END SOLUTION", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    lines += re.findall(r"^(.*)# SOLUTION$", text, re.MULTILINE)
    code = [line.strip().removeprefix("return ") for line in lines]
    return [line for line in code if len(line) > 7 and not line.startswith("#")]


def test_rubrics_name_their_book():
    """An open question stands in a book that exists."""
    for rubric in all_rubrics():
        assert rubric.book in {book.name for book in BOOKS}
        assert f'self_assess("{rubric.name}")' in (
            ROOT / "lessons" / "exercises" / f"{rubric.book}.py"
        ).read_text(encoding="utf-8")


def test_a_check_that_lets_everything_pass_is_found():
    """The suite itself can fail: a blank with points, and a mistake without its hint."""
    full = Marks("q00_1", (Part("a", True),), {"a": 1})
    assert "earns 1 of 1" in Mutation("q00_1", "blank", full).problem
    none = Marks("q00_1", (Part("a", False, "other words"),), {"a": 1})
    assert "earns 0" in Mutation("q00_1", "solution", none).problem


def test_solutions_show_all_points():
    """The stored solutions are those that earned everything."""
    for book in BOOKS:
        points = points_in(nbformat.read(book.solution, as_version=4))
        assert set(points) == {q.name for q in all_questions() if q.book == book.name}
        assert all(earned == possible for earned, possible in points.values())


def test_the_table_of_one_book_leaves_the_others(tmp_path):
    """Trying book 06 renews its rows of the table, in their place, and no other."""
    stored = (ROOT / "docs" / "exercise_checks.md").read_text(encoding="utf-8")
    path = tmp_path / "table.md"
    path.write_text(stored, encoding="utf-8")
    marks = Marks("q06_1", (Part("a", False, "a new hint"),), {"a": 1})
    write_mutations([Mutation("q06_1", "blank", marks)], path)
    rows = path.read_text(encoding="utf-8").splitlines()
    others = [line for line in stored.splitlines() if not line.startswith("| q06")]
    assert [line for line in rows if not line.startswith("| q06")] == others
    place = rows.index("| q06_1 | blank | 0 of 1 | a new hint |")
    assert rows[place - 1].startswith("| q05")
    assert rows[place + 1].startswith("| q07")
