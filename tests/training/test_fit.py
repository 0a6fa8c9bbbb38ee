"""Training: the loss falls, seeds decide, what is saved goes on, nonsense is refused."""

import copy
import itertools
import time

import numpy as np
import pytest
import torch
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data import SuspiciousUnits, load_embedded, plant_unit_faults
from mlp_course.data.neighbours import neighbour_list
from mlp_course.models import build_model
from mlp_course.models.architecture import Architecture
from mlp_course.models.potential import Potential
from mlp_course.training import TrainingDiverged, fit, run
from mlp_course.validation import evaluate

COLUMNS = [
    "epoch",
    "step",
    "seconds",
    "learning_rate",
    "train_loss",
    "validation_energy_mae",
    "validation_force_mae",
]
QUICK = dict(batch_size=4, learning_rate=5e-3, progress=False)
STILL = dict(learning_rate=1e-30, weight_decay=0.0, progress=False)


def state(model):
    """All weights and references of a model, copied."""
    return {name: value.clone() for name, value in model.state_dict().items()}


def same_weights(one, other):
    """Tell whether two states are equal bit for bit."""
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def without_time(history):
    """Everything in a history that does not depend on the clock."""
    return history.drop(columns="seconds")


def test_springs_are_learnt(model, train, validation):
    """In 60 epochs the errors on new frames fall to under a fifth of what they start with."""
    history = fit(model, train, validation, max_epochs=60, **QUICK)
    first, last = history.iloc[0], history.iloc[-1]
    assert last.train_loss < 0.1 * first.train_loss
    assert last.validation_force_mae < 0.2 * first.validation_force_mae
    assert last.validation_energy_mae < 0.5 * history["validation_energy_mae"].max()


def test_weight_decay_shrinks_the_weights(model, train, validation):
    """At a learning rate that moves nothing by itself, decay does: w -> w (1 - rate * decay)."""
    options = dict(learning_rate=1e-6, weight_decay=1e5, warm_up=0.0, ema_decay=0.0)
    before = state(model)
    fit(model, train, validation, max_epochs=1, batch_size=40, progress=False, **options)
    name = "architecture.representation.embedding.weight"
    shrunk = state(model)[name].norm() / before[name].norm()
    assert shrunk == pytest.approx(0.9, abs=0.01)


def test_history_says_what_happened(model, train, validation):
    """One row an epoch; epochs and steps count up, time runs on, the rate rises and falls."""
    history = fit(model, train, validation, max_epochs=10, warm_up=0.3, **QUICK)
    assert list(history.columns) == COLUMNS
    assert history["epoch"].tolist() == list(range(1, 11))
    assert history["step"].tolist() == list(range(10, 101, 10))  # 40 frames in batches of 4
    assert history["seconds"].is_monotonic_increasing
    rates = history["learning_rate"]
    assert rates.idxmax() in (2, 3)
    assert rates.max() <= 5e-3
    assert rates.iloc[-1] < 0.01 * rates.max()


def test_last_row_is_the_error_of_the_model_returned(model, train, validation):
    """Units: meV/atom and meV/Å, as `evaluate` measures them on the finished model."""
    history = fit(model, train, validation, max_epochs=5, **QUICK)
    report = evaluate(model, validation)
    assert history["validation_energy_mae"].iloc[-1] == pytest.approx(report.energy_mae, rel=1e-2)
    assert history["validation_force_mae"].iloc[-1] == pytest.approx(report.force_mae, rel=1e-4)


def test_units_of_the_history_by_hand(model, train, validation):
    """A model that always answers zero is wrong by the mean of the labels, in meV."""
    with torch.no_grad():
        for weights in model.parameters():
            weights.zero_()
    history = fit(model, train, validation, max_epochs=1, batch_size=40, **STILL)
    mean = np.mean([atoms.get_potential_energy() for atoms in train])
    energies = [1000 * abs(a.get_potential_energy() - mean) / 3 for a in validation]
    forces = [1000 * np.abs(a.get_forces()) for a in validation]
    assert history["validation_energy_mae"].item() == pytest.approx(np.mean(energies), rel=1e-3)
    assert history["validation_force_mae"].item() == pytest.approx(np.mean(forces), rel=1e-3)
    squares = np.mean([(a.get_potential_energy() - mean) ** 2 for a in train])
    squared_forces = np.mean([a.get_forces() ** 2 for a in train])
    expected = 0.01 * squares + squared_forces
    assert history["train_loss"].item() == pytest.approx(expected, rel=1e-3)


def test_references_take_up_the_mean_energy(model, train, validation):
    """After fit the references of one water molecule sum to its mean energy, in float64."""
    fit(model, train, validation, max_epochs=1, **QUICK)
    references = model.reference_energies
    mean = np.mean([atoms.get_potential_energy() for atoms in train])
    assert (references[8] + 2 * references[1]).item() == pytest.approx(mean, abs=1e-9)
    assert references.dtype == torch.float64


def test_training_again_keeps_the_references(model, train, validation):
    """Going on with other data does not shift the zero of energy under the learnt weights."""
    fit(model, train, validation, max_epochs=1, **QUICK)
    before = model.reference_energies.clone()
    fit(model, train[:5], validation, max_epochs=1, **QUICK)
    assert torch.equal(model.reference_energies, before)


def test_seeds_decide_the_run(fresh_model, train, validation):
    """The same seed gives the same numbers bit for bit, another seed others."""
    runs = []
    for seed in (1, 1, 2):
        model = fresh_model()
        history = fit(model, train, validation, max_epochs=3, seed=seed, **QUICK)
        runs.append((without_time(history), state(model)))
    assert runs[0][0].equals(runs[1][0])
    assert same_weights(runs[0][1], runs[1][1])
    assert not runs[0][0].equals(runs[2][0])


def test_global_random_numbers_do_not_matter(fresh_model, train, validation):
    """What else drew random numbers before has no influence."""
    histories = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        histories.append(without_time(fit(fresh_model(), train, validation, max_epochs=2, **QUICK)))
    assert histories[0].equals(histories[1])


def test_the_model_holds_the_average_of_its_weights(fresh_model, train, validation):
    """EMA by a plain loop: with one batch an epoch, step t keeps min(β, (1+t)/(10+t)) of it."""
    beta, steps = 0.3, 6
    quick = QUICK | dict(batch_size=40)
    trail = []

    averaged = fresh_model()
    start = [weights.detach().clone() for weights in averaged.parameters()]
    fit(
        averaged,
        train,
        validation,
        max_epochs=steps,
        ema_decay=beta,
        on_epoch=lambda _: trail.append([w.detach().clone() for w in averaged.parameters()]),
        **quick,
    )
    expected = start
    for step, weights in enumerate(trail, start=1):
        keep = min(beta, (1 + step) / (10 + step))
        pairs = zip(expected, weights, strict=True)
        expected = [keep * old + (1 - keep) * new for old, new in pairs]
    for held, by_hand in zip(averaged.parameters(), expected, strict=True):
        torch.testing.assert_close(held.detach(), by_hand, atol=1e-6, rtol=1e-5)
    assert not torch.equal(next(averaged.parameters()).detach(), trail[-1][0])


def test_without_memory_the_average_is_the_last_step(fresh_model, train, validation):
    """ema_decay=0 leaves the last weights."""
    model = fresh_model()
    last = {}
    options = dict(max_epochs=3, ema_decay=0.0, on_epoch=lambda _: last.update(state(model)))
    fit(model, train, validation, **options, **QUICK)
    assert same_weights(state(model), last)


def test_the_finished_model_is_ready_for_use(model, train, validation):
    """After fit, predictions are plain numbers: the model is in evaluation mode."""
    fit(model, train, validation, max_epochs=1, **QUICK)
    assert not model.training
    prediction = model(neighbour_list(train[0], model.cutoff).to(dtype=model.dtype))
    assert not prediction.forces.requires_grad


def test_time_ends_the_run(model, train, validation):
    """max_seconds stops within an epoch's time; the learning rate has come down by then."""
    started = time.perf_counter()
    history = fit(model, train, validation, max_seconds=2.0, **QUICK)
    assert 1.8 <= history["seconds"].iloc[-1] < 6.0
    assert time.perf_counter() - started < 10.0
    assert history["learning_rate"].iloc[-1] < 0.2 * history["learning_rate"].max()


def test_seconds_are_counted_by_any_clock(model, train, validation):
    """A clock that ticks at each look ends 30 seconds after 30 looks, however fast they were."""
    ticks = itertools.count()
    history = fit(model, train, validation, max_seconds=30, clock=lambda: next(ticks), **QUICK)
    assert 30 <= history["seconds"].iloc[-1] < 36
    assert history["seconds"].iloc[-1] == round(history["seconds"].iloc[-1])


def test_whichever_is_over_first_ends_the_run(model, train, validation):
    """Two epochs end a run of an hour."""
    history = fit(model, train, validation, max_seconds=3600, max_epochs=2, **QUICK)
    assert len(history) == 2


def test_on_epoch_sees_the_history_grow(model, train, validation):
    """A live plot is called with one more row each epoch."""
    seen = []
    fit(model, train, validation, max_epochs=3, on_epoch=lambda h: seen.append(len(h)), **QUICK)
    assert seen == [1, 2, 3]


def test_labels_are_not_touched(model, train, validation):
    """Frames come out of training as they went in."""
    before = copy.deepcopy(train)
    fit(model, train, validation, max_epochs=1, **QUICK)
    for old, new in zip(before, train, strict=True):
        assert old == new
        assert old.get_potential_energy() == new.get_potential_energy()
        np.testing.assert_array_equal(old.get_forces(), new.get_forces())


def test_molecules_of_different_size_train_together(fresh_model, train, validation):
    """Water, hydroxyl and a lone atom in one batch; each element gets its own reference."""
    pair = Atoms("OH", [[0, 0, 0], [0, 0, 0.97]])
    pair.calc = SinglePointCalculator(pair, energy=-2060.0, forces=[[0, 0, 0.1], [0, 0, -0.1]])
    atom = Atoms("H")
    atom.calc = SinglePointCalculator(atom, energy=-13.5, forces=np.zeros((1, 3)))
    model = fresh_model()
    history = fit(model, [*train, pair, atom], validation, max_epochs=2, **QUICK)
    assert np.isfinite(history.to_numpy()).all()
    assert model.reference_energies[8] < -2000 < model.reference_energies[1] < 0


def test_a_learning_rate_too_high_is_told_with_advice(model, train, validation):
    """A loss that is no longer a number stops the run and says what to try."""
    with pytest.raises(TrainingDiverged, match=r"the loss is .* lower learning_rate"):
        fit(model, train, validation, max_epochs=5, **(QUICK | dict(learning_rate=1e30)))
    assert not model.training
    assert all(weights.isfinite().all() for weights in state(model).values())


def test_a_network_that_dies_is_told(model, train, validation, monkeypatch):
    """Weights that fall to zero give no forces at all: the run stops and says so."""
    monkeypatch.setattr(run, "_COLLAPSE", 3.0)  # few epochs do not lower the loss a hundredfold

    def kill(history):
        if len(history) == 40:
            assert history["train_loss"].min() < history["train_loss"][0] / 10
            for weights in model.parameters():
                weights.data.zero_()

    with pytest.raises(TrainingDiverged, match=r"has collapsed: .* as at the beginning"):
        fit(model, train, validation, max_epochs=60, on_epoch=kill, **QUICK)


def test_an_overshoot_in_the_first_steps_is_no_collapse(model, train, validation):
    """A loss that jumps to hundreds of times its start may come down again: the run goes on."""

    def kick(history):
        if len(history) == 1:
            for weights in model.parameters():
                weights.data *= 4

    history = fit(model, train, validation, max_epochs=3, on_epoch=kick, **QUICK)
    assert history["train_loss"][1] > 100 * history["train_loss"][0]


def test_a_model_trained_on_is_better_than_its_start(model, train, validation):
    """fit on a trained model goes on from its weights."""
    fit(model, train, validation, max_epochs=30, **QUICK)
    trained = evaluate(model, validation).force_mae
    history = fit(model, train, validation, max_epochs=1, **(QUICK | dict(learning_rate=1e-5)))
    assert history["validation_force_mae"].iloc[-1] < 1.2 * trained


def test_a_spoilt_label_is_refused(model, train, validation):
    """NaN in an energy or a force never reaches the weights."""
    before = state(model)
    for energy, force in [(np.nan, 0.0), (0.0, np.nan), (0.0, np.inf)]:
        frame = train[0].copy()
        frame.calc = SinglePointCalculator(frame, energy=energy, forces=np.full((3, 3), force))
        with pytest.raises(ValueError, match=r"must be (a )?finite number"):
            fit(model, [*train, frame], validation, max_epochs=1, **QUICK)
        with pytest.raises(ValueError, match=r"must be (a )?finite number"):
            fit(model, train, [frame], max_epochs=1, **QUICK)
    assert same_weights(state(model), before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(), "say how long to train: max_seconds .* or max_epochs"),
        (dict(max_epochs=0), "max_epochs must be positive; got 0"),
        (dict(max_seconds=-1.0), "max_seconds must be positive; got -1.0"),
        (dict(max_epochs=1.5), "max_epochs must be a whole number; got 1.5"),
        (dict(max_epochs=1, batch_size=2.5), "batch_size must be a whole number; got 2.5"),
        (dict(max_epochs=1, batch_size=0), "batch_size must be positive; got 0"),
        (dict(max_epochs=1, learning_rate=-0.1), "learning_rate must be positive; got -0.1"),
        (dict(max_epochs=1, clip_norm=0.0), "clip_norm must be positive; got 0.0"),
        (dict(max_epochs=1, warm_up=1.0), "warm_up must be at least 0 and below 1; got 1.0"),
        (dict(max_epochs=1, ema_decay=1.0), "ema_decay must be at least 0 and below 1; got 1.0"),
        (dict(max_epochs=1, force_weight=-1.0), "must not be negative and not both zero"),
    ],
)
def test_senseless_settings_are_refused(model, train, validation, options, message):
    """Every setting out of its range is refused by name before anything is computed."""
    with pytest.raises(ValueError, match=message):
        fit(model, train, validation, progress=False, **options)


def test_a_potential_without_weights_is_not_trained(train, validation):
    """Nothing to train: none there, or all of them held fixed; said by name, nothing changed."""

    class Repulsion(Architecture):
        def forward(self, atomic_numbers, r_ij, idx_i, idx_j):
            return r_ij.new_zeros(len(atomic_numbers)).index_add(0, idx_i, 1 / r_ij.norm(dim=1))

    species = sorted({int(z) for atoms in train for z in atoms.numbers})
    bare = Potential(Repulsion(), cutoff=5.0, species=species)
    with pytest.raises(ValueError, match="nothing to train: Repulsion has no weights"):
        fit(bare, train, validation, max_epochs=1, progress=False)
    assert not bare.reference_energies.any()
    fixed = build_model("schnet", species=species, n_features=8).requires_grad_(False)
    with pytest.raises(ValueError, match=r"nothing to train: SchNet has .* requires_grad"):
        fit(fixed, train, validation, max_epochs=1, progress=False)


def test_frames_without_labels_are_refused(model, train, validation):
    """There is nothing to learn from a frame without energy and forces, or from no frame."""
    with pytest.raises(ValueError, match="has no energy and no forces"):
        fit(model, [train[0].copy()], validation, max_epochs=1, **QUICK)
    with pytest.raises(ValueError, match="at least one structure"):
        fit(model, train, [], max_epochs=1, **QUICK)


def test_an_element_the_model_does_not_know_is_refused(fresh_model, train, validation):
    """Water is not learnt by a potential that was built for hydrogen."""
    with pytest.raises(ValueError, match=r"atomic numbers \[8\] are unknown"):
        fit(fresh_model(species=[1]), train, validation, max_epochs=1, **QUICK)


def test_one_frame_is_enough_to_run(model, train, validation):
    """A batch larger than the data is the whole data."""
    history = fit(model, train[:1], validation[:1], max_epochs=2, progress=False)
    assert history["step"].tolist() == [1, 2]


def test_a_callback_may_use_the_model(model, train, validation):
    """A live plot may run the model; training goes on, and ends with a model ready for use."""
    fit(model, train, validation, max_epochs=3, on_epoch=lambda _: model.eval(), **QUICK)
    assert not model.training


def test_a_refused_fit_leaves_nothing_behind(model, train, validation):
    """Frames of an unknown element are refused; the references stay as they were."""
    unknown = train[0].copy()
    unknown.numbers[0] = 79
    unknown.calc = SinglePointCalculator(unknown, energy=-1.0, forces=np.zeros((len(unknown), 3)))
    with pytest.raises(ValueError, match="79"):
        fit(model, train, [unknown], max_epochs=1, **QUICK)
    assert not model.reference_energies.any()


def test_clipping_bounds_what_one_bad_frame_can_do(model, train, validation):
    """Even with a frame of 1,000 eV/Å, no gradient that moves the weights exceeds clip_norm."""
    bad = train[0].copy()
    bad.calc = SinglePointCalculator(bad, energy=-1.0, forces=np.full((len(bad), 3), 1e3))
    norms = []
    original = torch.nn.utils.clip_grad_norm_

    def watched(parameters, limit, **options):
        parameters = list(parameters)
        original(parameters, limit, **options)
        norms.append(max(float(p.grad.norm()) for p in parameters if p.grad is not None))
        return torch.tensor(1.0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.nn.utils, "clip_grad_norm_", watched)
        fit(model, [*train, bad], validation, max_epochs=1, clip_norm=0.1, **QUICK)
    assert 0 < max(norms) <= 0.1 + 1e-6


def test_labels_in_hartree_are_refused_unless_told_otherwise(fresh_model):
    """A wrong unit makes the error small, not large: only a guard before the first step sees it."""
    frames = plant_unit_faults(load_embedded("ethanol/500K")[:24], "energy: Hartree")
    model = fresh_model(species=[1, 6, 8])
    with pytest.raises(SuspiciousUnits, match="energy: Hartree"):
        fit(model, frames[:16], frames[16:], max_epochs=1, **QUICK)
    assert not model.reference_energies.any()  # refused before anything changed
    history = fit(model, frames[:16], frames[16:], max_epochs=1, expects_units=None, **QUICK)
    assert len(history) == 1
