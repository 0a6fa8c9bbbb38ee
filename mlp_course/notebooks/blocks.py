"""Blocks of a page that a command writes: what stands between two marks, the rest is by hand."""

from __future__ import annotations


def marks(name: str) -> tuple[str, str]:
    """Return the two marks of a block; a page does not show them.

    Example:
        >>> marks("launch links")[0]
        '<!-- launch links: begin -->'
    """
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def has_block(text: str, name: str) -> bool:
    """Whether a page has both marks of a block, in their order."""
    begin, end = marks(name)
    return end in text.partition(begin)[2]


def with_block(text: str, name: str, content: str) -> str:
    """Return a page with another content between the two marks of a block.

    Args:
        text: the page.
        name: of the block.
        content: what shall stand between its marks.

    Raises:
        ValueError: if the page does not have the marks.

    Example:
        >>> with_block("<!-- a: begin -->old<!-- a: end --> stays", "a", "new").splitlines()
        ['<!-- a: begin -->', 'new', '<!-- a: end --> stays']
    """
    if not has_block(text, name):
        raise ValueError(
            f"the page needs the marks {' and '.join(marks(name))}; write them into it"
        )
    begin, end = marks(name)
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{content}\n{end}{rest.partition(end)[2]}"
