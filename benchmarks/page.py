"""The page beside naive folium markers, and the page alone at a hundred thousand events: `python benchmarks/page.py`.

Both are built and opened in the same run, so that the ratios hold on any machine; the milliseconds do not. Needs
Chromium on the path and `pip install -e '.[test]'`. Nothing is fetched: what the naive page links to is answered from
the package of Leaflet, and jQuery by a function that does less.
"""

from __future__ import annotations

import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
from playwright.sync_api import Browser, Page, Route, sync_playwright
from shapely.geometry import Point

from geo.maps.page import leaflet_script, leaflet_style, page
from geo.maps.payload import legend, rows

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
LAYERS = [layer["id"] for layer in legend()["layers"] if layer["id"] not in {"corridors", "mentions"}]
JQUERY = "window.$ = (html) => { const box = document.createElement('div'); box.innerHTML = html; return [box.firstElementChild]; };"
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"


def table(events: int, places: int, seed: int = 7) -> gpd.GeoDataFrame:
    """Events of one year, scattered over places on land and sea alike, each with a sentence of evidence."""
    chance = random.Random(seed)
    spots = [(chance.uniform(-120, 140), chance.uniform(-35, 60)) for _ in range(places)]
    told = []
    for number in range(events):
        at, layer, day = chance.randrange(places), chance.choice(LAYERS), chance.randrange(1, 29)
        month = chance.randrange(1, 13)
        sentence = f"Report {number}: something happened at place {at} on the {day} of month {month}, two sources said."
        told.append({
            "id": f"e-{number:08x}", "layer": layer, "plover": "", "status": chance.choice(("occurred", "occurred", "planned", "cancelled")),
            "start": f"2023-{month:02}-{day:02}", "end": f"2023-{month:02}-{day + 1:02}", "precision": "day", "year": 2023,
            "place": f"Place {at}", "place_id": f"geo:place-{at}", "place_kind": "city", "country": "", "actors": "", "evidence": sentence,
            "mention": f"place {at}", "doc_id": f"doc-{number % 5000}", "doc_title": f"Article {number % 5000}", "doc_source": "The Courier",
            "doc_url": "", "doc_date": "2023-12-31", "confidence": 0.8, "reason": "the only place of that name", "sources": "",
            "geometry": Point(spots[at]),
        })  # fmt: skip
    return gpd.GeoDataFrame(pd.DataFrame(told), geometry="geometry", crs="EPSG:4326")


def naive(events: gpd.GeoDataFrame) -> str:
    """What a tutorial would make of it: a marker with a popup an event, a group a layer, a control to choose."""
    made = folium.Map(tiles=None)
    groups = {layer: folium.FeatureGroup(name=layer).add_to(made) for layer in LAYERS}
    for row in events.itertuples():
        popup = folium.Popup(f"<b>{row.place}</b> {row.start}<br>{row.evidence}")
        folium.Marker((row.geometry.y, row.geometry.x), popup=popup).add_to(groups[row.layer])
    folium.LayerControl(collapsed=False).add_to(made)
    text: str = made.get_root().render()
    return text


def answer(route: Route) -> None:
    """The files that the naive page links to, from the disk; what it could do without is empty."""
    name = route.request.url.rsplit("/", 1)[-1]
    bodies = {"leaflet.js": leaflet_script(), "leaflet.css": leaflet_style()}
    route.fulfill(body=JQUERY if name.startswith("jquery") else bodies.get(name, ""), content_type="text/css" if name.endswith(".css") else "text/javascript")


def opened(browser: Browser, path: Path) -> tuple[Page, float]:
    """The page, and the milliseconds until it was drawn."""
    shown = browser.new_page(viewport={"width": 1280, "height": 800})
    shown.set_default_timeout(300_000)
    shown.route(re.compile(r"^https?://"), answer)
    shown.goto(path.as_uri())
    if "geo-map" in path.read_text("utf-8")[:400_000]:
        shown.locator(".geo-ready").wait_for()
    return shown, float(shown.evaluate(DRAWN))


def reshow(shown: Page, checkbox: str) -> float:
    """Milliseconds from the click that shows a layer again until it is drawn; the median of five."""
    times: list[float] = shown.evaluate(
        """async (checkbox) => {
            const box = document.querySelector(checkbox), times = [];
            const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));
            for (let i = 0; i < 5; i++) {
                box.click(); await frame();
                const from = performance.now(); box.click(); await frame(); times.push(performance.now() - from);
            }
            return times;
        }""",
        checkbox,
    )
    return statistics.median(times)


def brushed(shown: Page) -> dict[str, float]:
    """Milliseconds from each move of the brush to its frame, from the first month to the last and back: median and worst."""
    box = shown.locator(".geo-chart").bounding_box()
    if box is None:
        raise SystemExit("the page has no histogram to brush")
    shown.evaluate(
        """() => { window.frames_ = []; let last = performance.now();
            const tick = () => { const now = performance.now(); frames_.push(now - last); last = now; requestAnimationFrame(tick); };
            requestAnimationFrame(tick); }"""
    )
    y, step = box["y"] + 20, box["width"] / 60
    shown.mouse.move(box["x"] + 2, y)
    shown.mouse.down()
    for at in [*range(60), *range(59, -1, -1)]:
        shown.mouse.move(box["x"] + 2 + at * step, y)
    shown.mouse.up()
    frames: list[float] = shown.evaluate("frames_")
    return {"median": statistics.median(frames), "worst": max(frames)}


def compared(browser: Browser, folder: Path, count: int, places: int) -> list[str]:
    """A Markdown table: naive markers and the page, at `count` events."""
    events = table(count, places)
    makers: dict[str, tuple[Callable[[], str], str]] = {
        "folium markers": (lambda: naive(events), ".leaflet-control-layers-overlays input"),
        "geo": (lambda: page(rows(events), "2023", {}), f"input[data-layer={LAYERS[0]}]"),
    }
    found: dict[str, tuple[float, ...]] = {}
    for name, (make, checkbox) in makers.items():
        began = time.perf_counter()
        text = make()
        built = 1000 * (time.perf_counter() - began)
        path = folder / f"{name.replace(' ', '-')}.html"
        path.write_text(text, encoding="utf-8")
        shown, loaded = opened(browser, path)
        found[name] = (built, loaded, reshow(shown, checkbox), path.stat().st_size / 1e6)
        shown.close()
    heads = ("build, ms", "open, ms", "show a layer again, ms", "size, MB")
    lines = [f"{count:,} events in {places:,} places:", "", "| | folium markers | geo | ratio |", "|---|---|---|---|"]
    for head, theirs, ours in zip(heads, found["folium markers"], found["geo"], strict=True):
        lines.append(f"| {head} | {theirs:,.1f} | {ours:,.1f} | {theirs / ours:,.1f} |")
    return lines


def alone(browser: Browser, folder: Path, count: int, places: int) -> list[str]:
    """A Markdown table: the page at a count that the markers do not reach."""
    began = time.perf_counter()
    text = page(rows(table(count, places)), "2023", {})
    built = time.perf_counter() - began
    path = folder / "large.html"
    path.write_text(text, encoding="utf-8")
    shown, loaded = opened(browser, path)
    again, brush = reshow(shown, f"input[data-layer={LAYERS[0]}]"), brushed(shown)
    shown.close()
    facts = {
        "build, s": f"{built:.1f}", "size, MB": f"{path.stat().st_size / 1e6:.1f}", "open, s": f"{loaded / 1000:.2f}",
        "show a layer again, ms": f"{again:.0f}", "frame while brushing, median ms": f"{brush['median']:.0f}",
        "frame while brushing, worst ms": f"{brush['worst']:.0f}",
    }  # fmt: skip
    return [f"{count:,} events in {places:,} places:", "", "| | geo |", "|---|---|", *(f"| {k} | {v} |" for k, v in facts.items())]


def main(arguments: Sequence[str] = ()) -> int:
    """Print both tables; `--quick` takes a tenth of the events."""
    chromium: Any = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.stderr.write("page: Chromium must be on the path\n")
        return 2
    share = 10 if "--quick" in arguments else 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        lines = compared(browser, Path(folder), 10_000 // share, 500)
        lines += ["", *alone(browser, Path(folder), 100_000 // share, 2_000)]
        browser.close()
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
