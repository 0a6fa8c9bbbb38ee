"""The command line: it starts at once, and says what it can do."""

import subprocess
import sys

import pytest

from mlp_course import __version__
from mlp_course.cli import main


def test_version(capsys):
    """``mlp-course --version`` prints the version and nothing else."""
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out.strip() == __version__


@pytest.mark.parametrize("words", [[], ["doktor"]])
def test_wrong_command_lists_the_right_ones(capsys, words):
    """Whoever mistypes a command reads how to ask for help; status 2 as usual."""
    with pytest.raises(SystemExit) as stop:
        main(words)
    assert stop.value.code == 2
    assert "mlp-course" in capsys.readouterr().err


def test_help_names_the_commands(capsys):
    """``mlp-course --help`` shows doctor and notebooks."""
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert "doctor" in shown
    assert "notebooks" in shown


def test_command_line_loads_nothing_heavy():
    """Even in a broken installation it starts: torch and SchNetPack are imported only on demand."""
    code = "import sys, mlp_course.cli; print({'torch', 'schnetpack', 'jupytext'} & {*sys.modules})"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set()"
