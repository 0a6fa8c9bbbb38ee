# Typical wrong answers of book 09: what each loses, and words of the hint that is meant for it.


# %% q09_1: takes off the mean
# loses: counts of atoms cancel, keeps what is left, sixteen digits
# hint: One mean for all
def without_references(counts, energies):
    return energies - energies.mean()


# %% q09_1: float32 comes first
# loses: sixteen digits
# hint: digits were lost
def without_references(counts, energies):
    references = np.linalg.lstsq(counts, energies, rcond=None)[0]
    return (energies.astype("float32") - (counts @ references).astype("float32")).astype(float)


# %% q09_1: per atom
# loses: keeps what is left, sixteen digits
# hint: not those of an atom
def without_references(counts, energies):
    references = np.linalg.lstsq(counts, energies, rcond=None)[0]
    return (energies - counts @ references) / counts.sum(axis=1)


# %% q09_2: the share of energies, by training error, at the first bad epoch
# loses: share of the forces, the weight, stops in time, goes back
# hint: at the first bad epoch
def force_share(energy_errors, force_errors, w_e, w_f):
    energy, force = w_e * np.mean(energy_errors**2), w_f * np.mean(force_errors**2)
    return energy / (energy + force)


def pick_weight(table):
    return table["training"].idxmin()


def stop(errors, patience):
    for epoch in range(1, len(errors)):
        if errors[epoch] > errors[epoch - 1]:
            break
    return epoch, epoch


# %% q09_2: by the test frames, and the last epoch's weights
# loses: the weight, goes back
# hint: nothing is left to test with
def force_share(energy_errors, force_errors, w_e, w_f):
    energy, force = w_e * np.mean(energy_errors**2), w_f * np.mean(force_errors**2)
    return force / (energy + force)


def pick_weight(table):
    return table["test"].idxmin()


def stop(errors, patience):
    best = 0
    for epoch, error in enumerate(errors):
        best = epoch if error < errors[best] else best
        if epoch - best >= patience:
            break
    return epoch, epoch


# %% q09_2: sizes, and knows the future
# loses: share of the forces, stops in time, goes back
# hint: what comes later
def force_share(energy_errors, force_errors, w_e, w_f):
    energy, force = w_e * np.mean(abs(energy_errors)), w_f * np.mean(abs(force_errors))
    return force / (energy + force)


def pick_weight(table):
    return table["validation"].idxmin()


def stop(errors, patience):
    return len(errors) - 1, int(np.argmin(errors))


# %% q09_3: the sign, and frames rounded down
# loses: the exponent, frames until a target
# hint: the minus stands outside
def exponent(n, errors):
    return np.polyfit(np.log(n), np.log(errors), 1)[0]


def frames_needed(n, errors, target):
    slope, start = np.polyfit(np.log(n), np.log(errors), 1)
    return int(np.exp((np.log(target) - start) / slope))


plan = frames_needed(n_train, errors, 20.0)


# %% q09_3: two end points, and the next measured number
# loses: the exponent, the plan
# hint: not the two ends
def exponent(n, errors):
    return np.log(errors[0] / errors[-1]) / np.log(n[-1] / n[0])


def frames_needed(n, errors, target):
    b = exponent(n, errors)
    return None if b <= 0 else int(np.ceil(n[0] * (errors[0] / target) ** (1 / b)))


plan = 950


# %% q09_3: straight line without logarithms
# loses: the exponent, frames until a target, the plan
# hint: must come out as 0.7
def exponent(n, errors):
    return -np.polyfit(n, errors, 1)[0]


def frames_needed(n, errors, target):
    slope, start = np.polyfit(n, errors, 1)
    return int(np.ceil((target - start) / slope))


plan = frames_needed(n_train, errors, 20.0)


# %% q09_4: not applicable counts as passed
# loses: what was not looked at, how long to watch
# hint: nobody has looked
def decide(report, must):
    return "no" if "fail" in [report["verdict"].get(name) for name in must] else "yes"


watch = 1.0


# %% q09_4: everything must pass
# loses: a failure that does not, what was not looked at
# hint: neither a pass nor a fail
def decide(report, must):
    return "yes" if (report["verdict"] == "pass").all() else "no"


watch = 3.0


# %% q09_4: an unknown hides a failure
# loses: a failure that matters
# hint: One failure is enough
def decide(report, must):
    found = [report["verdict"].get(name, "not there") for name in must]
    if any(verdict not in ("pass", "fail") for verdict in found):
        return "cannot tell"
    return "no" if "fail" in found else "yes"


watch = 3.0
