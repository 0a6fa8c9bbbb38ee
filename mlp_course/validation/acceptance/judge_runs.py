"""Judgements about runs: does it hold, does its energy stay, and how fast is it?"""

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator

from mlp_course.simulation import AtomsFlewApart
from mlp_course.validation.acceptance.criterion import (
    FAIL,
    NOT_APPLICABLE,
    PASS,
    Criterion,
    Findings,
    NotApplicable,
    above,
    shown,
)
from mlp_course.validation.acceptance.dynamics import conserved_run, heating, survival
from mlp_course.validation.acceptance.subject import Subject
from mlp_course.validation.timing import shortest_time

DRIFT_LIMIT = 0.1  # meV/atom/ps; 0.4 K per ps
# ps; in less, a vibration looks like a slope. The alarm of a long run waits four times as long
# (`simulation.conserved.SHORTEST`): it looks at many windows, and one false alarm stops the run;
# here one run is judged once, with its standard error beside the slope.
SHORTEST_RUN = 0.5
SPEED_LIMIT = 1e4  # lower end of the chapter's 10⁴ to 10⁶


def judge_runs(subject: Subject) -> Findings:
    """Some runs with a thermostat that must hold, then one without, whose energy must stay."""
    effort, start = subject.effort, subject.start()
    held = survival(
        start,
        temperature=effort.temperature,
        duration=effort.run_time,
        n_runs=effort.n_runs,
        seed=effort.seed,
    )
    if held.accidents:
        reason = f"{len(held.accidents)} of {effort.n_runs} runs broke; {held.accidents[0]}"
    else:
        reason = (
            f"{effort.n_runs} runs at {effort.temperature:g} K without alarm; this still allows "
            f"up to {held.rate_limit:.2g} accidents per ps (95 % confidence), so test longer "
            "before long runs"
        )
    row = above("holds together", held.survived, held.planned, "ps", reason)
    drift = _drift(subject, held.last)
    return Findings([row, *drift.criteria], drift.details)


def _drift(subject: Subject, warm: Atoms | None) -> Findings:
    """The energy without thermostat, from a warm frame if there is one."""
    name, unit, limit = "energy drift (NVE)", "meV/atom/ps", f"< {DRIFT_LIMIT:g}"
    effort = subject.effort
    start = subject.start() if warm is None else warm.copy()
    start.calc = subject.calculator
    temperature = 2 * effort.temperature if warm is None else None
    options = dict(duration=effort.nve_time, temperature=temperature, seed=effort.seed)
    try:
        run, drift = conserved_run(start, **options)
    except AtomsFlewApart as accident:
        reason = f"the run broke at {accident.time:g} fs: {accident.reason}"
        return Findings([Criterion(name, np.nan, unit, limit, FAIL, reason)])
    words = (
        f"± {drift.standard_error:.1g} over {drift.duration:.2g} ps, {heating(drift):.0f} K per ns"
    )
    verdict = PASS if abs(drift.slope) < DRIFT_LIMIT else FAIL
    near = abs(abs(drift.slope) - DRIFT_LIMIT) < 3 * drift.standard_error
    if near or drift.duration < SHORTEST_RUN - 1e-9:
        verdict = NOT_APPLICABLE
        words = f"too short to tell ({words}): raise nve_time"
    row = Criterion(name, drift.slope, unit, limit, verdict, words)
    return Findings([row], {"run": (run, drift)})


def judge_speed(subject: Subject) -> Findings:
    """Energy and forces of one configuration: processor time of the reference over ours."""
    name = "speed, times the reference"
    if not subject.effort.time_reference:
        raise NotApplicable("not timed (time_reference=False)")
    slow = subject.baseline.calculator()
    ours = seconds_per_call(subject.calculator, subject.start(), n_calls=60, repeats=3)
    few = dict(n_calls=1, repeats=1) if subject.baseline.quantum else dict(n_calls=20, repeats=2)
    theirs = seconds_per_call(slow, subject.start(), **few)
    ratio = theirs / ours
    n_atoms = len(subject.start())
    words = (
        f"{subject.baseline.name} {theirs:.2g} s, potential {1000 * ours:.2g} ms for {n_atoms} "
        "atoms, processor time measured here"
    )
    details = {"seconds": (ours, theirs)}
    if not subject.baseline.quantum:
        note = "; the target of 10⁴ to 10⁶ is meant against DFT"
        return Findings([shown(name, ratio, "1", words + note)], details)
    if ratio < SPEED_LIMIT:
        words += "; with more atoms DFT loses more (its cost grows with about the cube)"
    return Findings([above(name, ratio, SPEED_LIMIT, "1", words)], details)


def seconds_per_call(
    calculator: Calculator, atoms: Atoms, *, n_calls: int, repeats: int, seed: int = 0
) -> float:
    """Processor time of one evaluation of energy and forces, in s.

    The atoms are moved a little between calls, as in a run; the first calls, in which programs load
    and record, do not count where several are made.

    Args:
        calculator: what to time.
        atoms: configuration; stays as it is.
        n_calls: evaluations in a repeat.
        repeats: the quickest counts.
        seed: of the movements.
    """
    moving = atoms.copy()
    moving.calc = calculator
    rng = np.random.default_rng(seed)

    def work() -> None:
        for _ in range(n_calls):
            moving.positions = atoms.positions + rng.normal(scale=0.005, size=(len(atoms), 3))
            moving.get_forces()

    if n_calls > 1:
        work()
    return shortest_time(work, repeats) / n_calls
