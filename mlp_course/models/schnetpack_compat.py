"""The one door to SchNetPack: repair a name that torch renamed, then import it.

SchNetPack (2.0.4 and 2.1.1) asks ``torch.utils.data.dataloader`` for the type variable ``T_co``.
Torch 2.13 calls it ``_T_co``, so a bare ``import schnetpack`` stops with an ImportError. The
variable is used in type hints only; putting it back changes no number.
"""

import contextlib
import logging
import typing
from collections.abc import Iterator
from types import ModuleType

from torch import Tensor
from torch.utils.data import dataloader


def load_schnetpack() -> ModuleType:
    """Return the imported ``schnetpack`` package, whichever torch is installed.

    The first call takes a few seconds, later ones nothing.

    Returns:
        The package; its parts are attributes, for example ``load_schnetpack().representation``.

    Raises:
        ImportError: if SchNetPack is missing, or fails for a reason not known here.

    Example:
        >>> load_schnetpack().representation.SchNet.__name__
        'SchNet'
    """
    put_type_variable_back()
    log = logging.getLogger()
    before = log.level, log.handlers[:]
    import schnetpack

    log.level, log.handlers[:] = before  # one of its modules makes every program's log talk
    return schnetpack


def put_type_variable_back() -> None:
    """Give ``torch.utils.data.dataloader`` its old name ``T_co``, unless it still has it."""
    if not hasattr(dataloader, "T_co"):
        dataloader.T_co = typing.TypeVar("T_co", covariant=True)


@contextlib.contextmanager
def for_any_number_of_atoms() -> Iterator[None]:
    """While it lasts, SchNetPack's sums over neighbours keep no number of atoms when recorded.

    Its own sum is compiled, and a recording takes the size it is called with for a constant. The
    plain sum does the same, with a size that follows the atoms.
    """
    scatter = load_schnetpack().nn.scatter
    compiled = scatter._scatter_add
    scatter._scatter_add = _plain_sum
    try:
        yield
    finally:
        scatter._scatter_add = compiled


def _plain_sum(x: Tensor, idx_i: Tensor, dim_size: int, dim: int = 0) -> Tensor:
    """Sum the rows of x that belong to the same atom."""
    if dim != 0:
        raise ValueError(f"only rows can be summed, dim=0; got dim={dim}")
    return x.new_zeros((dim_size, *x.shape[1:])).index_add(0, idx_i, x)
