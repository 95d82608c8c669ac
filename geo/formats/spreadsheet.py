"""CSV for spreadsheets, scripts and kepler.gl: the table, a time stamp, a point, and the geometry as WKT.

The file begins with a byte order mark, by which Excel knows it for UTF-8. A text that a spreadsheet would take for a
formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from geo.formats.records import records
from geo.formats.shapes import DECIMALS, wkt
from geo.maps.payload import anchor

FORMULA = tuple("=+-@\t\r＝＋－＠")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def write(events: gpd.GeoDataFrame, path: Path) -> None:
    """Write the columns of the table, then `timestamp`, `lon`, `lat`, `wkt`. Raises OSError."""
    names = [str(name) for name in events.columns if name != "geometry"]
    write_rows(path, [*names, "timestamp", "lon", "lat", "wkt"], map(_row, records(events)))


def write_rows(path: Path, names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Rows as CSV by RFC 4180, safe to open in a spreadsheet."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(map(cell, names))
        writer.writerows([cell(row.get(name)) for name in names] for row in rows)


def cell(value: object) -> object:
    """What may stand in a cell: numbers as they are, texts such that no spreadsheet computes them; "" for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return value
    text = CONTROL.sub("\ufffd", value)
    return f"'{text}" if text.lstrip(" \n").startswith(FORMULA) else text


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    lon, lat = point(row["geometry"])
    stamp = (
        f"{row['start']} 00:00:00" if row["start"] else ""
    )  # kepler.gl takes a day without time for a category
    return {**row, "timestamp": stamp, "lon": lon, "lat": lat, "wkt": wkt(row["geometry"])}


def point(shape: shapely.Geometry | None) -> tuple[float | None, float | None]:
    """Longitude and latitude of where the symbol stands: on the line's middle, inside the area."""
    if shape is None or shape.is_empty:
        return None, None
    if shape.geom_type == "Point":
        return round(shape.x, DECIMALS), round(shape.y, DECIMALS)
    lat, lon = anchor(shape)
    return lon, lat
