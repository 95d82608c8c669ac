"""Who does the work: this process, processes of this machine, or the workers of a Dask cluster.

Each runs a function over jobs and gives the results as they come, each job's once, in no order. Functions and jobs are
sent to other processes, so both are small: paths, not articles; a worker opens what it needs once.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from geo.errors import FormatError, OutputError

Job = TypeVar("Job")
Result = TypeVar("Result")
TRIES = 3  # of a job whose worker is lost


class Runner(Protocol):
    """Runs `task` over jobs; results come as they are done. Errors of a task are raised, lost workers' jobs done again."""

    def run(self, task: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """The result of each job, in no order."""
        ...


class Serial:
    """This process, one job after the other."""

    def run(self, task: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """The results, in order."""
        yield from map(task, jobs)


class Processes:
    """`workers` processes of this machine, which end when this one does."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def run(self, task: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """The results as they come. Raises OutputError when workers are lost again and again and nothing gets done."""
        left, losses = dict(enumerate(jobs)), 0
        while left:
            done = 0
            try:
                for number, result in self._run(task, left):
                    done += 1
                    del left[number]
                    yield result
            except BrokenProcessPool:
                losses = 1 if done else losses + 1
                if losses >= TRIES:
                    raise OutputError(
                        "worker processes were killed again and again, most likely for want of memory; give fewer --workers"
                    ) from None

    def _run(self, task: Callable[[Job], Result], jobs: dict[int, Job]) -> Iterator[tuple[int, Result]]:
        others = set(multiprocessing.active_children())
        context = multiprocessing.get_context("spawn")  # fork would copy locks and open files
        pool = ProcessPoolExecutor(min(self.workers, len(jobs)), context, initializer=_follow)
        try:
            waiting = {pool.submit(task, job): number for number, job in jobs.items()}
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    number = waiting.pop(future)
                    yield number, future.result()
        except BaseException:
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _follow() -> None:
    """In a worker: leave Ctrl-C to the parent, and end when the parent does, however that ends."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


class Dask:
    """The workers of the Dask cluster whose scheduler is at `address` (tcp://host:8786, or a scheduler file).

    They need the same version of geo, and the same paths to the articles, to the folder of results and to the gazetteer.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def run(self, task: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
        """The results as they come. Raises OutputError when the scheduler is out of reach or a job kills its workers."""
        try:
            from distributed import CancelledError, KilledWorker, as_completed  # noqa: PLC0415
        except ImportError:
            raise FormatError("--scheduler needs Dask: pip install 'geo-news[dask]'") from None
        with self._connect() as client:
            tries: Counter[int] = Counter()
            numbers: dict[str, int] = {}

            def submit(number: int) -> Any:
                tries[number] += 1
                future = client.submit(task, jobs[number], key=f"geo-{uuid4().hex}", pure=False)
                numbers[future.key] = number
                return future

            futures = as_completed([submit(number) for number in range(len(jobs))], loop=client.loop)
            for future in futures:
                number = numbers.pop(future.key)
                try:
                    result = future.result()
                except (KilledWorker, CancelledError):
                    if tries[number] == TRIES:
                        raise OutputError(
                            f"workers of {self.address} died over the same articles again and again, most likely for want of memory"
                        ) from None
                    futures.add(submit(number))
                    continue
                yield result

    def _connect(self) -> Any:
        from distributed import Client  # noqa: PLC0415

        try:
            return Client(self.address, timeout="20s", set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            raise OutputError(f"{self.address}: no Dask scheduler can be reached ({error}); check --scheduler") from None


def runner_for(workers: int = 1, scheduler: str | None = None) -> Runner:
    """The cluster at `scheduler` if one is named, else so many processes."""
    if scheduler:
        return Dask(scheduler)
    return Processes(workers) if workers > 1 else Serial()
