"""Labelling: many configurations, many processes, one store that survives a kill at any moment."""

import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ase import Atoms
from tqdm import tqdm

from mlp_course.reference.cluster import local_client
from mlp_course.reference.configuration import checked_configurations, geometry_key
from mlp_course.reference.jobs import (
    CalculatorLike,
    build_calculator,
    method_name,
    refusal,
    single_points,
)
from mlp_course.reference.store import LabelStore

if TYPE_CHECKING:
    from dask.distributed import Client, Future

_LARGEST = 32  # configurations in a bundle


def label(
    frames: Sequence[Atoms],
    calculator: CalculatorLike,
    *,
    store: str | Path,
    client: "Client | None" = None,
    progress: bool = True,
) -> list[Atoms]:
    """Label configurations in parallel; run again after a kill, it computes only what is missing.

    Each worker writes a label down as soon as it has it. Killed at any moment, be it this process,
    a worker or both, no finished label is lost and none is computed twice.

    Args:
        frames: configurations to label; they stay as they are. What ``info`` holds goes into the
            store; constraints do not, for they would hide forces.
        calculator: a rung of ``reference_calculator`` such as ``"xtb"``, or a function without
            arguments that makes an ASE calculator.
        store: extended-XYZ file that labels are added to, see :class:`LabelStore`. It may hold
            labels of other methods too; they are told apart.
        client: where to compute; default: :func:`local_client`, one process a core. With
            ``Client(slurm_cluster(...))`` the jobs go to the queue of a cluster.
        progress: show a progress bar with rate and time left.

    Returns:
        Copies of the frames with energy (eV) and forces (eV/Å, shape (n_atoms, 3)) in a
        SinglePointCalculator, in the order given. Configurations whose calculation failed are
        missing here, are counted in a warning, and lie with their reason in the quarantine beside
        the store; they are not tried again until that file is deleted.

    Raises:
        TypeError: if a frame is no ``Atoms``.
        ValueError: if there are no frames, one has no atoms, a position that is not finite or
            something in ``info`` that a file cannot hold, or ``store`` is a file of something else.
        RuntimeError: if another run writes to the same store.
        ImportError: if the program behind ``calculator`` is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from mlp_course.reference import read_labels
        >>> from mlp_course.reference.jobs import single_point
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder) / "labels.xyz"
        ...     LabelStore(path).add([single_point(h2, "emt", method="emt")])  # as a worker does
        ...     (labelled,) = label([h2], "emt", store=path)  # known: nothing is computed
        ...     (stored,) = read_labels(path)
        >>> bool(labelled.get_potential_energy() == stored.get_potential_energy())
        True
    """
    frames = checked_configurations(frames)
    method = method_name(calculator)
    labels = LabelStore(store)
    with labels.lock():
        labels.collect()
        missing = {geometry_key(a): a for a in frames if (a, method) not in labels}
        if missing:
            build_calculator(calculator)  # what cannot be built here cannot be built by workers
            with nullcontext(client) if client else local_client() as workers:
                _compute(list(missing.values()), calculator, method, labels, workers, progress)
    return _labelled(frames, method, labels)


def _compute(
    missing: Sequence[Atoms],
    calculator: CalculatorLike,
    method: str,
    labels: LabelStore,
    client: "Client",
    progress: bool,
) -> None:
    """Have workers compute what is missing, and take it into the store as it comes."""
    from dask.distributed import as_completed

    task = partial(single_points, calculator=calculator, method=method)
    running = {}  # future: its configurations

    def submit(frames: Sequence[Atoms], size: int) -> "list[Future]":
        starts = range(0, len(frames), max(size, 1))
        bundles = [frames[start : start + max(size, 1)] for start in starts]
        jobs = client.map(task, bundles, spool=labels.spool.absolute(), pure=False)
        running.update(zip(jobs, bundles, strict=True))
        return jobs

    workers = max(len(client.nthreads()), 1)
    jobs = as_completed(submit(missing, min(_LARGEST, len(missing) // (4 * workers))))
    bar = tqdm(total=len(missing), desc=method.split()[0], unit="label", disable=not progress)
    try:
        for job in jobs:
            frames = running.pop(job)
            texts = _texts(job, frames, method)
            labels.add(texts)
            bar.update(len(texts))
            jobs.update(submit(frames[len(texts) :], len(texts)))
    finally:  # stopped by an error or by hand: do not compute labels that nobody will keep
        bar.close()
        client.cancel(list(running))


def _texts(job: "Future", frames: Sequence[Atoms], method: str) -> list[str]:
    """What a finished job wrote of its first frames; one that killed its workers is a refusal."""
    from dask.distributed import KilledWorker

    try:
        return job.result()
    except KilledWorker:
        if len(frames) > 1:  # which of them did it? Each one goes by itself
            return []
        return [refusal(frames[0], method, "every worker that tried it died (out of memory?)")]


def _labelled(frames: Sequence[Atoms], method: str, labels: LabelStore) -> list[Atoms]:
    """Copies with their labels; a warning for those that have none."""
    keys = [(geometry_key(atoms), method) for atoms in frames]
    refused = [key for key in keys if key not in labels.labels]
    if refused:
        first = next(labels.refused.read(refused[:1])).info["label_refused"]
        warnings.warn(
            f"{len(refused)} configurations got no label and are left out; first reason: {first} "
            f"(all reasons: {labels.refused.path}; delete it to try them again)",
            stacklevel=3,
        )
    known = [(a, key) for a, key in zip(frames, keys, strict=True) if key in labels.labels]
    labelled = []
    stored = labels.labels.read([key for _, key in known])
    for (atoms, _), found in zip(known, stored, strict=True):
        copy = atoms.copy()
        copy.calc = found.calc
        copy.calc.atoms = copy.copy()
        labelled.append(copy)
    return labelled
