"""CSV with the columns that users of ACLED's files know: the columns are theirs, the codes in them are ours.

`event_type` is the layer, `sub_event_type` the PLOVER type, `time_precision` and `geo_precision` are as below; what no
article tells us (fatalities, regions, kinds of actors) is left empty, never 0. The files are no ACLED data.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd

from geo.formats.records import records
from geo.formats.spreadsheet import point, write_rows
from geo.maps.payload import pieces

NAMES = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type",
    "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction", "civilian_targeting",
    "iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision",
    "source", "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip

TIME_PRECISION = {"day": 1, "week": 2, "month": 3, "season": 4, "year": 5, "decade": 6, "document": 7}
"""1 to 3 as theirs; 7 is an event dated only by its article."""

EXACT = (
    "city",
    "capital",
    "site",
    "camp",
    "airport",
    "base",
    "bridge",
    "crossing",
    "dam",
    "plant",
    "prison",
    "pass",
)
WIDE = (
    "admin1",
    "country",
    "region",
    "continent",
    "historical",
    "sea",
    "ocean",
    "desert",
    "gulf",
    "mountains",
    "islands",
)


def write(events: gpd.GeoDataFrame, path: Path) -> None:
    """Write a row an event. Raises OSError."""
    write_rows(path, NAMES, map(_row, records(events)))


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    actors = [actor for actor in (row["actors"] or "").split("; ") if actor]
    lon, lat = point(row["geometry"])
    sources = dict.fromkeys(
        str(piece.get("doc_source") or piece.get("doc_id") or "") for piece in pieces(row)
    )
    tags = [
        f"status={row['status']}",
        f"confidence={row['confidence']}",
        *(f"actor={actor}" for actor in actors[2:]),
    ]
    return {
        "event_id_cnty": row["id"],
        "event_date": row["start"],
        "year": row["year"],
        "time_precision": TIME_PRECISION.get(row["precision"]),
        "event_type": row["layer"],
        "sub_event_type": row["plover"],
        "actor1": actors[0] if actors else "",
        "actor2": actors[1] if len(actors) > 1 else "",
        "country": row["country"],
        "location": row["place"],
        "latitude": lat,
        "longitude": lon,
        "geo_precision": geo_precision(row["place_kind"] or ""),
        "source": "; ".join(sources),
        "notes": row["evidence"],
        "tags": "; ".join(tags),
    }


def geo_precision(kind: str) -> int:
    """1: the place itself; 2: somewhere along or near it (districts, lines, rivers); 3: somewhere in a large area."""
    return 1 if kind in EXACT else 3 if kind in WIDE else 2
