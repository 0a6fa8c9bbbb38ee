"""Stored results say where they come from, and mean something."""

import numpy as np
import pytest
from scipy.signal import find_peaks

from mlp_course.simulation.ecosystem_results import load_ecosystem, load_melt


def test_every_program_learned_something_and_names_its_origin():
    """Force errors well below the mean force; versions, commands, script and date are there."""
    results = load_ecosystem()
    if results.empty:
        pytest.skip("not computed yet: python benchmarks/ecosystem/train.py")
    for _, row in results.iterrows():
        assert row["force_mae_mev_per_angstrom"] < 0.5 * row["mean_force_mev_per_angstrom"]
        assert row[["versions", "commands", "data", "script", "machine", "date"]].notna().all()
        assert row["seconds"] > 0


def test_copper_melted():
    """Sharp shells and atoms that stay in the solid; neither in the liquid, which diffuses."""
    melt = load_melt()
    if not melt:
        pytest.skip("not computed yet: python benchmarks/melt.py")
    solid, liquid = melt["solid"], melt["liquid"]
    r = np.array(solid["r"])
    between = (r > 3.1) & (r < 4.3)  # Å: the second shell of the crystal is at a = 3.75 Å
    shells = [
        len(find_peaks(np.array(part["g"])[between], prominence=0.2)[0]) for part in (solid, liquid)
    ]
    assert shells == [1, 0]  # in the liquid a broad minimum is there
    assert max(solid["g"]) > 1.2 * max(liquid["g"])
    assert solid["msd"][-1] < 0.5  # Å²: within the cage
    assert liquid["msd"][-1] > 3.0
    assert 1e-5 < liquid["diffusion_cm2_per_s"] < 5e-4


def test_a_missing_folder_is_named(tmp_path):
    """And an empty one holds nothing."""
    assert load_ecosystem(tmp_path).empty
    assert load_melt(tmp_path) == {}
    with pytest.raises(FileNotFoundError, match="no folder"):
        load_ecosystem(tmp_path / "nowhere")
