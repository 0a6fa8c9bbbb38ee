"""Measuring: a lesson's memory is its own, with its children and without its neighbours."""

import os
import signal
import subprocess
import sys
import time

import pytest

from mlp_course.notebooks import Measurement, find_lessons, measure, measure_notebook
from mlp_course.notebooks.measure import write_table

ALLOCATE = "# %%\nimport time\nx = b'1' * 300_000_000\ntime.sleep(0.5)\n"
CHILD = """# %%
import subprocess, sys
code = "import time; x = b'1' * 300_000_000; time.sleep(1)"
subprocess.run([sys.executable, "-c", code]);
"""


def test_memory_that_a_cell_holds_is_seen(course):
    """A kernel that fills 300 MB peaks between 300 and 600 MB."""
    result = measure_notebook(course.write(ALLOCATE))
    assert 300 < result.peak_mb < 600
    assert 0.5 < result.seconds < 60


def test_memory_of_a_process_below_the_kernel_is_seen(course):
    """Work that a cell hands to another process counts too."""
    assert 300 < measure_notebook(course.write(CHILD)).peak_mb < 600


def test_memory_of_others_is_not_counted(course):
    """What ran before the lesson started (a browser, a label server) is not its memory."""
    code = "import time; x = b'1' * 700_000_000; print('ready', flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as other:
        try:
            other.stdout.readline()
            assert measure_notebook(course.write(ALLOCATE)).peak_mb < 600
        finally:
            other.kill()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows does not fork")
def test_a_copy_that_was_only_just_forked_does_not_count():
    """Until its own program takes its place, it carries the pages of this process."""
    others = {process.pid for process in measure._children()}  # of earlier tests
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    forked = os.fork()
    if not forked:
        time.sleep(600)
        os._exit(0)
    try:
        time.sleep(0.5)
        assert 1 < measure._children_mb(without=others) < 50  # the interpreter alone
    finally:
        for pid in (child.pid, forked):
            os.kill(pid, signal.SIGKILL)
        child.wait()
        os.waitpid(forked, 0)


def test_measuring_stores_no_notebook(course):
    """A measurement leaves the built notebooks alone."""
    lesson = course.write()
    measure_notebook(lesson)
    assert not lesson.notebook.exists()


def test_the_table_keeps_rows_and_marks_what_does_not_fit(course):
    """Measuring one lesson renews its row only; too much memory is said in bold."""
    for name in ("05_a", "09_b"):
        course.build("# %%\n1\n", name)
    table, lessons = course.root / "notebooks" / "README.md", find_lessons(course.root)
    write_table([Measurement("05_a", 61.2, 812.0)], lessons, table)
    write_table([Measurement("09_b", 100.0, 1600.0)], lessons, table)
    first, second = table.read_text().splitlines()[-2:]
    assert first.startswith("| [05_a](05_a.ipynb) | 61 | 812 | 1 | 20")
    assert second.startswith("| [09_b](09_b.ipynb) | 100 | 1600 **too much** |")


def test_limits_are_those_of_the_course():
    """240 s and 1500 MB fit; more does not."""
    assert Measurement("x", 240.0, 1500.0).fits
    assert not Measurement("x", 241.0, 100.0).fits
    assert not Measurement("x", 10.0, 1501.0).fits
    assert Measurement("05_workflow", 180.0, 1500.0).fits  # promises three minutes
    assert not Measurement("05_workflow", 181.0, 100.0).fits
