"""The set-up: pinned versions that fit together, make targets that say what they want."""

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import mlp_course
from mlp_course import doctor

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
DIRECT = [  # `test` asks for the extra `site` by the project's own name
    Requirement(line)
    for line in PROJECT["dependencies"] + EXTRAS["test"] + EXTRAS["site"]
    if not line.startswith("mlp-course")
]
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def pins():
    """Read constraints.txt: the pinned version of each package."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    requirements = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(r.name): str(r.specifier).removeprefix("==") for r in requirements}


def make(*arguments, folder=ROOT):
    """Run make and return what happened."""
    return subprocess.run(
        ["make", *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def bare_copy(tmp_path):
    """The files that make needs, without an environment, in a folder with spaces."""
    folder = tmp_path / "a course with spaces"
    folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


def test_version_is_written_once():
    """The package and its metadata report the same version."""
    assert PROJECT["version"] == mlp_course.__version__


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda requirement: requirement.name)
def test_pin_fulfils_the_requirement(requirement):
    """Each package that the course asks for is pinned to a version that it accepts."""
    pin = pins()[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(Version(pin))


@pytest.mark.parametrize("requirement", DIRECT, ids=lambda requirement: requirement.name)
def test_environment_is_the_pinned_one(requirement):
    """What is installed is what was pinned, whatever the build of torch."""
    if requirement.marker and not requirement.marker.evaluate():
        pytest.skip("not for this system")
    installed = metadata.version(requirement.name).partition("+")[0]
    assert installed == pins()[canonicalize_name(requirement.name)]


def test_pip_check_is_silent():
    """No installed package complains about another one: no line is expected."""
    finding = doctor.check_dependencies()
    assert finding.ok, finding.what


def test_pins_know_the_traps():
    """The versions around the three known traps are the ones that were tried together."""
    known = pins()
    assert Version(known["schnetpack"]) == Version("2.0.4")
    assert Version(known["nglview"]) < Version("4")
    assert Version(known["setuptools"]) < Version("81")


@pytest.mark.parametrize("name", ["docs/install.md", "binder/requirements.txt"])
def test_torch_version_is_the_same_everywhere(name):
    """Where a file tells people which torch to install, it is the pinned one."""
    text = (ROOT / name).read_text(encoding="utf-8")
    found = set(re.findall(r"torch==([0-9.]+[0-9])", text))
    assert found == {pins()["torch"]}


def test_console_script_is_installed():
    """The word ``mlp-course`` reaches the command line of the course."""
    (script,) = metadata.entry_points(group="console_scripts", name="mlp-course")
    assert script.value == "mlp_course.cli:main"


@needs_make
def test_make_alone_lists_every_target():
    """Somebody who types make sees what there is, and nothing happens."""
    shown = make().stdout
    listed = re.findall(r"^  make ([a-z-]+)  ", shown, flags=re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(phony.group(1).split())


@needs_make
@pytest.mark.parametrize(
    ("choice", "request_"),
    [
        ("default", "torch=={}"),
        ("cpu", "torch=={}+cpu --extra-index-url https://download.pytorch.org/whl/cpu"),
        ("cuda", "torch==={}"),
    ],
)
def test_choice_of_torch(bare_copy, choice, request_):
    """TORCH= decides what pip is asked for."""
    commands = make("-n", "setup", f"TORCH={choice}", folder=bare_copy).stdout
    (line,) = [line for line in commands.splitlines() if "pip install" in line]
    assert line.endswith("-c constraints.txt -e . " + request_.format(pins()["torch"]))


@needs_make
def test_unknown_torch_is_refused(bare_copy):
    """A misspelt TORCH stops with the three words that exist."""
    (bare_copy / ".venv").mkdir()
    (bare_copy / ".venv" / ".made").touch()
    result = make("setup", "TORCH=gpu", folder=bare_copy)
    assert result.returncode != 0
    assert 'TORCH must be default, cpu or cuda; got "gpu"' in result.stderr


@needs_make
def test_missing_python_is_explained(bare_copy):
    """Without a Python that is new enough, make says which one it wants."""
    result = make("setup", "PYTHON=/no/such/python", folder=bare_copy)
    assert result.returncode != 0
    assert "No Python 3.11 or newer found" in result.stdout
    assert not (bare_copy / ".venv").exists()


@needs_make
def test_lab_arguments_reach_jupyter(bare_copy):
    """JupyterLab is started on the first lesson, with what stands in LAB_ARGS."""
    commands = make("-n", "lab", "LAB_ARGS=--no-browser --port 8890", folder=bare_copy).stdout
    assert "/lab/tree/notebooks/00_start_here.ipynb --no-browser --port 8890" in commands


def lint_imports(folder):
    """Run import-linter on a copy of the package."""
    code = "from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("line", "contract"),
    [
        ("", None),
        ("import mlp_course.models", "Ideas of the course build on each other"),
        ("import matplotlib.pyplot", "Only teaching/ draws"),
        ("import schnetpack.nn", "SchNetPack is imported in one place"),
    ],
)
def test_layers_are_guarded(tmp_path, line, contract):
    """A wrong import at the bottom of the package breaks the contract made for it."""
    shutil.copytree(ROOT / "mlp_course", tmp_path / "mlp_course")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "mlp_course" / "units.py").open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    result = lint_imports(tmp_path)
    assert (result.returncode == 0) is (contract is None), result.stdout + result.stderr
    assert contract is None or f"{contract} BROKEN" in result.stdout


@pytest.mark.slow
def test_wheel_carries_every_file_of_the_package(tmp_path):
    """Data sets, weights and checksums travel with the installed package."""
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "mlp_course", source / "mlp_course")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, timeout=300, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "mlp_course"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert sorted(set(tracked) - packed) == []
