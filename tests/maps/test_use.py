"""A page as a reader uses it: choosing, searching, opening, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.maps import maps_sample
from tests.maps.conftest import Visit, ready, watch

EVENTS = maps_sample.events()
IN_2023 = EVENTS[EVENTS["year"] == 2023]
TOLD = IN_2023[IN_2023["layer"] != "mentions"]  # places that are only named are off at the start


@pytest.fixture(scope="module")
def opened(browser: Browser, site: Path) -> Iterator[tuple[Page, list[str]]]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    said = watch(context)
    page = context.new_page()
    page.goto((site / "2023.html").as_uri())
    ready(page)
    yield page, said
    context.close()


@pytest.fixture
def map_2023(opened: tuple[Page, list[str]]) -> Iterator[Page]:
    """The map of 2023 as it starts: one page for many tests, which must have been silent after each."""
    page, said = opened
    ready(page)
    page.evaluate("""() => {
      document.activeElement.blur();
      document.querySelector("select").value = "newest";
      history.replaceState(null, "", "#again");
      location.hash = "";
    }""")
    page.wait_for_url(re.compile(r"#v="))  # the page has read the empty address and tells its own
    shows(page, len(TOLD))
    yield page
    assert said == []


@pytest.fixture
def fresh_2023(site: Path, visit: Visit) -> Page:
    return visit(site / "2023.html")


def shows(page: Page, events: int) -> None:
    """Waits until the panel says that so many events are shown."""
    expect(page.locator(".geo-summary")).to_have_text(re.compile(rf"^{events} events? "))


def layer(page: Page, name: str) -> Locator:
    return page.get_by_role("checkbox", name=re.compile(rf"^{name}"))


def counts(page: Page, rows: str) -> dict[str, int]:
    """The panel's counts by name."""
    found = {}
    for row in page.locator(rows).all():
        number = row.locator(".geo-n").inner_text()
        found[row.inner_text().removesuffix(number).removesuffix("only").strip()] = int(number)
    return found


def test_layers_with_counts_that_toggle(map_2023: Page) -> None:
    names = {"mentions": "places named"}
    told = Counter(names.get(one, one) for one in IN_2023["layer"])
    assert {name.lower(): n for name, n in counts(map_2023, ".geo-groups label").items()} == dict(told)
    assert not layer(map_2023, "Places named").is_checked()
    shows(map_2023, len(TOLD))

    layer(map_2023, "Meetings").click()
    shows(map_2023, len(TOLD) - told["meetings"])
    assert counts(map_2023, ".geo-groups label")["Meetings"] == told["meetings"], (
        "what would show if it were on"
    )
    layer(map_2023, "Corridors").focus()
    map_2023.keyboard.press("Space")
    shows(map_2023, len(TOLD) - told["meetings"] - told["corridors"])
    assert not layer(map_2023, "Corridors").is_checked()

    layers = map_2023.get_by_role("region", name="Layers")
    layers.get_by_role("button", name="None", exact=True).click()
    expect(map_2023.locator(".geo-summary")).to_contain_text("0 events")
    assert map_2023.locator(".geo-line").count() == 0
    layers.get_by_role("button", name="All", exact=True).click()
    shows(map_2023, len(IN_2023))
    layers.get_by_role("button", name="Only Clashes").focus()
    map_2023.keyboard.press("Enter")
    shows(map_2023, told["clashes"])


def test_statuses_with_counts_that_toggle_and_look_different(map_2023: Page) -> None:
    names = {"occurred": "happened"}
    told = Counter(names.get(status, status) for status in TOLD["status"])
    assert counts(map_2023, ".geo-statuses button") == dict(told)
    cancelled = map_2023.locator(".geo-statuses").get_by_role("button", name=re.compile("^cancelled"))
    cancelled.click()
    expect(cancelled).to_have_attribute("aria-pressed", "false")
    shows(map_2023, len(TOLD) - told["cancelled"])

    drawn = map_2023.evaluate("""() => {
      const { Symbols } = GeoEvents.parts;
      return ["occurred", "planned", "proposed", "cancelled", "denied"].map((status) => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 60;
        const look = { shape: "circle", colour: "#000", status, coarse: false, selected: false };
        Symbols.draw(canvas.getContext("2d"), look, 30, 30, 20, "#fff");
        return canvas.toDataURL();
      });
    }""")
    assert len(set(drawn)) == 5, "on the map"
    icons = map_2023.locator(".geo-statuses svg").evaluate_all("""(icons) => icons.map((icon) => {
      const { fill, strokeDasharray } = getComputedStyle(icon.firstChild);
      return [fill, strokeDasharray, [...icon.children].map((path) => path.getAttribute("d"))].join();
    })""")
    assert len(set(icons)) == len(told), "in the legend"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Granada", {"Granada"}),
        ("gránada", {"Granada"}),
        ("khankendi", {"Stepanakert"}),
        ("european council", {"Brussels"}),
        ("blankets", {"Goris"}),
        ("corridor checkpoint", {"Lachin corridor"}),
        ("nothing says this", set()),
    ],
)
def test_search_by_place_actor_and_sentence(map_2023: Page, query: str, found: set[str]) -> None:
    map_2023.get_by_role("searchbox").fill(query)
    places = map_2023.locator(".geo-event-where bdi")
    if not found:
        expect(places).to_have_count(0)
    for place in found:
        expect(places.first).to_have_text(place)
    assert set(places.all_inner_texts()) == found
    assert map_2023.locator(".geo-list h2").inner_text().startswith(f"{places.count()} event")


def test_the_months_filter_by_click_drag_and_keyboard(map_2023: Page) -> None:
    dated = TOLD[~TOLD["precision"].isin(["year", "decade", "none"])]
    by_month = Counter(start[:7] for start in dated["start"])
    chart = map_2023.get_by_role("group", name=re.compile("month"))
    september, october = (
        chart.get_by_role("button", name=re.compile(f"^{month} 2023: {by_month[key]} events"))
        for month, key in (("September", "2023-09"), ("October", "2023-10"))
    )
    september.click()
    shows(map_2023, by_month["2023-09"])
    expect(september).to_have_attribute("aria-pressed", "true")
    start, end = september.bounding_box(), october.bounding_box()
    assert start
    assert end
    map_2023.mouse.move(start["x"] + 3, start["y"] + 20)
    map_2023.mouse.down()
    map_2023.mouse.move(end["x"] + 4, end["y"] + 20, steps=4)
    map_2023.mouse.up()
    shows(map_2023, by_month["2023-09"] + by_month["2023-10"])
    expect(map_2023.get_by_text("September 2023 – October 2023")).to_be_visible()
    map_2023.get_by_role("button", name="All months").click()
    shows(map_2023, len(TOLD))
    chart.get_by_role("button", name=re.compile("^May 2023")).focus()
    map_2023.keyboard.press("Enter")
    shows(map_2023, by_month["2023-05"])
    map_2023.keyboard.press("Enter")
    shows(map_2023, len(TOLD))


def test_play_steps_through_the_months(fresh_2023: Page) -> None:
    fresh_2023.clock.install()
    fresh_2023.get_by_role("button", name="Play month by month").click()
    seen = []
    for _ in range(5):
        seen.append(fresh_2023.locator(".geo-time").inner_text())
        fresh_2023.clock.run_for(1100)
    assert seen == ["April 2023", "May 2023", "September 2023", "October 2023", ""]
    shows(fresh_2023, len(TOLD))


def test_the_list_opens_an_event_and_brings_it_into_view(map_2023: Page) -> None:
    map_2023.get_by_role("button", name=re.compile("Granada")).click()
    expect(map_2023.get_by_role("dialog", name="Granada")).to_be_visible(timeout=2000)
    expect(map_2023.locator(".geo-name-event", has_text="Granada")).to_be_in_viewport()


def test_opening_an_event_shows_all_its_evidence(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html", "#e=e-00000001")
    card = page.get_by_role("dialog", name="Granada")
    expect(card).to_be_visible()
    quotes = card.locator("blockquote")
    assert quotes.all_inner_texts() == [
        "The two leaders were to sit down in Granada on Thursday, but one of them called it off.",
        "A second paper put the meeting in Granada down to a quarrel over who else would come.",
    ]
    assert card.locator("mark").all_inner_texts() == ["Granada", "Granada"]
    text = card.inner_text()
    for said in (
        "Thursday 5 October 2023", "cancelled", "87 % sure", "the largest place of that name", "The Courier",
        "4 October 2023", "Evening Post", "5 October 2023", "Armenia; Azerbaijan",
    ):  # fmt: skip
        assert said in text, said
    assert card.locator("a").evaluate_all("(links) => links.map((a) => [a.textContent, a.href, a.rel])") == [
        ["What the week brought", "https://news.example/a1", "noopener noreferrer"]
    ]
    assert card.get_by_text("No talks in Spain").evaluate("(node) => !node.closest('a')"), (
        "a source without an address"
    )
    page.get_by_role("button", name="Close", exact=True).click()
    expect(card).to_be_hidden()


def test_corridors_are_lines_that_open(map_2023: Page) -> None:
    map_2023.evaluate("location.hash = '#v=8/39.3/45.6&q=corridor'")
    shows(map_2023, 3)
    lines = map_2023.locator("path.geo-line")
    expect(lines).to_have_count(2)
    dashes = {line.get_attribute("stroke-dasharray") for line in lines.all()}
    assert None in dashes, "the Lachin corridor is there"
    assert len(dashes) == 2, "the Zangezur corridor is proposed"
    proposed = map_2023.locator("path.geo-line[stroke-dasharray]")
    on_line = proposed.evaluate("""(path) => {
      const at = path.getPointAtLength(path.getTotalLength() * 0.12).matrixTransform(path.getScreenCTM());
      return [at.x, at.y];
    }""")
    map_2023.mouse.click(*on_line)
    card = map_2023.get_by_role("dialog")
    expect(card.get_by_role("heading", level=2)).to_have_text("Zangezur corridor / Syunik transit")
    assert "proposed" in card.inner_text()


def spot(page: Page, place: str) -> list[float]:
    """Where a place is on the page, in pixels."""
    found: list[float] = page.evaluate(
        """async (name) => {
          const { map, data } = await GeoEvents.shown[0];
          const { x, y } = map.latLngToContainerPoint(data.places.find((place) => place.name === name).at);
          return [x, y];
        }""",
        place,
    )
    return found


def test_a_mark_opens_by_mouse(map_2023: Page) -> None:
    """Canvas has no elements: the mark is where the page says that the place is."""
    map_2023.get_by_role("searchbox").fill("Tehran")
    shows(map_2023, 1)
    map_2023.mouse.click(*spot(map_2023, "Tehran"))
    expect(map_2023.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text("Tehran")


def test_a_place_with_several_layers_leads_from_one_to_the_other(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html", "#e=e-00000007")
    card = page.get_by_role("dialog")
    expect(card).to_contain_text("Ceasefires")
    assert "A disputed place" in card.inner_text()
    card.get_by_role("button", name=re.compile("^Clashes 1")).click()
    expect(card.locator("blockquote")).to_have_text("Blasts were heard in Stepanakert at noon.", timeout=2000)


def test_the_list_orders_by_date_and_by_place(map_2023: Page) -> None:
    order = map_2023.get_by_role("combobox", name="Order of the list")
    places = map_2023.locator(".geo-event-where bdi")
    order.select_option("place")
    by_place = places.all_inner_texts()
    assert by_place == sorted(by_place)
    order.select_option("newest")
    assert places.first.inner_text() == "Granada"
    order.select_option("oldest")
    assert places.last.inner_text() == "Granada"


def test_the_skip_link_leads_to_the_list(fresh_2023: Page) -> None:
    press, focused = fresh_2023.keyboard.press, fresh_2023.locator("*:focus")
    press("Tab")
    expect(focused).to_have_text("Skip to the list of events")
    expect(focused).to_be_in_viewport()
    press("Enter")
    expect(focused).to_have_text(re.compile("events in view"))
    for _ in range(2):
        press("Tab")
    assert focused.get_attribute("class") == "geo-event"


def test_escape_closes_the_card(site: Path, visit: Visit) -> None:
    page = visit(site / "2023.html", "#e=e-00000001")
    card = page.get_by_role("dialog")
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    assert "e=" not in page.url


def test_an_event_opens_and_closes_by_keyboard(map_2023: Page) -> None:
    press, focused = map_2023.keyboard.press, map_2023.locator("*:focus")
    map_2023.get_by_role("button", name=re.compile("Granada")).focus()
    opened = focused.get_attribute("data-event")
    press("Enter")
    card = map_2023.get_by_role("dialog")
    expect(card).to_be_visible(timeout=2000)
    assert card.evaluate("(card) => card.contains(document.activeElement)")
    press("Tab")
    assert card.evaluate("(card) => card.contains(document.activeElement)")
    press("Escape")
    expect(card).to_be_hidden()
    assert focused.get_attribute("data-event", timeout=2000) == opened, "back where the reader was"


def test_tab_reaches_every_control_and_shows_where_it_is(fresh_2023: Page) -> None:
    reached, unseen = [], []
    for _ in range(120):
        fresh_2023.keyboard.press("Tab")
        name, outline = fresh_2023.evaluate("""() => {
          const node = document.activeElement, { outlineStyle, outlineWidth } = getComputedStyle(node);
          const { layer, status } = node.dataset;
          return [node === document.body ? null : layer || status || node.getAttribute("aria-label") || node.textContent,
                  outlineStyle !== "none" && parseFloat(outlineWidth) > 0];
        }""")
        if name is None:
            break
        reached.append(name)
        if not outline:
            unseen.append(name)
    assert unseen == []
    assert name is None, "Tab leaves the page at its end"
    for wanted in (
        "meetings",
        "corridors",
        "cancelled",
        "Search places, people, sentences",
        "Play month by month",
        "Copy link",
        "GeoJSON",
        "CSV",
        "Zoom in",
    ):
        assert wanted in reached, wanted
    assert sum("Granada" in name for name in reached) == 1


def test_whatever_takes_focus_has_a_name(fresh_2023: Page) -> None:
    for _ in range(12):
        fresh_2023.keyboard.press("Tab")
        assert fresh_2023.evaluate(
            "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
        )
