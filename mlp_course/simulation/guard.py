"""Run a program that does not outlive the one that started it, however that one ends.

    python guard.py remains program arguments...

The guard waits for the program, and for the end of its own standard input. That end comes when the
starter closes its side or dies, by kill -9 too; then the program is stopped and the file
``remains``, such as a socket, is removed. It imports nothing of the package, to start at once.
"""

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

PATIENCE = 5.0  # s between asking a program to stop and killing it


def stop(program: subprocess.Popen) -> None:
    """Ask a program to stop; kill it if it does not."""
    program.terminate()
    try:
        program.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        program.kill()


def main() -> None:
    """Start, wait, clean up, hand on the exit code."""
    remains, command = Path(sys.argv[1]), sys.argv[2:]
    program = subprocess.Popen(command, stdin=subprocess.DEVNULL)

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(sys.stdin.fileno(), 1024):
                pass
        stop(program)

    threading.Thread(target=watch, daemon=True).start()
    code = program.wait()
    remains.unlink(missing_ok=True)
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
