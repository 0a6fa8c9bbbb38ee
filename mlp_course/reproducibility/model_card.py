"""A model card: what a stranger has to know before trusting a saved potential, or "unknown"."""

import dataclasses
from pathlib import Path
from typing import Any

from ase.data import chemical_symbols

from mlp_course.data.passports import UNKNOWN, Passport, licence_allows, load_passport
from mlp_course.models.potential import Potential
from mlp_course.models.store import load_model
from mlp_course.reproducibility.training_record import TrainingRecord, weights_digest

#: What a card must say, and under which names a model file may say it.
SECTIONS = {
    "data": ("data",),
    "level of theory": ("level_of_theory",),
    "units": ("units",),
    "split": ("split",),
    "training": ("training", "settings"),
    "seed": ("seed",),
    "errors": ("errors",),
    "limits": ("limits",),
    "versions": ("versions",),
    "licence": ("licence",),
}


class IncompleteCard(ValueError):
    """A model file does not say all that its card must say."""


@dataclasses.dataclass(frozen=True)
class ModelCard:
    """A card, to be printed or shown in a notebook.

    Attributes:
        title: name of the file.
        answers: by section of ``SECTIONS``; "unknown" where the file is silent.
        passport: of the data, if the file names one.
        facts: what was read off the potential itself.
    """

    title: str
    answers: dict[str, str]
    passport: Passport | None
    facts: dict[str, str]

    @property
    def missing(self) -> list[str]:
        """Sections to which the file has no answer."""
        return [section for section, answer in self.answers.items() if answer == UNKNOWN]

    @property
    def text(self) -> str:
        """The card as Markdown."""
        said = f"{len(self.answers) - len(self.missing)} of {len(self.answers)} answered"
        gaps = f"; **unknown: {', '.join(self.missing)}**" if self.missing else ""
        lines = [f"**Model card: {self.title}** ({said}{gaps})", "", "| | |", "| --- | --- |"]
        lines += [f"| {name} | {text} |" for name, text in self.facts.items()]
        lines += [f"| {name} | {text} |" for name, text in self.answers.items()]
        return "\n".join([*lines, *self._about_the_data()])

    def _about_the_data(self) -> list[str]:
        if self.passport is None:
            return ["| passport of the data | unknown |"]
        verdict = licence_allows(self.passport, "commercial")
        faults = "; ".join(fault.value.rstrip(".") for fault in self.passport.known_faults)
        return [
            f"| passport of the data | {self.passport.title}: {self.passport.licence.value}, "
            f"{self.passport.citation.value} |",
            f"| known faults of the data | {faults or 'none known'} |",
            f"| commercial use, as far as the data decide | {verdict.answer} |",
        ]

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.text


def model_card(
    source: str | Path | Potential, *, passport: str | None = None, strict: bool = False
) -> ModelCard:
    """Write a model card from a saved potential.

    Nothing is guessed: what the file does not say is "unknown". Units are an exception, since a
    potential of this course knows only one kind (eV, Å).

    Args:
        source: file written by ``save_model``, or a loaded potential.
        passport: name of the data's passport, if the file does not name one itself.
        strict: refuse a file that leaves a section open.

    Returns:
        The card; ``.text`` is Markdown, ``.missing`` lists the open sections.

    Raises:
        IncompleteCard: if ``strict`` and a section is open.
        ModelFileError: if the file is foreign, damaged or was changed after it was saved.
        ValueError: if there is no such passport.

    Example:
        >>> from mlp_course.models import build_model
        >>> model_card(build_model("schnet", n_features=8)).missing[:3]
        ['data', 'level of theory', 'split']
    """
    if isinstance(source, Potential):
        title, model = type(source.architecture).__name__, source
    else:
        title, model = Path(source).name, load_model(source)
    told = {"seed": model.settings.get("seed"), "units": "eV, Å, eV/Å"} | (model.provenance or {})
    answers = {section: _answer(told, names) for section, names in SECTIONS.items()}
    if (seen := _test_errors(told)) and answers["errors"] == UNKNOWN:
        answers["errors"] = seen
    name = passport or told.get("passport")
    card = ModelCard(title, answers, load_passport(name) if name else None, _facts(model))
    if strict and (open_ := card.missing + ([] if card.passport else ["passport of the data"])):
        raise IncompleteCard(
            f"{title} does not say: {', '.join(open_)}. Save it again with "
            "save_model(..., provenance=provenance_of(...)), which asks for all of them"
        )
    return card


def provenance_of(
    record: TrainingRecord,
    *,
    passport: str,
    errors: dict[str, float],
    limits: str,
    licence: str,
) -> dict[str, Any]:
    """All that a model card asks for, from the record of a training run and four answers.

    Args:
        record: from ``record_training``.
        passport: name of the data's passport.
        errors: by name with unit and test set, such as "force MAE / (meV/Å), 50 test frames".
        limits: for what the potential was not tested or must not be used.
        licence: of the weights.

    Returns:
        For ``save_model(..., provenance=...)``.

    Raises:
        ValueError: if there is no such passport, or an answer is empty.
    """
    if not (errors and limits.strip() and licence.strip()):
        raise ValueError("errors, limits and licence must be said; got an empty one")
    data = load_passport(passport)
    (first, last), (begin, end) = record.train, record.validation
    return {
        "data": f"{record.data}, digest {record.data_digest}",
        "passport": passport,
        "level_of_theory": data.level_of_theory.value,
        "split": f"train frames {first} to {last - 1}, validation {begin} to {end - 1}",
        "training": record.training,
        "seed": {"model": record.model["seed"], "training": record.training["seed"]},
        "errors": errors,
        "limits": limits,
        "versions": record.versions | {"machine": record.machine, "threads": record.threads},
        "licence": licence,
        "record": record.model_dump(mode="json"),
    }


def _answer(told: dict, names: tuple[str, ...]) -> str:
    value = next((told[name] for name in names if told.get(name) not in (None, "", {})), UNKNOWN)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_short(item)}" for name, item in value.items())
    return str(value)


def _short(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _test_errors(told: dict) -> str:
    """Errors as the shipped models spell them: test_force_mae_mev_per_angstrom."""
    names = [name for name in told if name.startswith("test_")]
    return ", ".join(f"{name}: {_short(told[name])}" for name in names)


def _facts(model: Potential) -> dict[str, str]:
    n_weights = sum(p.numel() for p in model.parameters())
    settings = ", ".join(f"{name}: {value}" for name, value in model.settings.items())
    return {
        "architecture": settings,
        "weights": f"{n_weights:,}, SHA-256 {weights_digest(model)[:16]}…",
        "elements": ", ".join(chemical_symbols[z] for z in model.species),
    }
