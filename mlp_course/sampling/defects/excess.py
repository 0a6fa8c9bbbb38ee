"""What a defect costs: the energy above that of as many atoms in the perfect crystal."""

from ase import Atoms


def excess_energy(atoms: Atoms, bulk_energy: float) -> float:
    r"""Energy that a defect adds to a crystal of one element.

    .. math:: E_\text{excess} = E(N) - N \varepsilon

    For one vacancy in a cell of N atoms this is the textbook :math:`E(N-1) - \frac{N-1}{N} E(N)`.
    Divided by the area of two surfaces it is the surface energy, by that of two grain boundaries
    the grain-boundary energy, by the length of a dislocation its line energy.

    Args:
        atoms: one element, relaxed, with its calculator.
        bulk_energy: ε, energy of an atom of the perfect crystal by the same method, in eV.

    Returns:
        In eV.

    Raises:
        ValueError: if there is more than one element: then ε of one does not do.

    Example:
        >>> from ase.calculators.singlepoint import SinglePointCalculator
        >>> cluster = Atoms("Cu3", [[0, 0, 0], [0, 0, 2], [0, 2, 0]])
        >>> cluster.calc = SinglePointCalculator(cluster, energy=-6.0)
        >>> excess_energy(cluster, -3.5)  # -6.0 + 3 × 3.5
        4.5
    """
    elements = sorted(set(atoms.get_chemical_symbols()))
    if len(elements) != 1:
        raise ValueError(
            f"atoms must be of one element; got {', '.join(elements)}: subtract a chemical "
            "potential for each of them by hand"
        )
    return float(atoms.get_potential_energy() - len(atoms) * bulk_energy)
