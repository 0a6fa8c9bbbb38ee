"""Exercises 03: the chapter's problem 2, a plan for methanol on copper, checked point by point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ase.formula import Formula

from mlp_course.sampling import DATA_TYPES, Composition
from mlp_course.sampling import Part as Row
from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question
from mlp_course.teaching.exercises.rubric import Rubric

Plan = Mapping[str, Any]


def composition(plan: Plan) -> Composition:
    """Read the data of a plan as a `Composition`, which knows its table, price and warnings.

    Args:
        plan: the dictionary of problem 2.

    Returns:
        Its rows; the potential will run at ``plan["production"]["temperature"]``, in K.

    Example:
        >>> rows = {"path": {"n": 800}, "dynamics": {"n": 200, "temperatures": (300,)}}
        >>> composition({"data": rows, "production": {"temperature": 500}}).share("path")
        0.8
    """
    rows = tuple(
        Row(name, int(row["n"]), temperatures=tuple(row.get("temperatures", ())))
        for name, row in plan["data"].items()
    )
    return Composition("plan", rows, use_temperature=float(plan["production"]["temperature"]))


def types_fault(plan: Plan) -> str:
    """All five types of data, some thousand configurations in all."""
    missing = [name for name in DATA_TYPES if plan["data"].get(name, {}).get("n", 0) < 1]
    if missing:
        return f"Without {' and '.join(missing)}: what will the potential never have seen?"
    n_frames = composition(plan).n_frames
    if not 2_000 <= n_frames <= 15_000:
        few = n_frames < 2_000
        return f"{n_frames} labels are {'few' if few else 'many'} for a surface with a reaction."
    return ""


def balance_fault(plan: Plan) -> str:
    """Neither nearly all in the valley, nor too little on the way over."""
    found = composition(plan).warnings()
    named = [text for text in found if text.startswith(("Bias", "Few transition"))]
    return named[0] if named else ""


def temperatures_fault(plan: Plan) -> str:
    """Two temperatures at least, one above the temperature of use, a thousand frames at each."""
    starts = ("Too few temperatures", "No margin", "All dynamics", "Few frames a temperature")
    named = [text for text in composition(plan).warnings() if text.startswith(starts)]
    return named[0] if named else ""


def paths_fault(plan: Plan) -> str:
    """Elementary steps whose atoms balance, from methanol to formaldehyde, and their number."""
    row = plan["data"]["path"]
    steps = [_sides(step) for step in row["steps"]]
    for text, (before, after) in zip(row["steps"], steps, strict=True):
        if _atoms(before) != _atoms(after):
            return f"{text}: an atom is lost or won. What becomes of the hydrogen?"
    reached = {"CH3OH"}
    for _ in steps:
        reached |= {s for before, after in steps if set(before) & reached for s in after}
    if not {"CH3O", "CH2O"} <= reached:
        return "No chain of your steps leads from CH3OH over CH3O to CH2O."
    product = len(steps) * row["images"] * row["conditions"]
    if product != row["n"]:
        return f"steps · images · conditions = {product}, but n is {row['n']}."
    return ""


def hydrogen_fault(plan: Plan) -> str:
    """The second product: two adsorbed H that leave as one molecule."""
    steps = [_sides(step) for step in plan["data"]["path"]["steps"]]
    if any("H2" in after and before.count("H") == 2 for before, after in steps):
        return ""
    return "The reaction ends in HCHO and a second product; no step of yours makes that one."


def surface_fault(plan: Plan) -> str:
    """Adsorbates on all kinds of sites, and the defects of a real catalyst."""
    row, defects = plan["data"]["equilibrium"], set(plan["data"]["defect"]["kinds"])
    if missing := {"CH3OH", "CH3O", "CH2O", "H"} - set(row["adsorbates"]):
        return f"{len(missing)} adsorbate(s) of the chain have no equilibrium structures."
    if not {"top", "bridge", "hollow"} <= set(row["sites"]):
        return "Where on Cu(111) can an adsorbate sit? A kind of site is missing."
    if len(defects & {"step", "kink", "vacancy", "adatom"}) < 2:
        return "A real catalyst is no terrace: which two defects does it always have?"
    return ""


def dft_fault(plan: Plan) -> str:
    """Settings that describe a molecule on a metal slab."""
    dft = plan["dft"]
    if str(dft["dispersion"]).lower() in ("", "none", "false", "no"):
        return "Methanol is held to copper largely by dispersion, which a plain GGA lacks."
    if not 400 <= dft["encut_eV"] <= 800:
        return "encut_eV: oxygen and carbon need some 400 to 600 eV of plane waves."
    a, b, c = dft["kpoints"]
    if c != 1 or min(a, b) < 2:
        return "kpoints: how many are needed along the vacuum, and how many along a metal?"
    if dft["vacuum_A"] < 12:
        return "vacuum_A: the slab sees its own image through the vacuum."
    if dft["layers"] < 3:
        return "layers: with fewer than three there is no bulk below the surface."
    return ""


def cutoff_fault(plan: Plan) -> str:
    """Second shell of copper at least, and not beyond what pays."""
    cutoff = plan["model"]["cutoff_A"]
    if cutoff < 5.0:
        shells = "only the nearest copper" if cutoff < 3.7 else "two shells of copper"
        return f"With {cutoff:g} Å an atom sees {shells}; the chapter asks for 5-6 Å on metals."
    if cutoff > 8.0:
        more = (cutoff / 6.0) ** 3
        return f"{cutoff:g} Å has {more:.1f} times the neighbours of 6 Å, at that price a step."
    return ""


def training_fault(plan: Plan) -> str:
    """Weights, and a split that keeps runs and paths whole."""
    training = plan["training"]
    if training["w_F"] < 10 * training["w_E"]:
        return "With w_F near w_E one of the two errors is learnt at the cost of the other."
    split = training["split"]
    if len(split) != 3 or abs(sum(split) - 1) > 1e-6 or min(split) < 0.05:
        return "split: three parts that add up to 1, none of them tiny."
    if training["split_by"] not in ("trajectory", "path", "group", "trajectory and path"):
        return "split_by: frames of one run dealt at random into all parts leak."
    return ""


def validation_fault(plan: Plan) -> str:
    """Limits, tests beyond the training data, and a run within it."""
    validation, production = plan["validation"], plan["production"]
    if not (0 < validation["energy_meV_atom"] <= 5 and 0 < validation["force_meV_A"] <= 150):
        return "The limits are looser than the usual targets, or not in meV."
    if len(validation["extrapolation"]) < 1 or len(validation["properties"]) < 2:
        return "A test error is not all: test beyond the data, and at least two properties."
    hottest = max(plan["data"]["dynamics"]["temperatures"])
    if production["temperature"] > hottest:
        return f"You simulate at {production['temperature']:g} K, hotter than any training data."
    if production["timestep_fs"] > 1.0:
        return "timestep_fs: an O-H bond swings once in 9 fs; how many steps is that?"
    return ""


def price_fault(plan: Plan) -> str:
    """Node-hours and days, from the plan itself."""
    price = plan["price"]
    node_hours = composition(plan).n_frames * price["hours_a_label"]
    if abs(price["node_hours"] - node_hours) > 1e-6 * node_hours:
        return "node_hours is not the number of labels times the hours of one."
    days = node_hours / price["nodes"] / 24
    if abs(price["days"] - days) > 0.02 * days:
        return "days: node-hours, shared by the nodes, and a day has 24 hours."
    return ""


_POINTS: dict[str, Callable[[Plan], str]] = {
    "types of data": types_fault,
    "balance": balance_fault,
    "temperatures": temperatures_fault,
    "reaction paths": paths_fault,
    "hydrogen": hydrogen_fault,
    "surface": surface_fault,
    "DFT settings": dft_fault,
    "cutoff": cutoff_fault,
    "training": training_fault,
    "validation and run": validation_fault,
    "price": price_fault,
}


@question(
    "q03_5",
    "Problem 2: methanol on copper, the plan",
    answers=("plan",),
    points=dict.fromkeys(_POINTS, 1),
    stronger={
        "types of data": "The lesson has five types. Write one row for each of them.",
        "balance": "Equilibrium at most 40 %, reaction paths at least 10 % of all configurations.",
        "temperatures": "List the temperatures of the dynamics and that of production. One of the "
        "first must lie above the second, and each needs about a thousand frames.",
        "reaction paths": "Write each step as 'A -> B + C' and count C, H and O on both sides.",
        "hydrogen": "Dehydrogenation leaves H on the surface. Two of them meet.",
        "surface": "Sites: above one, two, three copper atoms. Defects: remove atoms, or a row.",
        "DFT settings": "Begin with the record in the chapter's section on reproducibility, and "
        "ask of each entry what would go wrong with half of it.",
        "cutoff": "Twice the Cu-Cu distance of 2.56 Å is a lower limit; cost grows with r³.",
        "training": "Forces outnumber energies, and are more informative; the split must not cut "
        "a trajectory in pieces without a gap.",
        "validation and run": "Compare hottest training data and temperature of the run; a time "
        "step is about a tenth of the fastest period.",
        "price": "Labels · hours a label = node-hours; node-hours / nodes / 24 = days.",
    },
    section="03_training_data.ipynb#Planning-a-data-set",
)
def check_plan(plan: Plan) -> Iterator[Part]:
    """Mark the plan of problem 2, point by point.

    Args:
        plan: dictionary with the keys of the exercise; energies in eV or meV, lengths in Å,
            temperatures in K, times in fs, as the keys say.

    Yields:
        The parts of question ``q03_5``.

    Example:
        >>> check_plan({"model": {"cutoff_A": 6.0}}).points
        1
    """
    for name, fault in _POINTS.items():
        try:
            hint = fault(plan)
        except KeyError as missing:
            hint = f"The plan needs an entry {missing}."
        except (AttributeError, TypeError, ValueError) as error:
            hint = f"An entry has another form than asked for: {error}"
        yield Part(name, not hint, hint)


def _sides(step: str) -> tuple[list[str], list[str]]:
    """Species left and right of an arrow."""
    before, arrow, after = step.partition("->")
    if not arrow:
        raise ValueError(f"a step reads 'A -> B + C'; got {step!r}")
    return tuple([s.strip() for s in side.split("+")] for side in (before, after))


def _atoms(species: list[str]) -> dict[str, int]:
    """Atoms of each element in a list of formulas."""
    return Formula("".join(f"({s})" for s in species)).count()


Rubric(
    "r03_1",
    "The plan, in words",
    "03_training_data",
    rows={
        "Says for each data type what goes wrong without it": 2,
        "Gives a reason for the hottest temperature that is tied to the temperature of use": 1,
        "Gives a reason for the number of path images from barriers, not from a table": 1,
        "Says why a random split would flatter the test error": 1,
        "Names a property of the reaction (adsorption energy, barrier) to compare with DFT": 1,
        "Says what happens if a target is missed": 1,
        "Says what the plan cannot show": 1,
    },
    model_answer="""\
**Data.** 400 equilibrium structures pin down where each adsorbate sits; without them the adsorption
energies are guesses. 3,000 frames of dynamics at 300, 500 and 700 K show turning molecules and
diffusion; 700 K because the run at 500 K meets rare configurations that 500 K trajectories of a few
picoseconds do not. 1,000 images on five paths, H + H -> H2 among them: dynamics never waits long
enough at a barrier of many k_B T, so barriers come from bands only. 500 with steps, kinks and
vacancies, where real catalysts react; 500 at high energy, so that the network does not invent a
minimum where no data are.

**Labels.** PBE-D3(BJ), 500 eV, 4×4×1 k-points, four layers, 15 Å of vacuum: dispersion binds
methanol, and one setting is used for all labels.

**Training.** Equivariant network, cutoff 6 Å, w_F = 100 w_E; whole trajectories and whole paths go
to one part, because a random split puts test frames beside training frames and flatters the error.

**Validation.** Energy below 2 meV/atom, force below 60 meV/Å; then 700 K frames left out of the
training, adsorption energy and barriers against DFT, an energy-conserving run of 50 ps. A target
missed: label where an ensemble disagrees, 500 at a time, before changing the model.

**Run.** 8×8 cells with ten methanol at 500 K, 0.5 fs. **Not shown:** whether PBE itself has the
right barrier, coverage effects beyond ten molecules, and reactions slower than 10 ns: at a barrier
of 1 eV one expects none.""",
)
