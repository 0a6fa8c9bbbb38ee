"""One way to build every architecture by name."""

import math
from collections.abc import Sequence
from numbers import Integral

import torch

from mlp_course.models.ani import ANI
from mlp_course.models.architecture import Architecture
from mlp_course.models.behler_parrinello import BehlerParrinello
from mlp_course.models.dimenet import DimeNet
from mlp_course.models.gap import GAP
from mlp_course.models.mace import MACE
from mlp_course.models.nequip import NequIP
from mlp_course.models.painn import PaiNN
from mlp_course.models.potential import Potential
from mlp_course.models.schnet import SchNet
from mlp_course.models.schnet_by_hand import SchNetByHand

#: A new architecture joins by one line here and one in tests/models/conftest.py; it is made
#: of the species, the cutoff and its own hyperparameters.
ARCHITECTURES: dict[str, type[Architecture]] = {
    "behler_parrinello": BehlerParrinello,
    "gap": GAP,
    "ani": ANI,
    "schnet": SchNet,
    "schnet_by_hand": SchNetByHand,
    "painn": PaiNN,
    "dimenet": DimeNet,
    "nequip": NequIP,
    "mace": MACE,
}

MAX_Z = 99  # SchNetPack's table of embeddings has 100 rows, from 0 to 99


def build_model(
    name: str, species: Sequence[int] = (1, 6, 8), cutoff: float = 5.0, seed: int = 0, **hyper
) -> Potential:
    """Build an untrained potential.

    Args:
        name: one of :data:`ARCHITECTURES`, for example ``"schnet"`` or ``"nequip"``.
        species: atomic numbers it may be used for, from 1 to 99.
        cutoff: in Å.
        seed: of the initial weights; the same seed gives the same weights.
        hyper: hyperparameters of the architecture, for example ``n_features``.

    Returns:
        A potential in float32 (GAP in float64) whose atomic references are still zero;
        ``fit`` sets them.

    Raises:
        ValueError: for an unknown name, a cutoff that is not positive, no species, or a number of
            something (``n_...``, ``hidden``) that is not a whole number of at least 1.
        TypeError: for a hyperparameter that the architecture does not have.

    Example:
        >>> model = build_model("schnet", species=[1, 8], n_features=16)
        >>> sum(weights.numel() for weights in model.parameters())
        5969
    """
    if name not in ARCHITECTURES:
        raise ValueError(f"no architecture {name!r}; known: {', '.join(sorted(ARCHITECTURES))}")
    if not 0 < cutoff < math.inf:
        raise ValueError(f"cutoff must be positive and finite, in Å; got {cutoff}")
    if not len(species) or not all(isinstance(z, Integral) and 1 <= z <= MAX_Z for z in species):
        raise ValueError(
            f"species must be a list of atomic numbers from 1 to {MAX_Z}, such as [1, 6, 8]; "
            f"got {species}"
        )
    if len(set(species)) != len(species):
        raise ValueError(f"species must not name an element twice; got {species}")
    for option, value in hyper.items():
        _check_count(option, value)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        architecture = ARCHITECTURES[name](sorted(map(int, species)), cutoff, **hyper)
    settings = {
        "name": name,
        "species": sorted(map(int, species)),
        "cutoff": float(cutoff),
        "seed": seed,
        **hyper,
    }
    return Potential(architecture, cutoff=cutoff, species=settings["species"], settings=settings)


def _check_count(option: str, value: object) -> None:
    """Raise ValueError for a size that is no whole number of at least 1."""
    sizes = value if option == "hidden" else [value] if option.startswith("n_") else []
    if not all(isinstance(size, Integral) and size >= 1 for size in sizes):
        raise ValueError(f"{option} must be made of whole numbers of at least 1; got {value}")
