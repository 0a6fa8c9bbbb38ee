"""Normal modes as a small JSON file: a reference that took minutes is computed once."""

import json
from pathlib import Path

import numpy as np
from ase import Atoms

from mlp_course.data.whole_files import write_whole
from mlp_course.sampling import NormalModes

FOLDER = Path(__file__).parent / "stored"


def write_modes(modes: NormalModes, path: Path, *, provenance: dict) -> None:
    """Write minimum, force constants and displacements with their provenance.

    Args:
        modes: of a molecule.
        path: file to write; replaced in one step.
        provenance: anything that can be JSON: method, command, versions, date.
    """
    content = {
        "provenance": provenance,
        "units": {
            "positions": "Å",
            "force_constants": "eV Å⁻² amu⁻¹, of the mass-weighted Hessian",
            "displacements": "mass-weighted unit vectors, (n_modes, n_atoms, 3)",
        },
        "numbers": modes.minimum.numbers.tolist(),
        "positions": modes.minimum.positions.round(8).tolist(),
        "force_constants": modes.force_constants.round(8).tolist(),
        "displacements": modes.displacements.round(6).tolist(),
    }
    text = json.dumps(content, ensure_ascii=False) + "\n"
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))


def load_modes(name: str = "ethanol_pbe") -> tuple[NormalModes, dict]:
    """Load stored modes.

    Args:
        name: a file of the package, without its ending.

    Returns:
        The modes and their provenance.

    Raises:
        ValueError: if there are none of that name.

    Example:
        >>> modes, provenance = load_modes("ethanol_pbe")
        >>> len(modes.energies), provenance["method"][:12]  # 3 × 9 - 6
        (21, 'DF-PBE/def2-')
    """
    path = FOLDER / f"{name}.json"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.json")))
        raise ValueError(f"no stored modes {name!r}; there are: {known}")
    content = json.loads(path.read_text(encoding="utf-8"))
    minimum = Atoms(numbers=content["numbers"], positions=content["positions"])
    arrays = (np.array(content[key]) for key in ("force_constants", "displacements"))
    return NormalModes(minimum, *arrays), content["provenance"]
