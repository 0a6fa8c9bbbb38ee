"""Data type 4, random sampling with a temperature: Metropolis Monte Carlo."""

import math

import numpy as np
from ase import Atoms, units
from ase.calculators.calculator import Calculator
from ase.data import covalent_radii
from tqdm import tqdm

from mlp_course.descriptors.checks import check_count, check_positive
from mlp_course.sampling.origin import calculator_name, with_origin

_TARGET = 0.4  # accepted part of the moves that burn-in aims at
_BLOCK = 50  # moves between two changes of the step


def sample_monte_carlo(
    atoms: Atoms,
    calculator: Calculator,
    *,
    temperature: float,
    n_frames: int,
    sweeps: int = 1,
    burn_in: int = 100,
    step: float = 0.1,
    closest: float = 0.5,
    seed: int = 0,
    progress: bool = False,
) -> list[Atoms]:
    r"""Sample Boltzmann's distribution by trial moves of single atoms.

    .. math:: P(\text{accept}) = \min\left(1, e^{-\Delta E / k_B T}\right)

    A trial and its reverse are equally probable, so the rule keeps Boltzmann's distribution
    (detailed balance). That holds only while the step is fixed: it is adapted during burn-in, to
    accept 40 % of the moves, and never afterwards. No forces are needed.

    Args:
        atoms: start configuration; atoms held by a constraint do not move.
        calculator: where the energies come from.
        temperature: in K.
        n_frames: number of frames returned.
        sweeps: between two frames; a sweep is one trial for each atom that may move.
        burn_in: sweeps thrown away at the start, in which the step is adapted.
        step: the first largest displacement along x, y and z, in Å.
        closest: no trial may bring two atoms closer than this, in units of the sum of their
            covalent radii: hard cores, beyond which a method may fail to converge. 0: none.
        seed: of the random numbers.
        progress: show a progress bar.

    Returns:
        ``n_frames`` copies without calculator; ``info["sampler_energy"]`` is the energy in eV,
        ``info["sweep"]`` counts sweeps since burn-in. The record holds the final ``step`` (Å) and
        the ``acceptance`` after burn-in.

    Raises:
        ValueError: if a number has a senseless value, no atom may move, or the start has two atoms
            closer than ``closest``.
        RuntimeError: if the energy of a trial is not a number.

    Source:
        N. Metropolis, A. W. Rosenbluth, M. N. Rosenbluth, A. H. Teller, E. Teller,
        J. Chem. Phys. 21, 1087 (1953).

    Example:
        >>> from ase.calculators.morse import MorsePotential  # a bond of 1 eV and 1 Å
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 1.0]])
        >>> frames = sample_monte_carlo(h2, MorsePotential(), temperature=300, n_frames=50)
        >>> lengths = [frame.get_distance(0, 1) for frame in frames]
        >>> f"{np.mean(lengths):.1f} Å"
        '1.0 Å'
    """
    check_positive("in K", temperature=temperature)
    check_positive("in Å", step=step)
    check_count(1, n_frames=n_frames, sweeps=sweeps)
    check_count(0, burn_in=burn_in)
    if not closest >= 0:
        raise ValueError(f"closest must not be negative, in sums of covalent radii; got {closest}")
    walker = _Walker(atoms, calculator, units.kB * temperature, step, closest, seed)
    walker.burn_in(burn_in)
    found = []
    for number in tqdm(range(1, n_frames + 1), desc=f"{temperature:.0f} K", disable=not progress):
        walker.sweep(sweeps)
        found.append((walker.atoms.copy(), walker.energy, number * sweeps))
    settings = dict(temperature=temperature, sweeps=sweeps, burn_in=burn_in, closest=closest)
    settings |= dict(seed=seed, step=walker.step, acceptance=walker.acceptance)
    settings |= dict(calculator=calculator_name(calculator))
    how = dict(data_type="random", sampler="sample_monte_carlo", settings=settings, parent=atoms)
    return [
        with_origin(frame, sampler_energy=energy, sweep=sweep, **how)
        for frame, energy, sweep in found
    ]


class _Walker:
    """A configuration that takes Metropolis steps."""

    def __init__(
        self,
        atoms: Atoms,
        calculator: Calculator,
        kT: float,
        step: float,
        closest: float,
        seed: int,
    ):
        held = [c.get_indices() for c in atoms.constraints]
        self.movable = np.setdiff1d(np.arange(len(atoms)), np.concatenate(held) if held else [])
        if not len(self.movable):
            raise ValueError("atoms must have one that may move; all are held by constraints")
        self.atoms = atoms.copy()
        self.atoms.set_constraint()
        self.atoms.calc = calculator
        self.closest = closest
        self.radii = covalent_radii[atoms.numbers]
        clashing = [i for i in range(len(atoms)) if self._clashes(i)]
        if clashing:
            raise ValueError(
                f"atoms must start without clashes (closest = {closest} sums of covalent radii); "
                f"atoms {clashing} are too close: move them apart or lower closest"
            )
        self.kT, self.step = kT, step
        self.rng = np.random.default_rng(seed)
        self.energy = float(self.atoms.get_potential_energy())
        self.tried = self.accepted = 0

    @property
    def acceptance(self) -> float:
        """Part of the moves accepted since the step last changed."""
        return self.accepted / max(1, self.tried)

    def burn_in(self, sweeps: int) -> None:
        """Move, and after every block bring the acceptance closer to its target."""
        blocks = math.ceil(sweeps * len(self.movable) / _BLOCK)
        for _ in range(blocks):
            self._move(_BLOCK)
            self.step *= np.clip(self.acceptance / _TARGET, 0.5, 1.5)
            self.tried = self.accepted = 0

    def sweep(self, sweeps: int) -> None:
        """Try as many moves as there are movable atoms, ``sweeps`` times."""
        self._move(sweeps * len(self.movable))

    def _move(self, n_moves: int) -> None:
        for _ in range(n_moves):
            self.tried += 1
            self.accepted += self._accepted_trial()

    def _accepted_trial(self) -> bool:
        """Move one atom, or leave everything as it was."""
        atom = self.rng.choice(self.movable)
        before = self.atoms.positions[atom].copy()
        self.atoms.positions[atom] += self.rng.uniform(-self.step, self.step, size=3)
        if not self._clashes(atom):
            energy = float(self.atoms.get_potential_energy())
            if math.isnan(energy) or energy == -math.inf:
                raise RuntimeError(
                    f"the calculator gives no energy ({energy}) after a move of atom {atom}: "
                    "raise closest, so that no trial leads where it fails"
                )
            if self.rng.random() < math.exp(min(0.0, (self.energy - energy) / self.kT)):
                self.energy = energy
                return True
        self.atoms.positions[atom] = before
        return False

    def _clashes(self, atom: int) -> bool:
        """Tell whether an atom has another one within its hard core."""
        if not self.closest or len(self.atoms) == 1:
            return False
        others = np.delete(np.arange(len(self.atoms)), atom)
        distances = self.atoms.get_distances(atom, others, mic=bool(self.atoms.pbc.any()))
        return bool((distances < self.closest * (self.radii[atom] + self.radii[others])).any())
