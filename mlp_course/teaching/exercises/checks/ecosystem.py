"""Exercises 04: numbers from output files, units of other programs, the tool for a job."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from mlp_course.teaching.exercises.marks import Part
from mlp_course.teaching.exercises.question import question
from mlp_course.units import convert

Array = NDArray[np.float64]
_TEMPLATES = {
    "VASP": ("  free  energy   TOTEN  =     {:14.8f} eV", "eV"),
    "Quantum ESPRESSO": ("!    total energy              = {:16.8f} Ry", "Ry"),
    "CP2K": (" ENERGY| Total FORCE_EVAL ( QS ) energy [a.u.]: {:22.15f}", "Hartree"),
    "ORCA": ("FINAL SINGLE POINT ENERGY {:20.12f}", "Hartree"),
}
_FORCE = "     atom {:4d} type  1   force = {:13.8f} {:13.8f} {:13.8f}"
_RY = 0.5  # Hartree


@question(
    "q04_1",
    "One molecule, four output files",
    answers=("energy_in_ev", "force_in_ev_per_A"),
    points={"VASP": 1, "Quantum ESPRESSO": 1, "CP2K and ORCA": 1, "a force": 1, "refusal": 1},
    stronger={
        "VASP": "The unit stands at the end of the line; the number just before it.",
        "Quantum ESPRESSO": "1 Ry is half a Hartree. Both are in `ase.units`.",
        "CP2K and ORCA": "a.u. is Hartree; ORCA does not say so, it is always Hartree.",
        "a force": "Ry per bohr: convert the energy up *and* the length below the line.",
        "refusal": "End the function with `raise ValueError(...)`, not with a guess.",
    },
    section="04_ecosystem.ipynb#Three-programs,-one-molecule",
)
def check_output_lines(
    energy_in_ev: Callable[[str], float], force_in_ev_per_A: Callable[[str], Array]
) -> Iterator[Part]:
    """Mark two readers of single lines of output.

    Args:
        energy_in_ev: function of a line with an energy, as VASP, Quantum ESPRESSO, CP2K or ORCA
            writes it; it returns eV, and raises ValueError for any other line.
        force_in_ev_per_A: function of a line of forces of Quantum ESPRESSO (Ry/bohr); it returns
            eV/Å, shape (3,).

    Yields:
        The parts of question ``q04_1``.

    Example:
        >>> check_output_lines(lambda line: 0.0, lambda line: np.zeros(3)).points
        0
    """
    told = {program: _read(energy_in_ev, *entry) for program, entry in _TEMPLATES.items()}
    yield Part("VASP", not told["VASP"], told["VASP"])
    yield Part("Quantum ESPRESSO", not told["Quantum ESPRESSO"], told["Quantum ESPRESSO"])
    hint = told["CP2K"] or told["ORCA"]
    yield Part("CP2K and ORCA", not hint, hint)
    force = np.array([0.01234567, -0.2, 0.00000012])
    given = np.asarray(force_in_ev_per_A(_FORCE.format(7, *force)), dtype=float)
    per_hartree = convert(1.0, "Hartree/Bohr", "eV/Å")
    hint = "Three numbers behind 'force =', in Ry/bohr."
    if given.shape == (3,) and abs(given[1]) > 0:
        hint = _force_reason(given[1] / force[1], per_hartree)
    right = given.shape == (3,) and np.allclose(given, force * _RY * per_hartree, rtol=1e-5)
    yield Part("a force", right, hint)
    others = ("     estimated scf accuracy    <       0.00000084 Ry", "total charge = 3.0")
    refused = all(_refuses(energy_in_ev, line) for line in others)
    yield Part("refusal", refused, "A line that holds no total energy gave a number.")


def _refuses(reader: Callable[[str], float], line: str) -> bool:
    """Whether a reader raises ValueError at a line."""
    try:
        reader(line)
    except ValueError:
        return True
    return False


def _read(reader: Callable[[str], float], template: str, unit: str) -> str:
    """Let a reader read a line; say what is wrong, nothing if it is right."""
    stated = -213.10258913
    hartree = convert(1.0, "Hartree", "eV")
    factor = {"eV": 1.0, "Ry": _RY * hartree, "Hartree": hartree}[unit]
    try:
        value = float(reader(template.format(stated)))
    except Exception as error:  # the learner's code may raise anything
        return f"The line {template.format(stated)!r} stopped it: {type(error).__name__}: {error}"
    if np.isclose(value, factor * stated, rtol=1e-5):
        return ""
    ratio = value / (factor * stated)
    for reason, wrong in {
        "A rydberg was taken for a Hartree.": 2.0,
        "A Hartree was taken for a rydberg.": 0.5,
        "The number was taken for eV, which it is not.": 1 / factor,
        "You divided where you should multiply.": 1 / factor**2,
    }.items():
        if np.isclose(ratio, wrong, rtol=1e-3) and wrong != 1.0:
            return reason
    return f"From {template.format(stated)!r} came {value:g} eV."


def _force_reason(factor: float, per_hartree: float) -> str:
    """Recognise the factor that was used for Ry/bohr."""
    reasons = {
        "The energy was converted, the bohr was not.": _RY * convert(1.0, "Hartree", "eV"),
        "A rydberg was taken for a Hartree.": per_hartree,
        "The number was taken for eV/Å.": 1.0,
        "The length was multiplied where it stands below the line.": _RY
        * convert(1.0, "Hartree", "eV") ** 2
        / per_hartree,
    }
    for reason, wrong in reasons.items():
        if np.isclose(factor, wrong, rtol=1e-3):
            return reason
    return "Convert Ry to eV and bohr to Å, and mind which one stands below the line."


@question(
    "q04_2",
    "The same frame in other units",
    answers=("to_ours",),
    points={"LAMMPS metal": 1, "LAMMPS real": 1, "GROMACS": 1, "caller's array": 1},
    stronger={
        "LAMMPS metal": "metal: eV, Å, ps. Positions and forces stay as they are; velocities?",
        "LAMMPS real": "real: kcal/mol, Å, fs. Which of the three quantities holds an energy?",
        "GROMACS": "kJ/mol, nm, ps: write each quantity as a fraction, and convert its parts.",
        "caller's array": "`array * factor` makes a new array, `array *= factor` does not.",
    },
    section="04_ecosystem.ipynb#Two-readers,-two-units",
)
def check_units_of_files(to_ours: Callable[[Array, str, str], Array]) -> Iterator[Part]:
    """Mark a conversion of positions, velocities and forces from three families of programs.

    Args:
        to_ours: function of an array, of the quantity (``"positions"``, ``"velocities"``,
            ``"forces"``) and of the source (``"lammps metal"``, ``"lammps real"``,
            ``"gromacs"``); it returns Å, Å/fs or eV/Å.

    Yields:
        The parts of question ``q04_2``.

    Example:
        >>> check_units_of_files(lambda array, quantity, source: 1.0 * array).points
        0
    """
    kcal, kj = convert(1.0, "kcal/mol", "eV"), convert(1.0, "kJ/mol", "eV")
    sources = {
        "LAMMPS metal": ("lammps metal", (1.0, 1e-3, 1.0)),
        "LAMMPS real": ("lammps real", (1.0, 1.0, kcal)),
        "GROMACS": ("gromacs", (10.0, 1e-2, kj / 10)),
    }
    given = np.array([[1.0, -2.0, 3.0], [0.5, 0.0, 4.0]])
    kept = given.copy()
    n_right = 0
    for name, (source, factors) in sources.items():
        quantities = zip(("positions", "velocities", "forces"), factors, strict=True)
        hint = ""
        for quantity, factor in quantities:
            found = np.asarray(to_ours(given, quantity, source), dtype=float)
            given = kept.copy() if not np.array_equal(given, kept) else given
            if found.shape != kept.shape or not np.allclose(found, factor * kept, rtol=1e-4):
                hint = hint or _unit_reason(quantity, found, kept, factor)
        n_right += not hint
        yield Part(name, not hint, hint)
    again = kept.copy()
    to_ours(again, "positions", "gromacs")
    touched = not np.array_equal(again, kept)
    hint = "First get one of the three sources right."
    if touched:
        hint = "Your function has changed the array that it was given."
    yield Part("caller's array", n_right > 0 and not touched, hint)


def _unit_reason(quantity: str, found: Array, kept: Array, factor: float) -> str:
    """Say what is off with a quantity, by its ratio to the right value."""
    if found.shape != kept.shape:
        return f"{quantity}: the shape has changed."
    ratio = float(found[0, 0] / (factor * kept[0, 0]))
    if ratio == 0 or not np.isfinite(ratio):
        return f"{quantity}: no numbers came back."
    if np.isclose(ratio, 1 / factor, rtol=1e-3):
        return f"{quantity}: were left as they are. Is every unit of this source ours?"
    if np.isclose(ratio, 1 / factor**2, rtol=1e-3):
        return f"{quantity}: the factor is upside down."
    if np.isclose(ratio, 100.0, rtol=1e-3) and quantity == "forces":
        return "forces: nm stands below the line; its factor divides."
    size = "large" if abs(ratio) > 1 else "small"
    return f"{quantity}: too {size}, by a factor of {max(abs(ratio), 1 / abs(ratio)):.4g}."


_TOOLS = {
    "labels of a copper slab, with plane waves": {"VASP", "Quantum ESPRESSO", "GPAW"},
    "train an equivariant network on them": {"NequIP", "MACE"},
    "a million atoms on 64 processors": {"LAMMPS"},
    "nuclei as quantum particles": {"i-PI"},
    "g(r) of one kind of atom, from a script": {"MDAnalysis", "MDTraj"},
    "see where the dislocations are": {"OVITO"},
    "one language for structures of all of them": {"ASE"},
}
_PHASES = {
    **dict.fromkeys(("VASP", "Quantum ESPRESSO", "CP2K", "GPAW"), 1),
    **dict.fromkeys(("SchNetPack", "NequIP", "MACE", "DeePMD-kit"), 2),
    **dict.fromkeys(("LAMMPS", "i-PI"), 3),
    **dict.fromkeys(("MDAnalysis", "MDTraj", "OVITO", "VMD"), 4),
}
_FILES = {".pth": 2, ".lammpstrj": 3}


@question(
    "q04_3",
    "The tool for the job",
    answers=("tool_for", "phase_of"),
    points={"tools": 3, "phases": 2},
    stronger={
        "tools": "The last table of lesson 04 lists every tool with what was done with it.",
        "phases": "1 makes labels, 2 makes a model, 3 makes a trajectory, 4 makes numbers of it.",
    },
    section="04_ecosystem.ipynb#Every-tool-and-its-evidence",
)
def check_tools(tool_for: Mapping[str, str], phase_of: Mapping[str, int]) -> Iterator[Part]:
    """Mark a choice of tools, row by row, and the phases to which tools and files belong.

    Args:
        tool_for: for each of the seven jobs of the exercise, one tool of the menu.
        phase_of: phase 1 to 4 of each tool (but ASE) and of the two kinds of files.

    Yields:
        The parts of question ``q04_3``.

    Example:
        >>> check_tools({}, {}).points
        0
    """
    wrong = [job for job, fitting in _TOOLS.items() if tool_for.get(job) not in fitting]
    hint = f"{len(wrong)} of 7 jobs need another tool, the first: {wrong[0]}." if wrong else ""
    if wrong and wrong[0].startswith("labels") and tool_for.get(wrong[0]) == "CP2K":
        hint = "CP2K describes the electrons by Gaussians, plane waves carry the density only."
    elif wrong and wrong[0].startswith("train") and tool_for.get(wrong[0]) == "SchNetPack":
        hint = "Its SchNet is invariant; take a package that is named for equivariant networks."
    yield Part("tools", not wrong, hint)
    expected = _PHASES | _FILES
    off = [name for name, phase in expected.items() if phase_of.get(name) != phase]
    hint = (
        f"{len(off)} of {len(expected)} are in another phase, the first: {off[0]}." if off else ""
    )
    yield Part("phases", not off, hint)
