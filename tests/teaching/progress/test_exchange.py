"""Progress carried from place to place: best points, latest judgements, nothing counted twice."""

import itertools
import random
from datetime import UTC, datetime, timedelta

import pytest

from mlp_course.teaching.progress import (
    NewerProgress,
    Progress,
    export_progress,
    import_progress,
)
from mlp_course.teaching.progress.merging import merge
from mlp_course.teaching.progress.records import LARGEST

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def random_progress(path, seed):
    """A learner who tries, judges, ticks and plays at random."""
    rng = random.Random(seed)
    times = (NOON + timedelta(minutes=3 * n + rng.randrange(3)) for n in itertools.count())
    progress = Progress(path, lambda: next(times))
    for _ in range(12):
        n = rng.randrange(1, 4)
        match rng.randrange(5):
            case 0:
                progress.record_attempt(f"q0{n}_1", rng.randrange(4), 3, rng.choice(["", "sign"]))
            case 1:
                progress.record_assessment(f"r0{n}_1", rng.randrange(3), 2, {"row": True})
            case 2:
                progress.tick(f"c0{n}", rng.random() < 0.5, rng.choice(["learner", "machine"]))
            case 3:
                progress.record_quiz("02_glossary", rng.randrange(6), 5)
            case _:
                progress.record_time(f"0{n}_lesson", 60 * rng.randrange(20))
    return progress


@pytest.fixture
def three(tmp_path):
    return [random_progress(tmp_path / f"{n}.json", n) for n in range(3)]


def contents(record):
    return record.model_dump(exclude={"folder"})


def test_merging_does_not_depend_on_the_order(tmp_path):
    """Merging is commutative, associative and idempotent, for 10 triples of random records."""
    for seed in range(10):
        a, b, c = [
            random_progress(tmp_path / f"{seed}-{n}.json", 3 * seed + n).record() for n in range(3)
        ]
        assert contents(merge(a, b)) == contents(merge(b, a))
        assert merge(merge(a, b), c) == merge(a, merge(b, c))
        assert merge(a, a) == a
        assert merge(merge(a, b), b) == merge(a, b)


def test_importing_twice_changes_nothing(three, tmp_path):
    """The second import of a file leaves the progress file as it is, to the byte."""
    home, binder, _ = three
    file = export_progress(binder, tmp_path / "export.json")
    assert import_progress(home, file).changed
    once = home.path.read_bytes()
    again = import_progress(home, file)
    assert (again.changed, repr(again)) == ((), "nothing new in it")
    assert home.path.read_bytes() == once


def test_sums_of_two_places(tmp_path):
    """Attempts here and there add up; points are the best of both."""
    home, binder = Progress.open(tmp_path / "home.json"), Progress.open(tmp_path / "binder.json")
    for points in (1, 2):
        home.record_attempt("q06_1", points, 3, "sign")
    for points in (0, 0, 3):
        binder.record_attempt("q06_1", points, 3, "sign" if points == 0 else "")
    import_progress(home, export_progress(binder, tmp_path / "export.json"))
    known = home.attempt("q06_1")
    assert (known.points, known.attempts, known.failed) == (3, 5, 4)
    assert known.mistakes == {"sign": 4}


def test_there_and_back(tmp_path):
    """Taken to Binder, worked on there, and brought home: what was at home is not added again."""
    home = Progress.open(tmp_path / "home.json")
    home.record_attempt("q06_1", 0, 3)
    binder = Progress.open(tmp_path / "binder.json")
    import_progress(binder, export_progress(home, tmp_path / "to.json"))
    assert binder.record_attempt("q06_1", 1, 3) == 2
    home.record_attempt("q06_1", 0, 3)
    import_progress(home, export_progress(binder, tmp_path / "back.json"))
    assert home.attempt("q06_1").attempts == 3
    assert home.attempt("q06_1").points == 1


def test_later_judgement_wins_wherever_it_was_made(tmp_path):
    """Of two judgements and two ticks the later one stays, not the one that was imported."""
    early = Progress(tmp_path / "early.json", lambda: NOON)
    late = Progress(tmp_path / "late.json", lambda: NOON + timedelta(days=1))
    for progress, earned in ((early, 2), (late, 1)):
        progress.record_assessment("r06_1", earned, 2, {"row": earned == 2})
        progress.tick("c01", earned == 2, "learner")
    late.include(early.record())
    early.include(late.record())
    for progress in (early, late):
        assert progress.assessment("r06_1").earned == 1
        assert not progress.ticked("c01")


def test_export_is_an_ordinary_progress_file(three, tmp_path):
    """An export can be used as the progress file itself."""
    file = export_progress(three[0], tmp_path / "sub" / "export.json")
    assert Progress.open(file).record() == three[0].record()


def test_export_onto_itself_is_refused(three):
    """The progress file is not its own copy."""
    with pytest.raises(ValueError, match="another name"):
        export_progress(three[0], three[0].path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no JSON"),
        (b"\x89PNG\r\n\x1a\n", "no JSON"),
        (b'{"cells": [], "nbformat": 4}', "names no version"),
        (b'{"version": 1, "folder": "a", "questions": {"q06_1": 3}}', r"questions\.q06_1"),
        (b'{"version": 1, "folder": "../../etc"}', "folder"),
        (b"[" * 10**6, "no JSON"),
        (b" " * (LARGEST + 1), "at most"),
    ],
    ids=["empty", "png", "notebook", "types", "folder", "deep", "huge"],
)
def test_rubbish_is_not_imported(three, tmp_path, content, message):
    """A file that is no export is refused by name and reason; the progress stays as it is."""
    before, file = three[0].path.read_bytes(), tmp_path / "rubbish.json"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=message) as refused:
        import_progress(three[0], file)
    assert "rubbish.json was not imported" in str(refused.value)
    assert three[0].path.read_bytes() == before


def test_export_of_a_newer_course_is_not_imported(three):
    """The message says to update the course."""
    with pytest.raises(NewerProgress, match="update the course"):
        import_progress(three[0], b'{"version": 2}')


def test_missing_file(three, tmp_path):
    """A file that is not there is an OSError, not an empty import."""
    with pytest.raises(FileNotFoundError):
        import_progress(three[0], tmp_path / "none.json")
