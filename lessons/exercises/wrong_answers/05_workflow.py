# Typical wrong answers of book 05: what each loses, and words of the hint that is meant for it.


# %% q05_1: per frame, in eV/Å, and a correlation
# loses: energy MAE, force RMSE, R²
# hint: a frame of 30 atoms
def energy_mae(labels, predicted, n_atoms):
    return 1000 * np.mean(np.abs(predicted - labels))


def force_rmse(labels, predicted):
    return np.sqrt(np.mean((predicted - labels) ** 2))


def r_squared(labels, predicted):
    return np.corrcoef(labels, predicted)[0, 1] ** 2


# %% q05_1: signs that cancel, lengths of vectors
# loses: energy MAE, force RMSE
# hint: opposite sign have cancelled
def energy_mae(labels, predicted, n_atoms):
    return abs(1000 * np.mean((predicted - labels) / n_atoms))


def force_rmse(labels, predicted):
    return 1000 * np.sqrt(((predicted - labels) ** 2).sum(axis=1).mean())


def r_squared(labels, predicted):
    return 1 - np.sum((labels - predicted) ** 2) / np.sum((labels - labels.mean()) ** 2)


# %% q05_1: the spread of the predictions in R²
# loses: R²
# hint: have changed places
def energy_mae(labels, predicted, n_atoms):
    return 1000 * np.mean(np.abs((predicted - labels) / n_atoms))


def force_rmse(labels, predicted):
    return 1000 * np.sqrt(np.mean((predicted - labels) ** 2))


def r_squared(labels, predicted):
    return 1 - np.sum((labels - predicted) ** 2) / np.sum((predicted - predicted.mean()) ** 2)


# %% q05_2: limits in eV, and more of the same
# loses: demands, sets that meet them, repair
# hint: Your limits seem to be in eV
def missed(report):
    found = {
        "energy MAE": report.energy_mae < 0.005,
        "force MAE": report.force_mae < 0.1,
        "force R²": report.force_r2 > 0.99,
    }
    return [name for name, met in found.items() if not met]


good_sets = [name for name, report in reports.items() if not missed(report)]
repair = "more frames at 500 K"


# %% q05_2: NaN is not larger than the limit
# loses: missing numbers
# hint: passes as if it were good
def missed(report):
    names = ["energy MAE"] if report.energy_mae >= 5 else []
    names += ["force MAE"] if report.force_mae >= 100 else []
    return names + (["force R²"] if report.force_r2 <= 0.99 else [])


good_sets = ["300 K", "500 K", "1000 K"]
repair = "frames of the bad kind"


# %% q05_2: only the first miss is told, R² forgotten
# loses: demands, missing numbers, repair
# hint: is let through
def missed(report):
    if not report.energy_mae < 5:
        return ["energy MAE"]
    return [] if report.force_mae < 100 else ["force MAE"]


good_sets = [name for name, report in reports.items() if not missed(report)]
repair = "train longer"

# %% q05_3: the warning believed, and the weight of the chapter
# loses: the larger term, equal terms, the weight chosen
# hint: And after the references?
larger_term = {"total energies": "energy", "references removed": "energy"}
w_E_equal = 0.01
w_E = 1000.0

# %% q05_3: the quotient upside down, the smallest weight because forces matter most
# loses: equal terms, the weight chosen
# hint: upside down
from mlp_course.training import loss_shares

larger_term = {"total energies": "energy", "references removed": "forces"}
shares = loss_shares(load_embedded("ethanol/500K")[:400:4], energy_weight=1.0, force_weight=1.0)
w_E_equal = shares.energy / shares.force
w_E = 1e-4


# %% q05_4: silence taken for consent
# loses: decision, how long to watch
# hint: silence is no consent
def decide(record, needed):
    return "reject" if any(row["verdict"] == "fail" for row in record["criteria"]) else "accept"


failed = [row["name"] for row in record["criteria"] if row["verdict"] == "fail"]
repair_of_report = "label frames with displaced atoms and train again"
watch_ns = 10


# %% q05_4: only needed rows looked at, the limit loosened
# loses: decision, what failed, what to do
# hint: nobody asked for
def decide(record, needed):
    verdicts = {row["name"]: row["verdict"] for row in record["criteria"]}
    found = {verdicts.get(name) for name in needed}
    return "accept" if found == {"pass"} else "reject" if "fail" in found else "measure more"


failed = [row["name"] for row in record["criteria"] if row["verdict"] != "pass"]
repair_of_report = "loosen the limit"
watch_ns = 30


# %% q05_5: a shorter step makes a shorter run
# loses: days of a run, two claims
# hint: more steps, not fewer
def wall_days(ns, timestep, seconds):
    return ns * 1e6 * timestep * seconds / 86400


seconds_allowed = 3 * 86400 / 1e9
apart = (1000, 1000)


# %% q05_5: hours, and a nanosecond for a microsecond
# loses: days of a run, seconds a step
# hint: days are asked for
def wall_days(ns, timestep, seconds):
    return ns * 1e6 / timestep * seconds / 3600


seconds_allowed = 3 * 86400 / 1e6
apart = (1000 / 3, 1000)
