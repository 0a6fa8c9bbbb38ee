"""Building models by name: seeds, settings and refusals."""

import inspect
import json

import numpy as np
import pytest
import torch
from ase import Atoms
from ase.build import molecule

from mlp_course.data import neighbour_list
from mlp_course.descriptors import tanh_cutoff
from mlp_course.models import ARCHITECTURES, build_model


def weights(model):
    """All weights in one row."""
    return torch.cat([values.flatten() for values in model.parameters()])


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_the_seed_decides_the_weights(name):
    """Same seed, same weights, bit for bit; another seed, other weights."""
    first, again, other = (build_model(name, seed=seed) for seed in (3, 3, 4))
    assert torch.equal(weights(first), weights(again))
    assert not torch.equal(weights(first), weights(other))


def test_building_leaves_the_global_random_numbers_alone():
    """A model built in between does not change what torch draws next."""
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    build_model("schnet", seed=5, n_features=16)
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_settings_build_the_same_model_again(name):
    """What a model remembers of itself is enough to build it anew."""
    model = build_model(name, species=[8, 1], cutoff=4.5, seed=7)
    again = build_model(**model.settings)
    assert torch.equal(weights(model), weights(again))
    assert (again.cutoff, again.species) == (4.5, [1, 8])


def test_hyperparameters_reach_the_network():
    """More features, more weights; one interaction fewer, fewer weights."""
    sizes = [
        len(weights(build_model("schnet", **hyper)))
        for hyper in (dict(n_features=16, n_interactions=2), dict(n_features=16), dict())
    ]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 3


def test_a_new_model_is_in_float32_without_references():
    """Weights start in single precision, atomic references at exactly zero in double."""
    model = build_model("schnet", n_features=16)
    assert model.dtype == torch.float32
    assert model.reference_energies.dtype == torch.float64
    assert not model.reference_energies.any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(name="shnet"), "no architecture .shnet.; known: .*painn.*schnet"),
        (dict(name="schnet", cutoff=0.0), "cutoff must be positive and finite, in Å; got 0.0"),
        (
            dict(name="schnet", cutoff=float("nan")),
            "cutoff must be positive and finite, in Å; got nan",
        ),
        (dict(name="schnet", species=[]), "species must be a list of atomic numbers"),
        (dict(name="schnet", species=[0, 1]), "species must be a list of atomic numbers"),
        (dict(name="schnet", species=[100]), "from 1 to 99, such as .*got .100."),
        (dict(name="schnet", n_features=0), "n_features must be .* at least 1, .*; got 0"),
        (dict(name="mace", n_layers=1.5), "n_layers must be a whole number .* at least 1, .*1.5"),
        (dict(name="ani", hidden=[8, 0]), "hidden must be a whole number .* at least 1, .*; got 0"),
        (dict(name="nequip", radial={"hidden": [0]}), "hidden must be .* at least 1, .*; got 0"),
        (dict(name="mace", radial={"n_rbf": 0}), "n_rbf must be .* at least 1, .*; got 0"),
        (dict(name="nequip", radial={"p": -1}), "p must be positive, dimensionless; got -1"),
        (dict(name="schnet", n_rbf=1), "n_rbf must be .* at least 2, .*; got 1"),
        (dict(name="schnet_by_hand", n_rbf=1), "n_rbf must be .* at least 2, .*; got 1"),
        (dict(name="nequip", l_max=1.5), "l_max must be a whole number .* at least 0, .*; got 1.5"),
        (dict(name="gap", l_max=1.5), "l_max must be a whole number .* at least 0, .*; got 1.5"),
        (dict(name="mace", l_hidden=-1), "l_hidden must be .* at least 0, .*; got -1"),
        (dict(name="mace", correlation=1.5), "correlation must be a whole number .*; got 1.5"),
        (
            dict(name="gap", cutoff=0.8),
            "cutoff must be above 1 for SOAP, in Å, .*; got 0.8: raise it, or give radius",
        ),
        (dict(name="schnet", seed=1.5), "seed must be a whole number .*; got 1.5"),
        (dict(name="schnet", species=[1, 1]), "species must not name an element twice; got .1, 1."),
        (dict(name="mace", l_max=1, l_hidden=2), "l_hidden must be at most l_max=1; got 2"),
        (dict(name="schnet", species=["H"]), "species must be a list of atomic numbers"),
    ],
)
def test_senseless_requests_are_refused(options, message):
    """Names, radii and elements that do not exist are refused with a cure."""
    with pytest.raises(ValueError, match=message):
        build_model(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (dict(species=8), r"species must be a list of atomic numbers .* \[1, 6, 8\]; got 8"),
        (dict(species=None), "species must be a list of atomic numbers .*; got None"),
        (dict(cutoff="5"), "cutoff must be a number, in Å; got '5'"),
        (dict(name="ani", hidden=64), r"hidden must be a list of widths, .* \[64, 64\]; got 64"),
        (
            dict(name="gap", fade=tanh_cutoff),
            "fade must be a number, .* which a model file can hold; got <function tanh_cutoff",
        ),
        (
            dict(name="mace", radial={"p": print}),
            r"radial\['p'\] must be a number, .* got <built-in",
        ),
    ],
)
def test_what_is_no_number_or_no_list_is_refused(options, message):
    """The error says what was expected, and not what Python could not do with it."""
    with pytest.raises(TypeError, match=message):
        build_model(**dict(name="schnet") | options)


@pytest.mark.parametrize(
    ("name", "numpys", "plain"),
    [
        ("schnet", dict(n_features=np.int64(8)), dict(n_features=8)),
        ("schnet", dict(seed=np.int64(3), cutoff=np.float32(4.0)), dict(seed=3, cutoff=4.0)),
        ("ani", dict(hidden=np.array([8, 4])), dict(hidden=[8, 4])),
        (
            "behler_parrinello",
            dict(radial=np.array([[1.0, 0.5]]), hidden=(8,)),
            dict(radial=[[1.0, 0.5]], hidden=[8]),
        ),
        (
            "nequip",
            dict(radial={"hidden": np.array([8])}, n_features=4),
            dict(radial={"hidden": [8]}, n_features=4),
        ),
    ],
)
def test_numpy_hyperparameters_build_a_model_that_can_be_saved(name, numpys, plain):
    """From NumPy or from Python: the same weights, and settings that a model file can hold."""
    model, expected = build_model(name, **numpys), build_model(name, **plain)
    assert torch.equal(weights(model), weights(expected))
    assert json.loads(json.dumps(model.settings)) == model.settings == expected.settings


SIZES = [
    (name, parameter.name)
    for name, kind in sorted(ARCHITECTURES.items())
    for parameter in inspect.signature(kind).parameters.values()
    if type(parameter.default) is int
]


@pytest.mark.parametrize(("name", "size"), SIZES)
@pytest.mark.parametrize("value", [1.5, -1])
def test_every_architecture_checks_its_own_sizes(name, size, value):
    """A size that is no whole number or negative is refused by name, also without build_model."""
    with pytest.raises(ValueError, match=f"{size} must be a whole number .*; got {value}"):
        ARCHITECTURES[name]([1, 8], 4.0, **{size: value})


def test_there_are_sizes_to_check():
    """So that the list above is none that became empty: counts, degrees and orders."""
    assert {("mace", "correlation"), ("nequip", "l_max"), ("dimenet", "n_small")} <= set(SIZES)


@pytest.mark.parametrize("name", ["ani", "behler_parrinello"])
def test_no_hidden_layer_is_a_linear_model(name):
    """One weight for each component of the descriptor and one constant, for each element."""
    model = build_model(name, species=[1, 8], hidden=[])
    n_components = model.architecture.descriptor.n_components
    assert len(weights(model)) == 2 * (n_components + 1)


def test_the_narrowest_network_still_sees_the_atoms():
    """SchNet by hand of one feature: its energy changes when a bond gets longer."""
    model = build_model("schnet_by_hand", n_features=1).double()
    energies = [
        model(neighbour_list(Atoms("H2", [[0, 0, 0], [0, 0, d]]), 5.0)).energy.item()
        for d in (0.7, 1.4)
    ]
    assert abs(energies[0] - energies[1]) > 1e-8


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_the_heaviest_element_is_evaluated(name):
    """Einsteinium, 99, is accepted and has an energy."""
    model = build_model(name, species=[99])
    graph = neighbour_list(Atoms([99, 99], [[0, 0, 0], [0, 0, 3.0]]), 5.0)
    assert torch.isfinite(model(graph.to(dtype=model.dtype)).energy).all()


def test_a_hyperparameter_of_another_model_is_refused():
    """A misspelt option is not silently ignored."""
    with pytest.raises(TypeError, match="n_layers"):
        build_model("schnet", n_layers=3)


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_the_order_of_the_elements_means_nothing(name):
    """A list of elements is a set: the same weights and energies in any order."""
    graph = neighbour_list(molecule("CH3CH2OH"), 5.0)
    one, other = (build_model(name, species=order).double() for order in ([1, 6, 8], [8, 1, 6]))
    assert one.settings == other.settings
    torch.testing.assert_close(one(graph).energy, other(graph).energy, rtol=0, atol=0)
