"""The course as a website: pages prepared from notebooks, docs and docstrings, built by Sphinx."""

from mlp_course.website.commands import add_commands
from mlp_course.website.links import SiteMap

__all__ = ["SiteMap", "add_commands"]
