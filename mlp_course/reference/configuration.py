"""One configuration: what of it is labelled, what it is called, and what cannot be labelled."""

import hashlib
import warnings
from collections.abc import Iterable

import numpy as np
from ase import Atoms
from ase.calculators.calculator import all_properties
from ase.io.extxyz import key_val_dict_to_str

from mlp_course.data.quality import as_frames, geometry_problem

#: What a calculator starts from beside the geometry; it decides between magnetic states.
_STARTS = ("initial_magmoms", "initial_charges")


def geometry_key(atoms: Atoms) -> str:
    """Name a geometry: a digest of elements, positions (to 1e-8 Å) and, if periodic, the cell.

    Starting magnetic moments and charges count where there are any.

    Example:
        >>> water = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
        >>> moved = water.copy()
        >>> moved.positions += 1e-6
        >>> geometry_key(water) == geometry_key(water.copy())
        True
        >>> geometry_key(water) == geometry_key(moved)
        False
    """
    text = atoms.get_atomic_numbers().tobytes() + _rounded(atoms.positions).tobytes()
    if atoms.pbc.any():
        text += atoms.pbc.tobytes() + _rounded(atoms.cell.array).tobytes()
    for name, values in _starts(atoms).items():
        text += name.encode() + _rounded(values).tobytes()
    return hashlib.sha256(text).hexdigest()[:24]


def bare(atoms: Atoms, **info) -> Atoms:
    """Copy what is labelled, with ``info`` as given: no calculator, no constraints.

    That is elements, positions, cell, and starting magnetic moments and charges if there are any.
    """
    copy = Atoms(
        atoms.numbers, positions=atoms.positions, cell=atoms.cell, pbc=atoms.pbc, info=info
    )
    for name, values in _starts(atoms).items():
        copy.set_array(name, values)
    return copy


def checked_configurations(frames: Iterable[Atoms]) -> list[Atoms]:
    """Make sure that configurations can be computed, and written as extended XYZ.

    Raises:
        TypeError: if one is no ``Atoms``.
        ValueError: if there is none, or one has no atoms, a position that is not finite, or
            something in ``info`` that the file would not give back.

    Example:
        >>> checked_configurations([Atoms("H", info={"energy": -13.6})])
        Traceback (most recent call last):
        ValueError: frame 0: info['energy'] has the name of a label: rename it, or take it out
    """
    frames = as_frames(frames)
    for number, atoms in enumerate(frames):
        problem = geometry_problem(atoms) or _info_problem(atoms.info)
        if problem:
            raise ValueError(f"frame {number}: {problem}")
    return frames


def _rounded(values: np.ndarray) -> np.ndarray:
    """Round to what the files keep; adding 0 makes -0 and 0 the same number."""
    return np.round(values, 8) + 0.0


def _starts(atoms: Atoms) -> dict[str, np.ndarray]:
    """Starting magnetic moments and charges, where one is not zero."""
    known = {name: atoms.arrays[name] for name in _STARTS if name in atoms.arrays}
    return {name: values.astype(float) for name, values in known.items() if values.any()}


def _info_problem(info: dict) -> str:
    """Say what in ``info`` a file would lose; empty if nothing."""
    for key, value in info.items():
        if key in all_properties:
            return f"info[{key!r}] has the name of a label: rename it, or take it out"
        with warnings.catch_warnings():  # ASE leaves out what it cannot write, and only warns
            warnings.simplefilter("error")
            try:
                text = key_val_dict_to_str({key: value})
            except (UserWarning, TypeError, AttributeError):
                text = "\\"
        if set(text.replace('\\"', "")) & set("\\\n\r"):
            return (
                f"info[{key!r}] must be a number, a string without line breaks and backslashes, or "
                f"a list of them, or the file would not give it back; got {value!r}"
            )
    return ""
