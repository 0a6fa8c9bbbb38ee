"""The course works in other countries: other languages, other characters, other decimal commas."""

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlp_course.cli import main

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("mlp_course", "benchmarks", ".ci")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
OTHERS_OPEN = {"Progress", "Image", "opener"}  # their open() takes no encoding


def _guesses_encoding(call: ast.Call) -> bool:
    """True if a call reads or writes text and leaves the encoding to the computer's language."""
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    if "encoding" in keywords:
        return False
    if name == "read_text":
        return not call.args and None not in keywords
    if name == "write_text":
        return len(call.args) < 2
    if name in ("open", "fdopen"):
        owner = getattr(getattr(call.func, "value", None), "id", "")
        inside = [
            node for part in [*call.args, keywords.get("mode")] if part for node in ast.walk(part)
        ]
        modes = [node.value for node in inside if isinstance(node, ast.Constant)]
        binary = any(
            isinstance(mode, str) and re.fullmatch("[rwxa]?b[+]?|[rwxa][+]b", mode)
            for mode in modes
        )
        return owner not in OTHERS_OPEN and not binary
    return any(getattr(keywords.get(key), "value", False) for key in ("text", "universal_newlines"))


def _guesses(module: str) -> Iterator[int]:
    """Line numbers of all calls that guess an encoding."""
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, ast.Call) and _guesses_encoding(node):
            yield node.lineno


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_text_is_read_alike_in_every_language(path):
    """A file with Å in it means the same on every computer: no call guesses the encoding."""
    assert list(_guesses(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "call",
    [
        "path.read_text()",
        "path.write_text('x')",
        "path.open()",
        "path.open('w')",
        "open('result.json', 'w')",
        "os.fdopen(1, 'w')",
        "subprocess.run(command, text=True)",
        "dict(stdin=PIPE, text=True)",
    ],
)
def test_the_test_sees_what_it_looks_for(call):
    """Each of these reads or writes another file in another language."""
    assert list(_guesses(call)) == [1]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "iso8859-9"])
def test_a_letter_that_the_screen_does_not_know_stops_no_command(tmp_path, monkeypatch, encoding):
    """Progress is shown from a folder with a Chinese name on a Western European screen."""
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", screen)
    assert main(["progress", "--file", str(tmp_path / "课程 Øyvind.json")]) == 0
    screen.flush()
    assert rb"\u8bfe\u7a0b" in screen.buffer.getvalue()
