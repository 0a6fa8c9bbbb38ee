"""Where jobs run: processes of this machine, or jobs in the queue of a cluster, through dask."""

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from mlp_course.reference.local_workers import start_workers

if TYPE_CHECKING:
    from dask.distributed import Client
    from dask_jobqueue import SLURMCluster

#: One thread a job: many small calculations beside each other beat one on many cores.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
#: Linux: keep freed memory and use large pages. PySCF frees and asks again for hundreds of MB in
#: every cycle; handing them back to the system each time costs a quarter of a label's time.
_KEEP_MEMORY = "glibc.malloc.hugetlb=1:glibc.malloc.mmap_threshold=4000000000"
_KEEP_MEMORY += ":glibc.malloc.trim_threshold=16000000000"

#: A job in hand and none in reserve: one in reserve would be blamed too when its worker dies.
_ONE_JOB = {"distributed.scheduler.worker-saturation": 1.0}


def local_client(n_workers: int | None = None) -> "Client":
    """Start worker processes on this machine, one thread each.

    Args:
        n_workers: processes; default: the cores that this process may use.

    Returns:
        A client of dask.distributed for ``label``. Close it, or use it in a ``with`` statement, and
        its workers end; they also end when the process that started them is killed. A worker that
        ends before is replaced.

    Raises:
        ValueError: if ``n_workers`` is below 1.
        RuntimeError: if the workers end with an error while they start.
        TimeoutError: if they do not start within five minutes.
    """
    import dask
    from dask.distributed import Client
    from dask.system import CPU_COUNT

    if n_workers is not None and n_workers < 1:
        raise ValueError(f"n_workers must be at least 1, or None for one a core; got {n_workers}")
    with dask.config.set(_ONE_JOB):
        client = Client(n_workers=0, dashboard_address=":0", silence_logs="CRITICAL")
    # the connection to a worker that died may be missed after the client has closed: no news then
    logging.getLogger("distributed.batched").setLevel(logging.WARNING)
    try:
        start_workers(client, n_workers or CPU_COUNT, worker_environment())
    except BaseException:
        client.close()  # or its threads would go on starting workers
        raise
    return client


def slurm_cluster(
    *,
    queue: str,
    walltime: str,
    memory: str = "4GB",
    workers_per_job: int = 1,
    account: str | None = None,
    setup: tuple[str, ...] = (),
    **options,
) -> "SLURMCluster":
    """Describe the SLURM jobs in which workers run; nothing is submitted before ``scale``.

    Args:
        queue: SLURM partition.
        walltime: of a job, ``"hours:minutes:seconds"``. When a job ends, the label its worker was
            at is computed again by another one. ``scale`` submits no job in its place; ``adapt``
            does, as long as there is work.
        memory: of a job.
        workers_per_job: processes of one thread and one core each in a job.
        account: to charge.
        setup: lines of the job script before the workers start, such as ``"module load orca"``.
        options: passed on to ``dask_jobqueue.SLURMCluster``.

    Returns:
        The cluster. ``cluster.job_script()`` is what SLURM gets; ``cluster.scale(jobs=20)``
        submits; ``label(..., client=Client(cluster))`` works there. The folder of the store must be
        on a file system that the nodes share.

    Example:
        >>> with slurm_cluster(queue="short", walltime="02:00:00", port=0) as cluster:
        ...     script = cluster.job_script()
        >>> "#SBATCH -p short" in script, "#SBATCH -t 02:00:00" in script
        (True, True)
        >>> "export OMP_NUM_THREADS=1" in script
        True
    """
    import dask
    from dask_jobqueue import SLURMCluster

    port = options.pop("port", None)
    scheduler = options.pop("scheduler_options", {}) | {"dashboard_address": ":0"}
    with dask.config.set(_ONE_JOB):
        return SLURMCluster(
            queue=queue,
            walltime=walltime,
            memory=memory,
            cores=workers_per_job,
            processes=workers_per_job,
            account=account,
            job_script_prologue=[
                *(f"export {name}={value}" for name, value in worker_environment().items()),
                *setup,
            ],
            scheduler_options=scheduler | ({} if port is None else {"port": port}),
            **options,
        )


def worker_environment() -> dict[str, str]:
    """Environment variables with which a worker starts."""
    environment = ONE_THREAD | {"GLIBC_TUNABLES": os.environ.get("GLIBC_TUNABLES", _KEEP_MEMORY)}
    if _has_avx2():
        environment["OPENBLAS_CORETYPE"] = os.environ.get("OPENBLAS_CORETYPE", "Haswell")
    return environment


def _has_avx2() -> bool:
    """Tell whether to name the processor to the old OpenBLAS inside PySCF.

    OpenBLAS 0.3.3 does not know newer processors and falls back to SSE code, at a third of the
    speed in matrix products. Any processor with AVX2 runs what it has for "Haswell".
    """
    flags = Path("/proc/cpuinfo")
    return flags.exists() and " avx2 " in flags.read_text(encoding="utf-8")
