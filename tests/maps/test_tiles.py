"""Online tiles: only where they were asked for, and only once the reader chooses them."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from geo.errors import FormatError
from geo.maps import find_tiles, write_maps
from tests.maps import maps_sample
from tests.maps.conftest import ready

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
ADDRESS = "https://tiles.example.org/{z}/{x}/{y}.png"


@pytest.mark.parametrize(
    ("wanted", "origin"),
    [
        (ADDRESS, "https://tiles.example.org"),
        ("https://{s}.tiles.example.org:8080/{z}/{x}/{y}.png?key=1", "https://*.tiles.example.org:8080"),
        ("http://localhost:8000/{z}/{x}/{y}.png", "http://localhost:8000"),
        ("OpenStreetMap.Mapnik", "https://tile.openstreetmap.org"),
    ],
)
def test_tiles_by_name_or_address(wanted: str, origin: str) -> None:
    assert find_tiles(wanted).origin == origin


@pytest.mark.parametrize(
    "wanted",
    [
        "nobody knows",
        "Thunderforest.Outdoors",  # wants a key
        "https://tiles.example.org/{z}/{x}.png",
        "javascript:alert({x}{y}{z})",
        "https://a.example; script-src *; x/{z}/{x}/{y}.png",
        "https://user@evil.example/{z}/{x}/{y}.png",
        "{z}{x}{y}",
        "",
    ],
)
def test_what_is_no_tiles_is_refused_in_a_line(wanted: str) -> None:
    with pytest.raises(FormatError) as error:
        find_tiles(wanted)
    assert "\n" not in str(error.value)


def test_nothing_is_asked_for_until_the_reader_chooses(browser: Browser, tmp_path: Path) -> None:
    write_maps(maps_sample.events(), tmp_path, tiles=ADDRESS)
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=PIXEL, content_type="image/png")

    context.route(re.compile("^https?:"), answer)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto((tmp_path / "2023.html").as_uri())
    ready(page)
    page.mouse.move(700, 400)
    page.mouse.wheel(0, -500)
    page.wait_for_timeout(300)
    assert asked == []
    page.get_by_label("tiles.example.org, online").check()
    expect(page.locator("img.leaflet-tile-loaded").first).to_be_attached()
    assert asked
    assert all(url.startswith("https://tiles.example.org/") for url in asked)
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("tiles.example.org")
    page.get_by_label("drawn, offline").check()
    expect(page.locator("img.leaflet-tile")).to_have_count(0)
    assert said == []
    context.close()


def test_a_page_without_tiles_names_no_server(site: Path) -> None:
    text = (site / "2023.html").read_text("utf-8")
    assert "img-src data:;" in text
    assert "geo-backdrop" in text, "the code is there"
    assert '"tiles":' not in text
