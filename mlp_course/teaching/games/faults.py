"""Faults to practise on: labelled frames of a molecule, spoilt in ways that really happen."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.units import convert

#: Faults in the order they are planted, and how each of them comes about.
FAULTS = {
    "energy in Hartree": "a reader that forgot to convert",
    "forces not finite": "the last step of a run that was killed",
    "forces of a turned copy": "geometry in one orientation, forces in another",
    "one force set to zero": "an atom was held by a constraint when it was labelled",
    "atoms in each other": "a hydrogen wrapped to the wrong place after the calculation",
    "another method": "a file of another project in the same folder",
    "labelled twice": "the same job submitted by two people",
    "moved after labelling": "positions changed, labels kept",
    "energy 20 meV too high": "an SCF that stopped a little early",
}


def plant_faults(frames: Sequence[Atoms]) -> tuple[list[Atoms], pd.DataFrame]:
    """Spoil one frame for each of :data:`FAULTS`, spread evenly over the set.

    Args:
        frames: one molecule, labelled (energies in eV, forces in eV/Å); at least 20.

    Returns:
        Copies, one of them added at the end (the one labelled twice), all with
        ``info["label_method"]``; and a table of what was planted: frame, fault, how it comes about.

    Raises:
        ValueError: if there are fewer than 20 frames.

    Example:
        >>> from mlp_course.data import load_embedded
        >>> frames, planted = plant_faults(load_embedded("ethanol/500K")[:20])
        >>> len(frames), planted["frame"].tolist()
        (21, [1, 3, 5, 7, 9, 11, 20, 15, 17])
    """
    if len(frames) < 20:
        raise ValueError(f"frames must be at least 20, to hide faults among; got {len(frames)}")
    spoilt = [_copy(atoms) for atoms in frames]
    stride = len(frames) // 10
    places = [1 + stride * number for number in range(len(FAULTS))]
    for place, fault in zip(places, FAULTS, strict=True):
        _spoil(spoilt, place, fault)
    places[list(FAULTS).index("labelled twice")] = len(frames)
    table = pd.DataFrame({"frame": places, "fault": list(FAULTS), "how": list(FAULTS.values())})
    return spoilt, table


def _spoil(frames: list[Atoms], place: int, fault: str) -> None:
    """Put one spoilt frame in the place of a good one; a second copy goes to the end."""
    atoms = frames[place]
    energy, forces = atoms.get_potential_energy(), atoms.get_forces()
    if fault == "energy in Hartree":
        frames[place] = _copy(atoms, energy=convert(energy, "eV", "Hartree"))
    elif fault == "forces not finite":
        forces[0] = np.nan
        frames[place] = _copy(atoms, forces=forces)
    elif fault == "forces of a turned copy":
        frames[place] = _copy(atoms, forces=forces[:, [1, 2, 0]])
    elif fault == "one force set to zero":
        forces[np.linalg.norm(forces, axis=1).argmax()] = 0.0
        frames[place] = _copy(atoms, forces=forces)
    elif fault == "atoms in each other":
        wrapped = atoms.copy()
        wrapped.positions[-1] = wrapped.positions[0] + [0.0, 0.0, 0.3]
        frames[place] = _copy(wrapped, energy=energy, forces=forces)
    elif fault == "another method":
        atoms.info["label_method"] = "gfn2-xtb"
    elif fault == "labelled twice":
        frames.append(_copy(atoms))
    elif fault == "moved after labelling":
        atoms.positions[0] += 0.05
    else:
        frames[place] = _copy(atoms, energy=energy + 0.02)


def _copy(atoms: Atoms, *, energy: float | None = None, forces: np.ndarray | None = None) -> Atoms:
    """Copy with labels of its own, those of the frame unless others are given."""
    copy = atoms.copy()
    copy.info.setdefault("label_method", "pbe")
    labels = dict(
        energy=atoms.get_potential_energy() if energy is None else energy,
        forces=atoms.get_forces() if forces is None else forces,
    )
    copy.calc = SinglePointCalculator(copy, **labels)
    return copy
