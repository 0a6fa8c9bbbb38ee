"""The chapter, checked: each claim has a check, and a changed number changes the verdict."""

import dataclasses
import re

import pandas as pd
import pytest

from mlp_course.teaching.chapter import (
    VERDICTS,
    ChapterTable,
    Claim,
    Outcome,
    chapter_claims,
    check_chapter,
    literature,
    methods,
    numbers,
    plot_verdicts,
    practice,
)
from mlp_course.teaching.chapter.claim import (
    CONDITION,
    HOLDS,
    KINDS,
    OPEN,
    RECOMPUTED,
    UNSEEN,
    WRONG,
)

#: What the first list of doubts held, and what the lessons found since; none may get lost.
DEMANDED = {
    "force-units", "energy-units", "kT", "hartree-as-ev", "hartree-mae", "ani-1x-level",
    "oc20-size", "materials-project-size", "md17-size", "md17-licence", "qm9-size",
    "wall-time-of-A-success", "wall-time-of-A-expected", "wall-time-of-B", "labels-of-B",
    "less-node-hours", "less-data", "less-cost", "gpu-times", "nanosecond", "drift-alarm",
    "end-points", "cutoff-recipe", "loss-weights", "random-split", "angular-sum",
    "dimenet-is-schnet", "gap-year", "nature-materials-2023", "prl-2022", "add-sample", "speed",
    "energy-target", "force-target", "constraints", "savings", "cost-saving", "soap-density",
    "own-table", "race-1", "race-6", "sane-range", "low-energy-bias", "methanol-plan",
}  # fmt: skip
QUICK = [
    "composition", "force-units", "kT", "soap-density", "gap-year", "qm9-size", "labels-of-B",
    "less-data", "prl-2022", "savings",
]  # fmt: skip
CLAIMS = chapter_claims()


def checked(name):
    """The row of one claim."""
    return check_chapter([name]).loc[name]


def test_no_doubt_gets_lost():
    """Every claim that was ever doubted has its row, once."""
    names = [claim.name for claim in CLAIMS]
    assert len(names) == len(set(names))
    assert set(names) >= DEMANDED


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_every_claim_says_where_its_check_comes_from(claim):
    """Literature has a citation with a year or says what was looked for; stored has its script."""
    assert claim.kind in KINDS
    assert re.fullmatch(r"2\.\d+(\.\d+)?|Problem [123]", claim.section)
    if claim.kind == "literature":
        assert re.search(r"\((19|20)\d\d\)|arXiv|doi|the chapter's ten references", claim.source)
    if claim.kind == "stored measurement":
        assert "benchmarks/" in claim.source


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("force-units", WRONG),
        ("energy-units", HOLDS),
        ("hartree-as-ev", WRONG),
        ("hartree-mae", HOLDS),
        ("wall-time-of-A-success", WRONG),
        ("less-data", CONDITION),
        ("labels-of-B", WRONG),
        ("oc20-size", CONDITION),
        ("ani-1x-level", WRONG),
        ("qm9-size", HOLDS),
        ("gap-year", WRONG),
        ("dimenet-is-schnet", CONDITION),
        ("prl-2022", OPEN),
        ("savings", UNSEEN),
        ("own-table", CONDITION),
        ("sane-range", WRONG),
        ("angular-sum", CONDITION),
        ("loss-weights", CONDITION),
    ],
)
def test_verdicts_on_what_is_known(name, verdict):
    """Verdicts that were found by hand come out of the checks."""
    assert checked(name).verdict == verdict


# -- a changed number flips the verdict --------------------------------------------------------


def test_a_corrected_entry_turns_the_table_of_units(monkeypatch):
    """With 0.00084330 in place of 0.00084340 nothing is wrong; with another digit much is."""
    right = numbers.CHAPTER_FORCES | {"kcal/mol/Å": ("0.043364", "1.0", "0.00084330")}
    monkeypatch.setattr(numbers, "CHAPTER_FORCES", right)
    assert checked("force-units").verdict == HOLDS
    wrong = numbers.CHAPTER_ENERGIES | {"eV": ("1.0", "23.161", "0.036749", "96.485")}
    monkeypatch.setattr(numbers, "CHAPTER_ENERGIES", wrong)
    assert checked("energy-units").verdict == WRONG


@pytest.mark.parametrize(
    ("seconds", "verdict"), [((1e-3, 1.0), UNSEEN), ((1e-3, 50.0), HOLDS), ((1e-6, 50.0), UNSEEN)]
)
def test_the_speed_is_judged_by_both_times(monkeypatch, seconds, verdict):
    """1,000 and 50 million times are not between 10⁴ and 10⁶; 50,000 times are."""
    monkeypatch.setattr(methods, "network_seconds", lambda: seconds[0])
    monkeypatch.setattr(methods, "pbe_seconds", lambda: (seconds[1], "patched"))
    assert checked("speed").verdict == verdict


@pytest.mark.parametrize(("mae", "verdict"), [(2.0, HOLDS), (150.0, UNSEEN)])
def test_targets_are_judged_by_the_errors(monkeypatch, mae, verdict):
    """2 meV and 2 meV/Å are within both targets, 150 of either are not."""
    report = type("Report", (), {"total_energy_mae": mae, "force_mae": mae})
    monkeypatch.setattr(methods, "shipped_report", lambda: report)
    assert checked("energy-target").verdict == verdict
    assert checked("force-target").verdict == verdict


def test_a_model_that_breaks_a_law_turns_the_constraints(monkeypatch):
    """One failed check is enough."""
    table = pd.DataFrame({"check": ["rotation"], "passed": pd.array([False], dtype="boolean")})
    monkeypatch.setattr(methods, "physical_checks", lambda *_: table)
    outcome = checked("constraints")
    assert outcome.verdict == WRONG
    assert "rotation" in outcome.found


def test_a_sum_over_both_orders_agrees_with_the_printed_one(monkeypatch):
    """Were our function to count every pair twice, the printed formula would need no condition."""
    once = methods.angular_symmetry_function
    monkeypatch.setattr(methods, "angular_symmetry_function", lambda *a, **o: 2 * once(*a, **o))
    assert checked("angular-sum").verdict == HOLDS


def test_larger_ranges_would_allow_a_factor_of_ten(monkeypatch):
    """The table's own ranges decide: none, one or both of energy and force may hold a ten."""
    for force, energy, verdict in (((2, 6), (2, 6), WRONG), ((5, 20), (5, 20), HOLDS)):
        ratios = {"force": force, "energy": energy, "hours": (1, 2)}
        monkeypatch.setattr(methods, "chapter_ratios", lambda ratios=ratios: ratios)
        assert checked("own-table").verdict == verdict


@pytest.mark.parametrize(("said", "verdict"), [("holds", HOLDS), ("not measured yet", OPEN)])
def test_the_race_decides_about_the_methods(monkeypatch, said, verdict):
    """A row of the race is taken over; what was not run cannot be checked."""
    rows = pd.DataFrame({"measured": ["x"] * 6, "verdict": [said] * 6}, index=list(methods._RACE))
    monkeypatch.setattr(methods, "check_claims", lambda _: rows)
    assert checked("race-1").verdict == verdict


@pytest.mark.parametrize(
    ("name", "constant", "value", "verdict"),
    [
        ("drift-alarm", "_STEP_THRESHOLD", 1e-9, HOLDS),
        ("sane-range", "_SANE", 1e5, HOLDS),
    ],
)
def test_a_sensible_threshold_would_hold(monkeypatch, name, constant, value, verdict):
    """10⁻⁹ eV a step, or a range up to 10⁵ eV, would do."""
    monkeypatch.setattr(numbers, constant, value)
    assert checked(name).verdict == verdict


def test_a_composition_that_does_not_add_up_is_wrong(monkeypatch):
    """4,900 are not 5,000."""
    short = type("Composition", (), {"n_frames": 4900})
    monkeypatch.setattr(numbers, "CU_CO2", short)
    assert checked("composition").verdict == WRONG


def test_a_changed_step_turns_the_sum_of_problem_3(monkeypatch):
    """A wall time that adds up holds."""
    table = numbers.check_problem_3()
    table.loc[table["claim"] == "wall time of A, success", "verdict"] = "holds"
    monkeypatch.setattr(numbers, "_problem_3", lambda: table.set_index("claim"))
    assert checked("wall-time-of-A-success").verdict == HOLDS


@pytest.mark.parametrize(("saving", "verdict"), [(1.2, UNSEEN), (4.0, HOLDS)])
def test_a_large_saving_would_be_seen(monkeypatch, saving, verdict):
    """Four times fewer labels are 3 to 5 times fewer, and 75 % saved."""
    measurement = type("M", (), {"savings": lambda *_: (saving, 0.1)})()
    monkeypatch.setattr(practice, "load_measurement", lambda: measurement)
    assert checked("savings").verdict == verdict
    assert checked("cost-saving").verdict == verdict


@pytest.mark.parametrize(
    ("shares", "verdict"), [((0.0, 0.98), CONDITION), ((0.0, 0.1), HOLDS), ((0.9, 0.9), WRONG)]
)
def test_the_loss_is_weighed_both_ways(monkeypatch, shares, verdict):
    """Energies dominate with totals, without references, with both or with neither."""

    def weigh(*_, remove_references, **__):
        return type("Shares", (), {"force_share": shares[remove_references]})

    monkeypatch.setattr(practice, "loss_shares", weigh)
    assert checked("loss-weights").verdict == verdict


@pytest.mark.parametrize(("answers", "verdict"), [({}, HOLDS), ({400: 3.0}, WRONG)])
def test_a_recipe_that_does_not_see_its_bins_would_hold(monkeypatch, answers, verdict):
    """The same answer with 100, 200 and 400 bins, or another one with 400."""
    monkeypatch.setattr(practice, "copper_frames", lambda: (None,))
    monkeypatch.setattr(practice, "chapter_estimate", lambda _, bins: answers.get(bins, 5.0))
    assert checked("cutoff-recipe").verdict == verdict


def test_a_bias_that_does_no_harm_is_not_seen(monkeypatch):
    """Were frames near the minimum as good on the path as a mixture, the warning would be idle."""
    table = pd.DataFrame({"path": [3.0, 3.0]}, index=["equilibrium", "mixture"])
    matrix = type("T", (), {"table": lambda _: table, "zero_forces": lambda _: {"path": 14.0}})()
    monkeypatch.setattr(practice, "load_type_matrix", lambda: matrix)
    assert checked("low-energy-bias").verdict == UNSEEN


def test_a_method_that_exists_would_hold(monkeypatch):
    """If SchNetPack had add_sample, nothing were wrong with calling it."""
    assert checked("add-sample").verdict == WRONG
    from schnetpack.data import ASEAtomsData

    monkeypatch.setattr(ASEAtomsData, "add_sample", None, raising=False)
    assert checked("add-sample").verdict == HOLDS


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"published": 5_000_000}, HOLDS),
        ({"published": 3_000_000}, WRONG),
        ({"published": None}, OPEN),
        ({"published": 3_000_000, "same_as": {"others": 5_100_000}}, CONDITION),
        ({"claimed": "a", "published": "b"}, WRONG),
        ({"claimed": "a", "published": "b", "shorthand": True}, CONDITION),
        ({"claimed": 2010, "published": 2013, "exact": True}, WRONG),
    ],
)
def test_literature_is_compared_not_recited(change, verdict):
    """Another published number gives another verdict."""
    fact = {"claimed": 5_000_000, "published": 5_000_000, "unit": "frames"} | change
    assert literature.compare_with_literature(fact).verdict == verdict


# -- copper, live ------------------------------------------------------------------------------


@pytest.mark.slow
def test_end_points_and_random_splits_are_measured_on_copper():
    """Two end points are noise; a random split of one run leaks."""
    assert checked("end-points").verdict == WRONG
    assert checked("random-split").verdict == CONDITION


@pytest.mark.slow
def test_the_whole_chapter_is_checked():
    """All rows have a finding and a verdict, in the order of the sections."""
    table = check_chapter()
    assert list(table.index) == [claim.name for claim in CLAIMS]
    assert set(table["verdict"]) <= set(VERDICTS)
    assert (table["found"].str.len() > 0).all()
    assert table["section"].iloc[0] == "2.1"
    assert table["section"].iloc[-1] == "Problem 3"


# -- the data classes and the widget -------------------------------------------------------------


def test_a_claim_without_source_or_with_an_unknown_verdict_is_refused():
    """Nothing enters the table on trust."""
    with pytest.raises(ValueError, match="must say where its check comes from"):
        Claim("x", "2.1", "y", RECOMPUTED, lambda: Outcome("z", HOLDS), " ")
    with pytest.raises(ValueError, match="kind must be one of"):
        dataclasses.replace(CLAIMS[0], kind="hearsay")
    with pytest.raises(ValueError, match="verdict must be one of"):
        Outcome("z", "perhaps")


def test_unknown_names_are_refused():
    """A name that is no claim is named."""
    with pytest.raises(ValueError, match=r"no claims \['nothing'\]"):
        check_chapter(["nothing", "kT"])


@pytest.fixture(scope="module")
def table():
    return check_chapter(QUICK)


def test_the_menus_filter_by_section_and_verdict(table):
    """Both menus act together, and the words count what is left."""
    claims = ChapterTable(table)
    claims.widget  # noqa: B018 - drawn when asked for
    claims.verdict_menu.value = WRONG
    assert set(claims.shown()["verdict"]) == {WRONG}
    claims.section_menu.value = "Problem 3"
    assert claims.shown().index.tolist() == ["labels-of-B"]
    assert "1 of 10 claims: 1 wrong" in claims.body.value
    assert "1,900 labels" in claims.body.value
    assert "SOAP" not in claims.body.value


def test_a_reader_without_kernel_sees_all_rows(table):
    """The stored cell holds the whole table, each claim with a place to link to."""
    data, _ = ChapterTable(table)._repr_mimebundle_()
    assert all(f'id="claim-{name}"' in data["text/html"] for name in QUICK)


def test_a_section_or_verdict_that_is_none_is_refused(table):
    """The message lists what there is."""
    with pytest.raises(ValueError, match="verdict must be one of all, holds"):
        ChapterTable(table).verdict = "perhaps"
    with pytest.raises(ValueError, match=r"section must be one of all, 2\.3"):
        ChapterTable(table).section = "9"
    with pytest.raises(ValueError, match="table must have rows"):
        ChapterTable(table.iloc[:0])


def test_the_picture_counts_every_verdict(table):
    """Bars of all verdicts add up to the claims."""
    picture = plot_verdicts(table)
    assert picture.alt.startswith("Verdicts on 10 claims: ")
    assert sum(int(n) for n in re.findall(r"(\d+) \w", picture.alt.split(": ")[1])) == 10
    bars = [patch.get_width() for patch in picture.figure.axes[0].patches]
    assert sum(bars) == 10
