"""Rounds on disk: each is there whole or not at all, and belongs to one loop."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import ase.io
from ase import Atoms

from mlp_course.data.whole_files import write_whole
from mlp_course.models import Potential
from mlp_course.models.store import digest, load_model, save_model
from mlp_course.training.run import data_digest


@dataclass(frozen=True, eq=False)
class Round:
    """What a round adds: its row of the table, and new labelled frames (possibly none)."""

    row: dict
    labelled: list[Atoms]


def identity(
    models: Sequence[Potential],
    initial: Sequence[Atoms],
    validation: Sequence[Atoms],
    test: Sequence[Atoms] | None,
    plan: dict,
) -> dict:
    """What makes a loop this loop; must be equal when it is resumed."""
    weights = [digest(model.state_dict(), json.dumps(model.settings)) for model in models]
    return json.loads(
        json.dumps(
            {
                "models": [weight[:16] for weight in weights],
                "initial frames": data_digest(initial),
                "validation frames": data_digest(validation),
                "test frames": data_digest(test) if test is not None else None,
                **plan,
            },
            default=str,
        )
    )


class RoundStore:
    """A folder with one subfolder a round; without a folder, nothing is kept.

    Args:
        folder: where; made if it does not exist.
        loop: what makes this loop this loop, see :func:`identity`.

    Raises:
        ValueError: if the folder holds another loop, or its record is damaged.
    """

    def __init__(self, folder: str | Path | None, loop: dict) -> None:
        self.folder = Path(folder) if folder is not None else None
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        record = self.folder / "loop.json"
        if not record.exists():
            _write_json(record, loop)
        elif (kept := _read_json(record)) != loop:
            changed = ", ".join(name for name in loop if kept.get(name) != loop[name])
            raise ValueError(
                f"{self.folder} holds another loop (different: {changed}): resume with the same "
                "models, frames and settings, or name another folder"
            )

    def read(self, models: Sequence[Potential]) -> Iterator[Round]:
        """Rounds that are whole, in order; the weights of the last one are put into ``models``."""
        number = 0
        while self.folder is not None and self._place(number).exists():
            place = self._place(number)
            row = _read_json(place / "row.json")
            labelled = ase.io.read(place / "labelled.traj", ":") if row["labelled"] else []
            yield Round(row, labelled)
            number += 1
        if number:
            for n, model in enumerate(models):
                kept = load_model(self._place(number - 1) / f"member_{n}.safetensors")
                model.load_state_dict(kept.state_dict())
                model.eval()

    def write(self, done: Round, models: Sequence[Potential], number: int) -> None:
        """Keep a round: all files beside their place, then one renaming of the folder."""
        if self.folder is None:
            return
        part = self.folder / f"round_{number:02d}.part"
        shutil.rmtree(part, ignore_errors=True)  # of a run that was killed here
        part.mkdir()
        for n, model in enumerate(models):
            save_model(model, part / f"member_{n}.safetensors", provenance={"round": number})
        if done.labelled:
            ase.io.write(part / "labelled.traj", done.labelled)
        _write_json(part / "row.json", done.row)
        part.rename(self._place(number))

    def _place(self, number: int) -> Path:
        return self.folder / f"round_{number:02d}"


def _read_json(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(
            f"{path} is damaged ({error}): delete the folder {path.parent} to do its work again"
        ) from error


def _write_json(path: Path, content: dict) -> None:
    text = json.dumps(content, indent=2, ensure_ascii=False)
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))
