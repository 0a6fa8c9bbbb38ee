"""Constants of a network that keep all their digits."""

from torch import Tensor


class Constant:
    """A fixed tensor in float64, handed out in the precision and on the device that are asked for.

    A buffer of a module would be rounded once and for all when the module goes to float32. Whole
    numbers, such as places in another tensor, stay what they are and follow to the device only.

    Example:
        >>> import torch
        >>> third = Constant(torch.tensor([1 / 3], dtype=torch.float64))
        >>> third.like(torch.zeros(1)).dtype, third.like(torch.zeros(1).double()).item()
        (torch.float32, 0.3333333333333333)
        >>> Constant(torch.tensor([2, 0])).like(torch.zeros(1)).dtype
        torch.int64
    """

    def __init__(self, value: Tensor):
        self.value = value.double() if value.is_floating_point() else value
        self._copy = self.value

    def like(self, other: Tensor) -> Tensor:
        """The constant in the precision and on the device of another tensor."""
        dtype = other.dtype if self.value.is_floating_point() else self.value.dtype
        if (self._copy.dtype, self._copy.device) != (dtype, other.device):
            self._copy = self.value.to(other.device, dtype)
        return self._copy
