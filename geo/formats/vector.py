"""What the formats that GDAL writes have in common: typed columns, and errors that GDAL keeps to itself."""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio import raw

from geo.errors import FormatError
from geo.formats.records import DATES, ROW

RAISED = (
    pyogrio.errors.DataLayerError,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
)


@contextmanager
def own_errors() -> Iterator[None]:
    """GDAL's errors as OSErrors."""
    try:
        yield
    except RAISED as error:
        raise OSError(str(error)) from None


def no_room() -> OSError:
    """What is to be raised when GDAL did not tell that the disk is full."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def write_layer(
    events: gpd.GeoDataFrame, path: Path, driver: str, layer: str, geometry_type: str, **options: Any
) -> None:
    """Write the rows as a layer, dates as dates, with their number in the column `row`. Raises OSError."""
    columns = {ROW: (events.index.to_numpy(dtype="int64"), None)}
    columns |= {str(name): _column(events[name]) for name in events.columns if name not in ("geometry", ROW)}
    with own_errors():
        raw.write(
            path,
            shapely.to_wkb(events.geometry.to_numpy(), output_dimension=2, flavor="iso"),
            [values for values, _ in columns.values()],
            list(columns),
            field_mask=[mask for _, mask in columns.values()],
            driver=driver,
            layer=layer,
            geometry_type=geometry_type,
            crs="EPSG:4326",
            **options,
        )


def _column(values: pd.Series) -> tuple[Any, Any]:
    """A column as GDAL takes it, and where it is null."""
    if values.name in DATES:
        try:
            return np.array(
                [None if pd.isna(day) else str(day)[:10] for day in values], dtype="datetime64[D]"
            ), None
        except ValueError as error:
            raise FormatError(
                f"the column {values.name} holds what is no ISO date ({error}); mend it, or write GeoJSON"
            ) from None
    null = values.isna().to_numpy(dtype=bool)
    match values.dtype.kind:
        case "b":
            return values.to_numpy(dtype=bool, na_value=False), null
        case "i" | "u":
            return values.to_numpy(dtype="int64", na_value=0), null
        case "f":
            return values.to_numpy(dtype="float64", na_value=np.nan), null
        case "M":
            return values.to_numpy(dtype="datetime64[ms]"), None
        case _:
            return np.array(
                [None if missing else str(v) for v, missing in zip(values, null, strict=True)], dtype=object
            ), None


def check_whole(path: Path, rows: int, layer: str | None = None) -> None:
    """Raise OSError when a file that GDAL wrote to a full disk holds fewer rows, or cannot be read to its end."""
    try:
        _, _, shapes, _ = raw.read(path, layer=layer, columns=[])
    except Exception:  # noqa: BLE001  pyogrio raises several kinds
        raise no_room() from None
    if len(shapes) != rows:
        raise no_room()


def read_layer(
    path: Path, drivers: Collection[str], layer: str | None = None, **options: Any
) -> gpd.GeoDataFrame:
    """A layer as a table, dates as GDAL gives them. Raises OSError when GDAL takes the file for another format."""
    found = pyogrio.read_info(path, layer=layer)["driver"]
    if found not in drivers:
        raise OSError(f"it is {found}")
    return pyogrio.read_dataframe(path, layer=layer, **options)
