"""GeoJSON text sequences: a feature a line (.geojsonl), or by RFC 8142 with record separators (.geojsons, .geojsonseq).

Written without GDAL, which makes objects of texts that look like JSON in this format.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry import mapping

from geo.formats.records import records
from geo.formats.shapes import rounded
from geo.formats.vector import read_layer
from geo.maps.payload import right_handed

SEPARATOR = "\x1e"


def write(events: gpd.GeoDataFrame, path: Path) -> None:
    """Write the table, a feature a line. Raises OSError."""
    start = "" if path.suffix.lower() == ".geojsonl" else SEPARATOR
    names = [str(name) for name in events.columns if name != "geometry"]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in records(events):
            properties = {name: row[name] for name in names}
            feature = {"type": "Feature", "properties": properties, "geometry": geometry(row["geometry"])}
            file.write(
                f"{start}{json.dumps(feature, ensure_ascii=False, separators=(',', ':'), default=str)}\n"
            )


def geometry(shape: shapely.Geometry | None) -> dict[str, Any] | None:
    """The shape as RFC 7946 has it: rounded, rings right-handed; None for nothing."""
    if shape is None or shape.is_empty:
        return None
    return dict(mapping(right_handed(rounded(shape))))


def read(path: Path) -> gpd.GeoDataFrame:
    """The features, dates as text."""
    if path.is_file() and not path.stat().st_size:
        return gpd.GeoDataFrame(geometry=[], crs="EPSG:4326")
    return read_layer(path, ("GeoJSONSeq", "GeoJSON"), DATE_AS_STRING="YES")
