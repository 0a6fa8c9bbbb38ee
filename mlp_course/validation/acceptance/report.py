"""The acceptance report: one row for each criterion, a verdict, and JSON for machines."""

import json
import math
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from mlp_course.validation.acceptance.criterion import FAIL, NOT_APPLICABLE, PASS, Criterion

_COLUMNS = ["criterion", "value", "unit", "limit", "verdict", "reason"]


@dataclass(frozen=True, eq=False, repr=False)
class AcceptanceReport:
    """What `accept` found.

    Attributes:
        criteria: one for each row.
        system: "ethanol", "malonaldehyde", "copper" or "unknown".
        reference: name of the method it was held against.
        provenance: model, versions, date, seconds of each part.
        details: what the pictures need, by name; not part of the JSON.

    Example:
        >>> row = Criterion("force MAE", 200.0, "meV/Å", "< 150", "fail", "10 frames")
        >>> report = AcceptanceReport([row], "unknown", "none", {})
        >>> report
        AcceptanceReport(unknown against none: not accepted; 0 passed, 1 failed, 0 not applicable)
        >>> report.failures
        ['force MAE']
    """

    criteria: list[Criterion]
    system: str
    reference: str
    provenance: dict[str, Any]
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def accepted(self) -> bool:
        """Whether something passed and nothing failed."""
        return not self.failures and self._count(PASS) > 0

    @property
    def failures(self) -> list[str]:
        """Names of the criteria that failed."""
        return [row.name for row in self.criteria if row.verdict == FAIL]

    def table(self, *, everything: bool = True) -> pd.DataFrame:
        """One row for each criterion: value, unit, limit, verdict and reason.

        Args:
            everything: also show the rows that do not apply.
        """
        rows = [
            tuple(asdict(row).values())
            for row in self.criteria
            if everything or row.verdict != NOT_APPLICABLE
        ]
        return pd.DataFrame(rows, columns=_COLUMNS).set_index("criterion")

    def to_dict(self) -> dict[str, Any]:
        """Everything but the pictures' data; a value that was not measured is None."""
        rows = [asdict(row) for row in self.criteria]
        for row in rows:
            row["value"] = row["value"] if math.isfinite(row["value"]) else None
        return {
            "accepted": self.accepted,
            "system": self.system,
            "reference": self.reference,
            "criteria": rows,
            "provenance": self.provenance,
        }

    def to_json(self, path: str | Path | None = None) -> str:
        """The report as JSON, also written to a file if one is named.

        Args:
            path: file to write.
        """
        text = json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text

    def summary(self) -> str:
        """The verdict and its counts in a line."""
        verdict = "accepted" if self.accepted else "not accepted"
        counts = ", ".join(
            f"{self._count(kind)} {word}"
            for kind, word in ((PASS, "passed"), (FAIL, "failed"), (NOT_APPLICABLE, NOT_APPLICABLE))
        )
        return f"{self.system} against {self.reference}: {verdict}; {counts}"

    def _count(self, verdict: str) -> int:
        return sum(row.verdict == verdict for row in self.criteria)

    def __repr__(self) -> str:
        return f"AcceptanceReport({self.summary()})"

    def __str__(self) -> str:
        lines = [self.summary(), ""]
        for row in self.criteria:
            value = f"{row.value:.4g}" if math.isfinite(row.value) else ""
            unit = "" if row.unit == "1" or not value else f" {row.unit}"
            demanded = "" if row.limit == "–" or not value else f"  ({row.limit})"
            lines.append(f"{row.verdict.upper():15s}{row.name}: {value}{unit}{demanded}".rstrip())
            lines.append(f"{'':15s}{row.reason}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        table = self.table().to_html(float_format="{:.4g}".format, na_rep="–")
        for cell in ("td", "th"):
            table = table.replace(f"<{cell}>", f'<{cell} style="text-align:left">')
        return f"<p>{self.summary()}</p>{table}"
