"""What is used with the mouse in a notebook, and read as a page where no kernel runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from mlp_course.teaching.figures import Picture

if TYPE_CHECKING:
    import ipywidgets

WIDGET = "application/vnd.jupyter.widget-view+json"  # the format in which a notebook stores one


class Interactive(ABC):
    """A widget with a page for whoever has no kernel; the front end takes the best it can show.

    A class that inherits says what its widget consists of (``_layout``) and what stands in its
    place on paper and on the web (``_still``). ipywidgets is imported where a widget is made.

    Example:
        >>> class Stone(Interactive):
        ...     def _still(self) -> str:
        ...         return "<p>A stone</p>"
        ...     def _layout(self) -> ipywidgets.Widget:
        ...         import ipywidgets
        ...         return ipywidgets.HTML("A stone that rolls")
        >>> data, meta = Stone()._repr_mimebundle_()
        >>> data["text/html"], WIDGET in data
        ('<p>A stone</p>', True)
    """

    _widget: ipywidgets.Widget | None = None

    @property
    def widget(self) -> ipywidgets.Widget:
        """The whole display, made when it is first asked for."""
        if self._widget is None:
            self._widget = self._layout()
        return self._widget

    @abstractmethod
    def _layout(self) -> ipywidgets.Widget:
        """Make the widget."""

    @abstractmethod
    def _still(self) -> str | Picture:
        """What a page without a kernel shows: HTML or a picture."""

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        still = self._still()
        if isinstance(still, Picture):
            data, meta = still._repr_mimebundle_()
        else:
            data, meta = {"text/plain": repr(self), "text/html": still}, {}
        data[WIDGET] = self.widget._repr_mimebundle_()[WIDGET]
        return data, meta
