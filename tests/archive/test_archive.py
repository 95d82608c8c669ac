"""Archives in parts: the same events as in one piece, whatever the parts; what is done stays done."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest

import geo
from geo.archive import Processes, find_events_by, parse_archive, read_dataset, reading, years
from geo.archive.codec import Decoder, encode
from geo.archive.manifest import locked
from geo.archive.reports import MAGIC
from geo.archive.run import Job, read_partition
from geo.documents import read_documents
from geo.documents.parts import find_parts, metadata_of, read_part
from geo.errors import DocumentError, GazetteerError, NothingToReadError, OutputError
from geo.events import Unplaced
from geo.pipeline import Reading, events_of, open_gazetteer, read, triggers_with
from geo.table import to_frame
from tests.archive.archives import ROOT, articles, run, table, write_archive, write_files

pq = pytest.importorskip("pyarrow.parquet")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "news.jsonl")


@pytest.mark.parametrize("size", [1, 700, 3000, 10**6])
def test_parts_of_any_size_give_the_events_of_the_whole(source: Path, tmp_path: Path, size: int) -> None:
    run(source, tmp_path / "out", size=size)
    assert read_dataset(tmp_path / "out").equals(geo.parse(source))


@pytest.mark.parametrize("size", [1000, 6000, 10**6])
def test_the_seeds_in_parts_give_the_events_of_the_whole(tmp_path: Path, size: int) -> None:
    run(ROOT / "seeds", tmp_path / "out", size=size)
    assert read_dataset(tmp_path / "out").equals(geo.parse(ROOT / "seeds"))


def test_without_merging_too(source: Path, tmp_path: Path) -> None:
    parse_archive([source], tmp_path / "out", reading(merged=False), part_size=900)
    assert read_dataset(tmp_path / "out").equals(geo.parse(source, merge=False))


def test_more_reports_than_memory_should_hold_are_joined_in_turn(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.archive.run.BUCKET", 500)
    monkeypatch.setattr("geo.archive.run.ROWS", 20)
    run(source, tmp_path / "out")
    parts = list((tmp_path / "out").glob("year=2021/*.parquet"))
    assert len(parts) > 2
    whole = geo.parse(source).sort_values("id", ignore_index=True)
    assert table(tmp_path / "out").equals(whole)
    assert whole["group"].str.len().gt(0).any()  # groups reach over the parts


def test_processes_give_the_same(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "out", runner=Processes(2))
    whole = geo.parse(source)
    assert read_dataset(tmp_path / "out").equals(whole)
    events, counts = find_events_by([source], reading(), Processes(2))
    assert to_frame(events).equals(whole)
    assert counts.documents == 60


def test_a_year_is_a_folder_that_any_tool_reads(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(source, out)
    assert years(out) == [2021, 2022, 2023]
    frame = gpd.read_parquet(out)
    assert frame.crs.to_epsg() == 4326
    assert len(frame) == len(geo.parse(source))
    assert sorted(set(frame["year"])) == [2021, 2022, 2023]
    assert b"geo" in pq.read_schema(next(out.glob("year=2021/*.parquet"))).metadata


def test_undated_events_have_a_folder_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Leaders met in Granada, Spain.", "utf-8")
    run(tmp_path / "a.txt", tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").glob("year=*")] == ["year=undated"]
    assert read_dataset(tmp_path / "out")["year"].isna().all()


# --- going on ------------------------------------------------------------------------------------------------------


def test_a_second_run_reads_only_what_is_missing(tmp_path: Path) -> None:
    news, out = write_files(tmp_path / "news"), tmp_path / "out"
    run(news, out, size=300)
    (news / "b.txt").write_text("Rebels attacked Goma on 3 March 2020.", "utf-8")
    total = run(news, out, size=300)
    assert total.partitions - total.before == 1
    assert table(out).equals(geo.parse(news).sort_values("id", ignore_index=True))
    again = run(news, out)
    assert again.before == again.partitions
    assert again.layers == total.layers


def test_changed_and_removed_input_leaves_nothing_behind(tmp_path: Path) -> None:
    news, out = write_files(tmp_path / "news"), tmp_path / "out"
    run(news, out, size=300)
    (news / "a3.txt").unlink()
    (news / "a5.txt").write_text("Rebels attacked Goma on 3 March 1999.", "utf-8")
    notices: list[str] = []
    parse_archive([news], out, reading(), part_size=300, notice=notices.append)
    assert table(out).equals(geo.parse(news).sort_values("id", ignore_index=True))
    assert "changed or no longer" in notices[0]


def test_other_settings_are_refused_and_fresh_starts_over(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(source, out)
    other = reading(date="2020-01-01")
    with pytest.raises(OutputError, match=r"--date none → 2020-01-01.*--fresh"):
        parse_archive([source], out, other)
    assert parse_archive([source], out, other, fresh=True).before == 0


@pytest.mark.parametrize("damage", [b"", MAGIC, b"\0" * 400, MAGIC + b"x" * 400])
def test_damaged_reports_are_made_again(source: Path, tmp_path: Path, damage: bytes) -> None:
    out = tmp_path / "out"
    run(source, out)
    report = next((out / "_geo/reports").glob("*.reports"))
    report.write_bytes(damage or report.read_bytes()[:-5])
    total = run(source, out)
    assert total.partitions - total.before == 1
    assert table(out).equals(geo.parse(source).sort_values("id", ignore_index=True))


def test_two_partitions_with_one_part_count_it_once(source: Path, tmp_path: Path) -> None:
    """What a worker that was taken for dead may leave."""
    out = tmp_path / "out"
    run(source, out)
    parts = tuple(find_parts([source], size=1500))
    read_partition(Job(str(out / "_geo/reports"), parts[:2], reading(), 1))
    run(source, out)
    assert table(out).equals(geo.parse(source).sort_values("id", ignore_index=True))


def test_what_is_not_ours_is_left_alone(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "year=2021").mkdir(parents=True)
    (out / "year=2021" / "mine.parquet").write_text("mine")
    for fresh in (False, True):
        with pytest.raises(OutputError, match="holds other files"):
            run(source, out, fresh=fresh)
    assert (out / "year=2021" / "mine.parquet").read_text() == "mine"


def test_a_folder_is_written_by_one_run_at_a_time(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(source, out)
    with locked(out), pytest.raises(OutputError, match="another run"):
        run(source, out)


def test_nothing_to_read_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("   ", "utf-8")
    for path in ("-", tmp_path / "none", tmp_path / "a.txt"):
        with pytest.raises(NothingToReadError):
            parse_archive([path], tmp_path / "out", reading())
    with pytest.raises(NothingToReadError, match="empty"):
        parse_archive([tmp_path / "a.txt"], tmp_path / "out", reading())


def test_workers_need_the_same_gazetteer(source: Path, tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="install the same geo on every worker"):
        parse_archive([source], tmp_path / "out", replace(reading(), stamp="other"))


def test_what_cannot_be_read_is_counted_and_named(tmp_path: Path) -> None:
    lines = [json.dumps(row) for row in articles(20)]
    lines[7] = "{"
    (tmp_path / "news.jsonl").write_text("\n".join(lines), "utf-8")
    total = run(tmp_path / "news.jsonl", tmp_path / "out", size=400)
    assert total.counts.documents == 19
    assert [failure[:13] for failure in total.counts.failures] == ["news.jsonl:8:"]


# --- parts and blocks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 37, 500, 10**6])
@pytest.mark.parametrize("end", ["\n", ""])
def test_parts_hold_each_line_once_and_know_its_number(tmp_path: Path, size: int, end: str) -> None:
    path = tmp_path / "n.jsonl"
    lines = [json.dumps({"text": f"Article {i} — é"}, ensure_ascii=False) for i in range(30)]
    path.write_text("\n".join([*lines[:9], "", "  ", *lines[9:]]) + end, "utf-8")
    parts = list(find_parts([path], size=size))
    assert [p.start for p in parts[1:]] == [p.end for p in parts[:-1]]
    assert [d for p in parts for d in read_part(p, metadata_of(None))] == list(read_documents([path]))


def test_a_file_that_changes_while_it_is_read_is_an_error(source: Path) -> None:
    part = next(find_parts([source], size=500))
    os.utime(source, (1, 1))
    with pytest.raises(DocumentError, match="changed while"):
        list(read_part(part, metadata_of(None)))


def test_events_survive_their_way_through_a_file() -> None:
    gazetteer = open_gazetteer()
    triggers = triggers_with(gazetteer)
    events = [
        event
        for reading in read(read_documents([ROOT / "seeds"]), gazetteer)
        if isinstance(reading, Reading)
        for event in events_of(reading, triggers)
        if not isinstance(event, Unplaced)
    ]
    again = Decoder().decode(encode(events))
    assert to_frame(again).equals(to_frame(events))
    assert [(e.when, e.actors, e.evidence, e.group) for e in again] == [
        (e.when, e.actors, e.evidence, e.group) for e in events
    ]
