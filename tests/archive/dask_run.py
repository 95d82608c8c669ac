"""A run over an archive by the workers of a local Dask cluster, one of which is killed on the way: SOURCE OUT.

A process of its own, for a cluster speaks over TCP, which is blocked in tests.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from distributed import Client, LocalCluster

from geo.archive import Dask, parse_archive, reading


def main(source: str, out: str) -> None:
    """Kill a worker when the first partition is done; print how many workers there have been."""
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        with Client(cluster) as client:
            pids = client.run(os.getpid)
        killed: list[int] = []

        def progress(done: int, of: int) -> None:
            if done and not killed:
                killed.append(pids.popitem()[1])
                os.kill(killed[0], signal.SIGKILL)

        total = parse_archive(
            [Path(source)], out, reading(), runner=Dask(cluster.scheduler_address), part_size=1500, progress=progress
        )
        with Client(cluster) as client:
            client.wait_for_workers(2, timeout=60)
            left = set(client.run(os.getpid).values())
        print(total.counts.documents, len(killed), killed[0] in left)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
