"""Checking: a stored notebook that does not say what its master says is found and named."""

import re

import nbformat
import pytest

from mlp_course.notebooks import build_notebook, check_notebooks


def edit(lesson, change):
    """Change a stored notebook behind the back of its master."""
    notebook = nbformat.read(lesson.notebook, 4)
    change(notebook)
    nbformat.write(notebook, lesson.notebook)


def test_a_built_course_is_clean(course):
    """What build writes, check accepts."""
    course.build()
    assert check_notebooks(course.root) == []


def change_a_line(notebook):
    notebook.cells[2].source = "print(x + 3)"


def drop_a_tag(notebook):
    notebook.cells[1].metadata = {}


def drop_a_cell(notebook):
    notebook.cells.pop()


def add_a_cell(notebook):
    notebook.cells.append(nbformat.v4.new_markdown_cell("more"))


def turn_to_text(notebook):
    notebook.cells[2] = nbformat.v4.new_markdown_cell(notebook.cells[2].source)


def forget_the_outputs(notebook):
    notebook.cells[2].execution_count = None


def store_an_error(notebook):
    error = nbformat.v4.new_output("error", ename="ValueError", evalue="cutoff", traceback=[])
    notebook.cells[2].outputs = [error]


def store_a_folder(notebook):
    notebook.cells[2].outputs = [nbformat.v4.new_output("stream", text="saved in /home/ann/x\n")]


def grow(notebook):
    notebook.cells[2].outputs = [nbformat.v4.new_output("stream", text="a" * 1_100_000)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (change_a_line, r"01_test, cell 3: differs .* notebook: 'print\(x \+ 3\)'"),
        (drop_a_tag, "01_test, cell 2: differs .*metadata .*nbval-check-output"),
        (drop_a_cell, "01_test, cell 3: is in the master only"),
        (add_a_cell, "01_test, cell 4: is in the notebook only"),
        (turn_to_text, "01_test, cell 3: differs .*master: code, notebook: markdown"),
        (forget_the_outputs, "01_test, cell 3: was not executed in order"),
        (store_an_error, "01_test, cell 3: stores an error, ValueError: cutoff"),
        (store_a_folder, "01_test, cell 3: an output shows a path of one machine, '/home/a'"),
        (grow, "01_test: a notebook stays below 1 MB; this one has 1.10 MB"),
    ],
)
def test_each_fault_is_named_with_notebook_and_cell(course, change, message):
    """A notebook that no longer says what its master says, or stores rubbish, is found."""
    lesson = course.build()
    edit(lesson, change)
    (problem,) = check_notebooks(course.root)
    assert re.match(message, problem)


def test_an_edited_master_is_found_until_it_is_built(course):
    """Forgetting to build after an edit fails the check and says what to type."""
    lesson = course.build()
    course.write("# %%\n1 + 1\n")
    assert "mlp-course notebooks build --lesson 01_test" in check_notebooks(course.root)[0]
    build_notebook(lesson)
    assert check_notebooks(course.root) == []


def test_a_master_without_notebook_and_the_reverse_are_found(course):
    """Every lesson exists twice."""
    lesson = course.build()
    course.write(name="02_new")
    lesson.notebook.rename(lesson.notebook.with_name("03_alone.ipynb"))
    names = [problem.partition(": ")[0::2] for problem in check_notebooks(course.root)]
    assert [name for name, _ in names] == ["03_alone", "01_test", "02_new"]
    assert names[0][1].startswith("has no master")
    assert names[2][1].startswith("has no notebook")


def test_sixteen_lines_of_code_are_too_many(course):
    """A code cell has at most 15 lines; empty lines do not count."""
    course.build("# %%\n" + "x = 1\n\n" * 15)
    assert check_notebooks(course.root) == []
    course.build("# %%\n" + "x = 1\n" * 16)
    assert "at most 15 lines; this one has 16" in check_notebooks(course.root)[0]
