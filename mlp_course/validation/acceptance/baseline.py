"""The baseline: what a potential is held against, stored for PBE, computed for what is cheap."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from ase import Atoms
from ase.build import bulk
from ase.calculators.calculator import Calculator
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data import load_embedded
from mlp_course.reference import label_here, reference_calculator
from mlp_course.reference.ladder import rung_name
from mlp_course.sampling import NormalModes, normal_modes
from mlp_course.sampling.origin import calculator_name
from mlp_course.sampling.recipes import STARTS
from mlp_course.simulation import run_langevin
from mlp_course.validation.acceptance.criterion import NotApplicable
from mlp_course.validation.acceptance.stored_modes import load_modes

#: Sets of labelled frames that come with the course, by system.
STORED_SETS = {
    "ethanol": {"300 K": "300K", "500 K": "500K", "1000 K": "1000K", "rattled 0.1 Å": "rattled"},
    "malonaldehyde": {"500 K": "500K", "1000 K": "1000K"},
}
#: The set that the targets are about; the others are held against the limit of the force alone.
MAIN_SET = {"ethanol": "500 K", "malonaldehyde": "500 K", "copper": "800 K"}
#: Temperature in K and lattice constant in Å, which grows with it.
_CRYSTAL_RUNS = {"300 K": (300.0, 3.60), "800 K": (800.0, 3.64), "1300 K": (1300.0, 3.68)}
_PBE = "PBE/def2-SVP"


@dataclass(frozen=True)
class Baseline:
    """A reference method.

    Attributes:
        name: to show.
        build: makes its calculator; None if there is none (experiment, or nothing known).
        stored: whether the PBE labels that come with the course are its labels.
        quantum: whether it is density functional theory, to which the target for speed refers.
    """

    name: str
    build: Callable[[], Calculator] | None
    stored: bool = False
    quantum: bool = False

    def calculator(self) -> Calculator:
        """Build the calculator, or say why the question does not apply."""
        if self.build is None:
            raise NotApplicable(f"no reference calculator ({self.name}); give reference=")
        return self.build()

    def cheap_calculator(self) -> Calculator:
        """As `calculator`, but refuse one that needs seconds for each configuration."""
        if self.quantum:
            raise NotApplicable(
                f"not stored for {self.name}, and computing it takes minutes; see "
                "benchmarks/vibrations.py, or give a cheaper reference="
            )
        return self.calculator()


def choose_baseline(reference: str | Calculator | None, system: str, *, given: bool) -> Baseline:
    """Find the reference method.

    Args:
        reference: a rung of ``reference_calculator``, "experiment" (copper), a calculator, or None
            for the system's own: PBE for the molecules; for copper EMT, or experiment if frames
            were given, for then nobody knows whether their labels are EMT.
        system: from ``recognise``.
        given: whether the caller gave frames.

    Raises:
        ValueError: if there is no such reference.

    Example:
        >>> choose_baseline(None, "copper", given=False).name
        'EMT'
    """
    if reference is None:
        own = {"ethanol": "pbe", "malonaldehyde": "pbe", "copper": "experiment" if given else "emt"}
        if system not in own:
            return Baseline("none", None)
        reference = own[system]
    if not isinstance(reference, str):
        if not hasattr(reference, "get_potential_energy"):
            raise ValueError(
                "reference must be a name such as 'pbe', 'emt' or 'gfn2-xtb', 'experiment', or an "
                f"ASE calculator; got {type(reference).__name__}"
            )
        return Baseline(calculator_name(reference), lambda: reference)
    if reference == "experiment":
        if system != "copper":
            raise ValueError(f"reference 'experiment' is known for copper only; got {system}")
        return Baseline("experiment", None)
    rung = rung_name(reference)
    build, molecule = partial(reference_calculator, rung), system in STORED_SETS
    names = {"emt": "EMT", "pbe": _PBE, "pbe-d3": f"{_PBE}-D3(BJ)"}
    names |= {"gfn1-xtb": "GFN1-xTB", "gfn2-xtb": "GFN2-xTB"}
    stored = rung == "pbe" and molecule
    return Baseline(names[rung], build, stored, quantum=rung.startswith("pbe"))


def default_sets(system: str, base: Baseline, n_frames: int) -> dict[str, list[Atoms]]:
    """Labelled frames for a system when the caller gave none, by the name to show.

    Raises:
        ValueError: if there are none for this system and reference.
    """
    if system == "copper" and base.build is not None:
        return _copper_sets(base, n_frames)
    if system not in STORED_SETS:
        raise ValueError(
            f"no frames for {system} against {base.name} come with the course: give frames="
        )
    sets = {}
    for shown, name in STORED_SETS[system].items():
        frames = load_embedded(f"{system}/{name}")
        sets[shown] = base_labels(evenly(frames, n_frames), base)
    return sets


def evenly(frames: list[Atoms], n_frames: int) -> list[Atoms]:
    """At most so many frames, evenly spread.

    Example:
        >>> evenly(list("abcde"), 3)
        ['a', 'c', 'e']
    """
    places = np.linspace(0, len(frames) - 1, min(n_frames, len(frames))).round().astype(int)
    return [frames[place] for place in places]


def base_labels(frames: list[Atoms], base: Baseline) -> list[Atoms]:
    """Stored labels where they are the baseline's, else new ones from its calculator."""
    return frames if base.stored else label_here(frames, base.cheap_calculator())


def base_modes(system: str, base: Baseline) -> NormalModes:
    """Normal modes by the baseline: stored for ethanol and PBE, computed if that is cheap."""
    if base.stored and system == "ethanol":
        return load_modes("ethanol_pbe")[0]
    return normal_modes(STARTS[system], base.cheap_calculator())


def _copper_sets(base: Baseline, n_frames: int) -> dict[str, list[Atoms]]:
    """Frames of short runs of 32 atoms, with energy, forces and stress."""
    sets = {}
    for number, (shown, (temperature, lattice)) in enumerate(_CRYSTAL_RUNS.items()):
        atoms = bulk("Cu", cubic=True, a=lattice).repeat(2)
        atoms.calc = base.cheap_calculator()
        options = dict(timestep=5.0, friction=0.02, seed=4242 + number, progress=False)
        steps = 100 + 4 * n_frames
        run = run_langevin(atoms, steps=steps, temperature=temperature, interval=4, **options)
        sets[shown] = [_with_stress(frame, base.calculator()) for frame in run.frames[-n_frames:]]
    return sets


def _with_stress(atoms: Atoms, calculator: Calculator) -> Atoms:
    """A copy labelled with energy (eV), forces (eV/Å) and stress (eV/Å³)."""
    copy = atoms.copy()
    copy.set_constraint()
    copy.calc = calculator
    labels = dict(energy=copy.get_potential_energy(), forces=copy.get_forces().copy())
    labels["stress"] = copy.get_stress().copy()
    copy.calc = SinglePointCalculator(copy, **labels)
    return copy
