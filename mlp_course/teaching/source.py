"""The package's own code beside the equation: a piece of a function, as it stands in its file."""

import ast
import inspect
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any


class Source:
    """A piece of source code that a notebook shows in colours, with the place where it stands.

    Attributes:
        text: the lines shown, without common indentation and docstring.
        place: file and function; no line, which would be wrong in a stored notebook after any edit.

    Example:
        >>> from mlp_course.descriptors.cutoffs import cosine_cutoff
        >>> show_source(cosine_cutoff, first="return").place
        'mlp_course/descriptors/cutoffs.py, cosine_cutoff'
    """

    def __init__(self, text: str, place: str) -> None:
        self.text = text
        self.place = place

    def __repr__(self) -> str:
        return f"{self.text}\n# {self.place}"

    def _repr_markdown_(self) -> str:
        return f"```python\n{self.text}\n```\n<small>`{self.place}`</small>"


def show_source(
    function: Callable[..., Any], *, first: str | None = None, last: str | None = None
) -> Source:
    """Show a function of the course or of a library as it stands in its file, or a part of it.

    What is shown is read from the file, so that it is what runs.

    Args:
        function: for example ``MACE.forward``.
        first: text in the first line to show; by default the line after the docstring.
        last: text in the last line to show, searched from the first on; by default the end.

    Returns:
        The lines, which a notebook shows with colours.

    Raises:
        TypeError: if it is not written with def or class in a file, like a lambda or a built-in.
        ValueError: if no line of the function holds ``first``, or none from there on ``last``.

    Example:
        >>> from mlp_course.descriptors.cutoffs import cosine_cutoff
        >>> print(show_source(cosine_cutoff, first="return").text)
        return ...
    """
    text = inspect.cleandoc("\n" + _written(function))  # without common indentation
    shown = text.splitlines()
    begin = _after_docstring(text)
    if first is not None:
        begin = _find(shown, first, begin, function)
    end = len(shown) if last is None else _find(shown, last, begin, function) + 1
    piece = inspect.cleandoc("\n" + "\n".join(shown[begin:end]))
    return Source(piece, f"{_file(function)}, {function.__qualname__}")


def _written(function: Callable[..., Any]) -> str:
    """A function as it stands in its file."""
    with suppress(AttributeError, TypeError, OSError):  # no function, a built-in, no file
        if function.__name__ != "<lambda>":
            return inspect.getsource(function)
    raise TypeError(
        "function must be one that is written with def in a file, such as MACE.forward; "
        f"got {function!r}"
    )


def _after_docstring(text: str) -> int:
    """Number of the first line below signature and docstring."""
    body = ast.parse(text).body[0].body
    has_docstring = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    return (body[0].end_lineno if has_docstring else body[0].lineno - 1) or 0


def _find(lines: list[str], wanted: str, start: int, function: Callable[..., Any]) -> int:
    """Number of the first line from ``start`` on that holds a text."""
    for number, line in enumerate(lines[start:], start):
        if wanted in line:
            return number
    raise ValueError(
        f"no line of {function.__qualname__} holds {wanted!r}: the code was changed; choose "
        "another text for first or last"
    )


def _file(function: Callable[..., Any]) -> str:
    """File of a function, from its package on."""
    path = Path(inspect.getsourcefile(function) or "")
    package = function.__module__.partition(".")[0]
    root = Path(sys.modules[package].__file__ or "").parent.parent
    return path.relative_to(root).as_posix()
