"""Trajectories on disk: what each format promises to keep comes back, and others can read it."""

import warnings

import numpy as np
import pytest
from ase import Atoms, units
from ase.build import bulk
from ase.calculators.emt import EMT

from mlp_course.simulation import run_npt, run_nve
from mlp_course.simulation.trajectory_files import SUFFIXES, read_frames, write_frames


def crystal():
    """A primitive cell, which no program but ASE holds as it is."""
    atoms = bulk("Cu").repeat(2)
    atoms.calc = EMT()
    return run_nve(atoms, steps=6, timestep=2.0, temperature=900, interval=2, progress=False)


def breathing():
    """A cubic cell that changes its size."""
    atoms = bulk("CuAu", "rocksalt", a=5.0, cubic=True)
    atoms.calc = EMT()
    options = dict(temperature=300, cell_relaxation=200.0, interval=2, progress=False)
    return run_npt(atoms, steps=6, timestep=2.0, **options)


def cluster():
    """Three atoms without a cell, far from the origin."""
    atoms = Atoms("CuAuCu", [[0, 0, 0], [2.5, 0, 0], [1.2, 2.2, 0]])
    atoms.positions += [3.0, -40.0, 0.5]
    atoms.calc = EMT()
    return run_nve(atoms, steps=6, timestep=0.5, temperature=300, interval=2, progress=False)


RUNS = {"crystal": crystal, "breathing": breathing, "cluster": cluster}
TOLERANCE = {".xyz": 2e-8, ".traj": 0.0, ".lammpstrj": 2e-10, ".dcd": 5e-6}  # Å


@pytest.fixture(scope="module", params=RUNS)
def run(request):
    """Four frames of three kinds of systems."""
    return RUNS[request.param]()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_read_is_what_was_written(run, suffix, tmp_path):
    """Elements, positions, cells and times; DCD to single precision."""
    path = write_frames(run, tmp_path / f"run{suffix}")
    again = read_frames(path, like=run.frames[0], timestep=run.timestep)
    assert len(again) == len(run) == 4
    for one, other in zip(again, run, strict=True):
        assert one.get_chemical_symbols() == other.get_chemical_symbols()
        assert one.pbc.tolist() == other.pbc.tolist()
        tolerance = TOLERANCE[suffix] * (1 + np.abs(other.positions).max())
        np.testing.assert_allclose(one.positions, other.positions, rtol=0, atol=tolerance)
        np.testing.assert_allclose(one.cell.array, other.cell.array, rtol=0, atol=tolerance)
        assert one.info["time_fs"] == pytest.approx(other.info["time_fs"], rel=1e-5)


@pytest.mark.parametrize("suffix", [".xyz", ".traj", ".lammpstrj"])
def test_velocities_and_forces_come_back(run, suffix, tmp_path):
    """In eV/Å and Å/fs, in the orientation of the start."""
    path = write_frames(run, tmp_path / f"run{suffix}")
    for one, other in zip(read_frames(path, like=run.frames[0]), run, strict=True):
        np.testing.assert_allclose(one.get_forces(), other.get_forces(), atol=2e-8)
        velocities = [atoms.get_velocities() * units.fs for atoms in (one, other)]
        np.testing.assert_allclose(*velocities, atol=1e-8)


@pytest.mark.parametrize("suffix", [".xyz", ".traj"])
def test_energies_come_back(run, suffix, tmp_path):
    """To 1e-8 eV."""
    again = read_frames(write_frames(run, tmp_path / f"run{suffix}"))
    for one, other in zip(again, run, strict=True):
        assert one.get_potential_energy() == pytest.approx(other.get_potential_energy(), abs=1e-7)


def standard(atoms):
    """Positions with the cell in standard form, as other programs see them."""
    return atoms.positions @ atoms.cell.standard_form()[1].T if atoms.pbc.any() else atoms.positions


def shape(positions):
    """All distances between atoms: no origin, no orientation."""
    return np.linalg.norm(positions[:, None] - positions, axis=-1)


@pytest.mark.parametrize("suffix", [".xyz", ".lammpstrj", ".dcd"])
def test_mdanalysis_opens_them(run, suffix, tmp_path):
    """Same distances between the atoms, the same cell (but for .xyz), four frames."""
    import MDAnalysis

    path = write_frames(run, tmp_path / f"run{suffix}")
    form = {".xyz": "XYZ", ".lammpstrj": "LAMMPSDUMP", ".dcd": "DCD"}[suffix]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        universe = MDAnalysis.Universe.empty(run.n_atoms, trajectory=True)
        universe.load_new(str(path), format=form)
        assert len(universe.trajectory) == 4
        for step, atoms in zip(universe.trajectory, run, strict=True):
            expected = shape(atoms.positions)
            np.testing.assert_allclose(shape(step.positions.astype(float)), expected, atol=2e-5)
            if suffix != ".xyz" and atoms.pbc.any():
                np.testing.assert_allclose(step.dimensions, atoms.cell.cellpar(), rtol=1e-5)


@pytest.mark.parametrize("suffix", [".xyz", ".lammpstrj", ".dcd"])
def test_mdtraj_opens_them(run, suffix, tmp_path):
    """Same distances between the atoms (nm there), the same cell (but for .xyz)."""
    mdtraj = pytest.importorskip("mdtraj")
    path = write_frames(run, tmp_path / f"run{suffix}")
    topology = mdtraj.Topology()
    residue = topology.add_residue("X", topology.add_chain())
    for symbol in run.frames[0].symbols:
        topology.add_atom(symbol, mdtraj.element.get_by_symbol(symbol), residue)
    opened = mdtraj.load(str(path), top=topology)
    assert opened.n_frames == 4
    for n, atoms in enumerate(run):
        positions = 10 * opened.xyz[n].astype(float)
        np.testing.assert_allclose(shape(positions), shape(atoms.positions), atol=2e-5)
        if suffix != ".xyz" and atoms.pbc.any():
            theirs = [*(10 * opened.unitcell_lengths[n]), *opened.unitcell_angles[n]]
            np.testing.assert_allclose(theirs, atoms.cell.cellpar(), rtol=1e-5)


@pytest.mark.parametrize("suffix", [".xyz", ".lammpstrj"])
def test_ovito_opens_them(run, suffix, tmp_path):
    """OVITO's Python package (500 MB, an extra of its own) finds frames, atoms and distances."""
    reason = "OVITO's package is not installed: pip install 'mlp-course[ovito]'"
    files = pytest.importorskip("ovito.io", reason=reason)
    path = write_frames(run, tmp_path / f"run{suffix}")
    pipeline = files.import_file(str(path))
    assert pipeline.source.num_frames == 4
    for n, atoms in enumerate(run):
        positions = np.array(pipeline.compute(n).particles.positions)
        np.testing.assert_allclose(shape(positions), shape(atoms.positions), atol=1e-6)


def test_a_file_is_replaced_whole(tmp_path):
    """What is no trajectory leaves the old file as it was, and no half file beside it."""
    run = cluster()
    path = write_frames(run, tmp_path / "run.xyz")
    before = path.read_bytes()
    with pytest.raises(ValueError, match="all frames must hold the same atoms; frame 1 has Cu"):
        write_frames([run.frames[0], Atoms("Cu")], path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["run.xyz"]


def left_handed():
    """Two vectors exchanged."""
    atoms = bulk("Cu", cubic=True)
    atoms.set_cell(atoms.cell.array[[1, 0, 2]])
    atoms.info["time_fs"] = 0.0
    return [atoms]


@pytest.mark.parametrize(
    ("frames", "name", "message"),
    [
        (lambda: cluster().frames, "run.pdb", r"must end in one of \.xyz, \.traj"),
        (lambda: [], "run.xyz", "at least one configuration"),
        (lambda: cluster().frames, "run.lammpstrj", "timestep must be positive, in fs"),
        (
            lambda: [*cluster().frames[:2], cluster().frames[3]],
            "run.dcd",
            "even spacing from time 0",
        ),
        (lambda: [Atoms("H")], "run.dcd", r'must tell their time in info\["time_fs"\]'),
        (left_handed, "run.dcd", "three cell vectors, in Å, that are right-handed"),
    ],
)
def test_what_a_format_cannot_say_is_refused(frames, name, message, tmp_path):
    """By name and cure."""
    with pytest.raises(ValueError, match=message):
        write_frames(frames(), tmp_path / name)


def test_times_must_be_steps(tmp_path):
    """LAMMPS counts steps; a frame between two of them has no number."""
    with pytest.raises(ValueError, match="no multiples of timestep"):
        write_frames(cluster(), tmp_path / "run.lammpstrj", timestep=0.3)


def test_dcd_needs_to_be_told_the_elements(tmp_path):
    """And notices another number of atoms."""
    path = write_frames(cluster(), tmp_path / "run.dcd")
    with pytest.raises(ValueError, match=r"knows no elements: give like="):
        read_frames(path)
    with pytest.raises(ValueError, match="holds 3 atoms; like has 1"):
        read_frames(path, like=Atoms("H"))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_was_cut_off_is_no_shorter_run(tmp_path, suffix):
    """A frame that is half there is told, as is an empty file."""
    run = cluster()
    path = write_frames(run, tmp_path / f"run{suffix}")
    whole = path.read_bytes()
    for end in (
        0,
        len(whole) - 3,
        len(whole) - 20,
        len(whole) - len(whole) // len(run.frames) // 2,
    ):
        path.write_bytes(whole[:end])
        with pytest.raises(ValueError, match=r".") as error:
            read_frames(path, like=run.frames[0], timestep=run.timestep)
        if suffix in (".dcd", ".lammpstrj") and end:
            assert "was cut off" in str(error.value) or "columns" in str(error.value)


def test_what_cannot_be_written_or_read_is_named(tmp_path):
    """No labels, no list, no file."""
    atoms = Atoms("H", info={"time_fs": 0.0})
    with pytest.raises(ValueError, match=r"keeps forces, in eV/Å; frame 0 has none"):
        write_frames([atoms], tmp_path / "a.lammpstrj", timestep=1.0)
    with pytest.raises(TypeError, match=r"list of ase\.Atoms; got Atom in it"):
        write_frames(atoms, tmp_path / "a.xyz")
    with pytest.raises(FileNotFoundError, match="there is no trajectory"):
        read_frames(tmp_path / "a.dcd", like=atoms)
