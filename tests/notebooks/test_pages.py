"""What README.md and two pages of docs/ quote is what was measured, stored and imported."""

import re
import shutil
import tomllib
from pathlib import Path

import pandas as pd
import pytest
import yaml

from mlp_course.cli import main
from mlp_course.models import load_shipped
from mlp_course.notebooks import layers
from mlp_course.notebooks.blocks import with_block
from mlp_course.notebooks.pages import DRAWING, lessons_table, quoting_pages
from mlp_course.validation import load_race

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def copied(tmp_path):
    """The quoting pages with all they quote from the project folder."""
    shutil.copytree(ROOT / "lessons", tmp_path / "lessons")
    for name in (
        "README.md",
        "notebooks/README.md",
        "docs/architecture.md",
        "docs/index.md",
        "pyproject.toml",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / DRAWING).parent.mkdir()
    return tmp_path


def test_pages_quote_what_there_is():
    """Tables and drawing are what the command would write now."""
    for path, text in quoting_pages(ROOT).items():
        cure = f"{path.name} is out of date; run: mlp-course notebooks pages"
        assert path.read_text(encoding="utf-8") == text, cure


def test_a_wrong_number_is_found_and_mended(copied, capsys):
    """A digit typed into the table, or a new measurement, changes the page; the rest stays."""
    page = copied / "README.md"
    memory = re.search(r"\| (\d+) \|$", README, re.MULTILINE)[1]  # of lesson 00, in MB
    page.write_text(README.replace(f"| {memory} |", "| 999 |"), encoding="utf-8")
    assert main(["notebooks", "pages", "--root", str(copied)]) == 0
    assert "README.md" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == README
    table = copied / "notebooks" / "README.md"
    table.write_text(table.read_text().replace(f"| {memory} |", "| 777 |"))
    assert "| 777 |" in lessons_table(copied)


def test_a_lesson_without_question_or_measurement_is_named(copied, capsys):
    """A new lesson needs its row in lesson 00 and its measured minutes; both are said."""
    (copied / "lessons" / "99_new.py").write_text("# %% [markdown]\n# # 99 · New\n")
    assert main(["notebooks", "pages", "--root", str(copied)]) == 1
    assert "99_new needs a row" in capsys.readouterr().err
    start = copied / "lessons" / "00_start_here.py"
    start.write_text(start.read_text() + "# | **[99 New](99_new.ipynb)** | why? | < 1 min |\n")
    assert main(["notebooks", "pages", "--root", str(copied)]) == 1
    assert "mlp-course notebooks measure --lesson 99" in capsys.readouterr().err


def test_a_page_without_marks_is_refused():
    """A block has a place, or the command says which marks are missing."""
    with pytest.raises(ValueError, match=r"<!-- lessons: begin --> and <!-- lessons: end -->"):
        with_block("no marks", "lessons", "table")


def test_accuracy_is_that_of_the_stored_results():
    """Each error of the README is in the race or in the file of the shipped model."""
    rows = re.findall(r"^\| ([\w-]+)(, as shipped)? \| (\d+) s \| ([\d.]+)", README, re.MULTILINE)
    race = load_race().query("molecule == 'ethanol' and n_train == 950").set_index("method")
    shipped = {name: load_shipped(f"ethanol_{name.lower()}") for name in ("PaiNN", "SchNet")}
    for method, comes_along, seconds, force in rows:
        if comes_along:
            origin = shipped[method].provenance
            stored = origin["test_force_mae_mev_per_angstrom"]
            assert float(seconds) == origin["settings"]["max_seconds"]
        else:
            stored = race.loc[method, "force_mae"]
        assert abs(stored - float(force)) < 0.051
    assert len(rows) == len(race) + len(shipped) == 10


def test_published_range_is_that_of_the_tables():
    """What the README says of published models is the table's, and in benchmarks/README.md."""
    (said,) = re.findall(r"reach (\d+ to \d+ meV/Å)", README)
    table = pd.read_csv(ROOT / "mlp_course/validation/literature/published_rmd17.csv")
    chosen = "molecule == 'ethanol' and n_train == 950 and dataset == 'rMD17'"
    force = table.query(chosen)["force_mae"]
    assert said == f"{force.min():.0f} to {force.max():.0f} meV/Å"
    assert said in (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")


def test_pictures_and_links_of_the_front_pages_have_targets():
    """README and CONTRIBUTING lead nowhere that is not there."""
    for page in ("README.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text)
        assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_start_is_short():
    """From the top of the README to a running lesson: under 5 minutes, at 200 words a minute."""
    way = README.partition("<!-- launch links")[0]
    assert len(way.split()) < 5 * 200 / 2
    commands = re.search(r"```\n(.*?)```", way, re.DOTALL)[1].splitlines()
    assert len(commands) == 2
    assert commands[-1] == "make lab"


def test_version_and_title_are_those_of_the_citation():
    """README, CITATION.cff and pyproject.toml name the same thing in the same version."""
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"cff-version", "message", "title", "authors", "version"} <= cited.keys()
    assert cited["version"] == project["version"]
    assert [author["name"] for author in cited["authors"]] == [
        author["name"] for author in project["authors"]
    ]
    assert set(cited["license"]) == set(project["license"].split(" AND "))
    words = " ".join(README.split())
    assert f"*{cited['title']}*, version {cited['version']}" in words
    assert README.startswith(f"# {cited['title']}\n")


def test_layers_are_those_of_the_imports():
    """What the drawing shows of one layer is what its source says."""
    found = {layer.name: layer for layer in layers.read_layers(ROOT)}
    assert found["units"].uses == frozenset()
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "mlp_course/descriptors").glob("*.py")
    )
    imported = set(re.findall(r"^\s*from mlp_course\.(\w+)", source, re.MULTILINE))
    assert found["descriptors"].uses == imported - {"descriptors"}
    folders = {path.parent.name for path in (ROOT / "mlp_course").glob("*/__init__.py")}
    assert folders <= found.keys()


def test_an_import_against_the_order_is_seen():
    """A dot left of the steps has another colour and is named in the description."""
    low = layers.Layer("data", 0, "Data.", frozenset({"models"}))
    high = layers.Layer("models", 1, "Models.", frozenset())
    drawn = layers.draw_layers([high, low])
    assert "against the order: data from models" in drawn
    assert drawn.count("#d55e00") == 1
    assert "none against" in layers.describe([high, layers.Layer("data", 0, "", frozenset())])
