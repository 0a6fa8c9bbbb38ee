"""The stored times of a step are complete, and what is said of them follows from them."""

import json

import numpy as np
import pytest

from mlp_course.simulation import (
    ProductionSettings,
    growth,
    load_throughput,
    ns_per_day,
    production_estimate,
)
from mlp_course.simulation.throughput import THROUGHPUT

NETWORK_SIZES = [9, 72, 288, 999]
COPPER_SIZES = [32, 108, 256, 500, 1000, 2048]
EXPECTED = {
    ("SchNet", "ethanol gas"): NETWORK_SIZES,
    ("SchNet", "ethanol dense"): NETWORK_SIZES[1:],
    ("PaiNN", "ethanol gas"): NETWORK_SIZES,
    ("PaiNN", "ethanol dense"): NETWORK_SIZES[1:],
    ("SchNet (copper)", "Cu crystal"): COPPER_SIZES,
    ("EMT", "Cu crystal"): COPPER_SIZES,
    ("GFN2-xTB", "ethanol gas"): [9, 72, 288, 432],
}


@pytest.fixture(scope="module")
def table():
    return load_throughput()[0]


def test_every_system_is_there_once(table):
    """Five potentials, three kinds of system, 30 times."""
    found = {key: part["n_atoms"].tolist() for key, part in table.groupby(["potential", "system"])}
    assert found == EXPECTED


def test_the_origin_is_told():
    """Script, machine, date, versions, and that other work ran."""
    origin = load_throughput()[1]
    assert origin["script"] == "benchmarks/production.py"
    assert "processor time" in origin["what"]
    assert "other work" in origin["what"]
    assert {"machine", "date", "versions", "seconds"} <= set(origin)
    assert {"torch", "ase", "tblite"} <= set(origin["versions"])
    assert 30 < origin["seconds"] < 400


def test_the_times_are_sound(table):
    """Positive, the quickest block first, blocks alike within a factor of 2.5, larger is slower."""
    assert (table["seconds_per_step"] > 0).all()
    assert (table["seconds_per_step"] <= table["median"]).all()
    assert (table["median"] <= table["highest"]).all()
    assert (table["highest"] < 2.5 * table["seconds_per_step"]).all()
    for _, part in table.groupby(["potential", "system"]):
        assert (np.diff(part["seconds_per_step"]) > 0).all()
    speed = 86400 / table["seconds_per_step"] * table["timestep"] / 1e6
    assert np.allclose(table["ns_per_day"], speed)


def test_networks_grow_with_the_pairs_and_xtb_with_more_than_the_square_of_the_atoms(table):
    """A cutoff makes the cost proportional to the pairs; diagonalising a matrix costs N³.

    Somewhat more than in proportion is what was measured: large arrays leave the cache. The dense
    boxes are not all equally even, 50 to 60 pairs an atom, so there the atoms alone mislead.
    """
    by_atoms = growth(table).set_index(["potential", "system"])["power"]
    assert 2.0 < by_atoms["GFN2-xTB", "ethanol gas"] < 3.6
    assert 0.8 < by_atoms["EMT", "Cu crystal"] < 1.4
    networks = table.dropna(subset="n_pairs").assign(n_atoms=lambda t: t["n_pairs"])
    by_pairs = growth(networks.query("n_pairs > 2000"))
    assert len(by_pairs) == 5
    assert by_pairs["power"].between(0.8, 1.4).all()


def test_the_pairs_are_those_of_the_densities(table):
    """In the dense box each atom sees several times the pairs of a molecule alone."""
    pairs = table.set_index(["potential", "system", "n_atoms"])["n_pairs"]
    assert pairs["SchNet", "ethanol gas", 9] == 72  # every atom sees the eight others
    assert pairs["SchNet", "ethanol gas", 999] == 111 * 72  # nobody sees another molecule
    assert pairs["SchNet", "ethanol dense", 999] > 4 * 111 * 72


def test_a_dense_box_costs_more_than_a_gas(table):
    """The price is that of the pairs, not of the atoms alone."""
    seconds = table.set_index(["potential", "system", "n_atoms"])["seconds_per_step"]
    for name in ("SchNet", "PaiNN"):
        assert seconds[name, "ethanol dense", 999] > 2 * seconds[name, "ethanol gas", 999]


def test_the_estimate_is_steps_times_seconds(table):
    """1,000 atoms for 1 ns from the nearest measured size; xTB is scaled from 432 atoms."""
    estimate = production_estimate(table).set_index(["potential", "system"])
    assert len(estimate) == len(EXPECTED)
    emt = estimate.loc[("EMT", "Cu crystal")]
    measured = table.query("potential == 'EMT' and n_atoms == 1000").iloc[0]
    assert (emt["steps"], emt["measured_at"]) == (1_000_000, 1000)
    assert emt["seconds_per_step"] == pytest.approx(measured["seconds_per_step"])
    assert emt["days"] == pytest.approx(1e6 * measured["seconds_per_step"] / 86400)
    assert emt["days"] * emt["ns_per_day"] == pytest.approx(1.0)
    xtb = estimate.loc[("GFN2-xTB", "ethanol gas")]
    last = table.query("potential == 'GFN2-xTB'").iloc[-1]
    assert xtb["measured_at"] == 432
    assert xtb["seconds_per_step"] > 3 * last["seconds_per_step"]
    for (potential, system), row in estimate.iterrows():
        if potential != "GFN2-xTB":
            assert xtb["days"] > 5 * row["days"], (potential, system)


def test_ten_times_as_long_takes_ten_times_as_long(table):
    """Time is proportional to the length of the run."""
    one = production_estimate(table)["days"]
    ten = production_estimate(table, total_time=1e7)["days"]
    assert np.allclose(ten, 10 * one)


def test_more_atoms_take_longer(table):
    """Every potential needs more days for 2,000 atoms than for 1,000."""
    days = [production_estimate(table, n_atoms=n)["days"] for n in (1000, 2000)]
    assert (days[1] > days[0]).all()


def test_speed_and_days_are_one_number():
    """ns/day of `ns_per_day` times days of `ProductionSettings.days` is the length in ns."""
    settings = ProductionSettings(n_atoms=1000, timestep=0.5, total_time=2e6)
    assert settings.days(0.01) * ns_per_day(0.01, 0.5) == pytest.approx(2.0)


def test_a_missing_file_says_how_it_is_made(tmp_path):
    """The script's name is in the error."""
    with pytest.raises(FileNotFoundError, match=r"run `python benchmarks/production\.py`"):
        load_throughput(tmp_path / "none.json")


def test_a_killed_benchmark_leaves_a_file_that_can_be_read():
    """It is JSON without holes: each case has all fields."""
    cases = json.loads(THROUGHPUT.read_text(encoding="utf-8"))["cases"]
    assert len({tuple(sorted(case)) for case in cases}) == 1
