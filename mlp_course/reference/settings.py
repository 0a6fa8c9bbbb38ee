"""The settings record: everything that fixes a DFT label, in one YAML file for four programs.

A record says what was meant, not how one program calls it, so that the inputs of VASP, Quantum
ESPRESSO, CP2K and GPAW can be written from it, and so that a label can be made again in ten years.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal

import yaml
from ase import Atoms
from ase.formula import Formula
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

Length = Annotated[float, Field(gt=0, description="Å")]
Energy = Annotated[float, Field(gt=0, description="eV")]
Count = Annotated[int, Field(ge=1)]


class _Part(BaseModel):
    """A part of the record: unknown fields are refused, and nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class System(_Part):
    """What is computed."""

    name: Annotated[str, Field(min_length=1)]
    composition: Annotated[str, Field(description="chemical formula, such as Cu64CO2")]

    @field_validator("composition")
    @classmethod
    def _is_a_formula(cls, value: str) -> str:
        try:
            counts = Formula(value, strict=True).count()
        except ValueError as error:
            raise ValueError("must be a chemical formula such as Cu64CO2") from error
        if not counts:
            raise ValueError("must be a chemical formula such as Cu64CO2")
        return value


class KPoints(_Part):
    """The mesh in reciprocal space."""

    mesh: tuple[Count, Count, Count] = (1, 1, 1)
    gamma_centred: bool = True


class Smearing(_Part):
    """How occupations are spread around the Fermi level."""

    method: Literal["none", "gaussian", "fermi-dirac", "methfessel-paxton"] = "none"
    width: Annotated[float, Field(ge=0, description="eV")] = 0.0

    @model_validator(mode="after")
    def _width_belongs_to_a_method(self) -> "Smearing":
        if (self.method == "none") != (self.width == 0):
            raise ValueError(
                "width must be positive, in eV, with a method, and left out with method: none"
            )
        return self


class Convergence(_Part):
    """When an electronic and an ionic loop are over."""

    electronic: Energy
    ionic: Annotated[float, Field(gt=0, description="eV/Å")] = 0.01
    max_cycles: Count = 100


class Slab(_Part):
    """A surface: cut, size, and how much of it is held."""

    facet: Annotated[str, Field(pattern=r"^\d{3}$", description="Miller indices, such as '111'")]
    layers: Count
    supercell: tuple[Count, Count]
    vacuum: Length
    fixed_layers: Annotated[int, Field(ge=0)] = 0

    @field_validator("facet", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) else value  # YAML reads 111 as a number

    @model_validator(mode="after")
    def _something_may_move(self) -> "Slab":
        if self.fixed_layers >= self.layers:
            raise ValueError(
                f"fixed_layers must be less than layers={self.layers}, or nothing moves"
            )
        return self


class DFTSettings(_Part):
    """One validated record of a level of theory and the system it was used on.

    Attributes:
        system: name and composition.
        functional: exchange and correlation.
        dispersion: correction for it.
        cutoff: of the plane waves, in eV.
        grid_cutoff: of the grid for the density, in eV, where a program asks for it (CP2K).
        k_points, smearing, convergence: see there.
        spin_polarised: two spin densities.
        slab: of a surface, else None.

    Example:
        >>> record = load_settings(EXAMPLE)
        >>> record.functional, record.cutoff, record.k_points.mesh
        ('PBE', 500.0, (4, 4, 1))
        >>> load_settings(EXAMPLE.replace("functional: PBE", "functional: PEB"))
        Traceback (most recent call last):
        ValueError: functional: 'PEB' is not allowed; one of PBE, PBEsol, RPBE, revPBE
    """

    system: System
    functional: Literal["PBE", "PBEsol", "RPBE", "revPBE"]
    dispersion: Literal["none", "D3(0)", "D3(BJ)"] = "none"
    cutoff: Energy
    grid_cutoff: Energy | None = None
    k_points: KPoints = KPoints()
    smearing: Smearing = Smearing()
    convergence: Convergence
    spin_polarised: bool = False
    slab: Slab | None = None

    def check_structure(self, atoms: Atoms) -> None:
        """Raise ValueError if a structure is not the one that the record is about.

        Args:
            atoms: the structure whose inputs are to be written.
        """
        own, wanted = atoms.symbols.formula.count(), Formula(self.system.composition).count()
        if own != wanted:
            raise ValueError(
                f"the record is about {self.system.composition}, but the structure is "
                f"{atoms.get_chemical_formula()}: write one record for each composition"
            )
        along = [
            n for n, periodic in zip(self.k_points.mesh, atoms.pbc, strict=True) if not periodic
        ]
        if any(n > 1 for n in along):
            raise ValueError(
                f"k_points.mesh must be 1 along a direction without periodicity; got "
                f"{list(self.k_points.mesh)} with pbc={atoms.pbc.tolist()}"
            )

    def to_yaml(self) -> str:
        """The record as the text of a YAML file.

        Example:
            >>> load_settings(load_settings(EXAMPLE).to_yaml()) == load_settings(EXAMPLE)
            True
        """
        return yaml.safe_dump(self.model_dump(mode="json"), sort_keys=False, allow_unicode=True)


#: The record of the chapter's example, in the form that is read here.
EXAMPLE = """
system:
  name: Cu(111) + CO2 adsorption
  composition: Cu64CO2
functional: PBE
dispersion: D3(BJ)
cutoff: 500            # eV
k_points:
  mesh: [4, 4, 1]
  gamma_centred: true
smearing:
  method: methfessel-paxton
  width: 0.1           # eV
convergence:
  electronic: 1.0e-6   # eV
  ionic: 1.0e-3        # eV/Å
slab:
  facet: "111"
  layers: 4
  supercell: [4, 4]
  vacuum: 15           # Å
  fixed_layers: 2
"""


def load_settings(source: str | Path) -> DFTSettings:
    """Read a settings record.

    Args:
        source: path of a YAML file, or its text.

    Returns:
        The validated record.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no YAML, or a field is missing, unknown or not allowed; the message has
            a line for each, with what is allowed.

    Example:
        >>> load_settings("functional: PBE")
        Traceback (most recent call last):
        ValueError: system: missing
        cutoff: missing (a number, in eV)
        convergence: missing
    """
    text = source.read_text(encoding="utf-8") if _is_path(source) else str(source)
    try:
        fields = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ValueError(f"the settings record is no YAML: {error}") from error
    if not isinstance(fields, dict):
        raise ValueError(
            f"the settings record must have fields such as 'cutoff: 500'; got {text!r}"
        )
    try:
        return DFTSettings.model_validate(fields)
    except ValidationError as error:
        raise ValueError("\n".join(_in_words(error.errors()))) from None


def _is_path(source: str | Path) -> bool:
    if isinstance(source, Path):
        return True
    if "\n" in source or ":" in source:
        return False
    raise ValueError(f"pass a record's text, or its file as Path({source!r})")


def _in_words(errors: Iterable[ErrorDetails]) -> list[str]:
    """One line for each field that is wrong: where, what was given, what is allowed."""
    return [
        f"{'.'.join(map(str, error['loc'])) or 'record'}: {_problem(error)}" for error in errors
    ]


def _problem(error: ErrorDetails) -> str:
    given = error["input"]
    match error["type"]:
        case "missing":
            return f"missing{_wanted(error['loc'])}"
        case "extra_forbidden":
            return f"no such field; there are {', '.join(_fields_beside(error['loc']))}"
        case "literal_error":
            allowed = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ")
            return f"{given!r} is not allowed; one of {allowed}"
        case "value_error":
            return f"{error['ctx']['error']}; got {given!r}"
        case _:
            return f"{error['msg'].lower()}{_wanted(error['loc'])}; got {given!r}"


def _model_of(location: tuple) -> type[BaseModel] | None:
    """The part of the record in which a field lies."""
    model: type[BaseModel] | None = DFTSettings
    for name in location:
        if model is None or name not in model.model_fields:
            return None
        kind = model.model_fields[name].annotation
        parts = [kind, *getattr(kind, "__args__", ())]
        model = next((p for p in parts if isinstance(p, type) and issubclass(p, BaseModel)), None)
    return model


def _fields_beside(location: tuple) -> list[str]:
    model = _model_of(location[:-1])
    return sorted(model.model_fields) if model else []


def _wanted(location: tuple) -> str:
    """Unit and kind of a field, for the message."""
    model = _model_of(location[:-1])
    if model is None or location[-1] not in model.model_fields:
        return ""
    field = model.model_fields[location[-1]]
    if field.description is None:
        return ""
    kind = "a number, in " if field.annotation is float else ""
    return f" ({kind}{field.description})"
