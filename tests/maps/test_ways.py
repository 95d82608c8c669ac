"""Ways and routes on the page: arcs from where people left, lines with their direction and the places they pass."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import geo
from geo.formats import read_events
from geo.maps import write_maps
from geo.table import COLUMNS
from tests.maps import maps_sample
from tests.maps.conftest import Visit
from tests.maps.test_forms import grave
from tests.maps.test_parts import call, parts  # noqa: F401  a fixture

FLED = {
    "destination": "Goris", "destination_id": "geonames:174895", "destination_lat": 39.508, "destination_lon": 46.340,
}  # fmt: skip
STOPS = [{"name": "Goris", "lon": 46.340, "lat": 39.508}, {"name": "Tegh", "lon": 46.46, "lat": 39.55}]
ONE_WAY = {**maps_sample.LACHIN, "direction": "Goris→Stepanakert", "waypoints": json.dumps(STOPS)}
BOTH_WAYS = {**maps_sample.ZANGEZUR, "direction": "Horadiz↔Nakhchivan"}


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = [
        maps_sample.event(1, "displacement", maps_sample.STEPANAKERT, "They fled Stepanakert for Goris.", "Stepanakert", **FLED),
        maps_sample.event(2, "displacement", maps_sample.STEPANAKERT, "More fled to Goris.", "Stepanakert", status="planned", start="2023-09-25", **FLED),
        maps_sample.event(3, "corridors", ONE_WAY, "The road was open one way.", "road"),
        maps_sample.event(4, "corridors", BOTH_WAYS, "A road across the south.", "road", status="proposed"),
    ]  # fmt: skip
    folder = tmp_path_factory.mktemp("ways")
    write_maps(maps_sample.table(rows), folder)
    return folder / "2023.html"


def test_axe_finds_nothing_serious_in_arcs_and_stops(ways: Path, visit: Visit) -> None:
    page = visit(ways, "#v=9/39.6/46.5&e=e-00000001")
    expect(page.locator(".geo-card")).to_be_visible()
    assert grave(page) == []


def test_where_people_went_is_an_arc(ways: Path, visit: Visit) -> None:
    page = visit(ways)
    arc = page.locator("path.geo-arc")
    expect(arc).to_have_count(1)
    assert arc.get_attribute("aria-label") == "Stepanakert → Goris"
    assert arc.get_attribute("stroke-dasharray") is None, "it happened, so the arc is solid"
    arc.focus()
    page.keyboard.press("Enter")
    card = page.locator(".geo-card")
    expect(card).to_contain_text("to Goris")
    expect(card).to_contain_text("They fled Stepanakert for Goris.")


def test_an_arc_goes_with_its_events(ways: Path, visit: Visit) -> None:
    page = visit(ways)
    page.locator("[data-status=occurred]").click()
    expect(page.locator("path.geo-arc")).to_have_attribute("stroke-dasharray", "7 5")
    page.locator("input[data-layer=displacement]").uncheck()
    expect(page.locator("path.geo-arc")).to_have_count(0)


def test_both_ends_of_a_way_are_in_the_first_view(tmp_path: Path, visit: Visit) -> None:
    far = {"destination": "Tehran", "destination_lat": 35.694, "destination_lon": 51.421}
    row = maps_sample.event(1, "displacement", maps_sample.STEPANAKERT, "They fled to Tehran.", "Tehran", **far)
    write_maps(maps_sample.table([row]), tmp_path)
    page = visit(tmp_path / "2023.html")
    names = page.locator(".geo-name-event, .geo-name-named")
    expect(names.filter(has_text="Stepanakert")).to_be_visible()
    expect(names.filter(has_text="Tehran")).to_be_visible()


def test_a_line_shows_its_stops_from_near_only(ways: Path, visit: Visit) -> None:
    far = visit(ways, "#v=6.5/39.6/46.5")
    expect(far.locator("path.geo-stop")).to_have_count(0)
    near = visit(ways, "#v=9/39.6/46.5")
    expect(near.locator("path.geo-stop")).to_have_count(2)
    expect(near.locator(".geo-name-stop", has_text="Tegh")).to_be_visible()


def test_a_line_that_leads_one_way_has_arrows(ways: Path, visit: Visit) -> None:
    page = visit(ways, "#v=9/39.6/46.5")
    arrows = page.locator("path.geo-arrows")
    expect(arrows).to_have_count(1)
    assert (arrows.get_attribute("d") or "").count("M") >= 2
    page.locator("path.geo-line:not(.geo-arc)").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".geo-facts")).to_contain_text("→")


@pytest.mark.parametrize(
    ("start", "end"), [((39.8, 46.7), (39.5, 46.3)), ((10.0, 170.0), (12.0, -170.0)), ((-80.0, 0.0), (89.0, 1.0))]
)
def test_an_arc_joins_its_ends_the_short_way(parts: Page, start: tuple[float, float], end: tuple[float, float]) -> None:  # noqa: F811
    points: list[dict[str, float]] = call(parts, "Arcs.curve(given[0], given[1]).map(({ lat, lng }) => ({ lat, lng }))", start, end)
    assert math.isclose(points[0]["lat"], start[0], abs_tol=1e-6)
    assert math.isclose(points[0]["lng"], start[1], abs_tol=1e-6)
    assert math.isclose((points[-1]["lng"] - end[1]) % 360, 0, abs_tol=1e-6)
    steps = [abs(b["lng"] - a["lng"]) for a, b in pairwise(points)]
    assert max(steps) < 20


def test_arrows_stand_at_even_distances(parts: Page) -> None:  # noqa: F811
    found = call(parts, "Routes.along([{x: 0, y: 0}, {x: 100, y: 0}, {x: 100, y: 100}], 50)")
    assert [(round(one["x"]), round(one["y"])) for one in found] == [(25, 0), (75, 0), (100, 25), (100, 75)]
    assert [round(one["angle"], 3) for one in found] == [0, 0, 1.571, 1.571]
    assert call(parts, "Routes.along([{x: 0, y: 0}, {x: 10, y: 0}], 50)") == []
    assert call(parts, "Routes.along([{x: 5, y: 5}, {x: 5, y: 5}], 50)") == []


@pytest.mark.parametrize(
    ("direction", "one_way"), [("A→B", True), ("A↔B", False), ("A→B→C", True), ("", False), (None, False)]
)
def test_which_lines_lead_one_way(parts: Page, direction: str | None, one_way: bool) -> None:  # noqa: F811
    assert call(parts, "Routes.oneWay(given[0])", direction) is one_way


HOSTILE_STOPS = ["no json", '{"a": 1}', '[{"name": "x"}]', '[{"name": "x", "lat": "<b>", "lon": 1}]', "[1]", "null"]


@pytest.mark.parametrize("waypoints", HOSTILE_STOPS)
def test_waypoints_of_another_form_are_left_out(tmp_path: Path, visit: Visit, waypoints: str) -> None:
    row = maps_sample.event(1, "corridors", {**maps_sample.LACHIN, "waypoints": waypoints}, "It rained.", "It")
    write_maps(maps_sample.table([row]), tmp_path)
    expect(visit(tmp_path / "2023.html").locator("path.geo-stop")).to_have_count(0)


def test_what_the_page_saves_is_an_event_table(tmp_path: Path, visit: Visit) -> None:
    """The GeoJSON of the page can be read by geo again, and holds what the table held."""
    events = geo.parse("seeds/05-karabakh-assault-exodus.md")
    write_maps(events, tmp_path)
    page = visit(tmp_path / "2023.html")
    page.get_by_role("button", name="All", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="GeoJSON").click()
    path = tmp_path / "saved.geojson"
    download.value.save_as(path)
    saved = read_events(path).set_index("id")
    told = events[events["year"] == 2023].set_index("id").loc[saved.index]
    assert len(saved) == len(told) > 5
    rounded = {"sources", "waypoints", "destination_lon", "destination_lat", "confidence", "mention_start", "mention_end"}
    for name in set(COLUMNS) - {"id"} - rounded:
        ours, theirs = told[name].astype(object), saved[name].astype(object)
        assert ours.where(ours.notna(), "").tolist() == theirs.where(theirs.notna(), "").tolist(), name
    for name in ("destination_lon", "destination_lat", "confidence"):
        assert saved[name].tolist() == pytest.approx(told[name].tolist(), abs=1e-3, nan_ok=True)
    for name in ("sources", "waypoints"):
        assert (saved[name].fillna("") != "").tolist() == (told[name].fillna("") != "").tolist()


def test_the_saved_columns_are_those_of_the_table(parts: Page) -> None:  # noqa: F811
    columns: Any = call(parts, "Save.COLUMNS")
    assert columns == list(COLUMNS)


def test_a_corrected_mark_says_so(tmp_path: Path, visit: Visit) -> None:
    row = maps_sample.event(1, "meetings", maps_sample.GRANADA, "They met in Granada.", "Granada", correction="place; the one in Spain")
    write_maps(maps_sample.table([row]), tmp_path)
    page = visit(tmp_path / "2023.html")
    page.locator(".geo-event").click()
    expect(page.locator(".geo-card")).to_contain_text("Corrected by hand: place; the one in Spain")
