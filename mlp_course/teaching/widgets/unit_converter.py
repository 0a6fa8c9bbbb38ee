"""A converter to play with: one value, all units of its kind, and what it means in an error bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from mlp_course.teaching.interactive import Interactive
from mlp_course.teaching.tables import text_table
from mlp_course.units import convert

if TYPE_CHECKING:
    import ipywidgets

KINDS = {
    "energy": ("eV", "meV", "kcal/mol", "kJ/mol", "Hartree", "Rydberg", "cm^-1", "K"),
    "force": ("eV/Å", "meV/Å", "kcal/mol/Å", "Hartree/Bohr", "eV/Bohr", "kJ/mol/nm"),
    "length": ("Å", "Bohr", "nm", "pm"),
    "stress": ("eV/Å^3", "GPa", "kbar", "Hartree/Bohr^3"),
}


def convert_to_all(value: float, unit: str) -> pd.DataFrame:
    """One value in all units of its kind.

    Args:
        value: in ``unit``.
        unit: one of those in ``KINDS``.

    Raises:
        ValueError: if the unit is not among them.

    Example:
        >>> convert_to_all(1.0, "Hartree").set_index("unit").loc["eV", "value"].round(6)
        np.float64(27.211386)
    """
    for units in KINDS.values():
        if unit in units:
            return pd.DataFrame({"unit": units, "value": [convert(value, unit, u) for u in units]})
    known = ", ".join(name for units in KINDS.values() for name in units)
    raise ValueError(f"unit must be one of {known}; got {unit!r}")


class UnitConverter(Interactive):
    """A value and a unit to choose; the same in all others. Without a kernel: a table of 1 unit.

    Example:
        >>> converter = UnitConverter(value=43.0, unit="meV")
        >>> converter
        43 meV = 0.9916 kcal/mol
    """

    def __init__(self, value: float = 1.0, unit: str = "Hartree") -> None:
        import ipywidgets

        self.value = ipywidgets.FloatText(value=value, description="value")
        options = [name for units in KINDS.values() for name in units]
        self.unit = ipywidgets.Dropdown(options=options, value=unit, description="unit")
        self._shown = ipywidgets.HTML()
        self._update()
        for control in (self.value, self.unit):
            control.observe(self._update, names="value")

    @property
    def table(self) -> pd.DataFrame:
        """The value in all units of its kind."""
        return convert_to_all(self.value.value, self.unit.value)

    def as_html(self) -> str:
        """Return the table as HTML."""
        rows = [[unit, f"{value:.7g}"] for unit, value in self.table.itertuples(index=False)]
        return text_table([["unit", f"{self.value.value:g} {self.unit.value}"], *rows])

    def _update(self, change: object = None) -> None:
        self._shown.value = self.as_html()

    def __repr__(self) -> str:
        unit = self.unit.value
        table = self.table.set_index("unit")["value"]
        other = "kcal/mol" if "kcal/mol" in table.index else table.index[table.index != unit][0]
        return f"{self.value.value:g} {unit} = {table[other]:.4g} {other}"

    def _layout(self) -> ipywidgets.Widget:
        import ipywidgets

        return ipywidgets.VBox([self.value, self.unit, self._shown])

    def _still(self) -> str:
        return self.as_html()
