"""The chapter's two tables of units, recomputed: which digit is wrong, and by how much."""

import itertools

import pandas as pd

from mlp_course.units import convert

#: Section 2.10.3 of the chapter, as printed: 1 of the row is so many of the column.
CHAPTER_ENERGIES = {
    "eV": ("1.0", "23.061", "0.036749", "96.485"),
    "kcal/mol": ("0.043364", "1.0", "0.0015936", "4.184"),
    "Hartree": ("27.211", "627.51", "1.0", "2625.5"),
    "kJ/mol": ("0.010364", "0.23901", "0.00038088", "1.0"),
}
CHAPTER_FORCES = {
    "eV/Å": ("1.0", "23.061", "0.019447"),
    "kcal/mol/Å": ("0.043364", "1.0", "0.00084340"),
    "Hartree/Bohr": ("51.422", "1185.8", "1.0"),
}


def check_conversions(printed: dict[str, tuple[str, ...]] = CHAPTER_ENERGIES) -> pd.DataFrame:
    """Hold every entry of a printed table against CODATA 2018.

    An entry is right if it is the exact value rounded to the digits that are printed.

    Args:
        printed: rows of numbers as text, by unit; the columns have the same units.

    Returns:
        One row an entry: from, to, printed, exact, "error / %", wrong_digits (units of the last
        printed digit), right.

    Example:
        >>> forces = check_conversions(CHAPTER_FORCES)
        >>> forces[~forces["right"]][["from", "to", "printed", "wrong_digits"]].values.tolist()
        [['kcal/mol/Å', 'Hartree/Bohr', '0.00084340', 10]]
    """
    rows = []
    for (unit, entries), to in itertools.product(printed.items(), range(len(printed))):
        target, text = list(printed)[to], entries[to]
        exact = convert(1.0, unit, target)
        last = 10.0 ** -len(text.partition(".")[2])
        off = round((float(text) - round(exact / last) * last) / last)
        rows.append((unit, target, text, exact, 100 * (float(text) / exact - 1), off, off == 0))
    columns = ["from", "to", "printed", "exact", "error / %", "wrong_digits", "right"]
    return pd.DataFrame(rows, columns=columns)


def contradictions(printed: dict[str, tuple[str, ...]]) -> pd.DataFrame:
    """Entries that do not agree with their own reciprocal in the same table, to its digits.

    Returns:
        One row for each such pair: from, to, printed, reciprocal (1 over the other entry).

    Example:
        >>> len(contradictions(CHAPTER_ENERGIES)), len(contradictions(CHAPTER_FORCES))
        (0, 1)
    """
    units, rows = list(printed), []
    for a, b in itertools.permutations(range(len(units)), 2):
        text, back = printed[units[a]][b], printed[units[b]][a]
        slack = _half_digit(text) / float(text) + _half_digit(back) / float(back)
        if float(text) < 1 and abs(float(text) * float(back) - 1) > slack:
            rows.append((units[a], units[b], text, 1 / float(back)))
    return pd.DataFrame(rows, columns=["from", "to", "printed", "reciprocal"])


def _half_digit(text: str) -> float:
    """Half a unit of the last digit that is printed."""
    return 0.5 * 10.0 ** -len(text.partition(".")[2])
