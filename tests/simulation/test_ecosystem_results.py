"""Stored results say where they come from, and mean something."""

import json

import numpy as np
import pytest
from ase import units
from scipy.signal import find_peaks

from mlp_course.simulation.ecosystem_results import (
    NO_EVIDENCE,
    load_ecosystem,
    load_evidence,
    load_melt,
    load_path_integral,
)


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


def test_every_tool_of_the_chapter_has_evidence():
    """It ran, or its files were written and read; with version, seconds and date."""
    evidence = load_evidence().set_index("tool")
    trained = ["NequIP", "MACE", "DeePMD-kit"]  # by train.py, which has a test of its own
    rest = evidence.drop(index=trained)
    assert set(rest["evidence"]) == {"really ran", "files written and read"}
    assert rest[["what", "quantity", "value", "version", "date"]].notna().all().all()
    assert (rest["seconds"] >= 0).all()
    files = rest.index[rest["evidence"] == "files written and read"]
    assert set(files) == {"VASP", "Gaussian", "ORCA", "VMD"}


def test_the_evidence_is_what_physics_says():
    """Same energies in LAMMPS, no drift, files to single precision, quantum hydrogen."""
    value = load_evidence().set_index("tool")["value"]
    assert value["LAMMPS"] < 1e-5  # eV
    assert value["ASE"] < 50  # meV/atom/ps
    assert value["PySCF"] < 0.1 < value["tblite"]  # meV/Å: the level of the labels, and another
    assert max(value[["MDAnalysis", "MDTraj", "OVITO", "VMD"]]) < 1e-4  # Å
    assert 1.8 < value["i-PI"] < 4


def test_a_trained_program_becomes_a_row(tmp_path):
    """Errors, version and seconds are taken from its own file; what is missing is said."""
    row = {"program": "mace", "versions": ["mace-torch==1.2"], "seconds": 60.0, "date": "today",
           "force_mae_mev_per_angstrom": 50.0, "data": "some frames"}  # fmt: skip
    (tmp_path / "mace.json").write_text(json.dumps(row))
    evidence = load_evidence(tmp_path).set_index("tool")
    assert evidence.loc["MACE", ["version", "value", "unit"]].tolist() == ["1.2", 50.0, "meV/Å"]
    assert evidence.loc["NequIP", "evidence"] == NO_EVIDENCE
    assert len(evidence) == 20


def test_path_integrals_are_stored_with_their_origin(tmp_path):
    """One bead has the classical kinetic energy, exactly so by the virial; eight have more."""
    logs, origin = load_path_integral()
    kT = units.kB * origin["temperature"]
    per_atom = {n: log["kinetic_energy_H"][log["time"] > 50].mean() / 6 for n, log in logs.items()}
    assert per_atom[1] == pytest.approx(1.5 * kT, rel=0.02)
    assert 1.8 < per_atom[8] / (1.5 * kT) < 4
    assert load_path_integral(tmp_path) == ({}, {})
