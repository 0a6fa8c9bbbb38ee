"""The one door to SchNetPack: repair a name that torch renamed, then import it.

SchNetPack (2.0.4 and 2.1.1) asks ``torch.utils.data.dataloader`` for the type variable ``T_co``.
Torch 2.13 calls it ``_T_co``, so a bare ``import schnetpack`` stops with an ImportError. The
variable is used in type hints only; putting it back changes no number.
"""

import typing
from types import ModuleType

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
    import schnetpack

    return schnetpack


def put_type_variable_back() -> None:
    """Give ``torch.utils.data.dataloader`` its old name ``T_co``, unless it still has it."""
    if not hasattr(dataloader, "T_co"):
        dataloader.T_co = typing.TypeVar("T_co", covariant=True)
