"""For lesson 10: what the chapter counts, how runs drift apart, and may I use these data?"""

from mlp_course.teaching.reproducibility.chooser import LicenceChooser
from mlp_course.teaching.reproducibility.plots import plot_counts, plot_divergence

__all__ = ["LicenceChooser", "plot_counts", "plot_divergence"]
