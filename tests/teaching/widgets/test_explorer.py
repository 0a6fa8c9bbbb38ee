"""Sliders for symmetry functions, and the guide: what is shown follows what is set."""

import itertools

import pytest
from ase.build import molecule

from mlp_course.data import neighbour_list
from mlp_course.descriptors import angular_symmetry_function, radial_symmetry_function
from mlp_course.models import ARCHITECTURES
from mlp_course.teaching import SelectionGuide, SymmetryFunctionExplorer, recommend
from mlp_course.teaching.widgets.selection_guide import QUESTIONS, RULES
from mlp_course.teaching.widgets.symmetry_functions import plot_symmetry_functions

WIDGET = "application/vnd.jupyter.widget-view+json"


def test_the_sums_shown_are_those_of_the_public_functions():
    """G2 and G5 of the oxygen of ethanol, by the functions themselves."""
    atoms = molecule("CH3CH2OH")
    settings = dict(eta=2.0, r_s=1.3, zeta=4.0, lambda_=-1.0, cutoff=3.0)
    graph = neighbour_list(atoms, 3.0)
    r_ij, n = graph.pair_vectors(), len(atoms)
    radial = dict(eta=2.0, r_s=1.3, cutoff=3.0)
    g2 = radial_symmetry_function(r_ij.norm(dim=1), graph.idx_i, n, **radial)[2]
    angular = dict(eta=0.0, zeta=4.0, lambda_=-1.0, cutoff=3.0, with_jk=False)
    g5 = angular_symmetry_function(r_ij, graph.idx_i, n, **angular)[2]
    alt = plot_symmetry_functions(atoms, centre=2, **settings).alt
    assert f"G2 = {g2:.2f};" in alt
    assert f"G5 = {g5:.2f}" in alt
    assert f"{int((graph.idx_i == 2).sum())} neighbours" in alt


def test_the_marks_add_up_to_the_sums_in_the_titles():
    """Heights of the marks over distances give G2, those over angles G5; one angle has a ring."""
    settings = dict(eta=2.0, r_s=1.3, zeta=4.0, lambda_=-1.0, cutoff=4.0)
    _, shell, angles = plot_symmetry_functions(
        molecule("CH3CH2OH"), centre=2, **settings
    ).figure.axes
    for axes in (shell, angles):
        (stems,) = axes.collections
        total = sum(segment[1, 1] for segment in stems.get_segments())
        assert axes.get_title() == f"{axes.get_title()[:2]} = {total:.2f}"
    ring = angles.lines[-1]
    assert ring.get_xdata() == pytest.approx([molecule("CH3CH2OH").get_angle(1, 2, 3)])


def test_an_atom_that_sees_nothing_is_drawn_all_the_same():
    """No neighbour, no angle, both sums zero."""
    settings = dict(eta=2.0, r_s=1.0, zeta=4.0, lambda_=1.0, cutoff=0.5)
    alt = plot_symmetry_functions(molecule("H2O"), centre=0, **settings).alt
    assert "0 neighbours within 0.5 Å, G2 = 0.00; 0 angles, G5 = 0.00" in alt


@pytest.mark.parametrize("centre", [-1, 3, 0.5])
def test_only_an_atom_has_symmetry_functions(centre):
    """Atoms of water are 0, 1 and 2; -1 has no neighbours and no sums of zero."""
    settings = dict(eta=2.0, r_s=1.0, zeta=4.0, lambda_=1.0, cutoff=3.0)
    with pytest.raises(ValueError, match=f"number of an atom, from 0 to 2; got {centre}"):
        plot_symmetry_functions(molecule("H2O"), centre=centre, **settings)
    with pytest.raises(ValueError, match=f"number of an atom, from 0 to 2; got {centre}"):
        SymmetryFunctionExplorer(molecule("H2O"), centre=centre)


@pytest.mark.parametrize("name", ["eta", "r_s", "zeta", "lambda_", "cutoff"])
def test_every_slider_changes_the_picture(name):
    """Moved to its lowest value, each of the five changes what is drawn."""
    explorer = SymmetryFunctionExplorer(molecule("CH3CH2OH"), centre=2)
    before = explorer._image.value
    explorer.sliders[name].value = explorer.sliders[name].min
    assert explorer._image.value != before
    assert explorer._image.alt == explorer.picture.alt == repr(explorer)


def test_readers_without_a_kernel_get_a_picture_and_the_rules():
    """Beside the widget lies what a web page can show."""
    data, metadata = SymmetryFunctionExplorer(molecule("H2O"), centre=0)._repr_mimebundle_()
    assert {WIDGET, "image/png", "text/plain"} <= set(data)
    assert metadata["image/png"]["alt"] == data["text/plain"]
    data, _ = SelectionGuide()._repr_mimebundle_()
    assert {WIDGET, "text/html"} <= set(data)
    assert all(best.choice in data["text/html"] for _, _, best in RULES)


def test_every_combination_of_answers_has_one_recommendation_and_all_are_used():
    """No dead end among the answers, and no rule that is never reached."""
    names, options = list(QUESTIONS), [answers for _, answers in QUESTIONS.values()]
    given = [
        recommend(**dict(zip(names, answers, strict=True)))
        for answers in itertools.product(*options)
    ]
    assert {best.choice for best in given} == {best.choice for _, _, best in RULES}
    assert all(best.reason and best.first_step for best in given)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_matters(question):
    """Any two answers to a question lead to different families for some other answers."""
    others = [name for name in QUESTIONS if name != question]
    rest = [
        dict(zip(others, answers, strict=True))
        for answers in itertools.product(*(QUESTIONS[name][1] for name in others))
    ]
    for one, other in itertools.combinations(QUESTIONS[question][1], 2):
        assert any(
            recommend(**a, **{question: one}).choice != recommend(**a, **{question: other}).choice
            for a in rest
        ), (one, other)


def test_symmetry_functions_are_no_advice_for_many_atoms_with_many_neighbours():
    """Their angles count pairs of neighbours, which lesson 06 shows to be the dearest there."""
    crystal = "dynamics with many neighbours: crystal, alloy, liquid"
    answers = dict(use=crystal, size="more than 10,000 atoms", need="nothing special")
    for labels in QUESTIONS["labels"][1]:
        assert "symmetry" not in recommend(labels=labels, **answers).choice


def test_first_steps_name_architectures_that_exist():
    """What the guide says to build can be built."""
    for _, _, best in RULES:
        if "build_model" in best.first_step:
            assert best.first_step.split('"')[1] in ARCHITECTURES


def test_the_guide_follows_its_menus():
    """An answer changes the recommendation at once."""
    guide = SelectionGuide()
    assert "equivariant" in guide.recommendation.choice
    guide.menus["use"].value = "compare, sort or pick structures"
    assert guide.recommendation.choice == "SOAP, without a network"
    assert "SOAP, without a network" in guide._shown.value


def test_an_unknown_answer_is_refused():
    """The message lists the answers."""
    with pytest.raises(ValueError, match=r"labels must be one of .*'up to 200'.*; got 'many'"):
        recommend(labels="many", use="", size="", need="")
