"""Pages of the API reference: one for each folder of the package, from its public names."""

from __future__ import annotations

import importlib
import inspect
from types import ModuleType

#: What learners use, in the order in which the folders build on each other.
ROOMS = (
    "units",
    "data",
    "reference",
    "descriptors",
    "models",
    "training",
    "reproducibility",
    "simulation",
    "sampling",
    "analysis",
    "validation",
    "active_learning",
    "teaching",
)
#: Behind the command line: nobody imports them.
LEFT_OUT = ("grading", "notebooks", "website")


def api_pages() -> dict[str, str]:
    """Return the pages of the API reference: path on the site -> reStructuredText.

    Example:
        >>> pages = api_pages()
        >>> ".. autofunction:: mlp_course.descriptors.cosine_cutoff" in pages["api/descriptors.rst"]
        True
    """
    pages = {f"api/{room}.rst": _page(room) for room in ROOMS}
    rows = "\n".join(f"   {room} <{room}>" for room in ROOMS)
    lines = "\n".join(f"- :doc:`{room}`: {_first_line(_module(room))}" for room in ROOMS)
    head = _title("The package", "=")
    pages["api/index.rst"] = (
        f"{head}\n{INTRODUCTION}\n{lines}\n\n.. toctree::\n   :hidden:\n\n{rows}\n"
    )
    return pages


INTRODUCTION = """\
What the lessons import, made from the docstrings. Units are eV, Å, eV/Å, fs, amu and K throughout.
Each folder of ``mlp_course`` is one idea; it uses only those that stand above it.
"""


def public_names(module: ModuleType) -> list[str]:
    """Return the public names of a module: its ``__all__``, else what it defines itself."""
    if hasattr(module, "__all__"):
        return list(module.__all__)
    return [
        name
        for name, thing in vars(module).items()
        if not name.startswith("_") and getattr(thing, "__module__", None) == module.__name__
    ]


def _page(room: str) -> str:
    module = _module(room)
    names = public_names(module)
    parts = [_title(f"mlp_course.{room}", "="), f".. automodule:: mlp_course.{room}\n"]
    documented = [name for name in names if _directive(getattr(module, name))]
    parts.append(".. autosummary::\n   :nosignatures:\n")
    parts[-1] += "".join(f"\n   {name}" for name in documented) + "\n"
    for name in documented:
        directive = _directive(getattr(module, name))
        options = "   :members:\n" if directive == "autoclass" else ""
        parts.append(f".. {directive}:: mlp_course.{room}.{name}\n{options}")
    return "\n".join(parts)


def _directive(thing: object) -> str | None:
    """Return the directive of Sphinx that documents an object; None for plain data and modules."""
    if inspect.isclass(thing):
        return "autoclass"
    return "autofunction" if callable(thing) else None


def _module(room: str) -> ModuleType:
    return importlib.import_module(f"mlp_course.{room}")


def _first_line(module: ModuleType) -> str:
    return (module.__doc__ or "").strip().splitlines()[0]


def _title(text: str, sign: str) -> str:
    return f"{text}\n{sign * len(text)}\n"
