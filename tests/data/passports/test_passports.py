"""Passports: every entry has its evidence, or says that it is unknown and where it was sought."""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from mlp_course.data import RMD17_MOLECULES, list_embedded
from mlp_course.data.passports import (
    FIELDS,
    UNKNOWN,
    Entry,
    Passport,
    chapter_entries,
    check_files,
    list_passports,
    load_passport,
    passport_table,
)
from mlp_course.data.rmd17 import LEVELS_OF_THEORY

NAMED_BY_THE_CHAPTER = {"MD17", "OC20", "QM9", "ANI-1x", "Materials Project"}


@pytest.mark.parametrize("name", list_passports())
def test_every_question_is_answered_with_evidence_or_said_to_be_unknown(name):
    """No field is empty; a known one names its source, an unknown one where it was looked for."""
    passport = load_passport(name)
    for field, entry in passport.entries():
        assert entry.value.strip(), field
        assert entry.sources if entry.known else entry.tried, f"{name}: {field}"
        assert all(source.strip() for source in entry.sources)
    assert passport.unknown() == [f for f in FIELDS if getattr(passport, f).value == UNKNOWN]
    assert passport.known_faults
    assert passport.checked.year >= 2026


@pytest.mark.parametrize("name", list_passports())
def test_every_known_citation_can_be_followed(name):
    """A citation has a DOI, or says that it has none."""
    assert re.search(r"doi:10\.\d{4}|arXiv:\d{4}|no DOI", load_passport(name).citation.value)


def test_the_numbers_are_those_that_the_text_says():
    """A count in a picture stands in the words beside it, or is their sum."""
    for name in sorted(set(list_passports()) - {"md17", "rmd17"}):  # sums over molecules
        size = load_passport(name).size
        digits = size.value.replace(",", "")
        assert str(size.number) in digits, f"{name}: {size.number} is not in {size.value!r}"


def test_rmd17_counts_add_up():
    """Nine molecules with 100,000 frames and azobenzene with 99,988."""
    assert load_passport("rmd17").size.number == 9 * 100_000 + 99_988
    assert len(RMD17_MOLECULES) == 10


def test_md17_counts_add_up():
    """The frames of the ten original trajectories."""
    frames = (627_983, 133_770, 326_250, 211_762, 320_231, 993_237, 555_092, 442_790, 106_490)
    assert load_passport("md17").size.number == sum(frames) + 99_999


def test_passport_and_loader_agree_about_the_level_of_theory():
    """What load_rmd17 writes into the frames is what the passport says."""
    for name, level in LEVELS_OF_THEORY.items():
        assert load_passport(name).level_of_theory.value.startswith(level)


def test_embedded_passports_count_all_embedded_frames():
    """Both together hold every frame that list_embedded lists; nothing is written down twice."""
    counted = sum(load_passport(f"embedded_{m}").size.number for m in ("ethanol", "malonaldehyde"))
    assert counted == list_embedded()["frames"].sum()


def test_all_five_of_the_chapters_data_sets_are_judged_and_both_values_kept():
    """Each row has the chapter's value, ours, a verdict and its evidence."""
    table = chapter_entries()
    assert set(table["data set"]) == NAMED_BY_THE_CHAPTER
    assert (table[["chapter", "checked", "verdict", "sources"]] != "").all().all()
    wrong = table[table["verdict"] == "does not hold"]
    assert len(wrong) == 4
    assert set(zip(wrong["data set"], wrong["field"], strict=True)) == {
        ("MD17", "size"), ("OC20", "size"), ("Materials Project", "size"),
        ("ANI-1x", "level of theory"),
    }  # fmt: skip


def test_md17s_licence_stays_unknown_although_the_chapter_names_one():
    """A claim without evidence is not confirmed, and does not enter the passport."""
    licence = load_passport("md17").licence
    assert (licence.value, licence.verdict, licence.chapter[:3]) == (
        UNKNOWN,
        "not confirmed",
        "CC0",
    )


def test_table_has_a_row_for_each_set_and_a_column_for_each_field():
    """No cell of the table is empty: what is not known is said to be unknown."""
    table = passport_table()
    assert list(table.index) == list_passports()
    assert [*FIELDS, "known faults"] == list(table.columns)
    assert not table.isna().any().any()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"value": "unknown", "basis": "not found"}, "tried is missing"),
        ({"value": "CC0-1.0", "basis": "publisher"}, "sources are missing"),
        ({"value": "unknown", "basis": "publisher", "sources": ["x"]}, "go together"),
        ({"value": "1", "basis": "not found", "tried": "x"}, "go together"),
        ({"value": "1", "basis": "publisher", "sources": ["x"], "chapter": "2"}, "both values"),
        ({"value": "", "basis": "publisher", "sources": ["x"]}, "at least 1 character"),
        ({"value": "1", "basis": "hearsay", "sources": ["x"]}, "second hand"),
    ],
)
def test_an_entry_without_evidence_is_refused(entry, message):
    """A value needs a source and a basis, an unknown one what was tried."""
    with pytest.raises(ValidationError, match=message):
        Entry.model_validate(entry)


def test_a_passport_without_a_field_or_with_a_made_up_licence_is_refused():
    """A missing field is not the same as an unknown one."""
    good = load_passport("rmd17").model_dump()
    with pytest.raises(ValidationError, match="units"):
        Passport.model_validate({k: v for k, v in good.items() if k != "units"})
    with pytest.raises(ValidationError, match="no licence 'Public Domain'"):
        Passport.model_validate(good | {"licence": good["licence"] | {"value": "Public Domain"}})


def test_a_passport_cannot_be_changed():
    """What was found about data is read, never overwritten by a session."""
    with pytest.raises(ValidationError, match="frozen"):
        load_passport("md17").licence.value = "CC0-1.0"


def test_no_such_passport():
    """A wrong name is answered with the known ones."""
    with pytest.raises(ValueError, match="no passport 'md18'; there are: ani1ccx"):
        load_passport("md18")


def test_stored_files_are_plain_yaml():
    """Anybody can read a passport without this package."""
    folder = Path(load_passport.__wrapped__.__code__.co_filename).parent
    stored = sorted(folder.glob("*.yaml"))
    assert [path.stem for path in stored] == list_passports()[: len(stored)]
    assert all(isinstance(yaml.safe_load(p.read_text(encoding="utf-8")), dict) for p in stored)


@pytest.mark.parametrize("name", ["embedded_ethanol", "embedded_malonaldehyde"])
def test_embedded_files_are_the_published_ones(name):
    """Every byte of the embedded data is the one whose checksum was published."""
    table = check_files(name)
    assert len(table) >= 3
    assert (table["state"] == "the published file").all()


def test_rmd17_files_at_hand_are_the_published_ones():
    """None of the rMD17 files in MLP_COURSE_DATA is another one than published."""
    table = check_files("rmd17")
    assert len(table) == 100
    if (table["state"] == "not here").all():
        pytest.skip("no rMD17 file on this machine")
    assert not (table["state"] == "another file").any()


def test_a_changed_file_is_noticed(tmp_path):
    """One changed byte makes another file."""
    (tmp_path / "rmd17_ethanol_train_01.npz").write_bytes(b"not the data")
    table = check_files("rmd17", root=tmp_path).set_index("file")["state"]
    assert table["rmd17_ethanol_train_01.npz"] == "another file"
    assert (table.drop("rmd17_ethanol_train_01.npz") == "not here").all()


def test_files_without_published_checksums_cannot_be_checked():
    """Where a publisher gives no checksum, nothing is called intact."""
    with pytest.raises(ValueError, match="no checksums are known for 'qm9'"):
        check_files("qm9")
