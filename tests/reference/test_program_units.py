"""Units of programs: every entry is a unit that this course can convert."""

from mlp_course.reference.program_units import program_units
from mlp_course.units import convert


def test_every_unit_converts_to_the_course():
    """Energies to eV, lengths to Å, forces to eV/Å; what is declared by the user is left out."""
    table = program_units()
    table = table[table["energy"] != "as declared"]
    for row in table.itertuples():
        assert convert(1.0, row.energy, "eV") > 0
        assert convert(1.0, row.length, "Å") > 0
        assert convert(1.0, row.force, "eV/Å") > 0


def test_whoever_writes_gradients_is_marked():
    """ORCA, PySCF and xtb write gradients."""
    beware = program_units()["beware"]
    assert {"ORCA", "PySCF", "xtb, tblite"} == set(beware.index[beware.str.contains("gradient")])
