"""A folder of pages: what is in it, the same from run to run, and whole after whatever happens."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from geopandas import GeoDataFrame

from geo.errors import OutputError
from geo.maps import write_maps
from tests.maps import maps_sample
from tests.maps.conftest import Visit

YEARS = ("1994", "2022", "2023")


def contents(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def without(year: int) -> GeoDataFrame:
    events = maps_sample.events()
    return events[events["year"] != year]


def test_a_page_for_each_year_and_an_index(tmp_path: Path) -> None:
    written = write_maps(maps_sample.events(), tmp_path / "new" / "maps")
    assert [path.name for path in written] == [
        "index.html",
        *(f"{year}.html" for year in YEARS),
        "undated.html",
        "all.html",
    ]
    assert sorted(path.name for path in (tmp_path / "new" / "maps").iterdir()) == sorted(
        path.name for path in written
    )


def test_undated_and_all_only_when_needed(tmp_path: Path) -> None:
    events = maps_sample.events()
    assert [path.name for path in write_maps(events[events["year"] == 2023], tmp_path)] == [
        "index.html",
        "2023.html",
    ]
    assert [path.name for path in write_maps(events[events["year"].isna()], tmp_path)] == [
        "index.html",
        "undated.html",
    ]


def test_two_runs_are_the_same_to_the_byte(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_maps(maps_sample.events(), tmp_path / name)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    write_maps(maps_sample.events(), tmp_path / "here")
    _run("write_maps(maps_sample.events(), sys.argv[1])", tmp_path / "there", PYTHONHASHSEED="7").communicate(
        timeout=60
    )
    assert contents(tmp_path / "here") == contents(tmp_path / "there")


def test_stale_pages_go_and_foreign_files_stay(tmp_path: Path) -> None:
    write_maps(maps_sample.events(), tmp_path)
    foreign = {
        "1850.html": "<html><head></head>mine</html>",
        "notes.html": "mine",
        "README.md": "mine",
        ".2023-note.part.txt": "mine",
    }
    for name, text in foreign.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "1700.html").mkdir()
    written = write_maps(without(1994)[lambda table: table["year"].notna()], tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in written} | foreign.keys() | {
        "1700.html"
    }
    assert not (tmp_path / "1994.html").exists()
    assert all((tmp_path / name).read_text("utf-8") == text for name, text in foreign.items())


@pytest.mark.parametrize("step", ["fdopen", "replace", "chmod"])
def test_a_run_that_fails_in_the_middle_leaves_the_old_pages(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_maps(maps_sample.events(), tmp_path)
    before = contents(tmp_path)
    calls = 0
    real = getattr(os, step)

    def failing(*arguments: object, **keywords: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise OSError(28, "No space left on device")
        return real(*arguments, **keywords)

    monkeypatch.setattr(os, step, failing)
    with pytest.raises(OutputError, match="No space left on device"):
        write_maps(maps_sample.events().iloc[::-1], tmp_path)
    monkeypatch.undo()
    after = contents(tmp_path)
    assert after.keys() == before.keys(), "no half-written file is left, no page is lost"
    assert after["2023.html"] == before["2023.html"]


def test_an_interrupt_in_the_middle_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_maps(maps_sample.events(), tmp_path)
    before = contents(tmp_path)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_maps(without(2023), tmp_path)
    assert contents(tmp_path) == before


def test_a_killed_run_leaves_pages_whole_and_the_next_cleans_up(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    write_maps(maps_sample.events(), one)
    write_maps(maps_sample.events().iloc[::-1], other)
    good, out = {name: {digest} for name, digest in contents(one).items()}, tmp_path / "out"
    for name, digest in contents(other).items():
        good[name].add(digest)
    write_maps(maps_sample.events(), out)
    (out / ".2023-abcd1234.part").write_text("half", "utf-8")
    loop = (
        "tables = maps_sample.events(), maps_sample.events().iloc[::-1]\n"
        "print('started', flush=True)\n"
        "while True:\n for table in tables: write_maps(table, sys.argv[1])"
    )
    for delay in (0.02, 0.11, 0.23, 0.31):
        process = _run(loop, out)
        assert process.stdout
        assert process.stdout.readline() == b"started\n"
        time.sleep(delay)  # at some point of the writing, whichever
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        found = {name: digest for name, digest in contents(out).items() if not name.endswith(".part")}
        assert found.keys() == good.keys()
        assert all(digest in good[name] for name, digest in found.items())
    write_maps(maps_sample.events(), out)
    assert contents(out) == contents(one)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    for out in (tmp_path / "file", tmp_path / "file" / "maps"):
        with pytest.raises(OutputError) as raised:
            write_maps(maps_sample.events(), out)
        message = str(raised.value)
        assert "\n" not in message
        assert str(out) in message
        assert "--out" in message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        write_maps(maps_sample.events(), tmp_path)
    tmp_path.chmod(0o700)


def test_pages_may_be_read_by_others(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        written = write_maps(without(2022), tmp_path)
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in written} == {0o644}


def test_an_empty_table_makes_an_index_that_says_so(tmp_path: Path, visit: Visit) -> None:
    assert [path.name for path in write_maps(maps_sample.table([]), tmp_path)] == ["index.html"]
    assert "No event with a place" in visit(tmp_path / "index.html").locator("main").inner_text()


def test_events_without_a_geometry_are_put_nowhere(tmp_path: Path) -> None:
    nowhere = {**maps_sample.GORIS, "geometry": None}
    table = maps_sample.table([maps_sample.event(1, "aid", nowhere, "Tents.", "Goris")])
    assert [path.name for path in write_maps(table, tmp_path)] == ["index.html"]


def test_the_index_links_the_pages_and_counts_their_events(site: Path, visit: Visit) -> None:
    page = visit(site / "index.html")
    cards = page.locator("article")
    told = {}
    for card in cards.all():
        link = card.locator("h2 a")
        assert (site / str(link.get_attribute("href"))).is_file()
        told[link.inner_text()] = card.locator("strong").inner_text()
    # The place that is only named in the text is no event.
    assert told == {"1994": "1 event", "2022": "1 event", "2023": "14 events", "Undated": "1 event"}
    layers = cards.filter(has=page.get_by_role("link", name="2023", exact=True)).locator("li").all_inner_texts()
    assert "Meetings 4" in layers
    assert "Corridors 2" in layers
    assert page.get_by_role("link", name="All on one map").get_attribute("href") == "all.html"
    page.get_by_role("link", name="2023", exact=True).click()
    page.locator(".geo-ready").wait_for()
    assert page.locator("h1").inner_text() == "2023"


def test_the_index_has_a_bar_for_each_year_and_room_for_those_without(site: Path, visit: Visit) -> None:
    strip = visit(site / "index.html").get_by_role("navigation", name="Years")
    assert strip.locator("a, i").count() == 2023 - 1994 + 1
    assert [bar.get_attribute("href") for bar in strip.locator("a").all()] == ["1994.html", "2022.html", "2023.html"]
    assert strip.get_by_role("link", name="2023: 14 events").count() == 1


def test_pages_lead_to_the_years_before_and_after(site: Path, visit: Visit) -> None:
    page = visit(site / "2022.html")
    page.get_by_role("link", name="Previous: 1994").click()
    page.wait_for_url("**/1994.html*")
    page.locator(".geo-ready").wait_for()
    assert page.get_by_role("link", name="Previous").count() == 0
    page.get_by_role("link", name="All maps").click()
    page.wait_for_url("**/index.html")


def _run(code: str, out: Path, **environment: str) -> subprocess.Popen[bytes]:
    program = f"import sys\nfrom geo.maps import write_maps\nfrom tests.maps import maps_sample\n{code}"
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", program, str(out)],
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, **environment},
    )
