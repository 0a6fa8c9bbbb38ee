"""docs/architecture.md: the way of one configuration runs, and leads through all borders."""

import doctest
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
WAY = PAGE.partition("\n## One configuration")[2].partition("\n## ")[0]


def stops():
    """The code of the section, as one doctest."""
    blocks = re.findall(r"^```python\n(.*?)^```", WAY, re.MULTILINE | re.DOTALL)
    return doctest.DocTestParser().get_doctest("\n".join(blocks), {}, "way", "architecture.md", 0)


def test_every_stop_is_as_described():
    """Loader, pairs, architecture, potential, calculator, errors, picture: shapes and values."""
    said = []
    result = doctest.DocTestRunner(verbose=False).run(stops(), out=said.append)
    assert result.failed == 0, "".join(said)
    assert result.attempted >= 25


def test_the_way_leads_through_the_layers():
    """The stops import from data to teaching, in the order of the layers."""
    folders = re.findall(r"from mlp_course\.(\w+) import", WAY)
    assert list(dict.fromkeys(folders)) == ["data", "models", "validation", "teaching"]


def test_a_wrong_stop_would_be_found():
    """A changed shape fails: the test above reads the results."""
    way = stops()
    (place,) = [example for example in way.examples if example.want == "(9,)\n"]
    place.want = "(8,)\n"
    said = []
    assert doctest.DocTestRunner(verbose=False).run(way, out=said.append).failed == 1


def test_files_that_the_page_names_exist():
    """Each file or folder in backticks is there, in the project or in the package."""
    named = set(re.findall(r"`([\w./]+/[\w./]*|\w+\.(?:py|toml|txt))`", PAGE))
    assert len(named) > 8
    assert [
        n for n in named if not (ROOT / n).exists() and not (ROOT / "mlp_course" / n).exists()
    ] == []


def test_questionable_decisions_are_named():
    """A paragraph each for what others would have done otherwise."""
    decisions = re.findall(r"^\*\*([^*]+)\*\*", PAGE.partition("## Decisions")[2], re.MULTILINE)
    assert len(decisions) >= 12
    assert all(decision.endswith(".") for decision in decisions)
