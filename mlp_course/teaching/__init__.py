"""For notebooks: pictures, widgets and everything else that needs a screen."""

from mlp_course.teaching.viewer import MoleculeView, show_molecule

__all__ = ["MoleculeView", "show_molecule"]
