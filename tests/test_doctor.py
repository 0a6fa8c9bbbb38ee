"""The doctor: every broken installation gets its sentence and its cure."""

import json
import sys
import time
from types import SimpleNamespace

import pytest

from mlp_course import doctor
from mlp_course.cli import main
from mlp_course.data import download


@pytest.fixture
def nglview(tmp_path):
    """Fake both parts of nglview: what Python asks for, and what the browser has."""

    def write(wanted, found):
        python_file = tmp_path / "_frontend.py"
        python_file.write_text(f"__frontend_version__ = '{wanted}'" if wanted else "")
        package = tmp_path / "labextensions" / "nglview-js-widgets" / "package.json"
        if found:
            package.parent.mkdir(parents=True)
            package.write_text(json.dumps({"name": "nglview-js-widgets", "version": found}))
        return doctor.check_nglview(python_file, [tmp_path / "empty", tmp_path / "labextensions"])

    return write


def python_that_prints(text, *, status=0, stream="stdout"):
    """A command that behaves like ``pip check`` with a given answer."""
    return [sys.executable, "-c", f"import sys; print({text!r}, file=sys.{stream}); exit({status})"]


def test_this_installation_is_healthy():
    """In the environment that `make` builds, no check complains."""
    wrong = [finding for finding in doctor.examine() if not finding.ok]
    assert wrong == []


@pytest.mark.parametrize(("version", "ok"), [((3, 10, 14), False), ((3, 11, 0), True)])
def test_python_must_be_3_11(version, ok):
    """Python 3.10 is refused, 3.11 is enough."""
    finding = doctor.check_python(version)
    assert finding.ok is ok
    assert ok or "3.11" in finding.cure


def test_missing_package_is_named():
    """A package that is not there is named, next to the way to install it."""
    finding = doctor.check_versions(["numpy", "no-such-package"])
    assert not finding.ok
    assert finding.what == "Not installed: no-such-package"
    assert "make clean setup" in finding.cure


def test_conflicting_packages_are_quoted():
    """What pip says about a conflict reaches the reader."""
    sentence = "torch 2.13 requires sympy>=1.13, but you have sympy 1.12."
    finding = doctor.check_dependencies(python_that_prints(sentence, status=1))
    assert not finding.ok
    assert sentence in finding.what


def test_environment_without_pip_is_no_fault():
    """Tools that install without pip leave nothing to compare, and nothing wrong."""
    answer = python_that_prints("No module named pip", status=1, stream="stderr")
    assert doctor.check_dependencies(answer).ok


def test_schnetpack_that_does_not_import():
    """The reason of a failed import is quoted, whatever its type."""

    def load():
        raise ImportError("cannot import name 'T_co'")

    finding = doctor.check_schnetpack(load)
    assert not finding.ok
    assert "ImportError: cannot import name 'T_co'" in finding.what


def test_nglview_4_0_1_is_caught(nglview):
    """The release whose browser part is older than its Python part."""
    finding = nglview(wanted="4.0", found="3.1.5")
    assert not finding.ok
    assert "wants its browser part 4.0, and JupyterLab has 3.1.5" in finding.what
    assert "nglview>=3.1.4,<4" in finding.cure


@pytest.mark.parametrize(
    ("wanted", "found", "ok"),
    [("3.1.4", "3.1.4", True), ("3.1.4", None, False), (None, "3.1.4", False)],
)
def test_nglview_needs_both_parts(nglview, wanted, found, ok):
    """The viewer draws only when both parts are there and equal."""
    assert nglview(wanted, found).ok is ok


def test_data_folder_that_does_not_exist(tmp_path):
    """A misspelt MLP_COURSE_DATA is shown with the ways out."""
    finding = doctor.check_data(str(tmp_path / "nowhere"))
    assert not finding.ok
    assert "nowhere" in finding.what
    assert "unset MLP_COURSE_DATA" in finding.cure


def test_data_files_are_counted(tmp_path):
    """Files count in the folder and one level below, as the loaders look for them."""
    (tmp_path / "rmd17").mkdir()
    for name in ("a.npz", "rmd17/b.npz", "rmd17/notes.txt"):
        (tmp_path / name).touch()
    assert "(2 npz files)" in doctor.check_data(str(tmp_path)).what


def test_cache_that_cannot_be_written(tmp_path, monkeypatch):
    """A read-only home directory is noticed before a download fails."""
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    finding = doctor.check_data("", cache=tmp_path / "not" / "yet")
    assert not finding.ok
    assert "cannot be written" in finding.what


def test_doctor_and_loaders_mean_the_same_cache(monkeypatch, tmp_path):
    """The folder that is reported is the one that is filled."""
    asked = []
    monkeypatch.setattr(
        download.pooch, "os_cache", lambda project: asked.append(project) or tmp_path
    )
    (tmp_path / "rmd17").mkdir()
    (tmp_path / "rmd17" / "x.npz").touch()
    monkeypatch.delenv("MLP_COURSE_DATA", raising=False)
    download.find_file("x.npz", url="http://localhost:1/", sha256=None, folder="rmd17")
    doctor.check_data()
    assert len(asked) == 2
    assert asked[0] == asked[1]


@pytest.mark.parametrize(("memory_gb", "ok"), [(1.2, False), (3.0, True)])
def test_memory_for_the_largest_lesson(memory_gb, ok):
    """Less than 1.5 GB free is too little for the lessons."""
    finding = doctor.check_machine(cores=2, memory_gb=memory_gb)
    assert finding.ok is ok
    assert "2 cores" in finding.what


def test_a_broken_check_is_a_finding():
    """The doctor itself does not crash."""

    def check_heartbeat():
        raise RuntimeError("no pulse")

    (finding,) = doctor.examine([check_heartbeat])
    assert not finding.ok
    assert finding.what == "heartbeat could not be checked: RuntimeError: no pulse"


def test_report_puts_the_cure_below_the_fault():
    """A reader finds what to do on the line after what is wrong."""
    bad = doctor.Finding(False, "The flask leaks", "Take another flask")
    lines = doctor.report([doctor.Finding(True, "The stove works"), bad]).splitlines()
    place = lines.index("WRONG  The flask leaks")
    assert "Take another flask" in lines[place + 1]
    assert lines[-1] == "To be repaired: 1 of 2."


@pytest.mark.parametrize(("ok", "status"), [(True, 0), (False, 1)])
def test_exit_status_tells(monkeypatch, capsys, ok, status):
    """Scripts can ask the doctor: 0 is healthy, 1 is not."""
    monkeypatch.setattr(doctor, "QUICK_CHECKS", (lambda: doctor.Finding(ok, "So it is"),))
    assert main(["doctor", "--quick"]) == status
    assert "So it is" in capsys.readouterr().out


def test_quick_checks_are_quick():
    """The checks of every start together take less than 5 s."""
    start = time.perf_counter()
    doctor.examine(doctor.QUICK_CHECKS)
    assert time.perf_counter() - start < 5


def test_memory_limit_of_a_container_counts(monkeypatch, tmp_path):
    """Where a container has 2 GB, the host's 64 GB do not help."""
    (tmp_path / "memory.max").write_text("2000000000\n")
    (tmp_path / "memory.current").write_text("500000000\n")
    monkeypatch.setattr(doctor, "CGROUP", tmp_path)
    fake = SimpleNamespace(virtual_memory=lambda: SimpleNamespace(available=64e9))
    monkeypatch.setitem(sys.modules, "psutil", fake)
    assert doctor.check_machine().what.endswith("1.5 GB of memory free")
