"""GeoJSON by RFC 7946: longitude first, no crs, right-handed rings, at most 7 decimals, a bbox."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd

from geo.formats.shapes import DECIMALS
from geo.formats.vector import no_room, own_errors, read_layer

ENDING = b"\n]\n}\n"  # of a whole GeoJSON file as GDAL writes it


def write(events: gpd.GeoDataFrame, path: Path) -> None:
    """Write the table; the same table gives the same bytes. Raises OSError."""
    if events.empty:
        path.write_text('{"type":"FeatureCollection","features":[]}\n', encoding="utf-8")
        return
    with own_errors():
        events.to_file(
            path,
            driver="GeoJSON",
            engine="pyogrio",
            layer="events",
            RFC7946="YES",
            COORDINATE_PRECISION=DECIMALS,
            WRITE_BBOX="YES",
            AUTODETECT_JSON_STRINGS="NO",
        )
    with path.open("rb") as file:  # GDAL does not tell when the last of it found no room
        file.seek(-len(ENDING), os.SEEK_END)
        if file.read() != ENDING:
            raise no_room()


def read(path: Path) -> gpd.GeoDataFrame:
    """The features, dates as text."""
    return read_layer(path, ("GeoJSON",), DATE_AS_STRING="YES")
