"""The subject: a potential, what it is held against, and on which frames."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from ase import Atoms
from ase.build import bulk
from ase.calculators.calculator import Calculator

from mlp_course.data import load_embedded
from mlp_course.data.quality import check_frames
from mlp_course.descriptors.checks import check_count
from mlp_course.models import MLPCalculator
from mlp_course.models.potential import Potential
from mlp_course.sampling.recipes import STARTS
from mlp_course.validation.acceptance.baseline import (
    MAIN_SET,
    Baseline,
    choose_baseline,
    default_sets,
)
from mlp_course.validation.acceptance.systems import SYSTEMS, recognise


@dataclass(frozen=True)
class Effort:
    """How much is computed; the defaults take about half a minute for a network.

    Attributes:
        frames_per_set: frames of each set on which errors are measured.
        temperature: of the runs, in K.
        n_runs: Langevin runs that must hold.
        run_time: of each, in ps.
        nve_time: of the run without thermostat, in ps.
        time_reference: time one call of the reference method (PBE: seconds).
        seed: of the runs.
    """

    frames_per_set: int = 50
    temperature: float = 300.0
    n_runs: int = 3
    run_time: float = 0.5
    nve_time: float = 1.0
    time_reference: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        check_count(2, frames_per_set=self.frames_per_set)
        check_count(1, n_runs=self.n_runs)
        for name, unit in (("temperature", "K"), ("run_time", "ps"), ("nve_time", "ps")):
            if not 0 < getattr(self, name) < np.inf:
                raise ValueError(f"{name} must be positive, in {unit}; got {getattr(self, name)}")


@dataclass(frozen=True)
class Subject:
    """What all parts of the report look at.

    Attributes:
        model: a potential or calculator, as it was given.
        calculator: the same as an ASE calculator.
        system: from ``recognise``.
        baseline: the reference method.
        frames: labelled frames, judged against the targets.
        sets: labelled frames by temperature or kind.
        effort: how much is computed.
        align_energies: whether a constant per element is taken off the energies.
    """

    model: Any
    calculator: Calculator
    system: str
    baseline: Baseline
    frames: list[Atoms]
    sets: dict[str, list[Atoms]]
    effort: Effort
    align_energies: bool

    def start(self) -> Atoms:
        """Configuration at which runs start, with the calculator."""
        if self.system == "ethanol":
            atoms = STARTS["ethanol"].copy()
        elif self.system == "malonaldehyde":
            atoms = load_embedded("malonaldehyde/proton_transfer")[0].copy()
        elif self.system == "copper":
            atoms = bulk("Cu", cubic=True, a=3.61).repeat(2)
        else:
            atoms = self.frames[0].copy()
        atoms.calc = self.calculator
        return atoms


Frames = Sequence[Atoms] | Mapping[str, Sequence[Atoms]]


def make_subject(
    model: Any,
    frames: Frames | None,
    reference: str | Calculator | None,
    *,
    system: str | None,
    effort: Effort,
    align_energies: bool,
) -> Subject:
    """Check what was given and find what was not; `accept` explains the arguments."""
    calculator = as_calculator(model)
    if system is not None and system not in SYSTEMS:
        raise ValueError(f"system must be one of {', '.join(SYSTEMS)}; got {system!r}")
    everything, sets = _given(frames)
    system = system or (recognise(everything) if everything else _system_of(model))
    base = choose_baseline(reference, system, given=bool(everything))
    if not everything:
        sets = default_sets(system, base, effort.frames_per_set)
        everything = sets[MAIN_SET[system]]
    _check_answers(calculator, [atoms for own in sets.values() for atoms in own])
    return Subject(model, calculator, system, base, everything, sets, effort, align_energies)


def as_calculator(model: Any) -> Calculator:
    """Wrap a potential; leave a calculator as it is; refuse everything else."""
    if isinstance(model, Potential):
        return MLPCalculator(model)
    if hasattr(model, "get_potential_energy") and hasattr(model, "get_forces"):
        return model
    raise TypeError(
        "model must be a Potential (build_model, load_model, load_shipped) or an ASE calculator; "
        f"got {type(model).__name__}"
    )


def temperature_of(atoms: Atoms) -> float | None:
    """Temperature in K that a frame says it was sampled at: in its origin, info or set.

    Example:
        >>> atoms = Atoms("H")
        >>> atoms.info["set"] = "ethanol/500K"
        >>> temperature_of(atoms)
        500.0
    """
    origin = atoms.info.get("origin")
    settings = origin.get("settings", {}) if isinstance(origin, dict) else {}
    for value in (settings.get("temperature"), atoms.info.get("temperature")):
        if isinstance(value, int | float | np.number) and np.isfinite(value):
            return float(value)
    found = re.search(r"(\d+) ?K\b", str(atoms.info.get("set", "")))
    return float(found.group(1)) if found else None


def _given(frames: Frames | None) -> tuple[list[Atoms], dict[str, list[Atoms]]]:
    """All frames, and the same by name or temperature; both empty for None."""
    if frames is None:
        return [], {}
    if isinstance(frames, Mapping):
        sets = {str(name): check_frames(own, source=str(name)) for name, own in frames.items()}
        if not sets:
            raise ValueError("frames must hold at least one set; got none")
        return [atoms for own in sets.values() for atoms in own], sets
    everything = check_frames(frames)
    by_temperature: dict[float | None, list[Atoms]] = {}
    for atoms in everything:
        by_temperature.setdefault(temperature_of(atoms), []).append(atoms)
    ordered = sorted(by_temperature.items(), key=lambda item: (item[0] is None, item[0] or 0.0))
    names = {t: "no temperature" if t is None else f"{t:g} K" for t, _ in ordered}
    return everything, {names[t]: own for t, own in ordered}


def _system_of(model: Any) -> str:
    """The system that a model of the course was trained on, by its elements and its passport."""
    species = list(getattr(model, "species", []))
    if species == [29]:
        return "copper"
    data = str(getattr(model, "provenance", {}).get("data", "")).lower()
    named = [name for name in ("ethanol", "malonaldehyde") if name in data]
    if "rmd17" in data and "malonaldehyde" in named:
        raise ValueError(
            "rMD17's malonaldehyde is propanedial, not the enol with the proton that hops: give "
            "labelled frames"
        )
    if species == [1, 6, 8] and len(named) == 1:
        return named[0]
    raise ValueError(
        "the model does not say which system it is for: give labelled frames, or "
        "system='ethanol', 'malonaldehyde' or 'copper'"
    )


def _check_answers(calculator: Calculator, frames: list[Atoms]) -> None:
    """Make sure that the calculator knows all elements and gives forces; NaN is judged later."""
    seen = set()
    for number, atoms in enumerate(frames):
        elements = frozenset(atoms.numbers.tolist())
        if elements in seen:
            continue
        seen.add(elements)
        copy = atoms.copy()
        copy.calc = calculator
        try:
            copy.get_potential_energy()
            copy.get_forces()
        except Exception as error:
            said = " ".join(str(error).split()) or type(error).__name__
            raise ValueError(
                f"{type(calculator).__name__} gives no energy and forces for frame {number} "
                f"({atoms.get_chemical_formula()}): {said}"
            ) from error
