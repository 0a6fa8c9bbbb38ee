"""Units: numbers by hand, SciPy as oracle, and refusals."""

import numpy as np
import pytest
import scipy.constants as codata

from mlp_course.units import CODATA_YEAR, convert, known_units

# (value, from, to, result to the digits printed): the chapter's section 2.10.3.
CHAPTER = [
    ("eV", "kcal/mol", "23.061"),
    ("eV", "Hartree", "0.036749"),
    ("eV", "kJ/mol", "96.485"),
    ("kcal/mol", "eV", "0.043364"),
    ("kcal/mol", "Hartree", "0.0015936"),
    ("kcal/mol", "kJ/mol", "4.184"),
    ("Hartree", "eV", "27.211"),
    ("Hartree", "kcal/mol", "627.51"),
    ("Hartree", "kJ/mol", "2625.5"),
    ("kJ/mol", "eV", "0.010364"),
    ("kJ/mol", "kcal/mol", "0.23901"),
    ("kJ/mol", "Hartree", "0.00038088"),
    ("eV/Å", "kcal/(mol·Å)", "23.061"),
    ("eV/Å", "Hartree/Bohr", "0.019447"),
    ("kcal/(mol·Å)", "eV/Å", "0.043364"),
    ("Hartree/Bohr", "eV/Å", "51.422"),
    ("Hartree/Bohr", "kcal/(mol·Å)", "1185.8"),
]


def half_of_last_digit(printed):
    return 0.501 * 10.0 ** -len(printed.split(".")[1])


@pytest.mark.parametrize(("from_unit", "to_unit", "printed"), CHAPTER)
def test_chapter_table(from_unit, to_unit, printed):
    """The chapter's conversion table holds to every digit printed (one entry apart)."""
    assert convert(1, from_unit, to_unit) == pytest.approx(
        float(printed), abs=half_of_last_digit(printed), rel=0
    )


def test_the_wrong_entry_of_the_chapter():
    """1 kcal/(mol·Å) is 0.00084330 Hartree/Bohr; the chapter prints 0.00084340 and 1/1185.8."""
    value = convert(1, "kcal/(mol·Å)", "Hartree/Bohr")
    assert value == pytest.approx(0.00084330, abs=0.5e-8, rel=0)
    assert abs(value - 0.00084340) > 9e-8
    assert value == pytest.approx(1 / 1185.8, rel=5e-5)


def test_room_temperature():
    """k_B T at 300 K is 0.02585 eV, 0.596 kcal/mol."""
    assert convert(300, "K", "eV") == pytest.approx(0.02585, abs=0.5e-5)
    assert convert(300, "K", "kcal/mol") == pytest.approx(0.596, abs=0.5e-3)


def physical(name):
    return codata.physical_constants[name][0]


@pytest.mark.parametrize(
    ("value", "from_unit", "to_unit", "expected"),
    [
        (1, "Hartree", "eV", physical("Hartree energy in eV")),
        (1, "Rydberg", "eV", physical("Rydberg constant times hc in eV")),
        (1, "Bohr", "Å", physical("Bohr radius") * 1e10),
        (1, "K", "eV", physical("Boltzmann constant in eV/K")),
        (1, "eV", "cm^-1", physical("electron volt-inverse meter relationship") / 100),
        (1, "THz", "cm^-1", physical("hertz-inverse meter relationship") * 1e12 / 100),
        (1, "eV/Å³", "GPa", codata.e * 1e30 / 1e9),
        (1, "eV", "kJ/mol", codata.e * codata.N_A / 1e3),
        (1, "au_time", "fs", physical("atomic unit of time") * 1e15),
        (1e9, "Pa", "GPa", 1.0),
        (1, "Hartree/Bohr", "eV/Å", physical("atomic unit of force") / codata.e * 1e-10),
    ],
)
def test_codata(value, from_unit, to_unit, expected):
    """SciPy's CODATA, a later adjustment of the same constants, gives the same to 5e-9."""
    assert convert(value, from_unit, to_unit) == pytest.approx(expected, rel=5e-9)


def test_ase_default_constants():
    """ASE's default (CODATA 2014) differs from ours (2018) only in the eighth digit."""
    import ase.units

    assert CODATA_YEAR == 2018
    assert convert(1, "Hartree", "eV") == pytest.approx(ase.units.Hartree, rel=2e-8)
    assert convert(1, "kcal/mol", "eV") == pytest.approx(ase.units.kcal / ase.units.mol, rel=2e-8)


@pytest.mark.parametrize(
    ("value", "from_unit", "to_unit", "expected"),
    [
        (1, "eV", "meV", 1000.0),
        (10, "kbar", "GPa", 1.0),
        (1, "Å/fs", "Å/ps", 1000.0),
        (2, "meV/atom/ps", "eV/atom/ns", 2.0),
        (0.5, "nm", "Å", 5.0),
        (1, "Å^2/fs", "cm^2/s", 0.1),
        (1, "Å^2/fs", "m^2/s", 1e-5),
        (3, "1/cm", "cm-1", 3.0),
        (1, "kcal/mol/K", "kJ/mol/K", 4.184),
    ],
)
def test_by_hand(value, from_unit, to_unit, expected):
    """Powers of ten and 4.184 come out without a rounding tail."""
    assert convert(value, from_unit, to_unit) == expected


@pytest.mark.parametrize(
    "spelling",
    [
        "kcal/mol/Å",
        "kcal/mol/Ang",
        "kcal/mol/Angstrom",
        "kcal/(mol·Å)",
        "kcal/(mol*A)",
        "kcal mol^-1 Å^-1",
        "kcal mol⁻¹ Å⁻¹",
        " kcal / mol / angstrom ",
        "kcal/mol/\u212b",
        "kcal/mol/A\u030a",
    ],
)
def test_spellings(spelling):
    """One unit may be written in many ways, ASCII or not."""
    assert convert(1.0, spelling, "kcal/mol/Å") == 1.0


def test_round_trip_of_every_unit():
    """There and back again is the identity, within each quantity."""
    for names in known_units().values():
        for name in names:
            there = convert(2.5, names[0], name)
            assert convert(there, name, names[0]) == pytest.approx(2.5, rel=1e-14)


def test_arrays_keep_shape_and_precision():
    """Lists become arrays; float32 stays float32; the argument is not changed."""
    assert convert([[1, 2]], "eV", "meV").tolist() == [[1000.0, 2000.0]]
    forces = np.ones((2, 3), dtype=np.float32)
    converted = convert(forces, "eV/Å", "meV/Å")
    assert converted.dtype == np.float32
    assert converted.shape == (2, 3)
    assert (forces == 1).all()
    assert isinstance(convert(1.0, "eV", "meV"), float)


def test_total_energy_is_not_energy_per_atom():
    """A total energy is not an energy per atom: dividing is the reader's decision."""
    with pytest.raises(ValueError, match="eV is an energy, meV/atom is an energy per atom"):
        convert(1, "eV", "meV/atom")


@pytest.mark.parametrize(
    ("from_unit", "to_unit", "message"),
    [
        ("eV", "Å", "eV is an energy, Å is a length"),
        ("kcal/mol", "eV/Å", r"kcal/mol is an energy, eV/Å is a force \(energy/length\)"),
        ("fs", "Å", "fs is a time, Å is a length"),
        ("GPa", "eV/Å", r"GPa is a stress \(energy/length\^3\), eV/Å is a force"),
        ("kcal", "eV", "did you forget '/mol'"),
    ],
)
def test_change_of_dimension(from_unit, to_unit, message):
    """A change of dimension is refused, and both dimensions are named."""
    with pytest.raises(ValueError, match=message):
        convert(1, from_unit, to_unit)


@pytest.mark.parametrize(
    "unit", ["kcal/mole", "furlong", "ev", "a.u.", "", "eV/", "eV//Å", "eV^", "3"]
)
def test_unknown_unit(unit):
    """An unknown unit is refused, and the known ones are listed."""
    with pytest.raises(ValueError, match=r"unknown unit .* Known units: energy: eV, meV, Hartree"):
        convert(1, unit, "eV")


def test_closest_unit():
    """A slip of the pen is met with the closest names."""
    with pytest.raises(ValueError, match=r"unknown unit 'Hartre' .* Did you mean 'Hartree'"):
        convert(1, "Hartre/Bohr", "eV/Å")


@pytest.mark.parametrize("value", ["1", None, True, b"1"])
def test_value_must_be_numeric(value):
    """Text is not a quantity."""
    with pytest.raises(TypeError, match="value must be a number"):
        convert(value, "eV", "meV")


def test_unit_must_be_text():
    """A number in the place of a unit is a swapped argument."""
    with pytest.raises(TypeError, match="unit must be text"):
        convert(1, 2, "eV")
