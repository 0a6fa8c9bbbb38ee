"""The commands of an author: build, check and measure, and the exit status that CI reads."""

import argparse

import pytest

from mlp_course.notebooks import add_commands


def run(*arguments):
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args(["notebooks", *map(str, arguments)])
    return args.run(args)


def test_build_check_and_measure_end_with_0_on_a_good_course(course, capsys):
    """The three commands in the order in which an author types them."""
    course.write()
    assert run("build", "--root", course.root) == 0
    assert run("check", "--root", course.root) == 0
    assert run("measure", "--root", course.root) == 0
    assert run("build", "--root", course.root) == 0
    printed = capsys.readouterr().out
    assert "01_test: executed in" in printed
    assert "01_test: unchanged" in printed
    assert "01_test" in (course.root / "notebooks" / "README.md").read_text()


def test_a_lesson_that_fails_does_not_stop_the_others(course, capsys):
    """The exit status is 1, the good lesson is built, the bad one is named."""
    course.write("# %%\n1 / 0\n", "01_bad")
    good = course.write(name="02_good")
    assert run("build", "--root", course.root) == 1
    assert good.notebook.exists()
    assert "01_bad, cell 1" in capsys.readouterr().err


def test_check_ends_with_1_when_something_is_wrong(course, capsys):
    """A lesson that was never built fails in CI."""
    course.write()
    assert run("check", "--root", course.root) == 1
    assert "01_test: has no notebook" in capsys.readouterr().err


def test_an_unknown_lesson_ends_with_a_sentence(course):
    """A wrong name gives no traceback."""
    course.write()
    with pytest.raises(SystemExit, match="Known lessons: 01_test"):
        run("build", "--lesson", "77", "--root", course.root)
