# Typical wrong answers of book 04: what each loses, and words of the hint that is meant for it.


# %% q04_1: rydberg taken for Hartree, bohr forgotten, no refusal
# loses: Quantum ESPRESSO, a force, refusal
# hint: A rydberg was taken for a Hartree
def energy_in_ev(line):
    words = [w for w in line.replace("=", " ").split() if w.lstrip("-").replace(".", "").isdigit()]
    return float(words[-1]) * (1.0 if "eV" in line else units.Hartree)


def force_in_ev_per_A(line):
    return np.array([float(w) for w in line.split()[-3:]]) * units.Rydberg


# %% q04_1: every number taken for eV
# loses: Quantum ESPRESSO, CP2K and ORCA, a force
# hint: was taken for eV, which it is not
def energy_in_ev(line):
    if "TOTEN" in line or line.startswith("!"):
        return float(line.split()[-2])
    if "FORCE_EVAL" in line or "FINAL SINGLE" in line:
        return float(line.split()[-1])
    raise ValueError(line)


def force_in_ev_per_A(line):
    return np.array([float(w) for w in line.split()[-3:]])


# %% q04_2: velocities forgotten, nm multiplied into forces
# loses: LAMMPS metal, GROMACS
# hint: velocities: were left as they are
def to_ours(array, quantity, source):
    length, energy = {
        "lammps metal": (1.0, 1.0),
        "lammps real": (1.0, units.kcal / units.mol),
        "gromacs": (10.0, units.kJ / units.mol),
    }[source]
    return array * {"positions": length, "velocities": length, "forces": energy * length}[quantity]


# %% q04_2: nm above the line
# loses: GROMACS
# hint: nm stands below the line
def to_ours(array, quantity, source):
    length, time, energy = {
        "lammps metal": (1.0, 1000.0, 1.0),
        "lammps real": (1.0, 1.0, units.kcal / units.mol),
        "gromacs": (10.0, 1000.0, units.kJ / units.mol),
    }[source]
    factors = {"positions": length, "velocities": length / time, "forces": energy * length}
    return array * factors[quantity]


# %% q04_2: writes into the caller's array, kilocalories upside down
# loses: LAMMPS real, caller's array
# hint: the factor is upside down
def to_ours(array, quantity, source):
    length, time, energy = {
        "lammps metal": (1.0, 1000.0, 1.0),
        "lammps real": (1.0, 1.0, units.mol / units.kcal),
        "gromacs": (10.0, 1000.0, units.kJ / units.mol),
    }[source]
    factors = {"positions": length, "velocities": length / time, "forces": energy / length}
    array *= factors[quantity]
    return array


# %% q04_3: CP2K for plane waves, the model file written by the simulation
# loses: tools, phases
# hint: Gaussians
tool_for = {
    "labels of a copper slab, with plane waves": "CP2K",
    "train an equivariant network on them": "NequIP",
    "a million atoms on 64 processors": "LAMMPS",
    "nuclei as quantum particles": "i-PI",
    "g(r) of one kind of atom, from a script": "MDTraj",
    "see where the dislocations are": "OVITO",
    "one language for structures of all of them": "ASE",
}
phases = {
    1: ["VASP", "Quantum ESPRESSO", "CP2K", "GPAW"],
    2: ["SchNetPack", "NequIP", "MACE", "DeePMD-kit"],
    3: ["LAMMPS", "i-PI", ".lammpstrj", ".pth"],
    4: ["MDAnalysis", "MDTraj", "OVITO", "VMD"],
}
phase_of = {name: phase for phase, names in phases.items() for name in names}

# %% q04_3: SchNet taken for equivariant
# loses: tools
# hint: Its SchNet is invariant
tool_for = {
    "labels of a copper slab, with plane waves": "VASP",
    "train an equivariant network on them": "SchNetPack",
    "a million atoms on 64 processors": "LAMMPS",
    "nuclei as quantum particles": "i-PI",
    "g(r) of one kind of atom, from a script": "MDAnalysis",
    "see where the dislocations are": "OVITO",
    "one language for structures of all of them": "ASE",
}
phases = {
    1: ["VASP", "Quantum ESPRESSO", "CP2K", "GPAW"],
    2: ["SchNetPack", "NequIP", "MACE", "DeePMD-kit", ".pth"],
    3: ["LAMMPS", "i-PI", ".lammpstrj"],
    4: ["MDAnalysis", "MDTraj", "OVITO", "VMD"],
}
phase_of = {name: phase for phase, names in phases.items() for name in names}


# %% q04_4: a raw histogram, as in the chapter
# loses: an ideal gas gives 1, same for a larger cell, agrees for copper
# hint: g grows with r
def my_rdf(atoms, longest, n_bins):
    edges = np.linspace(0, longest, n_bins + 1)
    distances = atoms.get_all_distances(mic=True).ravel()
    return (edges[1:] + edges[:-1]) / 2, np.histogram(distances, bins=edges)[0].astype(float)


# %% q04_4: each pair once
# loses: an ideal gas gives 1, agrees for copper
# hint: it is a neighbour of both
def my_rdf(atoms, longest, n_bins):
    n, edges = len(atoms), np.linspace(0, longest, n_bins + 1)
    distances = atoms.get_all_distances(mic=True)[np.triu_indices(n, k=1)]
    volumes = 4 / 3 * np.pi * np.diff(edges**3)
    counts = np.histogram(distances, bins=edges)[0]
    return (edges[1:] + edges[:-1]) / 2, counts / (n * n / atoms.get_volume() * volumes)


# %% q04_4: the zeros of i = i
# loses: agrees for copper
# hint: its own neighbour
def my_rdf(atoms, longest, n_bins):
    n, edges = len(atoms), np.linspace(0, longest, n_bins + 1)
    distances = atoms.get_all_distances(mic=True).ravel()
    volumes = 4 / 3 * np.pi * np.diff(edges**3)
    counts = np.histogram(distances, bins=edges)[0]
    return (edges[1:] + edges[:-1]) / 2, counts / (n * n / atoms.get_volume() * volumes)


# %% q04_5: the slope itself, an Å that was not squared
# loses: slope of a line, units
# hint: in how many dimensions
def unwrapped(wrapped, box):
    steps = np.diff(wrapped, axis=0)
    steps -= box * np.round(steps / box)
    return np.concatenate([wrapped[:1], wrapped[:1] + np.cumsum(steps, axis=0)])


def diffusion(times, msd, start):
    late = times >= start
    return np.polyfit(times[late], msd[late], 1)[0]


def in_cm2_per_s(d):
    return d * 1e-8 / 1e-15


# %% q04_5: only single jumps mended, the last point over its time
# loses: unwrapping, slope of a line, early times left out
# hint: Fit a line
def unwrapped(wrapped, box):
    away = wrapped - wrapped[:1]
    return wrapped[:1] + away - box * np.round(away / box)


def diffusion(times, msd, start):
    return msd[-1] / (6 * times[-1])


def in_cm2_per_s(d):
    return 0.1 * d


# %% q04_5: all times fitted
# loses: early times left out
# hint: must not enter the fit
def unwrapped(wrapped, box):
    steps = np.diff(wrapped, axis=0)
    steps -= box * np.round(steps / box)
    return np.concatenate([wrapped[:1], wrapped[:1] + np.cumsum(steps, axis=0)])


def diffusion(times, msd, start):
    return np.polyfit(times, msd, 1)[0] / 6


def in_cm2_per_s(d):
    return 0.1 * d
