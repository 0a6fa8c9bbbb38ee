"""Frames of a run as arrays: which atoms, where they went, and when."""

from collections.abc import Sequence

import numpy as np
from ase import Atoms
from ase.geometry import find_mic
from numpy.typing import NDArray

LONGEST_STEP = 0.4  # of the cell's smallest height; a longer step might be one the other way round


def unwrapped_positions(frames: Sequence[Atoms]) -> NDArray[np.float64]:
    r"""Follow the atoms through the walls of a periodic cell, as if there were none.

    .. math:: \mathbf{u}_{k+1} = \mathbf{u}_k + [\mathbf{r}_{k+1} - \mathbf{r}_k]_\mathrm{nearest
        image}

    Each step is taken to be the shortest one that the cell allows, in the cell of the later frame.
    So it does not matter whether the positions come wrapped into the cell or not, and a cell that
    changes its size does not multiply displacements.

    Args:
        frames: in order of time; the same atoms in the same order.

    Returns:
        Positions in Å, shape (n_frames, n_atoms, 3); the first frame's are as they are.

    Raises:
        TypeError: if ``frames`` is one configuration.
        ValueError: if there is no frame, the atoms change, a position is not finite, or an atom
            moves so far between two frames that the way it went is a guess.

    Source:
        The scheme called TOR: S. von Bülow, J. T. Bullerjahn, G. Hummer, J. Chem. Phys. 153,
        021101 (2020).

    Example:
        >>> places = (0.9, 0.1, 0.3)  # of a cell of 1 Å: through the wall
        >>> frames = [Atoms("H", [[x, 0, 0]], cell=[1, 1, 1], pbc=True) for x in places]
        >>> unwrapped_positions(frames)[:, 0, 0]
        array([0.9, 1.1, 1.3])
    """
    check_frames_alike(frames)
    frames = list(frames)
    positions = np.array([atoms.positions for atoms in frames])
    steps = np.diff(positions, axis=0)  # (n_frames - 1, n_atoms, 3)
    if frames[0].pbc.any() and len(steps):
        if all(np.array_equal(atoms.cell.array, frames[0].cell.array) for atoms in frames):
            steps = _nearest(steps.reshape(-1, 3), frames[0]).reshape(steps.shape)
        else:
            steps = np.array([_nearest(s, a) for s, a in zip(steps, frames[1:], strict=True)])
    return np.concatenate([positions[:1], positions[0] + np.cumsum(steps, axis=0)])


def _nearest(steps: NDArray[np.float64], atoms: Atoms) -> NDArray[np.float64]:
    """Shortest images of displacements in Å, shape (n, 3); refuse those that are ambiguous."""
    nearest, lengths = find_mic(steps, atoms.cell, atoms.pbc)
    heights = 1 / np.linalg.norm(atoms.cell.reciprocal().array[atoms.pbc], axis=1)  # Å
    if lengths.max() > LONGEST_STEP * heights.min():
        raise ValueError(
            f"between two frames an atom may move {LONGEST_STEP:g} of the cell's smallest height, "
            f"{LONGEST_STEP * heights.min():.3g} Å; got {lengths.max():.3g} Å, where the way round "
            "the cell is as likely. Record frames more often"
        )
    return nearest


def check_frames_alike(frames: Sequence[Atoms]) -> None:
    """Refuse an empty run, one whose atoms change, and one that broke."""
    if isinstance(frames, Atoms):
        raise TypeError("frames must be a list of ase.Atoms in order of time; got one Atoms")
    if not len(frames):
        raise ValueError("frames must hold at least one configuration; got an empty list")
    first = next(iter(frames))
    for number, atoms in enumerate(frames):
        if not np.array_equal(atoms.numbers, first.numbers):
            raise ValueError(
                "all frames must hold the same atoms in the same order; frame 0 has "
                f"{first.symbols}, frame {number} has {atoms.symbols}"
            )
        if not np.isfinite(atoms.positions).all():
            raise ValueError(
                f"positions must be finite, in Å; frame {number} has NaN or infinity: the run "
                "broke there, use the frames before"
            )


def frame_spacing(frames: Sequence[Atoms], spacing: float | None = None) -> float:
    """Tell the time between frames in fs: the one given, or the one that the frames tell.

    Args:
        frames: in order of time; ``info["time_fs"]`` is read if ``spacing`` is None.
        spacing: in fs.

    Raises:
        ValueError: if the spacing is not positive, or the frames do not tell an even one.

    Example:
        >>> frames = [Atoms("H", info={"time_fs": time}) for time in (0.0, 5.0, 10.0)]
        >>> frame_spacing(frames), frame_spacing(frames, 2.0)
        (5.0, 2.0)
    """
    if spacing is None:
        times = [atoms.info.get("time_fs") for atoms in frames]
        if len(times) < 2 or None in times:
            raise ValueError(
                'frames do not tell their times in info["time_fs"]: give spacing=, the time '
                "between frames in fs"
            )
        steps = np.diff(times)
        if np.ptp(steps) > 1e-6 * abs(steps[0]):
            raise ValueError(
                f"frames must be evenly spaced in time; steps range from {steps.min():g} to "
                f"{steps.max():g} fs. Leave out the odd one (often the last: frames[:-1])"
            )
        spacing = float(steps[0])
    if not 0 < spacing < np.inf:
        raise ValueError(f"spacing must be positive, in fs; got {spacing}")
    return spacing


def chosen_atoms(atoms: Atoms, which: str | Sequence[int] | None) -> NDArray[np.int64]:
    """List the atoms of an element, those of a list, or all.

    Args:
        atoms: one configuration.
        which: symbol of an element, or indices, or None for all atoms.

    Raises:
        ValueError: if there is no such atom.

    Example:
        >>> chosen_atoms(Atoms("OH2"), "H").tolist(), chosen_atoms(Atoms("OH2"), None).tolist()
        ([1, 2], [0, 1, 2])
    """
    everyone = np.arange(len(atoms))
    if which is None:
        return everyone
    if isinstance(which, str):
        chosen = everyone[np.array(atoms.get_chemical_symbols()) == which]
    else:
        chosen = np.asarray(which, dtype=np.int64)
    if not len(chosen) or chosen.min() < -len(atoms) or chosen.max() >= len(atoms):
        raise ValueError(
            f"which must be an element of {atoms.symbols} or indices below {len(atoms)}; "
            f"got {which!r}"
        )
    return everyone[chosen]
