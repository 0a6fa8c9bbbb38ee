"""Recipes of the embedded data: which molecule, sampled how, with which settings."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from ase import Atoms

from mlp_course.reference import reference_calculator
from mlp_course.reference.configuration import bare
from mlp_course.sampling.dynamics import sample_dynamics
from mlp_course.sampling.equilibrium import optimised
from mlp_course.sampling.normal_modes import normal_modes, sample_normal_modes
from mlp_course.sampling.paths import interpolated_path, minimum_energy_path
from mlp_course.sampling.rattle import rattled
from mlp_course.sampling.torsion import torsion_scan

#: Both molecules in the atom order of rMD17. Malonaldehyde is the hydrogen-bonded enol, whose
#: proton can hop; the molecule of that name in MD17 and rMD17 is the other tautomer, propanedial.
STARTS = {
    "ethanol": Atoms(
        "CCOHHHHHH",
        [
            [0.000, 0.559, 0.000],
            [1.168, -0.372, 0.000],
            [-1.190, -0.215, 0.000],
            [0.042, 1.205, 0.886],
            [0.042, 1.205, -0.886],
            [2.111, 0.189, 0.000],
            [1.130, -1.012, 0.887],
            [1.130, -1.012, -0.887],
            [-1.946, 0.381, 0.000],
        ],
    ),
    "malonaldehyde": Atoms(
        "CCCOOHHHH",
        [
            [-1.20, 0.25, 0.0],
            [0.00, 0.95, 0.0],
            [1.22, 0.25, 0.0],
            [1.28, -1.00, 0.0],
            [-1.25, -1.07, 0.0],
            [-2.14, 0.80, 0.0],
            [0.00, 2.03, 0.0],
            [-0.30, -1.40, 0.0],
            [2.16, 0.83, 0.0],
        ],
    ),
}
N_IMAGES = 11


def _dynamics(start: Atoms, **settings) -> list[Atoms]:
    return sample_dynamics(start, reference_calculator("gfn2-xtb"), progress=True, **settings)


def _normal_modes(start: Atoms, **settings) -> list[Atoms]:
    return sample_normal_modes(normal_modes(start, reference_calculator("gfn2-xtb")), **settings)


def _rattled(start: Atoms, **settings) -> list[Atoms]:
    return rattled(optimised(start, reference_calculator("gfn2-xtb")), **settings)


def _torsion(start: Atoms, **settings) -> list[Atoms]:
    return torsion_scan(optimised(start, reference_calculator("gfn2-xtb")), **settings)


def _xtb_band(start: Atoms, n_images: int) -> list[Atoms]:
    enol = optimised(start, reference_calculator("gfn2-xtb"))
    guess = interpolated_path(enol, proton_moved(enol), n_images)
    return minimum_energy_path(guess, partial(reference_calculator, "gfn2-xtb"))


@dataclass(frozen=True)
class Recipe:
    """How one set is made: start molecule, sampler and its settings."""

    name: str
    sampler: Callable[..., list[Atoms]]
    settings: dict
    description: str

    @property
    def start(self) -> Atoms:
        """The molecule before sampling."""
        return STARTS[self.name.split("/")[0]]

    @property
    def stem(self) -> str:
        """File name without folder and ending."""
        return self.name.replace("/", "_")

    def geometries(self) -> list[Atoms]:
        """Sample, and round positions to the 1e-8 Å that the files keep."""
        frames = [bare(frame) for frame in self.sampler(self.start, **self.settings)]
        for frame in frames:
            frame.positions = np.round(frame.positions, 8)
        return frames

    @property
    def passport(self) -> dict:
        """Sampler and settings, as they stand in the passport."""
        return {"sampler": self.sampler.__name__.strip("_"), "sampler_settings": self.settings}


def _md(name: str, temperature: float, n_frames: int, *, timestep: float, seed: int) -> Recipe:
    settings = dict(
        temperature=temperature, n_frames=n_frames, timestep=timestep, spacing=50.0, seed=seed
    )
    text = f"one GFN2-xTB Langevin trajectory at {temperature:.0f} K, a frame every 50 fs, in order"
    return Recipe(name, _dynamics, settings, text)


RECIPES = [
    _md("ethanol/500K", 500, 1000, timestep=1.0, seed=1),
    _md("ethanol/300K", 300, 150, timestep=1.0, seed=2),
    _md("ethanol/1000K", 1000, 150, timestep=0.5, seed=3),
    Recipe(
        "ethanol/normal_modes",
        _normal_modes,
        dict(temperature=500, n_frames=100, seed=4),
        "displacements along GFN2-xTB normal modes, classical harmonic oscillators at 500 K",
    ),
    Recipe(
        "ethanol/rattled",
        _rattled,
        dict(amplitude=0.1, n_frames=100, seed=5),
        "normally distributed displacements of 0.1 Å from the GFN2-xTB minimum, no clashes",
    ),
    Recipe(
        "ethanol/torsion",
        _torsion,
        dict(dihedral=[1, 0, 2, 8], moving=[8], angles=list(range(0, 181, 15))),
        "rigid turn of O-H about C-O from the GFN2-xTB minimum, C-C-O-H angle 0 to 180°",
    ),
    _md("malonaldehyde/500K", 500, 400, timestep=1.0, seed=6),
    _md("malonaldehyde/1000K", 1000, 150, timestep=0.5, seed=7),
]
PATH = Recipe(
    "malonaldehyde/proton_transfer",
    _xtb_band,
    dict(n_images=N_IMAGES),
    f"climbing-image nudged elastic band of the proton transfer, {N_IMAGES} images, "
    "largest perpendicular force 0.05 eV/Å, on the PBE surface itself",
)


def proton_moved(enol: Atoms) -> Atoms:
    """Guess the other enol: mirror it and give every atom its partner's place.

    Atom order C C C O O H H H H: carbons 0 and 2, oxygens 3 and 4, hydrogens 5 and 8 are partners;
    the proton (7) and the central CH (1, 6) are their own.
    """
    other = bare(enol)
    oxygen_axis = enol.positions[4] - enol.positions[3]
    normal = oxygen_axis / np.linalg.norm(oxygen_axis)
    mirrored = enol.positions - 2 * np.outer(enol.positions @ normal, normal)
    other.positions = mirrored[[2, 1, 0, 4, 3, 8, 6, 7, 5]]
    other.positions += enol.positions.mean(axis=0) - other.positions.mean(axis=0)
    return other
