# %% [markdown] tags=["slide"]
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
# - **Time** under 4 minutes to run on two cores, about an hour and a half to work through. The first two
#   sections take ten minutes and hold the main point; the learning curves are a good place for a break.
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

# %% [markdown] tags=["slide"]
# A good descriptor gives 0 for every two of the first five (framed below), little for *shaken*, more for the
# last two. We measure how different two descriptions $\mathbf x_a$, $\mathbf x_b$ are by
# $\Delta_{ab} = |\mathbf x_a - \mathbf x_b|$ divided by their mean length, in percent. (The colours are stretched
# so that small differences show; read the digits.)
#
# *Announced failure.* The plainest descriptor is the list of coordinates itself. **Predict:**
# order *shaken*, *turned* and *conformer* by how far the list takes them from the original.

# %%
from mlp_course.descriptors import difference_table, raw_coordinates
from mlp_course.teaching import plot_differences

table = difference_table([raw_coordinates(atoms) for atoms in copies.values()])
plot_differences({"raw coordinates": table}, list(copies), equal=5)

# %% [markdown]
# *Shaken*, *conformer*, *turned* (first row). A model that sees coordinates has to learn from data, orientation by
# orientation, what physics gives for free.
#
# **Repair, first attempt.** Distances know nothing of directions. The *Coulomb matrix* holds the repulsion of
# every two nuclei,
#
# $$M_{ij} = \frac{Z_i Z_j}{d_{ij}}, \qquad M_{ii} = \tfrac12 Z_i^{2.4} .$$
#
# (Rupp and others take bohr throughout, we take e²/Å off the diagonal: other weights, the same arguments.)
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

# %% [markdown] tags=["slide"]
# *Renumbered*: for the matrix more of a change than another conformer. Sorting nearly repairs that. What remains, even
# for a molecule that was only *moved*, comes from two hydrogens that mirror each other: their rows are equally long, and
# the last digit decides which one comes first.
#
# That looks harmless. **Predict:** a molecule vibrates, smoothly. Its sorted Coulomb matrix changes (a)
# smoothly too, (b) with kinks, (c) with jumps, (d) with both.

# %%
from ase import Atoms
from mlp_course.teaching import plot_lines
from scipy.interpolate import CubicSpline

path = load_embedded("malonaldehyde/proton_transfer")  # 11 images, a proton goes from O to O
spline = CubicSpline(range(11), [image.positions for image in path])
hop = [Atoms(path[0].numbers, spline(t)) for t in np.linspace(3, 7, 201)]
place = [a.get_distance(4, 7) - a.get_distance(3, 7) for a in hop]  # Å, from O4 to O3
entry = [sorted_coulomb_matrix(a)[0, 5] for a in hop]
axes = {"x": "d(O4–H) − d(O3–H) / Å", "y": "row 0, column 5 / (e²/Å)", "markers": False}
plot_lines({"sorted, proton hops": (place, entry)}, **axes)

# %%
bonds = np.linspace(1.0, 1.1, 201)  # Å, one C–H bond of ethanol
stretched = [ethanol.copy() for _ in bonds]
for atoms, bond in zip(stretched, bonds, strict=True):
    atoms.set_distance(1, 5, bond, fix=0)
entry = [sorted_coulomb_matrix(a)[0, 8] for a in stretched]
axes = {"x": "C–H bond / Å", "y": "row 0, column 8 / (e²/Å)", "markers": False}
plot_lines({"sorted, C–H stretches": (bonds, entry)}, **axes)

# %% [markdown]
# (d). Sorting exchanges two rows whenever their lengths cross. In the proton transfer the rows of the two oxygens
# mirror each other where they cross: a kink, so forces jump. In an ordinary C–H vibration two hydrogens change rank
# whose rows are *not* alike: another hydrogen takes this place, and the energy of anything built on it jumps. The force
# there is undefined, so no molecular dynamics can conserve energy across it.
#
# **Repair that holds.** Do not sort. *Sum* over the neighbours: a sum does not care about order, and it is
# smooth if its terms are. Symmetry functions and SOAP, built below, are such sums. (`describe_structure` adds up all
# atoms of an element; `n_max` and `l_max` say how finely SOAP resolves distances and directions.)

# %%
from mlp_course.descriptors import SOAP, SymmetryFunctions, describe_structure

functions = SymmetryFunctions([1, 6, 8], cutoff=5.0)
soap = SOAP([1, 6, 8], cutoff=5.0, n_max=4, l_max=4)
sums = {
    "symmetry functions": lambda atoms: describe_structure(functions, atoms),
    "SOAP": lambda atoms: describe_structure(soap, atoms),
}
tables = {n: difference_table([f(a) for a in copies.values()]) for n, f in sums.items()}
plot_differences(tables, list(copies), equal=5)

# %% [markdown]
# **This picture is the lesson in one image.** Zeros in the block of five, small numbers for the shaken copy,
# large ones for what is really different. And the C–H stretch of before, in 200 even steps?

# %%
from mlp_course.descriptors import largest_step

for name, describe in ({"sorted Coulomb matrix": sorted_coulomb_matrix} | sums).items():
    longest = largest_step([describe(atoms) for atoms in stretched])
    print(f"{name:22} longest step {longest:.2f} times the median step")

# %% [markdown] tags=["slide"]
# Smooth: no step of the two sums is much longer than another. So a descriptor must be
#
# 1. unchanged by moving, turning, mirroring and renumbering,
# 2. smooth,
# 3. different for what is different (the hard one, as we will see),
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
weights = {name: (d, f(d, 5.0)) for name, f in kinds.items()}
slopes = {name: (d, np.gradient(weight, d)) for name, (_, weight) in weights.items()}
units = ("$f_c$ / 1", "slope of $f_c$ / Å⁻¹")
plot_panels({"weight": weights, "slope": slopes}, x="distance / Å", y=units)

# %% [markdown]
# It depends: the cosine says ½, the polynomial 0.86, tanh³ 0.22, so that with tanh³ the "5 Å" are hardly 4. At the
# cutoff the *slope* of the cosine meets zero at an angle, so forces have a kink there; the two others do not.
# (Behler writes tanh³ without the division; with it all three begin at 1.)
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
# A hydrogen at 1.0 to 1.1 Å counts 0.9, a carbon or oxygen at 1.4 to 1.5 Å about a third. So CH₂ (two hydrogens, two
# heavier neighbours) has 2.4, CH₃ (three and one) 2.9, and the oxygen (one and one) 1.3.
#
# Angles need two neighbours at once:
#
# $$G^5_i = 2^{1-\zeta} \sum_{j<k} (1 + \lambda \cos\theta_{jik})^\zeta \;
#   e^{-\eta (d_{ij}^2 + d_{ik}^2)} \, f_c(d_{ij}) f_c(d_{ik}) .$$
#
# $G^4$ also asks $j$ and $k$ to be close: it multiplies each term by $e^{-\eta d_{jk}^2} f_c(d_{jk})$.
#
# $\lambda$ is +1 or −1 and says whether the function is largest at 0° or at 180°. $\zeta$ says how narrow it
# is around there. (Each pair $j<k$ once; in packages that count it twice all values double.) $G^5$ in code:

# %% tags=["nbval-check-output"]
from mlp_course.descriptors import angular_symmetry_function, neighbour_triples

eta, zeta, lambda_ = 0.0, 4.0, -1.0
ij, ik = neighbour_triples(graph.idx_i)  # every two neighbours j, k of each atom
r_ij = graph.pair_vectors()
cos_theta = (r_ij[ij] * r_ij[ik]).sum(dim=1) / (d_ij[ij] * d_ij[ik])  # (n_triples,)
angle = 2 ** (1 - zeta) * (1 + lambda_ * cos_theta) ** zeta
fade = cosine_cutoff(d_ij, 5.0)
distance = torch.exp(-eta * (d_ij[ij] ** 2 + d_ij[ik] ** 2)) * fade[ij] * fade[ik]
g5 = torch.zeros(9, dtype=torch.float64).index_add(0, graph.idx_i[ij], angle * distance)
options = dict(eta=eta, zeta=zeta, lambda_=lambda_, cutoff=5.0, with_jk=False)
print(torch.allclose(g5, angular_symmetry_function(r_ij, graph.idx_i, 9, **options)))

# %% [markdown]
# Now play. The centre is the oxygen, atom 2. Points are its neighbours (middle) and its angles (right); their
# heights add up to the sums in the titles. ($\eta$ and $R_s$ act on the middle, $\lambda$ and $\zeta$ on the right,
# where $\eta$ = 0; the cutoff acts on both.)
#
# 1. Set $\eta$ and $R_s$ so that $G^2$ counts the hydroxyl hydrogen (0.96 Å) and nothing else.
# 2. Then lower the cutoff towards 1.2 Å, where this hydrogen is still well inside. **What happens to the count, and
#    why is a cutoff just behind a neighbour a bad idea?**
# 3. The ring marks the C–O–H angle, 109° in this molecule. **Which sign of $\lambda$ gives it more weight, and what
#    does a large $\zeta$ do to it?**

# %%
from mlp_course.teaching import SymmetryFunctionExplorer

SymmetryFunctionExplorer(ethanol, centre=2, eta=4.0, r_s=1.0, zeta=4.0, lambda_=-1.0, cutoff=4.0)

# %% [markdown]
# 1\. For example $\eta$ = 20 Å⁻², $R_s$ = 1 Å. 2. The count falls below 0.1: the cutoff function acts everywhere, and a
# neighbour just inside the cutoff is nearly invisible. 3. λ = −1, since the cosine is negative; a large ζ keeps only
# angles near 180° (or near 0° for +1) and is blind to all others, so sets mix several ζ and both signs.
#
# Our default set has 8 shells for each element of the neighbour and 12 functions $G^4$ for each pair of
# elements: for H, C and O 3 · 8 + 6 · 12 = 96 numbers an atom.
#
# ## SOAP: the neighbours as a cloud
#
# SOAP, the *smooth overlap of atomic positions*, smears every neighbour out to a Gaussian (width σ = 0.5 Å here) and
# expands the cloud in radial functions $g_n$ times spherical harmonics, $\rho_i(\mathbf r) = \sum_{nlm} c_{nlm}\,
# g_n(r)\, Y_{lm}(\hat{\mathbf r})$. Turning the molecule mixes the coefficients of different $m$, and only those, as
# it mixes the x, y, z of an arrow. From them one builds
#
# $$p_{nn'l} \propto \sum_m c_{nlm}\, c_{n'lm} .$$
#
# This *power spectrum* is the descriptor. **Predict:** after turning the molecule, which change: $c$, $p$,
# both, none?


# %%
def spectrum(atoms):
    """Coefficients c and power spectrum p of the oxygen, each l on its own."""
    graph = neighbour_list(atoms, 5.0)
    inputs = (graph.atomic_numbers, graph.pair_vectors(), graph.idx_i, graph.idx_j)
    c = soap.coefficients(*inputs)[2].flatten(0, 1)  # (n_channels, (l_max + 1)²)
    c = [c[:, l * l : (l + 1) ** 2] for l in range(soap.l_max + 1)]  # each (n_channels, 2l + 1)
    return c, [c_l @ c_l.T for c_l in c]  # the sum over m


# %%
def change(before, after):
    """Largest change of a table of numbers over its largest number."""
    return ((after - before).abs().max() / before.abs().max()).item()


(c, p), (c_turned, p_turned) = spectrum(copies["original"]), spectrum(copies["turned"])
for l in range(soap.l_max + 1):
    of_c, of_p = change(c[l], c_turned[l]), change(p[l], p_turned[l])
    print(f"l = {l}: c changes by up to {of_c:.0%} of its largest value, p by {of_p:.0e}")

# %% [markdown] tags=["slide"]
# $c$ changes (for $l = 0$, a sphere, nothing can), $p$ does not: like the squared length of an arrow, a sum over
# all $m$ stays. [The chapter](00_start_here.ipynb#What-this-course-is) calls the cloud an "electron density"; nothing in it knows about
# electrons. It is a blurred picture of where the nuclei are.
#
# ## Fingerprints along a reaction
#
# A description should follow a reaction smoothly, and tell where it stands. Below, the proton of malonaldehyde, atom
# 7, on its way from O4 to O3, and how the symmetry functions of **that proton** change (arrowheads: the image shown; a
# block is a group of functions, 100 % the largest value in it). **Predict:** which blocks change most? Can the proton's
# own description tell left from right?

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
moved, labels = np.abs(proton[5] - proton[0]), functions.labels
oxygens = [n for n, label in enumerate(labels) if label.startswith("G4 OO")]
for n in (max(oxygens, key=lambda n: moved[n]), moved.argmax()):
    print(f"{labels[n]}: {proton[0, n]:.3f} at first, {proton[5, n]:.3f} halfway")
for name, a in (("at first", path[0]), ("halfway", path[5])):
    print(f"{name}: O–H–O {a.get_angle(3, 7, 4):.1f}°, O–O {a.get_distance(3, 4):.2f} Å")
apart = difference_table(proton)[0]
print(f"from the first image: the middle {apart[5]:.0f} %, the last {apart[10]:.1g} %")

# %% [markdown] tags=["slide"]
# Relative to its size the block OO changes most. Its strongest function (η = 0.02 Å⁻², ζ = 16, λ = −1, as its label
# says) grows by a factor of 1.41 (41 % of itself, 16 % of the largest number in its block): 1.27 as the hydrogen bond
# straightens, where ζ = 16 amplifies 4°, and 1.11 as the oxygens approach. In absolute terms a shell $G^2$ of oxygens
# changes most (η = 1.58 Å⁻², $R_s$ = 1.06 Å). Both oxygens are in this shell all the time, 1.06 and 1.48 Å away at first
# and 1.22 Å twice halfway; what the far one gains by coming nearer is more than what the near one loses.
#
# Every column is symmetric: one near and one far oxygen at either end, and the ends are mirror images. The proton
# cannot tell left from right, and it need not: their energies are equal.
#
# ## Blind spots
#
# What is different must look different. The trapezoid and the kite below have **the same six distances** (√2, √2, 2,
# √10, √10 and 4 Å; sticks only join what is close).

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
# bodies, with angles, see the difference. So does a network on each atom's own $G^2$, before the sum over atoms: it can
# ask *which* distances meet at one atom.

# %%
torch.manual_seed(0)
untrained = build_model("behler_parrinello", species=[6], angular=[]).double().eval()
energies = [untrained(collate([neighbour_list(a, 5.0)])).energy.item() for a in pair]
print(f"G2 and an untrained network: energies differ by {abs(energies[0] - energies[1]):.0e} eV")

# %% [markdown]
# (With random weights the size of this difference means nothing; that it is not zero does.)
#
# **Are three bodies enough?** Put four neighbours at the same distance around a centre: at 0°, 180°, 45° and then
# either 135° (A) or −45° (B). The six angles between them are 45, 45, 90, 135, 135, 180, both times (S. N. Pozdnyakov
# et al., Phys. Rev. Lett. 125, 166001, 2020; a flat SH₄ makes the argument short, the paper has possible molecules).

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
print(f"best overlay of A and B leaves {smallest_mismatch(*twins):.2f} Å between the atoms")
for name, view in views.items():
    seen = difference_table([describe_atoms(view, a)[0] for a in twins])[0, 1]
    print(f"{name:10} of the centre: difference {seen:.0e} %")

# %% [markdown]
# (c): zero within rounding, although no rotation, mirroring or renumbering lays A on B (0.85 Å is the smallest root
# mean square distance). *Which angle meets which* takes three neighbours at once, four bodies with the centre. MACE
# has a dial for that: `correlation`, the number of neighbours multiplied with each other. With **random weights**, one
# layer, and the energy of the central atom:

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
# Two and three bodies: equal within rounding. Four: different. (For the expert: with $a_m = \sum_j e^{im\varphi_j}$ all
# $|a_m|$ agree, but $a_1^2 a_2^*$ is −4 for A and +4 for B: a power spectrum throws the phase away.) So why do potentials
# with three bodies work at all? Because an energy is a *sum* over atoms, and for this pair the neighbours see the
# difference:

# %%
each = difference_table([describe_structure(views["SOAP"], a) for a in twins])[0, 1]
print(f"SOAP summed over all five atoms: difference {each:.0f} %")

# %% [markdown]
# Such blind spots are known for descriptors of three and of four bodies around one atom, and for networks that send
# distances only (S. N. Pozdnyakov, M. Ceriotti, Mach. Learn.: Sci. Technol. 3, 045020, 2022). They are rare; they
# matter most when you ask for a property *of one atom*, such as its charge or its NMR shift.
#
# ## What can be learnt from each?
#
# Give every descriptor the same simple learner, 50 to 400 energies of ethanol at 500 K, and 150 later frames as a test.
# The learner is *kernel ridge regression*: the mean energy plus a bell curve on each training frame, by how similar the
# frames are. A small penalty λ keeps the weights $a_n$ small:
#
# $$\hat E(\mathbf x) = \bar E + \sum_n a_n k(\mathbf x, \mathbf x_n), \qquad
# k = e^{-|\mathbf x - \mathbf x_n|^2 / 2w^2}, \qquad (\mathbf K + \lambda \mathbf 1)\, \mathbf a = \mathbf E - \bar E .$$

# %%
from scipy.spatial.distance import cdist

run = load_embedded("ethanol/500K")  # 1000 frames in the order of time
energies = np.array([atoms.get_potential_energy() for atoms in run])  # eV, of the molecule
x, new = (np.array([sums["SOAP"](a) for a in frames]) for frames in (run[:400:4], run[420:570]))
mean, w, penalty = energies[:400:4].mean(), 4 * np.median(cdist(x, x)), 1e-6
k = np.exp(-(cdist(x, x) ** 2) / (2 * w**2))  # (100, 100)
a = np.linalg.solve(k + penalty * np.eye(len(x)), energies[:400:4] - mean)  # eV
guess = mean + np.exp(-(cdist(new, x) ** 2) / (2 * w**2)) @ a
missed = 1000 * np.abs(guess - energies[420:570]).mean()
print(f"missed by {missed:.0f} meV per molecule, spread {1000 * energies.std():.0f} meV")

# %% [markdown] tags=["slide"]
# `learning_errors` does the same from 50 to 400 labels, and picks $w$ and λ by a part of the training frames. We
# start at three places of the trajectory, to see the spread.
#
# **Predict:** order *raw coordinates, Coulomb matrix, sorted, distance histogram, symmetry functions, SOAP*
# by their error at 400 frames.

# %%
from mlp_course.data import blocked_split
from mlp_course.descriptors import learning_errors

sizes = (50, 100, 200, 400)
splits = [blocked_split(range(start, 1000), [400, 150], gap=20) for start in (0, 200, 400)]
learners = {"raw coordinates": raw_coordinates, "Coulomb matrix": coulomb_matrix}
learners |= {"sorted Coulomb matrix": sorted_coulomb_matrix}
learners |= sums | {"distance histogram": distance_histogram}
described = {n: np.array([f(a) for a in run]) for n, f in learners.items()}
errors = {  # meV, (n_splits, n_sizes)
    name: 1000 * learning_errors(rows, energies, splits, sizes) for name, rows in described.items()
}

# %%
axis = np.array([a.get_distance(0, 1, vector=True) for a in run])  # from C to C, Å
cosines = axis @ axis[0] / np.linalg.norm(axis, axis=1) / np.linalg.norm(axis[0])
print(f"the C–C axis turns by up to {np.degrees(np.arccos(cosines.min())):.0f}°")
print(f"SOAP, the 100 labels of before, w and λ chosen: {errors['SOAP'][0, 1]:.0f} meV")
guesses = [1000 * np.abs(energies[new] - energies[old].mean()).mean() for old, new in splits]
all_errors = errors | {"reference (mean energy)": np.repeat(guesses, 4).reshape(3, 4)}
curves = {name: (sizes, e.mean(axis=0)) for name, e in all_errors.items()}
spread = {name: (e.min(axis=0), e.max(axis=0)) for name, e in all_errors.items()}
y = "energy MAE / (meV per molecule)"
plot_lines(curves, x="training frames", y=y, log="xy", spread=spread)

# %% [markdown]
# Choosing *w* and λ pays: with the same 100 labels SOAP misses by less than with our guess above. Black always says the
# mean energy. Bars reach from the lowest to the highest of three splits (they share frames, so
# the true spread is larger): with 50 frames a ranking from one split would mean nothing. The molecule tumbles, so raw
# coordinates teach nothing; the histogram teaches hardly more. The unsorted Coulomb matrix ends below the sorted one:
# in one trajectory atoms keep their numbers, so its flaw does not bite (that jumps cost the sorted one the rest is a
# guess). *A test can flatter.* SOAP with half of the labels is ahead of the symmetry functions with all. (Features scaled
# to equal spreads help SOAP at 50 frames, from 105 to 59 meV, and keep this order.)
#
# *(A good place for a break.)*
#
# ## What does it cost?
#
# Count the work instead of timing it: the count is the same on every machine. An atom with $n$ neighbours has $n$
# distances and $n(n-1)/2$ angles. **Predict:** the cutoff in copper goes from 3.5 to 7 Å. What grows with the
# neighbours, what with their pairs: $G^2$, $G^4$, SOAP?

# %%
from ase.build import bulk

copper = bulk("Cu", cubic=True).repeat(2)  # 32 atoms
copper.rattle(0.05, seed=0)
cutoffs = (3.5, 4.5, 5.5, 7.0)  # Å
n = np.array([len(neighbour_list(copper, r).idx_i) / 32 for r in cutoffs])
work = {"distances (G2, SOAP)": n, "pairs of neighbours (G4)": n * (n - 1) / 2}
for name, count in work.items():
    print(f"{name}: {count[-1] / count[0]:.0f} times as many at 7 as at 3.5 Å")
curves = {name: (cutoffs, count) for name, count in work.items()}
plot_lines(curves, x="cutoff / Å", y="terms an atom / 1", log="y")

# %%
from functools import partial

from mlp_course.validation import shortest_time

kinds = {
    "G2 alone": lambda r: SymmetryFunctions([29], r, angular=[]),
    "symmetry functions G2 + G4": lambda r: SymmetryFunctions([29], r),
    "SOAP n_max=4, l_max=4": lambda r: SOAP([29], r, n_max=4, l_max=4),
}
for name, kind in kinds.items():
    near, far = (shortest_time(partial(describe_atoms, kind(r), copper)) for r in (3.5, 7.0))
    print(f"{name}: {far / near:.1f} times the time")

# %% [markdown]
# The order is that of the counts: $G^4$ climbs steepest. The times (which move by a factor of two or more on a busy
# machine) grow less than the counts: every call has a price of its own, SOAP sums its cloud first and squares it once for
# any number of neighbours, and $G^4$ drops pairs that do not see each other.
#
# The other price is length. **Predict:** from one element to three, SOAP's list of numbers gets longer by a factor of 3, 8 or 27?

# %%
import pandas as pd

elements = {"Cu": [29], "H, O": [1, 8], "H, C, O": [1, 6, 8], "H, C, N, O, S": [1, 6, 7, 8, 16]}
size = {"G2 + G4": lambda z: SymmetryFunctions(z, 5.0).n_components}
size["SOAP n_max=4, l_max=4"] = lambda z: SOAP(z, 5.0, n_max=4, l_max=4).n_components
size["SOAP n_max=8, l_max=6"] = lambda z: SOAP(z, 5.0, n_max=8, l_max=6).n_components
pd.DataFrame({n: {k: f(z) for k, z in elements.items()} for n, f in size.items()})

# %% [markdown]
# Eight: SOAP grows about with the square of (elements × n_max), and $G^4$ with the square of the elements. Learned features keep their length whatever the elements.
#
# ## Choosing the cutoff
#
# How far does the *influence* of a neighbour reach? Measure it: shake all atoms beyond a radius, and look at the force
# on the centre. Our example is molten copper.

# %%
from ase import units
from ase.calculators.emt import EMT
from mlp_course.simulation import run_langevin

solid = bulk("Cu", cubic=True, a=3.76).repeat(3)  # 108 atoms at the density of the melt
solid.calc = EMT()
settings = dict(timestep=4.0, friction=0.02, progress=False, interval=20)  # fs, fs⁻¹
hot = run_langevin(solid, steps=250, temperature=4000, seed=1, **settings).frames[-1]
hot.calc = solid.calc
melt = run_langevin(hot, steps=500, temperature=1500, seed=2, **settings).frames[6:]
density = melt[0].get_masses().sum() / units.mol / (1e-24 * melt[0].get_volume())  # g/cm³
print(f"{len(melt)} frames at {density:.1f} g/cm³")

# %% [markdown] tags=["slide"]
# **Predict:** up to which distance must the neighbours stay in place, so that shaking all others by 0.1 Å changes
# the force by less than 50 meV/Å: 3, 5 or 7 Å?

# %%
frame, rng = melt[-1].copy(), np.random.default_rng(0)
frame.calc = EMT()
forces, distances = frame.get_forces(), frame.get_all_distances(mic=True)


def influence(radius, centre):
    """Change of the force on an atom in meV/Å when all beyond the radius are shaken."""
    far, beyond = frame.copy(), distances[centre] > radius
    far.positions[beyond] += rng.normal(0, 0.1, (beyond.sum(), 3))
    far.calc = EMT()
    return 1000 * np.linalg.norm(far.get_forces()[centre] - forces[centre])


# %%
radii = np.arange(2.5, 6.6, 0.5)  # Å
changes = np.array([[influence(r, centre) for centre in range(0, 108, 9)] for r in radii])
mean = changes.mean(axis=1)  # over 12 atoms
for target in (50, 10, 1):
    radius = np.interp(-np.log(target), -np.log(mean), radii)  # a straight line between points
    print(f"below {target} meV/Å on average from {radius:.1f} Å on")
name = "all beyond shaken by 0.1 Å"
ends = {name: (changes.min(axis=1), changes.max(axis=1))}
axes = {"x": "radius / Å", "y": "change of the force / (meV/Å)", "log": "y"}
plot_lines({name: (radii, mean)}, **axes, spread=ends, marks={"50 meV/Å": 50})

# %% [markdown]
# About 3 Å are enough for 50 meV/Å on average, between 4 and 4.5 Å for 10, about 5.5 Å for 1. (Bars: from the least to
# the most concerned of 12 atoms.) **Start with a cutoff where the curve falls below your target, then test a smaller
# and a larger one.** That is cautious: the energies of the neighbours change too, so forces reach $2 r_c$, and with
# message passing further. EMT is short-ranged by construction; for PBE we expect a flatter curve, and between charges it
# never ends. Ask your own reference method.
#
# What does a cutoff cost? That is read off where the neighbours stand, the *radial distribution function*
#
# $$g(r) = \frac{\text{neighbours in the shell } [r, r+\Delta]}{\rho \cdot \text{volume of the shell}} ,$$
#
# which is 1 in a gas without order. *A second failure, from the chapter:* it histograms
# the distances of one frame and takes the third peak as the cutoff. **Predict:** with 100, 150, 200 and 400 bins, do
# the four cutoffs agree?

# %%
from mlp_course.analysis import coordination_number, radial_distribution
from scipy.signal import find_peaks

raw, marks = melt[-1].get_all_distances(mic=True), {}
for bins in (100, 150, 200, 400):
    counts, edges = np.histogram(raw, bins, range=(0, 12))
    third = find_peaks(counts, height=0.3 * counts.max())[0][2]
    marks[f"{bins} bins"] = edges[third]
r, g = radial_distribution(melt, 8.0, n_bins=80)
n = coordination_number(r, g, len(solid) / solid.get_volume())
print("neighbours within 3.0, 4.5, 5.5 Å:", np.interp((3.0, 4.5, 5.5), r, n).round().astype(int))
print("peaks of g(r) at", r[find_peaks(g, prominence=0.2)[0]].round(2), "Å")
plot_panels({"molten copper": {"g(r)": (r, g)}}, x="r / Å", y="g(r) / 1", marks=marks)

# %% [markdown]
# The recipe answers with the width of its bins: a peak of one frame in narrow bins is a tooth of noise. The proper
# $g(r)$ gives the price of a cutoff, the neighbours in the first line. At its third peak the influence has
# already fallen below 1 meV/Å: **peaks tell where neighbours stand, not how far they act.**
#
# <details><summary>The other faults of the recipe</summary>
#
# It counts each atom's distance to itself (harmless, in the first bin). It is not divided by the volume of the
# shells, so it rises with $r^2$. It takes the nearest image only, so pairs run out beyond half of the cell (5.6 Å).
# </details>
#
# ## Learned features: message passing, step by step
#
# Nobody has to design the shells. In SchNet every atom starts with features $x_i$ that know its element only
# (the *embedding*: one row of learned numbers for each element), and each round adds what the neighbours send:
#
# $$m_{ij} = (A\,x_j) \circ W(d_{ij})\, f_c(d_{ij}), \qquad x_i \leftarrow x_i + \mathrm{net}\Bigl(\sum_j m_{ij}\Bigr) .$$
#
# $A$ is a matrix of weights, $W$ a small network that turns a distance into one factor for each feature, $\circ$
# multiplies feature by feature, and *net* is one more small network. $W$ reads the distance from a *radial basis*,
# here six Gaussians on a grid (`gaussian_basis`), which tells 1.0 from 1.1 Å more easily than one number does.
#
# Water, with 8 features and random weights. **Predict:** after the embedding the two hydrogens are equal.
# After one round? After two?

# %%
from mlp_course.descriptors import gaussian_basis
from mlp_course.teaching import plot_feature_maps

water = molecule("H2O")
network = build_model("schnet_by_hand", species=[1, 8], n_features=8, n_interactions=2, n_rbf=6)
layers = network.architecture
graph = neighbour_list(water, 5.0).to(dtype=torch.float32)
idx_i, idx_j = graph.idx_i, graph.idx_j
d_ij = graph.pair_vectors().norm(dim=1)  # (n_pairs,) = (6,)
f_ij, fade = gaussian_basis(d_ij, 6, 5.0), cosine_cutoff(d_ij, 5.0)  # f_ij: (n_pairs, n_rbf)
x0 = layers.embedding(graph.atomic_numbers)  # (n_atoms, n_features)
print("d_ij", tuple(d_ij.shape), " f_ij", tuple(f_ij.shape), " x", tuple(x0.shape))

# %%
first = layers.interactions[0]
filters = first.filter(f_ij) * fade[:, None]  # W f_c: (n_pairs, n_features)
sent = first.before(x0)[idx_j]  # A x_j: (n_pairs, n_features)
m_ij = sent * filters  # a message along each pair
summed = torch.zeros_like(x0).index_add(0, idx_i, m_ij)  # (n_atoms, n_features)
x1 = x0 + first.after(summed)  # net
x2 = x1 + layers.interactions[1](x1, f_ij, fade, idx_i, idx_j)
whole = layers(graph.atomic_numbers, graph.pair_vectors(), idx_i, idx_j).sum()
print("step by step equals the model:", torch.allclose(layers.readout(x2).sum(), whole))
print("largest difference of the two H:", f"{(x2[1] - x2[2]).abs().max().item():.0e}")
maps = {"embedding": x0, "one round": x1, "two rounds": x2}
plot_feature_maps({n: x.detach().numpy() for n, x in maps.items()}, rows=["O", "H", "H"])

# %% [markdown]
# Equal after any number of rounds: both see the same surroundings. A message carries only a *distance*; but in the
# second round a neighbour $j$ reports what *it* has heard, also from $k$. If $j$ and $k$ see each other, that tells
# $d_{jk}$ and so the angle at $i$, second-hand. Lesson 07 shows what happens if they do not.
#
# What does a **trained** SchNet make of it? Take the shipped one (trained on other frames, of rMD17) and 24 frames of
# ethanol at 500 K. Each point is an atom, drawn in the plane where the features differ most (*principal components*).
# **Predict:** does the network, which was told elements and never told bonds, separate the hydrogens of CH₃, CH₂ and OH?

# %%
from mlp_course.models import learned_features, load_shipped
from mlp_course.teaching import plot_pca

roles = ["C of CH₂", "C of CH₃", "O", *2 * ["H of CH₂"], *3 * ["H of CH₃"], "H of OH"]
frames = run[:384:16]  # 24 of them, half to compare with the other half
trained = load_shipped("ethanol_schnet")
features = {
    "symmetry functions (by hand)": np.vstack([describe_atoms(functions, a) for a in frames]),
    "SchNet (learned)": np.vstack([learned_features(trained, a) for a in frames]),
}
plot_pca(features, roles * len(frames))

# %% [markdown]
# On the right the hydrogens of CH₂ and CH₃ hardly come apart; on the left they do, because *we* gave each element of
# the neighbours columns of its own. But a plane with half of the variance (percentages on the axes) can hide what
# happens in the other directions. A fairer question to all features: **is the most similar hydrogen of another
# frame one of the same role?** And a control: a SchNet with **random weights**. **Predict** its score.

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

# %% [markdown] tags=["slide"]
# Always, for all three: the plane had misled us. And the network did not have to be *trained* for this; elements and
# distances already separate the roles, and random weights pass them on. **Separate clusters are no evidence of learned
# chemistry.** Whether probing features explains a model at all is disputed in the literature; our control shows how
# easily it misleads.
#
# ## Invariant or equivariant?
#
# Everything so far stays *the same* when the molecule turns: it is **invariant**. PaiNN, NequIP and MACE also carry
# features that **turn along**, like arrows: they are **equivariant**. Here is one vector feature of the shipped PaiNN,
# computed anew from each turned molecule. **Before you move the slider: what will the curves on the right do in one
# full turn, and which of them needs training?**

# %%
from mlp_course.models import vector_features

angles = np.arange(0, 361, 15)
turned = [ethanol.copy() for _ in angles]
for atoms, angle in zip(turned, angles, strict=True):
    atoms.rotate(30, "y")  # so that no atom hides another
    atoms.rotate(angle, "z", center="COM")
torch.manual_seed(0)
untrained = build_model("painn", species=[1, 6, 8]).eval()
arrows = []  # each (n_angles, n_atoms, 3)
for model in (load_shipped("ethanol_painn"), untrained):
    vectors = np.array([vector_features(model, a) for a in turned])  # (..., n_features, 3)
    strongest = np.linalg.norm(vectors[0], axis=2).sum(axis=0).argmax()
    arrows.append(vectors[:, :, strongest])

# %%
from mlp_course.teaching import plot_turned_vectors

shipped, random_weights = arrows
curves = {"x of O": shipped[:, 2, 0], "y of O": shipped[:, 2, 1]}
curves["length"] = np.linalg.norm(shipped[:, 2], axis=1)
curves["x, random weights"] = random_weights[:, 2, 0]
curves["length, random weights"] = np.linalg.norm(random_weights[:, 2], axis=1)


@interact(angle=IntSlider(45, min=0, max=360, step=15, description="turn / °"))
def turn(angle):
    return plot_turned_vectors(turned, angles, shipped, curves, at=int(angle) // 15)


# %% [markdown]
# A cosine, a sine and a constant length (longer than the other two reach: the arrow has a z, too). With random weights
# the arrow is another one and turns as well: it is built in, not trained. A neighbour's arrow says
# *where to*, so that a message can carry an angle in one step, with no sum over triples. It is **not** needed for forces
# that turn with the molecule: the slope of an invariant energy turns along by itself.
#
# ## The chapter's table, measured
#
# The chapter compares four families in eight rows. Some of it can be measured in seconds on this machine.
# **Predict:** which of the four needs the longest for energy and forces of ten frames of ethanol, and how many times the shortest?

# %%
families = {"symmetry functions": ("behler_parrinello", dict(with_jk=True))}  # G4, as above
families["SOAP (GAP)"] = ("gap", dict(n_max=4, l_max=4))
families |= {"SchNet": ("schnet_by_hand", {}), "NequIP": ("nequip", {})}
models = [build_model(f, **o).double().eval() for f, o in families.values()]  # cutoff 5 Å
batch = collate([neighbour_list(a, 5.0) for a in run[:10]])
seconds = np.array([shortest_time(partial(model, batch), 6) for model in models])
mean_errors = np.array([errors[name].mean(axis=0) for name in sums])  # (2, n_sizes)
measured = pd.DataFrame(index=families)
measured["MAE at 100 frames / meV"] = [*mean_errors[:, 1], None, None]
measured["MAE at 400 frames / meV"] = [*mean_errors[:, 3], None, None]
measured["energy + forces, time / that of the first"] = seconds / seconds[0]
measured.round(1).astype(object).where(measured.notna(), "see lesson 07")

# %% [markdown]
# The equivariant one, several times. (Untrained models, ten frames of ethanol, float64; training changes the weights, not the work. SOAP is a GAP with
# 300 reference environments of each element. For one molecule alone the fixed price of a call decides, and the order
# can turn: lesson 07.)
#
# <details><summary>The eight rows, judged: open for the row you care about</summary>
#
# | row | the chapter says (symmetry functions; SOAP; SchNet; equivariant) | verdict |
# |---|---|---|
# | design | by hand; formula; learned; learned + physics | fair. SOAP has settings, too: n_max, l_max, σ |
# | invariance | the first three: rotation and translation; E(3)-equivariant | E(3) stands for all shifts, turns and mirrorings of space. Incomplete: all four also respect mirror images and the order of equal atoms |
# | dimensionality | 50–100; 30–50; learnable | the first holds for three elements, the second only for one and a small basis (table of sizes). The length of learned features is *chosen*, their content is learnt |
# | data efficiency | low; medium; medium; high | low against medium: seen above, a factor between two and three in labels; the others in lesson 07 |
# | accuracy | medium; high; high; highest | with the same learner SOAP beats symmetry functions here; the others in lesson 07 |
# | cost | low; medium; medium; medium–high | the ends hold for ethanol and these sizes (last column); in a crystal $G^4$ has many pairs to count |
# | implementation | low; medium; medium; high | a matter of taste, not measured |
# | interpretability | high; medium; low; low | fair. Components of SOAP have names, too (two elements, two radial functions, one l), which tell a person little |
#
# </details>
#
# ## A tool to decide
#
# The chapter's guide goes by kind of system. We ask what limits you. The rules are a judgement: how costs grow,
# published accuracies, and round numbers as limits.

# %%
from mlp_course.teaching import SelectionGuide

SelectionGuide()

# %% [markdown]
# A recommendation is a start, not a proof. Let two families run on the same labels; lesson 07 shows how.

# %% [markdown]
# ## Three questions
#
# **1. A descriptor is unchanged by moving, turning, mirroring and renumbering. Is it good?**
#
# (a) yes · (b) not yet: it may jump, or see different structures as equal · (c) no, it must also change when the molecule turns
#
# <details><summary>Answer</summary>
#
# **(b).** The distance histogram has all four properties and takes the kite for the trapezoid. The sorted Coulomb
# matrix has them up to ties, and jumps. (a) The number 7 is also unchanged by everything. (c) That would be an
# equivariant feature: useful inside a network, wrong for an energy.
# </details>
#
# **2. Your test shows that an unsorted Coulomb matrix beats a sorted one. What do you check first?**
#
# (a) whether test frames number their atoms as training frames do · (b) whether the kernel is wide enough · (c) whether the cutoff is large enough
#
# <details><summary>Answer</summary>
#
# **(a).** In one trajectory atoms keep their numbers, and the flaw stays hidden until a file comes from
# elsewhere. (b) Both were given the same choice of widths. (c) A Coulomb matrix has no cutoff.
# </details>
#
# **3. An invariant model (SchNet) gives forces that turn with the molecule. How?**
#
# (a) it does not, one needs equivariant features · (b) it was trained on turned copies · (c) forces are the slope of an invariant energy, and a slope turns along
#
# <details><summary>Answer</summary>
#
# **(c).** (a) Equivariant features help accuracy, symmetry of the forces comes from the gradient. (b) No
# copies were needed: that is what invariance saves.
# </details>

# %% [markdown] tags=["slide"]
# **Open challenge.** The angle in `twin_environments(angle)` may be anything between 0° and 90°. At which
# angle do the energies of an untrained MACE differ most, towards which do they become equal, and why there?
# Then find the smallest `l_max` at which `correlation=3` still tells the twins apart. Practice that marks itself: [exercises 06](../exercises/06_descriptors.ipynb).
#
# ## You can now
#
# test any descriptor by eight copies and a path, write symmetry functions and a power spectrum from their formulas,
# name what two and three bodies cannot see, choose a cutoff from a measured influence, and read its cost off $g(r)$.
#
# **What this does not prove.** One small molecule, energies only, one simple learner, three overlapping splits of
# one trajectory: with forces and networks the ranking shifts (lesson 07). A set of symmetry functions tuned to ethanol
# would do better. Times are those of our code, in Python, on one core. EMT copper knows no long range. What a feature
# *means* to a network was not answered here.
#
# Before: [05 The five steps, once through](05_workflow.ipynb). Next: [07 Eight architectures, one race](07_architectures.ipynb).
