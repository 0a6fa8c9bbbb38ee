# Typical wrong answers of book 08: what each loses, and words of the hint that is meant for it.

# %% q08_1: forgot the planning, as the chapter did
# loses: days from start to end
# hint: somebody has to plan
a_success = {"node_hours": 15_000, "gpu_days": 3.5, "wall_days": 11.25}
a_failure = {"node_hours": 20_000, "gpu_days": 4.0, "wall_days": 13.75}
a_expected = {"node_hours": 16_500, "gpu_days": 3.65, "wall_days": 26.0}

# %% q08_1: a plain mean, GPU in hours
# loses: GPU-days, expected
# hint: both branches as equally likely
a_success = {"node_hours": 15_000, "gpu_days": 84.0, "wall_days": 25.25}
a_failure = {"node_hours": 20_000, "gpu_days": 96.0, "wall_days": 27.75}
a_expected = {key: (a_success[key] + a_failure[key]) / 2 for key in a_success}

# %% q08_1: six days of labelling, and failure on top of success
# loses: days from start to end, expected
# hint: not quite 6 days
a_success = {"node_hours": 15_000, "gpu_days": 3.5, "wall_days": 25.0}
a_failure = {"node_hours": 20_000, "gpu_days": 4.0, "wall_days": 27.5}
a_expected = {key: a_success[key] + 0.3 * a_failure[key] for key in a_success}

# %% q08_1: the second training forgotten
# loses: GPU-days, expected
# hint: trained once more
a_success = {"node_hours": 15_000, "gpu_days": 3.5, "wall_days": 25.25}
a_failure = {"node_hours": 20_000, "gpu_days": 3.5, "wall_days": 27.75}
a_expected = {key: 0.3 * a_success[key] + 0.7 * a_failure[key] for key in a_success}

# %% q08_2: rounds up as the chapter does
# loses: labels, node-hours
# hint: How many were labelled
b = {"labels": 2_000, "node_hours": 2_000, "gpu_days": 28 / 24 + 6}
b["wall_days"] = 7 + b["gpu_days"]

# %% q08_2: no final training, and only the GPU's time
# loses: GPU-days, days from start to end
# hint: final training is missing
b = {"labels": 1_900, "node_hours": 1_900, "gpu_days": 18 / 24 + 6, "wall_days": 28 / 24 + 6}

# %% q08_2: two explorations, and no judging in round two
# loses: GPU-days, days from start to end
# hint: the third round explores
b = {"labels": 1_900, "node_hours": 1_900, "gpu_days": 28 / 24 + 5}
b["wall_days"] = 6.5 + 28 / 24 + 6

# %% q08_3: against success, and a GPU-day for a dollar
# loses: cost, what is saved
# hint: expected value was asked
cost = {"A": 16_500 + 3.65, "B": 1_900 + 28 / 24 + 6}
saved = {"node_hours": 100 * (1 - 1_900 / 15_000), "gpu_days": -96.35, "wall_days": 45.5}
saved |= {"labels": 87.33, "cost": 87.5}
does_not_hold = [
    "A takes about 2 weeks if all goes well",
    "B labels 2,000 configurations",
    "20 % less time from start to end",
]

# %% q08_3: takes the chapter at its word
# loses: what is saved, claims that do not hold
# hint: There are more
cost = {"A": 16_587.6, "B": 2_072.0}
saved = {"node_hours": 88, "gpu_days": -96, "wall_days": 20, "labels": 87, "cost": 87}
does_not_hold = ["B labels 2,000 configurations"]

# %% q08_3: what is needed instead of what is saved; rejects what is rounded
# loses: what is saved, claims that do not hold
# hint: still needed
cost = {"A": 16_587.6, "B": 2_072.0}
saved = {"node_hours": 11.5, "gpu_days": 196.3, "wall_days": 54.5, "labels": 12.7, "cost": 12.5}
does_not_hold = [
    "88 % less node-hours",
    "A takes about 2 weeks if all goes well",
    "B labels 2,000 configurations",
    "20 % less time from start to end",
    "87 % less cost",
]


# %% q08_4: no final training
# loses: the formula, no labels saved
# hint: once more after the last round
def break_even_label_time(n_bulk, n_active, n_models, rounds, steps, t_train, t_step, t_bulk):
    loop = n_models * rounds * t_train + n_models * rounds * steps * t_step
    return (loop - t_bulk) / max(n_bulk - n_active, 1)


node_price = (172 - 87.6) / (16_500 - 1_900)


# %% q08_4: one model explores, and the price in GPU-days
# loses: the formula, price of a node-hour
# hint: your difference is in days
def break_even_label_time(n_bulk, n_active, n_models, rounds, steps, t_train, t_step, t_bulk):
    if n_active >= n_bulk:
        return None
    loop = n_models * (rounds + 1) * t_train + rounds * steps * t_step
    return (loop - t_bulk) / (n_bulk - n_active)


node_price = (28 / 24 + 6 - 3.65) / (16_500 - 1_900)


# %% q08_4: the other way is free
# loses: the formula
# hint: The other way trains as well
def break_even_label_time(n_bulk, n_active, n_models, rounds, steps, t_train, t_step, t_bulk):
    if n_active >= n_bulk:
        return None
    loop = n_models * (rounds + 1) * t_train + n_models * rounds * steps * t_step
    return loop / (n_bulk - n_active)


node_price = (172 - 87.6) / (16_500 - 1_900)


# %% q08_5: component by component
# loses: the formula of the lesson
# hint: they must be summed
def spread(forces):
    return np.sqrt(((forces - forces.mean(axis=0)) ** 2).mean(axis=(0, 2)))


def calibration_factor(errors, spreads):
    return np.sqrt(np.mean((np.asarray(errors) / np.asarray(spreads)) ** 2))


# %% q08_5: the largest component, and a mean of sizes
# loses: does not turn with the molecule, the formula of the lesson, calibration factor
# hint: components were treated one by one
def spread(forces):
    return forces.std(axis=0).max(axis=1)


def calibration_factor(errors, spreads):
    return np.mean(np.abs(errors) / spreads)


# %% q08_5: sample standard deviation, and upside down
# loses: the formula of the lesson, calibration factor
# hint: divides by the number of models
def spread(forces):
    return np.sqrt((forces.std(axis=0, ddof=1) ** 2).sum(axis=1))


def calibration_factor(errors, spreads):
    return 1 / np.sqrt(np.mean((np.asarray(errors) / np.asarray(spreads)) ** 2))


# %% q08_5: forgot to subtract the mean
# loses: zero where all agree, the formula of the lesson, calibration factor
# hint: subtract their mean
def spread(forces):
    return np.sqrt((forces**2).sum(axis=2).mean(axis=0))


def calibration_factor(errors, spreads):
    return np.sqrt(np.mean(np.square(errors)) / np.mean(np.square(spreads)))


# %% q08_6: stops at the first bad frame
# loses: trusts as much as it may
# hint: fewer frames than it may
def threshold(spreads, errors, limit, wanted):
    order = np.argsort(spreads)
    kept = np.cumsum(errors[order] <= limit) / np.arange(1, len(errors) + 1)
    return spreads[order][np.argmax(kept < wanted) - 1]


# %% q08_6: takes the limit of the error
# loses: keeps the promise, trusts as much as it may, follows the limit
# hint: a spread is a different number
def threshold(spreads, errors, limit, wanted):
    return limit


# %% q08_6: counts all frames, not the trusted ones
# loses: keeps the promise, trusts as much as it may, follows the limit
# hint: keep the limit
def threshold(spreads, errors, limit, wanted):
    return np.quantile(spreads, wanted)
