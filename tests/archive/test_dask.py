"""A Dask cluster: its workers read, one is lost on the way, each event is there once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.archive.archives import ROOT, run, table, write_archive

pytest.importorskip("pyarrow")
pytest.importorskip("distributed")


def test_a_cluster_that_loses_a_worker_gives_each_event_once(tmp_path: Path) -> None:
    source = write_archive(tmp_path / "news.jsonl")
    command = [sys.executable, "-m", "tests.archive.dask_run", str(source), str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["60", "1", "False"]
    run(source, tmp_path / "whole")
    assert table(tmp_path / "out").equals(table(tmp_path / "whole"))
