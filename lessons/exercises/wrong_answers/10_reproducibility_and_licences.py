# Typical wrong answers of book 10: what each loses, and words of the hint that is meant for it.


# %% q10_1: MD5, and only what is there
# loses: SHA-256 of the bytes, each file has its state
# hint: can be made on purpose
def fingerprint(data):
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def compare(published, here):
    return {n: "same" if fingerprint(d) == published.get(n) else "other" for n, d in here.items()}


# %% q10_1: white space stripped
# loses: SHA-256 of the bytes
# hint: other line ends is another file
def fingerprint(data):
    return hashlib.sha256(data.strip()).hexdigest()


def compare(published, here):
    states = {}
    for name, checksum in published.items():
        same = name in here and fingerprint(here[name]) == checksum.lower()
        states[name] = "same" if same else "other" if name in here else "missing"
    return states


# %% q10_1: blind for capitals
# loses: each file has its state
# hint: the same number
def fingerprint(data):
    return hashlib.sha256(data).hexdigest()


def compare(published, here):
    states = {}
    for name, checksum in published.items():
        same = name in here and fingerprint(here[name]) == checksum
        states[name] = "same" if same else "other" if name in here else "missing"
    return states


# %% q10_2: fills every field
# loses: licence, what nobody says
# hint: a sentence, no licence
passport = {
    "licence": "free for academic use",
    "level_of_theory": "wB97X/def2-TZVP",
    "units": "Hartree and kcal/mol/Å",
    "version": "v2.1",
    "checksum": "",
    "citation": "in preparation",
    "size": 1188,
}

# %% q10_2: writes what the course uses
# loses: licence, units, level of theory, size
# hint: what is in the *file*
passport = {
    "licence": "CC-BY-4.0",
    "level_of_theory": "ORCA 5",
    "units": "eV, eV/Å",
    "version": "2.1",
    "checksum": "unknown",
    "citation": "unknown",
    "size": 1200,
}


# %% q10_3: what is not forbidden is allowed
# loses: unknown is not yes, two that want the whole, four cases
# hint: all rights stay with the author
def may_give_away(licences):
    known = [name for name in licences if name in TERMS]
    return "yes" if all(TERMS[name].adapt for name in known) else "no"


verdicts = {
    "rMD17": "yes",
    "rMD17 and MD17": "yes",
    "rMD17 and GNoME": "yes",
    "MD17 and GNoME": "yes",
}


# %% q10_3: unknown comes first, sale is meant
# loses: one no is a no, unknown is not yes, two that want the whole, four cases
# hint: Passing on for nothing is not a sale
def may_give_away(licences):
    if "unknown" in licences:
        return "unknown"
    return "yes" if all(TERMS[n].adapt and TERMS[n].commercial for n in licences) else "no"


verdicts = {
    "rMD17": "yes",
    "rMD17 and MD17": "unknown",
    "rMD17 and GNoME": "no",
    "MD17 and GNoME": "unknown",
}


# %% q10_3: only two share-alike licences contradict each other
# loses: two that want the whole
# hint: wants the whole under its own terms
def may_give_away(licences):
    known = {name for name in licences if name in TERMS}
    alike = [name for name in known if TERMS[name].share_alike]
    if len(alike) > 1 or not all(TERMS[name].adapt for name in known):
        return "no"
    return "unknown" if "unknown" in licences else "yes"


verdicts = {
    "rMD17": "yes",
    "rMD17 and MD17": "unknown",
    "rMD17 and GNoME": "yes",
    "MD17 and GNoME": "unknown",
}


# %% q10_4: sixteen digits; same physics, same bits
# loses: the order of a sum, same bits, rounding
# hint: atoms are added in another order
def largest_spread(x, orders):
    sums = [np.cumsum(x[order])[-1] for order in orders]
    return max(sums) - min(sums)


outcome = {
    "nothing": "same bits",
    "another folder name": "same bits",
    "atoms renumbered": "same bits",
    "two threads, large batches": "rounding",
    "another seed": "another run",
    "length by seconds": "another run",
}


# %% q10_4: trusts the clock
# loses: rounding, another run
# hint: No clock runs twice the same
def largest_spread(x, orders):
    sums = [np.cumsum(x[order].astype(np.float32))[-1] for order in orders]
    return float(max(sums)) - float(min(sums))


outcome = {
    "nothing": "same bits",
    "another folder name": "same bits",
    "atoms renumbered": "rounding",
    "two threads, large batches": "rounding",
    "another seed": "another run",
    "length by seconds": "rounding",
}


# %% q10_5: goes through the card
# loses: missing sections, zero is an answer, the card of the exercise
# hint: not on the card at all
def open_sections(card):
    nothing = {"", "none", "[]", "unknown", "n/a"}
    return [name for name, text in card.items() if str(text).strip().lower() in nothing]


worst = open_sections(card)


# %% q10_5: whatever is false
# loses: empty is not an answer, zero is an answer, the card of the exercise
# hint: you call it open
def open_sections(card):
    return [name for name in SECTIONS if not card.get(name)]


worst = open_sections(card)


# %% q10_5: only what is not there
# loses: empty is not an answer, the card of the exercise
# hint: has not answered
def open_sections(card):
    return [name for name in SECTIONS if name not in card]


worst = open_sections(card)
