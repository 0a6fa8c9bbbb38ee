"""Stored outputs: what a reader without a running kernel sees, the same on every machine."""

from __future__ import annotations

import re
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

WIDGET = "application/vnd.jupyter.widget-view+json"
WidgetState = dict[str, dict[str, Any]]


def clean_outputs(notebook: NotebookNode, widgets: WidgetState, root: Path) -> None:
    """Make the outputs of an executed notebook small, readable and free of this machine.

    A live widget cannot be read without its kernel, and its stored state (whole trajectories,
    JavaScript from the network) is large. What is kept is therefore the picture: an image that
    was shown beside the widget, the outputs inside it, or one line that names its controls.

    Args:
        notebook: executed notebook; its outputs are replaced.
        widgets: state of every widget at the end of the run, by model id.
        root: project folder, written as a relative path afterwards.
    """
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        kept = [part for output in cell.outputs for part in _without_widget(output, widgets)]
        cell.outputs = merge_streams(kept)
        for output in cell.outputs:
            _clean_texts(output, root)


def merge_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of printed text and keep the last state of a progress bar."""
    merged: list[NotebookNode] = []
    for output in outputs:
        if merged and output.get("name") and output.get("name") == merged[-1].get("name"):
            merged[-1].text += output.text
        else:
            merged.append(output)
    for output in merged:
        if output.output_type == "stream":
            output.text = last_state(output.text)
    return [output for output in merged if output.get("text") != ""]


def last_state(text: str) -> str:
    r"""Return printed text as a terminal would show it after carriage returns.

    Example:
        >>> last_state("10 %\r50 %\r100 %\ndone\n")
        '100 %\ndone\n'
    """
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)


def hide_machine(text: str, root: Path) -> str:
    """Replace folders of this machine in a text: the project, the libraries, the home.

    Example:
        >>> hide_machine("/home/me/course/mlp_course/units.py:7", Path("/home/me/course"))
        'mlp_course/units.py:7'
    """
    text = re.sub(r"\S*/ipykernel_\d+/\d+\.py", "<cell>", text)
    packages, library = (Path(sysconfig.get_path(name)) for name in ("purelib", "stdlib"))
    for folder in (root, packages, library, Path(sys.prefix)):
        for spelling in {str(folder), str(folder.resolve()), _with_tilde(folder)}:
            text = text.replace(f"{spelling}/", "")
            text = text.replace(spelling, ".")
    return text.replace(str(Path.home()), "~")


def _with_tilde(folder: Path) -> str:
    """Return a folder as IPython prints it in a traceback: ``~`` for the home."""
    if folder.is_relative_to(Path.home()):
        return f"~/{folder.relative_to(Path.home())}"
    return str(folder)


def _clean_texts(output: NotebookNode, root: Path) -> None:
    """Hide the machine in every text of one output."""
    if "text" in output:
        output.text = hide_machine(output.text, root)
    if "traceback" in output:
        output.traceback = [hide_machine(line, root) for line in output.traceback]
    for mime, value in output.get("data", {}).items():
        if isinstance(value, str) and mime.startswith("text/"):
            output.data[mime] = hide_machine(value, root)


def _without_widget(output: NotebookNode, widgets: WidgetState) -> list[NotebookNode]:
    """Return what stands for an output once its live widget is taken away."""
    from nbformat.v4 import new_output

    view = output.get("data", {}).pop(WIDGET, None)
    if view is None:
        return [output]
    if set(output.data) - {"text/plain"}:  # the author stored a picture beside the widget
        return [output]
    tree = _widget_tree(view["model_id"], widgets)
    inner = [shown for state in tree for shown in state.get("outputs", [])]
    parts = [part for shown in inner for part in _without_widget(shown, widgets)]
    line = _describe_controls(tree)
    if line:
        parts.insert(0, new_output("display_data", {"text/plain": line}))
    return parts


def _widget_tree(model_id: str, widgets: WidgetState) -> list[dict[str, Any]]:
    """Return the state of a widget and of everything inside it, outermost first."""
    state = widgets.get(model_id, {})
    tree = [state]
    for child in state.get("children", []):
        tree += _widget_tree(str(child).removeprefix("IPY_MODEL_"), widgets)
    return tree


def _describe_controls(tree: list[dict[str, Any]]) -> str:
    """Return one line that names the controls a reader would find in a running notebook."""
    named = [state | {"value": _value(state)} for state in tree if state.get("description")]
    named = [state for state in named if state["value"] is not None]
    buttons = [state["description"] for state in tree if state.get("_model_name") == "ButtonModel"]
    settings = [f"{state['description']} = {state['value']}" for state in named]
    if not settings and not buttons:
        return ""
    return f"[to play with when the notebook runs: {', '.join(settings + buttons)}]"


def _value(state: dict[str, Any]) -> Any:
    """Return what a control is set to; a menu holds only the place of its choice."""
    if "_options_labels" in state and state.get("index") is not None:
        return state["_options_labels"][state["index"]]
    return state.get("value")
