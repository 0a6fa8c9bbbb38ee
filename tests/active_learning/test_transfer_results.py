"""The stored comparison of transfer learning: complete, coherent, and read with care."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.active_learning import load_transfer, transfer_curves
from mlp_course.active_learning.transfer_results import TRANSFER_FOLDER, WAYS
from mlp_course.data import load_embedded
from mlp_course.models import build_model
from mlp_course.validation import evaluate, predict

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def script():
    """The benchmark as a module."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        spec = importlib.util.spec_from_file_location("transfer", BENCHMARKS / "transfer.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules["transfer"] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(BENCHMARKS))
    yield module
    del sys.modules["transfer"]


@pytest.fixture(scope="module")
def stored():
    """The results that come with the course."""
    return load_transfer()


def test_every_cell_is_stored_once_and_none_is_foreign(script, stored):
    """What is stored is what the script would compute: no cell missing, none left over."""
    cells = {(cell.way, cell.n_labels, cell.seed) for cell in script.CELLS}
    assert set(zip(stored["way"], stored["n_labels"], stored["seed"], strict=True)) == cells
    assert len(stored) == len(cells)


def test_results_come_from_clean_code_of_one_kind(stored):
    """All from this script, on a commit without uncommitted changes."""
    assert set(stored["script"]) == {"benchmarks/transfer.py"}
    assert not stored["commit"].str.contains("dirty").any()
    assert stored["commit"].str.fullmatch("[0-9a-f]{7,40}").all()


def test_three_seeds_for_each_point(stored):
    """Each trained point has three repeats, so that a difference can be told from chance."""
    curves = transfer_curves(stored)
    trained = curves[curves["n_labels"] > 0]
    assert (trained["repeats"] == 3).all()
    assert (curves["low"] <= curves["mean"]).all()
    assert (curves["mean"] <= curves["high"]).all()


def test_stored_errors_are_coherent(stored):
    """More labels help; 1000 K is harder than 500 K; imitating xTB is as good as xTB, no better."""
    means = stored.groupby(["way", "n_labels"])[["force_mae_500K", "force_mae_1000K"]].mean()
    for way in ("alone", "fine_tune", "delta"):
        own = means.loc[way]
        assert (own["force_mae_500K"].diff().dropna() < 0).all(), way
        assert (own["force_mae_1000K"] > own["force_mae_500K"]).all(), way
    imitated = means.loc["pretrained"]["force_mae_500K"].item()
    assert imitated == pytest.approx(means.loc["xtb"]["force_mae_500K"].item(), rel=0.1)


def test_only_fine_tuning_paid_for_pre_training(stored):
    """Seconds of pre-training stand where it was used, and the same ones for one seed."""
    uses = stored["way"].isin(["fine_tune", "pretrained"])
    assert (stored.loc[uses, "pretrain_seconds"] > 10).all()
    assert (stored.loc[~uses, "pretrain_seconds"] == 0).all()
    assert (stored[uses].groupby("seed")["pretrain_seconds"].nunique() == 1).all()


def test_the_stored_error_of_xtb_is_that_of_xtb(stored):
    """One cell computed again: forces of GFN2-xTB against PBE on the 250 frames at 500 K."""
    from mlp_course.reference import reference_calculator

    own = stored[stored["way"] == "xtb"].iloc[0]
    report = evaluate(reference_calculator("xtb"), load_embedded("ethanol/500K")[-250:])
    assert report.force_mae == pytest.approx(own["force_mae_500K"], abs=0.01)


def test_no_test_frame_is_near_a_label(script):
    """Labels come from the first 700 of 1,000 frames, tests from the last 250 (2.5 ps apart)."""
    pool = load_embedded("ethanol/500K")
    tests = {atoms.positions.tobytes() for atoms in script.tests()["500K"]}
    for seed in script.SEEDS:
        known, watched = script.drawn(200, seed)
        assert len({atoms.positions.tobytes() for atoms in (*known, *watched)}) == 205
        assert max(atoms.info["frame"] for atoms in (*known, *watched)) < script.POOL
    assert min(a.info["frame"] for a in pool if a.positions.tobytes() in tests) == 750


def test_moving_to_another_zero_changes_no_force(script):
    """New atomic references: the mean energy is that of PBE, forces and shape stay."""
    frames = load_embedded("ethanol/500K")[:6]
    model = build_model("painn", n_features=8, n_interactions=1).eval()
    energies, forces = predict(model, frames)
    script.moved_to(model, frames)
    moved, moved_forces = predict(model, frames)
    reference = np.array([atoms.get_potential_energy() for atoms in frames])
    assert np.mean(moved - reference) == pytest.approx(0, abs=1e-6)  # eV, of -4,000
    np.testing.assert_allclose(np.diff(moved), np.diff(energies), atol=1e-6)
    np.testing.assert_array_equal(moved_forces, forces)


def test_the_difference_and_xtb_add_up_to_pbe(script):
    """Δ labels plus xTB are the PBE labels again."""
    from mlp_course.reference import label_here

    frames = load_embedded("ethanol/1000K")[:2]
    for pbe, rest, xtb in zip(
        frames, script.minus_xtb(frames), label_here(frames, "xtb"), strict=True
    ):
        total = rest.get_forces() + xtb.get_forces()
        np.testing.assert_allclose(total, pbe.get_forces(), atol=1e-9)


def test_a_kill_loses_one_cell_at_most(script, tmp_path, monkeypatch):
    """Frames and results are written whole or not at all, and a finished cell is not repeated."""
    monkeypatch.setattr(script, "TRANSFER_FOLDER", tmp_path)
    monkeypatch.setattr(script, "tests", lambda: {n: some() for n in ("500K", "1000K")})
    some = lambda: load_embedded("ethanol/500K")[-2:]  # noqa: E731
    cell = script.Cell("xtb", 0, 0)
    script.run_cell(cell)
    assert [path.name for path in tmp_path.iterdir()] == ["xtb-0-0.json"]
    assert load_transfer(tmp_path)["force_mae_500K"].item() > 100  # meV/Å
    monkeypatch.setattr(script, "CELLS", [cell])
    monkeypatch.setattr(script, "run_cell", lambda cell: pytest.fail("computed twice"))
    monkeypatch.setattr(script, "load_transfer", lambda: load_transfer(tmp_path))
    monkeypatch.setattr(sys, "argv", ["transfer.py"])
    script.main()
    atoms = some()[0]
    atoms.calc = SinglePointCalculator(atoms, energy=1.0, forces=np.zeros((9, 3)))
    script.write_frames([atoms], tmp_path / "frames.xyz")
    assert not list(tmp_path.glob("*.part"))


def one_result() -> dict:
    """A result as the script writes it."""
    return json.loads(next(TRANSFER_FOLDER.glob("alone-50-0.json")).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda result: result.pop("steps"),
        lambda result: result.update(way="guess"),
        lambda result: result["tests"].pop("1000K"),
        lambda result: result["tests"]["500K"].update(force_mae=float("nan")),
        lambda result: result["provenance"].pop("commit"),
    ],
)
def test_a_damaged_result_is_refused(tmp_path, spoil):
    """A missing number, an unknown way, an error that is no number: refused by file name."""
    result = one_result()
    spoil(result)
    (tmp_path / "x.json").write_text(json.dumps(result), encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.json is no result .*delete it and run"):
        load_transfer(tmp_path)


def test_two_results_of_one_cell_are_refused(tmp_path):
    """A copy under another name would count twice in a mean."""
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(json.dumps(one_result()), encoding="utf-8")
    with pytest.raises(ValueError, match=r"same cell.*delete one"):
        load_transfer(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"benchmarks/transfer\.py"):
        load_transfer(tmp_path / "nowhere")


def test_an_unknown_test_set_is_refused(stored):
    """Tests were made at 500 and at 1000 K."""
    with pytest.raises(ValueError, match="test must be one of 500K, 1000K"):
        transfer_curves(stored, test="300K")


def test_names_to_print_are_complete(stored):
    """Each way in the results has a name."""
    assert set(stored["way"]) == set(WAYS)
