"""Composition: the chapter's tables add up, cost what they must, and bad ones are told apart."""

import pytest
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT

from mlp_course.sampling import (
    CU_CO2,
    METHANOL_CU,
    Composition,
    Part,
    composition_of,
    rattled,
    sample_dynamics,
)
from mlp_course.sampling.composition import LOW_ENERGY_BIAS


def test_the_table_of_section_2_3():
    """5,000 configurations as 10, 60, 10, 10, 10 %; an hour a label makes 5,000 node-hours."""
    table = CU_CO2.table()
    assert table["n_frames"].tolist() == [500, 3000, 500, 500, 500]
    assert table["percent"].tolist() == [10, 60, 10, 10, 10]
    assert table["percent"].sum() == pytest.approx(100)
    assert table["temperatures_K"][1] == "300, 500, 700"
    assert CU_CO2.node_hours == 5000
    assert CU_CO2.days(n_nodes=30) == pytest.approx(5000 / 30 / 24)
    assert 3 < CU_CO2.days(n_nodes=40) < 7  # the chapter's "3-7 days"


def test_the_table_of_problem_2():
    """4,000 configurations; 800 on paths are 20 images of 4 paths under 10 conditions."""
    assert METHANOL_CU.n_frames == 4000
    assert METHANOL_CU.table()["percent"].tolist() == [7.5, 50, 20, 10, 12.5]
    assert METHANOL_CU.share("path") * 4000 == 20 * 4 * 10


def test_cost_counts_every_part_at_its_own_price():
    """100 labels of 36 s and 10 of 1 h are 1 + 10 node-hours."""
    parts = (Part("equilibrium", 100, seconds_per_label=36), Part("path", 10))
    plan = Composition("mixed", parts)
    assert plan.table()["node_hours"].tolist() == [1, 10]
    assert plan.node_hours == 11


def test_the_good_table_has_no_warning():
    """All five types, three temperatures, 1,000 frames at each, paths 10 %."""
    assert CU_CO2.warnings() == []


def test_the_first_failure_of_section_2_11_1():
    """80:15:5 is biased to low energies, has few paths, names no temperature, lacks two types."""
    text = "\n".join(LOW_ENERGY_BIAS.warnings())
    assert "Bias to low energies: 80 %" in text
    assert "Few transition states: 5 %" in text
    assert "Too few temperatures" in text
    assert "No random data" in text
    assert "No defect data" in text


def test_the_second_failure_of_section_2_11_1():
    """Trained at 300 K only and used at 500 K: too few temperatures, and no margin."""
    parts = [part for part in CU_CO2.parts if part.data_type != "dynamics"]
    cold = Part("dynamics", 3000, temperatures=(300,))
    plan = Composition("300 K only", (*parts, cold), use_temperature=500)
    found = plan.warnings()
    assert len(found) == 2
    assert found[0].startswith("Too few temperatures: dynamics at one only (300 K)")
    assert found[1].startswith("No margin in temperature: the potential will run at 500 K")


def test_the_chapters_own_methanol_set_has_no_margin():
    """It is sampled up to 500 K and runs at 500 K: the one warning it gets."""
    (warning,) = METHANOL_CU.warnings()
    assert "No margin in temperature" in warning


@pytest.mark.parametrize(
    ("n_frames", "use", "expected"),
    [(2000, 400, 0), (1998, 400, 1), (2000, 500, 1), (2000, 200, 1), (2000, None, 0)],
)
def test_limits_are_where_they_are_said_to_be(n_frames, use, expected):
    """1,000 frames a temperature are enough, 999 not; use inside the range is silent."""
    parts = (
        Part("equilibrium", 500),
        Part("dynamics", n_frames, temperatures=(300, 500)),
        Part("path", 500),
        Part("random", 500),
        Part("defect", 500),
    )
    assert len(Composition("plan", parts, use_temperature=use).warnings()) == expected


def test_frames_are_counted_by_what_they_say():
    """Two runs and rattled copies: three parts become two, with both temperatures."""
    copper = bulk("Cu", cubic=True)
    quick = dict(timestep=2.0, spacing=2.0, equilibration=2.0)
    frames = rattled(copper, amplitude=0.1, n_frames=3)
    for temperature, n_frames in ((500, 2), (300, 4)):
        frames += sample_dynamics(
            copper, EMT(), temperature=temperature, n_frames=n_frames, **quick
        )
    found = composition_of(frames)
    assert found.parts == (
        Part("dynamics", 6, "sample_dynamics", (300, 500)),
        Part("random", 3, "rattled"),
    )
    with pytest.raises(ValueError, match="has no info"):
        composition_of([*frames, Atoms("H")])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(data_type="aimd"), "data_type must be one of equilibrium, dynamics"),
        (dict(n_frames=0), "n_frames must be a whole number above 0; got 0"),
        (dict(n_frames=2.5), "n_frames must be a whole number above 0; got 2.5"),
        (dict(temperatures=(300, -1)), "temperatures must be positive, in K"),
        (dict(seconds_per_label=0), "seconds_per_label must be positive, in s; got 0"),
        (dict(data_type="path", temperatures=(300,)), "temperatures belong to dynamics"),
    ],
)
def test_a_senseless_row_is_refused(change, message):
    """Each field says what is wrong with it."""
    with pytest.raises(ValueError, match=message):
        Part(**(dict(data_type="dynamics", n_frames=10) | change))


def test_a_senseless_plan_is_refused():
    """No rows, no time, no nodes, no temperature."""
    row = (Part("path", 1),)
    with pytest.raises(ValueError, match="at least one row"):
        Composition("empty", ())
    with pytest.raises(ValueError, match="seconds_per_label must be positive"):
        Composition("free", row, seconds_per_label=0)
    with pytest.raises(ValueError, match="use_temperature must be positive, in K"):
        Composition("frozen", row, use_temperature=0)
    with pytest.raises(ValueError, match="n_nodes must be at least 1"):
        Composition("one", row).days(0)
