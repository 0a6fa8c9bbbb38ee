"""Evidence for every tool: it really runs, or its files are really written and read.

    make codes                                             # Quantum ESPRESSO, CP2K, GPAW
    python benchmarks/ecosystem/evidence.py                # all that is installed
    python benchmarks/ecosystem/evidence.py --only CP2K i-PI
    python benchmarks/ecosystem/evidence.py --only VASP --outputs FOLDER   # real outputs to read

One system, ethanol, frame 0 of the embedded set at 500 K; copper where a crystal is needed. Writes
``simulation/ecosystem/evidence.json`` (a row a tool; rows of tools that are not asked for, or not
installed here, stay as they were), the logs in ``reference/stored_runs/``, and
``simulation/ecosystem/path_integral.json``. Seconds are computing time of one core. MACE, NequIP
and DeePMD-kit have a script of their own, ``train.py``.
"""

import argparse
import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from ase import Atoms, units
from ase.build import bulk
from ase.calculators.emt import EMT

import mlp_course
from mlp_course.data import load_embedded
from mlp_course.models import MLPCalculator, load_shipped
from mlp_course.reference import reference_calculator
from mlp_course.reference.codes import ETHANOL, run_program, write_inputs
from mlp_course.reference.codes.runs import COMMANDS, STORED_RUNS
from mlp_course.reference.outputs import read_output
from mlp_course.reference.settings import load_settings
from mlp_course.simulation import Trajectory, energy_drift, run_nve
from mlp_course.simulation.trajectory_files import write_frames

PACKAGE = Path(mlp_course.__file__).parent
ECOSYSTEM = PACKAGE / "simulation" / "ecosystem"
SCRIPT = "benchmarks/ecosystem/evidence.py"
DATA = "ethanol/500K"
TEMPERATURE, STEPS, AFTER = 300.0, 400, 50.0  # K, of the path integrals, fs left out at the start
MODEL = "ethanol_painn"  # of the path integrals; SchNet has holes that beads find
LIBRARIES = {"tblite": "gfn2-xtb", "PySCF": "pbe"}


def ethanol() -> Atoms:
    """The frame that all programs get, with its label."""
    return load_embedded(DATA)[0]


def in_a_box(atoms: Atoms) -> Atoms:
    """The same in a periodic box, as programs with plane waves want it."""
    boxed = Atoms(atoms.numbers, atoms.positions)
    boxed.center(vacuum=2.5)
    boxed.pbc = True
    return boxed


def row(what: str, quantity: str, value: float, unit: str, *, of: str, ran: bool = True) -> dict:
    """What is stored of a tool."""
    how = "really ran" if ran else "files written and read"
    return {
        "evidence": how, "what": what, "quantity": quantity, "value": float(f"{value:.4g}"),
        "unit": unit, "version": of,
    }  # fmt: skip


# Phase 1


def dft_program(name: str) -> dict:
    """A single point; the log is kept for machines without the program."""
    record, box = load_settings(ETHANOL), in_a_box(ethanol())
    run = run_program(name, record, box)
    store_run(name, run)
    if name == "cp2k":
        stopped = load_settings(ETHANOL.replace("max_cycles: 60", "max_cycles: 3"))
        store_run("cp2k_stopped", run_program(name, stopped, box))
    off = run.output.frames[0].get_forces() - ethanol().get_forces()
    return row(
        "ethanol in a box, PBE: energy and forces", "force MAE against PBE/def2-SVP by PySCF",
        1000 * np.abs(off).mean(), "meV/Å", of=run.version,
    )  # fmt: skip


def store_run(name: str, run) -> None:
    """The log without names of machine and folders, and its origin beside the others."""
    STORED_RUNS.mkdir(exist_ok=True)
    log = re.sub(rf"\b{re.escape(os.uname().nodename)}\b", "machine", run.log)
    log = re.sub(r"/tmp/mlp-course-\w+", "scratch", log)
    log = log.replace(str(Path.home()), "~")
    (STORED_RUNS / f"{name}.out").write_text(shorter(log) if run.name == "cp2k" else log)
    (STORED_RUNS / name).mkdir(exist_ok=True)
    for file, text in run.inputs.items():
        (STORED_RUNS / name / f"{file}.txt").write_text(text)
    path = STORED_RUNS / "origin.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    known[name] = {
        "program": run.name, "command": " ".join(COMMANDS[run.name][0]), "data": f"{DATA}, frame 0",
        "seconds": round(run.seconds, 1), "script": SCRIPT, **origin(),
    }  # fmt: skip
    path.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n")


def shorter(text: str) -> str:
    """Cut what CP2K says before it starts, about memory, and its statistics and references."""
    text = text[text.index("**** ****") - 2 :]
    text = re.sub(r"^ MEMORY\|.*\n", "", text, flags=re.MULTILINE)
    statistics = text.index("DBCSR STATISTICS")
    end = text.index("**** ****", statistics)
    return f"{text[:statistics]}[cut out by evidence.py]\n\n  {text[end:]}"


def files_of_vasp(outputs: Path | None) -> dict:
    """INCAR, KPOINTS, POSCAR for a record, POSCAR read back; real outputs, if there are any."""
    import ase.io

    box = in_a_box(ethanol())
    with TemporaryDirectory() as folder:
        write_inputs("vasp", load_settings(ETHANOL), box, folder)
        again = ase.io.read(Path(folder) / "POSCAR")
    order = np.argsort(box.numbers, kind="stable")
    off = np.abs(again.positions - box.positions[order]).max()
    if off > 1e-8:
        raise RuntimeError(f"POSCAR moved an atom by {off} Å")
    if outputs is None:
        return row(
            "INCAR, KPOINTS, POSCAR written, POSCAR read back", "largest change of a position",
            off, "Å", of="files of VASP 6", ran=False,
        )  # fmt: skip
    return outputs_of("vasp", outputs, "inputs written; {} real outputs (of aiida-vasp) read")


def outputs_of(program: str, folder: Path | None, what: str) -> dict:
    """Real outputs, read: labels, and steps that are none."""
    if folder is None:
        raise Missing("name a folder with real outputs: --outputs FOLDER")
    labels, refused, files = 0, 0, 0
    for path in sorted((folder / program).iterdir()):
        files += 1
        try:
            output = read_output(path)
        except ValueError:  # cut off before a first result
            refused += 1
            continue
        labels, refused = labels + len(output.frames), refused + len(output.rejected)
    quantity = f"labels found; {refused} others refused with a reason"
    return row(what.format(files), quantity, labels, "labels", of="see the files", ran=False)


def library(name: str) -> dict:
    """A rung of the ladder in this process."""
    atoms = ethanol()
    forces, atoms = atoms.get_forces(), atoms.copy()
    atoms.calc = reference_calculator(LIBRARIES[name])
    off = 1000 * np.abs(atoms.get_forces() - forces).mean()
    return row(
        "ethanol: energy and forces", "force MAE against the embedded label", off, "meV/Å",
        of=version(name.lower()),
    )  # fmt: skip


# Phase 2


def schnetpack() -> dict:
    """Its own trainer on our database: the loss falls."""
    from tempfile import mkdtemp

    from mlp_course.data.export import write_schnetpack_db
    from mlp_course.models.schnetpack_compat import load_schnetpack

    spk = load_schnetpack()
    folder = Path(mkdtemp())
    path = write_schnetpack_db(load_embedded(DATA)[:200], folder / "ethanol.db")
    try:
        before, after = train_schnetpack(spk, path, folder)
    finally:
        shutil.rmtree(folder)
    return row(
        f"opened our .db and trained 120 steps; force MAE before {before:.0f}",
        "force MAE on 50 frames after it", after, "meV/Å", of=version("schnetpack"),
    )  # fmt: skip


def train_schnetpack(spk, path: Path, folder: Path) -> tuple[float, float]:
    """Force MAE (meV/Å) of SchNet on validation frames, before and after 120 steps of Lightning."""
    import pytorch_lightning

    sys.path.insert(0, str(Path(__file__).parents[1]))
    from spk_pipeline import potential

    data = spk.data.AtomsDataModule(
        str(path), batch_size=10, num_train=150, num_val=50, num_workers=0,
        split_file=str(folder / "split.npz"),
        transforms=[
            spk.transform.MatScipyNeighborList(cutoff=5.0),
            spk.transform.RemoveOffsets("energy", remove_mean=True), spk.transform.CastTo32(),
        ],
    )  # fmt: skip
    loss = torch.nn.MSELoss()
    outputs = [
        spk.task.ModelOutput("energy", loss_fn=loss, loss_weight=0.01, metrics={}),
        spk.task.ModelOutput(
            "forces", loss_fn=loss, loss_weight=1.0, metrics={"MAE": _mean_absolute_error()}
        ),
    ]
    task = spk.task.AtomisticTask(
        model=potential("schnet"), outputs=outputs, optimizer_cls=torch.optim.AdamW,
        optimizer_args={"lr": 3e-3},
    )  # fmt: skip
    trainer = pytorch_lightning.Trainer(
        max_steps=120, accelerator="cpu", logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, default_root_dir=str(folder),
        inference_mode=False,  # forces are derivatives, also in validation
    )  # fmt: skip
    (before,) = trainer.validate(task, datamodule=data, verbose=False)
    trainer.fit(task, datamodule=data)
    (after,) = trainer.validate(task, datamodule=data, verbose=False)
    return 1000 * before["val_forces_MAE"], 1000 * after["val_forces_MAE"]


def _mean_absolute_error():
    from torchmetrics import MeanAbsoluteError

    return MeanAbsoluteError()


# Phase 3


def moving_ethanol(model: str = "ethanol_schnet") -> Atoms:
    """Ethanol with a shipped network."""
    atoms = ethanol().copy()
    atoms.calc = MLPCalculator(load_shipped(model))
    return atoms


def by_ase() -> dict:
    """NVE of ethanol: the energy is conserved."""
    run = run_nve(moving_ethanol(), steps=1000, temperature=300, progress=False)
    slope = energy_drift(run).slope
    return row(
        "NVE of ethanol, our SchNet, 0.5 ps", "energy drift", abs(slope), "meV/atom/ps",
        of=version("ase"),
    )  # fmt: skip


def by_lammps() -> dict:
    """The same run as ASE's, step by step."""
    from mlp_course.simulation.lammps import run_lammps

    options = dict(steps=200, temperature=300, seed=1, interval=1, progress=False)
    ours, theirs = (f(moving_ethanol(), **options).log for f in (run_nve, run_lammps))
    off = np.abs(ours["potential_energy"] - theirs["potential_energy"]).max()
    return row(
        "NVE of ethanol, our SchNet through fix external, 200 steps",
        "largest difference to ASE's energies", off, "eV", of=version("lammps"),
    )  # fmt: skip


def by_ipi() -> dict:
    """Eight beads against one; the logs are kept for machines without i-PI."""
    from mlp_course.simulation.i_pi import run_path_integral

    logs = {}
    for n_beads in (1, 8):
        run = run_path_integral(
            moving_ethanol(MODEL), steps=STEPS, temperature=TEMPERATURE, n_beads=n_beads,
            interval=4, seed=1, progress=False,
        )  # fmt: skip
        logs[str(n_beads)] = run.log.round(6).to_dict(orient="list")
    known = {"logs": logs, "temperature": TEMPERATURE, "data": f"{DATA}, frame 0",
             "model": MODEL, "script": SCRIPT, "version": version("ipi")}  # fmt: skip
    text = json.dumps(known | origin()) + "\n"
    (ECOSYSTEM / "path_integral.json").write_text(text)
    late = np.array(logs["8"]["time"]) >= AFTER
    energy = np.array(logs["8"]["kinetic_energy_H"])[late].mean() / 6  # eV an atom
    return row(
        f"ethanol, our PaiNN, 8 beads, {STEPS} steps", "kinetic energy of H over 3/2 kT",
        energy / (1.5 * units.kB * TEMPERATURE), "", of=version("ipi"),
    )  # fmt: skip


# Phase 4


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


def written(run: Trajectory, suffixes) -> Iterator[Path]:
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


class Missing(Exception):
    """A tool that is not here, with the way to get it."""


def tools(outputs: Path | None) -> dict[str, Callable[[], dict]]:
    """What is done for each tool."""
    return {
        "VASP": lambda: files_of_vasp(outputs),
        "Quantum ESPRESSO": lambda: dft_program("espresso"),
        "CP2K": lambda: dft_program("cp2k"),
        "GPAW": lambda: dft_program("gpaw"),
        "PySCF": lambda: library("PySCF"),
        "tblite": lambda: library("tblite"),
        "Gaussian": lambda: outputs_of("gaussian", outputs, "{} real outputs (of cclib) read"),
        "ORCA": lambda: outputs_of("orca", outputs, "{} real outputs (of cclib) read"),
        "SchNetPack": schnetpack,
        "ASE": by_ase,
        "LAMMPS": by_lammps,
        "i-PI": by_ipi,
        "NumPy": by_numpy,
        "MDAnalysis": opened_by_mdanalysis,
        "MDTraj": opened_by_mdtraj,
        "OVITO": opened_by_ovito,
        "VMD": files_of_vmd,
    }


def origin() -> dict:
    """Machine and date."""
    return {
        "machine": f"{platform.machine()}, one thread",
        "date": date.today().isoformat(),
    }


def main() -> None:
    """Do what is asked for; write after each tool."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=tools(None))
    parser.add_argument("--outputs", type=Path, help="real outputs: vasp/, gaussian/, orca/")
    given = parser.parse_args()
    torch.set_num_threads(1)
    path = ECOSYSTEM / "evidence.json"
    for name, produce in tools(given.outputs).items():
        if given.only and name not in given.only:
            continue
        before = os.times()
        try:
            found = produce()
        except (Missing, FileNotFoundError, ImportError, PackageNotFoundError) as error:
            print(f"{name}: left as it was: {error}", flush=True)
            continue
        seconds = sum(os.times()[:4]) - sum(before[:4])
        known = json.loads(path.read_text()) if path.exists() else {}
        known[name] = found | {"seconds": round(seconds, 1), "script": SCRIPT, **origin()}
        path.write_text(json.dumps(known, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(name, known[name], flush=True)


if __name__ == "__main__":
    main()
