"""Small potentials with weights of any architecture."""

import pytest
import torch

from mlp_course.models import ARCHITECTURES, build_model

#: Hyperparameters that make each architecture quick to test; a new one gets its line here.
SMALL = {
    "ani": dict(hidden=[16], n_angles=4, angular_cutoff=3.0),
    "behler_parrinello": dict(hidden=[16]),
    "dimenet": dict(n_features=16, n_small=8, n_out=16, n_interactions=1, n_spherical=3),
    "gap": dict(n_sparse=4, n_max=2, l_max=2, delta=10.0),
    "mace": dict(n_features=4, l_max=2, radial={"hidden": [16]}),
    "nequip": dict(n_features=4, n_layers=2, radial={"hidden": [16]}),
    "schnet": dict(n_features=16, n_interactions=2),
    "schnet_by_hand": dict(n_features=16, n_interactions=2),
    "painn": dict(n_features=16, n_interactions=2),
}


@pytest.fixture
def small_model():
    """Build a small potential of one architecture, in double precision."""

    def build(name="schnet", **options):
        settings = dict(species=[1, 6, 8], cutoff=4.0) | SMALL.get(name, {}) | options
        return build_model(name, **settings).double().eval()

    return build


@pytest.fixture(params=sorted(ARCHITECTURES))
def any_model(request, small_model):
    """A small potential of every architecture in turn."""
    torch.set_num_threads(1)
    return small_model(request.param)
