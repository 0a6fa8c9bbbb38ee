"""Seconds for a call of PBE and of a network, on this machine where that is possible."""

import functools
import json
from importlib.resources import files

import numpy as np
from ase import Atoms
from ase.calculators.calculator import Calculator

from mlp_course.data import load_embedded
from mlp_course.models import MLPCalculator, load_shipped
from mlp_course.reference import reference_calculator
from mlp_course.validation import shortest_time


@functools.cache
def pbe_seconds() -> tuple[float, str]:
    """Seconds of one PBE energy with forces of ethanol, and how they are known.

    Computed now; without PySCF, the quickest mean of the labels that come with the course.
    """
    molecule = load_embedded("ethanol/500K")[0]
    try:
        pbe = reference_calculator("pbe")
        seconds_a_call(pbe, Atoms("H2", [[0, 0, 0], [0, 0, 0.75]]), 1)  # loads the program
    except ImportError:
        passport = files("mlp_course.data") / "embedded" / "passport.json"
        sets = json.loads(passport.read_text(encoding="utf-8"))["sets"]
        return min(row["seconds_per_label"] for row in sets.values()), "stored"
    return seconds_a_call(pbe, molecule, 1), "now"


@functools.cache
def network_seconds() -> float:
    """Seconds of one energy with forces of ethanol by the shipped SchNet, as in dynamics."""
    calculator = MLPCalculator(load_shipped("ethanol_schnet"))
    return seconds_a_call(calculator, load_embedded("ethanol/500K")[0], 100)


def seconds_a_call(calculator: Calculator, atoms: Atoms, repeats: int) -> float:
    """Shortest processor time of energy and forces, each time at a place not asked before, in s.

    Args:
        calculator: any ASE calculator.
        atoms: where to begin; not changed.
        repeats: number of calls; a network settles after about 60.
    """
    atoms, rng = atoms.copy(), np.random.default_rng(0)
    atoms.calc = calculator

    def call() -> None:
        atoms.positions += rng.normal(0, 1e-4, atoms.positions.shape)  # Å
        atoms.get_forces()

    return shortest_time(call, repeats)
