"""Claims about units and sums: they are recomputed from their own numbers."""

import functools

import pandas as pd
from ase import units as ase_units

from mlp_course.active_learning.cost.claims import FAILS, check_problem_3
from mlp_course.data import load_embedded
from mlp_course.sampling import CU_CO2, METHANOL_CU
from mlp_course.teaching.chapter.claim import (
    CONDITION,
    HOLDS,
    OPEN,
    RECOMPUTED,
    WRONG,
    Claim,
    Outcome,
    choose,
)
from mlp_course.units import convert
from mlp_course.validation import CHAPTER_ENERGIES, CHAPTER_FORCES, check_conversions

_STEP_THRESHOLD = 0.001  # eV a step, section 2.11.3
_SANE = 1e3  # eV, section 2.11.4


def check_energy_table() -> Outcome:
    """Section 2.10.3: conversions of energies."""
    return _table(CHAPTER_ENERGIES)


def check_force_table() -> Outcome:
    """Section 2.10.3: conversions of forces."""
    return _table(CHAPTER_FORCES)


def _table(printed: dict[str, tuple[str, ...]]) -> Outcome:
    table = check_conversions(printed)
    wrong = table[~table["right"]]
    found = f"{len(table) - len(wrong)} of {len(table)} entries agree with CODATA 2018"
    for row in wrong.to_dict("records"):
        found += f"; 1 {row['from']} is {row['exact']:.8f} {row['to']}, not {row['printed']}"
    return choose(found, holds=wrong.empty)


def check_thermal_energy() -> Outcome:
    """Section 2.10.3: k_B T at 300 K."""
    kT = convert(ase_units.kB * 300, "eV", "kcal/mol")
    found = f"{ase_units.kB * 300:.5f} eV, {kT:.3f} kcal/mol"
    return choose(found, holds=found == "0.02585 eV, 0.596 kcal/mol")


def check_thermal_target() -> Outcome:
    """Section 2.10.3: an energy error below k_B T is accurate enough."""
    kT = ase_units.kB * 300  # eV
    slab = 64 * kT  # eV, if it is meant per atom, for the slab of Problem 2
    found = (
        f"{1000 * kT:.0f} meV for a difference of energies: a factor of e in a rate. Per atom it "
        f"would allow {slab:.1f} eV for a slab of 64 atoms; the text does not say which"
    )
    return Outcome(found, HOLDS if slab < 0.1 else CONDITION)


def check_hartree_as_ev() -> Outcome:
    """Section 2.11.4: energies in Hartree, read as eV, come out 27 times too large."""
    true = load_embedded("ethanol/500K")[0].get_potential_energy()  # eV
    read = convert(true, "eV", "Hartree")  # the number in the file, taken for eV
    factor = abs(read / true)
    found = f"ethanol: {true:,.0f} eV is read as {read:,.0f} eV, {1 / factor:.1f} times too small"
    return choose(found, holds=factor > 1)


def check_mae_in_hartree() -> Outcome:
    """Section 2.11.4: the MAE then appears small."""
    factor = convert(1.0, "eV", "Hartree")
    return choose(f"every error shrinks by the same {1 / factor:.1f}", holds=factor < 1)


def check_sane_range() -> Outcome:
    """Section 2.11.4: a sensible total energy lies between -1,000 and 1,000 eV."""
    true = load_embedded("ethanol/500K")[0].get_potential_energy()
    found = f"ethanol by PBE with all its electrons: {true:,.0f} eV, and nothing is wrong with it"
    return choose(found, holds=abs(true) <= _SANE)


def check_drift_alarm() -> Outcome:
    """Section 2.11.3: an alarm at 0.001 eV a step is a sensible one."""
    per_ps = _STEP_THRESHOLD * 1000  # eV/ps at 1 fs a step
    hotter = per_ps / (3 * 9 * ase_units.kB)  # K, ethanol: half of it becomes motion, 3 N k_B T/2
    found = (
        f"at 1 fs a step it allows {per_ps:g} eV/ps, which heats a molecule of 9 atoms by "
        f"{hotter:,.0f} K each picosecond"
    )
    return choose(found, holds=hotter < 1)


def check_gpu_times() -> Outcome:
    """Section 2.5 and Problem 3: 1 ns takes 1 to 3 days, and 1 μs takes 3 days."""
    first = [1e6 / days for days in (3, 1)]  # steps of 1 fs in a day
    second = 1e9 / 3
    ratio = second / max(first)
    found = (
        f"{min(first):,.0f} to {max(first):,.0f} steps a day against {second:,.0f}: "
        f"{ratio:,.0f} times apart at least; both can hold for systems of so different sizes only"
    )
    return Outcome(found, HOLDS if ratio < 3 else CONDITION)


def check_composition() -> Outcome:
    """Section 2.3: the parts of the example data set add up."""
    return choose(f"{CU_CO2.n_frames:,} configurations", holds=CU_CO2.n_frames == 5000)


def check_methanol_plan() -> Outcome:
    """Problem 2: its plan covers the temperature at which it shall run."""
    warnings = METHANOL_CU.warnings()
    found = "; ".join(warnings) or "no warning"
    return Outcome(found, CONDITION if warnings else HOLDS)


@functools.cache
def _problem_3() -> pd.DataFrame:
    return check_problem_3().set_index("claim")


def check_problem_3_row(name: str) -> Outcome:
    """Problem 3: one number of its table against the sum of its own steps.

    Args:
        name: the row, as in ``check_problem_3``.
    """
    row = _problem_3().loc[name]
    remark = f" ({row['remark']})" if row["remark"] else ""
    conditional = CONDITION if "baseline" in row["remark"] else HOLDS
    verdict = {HOLDS: conditional, OPEN: OPEN, FAILS: WRONG}[row["verdict"]]
    return Outcome(f"{row['recomputed']}{remark}", verdict)


_PROBLEM_3 = {
    "wall time of A, success": "The plan without active learning takes 2 weeks if all goes well",
    "wall time of A, expected": "It takes 2.5 weeks in the mean",
    "wall time of B": "The plan with active learning takes 2 weeks",
    "node-hours of A, expected": "Without active learning 16,500 node-hours are expected",
    "GPU time of B": "With active learning the GPU works for 7.17 days",
    "labels of B": "With active learning 2,000 configurations are labelled",
    "less node-hours": "88 % of the node-hours are saved",
    "less data": "87 % of the data are saved",
    "less cost": "87 % of the cost is saved",
    "less wall time": "20 % of the wall time is saved",
    "success of B": "Active learning succeeds with 95 % certainty",
}


def number_claims() -> list[Claim]:
    """Claims about units, thresholds and sums."""
    rows = [
        ("energy-units", "2.10.3", "The table of energy units", check_energy_table, "11"),
        ("force-units", "2.10.3", "The table of force units", check_force_table, "11"),
        ("kT", "2.10.3", "k_B T at 300 K is 0.02585 eV or 0.596 kcal/mol", check_thermal_energy,
         "11"),
        ("kT-target", "2.10.3", "An energy MAE below k_B T is accurate enough",
         check_thermal_target, "05"),
        ("hartree-as-ev", "2.11.4", "Energies in Hartree taken for eV are 27 times too large",
         check_hartree_as_ev, "11"),
        ("hartree-mae", "2.11.4", "The MAE of such data looks small", check_mae_in_hartree, "11"),
        ("sane-range", "2.11.4", "A sensible energy lies between -10³ and 10³ eV",
         check_sane_range, "11"),
        ("drift-alarm", "2.11.3", "Worry about a drift above 0.001 eV a step", check_drift_alarm,
         "12"),
        ("gpu-times", "2.5", "1 ns of 1,000 atoms takes 1 to 3 days on a GPU; 1 μs takes 3 days",
         check_gpu_times, "05"),
        ("composition", "2.3", "The example data set has 5,000 configurations in five parts",
         check_composition, "03"),
        ("methanol-plan", "Problem 2", "4,000 configurations at 300 and 500 K serve a run at 500 K",
         check_methanol_plan, "03"),
    ]  # fmt: skip
    claims = [
        Claim(n, s, says, RECOMPUTED, f, f.__name__, lesson) for n, s, says, f, lesson in rows
    ]
    for name, says in _PROBLEM_3.items():
        check = functools.partial(check_problem_3_row, name)
        source = f'check_problem_3, "{name}"'
        short = name.replace(",", "").replace(" ", "-")
        claims.append(Claim(short, "Problem 3", says, RECOMPUTED, check, source, "08"))
    return claims
