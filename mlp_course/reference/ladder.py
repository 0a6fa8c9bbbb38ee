"""The ladder of reference methods: from a cheap model of metals to density functional theory."""

from collections.abc import Callable

from ase.calculators.calculator import Calculator


def _emt(**options) -> Calculator:
    from ase.calculators.emt import EMT

    return EMT(**options)


def _xtb(method: str) -> Callable[..., Calculator]:
    def build(**options) -> Calculator:
        from tblite.ase import TBLite

        return TBLite(method=method, verbosity=0, **options)

    return build


def _pbe(**options) -> Calculator:
    from mlp_course.reference.pbe import PBE

    return PBE(**options)


def _pbe_d3(**options) -> Calculator:
    from mlp_course.reference.dispersion import WithDispersion

    return WithDispersion(_pbe(**options))


_RUNGS: dict[str, Callable[..., Calculator]] = {
    "emt": _emt,
    "gfn1-xtb": _xtb("GFN1-xTB"),
    "gfn2-xtb": _xtb("GFN2-xTB"),
    "pbe": _pbe,
    "pbe-d3": _pbe_d3,
}


#: Short names.
_SHORT = {"xtb": "gfn2-xtb"}


def rung_name(name: str) -> str:
    """Full name of a rung.

    Raises:
        ValueError: if there is no such rung.

    Example:
        >>> rung_name("xtb")
        'gfn2-xtb'
    """
    full = _SHORT.get(name, name)
    if full not in _RUNGS:
        raise ValueError(f"no reference method {name!r}; known: {', '.join((*_RUNGS, *_SHORT))}")
    return full


def reference_calculator(name: str, **options) -> Calculator:
    """Build one rung of the ladder as an ASE calculator (eV, Å).

    Args:
        name: ``"emt"`` (effective medium theory, metals), ``"gfn1-xtb"``, ``"gfn2-xtb"`` or
            ``"xtb"`` for short (semi-empirical, through tblite), ``"pbe"`` (DF-PBE/def2-SVP,
            through PySCF) or ``"pbe-d3"`` (the same with the D3(BJ) correction, through s-dftd3).
        options: passed on to the calculator.

    Returns:
        An ASE calculator with energy in eV and forces in eV/Å.

    Raises:
        ValueError: if there is no such rung.
        ImportError: if the program behind the rung is not installed, with the way to get it.

    Example:
        >>> from ase.build import bulk
        >>> copper = bulk("Cu")
        >>> copper.calc = reference_calculator("emt")
        >>> round(float(copper.get_potential_energy()), 3)
        -0.006
    """
    rung = rung_name(name)
    try:
        return _RUNGS[rung](**options)
    except ModuleNotFoundError as error:
        raise ImportError(
            f"reference method {name!r} needs the package {error.name!r}: "
            f"run `pip install {error.name}` (not published for Windows: "
            "use Linux, macOS or WSL there)"
        ) from error
