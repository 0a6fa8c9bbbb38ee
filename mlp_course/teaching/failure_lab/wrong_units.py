"""Failure: energies in Hartree where eV are expected."""

import numpy as np
from ase import Atoms

from mlp_course.data import load_embedded
from mlp_course.teaching.failure_lab.materials import energies, fitted_gap, with_labels
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.units import convert
from mlp_course.validation.finding import Finding, at_most
from mlp_course.validation.predict import predict
from mlp_course.validation.units.diagnosis import diagnose_units

_ENERGIES_ONLY = 100.0  # eV/Å; noise that lets the forces say nothing


def _as_read(frames: list[Atoms], *, converted: bool) -> list[Atoms]:
    """Frames as a reader gives them that forgot, or did not forget, to convert the energy."""
    return [
        with_labels(
            atoms,
            atoms.get_potential_energy()
            if converted
            else float(convert(atoms.get_potential_energy(), "eV", "Hartree")),
            atoms.get_forces(),
        )
        for atoms in frames
    ]


def units_finding(frames: list[Atoms]) -> Finding:
    """What ``diagnose_units`` says, as a finding: how many quantities are in a wrong unit."""
    diagnosis = diagnose_units(frames)
    told = diagnosis.verdict != "cannot tell"
    wrong = len(diagnosis.faults) if told else float("nan")  # no answer is not silence
    return at_most(f"number of wrong units ({diagnosis})", wrong, 0.0, "1")


def experiment(cured: bool) -> Outcome:
    """Train on energies as they were read; report on the same file, then compare with PBE."""
    run = load_embedded("ethanol/500K")
    train = _as_read(run[:150], converted=cured)
    model = fitted_gap(train, force_noise=_ENERGIES_ONLY, expects_units=None)  # no guard here
    file, test = _as_read(run[400:440], converted=cured), run[400:440]
    found = predict(model, test)[0]
    reported = 1000 * np.abs(found - energies(file)).mean() / len(test[0])
    truth, found = energies(test) - energies(test).mean(), found - found.mean()
    number = float(1000 * np.abs(found - truth).mean() / len(test[0]))
    name = "energies in eV" if cured else "energies in Hartree"
    story = f"reported {reported:.2g}, true {number:.2g} meV/atom"
    return Outcome(number, units_finding(train), {name: (truth, found)}, story)


FAILURE = Failure(
    key="units",
    name="Hartree instead of eV",
    group="training",
    symptom="The energy error looks splendid, and the forces do not fit the energies.",
    cause="A reader did not convert: energies are 27.2 times too small, and so is their error.",
    test="Hold energies and forces against each other: forces are the slope of the energy.",
    catcher="mlp_course.validation.diagnose_units",
    cure="Convert where the file is read, with one constant, and let the loader check.",
    quantity="error of energy differences",
    unit="meV/atom",
    x="PBE energy - mean / eV",
    y="predicted energy - mean / eV",
    points=True,
    experiment=experiment,
    in_chapter=True,
)
