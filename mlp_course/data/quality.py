"""Quality: labels that are not numbers, or belong to nothing, never reach a model."""

from collections.abc import Iterable

import numpy as np
from ase import Atoms

__all__ = ["check_frames"]


def check_frames(frames: Iterable[Atoms], *, source: str = "") -> list[Atoms]:
    """Make sure that every frame carries a usable energy and usable forces.

    One NaN label turns every weight of a network into NaN within one step, and a frame that was
    moved after it was labelled teaches the wrong forces without any sign of it.

    Args:
        frames: labelled structures. Each carries its energy in eV and its forces in eV/Å in a
            calculator, usually a `SinglePointCalculator`. Sizes may differ from frame to frame.
        source: where the frames come from (a file name), put in front of an error.

    Returns:
        The same frames, unchanged, as a list.

    Raises:
        TypeError: if an element is not an ASE `Atoms` object.
        ValueError: if there is no frame at all, or a frame has no atoms, no energy, no forces, the
            wrong number of forces, a number that is not finite, or moved since it was labelled.

    Example:
        >>> from ase.calculators.singlepoint import SinglePointCalculator
        >>> frame = Atoms("H2", positions=[[0, 0, 0], [0, 0, 0.74]])
        >>> frame.calc = SinglePointCalculator(frame, energy=float("nan"), forces=np.zeros((2, 3)))
        >>> check_frames([frame])
        Traceback (most recent call last):
        ValueError: frame 0: energy must be a finite number, in eV; got nan. Drop this frame ...
    """
    frames = as_frames(frames, source=source)
    for index, atoms in enumerate(frames):
        problem = label_problem(atoms)
        if problem:
            raise ValueError(f"{_prefix(source)}frame {index}: {problem}")
    return frames


def as_frames(frames: Atoms | Iterable[Atoms], *, source: str = "") -> list[Atoms]:
    """Make a list of structures, labelled or not; one ``Atoms`` counts as a list of one.

    Args:
        frames: structures.
        source: where they come from (a file name), put in front of an error.

    Raises:
        TypeError: if an element is no ``Atoms``.
        ValueError: if there is none.

    Example:
        >>> as_frames(Atoms("H"))
        [Atoms(symbols='H', pbc=False)]
        >>> as_frames(["H"])
        Traceback (most recent call last):
        TypeError: frame 0 must be an ase.Atoms object; got str
    """
    frames = [frames] if isinstance(frames, Atoms) else list(frames)
    if not frames:
        raise ValueError(f"{_prefix(source)}frames must hold at least one structure; got none")
    for index, atoms in enumerate(frames):
        if not isinstance(atoms, Atoms):
            raise TypeError(
                f"{_prefix(source)}frame {index} must be an ase.Atoms object; "
                f"got {type(atoms).__name__}"
            )
    return frames


def _prefix(source: str) -> str:
    """Beginning of an error about frames from somewhere."""
    return f"{source}: " if source else ""


def label_problem(atoms: Atoms) -> str:
    """Say what is wrong with a labelled frame; empty if nothing is.

    Example:
        >>> label_problem(Atoms("H"))[:27]
        'has no energy and no forces'
    """
    return geometry_problem(atoms) or _label_problem(atoms)


def geometry_problem(atoms: Atoms) -> str:
    """Say what is wrong with the structure itself; empty if nothing is.

    Example:
        >>> geometry_problem(Atoms())
        'has no atoms. Drop this frame'
    """
    if len(atoms) == 0:
        return "has no atoms. Drop this frame"
    bad = ~np.isfinite(atoms.positions).all(axis=1)
    if bad.any():
        row = int(bad.argmax())
        return (
            f"positions must be finite numbers, in Å; atom {row} has {atoms.positions[row]}. "
            "Drop this frame"
        )
    return ""


def _label_problem(atoms: Atoms) -> str:
    """Say what is wrong with energy and forces; empty if nothing is."""
    labels = getattr(atoms.calc, "results", {})
    missing = [name for name in ("energy", "forces") if labels.get(name) is None]
    if missing:
        return (
            f"has no {' and no '.join(missing)}. Label it with a reference method and keep the "
            "result: atoms.calc = SinglePointCalculator(atoms, energy=..., forces=...)"
        )
    if _moved(atoms):
        return "was changed after it was labelled. Relabel it, or use the frame as it was"
    energy, forces = np.asarray(labels["energy"], float), np.asarray(labels["forces"], float)
    if energy.size != 1 or not np.isfinite(energy).all():
        return f"energy must be a finite number, in eV; got {energy}. Drop this frame or relabel it"
    if forces.shape != (len(atoms), 3):
        return (
            f"forces must have shape ({len(atoms)}, 3), one row for each atom, in eV/Å; "
            f"got {forces.shape}. Check that forces and atoms come from the same frame"
        )
    bad = ~np.isfinite(forces).all(axis=1)
    if bad.any():
        row = int(bad.argmax())
        return (
            f"forces must be finite numbers, in eV/Å; atom {row} has {forces[row]}. "
            "Drop this frame or relabel it"
        )
    return ""


def _moved(atoms: Atoms) -> bool:
    """Compare a frame with the one its labels belong to (ASE's own check is 30 times slower)."""
    labelled = atoms.calc.atoms
    return labelled is not None and not (
        np.array_equal(atoms.positions, labelled.positions)
        and np.array_equal(atoms.numbers, labelled.numbers)
        and np.array_equal(atoms.cell.array, labelled.cell.array)
        and np.array_equal(atoms.pbc, labelled.pbc)
    )
