"""The result of a program's run, if its own log says that it is one."""

from pathlib import Path

from ase.calculators.calculator import CalculationFailed

from mlp_course.reference.failures import SCFNotConverged
from mlp_course.reference.outputs import read_output
from mlp_course.reference.readers.step import NOT_CONVERGED


def not_converged(program: str, log: Path, reason: str = NOT_CONVERGED) -> SCFNotConverged:
    """Make the error of a program whose loop ran out of cycles."""
    return SCFNotConverged(
        f"{program}: {reason} (log: {log}): raise convergence.max_cycles in the record, or reject "
        "the structure"
    )


def checked_result(log: Path) -> dict:
    """Energy (eV) and forces (eV/Å) of a single point.

    Args:
        log: what the program wrote.

    Returns:
        ``energy``, ``free_energy`` (the same) and ``forces``.

    Raises:
        SCFNotConverged: if the log has a result that is none, with the reason.
        CalculationFailed: if it has no result at all.
    """
    try:
        output = read_output(log)
    except (FileNotFoundError, ValueError) as error:
        raise CalculationFailed(str(error)) from error
    if not output.frames:
        reason = output.rejected["reason"].iloc[-1]
        raise not_converged(output.program, log, reason)
    results = output.frames[-1].calc.results
    energy = results["energy"]
    return {"energy": energy, "free_energy": energy, "forces": results["forces"]}
