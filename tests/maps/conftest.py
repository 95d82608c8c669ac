"""Pages opened in Chromium, watched for everything that an offline page must not do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, FrameLocator, Page, Request

from geo.maps import write_maps
from tests.maps import maps_sample

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages of the sample table. Not to be written into."""
    folder = tmp_path_factory.mktemp("site")
    write_maps(maps_sample.events(), folder)
    return folder


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages of the table whose texts mean harm."""
    folder = tmp_path_factory.mktemp("hostile")
    write_maps(maps_sample.hostile(), folder)
    return folder


def watch(context: BrowserContext) -> list[str]:
    """What the context's pages print, throw or ask for from now on; opening the page itself does not count."""
    trouble: list[str] = []

    def asked(request: Request) -> None:
        if not request.is_navigation_request():
            trouble.append(f"request: {request.url[:200]}")

    def warned(dialog: Dialog) -> None:
        trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    context.on("console", lambda message: trouble.append(f"console: {message.text}"))
    context.on("weberror", lambda error: trouble.append(f"error: {error.error}"))
    context.on("requestfailed", lambda request: trouble.append(f"failed: {request.url[:200]}"))
    context.on("request", asked)
    context.on("dialog", warned)
    return trouble


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens a file as a user would and waits until its map is drawn: `visit(path, "#hash", **context options)`.

    After the test, every page opened so must have been silent and have asked for nothing.
    """
    contexts: list[tuple[BrowserContext, list[str]]] = []

    def opened(path: Path, address: str = "", **options: Any) -> Page:
        context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        )
        context.set_default_timeout(10_000)
        contexts.append((context, watch(context)))
        page = context.new_page()
        page.goto(path.as_uri() + address)
        if path.name != "index.html":
            ready(page)
        return page

    yield opened
    said = [trouble for context, trouble in contexts]
    for context, _ in contexts:
        context.close()
    assert said == [[] for _ in contexts]


def ready(page: Page | FrameLocator) -> None:
    """Waits until the map is drawn and rests: a view that still moves would write over an address that is typed."""
    page.locator(".geo-map.geo-ready:not(:has(.leaflet-pan-anim))").wait_for()


def address(page: Page) -> str:
    """The page's address after the `#`."""
    return urldefrag(page.url).fragment
