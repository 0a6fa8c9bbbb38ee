"""What a 3D view shows, in a few kB of text: kept beside its picture, drawn again by the website.

A notebook stores the picture of a molecule, not the live view, whose state is large and needs
JavaScript that only JupyterLab has. This record lies in the metadata of the output, which no front
end shows and no sanitizer touches.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from io import StringIO
from typing import Any

import numpy as np
from ase import Atoms
from ase.io import write

MOST_FRAMES = 40  # of a longer trajectory every n-th is kept
DIGITS = 2  # after the point of a position in Å: a hundredth of what a picture resolves


def structure_record(
    frames: Sequence[Atoms],
    *,
    names: Sequence[str] | None,
    camera: Sequence[float],
    representations: Sequence[dict[str, Any]],
) -> str:
    """Pack the frames of a 3D view into text.

    Args:
        frames: the structures as NGL knows them, positions in Å.
        names: of the frames; None numbers them.
        camera: 16 numbers for NGL's ``orient``, in Å.
        representations: of NGL, as nglview takes them.

    Returns:
        JSON, compressed with zlib, in base64.

    Raises:
        ValueError: if there is no frame.

    Example:
        >>> water = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
        >>> text = structure_record([water], names=None, camera=[1.0] * 16, representations=[])
        >>> read_structure(text)["frames"]
        [[0.0, 0.0, 0.0, 0.96, 0.0, 0.0, -0.24, 0.93, 0.0]]
    """
    if not frames:
        raise ValueError("frames must hold at least one structure; got none")
    shown = frames_kept(len(frames))
    whole = [np.rint(10**DIGITS * frames[index].positions).astype(int) for index in shown]
    content = {
        "symbols": frames[0].get_chemical_symbols(),
        "positions": [positions.ravel().tolist() for positions in whole],
        "names": [str(names[index]) if names else str(index) for index in shown],
        "cell": frames[0].cell.cellpar().round(3).tolist() if frames[0].pbc.any() else None,
        "camera": [round(float(number), 4) for number in camera],
        "representations": list(representations),
    }
    packed = zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 9)
    return base64.b64encode(packed).decode()


def frames_kept(n_frames: int) -> list[int]:
    """Return which frames of a trajectory a record keeps: the ends, and evenly between them.

    Example:
        >>> frames_kept(3), len(frames_kept(200)), frames_kept(200)[-1]
        ([0, 1, 2], 40, 199)
    """
    return (
        np.unique(np.linspace(0, n_frames - 1, min(n_frames, MOST_FRAMES)).round())
        .astype(int)
        .tolist()
    )


def read_structure(record: str) -> dict[str, Any]:
    """Unpack a record for a browser.

    Args:
        record: from :func:`structure_record`.

    Returns:
        ``pdb``: the first frame as NGL reads it; ``frames``: the positions of each, in Å, one
        atom after the other; ``names``, ``camera`` and ``representations`` as they were given.

    Raises:
        ValueError: if the record is damaged.
    """
    try:
        content = json.loads(zlib.decompress(base64.b64decode(record)))
    except (ValueError, zlib.error) as error:
        raise ValueError(
            "the stored structure of a 3D view is damaged; build its lesson again: make notebooks"
        ) from error
    scale = 10**DIGITS
    frames = [[number / scale for number in frame] for frame in content["positions"]]
    first = Atoms(content["symbols"], np.reshape(frames[0], (-1, 3)))
    representations = list(content["representations"])
    if content["cell"]:
        first.set_cell(content["cell"])
        first.pbc = True
        representations.append({"type": "unitcell", "params": {}})
    pdb = StringIO()
    write(pdb, first, format="proteindatabank")
    return {
        "pdb": pdb.getvalue(),
        "frames": frames,
        "names": content["names"],
        "camera": content["camera"],
        "representations": representations,
    }
