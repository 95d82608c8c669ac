"""The page in the dark, on a phone, on paper and for those who do not see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from geo.maps.payload import legend
from tests.maps.conftest import Visit

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
CARD = "#e=e-00000001"
OVERFLOWING = """() => [...document.querySelectorAll("body *")].filter((node) => {
  if (node.closest(".leaflet-pane, .leaflet-control-container, .geo-hidden, [hidden]")) return false;
  const { left, right, width } = node.getBoundingClientRect();
  return width > 0 && (left < -0.5 || right > innerWidth + 0.5);
}).map((node) => node.outerHTML.slice(0, 120))"""


def colour(page: Page, selector: str, name: str = "backgroundColor") -> str:
    return str(page.locator(selector).first.evaluate("(node, name) => getComputedStyle(node)[name]", name))


def test_dark_where_the_reader_wants_dark(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html", CARD, color_scheme="dark")
    dark = {
        one: (colour(page, one), colour(page, one, "color"))
        for one in (".geo-panel", ".geo-card", ".geo-map")
    }
    ink = page.evaluate("GeoEvents.parts.Symbols.colour('meetings')")
    land = page.evaluate("document.querySelector('.leaflet-geo-ground-pane canvas').toDataURL().length")
    page.emulate_media(color_scheme="light")
    assert ink == next(one["dark"] for one in legend()["layers"] if one["id"] == "meetings")
    assert page.evaluate("GeoEvents.parts.Symbols.colour('meetings')") != ink
    assert land > 0
    for selector, (paper, text) in dark.items():
        assert colour(page, selector) != paper, selector
        assert colour(page, selector, "color") != text, selector
        assert sum(map(int, re.findall(r"\d+", paper)[:3])) < 200, selector


def test_a_phone_has_the_panel_as_a_sheet_at_the_bottom(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html", **PHONE)
    panel = page.locator(".geo-panel")
    handle = page.get_by_role("button", name="Panel")
    expect(handle).to_have_attribute("aria-expanded", "false")
    folded = panel.bounding_box()
    assert folded
    assert folded["y"] > 700
    assert page.evaluate(OVERFLOWING) == []
    handle.tap()
    expect(handle).to_have_attribute("aria-expanded", "true")
    page.wait_for_function(
        "(before) => document.querySelector('.geo-panel').getBoundingClientRect().y < before", arg=folded["y"]
    )
    opened = panel.bounding_box()
    assert opened
    assert (opened["width"], round(opened["y"] + opened["height"])) == (390, 844)
    assert page.evaluate(OVERFLOWING) == []
    page.get_by_role("checkbox", name=re.compile("^Meetings")).tap()
    expect(page.locator(".geo-summary")).to_have_text(re.compile("^10 events"))


def test_a_phone_has_the_card_as_a_sheet_at_the_bottom(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html", CARD, **PHONE)
    card = page.get_by_role("dialog", name="Granada")
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, 390, 844)
    assert box["y"] > 844 * 0.3, "the map stays in sight"
    assert page.evaluate(OVERFLOWING) == []
    card.get_by_role("button", name="Close").tap()
    expect(card).to_be_hidden()


def test_a_phone_may_pinch_and_has_no_sideways_scroll(site: Path, hostile_site: Path, visit: Visit) -> None:
    for path in (site / "index.html", hostile_site / "index.html", hostile_site / "2023.html"):
        page = visit(path, **PHONE)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 390, path
        viewport = str(page.locator("meta[name=viewport]").get_attribute("content"))
        assert "user-scalable" not in viewport
        assert "maximum-scale" not in viewport


def test_long_words_do_not_overflow_card_or_panel(hostile_site: Path, visit: Visit) -> None:
    page = visit(hostile_site / "2023.html", "#e=e-00000003", **PHONE)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(OVERFLOWING) == []


def test_on_paper_the_controls_are_gone_and_the_legend_stays(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html")
    page.emulate_media(media="print")
    for gone in (".geo-search", ".geo-buttons", ".leaflet-control-zoom"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.get_by_text("Meetings", exact=True)).to_be_visible()
    expect(page.get_by_text("check the sentence before you quote")).to_be_visible()


def test_those_who_want_no_motion_get_none(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html", reduced_motion="reduce")
    moving = page.evaluate("""() => [...document.querySelectorAll(".geo-panel, .geo-card, .geo-bar-all")]
      .filter((node) => getComputedStyle(node).transitionDuration !== "0s").length""")
    assert moving == 0


def _open_sheet(page: Page) -> None:
    page.get_by_role("button", name="Panel").tap()
    page.wait_for_function("document.querySelector('.geo-panel').getBoundingClientRect().y < 500")


@pytest.mark.parametrize(
    ("name", "address", "options", "act"),
    [
        ("2023", "", {}, None),
        ("2023", CARD, {}, None),
        ("2023", CARD, {"color_scheme": "dark"}, None),
        ("2023", "", PHONE, _open_sheet),
        ("index", "", {}, None),
        ("index", "", {"color_scheme": "dark"}, None),
    ],
    ids=["start", "card", "dark", "phone sheet", "index", "index dark"],
)
def test_axe_finds_nothing_serious(
    name: str,
    address: str,
    options: dict[str, Any],
    act: Callable[[Page], None] | None,
    site: Path,
    visit: Visit,
) -> None:
    page = visit(site / f"{name}.html", address, **options)
    if act:
        act(page)
    assert grave(page) == []


def grave(page: Page) -> list[tuple[str, str, list[str]]]:
    """What axe finds serious or critical on a page, with the nodes."""
    return [
        (one["id"], one["impact"], [node["html"][:160] for node in one["nodes"]])
        for one in Axe().run(page).response["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
