"""Other packages' answers: a script runs in their environment and exchanges files with the test."""

from functools import partial

import pytest

from benchmarks.peers.exchange import call


@pytest.fixture
def peer(tmp_path):
    """Run a script of ``benchmarks/peers/scripts/`` on named arrays; its arrays come back."""
    return partial(call, tmp_path)
