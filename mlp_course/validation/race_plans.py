"""Plans for a simulation: who is to be taken, and when the most accurate method is not the one."""

import itertools
from collections.abc import Iterator

import pandas as pd

from mlp_course.validation.race_cost import cost_of_plan
from mlp_course.validation.racers import NAMES

#: What lesson 07 offers; atoms are the sizes that were timed (1, 11 and 111 molecules).
MENUS = {
    "labels": (50, 100, 200, 400, 950),
    "atoms": (9, 99, 999),
    "steps": (1e4, 1e5, 1e6, 1e7),
    "hours": (1, 3, 10, 30, 100, 300, 1000),
}
#: Where the menus stand at first.
START = {"labels": 950, "atoms": 9, "steps": 1e6, "hours": 10}
NOBODY, UNKNOWN = "nobody is left", "the time is not known"


def is_the_best_affordable(
    race: pd.DataFrame, *, n_atoms: int, steps: float, hours: float, n_train: int = 950
) -> str:
    """Say for one plan what the most accurate method takes, and who is the best within the hours.

    Args:
        race: from ``load_race``; cells may be missing.
        n_atoms: of the system.
        steps: of the simulation.
        hours: of one core that may pass.
        n_train: labels, between the sizes of the race.

    Example:
        >>> columns = ["model", "molecule", "n_train", "force_mae", "ms_per_evaluation"]
        >>> rows = [("mace", "ethanol", 950, 8.0, 9.0), ("ani", "ethanol", 950, 20.0, 2.0)]
        >>> race = pd.DataFrame(rows, columns=columns)
        >>> is_the_best_affordable(race, n_atoms=9, steps=1e6, hours=1)  # 2.5 h and 0.56 h
        '9 atoms, 1,000,000 steps, 1 h: MACE is the most accurate and takes 2.5 h; take ANI'
    """
    costs = cost_of_plan(race, n_train=n_train, n_atoms=n_atoms, steps=steps)
    plan = f"{n_atoms} atoms, {steps:,.0f} steps, {hours:g} h"
    if costs.empty:
        return f"{plan}: no result yet"
    best, answer = costs["force_mae"].idxmin(), who_to_take(costs, hours)
    takes = f"takes {costs.loc[best, 'hours']:.3g} h"
    if costs["hours"].isna()[best]:
        takes = "was not timed at this size"
    unknown = [name for name in costs.index[costs["hours"].isna()] if name != best]
    note = f" (not timed at this size: {', '.join(unknown)})" if unknown else ""
    take = answer if answer in (NOBODY, UNKNOWN) else f"take {answer}"
    return f"{plan}: {best} is the most accurate and {takes}; {take}{note}"


def who_to_take(costs: pd.DataFrame, hours: float) -> str:
    """Name the most accurate method that is done within the hours.

    Args:
        costs: from ``cost_of_plan``.
        hours: of one core that may pass.

    Returns:
        A name; ``NOBODY`` if all are too slow; ``UNKNOWN`` if those that were timed are too slow,
        and some were not timed at this size.

    Example:
        >>> rows = {"MACE": (8.0, 2.5), "ANI": (20.0, 0.5)}
        >>> costs = pd.DataFrame.from_dict(rows, orient="index", columns=["force_mae", "hours"])
        >>> who_to_take(costs, 10), who_to_take(costs, 1), who_to_take(costs, 0.1)
        ('MACE', 'ANI', 'nobody is left')
    """
    possible = costs[costs["hours"] <= hours]
    if len(possible):
        return str(possible["force_mae"].idxmin())
    return UNKNOWN if costs["hours"].isna().any() else NOBODY


def describe_plans(race: pd.DataFrame, *, n_train: int = 950) -> str:
    """Say how often the most accurate method is the answer, with one plan for each answer.

    All plans of ``MENUS`` with so many labels are gone through. Of the plans with the same answer
    the one nearest to ``START`` is shown, so that a plan for which the most accurate method is the
    wrong answer is among them whenever there is one.

    Args:
        race: from ``load_race``; cells may be missing.
        n_train: labels.

    Example:
        >>> columns = ["model", "molecule", "n_train", "force_mae", "ms_per_evaluation"]
        >>> rows = [("mace", "ethanol", 950, 8.0, 9.0), ("ani", "ethanol", 950, 20.0, 2.0)]
        >>> said = describe_plans(pd.DataFrame(rows, columns=columns))
        >>> said.splitlines()[2]  # 10⁷ steps of 9 and of 2 ms
        '  9 atoms, 10,000,000 steps, 10 h: MACE is the most accurate and takes 25 h; take ANI'
    """
    answers = {plan[1:]: answer for plan, answer in _answers(race) if plan[0] == n_train}
    costs = cost_of_plan(race, n_train=n_train, n_atoms=START["atoms"], steps=1)
    if costs.empty:
        return f"{n_train} labels: no result yet"
    best = costs["force_mae"].idxmin()
    lines = [f"{n_train} labels: {best} is the most accurate{_lacking(len(costs))}. "]
    lines[0] += _count(best, list(answers.values()))
    nearest = sorted(answers, key=_distance)
    for answer in dict.fromkeys(answers[plan] for plan in nearest):
        n_atoms, steps, hours = next(plan for plan in nearest if answers[plan] == answer)
        plan = dict(n_atoms=n_atoms, steps=steps, hours=hours, n_train=n_train)
        lines.append("  " + is_the_best_affordable(race, **plan))
    return "\n".join(lines)


def which_menu_matters(race: pd.DataFrame) -> str:
    """Say how often a change of one menu alone changes the answer, menu by menu.

    Args:
        race: from ``load_race``; cells may be missing. Plans whose times are not known are left
            out.

    Example:
        >>> columns = ["model", "molecule", "n_train", "force_mae", "ms_per_evaluation"]
        >>> rows = [("mace", "ethanol", n, 4000 / n, 9.0) for n in (50, 950)]
        >>> race = pd.DataFrame(rows, columns=columns)
        >>> which_menu_matters(race)  # enough or not: 10 of 42 pairs of steps, 18 of 84 of hours
        'changing one menu alone changes the answer: steps in 24 %, hours in 21 %, labels in 0 %'
    """
    answers = {plan: answer for plan, answer in _answers(race) if answer != UNKNOWN}
    shares = {}
    for place, name in enumerate(MENUS):
        groups: dict[tuple, list[str]] = {}
        for plan, answer in answers.items():
            groups.setdefault(plan[:place] + plan[place + 1 :], []).append(answer)
        pairs = [a != b for own in groups.values() for a, b in itertools.combinations(own, 2)]
        if pairs:
            shares[name] = sum(pairs) / len(pairs)
    if not shares:
        return "which menu matters: no result yet"
    order = sorted(shares, key=lambda name: -shares[name])
    said = ", ".join(f"{name} in {shares[name]:.0%}".replace("%", " %") for name in order)
    return f"changing one menu alone changes the answer: {said}"


def _answers(race: pd.DataFrame) -> Iterator[tuple[tuple, str]]:
    """Every plan of the menus (labels, atoms, steps, hours) for which there are results."""
    for n_train, n_atoms in itertools.product(MENUS["labels"], MENUS["atoms"]):
        each = cost_of_plan(race, n_train=n_train, n_atoms=n_atoms, steps=1)
        for steps, hours in itertools.product(MENUS["steps"], MENUS["hours"]):
            if len(each):
                yield (n_train, n_atoms, steps, hours), who_to_take(each, hours / steps)


def _count(best: str, answers: list[str]) -> str:
    """How many plans have which kind of answer."""
    nobody, unknown = answers.count(NOBODY), answers.count(UNKNOWN)
    others = len(answers) - answers.count(best) - nobody - unknown
    said = f"Of {len(answers)} plans it is the answer in {answers.count(best)}, another method in "
    said += f"{others}, nobody in {nobody}"
    said += f", and in {unknown} the time is not known" if unknown else ""
    return said + (": no plan of the menus makes it the wrong answer" if not others else "")


def _lacking(n_methods: int) -> str:
    missing = len(NAMES) - n_methods
    return f" of {n_methods} methods ({missing} lack a result)" if missing else ""


def _distance(plan: tuple) -> int:
    """In steps of the menus from where they stand at first."""
    names = ("atoms", "steps", "hours")
    return sum(
        abs(MENUS[name].index(value) - MENUS[name].index(START[name]))
        for name, value in zip(names, plan, strict=True)
    )
