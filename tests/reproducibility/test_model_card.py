"""Model cards: what a model file says about itself; what it does not say stays unknown."""

import pytest

from mlp_course.data.passports import UNKNOWN
from mlp_course.models import build_model, list_shipped, load_shipped, save_model
from mlp_course.models.store import ModelFileError
from mlp_course.reproducibility import (
    SECTIONS,
    IncompleteCard,
    TrainingRecord,
    model_card,
    provenance_of,
    record_training,
    rerun,
)

ANSWERS = {
    "passport": "embedded_ethanol",
    "errors": {"force MAE / (meV/Å), 5 frames": 400.0},
    "limits": "a test",
    "licence": "CC0-1.0",
}


@pytest.fixture(scope="module")
def trained():
    return record_training(
        data="ethanol/500K",
        train=(0, 6),
        validation=(6, 8),
        model={"name": "schnet", "n_features": 8, "seed": 4},
        training={"max_epochs": 1, "batch_size": 3, "seed": 5},
    )


def saved(path, model, provenance):
    save_model(model, path, provenance=provenance)
    return path


def test_a_complete_file_gives_a_complete_card(trained, tmp_path):
    """Every section answered, the data's passport and its faults with it."""
    record, model = trained
    path = saved(tmp_path / "m.safetensors", model, provenance_of(record, **ANSWERS))
    card = model_card(path, strict=True)
    assert card.missing == []
    assert list(card.answers) == list(SECTIONS)
    for said in ("m.safetensors", "10 of 10", "DF-PBE/def2-SVP", "meV/Å", "a test", "GFN2-xTB"):
        assert said in card.text
    assert "model: 4, training: 5" in card.answers["seed"]
    assert card.facts["elements"] == "H, C, O"


def test_the_record_travels_in_the_file(trained, tmp_path):
    """Who has the file can train it again, to the last bit."""
    from mlp_course.models import load_model

    record, model = trained
    path = saved(tmp_path / "m.safetensors", model, provenance_of(record, **ANSWERS))
    received = TrainingRecord.model_validate(load_model(path).provenance["record"])
    assert rerun(received).identical


@pytest.mark.parametrize("section", SECTIONS)
def test_a_missing_answer_is_unknown_and_strictly_refused(trained, tmp_path, section):
    """No section is ever filled by a guess."""
    record, model = trained
    told = provenance_of(record, **ANSWERS)
    if section in ("units", "seed"):  # the potential itself knows them
        told.pop(section, None)
        assert section not in model_card(saved(tmp_path / "m", model, told)).missing
        return
    for name in SECTIONS[section]:
        told.pop(name, None)
    path = saved(tmp_path / "m.safetensors", model, told)
    card = model_card(path)
    assert card.missing == [section]
    assert card.answers[section] == UNKNOWN
    assert f"**unknown: {section}**" in card.text
    with pytest.raises(IncompleteCard, match=f"does not say: {section}"):
        model_card(path, strict=True)


def test_a_card_without_a_passport_is_refused_when_strict(trained, tmp_path):
    """Data without a passport are unknown data: no strict card is made of them."""
    record, model = trained
    told = provenance_of(record, **ANSWERS) | {"passport": None}
    path = saved(tmp_path / "m.safetensors", model, told)
    assert "| passport of the data | unknown |" in model_card(path).text
    with pytest.raises(IncompleteCard, match="passport of the data"):
        model_card(path, strict=True)


def test_a_file_that_says_nothing_gets_a_card_full_of_unknowns():
    """Seed and units are known, as the potential itself holds them."""
    card = model_card(build_model("schnet", n_features=8, seed=0))
    assert set(SECTIONS) - set(card.missing) == {"units", "seed"}


@pytest.mark.parametrize("name", list_shipped())
def test_shipped_models_say_data_level_training_seed_and_errors(name):
    """What they do not say is marked."""
    card = model_card(load_shipped(name))
    known = {"data", "level of theory", "training", "seed", "errors"}
    assert not known & set(card.missing)
    assert {"limits", "licence"} <= set(card.missing)


def test_a_changed_file_gets_no_card(trained, tmp_path):
    """One flipped bit, and the file is not the model that was described."""
    record, model = trained
    path = saved(tmp_path / "m.safetensors", model, provenance_of(record, **ANSWERS))
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="changed after it was saved"):
        model_card(path)


@pytest.mark.parametrize("empty", [{"errors": {}}, {"limits": " "}, {"licence": ""}])
def test_provenance_wants_answers(trained, empty):
    """Errors, limits and licence are said by the author or not at all."""
    with pytest.raises(ValueError, match="must be said"):
        provenance_of(trained[0], **ANSWERS | empty)
    with pytest.raises(ValueError, match="no passport 'mine'"):
        provenance_of(trained[0], **ANSWERS | {"passport": "mine"})
