"""The map under the events: Natural Earth at 1:50 million everywhere, at 1:10 million around the events.

Made by `tools/make_basemap.py`, which tells the format. A page carries the world as it is in the package and
adds the detailed squares that its events lie in, the busiest first, up to a budget.
"""

from __future__ import annotations

import base64
import gzip
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import as_file, files
from typing import Any

DATA = files("geo.maps") / "data"
DIGITS = {
    digit: value
    for value, digit in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
}
STEP = 5  # degrees a side of a square
MARGIN = 1.5  # degrees around an event that should be seen in detail
BUDGET = 450_000  # bytes of detail in a page, before compression

LonLat = tuple[float, float]


@cache
def world_packed() -> bytes:
    """The world, as gzipped JSON."""
    return (DATA / "world.json.gz").read_bytes()


@cache
def world() -> dict[str, Any]:
    """The world, decoded from JSON; its lines still as text (see `lines`)."""
    loaded: dict[str, Any] = json.loads(gzip.decompress(world_packed()))
    return loaded


def detail(points: Iterable[LonLat]) -> dict[str, Any]:
    """The squares around the points (lon, lat), those with the most points first, as far as the budget goes."""
    wanted = Counter(name for point in points for name in _squares(point))
    with as_file(DATA / "detail.zip") as path, zipfile.ZipFile(path) as store:
        held, spent = set(store.namelist()), 0
        squares: dict[str, Any] = {}
        for name, _ in sorted(wanted.items(), key=lambda item: (-item[1], item[0])):
            if name not in held:
                continue
            spent += store.getinfo(name).file_size
            if spent > BUDGET and squares:
                break
            squares[name] = json.loads(store.read(name))
        return {**json.loads(store.read("grid")), "squares": [squares[name] for name in sorted(squares)]}


def lines(encoded: Iterable[str], scale: LonLat, origin: LonLat) -> Iterator[list[LonLat]]:
    """Lines as lon, lat from the text that `make_basemap` wrote."""
    for text in encoded:
        at, steps, value, shift = [0, 0], 0, 0, 0
        line = []
        for digit in text:
            bits = DIGITS[digit]
            value |= (bits & 31) << shift
            if bits & 32:
                shift += 5
                continue
            at[steps % 2] += ~(value >> 1) if value & 1 else value >> 1
            value, shift, steps = 0, 0, steps + 1
            if steps % 2 == 0:
                line.append((at[0] * scale[0] + origin[0], at[1] * scale[1] + origin[1]))
        yield line


def packed(value: Any) -> str:
    """A value as base64 of gzipped JSON, the same from run to run; the page unpacks it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode("utf-8", "replace"), 6, mtime=0)).decode()


def _squares(point: LonLat) -> set[str]:
    """Names of the squares within `MARGIN` of a point."""
    lon, lat = point
    return {
        f"{int((lon + east) // STEP * STEP)}_{int((lat + north) // STEP * STEP)}"
        for east in (-MARGIN, 0, MARGIN)
        for north in (-MARGIN, 0, MARGIN)
    }
