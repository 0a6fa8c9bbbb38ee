"""Claims about what an MLP is and about descriptors and architectures."""

import functools

import torch

from mlp_course.data import load_embedded
from mlp_course.data.neighbours import Graph, neighbour_list
from mlp_course.descriptors import (
    SOAP,
    SymmetryFunctions,
    angular_symmetry_function,
    cosine_cutoff,
)
from mlp_course.models import MLPCalculator, load_shipped
from mlp_course.teaching.chapter.claim import (
    CONDITION,
    HOLDS,
    OPEN,
    RECOMPUTED,
    STORED,
    UNSEEN,
    WRONG,
    Claim,
    Outcome,
    choose,
)
from mlp_course.teaching.chapter.speed import network_seconds, pbe_seconds
from mlp_course.validation import (
    Report,
    chapter_ratios,
    check_claims,
    evaluate,
    load_race,
    physical_checks,
)

_MODEL = "ethanol_painn"


@functools.cache
def shipped_report() -> Report:
    """Errors of the shipped PaiNN on frames of ethanol that it has not seen."""
    return evaluate(load_shipped(_MODEL), load_embedded("ethanol/500K")[::10])


def check_energy_target() -> Outcome:
    """Section 2.1: energies within a few meV."""
    mae = shipped_report().total_energy_mae
    found = f"PaiNN, ethanol: {mae:.1f} meV for the molecule"
    return choose(found, holds=mae < 5, otherwise=UNSEEN)


def check_force_target() -> Outcome:
    """Section 2.1: forces within tens of meV/Å."""
    mae = shipped_report().force_mae
    return choose(f"PaiNN, ethanol: {mae:.1f} meV/Å", holds=mae < 100, otherwise=UNSEEN)


def check_speed() -> Outcome:
    """Section 2.1: 10⁴ to 10⁶ times faster than DFT."""
    slow, how = pbe_seconds()
    fast = network_seconds()
    factor = slow / fast
    found = (
        f"ethanol, one core: PBE {slow:.1f} s ({how}), SchNet {1000 * fast:.1f} ms: "
        f"{float(f'{factor:.1e}'):,.0f} times. DFT grows faster with the number of atoms"
    )
    return choose(found, holds=1e4 <= factor <= 1e6, otherwise=UNSEEN)


def check_constraints() -> Outcome:
    """Section 2.1: an MLP keeps translation, rotation, permutation and F = -dE/dR."""
    table = physical_checks(MLPCalculator(load_shipped(_MODEL)), load_embedded("ethanol/500K")[0])
    failed = table[~table["passed"].fillna(True)]["check"].tolist()
    passed = int(table["passed"].fillna(False).sum())
    found = f"PaiNN passes {passed} checks; fails: {', '.join(failed) or 'none'}. By construction"
    return choose(found, holds=not failed)


def check_angular_sum() -> Outcome:
    """Section 2.6: the angular function sums over j and k; is each pair counted once or twice?"""
    graph = neighbour_list(load_embedded("ethanol/500K")[0], 4.0)
    options = dict(eta=0.05, zeta=2.0, lambda_=1.0, cutoff=4.0)
    ours = angular_symmetry_function(graph.pair_vectors(), graph.idx_i, 9, **options)
    factor = _as_printed(graph, **options) / float(ours[0])
    found = (
        f"taken by the letter, with j and k in both orders, it is {factor:.2f} times what "
        "packages that count pairs once compute"
    )
    return Outcome(found, HOLDS if abs(factor - 1) < 1e-6 else CONDITION)


def _as_printed(graph: Graph, *, eta: float, zeta: float, lambda_: float, cutoff: float) -> float:
    """The chapter's formula for atom 0, a plain double loop over j and k."""
    r_0 = graph.pair_vectors()[graph.idx_i == 0]
    total = 0.0
    for j in range(len(r_0)):
        for k in range(len(r_0)):
            if j == k:
                continue
            d = torch.stack([r_0[j].norm(), r_0[k].norm(), (r_0[j] - r_0[k]).norm()])
            cosine = (r_0[j] @ r_0[k]) / (d[0] * d[1])
            fade = cosine_cutoff(d, cutoff).prod()
            angle = (1 + lambda_ * cosine) ** zeta
            total += float(angle * torch.exp(-eta * (d**2).sum()) * fade)
    return 2 ** (1 - zeta) * total


def check_lengths() -> Outcome:
    """Section 2.6: 50 to 100 symmetry functions, 30 to 50 components of SOAP."""
    elements = {"copper": [29], "ethanol": [1, 6, 8]}
    soap = {n: SOAP(z, cutoff=5.0, n_max=4, l_max=4).n_components for n, z in elements.items()}
    functions = {n: len(SymmetryFunctions(z, cutoff=5.0).labels) for n, z in elements.items()}
    inside = [30 <= soap[n] <= 50 and 50 <= functions[n] <= 100 for n in elements]
    found = "; ".join(f"{n}: SOAP {soap[n]}, symmetry functions {functions[n]}" for n in elements)
    found += ". The length grows with the number of elements"
    return Outcome(found, HOLDS if all(inside) else CONDITION)


def check_own_table() -> Outcome:
    """Section 2.7: errors fell tenfold, by the chapter's own table."""
    ratios = chapter_ratios()
    found = "its own ranges allow " + " and ".join(
        f"{low:.2g} to {high:.2g} times for the {name}" for name, (low, high) in ratios.items()
        if name != "hours"
    )  # fmt: skip
    allowed = [ratios[name][0] <= 10 <= ratios[name][1] for name in ("energy", "force")]
    return Outcome(found, {2: HOLDS, 1: CONDITION, 0: WRONG}[sum(allowed)])


def check_race_row(name: str) -> Outcome:
    """Section 2.7: one observation against the course's race of eight methods.

    Args:
        name: the row, as in ``check_claims``.
    """
    row = check_claims(load_race()).loc[name]
    verdict = {"holds": HOLDS, "does not hold": UNSEEN}.get(row["verdict"], OPEN)
    return Outcome(row["measured"], verdict)


_RACE = {
    "ten times less data for the same error": "From Behler-Parrinello to MACE, ten times less data",
    "ten times lower energy error": "From Behler-Parrinello to MACE, ten times lower energy errors",
    "training time stays similar (here: for each frame shown)": "Training takes a similar time",
    "data efficiency low < medium < high < highest": "The order of methods by data efficiency",
    "accuracy medium < high < highest": "The order of methods by accuracy",
    "3,000 to 30,000 frames are needed": "A potential needs 3,000 to 30,000 configurations",
}


def method_claims() -> list[Claim]:
    """Claims of sections 2.1, 2.6 and 2.7."""
    rows = [
        ("energy-target", "2.1", "An MLP gives energies within a few meV of DFT",
         check_energy_target, "01"),
        ("force-target", "2.1", "An MLP gives forces within tens of meV/Å", check_force_target,
         "01"),
        ("speed", "2.1", "An MLP is 10⁴ to 10⁶ times faster than DFT", check_speed, "01"),
        ("constraints", "2.1", "An MLP has the four constraints of physics", check_constraints,
         "01"),
        ("angular-sum", "2.6", "The angular symmetry function is a sum over j, k ≠ i",
         check_angular_sum, "06"),
        ("lengths", "2.6", "50 to 100 symmetry functions, 30 to 50 components of SOAP",
         check_lengths, "06"),
        ("own-table", "2.7", "Accuracy improved tenfold from Behler-Parrinello to MACE",
         check_own_table, "07"),
    ]  # fmt: skip
    claims = [
        Claim(n, s, says, RECOMPUTED, f, f.__name__, lesson) for n, s, says, f, lesson in rows
    ]
    for number, (name, says) in enumerate(_RACE.items(), start=1):
        check = functools.partial(check_race_row, name)
        source = "benchmarks/race.py, ethanol, one core, 10 minutes a network; load_race"
        claims.append(Claim(f"race-{number}", "2.7", says, STORED, check, source, "07"))
    return claims
