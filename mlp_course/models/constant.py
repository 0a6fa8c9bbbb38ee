"""Constants of a network that keep all their digits."""

from torch import Tensor


class Constant:
    """A fixed tensor in float64, handed out in the precision and on the device that are asked for.

    A buffer of a module would be rounded once and for all when the module goes to float32.

    Example:
        >>> import torch
        >>> third = Constant(torch.tensor([1 / 3], dtype=torch.float64))
        >>> import torch
        >>> third.like(torch.zeros(1)).dtype, third.like(torch.zeros(1).double()).item()
        (torch.float32, 0.3333333333333333)
    """

    def __init__(self, value: Tensor):
        self.value = value.double()
        self._copy = self.value

    def like(self, other: Tensor) -> Tensor:
        """The constant in the precision and on the device of another tensor."""
        if (self._copy.dtype, self._copy.device) != (other.dtype, other.device):
            self._copy = self.value.to(other.device, other.dtype)
        return self._copy
