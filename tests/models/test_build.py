"""Building models by name: seeds, settings and refusals."""

import pytest
import torch
from ase import Atoms
from ase.build import molecule

from mlp_course.data import neighbour_list
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
        (
            dict(name="schnet", n_features=0),
            "n_features must be .* whole numbers .* at least 1; got 0",
        ),
        (
            dict(name="mace", n_layers=1.5),
            "n_layers must be .* whole numbers .* at least 1; got 1.5",
        ),
        (
            dict(name="ani", hidden=[8, 0]),
            "hidden must be .* whole numbers .* at least 1; got .8, 0.",
        ),
        (dict(name="schnet", species=[1, 1]), "species must not name an element twice; got .1, 1."),
        (dict(name="mace", l_max=1, l_hidden=2), "l_hidden must be at most l_max=1; got 2"),
        (dict(name="schnet", species=["H"]), "species must be a list of atomic numbers"),
    ],
)
def test_senseless_requests_are_refused(options, message):
    """Names, radii and elements that do not exist are refused with a cure."""
    with pytest.raises(ValueError, match=message):
        build_model(**options)


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
