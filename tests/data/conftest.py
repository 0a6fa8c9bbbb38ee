"""A small molecule's archive, and an HTTP server that misbehaves on demand."""

import http.server
import io
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from ase import Atoms
from ase.calculators.singlepoint import SinglePointCalculator

from mlp_course.data import download


def water_arrays(n_frames=5):
    """Arrays in the shape of rMD17, kcal/mol; frame i has energy -10 i kcal/mol."""
    rng = np.random.default_rng(0)
    return {
        "nuclear_charges": np.array([8, 1, 1], dtype=np.uint8),
        "coords": rng.normal(size=(n_frames, 3, 3)),
        "energies": -10.0 * np.arange(n_frames),
        "forces": rng.normal(size=(n_frames, 3, 3)),
        "old_indices": 100 + np.arange(n_frames),
        "old_energies": -11.0 * np.arange(n_frames),
        "old_forces": rng.normal(size=(n_frames, 3, 3)),
    }


@pytest.fixture
def arrays():
    """Arrays of five frames of water as rMD17 names them."""
    return water_arrays()


@pytest.fixture
def npz_bytes(arrays):
    """The same as the content of an npz file."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


@pytest.fixture
def labelled_frames():
    """Four frames of water with energy i eV and forces of zero."""
    frames = []
    for i in range(4):
        atoms = Atoms("OH2", positions=[[0, 0, 0], [0.96, 0, 0], [-0.24, 0.93, 0.01 * i]])
        atoms.calc = SinglePointCalculator(atoms, energy=float(i), forces=np.zeros((3, 3)))
        frames.append(atoms)
    return frames


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache, no folder named by the environment, no proxy, no waiting."""
    monkeypatch.delenv("MLP_COURSE_DATA", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download, "_WAIT_S", 0.0)
    monkeypatch.setattr(download.pooch, "os_cache", lambda project: tmp_path / project)
    return tmp_path / "mlp_course"


@pytest.fixture
def server():
    """Start servers that answer request number i by the i-th behaviour (the last one repeats)."""
    running = []

    def start(*behaviours):
        site = SimpleNamespace(requests=[])
        httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(site, behaviours))
        threading.Thread(target=httpd.serve_forever, args=(0.01,), daemon=True).start()
        running.append(httpd)
        site.url = f"http://127.0.0.1:{httpd.server_address[1]}/"
        return site

    yield start
    for httpd in running:
        httpd.shutdown()
        httpd.server_close()


def _handler(site, behaviours):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            behaviour = behaviours[min(len(site.requests), len(behaviours) - 1)]
            site.requests.append(self.path)
            behaviour(self)

        def log_message(self, *args):
            """Keep the tests' output clean."""

    return Handler


@pytest.fixture
def behave():
    """The kinds of behaviour a server can show."""
    return SimpleNamespace(send=_send, truncate=_truncate, cut_short=_cut_short, fail=_fail)


def _send(content):
    """Answer properly."""

    def behaviour(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return behaviour


def _truncate(content):
    """Announce everything, send half, hang up."""

    def behaviour(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2])
        handler.close_connection = True

    return behaviour


def _cut_short(content):
    """Send half without having said how much there is: only the checksum can tell."""

    def behaviour(handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2])

    return behaviour


def _fail(status):
    """Answer with an error."""
    return lambda handler: handler.send_error(status)
