"""Pages into a folder: each written beside its place and then renamed, so that a killed run leaves the old one whole."""

from __future__ import annotations

import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import OutputError
from geo.maps.index import Tally, index
from geo.maps.page import GENERATOR, page
from geo.maps.payload import rows
from geo.maps.tiles import Tiles, find_tiles

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

Rows = list[dict[str, Any]]
Notice = Callable[[str], None]

MOST = 100_000  # events that a page holds: more make it slow to open


def write_maps(
    events: GeoDataFrame, folder: str | os.PathLike[str], *, tiles: str | None = None, most: int = MOST, notice: Notice = lambda _: None
) -> list[Path]:
    """Writes `index.html`, a page a year (`2023.html`), `all.html` when there are several, `undated.html` when needed.

    `events` is the table of events in EPSG:4326. `tiles` names online tiles that a reader may choose (see
    `tiles.find_tiles`); a page asks for them only then. A page shows the `most` told events of its year, and `notice` gets
    a line on each page that had to leave some out; the index counts all. Pages of years that are no longer in
    the table are removed, if an earlier run made them. Returns the paths written, the index first. Raises OutputError
    when the folder cannot be written, FormatError when there are no such tiles.
    """
    books = {name: [book] for name, book in _by_year(rows(events)).items()}
    return _write_books(books, Path(folder), find_tiles(tiles) if tiles else None, most, notice)


def write_year_maps(
    years: Mapping[int | None, Iterable[GeoDataFrame]],
    folder: str | os.PathLike[str],
    *,
    tiles: str | None = None,
    most: int = MOST,
    notice: Notice = lambda _: None,
) -> list[Path]:
    """What `write_maps` does, of tables that are read when their turn comes: those of each year, None for the undated.

    Years come in order, the undated last. In memory are one table, and what one page and the page of all years hold.
    """
    books = {"undated" if year is None else str(year): map(rows, tables) for year, tables in years.items()}
    return _write_books(books, Path(folder), find_tiles(tiles) if tiles else None, most, notice)


def _write_books(books: Mapping[str, Iterable[Rows]], out: Path, tiles: Tiles | None, most: int, notice: Notice) -> list[Path]:
    """Pages of the rows by page, read one page after the other."""
    tallies: dict[str, Tally] = {}
    every = _Told(most)
    numbers = [name for name in books if name.isdigit()]
    written = [out / "index.html"]
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, tables in books.items():
            told, tallies[name] = _Told(most), Tally()
            for table in tables:
                told.add(table)
                tallies[name].add(table)
                if len(books) > 1:
                    every.add(table)
            written.append(_write_page(out, name, told, numbers, tiles, notice))
        if len(books) > 1:
            written.append(_write_page(out, "all", every, numbers, tiles, notice))
        _write(written[0], index(tallies))
        _remove_stale(out, {path.name for path in written})
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise OutputError(
            f"{out}: cannot write maps ({reason}); choose a folder that you may write, with --out"
        ) from error
    return written


def _write_page(out: Path, name: str, told: _Told, years: list[str], tiles: Tiles | None, notice: Notice) -> Path:
    path = out / f"{name}.html"
    if told.count > told.most:
        notice(f"{path.name} shows the {told.most:,} most reported of its {told.count:,} events; --max-page sets how many")
    return _write(path, page(told.rows(), _title(name), _pages(name, years), tiles))


class _Told:
    """The `most` told of the rows added: events before mere mentions, those of more reports first; in their order."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.count = 0
        self.kept: list[tuple[tuple[bool, int, float], int, dict[str, Any]]] = []

    def add(self, table: Rows) -> None:
        for row in table:
            rank = (row.get("layer") == "mentions", -int(row.get("mentions_count") or 1), -float(row.get("confidence") or 0))
            self.kept.append((rank, self.count, row))
            self.count += 1
            if len(self.kept) >= self.most + self.most // 4 + 1000:
                self._cut()

    def _cut(self) -> None:
        self.kept.sort(key=lambda item: item[:2])
        del self.kept[self.most :]

    def rows(self) -> Rows:
        self._cut()
        return [row for _, _, row in sorted(self.kept, key=lambda item: item[1])]


def _by_year(table: Rows) -> dict[str, Rows]:
    """Rows by the page of their year, the years in order, then the undated."""
    books: dict[str, Rows] = defaultdict(list)
    for row in table:
        year = row.get("year", "")
        books["undated" if year == "" else f"{int(year)}"].append(row)
    return {name: books[name] for name in sorted(books, key=lambda name: (name == "undated", name.zfill(6)))}


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
