"""Frames and log rows as arrays of whole numbers of bytes: nothing is rounded on the way."""

import numpy as np
import torch
from torch import Tensor

from mlp_course.simulation.trajectory import LOG_UNITS, Recorder, labelled_copy


def tensors_of(recorder: Recorder, first: int) -> tuple[dict[str, Tensor], dict]:
    """Collect the frames from number ``first`` on.

    Args:
        recorder: of the run.
        first: number of the first frame.

    Returns:
        Positions (Å), momenta, forces (eV/Å), shape (n_frames, n_atoms, 3), cells (Å), rows of the
        log, and stress (eV/Å³) if there is one; then what `frames_from` needs to know besides.
    """
    frames, rows, extras = (
        values[first:] for values in (recorder.frames, recorder.rows, recorder.extras)
    )
    arrays = {
        "positions": [frame.positions for frame in frames],
        "momenta": [frame.get_momenta() for frame in frames],
        "forces": [frame.get_forces(apply_constraint=False) for frame in frames],
        "cells": [frame.cell.array for frame in frames],
        "rows": rows,
    }
    if recorder.with_stress:
        arrays["stress"] = [frame.get_stress(apply_constraint=False) for frame in frames]
    names = list(extras[0]) if extras else []
    arrays["extras"] = [[extra[name] for name in names] for extra in extras]
    about = {name: getattr(recorder, name) for name in _ABOUT}
    tensors = {name: torch.tensor(np.array(values)) for name, values in arrays.items()}
    return tensors, {"extras": names, "about": about}


_ABOUT = ("n_degrees", "ensemble", "timestep", "seed", "with_stress")


def frames_from(recorder: Recorder, tensors: dict[str, Tensor], state: dict) -> None:
    """Give the frames and rows back to a recorder; what `tensors_of` collected."""
    arrays = {name: value.numpy() for name, value in tensors.items()}
    columns = list(LOG_UNITS)
    for n, row in enumerate(arrays["rows"].tolist()):
        row[0] = int(row[0])  # the step
        known = dict(zip(columns, row, strict=True))
        atoms = recorder.atoms.copy()
        atoms.set_cell(arrays["cells"][n])
        atoms.arrays["positions"] = arrays["positions"][n].copy()
        atoms.set_momenta(arrays["momenta"][n], apply_constraint=False)
        stress = arrays["stress"][n].copy() if recorder.with_stress else None
        labels = (known["potential_energy"], arrays["forces"][n].copy(), known["time"], stress)
        frame = labelled_copy(atoms, *labels)
        frame.set_constraint(recorder.constraints)
        recorder.frames.append(frame)
        recorder.rows.append(tuple(row))
        recorder.extras.append(
            dict(zip(state["extras"], arrays["extras"][n].tolist(), strict=True))
        )
