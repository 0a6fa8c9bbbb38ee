"""Records, plans, splits, models, units and ensembles tick what they show, not what they are."""

import dataclasses

import numpy as np
import pytest
import torch
from ase import Atoms

from mlp_course.active_learning import Uncertainty
from mlp_course.data import load_embedded
from mlp_course.models import build_model, load_shipped, save_model
from mlp_course.reference.settings import EXAMPLE
from mlp_course.sampling.composition import CU_CO2, LOW_ENERGY_BIAS
from mlp_course.teaching import UnitGame
from mlp_course.teaching.checklist import Evidence, Split, machine_checks
from mlp_course.teaching.games.unit_game import SIGNS

OWN = EXAMPLE.replace("Cu64CO2", "Cu64CH4O").replace("CO2", "methanol")


def checked(item, **evidence):
    """Tick and reason of one item."""
    table = machine_checks(Evidence(**evidence)).set_index("item")
    return tuple(table.loc[item, ["ticked", "why"]]) if item in table.index else None


def test_nothing_given_nothing_ticked():
    """Without evidence no item is judged; each says what it would take."""
    assert machine_checks(Evidence()).empty
    table = machine_checks(Evidence(), everything=True)
    assert len(table) == 44
    assert set(table["ticked"]) == {"–"}
    assert table["why"].str.len().min() > 0


def test_a_settings_record_must_be_valid_and_ones_own():
    """A valid record of another system ticks; a typo, the course's own and a low cutoff do not."""
    assert checked("p01", settings=OWN)[0] == "yes"
    assert checked("p01", settings=EXAMPLE)[1].startswith("this is a record that comes with")
    assert "'PEB' is not allowed" in checked("p01", settings=OWN.replace("PBE", "PEB"))[1]
    low = OWN.replace("cutoff: 500", "cutoff: 200")
    assert checked("p01", settings=low)[1].startswith("plane-wave cutoff is 200 eV (at least 400")
    assert checked("p01", settings=OWN.replace("1.0e-6", "1.0e-2"))[0] == "no"


def test_a_plan_must_be_balanced_and_ones_own():
    """Warnings take the tick away, and so does a plan of the course; 5,000 tick the copper item."""
    equilibrium, dynamics, *rest = CU_CO2.parts
    parts = (
        dataclasses.replace(equilibrium, n_frames=400),
        dataclasses.replace(dynamics, n_frames=3100),
        *rest,
    )
    own = dataclasses.replace(CU_CO2, name="mine", parts=parts)
    assert checked("p02", plans=[own]) == ("yes", "5,000 configurations, no warning (0 allowed)")
    assert checked("p03", plans=[own])[0] == "yes"
    assert checked("p03", plans=[CU_CO2])[1].startswith("this is a plan that comes with")
    biased = dataclasses.replace(LOW_ENERGY_BIAS, parts=LOW_ENERGY_BIAS.parts[:2])
    assert "Bias to low energies" in checked("p02", plans=[biased])[1]
    assert checked("p03", plans=[biased]) is None
    lacking = dataclasses.replace(
        own, parts=(*parts[:-1], dataclasses.replace(rest[0], n_frames=500))
    )
    assert checked("p03", plans=[lacking])[1].endswith("there is none of: defect")


def walk(n_frames, seed=0):
    """Six atoms that jitter slowly about their places: neighbours in time look alike."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(scale=0.05, size=(n_frames, 6, 3)).cumsum(axis=0)
    pulled = [np.zeros((6, 3))]
    for step in np.diff(steps, axis=0):
        pulled.append(0.95 * pulled[-1] + step)
    start = 4.0 * np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1]])
    return [Atoms("Ar6", positions=start + moved) for moved in pulled]


def test_a_random_split_leaks_and_a_blocked_one_does_not():
    """The same frames, dealt in two ways; what is said of their gap is not believed either."""
    from mlp_course.data import blocked_split, random_split

    run = walk(600)
    blocks = Split(run, *blocked_split(run, (0.7, 0.15, 0.15), gap=60), gap=100)
    assert checked("p07", split=blocks)[0] == "yes"
    dealt = Split(run, *random_split(run, (0.7, 0.15, 0.15), seed=0), gap=100)
    tick, why = checked("p07", split=dealt)
    assert tick == "no"
    assert "leaking part of the 90 test frames" in why
    for gap, said in ((1, "gap, against twice the correlation"), (300, "below half of the 600")):
        tick, why = checked("p07", split=dataclasses.replace(dealt, gap=gap))
        assert tick == "no"
        assert said in why


def test_a_split_needs_three_parts_of_sensible_size():
    """An empty validation set, or half of all frames for the test, is no split."""
    run = walk(300)
    assert checked("p07", split=Split(run, run[:200], [], run[250:], gap=50))[1].endswith(
        "is empty"
    )
    half = Split(run, run[:100], run[100:130], run[130:], gap=50)
    assert checked("p07", split=half)[1].startswith("train has 33 % of the frames")


RECORD = {
    "data": "my frames",
    "level_of_theory": "PBE/def2-SVP",
    "settings": {"learning_rate": 0.008, "batch_size": 10},
}


@pytest.fixture
def frames():
    """Labelled ethanol, as many as an error needs."""
    return load_embedded("ethanol/500K")[:12]


def saved(tmp_path, model, record):
    """Path of a saved model."""
    save_model(model, tmp_path / "model.safetensors", provenance=record)
    return [tmp_path / "model.safetensors"]


def test_an_untrained_model_with_a_perfect_record_is_not_ticked(tmp_path, frames):
    """The record says everything, the weights are random: the measured force error decides."""
    models = saved(tmp_path, build_model("schnet"), RECORD)
    tick, why = checked("p08", models=models, frames=frames)
    assert tick == "no"
    assert why.startswith("force MAE of the saved model is")
    assert "to test the model on" in checked("p08", models=models)[1]


def test_an_own_good_model_with_its_record_is_ticked(tmp_path, frames):
    """Trained further, if only a step, it is another model; without a record it is not ticked."""
    model = load_shipped("ethanol_schnet")
    with torch.no_grad():
        next(model.parameters()).mul_(1 + 1e-2)
    assert checked("p08", models=saved(tmp_path, model, RECORD), frames=frames)[0] == "yes"
    poor = RECORD | {"level_of_theory": "", "settings": {"learning_rate": 0.008}}
    why = checked("p08", models=saved(tmp_path, model, poor), frames=frames)[1]
    assert why == "the record of the model does not say: level_of_theory, batch_size"


def test_a_model_of_the_course_is_not_ones_own(tmp_path, frames):
    """A copy of a shipped model is recognised by its weights, also shaken by 10⁻⁶."""
    models = saved(tmp_path, load_shipped("ethanol_painn"), RECORD)
    assert checked("p08", models=models, frames=frames)[1].startswith(
        "this is ethanol_painn, which"
    )
    shaken = load_shipped("ethanol_schnet")
    with torch.no_grad():
        next(shaken.parameters()).mul_(1 + 1e-6)
    why = checked("p08", models=saved(tmp_path, shaken, RECORD), frames=frames)[1]
    assert why.startswith("this is ethanol_schnet, which")
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not a model")
    assert checked("p08", models=[broken], frames=frames)[1].startswith("the model cannot be used")


def test_a_cutoff_far_from_the_advice_is_not_ticked(tmp_path, frames):
    """Ethanol is seen whole at some 5 Å; 3 Å cuts the molecule."""
    for cutoff, tick in {3.0: "no", 5.0: "yes"}.items():
        models = saved(tmp_path, build_model("schnet", cutoff=cutoff), {})
        assert checked("p05", models=models, frames=frames)[0] == tick
    assert checked("p16", cutoff=5.0, frames=frames)[0] == "yes"
    tick, why = checked("p16", cutoff=3.0, frames=frames)
    assert (tick, why[:38]) == ("no", "the cutoff read off g(r) is 3.0 Å, the")


def play(game, n_right):
    """Answer so many rounds rightly and the others wrongly."""
    for number in range(5):
        wrong = next(name for name in SIGNS if name != game.solution)
        game.answer(game.solution if number < n_right else wrong)
    return game


@pytest.mark.parametrize(("n_right", "tick"), [(3, "no"), (4, "yes"), (5, "yes")])
def test_four_of_five_unit_faults_must_be_found(frames, n_right, tick):
    """80 % right in at least five rounds."""
    assert checked("p15", games=[play(UnitGame({"ethanol": frames}), n_right)])[0] == tick


def test_one_lucky_round_is_not_enough(frames):
    """Fewer than five rounds say little; none say nothing."""
    game = UnitGame({"ethanol": frames})
    assert checked("p15", games=[game]) is None
    game.answer(game.solution)
    assert checked("p15", games=[game])[1].startswith("number of rounds of the unit game is 1")


def test_an_ensemble_must_be_unsure_where_it_is_wrong():
    """Spread that goes with the error ticks; spread that has nothing to do with it does not."""
    rng = np.random.default_rng(0)
    spreads = rng.uniform(0.1, 2.0, 200)
    honest = Uncertainty(rng.normal(scale=spreads), spreads, "eV/Å")
    blind = Uncertainty(rng.normal(size=200), spreads, "eV/Å")
    assert checked("p14", uncertainty=honest)[0] == "yes"
    assert checked("p14", uncertainty=blind)[0] == "no"
    few = Uncertainty(honest.errors[:10], spreads[:10], "eV/Å")
    assert checked("p14", uncertainty=few)[1] == "10 errors (at least 30 demanded)"


@pytest.mark.parametrize(
    ("right", "asked", "tick"), [(10, 15, "yes"), (9, 15, "no"), (10, 10, "no")]
)
def test_ten_of_fifteen_terms(progress, right, asked, tick):
    """The chapter's limit; a round that asks for ten terms only does not count."""
    progress.record_quiz("02_glossary", right, asked)
    assert checked("c05", progress=progress)[0] == tick
