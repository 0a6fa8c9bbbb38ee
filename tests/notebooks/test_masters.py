"""Masters: the percent marks of a lesson become cells with tags and lasting ids."""

import pytest

from mlp_course.notebooks import find_lessons, read_master


def test_cells_and_tags_come_from_the_percent_marks(course):
    """A master's marks say which cells are text, which are code, and what tags they carry."""
    cells = read_master(course.write().master).cells
    assert [cell.cell_type for cell in cells] == ["markdown", "code", "code"]
    assert cells[1].metadata == {"tags": ["nbval-check-output"]}
    assert cells[1].source == "x = 2\nx;"


def test_equal_cells_have_different_ids(course):
    """Ids are unique in a notebook even when two cells say the same."""
    lesson = course.write("# %%\n1\n\n# %%\n1\n")
    first, second = read_master(lesson.master).cells
    assert first.id != second.id


def test_ids_stay_when_a_cell_is_put_in_front(course):
    """A new cell leaves the ids of all others alone, so that changes are easy to read."""
    before = [cell.id for cell in read_master(course.write().master).cells]
    longer = "# %% [markdown]\n# new\n\n" + course.example
    after = [cell.id for cell in read_master(course.write(longer).master).cells]
    assert after[1:] == before


def test_line_endings_of_windows_are_the_same_lesson(course):
    """A master that git wrote with CRLF has the same digest."""
    lesson = course.write()
    unix = read_master(lesson.master).metadata
    lesson.master.write_bytes(course.example.replace("\n", "\r\n").encode())
    assert read_master(lesson.master).metadata == unix


def test_selection_is_the_beginning_of_a_name(course):
    """`--lesson 09` finds 09_training and nothing else."""
    course.write(name="05_workflow")
    course.write(name="09_training")
    assert [lesson.name for lesson in find_lessons(course.root, "09")] == ["09_training"]


def test_an_unknown_lesson_is_refused_with_the_known_ones(course):
    """A wrong number is answered with the list of lessons."""
    course.write(name="05_workflow")
    with pytest.raises(ValueError, match=r"got '17'\. Known lessons: 05_workflow"):
        find_lessons(course.root, "17")
