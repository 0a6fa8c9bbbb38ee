"""Outputs of programs: labels come out right, what is no label does not come out."""

from pathlib import Path

import numpy as np
import pytest

from mlp_course.reference.outputs import read_output

REAL = Path(__file__).parents[3] / "shared" / "data" / "outputs"  # not part of the project
needs_real = pytest.mark.skipif(not REAL.exists(), reason="real outputs are not redistributed")

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
