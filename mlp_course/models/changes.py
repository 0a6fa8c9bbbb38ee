"""Has a potential changed? Weights may be trained, loaded, replaced; references may be set anew."""

from torch import Tensor

from mlp_course.models.potential import Potential


class ChangeWatch:
    """Number the states of a potential: the number grows when a weight or a reference changes.

    torch counts changes made in place; what was replaced is noticed because it is another tensor.
    A change behind torch's back (``weight.data.mul_(2)``, or a step of a *fused* optimiser) is not
    counted.

    Args:
        model: the potential to watch.

    Example:
        >>> from mlp_course.models import build_model
        >>> model = build_model("schnet", n_features=8)
        >>> watch = ChangeWatch(model)
        >>> watch.version(), watch.version()
        (0, 0)
        >>> model.reference_energies[1] = -13.6
        >>> watch.version()
        1
    """

    def __init__(self, model: Potential):
        self.model = model
        self._version = 0
        self._architecture = model.architecture
        self._places = _places(model)
        self._seen = self._state()

    @property
    def weights(self) -> list[Tensor]:
        """The trainable tensors of the last state that was numbered."""
        return [tensor for tensor in self._seen[0] if tensor.requires_grad]

    def version(self) -> int:
        """Number of the present state."""
        if self.model.architecture is not self._architecture:
            self._architecture, self._places = self.model.architecture, _places(self.model)
        state = self._state()
        tensors, counts = state
        seen_tensors, seen_counts = self._seen
        same = len(tensors) == len(seen_tensors) and counts == seen_counts
        if not (same and all(a is b for a, b in zip(tensors, seen_tensors, strict=True))):
            self._version += 1
            self._seen = state
        return self._version

    def _state(self) -> tuple[list[Tensor], list[int]]:
        """All tensors that matter, held so that no other gets their identity, and their counts."""
        tensors = [holder[name] for holder, name in self._places]
        return tensors, [tensor._version for tensor in tensors]


def _places(model: Potential) -> list[tuple[dict, str]]:
    """Where the weights and buffers of a potential are kept, by module and name."""
    return [
        (holder, name)
        for module in model.modules()
        for holder in (module._parameters, module._buffers)
        for name in holder
        if holder[name] is not None
    ]
