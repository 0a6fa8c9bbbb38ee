"""Tables with sentences in them: flush left, which JupyterLab does not do by itself."""

import html

import pandas as pd


class Table:
    """A table that a notebook shows flush left, without the numbers of the rows.

    Attributes:
        data: what is shown.

    Example:
        >>> Table(pd.DataFrame({"method": ["MACE"], "error": [8.1]}))
        method  error
          MACE    8.1
    """

    def __init__(self, data: pd.DataFrame) -> None:
        self.data = data

    def __repr__(self) -> str:
        return self.data.to_string(index=False)

    def _repr_html_(self) -> str:
        cells = [list(self.data.columns), *self.data.to_numpy(dtype=object).tolist()]
        return text_table(cells)


def text_table(rows: list[list[object]]) -> str:
    """Plain words as a table flush left; the first row is its head.

    Example:
        >>> "&lt;b&gt;" in text_table([["item"], ["<b>"]])
        True
    """
    return html_table([[html.escape(str(cell)) for cell in row] for row in rows])


def html_table(rows: list[list[str]], *, n_numbers: int = 0) -> str:
    """Rows of HTML as a table flush left; the first one is its head.

    Args:
        rows: cells, which are HTML already.
        n_numbers: so many of the last columns hold numbers, which stand flush right.

    Example:
        >>> table = html_table([["take", "error"], ["<b>MACE</b>", "8.1"]], n_numbers=1)
        >>> table.count("text-align:left"), table.count("text-align:right")
        (2, 2)
    """
    sides = ["left"] * (len(rows[0]) - n_numbers) + ["right"] * n_numbers
    head, *body = (
        "".join(
            f'<{kind} style="text-align:{side}; padding:3px 14px 3px 0">{cell}</{kind[:2]}>'
            for side, cell in zip(sides, row, strict=True)
        )
        for kind, row in zip(['th scope="col"', *["td"] * (len(rows) - 1)], rows, strict=True)
    )
    lines = "".join(f"<tr>{line}</tr>" for line in body)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
