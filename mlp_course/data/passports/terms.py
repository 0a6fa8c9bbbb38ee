"""Licences as terms: what each one allows and asks for, as far as data and models need it."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Terms:
    """What a licence says, in five words.

    Attributes:
        share: copies may be passed on.
        adapt: changed versions may be passed on.
        commercial: both also for money.
        attribution: the authors must be named.
        share_alike: a changed version must carry this same licence.
    """

    share: bool = True
    adapt: bool = True
    commercial: bool = True
    attribution: bool = True
    share_alike: bool = False


#: By SPDX identifier. The legal texts decide; this is how the course reads them.
TERMS = {
    "CC0-1.0": Terms(attribution=False),
    "MIT": Terms(),
    "CC-BY-4.0": Terms(),
    "CC-BY-SA-4.0": Terms(share_alike=True),
    "CC-BY-NC-4.0": Terms(commercial=False),
    "CC-BY-NC-SA-4.0": Terms(commercial=False, share_alike=True),
    "CC-BY-ND-4.0": Terms(adapt=False),
    "CC-BY-NC-ND-4.0": Terms(adapt=False, commercial=False),
}

#: What is written where nobody could find out. Never the same as yes.
UNKNOWN = "unknown"


def licence_parts(licence: str) -> tuple[str, ...]:
    """Split "A AND B" into its licences; of "unknown" into nothing.

    Raises:
        ValueError: if one of them is not in ``TERMS``.

    Example:
        >>> licence_parts("CC-BY-4.0 AND CC-BY-NC-4.0")
        ('CC-BY-4.0', 'CC-BY-NC-4.0')
        >>> licence_parts("free for all")
        Traceback (most recent call last):
        ValueError: no licence 'free for all'; write 'unknown' or join with AND: CC0-1.0, MIT, ...
    """
    if licence == UNKNOWN:
        return ()
    parts = tuple(part.strip() for part in licence.split(" AND "))
    for part in parts:
        if part not in TERMS:
            raise ValueError(
                f"no licence {part!r}; write 'unknown' or join with AND: {', '.join(TERMS)}"
            )
    return parts
