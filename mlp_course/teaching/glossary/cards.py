"""Flash cards: a term, think, turn it over, and say whether you knew."""

from __future__ import annotations

import html
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mlp_course.teaching.glossary.fifteen import FIFTEEN
from mlp_course.teaching.glossary.term import Term
from mlp_course.teaching.interactive import Interactive

if TYPE_CHECKING:
    import ipywidgets


class FlashCards(Interactive):
    """A stack of the fifteen terms: what you know leaves it, what you do not know comes back.

    Args:
        seed: decides the order.

    Example:
        >>> cards = FlashCards(seed=1)
        >>> first = cards.card
        >>> cards.turn() == str(first)
        True
        >>> cards.put_away(known=False)  # three cards later it is back
        >>> cards
        15 of 15 cards left
        >>> cards.put_away(known=True)
        >>> cards
        14 of 15 cards left
    """

    AGAIN_AFTER = 3  # cards

    def __init__(self, *, seed: int = 0) -> None:
        order = np.random.default_rng(seed).permutation(len(FIFTEEN))
        self._terms = tuple(FIFTEEN[place] for place in order)
        self._stack = deque(self._terms)

    @property
    def left(self) -> int:
        """Number of cards not known yet."""
        return len(self._stack)

    @property
    def card(self) -> Term | None:
        """The card on top; None when all are known."""
        return self._stack[0] if self._stack else None

    def turn(self) -> str:
        """Return what stands on the other side of the card on top."""
        return str(self.card) if self.card else "All cards are known."

    def put_away(self, *, known: bool) -> None:
        """Take the card on top away, or put it back a few cards further down.

        Raises:
            ValueError: if there is no card left.
        """
        if not self._stack:
            raise ValueError("there is no card left; start again: FlashCards()")
        card = self._stack.popleft()
        if not known:
            self._stack.insert(min(self.AGAIN_AFTER, len(self._stack)), card)

    def __repr__(self) -> str:
        return f"{self.left} of {len(self._terms)} cards left"

    def _layout(self) -> ipywidgets.Widget:
        """The card, a button to turn it, two to say whether it was known."""
        import ipywidgets

        self.shown, self.count = ipywidgets.HTML(), ipywidgets.HTML()
        names = {"turn": "Turn over", "knew": "I knew it", "again": "Show it again"}
        self.buttons = {key: ipywidgets.Button(description=text) for key, text in names.items()}
        self.buttons["turn"].on_click(lambda _: self._show(turned=True))
        self.buttons["knew"].on_click(lambda _: self._go_on(known=True))
        self.buttons["again"].on_click(lambda _: self._go_on(known=False))
        self._show(turned=False)
        return ipywidgets.VBox([self.shown, ipywidgets.HBox([*self.buttons.values()]), self.count])

    def _go_on(self, *, known: bool) -> None:
        self.put_away(known=known)
        self._show(turned=False)

    def _show(self, *, turned: bool) -> None:
        """Draw the card; one can say whether it was known once it lies face up."""
        card = self.card
        front = html.escape(card.title if card else "All cards are known.")
        back = html.escape(card.sentence) if card and turned else "&nbsp;"
        self.shown.value = _CARD.format(front=front, back=back)
        self.count.value = html.escape(repr(self))
        self.buttons["turn"].disabled = turned or card is None
        for key in ("knew", "again"):
            self.buttons[key].disabled = not turned or card is None

    def _still(self) -> str:
        """Cards that unfold."""
        return cards_as_html(self._terms)


_CARD = (
    '<div style="box-sizing:border-box;width:460px;max-width:100%;min-height:150px;'
    "border:2px solid #888;border-radius:10px;padding:14px 18px;line-height:1.45;"
    'color:var(--jp-content-font-color1,inherit)"><div style="font-size:120%;font-weight:600">'
    '{front}</div><div style="margin-top:10px">{back}</div></div>'
)


def cards_as_html(terms: Sequence[Term]) -> str:
    """Return cards that unfold without a kernel.

    Example:
        >>> cards_as_html(FIFTEEN[:2]).count("<summary>")
        2
    """
    return "".join(
        f"<details><summary><b>{html.escape(term.title)}</b></summary>"
        f"{html.escape(term.sentence)}</details>"
        for term in terms
    )
