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
    from dask.distributed import Client, LocalCluster, Worker

_DRIVER = "MLP_COURSE_DRIVER"  # the process number of whoever started the worker
_LOOK = 0.1  # s, between two looks at a process
_PATIENCE = 300  # s, for all workers to be there
_TRIES = 3  # how often a worker may end with an error of its own before it is there


def start_workers(client: "Client", n_workers: int, environment: dict[str, str]) -> None:
    """Start workers for a scheduler in this process, and keep their number until it closes.

    Args:
        client: whose cluster has a scheduler and no workers.
        n_workers: processes of one thread each.
        environment: variables with which they start, beside those of this process.

    Raises:
        RuntimeError: if they end with an error while they start.
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
    all_there = threading.Event()
    job = (client.cluster, command, options, all_there)
    keepers = [threading.Thread(target=_keep, args=job, daemon=True) for _ in range(n_workers)]
    for keeper in keepers:
        keeper.start()
    last = time.monotonic() + _PATIENCE
    while len(client.nthreads()) < n_workers:
        if not all(keeper.is_alive() for keeper in keepers):
            raise RuntimeError(
                "a worker process ended with an error each time it was started; what it said "
                f"stands above, or comes from: {' '.join(command)}"
            )
        if time.monotonic() > last:
            raise TimeoutError(f"{n_workers} worker processes did not start in {_PATIENCE} s")
        time.sleep(_LOOK)
    all_there.set()


def _keep(
    cluster: "LocalCluster", command: list[str], options: dict, all_there: threading.Event
) -> None:
    """Start a process again and again until the cluster is closed, or it cannot start at all."""
    from distributed.core import Status

    failures = 0
    while cluster.status == Status.running and failures < _TRIES:
        with subprocess.Popen(command, **options) as process:
            while process.poll() is None and cluster.status == Status.running:
                time.sleep(_LOOK)
            process.kill()
        killed = process.returncode < 0
        failures += not (killed or all_there.is_set())


def dask_setup(worker: "Worker") -> None:
    """End this worker when the process that started it has ended, even if it was killed."""
    driver = int(os.environ[_DRIVER])

    def watch() -> None:
        while os.getppid() == driver:
            time.sleep(_LOOK)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
