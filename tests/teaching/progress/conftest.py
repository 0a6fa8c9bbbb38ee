"""Real processes, quickly: a fork has the package loaded already."""

import multiprocessing
import sys
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest

if sys.platform == "win32":  # no fork, no limits, no other user
    collect_ignore = ["test_survival.py", "test_damaged_files.py"]
else:
    FORK = multiprocessing.get_context("fork")


def _report(function: Callable, arguments: tuple, end: Connection) -> None:
    try:
        end.send((True, function(*arguments)))
    except BaseException:
        end.send((False, traceback.format_exc()))


@pytest.fixture
def in_child():
    """Call a function in a process of its own, whose limits and user it may change."""

    def call(function, *arguments):
        here, there = FORK.Pipe()
        child = FORK.Process(target=_report, args=(function, arguments, there))
        child.start()
        there.close()
        well, value = here.recv()
        child.join()
        assert well, value
        return value

    return call
