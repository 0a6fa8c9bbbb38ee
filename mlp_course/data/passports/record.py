"""The passport of a data set: eight things to know, each with its evidence, or "unknown"."""

import datetime
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mlp_course.data.passports.terms import UNKNOWN, licence_parts

Text = Annotated[str, Field(min_length=1)]
Basis = Literal["file in hand", "publisher", "second hand", "not found"]

#: What every passport must answer, in the order of the table.
FIELDS = ("licence", "level_of_theory", "units", "version", "checksum", "citation", "size")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Entry(_Part):
    """One answer and what it rests on.

    Attributes:
        value: the answer, or "unknown".
        basis: "file in hand", "publisher" (its page or article says so), "second hand" (somebody
            who passes the data on says so) or "not found".
        sources: where it stands; at least one unless unknown.
        tried: where it was looked for in vain; must be there for "unknown".
        number: the count in ``value``, where there is one.
        chapter: what the chapter that this course follows says instead.
        chapter_number: its count.
        verdict: on the chapter's value.
        note: what else has to be said.
    """

    value: Text
    basis: Basis
    sources: tuple[Text, ...] = ()
    tried: Text | None = None
    number: Annotated[int, Field(ge=1)] | None = None
    chapter: Text | None = None
    chapter_number: Annotated[int, Field(ge=1)] | None = None
    verdict: Literal["holds", "holds in part", "does not hold", "not confirmed"] | None = None
    note: Text | None = None

    @property
    def known(self) -> bool:
        """Whether there is an answer."""
        return self.value != UNKNOWN

    @model_validator(mode="after")
    def _says_what_it_rests_on(self) -> "Entry":
        if self.known == (self.basis == "not found"):
            raise ValueError(f"'unknown' and the basis 'not found' go together; got {self.value!r}")
        if not self.known and not self.tried:
            raise ValueError("tried is missing: say where an unknown value was looked for")
        if self.known and not self.sources:
            raise ValueError(f"sources are missing: say where {self.value!r} stands")
        return self

    @model_validator(mode="after")
    def _judges_the_chapter(self) -> "Entry":
        if (self.chapter is None) != (self.verdict is None):
            raise ValueError("chapter and verdict belong together: keep both values, and judge")
        return self


class Passport(_Part):
    """A data set's passport; made by :func:`load_passport`.

    Attributes:
        name: short name, such as "rmd17".
        title: as people write it.
        checked: the day on which the entries were checked.
        licence: SPDX identifiers joined by AND, or "unknown".
        level_of_theory, units, version, checksum, citation, size: an :class:`Entry` each.
        known_faults: what went wrong with it before, an entry each.

    Example:
        >>> Entry(value="unknown", basis="not found")
        Traceback (most recent call last):
        pydantic_core._pydantic_core.ValidationError: ... tried is missing: say where ...
    """

    name: Text
    title: Text
    checked: datetime.date
    licence: Entry
    level_of_theory: Entry
    units: Entry
    version: Entry
    checksum: Entry
    citation: Entry
    size: Entry
    known_faults: tuple[Entry, ...] = ()

    @model_validator(mode="after")
    def _licence_is_one(self) -> "Passport":
        licence_parts(self.licence.value)
        return self

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Go through the fields and then the known faults."""
        yield from ((field, getattr(self, field)) for field in FIELDS)
        yield from (("known fault", fault) for fault in self.known_faults)

    def unknown(self) -> list[str]:
        """Names of the fields to which nobody has an answer."""
        return [field for field in FIELDS if not getattr(self, field).known]
