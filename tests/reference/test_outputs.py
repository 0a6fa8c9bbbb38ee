"""Outputs of programs: labels come out right, what is no label does not come out."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from mlp_course.reference.outputs import read_output

REAL = Path(__file__).parents[3] / "shared" / "data" / "outputs"  # not part of the project
needs_real = pytest.mark.skipif(not REAL.exists(), reason="real outputs are not redistributed")

OUTPUTS = Path(__file__).parent / "outputs"  # see its README.md
HARTREE, BOHR = 27.211386246, 0.529177210903  # eV, Å; CODATA 2018

OUTCAR = """\
 vasp.6.0.0 18Nov19 (a hand-written extract, not an output)

   NELM   =     {nelm};   NELMIN=  2; NELMDL= -5     # of ELM steps
   EDIFF  = 0.1E-05   stopping-criterion for ELM
"""


def write(folder, name, text):
    """A file with this text."""
    path = folder / name
    path.write_text(text)
    return path


@needs_real
@pytest.mark.parametrize("name", ["nelm_calc-000_OUTCAR", "nelm_calc-000_vasprun.xml"])
def test_a_vasp_run_out_of_cycles_is_no_label(name):
    """It prints "EDIFF is reached" after 7 of 7 cycles while the energy changes by 8 meV."""
    output = read_output(REAL / "vasp" / name)
    assert not output.frames
    (row,) = output.rejected.itertuples()
    assert (
        row.reason == "SCF not converged: after all 7 cycles the energy still changed by 7.6e-03 eV"
    )


@needs_real
@pytest.mark.parametrize("name", ["nelm_calc-001_OUTCAR", "nelm_calc-001_vasprun.xml"])
def test_a_converged_vasp_run_gives_the_energy_of_its_forces(name):
    """The free energy, not the one extrapolated to no smearing, which ASE calls the energy."""
    output = read_output(REAL / "vasp" / name)
    (frame,) = output.frames
    assert output.rejected.empty
    assert frame.get_potential_energy() == pytest.approx(-4.82864309, abs=1e-7)
    assert frame.info["energy_without_smearing"] == pytest.approx(-4.82467802, abs=1e-7)


@needs_real
def test_a_file_that_was_cut_off_is_told():
    """A job killed by its queue is no result."""
    with pytest.raises(ValueError, match="was cut off before its end: the calculation did not fin"):
        read_output(REAL / "vasp" / "exit_codes_unfinished_out_vasprun.xml")


@needs_real
def test_an_outcar_that_was_cut_off_is_told(tmp_path):
    """Its last step does not count, however complete it looks."""
    text = (REAL / "vasp" / "outcar_OUTCAR").read_text()
    assert len(read_output(REAL / "vasp" / "outcar_OUTCAR").frames) == 1
    path = write(tmp_path, "OUTCAR", text[:50000])
    with pytest.raises(ValueError, match="holds no finished calculation: it was cut off"):
        read_output(path)
    path.write_text(text[: text.index("General timing")])
    output = read_output(path)
    assert not output.frames
    assert "cut off" in output.rejected["reason"].iloc[0]


@needs_real
def test_gaussian_energies_and_forces():
    """Five steps of an optimisation, in eV and eV/Å: -382.308266602 Hartree is the last energy."""
    output = read_output(REAL / "gaussian" / "g16_divinylbenzene_gopt.out")
    assert output.program == "Gaussian"
    assert len(output.frames) == 5
    last = output.frames[-1]
    assert last.get_potential_energy() == pytest.approx(-382.308266602 * 27.211386246, abs=1e-4)
    first = output.frames[0].get_forces()
    assert np.abs(first).max() == pytest.approx(0.0483156 * 27.211386246 / 0.529177211, rel=1e-4)


@needs_real
@pytest.mark.parametrize(
    "name", ["gaussian/g16_divinylbenzene_gopt.out", "orca/orca5_divinylbenzene_gopt.out"]
)
def test_forces_lie_in_the_frame_of_their_positions(name):
    """No net force and no torque: a program may turn the molecule and not its forces."""
    for frame in read_output(REAL / name).frames:
        forces = frame.get_forces()
        torque = np.cross(frame.positions - frame.positions.mean(axis=0), forces).sum(axis=0)
        assert np.abs(forces.sum(axis=0)).max() < 1e-4  # eV/Å
        assert np.abs(torque).max() < 0.02  # eV


@needs_real
@pytest.mark.parametrize(
    "name", ["gaussian/g16_divinylbenzene_gopt.out", "orca/orca5_divinylbenzene_gopt.out"]
)
def test_forces_are_minus_the_slope_of_the_energy(name):
    """Along the last two steps of an optimisation the energy falls by the work of the forces."""
    frames = read_output(REAL / name).frames[-3:]
    for one, other in pairwise(frames):
        mean = (one.get_forces() + other.get_forces()) / 2
        work = (mean * (other.positions - one.positions)).sum()
        fall = one.get_potential_energy() - other.get_potential_energy()
        assert fall > 0
        assert work == pytest.approx(fall, rel=0.1)


@needs_real
def test_a_geometry_without_gradient_is_no_label():
    """ORCA's optimisation prints four geometries and three gradients."""
    output = read_output(REAL / "orca" / "orca5_divinylbenzene_gopt.out")
    assert len(output.frames) == 3
    (row,) = output.rejected.itertuples()
    assert row.step == 3
    assert "no gradient of this geometry" in row.reason


@needs_real
@pytest.mark.parametrize("name", ["gaussian/g16_water_mp2.log", "orca/orca5_water_mp2.out"])
def test_a_single_energy_is_no_label(name):
    """MP2 of water without gradient: nothing to learn forces from."""
    output = read_output(REAL / name)
    assert not output.frames
    assert "energy without forces" in output.rejected["reason"].iloc[0]


def test_an_unknown_file_is_refused(tmp_path):
    """The message names the programs that are read."""
    path = write(tmp_path, "notes.txt", "cutoff 500 eV\n")
    with pytest.raises(ValueError, match=r"notes\.txt is no output of VASP, Gaussian, ORCA"):
        read_output(path)


def test_a_broken_vasprun_is_told(tmp_path):
    """XML without its end."""
    path = write(tmp_path, "vasprun.xml", "<modeling>\n<parameters>\n")
    with pytest.raises(ValueError, match="was cut off before its end"):
        read_output(path)


def test_an_outcar_that_never_began_is_told(tmp_path):
    """Settings, and then nothing."""
    path = write(tmp_path, "OUTCAR", OUTCAR.format(nelm=60))
    with pytest.raises(ValueError, match=r"holds no finished calculation|cut off"):
        read_output(path)


def test_a_missing_file_is_told(tmp_path):
    """By the operating system's own error."""
    with pytest.raises(FileNotFoundError):
        read_output(tmp_path / "OUTCAR")


@pytest.mark.parametrize(
    ("program", "tolerance"), [("espresso", 1e-3), ("gpaw", 0.02), ("cp2k", 0.06)]
)
def test_a_run_of_a_free_program_is_a_label(program, tolerance):
    """Water with one long bond: the H of it is pulled back, the forces nearly add up to zero."""
    output = read_output(OUTPUTS / f"{program}_water.out")
    (frame,) = output.frames
    assert output.rejected.empty
    assert str(frame.symbols) == "OH2"
    assert frame.pbc.all()
    np.testing.assert_allclose(frame.cell.cellpar(), [4, 5.565879, 4.627092, 90, 90, 90], atol=2e-6)
    bonds = frame.get_distances(0, [1, 2], mic=True, vector=True)
    along = bonds[0] / np.linalg.norm(bonds[0])
    assert np.linalg.norm(bonds, axis=1) == pytest.approx([1.0186, 0.9686], abs=1e-4)
    forces = frame.get_forces()
    assert forces[1] @ along == pytest.approx(-2.05, abs=0.06)  # eV/Å
    assert np.abs(forces.sum(axis=0)).max() < tolerance  # eV/Å


@pytest.mark.parametrize(
    ("name", "energy"),
    [
        ("espresso_water", -43.97889715 * HARTREE / 2),  # Ry
        ("espresso_copper", -213.06991013 * HARTREE / 2),
        ("cp2k_aluminium", -2.06653611004966 * HARTREE),
        ("gpaw_copper", -1.699653),  # the free energy; -1.657855 is extrapolated
    ],
)
def test_energies_are_those_that_forces_belong_to(name, energy):
    """As printed, in eV; with smearing the free energy."""
    (frame,) = read_output(OUTPUTS / f"{name}.out").frames
    assert frame.get_potential_energy() == pytest.approx(
        energy, rel=2e-7
    )  # constants differ by 1e-7


@pytest.mark.parametrize("program", ["espresso", "cp2k", "gpaw"])
def test_a_run_that_stopped_after_three_cycles_is_no_label(program):
    """Quantum ESPRESSO and CP2K print energy or forces all the same."""
    output = read_output(OUTPUTS / f"{program}_stopped.out")
    assert not output.frames
    (row,) = output.rejected.itertuples()
    assert row.reason == "SCF not converged"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("espresso_water", "Forces acting on atoms"),
        ("cp2k_water", "ENERGY| Total FORCE_EVAL"),
        ("cp2k_water", "SUM OF ATOMIC FORCES"),
        ("gpaw_water", "Free energy:"),
        ("gpaw_water", "Forces in eV/Ang:"),
    ],
)
def test_a_job_that_was_killed_is_no_label(tmp_path, name, words):
    """The same files, cut off before energy or forces."""
    text = (OUTPUTS / f"{name}.out").read_text()
    for end in (text.index(words), 4000):
        assert labels_or_refusal(write(tmp_path, "cut.out", text[:end])) == []


def labels_or_refusal(path):
    """Frames of an output, or none if the reader says that it was cut off."""
    try:
        return read_output(path).frames
    except ValueError as error:
        return [] if "was cut off, or stopped with an error" in str(error) else str(error)


def test_a_cell_is_read_to_six_decimals_from_cp2k():
    """Aluminium at 4.05 Å: the vectors are printed as 2.025, lengths and angles with six digits."""
    (frame,) = read_output(OUTPUTS / "cp2k_aluminium.out").frames
    assert frame.get_volume() == pytest.approx(4.05**3 / 4, abs=1e-4)


@pytest.mark.parametrize("name", ["gaussian_by_hand.log", "orca_by_hand.out"])
def test_hartree_and_bohr_become_ev_and_angstrom(name):
    """-1 Hartree and 0.1 Hartree/Bohr, which stretched H2 apart; ORCA prints the gradient."""
    (frame,) = read_output(OUTPUTS / name).frames
    assert frame.get_potential_energy() == pytest.approx(-HARTREE, abs=1e-6)
    np.testing.assert_allclose(
        frame.get_forces()[:, 2], [0.1 * HARTREE / BOHR, -0.1 * HARTREE / BOHR]
    )


@pytest.mark.parametrize(
    ("name", "cycles", "change"),
    [("OUTCAR_by_hand", 5, "4.0e-03"), ("vasprun_by_hand.xml", 4, "1.0e-02")],
)
def test_the_second_of_two_vasp_steps_ran_out_of_cycles(name, cycles, change):
    """The first is a label with the free energy, the second is none."""
    output = read_output(OUTPUTS / name)
    (frame,) = output.frames
    assert frame.get_potential_energy() == pytest.approx(-7.5)
    assert frame.info["energy_without_smearing"] == pytest.approx(-7.4)
    np.testing.assert_allclose(frame.get_forces(), [[0.1, 0, 0], [-0.1, 0, 0]])
    (row,) = output.rejected.itertuples()
    assert row.step == 1
    assert row.reason.endswith(f"after all {cycles} cycles the energy still changed by {change} eV")


@pytest.mark.parametrize("cut", ["POSITION", "- Iteration      2(   1)"])
def test_a_step_that_was_begun_and_lost_is_named(tmp_path, cut):
    """The second step of an OUTCAR cut off in its middle: one label, one row that says so."""
    text = (OUTPUTS / "OUTCAR_by_hand").read_text()
    end = text.rindex(cut) + len(cut) + 60
    output = read_output(write(tmp_path, "OUTCAR", text[:end]))
    assert len(output.frames) == 1
    assert output.rejected["step"].tolist() == [1]
    assert "cut off" in output.rejected["reason"].iloc[0] or "SCF" in output.rejected["reason"][0]


@pytest.mark.parametrize("path", sorted(OUTPUTS.glob("*_*.*")), ids=lambda path: path.name)
def test_a_file_cut_anywhere_gives_true_labels_or_a_sentence(tmp_path, path):
    """Never another error, and never a number that the whole file does not have."""
    text, whole = path.read_text(), read_output(path)
    for end in np.linspace(1, len(text), 25, dtype=int):
        try:
            output = read_output(write(tmp_path, path.name, text[:end]))
        except ValueError:
            continue
        for found, true in zip(output.frames, whole.frames, strict=False):
            assert found.get_potential_energy() == true.get_potential_energy()
            np.testing.assert_array_equal(found.get_forces(), true.get_forces())


FINAL = "FINAL SINGLE POINT ENERGY        -1.000000000000"


def test_orca_labels_are_the_final_energy(tmp_path):
    """What is added to the SCF (dispersion, correlation) is in it, as it is in the gradient."""
    text = (OUTPUTS / "orca_by_hand.out").read_text()
    path = write(tmp_path, "a.out", text.replace(FINAL, FINAL.replace("-1.000", "-1.250")))
    (frame,) = read_output(path).frames
    assert frame.get_potential_energy() == pytest.approx(-1.25 * HARTREE, abs=1e-6)


@pytest.mark.parametrize(
    ("final", "reason"),
    [
        (
            FINAL.replace("ENERGY", "ENERGY (Wavefunction not fully converged!)"),
            "SCF not converged",
        ),
        (f"{FINAL}\n\n{FINAL}", "2 energies for 1 geometries"),
        ("", "did not converge, or the calculation did not finish"),
    ],
)
def test_an_orca_energy_that_is_none_is_refused(tmp_path, final, reason):
    """Not converged, of an unknown geometry, or not there."""
    text = (OUTPUTS / "orca_by_hand.out").read_text()
    output = read_output(write(tmp_path, "a.out", text.replace(FINAL, final)))
    assert not output.frames
    assert reason in output.rejected["reason"].iloc[0]


def test_the_highest_level_counts(tmp_path):
    """Coupled cluster above perturbation theory above the SCF, as for the forces."""
    from types import SimpleNamespace

    from mlp_course.reference.readers.quantum_chemistry import _energies

    levels = dict(scfenergies=[-1.0], mpenergies=np.array([[-2.0, -3.0]]), ccenergies=[-4.0])
    for wanted, left_out in ((-4.0, ()), (-3.0, ("ccenergies",)), (-1.0, list(levels)[1:])):
        data = {name: value for name, value in levels.items() if name not in left_out}
        assert _energies(SimpleNamespace(**data)) == pytest.approx([wanted], rel=1e-6)


@pytest.mark.parametrize(
    "name",
    [
        "OUTCAR_by_hand",
        "gaussian_by_hand.log",
        "orca_by_hand.out",
        "espresso_copper.out",
        "cp2k_water.out",
        "gpaw_water.out",
    ],
)
@pytest.mark.parametrize("part", [0.6, 1.0])
def test_two_runs_in_one_file_are_refused(tmp_path, name, part):
    """A stopped run and the next one behind it: positions of one, energies of the other."""
    text = (OUTPUTS / name).read_text()
    path = write(tmp_path, name, text[: int(part * len(text))] + "\n" + text)
    with pytest.raises(ValueError, match=r"holds 2 runs of .* one after the other"):
        read_output(path)


@pytest.mark.parametrize("part", range(5, 100, 5))
def test_an_outcar_cut_anywhere_is_refused_or_told(tmp_path, part):
    """From its first lines on: a sentence, or a frame that the whole file has, too."""
    text = (OUTPUTS / "OUTCAR_by_hand").read_text()
    known = [a.get_potential_energy() for a in read_output(OUTPUTS / "OUTCAR_by_hand").frames]
    path = write(tmp_path, "OUTCAR", text[: part * len(text) // 100])
    try:
        frames = read_output(path).frames
    except ValueError as error:  # a sentence, and nothing else
        frames, message = [], str(error)
    else:
        message = "cut off"
    assert "cut off" in message
    assert [a.get_potential_energy() for a in frames] == known[: len(frames)]
