# %% [markdown] tags=["slide"]
# # 15 · Bonds that do not add up
#
# **Two copper atoms hold each other with 3.8 eV. In the metal each atom has twelve neighbours, and a bond belongs to two.
# How strongly does the metal hold together: with six times 3.8 eV?**
#
# After this lesson you can
#
# 1. turn the energy of a structure into the energy of one bond,
# 2. say what a sum over pairs cannot describe, and how you would notice.
#
# - **You need** [lesson 05](05_workflow.ipynb).
# - **Time** under a minute to run on one core, 10 minutes to work through.
# - **Memory** under 1 GB; measured values stand in [the list of lessons](README.md).
# - **Data** copper, computed here with EMT, a fast approximate potential for metals.

# %% [markdown] tags=["slide"]
# ## One bond after another
#
# We let an atom have one neighbour, then two, four, six, eight and twelve, all at the same distance, and move
# them to the distance with the lowest energy. With $z$ neighbours an atom owns $z/2$ bonds; one of them holds
#
# $$ b(z) = \frac{E_{\text{free atom}} - E_{\text{atom}}(z)}{z / 2} . $$
#
# EMT gives the energies; it takes a millisecond for each.

# %%
import numpy as np
from ase import Atoms
from ase.build import bulk
from ase.calculators.emt import EMT

structures = {  # neighbours of an atom -> the structure with the distance d, in Å
    1: lambda d: Atoms("Cu2", [[0, 0, 0], [d, 0, 0]]),
    2: lambda d: Atoms("Cu", cell=[d, 9, 9], pbc=[True, False, False]),
    4: lambda d: Atoms("Cu", cell=[d, d, 9], pbc=[True, True, False]),
    6: lambda d: bulk("Cu", "sc", a=d),
    8: lambda d: bulk("Cu", "bcc", a=d * 2 / np.sqrt(3)),
    12: lambda d: bulk("Cu", "fcc", a=d * np.sqrt(2)),
}


# %%
def atom_energy(atoms):
    """Energy of one atom of a structure, in eV."""
    atoms.calc = EMT()
    return atoms.get_potential_energy() / len(atoms)


distances = np.linspace(2.0, 3.0, 41)  # Å
free = atom_energy(Atoms("Cu"))


def bond_energy(z):
    """Energy of one bond of an atom with z neighbours, in eV."""
    lowest = min(atom_energy(structures[z](d)) for d in distances)
    return (free - lowest) / (z / 2)


print(f"one bond of two atoms: {bond_energy(1):.1f} eV")

# %% [markdown] tags=["slide"]
# **Predict:** $b(12)$ is (a) 3.8 eV as for two atoms, (b) about half of it, (c) less than a fifth.

# %%
from mlp_course.teaching import plot_lines

bonds = [bond_energy(z) for z in structures]
lines = {
    "EMT": (list(structures), bonds),
    "if bonds added up": (list(structures), [bonds[0]] * len(bonds)),
}
plot_lines(lines, x="neighbours of an atom", y="energy of one bond / eV")

# %% [markdown] tags=["slide"]
# (c). Every further neighbour weakens the bonds that are there. In total:

# %% tags=["nbval-check-output"]
print(f"one bond of two atoms {bonds[0]:.1f} eV, in the metal {bonds[-1]:.1f} eV")
print(f"the metal holds an atom with {6 * bonds[-1]:.1f} eV, not with {6 * bonds[0]:.0f} eV")

# %% [markdown] tags=["slide"]
# ## What a sum over pairs cannot know
#
# To a sum over pairs a bond is a bond, whoever stands beside. That is why EMT has a term for the density of the
# surroundings, and a network a descriptor of them.
#
# ## Three questions
#
# **1. You fit a pair potential to copper crystals. What does it say about two atoms alone?**
#
# (a) the right energy · (b) a bond that is too weak · (c) a bond that is too strong
#
# <details><summary>Answer</summary>
#
# **(b).** It has learnt the weak bonds of crowded atoms. (a) and (c) would need strong bonds in the data.
# </details>
#
# **2. Which test shows that a potential is no sum over pairs?**
#
# (a) turn the crystal · (b) compare three atoms with their three pairs · (c) swap two atoms
#
# <details><summary>Answer</summary>
#
# **(b).** (a) and (c) are passed by any sum over pairs.
# </details>
#
# **3. How does a network of symmetry functions know how crowded an atom is?**
#
# (a) not at all · (b) from the radial functions, which count neighbours · (c) from the cell
#
# <details><summary>Answer</summary>
#
# **(b).** And its network need not be linear in that count. (c) The cell never enters by itself.
# </details>
#
# Practice: [the exercises of all lessons](../exercises/README.md).

# %% [markdown] tags=["slide"]
# ## You can now
#
# read a bond energy off a structure, and name the question on which every pair potential fails.
#
# **What this does not prove.** EMT is a model of copper, not copper: the metal's 3.5 eV is what it was fitted to, the
# two atoms are not. Real copper atoms alone hold each other with about 2 eV. The trend is real, the size is EMT's.
#
# Before: [14 The chapter, checked](14_the_chapter_checked.ipynb). Back to the start: [00 Start here](00_start_here.ipynb).
