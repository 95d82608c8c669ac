"""Pages into a folder: each written beside its place and then renamed, so that a killed run leaves the old one whole."""

from __future__ import annotations

import os
import re
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import OutputError
from geo.maps.index import index
from geo.maps.page import GENERATOR, page
from geo.maps.payload import rows
from geo.maps.tiles import find_tiles

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Rows = list[dict[str, Any]]


def write_maps(events: GeoDataFrame, folder: str | os.PathLike[str], *, tiles: str | None = None) -> list[Path]:
    """Writes `index.html`, a page a year (`2023.html`), `all.html` when there are several, `undated.html` when needed.

    `events` is the table of events in EPSG:4326. `tiles` names online tiles that a reader may choose (see
    `tiles.find_tiles`); a page asks for them only then. Pages of years that are no longer in the table are removed,
    if an earlier run made them. Returns the paths written, the index first. Raises OutputError when the
    folder cannot be written, FormatError when there are no such tiles.
    """
    online = find_tiles(tiles) if tiles else None
    table = rows(events)
    books = _by_page(table)
    years = [name for name in books if name.isdigit()]
    out = Path(folder)
    try:
        out.mkdir(parents=True, exist_ok=True)
        written = [_write(out / "index.html", index(books))]
        written += [
            _write(out / f"{name}.html", page(book, _title(name), _pages(name, years), online))
            for name, book in books.items()
        ]
        _remove_stale(out, {path.name for path in written})
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"{out}: cannot write maps ({reason}); choose a folder that you may write, with --out"
        ) from error
    return written


def _by_page(table: Rows) -> dict[str, Rows]:
    """Rows by the page that they are on, the years in order, then the undated, then all together."""
    books: dict[str, Rows] = defaultdict(list)
    for row in table:
        year = row.get("year", "")
        books["undated" if year == "" else f"{int(year)}"].append(row)
    found = {name: books[name] for name in sorted(books, key=lambda name: (name == "undated", name.zfill(6)))}
    return found | {"all": table} if len(found) > 1 else found


def _pages(name: str, years: list[str]) -> dict[str, tuple[str, str]]:
    """The pages that one leads to: the index, the year before, the year after."""
    pages = {"index": ("All maps", "index.html")}
    if name in years:
        at = years.index(name)
        if at > 0:
            pages["previous"] = (years[at - 1], f"{years[at - 1]}.html")
        if at + 1 < len(years):
            pages["next"] = (years[at + 1], f"{years[at + 1]}.html")
    return pages


def _title(name: str) -> str:
    return {"undated": "Undated", "all": "All years"}.get(name, name)


def _write(path: Path, text: str) -> Path:
    handle, temporary = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o666 & ~_umask())  # noqa: PTH101 - mkstemp's file is for its owner's eyes only
        os.replace(temporary, path)  # noqa: PTH105
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _remove_stale(folder: Path, kept: set[str]) -> None:
    """Removes pages of earlier runs that this one did not write, and what a killed run left half written."""
    ours = re.compile(r"(\d{1,4}|undated|all)\.html")
    halves = re.compile(r"\.(\d{1,4}|undated|all|index)-\w{8}\.part")
    for path in folder.iterdir():
        if halves.fullmatch(path.name):
            path.unlink(missing_ok=True)
            continue
        if path.name in kept or not ours.fullmatch(path.name) or not path.is_file():
            continue
        with path.open(encoding="utf-8", errors="replace") as file:
            head = file.read(4096)
        if f'<meta name="generator" content="{GENERATOR}">' in head:
            path.unlink()
