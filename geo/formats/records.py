"""The table made ready for a writer, its rows as plain values, and the table again from what a reader gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import geopandas as gpd
import pandas as pd

from geo.errors import FormatError
from geo.formats.shapes import cut
from geo.table import COLUMNS, check_columns, to_frame

DATES = ("start", "end", "doc_date")
"""Columns of days, which formats with a type for days get as such."""

ROW = "row"
"""The column that keeps the order in formats that do not."""

UNSTORABLE = re.compile(
    "[\0\ud800-\udfff]"
)  # no format has bytes for half a surrogate pair, and NUL ends GDAL's texts


def ready(events: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The table in EPSG:4326, cut at the antimeridian, without the characters that no file can hold (they become U+FFFD).

    Raises FormatError when it has no geometries, or does not say in which CRS they are.
    """
    if not isinstance(events, gpd.GeoDataFrame):
        raise FormatError(
            "the events are no GeoDataFrame with geometries; make one by geo.parse or geo.read_events"
        )
    if events.crs is None:
        raise FormatError('the events have no CRS; say which it is, by events.set_crs("EPSG:4326")')
    if events.geometry.name != "geometry":
        events = events.rename_geometry("geometry")
    table = (events if events.crs.to_epsg() == 4326 else events.to_crs("EPSG:4326")).reset_index(drop=True)
    table = table.set_geometry(gpd.GeoSeries([cut(shape) for shape in table.geometry], crs="EPSG:4326"))
    for name in table.columns:
        values = table[name]
        if values.dtype.kind == "O" and any(isinstance(v, str) and UNSTORABLE.search(v) for v in values):
            table[name] = values.map(_storable)
        if values.dtype == object:
            table[name] = _typed(table[name], COLUMNS.get(str(name)))
    return table


def _typed(values: pd.Series, kind: str | None) -> pd.Series:
    """A column of objects, as a caller's own frame has it, with the type of the event table or that of its values."""
    if kind:
        with suppress(TypeError, ValueError):
            return values.astype(kind)
    return values.infer_objects()


def _storable(value: Any) -> Any:
    """A text with U+FFFD for what no file can hold; anything else as it is."""
    return UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else value


def records(events: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    """Each row as plain values: text, int, float, bool, ISO dates; None for what is missing, columns too."""
    names = [str(name) for name in events.columns]
    columns = [list(events[name].astype(object).where(events[name].notna(), None)) for name in events.columns]
    for values in zip(*columns, strict=True):
        yield dict.fromkeys(COLUMNS) | dict(zip(names, values, strict=True))


def restored(frame: pd.DataFrame, path: Path) -> gpd.GeoDataFrame:
    """The event table from what a format's reader gave. Raises FormatError, naming the columns that are missing."""
    if frame.empty and not set(COLUMNS) & set(frame.columns):  # a file without features may have no columns
        return to_frame([])
    check_columns(frame, path)
    if ROW in frame.columns:
        frame = frame.sort_values(ROW, kind="stable", na_position="last").reset_index(drop=True)
    frame = pd.DataFrame(frame)
    for name in DATES:
        frame[name] = [None if pd.isna(day) else str(day)[:10] for day in frame[name]]
    try:
        frame = frame[[*COLUMNS, "geometry"]].astype(COLUMNS)
    except (TypeError, ValueError) as error:
        raise FormatError(f"{path}: no table of events: {' '.join(str(error).split())}") from None
    return gpd.GeoDataFrame(
        frame, geometry=gpd.GeoSeries(list(frame["geometry"]), crs="EPSG:4326"), crs="EPSG:4326"
    )


def is_web(url: str) -> bool:
    """Whether the address is one of the web: nothing else becomes a link."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False
