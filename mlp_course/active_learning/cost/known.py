"""Known values: a number with what is known about it, so that a bound stays a bound."""

import dataclasses
import math


@dataclasses.dataclass(frozen=True)
class Known:
    """A number that was measured, or of which only a bound is known, with its source.

    Sums, differences, products and quotients keep the bounds (interval arithmetic), so that what is
    computed from a bound is a bound again.

    Attributes:
        low: it is not smaller than this.
        high: it is not larger; inf if nothing is known.
        source: where it comes from; for what was computed, of everything that went in.
        assumed: whether somebody chose it instead of measuring it, or anything that went in.

    Example:
        >>> measured(11.0, "passport") * lower_bound(3, "the loop was stopped early")
        at least 33
        >>> 1000 - between(100, 300, "two repeats")
        between 700 and 900
    """

    low: float
    high: float
    source: str
    assumed: bool = False

    def __post_init__(self):
        if math.isnan(self.low) or math.isnan(self.high) or self.low > self.high:
            raise ValueError(f"low must not be above high; got {self.low} and {self.high}")
        if not self.source.strip():
            raise ValueError("source must say where the number comes from; got an empty text")

    @property
    def is_exact(self) -> bool:
        """Whether one number is known, not bounds."""
        return self.low == self.high

    @property
    def kind(self) -> str:
        """What may be said of it: "assumed", "bounds", or "measured" for one measured number.

        Example:
            >>> [k.kind for k in (measured(1, "x"), lower_bound(1, "x"), assumed(1, "x"))]
            ['measured', 'bounds', 'assumed']
        """
        if self.assumed:
            return "assumed"
        return "measured" if self.is_exact else "bounds"

    def says(self, *, unit: str = "") -> str:
        """As text that calls a bound a bound.

        Example:
            >>> upper_bound(2.5, "stopwatch").says(unit="s")
            'at most 2.5 s'
        """
        low, high = (plain_number(end, 3) for end in (self.low, self.high))
        if self.is_exact or low == high:
            text = low
        elif math.isinf(self.high):
            text = "unknown" if math.isinf(self.low) else f"at least {low}"
        elif math.isinf(self.low) or self.low == 0:
            text = f"at most {high}"
        else:
            text = f"between {low} and {high}"
        return f"{text} {unit}".rstrip() if text != "unknown" else text

    def __repr__(self) -> str:
        return self.says()

    def __add__(self, other: "Known | float") -> "Known":
        other = _known(other)
        return self._with(other, self.low + other.low, self.high + other.high)

    def __sub__(self, other: "Known | float") -> "Known":
        other = _known(other)
        return self._with(other, self.low - other.high, self.high - other.low)

    def __rsub__(self, other: float) -> "Known":
        return _known(other) - self

    def __mul__(self, other: "Known | float") -> "Known":
        other = _known(other)
        corners = [
            0.0 if 0 in (a, b) else a * b  # nothing times unknown is nothing
            for a in (self.low, self.high)
            for b in (other.low, other.high)
        ]
        return self._with(other, min(corners), max(corners))

    def __truediv__(self, other: "Known | float") -> "Known":
        other = _known(other)
        if other.low <= 0 <= other.high:
            raise ValueError(f"cannot divide by what may be zero; got {other}")
        inverse = Known(1 / other.high, 1 / other.low, other.source, other.assumed)
        return self * inverse

    def __rtruediv__(self, other: float) -> "Known":
        return _known(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def _with(self, other: "Known", low: float, high: float) -> "Known":
        parts = [part for one in (self, other) for part in one.source.split("; ") if part != _PLAIN]
        source = "; ".join(dict.fromkeys(parts)) or _PLAIN
        return Known(low, high, source, self.assumed or other.assumed)


_PLAIN = "a count"


def _known(value: "Known | float") -> Known:
    return value if isinstance(value, Known) else Known(float(value), float(value), _PLAIN)


def plain_number(value: float, digits: int = 3) -> str:
    """A number as text, without powers of ten as long as it can be read.

    Example:
        >>> plain_number(22_500), plain_number(0.00578), plain_number(3.0), plain_number(2e-6)
        ('22,500', '0.00578', '3', '2e-06')
    """
    if value != 0 and not 1e-3 <= abs(value) < 1e7:
        return f"{value:.{digits}g}"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def measured(value: float, source: str) -> Known:
    """One number that was measured.

    Example:
        >>> measured(0.008, "race, one core").is_exact
        True
    """
    return Known(value, value, source)


def assumed(value: float, source: str) -> Known:
    """One number that somebody chose; what is computed from it says so.

    Example:
        >>> (assumed(2.0, "my guess") * measured(3.0, "stopwatch")).assumed
        True
    """
    return Known(value, value, source, assumed=True)


def lower_bound(value: float, source: str) -> Known:
    """Only a lower bound is known.

    Example:
        >>> lower_bound(950, "target not reached with all frames")
        at least 950
    """
    return Known(value, math.inf, source)


def upper_bound(value: float, source: str, *, least: float = 0.0) -> Known:
    """Only an upper bound is known, of something that is not below ``least``.

    Example:
        >>> upper_bound(50, "the smallest set already reaches it")
        at most 50
    """
    return Known(least, value, source)


def between(low: float, high: float, source: str) -> Known:
    """Two bounds, such as of a number that other programs disturb.

    Example:
        >>> between(6.3, 28.8, "the course's sets of ethanol").says(unit="s")
        'between 6.3 and 28.8 s'
    """
    return Known(low, high, source)


def with_error(value: float, error: float, source: str) -> Known:
    """A mean with its standard error, as the interval of two standard errors around it.

    Nothing that is counted or timed is below zero, so the lower end is not either.

    Raises:
        ValueError: if ``error`` is negative or not finite.

    Example:
        >>> with_error(300, 25, "five repeats").says(unit="labels")
        'between 250 and 350 labels'
    """
    if not (math.isfinite(error) and error >= 0):
        raise ValueError(
            f"error must be finite and not negative, in the unit of value; got {error}"
        )
    return between(max(0.0, value - 2 * error), value + 2 * error, f"{source}, ± 2 standard errors")
