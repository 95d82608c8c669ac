"""The layer on a folium map of the user's own, in a file and in a notebook."""

from __future__ import annotations

import re
from pathlib import Path

import folium
import pytest
from folium.plugins import Fullscreen
from playwright.sync_api import Browser, BrowserContext, Route, expect

from geo.maps import EventLayer
from geo.maps.page import LEAFLET, OfflineMap, Page, Verbatim
from tests.maps import maps_sample
from tests.maps.conftest import ready
from tests.maps.maps_sample import HOSTILE


@pytest.fixture
def online(browser: Browser) -> BrowserContext:
    """A browser for which folium's links are answered: Leaflet from the package, the rest with nothing."""
    context = browser.new_context(reduced_motion="reduce")

    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        known = LEAFLET / name
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        route.fulfill(
            body=known.read_text("utf-8") if name in {"leaflet.js", "leaflet.css"} else "", content_type=kind
        )

    context.route(re.compile("^https?:"), answer)
    return context


def test_on_a_map_of_ones_own(online: BrowserContext, tmp_path: Path) -> None:
    own = folium.Map(tiles=None)
    layer = EventLayer(maps_sample.events(), title="My events")
    assert layer.add_to(own) is layer
    own.save(tmp_path / "own.html")
    with online:
        page = online.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((tmp_path / "own.html").as_uri())
        ready(page)
        expect(page.locator("h1")).to_have_text("My events")
        expect(page.locator(".geo-summary")).to_have_text(re.compile("^17 events"))
        assert page.locator("path.geo-line").count() == 2
        assert page.get_by_role("navigation").count() == 0, "no other pages to go to"
        assert [error for error in errors if "L.AwesomeMarkers" not in error] == []


def test_in_a_notebook(online: BrowserContext, tmp_path: Path) -> None:
    own = folium.Map(tiles=None, height=600)
    EventLayer(maps_sample.hostile()).add_to(own)
    shown = own._repr_html_()
    assert "<iframe" in shown
    assert "{{7*7}}" in shown
    (tmp_path / "cell.html").write_text(f"<!DOCTYPE html><meta charset=utf-8>{shown}", "utf-8")
    with online:
        page = online.new_page()
        page.goto((tmp_path / "cell.html").as_uri())
        frame = page.frame_locator("iframe")
        ready(frame)
        expect(frame.locator(".geo-summary")).to_have_text(re.compile(f"^{2 * len(HOSTILE)} events"))
        assert page.evaluate("window.owned === undefined")
        assert frame.locator("h1").evaluate("() => window.owned === undefined")


def test_two_layers_of_which_each_has_its_own_data() -> None:
    own = folium.Map(tiles=None)
    events = maps_sample.events()
    for part in (events.iloc[:3], events.iloc[3:]):
        EventLayer(part).add_to(own)
    text = own.get_root().render()
    blocks = re.findall(r'<script type="application/json" id="([^"]*)"', text)
    assert len(set(blocks)) == 2
    assert text.count("window.GeoEvents = {") == 1, "the script is there once"


def test_rendered_twice_is_the_same() -> None:
    own = OfflineMap("Once")
    EventLayer(maps_sample.events(), basemap=True).add_to(own)
    assert own.get_root().render() == own.get_root().render()


def test_rows_do_as_well_as_a_table() -> None:
    rows = [maps_sample.event(1, "aid", maps_sample.GORIS, "Tents.", "Goris")]
    assert EventLayer(rows).blocks == EventLayer(maps_sample.table(rows)).blocks


def test_a_layer_on_no_map_says_so() -> None:
    with pytest.raises(TypeError, match=r"add it to a folium\.Map"):
        EventLayer(maps_sample.events()).render()


def test_a_page_refuses_what_it_would_have_to_fetch() -> None:
    own = OfflineMap("With a plugin")
    Fullscreen().add_to(own)  # type: ignore[no-untyped-call]
    with pytest.raises(LookupError, match="would be fetched from the network"):
        own.get_root().render()


@pytest.mark.parametrize("text", HOSTILE)
def test_verbatim_markup_comes_out_as_it_went_in(text: str) -> None:
    page = Page("title")
    page.html.add_child(Verbatim(text))
    assert Verbatim(text).render() == text
    assert text in page.render()
