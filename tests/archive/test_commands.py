"""`geo parse` and `geo map` with datasets, files of events and many workers."""

from __future__ import annotations

import filecmp
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from geo import cli
from geo.archive import read_dataset
from geo.formats import read_events
from tests.archive.archives import write_archive

pytest.importorskip("pyarrow")

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def geo(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs the command in this process, in an empty folder; returns its exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    write_archive(tmp_path / "news.jsonl", 24)

    def run(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["geo", *args])
        with pytest.raises(SystemExit) as exit_:
            cli.main()
        captured = capsys.readouterr()
        return int(exit_.value.code or 0), captured.out, captured.err

    return run


def test_maps_of_a_dataset_are_those_of_its_articles(geo: Run) -> None:
    assert geo("parse", "news.jsonl", "-o", "events/", "--workers", "2")[0] == 0
    assert geo("map", "events/", "--out", "a")[0] == 0
    assert geo("map", "news.jsonl", "--out", "b")[0] == 0
    assert geo("map", "b/events.geojson", "--out", "c")[0] == 0
    pages = sorted(path.name for path in Path("b").glob("*.html"))
    assert "all.html" in pages
    assert filecmp.cmpfiles("a", "b", pages, shallow=False) == (pages, [], [])
    assert filecmp.cmpfiles("c", "b", pages, shallow=False) == (pages, [], [])


def test_events_of_workers_and_of_a_dataset_are_those_of_one_process(geo: Run) -> None:
    for command in (
        ("news.jsonl", "-o", "a.geojson"),
        ("news.jsonl", "-o", "b.geojson", "--workers", "2"),
        ("news.jsonl", "-o", "events"),
        ("events", "-o", "c.geojson"),
    ):
        assert geo("parse", *command)[0] == 0
    assert Path("a.geojson").read_bytes() == Path("b.geojson").read_bytes() == Path("c.geojson").read_bytes()


def test_a_dataset_goes_on_and_says_so(geo: Run) -> None:
    first = geo("parse", "news.jsonl", "-o", "events/")
    second = geo("parse", "news.jsonl", "-o", "events/")
    assert first[1].startswith("24 documents, ")
    assert "1 of 1 partition had been read before; --fresh" in second[1]
    assert first[1].splitlines()[:2] == second[1].splitlines()[:2]
    assert "read before" not in geo("parse", "news.jsonl", "-o", "events/", "--fresh")[1]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("parse", "-", "-o", "out/"), "standard input cannot be read in parts"),
        (("parse", "events", "-o", "out/"), "a dataset is written from articles"),
        (("map", "events", "news.jsonl"), "events, among articles"),
        (("map", "none.parquet"), "no such file of events"),
        (("parse", "news.jsonl", "-o", "events", "--date", "2001"), "begun with other settings"),
        (("parse", "news.jsonl", "-o", "."), "holds other files"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(geo: Run, args: tuple[str, ...], words: str) -> None:
    geo("parse", "news.jsonl", "-o", "events")
    code, out, err = geo(*args)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert words in err
    assert not Path("out").exists()


def test_an_unfinished_dataset_is_not_drawn(geo: Run) -> None:
    geo("parse", "news.jsonl", "-o", "events")
    manifest = Path("events/_geo/manifest.json")
    lines = [line for line in manifest.read_text().splitlines() if '"joined"' not in line]
    manifest.write_text("\n".join(lines))
    assert "was stopped; give the same geo parse again" in geo("map", "events")[2]
    assert geo("parse", "news.jsonl", "-o", "events")[0] == 0
    assert geo("map", "events")[0] == 0


def test_without_pyarrow_the_remedy_is_named(geo: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert "pip install 'geo-news[parquet]'" in geo("parse", "news.jsonl", "-o", "events")[2]
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert "geo-news[dask]" in geo("parse", "news.jsonl", "--scheduler", "tcp://127.0.0.1:1")[2]


def test_a_page_holds_the_most_reported_events_and_says_so(geo: Run) -> None:
    code, out, _ = geo("map", "news.jsonl", "--out", "maps", "--max-page", "3")
    assert code == 0
    assert "2021.html shows the 3 most reported of its" in out
    assert Path("maps/2021.html").stat().st_size < Path("maps/all.html").stat().st_size * 2
    events = read_events("maps/events.geojson")
    assert len(events) > 9  # the file has all


def test_an_article_over_the_limit_is_refused_and_named(geo: Run) -> None:
    Path("long.txt").write_text("Leaders met in Granada, Spain. " * 100, "utf-8")
    for extra in ((), ("--workers", "2")):
        code, _, err = geo("parse", "long.txt", "news.jsonl", "--max-article", "0.003", *extra)
        assert code == 1
        assert err.count("\n") == 1
        assert "long.txt: larger than 0.003 MB; split it into one file an article" in err
    assert geo("parse", "long.txt", "--max-article", "0.004", "-o", "out")[0] == 0
    assert len(read_dataset("out"))


def test_a_title_over_the_limit_is_refused_and_named(geo: Run) -> None:
    Path("long.md").write_text(f"---\ntitle: {'x' * 300}\n---\nLeaders met in Granada, Spain.", "utf-8")
    for extra in ((), ("--workers", "2")):
        code, _, err = geo("parse", "long.md", "news.jsonl", "--max-field", "200", *extra)
        assert code == 1
        assert err == "geo: left out: long.md: its title has 300 characters; shorten it or allow more with --max-field\n"
    assert geo("parse", "long.md")[0] == 0


def test_no_title_or_year_leads_out_of_the_folder(geo: Run, tmp_path: Path) -> None:
    rows = [
        {"id": "../../a", "title": "../../../evil", "source": "/etc/passwd", "url": "file:///x", "text": "Leaders met in Granada, Spain.", "date": day}
        for day in ("2021-03-04", "0001-01-01", "9998-12-31")
    ]
    Path("hostile.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    before = set(tmp_path.parent.rglob("*"))
    assert geo("parse", "hostile.jsonl", "-o", "events")[0] == 0
    assert geo("map", "events", "--out", "maps")[0] == 0
    assert geo("map", "hostile.jsonl", "--out", "maps2")[0] == 0
    made = {path.relative_to(tmp_path).parts[0] for path in set(tmp_path.parent.rglob("*")) - before}
    assert made == {"events", "maps", "maps2"}
