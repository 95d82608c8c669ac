"""What a reader takes along: the address of a view, the events shown as GeoJSON and as CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from playwright.sync_api import Page, expect

from geo.maps import write_maps
from tests.maps import maps_sample
from tests.maps.conftest import Visit, address, ready
from tests.maps.test_use import TOLD, layer, shows, spot


def seen(page: Page) -> dict[str, Any]:
    """What a reader sees of the page's state."""
    state: dict[str, Any] = page.evaluate("""async () => {
      const { map } = await GeoEvents.shown[0];
      return {
        zoom: map.getZoom(),
        layers: [...document.querySelectorAll("input[data-layer]")].map((box) => [box.dataset.layer, box.checked]),
        statuses: [...document.querySelectorAll("[data-status]")].map((chip) => chip.getAttribute("aria-pressed")),
        months: [...document.querySelectorAll(".geo-chart button")].map((bar) => bar.getAttribute("aria-pressed")),
        query: document.querySelector("[type=search]").value,
        summary: document.querySelector(".geo-summary").textContent,
        card: document.querySelector("[role=dialog]").hidden ? null : document.querySelector("[role=dialog]").textContent,
      };
    }""")
    return state


def test_a_copied_link_shows_the_same_on_another_page(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html", permissions=["clipboard-read", "clipboard-write"])
    layer(page, "Aid").uncheck()
    layer(page, "Places named").check()
    page.locator(".geo-statuses").get_by_role("button", name=re.compile("^denied")).click()
    page.get_by_role("button", name=re.compile("^September 2023")).click()
    page.get_by_role("searchbox").fill("blasts")
    shows(page, 1)
    page.mouse.click(*spot(page, "Stepanakert"))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_url(re.compile(r"v=5/"))
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.url
    before = seen(page)
    assert before["card"]
    assert before["query"] == "blasts"
    again = visit(site / "2023.html", f"#{address(page)}")
    expect(again.get_by_role("dialog")).to_be_visible()
    assert seen(again) == before


def test_a_link_shows_the_same_part_of_the_world(site: Path, visit: Visit) -> None:
    view = "v=5/44.465/7.734"
    page = visit(site / "2023.html", f"#{view}")
    page.get_by_role("checkbox", name=re.compile("^Aid")).uncheck()  # whatever writes the address
    page.wait_for_url(re.compile("off="))
    assert address(page).startswith(view)


def test_the_page_follows_an_address_that_is_typed(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html")
    page.evaluate("location.hash = '#q=granada&e=e-00000001'")
    shows(page, 1)
    expect(page.get_by_role("dialog")).to_contain_text("Thursday 5 October 2023")
    page.evaluate("location.hash = ''")
    shows(page, len(TOLD))
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_broken_address_shows_the_page_as_it_starts(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html", "#v=99/x/y&t=2023-13&e=%00&no=&%E0%A4%A&v=5/999/999&<script>")
    shows(page, len(TOLD))
    assert page.locator(".geo-event").count() == len(TOLD)
    for text in ("#v=NaN/1/1", "#t=9999-99..0000-00", "#v=3/91/0", "#%", "#v=400/10/10&t=2023-09..2023-08"):
        page.evaluate("(text) => { location.hash = text; }", text)
        shows(page, len(TOLD))


def test_geojson_of_what_is_shown_reads_back(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html")
    layer(page, "Meetings").uncheck()
    wanted = TOLD[TOLD["layer"] != "meetings"]
    with page.expect_download() as download:
        page.get_by_role("button", name="GeoJSON").click()
    assert download.value.suggested_filename == "events-2023.geojson"
    data = json.loads(Path(download.value.path()).read_bytes())
    assert sorted(feature["properties"]["id"] for feature in data["features"]) == sorted(wanted["id"])
    frame = gpd.read_file(
        io.BytesIO(json.dumps(data).encode()), engine="pyogrio", DATE_AS_STRING="YES"
    ).set_index("id")
    expected = wanted.set_index("id").loc[frame.index]
    assert frame.crs == expected.crs
    # rings may begin elsewhere and go the other way round
    assert frame.geometry.normalize().geom_equals_exact(expected.geometry.normalize(), 1e-5).all()
    columns = (
        "layer", "plover", "status", "start", "end", "precision", "date_text", "place", "place_id", "place_kind", "actors",
        "evidence", "mention", "doc_id", "doc_title", "doc_source", "doc_url", "doc_date", "reason", "mention_start",
        "mention_end", "mentions_count", "confidence",
    )  # fmt: skip
    for name in columns:
        assert frame[name].tolist() == expected[name].tolist(), name
    assert frame["year"].astype(int).tolist() == expected["year"].tolist()
    assert [json.loads(text) for text in frame["sources"]] == [
        json.loads(text) for text in expected["sources"]
    ]


def read_csv(page: Page) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")
    text = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_csv_of_what_is_shown_reads_back(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html")
    page.get_by_role("searchbox").fill("granada")
    shows(page, 1)
    (row,) = read_csv(page)
    event = TOLD[TOLD["place"] == "Granada"].iloc[0]
    for name in (
        "id",
        "layer",
        "status",
        "start",
        "end",
        "place",
        "evidence",
        "mention",
        "doc_url",
        "reason",
    ):
        assert row[name] == event[name]
    assert (float(row["lon"]), float(row["lat"])) == (-3.607, 37.188)
    assert len(json.loads(row["sources"])) == int(row["mentions_count"]) == 2


FORMULAS = (
    '=HYPERLINK("http://x.example","y")',
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    '"=1", "b"',
    "'=1",
    "a,b\nc",
)


def test_no_cell_of_the_csv_is_a_formula(tmp_path: Path, visit: Visit) -> None:
    names = (
        "evidence",
        "mention",
        "actors",
        "reason",
        "date_text",
        "doc_id",
        "doc_title",
        "doc_source",
        "doc_url",
        "country",
    )
    table = [
        maps_sample.event(number, "aid", {**maps_sample.GORIS, "place": text, "place_id": text}, text, text)
        | dict.fromkeys(names, text) | {"sources": ""}
        for number, text in enumerate(FORMULAS)
    ]  # fmt: skip
    write_maps(maps_sample.table(table), tmp_path)
    found = read_csv(visit(tmp_path / "2023.html"))
    assert len(found) == len(FORMULAS)
    told = set()
    for row in found:
        assert None not in row, "a text broke out of its cell"
        for name, value in row.items():
            if name not in {"lon", "lat"}:
                assert not value.startswith(("=", "+", "-", "@", "\t", "\r")), name
        told.add(row["evidence"].removeprefix("'"))
    assert {text.removeprefix("'") for text in FORMULAS} == told


def test_hostile_texts_read_back_from_both_files(hostile_site: Path, visit: Visit) -> None:
    page = visit(hostile_site / "2023.html")
    frame = maps_sample.hostile()
    assert {row["evidence"] for row in read_csv(page)} == set(frame["evidence"])
    with page.expect_download() as download:
        page.get_by_role("button", name="GeoJSON").click()
    data = json.loads(Path(download.value.path()).read_bytes())
    told = {(one["properties"]["evidence"], one["properties"]["doc_url"]) for one in data["features"]}
    assert told == set(zip(frame["evidence"], frame["doc_url"].replace("", None), strict=True))


@pytest.mark.parametrize("name", ["2023", "index"])
def test_a_page_works_in_a_frame(site: Path, visit: Visit, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "index.html"
    address = (site / f"{name}.html").as_uri()
    outside.write_text(f'<iframe src="{address}" width="900" height="600" title="map"></iframe>', "utf-8")
    frame = visit(outside).frame_locator("iframe")
    expect(frame.locator("h1")).to_be_visible()
    if name == "2023":
        ready(frame)
