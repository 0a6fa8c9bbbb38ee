"""Trajectories as files: four formats, what each keeps, and who opens it.

| suffix | keeps | precision | opens in |
| --- | --- | --- | --- |
| ``.xyz`` | all labels, momenta, cells, times (extended XYZ) | 1e-8 | ASE, OVITO, VMD; MDAnalysis \
and MDTraj read elements and positions |
| ``.traj`` | everything | exact | ASE only |
| ``.lammpstrj`` | positions, velocities, forces, cells, steps | 1e-10 | LAMMPS, ASE, OVITO, VMD, \
MDAnalysis, MDTraj |
| ``.dcd`` | positions, cells, times | float32, 1e-6 of the value | VMD, MDAnalysis, MDTraj, OVITO |

LAMMPS and DCD know cells in standard form only (a along x, b in the plane of x and y). Others are
turned, atoms with them, and turned back when a file is read with ``like``.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import ase.io
import numpy as np
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data.whole_files import write_whole
from mlp_course.simulation.dcd import read_dcd, write_dcd
from mlp_course.simulation.lammpstrj import read_lammpstrj, write_lammpstrj
from mlp_course.simulation.standard_cell import turn_to_standard
from mlp_course.simulation.trajectory import Trajectory

SUFFIXES = (".xyz", ".traj", ".lammpstrj", ".dcd")
_FORMATS = {".xyz": "extxyz", ".traj": "traj"}  # those that ASE writes and reads


def write_frames(
    frames: Trajectory | Sequence[Atoms], path: str | Path, *, timestep: float | None = None
) -> Path:
    """Write a run in the format that the suffix names.

    Args:
        frames: a trajectory, or labelled configurations with ``info["time_fs"]``.
        path: ends in .xyz, .traj, .lammpstrj or .dcd; an existing file is replaced in one step.
        timestep: in fs; by default that of the trajectory. Only ``.lammpstrj`` needs it, to number
            its frames by steps.

    Returns:
        The path.

    Raises:
        TypeError: if ``frames`` is no list of ``Atoms``.
        ValueError: for another suffix, no frames, frames of different atoms, times that the format
            cannot say, missing forces (``.lammpstrj``), or a cell that it cannot hold.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> from mlp_course.simulation import run_nve
        >>> copper = bulk("Cu", cubic=True)
        >>> copper.calc = EMT()
        >>> run = run_nve(copper, steps=20, timestep=2.0, temperature=300, progress=False)
        >>> with TemporaryDirectory() as folder:
        ...     again = read_frames(write_frames(run, f"{folder}/run.xyz"))
        >>> bool(abs(again[2].positions - run.frames[2].positions).max() < 1e-8)
        True
    """
    path = _known(path)
    if isinstance(frames, Trajectory):
        timestep = timestep or frames.timestep
    frames = list(frames)
    _check_same_atoms(frames)
    if path.suffix == ".lammpstrj":
        _check_forces(frames)
        steps = _steps(frames, timestep)
        return write_whole(path, lambda part: write_lammpstrj(frames, steps, part))
    if path.suffix == ".dcd":
        spacing = _spacing(frames)
        return write_whole(path, lambda part: write_dcd(frames, spacing, part))
    form = _FORMATS[path.suffix]
    return write_whole(path, lambda part: ase.io.write(part, frames, format=form))


def read_frames(
    path: str | Path, *, like: Atoms | None = None, timestep: float | None = None
) -> list[Atoms]:
    """Read a trajectory; what the format does not keep is missing, see the table above.

    Args:
        path: ends in .xyz, .traj, .lammpstrj or .dcd.
        like: a configuration of the same atoms. ``.dcd`` needs it for the elements; with it, the
            orientation of its cell is restored (of cells that keep their shape).
        timestep: in fs, to turn the steps of ``.lammpstrj`` into times.

    Returns:
        Configurations with ``info["time_fs"]`` where the time is known.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: for another suffix, ``.dcd`` without ``like``, no frame, or a file that was cut
            off.
    """
    path = _known(path)
    _check_whole(path)
    if path.suffix in (".xyz", ".traj"):
        return _read_by_ase(path)
    if path.suffix == ".dcd":
        if like is None:
            raise ValueError("a .dcd file knows no elements: give like=, one of the frames")
        frames, times = read_dcd(path, like)
    else:
        frames, steps = read_lammpstrj(path)
        times = [step * timestep if timestep else None for step in steps]
    for atoms, time in zip(frames, times, strict=True):
        if time is not None:
            atoms.info["time_fs"] = time
    return frames if like is None else [_turned_back(atoms, like) for atoms in frames]


def _read_by_ase(path: Path) -> list[Atoms]:
    """Frames of a file that ASE wrote; its errors at the end of half a file are of many kinds."""
    try:
        return ase.io.read(path, ":", format=_FORMATS[path.suffix])
    except (AttributeError, LookupError, OSError, RuntimeError, ValueError) as error:
        raise ValueError(f"{path} was cut off, or is no {path.suffix}: {error}") from error


def _check_whole(path: Path) -> None:
    """Raise FileNotFoundError or ValueError for no file, an empty one, or half a last line."""
    if not path.exists():
        raise FileNotFoundError(f"there is no trajectory {path}")
    if not path.stat().st_size:
        raise ValueError(f"{path} is empty")
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        if path.suffix in (".xyz", ".lammpstrj") and file.read() != b"\n":
            raise ValueError(f"{path} was cut off in its last line")


def _known(path: str | Path) -> Path:
    """As a path, with one of the suffixes."""
    path = Path(path)
    if path.suffix not in SUFFIXES:
        raise ValueError(f"the name must end in one of {', '.join(SUFFIXES)}; got {path.name!r}")
    return path


def _check_same_atoms(frames: list[Atoms]) -> None:
    """Raise ValueError for no frames, or other atoms in some of them."""
    if not frames:
        raise ValueError("frames must hold at least one configuration; got none")
    if not isinstance(frames[0], Atoms):
        raise TypeError(f"frames must be a list of ase.Atoms; got {type(frames[0]).__name__} in it")
    for number, atoms in enumerate(frames):
        if not np.array_equal(atoms.numbers, frames[0].numbers):
            raise ValueError(
                f"all frames must hold the same atoms; frame {number} has {atoms.symbols}, the "
                f"first {frames[0].symbols}"
            )


def _check_forces(frames: list[Atoms]) -> None:
    """Raise ValueError for a frame without forces as labels."""
    for number, atoms in enumerate(frames):
        if "forces" not in getattr(atoms.calc, "results", {}):
            raise ValueError(
                f".lammpstrj keeps forces, in eV/Å; frame {number} has none: label it, or take .xyz"
            )


def _times(frames: list[Atoms]) -> np.ndarray:
    """Times in fs, shape (n_frames,)."""
    times = [atoms.info.get("time_fs") for atoms in frames]
    if None in times:
        raise ValueError('frames must tell their time in info["time_fs"], in fs')
    return np.array(times, dtype=float)


def _steps(frames: list[Atoms], timestep: float | None) -> list[int]:
    """Numbers of the time steps."""
    if timestep is None or not timestep > 0:
        raise ValueError(f"timestep must be positive, in fs, to count steps; got {timestep}")
    counted = _times(frames) / timestep
    if np.abs(counted - counted.round()).max() > 1e-6:
        raise ValueError(f"the times of the frames are no multiples of timestep={timestep} fs")
    return counted.round().astype(int).tolist()


def _spacing(frames: list[Atoms]) -> float:
    """Time between frames in fs, which must be the same for all and begin at zero."""
    times = _times(frames)
    steps = np.diff(times)
    if times[0] != 0 or (len(steps) and np.ptp(steps) > 1e-6 * abs(steps[0])):
        raise ValueError(
            "DCD counts frames of even spacing from time 0; got times "
            f"{times[:3].tolist()} ... {times[-1]:g} fs: leave out the odd frame (often the last)"
        )
    return float(steps[0]) if len(steps) else 1.0


def _turned_back(atoms: Atoms, like: Atoms) -> Atoms:
    """Bring the cell from standard form into the orientation of ``like``, atoms with it."""
    back = turn_to_standard(like).T
    turned = atoms.copy()
    turned.positions = atoms.positions @ back
    turned.set_velocities(atoms.get_velocities() @ back)
    if like.pbc.any():
        turned.set_cell(atoms.cell.array @ back)
    if atoms.calc is not None:
        turned.calc = SinglePointCalculator(turned, forces=atoms.get_forces() @ back)
    return turned
