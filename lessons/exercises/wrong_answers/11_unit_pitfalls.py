# Typical wrong answers of book 11: what each loses, and words of the hint that is meant for it.

# %% q11_1: multiplied by the lengths
# loses: Hartree/Bohr, kJ/(mol·nm)
# hint: divide by it, do not multiply
in_ev_per_angstrom = {
    "kcal/(mol·Å)": 1000 * CALORIE * JOULE / MOL,
    "Hartree/Bohr": HARTREE * BOHR,
    "kJ/(mol·nm)": 1000 * JOULE / MOL * 10,
}
wrong_entry = ("eV/Å", "Hartree/Bohr")

# %% q11_1: converted the energy only
# loses: Hartree/Bohr, kJ/(mol·nm)
# hint: the energy only
in_ev_per_angstrom = {
    "kcal/(mol·Å)": 1000 * CALORIE * JOULE / MOL,
    "Hartree/Bohr": HARTREE,
    "kJ/(mol·nm)": 1000 * JOULE / MOL,
}
wrong_entry = ("eV/Å", "Hartree/Bohr")

# %% q11_1: a whole mole, and the mirrored entry
# loses: kcal/(mol·Å), kJ/(mol·nm), the wrong entry
# hint: a whole mole
in_ev_per_angstrom = {
    "kcal/(mol·Å)": 1000 * CALORIE * JOULE,
    "Hartree/Bohr": HARTREE / BOHR,
    "kJ/(mol·nm)": 1000 * JOULE / 10,
}
wrong_entry = ("Hartree/Bohr", "eV/Å")


# %% q11_2: errors cancel
# loses: an error in meV/atom
# hint: cancel each other
def energy_mae(predicted, reference, n_atoms, unit):
    in_ev = {"eV": 1.0, "Hartree": HARTREE}[unit]
    return 1000 * in_ev * abs(np.mean((predicted - reference) / n_atoms))


times_smaller = HARTREE
stays = ["R²", "order of two models"]


# %% q11_2: of a whole molecule
# loses: an error in meV/atom
# hint: per atom
def energy_mae(predicted, reference, n_atoms, unit):
    in_ev = {"eV": 1.0, "Hartree": HARTREE}[unit]
    return 1000 * in_ev * np.mean(np.abs(predicted - reference))


times_smaller = HARTREE
stays = ["R²", "order of two models"]


# %% q11_2: divided by the Hartree, and the error is thought to stay
# loses: an error in meV/atom, how much smaller, what stays
# hint: in the wrong direction
def energy_mae(predicted, reference, n_atoms, unit):
    in_ev = {"eV": 1.0, "Hartree": 1 / HARTREE}[unit]
    return 1000 * in_ev * np.mean(np.abs(predicted - reference) / n_atoms)


times_smaller = 1 / HARTREE
stays = ["MAE", "R²", "order of two models"]


# %% q11_3: forgot that work lowers the energy
# loses: is 1 where units belong together
# hint: against
def energy_over_work(frames):
    changes, works = [], []
    for i, j in pairwise(frames):
        mean_force = 0.5 * (i.get_forces() + j.get_forces())
        works.append(np.sum(mean_force * (j.positions - i.positions)))
        changes.append(j.get_potential_energy() - i.get_potential_energy())
    return np.dot(changes, works) / np.dot(works, works)


# %% q11_3: the force of one end
# loses: is 1 where units belong together
# hint: the force of one end alone
def energy_over_work(frames):
    changes, works = [], []
    for i, j in pairwise(frames):
        works.append(-np.sum(i.get_forces() * (j.positions - i.positions)))
        changes.append(j.get_potential_energy() - i.get_potential_energy())
    return np.dot(changes, works) / np.dot(works, works)


# %% q11_3: the sum instead of the mean of the forces
# loses: is 1 where units belong together
# hint: not their sum
def energy_over_work(frames):
    changes, works = [], []
    for i, j in pairwise(frames):
        works.append(-np.sum((i.get_forces() + j.get_forces()) * (j.positions - i.positions)))
        changes.append(j.get_potential_energy() - i.get_potential_energy())
    return np.dot(changes, works) / np.dot(works, works)


# %% q11_3: totals instead of differences
# loses: is 1 where units belong together, does not ask where energy is zero
# hint: lower by 4000 eV
def energy_over_work(frames):
    totals, works = [], []
    for i, j in pairwise(frames):
        mean_force = 0.5 * (i.get_forces() + j.get_forces())
        works.append(-np.sum(mean_force * (j.positions - i.positions)))
        totals.append(j.get_potential_energy())
    return np.dot(totals, works) / np.dot(works, works)


# %% q11_3: only sizes
# loses: is 1 where units belong together, sees a wrong unit and a wrong sign
# hint: goes unnoticed
def energy_over_work(frames):
    changes, works = [], []
    for i, j in pairwise(frames):
        mean_force = 0.5 * (i.get_forces() + j.get_forces())
        works.append(abs(np.sum(mean_force * (j.positions - i.positions))))
        changes.append(abs(j.get_potential_energy() - i.get_potential_energy()) * 1.01)
    return np.dot(changes, works) / np.dot(works, works)


# %% q11_4: by the work alone
# loses: A, B, C
# hint: which panel knows one of them alone
faults = {
    "A": ["energy: Hartree"],
    "B": ["forces: Hartree/Å"],
    "C": [],
    "D": ["forces: sign"],
    "E": [],
}

# %% q11_4: only what the first panel shows, and a factor of 4
# loses: B, C
# hint: see the rest
faults = {
    "A": ["forces: kcal/mol/Å"],
    "B": ["energy: kJ/mol"],
    "C": ["positions: Bohr"],
    "D": ["forces: sign"],
    "E": [],
}

# %% q11_4: sees faults everywhere
# loses: E
# hint: in order
faults = {
    "A": ["forces: kcal/mol/Å"],
    "B": ["energy: kcal/mol"],
    "C": ["energy: Hartree", "forces: Hartree/Bohr", "positions: Bohr"],
    "D": ["forces: sign"],
    "E": ["energy: Hartree"],
}

# %% q11_5: work finds everything
# loses: all of PySCF's units
# hint: their ratio stays 1
seen_by = {
    "energies in Hartree": ["work", "totals"],
    "gradients for forces": ["work", "pull"],
    "all of PySCF's units": ["distances", "work", "pull", "totals"],
    "energies in Hartree without references": ["work"],
}

# %% q11_5: totals find all that is in Hartree
# loses: energies in Hartree without references
# hint: nor after subtraction
seen_by = {
    "energies in Hartree": ["work", "totals"],
    "gradients for forces": ["work", "pull"],
    "all of PySCF's units": ["distances", "pull", "totals"],
    "energies in Hartree without references": ["work", "totals"],
}

# %% q11_5: one is enough
# loses: energies in Hartree, gradients for forces, all of PySCF's units
# hint: One more measurement
seen_by = {
    "energies in Hartree": ["totals"],
    "gradients for forces": ["work"],
    "all of PySCF's units": ["distances"],
    "energies in Hartree without references": ["work"],
}


# %% q11_6: three standard deviations from the mean
# loses: finds one in five, raises no false alarm
# hint: mean and standard deviation are wrong too
def strange_frames(frames):
    energies = np.array([atoms.get_potential_energy() for atoms in frames])
    return np.flatnonzero(abs(energies - energies.mean()) > 3 * energies.std()).tolist()


# %% q11_6: a median of the whole file
# loses: keeps molecules apart
# hint: for being heavier
def strange_frames(frames):
    energies = np.array([atoms.get_potential_energy() for atoms in frames])
    return np.flatnonzero(abs(energies - np.median(energies)) > 50.0).tolist()


# %% q11_6: a limit of 1 eV
# loses: raises no false alarm
# hint: it accuses heat
def strange_frames(frames):
    energies = np.array([atoms.get_potential_energy() for atoms in frames])
    formulas = np.array([atoms.get_chemical_formula() for atoms in frames])
    strange = np.zeros(len(frames), dtype=bool)
    for formula in set(formulas):
        own = formulas == formula
        strange[own] = abs(energies[own] - np.median(energies[own])) > 1.0
    return np.flatnonzero(strange).tolist()
