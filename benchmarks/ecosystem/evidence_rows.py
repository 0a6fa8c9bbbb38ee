"""What all evidence is made of: one frame of ethanol, a row for each tool, where it comes from."""

import platform
from datetime import date
from pathlib import Path

from ase import Atoms

import mlp_course
from mlp_course.data import load_embedded

ECOSYSTEM = Path(mlp_course.__file__).parent / "simulation" / "ecosystem"
SCRIPT = "benchmarks/ecosystem/evidence.py"
DATA = "ethanol/500K"


class Missing(Exception):
    """A tool that is not here, with the way to get it."""


def ethanol() -> Atoms:
    """The frame that all programs get, with its label."""
    return load_embedded(DATA)[0]


def row(what: str, quantity: str, value: float, unit: str, *, of: str, ran: bool = True) -> dict:
    """What is stored of a tool."""
    how = "really ran" if ran else "files written and read"
    return {
        "evidence": how, "what": what, "quantity": quantity, "value": float(f"{value:.4g}"),
        "unit": unit, "version": of,
    }  # fmt: skip


def origin() -> dict:
    """Machine and date."""
    return {
        "machine": f"{platform.machine()}, one thread",
        "date": date.today().isoformat(),
    }
