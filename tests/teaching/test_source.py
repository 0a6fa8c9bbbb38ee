"""Source beside the equation: exactly what stands in the file, or an error."""

import functools
import inspect

import pytest

from mlp_course.models.mace import MACE
from mlp_course.teaching import show_source


def test_the_lines_are_those_of_the_file():
    """The lines shown follow each other in the named function of the named file."""
    source = show_source(MACE.forward, first="a = messages", last="energies = energies")
    assert source.place == "mlp_course/models/mace.py, MACE.forward"
    lines = [line.strip() for line in inspect.getsource(MACE.forward).splitlines()]
    shown = source.text.splitlines()
    begin = lines.index(shown[0])
    assert shown == lines[begin : begin + 4]


def test_signature_and_docstring_are_left_out():
    """By default the body is shown, indented as code, in a block that notebooks colour."""
    source = show_source(MACE.forward)
    assert source.text.startswith("element = ")
    assert "Atom energies in eV" not in source.text
    assert source._repr_markdown_().startswith("```python\nelement = ")


@pytest.mark.parametrize("thing", [lambda: 0, len, "MACE.forward", functools.partial(len)])
def test_what_has_no_body_in_a_file_is_refused(thing):
    """A lambda, a built-in, a name: the error says what can be shown."""
    with pytest.raises(TypeError, match=r"written with def in a file, such as MACE\.forward; got"):
        show_source(thing)


def test_code_that_was_changed_is_noticed():
    """A text that is no longer there is an error and not an empty picture."""
    with pytest.raises(ValueError, match=r"no line of MACE\.forward holds 'b = nothing'"):
        show_source(MACE.forward, first="b = nothing")
    with pytest.raises(ValueError, match="the code was changed"):
        show_source(MACE.forward, first="b = product", last="a = messages")
