"""Makes the pictures of the README and the docs from the pages in maps/: `make screenshots`.

Needs Chromium on the path and `pip install -e '.[test]'`.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

MAPS = Path("maps")
IMAGES = Path("docs/images")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


@dataclass(frozen=True)
class Shot:
    """One picture: the page, its address' hash, the window and the colour scheme."""

    name: str
    page: str
    width: int = 1280
    height: int = 800
    dark: bool = False
    open_place: str = ""


SHOTS = (
    Shot("caucasus", "2023.html#v=7.5/39.7/46.2", open_place="Lachin corridor"),
    Shot("world", "2023.html"),
    Shot("2020", "2020.html"),
    Shot("2022", "2022.html"),
    Shot("search", "2023.html#q=granada"),
    Shot("brush", "2023.html#t=2023-09..2023-09"),
    Shot("corridors", "2023.html#v=7/39.6/46.3&off=meetings,agreements,ceasefires,statements,clashes,forces,blockades,displacement,aid,mentions"),
    Shot("all", "all.html"),
    Shot("dark", "2023.html#v=7/39.9/45.9", dark=True),
    Shot("phone", "2023.html", 390, 844),
    Shot("phone-card", "2023.html", 390, 844, open_place="Granada"),
    Shot("index", "index.html"),
)


def open_place(page: Page, name: str) -> None:
    """Open a mark through the list of events, as a user would; on a phone the list is in a sheet that is drawn up first."""
    if page.locator(".geo-folded").count():
        page.get_by_role("button", name="Panel").click()
    page.locator(".geo-event", has_text=name).first.click()


def main() -> int:
    """Write all pictures; 2 if there is no Chromium or no page."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None or not (MAPS / "index.html").is_file():
        sys.stderr.write("screenshots: Chromium must be on the path, and `make map` must have run\n")
        return 2
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for shot in SHOTS:
            scheme = "dark" if shot.dark else "light"
            page = browser.new_page(viewport={"width": shot.width, "height": shot.height}, color_scheme=scheme)  # type: ignore[arg-type]
            page.goto((MAPS.resolve() / shot.page.split("#")[0]).as_uri() + "".join(shot.page.partition("#")[1:]))
            page.wait_for_timeout(800)
            if shot.open_place:
                open_place(page, shot.open_place)
                page.wait_for_timeout(800)
            page.screenshot(path=IMAGES / f"{shot.name}.png")
            page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
