"""GeoParquet: columns with types, for DuckDB, GeoPandas, BigQuery and the like. Needs pyarrow."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.errors import FormatError
from geo.formats.records import DATES


def check(path: Path) -> None:
    """Raise FormatError when pyarrow is not installed."""
    if find_spec("pyarrow") is None:
        raise FormatError(f"{path}: GeoParquet needs pyarrow; run: pip install 'geo-news[parquet]'")


def write(events: gpd.GeoDataFrame, path: Path) -> None:
    """Write the table, days as days. Raises OSError."""
    import pyarrow as pa  # noqa: PLC0415  an extra

    table = events.copy()
    for name in DATES:
        if name in table.columns:
            days = pd.to_datetime(table[name], format="ISO8601").astype("datetime64[s]")
            table[name] = days.astype(pd.ArrowDtype(pa.date32()))
    table.to_parquet(path, index=False, schema_version="1.0.0")


def read(path: Path) -> gpd.GeoDataFrame:
    """The table as it was written, days as dates."""
    return gpd.read_parquet(path)


def has_geometry(path: Path) -> bool:
    """Whether a Parquet file is GeoParquet; False for what is none, and without pyarrow to tell."""
    if find_spec("pyarrow") is None:
        return False
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        return b"geo" in (pq.read_schema(path).metadata or {})
    except (OSError, pa.ArrowInvalid):
        return False
