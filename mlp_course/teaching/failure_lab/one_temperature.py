"""Failure: the data are from 300 K, the simulation is not."""

from mlp_course.data import load_embedded
from mlp_course.teaching.failure_lab.materials import energies, fitted_gap
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.validation.evaluate import evaluate
from mlp_course.validation.reach_checks import temperature_reach

_USE = 1000.0  # K


def experiment(cured: bool) -> Outcome:
    """Train on 80 frames of ethanol (PBE), test at three temperatures."""
    runs = {kelvin: load_embedded(f"ethanol/{kelvin}K") for kelvin in (300, 500, 1000)}
    train = [*runs[300][:20], *runs[1000][:60]] if cured else runs[300][:80]
    model = fitted_gap(train)
    errors = {kelvin: evaluate(model, run[100:150]).force_mae for kelvin, run in runs.items()}
    lowest = energies(load_embedded("ethanol/torsion")).min()
    name = "20 frames at 300 K, 60 at 1000 K" if cured else "80 frames at 300 K"
    curves = {name: (list(errors), list(errors.values()))}
    finding = temperature_reach(train, _USE, lowest_energy=lowest)
    return Outcome(errors[1000], finding, curves)


FAILURE = Failure(
    key="one temperature",
    name="one temperature",
    group="data",
    symptom="Fine at 300 K. The hotter the run, the larger the errors.",
    cause="All frames come from one temperature; hotter motion is extrapolation.",
    test="Compare the energies in the data with those that the temperature of use brings.",
    catcher="mlp_course.validation.temperature_reach",
    cure="The same number of frames, most of them at or above the temperature of use.",
    quantity="force MAE at 1000 K",
    unit="meV/Å",
    x="temperature of the test frames / K",
    y="force MAE / (meV/Å)",
    experiment=experiment,
    in_chapter=True,
)
