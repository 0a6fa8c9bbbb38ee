"""Labelling: many configurations, many processes, one file that survives a kill at any moment."""

import hashlib
import json
import os
import threading
import time
import warnings
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import NoReturn

import numpy as np
from ase import Atoms
from ase.calculators.calculator import CalculationFailed, Calculator, all_changes
from ase.calculators.singlepoint import SinglePointCalculator
from tqdm import tqdm

from mlp_course.reference.ladder import reference_calculator
from mlp_course.reference.pbe import SCFNotConverged

_START_OF_RECORD = b'{"key": "'
_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
#: Linux: keep freed memory and use large pages. PySCF frees and asks again for hundreds of MB in
#: every cycle; handing them back to the system each time costs a quarter of a label's time.
_KEEP_MEMORY = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4000000000"
_KEEP_MEMORY += ":glibc.malloc.trim_threshold=16000000000"


def geometry_key(atoms: Atoms) -> str:
    """Name a geometry: a digest of elements, positions (to 1e-8 Å) and, if periodic, the cell."""
    text = atoms.get_atomic_numbers().tobytes() + np.round(atoms.positions, 8).tobytes()
    if atoms.pbc.any():
        text += atoms.pbc.tobytes() + np.round(atoms.cell.array, 8).tobytes()
    return hashlib.sha256(text).hexdigest()[:24]


def process_pool(n_workers: int) -> ProcessPoolExecutor:
    """Start worker processes that compute with one thread each."""
    for variable in _THREAD_VARIABLES:
        os.environ[variable] = "1"  # inherited by the workers, which are started afresh
    os.environ.setdefault("GLIBC_TUNABLES", _KEEP_MEMORY)
    if _has_avx2():
        os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")
    return ProcessPoolExecutor(
        n_workers, mp_context=get_context("spawn"), initializer=_end_with_parent
    )


def _end_with_parent() -> None:
    """Watch from inside a worker: when its parent is killed, it must not wait for work for ever."""

    def watch() -> None:
        parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _has_avx2() -> bool:
    """Tell whether to name the processor to the old OpenBLAS inside PySCF.

    OpenBLAS 0.3.3 does not know newer processors and falls back to SSE code, at a third of the
    speed in matrix products. Any processor with AVX2 runs what it has for "Haswell".
    """
    flags = Path("/proc/cpuinfo")
    return flags.exists() and " avx2 " in flags.read_text()


def single_point(atoms: Atoms, method: str) -> dict:
    """Compute one label: energy in eV, forces in eV/Å, shape (n_atoms, 3), time in s.

    A geometry whose SCF does not converge gets the key ``"refused"`` with the reason instead of
    a label.
    """
    started = time.perf_counter()
    atoms = atoms.copy()
    atoms.calc = reference_calculator(method)
    try:
        label = {"energy": atoms.get_potential_energy(), "forces": atoms.get_forces().tolist()}
    except CalculationFailed as reason:  # SCFNotConverged is one, tblite raises others
        label = {"refused": str(reason)}
    seconds = round(time.perf_counter() - started, 2)
    return {"key": geometry_key(atoms), "method": method, **label, "seconds": seconds}


class LabelJournal:
    """Finished labels of one method in a text file, a JSON record a line, on disk before it counts.

    Killed at any moment, the file holds every finished label; a last line cut short is thrown away
    when the file is opened again.

    Args:
        path: the file; made, with its folder, if missing.
        method: the rung of :func:`reference_calculator` whose labels are read and added.
    """

    def __init__(self, path: Path, method: str):
        self.path = Path(path)
        self.method = method
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.touch()
        self._lock = threading.Lock()
        finished = self._finished_lines()
        records = [self._read(number, line) for number, line in enumerate(finished, start=1)]
        self._records = {record["key"]: record for record in records if record["method"] == method}
        with self.path.open("rb+") as file:  # a line cut short by a kill
            file.truncate(sum(len(line) for line in finished))

    def __contains__(self, atoms: Atoms) -> bool:
        return geometry_key(atoms) in self._records

    def __getitem__(self, atoms: Atoms) -> dict:
        return self._records[geometry_key(atoms)]

    def add(self, record: dict) -> None:
        """Append one record and force it to disk; safe from several threads."""
        with self._lock, self.path.open("a") as file:
            file.write(json.dumps(record) + "\n")
            file.flush()
            os.fsync(file.fileno())
            self._records[record["key"]] = record

    def _finished_lines(self) -> list[bytes]:
        lines = self.path.read_bytes().splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            cut = lines.pop()
            if not (cut.startswith(_START_OF_RECORD) or _START_OF_RECORD.startswith(cut)):
                self._refuse(len(lines) + 1)
        return lines

    def _read(self, number: int, line: bytes) -> dict:
        try:
            record = json.loads(line)
            numbers = [0.0] if "refused" in record else [record["energy"], *record["forces"]]
            whole = {"key", "method"} <= record.keys()
            finite = all(np.isfinite(value).all() for value in numbers)
        except (ValueError, TypeError, KeyError, AttributeError):
            whole = finite = False
        if not (whole and finite):
            self._refuse(number)
        return record

    def _refuse(self, number: int) -> NoReturn:
        raise ValueError(
            f"{self.path}, line {number}, is no label of a journal; the file is left as it is: "
            "name another file, or delete that line if the file is a damaged journal"
        )


class JournalledCalculator(Calculator):
    """An ASE calculator that looks a geometry up in a journal and has a pool compute the missing.

    An optimisation or a nudged elastic band driven by it can be killed and started again: it
    retraces its steps from the journal at once and goes on where it stopped.

    Args:
        journal: labels already known, and where new ones go.
        pool: from :func:`process_pool`; several calculators may share it from several threads.
    """

    implemented_properties = ["energy", "forces"]

    def __init__(self, journal: LabelJournal, pool: ProcessPoolExecutor):
        super().__init__()
        self.journal = journal
        self.pool = pool

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Return the journal's energy (eV) and forces (eV/Å), computed first where missing."""
        super().calculate(atoms, properties, system_changes)
        if self.atoms not in self.journal:
            self.journal.add(
                self.pool.submit(single_point, bare(self.atoms), self.journal.method).result()
            )
        record = self.journal[self.atoms]
        if "refused" in record:
            raise SCFNotConverged(record["refused"])
        self.results = {"energy": record["energy"], "forces": np.array(record["forces"])}


def label(
    frames: Sequence[Atoms],
    *,
    method: str,
    journal: Path,
    n_workers: int = 2,
    progress: bool = True,
) -> list[Atoms]:
    """Label configurations in parallel; run again after a kill, it computes only what is missing.

    Args:
        frames: configurations to label.
        method: a rung of :func:`reference_calculator`.
        journal: file of finished labels, see :class:`LabelJournal`.
        n_workers: processes, one thread each.
        progress: show a progress bar.

    Returns:
        Copies of the frames with energy (eV) and forces (eV/Å, shape (n_atoms, 3)) in a
        SinglePointCalculator, in the order given. Refused frames (SCF not converged) are missing
        here, are counted in a warning and stand in the journal with their reason.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.74]])
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder) / "labels.jsonl"
        ...     LabelJournal(path, "emt").add(single_point(h2, "emt"))  # what a worker does
        ...     (labelled,) = label([h2], method="emt", journal=path)  # known: nothing is computed
        >>> bool(labelled.get_potential_energy() == single_point(h2, "emt")["energy"])
        True
    """
    labels = LabelJournal(journal, method)
    missing = {geometry_key(atoms): bare(atoms) for atoms in frames if atoms not in labels}
    if missing:
        with process_pool(n_workers) as pool:
            jobs = [pool.submit(single_point, atoms, method) for atoms in missing.values()]
            done = tqdm(as_completed(jobs), total=len(jobs), desc=method, disable=not progress)
            try:
                for job in done:
                    labels.add(job.result())
            finally:  # stopped by an error or by hand: don't compute labels that nobody will keep
                pool.shutdown(wait=False, cancel_futures=True)
    records = [(atoms, labels[atoms]) for atoms in frames]
    _warn_of_refused([record["refused"] for _, record in records if "refused" in record], journal)
    return [_with_label(atoms, record) for atoms, record in records if "refused" not in record]


def _warn_of_refused(reasons: list[str], journal: Path) -> None:
    if reasons:
        warnings.warn(
            f"{len(reasons)} configurations got no label and are left out; first reason: "
            f"{reasons[0]} (all reasons: {journal})",
            stacklevel=3,
        )


def bare(atoms: Atoms, **info) -> Atoms:
    """Copy elements, positions and cell only: no calculator, no constraints, ``info`` as given."""
    return Atoms(
        atoms.numbers, positions=atoms.positions, cell=atoms.cell, pbc=atoms.pbc, info=info
    )


def _with_label(atoms: Atoms, record: dict) -> Atoms:
    atoms = atoms.copy()
    atoms.calc = SinglePointCalculator(
        atoms, energy=record["energy"], forces=np.array(record["forces"])
    )
    return atoms
