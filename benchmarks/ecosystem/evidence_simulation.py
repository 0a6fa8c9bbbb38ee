"""Evidence of phase 3, simulation: a network of ours drives ethanol in ASE, LAMMPS and i-PI."""

import json
from importlib.metadata import version

import numpy as np
from ase import Atoms, units
from evidence_rows import DATA, ECOSYSTEM, SCRIPT, ethanol, origin, row

from mlp_course.models import MLPCalculator, load_shipped
from mlp_course.simulation import energy_drift, run_nve

TEMPERATURE, STEPS, AFTER = 300.0, 400, 50.0  # K, of the path integrals, fs left out at the start
MODEL = "ethanol_painn"  # of the path integrals; SchNet has holes that beads find


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
    (ECOSYSTEM / "path_integral.json").write_text(text, encoding="utf-8")
    late = np.array(logs["8"]["time"]) >= AFTER
    energy = np.array(logs["8"]["kinetic_energy_H"])[late].mean() / 6  # eV an atom
    return row(
        f"ethanol, our PaiNN, 8 beads, {STEPS} steps", "kinetic energy of H over 3/2 kT",
        energy / (1.5 * units.kB * TEMPERATURE), "", of=version("ipi"),
    )  # fmt: skip
