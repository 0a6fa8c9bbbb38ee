"""One call that judges a potential: errors, properties, runs and speed against a reference."""

import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ase.calculators.calculator import Calculator

import mlp_course
from mlp_course.sampling.origin import calculator_name
from mlp_course.validation.acceptance.criterion import Findings, guarded
from mlp_course.validation.acceptance.judge_errors import judge_physics, judge_sets, judge_targets
from mlp_course.validation.acceptance.judge_properties import (
    judge_barrier,
    judge_crystal,
    judge_torsion,
    judge_vibrations,
)
from mlp_course.validation.acceptance.judge_runs import judge_runs, judge_speed
from mlp_course.validation.acceptance.report import AcceptanceReport
from mlp_course.validation.acceptance.subject import Effort, Frames, Subject, make_subject

#: Every part of the report by the name it has where it cannot be measured.
PARTS: dict[str, Callable[[Subject], Findings]] = {
    "errors against the targets": judge_targets,
    "extrapolation": judge_sets,
    "physical checks": judge_physics,
    "lattice and elastic constants": judge_crystal,
    "vibrations": judge_vibrations,
    "torsion profile": judge_torsion,
    "barrier of the proton transfer": judge_barrier,
    "runs": judge_runs,
    "speed": judge_speed,
}
_PACKAGES = ("ase", "numpy", "scipy", "torch", "pyscf", "tblite")


def accept(
    model: Any,
    frames: Frames | None = None,
    reference: str | Calculator | None = None,
    *,
    system: str | None = None,
    align_energies: bool = False,
    effort: Effort | None = None,
) -> AcceptanceReport:
    """Judge a potential: errors, properties, dynamics and speed, each with a limit and a reason.

    The system is recognised by its elements and bonds, and decides what is asked for: normal modes
    and torsion of ethanol, the proton transfer of malonaldehyde, lattice and elastic constants of
    copper; errors, physical checks, runs and speed always. What breaks is a failed criterion with
    the message as its reason; what makes no sense is "not applicable".

    The limits are those of the course, chosen beforehand: the loose ends of the usual targets
    (``TARGETS``); 20 cm⁻¹, a tenth of k_B T at 300 K; 10 meV, a factor of 1.5 in a rate; 0.5 % of a
    lattice and 10 % of an elastic constant; 0.1 meV/atom/ps; 10⁴ times the speed of DFT. Your
    question may need others.

    Args:
        model: a `Potential` or an ASE calculator of any package, with energy and forces.
        frames: labelled by the reference method: a sequence, judged by temperature where
            ``info`` has one, or a mapping from names to sequences. None takes those that come with
            the course. Frames that the model was trained on flatter it.
        reference: "pbe", "pbe-d3", "gfn2-xtb", "emt", ...; "experiment" (copper), or a calculator.
            None: PBE for the molecules; for copper EMT, or experiment where frames are given.
        system: "ethanol", "malonaldehyde", "copper" or "unknown"; None recognises it.
        align_energies: take a constant per element off the energies first, see `evaluate`.
        effort: how much to compute.

    Returns:
        The report: a table in a notebook; ``report.accepted``, ``report.to_json()``.

    Raises:
        TypeError: if ``model``, a frame or ``effort`` is of the wrong kind.
        ValueError: if a frame has no labels, the model gives no forces or does not know an element,
            or there are no frames and nobody says which system is meant.

    Example:
        >>> from ase.calculators.emt import EMT
        >>> quick = Effort(frames_per_set=2, n_runs=1, run_time=0.02, nve_time=0.1)
        >>> report = accept(EMT(), system="copper", effort=quick)  # against itself
        >>> report.accepted
        True
    """
    effort = effort or Effort()
    if not isinstance(effort, Effort):
        raise TypeError(f"effort must be an Effort(...); got {type(effort).__name__}")
    subject = make_subject(
        model, frames, reference, system=system, effort=effort, align_energies=align_energies
    )
    criteria, details, seconds = [], {}, {}
    for name, judge in PARTS.items():
        started = time.perf_counter()
        found = guarded(name, lambda judge=judge: judge(subject))
        criteria += found.criteria
        details |= found.details
        seconds[name] = round(time.perf_counter() - started, 2)
    provenance = _provenance(subject) | {"seconds": seconds}
    return AcceptanceReport(criteria, subject.system, subject.baseline.name, provenance, details)


def _provenance(subject: Subject) -> dict[str, Any]:
    """Which potential, which frames, which programs, when."""
    calculator = subject.calculator
    fingerprint = getattr(calculator, "fingerprint", None)
    potential = getattr(calculator, "model", None)
    return {
        "model": {
            "calculator": calculator_name(calculator),
            "package": type(calculator).__module__.split(".")[0],
            "fingerprint": fingerprint() if callable(fingerprint) else None,
            "settings": _plain(getattr(potential, "settings", None)),
            "provenance": _plain(getattr(potential, "provenance", None)),
        },
        "frames": {name: len(frames) for name, frames in subject.sets.items()},
        "effort": vars(subject.effort),
        "align_energies": subject.align_energies,
        "versions": {"mlp_course": mlp_course.__version__} | _versions(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _plain(value: Any) -> dict | None:
    """A dictionary of settings, or None if the calculator keeps something else there."""
    return value if isinstance(value, dict) else None


def _versions() -> dict[str, str | None]:
    """Versions of the packages that made the numbers."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found
