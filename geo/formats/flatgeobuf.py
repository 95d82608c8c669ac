"""FlatGeobuf: one file with a spatial index, which web maps read in parts."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd

from geo.formats.vector import check_whole, read_layer, write_layer


def write(events: gpd.GeoDataFrame, path: Path) -> None:
    """Write the table. The index sorts the features by place; the column `row` keeps the order. Raises OSError."""
    write_layer(
        events, path, "FlatGeobuf", "events", "Unknown", SPATIAL_INDEX="NO" if events.empty else "YES"
    )
    check_whole(path, len(events))


def read(path: Path) -> gpd.GeoDataFrame:
    """The features in the order of the index."""
    return read_layer(path, ("FlatGeobuf",))
