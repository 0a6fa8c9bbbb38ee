"""A scan: push an atom from one partner to the other, and let everything else relax."""

from collections.abc import Sequence

from ase import Atoms
from ase.calculators.calculator import Calculator
from ase.constraints import FixInternals
from ase.optimize import BFGS

from mlp_course.sampling.origin import calculator_name, with_origin


def transfer_scan(
    atoms: Atoms,
    calculator: Calculator,
    *,
    donor: int,
    moving: int,
    acceptor: int,
    values: Sequence[float],
    force_tolerance: float = 0.02,
    max_steps: int = 300,
) -> list[Atoms]:
    r"""Relax a molecule at given values of the transfer coordinate: the direct way to a barrier.

    .. math:: q = d(\text{donor}, \text{moving}) - d(\text{acceptor}, \text{moving})

    Args:
        atoms: start configuration of the first value; each next one starts from the one before.
        calculator: where the forces come from.
        donor: atom that lets go.
        moving: atom that goes over.
        acceptor: atom that takes it.
        values: of q, in Å; negative at the donor, 0 half-way.
        force_tolerance: largest remaining force at fixed q, in eV/Å.
        max_steps: steps for each value before giving up.

    Returns:
        One configuration for each value, without calculator and constraints;
        ``info["transfer"]`` is q in Å, ``info["sampler_energy"]`` the energy in eV.

    Raises:
        RuntimeError: if one of them does not relax.

    Example:
        >>> from ase.calculators.lj import LennardJones  # ε = 1 eV, σ = 1 Å
        >>> argon = Atoms("Ar3", [[0, 0, 0], [1.12, 0.05, 0], [2.24, 0, 0]])
        >>> (middle,) = transfer_scan(argon, LennardJones(), donor=0, moving=1, acceptor=2,
        ...                           values=[0.0])
        >>> f"{abs(middle.get_distance(0, 1) - middle.get_distance(1, 2)):.3f} Å"
        '0.000 Å'
    """
    settings = dict(donor=donor, moving=moving, acceptor=acceptor, force_tolerance=force_tolerance)
    settings |= dict(calculator=calculator_name(calculator))
    how = dict(data_type="path", sampler="transfer_scan", settings=settings, parent=atoms)
    frames, current = [], atoms.copy()
    for value in map(float, values):
        current = current.copy()
        current.calc = calculator
        combination = [value, [[donor, moving, 1.0], [acceptor, moving, -1.0]]]
        current.set_constraint(FixInternals(bondcombos=[combination], epsilon=1e-6))
        current.set_positions(current.positions)  # onto the constraint
        if not BFGS(current, logfile=None).run(fmax=force_tolerance, steps=max_steps):
            raise RuntimeError(
                f"not relaxed to {force_tolerance} eV/Å at q = {value} Å in {max_steps} steps: "
                "take smaller steps between the values, or raise max_steps"
            )
        energy = float(current.get_potential_energy())
        frames.append(with_origin(current, transfer=value, sampler_energy=energy, **how))
    return frames
