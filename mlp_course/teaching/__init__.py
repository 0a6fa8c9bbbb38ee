"""For notebooks: pictures, widgets and everything else that needs a screen."""

import pandas as pd

from mlp_course.teaching.exercises import self_assess, show_progress, start_exercises
from mlp_course.teaching.figures import COLOURS, Picture
from mlp_course.teaching.games.accidents import WorkerAccident, plot_accident
from mlp_course.teaching.games.faults import plant_faults
from mlp_course.teaching.games.unit_game import UnitGame
from mlp_course.teaching.plots.acceptance import plot_acceptance
from mlp_course.teaching.plots.active import (
    LiveLoop,
    plot_labels_needed,
    plot_loop,
    plot_strategies,
    plot_transfer,
)
from mlp_course.teaching.plots.arrows import plot_turned_vectors
from mlp_course.teaching.plots.calibration import (
    plot_calibration,
    plot_error_by_spread,
    plot_spread_along,
)
from mlp_course.teaching.plots.campaign import plot_campaign
from mlp_course.teaching.plots.charts import (
    plot_bars,
    plot_energy_conservation,
    plot_history,
    plot_labels,
    plot_lines,
    plot_parity,
    plot_reports,
)
from mlp_course.teaching.plots.cost import plot_gantt, plot_outcomes
from mlp_course.teaching.plots.cost_decision import plot_break_even, plot_tornado
from mlp_course.teaching.plots.data_maps import (
    explore_frames,
    plot_energy_rows,
    plot_map,
    plot_memory,
    plot_selection,
)
from mlp_course.teaching.plots.descriptors import (
    plot_differences,
    plot_feature_maps,
    plot_fingerprints,
    plot_panels,
    plot_pca,
)
from mlp_course.teaching.plots.ecosystem import plot_kept, show_side_by_side
from mlp_course.teaching.plots.gallery import plot_structures
from mlp_course.teaching.plots.matrix import plot_matrix
from mlp_course.teaching.plots.production import plot_stages, plot_throughput
from mlp_course.teaching.plots.race import plot_learning_curves, plot_timeline
from mlp_course.teaching.plots.race_cost import plot_choice, plot_pareto, plot_times
from mlp_course.teaching.plots.structures import plot_neighbourhood, plot_scan
from mlp_course.teaching.plots.trust import plot_seen, plot_uncertainty
from mlp_course.teaching.plots.units import plot_unit_evidence
from mlp_course.teaching.source import show_source
from mlp_course.teaching.surfaces import SurfaceExplorer, plot_accuracy_and_time
from mlp_course.teaching.tables import Table
from mlp_course.teaching.viewer import MoleculeView, show_molecule
from mlp_course.teaching.widgets.cost import CampaignExplorer, ProjectExplorer
from mlp_course.teaching.widgets.live import LiveCurve, LiveRace
from mlp_course.teaching.widgets.planner import plan_composition
from mlp_course.teaching.widgets.race import choose_method, explore_race, plot_rounds
from mlp_course.teaching.widgets.selection_guide import SelectionGuide, recommend
from mlp_course.teaching.widgets.symmetry_functions import (
    SymmetryFunctionExplorer,
)
from mlp_course.teaching.widgets.unit_converter import UnitConverter

__all__ = [
    "COLOURS",
    "CampaignExplorer",
    "LiveCurve",
    "LiveLoop",
    "LiveRace",
    "MoleculeView",
    "Picture",
    "ProjectExplorer",
    "SelectionGuide",
    "SurfaceExplorer",
    "SymmetryFunctionExplorer",
    "Table",
    "UnitConverter",
    "UnitGame",
    "WorkerAccident",
    "choose_method",
    "explore_frames",
    "explore_race",
    "plan_composition",
    "plant_faults",
    "plot_acceptance",
    "plot_accident",
    "plot_accuracy_and_time",
    "plot_bars",
    "plot_break_even",
    "plot_calibration",
    "plot_campaign",
    "plot_choice",
    "plot_differences",
    "plot_energy_conservation",
    "plot_energy_rows",
    "plot_error_by_spread",
    "plot_feature_maps",
    "plot_fingerprints",
    "plot_gantt",
    "plot_history",
    "plot_kept",
    "plot_labels",
    "plot_labels_needed",
    "plot_learning_curves",
    "plot_lines",
    "plot_loop",
    "plot_map",
    "plot_matrix",
    "plot_memory",
    "plot_neighbourhood",
    "plot_outcomes",
    "plot_panels",
    "plot_pareto",
    "plot_parity",
    "plot_pca",
    "plot_reports",
    "plot_rounds",
    "plot_scan",
    "plot_seen",
    "plot_selection",
    "plot_spread_along",
    "plot_stages",
    "plot_strategies",
    "plot_structures",
    "plot_throughput",
    "plot_timeline",
    "plot_times",
    "plot_tornado",
    "plot_transfer",
    "plot_turned_vectors",
    "plot_uncertainty",
    "plot_unit_evidence",
    "recommend",
    "self_assess",
    "show_molecule",
    "show_progress",
    "show_side_by_side",
    "show_source",
    "start_exercises",
]

pd.set_option("display.max_colwidth", None)  # sentences in tables are shown whole
