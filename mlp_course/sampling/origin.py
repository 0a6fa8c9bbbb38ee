"""Provenance: every sampled frame says in ``info["origin"]`` where it comes from.

The record is small and plain, so that it survives extended XYZ. It is the same for all frames of
one call; what belongs to one frame (time, energy, number of an image) stands beside it in ``info``.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator

from mlp_course.reference.configuration import geometry_key

#: The five data types of the chapter.
DATA_TYPES = ("equilibrium", "dynamics", "path", "random", "defect")
_UNSAFE = set("\"'\\")  # ASE writes them into extended XYZ and cannot read them back


def with_origin(
    atoms: Atoms,
    *,
    data_type: str,
    sampler: str,
    settings: dict[str, Any],
    parent: Atoms | str,
    **info: float | int | str,
) -> Atoms:
    """Copy a configuration and write down where it comes from.

    The copy keeps elements, positions, masses, tags and cell. It has no calculator, no velocities
    and no constraints: a constraint would hide the forces on the atoms it holds.

    Args:
        atoms: the configuration.
        data_type: one of :data:`DATA_TYPES`.
        sampler: name of the function that made it.
        settings: its arguments: numbers, plain strings, and lists of them.
        parent: what it was made from: a configuration, or in words.
        info: what belongs to this frame alone.

    Returns:
        The copy, with ``info["origin"]`` = ``dict(type=, sampler=, settings=, parent=)``.

    Raises:
        ValueError: if ``data_type`` is unknown, or a string has quotes, backslashes or letters
            beyond ASCII.
        TypeError: if a setting is neither number, string, list nor None.

    Example:
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])
        >>> settings = dict(amplitude=np.float64(0.1))
        >>> how = dict(data_type="random", sampler="rattled", settings=settings)
        >>> frame = with_origin(h2, **how, parent="H2 of the G2 set", energy_eV=-31.7)
        >>> frame.info["origin"]["settings"], frame.info["energy_eV"]
        ({'amplitude': 0.1}, -31.7)
    """
    if data_type not in DATA_TYPES:
        raise ValueError(f"data_type must be one of {', '.join(DATA_TYPES)}; got {data_type!r}")
    frame = atoms.copy()
    frame.set_constraint()
    frame.arrays.pop("momenta", None)
    record = dict(type=data_type, sampler=sampler, settings=settings, parent=_name(parent))
    frame.info = {"origin": _plain(record, "origin"), **info}
    return frame


def origin_of(frame: Atoms) -> dict[str, Any]:
    """Read the record of a frame.

    Raises:
        ValueError: if the frame has none.

    Example:
        >>> origin_of(Atoms("H"))
        Traceback (most recent call last):
        ValueError: H has no info["origin"]: it was not made by mlp_course.sampling...
    """
    if "origin" not in frame.info:
        raise ValueError(
            f'{frame.get_chemical_formula()} has no info["origin"]: it was not made by '
            "mlp_course.sampling; use with_origin to say where it comes from"
        )
    return frame.info["origin"]


def trajectory_labels(frames: Sequence[Atoms]) -> list[str]:
    """Label frames so that those of one call of a sampler share a label, for an honest split.

    Returns:
        One string a frame: the record itself, as JSON.

    Example:
        >>> how = dict(data_type="dynamics", sampler="sample_dynamics", parent="H")
        >>> runs = [with_origin(Atoms("H"), settings=dict(seed=s), **how) for s in (1, 1, 2)]
        >>> first, again, other = trajectory_labels(runs)
        >>> first == again, first == other
        (True, False)
    """
    return [json.dumps(origin_of(frame), sort_keys=True) for frame in frames]


def temperatures(frames: Sequence[Atoms]) -> list[float | None]:
    """Temperature in K that each frame was sampled at; None where its sampler knows none."""
    return [origin_of(frame)["settings"].get("temperature") for frame in frames]


def calculator_name(calculator: Calculator) -> str:
    """Name a calculator: its class and, where it has one, its method.

    Example:
        >>> from ase.calculators.emt import EMT
        >>> calculator_name(EMT())
        'EMT'
    """
    method = getattr(calculator, "parameters", {}).get("method")
    return type(calculator).__name__ + (f" {method}" if method else "")


def _name(parent: Atoms | str) -> str:
    """Formula and digest of a geometry, or the words given."""
    if isinstance(parent, str):
        return parent
    return f"{parent.get_chemical_formula()} {geometry_key(parent)}"


def _plain(value: Any, where: str) -> Any:
    """Turn NumPy and tuples into plain Python; refuse what extended XYZ would not give back."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, dict):
        return {key: _plain(item, f"{where}[{key!r}]") for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, where) for item in value]
    if isinstance(value, str) and (not value.isascii() or _UNSAFE & set(value)):
        raise ValueError(
            f"{where} must be ASCII without quotes and backslashes, which extended XYZ "
            f"cannot keep; got {value!r}"
        )
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{where} must be a number, string, list or None; got {type(value).__name__}")
