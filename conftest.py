"""All tests: one thread as in the build; nbval runs a cell as JupyterLab does."""

import os

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Set one thread, and let a trailing ``;`` silence a cell under nbval.

    nbval executes with ``store_history=False``. IPython decides from its history whether a cell
    ends with ``;``, so it shows the silenced value and every comparison of that cell fails.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if config.pluginmanager.hasplugin("nbval"):
        from nbval.kernel import RunningKernel

        RunningKernel.execute_cell_input = execute_with_history


def execute_with_history(kernel: object, source: str, allow_stdin: bool | None = None) -> str:
    """Send a cell to the kernel as nbval does, but with history; return the message's id."""
    return kernel.kc.execute(
        source, store_history=True, allow_stdin=allow_stdin, stop_on_error=False
    )
