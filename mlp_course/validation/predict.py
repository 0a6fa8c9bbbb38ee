"""Predict energies and forces of frames, with a potential (in batches) or an ASE calculator."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from ase import Atoms
from ase.stress import full_3x3_to_voigt_6_stress

BATCH_ATOMS = 1000  # about this many atoms are evaluated at once; memory grows with it


def predict(model: Any, frames: Sequence[Atoms]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Predict energy and forces of each frame; labels of the frames are neither used nor changed.

    Args:
        model: a `Potential` (evaluated in batches) or any ASE calculator (one frame at a time).
        frames: configurations; a single one counts as a list of one.

    Returns:
        Energies in eV, shape (n_frames,), and the forces of each frame in eV/Å, shape (n_atoms, 3).

    Raises:
        TypeError: if ``model`` is neither.
        ValueError: if a prediction is NaN or infinite.

    Example:
        >>> from ase.build import bulk
        >>> from ase.calculators.emt import EMT
        >>> energies, forces = predict(EMT(), [bulk("Cu", cubic=True)])
        >>> energies.shape, forces[0].shape
        ((1,), (4, 3))
    """
    energies, forces, _ = predict_all(model, frames)
    return energies, forces


def predict_all(
    model: Any, frames: Sequence[Atoms], *, with_stress: Sequence[bool] | None = None
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray | None]]:
    """Like `predict`, with the stress (eV/Å³, shape (6,)) of the frames for which it is wanted."""
    frames = [frames] if isinstance(frames, Atoms) else frames
    wanted = list(with_stress) if with_stress is not None else [False] * len(frames)
    if hasattr(model, "get_potential_energy"):
        rows = _with_calculator(model, frames, wanted)
    elif callable(model) and hasattr(model, "cutoff"):
        rows = _with_potential(model, frames, wanted)
    else:
        raise TypeError(
            "model must be a Potential (build_model, load_model) or an ASE calculator; "
            f"got {type(model).__name__}"
        )
    energies, forces, stresses = [], [], []
    for number, (energy, force, stress) in enumerate(rows):
        if not (np.isfinite(energy) and np.isfinite(force).all()):
            raise ValueError(
                f"frame {number}: the predicted energy (eV) or a force (eV/Å) is not finite; "
                "the training diverged, or two atoms of this frame sit on each other"
            )
        energies.append(energy)
        forces.append(force)
        stresses.append(stress)
    return np.array(energies), forces, stresses


Row = tuple[float, np.ndarray, np.ndarray | None]


def _with_calculator(calculator: Any, frames: Iterable[Atoms], wanted: list[bool]) -> Iterator[Row]:
    """Ask the calculator frame by frame, on copies."""
    for atoms, want in zip(frames, wanted, strict=True):
        copy = atoms.copy()
        copy.calc = calculator
        forces = copy.get_forces(apply_constraint=False)
        stress = _stress_or_none(copy) if want else None
        yield float(copy.get_potential_energy()), np.array(forces, dtype=float), stress


def _stress_or_none(atoms: Atoms) -> np.ndarray | None:
    """Stress in eV/Å³, shape (6,), if the calculator offers it."""
    offered = getattr(atoms.calc, "implemented_properties", ["stress"])
    return np.array(atoms.get_stress(apply_constraint=False)) if "stress" in offered else None


def _with_potential(model: Any, frames: Iterable[Atoms], wanted: list[bool]) -> Iterator[Row]:
    """Evaluate batches of graphs, with and without stress apart from each other."""
    was_training = getattr(model, "training", False)
    if was_training:
        model.eval()
    try:
        pairs = zip(frames, wanted, strict=True)
        for batch, want in _batches(pairs):
            yield from _evaluate_batch(model, batch, want)
    finally:
        if was_training:
            model.train()


def _batches(pairs: Iterator[tuple[Atoms, bool]]) -> Iterator[tuple[list[Atoms], bool]]:
    """Group consecutive frames with the same wish, up to BATCH_ATOMS atoms."""
    batch: list[Atoms] = []
    wish = False
    for atoms, want in pairs:
        full = sum(len(member) for member in batch) + len(atoms) > BATCH_ATOMS
        if batch and (full or want != wish):
            yield batch, wish
            batch = []
        batch.append(atoms)
        wish = want
    if batch:
        yield batch, wish


def _evaluate_batch(model: Any, batch: list[Atoms], want: bool) -> Iterator[Row]:
    """One forward pass; the result cut into frames."""
    from mlp_course.data.neighbours import collate, neighbour_list  # loads torch

    graph = collate([neighbour_list(atoms, model.cutoff) for atoms in batch])
    if hasattr(model, "device"):
        graph = graph.to(model.device, model.dtype)
    prediction = model(graph, with_stress=True) if want else model(graph)
    energies = prediction.energy.detach().double().cpu().tolist()  # (n_systems,)
    forces = prediction.forces.detach().double().cpu().numpy()  # (n_atoms, 3)
    ends = np.cumsum([len(atoms) for atoms in batch])
    for number, own_forces in enumerate(np.split(forces, ends[:-1])):
        stress = None
        if want:
            tensor = prediction.stress[number].detach().double().cpu().numpy()
            stress = full_3x3_to_voigt_6_stress(tensor)
        yield energies[number], own_forces.copy(), stress
