# Typical wrong answers of book 03: what each loses, and words of the hint that is meant for it.


# %% q03_1: lengths added instead of vectors
# loses: net force, rejected
# hint: You added lengths
def net_force(atoms):
    return np.linalg.norm(atoms.get_forces(), axis=1).sum() / len(atoms)


def outliers(energies):
    away = np.abs(energies - np.median(energies))
    return np.flatnonzero(away > 10 * 1.4826 * np.median(away)).tolist()


rejected = [n for n in usable if net_force(frames[n]) > 0.005]


# %% q03_1: mean and standard deviation
# loses: robust outliers
# hint: hides the other
def net_force(atoms):
    return np.linalg.norm(atoms.get_forces().sum(axis=0)) / len(atoms)


def outliers(energies):
    away = np.abs(energies - energies.mean())
    return np.flatnonzero(away > 4 * energies.std()).tolist()


energies = np.array([frames[n].get_potential_energy() for n in usable])
strange = {usable[n] for n in outliers(energies)}
rejected = sorted(strange | {n for n in usable if net_force(frames[n]) > 0.005})


# %% q03_1: limit of two standard deviations, places among the usable ones
# loses: robust outliers, rejected
# hint: the limit is too tight
def net_force(atoms):
    return np.linalg.norm(atoms.get_forces().sum(axis=0)) / len(atoms)


def outliers(energies):
    away = np.abs(energies - np.median(energies))
    return np.flatnonzero(away > 2 * 1.4826 * np.median(away)).tolist()


rejected = outliers(np.array([frames[n].get_potential_energy() for n in usable]))


# %% q03_2: the mean left in, times in frames
# loses: autocorrelation, memory in fs
# hint: the mean was not taken off
def my_autocorrelation(series):
    n = len(series)
    products = np.array([series[: n - k] @ series[k:] / (n - k) for k in range(21)])
    return products / products[0]


from mlp_course.data import correlation_time

memory_fs = {"energy": correlation_time(energy), "torsion": correlation_time(torsion)}
stride = 9


# %% q03_2: not divided by the value at lag 0, thinned by the energy
# loses: autocorrelation, stride
# hint: but the torsion is not
def my_autocorrelation(series):
    away = series - series.mean()
    n = len(away)
    return np.array([away[: n - k] @ away[k:] / (n - k) for k in range(21)])


from mlp_course.data import correlation_time

memory_fs = {"energy": 50 * correlation_time(energy), "torsion": 50 * correlation_time(torsion)}
stride = round(2 * correlation_time(energy))


# %% q03_2: one correlation time
# loses: stride
# hint: the rule asks for more
def my_autocorrelation(series):
    away = series - series.mean()
    n = len(away)
    products = np.array([away[: n - k] @ away[k:] / (n - k) for k in range(21)])
    return products / products[0]


from mlp_course.data import correlation_time

memory_fs = {"energy": 50 * correlation_time(energy), "torsion": 50 * correlation_time(torsion)}
stride = round(correlation_time(torsion))


# %% q03_3: drawn at random
# loses: a gap in time, sizes
# hint: drawn at random, they leak
def my_split(n_frames, spacing):
    order = np.random.default_rng(0).permutation(n_frames)
    return order[: int(0.7 * n_frames)], order[int(0.7 * n_frames) :]


train, test = my_split(len(x), 20.0)
leak = leakage(x[train], x[test], closer_than=limit)


# %% q03_3: blocks without a gap
# loses: a gap in time
# hint: must lie between the parts
def my_split(n_frames, spacing):
    n_train = int(0.8 * n_frames)
    return np.arange(n_train), np.arange(n_train, n_frames)


train, test = my_split(len(x), 20.0)
leak = leakage(x[train], x[test], closer_than=limit)


# %% q03_3: the gap taken as 15 frames always, leak of the random split
# loses: a gap in time, sizes, leak measured
# hint: your own split
def my_split(n_frames, spacing):
    n_train = int(0.8 * n_frames)
    return np.arange(n_train), np.arange(n_train + 15, n_frames)


leak = leakage(*random_split(x, (0.8, 0.2), seed=0), closer_than=limit)


# %% q03_4: far from the last pick only
# loses: picks no row twice, far from all picks
# hint: from the last pick only
def my_farthest(x, n, start):
    picked = [start]
    while len(picked) < n:
        picked.append(int(np.linalg.norm(x - x[picked[-1]], axis=1).argmax()))
    return picked


def covering_radius(x, picked):
    return float(np.min([np.linalg.norm(x - x[k], axis=1) for k in picked], axis=0).max())


# %% q03_4: the sum of all distances
# loses: far from all picks, covering radius
# hint: beside one pick and far from
def my_farthest(x, n, start):
    picked, total = [start], np.linalg.norm(x - x[start], axis=1)
    while len(picked) < n:
        total[picked] = -np.inf
        picked.append(int(total.argmax()))
        total = total + np.linalg.norm(x - x[picked[-1]], axis=1)
    return picked


def covering_radius(x, picked):
    return float(np.max([np.linalg.norm(x - x[k], axis=1) for k in picked], axis=0).max())


# %% q03_4: the mean distance called a radius
# loses: covering radius
# hint: must reach the worst row
def my_farthest(x, n, start):
    picked, nearest = [start], np.linalg.norm(x - x[start], axis=1)
    while len(picked) < n:
        picked.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, np.linalg.norm(x - x[picked[-1]], axis=1))
    return picked


def covering_radius(x, picked):
    return float(np.min([np.linalg.norm(x - x[k], axis=1) for k in picked], axis=0).mean())


# %% q03_5: the chapter's own plan
# loses: temperatures, reaction paths, hydrogen, training
# hint: No margin in temperature
plan = {
    "data": {
        "equilibrium": {
            "n": 300,
            "adsorbates": ["CH3OH", "CH3O", "CH2O", "CHO", "H", "OH"],
            "sites": ["top", "bridge", "hollow"],
        },
        "dynamics": {"n": 2000, "temperatures": [300, 500]},
        "path": {
            "n": 800,
            "steps": ["CH3OH -> CH3O", "CH3O -> CH2O", "CH2O -> CHO", "CHO -> CO + H"],
            "images": 20,
            "conditions": 10,
        },
        "random": {"n": 500},
        "defect": {"n": 400, "kinds": ["step", "kink", "vacancy"]},
    },
    "dft": {
        "functional": "PBE",
        "dispersion": "D3",
        "encut_eV": 500,
        "kpoints": (4, 4, 1),
        "layers": 4,
        "vacuum_A": 15,
    },
    "model": {"family": "SchNet", "cutoff_A": 6.0},
    "training": {"w_E": 1, "w_F": 100, "split": (0.7, 0.15, 0.15), "split_by": "frame"},
    "validation": {
        "energy_meV_atom": 2,
        "force_meV_A": 60,
        "extrapolation": ["AIMD at 700 K"],
        "properties": ["adsorption energy", "barriers"],
    },
    "production": {"temperature": 500, "time_ns": 10, "timestep_fs": 0.5},
    "price": {"hours_a_label": 1.0, "nodes": 100, "node_hours": 4000, "days": 4000 / 2400},
}

# %% q03_5: the chapter's failures 1, 2 and 3 together
# loses: types of data, balance, temperatures, reaction paths, hydrogen, surface, cutoff, price
# hint: Bias to low energies
plan = {
    "data": {
        "equilibrium": {"n": 8000, "adsorbates": ["CH3OH", "CH3O", "CH2O", "H"], "sites": ["top"]},
        "dynamics": {"n": 1500, "temperatures": [500]},
        "path": {"n": 500, "steps": ["CH3OH -> CH2O + H + H"], "images": 50, "conditions": 10},
    },
    "dft": {
        "functional": "PBE",
        "dispersion": "D3(BJ)",
        "encut_eV": 500,
        "kpoints": (4, 4, 1),
        "layers": 4,
        "vacuum_A": 15,
    },
    "model": {"family": "SchNet", "cutoff_A": 3.0},
    "training": {"w_E": 1, "w_F": 100, "split": (0.8, 0.1, 0.1), "split_by": "trajectory"},
    "validation": {
        "energy_meV_atom": 2,
        "force_meV_A": 60,
        "extrapolation": ["steps"],
        "properties": ["adsorption energy", "barriers"],
    },
    "production": {"temperature": 500, "time_ns": 10, "timestep_fs": 0.5},
    "price": {"hours_a_label": 1.0, "nodes": 100, "node_hours": 10_000, "days": 100.0},
}

# %% q03_5: settings of a molecule in a box, hotter than trained, weights one to one
# loses: DFT settings, training, validation and run, price
# hint: largely by dispersion
steps = ["CH3OH -> CH3O + H", "CH3O -> CH2O + H", "H + H -> H2"]
plan = {
    "data": {
        "equilibrium": {
            "n": 400,
            "adsorbates": ["CH3OH", "CH3O", "CH2O", "H"],
            "sites": ["top", "bridge", "hollow"],
        },
        "dynamics": {"n": 3000, "temperatures": [300, 500, 700]},
        "path": {"n": 600, "steps": steps, "images": 20, "conditions": 10},
        "random": {"n": 500},
        "defect": {"n": 500, "kinds": ["step", "vacancy"]},
    },
    "dft": {
        "functional": "PBE",
        "dispersion": None,
        "encut_eV": 500,
        "kpoints": (1, 1, 1),
        "layers": 4,
        "vacuum_A": 15,
    },
    "model": {"family": "MACE", "cutoff_A": 5.0},
    "training": {"w_E": 1, "w_F": 1, "split": (0.8, 0.1, 0.1), "split_by": "trajectory"},
    "validation": {
        "energy_meV_atom": 2,
        "force_meV_A": 60,
        "extrapolation": ["steps"],
        "properties": ["adsorption energy", "barriers"],
    },
    "production": {"temperature": 600, "time_ns": 10, "timestep_fs": 2.0},
    "price": {"hours_a_label": 1.0, "nodes": 100, "node_hours": 5000, "days": 50.0},
}
