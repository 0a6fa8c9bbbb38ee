"""Building: one master gives one notebook, the same each time, executed only when it must be."""

import nbformat
import pytest

from mlp_course.notebooks import build_notebook
from mlp_course.notebooks.check import check_lesson


def outputs_of(lesson):
    return [c.outputs for c in nbformat.read(lesson.notebook, 4).cells if c.cell_type == "code"]


def test_two_builds_give_the_same_file(course):
    """A notebook holds no time, no counter and no random name."""
    lesson = course.build()
    first = lesson.notebook.read_bytes()
    build_notebook(lesson, force=True)
    assert lesson.notebook.read_bytes() == first


def test_an_unchanged_master_is_not_executed_again(course):
    """The digest in the notebook's metadata decides, and a changed cell changes it."""
    lesson = course.build("# %%\nprint(1)\n")
    assert not build_notebook(lesson)
    course.write("# %%\nprint(2)\n")
    assert build_notebook(lesson)


def test_new_text_is_stored_beside_the_old_outputs(course):
    """Mending a sentence costs no training: only changed code or tags are executed."""
    cell = "# %%\nimport time\nprint(time.time_ns())\n"
    lesson = course.build("# %% [markdown]\n# old\n\n" + cell)
    before = outputs_of(lesson)
    course.write("# %% [markdown]\n# new\n\n" + cell)
    assert not build_notebook(lesson)
    assert outputs_of(lesson) == before
    assert nbformat.read(lesson.notebook, 4).cells[0].source == "new"
    assert not check_lesson(lesson)
    course.write("# %% [markdown]\n# new\n\n" + cell.replace("# %%", '# %% tags=["later"]'))
    assert build_notebook(lesson)
    assert outputs_of(lesson) != before


def test_the_kernel_works_in_the_notebooks_folder_with_one_thread(course):
    """A lesson finds its files as it does in JupyterLab, and timings mean one thread."""
    lesson = course.build(
        "# %%\nimport os, pathlib\nprint(pathlib.Path.cwd().name, os.environ['OMP_NUM_THREADS'])"
    )
    assert outputs_of(lesson)[0][0].text == "notebooks 1\n"


def test_a_failing_cell_stops_the_build_and_keeps_the_old_notebook(course):
    """The message names lesson, cell and error; what was stored stays."""
    lesson = course.build("# %%\nprint(1)\n")
    before = lesson.notebook.read_bytes()
    course.write("# %% [markdown]\n# text\n\n# %%\n1\n\n# %%\n1 / 0\n")
    with pytest.raises(RuntimeError, match=r"01_test, cell 3: (.|\n)*ZeroDivisionError"):
        build_notebook(lesson)
    assert lesson.notebook.read_bytes() == before


def test_an_announced_error_is_part_of_the_lesson(course):
    """A cell tagged raises-exception is stored with its error; its trace names no folder."""
    lesson = course.build('# %% tags=["raises-exception"]\nimport json\njson.loads("[")\n')
    error = outputs_of(lesson)[0][0]
    assert error.ename == "JSONDecodeError"
    assert not any("/" in line.split("json/")[0] for line in error.traceback if "json/" in line)


def test_a_picture_under_a_slider_is_stored_as_a_picture(course):
    """A reader without a kernel sees what the slider showed, and that there is a slider."""
    lesson = course.build(
        "# %%\nfrom ipywidgets import IntSlider, interact\nfrom IPython.display import Markdown\n"
        "@interact(n=IntSlider(3, 1, 5, description='atoms'))\n"
        "def show(n):\n    display(Markdown(f'**{n} atoms**'))\n"
    )
    line, picture = outputs_of(lesson)[0]
    assert line.data["text/plain"] == "[to play with when the notebook runs: atoms = 3]"
    assert picture.data["text/markdown"] == "**3 atoms**"
    assert "widgets" not in nbformat.read(lesson.notebook, 4).metadata


def test_a_menu_is_named_with_its_choice(course):
    """A menu knows the place of its choice only; a reader wants the words."""
    lesson = course.build(
        "# %%\nfrom ipywidgets import Dropdown, interact\n"
        "@interact(n=Dropdown(options={'ten': 10, 'two': 2}, value=2, description='atoms'))\n"
        "def show(n):\n    print(n)\n"
    )
    line = outputs_of(lesson)[0][0]
    assert line.data["text/plain"] == "[to play with when the notebook runs: atoms = two]"


def test_a_picture_beside_a_widget_takes_its_place(course):
    """An author's own fallback is kept and the live widget dropped."""
    lesson = course.build(
        "# %%\nfrom ipywidgets import IntSlider\nbundle = IntSlider()._repr_mimebundle_()\n"
        "display({**bundle, 'text/html': '<b>picture</b>'}, raw=True)\n"
    )
    assert outputs_of(lesson)[0][0].data["text/html"] == "<b>picture</b>"
    assert "widget-view" not in lesson.notebook.read_text()


def test_a_progress_bar_leaves_its_last_state(course):
    """Carriage returns do not fill a stored notebook with old states."""
    lesson = course.build("# %%\nfor i in range(4):\n    print(f'\\r{i} of 3', end='')\n")
    assert outputs_of(lesson)[0][0].text == "3 of 3"
