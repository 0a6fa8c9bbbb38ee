"""Dispersion: the pairwise D3 correction, on top of any calculator that lacks it."""

from collections.abc import Sequence

from ase import Atoms
from ase.calculators.calculator import Calculator, all_changes

_DAMPING = {"D3(BJ)": "d3bj", "D3(0)": "d3zero"}


def dispersion_calculator(functional: str = "PBE", damping: str = "D3(BJ)") -> Calculator:
    r"""Build the D3 correction alone, as an ASE calculator; molecules and periodic systems.

    .. math::
        E = -\frac{1}{2} \sum_{i \ne j} \sum_{n=6,8}
            s_n \frac{C_n^{ij}}{r_{ij}^n + (a_1 \sqrt{C_8^{ij} / C_6^{ij}} + a_2)^n}

    The coefficients depend on how many neighbours an atom has. The three-body term is left out, as
    in the published D3(BJ) and as VASP, Quantum ESPRESSO and CP2K are told in our inputs.

    Args:
        functional: whose parameters to take, such as ``"PBE"``.
        damping: ``"D3(BJ)"``, rational damping, the formula above, or ``"D3(0)"``, damping to zero.

    Returns:
        A calculator of energy in eV, forces in eV/Å and stress in eV/Å³.

    Raises:
        ValueError: for another damping.
        ModuleNotFoundError: if the package dftd3 is not installed.

    Source:
        S. Grimme, J. Antony, S. Ehrlich, H. Krieg, J. Chem. Phys. 132, 154104 (2010);
        S. Grimme, S. Ehrlich, L. Goerigk, J. Comput. Chem. 32, 1456 (2011), eq. 6;
        program: s-dftd3.

    Example:
        >>> argon = Atoms("Ar2", [[0, 0, 0], [0, 0, 3.8]])
        >>> argon.calc = dispersion_calculator()
        >>> round(1000 * float(argon.get_potential_energy()), 1)  # meV
        -10.7
    """
    if damping not in _DAMPING:
        raise ValueError(f"damping must be one of {', '.join(_DAMPING)}; got {damping!r}")
    from dftd3.ase import DFTD3

    tweaks = {"method": functional, "atm": False}
    return DFTD3(method=functional, damping=_DAMPING[damping], params_tweaks=tweaks)


class WithDispersion(Calculator):
    """A calculator plus the D3 correction: energy in eV, forces in eV/Å.

    Args:
        base: a calculator without dispersion.
        functional, damping: see :func:`dispersion_calculator`.
    """

    implemented_properties = ["energy", "free_energy", "forces"]

    def __init__(self, base: Calculator, functional: str = "PBE", damping: str = "D3(BJ)"):
        name = getattr(base, "name", type(base).__name__)
        super().__init__(
            base=name, functional=functional, dispersion=damping, base_parameters=base.parameters
        )
        self.base, self.correction = base, dispersion_calculator(functional, damping)

    def calculate(
        self,
        atoms: Atoms | None = None,
        properties: Sequence[str] = ("energy",),
        system_changes: Sequence[str] = all_changes,
    ) -> None:
        """Add the two."""
        super().calculate(atoms, properties, system_changes)
        both = (self.base, self.correction)
        forces = sum(part.get_property("forces", self.atoms) for part in both)
        energy = sum(part.get_property("energy", self.atoms) for part in both)
        self.results = {"energy": energy, "free_energy": energy, "forces": forces}
