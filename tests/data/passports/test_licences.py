"""Licences: what may be done with data, and under which conditions, is read, never guessed."""

import itertools

import pytest

from mlp_course.data.passports import (
    TERMS,
    USES,
    licence_allows,
    list_passports,
    load_passport,
)


def made(licence, name="made up", basis="publisher"):
    """A passport with another licence."""
    good = load_passport("rmd17")
    found = {"value": licence, "basis": basis, "sources": ("x",), "tried": None}
    if licence == "unknown":
        found |= {"basis": "not found", "sources": (), "tried": "everywhere"}
    entry = good.licence.model_copy(update=found)
    return good.model_copy(update={"licence": entry, "title": name})


def answer(use, *licences):
    return licence_allows([made(licence) for licence in licences], use).answer


@pytest.mark.parametrize("use", USES)
def test_unknown_never_becomes_yes(use):
    """Whatever else is in the mixture, one set without a licence forbids a yes."""
    assert answer(use, "unknown") == "unknown"
    for other in TERMS:
        assert answer(use, other, "unknown") != "yes"
        assert answer(use, "unknown", other) != "yes"


@pytest.mark.parametrize("use", USES)
def test_more_data_never_makes_a_use_more_allowed(use):
    """A mixture allows at most what each of its parts allows."""
    rank = {"no": 0, "unknown": 1, "yes": 2}
    kinds = [*TERMS, "unknown"]
    for one, other in itertools.combinations_with_replacement(kinds, 2):
        alone = min(rank[answer(use, one)], rank[answer(use, other)])
        assert rank[answer(use, one, other)] <= alone, (use, one, other)
        assert answer(use, one, other) == answer(use, other, one)


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("CC0-1.0", ["research", "share data", "share model", "commercial"]),
        ("CC-BY-4.0", ["research", "share data", "share model", "commercial"]),
        ("CC-BY-NC-4.0", ["research", "share data", "share model"]),
        ("CC-BY-ND-4.0", ["research", "share data"]),
        ("CC-BY-NC-ND-4.0", ["research", "share data"]),
        ("CC-BY-4.0 AND CC-BY-NC-4.0", ["research", "share data", "share model"]),
    ],
)
def test_what_each_licence_allows(licence, allowed):
    """The terms as the licences state them."""
    assert [use for use in USES if answer(use, licence) == "yes"] == allowed


def test_public_domain_and_non_commercial_together_are_non_commercial():
    """A model trained on CC0 and CC BY-NC data must not be sold, but may be given away."""
    assert answer("commercial", "CC0-1.0", "CC-BY-NC-4.0") == "no"
    shared = licence_allows([made("CC0-1.0"), made("CC-BY-NC-4.0", "the other")], "share model")
    assert shared.answer == "yes"
    assert "for non-commercial use only, because of the other" in shared.conditions


def test_two_licences_that_want_the_whole_contradict_each_other():
    """CC BY-SA and CC BY-NC-SA each want the result under themselves."""
    assert answer("share model", "CC-BY-SA-4.0", "CC-BY-NC-SA-4.0") == "no"
    assert answer("share model", "CC-BY-SA-4.0", "CC-BY-NC-4.0") == "no"
    assert answer("share model", "CC-BY-SA-4.0", "CC-BY-4.0") == "yes"
    assert answer("share data", "CC-BY-SA-4.0", "CC-BY-NC-SA-4.0") == "yes"  # unchanged, apart


def test_conditions_name_authors_share_alike_and_second_hand():
    """A yes comes with its conditions: whom to name, how to pass on, what to look up."""
    attributed = licence_allows(made("CC-BY-4.0", "A"), "commercial").conditions
    assert any("name the authors of A" in text for text in attributed)
    assert not any(
        "name the authors" in t for t in licence_allows("rmd17", "commercial").conditions
    )
    alike = licence_allows(made("CC-BY-SA-4.0"), "share model").conditions
    assert "pass the result on under CC-BY-SA-4.0 only" in alike
    heard = licence_allows(made("CC0-1.0", "B", basis="second hand"), "research").conditions
    assert "read the licence of B at its source: known second hand" in heard


def test_the_chapters_five_data_sets_in_a_product():
    """Two of the five that the chapter calls free for commercial use are not, as far as we know."""
    names = ("md17", "oc20", "qm9", "ani1x", "materials_project")
    answers = {name: licence_allows(name, "commercial").answer for name in names}
    assert answers == {
        "md17": "unknown", "oc20": "yes", "qm9": "yes", "ani1x": "yes", "materials_project": "no",
    }  # fmt: skip


def test_every_passport_gets_a_verdict_with_a_reason():
    """For every data set and every use there is an answer, and none without a reason."""
    for name, use in itertools.product(list_passports(), USES):
        verdict = licence_allows(name, use)
        assert verdict.answer in ("yes", "no", "unknown")
        assert all(verdict.reasons)


def test_refusals():
    """An unknown use, no data set or an unknown one gets no verdict, but a named mistake."""
    with pytest.raises(ValueError, match="use must be one of research, share data"):
        licence_allows("rmd17", "fun")
    with pytest.raises(ValueError, match="at least one data set"):
        licence_allows([], "research")
    with pytest.raises(ValueError, match="no passport 'nothing'"):
        licence_allows("nothing", "research")
