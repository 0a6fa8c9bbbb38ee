"""State: claims and measurements side by side, kept in the progress file, and what follows."""

import pytest

from mlp_course.teaching.checklist import (
    QUESTIONS,
    Evidence,
    Ratings,
    find_item,
    judged_by,
    plot_ratings,
)
from mlp_course.teaching.progress import Progress


@pytest.fixture
def ratings(progress):
    """The list of a learner, nothing ticked."""
    return Ratings(progress)


def test_ticks_survive_a_restart(ratings):
    """Another process that opens the same file finds the ticks and the taken-back tick."""
    ratings.claim("c01")
    ratings.claim("c02")
    ratings.claim("c02", done=False)
    again = Ratings(Progress.open(ratings.progress.path))
    assert again.find("c01").claimed is True
    assert again.find("c02").claimed is False
    assert again.find("c03").claimed is None
    assert again.count("Concepts") == 1


def test_a_measurement_counts_more_than_a_claim(ratings, report):
    """Ticked and not shown does not count; shown and not ticked does."""
    for item_id in ("p09", "p11", "p01"):
        ratings.claim(item_id)
    ratings.check(Evidence(reports=[report(rattled=2308.0)]))
    outcomes = {name: ratings.find(name).outcome for name in ("p09", "p10", "p11", "p01", "p02")}
    assert outcomes == {
        "p09": "shown",
        "p10": "shown, not ticked",
        "p11": "ticked, not shown",
        "p01": "ticked only",
        "p02": "open",
    }
    assert ratings.count("Practice", claims_only=True) == 3
    assert ratings.count("Practice") == 4  # p09, p10, p12 by measurement, p01 by word
    assert list(ratings.disagreements()["item"]) == ["p10", "p11", "p12"]


def test_the_grade_changes_with_what_was_measured(ratings, report):
    """14 claims are excellent; one of them disproved makes 13, which is good."""
    for number in (*range(1, 14), 14):
        ratings.claim(f"p{number:02d}")
    assert ratings.band("Practice").grade == "excellent"
    ratings.check(Evidence(reports=[report(rattled=2308.0)]))
    assert ratings.band("Practice", claims_only=True).grade == "excellent"
    assert ratings.band("Practice").grade == "good"


def test_a_newer_result_replaces_the_older_one(ratings, report):
    """A better report turns the verdict, a worse one turns it back; no report leaves it."""
    worse, better = report(rattled=2308.0), report(rattled=100.0)
    for evidence, measured in ((worse, False), (better, True), (worse, False)):
        ratings.check(Evidence(reports=[evidence]))
        assert ratings.find("p11").measured is measured
    ratings.check(Evidence(progress=ratings.progress))
    assert ratings.find("p11").measured is False


def solve(progress, book, points, possible=3):
    """Answer the questions of a book."""
    for number, earned in enumerate(points, start=1):
        progress.record_attempt(f"q{book}_{number}", earned, possible)


def test_points_tick_at_four_fifths_of_the_book(ratings):
    """7 of 9 points are below 80 %, 8 of 9 above; both books of an item are asked."""
    solve(ratings.progress, "07", (3, 3, 1))
    ratings.check(Evidence(progress=ratings.progress))
    assert ratings.find("c15").measured is False
    assert ratings.find("c15").reason.startswith("7 of 9 points in questions of 07_architectures")
    assert ratings.find("c14").measured is None, "its other book was not opened"
    solve(ratings.progress, "07", (3, 3, 2))
    ratings.check(Evidence(progress=ratings.progress))
    assert ratings.find("c15").measured is True


def test_two_easy_questions_are_no_book(ratings):
    """Fewer than three questions tried: no word, neither for nor against."""
    solve(ratings.progress, "07", (3, 3))
    ratings.check(Evidence(progress=ratings.progress))
    assert ratings.find("c15").measured is None


def test_linked_questions_are_judged_by_themselves(ratings, monkeypatch):
    """An item with questions of its own does not ask the rest of the book."""
    monkeypatch.setitem(QUESTIONS, "c15", ("q07_2", "q07_3"))
    solve(ratings.progress, "07", (0, 3))
    ratings.check(Evidence(progress=ratings.progress))
    assert ratings.find("c15").measured is None
    solve(ratings.progress, "07", (0, 3, 3))
    ratings.check(Evidence(progress=ratings.progress))
    assert ratings.find("c15").measured is True
    assert ratings.find("c07").measured is False, "6 of 9 points of the whole book"


def test_a_result_outweighs_points(ratings, report):
    """All points of both books, and a measured failure: not shown."""
    for book in ("05", "12"):
        solve(ratings.progress, book, (3, 3, 3, 3, 3))
    evidence = Evidence(progress=ratings.progress, reports=[report(rattled=2308.0)])
    ratings.check(evidence)
    assert ratings.find("p11").measured is False
    assert ratings.find("p13").measured is True


def test_points_never_tick_what_no_question_asks(ratings):
    """Full points everywhere leave open what people judge, and what only a result can show."""
    for number in range(1, 13):
        solve(ratings.progress, f"{number:02d}", (3, 3, 3, 3, 3, 3))
    ratings.check(Evidence(progress=ratings.progress))
    left = {rating.item.id for rating in ratings.all() if rating.measured is None}
    people = {"c04", "c10", "a01", "a05", "a09", "a11", "a12"}
    assert {name for name in left if judged_by(find_item(name)) == ("a person",)} == people
    assert {name for name in left if judged_by(find_item(name)) == ("a result",)} == left - people
    assert left - people == {name for name, asked in QUESTIONS.items() if not asked} - people


def test_next_comes_what_was_claimed_and_not_shown(ratings, report):
    """Failed claims first, then measured gaps, then what is open."""
    ratings.claim("p11")
    ratings.check(Evidence(reports=[report(rattled=2308.0, energy_MAE=9.0)]))
    weakest = ratings.weakest(3)
    assert [rating.item.id for rating in weakest[:2]] == ["p11", "p09"]
    assert weakest[2].outcome == "open"


def test_the_picture_counts_every_item_once(ratings, report):
    """The words beside the picture add up to 16, 16 and 12."""
    import re

    ratings.claim("p11")
    ratings.check(Evidence(reports=[report(rattled=2308.0)]))
    parts = plot_ratings(ratings).alt.split(". ")[1:]
    assert [sum(map(int, re.findall(r"\d+", part))) for part in parts] == [16, 16, 12]
    assert "1 ticked, not shown" in parts[1]


def test_an_unknown_item_is_not_written(ratings):
    """A typo is refused before it reaches the file."""
    with pytest.raises(ValueError, match="got 'x01'"):
        ratings.claim("x01")
    assert not ratings.progress.record().ticks
