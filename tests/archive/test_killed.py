"""Runs that are killed: the next one goes on, and no event is lost or doubled."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pytest

from geo.archive import Processes
from geo.archive.reports import Record
from geo.archive.run import Job, read_partition
from geo.errors import OutputError
from tests.archive.archives import run, start, table, write_archive

pytest.importorskip("pyarrow")

KILLS = 20


def test_a_run_that_is_killed_twenty_times_loses_and_doubles_nothing(tmp_path: Path) -> None:
    source, out = write_archive(tmp_path / "news.jsonl"), tmp_path / "out"
    run(source, tmp_path / "whole")
    whole = table(tmp_path / "whole")
    begin = time.monotonic()
    assert start(source, out, 1, fresh=False).wait() == 0
    length = time.monotonic() - begin
    chance = random.Random(7)  # noqa: S311
    kills, fresh = 0, True
    while kills < KILLS:
        process = start(source, out, 1 + kills % 2, fresh=fresh)
        time.sleep(chance.uniform(0.1, 1.1) * length)
        finished = process.poll() is not None
        if finished:
            assert process.returncode == 0
            assert table(out).equals(whole)
        else:
            os.killpg(process.pid, signal.SIGKILL) if kills % 3 else process.kill()
            process.wait()
            kills += 1
        fresh = finished
    run(source, out)
    assert table(out).equals(whole)
    assert not [p for p in out.rglob("*") if p.suffix == ".part"]


def _die_once(job: Job) -> Record:
    """Reads a partition; the first process that comes to the third of them dies over it."""
    mark = Path(job.folder).parent / "died"
    if job.parts[0].line > 10 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return read_partition(job)


def _die(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def test_what_a_killed_worker_had_is_done_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = write_archive(tmp_path / "news.jsonl"), tmp_path / "out"
    run(source, tmp_path / "whole")
    monkeypatch.setattr("geo.archive.run.read_partition", _die_once)
    run(source, out, runner=Processes(2))
    assert (out / "_geo/died").exists()
    assert table(out).equals(table(tmp_path / "whole"))


def test_workers_that_die_again_and_again_end_the_run() -> None:
    with pytest.raises(OutputError, match="fewer --workers"):
        list(Processes(2).run(_die, [1, 2, 3]))


def _refuse(number: int) -> int:
    if number == 2:
        raise OutputError("no room")
    return number


def test_an_error_of_a_worker_is_the_run_s_and_leaves_no_process() -> None:
    with pytest.raises(OutputError, match="no room"):
        list(Processes(2).run(_refuse, [1, 2, 3]))
    assert multiprocessing.active_children() == []
