r"""Path-integral dynamics with i-PI: nuclei as rings of beads, forces from any of our potentials.

.. math:: H_P = \sum_{i,b} \Bigl( \frac{p_{ib}^2}{2 m_i}
    + \tfrac12 m_i \omega_P^2 |\mathbf r_{ib} - \mathbf r_{i,b+1}|^2 \Bigr)
    + \sum_b V(\mathbf r_{1b}, \dots, \mathbf r_{Nb}), \qquad \omega_P = \frac{P k_B T}{\hbar}

i-PI moves the beads and asks for forces through a unix socket; ASE's SocketClient answers. With one
bead the nuclei are classical.
"""

import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import ase.io
import numpy as np
import pandas as pd
from ase import Atoms
from tqdm.auto import tqdm

from mlp_course.simulation import guard
from mlp_course.simulation.alarms import AlarmLimits, Watch
from mlp_course.simulation.engine import check_run, check_temperature
from mlp_course.simulation.i_pi_input import columns, write_input
from mlp_course.simulation.one_pass import OnePass
from mlp_course.simulation.standard_cell import check_for_program, turn_to_standard
from mlp_course.simulation.stopped import AtomsFlewApart

if TYPE_CHECKING:
    from ase.calculators.socketio import SocketClient

_CONNECT_WITHIN = 300.0  # s; i-PI starts in a few, on a busy machine in more
_PREFIX = "/tmp/ipi_"  # of both i-PI and ASE


@dataclass(frozen=True, eq=False)
class PathIntegralRun:
    """What i-PI wrote.

    Attributes:
        log: one row a frame; columns step, time (fs), conserved_energy, potential_energy (mean of
            the beads), kinetic_energy (centroid-virial estimator: the quantum one) and
            kinetic_energy_H and so on for each element (eV), temperature (of all beads, K).
        centroids: the mean positions of the rings, one configuration a frame.
        beads: for each bead its configurations. i-PI writes positions with six digits.
        temperature: of the thermostat, in K.
        timestep: in fs.
    """

    log: pd.DataFrame
    centroids: list[Atoms]
    beads: list[list[Atoms]]
    temperature: float
    timestep: float

    @property
    def n_beads(self) -> int:
        """Number of beads of each ring."""
        return len(self.beads)


def run_path_integral(
    atoms: Atoms,
    *,
    steps: int,
    temperature: float,
    n_beads: int = 8,
    timestep: float = 0.5,
    relaxation: float = 100.0,
    fixed_centre: bool = True,
    seed: int = 0,
    interval: int = 10,
    folder: str | Path | None = None,
    progress: bool = True,
    limits: AlarmLimits | None = None,
) -> PathIntegralRun:
    """Run path-integral dynamics in i-PI with the calculator of ``atoms``.

    The thermostat is PILE: each mode of the rings has a Langevin friction that suits its frequency.
    Whatever ends the run, an error, an interrupt or kill -9, i-PI and its socket go with it.

    Args:
        atoms: start configuration with a calculator; it is not changed. Periodic in three
            directions or in none.
        steps: number of time steps; each costs one evaluation of the potential a bead.
        temperature: in K.
        n_beads: P. The result of many beads is the quantum one; C-H bonds at 300 K need 32.
        timestep: in fs.
        relaxation: of the thermostat on the centroids, in fs.
        fixed_centre: hold the centre of mass in place.
        seed: of start velocities and thermostat.
        interval: a frame is recorded every this many steps.
        folder: where ``input.xml``, ``start.xyz`` and what i-PI writes are left; default: a
            temporary folder that is deleted.
        progress: show a progress bar.
        limits: when to stop a run that went wrong. Beads go where no classical nucleus goes, and a
            potential that has never been there may have a hole. Each bead is looked at every
            ``interval`` steps, and the temperature of all at the end.

    Returns:
        Frames 0, interval, 2 interval, ...

    Raises:
        ImportError: if i-PI is not installed.
        ValueError: if a number is out of range, or ``atoms`` has no calculator, carries constraints
            or is periodic in one or two directions only.
        AtomsFlewApart: if atoms of a bead collapse or leave, or the beads become too hot.
        RuntimeError: if i-PI stops before the last step, with the end of what it said. Errors of
            the calculator come as they are.

    Source:
        M. Ceriotti et al., J. Chem. Phys. 133, 124104 (2010) (the thermostat); i-PI 3: Y. Litman
        et al., J. Chem. Phys. 161, 062504 (2024).
    """
    measures = dict(timestep=timestep, relaxation=relaxation)
    check_run(atoms, steps=steps, interval=interval, **measures)
    check_temperature(temperature)
    _check_for_ipi(atoms, n_beads)
    program = _find_ipi()
    settings = dict(
        n_beads=n_beads, temperature=temperature, fixed_centre=fixed_centre, interval=interval,
        seed=seed + 1, **measures,
    )  # fmt: skip
    with TemporaryDirectory() as temporary:
        own = Path(folder or temporary)
        own.mkdir(parents=True, exist_ok=True)
        for old in own.glob("run.*"):  # of an earlier run in this folder
            old.unlink()
        address = f"mlp_{uuid.uuid4().hex}"
        write_input(atoms, own, address, steps=steps, **settings)
        watch = Watch(atoms, limits or AlarmLimits(), temperature)
        look = partial(_look, watch, n_beads=n_beads, interval=interval, timestep=timestep)
        _serve(atoms, program, own, address, (steps + 1) * n_beads, progress, look)
        run = _read(atoms, own, steps, interval, temperature, timestep)
        _check_numbers(watch, run.log)
        return run


def _look(
    watch: Watch, atoms: Atoms, count: int, *, n_beads: int, interval: int, timestep: float
) -> None:
    """Stop a run one of whose beads is broken; ``count`` evaluations are done, this one too."""
    step = (count - 1) // n_beads
    alarm = watch.look(atoms) if step % interval == 0 else None
    if alarm is not None:
        bead = (count - 1) % n_beads
        reason = f"in bead {bead} {alarm.reason}"
        raise AtomsFlewApart(reason, step=step, time=step * timestep, atoms=alarm.atoms)


def _check_numbers(watch: Watch, log: pd.DataFrame) -> None:
    """Refuse a run whose beads became too hot between two looks."""
    for row in log.rename(columns={"conserved_energy": "total_energy"}).to_dict("records"):
        alarm = watch.check_numbers(row)
        if alarm is not None:
            raise AtomsFlewApart(alarm.reason, step=int(row["step"]), time=row["time"])


def _check_for_ipi(atoms: Atoms, n_beads: int) -> None:
    """Refuse what i-PI would not do."""
    if n_beads != int(n_beads) or n_beads < 1:
        raise ValueError(f"n_beads must be a whole number and at least 1; got {n_beads}")
    check_for_program(atoms, "i-PI")


def _find_ipi() -> list[str]:
    """Words that start it: the script beside this Python, or what the shell would find.

    The script's own first line does not lead to its Python where a folder has a space in its name.
    """
    beside = Path(sys.executable).with_name("i-pi")
    if beside.exists():
        return [sys.executable, str(beside)]
    found = shutil.which("i-pi")
    if found is None:
        raise ImportError("i-PI is not installed: run `pip install ipi` (Linux and macOS)")
    return [found]


def _serve(
    atoms: Atoms,
    program: list[str],
    folder: Path,
    address: str,
    evaluations: int,
    progress: bool,
    look: Callable[[Atoms, int], None],
) -> None:
    """Start i-PI and answer it until it says good-bye; leave no process and no socket."""
    moving = Atoms(atoms.numbers, atoms.positions, cell=atoms.cell, pbc=atoms.pbc)
    moving.calc = OnePass(atoms.calc)
    socket = _PREFIX + address
    command = [sys.executable, guard.__file__, socket, *program, "input.xml"]
    with (folder / "i-pi.log").open("wb") as said:
        server = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=said, stderr=subprocess.STDOUT
        )
    try:
        client = _connected(address, server, folder)
        with tqdm(total=evaluations, desc="i-PI", unit="call", disable=not progress) as bar:
            for count, _ in enumerate(client.irun(moving, use_stress=False), start=1):
                bar.update()
                look(moving, count)
        server.wait()
    finally:
        server.stdin.close()  # the guard takes this, and our death, as the order to stop
        server.wait()


def _connected(address: str, server: subprocess.Popen, folder: Path) -> "SocketClient":
    """Wait until i-PI listens, and connect."""
    from ase.calculators.socketio import SocketClient

    deadline = time.monotonic() + _CONNECT_WITHIN
    while server.poll() is None and time.monotonic() < deadline:
        try:
            return SocketClient(unixsocket=address)
        except (FileNotFoundError, ConnectionRefusedError):
            time.sleep(0.05)
    raise RuntimeError(f"i-PI does not listen: {_last_words(folder)}")


def _last_words(folder: Path) -> str:
    """The end of what i-PI said."""
    return (folder / "i-pi.log").read_text("utf-8", "replace")[-2000:].strip() or "it said nothing"


def _read(
    atoms: Atoms, folder: Path, steps: int, interval: int, temperature: float, timestep: float
) -> PathIntegralRun:
    """Read what i-PI wrote; refuse a run that ended early."""
    names = list(columns(atoms))
    out = folder / "run.out"
    rows = np.loadtxt(out, ndmin=2) if out.exists() else np.empty((0, len(names)))
    expected = steps // interval + 1
    if len(rows) < expected:
        raise RuntimeError(
            f"i-PI stopped after {len(rows)} of {expected} frames: {_last_words(folder)}"
        )
    log = pd.DataFrame(rows[:expected], columns=names)
    paths = sorted(folder.glob("run.pos_*.xyz"))
    beads = [_frames(path, atoms, log["time"]) for path in paths]
    centroids = _frames(folder / "run.centroid.xyz", atoms, log["time"])
    return PathIntegralRun(log, centroids, beads, temperature, timestep)


def _frames(path: Path, like: Atoms, times: pd.Series) -> list[Atoms]:
    """Configurations of one file, turned into the orientation of the start."""
    back = turn_to_standard(like).T
    frames = []
    for read, moment in zip(ase.io.read(path, ":", format="xyz"), times, strict=False):
        atoms = like.copy()
        atoms.positions = read.positions @ back
        atoms.info["time_fs"] = float(moment)
        frames.append(atoms)
    return frames
