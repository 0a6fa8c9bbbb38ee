"""One way to build every architecture by name."""

import math
from collections.abc import Iterable, Sequence
from numbers import Integral, Real

import numpy as np
import torch

from mlp_course.descriptors.checks import check_count
from mlp_course.models.ani import ANI
from mlp_course.models.architecture import N_EMBEDDINGS, Architecture
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

MAX_Z = N_EMBEDDINGS - 1  # the tables of embeddings begin with 0


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
        ValueError: for an unknown name, a cutoff that is not positive, no species, or a value that
            the architecture refuses.
        TypeError: for a hyperparameter that the architecture does not have or that a model file
            could not hold, such as a function, a cutoff that is no number, species that are no
            list, or what the architecture refuses.

    Example:
        >>> model = build_model("schnet", species=[1, 8], n_features=16)
        >>> sum(weights.numel() for weights in model.parameters())
        5969
    """
    if name not in ARCHITECTURES:
        raise ValueError(f"no architecture {name!r}; known: {', '.join(sorted(ARCHITECTURES))}")
    cutoff, species = _checked_cutoff(cutoff), _checked_species(species)
    check_count(0, seed=seed)
    hyper = {option: _plain(option, value) for option, value in hyper.items()}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(seed))
        architecture = ARCHITECTURES[name](species, cutoff, **hyper)
    settings = dict(name=name, species=species, cutoff=cutoff, seed=int(seed), **hyper)
    return Potential(architecture, cutoff=cutoff, species=species, settings=settings)


def _checked_cutoff(cutoff: float) -> float:
    if not isinstance(cutoff, Real):
        raise TypeError(f"cutoff must be a number, in Å; got {cutoff!r}")
    if not 0 < cutoff < math.inf:
        raise ValueError(f"cutoff must be positive and finite, in Å; got {cutoff}")
    return float(cutoff)


def _checked_species(species: Sequence[int]) -> list[int]:
    """Sorted, as a plain list."""
    rule = f"species must be a list of atomic numbers from 1 to {MAX_Z}, such as [1, 6, 8]"
    if not isinstance(species, Iterable):
        raise TypeError(f"{rule}; got {species!r}")
    numbers = list(species)
    if not numbers or not all(isinstance(z, Integral) and 1 <= z <= MAX_Z for z in numbers):
        raise ValueError(f"{rule}; got {species}")
    if len(set(numbers)) != len(numbers):
        raise ValueError(f"species must not name an element twice; got {species}")
    return sorted(map(int, numbers))


def _plain(option: str, value: object) -> object:
    """The same without NumPy and tuples; TypeError for what a model file cannot hold."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, dict):
        return {key: _plain(f"{option}[{key!r}]", entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(f"{option}[{n}]", entry) for n, entry in enumerate(value)]
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(
        f"{option} must be a number, a text, None, or a list or dictionary of them, which a model "
        f"file can hold; got {value!r}: build the architecture itself, in a Potential(...)"
    )
