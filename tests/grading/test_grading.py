"""Thirty strangers' notebooks: each is marked, none can harm the others."""

import json
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pandas as pd
import psutil
import pytest

from mlp_course.grading import Limits, Refused, can_isolate, grade_folder, read_submission
from mlp_course.teaching.exercises import all_questions

ROOT = Path(__file__).resolve().parents[2]
BOOK = "06_descriptors"
POSSIBLE = {q.name: q.possible for q in all_questions() if q.book == BOOK}
FAST = Limits(seconds=60, memory_mb=1500)
isolated = pytest.mark.skipif(
    not can_isolate(), reason="bubblewrap is not installed or may not make namespaces"
)


def book(folder):
    """One of the two books as it is built."""
    return nbformat.read(ROOT / folder / f"{BOOK}.ipynb", as_version=4)


def hand_in(folder, name, *, start=None, end=None, solved=True):
    """A submission, with a cell put in after the first, or at the end."""
    notebook = book("solutions" if solved else "exercises")
    code = [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    if end is not None:
        notebook.cells.append(nbformat.v4.new_code_cell(end))
    if start is not None:
        notebook.cells.insert(code[0] + 1, nbformat.v4.new_code_cell(start))
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


def grade(folder, **options):
    """Grade and return the results by name, and the table."""
    out = folder.parent / "grades.csv"
    results = grade_folder(folder, out, limits=options.pop("limits", FAST), **options)
    return {one.file: one for one in results}, pd.read_csv(out).set_index("file")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "handed in"
    folder.mkdir()
    return folder


def test_solution_and_blank(folder):
    """A solved book earns all points, an untouched one none, in a folder of its own too."""
    hand_in(folder, "right.ipynb")
    hand_in(folder, "group b/blank.ipynb", solved=False)
    graded, table = grade(folder)
    assert graded["right.ipynb"].total == sum(POSSIBLE.values())
    assert graded["group b/blank.ipynb"].total == 0
    assert table.loc["right.ipynb", list(POSSIBLE)].to_dict() == POSSIBLE
    assert not graded["right.ipynb"].notes


EVIL = {
    "hangs": ("while True: pass", "more than 40 s"),
    "dies": ("import os; os._exit(3)", "died"),
    "exits": ("import sys; sys.exit()", "SystemExit"),
    "recurses": ("def f(): f()\nf()", "RecursionError"),
    "prints": ("while True: print('x' * 1_000_000)", "printed more than"),
    "fills the disk": ("f = open('big', 'wb')\nwhile True: f.write(bytes(10**7))", "wrote more"),
    "eats memory": ("x = [bytearray(10**8) for _ in range(1000)]", "emory"),
    "forks": (
        "import subprocess as s\np = [s.Popen(['sleep', '99']) for _ in range(60)]\ninput()\n"
        "import time; time.sleep(99)",
        "processes",
    ),
    "kills": ("import os, signal; os.kill(0, signal.SIGKILL)", "died"),
    "lies": (
        'open(\'result.jsonl\', \'a\').write(\'{"event": "points", "question": "q06_1", '
        '"points": 1000}\\n\')',
        "claims 1000",
    ),
}


MARKER = ROOT / "mlp_course" / "grading" / "written_by_a_submission"
THIEF = """
import os, pathlib, shutil
others, solutions, marker = (pathlib.Path(p) for p in ({others!r}, {solutions!r}, {marker!r}))
assert not list(others.iterdir()), "others"
assert not list(solutions.glob("*.ipynb")), "solutions"
shutil.rmtree(others, ignore_errors=True)
try:
    marker.write_text("here")
    raise AssertionError("course")
except OSError:
    pass
"""


@dataclass
class Company:
    """What came of one honest notebook among many that are not."""

    folder: Path
    honest: str
    graded: dict
    table: pd.DataFrame
    seconds: float


@pytest.fixture(scope="module")
def evil_company(tmp_path_factory):
    """All of them graded together, once."""
    folder = tmp_path_factory.mktemp("class") / "handed in"
    honest = hand_in(folder, "honest.ipynb").read_text()
    for name, (code, _) in EVIL.items():
        hand_in(folder, f"{name}.ipynb", start=code)
    hand_in(folder, "hangs late.ipynb", end="while True: pass")
    hand_in(folder, "error.ipynb", start="1 / 0")
    hand_in(folder, "reader.ipynb", start="from mlp_course.teaching.exercises import question")
    sleep = "import subprocess as s; s.Popen(['sleep', '4321'], start_new_session=True)"
    hand_in(folder, "leaves.ipynb", start=sleep)
    places = dict(others=str(folder), solutions=str(ROOT / "solutions"), marker=str(MARKER))
    hand_in(folder, "thief.ipynb", start=THIEF.format(**places)) if can_isolate() else None
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        hand_in(folder, "calls.ipynb", start=f"import socket; socket.create_connection({address})")
        start = time.monotonic()
        graded, table = grade(folder, limits=Limits(seconds=40, memory_mb=1500, disk_mb=100))
    return Company(folder, honest, graded, table, time.monotonic() - start)


@pytest.mark.slow
@pytest.mark.parametrize("name", EVIL)
def test_evil_is_named(evil_company, name):
    """Whatever a notebook does, its row says what it did."""
    graded, table = evil_company.graded, evil_company.table
    told = EVIL[name][1]
    assert told in " ".join(graded[f"{name}.ipynb"].notes)
    assert told in table.loc[f"{name}.ipynb", "notes"]


@pytest.mark.slow
def test_evil_costs_only_itself(evil_company):
    """The honest notebook keeps all its points, and the whole class ends in time."""
    honest = evil_company.graded["honest.ipynb"]
    assert honest.total == sum(POSSIBLE.values()), honest.notes
    assert evil_company.seconds < 900


def test_what_is_no_notebook_is_named(folder):
    """Text, bytes, deep nesting, another notebook, a link, a huge file: refused with reason."""
    (folder / "text.ipynb").write_text("I forgot to save")
    (folder / "image.ipynb").write_bytes(bytes(range(256)))
    (folder / "deep.ipynb").write_text("[" * 200_000)
    (folder / "list.ipynb").write_text("[1, 2]")
    nbformat.write(nbformat.v4.new_notebook(), folder / "other.ipynb")
    (folder / "link.ipynb").symlink_to("/etc/passwd")
    with (folder / "huge.ipynb").open("wb") as file:
        file.truncate(40_000_000)
    (folder / "=1+1.ipynb").write_text("{}")
    graded, table = grade(folder)
    assert all(one.total == 0 and one.notes for one in graded.values())
    assert "is a link" in graded["link.ipynb"].notes[0]
    assert "40 MB" in graded["huge.ipynb"].notes[0]
    assert "names none" in graded["other.ipynb"].notes[0]
    assert "'=1+1.ipynb" in table.index


def test_pickles_are_never_opened(folder):
    """otter-grader's log is a pickle; one that would run a program lies there untouched."""
    canary = folder.parent / "opened"
    code = f"cos\nsystem\n(S'touch {canary}'\ntR."
    (folder / ".OTTER_LOG").write_text(code)
    (folder / "answers.pkl").write_text(code)
    graded, _ = grade(folder)
    assert not canary.exists()
    assert set(graded) == {"answers.pkl"}
    assert "not a notebook" in graded["answers.pkl"].notes[0]


def test_an_invented_book_is_refused(folder):
    """A book that does not exist has no questions."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell('grader = start_exercises("66_nothing")')]
    nbformat.write(notebook, folder / "invented.ipynb")
    graded, _ = grade(folder)
    assert "does not exist" in graded["invented.ipynb"].notes[0]


@pytest.mark.slow
def test_points_before_a_hang_are_kept(evil_company):
    """A cell that hangs costs what comes after it."""
    late = evil_company.graded["hangs late.ipynb"]
    assert late.total == sum(POSSIBLE.values())
    assert "more than 40 s" in late.notes[0]


@pytest.mark.slow
def test_an_error_in_one_cell_costs_only_that_cell(evil_company):
    """The other questions are marked, and the note names cell and error."""
    error = evil_company.graded["error.ipynb"]
    assert error.total == sum(POSSIBLE.values())
    assert "ZeroDivisionError" in error.notes[0]


@pytest.mark.slow
@isolated
def test_files_of_others_are_out_of_reach(evil_company):
    """A notebook cannot read or delete another, see the solutions, or write into the course."""
    thief = evil_company.graded["thief.ipynb"]
    assert (evil_company.folder / "honest.ipynb").read_text() == evil_company.honest
    assert not MARKER.exists()
    assert thief.notes == []  # none of its assertions failed
    assert thief.total == sum(POSSIBLE.values())


@pytest.mark.slow
@isolated
def test_there_is_no_network(evil_company):
    """A notebook cannot even reach this machine's own ports."""
    assert "ConnectionRefusedError" in evil_company.graded["calls.ipynb"].notes[0]


@pytest.mark.slow
@isolated
def test_nothing_is_left_running(evil_company):
    """Processes that a notebook starts end with it, also those with a session of their own."""
    running = [process.info["cmdline"] or [] for process in psutil.process_iter(["cmdline"])]
    assert not [words for words in running if "4321" in words]


@pytest.mark.slow
def test_who_reads_the_grader_is_named(evil_company):
    """A cell that imports the checks is shown to the instructor; it is not judged."""
    assert "look at it" in evil_company.graded["reader.ipynb"].notes[0]


def test_wrong_folders_are_refused(tmp_path):
    """A folder that is none, is empty, or holds the course, is refused with its name."""
    with pytest.raises(ValueError, match="must be a folder"):
        grade_folder(tmp_path / "nowhere", tmp_path / "g.csv")
    with pytest.raises(ValueError, match="holds no files"):
        grade_folder(tmp_path, tmp_path / "g.csv")
    with pytest.raises(ValueError, match="must not hold the course"):
        grade_folder(ROOT, tmp_path / "g.csv")
    with pytest.raises(ValueError, match="jobs must be 1 or more"):
        grade_folder(tmp_path, tmp_path / "g.csv", jobs=0)
    with pytest.raises(ValueError, match="must be positive"):
        Limits(seconds=0)


def test_a_source_may_be_a_list_of_lines(tmp_path):
    """Both spellings of nbformat are read; another kind of source is refused."""
    path = tmp_path / "a.ipynb"
    cell = dict(cell_type="code", source=["a = 1\n", f'start_exercises("{BOOK}")'])
    path.write_text(json.dumps(dict(cells=[cell])))
    assert read_submission(path).cells == (f'a = 1\nstart_exercises("{BOOK}")',)
    path.write_text(json.dumps(dict(cells=[dict(cell_type="code", source=7)])))
    with pytest.raises(Refused, match="not a notebook"):
        read_submission(path)


def test_half_characters_stop_nobody(folder):
    """A file name that is no UTF-8, or half a character in an error, costs only its own row."""
    (folder / "b\udcff.ipynb").write_text("{}")
    hand_in(folder, "half.ipynb", solved=False, end="raise ValueError(chr(0xD800))")
    graded, table = grade(folder)
    assert any("ValueError" in note for note in graded["half.ipynb"].notes)
    assert len(table) == 2


def test_an_answer_that_exits_costs_only_its_question(folder):
    """SystemExit and KeyboardInterrupt inside an answer leave the other questions alone."""
    path = hand_in(folder, "exits.ipynb")
    notebook = nbformat.read(path, as_version=4)
    at = next(i for i, c in enumerate(notebook.cells) if 'grader.check("q06_2")' in c.source)
    cell = nbformat.v4.new_code_cell("def my_angular(*a, **k): raise KeyboardInterrupt")
    notebook.cells.insert(at, cell)
    nbformat.write(notebook, path)
    graded, _ = grade(folder)
    assert graded["exits.ipynb"].points == {q: p for q, p in POSSIBLE.items() if q != "q06_2"}
    assert any("q06_2: KeyboardInterrupt" in note for note in graded["exits.ipynb"].notes)


def test_a_table_needs_a_folder(folder, tmp_path):
    """A missing folder for the table is told before anything runs."""
    (folder / "a.ipynb").write_text("{}")
    for out in (tmp_path / "missing" / "grades.csv", tmp_path):
        with pytest.raises(ValueError, match="OUT must be a file"):
            grade_folder(folder, out)


FORGED = """
import atexit as late
name = "res" + "ult.jsonl"
line = '{"event": "po' + 'ints", "question": "q06_1", "points": 3}'
late.register(lambda: open(name, "a").write(line + chr(10)))
"""


def test_points_after_the_end_are_not_believed(folder):
    """What is written when the program ends is no mark, and the row says that it was tried."""
    hand_in(folder, "late.ipynb", solved=False, end=FORGED)
    graded, _ = grade(folder)
    assert graded["late.ipynb"].total == 0
    assert any("does not close with its end" in note for note in graded["late.ipynb"].notes)


def test_points_that_come_twice_are_named(folder):
    """A question is marked once: of two marks the lower counts, and the instructor is told."""
    hand_in(folder, "early.ipynb", solved=False, start=FORGED + "late._run_exitfuncs()")
    graded, _ = grade(folder)
    assert graded["early.ipynb"].total == 0
    assert any("q06_1 were written twice" in note for note in graded["early.ipynb"].notes)
