"""For notebooks: pictures, widgets and everything else that needs a screen."""

import pandas as pd

from mlp_course.teaching.figures import COLOURS, Picture
from mlp_course.teaching.live import LiveCurve
from mlp_course.teaching.plots import (
    plot_bars,
    plot_energy_conservation,
    plot_history,
    plot_labels,
    plot_lines,
    plot_parity,
    plot_reports,
)
from mlp_course.teaching.structure_plots import plot_neighbourhood, plot_scan
from mlp_course.teaching.viewer import MoleculeView, show_molecule

__all__ = [
    "COLOURS",
    "LiveCurve",
    "MoleculeView",
    "Picture",
    "plot_bars",
    "plot_energy_conservation",
    "plot_history",
    "plot_labels",
    "plot_lines",
    "plot_neighbourhood",
    "plot_parity",
    "plot_reports",
    "plot_scan",
    "show_molecule",
]

pd.set_option("display.max_colwidth", None)  # sentences in tables are shown whole
