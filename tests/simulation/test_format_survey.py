"""What formats keep: the survey says what is known of each of them."""

import numpy as np
import pytest
from ase.build import bulk, molecule
from ase.calculators.emt import EMT

from mlp_course.simulation import run_nve
from mlp_course.simulation.ecosystem_tools import ecosystem_tools
from mlp_course.simulation.format_survey import KEPT, survey_formats

LOST = {
    ".xyz": set(),
    ".traj": set(),
    ".lammpstrj": {"energies"},
    ".dcd": {"elements", "velocities", "forces", "energies"},
}


@pytest.fixture(scope="module", params=["crystal", "molecule"])
def survey(request):
    """A primitive cell, which has to be turned for LAMMPS, and a molecule without a cell."""
    atoms = bulk("Cu").repeat(2) if request.param == "crystal" else molecule("CH3CH2OH")
    atoms.calc = EMT()
    run = run_nve(atoms, steps=6, timestep=0.5, temperature=300, interval=2, progress=False)
    return survey_formats(run)


@pytest.mark.parametrize("suffix", LOST)
def test_each_format_loses_what_it_is_known_to_lose(survey, suffix):
    """DCD knows neither elements nor velocities nor labels; a dump knows no energies."""
    row = survey.loc[suffix]
    assert {name for name in KEPT if np.isnan(row[name])} == LOST[suffix]


def test_precision_is_that_of_the_format(survey):
    """ASE's own format is exact, text has eight digits and more, DCD single precision."""
    assert survey.loc[".traj", list(KEPT)].max() == 0
    assert survey.loc[".xyz", list(KEPT)].max() < 1e-7
    assert survey.loc[".lammpstrj", ["positions", "velocities", "forces"]].max() < 1e-7
    assert 1e-9 < survey.loc[".dcd", "positions"] < 1e-5
    assert (survey["kB"] > 0).all()


def test_the_chapters_tools_are_all_listed():
    """Four phases, sixteen names, none twice, nothing left empty."""
    tools = ecosystem_tools()
    assert tools.groupby("phase").size().tolist() == [4, 4, 3, 5]
    assert tools["tool"].is_unique
    assert (tools.map(str) != "").all().all()
