"""One job of a labelling run: what a worker does with one configuration."""

import io
import json
import os
import subprocess
import time
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path

import ase.io
import numpy as np
from ase import Atoms
from ase.calculators.calculator import CalculationFailed, Calculator, all_properties
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.reference.ladder import reference_calculator
from mlp_course.reference.store import geometry_key, spool_path

CalculatorLike = str | Callable[[], Calculator]

#: A calculation may fail in these ways; anything else is a mistake and stops the run.
FAILURES = (CalculationFailed, ArithmeticError, np.linalg.LinAlgError, subprocess.SubprocessError)

#: Names that extended XYZ or a label itself uses in the comment line.
_RESERVED = {"Lattice", "Properties", "pbc", *all_properties}


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
        return path.read_text()
    text = _frame(atoms, method, _result(atoms, calculator))
    if path is not None:
        _write_whole(path, text)
    return text


def refusal(atoms: Atoms, method: str, reason: str) -> str:
    """One frame of extended XYZ that says why a configuration has no label."""
    return _frame(atoms, method, {"refused": reason, "seconds": 0.0})


def check_neutral(frames: Iterable[Atoms]) -> None:
    """Refuse charges and magnetic moments, which are handed to no worker and kept in no store.

    Raises:
        ValueError: naming the frame, and where a charge belongs.

    Example:
        >>> ion = Atoms("Na", charges=[1.0])
        >>> check_neutral([ion])
        Traceback (most recent call last):
        ValueError: frame 0 carries initial charges, which a label would silently be without: ...
    """
    for n, atoms in enumerate(frames):
        for name in ("initial_charges", "initial_magmoms"):
            if atoms.has(name) and atoms.arrays[name].any():
                raise ValueError(
                    f"frame {n} carries {name.replace('_', ' ')}, which a label would silently be "
                    "without: give charge and spin to the calculator, for example calculator="
                    "functools.partial(reference_calculator, 'pbe', charge=1), and take them off "
                    f"the frame (atoms.arrays.pop({name!r}))"
                )


def build_calculator(calculator: CalculatorLike) -> Calculator:
    """Make the ASE calculator that a name or a function stands for."""
    return reference_calculator(calculator) if isinstance(calculator, str) else calculator()


def method_name(calculator: CalculatorLike) -> str:
    """What to call the labels of a calculator: a rung's name, or program and parameters.

    What ``calculator.parameters`` does not tell, such as the weights of a potential, a method
    ``fingerprint()`` of the calculator has to tell; two without either are taken for one.

    Example:
        >>> from ase.calculators.emt import EMT
        >>> method_name("pbe"), method_name(EMT)
        ('pbe', 'emt {"asap_cutoff": false}')
    """
    if isinstance(calculator, str):
        return calculator
    built = calculator()
    told = {"fingerprint": built.fingerprint()} if hasattr(built, "fingerprint") else {}
    settings = dict(built.parameters) | told
    parameters = json.dumps(settings, sort_keys=True, default=str, ensure_ascii=False)
    return f"{getattr(built, 'name', type(built).__name__)} {parameters}"


def bare(atoms: Atoms, **info) -> Atoms:
    """Copy elements, positions and cell only: no calculator, no constraints, ``info`` as given."""
    return Atoms(
        atoms.numbers, positions=atoms.positions, cell=atoms.cell, pbc=atoms.pbc, info=info
    )


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
        about["label_refused"] = " ".join(result["refused"].replace('"', "'").split())
    frame = bare(atoms)
    frame.info = about | _info_to_keep(atoms.info)
    if "refused" not in result:
        frame.calc = SinglePointCalculator(frame, energy=result["energy"], forces=result["forces"])
    text = io.StringIO()
    ase.io.write(text, frame, format="extxyz")
    return text.getvalue()


def _info_to_keep(info: dict) -> dict:
    r"""What a frame says of itself, without an earlier label and on one line.

    Example:
        >>> _info_to_keep({"origin": "md", "note": "two\nlines", "energy": -1.0, "label_key": "x"})
        {'origin': 'md', 'note': 'two lines'}
    """
    return {
        name: " ".join(value.splitlines()) if isinstance(value, str) else value
        for name, value in info.items()
        if not (name.startswith("label_") or name in _RESERVED)
    }


def _write_whole(path: Path, text: str) -> None:
    """Write a file that is there whole, on disk, or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{uuid.uuid4().hex}.part")
    with part.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
