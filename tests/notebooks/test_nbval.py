"""The way notebooks are tested: nbval in lax mode with the project's conftest and sanitizer."""

import shutil
from pathlib import Path

import nbformat

PROJECT = Path(__file__).parents[2]
OPTIONS = ["--nbval-lax", "--nbval-sanitize-with", PROJECT / "tests/nbval_sanitize.cfg"]


def store_output(lesson, text):
    notebook = nbformat.read(lesson.notebook, 4)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", text=text)]
    nbformat.write(notebook, lesson.notebook)


def test_a_semicolon_silences_a_checked_cell(course, run_pytest):
    """With the project's conftest, a silenced value is no difference."""
    course.build()
    shutil.copy(PROJECT / "conftest.py", course.root)
    status, text = run_pytest(*OPTIONS, course.root)
    assert status == 0, text
    assert "2 passed" in text


def test_the_cure_for_the_semicolon_is_still_needed(course, run_pytest):
    """Without the conftest nbval shows the value; if this fails, the conftest can go."""
    course.build()
    status, text = run_pytest(*OPTIONS, course.root)
    assert status == 1, text
    assert "1 failed" in text


def test_a_wrong_stored_number_is_found(course, run_pytest):
    """A checked cell whose result changed fails."""
    lesson = course.build('# %% tags=["nbval-check-output"]\nprint("E = 1.25 eV")\n')
    store_output(lesson, "E = 1.35 eV\n")
    shutil.copy(PROJECT / "conftest.py", course.root)
    status, text = run_pytest(*OPTIONS, course.root)
    assert status == 1
    assert "E = 1.35 eV" in text


def test_an_unchecked_cell_may_change_its_numbers(course, run_pytest):
    """Lax mode compares tagged cells only; the others have to run."""
    lesson = course.build("# %%\nprint(1)\n")
    store_output(lesson, "2\n")
    assert run_pytest(*OPTIONS, course.root)[0] == 0


def test_the_sanitizer_forgives_times_and_addresses_only(course, run_pytest):
    """Seconds, dates, addresses and -0.00 may differ; energies, femtoseconds and counts not."""
    lesson = course.build(
        '# %% tags=["nbval-check-output"]\n'
        'print("3.4 s, 2026-01-02, <object at 0x7f0011223344>, 0.00 eV, 0.5 fs, 12 steps")\n'
    )
    shutil.copy(PROJECT / "conftest.py", course.root)
    store_output(
        lesson, "9 s, 2024-05-06, <object at 0x7fffffffffff>, -0.00 eV, 0.5 fs, 12 steps\n"
    )
    status, text = run_pytest(*OPTIONS, course.root)
    assert status == 0, text
    store_output(
        lesson, "9 s, 2024-05-06, <object at 0x7fffffffffff>, -0.00 eV, 0.6 fs, 12 steps\n"
    )
    assert run_pytest(*OPTIONS, course.root)[0] == 1


def test_a_cell_that_hangs_is_stopped(course, run_pytest):
    """The time limit of a cell fails the notebook instead of blocking the run."""
    lesson = course.build("# %%\nimport time\n")
    notebook = nbformat.read(lesson.notebook, 4)
    notebook.cells[0].source += "\ntime.sleep(60)"
    nbformat.write(notebook, lesson.notebook)
    status, text = run_pytest(*OPTIONS, "--nbval-cell-timeout", "2", course.root)
    assert status == 1
    assert "Timeout of 2 seconds" in text
