"""GeoPackage: a layer each for points, lines and areas, with real dates, and a style that QGIS takes by itself.

QGIS draws a layer of mixed geometries as several, and finds no style for them; three layers it opens as they are.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from shapely.geometry import MultiLineString, MultiPolygon

from geo.formats.qgis import KINDS, kind_of, style
from geo.formats.vector import no_room, own_errors, read_layer, write_layer

TYPES = {"points": "Point", "lines": "MultiLineString", "areas": "MultiPolygon"}
NEW = {"VERSION": "1.3"}  # which GDAL before 3.7 reads without a warning
MULTI = {"LineString": MultiLineString, "Polygon": MultiPolygon}

# The table that QGIS itself makes when a style is saved in the database.
STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles');
"""


def write(events: gpd.GeoDataFrame, path: Path) -> None:
    """Write the layers that the table has rows for; an empty table makes an empty layer of points. Raises OSError."""
    kinds = [kind_of(shape) for shape in events.geometry]
    written = [kind for kind in KINDS if kind in kinds] or ["points"]
    for kind in written:
        rows = events.iloc[[number for number, found in enumerate(kinds) if found == kind]]
        rows = rows.set_geometry(
            gpd.GeoSeries([_multi(shape) for shape in rows.geometry], index=rows.index, crs=events.crs)
        )
        write_layer(
            rows,
            path,
            "GPKG",
            kind,
            TYPES[kind],
            **(NEW if kind == written[0] else {"append": True}),
            GEOMETRY_NAME="geometry",
        )
    try:
        with closing(sqlite3.connect(path)) as database, database:
            for kind in written:
                _check_whole(database, kind, kinds.count(kind))
            database.executescript(STYLES)
            database.executemany(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
                " styleQML, styleSLD, useAsDefault, description, owner) VALUES ('', '', ?, 'geometry', 'geo', ?, '', 1, ?, '')",
                [
                    (kind, style(events, kind), "Layers and statuses as on the pages of geo")
                    for kind in written
                ],
            )
    except sqlite3.Error as error:
        raise OSError(str(error)) from None


def _check_whole(database: sqlite3.Connection, kind: str, rows: int) -> None:
    """Raise OSError when GDAL left out rows or the spatial index, which it does not tell on a full disk."""
    indexed = database.execute(
        "SELECT 1 FROM sqlite_master WHERE name = ?", (f"rtree_{kind}_geometry",)
    ).fetchone()
    if not indexed or database.execute(f"SELECT count(*) FROM {kind}").fetchone() != (rows,):  # noqa: S608  one of KINDS
        raise no_room()


def _multi(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """A line or an area as one of many, for a layer has one type."""
    return MULTI[shape.geom_type]([shape]) if shape is not None and shape.geom_type in MULTI else shape


def read(path: Path) -> pd.DataFrame:
    """The rows of all layers, one after the other; a single line or area is no longer one of many."""
    with own_errors():
        names = [str(name) for name, _ in pyogrio.list_layers(path)]
        layers = [read_layer(path, ("GPKG",), kind) for kind in KINDS if kind in names]
    if not layers:
        raise OSError(f"none of the layers {', '.join(KINDS)}")
    filled = [layer for layer in layers if len(layer)] or layers[:1]
    table = pd.concat([pd.DataFrame(layer).astype(object) for layer in filled], ignore_index=True)
    table["geometry"] = [_single(shape) for shape in table["geometry"]]
    return table


def _single(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    parts = list(getattr(shape, "geoms", ()))
    return parts[0] if len(parts) == 1 else shape
