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
        return html_table([[html.escape(str(cell)) for cell in row] for row in cells])


def html_table(rows: list[list[str]]) -> str:
    """Rows of HTML as a table flush left; the first one is its head.

    Example:
        >>> html_table([["take"], ["<b>MACE</b>"]]).count("text-align:left")
        2
    """
    left = 'style="text-align:left"'
    kinds = ["th", *["td"] * (len(rows) - 1)]
    lines = [
        "".join(f"<{kind} {left}>{cell}</{kind}>" for cell in row)
        for kind, row in zip(kinds, rows, strict=True)
    ]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
