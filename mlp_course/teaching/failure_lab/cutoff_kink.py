"""Failure: the interaction just ends, and each atom that crosses the border makes a jump."""

import numpy as np

from mlp_course.simulation import energy_drift, run_nve
from mlp_course.teaching.failure_lab.lennard_jones import argon_fluid, argon_potential
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.validation.finding import at_most
from mlp_course.validation.physical_checks import CheckTolerances, physical_checks

_CUTOFF = 5.5  # Å


def experiment(cured: bool) -> Outcome:
    """Argon at 90 K without thermostat: how far does the total energy wander?"""
    calculator = argon_potential(cutoff=_CUTOFF, fade=cured)
    start = argon_fluid(cutoff=_CUTOFF, temperature=90.0)
    table = physical_checks(calculator, start).set_index("check")
    start.calc = calculator
    run = run_nve(start, steps=1500, timestep=5.0, interval=5, progress=False)
    energy = 1000 * run.log["total_energy"].to_numpy() / run.n_atoms  # meV/atom
    jump, unit = table.loc["cutoff", "deviation"], table.loc["cutoff", "unit"]
    limit = CheckTolerances().energy if unit == "meV" else CheckTolerances().jump
    return Outcome(
        energy_drift(run).noise,
        at_most("jump at the cutoff", jump, limit, unit),
        {_name(cured): (run.log["time"].to_numpy() / 1000, energy - np.median(energy))},
    )


def _name(cured: bool) -> str:
    return "faded out by a polynomial" if cured else "cut off"


FAILURE = Failure(
    key="kink",
    name="a kink at the cutoff",
    group="physics",
    symptom="The total energy jumps up and down, and a shorter time step does not help.",
    cause="Energy or force does not go to zero at the cutoff: each crossing is a small kick.",
    test="Draw one atom outward through the cutoff and look for a jump.",
    catcher="mlp_course.validation.physical_checks",
    cure="Multiply by a cutoff function whose value and slope vanish at the cutoff.",
    quantity="noise of the total energy without thermostat",
    unit="meV/atom",
    x="time / ps",
    y="total energy - median / (meV/atom)",
    experiment=experiment,
)
