"""Worker processes of this machine, each replaced whenever it ends.

dask's own supervisors (nannies) lose a worker that is killed while they restart it, and a run
without workers waits for ever. Here a worker is a plain process, and a thread starts it anew.
"""

import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dask.distributed import Client, Worker

_DRIVER = "MLP_COURSE_DRIVER"  # the process number of whoever started the worker
_LOOK = 0.1  # s, between two looks at a process


def start_workers(client: "Client", n_workers: int, environment: dict[str, str]) -> None:
    """Start workers for a scheduler in this process, and keep their number until it closes.

    Args:
        client: whose cluster has a scheduler and no workers.
        n_workers: processes of one thread each.
        environment: variables with which they start, beside those of this process.

    Raises:
        TimeoutError: if they do not answer within five minutes.
    """
    address = client.cluster.scheduler_address
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads=1"]
    command += ["--no-nanny", "--no-dashboard", "--memory-limit=0", f"--preload={__name__}"]
    own = {
        _DRIVER: str(os.getpid()),
        "DASK_LOGGING__DISTRIBUTED": "critical",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),  # what can be imported here
    }
    options = dict(env=os.environ | environment | own, stdin=subprocess.DEVNULL)
    for _ in range(n_workers):
        threading.Thread(target=_keep, args=(client, command, options), daemon=True).start()
    client.wait_for_workers(n_workers, timeout=300)


def _keep(client: "Client", command: list[str], options: dict) -> None:
    """Start a process again and again, until the client's cluster is closed."""
    from distributed.core import Status

    cluster = client.cluster
    while cluster.status == Status.running:
        with subprocess.Popen(command, **options) as process:
            while process.poll() is None and cluster.status == Status.running:
                time.sleep(_LOOK)
            process.kill()


def dask_setup(worker: "Worker") -> None:
    """End this worker when the process that started it has ended, even if it was killed."""
    driver = int(os.environ[_DRIVER])

    def watch() -> None:
        while os.getppid() == driver:
            time.sleep(_LOOK)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
