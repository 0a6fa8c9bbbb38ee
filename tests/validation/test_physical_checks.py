"""The physical checks: sound calculators pass, each broken one fails its own check."""

import numpy as np
import pandas as pd
import pytest
import torch
from ase import Atoms
from ase.build import bulk, fcc111, molecule
from ase.calculators.calculator import Calculator, all_changes
from ase.calculators.emt import EMT
from ase.calculators.lj import LennardJones
from ase.constraints import FixAtoms

from mlp_course.models import ARCHITECTURES, MLPCalculator, build_model
from mlp_course.validation import CheckTolerances, physical_checks
from mlp_course.validation.consistency_checks import doubled
from mlp_course.validation.physical_checks import CHECKS


class SoundPair(Calculator):
    """Smooth pair repulsion with a cutoff; subclasses break one thing each."""

    implemented_properties = ["energy", "forces"]
    cutoff = 4.0

    def calculate(self, atoms=None, properties=("energy",), system_changes=all_changes):
        super().calculate(atoms, properties, system_changes)
        positions = torch.tensor(atoms.positions, requires_grad=True)
        energy = self.energy(positions)
        (slope,) = torch.autograd.grad(energy, positions)
        self.results = {"energy": energy.item(), "forces": self.forces(-slope.numpy())}

    def energy(self, positions):
        r_ij, d_ij = self.pairs(positions)
        return 0.5 * torch.sum(self.pair_term(r_ij, d_ij) * self.switch(d_ij))

    def pairs(self, positions):
        r_ij = positions[None] - positions[:, None]
        far = (
            torch.eye(len(positions), dtype=torch.float64) * 1e3
        )  # an atom is no neighbour of its own
        return r_ij, torch.sqrt(torch.sum(r_ij**2, dim=-1) + far**2)

    def pair_term(self, r_ij, d_ij):
        return 3.0 * torch.exp(-d_ij)

    def switch(self, d_ij):
        return torch.where(d_ij < self.cutoff, (1 - (d_ij / self.cutoff) ** 2) ** 3, 0.0)

    def forces(self, forces):
        return forces


class KnowsWhereItIs(SoundPair):
    def energy(self, positions):
        trap = 0.05 * len(positions) * torch.sum(positions.mean(dim=0) ** 2)
        return super().energy(positions) + trap


class PrefersX(SoundPair):
    def pair_term(self, r_ij, d_ij):
        return 3.0 * torch.exp(-d_ij) * (1 + 0.2 * r_ij[..., 0] ** 2 / d_ij**2)


class PrefersOneHand(SoundPair):
    def energy(self, positions):
        r_ij, d_ij = self.pairs(positions)
        arms = [
            torch.sum((torch.exp(-steep * d_ij) * self.switch(d_ij))[..., None] * r_ij, dim=1)
            for steep in (0.2, 0.6, 1.2)
        ]  # three different weighted sums of neighbour vectors, each (n_atoms, 3)
        volume = torch.sum(arms[0] * torch.linalg.cross(arms[1], arms[2]))
        return super().energy(positions) + volume


class CountsLabels(SoundPair):
    def pair_term(self, r_ij, d_ij):
        weight = 1 + 0.1 * (torch.arange(len(d_ij)) % 9)  # ethanol has 9 atoms
        return 3.0 * torch.exp(-d_ij) * weight[:, None] * weight[None]


class ScalesForces(SoundPair):
    def forces(self, forces):
        return 1.01 * forces


class CutsHard(SoundPair):
    def switch(self, d_ij):
        return (d_ij < self.cutoff).double()


class KinkAtCutoff(SoundPair):
    """The energy is continuous, only the force jumps."""

    def switch(self, d_ij):
        return torch.clamp(1 - d_ij / self.cutoff, min=0.0)


class CountsSquared(SoundPair):
    def energy(self, positions):
        return super().energy(positions) + 0.01 * len(positions) ** 2


def failed(table):
    return table.loc[~table["passed"].fillna(True), "check"].tolist()


@pytest.fixture(scope="module")
def ethanol():
    return molecule("CH3CH2OH")


def test_a_sound_potential_passes_everything(ethanol):
    """A smooth pair repulsion with exact forces passes all checks, and none is skipped."""
    table = physical_checks(SoundPair(), ethanol)
    assert table["check"].tolist() == list(CHECKS)
    assert list(table.columns) == [
        "check",
        "statement",
        "deviation",
        "unit",
        "tolerance",
        "passed",
    ]
    assert table["passed"].all()
    assert table["passed"].notna().all()


BROKEN = [
    (KnowsWhereItIs, "translation"),
    (PrefersX, "rotation"),
    (PrefersOneHand, "reflection"),
    (CountsLabels, "permutation"),
    (ScalesForces, "forces"),
    (CutsHard, "cutoff"),
    (KinkAtCutoff, "cutoff"),
    (CountsSquared, "extensivity"),
]


def test_every_check_has_a_calculator_that_fails_it():
    """A check that nothing fails is not known to see anything: add a fault to BROKEN."""
    assert {check for _, check in BROKEN} == set(CHECKS)


@pytest.mark.parametrize(("broken", "check"), BROKEN)
def test_a_broken_potential_fails_exactly_the_check_meant_for_it(broken, check, ethanol):
    """One fault fails one check and no other, so the failed row tells what to repair."""
    for seed in (0, 1):
        table = physical_checks(broken(), ethanol, seed=seed)
        assert failed(table) == [check], table.to_string()


def test_the_jump_of_a_hard_cutoff_has_the_right_height(ethanol):
    """3 exp(-4) eV = 54.9 meV."""
    table = physical_checks(CutsHard(), ethanol, tolerances=CheckTolerances(jump=1e9)).set_index(
        "check"
    )
    assert table.loc["cutoff", "deviation"] == pytest.approx(3000 * np.exp(-4), rel=1e-3)
    assert table.loc["cutoff", "unit"] == "meV"


def test_the_scaled_force_is_reported_with_its_size(ethanol):
    """1 % of forces of up to a few eV/A."""
    table = physical_checks(ScalesForces(), ethanol).set_index("check")
    assert 2 < table.loc["forces", "deviation"] < 50
    assert table.loc["forces", "unit"] == "meV/Å"


@pytest.mark.parametrize(
    "atoms",
    [bulk("Cu"), bulk("Cu", cubic=True), fcc111("Cu", (2, 2, 2), vacuum=6.0)],
    ids=["primitive", "cubic", "slab"],
)
def test_effective_medium_theory_passes_on_copper(atoms):
    """EMT fails no check on copper, as primitive cell, as cubic cell and as slab with a surface."""
    table = physical_checks(EMT(), atoms)
    assert failed(table) == []
    assert pd.isna(table.set_index("check").loc["cutoff", "passed"])  # EMT names no cutoff


def test_smoothed_lennard_jones_passes_and_the_truncated_one_has_a_kink():
    """Argon cut at 8 Å: the plain potential fails at the cutoff only, the smoothed one nowhere."""
    argon = bulk("Ar", "fcc", 5.3, cubic=True)
    options = {"sigma": 3.4, "epsilon": 0.0104, "rc": 8.0}
    smooth = physical_checks(LennardJones(**options, smooth=True), argon, cutoff=8.0)
    assert smooth["passed"].all()
    assert failed(physical_checks(LennardJones(**options), argon, cutoff=8.0)) == ["cutoff"]


def test_xtb_passes_on_ethanol(ethanol):
    """GFN2-xTB, a quantum method with its own SCF, fails no check on ethanol."""
    tblite = pytest.importorskip("tblite.ase")
    calculator = tblite.TBLite(method="GFN2-xTB", accuracy=0.1, verbosity=0)
    table = physical_checks(calculator, ethanol)
    assert failed(table) == [], table.to_string()


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_an_untrained_network_passes_because_its_form_is_right(name, ethanol):
    """Symmetry, F = -dE/dR and a smooth cutoff need no training: random weights pass on ethanol."""
    calculator = MLPCalculator(build_model(name, species=[1, 6, 8]))
    table = physical_checks(calculator, ethanol)
    assert table["passed"].all(), table.to_string()


def test_a_calculator_without_cutoff_is_told_so():
    """One copper atom and no known cutoff: two checks do not apply, and each row says why."""
    table = physical_checks(EMT(), bulk("Cu")).set_index("check")
    assert "not applicable: no cutoff known" in table.loc["cutoff", "statement"]
    assert table["passed"].isna().sum() == 2  # one atom has nobody to swap with
    assert "no two equal atoms" in table.loc["permutation", "statement"]


def test_a_single_atom_is_enough():
    """A lone argon atom fails no check, though it has no neighbour and no partner to swap with."""
    assert failed(physical_checks(SoundPair(), Atoms("Ar"))) == []


def test_nan_is_a_failure_not_a_pass(ethanol):
    """NaN is within no tolerance: a potential with NaN forces fails all checks."""

    class Nan(SoundPair):
        def forces(self, forces):
            return forces * np.nan

    assert failed(physical_checks(Nan(), ethanol)) == list(CHECKS)


def test_same_seed_same_table_and_the_atoms_are_untouched(ethanol):
    """Seed 4 gives the same table twice; the atoms keep their positions and their constraint."""
    atoms = ethanol.copy()
    atoms.set_constraint(FixAtoms([0]))
    before = atoms.positions.copy()
    first, second = (physical_checks(SoundPair(), atoms, seed=4) for _ in range(2))
    assert first.equals(second)
    np.testing.assert_array_equal(atoms.positions, before)
    assert len(atoms.constraints) == 1
    assert atoms.calc is None


def test_on_a_perfect_crystal_scaled_forces_are_caught_only_after_the_rattle():
    """All forces vanish by symmetry, and 1.01 times nothing is nothing."""

    class Scaled(EMT):
        def calculate(self, *args, **kwargs):
            super().calculate(*args, **kwargs)
            self.results["forces"] = self.results["forces"] * 1.5

    crystal = bulk("Cu", cubic=True)
    still = physical_checks(Scaled(), crystal, rattle=0.0).set_index("check")
    shaken = physical_checks(Scaled(), crystal).set_index("check")
    assert still.loc["forces", "passed"]
    assert not shaken.loc["forces", "passed"]


def test_doubling_repeats_along_a_periodic_direction_or_sets_copies_far_apart():
    """A wire of 6 Å doubles to 12 Å; a second water molecule stands at least 50 Å away."""
    wire = Atoms("Cu", cell=[5, 6, 7], pbc=[False, True, False])
    assert doubled(wire).cell.lengths().tolist() == [5, 12, 7]
    pair = doubled(molecule("H2O"))
    assert len(pair) == 6
    assert pair.get_all_distances()[:3, 3:].min() >= 50.0
    np.testing.assert_allclose(pair.positions.mean(axis=0), molecule("H2O").positions.mean(axis=0))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cutoff": -1.0}, "cutoff must be positive, in Å; got -1.0"),
        ({"rattle": -0.1}, "rattle must not be negative, in Å; got -0.1"),
    ],
)
def test_numbers_out_of_range_are_refused(options, message, ethanol):
    """A negative cutoff or rattle is refused with its rule, its unit Å and the value received."""
    with pytest.raises(ValueError, match=message):
        physical_checks(SoundPair(), ethanol, **options)


def test_nothing_to_check_is_refused():
    """A system without atoms does not pass for nothing: it is an error."""
    with pytest.raises(ValueError, match="at least one atom"):
        physical_checks(SoundPair(), Atoms())
