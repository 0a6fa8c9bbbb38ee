"""Pages of the site: links that arrive, pictures with words, solutions that stay folded."""

import base64
import hashlib
import json
import re
from pathlib import Path

import nbformat
import pytest
from ase import Atoms
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mlp_course.notebooks.launch import launch_links
from mlp_course.teaching import show_molecule
from mlp_course.teaching.chapter import check_chapter
from mlp_course.teaching.glossary import GLOSSARY
from mlp_course.website import SiteMap
from mlp_course.website.api import LEFT_OUT, ROOMS, api_pages, public_names
from mlp_course.website.check import dead_links
from mlp_course.website.data_pages import chapter_page, escaped, glossary_page
from mlp_course.website.docstrings import with_links
from mlp_course.website.exercises import ANSWER, SOLUTION, with_solutions
from mlp_course.website.outputs import png_size, show_outputs
from mlp_course.website.prepare import Sources, read_lesson_page, site_map

ROOT = Path(__file__).parents[2]
PAGES = {
    "notebooks/02_glossary.ipynb": "lessons/02_glossary.ipynb",
    "notebooks/a.ipynb": "lessons/a.ipynb",
    "docs/b.md": "guide/b.md",
    "docs/glossary": "reference/glossary.md",
}
WATER = Atoms("OH2", [[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0]])
ADDRESS = "https://github.com/someone/mlp-course"


def shown(mime_bundle, metadata=None):
    """Return what the site makes of one output, and the files that it saves."""
    output = new_output("display_data", mime_bundle, metadata=metadata or {})
    notebook = new_notebook(cells=[new_code_cell("x", outputs=[output])])
    saved = {}
    show_outputs(notebook, "notebooks/a.ipynb", SiteMap(PAGES), saved.__setitem__)
    return notebook.cells[0].outputs[0].data["text/html"], saved


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[A](../notebooks/a.ipynb)", "[A](../lessons/a.ipynb)"),
        ("[A](../notebooks/a.ipynb#Two-words:-x)", "[A](../lessons/a.ipynb#two-words-x)"),
        ("[here](#Time)", "[here](#time)"),
        ("[w](https://example.org/x.md)", "[w](https://example.org/x.md)"),
        ("[no page](../Makefile)", "no page"),
        ("[A](../notebooks/%61.ipynb)", "[A](../lessons/a.ipynb)"),
        ("`[A](../notebooks/a.ipynb)`", "`[A](../notebooks/a.ipynb)`"),
        ("```\n[A](../notebooks/a.ipynb)\n```", "```\n[A](../notebooks/a.ipynb)\n```"),
    ],
)
def test_a_link_between_files_becomes_one_between_pages(text, wanted):
    """Files that are pages stay links, others become text, code is left alone."""
    assert SiteMap(PAGES).markdown(text, "docs/b.md") == wanted


def test_a_file_that_is_no_page_is_linked_in_the_repository_if_its_address_is_known():
    """With an address nothing is lost."""
    site = SiteMap(PAGES, ADDRESS)
    assert site.markdown("[M](../Makefile)", "docs/b.md") == f"[M]({ADDRESS}/blob/main/Makefile)"


def test_a_drawing_is_a_picture_and_other_files_are_none():
    """The layers of the package are drawn as SVG; what cannot be shown is not left out silently."""
    site = SiteMap(PAGES)
    assert site.markdown("![layers](pictures/l.svg)", "docs/b.md") == "![layers](../pictures/l.svg)"
    assert site.pictures == {"docs/pictures/l.svg"}
    with pytest.raises(ValueError, match=r"docs/b\.md must show pictures of .*; got l\.tiff"):
        site.markdown("![layers](l.tiff)", "docs/b.md")


def test_hover_text_keeps_its_meaning_and_finds_the_entry_of_the_word():
    """A further word leads to its own entry, one of the fifteen to its picture in lesson 02."""
    site = SiteMap(PAGES)
    text = '[SOAP](02_glossary.ipynb#further-words "A cloud.")'
    entry = "../reference/glossary.md#glossary-smooth-overlap-of-atomic-positions"
    assert site.markdown(text, "notebooks/a.ipynb") == f'[SOAP]({entry} "A cloud.")'
    text = '[descriptor](02_glossary.ipynb#descriptor "Numbers.")'
    assert site.markdown(text, "notebooks/a.ipynb") == text


def test_a_picture_keeps_its_alt_text_and_its_size():
    """The PNG lies beside the page; its words and its pixels stand in the HTML."""
    picture = show_molecule(WATER, size=100).picture
    data = {"image/png": base64.b64encode(picture).decode(), "text/plain": "x"}
    text, saved = shown(data, {"image/png": {"alt": 'H2O & "friends"'}})
    width, height = png_size(picture)
    assert 'alt="H2O &amp; &quot;friends&quot;"' in text
    assert f'width="{width}" height="{height}"' in text
    assert saved == {"figures/lessons/a-1.png": picture}


def test_a_table_of_links_leads_to_pages_too():
    """Lesson 13's table links lessons in HTML; on the site it stands in a box that scrolls."""
    table = (
        '<table><td><a href="a.ipynb#Two-words" class="x">A</a> <a href="c.txt">C</a></td></table>'
    )
    page, _ = shown({"text/html": table})
    link = '<a href="a.html#two-words" class="x">A</a>'
    assert page == f'<div class="course-table"><table><td>{link} C</td></table></div>'


def test_a_picture_without_words_is_refused():
    """The message names the picture."""
    data = {"image/png": base64.b64encode(show_molecule(WATER, size=100).picture).decode()}
    with pytest.raises(ValueError, match=r"lessons/a-1: the picture has no alt text"):
        shown(data)
    with pytest.raises(ValueError, match=r"lessons/a-1: the picture has no alt text"):
        shown({**data, "text/plain": " \n"})
    text, _ = shown({**data, "text/plain": "Water, bent"})
    assert 'alt="Water, bent"' in text


def test_a_molecule_brings_its_structure_along():
    """What show_molecule stores in a notebook is enough to draw it again, without Python."""
    data, metadata = show_molecule([WATER, WATER], size=100, names=["a", "b"])._repr_mimebundle_()
    text, saved = shown(data, metadata)
    assert 'data-structure="../figures/lessons/a-1.json"' in text
    structure = json.loads(saved["figures/lessons/a-1.json"])
    assert structure["names"] == ["a", "b"]
    assert structure["frames"][1][3] == 0.96
    assert structure["pdb"].count("ATOM") == 3


def test_a_widget_that_needs_python_says_so():
    """The line of its controls remains."""
    text, _ = shown({"text/plain": "[to play with when the notebook runs: cutoff = 5]"})
    assert "JupyterLab or on Binder: cutoff = 5." in text


def book(tag, answer):
    """Return an exercise book of one question."""
    cells = [
        new_markdown_cell("# Book"),
        new_code_cell(answer, metadata={"tags": [tag]}),
        new_code_cell('grader.check("q1")', outputs=[new_output("stream", text="3 of 3")]),
    ]
    return new_notebook(cells=cells)


def test_a_solution_stands_folded_under_the_dots():
    """The blank first, then the fold with the answer, then the check without its result."""
    cells = with_solutions(book(ANSWER, "x = ..."), book(SOLUTION, "x = 1")).cells
    texts = [cell.source for cell in cells]
    assert texts[1] == "x = ..."
    assert texts[2].startswith("<details")
    assert texts[3:5] == ["x = 1", "</details>"]
    assert cells[5].outputs == []


def test_books_that_do_not_belong_together_are_refused():
    """The cure is in the message."""
    other = new_notebook(cells=[new_markdown_cell("# Another")])
    with pytest.raises(ValueError, match="make exercises"):
        with_solutions(book(ANSWER, "x = ..."), other)


def test_every_term_has_an_anchor():
    """Also those that are looked up by another spelling only."""
    page = glossary_page()
    assert all(f"(glossary-{term.anchor})=" in page for term in GLOSSARY)


def test_every_term_leads_to_its_lesson():
    """No link of the glossary, or of the home page, is lost on the way to the site."""
    site = site_map(ROOT)
    page = site.markdown(glossary_page(), "docs/glossary")
    assert all(f"(../lessons/{term.lesson}.ipynb#" in page for term in GLOSSARY)
    home = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    assert home.count("](") == site.markdown(home, "docs/index.md").count("](")


def test_the_chapter_page_says_what_was_computed():
    """Claim, verdict and what was found stand together."""
    table = check_chapter(["kT", "qm9-size"])
    table.loc["kT", "found"] += " <a_b>"
    page = chapter_page(table)
    assert r"\<a\_b\>" in page
    for _, row in table.iterrows():
        assert f"*{row['verdict'].capitalize()}*: {escaped(row['found'])}" in page
    assert "into 2 claims" in page
    row = table.iloc[[0]].assign(source="A paper, doi:10.1000/a_b.1, table 2", verdict="holds")
    page = chapter_page(row)
    assert "A paper, [doi:10.1000/a\\_b.1](https://doi.org/10.1000/a_b.1), table 2." in page
    assert "each was checked: 1 hold." in page


def test_the_page_of_exercises_leads_to_every_book():
    """Twelve books, by the titles of their lessons."""
    page = (ROOT / "exercises" / "README.md").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    books = sorted(path.name for path in (ROOT / "exercises").glob("*.ipynb"))
    linked = dict(re.findall(r"^- \[(.+)\]\((\w+\.ipynb)\)$", page, re.MULTILINE))
    assert sorted(linked.values()) == books
    assert all(f"| [{title}](notebooks/{book})" in readme for title, book in linked.items())


def test_every_folder_of_the_package_is_a_room_or_left_out_by_name():
    """A new folder appears in the reference, or somebody decides that it does not."""
    folders = {path.parent.name for path in (ROOT / "mlp_course").glob("*/__init__.py")}
    assert folders | {"units"} == {*ROOMS, *LEFT_OUT}


def test_every_public_name_of_a_room_is_in_the_reference():
    """Functions and classes; constants stand in the text of their module."""
    import importlib

    pages = api_pages()
    for room in ROOMS:
        module = importlib.import_module(f"mlp_course.{room}")
        for name in getattr(module, "__all__", public_names(module)):
            if callable(getattr(module, name)):
                assert f":: mlp_course.{room}.{name}\n" in pages[f"api/{room}.rst"]


def test_a_citation_that_breaks_across_lines_is_linked():
    """As it stands in a docstring."""
    text = with_links("J. Behler, J. Chem. Phys.\n    134, 074106 (2011), eq. 5.")
    assert text == (
        "J. Behler, `J. Chem. Phys.\n    134, 074106 (2011) <https://doi.org/10.1063/1.3553717>`__"
        ", eq. 5."
    )


@pytest.mark.parametrize(
    ("cited", "address"),
    [
        ("Phys. Rev. Lett. 98, 146401 (2007)", "10.1103/PhysRevLett.98.146401"),
        ("Phys. Rev. Mater. 3, 023804 (2019)", "10.1103/PhysRevMaterials.3.023804"),
        ("Rev. Mod. Phys. 73, 515 (2001)", "10.1103/RevModPhys.73.515"),
    ],
)
def test_a_journal_of_the_american_physical_society_names_its_doi(cited, address):
    """Physical Review Materials spells itself out there."""
    assert with_links(f"See {cited}.") == f"See `{cited} <https://doi.org/{address}>`__."


def test_an_arxiv_number_and_a_doi_are_linked():
    """The full stop after them is none of theirs."""
    linked = with_links("arXiv:2206.07697 and doi:10.1000/x.1.")
    assert linked == (
        "`arXiv:2206.07697 <https://arxiv.org/abs/2206.07697>`__ and "
        "`doi:10.1000/x.1 <https://doi.org/10.1000/x.1>`__."
    )


def test_dead_links_and_foreign_files_are_found(tmp_path):
    """One line for each; what leads somewhere is not named."""
    (tmp_path / "a.html").write_text(
        '<h1 id="x">A</h1><a href="#x">1</a><a href="b.html#no">2</a><a href="c.html">3</a>'
        '<script src="https://cdn.example.org/x.js"></script><a href="https://example.org">4</a>'
    )
    (tmp_path / "b.html").write_text("<h1>B</h1>")
    assert dead_links(tmp_path) == [
        "a.html: b.html#no leads nowhere",
        "a.html: c.html leads nowhere",
        "a.html: loads https://cdn.example.org/x.js from another host",
    ]


def test_dead_links_are_found_in_folders_and_in_all_that_a_browser_fetches(tmp_path):
    """Pictures and styles as well as scripts; a folder is no page, escaped letters are letters."""
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "a.html").write_text(
        '<a href="../no.html">1</a><a href="../lessons">2</a><a href="b%20c.html#n">3</a>'
        '<img src="//example.org/i.png"><img src="lost.png"><a name="i"></a><a href="#i">4</a>'
        '<link rel="stylesheet" href="https://fonts.example.org/f.css">'
        '<link rel="canonical" href="https://example.org/">'
    )
    (tmp_path / "lessons" / "b c.html").write_text('<a name="n"></a>')
    assert dead_links(tmp_path) == [
        "lessons/a.html: ../lessons leads nowhere",
        "lessons/a.html: ../no.html leads nowhere",
        "lessons/a.html: loads //example.org/i.png from another host",
        "lessons/a.html: loads https://fonts.example.org/f.css from another host",
        "lessons/a.html: lost.png leads nowhere",
    ]


def test_an_unchanged_source_is_not_written_again(tmp_path):
    """So that Sphinx reads only what has changed; what is left over goes."""
    first = Sources(tmp_path)
    first.save("a/b.md", b"text")
    first.save("old.md", b"text")
    before = (tmp_path / "a/b.md").stat().st_mtime_ns
    second = Sources(tmp_path)
    second.save("a/b.md", b"text")
    second.delete_others()
    assert (tmp_path / "a/b.md").stat().st_mtime_ns == before
    assert not (tmp_path / "old.md").exists()


def test_a_lesson_without_its_notebook_is_no_site(tmp_path):
    """Each master has a page, so none is left out in silence; nor is a damaged one."""
    for name in ("lessons", "docs", "notebooks", "exercises"):
        (tmp_path / name).mkdir()
    (tmp_path / "lessons" / "03_training_data.py").touch()
    page = site_map(tmp_path).pages["notebooks/03_training_data.ipynb"]
    assert page == "lessons/03_training_data.ipynb"
    notebook = tmp_path / "notebooks" / "03_training_data.ipynb"
    with pytest.raises(FileNotFoundError, match="is missing; run `make notebooks`"):
        read_lesson_page(tmp_path, "notebooks/03_training_data.ipynb", site_map(tmp_path))
    notebook.write_text('{"cells": [')
    with pytest.raises(ValueError, match=r"03_training_data\.ipynb is damaged"):
        read_lesson_page(tmp_path, "notebooks/03_training_data.ipynb", site_map(tmp_path))


def test_a_lesson_that_was_not_run_to_its_end_is_no_site(tmp_path):
    """A page without its pictures looks finished, so nobody would miss them."""
    (tmp_path / "notebooks").mkdir()
    cells = [new_code_cell("x", execution_count=1), new_code_cell(""), new_code_cell("y")]
    path = tmp_path / "notebooks" / "a.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    with pytest.raises(
        ValueError, match=r"notebooks/a\.ipynb: 1 of 2 code cells have not been run"
    ):
        read_lesson_page(tmp_path, "notebooks/a.ipynb", SiteMap(PAGES))
    cells[2].execution_count = 2
    nbformat.write(new_notebook(cells=cells), path)
    assert len(read_lesson_page(tmp_path, "notebooks/a.ipynb", SiteMap(PAGES)).cells) == 3


@pytest.mark.parametrize("address", [ADDRESS, None])
def test_launch_links_appear_with_the_address_of_the_repository(tmp_path, address):
    """One address makes them all; without it there are none, so none is dead."""
    urls = f'[project.urls]\nRepository = "{address}"\n' if address else ""
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "x"\n{urls}')
    (tmp_path / "notebooks").mkdir()
    lesson = new_notebook(cells=[new_markdown_cell("# A\n\n- **You need** nothing.")])
    nbformat.write(lesson, tmp_path / "notebooks/a.ipynb")
    text = read_lesson_page(tmp_path, "notebooks/a.ipynb", site_map(tmp_path)).cells[0].source
    binder = launch_links(ADDRESS, "notebooks/a.ipynb")["Binder"]
    assert (binder in text) == bool(address)
    assert ("Open it" in text) == bool(address)


def test_vendored_files_are_those_that_their_page_names():
    """Nobody has changed NGL by hand, and what structures.js fetches is there."""
    folder = ROOT / "docs" / "_static" / "vendor"
    page = (folder / "README.md").read_text(encoding="utf-8")
    checksums = dict(re.findall(r"SHA-256 of `([\w./-]+)`: `([0-9a-f]{64})`", page))
    scripts = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.js")}
    assert scripts.keys() == checksums.keys()
    for name, path in scripts.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == checksums[name]
        assert (path.parent / "LICENSE").is_file()
        fetched = (folder.parent / "structures.js").read_text(encoding="utf-8")
        assert f'"vendor/{name}"' in fetched
