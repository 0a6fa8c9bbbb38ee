"""A scan: turn one part of a molecule about a bond, and keep everything else where it is."""

from collections.abc import Sequence

from ase import Atoms

from mlp_course.sampling.origin import with_origin


def torsion_scan(
    atoms: Atoms, *, dihedral: Sequence[int], moving: Sequence[int], angles: Sequence[float]
) -> list[Atoms]:
    """Set a dihedral angle to a series of values; bond lengths and bond angles stay (rigid scan).

    Args:
        atoms: start configuration.
        dihedral: the four atoms a-b-c-d; the turn is about the bond b-c.
        moving: atoms that turn with d, d included.
        angles: values of the dihedral, in degrees.

    Returns:
        One configuration without calculator for each angle, with ``info["angle_deg"]``.

    Raises:
        ValueError: if ``dihedral`` is not four atoms, or d is not among ``moving``.

    Example:
        >>> from ase.build import molecule
        >>> peroxide = molecule("H2O2")  # O O H H
        >>> cis, trans = torsion_scan(peroxide, dihedral=[2, 0, 1, 3], moving=[3], angles=[0, 180])
        >>> f"{cis.get_distance(2, 3):.2f} {trans.get_distance(2, 3):.2f}"
        '1.76 2.61'
    """
    if len(dihedral) != 4:
        raise ValueError(f"dihedral must be four atoms a, b, c, d; got {list(dihedral)}")
    if dihedral[3] not in moving:
        raise ValueError(
            f"moving must hold the last atom of the dihedral, {dihedral[3]}; got {list(moving)}"
        )
    return [_turned(atoms, dihedral, moving, float(angle)) for angle in angles]


def _turned(atoms: Atoms, dihedral: Sequence[int], moving: Sequence[int], angle: float) -> Atoms:
    settings = dict(dihedral=dihedral, moving=moving)
    how = dict(data_type="path", sampler="torsion_scan", settings=settings)
    frame = with_origin(atoms, parent=atoms, angle_deg=angle, **how)
    frame.set_dihedral(*dihedral, angle, indices=list(moving))
    return frame
