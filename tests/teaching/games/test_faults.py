"""Planted faults: quality control finds those that leave a trace, and none that was not planted."""

import pytest

from mlp_course.data import load_embedded
from mlp_course.data.quality_control import quality_control
from mlp_course.teaching.games.faults import FAULTS, plant_faults


@pytest.fixture(scope="module")
def spoilt():
    """Forty frames of ethanol and nine faults."""
    return plant_faults(load_embedded("ethanol/500K")[:400:10])


def test_all_are_found_but_the_one_without_a_trace(spoilt):
    """20 meV lie within the thermal spread of 0.1 eV: no check of single labels can see them."""
    frames, planted = spoilt
    missed = planted[~planted["frame"].isin(quality_control(frames).rejected)]
    assert missed["fault"].tolist() == ["energy 20 meV too high"]


def test_nothing_else_is_rejected(spoilt):
    """A good frame is not thrown away."""
    frames, planted = spoilt
    assert set(quality_control(frames).rejected) <= set(planted["frame"])


def test_each_fault_is_found_by_its_own_check(spoilt):
    """The reason given is the reason planted."""
    frames, planted = spoilt
    findings = quality_control(frames).findings
    reasons = {
        fault: set(findings[findings["frame"] == place]["check"])
        for fault, place in zip(planted["fault"], planted["frame"], strict=True)
    }
    expected = {
        "energy in Hartree": "energy",
        "forces not finite": "label",
        "forces of a turned copy": "torque",
        "one force set to zero": "net force",
        "atoms in each other": "distance",
        "another method": "method",
        "labelled twice": "duplicate",
        "moved after labelling": "label",
    }
    assert all(check in reasons[fault] for fault, check in expected.items())
    assert set(expected) | {"energy 20 meV too high"} == set(FAULTS)


def test_the_frames_given_stay_as_they_are():
    """Spoiling works on copies."""
    frames = load_embedded("ethanol/500K")[:20]
    before = [atoms.get_potential_energy() for atoms in frames]
    plant_faults(frames)
    assert [atoms.get_potential_energy() for atoms in frames] == before
    assert "label_method" not in frames[0].info


def test_too_few_frames_are_refused():
    """Nine faults need good frames around them."""
    with pytest.raises(ValueError, match="at least 20"):
        plant_faults(load_embedded("ethanol/500K")[:5])
