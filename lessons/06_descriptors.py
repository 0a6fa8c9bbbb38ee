# %% [markdown]
# # 06 · Descriptors
#
# **Turn a molecule in your hand and its energy stays the same. All of its coordinates change. What has to be
# done to coordinates before a model may learn from them, and what gets lost on the way?**
#
# After this lesson you can
#
# 1. test a *descriptor* (the numbers that a model sees instead of coordinates), and say which one fails where,
# 2. read and compute symmetry functions, SOAP and learned features,
# 3. choose a descriptor and its cutoff by measurement, for a system of your own.
#
# - **You need** [lesson 00](00_start_here.ipynb); [lesson 05](05_workflow.ipynb) helps.
# - **Time** under 4 minutes to run on two cores, about an hour to work through. The first two sections
#   take ten minutes and hold the main point.
# - **Memory** under 1.5 GB; measured values stand in [the list of lessons](README.md).
# - **Data** ethanol and malonaldehyde, labelled for this course with PySCF at the level PBE/def2-SVP (CC0),
#   and molten copper that we make here with EMT, a fast approximate potential for metals.

# %%
import numpy as np
import torch
from mlp_course.data import load_embedded
from mlp_course.teaching import show_molecule

torch.set_num_threads(1)  # the systems are small, more threads gain nothing
ethanol = load_embedded("ethanol/torsion")[-1]
show_molecule(ethanol)

# %% [markdown]
# ## What a descriptor must do
#
# Eight versions of this molecule. The first five have **the same energy**, by physics: original, *moved*,
# *turned*, *mirrored*, and *renumbered* (two hydrogens have swapped their places in the list). The last three
# do not: every atom *shaken* by about 0.02 Å, the OH group turned to another *conformer* (same bonds, another
# shape), and dimethyl *ether* (the same atoms, another molecule).

# %%
from ase.build import molecule

copies = {name: ethanol.copy() for name in ("original", "moved", "turned", "mirrored")}
copies["moved"].translate((1.0, 0.5, -0.3))  # Å
copies["turned"].rotate(60, (1, 2, 3))
copies["mirrored"].positions[:, 0] *= -1
copies["renumbered"] = ethanol[[0, 1, 2, 8, 4, 5, 6, 7, 3]]  # H of OH with an H of CH₂
copies["shaken"] = ethanol.copy()
copies["shaken"].rattle(0.02, seed=0)
copies["conformer"] = load_embedded("ethanol/torsion")[4]
copies["ether"] = molecule("CH3OCH3")[[0, 2, 1, 3, 4, 5, 6, 7, 8]]  # C, C, O, H, ... as above
shown = ("original", "conformer", "ether")
show_molecule([copies[name] for name in shown], names=shown, align=True)

# %% [markdown]
# A good descriptor gives 0 for every two of the first five (framed below), little for *shaken*, more for the
# last two. We measure how different two descriptions $\mathbf x_a$, $\mathbf x_b$ are by
# $\Delta_{ab} = |\mathbf x_a - \mathbf x_b|$ divided by their mean length, in percent.
#
# *Announced failure.* The plainest descriptor is the list of coordinates itself. **Predict:**
# order *shaken*, *turned* and *conformer* by how far the list takes them from the original.

# %%
from mlp_course.descriptors import difference_table, raw_coordinates
from mlp_course.teaching import plot_differences

table = difference_table([raw_coordinates(atoms) for atoms in copies.values()])
plot_differences({"raw coordinates": table}, list(copies), equal=5)

# %% [markdown]
# *Shaken*, *conformer*, *turned* (first row). A molecule that was only turned counts as more different than
# another conformer. A model that sees coordinates has to learn from data, orientation by orientation, what physics
# gives for free.
#
# **Repair, first attempt.** Distances know nothing of directions. The *Coulomb matrix* holds the repulsion of
# every two nuclei,
#
# $$M_{ij} = \frac{Z_i Z_j}{d_{ij}}, \qquad M_{ii} = \tfrac12 Z_i^{2.4} .$$
#
# (The diagonal was fitted in atomic units; we keep it and take the rest in e²/Å, where its authors use bohr
# throughout. That changes the weights of the entries, and none of the arguments below.)
#
# **Predict:** which of the five does it still get wrong? And what would sorting its rows, by their length
# say, do about it?

# %%
from mlp_course.descriptors import coulomb_matrix, sorted_coulomb_matrix

tables = {
    "Coulomb matrix": difference_table([coulomb_matrix(a) for a in copies.values()]),
    "sorted": difference_table([sorted_coulomb_matrix(a) for a in copies.values()]),
}
plot_differences(tables, list(copies), equal=5)

# %% [markdown]
# *Renumbered*: new numbers for the same atoms, and the matrix sees more of a change than for another
# conformer. Sorting nearly repairs that. What remains, 0.18 % even for a molecule that was only *moved*,
# comes from two hydrogens that mirror each other: their rows are equally long, and the last digit decides
# which one comes first. The order of the last three is not what we asked for either: *shaken* (0.82 %) lies
# further away than *conformer* (0.65 %).
#
# That looks harmless. **Predict:** a molecule vibrates, smoothly. Its sorted Coulomb matrix changes (a)
# smoothly too, (b) with kinks, (c) with jumps.

# %%
from ase import Atoms
from scipy.interpolate import CubicSpline

path = load_embedded("malonaldehyde/proton_transfer")  # 11 images, a proton goes from O to O
spline = CubicSpline(range(11), [image.positions for image in path])
images = np.linspace(3, 7, 201)
hop = [sorted_coulomb_matrix(Atoms(path[0].numbers, spline(t)))[0, 5] for t in images]

bonds, stretch = np.linspace(1.0, 1.1, 201), []
for bond in bonds:  # Å, one C–H bond of ethanol
    stretched = ethanol.copy()
    stretched.set_distance(1, 5, bond, fix=0)
    stretch.append(sorted_coulomb_matrix(stretched)[0, 8])

# %%
from mlp_course.teaching import plot_lines

axes = {"y": "one element / (e²/Å)", "markers": False}
plot_lines({"sorted, proton hops": (images, hop)}, x="image of the path / 1", **axes)

# %%
plot_lines({"sorted, C–H stretches": (bonds, stretch)}, x="C–H bond / Å", **axes)

# %% [markdown]
# Both (b) and (c). Sorting exchanges two rows whenever their lengths cross. In the proton transfer the two
# oxygens change rank at the symmetric middle, where their rows mirror each other: a kink, so forces jump. In
# an ordinary C–H vibration two hydrogens change rank whose rows are *not* alike: the description jumps, and
# with it the energy of anything built on it. Molecular dynamics would not survive that.
#
# **Repair that holds.** Do not sort. *Sum* over the neighbours: a sum does not care about order, and it is
# smooth. Symmetry functions and SOAP, built below, are such sums.

# %%
from mlp_course.descriptors import SOAP, SymmetryFunctions, describe_structure

functions = SymmetryFunctions([1, 6, 8], cutoff=5.0)
soap = SOAP([1, 6, 8], cutoff=5.0, n_max=4, l_max=4)
tables = {
    "symmetry functions": [describe_structure(functions, a) for a in copies.values()],
    "SOAP": [describe_structure(soap, a) for a in copies.values()],
}
tables = {name: difference_table(rows) for name, rows in tables.items()}
plot_differences(tables, list(copies), equal=5)

# %% [markdown]
# **This picture is the lesson in one image.** Zeros in the block of five, small numbers for the shaken copy,
# large ones for what is really different. So a descriptor must be
#
# 1. unchanged by moving, turning, mirroring and renumbering,
# 2. smooth,
# 3. different for what is different (we will see that this is the hard one),
# 4. cheap, and of a length that does not depend on the number of neighbours.
#
# ## Fading out: cutoff functions
#
# An atom sees its neighbours up to a *cutoff* $r_c$. One that crosses the border must do so unnoticed, so
# each neighbour gets a weight $f_c(d)$ that falls from 1 to 0:
#
# $$\text{cosine: } \tfrac12\left[\cos\tfrac{\pi d}{r_c} + 1\right], \qquad
# \tanh^3\left(1 - \tfrac{d}{r_c}\right)\big/\tanh^3(1), \qquad
# \text{polynomial: } 1 - 28 u^6 + 48 u^7 - 21 u^8,\; u = \tfrac{d}{r_c} .$$
#
# **Predict:** with $r_c$ = 5 Å, how much does a neighbour at half the cutoff still weigh: 1, ½, or nearly 0?

# %%
from mlp_course.descriptors import cosine_cutoff, polynomial_cutoff, tanh_cutoff
from mlp_course.teaching import plot_panels

d = torch.linspace(0.01, 6.0, 300, dtype=torch.float64)  # Å
kinds = {"cosine": cosine_cutoff, "tanh³": tanh_cutoff, "polynomial": polynomial_cutoff}
values = {name: f(d, 5.0) for name, f in kinds.items()}
slopes = {name: np.gradient(v, d) for name, v in values.items()}
panels = {"weight / 1": values, "slope / Å⁻¹": slopes}
curves = {title: {n: (d, v) for n, v in lines.items()} for title, lines in panels.items()}
plot_panels(curves, x="distance / Å", y="cutoff function")

# %% [markdown]
# It depends: the cosine says ½, the polynomial 0.86, tanh³ 0.22. The choice matters: with tanh³ the "5 Å" are
# hardly 4. At the cutoff the *slope* of the cosine meets zero at an angle, so forces have a kink there; the
# two others do not.
#
# One distance is then spread over several numbers, so that a network can tell 1.0 from 1.1 Å. Three *radial
# bases*:
#
# $$\text{Gaussian } e^{-(d-\mu_n)^2/2\sigma^2}, \qquad
# \text{Bessel } \sqrt{\tfrac{2}{r_c}}\,\tfrac{\sin(n\pi d/r_c)}{d}, \qquad
# \text{Chebyshev } T_{n-1}\!\left(1 - \tfrac{2d}{r_c}\right), \qquad n = 1, 2, \dots$$

# %%
from mlp_course.descriptors import bessel_basis, chebyshev_basis, gaussian_basis

inside = torch.linspace(0.4, 5.0, 300, dtype=torch.float64)  # Å
bases = {"Gaussian": gaussian_basis, "Bessel": bessel_basis, "Chebyshev": chebyshev_basis}
panels = {
    name: {f"n = {n + 1}": (inside, row) for n, row in enumerate(f(inside, 4, 5.0).T)}
    for name, f in bases.items()
}
plot_panels(panels, x="distance / Å", y="basis function")

# %% [markdown]
# Gaussians are local and easy to read (SchNet uses them). Bessel functions resolve short distances finely
# with few functions (DimeNet, NequIP, MACE). Chebyshev polynomials cost no exponential.
#
# ## Symmetry functions: count in soft shells
#
# Behler and Parrinello's radial function counts neighbours in a shell of radius $R_s$ and sharpness $\eta$:
#
# $$G^2_i = \sum_j e^{-\eta (d_{ij} - R_s)^2} f_c(d_{ij}) .$$
#
# The whole method is this, beside the package's own function:

# %% tags=["nbval-check-output"]
from mlp_course.data.neighbours import neighbour_list
from mlp_course.descriptors import radial_symmetry_function

graph = neighbour_list(ethanol, 5.0)
d_ij = graph.pair_vectors().norm(dim=1)  # (n_pairs,), Å
eta, r_s = 4.0, 1.0
shell = torch.exp(-eta * (d_ij - r_s) ** 2) * cosine_cutoff(d_ij, 5.0)
g2 = torch.zeros(9, dtype=torch.float64).index_add(0, graph.idx_i, shell)  # the sum over j
packaged = radial_symmetry_function(d_ij, graph.idx_i, 9, eta=eta, r_s=r_s, cutoff=5.0)
print(torch.allclose(g2, packaged), g2[:3].numpy().round(2), "for C (CH₂), C (CH₃), O")

# %% [markdown]
# A hydrogen at 1.0 to 1.1 Å counts almost fully, a carbon or oxygen at 1.4 to 1.5 Å about a third. So CH₂ (two
# hydrogens, two heavier neighbours) has 2.4, CH₃ (three and one) 2.9, and the oxygen (one and one) 1.3.
#
# Angles need two neighbours at once. $G^5$ takes the angle at $i$ only; $G^4$ also asks $j$ and $k$ to be
# close to each other, by two more factors of $d_{jk}$, one in the exponential and one $f_c(d_{jk})$:
#
# $$G^5_i = 2^{1-\zeta} \sum_{j<k} (1 + \lambda \cos\theta_{jik})^\zeta \;
#   e^{-\eta (d_{ij}^2 + d_{ik}^2)} \, f_c(d_{ij}) f_c(d_{ik}) .$$
#
# $\lambda$ is +1 or −1 and says whether the function is largest at 0° or at 180°. $\zeta$ says how narrow it
# is around there.
#
# (Each pair $j<k$ once. A sum "over $j, k \ne i$" may mean twice; packages differ by that factor of 2.)

# %% tags=["nbval-check-output"]
from mlp_course.descriptors import angular_symmetry_function, neighbour_triples

eta, zeta, lambda_ = 0.0, 4.0, -1.0
pair_ij, pair_ik = neighbour_triples(graph.idx_i)  # every two neighbours j, k of each atom
r_ij = graph.pair_vectors()
dot = (r_ij[pair_ij] * r_ij[pair_ik]).sum(dim=1)
cos_theta = dot / (d_ij[pair_ij] * d_ij[pair_ik])  # (n_triples,)
angle = 2 ** (1 - zeta) * (1 + lambda_ * cos_theta) ** zeta
fade = cosine_cutoff(d_ij, 5.0)
weight = torch.exp(-eta * (d_ij[pair_ij] ** 2 + d_ij[pair_ik] ** 2)) * fade[pair_ij] * fade[pair_ik]
g5 = torch.zeros(9, dtype=torch.float64).index_add(0, graph.idx_i[pair_ij], angle * weight)
options = dict(eta=eta, zeta=zeta, lambda_=lambda_, cutoff=5.0, with_jk=False)
print(torch.allclose(g5, angular_symmetry_function(r_ij, graph.idx_i, 9, **options)))

# %% [markdown]
# Now play. The centre is the oxygen, atom 2. Points are its neighbours (middle) and its angles (right).
#
# 1. Set $\eta$ and $R_s$ so that $G^2$ counts the hydroxyl hydrogen (0.97 Å) and nothing else.
# 2. Then lower the cutoff towards 1.2 Å, where this hydrogen is still well inside. **What happens to the count, and why is a
#    cutoff just behind a neighbour a bad idea?**
# 3. The C–O–H angle is about 108°. **Which sign of $\lambda$ gives it more weight, and what does a large $\zeta$ do?**

# %%
from mlp_course.teaching import SymmetryFunctionExplorer

SymmetryFunctionExplorer(ethanol, centre=2, eta=4.0, r_s=1.0, zeta=4.0, lambda_=-1.0, cutoff=4.0)

# %% [markdown]
# 1\. For example $\eta$ = 20 Å⁻², $R_s$ = 1 Å. 2. The count falls below 0.1: the cutoff function does not start to act at the cutoff, it acts
# everywhere below. A neighbour just inside is nearly invisible. 3. λ = −1, since the cosine is negative; a
# large ζ keeps only angles near 180° (or near 0° for +1) and blinds the function to all others. That is why
# sets mix several ζ and both signs.
#
# Our default set for H, C and O:

# %% tags=["nbval-check-output"]
print(functions.n_components, "numbers an atom, for example", functions.labels[2::40])

# %% [markdown]
# ## SOAP: the neighbours as a cloud
#
# SOAP, the *smooth overlap of atomic positions*, smears every neighbour out to a Gaussian of width σ and expands
# the cloud in radial functions times spherical harmonics, $\rho_i(\mathbf r) = \sum_{nlm} c_{nlm}\, g_n(r)\,
# Y_{lm}(\hat{\mathbf r})$. Turning the molecule mixes the coefficients of different $m$, and only those, as it
# mixes the x, y, z of an arrow. From them one builds
#
# $$p_{nn'l} \propto \sum_m c_{nlm}\, c_{n'lm} .$$
#
# This *power spectrum* is the descriptor. **Predict:** after turning the molecule, which change: $c$, $p$,
# both, none?


# %%
def coefficients(atoms):
    graph = neighbour_list(atoms, 5.0)
    inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    c = soap.coefficients(*inputs)  # (n_atoms, n_elements, n_max, (l_max + 1)²)
    return c[2].flatten(0, 1)  # of the O; each element and each n is a channel


def power(c, l):
    block = c[:, l * l : (l + 1) ** 2]  # (n_channels, 2l + 1)
    return block @ block.T  # the sum over m


before, after = coefficients(copies["original"]), coefficients(copies["turned"])
print(f"c: changed by up to {(after - before).abs().max() / before.abs().max():.0%}")
for l in range(3):
    print(f"p, l = {l}: {(power(after, l) - power(before, l)).abs().max():.0e}")

# %% [markdown]
# $c$ changes, $p$ does not: like the squared length of an arrow, a sum over all $m$ stays. In the words of the
# chapter that this course follows, the cloud is an "electron density"; it is not: nothing in it knows about
# electrons. It is a blurred picture of where the nuclei are.
#
# ## Fingerprints along a reaction
#
# Each atom's description should follow a reaction smoothly, and tell where it stands. Below, the proton of
# malonaldehyde on its way from one oxygen to the other, and how the symmetry functions of **that proton**
# change (arrowheads: the image shown; a block is a group of functions, and 100 % is the largest value in it).
# **Predict:** which blocks change most? Is the map symmetric about the
# middle, or can the proton's own description tell left from right?

# %%
from ipywidgets import IntSlider, interact
from mlp_course.descriptors import describe_atoms
from mlp_course.teaching import plot_fingerprints

xi = [a.get_distance(4, 7) - a.get_distance(3, 7) for a in path]  # Å
proton = np.array([describe_atoms(functions, a)[7] for a in path])  # (11, 96)
groups = {f"G2 {s}": 8 for s in "HCO"} | {f"G4 {p}": 12 for p in functions.elements.pair_symbols}


@interact(image=IntSlider(5, min=0, max=10, description="image"))
def fingerprint(image):
    x = "d(O4–H) − d(O3–H) / Å"
    return plot_fingerprints(path, xi, proton, at=image, x=x, groups=groups)


# %%
apart = difference_table(proton)
print(
    f"first and middle image differ by {apart[0, 5]:.0f} %, first and last by {apart[0, 10]:.2g} %"
)

# %% [markdown]
# Most in the block OO: halfway, both oxygens are near. And every column is symmetric: the proton sees one
# near and one far oxygen at either end, and the ends are mirror images. It cannot tell left from right, and
# it need not: their energies are equal. A descriptor that could tell them apart would have to learn that
# equality.
#
# ## Blind spots
#
# Now the third duty: what is different must look different. The trapezoid and the kite below have **the same
# six distances** (√2, √2, 2, √10, √10 and 4 Å). Sticks only join what is close; they have no other meaning here.

# %%
from mlp_course.descriptors import distance_histogram, smallest_mismatch, trapezoid_and_kite

pair = trapezoid_and_kite()
show_molecule(list(pair), names=("trapezoid", "kite"))

# %% [markdown]
# **Predict:** can a pair potential, $E = \sum_{i<j} V(d_{ij})$, give them different energies if only $V$ is
# clever enough?

# %%
from mlp_course.data import collate
from mlp_course.models import build_model

carbon = SymmetryFunctions([6], cutoff=5.0)
two_body = SymmetryFunctions([6], cutoff=5.0, angular=[])
views = {"distance histogram": distance_histogram}
views["G2, summed"] = lambda a: describe_structure(two_body, a)
views["G2 and G4, summed"] = lambda a: describe_structure(carbon, a)
print(f"best overlay leaves {smallest_mismatch(*pair):.2f} Å between the atoms")
for name, view in views.items():
    print(f"{name:20} difference {difference_table([view(a) for a in pair])[0, 1]:.1f} %")

# %% [markdown]
# It cannot: everything that *adds up* functions of two bodies (one distance at a time) takes them for one. Three
# bodies, with angles, see the difference. So does a network on each atom's own $G^2$, before the sum over atoms:
# it can ask *which* distances meet at one atom, and that already goes beyond two bodies:

# %%
torch.manual_seed(0)
untrained = build_model("behler_parrinello", species=[6], angular=[]).double().eval()
energies = [untrained(collate([neighbour_list(a, 5.0)])).energy.item() for a in pair]
print(f"G2 and an untrained network: energies differ by {abs(energies[0] - energies[1]):.0e} eV")

# %% [markdown]
# **Are three bodies enough?** In 2020 the field was surprised (S. N. Pozdnyakov et al., Phys. Rev. Lett. 125,
# 166001). Put four neighbours at the same distance around a centre: at 0°, 180°, 45° and then either 135° (A)
# or −45° (B). List the six angles between them: 45, 45, 90, 135, 135, 180, both times.

# %%
from mlp_course.descriptors import twin_environments

twins = twin_environments()
show_molecule(list(twins), names=("A", "B"))

# %% [markdown]
# **Predict:** SOAP with a very fine basis, n_max = l_max = 10, tells A and B apart: (a) clearly, (b) barely,
# (c) not at all.

# %%
fine = dict(n_max=10, l_max=10, sigma=0.2)
views = {
    "G2 and G4": SymmetryFunctions([1, 16], cutoff=5.0),
    "SOAP": SOAP([1, 16], cutoff=5.0),
    "SOAP, fine": SOAP([1, 16], cutoff=5.0, **fine),
}
print(f"best overlay leaves {smallest_mismatch(*twins):.2f} Å between the atoms")
for name, view in views.items():
    seen = difference_table([describe_atoms(view, a)[0] for a in twins])[0, 1]
    print(f"{name:10} of the centre: difference {seen:.0e} %")

# %% [markdown]
# (c), zero to the last digit. No resolution helps: *which angle meets which* takes three neighbours at once,
# four bodies with the centre. MACE has a dial for that: `correlation`, the number of neighbours multiplied
# with each other. With **random weights**, one layer, and the energy of the central atom:

# %%
for correlation in (1, 2, 3):
    small = dict(n_features=8, n_layers=1, l_max=3, correlation=correlation)
    mace = build_model("mace", species=[1, 16], **small).double().architecture
    energies = []
    for atoms in twins:
        graph = neighbour_list(atoms, 5.0)
        inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
        energies.append(mace(*inputs)[0].item())
    print(f"{correlation + 1} bodies: energies differ by {abs(energies[0] - energies[1]):.0e} eV")

# %% [markdown]
# Two and three bodies: equal within rounding. Four: different. (For the expert: around the circle, with
# $a_m = \sum_j e^{im\varphi_j}$, all $|a_m|$ agree, but $a_1^2 a_2^*$ is −4 for A and +4 for B: the phase is
# what a power spectrum throws away.) So why do potentials with three bodies work at all? Because an energy is
# a *sum* over atoms, and the neighbours see the difference:

# %%
each = difference_table([describe_structure(views["SOAP"], a) for a in twins])[0, 1]
print(f"SOAP summed over all five atoms: difference {each:.0f} %")

# %% [markdown]
# Such blind spots are known for sums of three and of four bodies around one atom. They are rare; they matter when
# you ask for a property *of one atom*, such as its charge or its NMR shift.
#
# ## What can be learnt from each?
#
# A heat map is not accuracy. Give every descriptor the same simple learner, the same 50 to 400 energies of
# ethanol at 500 K, and the same 150 later frames as a test. The learner is *kernel ridge regression*: a guess is
# the mean energy plus a weighted sum of bell curves, one on each training frame, by how similar the frames are;
# a small penalty keeps the weights small. We start at three places of the trajectory, to see the spread.
#
# **Predict:** order *raw coordinates, Coulomb matrix, sorted, distance histogram, symmetry functions, SOAP*
# by their error at 400 frames.

# %%
from mlp_course.data import blocked_split
from mlp_course.descriptors import kernel_ridge_error

run = load_embedded("ethanol/500K")  # 1000 frames in the order of time
energies = np.array([atoms.get_potential_energy() for atoms in run])
splits = [blocked_split(range(start, 1000), [400, 150], gap=20) for start in (0, 200, 400)]
learners = {"raw coordinates": raw_coordinates, "Coulomb matrix": coulomb_matrix}
learners |= {"sorted Coulomb matrix": sorted_coulomb_matrix, "histogram": distance_histogram}
learners["symmetry functions"] = lambda a: describe_structure(functions, a)
learners["SOAP"] = lambda a: describe_structure(soap, a)
described = {name: np.array([f(a) for a in run]) for name, f in learners.items()}

# %%
sizes = (50, 100, 200, 400)


def error(rows, split, size):
    """Mean absolute error in meV on the test frames, learned from so many of the 400."""
    some, test = split[0][:: 400 // size], split[1]
    return 1000 * kernel_ridge_error((rows[some], energies[some]), (rows[test], energies[test]))


errors = {
    name: np.array([[error(rows, split, size) for size in sizes] for split in splits])
    for name, rows in described.items()
}

# %%
guesses = [1000 * np.abs(energies[new] - energies[old].mean()).mean() for old, new in splits]
all_errors = errors | {"reference (mean energy)": np.repeat(guesses, 4).reshape(3, 4)}
curves = {name: (sizes, e.mean(axis=0)) for name, e in all_errors.items()}
spread = {name: (e.min(axis=0), e.max(axis=0)) for name, e in all_errors.items()}
plot_lines(curves, x="training frames", y="energy MAE / meV", log="xy", spread=spread)

# %% [markdown]
# Black is the answer of somebody who always says the mean energy. Bars reach from the lowest to the highest of
# three splits (they share frames, so the true spread is larger). Raw coordinates teach nothing: the molecule
# tumbles in the simulation. The histogram teaches hardly more. The unsorted Coulomb matrix ends below the sorted
# one: in one trajectory the atoms keep their numbers, so its flaw does not bite, while sorting jumps. *A test can
# flatter.* SOAP with half of the labels is, on average, ahead of the symmetry functions with all. With 50 frames
# the bars overlap: a ranking from one split of 50 would mean nothing.
#
# ## What does it cost?
#
# **Predict:** the cutoff goes from 3.5 to 7 Å in copper, and the number of neighbours grows about
# eleven-fold. By which factor grows the time of (a) $G^2$ alone, (b) $G^2$ and $G^4$, (c) SOAP?

# %%
import time

from ase.build import bulk

copper = bulk("Cu", cubic=True).repeat(2)  # 32 atoms
copper.rattle(0.05, seed=0)


def milliseconds(descriptor, atoms=copper):
    """Shortest processor time of five, for one atom, list of neighbours included."""
    best = np.inf
    for _ in range(5):
        started = time.process_time()
        describe_atoms(descriptor, atoms)
        best = min(best, time.process_time() - started)
    return 1000 * best / len(atoms)


# %%
cutoffs = (3.5, 4.5, 5.5, 7.0)  # Å
neighbours = [len(neighbour_list(copper, r).idx_i) / 32 for r in cutoffs]
kinds = {
    "G2 alone": lambda r: SymmetryFunctions([29], r, angular=[]),
    "symmetry functions G2 + G4": lambda r: SymmetryFunctions([29], r),
    "SOAP": lambda r: SOAP([29], r),
}
times = {name: [milliseconds(kind(r)) for r in cutoffs] for name, kind in kinds.items()}
curves = {name: (neighbours, values) for name, values in times.items()}
for name, values in times.items():
    print(f"{name}: {values[-1] / values[0]:.1f} times the time")
plot_lines(curves, x="neighbours of an atom", y="time an atom / ms", log="xy")

# %%
import pandas as pd

elements = {"Cu": [29], "H, O": [1, 8], "H, C, O": [1, 6, 8], "H, C, N, O, S": [1, 6, 7, 8, 16]}
size = {"G2 + G4": lambda z: SymmetryFunctions(z, 5.0).n_components}
size["SOAP 4, 4"] = lambda z: SOAP(z, 5.0, n_max=4, l_max=4).n_components
size["SOAP 8, 6"] = lambda z: SOAP(z, 5.0).n_components
pd.DataFrame({n: {k: f(z) for k, z in elements.items()} for n, f in size.items()})

# %% [markdown]
# The angular functions climb steepest (tens of times, from run to run 30 to 70), because they count *pairs* of
# neighbours: with
# few neighbours they are cheaper than SOAP, with many they are dearer. SOAP sums a cloud first and squares it
# afterwards, so it grows at most in proportion to the neighbours (here by 2 to 6 times); $G^2$ here is mostly
# overhead (about 3 times). The table shows the other price: the length of SOAP grows with the square of (elements ×
# n_max). Learned features keep their length whatever the elements.
#
# ## Choosing the cutoff
#
# Where do the neighbours stand? The *radial distribution function*
#
# $$g(r) = \frac{\text{neighbours in the shell } [r, r+\Delta]}{\rho \cdot \text{volume of the shell}}$$
#
# is 1 where they stand as in a gas without order. We melt some copper.

# %%
from ase.calculators.emt import EMT
from mlp_course.simulation import run_langevin

solid = bulk("Cu", cubic=True, a=3.76).repeat(3)  # 108 atoms at the density of the melt
solid.calc = EMT()
settings = dict(timestep=4.0, friction=0.02, progress=False, interval=20)
hot = run_langevin(solid, steps=250, temperature=4000, seed=1, **settings).frames[-1]
hot.calc = solid.calc
melt = run_langevin(hot, steps=500, temperature=1500, seed=2, **settings).frames[6:]
density = melt[0].get_masses().sum() / melt[0].get_volume()  # u/Å³
print(f"{len(melt)} frames at {1.6605 * density:.1f} g/cm³")

# %% [markdown]
# *A second failure, from the chapter that this course follows.* Its recipe histograms all distances, looks
# for the third peak, and takes that as the cutoff. **Predict:** which of these puts its third peak where you see
# it below: (i) an atom's distance to itself is counted, (ii) shells grow with $r^2$ and the histogram is not
# divided by that, (iii) only the nearest image of each atom is counted, (iv) there is one frame, in narrow bins?

# %%
from scipy.signal import find_peaks

distances = melt[-1].get_all_distances(mic=True).ravel()  # Å, zeros included
counts, edges = np.histogram(distances, bins=200, range=(0, 12))
peaks = find_peaks(counts, height=0.3 * counts.max())[0]
print(f"third 'peak' of the recipe at {edges[peaks[2]]:.2f} Å; in the first bin {counts[0]} zeros")
curve = {"raw histogram, one frame": {"counts": (edges[:-1], counts)}}
marks = {"the third peak?": edges[peaks[2]], "half of the cell": solid.cell.lengths()[0] / 2}
plot_panels(curve, x="distance / Å", y="pairs in the bin / 1", marks=marks)

# %% [markdown]
# Remove one suspect at a time, and look for the first four peaks again. Change the lines, if you like.


# %%
def first_peaks(frames=melt[-1:], width=0.06, zeros=True, images=False, shells=False):
    """Places in Å of the first four peaks of a histogram of distances up to 8 Å."""
    if images:
        found = [neighbour_list(a, 8.0).pair_vectors().norm(dim=1).numpy() for a in frames]
    else:
        found = [a.get_all_distances(mic=True).ravel() for a in frames]
    found = np.concatenate(found)
    counts, edges = np.histogram(found[found > (-1 if zeros else 0.1)], np.arange(0, 8, width))
    middles = edges[:-1] + width / 2
    counts = counts / middles**2 if shells else counts
    peaks = find_peaks(counts, height=0.3 * counts.max())[0]
    return middles[peaks][:4].round(2)


# %%
smooth = dict(frames=melt, width=0.2)
print("the recipe                  ", first_peaks())
print("without (i), no zeros       ", first_peaks(zeros=False))
print("without (i) and (ii)        ", first_peaks(zeros=False, shells=True))
print("without (iii), all images   ", first_peaks(images=True))
print("without (iv), 20 frames     ", first_peaks(**smooth))
print("without any of the four     ", first_peaks(**smooth, images=True, shells=True))

# %% [markdown]
# (iv): the "third peak" is a tooth of noise inside the first shell. Without (i) or (ii) it stays there; without
# (iii) it only moves to a tooth inside the second shell. Only with 20 frames and bins of 0.2 Å are the peaks
# shells, and then the others bite: the raw counts rise with $r^2$ and fall beyond half of the cell (5.6 Å), where
# nearest images run out, which shifts the second and third peaks. The zeros do least: they fill the first bin
# only. Done properly, with all images, the shell volumes and several frames:

# %%
from mlp_course.analysis import coordination_number, radial_distribution

r, g = radial_distribution(melt, 8.0, n_bins=80)
n = coordination_number(r, g, len(solid) / solid.get_volume())
between = (r > 3) & (r < 4.5)
gap = r[between][g[between].argmin()]  # Å, the minimum after the first shell
for radius in (gap, 5.0, 6.0):
    print(f"within {radius:.2f} Å: {np.interp(radius, r, n):.0f} neighbours")
print(f"first shell at {r[g.argmax()]:.2f} Å, second at {r[r > gap][g[r > gap].argmax()]:.2f} Å")
marks = {"first minimum": gap}
plot_panels({"molten copper": {"g(r)": (r, g)}}, x="r / Å", y="g(r) / 1", marks=marks)

# %% [markdown]
# Two shells, a minimum between. $g(r)$ tells **where neighbours stand and what a cutoff costs**.
# It does not tell how far their *influence* reaches. That can be measured, if the reference method can be
# asked: shake all atoms beyond a radius, and look at the force on the centre.
#
# **Predict:** how many shells must stay untouched, so that the rest changes the force by less than 50 meV/Å?

# %%
frame, rng = melt[-1].copy(), np.random.default_rng(0)
frame.calc = EMT()
forces, distances = frame.get_forces(), frame.get_all_distances(mic=True)


def influence(radius):
    """Mean change of the force on an atom in meV/Å when all beyond the radius are shaken."""
    changes = []
    for centre in range(0, 108, 9):
        far, beyond = frame.copy(), distances[centre] > radius
        far.positions[beyond] += rng.normal(0, 0.1, (beyond.sum(), 3))
        far.calc = EMT()
        changes.append(1000 * np.linalg.norm(far.get_forces()[centre] - forces[centre]))
    return np.mean(changes)


# %%
radii = np.arange(2.5, 6.6, 0.5)
reach = {"all beyond shaken by 0.1 Å": (radii, [influence(radius) for radius in radii])}
plot_lines(reach, x="radius / Å", y="change of the force / (meV/Å)", log="y")

# %% [markdown]
# One: the first shell up to its minimum is enough for 50 meV/Å. The curve estimates what is lost if the force on
# an atom may depend on atoms within that radius only (for shaking by 0.1 Å, which is our choice). It is a cautious
# guide to the cutoff $r_c$: a potential that sums atom energies reaches $2 r_c$ with its forces, because the
# energies of the neighbours also change when the atom moves, and message passing reaches further. But what lies
# beyond $r_c$ comes in weakly, and the cutoff function fades what lies below it. So start where the curve falls
# below your target, then test a smaller and a larger cutoff. EMT is a short-ranged model of copper by
# construction; for PBE the curve is flatter, and between charges it never ends. There is no substitute for asking
# your own reference method.
#
# ## Learned features: message passing, step by step
#
# Nobody has to design the shells. In SchNet every atom starts with features $x_i$ that know its element only
# (the *embedding*: one row of learned numbers for each element), and each round adds what the neighbours send:
#
# $$m_{ij} = (A\,x_j) \circ W(d_{ij})\, f_c(d_{ij}), \qquad x_i \leftarrow x_i + \mathrm{net}\Bigl(\sum_j m_{ij}\Bigr) .$$
#
# $A$ is a matrix of weights, $W$ a small network that turns a distance into one factor for each feature, $\circ$
# multiplies feature by feature, and *net* is one more small network.
#
# Water, with 8 features and random weights. **Predict:** after the embedding the two hydrogens are equal.
# After one round? After two?

# %%
water = molecule("H2O")
network = build_model("schnet_by_hand", species=[1, 8], n_features=8, n_interactions=2, n_rbf=6)
layers = network.architecture
graph = neighbour_list(water, 5.0).to(dtype=torch.float32)
idx_i, idx_j = graph.idx_i, graph.idx_j
d_ij = graph.pair_vectors().norm(dim=1)  # (n_pairs,) = (6,)
f_ij = gaussian_basis(d_ij, 6, 5.0)  # (n_pairs, n_rbf)
x0 = layers.embedding(graph.atomic_numbers)  # (n_atoms, n_features)
print("d_ij", tuple(d_ij.shape), " f_ij", tuple(f_ij.shape), " x", tuple(x0.shape))

# %%
first = layers.interactions[0]
filters = first.filter(f_ij) * cosine_cutoff(d_ij, 5.0)[:, None]  # W f_c: (n_pairs, n_features)
sent = first.before(x0)[idx_j]  # A x_j: (n_pairs, n_features)
m_ij = sent * filters  # a message along each pair
summed = torch.zeros_like(x0).index_add(0, idx_i, m_ij)  # (n_atoms, n_features)
x1 = x0 + first.after(summed)
x2 = x1 + layers.interactions[1](x1, f_ij, cosine_cutoff(d_ij, 5.0), idx_i, idx_j)
steps = {"W f_c": filters, "m_ij": m_ij, "sum": summed, "x after 1": x1, "x after 2": x2}
print({name: tuple(tensor.shape) for name, tensor in steps.items()})

# %%
from mlp_course.teaching import plot_feature_maps

maps = {"embedding": x0, "one round": x1, "two rounds": x2}
plot_feature_maps({n: x.detach().numpy() for n, x in maps.items()}, rows=["O", "H", "H"])

# %%
energy = layers.readout(x2).sum()  # (n_atoms, 1), summed
whole = layers(graph.atomic_numbers, graph.pair_vectors(), idx_i, idx_j).sum()
print("step by step equals the model:", torch.allclose(energy, whole))
print("largest difference of the two H:", f"{(x2[1] - x2[2]).abs().max().item():.0e}")

# %% [markdown]
# Equal after any number of rounds, because both see the same surroundings at the same distances. Each message
# carries only a *distance*; but in the second round a neighbour $j$ reports what *it* has heard, also from $k$. If
# $j$ and $k$ lie within the cutoff of each other, that tells $d_{jk}$ and so the angle at $i$, second-hand.
# Lesson 07 shows what happens if they do not.
#
# What does a **trained** SchNet make of it? Take the shipped one (its provenance: lesson 00) and 25 frames of
# ethanol at 500 K. Each point is an atom, drawn in the plane where the features differ most (*principal
# components*). **Predict:** does the network, which was told elements and never told bonds, separate the
# hydrogens of CH₃, CH₂ and OH?

# %%
from mlp_course.models import learned_features, load_shipped
from mlp_course.teaching import plot_pca

roles = ["C of CH₂", "C of CH₃", "O", *2 * ["H of CH₂"], *3 * ["H of CH₃"], "H of OH"]
train = run[:400]
frames = train[::16]  # 25 of them
trained = load_shipped("ethanol_schnet")
features = {
    "symmetry functions (by hand)": np.vstack([describe_atoms(functions, a) for a in frames]),
    "SchNet (learned)": np.vstack([learned_features(trained, a) for a in frames]),
}
plot_pca(features, roles * len(frames))

# %% [markdown]
# On the right: O, the carbons and the hydroxyl H yes, the hydrogens of CH₂ and CH₃ hardly. On the left even
# those two come apart, because *we* gave each element of the neighbours columns of its own. But a plane that
# holds half of the variance (percentages on the axes) can hide what happens in the other directions. A fairer
# question to all features at once: **is the most similar hydrogen of another frame one of the same role?** And
# a control: the same for a SchNet with **random weights**. **Predict** its score.

# %%
from mlp_course.descriptors import nearest_label_accuracy

torch.manual_seed(0)
random = build_model("schnet", species=[1, 6, 8]).eval()
features["SchNet (random weights)"] = np.vstack([learned_features(random, a) for a in frames])
for name, rows in features.items():
    hydrogens = np.array([role.startswith("H") for role in roles * len(frames)])
    kinds = [role for role in roles * len(frames) if role.startswith("H")]
    right = nearest_label_accuracy(rows[hydrogens], kinds)
    print(f"{name}: nearest hydrogen has the same role in {right:.0%} of cases")

# %% [markdown]
# Always, for all three. The plane had misled us: what it hides is there in other directions. But the network did
# not have to be *trained* for this: elements and distances already separate the roles, and random weights pass
# them on. Separate clusters are no evidence of learned chemistry. What training adds is the map from features
# to energies. And no single one of the 64 numbers has a meaning that a person could name.
#
# ## Invariant or equivariant?
#
# Everything so far stays *the same* when the molecule turns: it is **invariant**. PaiNN, NequIP and MACE also
# carry features that **turn along**, like arrows: they are **equivariant**. Here is one learned vector
# feature of the shipped PaiNN, for every atom, computed anew from each turned molecule. **Before you move the
# slider: what will the three curves on the right do in one full turn?**

# %%
from mlp_course.models import vector_features

painn = load_shipped("ethanol_painn")
angles = np.arange(0, 361, 15)
turned = [ethanol.copy() for _ in angles]
for atoms, angle in zip(turned, angles, strict=True):
    atoms.rotate(angle, "z", center="COM")
everything = np.array([vector_features(painn, a) for a in turned])  # (frames, atoms, features, 3)
strongest = np.linalg.norm(everything[0], axis=2).sum(axis=0).argmax()
arrows = everything[:, :, strongest]  # (n_frames, n_atoms, 3)

# %%
from mlp_course.teaching import plot_turned_vectors

curves = {"x, O": arrows[:, 2, 0], "y, O": arrows[:, 2, 1]}
curves["length, O"] = np.linalg.norm(arrows[:, 2], axis=1)


@interact(angle=IntSlider(45, min=0, max=360, step=15, description="turn / °"))
def turn(angle):
    return plot_turned_vectors(turned, angles, arrows, curves, at=int(angle) // 15)


# %% [markdown]
# The components are a cosine and a sine, the length is constant: nobody trained that, it is built in. What is
# it good for? A neighbour's arrow says *where to*, so that a message can carry an angle in one step, with no
# sum over triples. Note what it is **not** needed for: forces also turn with the molecule when they come from
# an invariant energy, because a slope turns along by itself.
#
# ## The chapter's table, measured
#
# The chapter compares four families in eight rows. Some of it can be measured in seconds on this machine:

# %%
families = {"symmetry functions": ("behler_parrinello", dict(with_jk=True))}  # G4, as above
families["SOAP"] = ("gap", dict(n_max=4, l_max=4))
families |= {"SchNet": ("schnet_by_hand", {}), "NequIP": ("nequip", {})}
batch = collate([neighbour_list(a, 5.0) for a in train[:10]])


def force_milliseconds(name, hyper):
    """Shortest processor time of six for energy and forces, for one atom."""
    model = build_model(name, cutoff=5.0, **hyper).double().eval()  # untrained: costs the same
    times = []
    for _ in range(6):
        started = time.process_time()
        model(batch)
        times.append(time.process_time() - started)
    return 1000 * min(times) / len(batch.positions)


# %%
measured = pd.DataFrame(index=families)
numbers = [functions.n_components, soap.n_components, 64, 32 * 9]
measured["numbers an atom (H, C, O)"] = numbers
by_hand, by_cloud = (errors[name].mean(axis=0) for name in ("symmetry functions", "SOAP"))
measured["MAE at 100 frames / meV"] = [by_hand[1], by_cloud[1], None, None]
measured["MAE at 400 frames / meV"] = [by_hand[3], by_cloud[3], None, None]
measured["energy + forces / (ms/atom)"] = [force_milliseconds(*f) for f in families.values()]
measured.round(2).astype(object).where(measured.notna(), "see lesson 07")

# %% [markdown]
# (SOAP with n_max = l_max = 4, as in the learning curves; NequIP has 32 channels of a scalar, a vector and a
# tensor. Times are for ethanol in batches of ten, in float64.)
#
# <details><summary>The eight rows, judged: open for the row you care about</summary>
#
# | row | the chapter says (symmetry functions; SOAP; SchNet; equivariant) | verdict |
# |---|---|---|
# | design | by hand; formula; learned; learned + physics | fair. SOAP has settings, too: n_max, l_max, σ |
# | invariance | the first three: rotation and translation; E(3)-equivariant | E(3) stands for all shifts, turns and mirrorings of space. Incomplete: all four also respect mirror images and the order of equal atoms, and it is *order* that the Coulomb matrix fails on |
# | dimensionality | 50–100; 30–50; learnable | the first holds for three elements. The second only for one element and a small basis; see the table of sizes. "Learnable" is not the word: the length of learned features is *chosen*, only their content is learnt |
# | data efficiency | low; medium; medium; high | low against medium: seen above, a factor of about two in labels. The other two: lesson 07 |
# | accuracy | medium; high; high; highest | with the same learner SOAP beats symmetry functions here; with forces and networks see lesson 07 |
# | cost | low; medium; medium; medium–high | the order holds for ethanol and these sizes (the column with ms). It is no law: with many neighbours $G^4$ costs more than SOAP, as the plot showed, and a larger basis makes SOAP several times dearer |
# | implementation | low; medium; medium; high | a matter of taste, not measured. NequIP leans on a library (e3nn) for the hard part |
# | interpretability | high; medium; low; low | fair: only symmetry functions have a label for each number |
#
# </details>
#
# ## A tool to decide
#
# The chapter's guide goes by kind of system (beginners, crystals, organic molecules, cutting edge). We ask
# what limits you. The rules are a judgement: costs measured here on small molecules, published accuracies, and
# round numbers as limits.

# %%
from mlp_course.teaching import SelectionGuide

SelectionGuide()

# %% [markdown]
# A recommendation is a start, not a proof. Let two families run on the same labels; lesson 07 shows how.
#
# ## Three questions
#
# **1. A descriptor is unchanged by moving, turning, mirroring and renumbering. Is it good?**
#
# <details><summary>(a) yes · (b) not yet: it may jump, or see different structures as equal · (c) no, it must also change when the molecule turns</summary>
#
# **(b).** The distance histogram has all four properties and takes the kite for the trapezoid. The sorted Coulomb
# matrix has them up to ties, and jumps. (a) The number 7 is also unchanged by everything. (c) That would be an
# equivariant feature: useful inside a network, wrong for an energy.
# </details>
#
# **2. Your test shows that an unsorted Coulomb matrix beats a sorted one. What do you check first?**
#
# <details><summary>(a) whether test frames number their atoms as training frames do · (b) whether the kernel is wide enough · (c) whether the cutoff is large enough</summary>
#
# **(a).** In one trajectory atoms keep their numbers, and the flaw stays hidden until a file comes from
# elsewhere. (b) Both were given the same choice of widths. (c) A Coulomb matrix has no cutoff.
# </details>
#
# **3. An invariant model (SchNet) gives forces that turn with the molecule. How?**
#
# <details><summary>(a) it does not, one needs equivariant features · (b) it was trained on turned copies · (c) forces are the slope of an invariant energy, and a slope turns along</summary>
#
# **(c).** (a) Equivariant features help accuracy, symmetry of the forces comes from the gradient. (b) No
# copies were needed: that is what invariance saves.
# </details>
#
# **Open challenge.** The angle in `twin_environments(angle)` may be anything between 0° and 90°. At which
# angle do the energies of an untrained MACE differ most, towards which do they become equal, and why there?
# Then find the smallest `l_max` at which `correlation=3` still tells the twins apart. Graded exercises are on
# their way to [exercises](../exercises/README.md).
#
# ## You can now
#
# test any descriptor by eight copies and a path, write symmetry functions and a power spectrum from their
# formulas, name what two and three bodies cannot see, and choose a cutoff from $g(r)$ and a measured
# influence.
#
# **What this does not prove.** One small molecule, energies only, one simple learner, three overlapping splits of
# one trajectory: the ranking of the learning curves is not a law, and with forces and networks it shifts (lesson
# 07). Symmetry functions were a standard set, and a set tuned to ethanol would do better. Times are those of our
# code, in Python, on one core; production codes differ by factors. The copper is a model of copper: EMT knows no
# long range. And on interpretability the literature disagrees: learned features can be probed, too, as the
# clusters show.
#
# Next: [07 Architectures](07_architectures.ipynb).
