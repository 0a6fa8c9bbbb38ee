"""All forty-four items, by id and by part."""

from mlp_course.teaching.checklist.application import APPLICATION
from mlp_course.teaching.checklist.concepts import CONCEPTS
from mlp_course.teaching.checklist.item import PARTS, Item
from mlp_course.teaching.checklist.practice import PRACTICE

ITEMS: tuple[Item, ...] = (*CONCEPTS, *PRACTICE, *APPLICATION)

_BY_ID = {item.id: item for item in ITEMS}


def find_item(item_id: str) -> Item:
    """Return the item with an id.

    Args:
        item_id: such as "p07".

    Raises:
        ValueError: if there is none.

    Example:
        >>> find_item("p16").text
        'read a first cutoff off a proper g(r)'
    """
    if item_id not in _BY_ID:
        raise ValueError(f"item must be c01 to c16, p01 to p16 or a01 to a12; got {item_id!r}")
    return _BY_ID[item_id]


def items_of(part: str) -> tuple[Item, ...]:
    """Return the items of one part.

    Args:
        part: "Concepts", "Practice" or "Application".

    Raises:
        ValueError: if there is no such part.

    Example:
        >>> [len(items_of(part)) for part in PARTS.values()]
        [16, 16, 12]
    """
    if part not in PARTS.values():
        raise ValueError(f"part must be one of {', '.join(PARTS.values())}; got {part!r}")
    return tuple(item for item in ITEMS if item.part == part)
