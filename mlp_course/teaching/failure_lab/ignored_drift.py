"""Failure: energy leaks away, the rule of thumb says nothing, and a thermostat hides it."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import torch
from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes

from mlp_course.data import neighbour_list
from mlp_course.models.calculator import MLPCalculator
from mlp_course.simulation import Drift, energy_drift, run_langevin, run_nve
from mlp_course.simulation.trajectory import Trajectory
from mlp_course.teaching.failure_lab.lennard_jones import argon_fluid, argon_potential
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.units import convert
from mlp_course.validation.finding import Finding, at_most

_CUTOFF, _TEMPERATURE = 5.5, 150.0  # Å, K
_PLANNED = 1000.0  # ps; length of the run that shall follow
_HEATING = 10.0  # K that it may heat up or cool down in that time


class StaleList(Calculator):
    """The same potential with a pair list that is made anew every so many steps, without a skin.

    Atoms that come near in between are not seen until then: a common mistake in input files
    ("rebuild every 25 steps, do not check").

    Args:
        calculator: the potential.
        every: evaluations between two pair lists.
    """

    implemented_properties = ["energy", "forces"]

    def __init__(self, calculator: MLPCalculator, *, every: int):
        super().__init__()
        self.inner, self.every, self.count = calculator, every, 0

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Evaluate on the old list, moved along."""
        super().calculate(atoms, properties, system_changes)
        model = self.inner.model
        if self.count % self.every == 0:
            self.graph = neighbour_list(self.atoms, model.cutoff)
        self.count += 1
        positions = torch.tensor(self.atoms.positions, dtype=torch.float64)
        prediction = model(dataclasses.replace(self.graph, positions=positions))
        self.results = {
            "energy": prediction.energy.item(),
            "forces": prediction.forces.detach().numpy(),
        }


def allowed_drift(duration: float = _PLANNED, heating: float = _HEATING) -> float:
    r"""Drift that heats a solid or liquid by so much in so long, in meV/atom/ps.

    .. math:: b = 3 k_B \Delta T / t

    kinetic and potential energy of classical oscillators together.

    Args:
        duration: of the planned run, in ps.
        heating: in K.

    Example:
        >>> round(allowed_drift(), 5)  # 3 · 0.0862 meV/K · 10 K / 1000 ps
        0.00259
    """
    return 3 * float(convert(heating, "K", "meV")) / duration


def drift_finding(drift: Drift, *, allowed: float) -> Finding:
    """Rings if the slope is larger than allowed and differs from zero by three standard errors."""
    value = abs(drift.slope) if drift.significant else 0.0
    return at_most("drift of the total energy", value, allowed, "meV/atom/ps")


def runs(cured: bool) -> tuple[Trajectory, Trajectory]:
    """15 ps of argon at 150 K, without and with a thermostat."""
    start = argon_fluid(cutoff=_CUTOFF, temperature=_TEMPERATURE)
    start.calc = argon_potential(cutoff=_CUTOFF, fade=True)
    if not cured:
        start.calc = StaleList(start.calc, every=25)
    options = dict(timestep=5.0, interval=5, progress=False)
    free = run_nve(start, steps=2000, **options)
    if not cured:
        start.calc = StaleList(argon_potential(cutoff=_CUTOFF, fade=True), every=25)
    options |= dict(temperature=_TEMPERATURE, friction=0.01, keep_velocities=True)
    return free, run_langevin(start, steps=1000, **options)


def experiment(cured: bool) -> Outcome:
    """Fit a slope to the total energy; ask the rule of thumb and a thermostat, too."""
    free, held = runs(cured)
    drift = energy_drift(free)
    time = free.log["time"].to_numpy() / 1000  # ps
    energy = 1000 * free.log["total_energy"].to_numpy() / free.n_atoms
    name = "pair list with a skin" if cured else "pair list renewed every 25 steps"
    story = (
        f"end points: {abs(drift.two_point_per_step):.1e} eV per step (rule of thumb: below "
        f"1e-3); with a thermostat the temperature is {held.log['temperature'].mean():.0f} K"
    )
    finding = drift_finding(drift, allowed=allowed_drift())
    curves = {name: (time, energy - np.mean(energy[:10]))}
    return Outcome(abs(drift.slope), finding, curves, story)


FAILURE = Failure(
    key="drift",
    name="drift ignored",
    group="simulation",
    symptom="With a thermostat all looks fine. Averages depend on the friction, nobody knows why.",
    cause="Energy is made or lost in each step, here by a pair list that is too old.",
    test="Run without thermostat, fit a slope with its error, in meV/atom/ps.",
    catcher="mlp_course.simulation.energy_drift",
    cure="Find the leak (here: list pairs with a skin); a thermostat only hides it.",
    quantity="drift of the total energy",
    unit="meV/atom/ps",
    x="time / ps",
    y="total energy - start / (meV/atom)",
    experiment=experiment,
    in_chapter=True,
)
