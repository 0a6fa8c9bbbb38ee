"""Normal modes: springs with known answers, and Boltzmann's law."""

import numpy as np
import pytest
from ase import Atoms, units
from ase.build import bulk, fcc111, molecule
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT
from ase.constraints import FixAtoms, FixBondLength
from ase.phonons import Phonons
from scipy.constants import angstrom, atomic_mass, e, hbar

from mlp_course.reference import reference_calculator
from mlp_course.sampling import normal_modes, optimised, sample_normal_modes
from mlp_course.sampling.hessian import hessian

K_SPRING = 30.0  # eV/Å²


class Springs(Calculator):
    """Harmonic springs between all pairs: E = k/2 Σ (d - d_0)²."""

    implemented_properties = ["energy", "forces"]

    def __init__(self, rest, k=K_SPRING):
        super().__init__()
        self.rest, self.k = rest, k

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        energy, forces = 0.0, np.zeros((len(atoms), 3))
        for i in range(len(atoms)):
            for j in range(i):
                r_ij = atoms.positions[j] - atoms.positions[i]
                d_ij = np.linalg.norm(r_ij)
                stretch = d_ij - self.rest[i, j]
                energy += 0.5 * self.k * stretch**2
                forces[i] += self.k * stretch * r_ij / d_ij
                forces[j] -= self.k * stretch * r_ij / d_ij
        self.results = {"energy": energy, "forces": forces}


def springs_of(atoms):
    """Springs that rest where the atoms are."""
    return Springs(atoms.get_all_distances())


@pytest.fixture(scope="module")
def water_modes():
    """Vibrations of water by GFN2-xTB."""
    return normal_modes(molecule("H2O"), reference_calculator("gfn2-xtb"))


@pytest.mark.parametrize("direction", [[0, 0, 1], [1, 2, 3]])
@pytest.mark.parametrize("symbols", ["H2", "HCl", "CO"])
def test_a_diatomic_vibrates_with_the_root_of_k_over_mu(symbols, direction):
    """One vibration, ħω = ħ √(k/μ), however the molecule lies."""
    axis = 1.1 * np.array(direction) / np.linalg.norm(direction)
    atoms = Atoms(symbols, [[0, 0, 0], axis])
    modes = normal_modes(atoms, springs_of(atoms))
    m_1, m_2 = atoms.get_masses()
    mu = m_1 * m_2 / (m_1 + m_2)
    omega = np.sqrt(K_SPRING * e / angstrom**2 / (mu * atomic_mass))  # 1/s
    assert modes.energies.shape == (1,)
    assert modes.energies[0] == pytest.approx(hbar * omega / e, rel=1e-4)
    assert modes.force_constants[0] == pytest.approx(K_SPRING / mu, rel=1e-4)


@pytest.mark.parametrize(("name", "n_modes"), [("H2O", 3), ("CH4", 9), ("CO2", 4), ("C2H2", 7)])
def test_a_molecule_has_3n_minus_6_vibrations_or_5_if_linear(name, n_modes):
    """Three of water, nine of methane, four of linear CO2, seven of acetylene; all have energy."""
    modes = normal_modes(molecule(name), reference_calculator("gfn2-xtb"))
    assert len(modes.energies) == n_modes
    assert (np.diff(modes.force_constants) >= 0).all()
    assert modes.energies.min() > 0.02  # eV


def test_an_atom_does_not_vibrate():
    """A single atom has no vibration, and that is no error."""
    assert normal_modes(Atoms("Cu"), EMT()).energies.shape == (0,)


def test_water_vibrates_as_measured(water_modes):
    """GFN2-xTB is within 8 % of the harmonic 1649, 3832 and 3943 cm⁻¹ of water."""
    measured = np.array([1649.0, 3832.0, 3943.0])  # cm⁻¹
    np.testing.assert_allclose(water_modes.energies / units.invcm, measured, rtol=0.08)


def test_six_motions_of_the_whole_cost_nothing(water_modes):
    """The mass-weighted Hessian has six eigenvalues of zero, and the modes do not contain them."""
    minimum, modes = water_modes.minimum, water_modes.displacements.reshape(3, -1)
    weight = np.repeat(minimum.get_masses() ** -0.5, 3)
    matrix = weight[:, None] * hessian(minimum, reference_calculator("gfn2-xtb")) * weight
    eigenvalues = np.linalg.eigvalsh(matrix)
    assert np.abs(eigenvalues[:6]).max() < 2e-3 * eigenvalues[6]
    np.testing.assert_allclose(eigenvalues[6:], water_modes.force_constants, rtol=1e-3)
    masses = minimum.get_masses()[:, None]
    arms = minimum.positions - minimum.get_center_of_mass()
    for mode in water_modes.displacements:
        momentum = (np.sqrt(masses) * mode).sum(axis=0)
        spin = np.cross(arms, np.sqrt(masses) * mode).sum(axis=0)
        np.testing.assert_allclose([momentum, spin], 0, atol=1e-10)
    np.testing.assert_allclose(modes @ modes.T, np.eye(3), atol=1e-10)


def test_the_hessian_of_a_spring_is_its_constant():
    """Along the bond of a diatomic ∂²E/∂z² = k, between its atoms -k, across the bond 0."""
    atoms = Atoms("H2", [[0, 0, 0], [0, 0, 1]])
    matrix = hessian(atoms, springs_of(atoms))
    assert matrix[2, 2] == pytest.approx(K_SPRING, rel=1e-6)
    assert matrix[2, 5] == pytest.approx(-K_SPRING, rel=1e-6)
    assert abs(matrix[0, 0]) < 1e-2
    np.testing.assert_array_equal(matrix, matrix.T)


def test_every_mode_holds_half_kt(water_modes):
    """Equipartition: over 4,000 frames each mode has kT/2 of energy within 4 standard errors."""
    temperature, n_frames = 400.0, 4000
    frames = sample_normal_modes(water_modes, temperature=temperature, n_frames=n_frames, seed=1)
    shifts = np.array([atoms.positions - water_modes.minimum.positions for atoms in frames])
    weighted = shifts * np.sqrt(water_modes.minimum.get_masses())[:, None]
    amplitudes = np.einsum("nia,kia->nk", weighted, water_modes.displacements)
    energies = 0.5 * water_modes.force_constants * amplitudes**2  # (n_frames, n_modes)
    half_kt = 0.5 * units.kB * temperature
    error = half_kt * np.sqrt(2 / n_frames)  # of the mean of a squared Gaussian
    np.testing.assert_allclose(energies.mean(axis=0), half_kt, atol=4 * error)
    told = [atoms.info["harmonic_energy"] for atoms in frames]
    np.testing.assert_allclose(told, energies.sum(axis=1), rtol=1e-9)


def test_small_displacements_cost_their_harmonic_energy(water_modes):
    """At 1 K the energy of GFN2-xTB rises by the harmonic energy that the frame tells, to 3 %."""
    calc = reference_calculator("gfn2-xtb")
    minimum = water_modes.minimum.copy()
    minimum.calc = calc
    lowest = minimum.get_potential_energy()
    for frame in sample_normal_modes(water_modes, temperature=1.0, n_frames=3):
        harmonic = frame.info["harmonic_energy"]
        frame.calc = calc
        assert frame.get_potential_energy() - lowest == pytest.approx(harmonic, rel=0.03)


def test_the_molecule_stays_where_it_is(water_modes):
    """Vibrations do not move the centre of mass; seeds decide; frames come without calculator."""
    first, again, other = (
        sample_normal_modes(water_modes, temperature=300, n_frames=2, seed=s) for s in (0, 0, 1)
    )
    centre = water_modes.minimum.get_center_of_mass()
    np.testing.assert_allclose(first[0].get_center_of_mass(), centre, atol=1e-10)
    assert first == again
    assert first != other
    assert first[0].calc is None


def test_a_saddle_is_refused():
    """Linear water relaxes to no minimum: a force constant is negative, and that is said."""
    linear = Atoms("OH2", [[0, 0, 0], [0, 0, 0.95], [0, 0, -0.95]])
    with pytest.raises(RuntimeError, match="not a minimum"):
        normal_modes(linear, reference_calculator("gfn2-xtb"))


def test_optimised_stops_at_the_tolerance_or_says_so():
    """Afterwards no force is above the tolerance; the frame given is not moved."""
    start = molecule("H2O")
    start.rattle(0.1, seed=0)
    before = start.copy()
    calc = reference_calculator("gfn2-xtb")
    minimum = optimised(start, calc, force_tolerance=0.01)
    assert np.linalg.norm(minimum.get_forces(), axis=1).max() <= 0.01
    assert start == before

    rng = np.random.default_rng(0)

    class Restless(EMT):
        def calculate(self, *arguments):
            super().calculate(*arguments)
            self.results["forces"] = rng.normal(size=(len(self.atoms), 3))

    with pytest.raises(RuntimeError, match=r"Cu4 not relaxed to 0.01 eV/Å in 500 steps"):
        optimised(bulk("Cu", cubic=True), Restless(), force_tolerance=0.01)


@pytest.fixture(scope="module")
def copper_modes():
    """Vibrations of 32 atoms of fcc Cu by EMT: 93 modes."""
    return normal_modes(bulk("Cu", cubic=True, a=3.59).repeat(2), EMT())


def test_a_supercell_has_the_phonons_that_fit_into_it(copper_modes, tmp_path):
    """The 93 modes of 2×2×2 cubic cells are ASE's phonons at the 32 q-points that it folds to Γ.

    ASE differentiates in a supercell of 7×7×7 primitive cells, all of whose images are told apart.
    """
    primitive = bulk("Cu", a=3.59)
    phonons = Phonons(primitive, EMT(), supercell=(7, 7, 7), delta=0.005, name=str(tmp_path / "p"))
    phonons.run()
    phonons.read(acoustic=True)
    reciprocal = np.linalg.inv(bulk("Cu", cubic=True, a=3.59).cell.array * 2).T
    grid = np.stack(np.meshgrid(*[range(-4, 5)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    q = grid @ reciprocal @ primitive.cell.array.T  # in units of the primitive reciprocal cell
    q = np.unique(np.round(q, 9) % 1, axis=0)
    assert len(q) == 32
    energies = np.sort(phonons.band_structure(q, verbose=False).ravel())[3:]
    np.testing.assert_allclose(copper_modes.energies, energies, atol=1e-4)  # eV; 10 to 30 meV


def test_a_crystal_holds_kt_over_2_a_mode_in_its_real_energy(copper_modes):
    """At 20 K EMT's own energy above the minimum is 93 kT/2 on average, to 4 standard errors."""
    frames = sample_normal_modes(copper_modes, temperature=20.0, n_frames=100, seed=3)
    minimum = copper_modes.minimum.copy()
    minimum.calc = EMT()
    lowest = minimum.get_potential_energy()
    excess = []
    for frame in frames:
        frame.calc = EMT()
        excess.append(frame.get_potential_energy() - lowest)
    half_kt = 0.5 * units.kB * 20.0
    assert np.mean(excess) == pytest.approx(93 * half_kt, abs=4 * half_kt * np.sqrt(2 * 93 / 100))
    centre = [frame.positions.mean(axis=0) for frame in frames]
    np.testing.assert_allclose(centre, minimum.positions.mean(axis=0) * np.ones((100, 1)))


def test_atoms_of_a_slab_that_are_held_do_not_vibrate():
    """Two free layers of two atoms have 12 modes; the third layer stays where it is."""
    slab = fcc111("Cu", (2, 1, 3), a=3.59, vacuum=6)
    slab.set_constraint(FixAtoms(mask=slab.get_tags() == 3))
    modes = normal_modes(slab, EMT())
    assert modes.displacements.shape == (12, 6, 3)
    (frame,) = sample_normal_modes(modes, temperature=300, n_frames=1)
    held = slab.get_tags() == 3
    np.testing.assert_array_equal(frame.positions[held], slab.positions[held])
    assert np.abs(frame.positions - modes.minimum.positions)[~held].min() > 0
    slab.set_constraint(FixBondLength(0, 1))
    with pytest.raises(ValueError, match="constraints must be FixAtoms; got FixBondLength"):
        normal_modes(slab, EMT())


def test_a_periodic_chain_turns_about_its_own_axis_only():
    """A zigzag chain of two atoms a cell has 3 × 2 - 3 - 1 vibrations."""
    chain = Atoms("H2", [[0.0, 0.3, 0.0], [0.9, -0.3, 0.0]], cell=[1.8, 0, 0], pbc=[1, 0, 0])

    class Zigzag(Calculator):
        implemented_properties = ["energy", "forces"]

        def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
            super().calculate(atoms, properties, system_changes)
            r = atoms.positions[1] - atoms.positions[0]  # E = k/2 [(x - 0.9)² + (ρ - 0.6)²]
            across = np.hypot(r[1], r[2])
            pull = np.array([r[0] - 0.9, *((across - 0.6) / across * r[1:])])
            energy = 0.5 * K_SPRING * ((r[0] - 0.9) ** 2 + (across - 0.6) ** 2)
            self.results = {"energy": energy, "forces": K_SPRING * np.array([pull, -pull])}

    modes = normal_modes(chain, Zigzag())
    mu = chain.get_masses()[0] / 2
    np.testing.assert_allclose(modes.force_constants, K_SPRING / mu, rtol=1e-4)
    assert len(modes.force_constants) == 2


def test_isotopes_keep_their_masses():
    """D2 vibrates √2 slower than H2, and its frames know that they are D2."""
    h2, d2 = Atoms("H2", [[0, 0, 0], [0, 0, 1]]), Atoms("H2", [[0, 0, 0], [0, 0, 1]])
    d2.set_masses(2 * h2.get_masses())
    light, heavy = (normal_modes(atoms, springs_of(atoms)) for atoms in (h2, d2))
    assert light.energies[0] / heavy.energies[0] == pytest.approx(np.sqrt(2), rel=1e-6)
    (frame,) = sample_normal_modes(heavy, temperature=300, n_frames=1)
    assert frame.get_masses().tolist() == d2.get_masses().tolist()
