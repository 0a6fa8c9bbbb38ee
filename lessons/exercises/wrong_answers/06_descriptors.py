# Typical wrong answers of book 06: what each loses, and words of the hint that is meant for it.


# %% q06_1: rises again beyond the cutoff
# loses: fades to zero, has the right values
# hint: a cosine rises again
def my_cutoff(d, cutoff):
    return 0.5 * (torch.cos(torch.pi * d / cutoff) + 1)


# %% q06_1: cut off sharply
# loses: ends without a kink, has the right values
# hint: forces would jump
def my_cutoff(d, cutoff):
    return torch.where(d < cutoff, 1 - d / cutoff, torch.zeros_like(d))


# %% q06_2: pairs counted twice, and with themselves
# loses: every two neighbours once, agrees for many neighbours
# hint: paired with itself
def my_angular(r_ij, eta, zeta, lambda_, cutoff):
    total = 0.0
    for r_j in r_ij:
        for r_k in r_ij:
            cos_theta = r_j @ r_k / (r_j.norm() * r_k.norm())
            sides = torch.stack([r_j.norm(), r_k.norm(), (r_j - r_k).norm()])
            fade = cosine_cutoff(sides, cutoff).prod()
            angle = (1 + lambda_ * cos_theta) ** zeta
            total = total + angle * torch.exp(-eta * (sides**2).sum()) * fade
    return 2 ** (1 - zeta) * total


# %% q06_2: each two twice
# loses: every two neighbours once, agrees for many neighbours
# hint: as j, k and as k, j
def my_angular(r_ij, eta, zeta, lambda_, cutoff):
    total = 0.0
    for j, r_j in enumerate(r_ij):
        for k, r_k in enumerate(r_ij):
            if j != k:
                cos_theta = r_j @ r_k / (r_j.norm() * r_k.norm())
                sides = torch.stack([r_j.norm(), r_k.norm(), (r_j - r_k).norm()])
                fade = cosine_cutoff(sides, cutoff).prod()
                angle = (1 + lambda_ * cos_theta) ** zeta
                total = total + angle * torch.exp(-eta * (sides**2).sum()) * fade
    return 2 ** (1 - zeta) * total


# %% q06_2: dot product taken for the cosine
# loses: only the angle, agrees for many neighbours
# hint: grows with the distances
def my_angular(r_ij, eta, zeta, lambda_, cutoff):
    total = 0.0
    for j, r_j in enumerate(r_ij):
        for r_k in r_ij[j + 1 :]:
            sides = torch.stack([r_j.norm(), r_k.norm(), (r_j - r_k).norm()])
            fade = cosine_cutoff(sides, cutoff).prod()
            angle = (1 + lambda_ * (r_j @ r_k)) ** zeta
            total = total + angle * torch.exp(-eta * (sides**2).sum()) * fade
    return 2 ** (1 - zeta) * total


# %% q06_2: exponent of the prefactor with the wrong sign
# loses: the prefactor, agrees for many neighbours
# hint: the same for every ζ
def my_angular(r_ij, eta, zeta, lambda_, cutoff):
    total = 0.0
    for j, r_j in enumerate(r_ij):
        for r_k in r_ij[j + 1 :]:
            cos_theta = r_j @ r_k / (r_j.norm() * r_k.norm())
            sides = torch.stack([r_j.norm(), r_k.norm(), (r_j - r_k).norm()])
            fade = cosine_cutoff(sides, cutoff).prod()
            angle = (1 + lambda_ * cos_theta) ** zeta
            total = total + angle * torch.exp(-eta * (sides**2).sum()) * fade
    return 2 ** (zeta - 1) * total


# %% q06_2: the third side forgotten in the cutoffs
# loses: j and k see each other, agrees for many neighbours
# hint: within no cutoff
def my_angular(r_ij, eta, zeta, lambda_, cutoff):
    total = 0.0
    for j, r_j in enumerate(r_ij):
        for r_k in r_ij[j + 1 :]:
            cos_theta = r_j @ r_k / (r_j.norm() * r_k.norm())
            sides = torch.stack([r_j.norm(), r_k.norm(), (r_j - r_k).norm()])
            fade = cosine_cutoff(sides[:2], cutoff).prod()
            angle = (1 + lambda_ * cos_theta) ** zeta
            total = total + angle * torch.exp(-eta * (sides**2).sum()) * fade
    return 2 ** (1 - zeta) * total


# %% q06_3: compared with ==
# loses: rounding is no change, the table
# hint: 0.1 + 0.2 and 0.3
def unchanged(view, atoms, other):
    return bool((view(atoms) == view(other)).all())


survives = {
    name: {how: unchanged(view, molecule, copy) for how, copy in copies.items()}
    for name, view in views.items()
}


# %% q06_3: only the sums compared
# loses: small changes are seen, the table
# hint: the same sum
def unchanged(view, atoms, other):
    return bool(np.isclose(view(atoms).sum(), view(other).sum()))


survives = {
    name: {how: unchanged(view, molecule, copy) for how, copy in copies.items()}
    for name, view in views.items()
}


# %% q06_3: the sign of the difference kept
# loses: small changes are seen
# hint: one that fell is not
def unchanged(view, atoms, other):
    return bool((view(atoms) - view(other)).max() < 1e-8)


survives = {
    name: {how: bool(np.allclose(view(molecule), view(copy))) for how, copy in copies.items()}
    for name, view in views.items()
}


# %% q06_4: a turned copy taken for a twin
# loses: the twins differ, the harder twins
# hint: turned, mirrored or renumbered
water = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
turned = water.copy()
turned.rotate(40, "z")
twins = harder_twins = [water, turned]
bodies_needed = {"twins": 3, "harder_twins": 4}

# %% q06_4: a bond stretched, and twins that angles tell apart
# loses: G2 cannot tell the twins, the harder twins
# hint: G2 sees that
water = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
stretched = Atoms("OH2", [[0, 0, 0], [1.2, 0, 0], [-0.24, 0.93, 0]])
straight = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.96, 0, 0]])
twins, harder_twins = [water, stretched], [water, straight]
bodies_needed = {"twins": 3, "harder_twins": 4}

# %% q06_4: the centre not counted as a body
# loses: bodies needed
# hint: neighbours only
from mlp_course.descriptors import twin_environments

bent = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [0, 0.96, 0]])
straight = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.96, 0, 0]])
twins, harder_twins = [bent, straight], twin_environments(60)
bodies_needed = {"twins": 2, "harder_twins": 3}

# %% q06_5: learned features taken for chosen ones, lengths quoted from the chapter
# loses: row: GNN, lengths
# hint: about SOAP for one element
shapes = {"eta", "r_s", "zeta", "lambda_"}
levels = ("by_hand", "chosen", "data_efficiency", "labels", "interpretability")
table = {
    "symmetry functions": ("high", shapes, "low", 30_000, "high"),
    "SOAP": ("medium", {"n_max", "l_max", "sigma"}, "medium", 8_000, "medium"),
    "GNN": ("low", {"n_features", "n_layers"} | shapes, "medium", 8_000, "low"),
    "equivariant GNN": ("low", {"n_features", "n_layers", "l_max"}, "high", 4_000, "low"),
}
comparison = {family: dict(zip(levels, row, strict=True)) for family, row in table.items()}
lengths = {"symmetry functions": 96, "SOAP": 50}
advice = {
    "every number must be explained": "symmetry functions",
    "a crystal, with a kernel method": "SOAP",
    "an organic molecule, many labels, an easy start": "GNN",
    "few labels, highest accuracy": "equivariant GNN",
}

# %% q06_5: data efficiency mistaken for need of data
# loses: row: symmetry functions, row: equivariant GNN, advice
# hint: need not be learnt from turned copies
shapes = {"eta", "r_s", "zeta", "lambda_"}
levels = ("by_hand", "chosen", "data_efficiency", "labels", "interpretability")
table = {
    "symmetry functions": ("high", shapes, "high", 30_000, "high"),
    "SOAP": ("medium", {"n_max", "l_max", "sigma"}, "medium", 8_000, "medium"),
    "GNN": ("low", {"n_features", "n_layers"}, "medium", 8_000, "low"),
    "equivariant GNN": ("low", {"n_features", "n_layers", "l_max"}, "low", 4_000, "low"),
}
comparison = {family: dict(zip(levels, row, strict=True)) for family, row in table.items()}
lengths = {
    "symmetry functions": SymmetryFunctions([1, 6, 8], cutoff=5.0).n_components,
    "SOAP": SOAP([1, 6, 8], cutoff=5.0).n_components,
}
advice = {
    "every number must be explained": "equivariant GNN",
    "a crystal, with a kernel method": "SOAP",
    "an organic molecule, many labels, an easy start": "GNN",
    "few labels, highest accuracy": "symmetry functions",
}
