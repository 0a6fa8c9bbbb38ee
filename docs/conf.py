"""Sphinx configuration of the course's website; ``mlp-course site build`` prepares its sources.

Nothing is executed, and nothing comes from another host, neither at build nor at view time.
"""

from pathlib import Path

from mlp_course import __version__
from mlp_course.notebooks import repository_address
from mlp_course.website.docstrings import link_sources

project = "Machine-learning potentials: a course"
author = "The mlp-course authors"
project_copyright = author
release = __version__
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
]

# Notebooks: as they are stored.
nb_execution_mode = "off"
nb_ipywidgets_js = {}  # no widget state is stored, so nothing has to be loaded for it
nb_merge_streams = True
nb_render_markdown_format = "myst"  # so that links in outputs lead to pages
myst_enable_extensions = ["amsmath", "dollarmath", "attrs_block"]
myst_heading_anchors = 4
suppress_warnings = [
    "myst.xref_missing",  # myst knows headings only; the build checks every anchor afterwards
    "myst.header",  # a heading may skip a level where a solution is folded
]

mathjax_path = "mathjax/tex-chtml.js"  # copied there by the build

# API reference.
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_preserve_defaults = True  # as written: no path of the machine that built it
autodoc_member_order = "bysource"
autosummary_generate = False
napoleon_numpy_docstring = False
napoleon_use_rtype = False
napoleon_custom_sections = ["Source", "Sources"]
python_use_unqualified_type_names = True
add_module_names = False
toc_object_entries_show_parents = "hide"

# Pages.
html_theme = "sphinx_book_theme"
html_title = "Machine-learning potentials"
html_static_path = ["_static"]
html_favicon = "_static/icon.svg"
html_context = {"default_mode": "auto"}
html_css_files = ["course.css"]
html_js_files = [(name, {"defer": "defer"}) for name in ("structures.js", "course.js")]
html_show_sphinx = False
html_copy_source = False
repository = repository_address(Path(__file__).parents[1])
html_theme_options = {
    "logo": {"text": "Machine-learning potentials"},
    "show_toc_level": 1,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_navbar_depth": 1,
    "max_navbar_depth": 2,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    **({"repository_url": repository, "use_repository_button": True} if repository else {}),
}


def setup(app):  # noqa: ANN001, ANN201
    """Add what the configuration values cannot say."""
    app.connect("autodoc-process-docstring", link_sources)
