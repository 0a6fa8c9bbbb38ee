"""One job of a labelling run: what a worker does with the configurations it is given."""

import io
import json
import re
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

import ase.io
import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data.whole_files import write_whole
from mlp_course.reference.configuration import bare, geometry_key
from mlp_course.reference.failures import FAILURES
from mlp_course.reference.ladder import reference_calculator, rung_name
from mlp_course.reference.store import spool_path

CalculatorLike = str | Callable[[], Calculator]

#: What the store writes into ``info``.
_OWN = ("label_key", "label_method", "label_seconds", "label_refused")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+>")
_LONGEST = 0.2  # s, after which a bundle is not gone on with


def single_point(
    atoms: Atoms, calculator: CalculatorLike, *, method: str, spool: Path | None = None
) -> str:
    """Compute one label and write it down.

    Args:
        atoms: a configuration; it stays as it is.
        calculator: name of a rung of ``reference_calculator``, or a function without arguments that
            makes an ASE calculator.
        method: what to call it in the store.
        spool: folder to leave the result in as soon as it is finished, so that nothing is lost if
            this process or the one that asked is killed. What lies there already is not computed
            again.

    Returns:
        One frame of extended XYZ with energy (eV) and forces (eV/Å), or, if the calculation failed,
        with the reason in its comment line.

    Example:
        >>> text = single_point(Atoms("H2", [[0, 0, 0], [0, 0, 0.74]]), "emt", method="emt")
        >>> text.splitlines()[0], "energy=" in text, "label_method=emt" in text
        ('2', True, True)
    """
    path = None if spool is None else spool_path(spool, geometry_key(atoms), method)
    if path is not None and path.exists():
        return path.read_text(encoding="utf-8")
    text = _frame(atoms, method, _result(atoms, calculator))
    if path is not None:
        # Not forced to disk, which costs as much as a quick label; the store is.
        own = path.with_suffix(f".{uuid.uuid4().hex}.part")  # a killed run's worker may live on
        write_whole(path, lambda part: part.write_text(text, encoding="utf-8"), part=own)
    return text


def single_points(
    frames: Sequence[Atoms], calculator: CalculatorLike, *, method: str, spool: Path
) -> list[str]:
    """Compute a bundle of labels one after the other, and stop after 0.2 s.

    Handing a job to a worker takes some ms, as long as a quick label itself; so quick ones go
    together. Of slow ones the first only is computed: the rest is free for other workers.

    Args:
        frames: configurations, at least one.
        calculator: see :func:`single_point`.
        method: what to call it in the store.
        spool: folder to leave each result in.

    Returns:
        What :func:`single_point` returns, of the first configurations; at least of one.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> h2 = [Atoms("H2", [[0, 0, 0], [0, 0, d]]) for d in (0.7, 0.8)]
        >>> with TemporaryDirectory() as folder:
        ...     texts = single_points(h2, "emt", method="emt", spool=Path(folder))
        ...     len(texts), len(list(Path(folder).iterdir()))
        (2, 2)
    """
    started, texts = time.perf_counter(), []
    for atoms in frames:
        texts.append(single_point(atoms, calculator, method=method, spool=spool))
        if time.perf_counter() - started > _LONGEST:
            break
    return texts


def refusal(atoms: Atoms, method: str, reason: str) -> str:
    """One frame of extended XYZ that says why a configuration has no label."""
    return _frame(atoms, method, {"refused": reason, "seconds": 0.0})


def build_calculator(calculator: CalculatorLike) -> Calculator:
    """Make the ASE calculator that a name or a function stands for."""
    return reference_calculator(calculator) if isinstance(calculator, str) else calculator()


def method_name(calculator: CalculatorLike) -> str:
    """What to call the labels of a calculator: a rung's name, or program and parameters.

    What ``calculator.parameters`` does not tell, such as the weights of a potential, a method
    ``fingerprint()`` of the calculator has to tell; two without either are taken for one.

    Raises:
        ValueError: if there is no such rung, or a parameter has no name that stays the same.

    Example:
        >>> from ase.calculators.emt import EMT
        >>> method_name("pbe"), method_name(EMT)
        ('pbe', 'emt {"asap_cutoff": false}')
    """
    if isinstance(calculator, str):
        return rung_name(calculator)
    built = calculator()
    told = {"fingerprint": built.fingerprint()} if hasattr(built, "fingerprint") else {}
    settings = dict(built.parameters) | told
    parameters = json.dumps(settings, sort_keys=True, default=str, ensure_ascii=False)
    if _ADDRESS.search(parameters):
        raise ValueError(
            "a parameter of the calculator has no name but its place in memory, which changes from "
            f"run to run, so that labels would never be found again: {parameters}. Build it from "
            "numbers and strings"
        )
    name = f"{getattr(built, 'name', type(built).__name__)} {parameters}"
    return name.replace("\\", "/")  # a backslash would not come back from extended XYZ


def _result(atoms: Atoms, calculator: CalculatorLike) -> dict:
    """Energy and forces, or the reason why there are none; seconds."""
    started = time.perf_counter()
    computed = bare(atoms)
    computed.calc = build_calculator(calculator)
    try:
        result = {"energy": float(computed.get_potential_energy()), "forces": computed.get_forces()}
        if not (np.isfinite(result["energy"]) and np.isfinite(result["forces"]).all()):
            result = {"refused": "energy or forces are not finite"}
    except FAILURES as error:
        result = {"refused": f"{type(error).__name__}: {error}"}
    return result | {"seconds": time.perf_counter() - started}


def _frame(atoms: Atoms, method: str, result: dict) -> str:
    """Extended XYZ of a label or a refusal."""
    about = {
        "label_key": geometry_key(atoms),
        "label_method": method,
        "label_seconds": round(result["seconds"], 4),
    }
    if "refused" in result:
        reason = result["refused"].replace('"', "'").replace("\\", "/")
        about["label_refused"] = " ".join(reason.split())
    theirs = {key: value for key, value in atoms.info.items() if key not in _OWN}
    frame = bare(atoms, **about | theirs)  # ours first: the store looks for the first of each
    if "refused" not in result:
        frame.calc = SinglePointCalculator(frame, energy=result["energy"], forces=result["forces"])
    text = io.StringIO()
    ase.io.write(text, frame, format="extxyz")
    return text.getvalue()
