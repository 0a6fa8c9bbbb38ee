"""The acceptance report: every verdict follows from physics that can be checked by hand."""

import json

import numpy as np
import pytest
from ase import Atoms
from ase.build import bulk
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data import load_embedded
from mlp_course.models import build_model, load_shipped
from mlp_course.reference import label_here, reference_calculator
from mlp_course.validation import Effort, accept, copper_crystal
from mlp_course.validation.acceptance.criterion import FAIL, NOT_APPLICABLE, PASS

QUICK = Effort(frames_per_set=4, n_runs=1, run_time=0.02, nve_time=0.05, time_reference=False)


def row(report, name):
    """The one criterion of that name."""
    (found,) = [criterion for criterion in report.criteria if criterion.name == name]
    return found


class Wrapped(Calculator):
    """EMT, with its answer changed by a function of energy and forces."""

    implemented_properties = ["energy", "forces"]

    def __init__(self, change):
        super().__init__()
        self.change, self.inner = change, EMT()

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        copy = self.atoms.copy()
        copy.calc = self.inner
        energy, forces = self.change(copy.get_potential_energy(), copy.get_forces())
        self.results = {"energy": energy, "forces": forces}


class NoForces(Calculator):
    """Knows energies only."""

    implemented_properties = ["energy"]

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        self.results = {"energy": 0.0}


def copper_frames():
    """Four atoms of copper, shaken, with energy, forces and stress by EMT."""
    frames = []
    for seed in range(4):
        atoms = bulk("Cu", cubic=True, a=3.6)
        atoms.rattle(0.05, seed=seed)
        atoms.calc = EMT()
        labels = dict(energy=atoms.get_potential_energy(), forces=atoms.get_forces())
        labels["stress"] = atoms.get_stress()
        atoms.calc = SinglePointCalculator(atoms, **labels)
        frames.append(atoms)
    return frames


@pytest.fixture(scope="module")
def itself():
    """EMT copper against EMT copper."""
    return accept(EMT(), system="copper", effort=QUICK)


def test_a_method_accepts_itself(itself):
    """EMT deviates from EMT by nothing: every criterion that applies is met."""
    assert itself.accepted
    assert itself.failures == []
    for name in ("energy MAE", "force MAE", "stress MAE"):
        assert row(itself, name).value == pytest.approx(0, abs=1e-9)
    for name in ("lattice constant", *(f"elastic constant {c}" for c in ("C11", "C12", "C44"))):
        assert row(itself, f"{name}, deviation").value == pytest.approx(0, abs=1e-9)


def test_what_does_not_apply_says_why(itself):
    """Copper has no torsion and no proton, and EMT is no DFT that one could be faster than."""
    for name in ("vibrations", "torsion profile", "barrier of the proton transfer", "speed"):
        assert row(itself, name).verdict == NOT_APPLICABLE
        assert row(itself, name).reason
    assert "the system is copper" in row(itself, "torsion profile").reason


def test_every_row_has_a_verdict_and_a_reason(itself):
    """The table holds one row for each criterion, with unit, limit and words."""
    table = itself.table()
    assert list(table.columns) == ["value", "unit", "limit", "verdict", "reason"]
    assert set(table["verdict"]) <= {PASS, FAIL, NOT_APPLICABLE}
    assert table["reason"].str.len().min() > 3
    assert len(itself.table(everything=False)) == (table["verdict"] != NOT_APPLICABLE).sum()


def test_json_tells_machines_the_same(itself, tmp_path):
    """JSON holds verdicts, versions, date and effort, and None where nothing was measured."""
    path = tmp_path / "report.json"
    itself.to_json(path)
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["accepted"] is True
    assert [r["verdict"] for r in found["criteria"]] == list(itself.table()["verdict"])
    unmeasured = [r for r in found["criteria"] if r["name"] == "torsion profile"]
    assert unmeasured[0]["value"] is None
    assert found["provenance"]["versions"]["ase"]
    assert found["provenance"]["date"][:2] == "20"
    assert found["provenance"]["effort"]["frames_per_set"] == 4


def test_soft_forces_are_caught():
    """Forces that are 3 % too small are no slope of the energy; the physical check notices it."""
    model = Wrapped(lambda energy, forces: (energy, 0.97 * forces))
    report = accept(model, copper_frames(), "emt", effort=QUICK)
    found = row(report, "physical checks failed")
    assert found.verdict == FAIL
    assert "slope" in found.reason
    assert not report.accepted


def test_a_model_that_says_nan_fails_without_a_crash():
    """A diverged training predicts NaN: failed criteria with that reason, and a whole report."""
    model = Wrapped(lambda energy, forces: (np.nan, np.nan * forces))
    report = accept(model, copper_frames(), "emt", effort=QUICK)
    assert not report.accepted
    assert "not finite" in row(report, "errors against the targets").reason
    assert "must be finite" in row(report, "lattice and elastic constants").reason
    assert row(report, "holds together").verdict == FAIL
    json.loads(report.to_json())


def test_a_wrong_zero_of_energy_is_named():
    """All energies 1 eV per cell too high: 250 meV for each of 4 atoms, and the cure is told."""
    model = Wrapped(lambda energy, forces: (energy + 1.0, forces))
    found = row(accept(model, copper_frames(), "emt", effort=QUICK), "energy MAE")
    assert found.value == pytest.approx(1000 / 4)
    assert "mean offset 250 meV/atom; align_energies=True" in found.reason
    aligned = accept(model, copper_frames(), "emt", effort=QUICK, align_energies=True)
    assert row(aligned, "energy MAE").value == pytest.approx(0, abs=1e-6)


def test_elastic_constants_agree_with_stress():
    """C11, C12, C44 from energies are those from the stress of a strained cell, to 0.5 GPa."""
    found = copper_crystal(EMT())
    strain = 1e-4
    stress = {}
    for axis in (0, 3):
        sides = []
        for sign in (1, -1):
            atoms = bulk("Cu", cubic=True, a=found.a)
            deformation = np.eye(3)
            if axis == 0:
                deformation[0, 0] += sign * strain
            else:
                deformation[1, 2] = deformation[2, 1] = sign * strain / 2
            atoms.set_cell(atoms.cell.array @ deformation, scale_atoms=True)
            atoms.calc = EMT()
            sides.append(atoms.get_stress())
        stress[axis] = (sides[0] - sides[1]) / (2 * strain) * 160.2177
    assert pytest.approx(stress[0][0], abs=0.5) == found.C11
    assert pytest.approx(stress[0][1], abs=0.5) == found.C12
    assert pytest.approx(stress[3][3], abs=0.5) == found.C44
    assert pytest.approx(found.bulk_modulus, rel=0.01) == (found.C11 + 2 * found.C12) / 3


def test_copper_frames_of_unknown_origin_meet_the_experiment():
    """Given copper frames, nobody knows their method: the crystal is held against measurements."""
    atoms = bulk("Cu", cubic=True, a=3.6)
    atoms.rattle(0.05, seed=1)
    report = accept(EMT(), label_here([atoms, atoms], "emt"), effort=QUICK)
    assert report.system == "copper"
    assert report.reference == "experiment"
    found = row(report, "lattice constant, deviation")
    assert found.verdict == PASS  # 3.590 against 3.615 Å
    assert found.value == pytest.approx(100 * (3.590 / 3.615 - 1), abs=0.02)
    assert "Kittel" in found.reason
    assert row(report, "elastic constant C44, deviation").verdict == PASS  # 90 against 75: 19.8 %


def test_frames_without_labels_are_refused():
    """Without labels there is nothing to compare with."""
    with pytest.raises(ValueError, match="frame 0: has no energy and no forces"):
        accept(EMT(), [bulk("Cu", cubic=True)], effort=QUICK)


def test_unknown_elements_are_refused():
    """A potential of H, C and O cannot judge copper, and says so before anything runs."""
    frames = label_here([bulk("Cu", cubic=True)], "emt")
    with pytest.raises(ValueError, match=r"for frame 0 \(Cu4\): atomic numbers \[29\] are unknown"):
        accept(load_shipped("ethanol_schnet"), frames, effort=QUICK)


def test_a_calculator_without_forces_is_refused():
    """Energies alone make no potential for dynamics."""
    with pytest.raises(ValueError, match="NoForces gives no energy and forces for frame 0"):
        accept(NoForces(), label_here([bulk("Cu", cubic=True)], "emt"), effort=QUICK)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (dict(model="model.pth"), TypeError, "model must be a Potential .* got str"),
        (dict(model=EMT(), system="gold"), ValueError, "system must be one of ethanol"),
        (dict(model=EMT()), ValueError, "does not say which system"),
        (dict(model=EMT(), system="copper", reference="b3lyp"), ValueError, "no reference method"),
        (dict(model=EMT(), system="copper", reference=3), ValueError, "got int"),
        (dict(model=EMT(), system="ethanol", reference="experiment"), ValueError, "copper only"),
        (dict(model=EMT(), system="unknown"), ValueError, "give frames="),
        (dict(model=EMT(), frames=[]), ValueError, "at least one structure"),
        (dict(model=EMT(), frames={}), ValueError, "at least one set"),
    ],
)
def test_wrong_questions_get_a_sentence(arguments, error, message):
    """Whoever asks for something that cannot be judged reads why."""
    with pytest.raises(error, match=message):
        accept(**arguments, effort=QUICK)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (dict(frames_per_set=1), "frames_per_set must be a whole number and at least 2"),
        (dict(frames_per_set=2.5), "frames_per_set must be a whole number and at least 2"),
        (dict(temperature=0.0), "temperature must be positive, in K"),
        (dict(nve_time=float("inf")), "nve_time must be positive, in ps"),
    ],
)
def test_impossible_efforts_are_refused(settings, message):
    """Times and temperatures are positive."""
    with pytest.raises(ValueError, match=message):
        Effort(**settings)


def test_the_passport_of_a_model_names_its_system():
    """A shipped model says what it was trained on; a fresh one does not know."""
    with pytest.raises(ValueError, match="does not say which system"):
        accept(build_model("schnet", species=[1, 6, 8]), effort=QUICK)


def test_a_run_of_femtoseconds_tells_no_drift(itself):
    """In 50 fs a vibration looks like a slope: the report does not judge, and says what to do."""
    found = row(itself, "energy drift (NVE)")
    assert found.verdict == NOT_APPLICABLE
    assert "too short to tell" in found.reason
    assert "raise nve_time" in found.reason


def test_a_model_that_flies_apart_fails_and_the_report_goes_on():
    """Atoms that repel each other without end leave: the run fails, later parts are still made."""
    repulsive = Wrapped(lambda energy, forces: (energy, forces * 0 + [[40.0, 0, 0], [-40.0, 0, 0]]))
    pair = label_here([Atoms("Cu2", [[0, 0, 0], [0, 0, 2.2]])], "emt")
    effort = Effort(frames_per_set=2, n_runs=2, run_time=0.4, nve_time=0.2, time_reference=False)
    report = accept(repulsive, pair, system="unknown", effort=effort)
    held = row(report, "holds together")
    assert held.verdict == FAIL
    assert held.value < 0.8
    assert "2 of 2 runs broke; run 0 after" in held.reason
    drift = row(report, "energy drift (NVE)")
    assert drift.verdict == FAIL
    assert "the run broke at" in drift.reason


@pytest.fixture(scope="module")
def xtb():
    """GFN2-xTB against itself: milliseconds for each label."""
    pytest.importorskip("tblite")
    calculator = reference_calculator("gfn2-xtb")
    return accept(calculator, reference="gfn2-xtb", system="ethanol", effort=QUICK)


class TestEthanol:
    """Ethanol by GFN2-xTB, a program from outside, with and without its own reference."""

    def test_it_accepts_itself(self, xtb):
        """Modes, torsion and errors of xTB against xTB: no difference."""
        assert xtb.failures == []
        assert row(xtb, "normal modes, MAE").value == pytest.approx(0, abs=0.5)
        assert row(xtb, "normal modes, overlap").value == pytest.approx(1, abs=1e-3)
        assert row(xtb, "torsion profile, error").value == pytest.approx(0, abs=1e-3)

    def test_it_is_not_pbe(self):
        """Against PBE, xTB misses the target of the forces by far, and its modes by 10 to 100."""
        pytest.importorskip("tblite")
        calculator = reference_calculator("gfn2-xtb")
        report = accept(calculator, system="ethanol", effort=QUICK, align_energies=True)
        assert report.reference == "PBE/def2-SVP"
        assert row(report, "force MAE").verdict == FAIL
        assert 10 < row(report, "normal modes, MAE").value < 100

    def test_the_hole_of_schnet_is_found(self):
        """SchNet trained at 500 K has never seen atoms pushed by 0.1 Å, and fails there."""
        report = accept(load_shipped("ethanol_schnet"), effort=QUICK)
        assert report.system == "ethanol"
        assert row(report, "force MAE, 500 K").verdict == PASS
        assert row(report, "force MAE, rattled 0.1 Å").value > 300
        assert "force MAE, rattled 0.1 Å" in report.failures
        assert report.provenance["model"]["fingerprint"]


def test_given_frames_are_judged_by_temperature():
    """Frames say at which temperature they were sampled; each temperature has its own row."""
    frames = load_embedded("ethanol/300K")[:3] + load_embedded("ethanol/1000K")[:3]
    report = accept(load_shipped("ethanol_painn"), frames, effort=QUICK)
    assert row(report, "force MAE, 300 K").value < row(report, "force MAE, 1000 K").value
    assert report.provenance["frames"] == {"300 K": 3, "1000 K": 3}


def test_the_proton_hops_over_the_same_barrier_from_both_sides():
    """Any potential without preferences gives mirror images one energy; PBE's barrier is 24 meV."""
    pytest.importorskip("tblite")
    xtb = reference_calculator("gfn2-xtb")
    report = accept(xtb, system="malonaldehyde", effort=QUICK, align_energies=True)
    assert row(report, "other enol, error of its energy").value == pytest.approx(0, abs=1)
    fixed = row(report, "barrier, error on the given path")
    assert fixed.verdict == FAIL  # about 120 meV
    assert "PBE/def2-SVP: 24.3" in fixed.reason
    assert row(report, "barrier, error after relaxing").value > 30
    assert "not stored" in row(report, "vibrations").reason


def test_speed_against_dft_is_judged(monkeypatch):
    """A reference that needs a second loses against EMT by less than the demanded 10⁴ times."""
    pytest.importorskip("tblite")
    from mlp_course.validation.acceptance import judge_runs

    seconds = iter([1e-3, 4.0])
    monkeypatch.setattr(judge_runs, "seconds_per_call", lambda *_, **__: next(seconds))
    effort = Effort(frames_per_set=2, n_runs=1, run_time=0.01, nve_time=0.03)
    report = accept(load_shipped("ethanol_schnet"), effort=effort)
    found = row(report, "speed, times the reference")
    assert found.value == pytest.approx(4000)
    assert found.verdict == FAIL
    assert "4 s" in found.reason


def test_stored_modes_are_those_of_pbe():
    """21 modes of trans ethanol, all real; the O-H stretch of PBE lies near 3700 cm⁻¹."""
    from mlp_course.units import convert
    from mlp_course.validation import load_modes

    modes, provenance = load_modes()
    wavenumbers = convert(modes.energies, "eV", "cm^-1")
    assert len(wavenumbers) == 21
    assert wavenumbers.min() > 150
    assert 3600 < wavenumbers.max() < 3800
    norms = np.linalg.norm(modes.displacements.reshape(21, -1), axis=1)
    assert norms == pytest.approx(np.ones(21), abs=1e-4)
    assert provenance["made_by"] == "python benchmarks/vibrations.py"
    assert provenance["settings"]["functional"] == "PBE"
    with pytest.raises(ValueError, match="no stored modes 'water'; there are: ethanol_pbe"):
        load_modes("water")


def test_effort_is_a_record():
    """A number is no effort: how much to compute is said by name."""
    with pytest.raises(TypeError, match=r"effort must be an Effort\(...\); got int"):
        accept(EMT(), system="copper", effort=3)
