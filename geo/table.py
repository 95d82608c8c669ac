"""The event table: `Event`s as a GeoDataFrame in EPSG:4326, one row an event.

The columns are a contract between stages, formats and tools; docs/architecture.md describes them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point, shape

from geo.errors import FormatError
from geo.model import Event, Evidence, Place

COLUMNS = {
    "id": "string",
    "group": "string",
    "layer": "string",
    "plover": "string",
    "status": "string",
    "start": "string",
    "end": "string",
    "precision": "string",
    "date_text": "string",
    "year": "Int64",
    "place": "string",
    "place_id": "string",
    "place_kind": "string",
    "country": "string",
    "other_name": "string",
    "place_status": "string",
    "valid_from": "string",
    "valid_to": "string",
    "direction": "string",
    "waypoints": "string",
    "disputed": "bool",
    "destination": "string",
    "destination_id": "string",
    "destination_lon": "float64",
    "destination_lat": "float64",
    "actors": "string",
    "evidence": "string",
    "mention": "string",
    "mention_start": "Int64",
    "mention_end": "Int64",
    "doc_id": "string",
    "doc_title": "string",
    "doc_source": "string",
    "doc_url": "string",
    "doc_date": "string",
    "confidence": "float64",
    "reason": "string",
    "correction": "string",
    "mentions_count": "Int64",
    "sources": "string",
}
"""Column → pandas dtype, in the order of every export; `geometry` follows."""

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
SURROGATES = re.compile("[\ud800-\udfff]")


def to_frame(events: Iterable[Event]) -> gpd.GeoDataFrame:
    """The event table of `events`, in their order."""
    rows, geometries, given = [], [], list(events)
    told: dict[int, tuple[dict[str, Any], Any]] = {}  # of each place object, for many events share one
    for event in given:
        place = event.place
        if id(place) not in told:
            told[id(place)] = place_columns(place), place_geometry(place)
        columns, geometry = told[id(place)]
        rows.append(_row(event, columns))
        geometries.append(geometry)
    try:
        table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    except UnicodeEncodeError:  # pandas' texts, where pyarrow holds them, have no half of a surrogate pair
        whole = [{name: SURROGATES.sub("\ufffd", v) if isinstance(v, str) else v for name, v in row.items()} for row in rows]
        table = pd.DataFrame(whole, columns=list(COLUMNS)).astype(COLUMNS)
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(geometries, crs="EPSG:4326"), crs="EPSG:4326")


def together(frames: Sequence[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    """Event tables as one, in their order."""
    if not frames:
        return to_frame([])
    return gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), geometry="geometry", crs="EPSG:4326")


def check_columns(frame: pd.DataFrame, path: Path) -> None:
    """Raise FormatError if what was read from `path` is no event table, naming the columns that are missing."""
    if missing := [name for name in (*COLUMNS, "geometry") if name not in frame.columns]:
        raise FormatError(f"{path}: no table of events: the columns {', '.join(missing)} are missing")


def place_geometry(place: Place) -> Any:
    """The geometry of a place: its line or area, else its point."""
    return shape(place.geometry) if place.geometry else Point(place.lon, place.lat)


def place_columns(place: Place) -> dict[str, Any]:
    """The columns that tell of a place."""
    return {
        "place": place.name,
        "place_id": place.id,
        "place_kind": place.kind,
        "country": place.country,
        "other_name": place.other_name,
        "place_status": place.status,
        "valid_from": place.valid_from,
        "valid_to": place.valid_to,
        "direction": place.details.get("direction", ""),
        "waypoints": _compact(place.details["waypoints"]) if "waypoints" in place.details else "",
        "disputed": place.disputed,
    }


def _row(event: Event, place: dict[str, Any]) -> dict[str, Any]:
    first, when, destination = event.evidence[0], event.when, event.destination
    return {
        "id": event_id(event),
        "group": event.group,
        "layer": event.layer,
        "plover": event.plover,
        "status": event.status,
        "start": _iso(when.start) if when else None,
        "end": _iso(when.end) if when else None,
        "precision": when.precision if when else "none",
        "date_text": when.text if when else "",
        "year": when.start.year if when else None,
        **place,
        "destination": destination.name if destination else "",
        "destination_id": destination.id if destination else "",
        "destination_lon": destination.lon if destination else None,
        "destination_lat": destination.lat if destination else None,
        "actors": "; ".join(event.actors),
        **_source(first),
        "confidence": round(event.confidence, 4),
        "reason": event.reason,
        "correction": "",
        "mentions_count": len(event.evidence),
        "sources": _compact([_source(e) for e in event.evidence]),
    }


def _source(evidence: Evidence) -> dict[str, Any]:
    return {
        "evidence": evidence.sentence,
        "mention": evidence.mention,
        "mention_start": evidence.mention_start,
        "mention_end": evidence.mention_end,
        "doc_id": evidence.doc_id,
        "doc_title": evidence.doc_title,
        "doc_source": evidence.doc_source,
        "doc_url": evidence.doc_url,
        "doc_date": _iso(evidence.doc_date),
    }


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def event_id(event: Event) -> str:
    """A hash of what makes the event this one; prefixed, for QGIS takes date-like and numeric ids for dates and numbers."""
    first, when = event.evidence[0], event.when
    key = (
        event.layer, event.plover, event.status, event.place.id,
        *((when.start.isoformat(), when.end.isoformat()) if when else ("", "")),
        first.doc_id, first.mention_start, first.sentence,
    )  # fmt: skip
    return "e-" + hashlib.sha256(json.dumps(key).encode("utf-8", "surrogatepass")).hexdigest()[:16]
