"""The input of i-PI: ordinary XML, and the start configuration beside it."""

from pathlib import Path

import numpy as np
from ase import Atoms

from mlp_course.simulation.standard_cell import turn_to_standard

_BOX = 1000.0  # Å; i-PI wants a cell, also for a molecule
_COLUMNS = {
    "step": "step",
    "time": "time{femtosecond}",
    "conserved_energy": "conserved{electronvolt}",
    "potential_energy": "potential{electronvolt}",
    "kinetic_energy": "kinetic_cv{electronvolt}",
    "temperature": "temperature{kelvin}",
}
_INPUT = """\
<simulation verbosity='low' safe_stride='1000000'>
  <output prefix='run'>
    <properties stride='{interval}' filename='out'>
      [ {properties} ]
    </properties>
    <trajectory stride='{interval}' filename='centroid' format='xyz'>
      x_centroid{{angstrom}}
    </trajectory>
    <trajectory stride='{interval}' filename='pos' format='xyz'> positions{{angstrom}} </trajectory>
  </output>
  <total_steps> {total_steps} </total_steps>
  <prng> <seed> {seed} </seed> </prng>
  <ffsocket name='potential' mode='unix' pbc='false'>
    <address> {address} </address>
  </ffsocket>
  <system>
    <initialize nbeads='{n_beads}'>
      <file mode='xyz' units='angstrom'> start.xyz </file>
      <masses mode='manual' units='dalton'> [ {masses} ] </masses>
      <velocities mode='thermal' units='kelvin'> {temperature} </velocities>
    </initialize>
    <forces> <force forcefield='potential'/> </forces>
    <ensemble> <temperature units='kelvin'> {temperature} </temperature> </ensemble>
    <motion mode='dynamics'>
      <fixcom> {fixed_centre} </fixcom>
      <dynamics mode='nvt'>
        <timestep units='femtosecond'> {timestep} </timestep>
        <thermostat mode='pile_l'> <tau units='femtosecond'> {relaxation} </tau> </thermostat>
      </dynamics>
    </motion>
  </system>
</simulation>
"""


def columns(atoms: Atoms) -> dict[str, str]:
    """Columns of the log and what i-PI calls them; one kinetic energy for each element."""
    elements = sorted(set(atoms.get_chemical_symbols()))
    kinetic = {f"kinetic_energy_{e}": f"kinetic_cv({e}){{electronvolt}}" for e in elements}
    return _COLUMNS | kinetic


def write_input(atoms: Atoms, folder: Path, address: str, *, steps: int, **numbers: object) -> Path:
    """Write ``start.xyz`` and ``input.xml``.

    Args:
        atoms: start configuration.
        folder: where the files go.
        address: of the socket; i-PI puts ``/tmp/ipi_`` before it.
        steps: number of time steps.
        numbers: n_beads, temperature (K), timestep, relaxation (fs), interval, seed, fixed_centre.

    Returns:
        Path of ``input.xml``.
    """
    cell = atoms.cell.cellpar() if atoms.pbc.any() else np.array([_BOX] * 3 + [90.0] * 3)
    box = " ".join(f"{value:.10f}" for value in cell)
    positions = atoms.positions @ turn_to_standard(atoms)
    lines = [f"{len(atoms)}", f"# CELL(abcABC): {box} positions{{angstrom}} cell{{angstrom}}"]
    for symbol, place in zip(atoms.symbols, positions, strict=True):
        lines.append(" ".join([symbol, *(f"{value:.10f}" for value in place)]))
    (folder / "start.xyz").write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = _INPUT.format(
        address=address,
        properties=", ".join(columns(atoms).values()),
        masses=", ".join(f"{mass:.10g}" for mass in atoms.get_masses()),
        total_steps=steps,
        **numbers,
    )
    path = folder / "input.xml"
    path.write_text(text, encoding="utf-8")
    return path
