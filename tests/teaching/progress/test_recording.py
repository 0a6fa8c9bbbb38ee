"""What is recorded is there again: points, attempts, judgements, ticks, quizzes, time."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from mlp_course.teaching.progress import Progress, find_file

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    """Time that passes when told to."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now

    def forward(self, minutes):
        self.now += timedelta(minutes=minutes)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def progress(tmp_path, clock):
    return Progress(tmp_path / "progress.json", clock)


def test_best_points_stay_and_failures_count(progress):
    """A worse attempt after a good one takes no points away, and counts as failed."""
    failed = [progress.record_attempt("q06_1", points, 4) for points in (1, 3.5, 4, 2)]
    assert failed == [1, 2, 2, 3]
    known = progress.attempt("q06_1")
    assert (known.points, known.possible, known.attempts, known.solved) == (4, 4, 4, True)


def test_nothing_known_is_none(progress):
    """Before the first record everything is None, empty or zero, and no file is made."""
    assert progress.attempt("q06_1") is None
    assert progress.assessment("r06_1") is None
    assert progress.quiz("02_glossary") is None
    assert progress.tick_of("c01") is None
    assert not progress.ticked("c01")
    assert set(progress.summary().values()) == {0}
    assert not progress.path.exists()


def test_first_and_last_time(progress, clock):
    """The first attempt's time stays, the last one's moves."""
    progress.record_attempt("q06_1", 0, 1)
    clock.forward(60)
    progress.record_attempt("q06_1", 1, 1)
    known = progress.attempt("q06_1")
    assert (known.first, known.last) == (NOON, NOON + timedelta(hours=1))


def test_mistakes_are_counted_by_name(progress):
    """A mistake made twice is known to have been made twice."""
    for mistake in ("squared_cutoff", "", "squared_cutoff", "sign"):
        progress.record_attempt("q06_1", 0, 1, mistake=mistake)
    assert progress.attempt("q06_1").mistakes == {"squared_cutoff": 2, "sign": 1}


def test_endless_error_messages_do_not_fill_the_file(progress):
    """A learner's own error text, different each time, is kept shortened, and 50 times at most."""
    for n in range(80):
        progress.record_attempt("q06_1", 0, 1, mistake=f"{n} \ud800" + "x" * 100_000)
    mistakes = progress.attempt("q06_1").mistakes
    assert len(mistakes) == 51
    assert mistakes["others"] == 30
    assert sum(mistakes.values()) == 80
    assert progress.path.stat().st_size < 20_000


def test_changed_points_of_a_question(progress):
    """If a newer course gives 10 points where there were 2, 1 of 2 beats 4 of 10."""
    progress.record_attempt("q06_1", 1, 2)
    progress.record_attempt("q06_1", 4, 10)
    known = progress.attempt("q06_1")
    assert (known.points, known.possible) == (1, 2)


def test_last_assessment_counts(progress):
    """Whoever judges again, more severely, gets the later judgement."""
    progress.record_assessment("r06_1", 3, 3, {"names the cutoff": True, "gives a unit": True})
    progress.record_assessment("r06_1", 1, 3, {"names the cutoff": True, "gives a unit": False})
    known = progress.assessment("r06_1")
    assert (known.earned, known.rows["gives a unit"]) == (1, False)


def test_ticks_go_both_ways(progress):
    """An item can be ticked by the machine with its evidence, and unticked by the learner."""
    progress.tick("c01", True, "machine", evidence="force MAE 12 meV/Å on 200 frames")
    assert progress.ticked("c01")
    assert progress.tick_of("c01").evidence.startswith("force MAE")
    progress.tick("c01", False, "learner")
    assert not progress.ticked("c01")


def test_best_quiz_round_stays(progress):
    """Of a quiz the best share of right answers is kept, of equal ones the longest round."""
    for right, asked in ((4, 5), (15, 15), (3, 3), (1, 5)):
        progress.record_quiz("02_glossary", right, asked)
    known = progress.quiz("02_glossary")
    assert (known.right, known.asked, sum(known.rounds.values())) == (15, 15, 4)


def test_numpy_numbers_are_numbers(progress):
    """Points that a check computed with NumPy are recorded like any others."""
    np = pytest.importorskip("numpy")
    progress.record_attempt("q06_1", np.float32(0.5), np.int64(1))
    progress.record_quiz("02_glossary", np.int64(1), np.int64(2))
    progress.tick("c01", np.bool_(True), "machine")
    assert progress.attempt("q06_1").points == 0.5


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [((5, 10), 15), ((15,), 15), ((15.5,), 0), ((5, 600, 5), 10), ((), 0)],
)
def test_gaps_up_to_a_quarter_of_an_hour_are_work(progress, clock, minutes, expected):
    """Time is the sum of the gaps between records; what is longer than 15 min was a break."""
    progress.record_attempt("q06_1", 0, 1)
    for gap in minutes:
        clock.forward(gap)
        progress.record_attempt("q06_1", 0, 1)
    assert progress.minutes("06_descriptors") == pytest.approx(expected)
    assert progress.attempt("q06_1").seconds == pytest.approx(60 * expected)


def test_each_book_has_its_time(progress, clock):
    """A record of another book does not end a gap; its own time begins with it."""
    for question, gap in (("q06_1", 4), ("q07_1", 4), ("q06_2", 3), ("r07_1", 0)):
        progress.record_attempt(question, 0, 1)
        clock.forward(gap)
    assert progress.minutes("06_descriptors") == pytest.approx(8)
    assert progress.minutes("07_architectures") == pytest.approx(7)


def test_measured_time_is_not_added_to_gaps(progress, clock):
    """A lesson that measured 10 min of which a gap counted 6 adds 4, not 10."""
    progress.record_time("06_descriptors", 120)
    clock.forward(4)
    progress.record_attempt("q06_1", 0, 1)
    clock.forward(6)
    progress.record_time("06_descriptors", 600)
    assert progress.minutes("06_descriptors") == pytest.approx(2 + 4 + 6)
    clock.forward(40)
    progress.record_time("06_descriptors", 1200)
    assert progress.minutes("06_descriptors") == pytest.approx(12 + 20)


def test_clock_set_back(progress, clock):
    """A clock that goes back takes no time away."""
    progress.record_attempt("q06_1", 0, 1)
    clock.forward(-120)
    progress.record_attempt("q06_1", 1, 1)
    assert progress.minutes("06_descriptors") == 0
    assert progress.attempt("q06_1").first < progress.attempt("q06_1").last


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (("record_attempt", "q06_1", 3, 2), "between 0 and the possible"),
        (("record_attempt", "q06_1", -1, 2), "between 0"),
        (("record_attempt", "q06_1", 0, 0), "must be positive"),
        (("record_attempt", "q06_1", float("nan"), 2), "between 0"),
        (("record_attempt", "q06_1", 1, float("inf")), "between 0"),
        (("record_attempt", "", 1, 2), "1 to 80 letters"),
        (("tick", "c01", True, "learner", "x" * 3000), "at most 2000"),
        (("record_assessment", "r06_1", 4, 3, {}), "between 0"),
        (("tick", "c01", True, "teacher"), "'learner' or 'machine'"),
        (("record_quiz", "02_glossary", 3, 2), "between 0"),
        (("record_time", "06_descriptors", -1), "from 0"),
        (("record_time", "descriptors", 1), "begins with its number"),
    ],
)
def test_nonsense_is_refused_and_not_kept(progress, call, message):
    """More points than possible, negative times and the like name the rule; the file stays."""
    progress.record_attempt("q01_1", 1, 1)
    before = progress.path.read_bytes()
    with pytest.raises(ValueError, match=message):
        getattr(progress, call[0])(*call[1:])
    assert progress.path.read_bytes() == before


def test_file_is_sorted_and_for_people(progress):
    """The file is indented JSON in alphabetical order: one can read it, and compare two."""
    for question in ("q07_1", "q06_1"):
        progress.record_attempt(question, 1, 2)
    text = progress.path.read_text()
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"
    assert '"q06_1": {' in text
    assert '"version": 1' in text


def test_file_beside_notebooks_and_exercises(tmp_path, monkeypatch):
    """From a folder below, the file is found beside ``notebooks`` and ``exercises``."""
    monkeypatch.delenv("MLP_COURSE_PROGRESS", raising=False)
    below = tmp_path / "exercises" / "mine"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert find_file() == below / "progress.json"
    (tmp_path / "notebooks").mkdir()
    assert find_file() == tmp_path / "progress.json"
    monkeypatch.setenv("MLP_COURSE_PROGRESS", str(tmp_path / "mine.json"))
    assert Progress.open().path == tmp_path / "mine.json"


def test_folder_in_place_of_the_file(tmp_path, monkeypatch):
    """Who names a folder reads that a file is wanted."""
    monkeypatch.setenv("MLP_COURSE_PROGRESS", str(tmp_path))
    with pytest.raises(ValueError, match="is a folder: name a file"):
        Progress.open()


def test_link_stays_a_link(tmp_path):
    """A progress file that is a link into the home folder is written there, not replaced."""
    home = tmp_path / "home.json"
    link = tmp_path / "progress.json"
    link.symlink_to(home)
    Progress.open(link).record_attempt("q06_1", 1, 1)
    assert link.is_symlink()
    assert Progress.open(home).attempt("q06_1").solved
