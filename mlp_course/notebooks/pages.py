"""The pages that quote, README.md and two of docs/, written from what they quote.

Minutes and memory come from ``notebooks/README.md``, questions from lesson 00, errors from the
stored results of the race and from the shipped models, layers from the imports of the package.
"""

from __future__ import annotations

import re
from pathlib import Path

from mlp_course.notebooks.blocks import with_block
from mlp_course.notebooks.masters import Lesson, find_lessons

DRAWING = Path("docs/pictures/layers.svg")
ROW_OF_LESSON_00 = re.compile(r"^# \| \*\*(?:\[)?(\d\d) [^|]*\| ([^|]+) \|", re.MULTILINE)
N_ATOMS = 9  # of ethanol
MEASURED = re.compile(r"^\| \[(\w+)\]\S+ \| (\d+) \| (\d+)", re.MULTILINE)


def quoting_pages(root: Path) -> dict[Path, str]:
    """Return the text that each quoting page, and the drawing, should have.

    Args:
        root: project folder.

    Returns:
        File -> text. Outside of the blocks it is what the file says now.

    Raises:
        ValueError: if a page lacks the marks of its blocks, a lesson its row in lesson 00, or its
            measured time and memory.
    """
    from mlp_course.notebooks.layers import draw_layers, layers_table, read_layers

    layers = read_layers(root)
    blocks = {
        "README.md": {"lessons": lessons_table(root), "accuracy": accuracy_table()},
        "docs/architecture.md": {"layers": layers_table(layers)},
        "docs/index.md": {"lessons": lessons_table(root, up="../")},
    }
    pages = {root / DRAWING: draw_layers(layers)}
    for page, contents in blocks.items():
        text = (root / page).read_text(encoding="utf-8")
        for name, content in contents.items():
            text = with_block(text, name, content)
        pages[root / page] = text
    return pages


def lessons_table(root: Path, *, up: str = "") -> str:
    """Return the table of lessons: question, measured minutes and memory.

    Args:
        root: project folder.
        up: the way from the folder of the page to the project folder, ``"../"`` from ``docs/``.

    Raises:
        ValueError: if a lesson has no question in lesson 00, or was not measured.
    """
    lessons = find_lessons(root)
    questions = dict(ROW_OF_LESSON_00.findall(lessons[0].master.read_text(encoding="utf-8")))
    stored = (root / "notebooks" / "README.md").read_text(encoding="utf-8")
    measured = {name: (int(s), int(mb)) for name, s, mb in MEASURED.findall(stored)}
    rows = ["| lesson | question | minutes | memory / MB |", "| --- | --- | --: | --: |"]
    for lesson in lessons:
        number = lesson.name[:2]
        if number not in questions:
            raise ValueError(
                f"{lesson.name} needs a row with its question in the table of lessons/00; write one"
            )
        if lesson.name not in measured:
            raise ValueError(
                f"{lesson.name} has no measured time; run: "
                f"mlp-course notebooks measure --lesson {number}"
            )
        seconds, memory = measured[lesson.name]
        link = f"[{number} {_title(lesson)}]({up}notebooks/{lesson.name}.ipynb)"
        question = questions[number][:1].upper() + questions[number][1:]
        rows.append(f"| {link} | {question} | {seconds / 60:.1f} | {memory} |")
    return "\n".join(rows)


def accuracy_table() -> str:
    """Return how good the models get on rMD17 ethanol: the race, and the models that come along.

    Source:
        The stored results of ``benchmarks/race.py``, and the provenance of the shipped models.
    """
    from mlp_course.models import load_shipped
    from mlp_course.validation import load_race, only_racers

    rows = [
        "| model | training of one core | force MAE / (meV/Å) | energy MAE / (meV/atom) |",
        "| --- | --: | --: | --: |",
    ]
    race = only_racers(load_race())
    for cell in race[(race["molecule"] == "ethanol") & (race["n_train"] == 950)].itertuples():
        force = f"{cell.force_mae:.1f} ± {cell.force_mae_error:.1f}"
        energy = cell.energy_mae_total / N_ATOMS
        rows.append(f"| {cell.method} | {cell.train_seconds:.0f} s | {force} | {energy:.2f} |")
    for name, method in (("ethanol_painn", "PaiNN"), ("ethanol_schnet", "SchNet")):
        origin = load_shipped(name).provenance
        seconds = origin["settings"]["max_seconds"]
        force = origin["test_force_mae_mev_per_angstrom"]
        energy = origin["test_energy_mae_mev_per_atom"]
        rows.append(f"| {method}, as shipped | {seconds:.0f} s | {force:.1f} | {energy:.2f} |")
    return "\n".join(rows)


def write_pages(root: Path) -> list[str]:
    """Write the pages that quote; return the names of those that have changed."""
    changed = []
    for path, text in quoting_pages(root).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path.relative_to(root).as_posix())
    return changed


def _title(lesson: Lesson) -> str:
    """Return the title of a lesson, without its number."""
    heading = re.search(r"^# # \d\d · (.+)$", lesson.master.read_text(encoding="utf-8"), re.M)
    if heading is None:
        raise ValueError(f"{lesson.name} must begin with a heading '# 09 · Title'; write one")
    return heading[1]
