"""Evidence of phase 4, analysis: programs open what we wrote and find the atoms where they were."""

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from ase.build import bulk
from ase.calculators.emt import EMT
from evidence_rows import Missing, row

from mlp_course.simulation import Trajectory, run_nve
from mlp_course.simulation.trajectory_files import write_frames


def copper_run() -> Trajectory:
    """A little hot copper, periodic, with times."""
    atoms = bulk("Cu", cubic=True).repeat(3)
    atoms.calc = EMT()
    return run_nve(atoms, steps=40, timestep=5.0, temperature=600, seed=1, progress=False)


def positions_of(run: Trajectory) -> np.ndarray:
    """As they stand in the files, (n_frames, n_atoms, 3)."""
    return np.array([atoms.positions for atoms in run])


def by_numpy() -> dict:
    """g(r) in three lines of NumPy against ours."""
    from mlp_course.analysis import radial_distribution

    run = copper_run()
    _, g = radial_distribution(run.frames, 5.0, n_bins=100)
    edges = np.linspace(0, 5.0, 101)
    shells = 4 / 3 * np.pi * np.diff(edges**3)  # Å³
    distances = [atoms.get_all_distances(mic=True) for atoms in run]
    upper = np.concatenate([d[np.triu_indices(len(d), 1)] for d in distances])
    n, volume = run.n_atoms, run.frames[0].get_volume()
    by_hand = 2 * np.histogram(upper, edges)[0] / (len(run) * n * n / volume * shells)
    return row(
        "g(r) of copper from distances and a histogram", "largest difference to our g(r)",
        np.abs(by_hand - g).max(), "", of=version("numpy"),
    )  # fmt: skip


def opened_by_mdanalysis() -> dict:
    """Three formats; the largest shift of an atom."""
    import MDAnalysis

    run, shifts = copper_run(), []
    forms = {".xyz": "XYZ", ".lammpstrj": "LAMMPSDUMP", ".dcd": "DCD"}
    for path in written(run, forms):
        universe = MDAnalysis.Universe.empty(run.n_atoms, trajectory=True)
        universe.load_new(str(path), format=forms[path.suffix])
        read = [step.positions.astype(float) for step in universe.trajectory]
        shifts.append(shift(read, run))
    return opened(".xyz, .lammpstrj, .dcd of copper opened", shifts, "MDAnalysis")


def opened_by_mdtraj() -> dict:
    """The same; MDTraj's reader of DCD is VMD's own."""
    run = copper_run()
    shifts = [shift(10 * read_mdtraj(path, run), run) for path in written(run, MDTRAJ)]
    return opened(".xyz, .lammpstrj, .dcd of copper opened", shifts, "mdtraj")


MDTRAJ = (".xyz", ".lammpstrj", ".dcd")


def read_mdtraj(path: Path, run: Trajectory) -> np.ndarray:
    """Positions in nm."""
    import mdtraj

    topology = mdtraj.Topology()
    residue = topology.add_residue("X", topology.add_chain())
    for symbol in run.frames[0].symbols:
        topology.add_atom(symbol, mdtraj.element.get_by_symbol(symbol), residue)
    return mdtraj.load(str(path), top=topology).xyz.astype(float)


def opened_by_ovito() -> dict:
    """Its Python package opens text formats."""
    try:
        from ovito.io import import_file
    except ImportError as error:
        raise Missing("pip install 'mlp-course[ovito]' (500 MB)") from error

    run, shifts = copper_run(), []
    for path in written(run, (".xyz", ".lammpstrj")):
        pipeline = import_file(str(path))
        frames = [pipeline.compute(n) for n in range(pipeline.source.num_frames)]
        shifts.append(shift([np.array(f.particles.positions) for f in frames], run))
    return opened(".xyz and .lammpstrj of copper opened", shifts, "ovito")


def files_of_vmd() -> dict:
    """DCD through VMD's own reader, the C source that MDTraj contains."""
    run = copper_run()
    shifts = [shift(10 * read_mdtraj(path, run), run) for path in written(run, (".dcd",))]
    return opened(".dcd of copper read by VMD's own source code, inside MDTraj", shifts, "mdtraj",
                  ran=False)  # fmt: skip


def written(run: Trajectory, suffixes: Iterable[str]) -> Iterator[Path]:
    """One file a format, deleted afterwards."""
    with TemporaryDirectory() as folder:
        for suffix in suffixes:
            yield write_frames(run, Path(folder) / f"run{suffix}")


def shift(read, run: Trajectory) -> float:
    """Largest distance that an atom is away from where we put it, in Å; wrapped or not."""
    difference = np.array(read) - positions_of(run)
    difference -= difference.mean(axis=(0, 1))  # OVITO and dumps may move the origin
    edge = run.frames[0].cell.lengths()[0]
    return float(np.abs(difference - edge * np.round(difference / edge)).max())


def opened(what: str, shifts: list[float], package: str, *, ran: bool = True) -> dict:
    """A row about files; more than single precision is a mistake."""
    if max(shifts) > 1e-4:
        raise RuntimeError(f"{package}: atoms are off by {max(shifts)} Å")
    of = version(package) if ran else f"source in mdtraj {version(package)}"
    return row(what, "largest shift of an atom", max(shifts), "Å", of=of, ran=ran)
