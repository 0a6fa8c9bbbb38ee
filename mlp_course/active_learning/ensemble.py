"""Ensembles: several potentials of one kind, whose disagreement says where they do not know."""

import multiprocessing
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import safetensors.torch
import torch
from ase import Atoms
from numpy.typing import NDArray

from mlp_course.data.quality import as_frames, check_frames
from mlp_course.descriptors.checks import check_count
from mlp_course.models import Potential, build_model, load_model, save_model
from mlp_course.models.potential import check_potential
from mlp_course.training import fit
from mlp_course.validation import predict


@dataclass(frozen=True, eq=False)
class EnsemblePrediction:
    r"""What every member says, the mean of it, and how far they are apart.

    .. math:: \bar{\mathbf F}_i = \frac{1}{M} \sum_m \mathbf F_i^m, \qquad
        \sigma_i = \sqrt{\tfrac{1}{M} \sum_m |\mathbf F_i^m - \bar{\mathbf F}_i|^2}

    Attributes:
        energies: in eV, shape (n_models, n_frames).
        forces: of each frame, in eV/Å, shape (n_models, n_atoms, 3).

    Source:
        Y. Zhang et al., Comput. Phys. Commun. 253, 107206 (2020), Eq. 2: the largest σ_i of a
        configuration decides whether it is labelled.

    Example:
        >>> forces = np.array([[[0.1, 0, 0]], [[0.3, 0, 0]]])  # two models, one atom
        >>> prediction = EnsemblePrediction(np.array([[1.0], [3.0]]), [forces])
        >>> prediction.mean_energies.tolist(), prediction.energy_std.tolist()
        ([2.0], [1.0])
        >>> prediction.force_std[0].round(6).tolist()
        [0.1]
        >>> prediction.largest_force_std.round(6).tolist()
        [0.1]
    """

    energies: NDArray[np.float64]
    forces: list[NDArray[np.float64]]

    @property
    def mean_energies(self) -> NDArray[np.float64]:
        """In eV, shape (n_frames,)."""
        return self.energies.mean(axis=0)

    @property
    def energy_std(self) -> NDArray[np.float64]:
        """Standard deviation of the energies over the members in eV, shape (n_frames,)."""
        return self.energies.std(axis=0)

    @property
    def mean_forces(self) -> list[NDArray[np.float64]]:
        """Of each frame in eV/Å, shape (n_atoms, 3)."""
        return [forces.mean(axis=0) for forces in self.forces]

    @property
    def force_std(self) -> list[NDArray[np.float64]]:
        """σ_i of each frame in eV/Å, shape (n_atoms,)."""
        return [np.sqrt(forces.var(axis=0).sum(axis=-1)) for forces in self.forces]

    @property
    def largest_force_std(self) -> NDArray[np.float64]:
        """The largest σ_i of each frame in eV/Å, shape (n_frames,)."""
        return np.array([spread.max() for spread in self.force_std])


class Ensemble:
    """Potentials of one kind, trained on the same data from different initial weights.

    Args:
        members: two or more potentials for the same elements.

    Raises:
        TypeError: if a member is no potential.
        ValueError: if there are fewer than two members, or they know different elements.

    Example:
        >>> ensemble = Ensemble([build_model("schnet", n_features=8, seed=n) for n in range(5)])
        >>> len(ensemble), ensemble.species
        (5, [1, 6, 8])
    """

    def __init__(self, members: Sequence[Potential]) -> None:
        self.members = [check_potential(member) for member in members]
        if len(self.members) < 2:
            raise ValueError(
                f"members must be at least two potentials; got {len(self.members)}: one cannot "
                "disagree with itself"
            )
        if len({tuple(member.species) for member in self.members}) > 1:
            known = [member.species for member in self.members]
            raise ValueError(f"members must know the same elements; got {known}")

    @property
    def species(self) -> list[int]:
        """Atomic numbers that the members know."""
        return self.members[0].species

    def __len__(self) -> int:
        return len(self.members)

    def predict(self, frames: Sequence[Atoms]) -> EnsemblePrediction:
        """Ask every member; labels of the frames are neither used nor changed.

        Args:
            frames: configurations, of any sizes.

        Raises:
            TypeError: if one is no ``Atoms``.
            ValueError: if there is none, an element is unknown, or a prediction is not finite.

        Example:
            >>> from mlp_course.data import load_embedded
            >>> ensemble = Ensemble([build_model("schnet", n_features=8, seed=n) for n in (0, 1)])
            >>> prediction = ensemble.predict(load_embedded("ethanol/500K")[:3])
            >>> prediction.energies.shape, prediction.forces[0].shape
            ((2, 3), (2, 9, 3))
        """
        frames = as_frames(frames)
        answers = [predict(member, frames) for member in self.members]
        energies = np.array([energies for energies, _ in answers])
        forces = [np.array(rows) for rows in zip(*(f for _, f in answers), strict=True)]
        return EnsemblePrediction(energies, forces)

    def force_mae(self, frames: Sequence[Atoms]) -> float:
        """Mean absolute error of the mean forces on labelled frames, per component, in meV/Å."""
        frames = check_frames(frames)
        predicted = np.concatenate(self.predict(frames).mean_forces)
        labels = np.concatenate([atoms.get_forces() for atoms in frames])
        return 1000 * float(np.abs(predicted - labels).mean())

    def save(self, folder: str | Path, *, provenance: dict | None = None) -> None:
        """Write the members as ``member_0.safetensors`` and so on, each in one step."""
        for number, member in enumerate(self.members):
            path = Path(folder) / f"member_{number}.safetensors"
            save_model(member, path, provenance=provenance)

    @classmethod
    def load(cls, folder: str | Path) -> "Ensemble":
        """Load what :meth:`save` wrote.

        Raises:
            FileNotFoundError: if there are no members in the folder.
            ModelFileError: if a file is damaged.
        """
        paths = sorted(Path(folder).glob("member_*.safetensors"), key=lambda p: (len(p.name), p))
        if not paths:
            raise FileNotFoundError(f"no member_*.safetensors in {folder}: name a saved ensemble")
        return cls([load_model(path) for path in paths])


def train_ensemble(
    models: Sequence[Potential],
    train: Sequence[Atoms],
    validation: Sequence[Atoms],
    *,
    workers: int = 2,
    fraction: float = 1.0,
    seed: int = 0,
    **fit_options,
) -> tuple[Ensemble, list[pd.DataFrame]]:
    """Train each model in a process of its own, from the weights it has; the models change.

    Members differ by their initial weights, by the order of the batches (seed + number) and, with a
    ``fraction`` below 1, by the frames that they see. A potential that is solved and not descended
    (GAP) has nothing else to differ by. What all agree on is not therefore true.

    Args:
        models: from ``build_model`` with different seeds, or the members of an earlier ensemble.
        train: configurations with energies (eV) and forces (eV/Å).
        validation: configurations to watch the errors on.
        workers: processes at a time; 1 trains one after the other in this process.
        fraction: part of ``train`` that each member sees, drawn anew for each; dimensionless.
        seed: of the order of the batches, and of the frames, of the first member.
        fit_options: of :func:`mlp_course.training.fit`, such as ``max_epochs``.

    Returns:
        The ensemble and the history of each member.

    Raises:
        ValueError: as ``fit``, for fewer than two models, or a ``fraction`` that is not above 0 and
            at most 1.
        RuntimeError: if a worker is killed, for example for want of memory.

    Source:
        The parts of the data: F. Musil et al., J. Chem. Theory Comput. 15, 906 (2019).

    Example:
        >>> from mlp_course.data import load_embedded
        >>> frames = load_embedded("ethanol/500K")[:6]
        >>> models = [build_model("schnet", n_features=8, seed=n) for n in (0, 1)]
        >>> ensemble, histories = train_ensemble(
        ...     models, frames[:4], frames[4:], workers=1, max_epochs=1, batch_size=2
        ... )
        >>> len(ensemble), [len(history) for history in histories]
        (2, [1, 1])
    """
    check_count(1, workers=workers)
    if not 0 < fraction <= 1:
        raise ValueError(f"fraction must be above 0 and at most 1; got {fraction}")
    ensemble, train = Ensemble(models), as_frames(train)
    seeds = range(seed, seed + len(models))
    options = [{"progress": False, **fit_options, "seed": number} for number in seeds]
    parts = [_part_of(train, fraction, number) for number in seeds]
    if workers == 1:
        return ensemble, [
            fit(model, part, validation, **own)
            for model, part, own in zip(models, parts, options, strict=True)
        ]
    packed = [_packed(model) for model in models]
    jobs = zip(packed, parts, [validation] * len(models), options, strict=True)
    histories = []
    for model, (weights, history) in zip(models, _in_processes(jobs, workers), strict=True):
        model.load_state_dict(safetensors.torch.load(weights))
        model.provenance = {}
        model.eval()
        histories.append(history)
    return ensemble, histories


def _part_of(frames: list[Atoms], fraction: float, seed: int) -> list[Atoms]:
    """The frames one member sees, in their order; at least one."""
    if fraction == 1:
        return frames
    n_frames = max(1, round(fraction * len(frames)))
    chosen = np.random.default_rng(seed).choice(len(frames), n_frames, replace=False)
    return [frames[n] for n in np.sort(chosen)]


def _in_processes(jobs: Iterable[tuple], workers: int) -> list[tuple[bytes, pd.DataFrame]]:
    """Train several members at a time."""
    context = multiprocessing.get_context("spawn")  # a fork would inherit torch's threads
    try:
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            return list(pool.map(_train_packed, jobs))
    except BrokenProcessPool as error:
        raise RuntimeError(
            "a process that trained a member was killed, perhaps for want of memory: train with "
            "fewer workers (workers=1 trains in this process)"
        ) from error


def _packed(model: Potential) -> tuple[dict, bytes]:
    """A potential as its settings and the bytes of its weights: no file, no shared memory."""
    if not model.settings:
        raise ValueError("models must be made by build_model: others cannot be sent to a process")
    state = {name: value.contiguous() for name, value in model.state_dict().items()}
    return model.settings, safetensors.torch.save(state)


def _train_packed(job: tuple) -> tuple[bytes, pd.DataFrame]:
    """Train one member; runs in a process of its own."""
    (settings, weights), train, validation, options = job
    torch.set_num_threads(1)
    model = build_model(**settings)
    model.load_state_dict(safetensors.torch.load(weights))
    history = fit(model, train, validation, **options)
    return _packed(model)[1], history
