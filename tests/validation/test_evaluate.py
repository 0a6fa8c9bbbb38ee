"""Errors of a potential against labels, by numbers that can be checked by hand."""

import numpy as np
import pytest
import torch
from ase import Atoms, units
from ase.build import bulk, molecule
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.models import ARCHITECTURES, MLPCalculator, Potential, build_model
from mlp_course.validation import TARGETS, Report, evaluate, predict
from mlp_course.validation.predict import BATCH_ATOMS


class Says(Calculator):
    """A calculator that reads its answers from a list, one per frame."""

    implemented_properties = ["energy", "forces", "stress"]

    def __init__(self, energies, forces, stress=None):
        super().__init__()
        self.answers = iter(zip(energies, forces, strict=True))
        self.stress = stress

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        energy, forces = next(self.answers)
        self.results = {"energy": energy, "forces": np.array(forces, dtype=float)}
        if self.stress is not None:
            self.results["stress"] = np.array(self.stress, dtype=float)


def labelled(symbols, energy, forces, shift=0.0, **labels):
    atoms = Atoms(symbols, [[shift, 0, 1.1 * k] for k in range(len(Atoms(symbols)))])
    atoms.calc = SinglePointCalculator(
        atoms, energy=energy, forces=np.array(forces, dtype=float), **labels
    )
    return atoms


def two_frames():
    """H2 and then CO: 2 atoms each, energies -2 and -4 eV."""
    return [
        labelled("H2", -2.0, [[1, 0, 0], [-1, 0, 0]]),
        labelled("CO", -4.0, [[0, 2, 0], [0, -2, 0]]),
    ]


def says_nearly():
    """Energy errors +20 and -60 meV (10 and 30 meV/atom); six force components of 12 are off."""
    return Says(
        [-1.98, -4.06],
        [[[1.1, 0, 0], [-1.1, 0, 0]], [[0, 2.0, 0.3], [0, -2.0, -0.3]]],
    )


@pytest.fixture
def report():
    return evaluate(says_nearly(), two_frames())


def test_energy_errors_are_per_atom_in_mev(report):
    """Errors of +20 and -60 meV in 2 atoms each: MAE 20, offset -10, error bar 10 meV/atom."""
    assert report.energy_mae == pytest.approx((10 + 30) / 2)
    assert report.energy_rmse == pytest.approx(np.sqrt((10**2 + 30**2) / 2))
    assert report.total_energy_mae == pytest.approx((20 + 60) / 2)
    assert report.energy_offset == pytest.approx((10 - 30) / 2)
    assert report.energy_mae_error == pytest.approx(10.0)  # s = 14.14, n = 2
    assert not report.energies_aligned


def test_force_errors_are_per_component_in_mev_per_angstrom(report):
    """Errors: 2 of 100 and 2 of 300 meV/A among 12 components."""
    assert report.force_mae == pytest.approx((2 * 100 + 2 * 300) / 12)
    assert report.force_rmse == pytest.approx(np.sqrt((2 * 100**2 + 2 * 300**2) / 12))
    frame_errors = [2 * 100 / 6, 2 * 300 / 6]
    assert report.force_mae_error == pytest.approx(np.std(frame_errors, ddof=1) / np.sqrt(2))


def test_r2_is_one_minus_the_unexplained_share(report):
    """Energies per atom -1, -2 (variation 0.5), errors 0.01 and 0.03; forces: 10, errors 0.2."""
    assert report.energy_r2 == pytest.approx(1 - (0.01**2 + 0.03**2) / 0.5)
    assert report.force_r2 == pytest.approx(1 - (2 * 0.1**2 + 2 * 0.3**2) / 10)


def test_cosine_is_one_for_parallel_forces_whatever_their_length(report):
    """A force 10 % too long counts 1; 0.3 eV/Å across a force of 2 eV/Å counts 2/2.022 = 0.989."""
    tilted = 2 / np.hypot(2, 0.3)
    assert report.force_cosine == pytest.approx((1 + 1 + tilted + tilted) / 4)


def test_elements_are_reported_apart(report):
    """H is off by 33 meV/Å, C and O by 100 meV/Å; one mean over all atoms would hide it."""
    table = report.per_element
    assert table.index.tolist() == ["H", "C", "O"]
    assert table["n_atoms"].tolist() == [2, 1, 1]
    np.testing.assert_allclose(table["force_mae"], [100 / 3, 100.0, 100.0])
    np.testing.assert_allclose(table["force_mean"], [1000 / 3, 2000 / 3, 2000 / 3])


def test_arrays_for_parity_plots_are_kept(report):
    """Labels and predictions stay in the report: 2 energies (eV) and 4 x 3 forces of each."""
    assert (report.n_frames, report.n_atoms) == (2, 4)
    np.testing.assert_allclose(report.reference_energies, [-2, -4])
    np.testing.assert_allclose(report.predicted_energies, [-1.98, -4.06])
    assert report.reference_forces.shape == report.predicted_forces.shape == (4, 3)
    assert report.atomic_numbers.tolist() == [1, 1, 6, 8]
    assert report.frame_sizes.tolist() == [2, 2]


def test_a_constant_offset_is_seen_and_can_be_taken_off():
    """Another zero of energy: 5 eV on every frame, 2500 meV/atom, and nothing else wrong."""
    frames = [
        labelled("H2", energy, np.zeros((2, 3)), shift)
        for shift, energy in enumerate([-2.0, -2.1, -2.2])
    ]
    zero = np.zeros((3, 2, 3))
    raw = evaluate(Says([3.0, 2.9, 2.8], zero), frames)
    assert raw.energy_mae == pytest.approx(2500)
    assert raw.energy_offset == pytest.approx(2500)
    aligned = evaluate(Says([3.0, 2.9, 2.8], zero), frames, align_energies=True)
    assert aligned.energy_mae == pytest.approx(0, abs=1e-9)
    assert aligned.energy_offset == pytest.approx(2500)
    assert aligned.energy_r2 == pytest.approx(1)
    assert aligned.energies_aligned
    assert "aligned" in repr(aligned)


def test_alignment_of_mixed_compositions_is_by_element():
    """1 eV per H and 3 eV per O too much; what is left is zero."""
    frames = [
        labelled("H2", 0.0, np.zeros((2, 3))),
        labelled("OH2", 0.0, np.zeros((3, 3))),
        labelled("O2", 0.0, np.zeros((2, 3))),
    ]
    forces = [np.zeros((2, 3)), np.zeros((3, 3)), np.zeros((2, 3))]
    report = evaluate(Says([2.0, 5.0, 6.0], forces), frames, align_energies=True)
    assert report.energy_mae == pytest.approx(0, abs=1e-9)


def test_stress_is_compared_in_gpa_where_there_are_labels():
    """One of 6 components is off by 0.006 eV/Å³: MAE 0.16 GPa; an unlabelled frame is left out."""
    cube = {"cell": [5, 5, 5], "pbc": True}
    frames = [Atoms("H", **cube), Atoms("H", **cube)]
    full = np.diag([0.01, 0.02, 0.03])
    frames[0].calc = SinglePointCalculator(frames[0], energy=0.0, forces=np.zeros((1, 3)))
    frames[1].calc = SinglePointCalculator(
        frames[1], energy=0.0, forces=np.zeros((1, 3)), stress=full
    )
    says = Says([0.0, 0.0], np.zeros((2, 1, 3)), stress=[0.01, 0.02, 0.03 + 6e-3, 0, 0, 0])
    says.answers = iter([(0.0, np.zeros((1, 3)))] * 3)
    report = evaluate(says, frames)
    assert report.stress_mae == pytest.approx(1e-3 / units.GPa)


def test_without_stress_the_table_says_not_applicable(report):
    """Without stress labels the stress target is neither met nor missed."""
    assert report.stress_mae is None
    assert report.table().loc["stress MAE", "verdict"] == "not applicable"


def test_verdicts_follow_the_two_ends_of_the_target_range():
    """0.5 meV/atom and 40 meV/Å are strict successes, 4 and 100 loose ones, 100 and 500 misses."""
    forces = [[[1.0, 0, 0], [-1.0, 0, 0]], [[0, 2.0, 0], [0, -2.0, 0]]]

    def verdicts(energy_error, force_error):
        off = np.array(forces) + force_error
        says = Says([-2.0 + 2 * energy_error, -4.0 + 2 * energy_error], off)
        return evaluate(says, two_frames()).table()["verdict"]

    best = verdicts(0.0005, 0.040)
    assert best["energy MAE"] == best["force MAE"] == "strict target met"
    assert best["energy R²"] == best["force R²"] == "strict target met"
    middle = verdicts(0.004, 0.100)
    assert middle["energy MAE"] == middle["force MAE"] == "loose target met"
    bad = verdicts(0.1, 0.5)
    assert set(bad.drop("stress MAE")) == {"missed"}


def test_the_table_carries_values_units_and_both_limits(report):
    """The force MAE stands beside its error bar and its targets, 50 and 150 meV/Å."""
    table = report.table()
    assert table.index.tolist() == TARGETS["quantity"].tolist()
    row = table.loc["force MAE"]
    assert (row["unit"], row["strict"], row["loose"]) == ("meV/Å", "< 50", "< 150")
    assert row["value"] == report.force_mae
    assert row["standard_error"] == report.force_mae_error
    assert table.loc["force R²", "strict"] == "> 0.99"


def test_the_report_shows_itself(report):
    """A report reads as one line of text, and in a notebook as two tables."""
    assert repr(report).startswith("Report(2 frames: energy MAE 20 meV/atom, force MAE 66.7 meV/Å")
    page = report._repr_html_()
    assert page.count("<table") == 2
    assert "loose target met" in page


def test_one_frame_has_no_error_bar_and_no_energy_r2():
    """One frame has no scatter: error bar and R² of the energy are NaN, and R² gets no verdict."""
    report = evaluate(Says([-2.0], [[[1, 0, 0], [-1, 0, 0]]]), two_frames()[:1])
    assert np.isnan(report.energy_mae_error)
    assert np.isnan(report.energy_r2)
    assert report.table().loc["energy R²", "verdict"] == "not applicable"
    assert report.energy_mae == 0


def ethanol_and_water():
    rng = np.random.default_rng(0)
    frames = []
    for number in range(160):  # more than one batch
        atoms = molecule("CH3CH2OH" if number % 3 else "H2O")
        atoms.positions += 0.05 * rng.standard_normal(atoms.positions.shape)
        frames.append(atoms)
    return frames


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_batches_and_single_frames_predict_the_same(name):
    """A frame does not feel its batch: alone it has the same energy, within 2e-5 eV, and forces."""
    model = build_model(name, species=[1, 6, 8])
    frames = ethanol_and_water()
    assert sum(map(len, frames)) > BATCH_ATOMS
    energies, forces = predict(model, frames)
    one_by_one, single_forces = predict(MLPCalculator(model), frames)
    np.testing.assert_allclose(energies, one_by_one, atol=2e-5)  # eV, float32
    for batched, single, atoms in zip(forces, single_forces, frames, strict=True):
        assert batched.shape == (len(atoms), 3)
        np.testing.assert_allclose(batched, single, atol=2e-5)  # eV/A


def test_a_model_stays_in_the_mode_in_which_it_was():
    """A prediction in the middle of a training does not end it: the training mode is as before."""
    model = build_model("schnet", species=[1, 8])
    for mode in (True, False):
        model.train(mode)
        energies, _ = predict(model, [molecule("H2O")])
        assert model.training is mode
        assert isinstance(energies, np.ndarray)


def test_stress_of_a_potential_is_evaluated_where_it_is_labelled():
    """The potential's own numbers as labels: no error, in batches that mix both kinds of frames."""
    model = build_model("schnet", species=[29]).double()
    frames = []
    for number in range(4):
        atoms = bulk("Cu", cubic=True)
        atoms.rattle(0.05, seed=number)
        atoms.calc = MLPCalculator(model)
        labels = {"energy": atoms.get_potential_energy(), "forces": atoms.get_forces()}
        if number % 2:
            labels["stress"] = atoms.get_stress()
        frame = atoms.copy()
        frame.calc = SinglePointCalculator(frame, **labels)
        frames.append(frame)
    report = evaluate(model, frames)
    assert report.stress_mae == pytest.approx(0, abs=1e-9)
    assert report.force_mae == pytest.approx(0, abs=1e-9)


def test_any_callable_with_a_cutoff_that_answers_like_a_potential_will_do():
    """Whoever always answers -3 eV is 1000 meV off labels of -2 and -4 eV, of whatever class."""

    class Flat:
        cutoff = 3.0

        def __call__(self, graph):
            class Answer:
                energy = torch.full((graph.n_systems,), -3.0, dtype=torch.float64)
                forces = torch.zeros(len(graph.positions), 3)

            return Answer

    assert evaluate(Flat(), two_frames()).total_energy_mae == pytest.approx(1000)


def test_frames_are_neither_changed_nor_relabelled():
    """The labels survive an evaluation: the frame still says -2 eV, from the same calculator."""
    frames = two_frames()
    calculators = [atoms.calc for atoms in frames]
    evaluate(says_nearly(), frames)
    assert [atoms.calc for atoms in frames] == calculators
    assert frames[0].get_potential_energy() == -2.0


def test_a_model_is_not_compared_with_itself():
    """The classical slip: atoms.calc = calculator has overwritten the labels."""
    calculator = EMT()
    copper = bulk("Cu")
    copper.calc = calculator
    with pytest.raises(ValueError, match="compared with itself"):
        evaluate(calculator, [copper])
    model = build_model("schnet", species=[29])
    copper.calc = MLPCalculator(model)
    with pytest.raises(ValueError, match="compared with itself"):
        evaluate(model, [copper])


def test_frames_without_labels_are_refused():
    """No label, no error to measure: the frame that has none is named by its number."""
    with pytest.raises(ValueError, match="frame 1"):
        evaluate(EMT(), [two_frames()[0], bulk("Cu")])


def test_a_prediction_that_is_nan_is_refused_with_its_frame():
    """A NaN energy does not vanish in a mean: the error names the frame that caused it."""
    says = Says([-2.0, np.nan], np.zeros((2, 2, 3)))
    with pytest.raises(ValueError, match="frame 1: the predicted energy"):
        evaluate(says, two_frames())


def test_something_that_is_no_model_is_refused():
    """The name of a model is no model; the error says what is expected and what was given."""
    with pytest.raises(TypeError, match=r"Potential .* or an ASE calculator; got str"):
        evaluate("schnet", two_frames())


def test_the_names_the_lessons_use():
    """Lessons may rely on it: `evaluate` returns a `Report`, a `Potential` is a torch module."""
    assert isinstance(evaluate(says_nearly(), two_frames()), Report)
    assert issubclass(Potential, torch.nn.Module)
