"""Failure: half of the energies are of another level of theory, and no tag says so."""

import numpy as np
from ase import Atoms

from mlp_course.data import load_embedded
from mlp_course.reference import label_here
from mlp_course.reference.dispersion import dispersion_calculator
from mlp_course.teaching.failure_lab.materials import fitted_gap, with_labels
from mlp_course.teaching.failure_lab.record import Failure, Outcome
from mlp_course.validation.label_checks import energy_bands, energy_offsets

_FORCES_ONLY = 100.0  # eV/atom; noise that lets the energies say nothing


def _with_dispersion(frames: list[Atoms]) -> list[Atoms]:
    """Add D3(BJ) to PBE labels: energies and forces."""
    corrections = label_here(frames, dispersion_calculator())
    return [
        with_labels(
            atoms,
            atoms.get_potential_energy() + d3.get_potential_energy(),
            atoms.get_forces() + d3.get_forces(),
        )
        for atoms, d3 in zip(frames, corrections, strict=True)
    ]


def experiment(cured: bool) -> Outcome:
    """Fit forces alone to 120 frames of ethanol, then compare energies with the labels."""
    frames = load_embedded("ethanol/500K")[:120]
    every = 1 if cured else 2
    mixed = list(frames)
    mixed[::every] = _with_dispersion(frames[::every])
    model = fitted_gap(mixed, energy_noise=_FORCES_ONLY)
    offsets = energy_offsets(model, mixed)
    shown = 1000 * (offsets - np.median(offsets))
    name = "all labels PBE-D3" if cured else "PBE and PBE-D3 in one file"
    story = f"standard deviation {shown.std():.0f} meV"
    number = float(1000 * offsets.std() / len(frames[0]))
    curves = {name: (np.arange(len(mixed)), shown)}
    return Outcome(number, energy_bands(offsets), curves, story)


FAILURE = Failure(
    key="mixed levels",
    name="mixed levels of theory",
    group="data",
    symptom="Forces learn well, energies stop improving at a few meV/atom, whatever the model.",
    cause="Two files with different settings: here half of the labels have a D3 correction.",
    test="Fit the forces alone; labels minus energies of that model must be one constant.",
    catcher="mlp_course.validation.energy_bands",
    cure="Relabel: one method, one setting, one set of atomic energies for all frames.",
    quantity="spread of the labels about the energies that the forces imply",
    unit="meV/atom",
    x="frame",
    y="label - energy from forces / meV",
    points=True,
    experiment=experiment,
)
