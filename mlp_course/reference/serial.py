"""Labels at once, in this process: for methods so cheap that workers would only cost time."""

from collections.abc import Iterable

from ase import Atoms
from ase.calculators.calculator import Calculator
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.reference.ladder import reference_calculator, rung_name


def label_here(frames: Iterable[Atoms], calculator: str | Calculator) -> list[Atoms]:
    """Label configurations one after the other, without workers and without a store.

    For labels of milliseconds. Where a label takes seconds use :func:`mlp_course.reference.label`,
    which works in parallel and loses nothing when it is killed.

    Args:
        frames: configurations; they stay as they are.
        calculator: a rung of ``reference_calculator`` such as ``"emt"``, or a calculator.

    Returns:
        Copies with energy (eV) and forces (eV/Å, shape (n_atoms, 3)) in a SinglePointCalculator and
        the method in ``info["label_method"]``. Constraints are gone, and with them the zeros that
        they would put in the place of forces.

    Raises:
        CalculationFailed: if a calculation does; which error depends on the calculator.

    Example:
        >>> h2 = Atoms("H2", [[0, 0, 0], [0, 0, 0.8]])
        >>> (labelled,) = label_here([h2], "emt")
        >>> labelled.get_forces().sum(axis=0).round(9).tolist()  # action and reaction
        [0.0, 0.0, 0.0]
    """
    method = rung_name(calculator) if isinstance(calculator, str) else type(calculator).__name__
    if isinstance(calculator, str):
        calculator = reference_calculator(calculator)
    labelled = []
    for atoms in frames:
        copy = atoms.copy()
        copy.set_constraint()
        copy.info["label_method"] = method
        energy = float(calculator.get_potential_energy(copy))
        forces = calculator.get_forces(copy).copy()
        copy.calc = SinglePointCalculator(copy, energy=energy, forces=forces)
        labelled.append(copy)
    return labelled
