"""The settings record: what is read is what was meant, what is wrong is named."""

from pathlib import Path

import pytest
from ase.build import fcc111, molecule

from mlp_course.reference.settings import EXAMPLE, DFTSettings, load_settings


def test_the_record_of_the_chapter_is_read():
    """Every value of its example, with units as the comments say."""
    record = load_settings(EXAMPLE)
    assert (record.functional, record.dispersion, record.cutoff) == ("PBE", "D3(BJ)", 500.0)
    assert record.smearing.width == 0.1
    assert record.convergence.electronic == 1e-6
    assert record.slab.facet == "111"
    assert (record.slab.vacuum, record.slab.fixed_layers) == (15.0, 2)


def test_a_record_survives_its_file(tmp_path):
    """Written and read again it is the same."""
    path = tmp_path / "record.yaml"
    path.write_text(load_settings(EXAMPLE).to_yaml(), encoding="utf-8")
    assert load_settings(path) == load_settings(EXAMPLE)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "functional: PBE",
            "functional: LDA+U",
            r"functional: 'LDA\+U' is not allowed; one of",
        ),
        ("cutoff: 500 ", "cutoff: -5 ", r"cutoff: .*greater than 0 \(a number, in eV\); got -5"),
        ("cutoff: 500 ", "cutoff: high ", r"cutoff: .*valid number.*in eV\); got 'high'"),
        ("cutoff: 500 ", "encut: 500 ", r"cutoff: missing \(a number, in eV\)"),
        (
            "cutoff: 500 ",
            "encut: 500 ",
            r"encut: no such field; there are convergence, cut",
        ),
        ("[4, 4, 1]", "[4, 4]", r"k_points\.mesh\.2: missing"),
        ("[4, 4, 1]", "[4, 0, 1]", r"k_points\.mesh\.1: .*greater than or equal to 1.*got 0"),
        ("method: methfessel-paxton", "method: cold", r"smearing\.method: 'cold' is not allowed"),
        ("  width: 0.1 ", "  # ", r"smearing: width must be positive, in eV, with a method"),
        ("ionic: 1.0e-3", "ionic: .nan", r"convergence\.ionic: .*\(a number, in eV/Å\); got nan"),
        ('facet: "111"', "facet: abc", r"slab\.facet: .*Miller indices"),
        ("fixed_layers: 2", "fixed_layers: 4", r"slab: fixed_layers must be less than layers=4"),
        ("Cu64CO2", "Xx2", r"system\.composition: must be a chemical formula such as Cu64CO2"),
    ],
)
def test_a_wrong_field_is_named_with_what_is_allowed(old, new, message):
    """Place in the record, rule, unit, and what was given."""
    assert old in EXAMPLE
    with pytest.raises(ValueError, match=message):
        load_settings(EXAMPLE.replace(old, new))


def test_all_mistakes_are_told_at_once():
    """Three mistakes, three lines."""
    text = (
        EXAMPLE.replace("PBE", "B3").replace("cutoff: 500 ", "cutoff: 0 ").replace("D3(BJ)", "D2")
    )
    with pytest.raises(ValueError, match="functional") as error:
        load_settings(text)
    assert [line.split(":")[0] for line in str(error.value).splitlines()] == [
        "functional",
        "dispersion",
        "cutoff",
    ]


def test_an_integer_facet_is_a_facet():
    """YAML takes 111 for a number."""
    assert load_settings(EXAMPLE.replace('"111"', "111")).slab.facet == "111"


@pytest.mark.parametrize("text", ["- 1\n- 2", "just: [words", "a: b: c"])
def test_what_is_no_record_is_refused(text):
    """A list, a broken file."""
    with pytest.raises(ValueError, match="settings record"):
        load_settings(text)


def test_a_name_of_a_file_is_no_record():
    """A path is passed as a Path; a missing file is told."""
    with pytest.raises(ValueError, match=r"or its file as Path\('record.yaml'\)"):
        load_settings("record.yaml")
    with pytest.raises(FileNotFoundError):
        load_settings(Path("no/record.yaml"))


def test_a_structure_must_be_that_of_the_record():
    """Composition and directions of periodicity."""
    record = load_settings(EXAMPLE.replace("Cu64CO2", "Cu16"))
    slab = fcc111("Cu", (4, 2, 2), vacuum=7.5, periodic=True)
    record.check_structure(slab)
    with pytest.raises(ValueError, match="the record is about Cu16, but the structure is H2O"):
        record.check_structure(molecule("H2O"))
    slab.pbc = [True, False, False]
    with pytest.raises(ValueError, match=r"must be 1 along a direction without periodicity"):
        record.check_structure(slab)


def test_a_record_does_not_change():
    """What is written down stays as it was."""
    record = load_settings(EXAMPLE)
    assert isinstance(record, DFTSettings)
    with pytest.raises(ValueError, match="frozen"):
        record.cutoff = 300
