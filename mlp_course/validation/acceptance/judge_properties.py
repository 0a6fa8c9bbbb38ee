"""Judgements about properties: the crystal, vibrations, the torsion, the barrier."""

import numpy as np

from mlp_course.data import load_embedded
from mlp_course.sampling import normal_modes
from mlp_course.validation.acceptance.baseline import base_labels, base_modes
from mlp_course.validation.acceptance.copper import (
    EXPERIMENT,
    EXPERIMENT_SOURCE,
    Crystal,
    copper_crystal,
)
from mlp_course.validation.acceptance.criterion import (
    Criterion,
    Findings,
    NotApplicable,
    above,
    below,
)
from mlp_course.validation.acceptance.profiles import (
    energy_profile,
    own_barrier,
    transfer_coordinate,
)
from mlp_course.validation.acceptance.subject import Subject
from mlp_course.validation.acceptance.vibrations import compare_modes

LATTICE_LIMIT = 0.5  # %; thermal expansion of copper between 0 and 300 K is 0.3 %
ELASTIC_LIMIT = 10.0  # %
EXPERIMENT_LIMITS = (2.0, 20.0)  # %, what good density functionals reach
MODE_LIMIT = 20.0  # cm⁻¹, a tenth of k_B T at 300 K
OVERLAP_LIMIT = 0.9  # dimensionless
RMSD_LIMIT = 0.05  # Å
ENERGY_LIMIT = 10.0  # meV; a factor of 1.5 in a rate or population at 300 K


def _only(subject: Subject, *systems: str) -> None:
    if subject.system not in systems:
        raise NotApplicable(f"for {' and '.join(systems)}; the system is {subject.system}")


def judge_crystal(subject: Subject) -> Findings:
    """Lattice constant and elastic constants of copper, with the measured values beside them."""
    _only(subject, "copper")
    ours = copper_crystal(subject.calculator)
    if subject.baseline.build is None:
        theirs, limits = EXPERIMENT, EXPERIMENT_LIMITS
        details = {"crystal": ours}
    else:
        other = copper_crystal(subject.baseline.cheap_calculator())
        theirs = {name: getattr(other, name) for name in EXPERIMENT}
        limits = (LATTICE_LIMIT, ELASTIC_LIMIT)
        details = {"crystal": ours, "reference crystal": other}
    source = subject.baseline.name if subject.baseline.build else EXPERIMENT_SOURCE
    rows = [
        _constant(ours, name, value, limits[name != "a"], source) for name, value in theirs.items()
    ]
    return Findings(rows, details)


def _constant(ours: Crystal, name: str, theirs: float, limit: float, source: str) -> Criterion:
    """Deviation of one constant in percent."""
    value, unit = getattr(ours, name), "Å" if name == "a" else "GPa"
    title = "lattice constant" if name == "a" else f"elastic constant {name}"
    places = 3 if name == "a" else 0
    reason = (
        f"{value:.{places}f} {unit}; {source}: {theirs:.{places}f}; "
        f"measured {EXPERIMENT[name]:g} {unit}"
    )
    return below(f"{title}, deviation", 100 * (value / theirs - 1), limit, "%", reason)


def judge_vibrations(subject: Subject) -> Findings:
    """Minimum, normal modes and harmonic spectrum of a molecule."""
    _only(subject, "ethanol", "malonaldehyde")
    theirs = base_modes(subject.system, subject.baseline)
    ours = normal_modes(theirs.minimum, subject.calculator)
    found = compare_modes(theirs, ours)
    errors = np.abs(found.predicted - found.reference)
    worst = int(errors.argmax())
    modes = (
        f"{len(errors)} modes against {subject.baseline.name}; worst "
        f"{found.reference[worst]:.0f} → {found.predicted[worst]:.0f} cm⁻¹; zero-point energy off "
        f"by {found.zero_point_error:.3g} meV"
    )
    least = int(found.overlap.argmin())
    shapes = f"mean of all modes; least alike {found.overlap[least]:.2f} at "
    shapes += f"{found.reference[least]:.0f} cm⁻¹"
    rows = [
        below("minimum, RMSD", found.rmsd, RMSD_LIMIT, "Å", "after laying one onto the other"),
        below("normal modes, MAE", found.mean_error, MODE_LIMIT, "cm⁻¹", modes),
        above("normal modes, overlap", float(found.overlap.mean()), OVERLAP_LIMIT, "1", shapes),
        above(
            "vibrational spectrum, overlap",
            found.spectral_overlap,
            OVERLAP_LIMIT,
            "1",
            "cosine between harmonic spectra with lines 20 cm⁻¹ wide",
        ),
    ]
    return Findings(rows, {"vibrations": found})


def judge_torsion(subject: Subject) -> Findings:
    """The turn of the hydroxyl group of ethanol."""
    _only(subject, "ethanol")
    frames = base_labels(load_embedded("ethanol/torsion"), subject.baseline)
    angles = [atoms.get_dihedral(1, 0, 2, 8) % 360 for atoms in frames]
    energies = [atoms.get_potential_energy() for atoms in frames]
    axis = "dihedral C–C–O–H / °"
    profile = energy_profile(subject.model, frames, energies, angles, axis)
    reason = (
        f"largest of {len(frames)} angles, energies against {subject.baseline.name}; span "
        f"{np.ptp(profile.reference):.0f} → {np.ptp(profile.predicted):.0f} meV"
    )
    row = below("torsion profile, error", profile.largest_error, ENERGY_LIMIT, "meV", reason)
    return Findings([row], {"profile": profile})


def judge_barrier(subject: Subject) -> Findings:
    """The barrier of malonaldehyde's proton transfer: on the reference's path and on its own."""
    _only(subject, "malonaldehyde")
    base = subject.baseline
    path = load_embedded("malonaldehyde/proton_transfer")
    middle = path[len(path) // 2]
    frames = base_labels(path, base)
    energies = np.array([atoms.get_potential_energy() for atoms in frames])
    coordinate = [transfer_coordinate(atoms) for atoms in frames]
    axis = "d(O–H) − d(O′–H) / Å"
    profile = energy_profile(subject.model, frames, energies, coordinate, axis)
    theirs, ours = profile.heights
    fixed = f"{ours:.1f} meV; {base.name}: {theirs:.1f}; at the images of the PBE path"
    rows = [below("barrier, error on the given path", ours - theirs, ENERGY_LIMIT, "meV", fixed)]
    ends = (
        profile.predicted[-1]
        - profile.predicted[0]
        - (profile.reference[-1] - profile.reference[0])
    )
    both = "difference between the two enols, which are mirror images"
    rows.append(below("other enol, error of its energy", ends, ENERGY_LIMIT, "meV", both))
    if not base.stored:
        theirs = own_barrier(base.cheap_calculator(), path[0], middle)
    own = own_barrier(subject.calculator, path[0], middle)
    relaxed = f"{own:.1f} meV; {base.name}: {theirs:.1f}; each relaxed on its own surface"
    rows.append(below("barrier, error after relaxing", own - theirs, ENERGY_LIMIT, "meV", relaxed))
    return Findings(rows, {"profile": profile})
