"""The table of events → what a page is told: plain values for JSON, each place and document once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.polygon import orient

from geo.errors import FormatError
from geo.maps import words

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

DECIMALS = 5  # of a degree: about a metre
DOCUMENT = ("doc_id", "doc_title", "doc_source", "doc_url", "doc_date")
PLACE = {
    "place_id": "id", "place": "name", "other_name": "other", "place_kind": "kind", "country": "country",
    "place_status": "status", "valid_from": "from", "valid_to": "to", "direction": "direction", "disputed": "disputed",
}  # fmt: skip
EVENT = ("id", "group", "layer", "plover", "status", "start", "end", "precision", "date_text", "actors", "reason", "correction")


@cache
def legend() -> dict[str, Any]:
    """Names, groups, shapes and colours of the layers; the words for the statuses."""
    loaded: dict[str, Any] = json.loads((files("geo.maps") / "assets" / "legend.json").read_text("utf-8"))
    return loaded


def rows(events: GeoDataFrame) -> list[dict[str, Any]]:
    """The table's rows that have a geometry, in EPSG:4326, with "" for what is missing.

    Raises FormatError when the table has no geometries or does not say in which CRS they are.
    """
    if not len(events):
        return []
    try:
        crs = events.geometry.crs
    except AttributeError:
        raise FormatError(
            "the events are no GeoDataFrame with geometries; make one by geo.parse or geo.read_events"
        ) from None
    if crs is None:
        raise FormatError('the events have no CRS; say which it is, by events.set_crs("EPSG:4326")')
    if crs.to_epsg() != 4326:
        events = events.to_crs("EPSG:4326")
    placed = events[~(events.geometry.isna() | events.geometry.is_empty)]
    plain = placed.astype(object).where(placed.notna(), "")
    columns = {str(name): _shared(_plain(plain[name].tolist())) for name in plain.columns}
    shapes = placed.geometry.to_numpy()
    columns |= {"geometry": list(shapes), "wkb": shapely.to_wkb(shapes).tolist()}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _plain(values: list[Any]) -> list[Any]:
    """A column with its dates, which GDAL makes of columns of ISO dates, as ISO again."""
    if not any(issubclass(kind, dt.date) for kind in {type(value) for value in values}):
        return values
    return [value.isoformat()[:10] if isinstance(value, dt.date) else value for value in values]


def _shared(values: list[Any]) -> list[Any]:
    """A column in which equal texts are one object, for most columns have few."""
    known: dict[str, str] = {}
    return [known.setdefault(value, value) if isinstance(value, str) else value for value in values]


def payload(table: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """`events`, which point by number into `places` and `docs`: all that a page shows of the table.

    An event's `evidence` is a list of [sentence, mention, document].
    """
    places: dict[tuple[str, str, bytes], int] = {}
    docs: dict[tuple[str, ...], int] = {}
    place_list: list[dict[str, Any]] = []
    events = []
    for row in table:
        shape = row["geometry"]
        key = (str(row.get("place_id", "")), str(row.get("place", "")), row.get("wkb") or shape.wkb)
        if key not in places:
            places[key] = len(places)
            place_list.append(_place(row, shape))
        event: dict[str, Any] = {name: str(value) for name in EVENT if (value := row.get(name, "")) != ""}
        event |= {
            "place": places[key],
            "when": words.when(
                str(row.get("start", "")), str(row.get("end", "")), str(row.get("precision", ""))
            ),
            "confidence": _share(row.get("confidence", "")),
            "evidence": [list(piece) for piece in _evidence(row, docs)],
        }
        if (way := _way(row)) is not None:
            event["to"] = way
        for name in ("year", "mention_start", "mention_end"):
            if row.get(name, "") != "":
                event[name] = int(row[name])
        events.append(event)
    return {"places": place_list, "docs": [_document(doc) for doc in docs], "events": events}


def anchor(shape: Any) -> tuple[float, float]:
    """Where the symbol of a geometry stands, as lat, lon: on the line's middle, inside the area."""
    if shape.geom_type in {"LineString", "MultiLineString"}:
        longest = max(getattr(shape, "geoms", [shape]), key=lambda line: line.length)
        point = longest.interpolate(0.5, normalized=True)
    elif shape.geom_type == "Point":
        point = shape
    else:
        point = shape.representative_point()
    return round(point.y, DECIMALS), round(point.x, DECIMALS)


def in_script(value: Any) -> str:
    """JSON that can neither end the `<script>` that it stands in nor open a comment there."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair has no bytes
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _place(row: Mapping[str, Any], shape: Any) -> dict[str, Any]:
    place: dict[str, Any] = {
        short: value if isinstance(value, bool) else str(value)
        for name, short in PLACE.items()
        if (value := row.get(name, "")) not in {"", False}
    }
    if stops := _stops(row):
        place["stops"] = stops
    place["at"] = list(anchor(shape))
    if shape.geom_type != "Point":
        rounded = mapping(shapely.transform(right_handed(shape), lambda xy: xy.round(DECIMALS)))
        place["geometry"] = {"type": rounded["type"], "coordinates": rounded["coordinates"]}
    return place


def _stops(row: Mapping[str, Any]) -> list[list[Any]]:
    """The waypoints of a line as [name, lat, lon]; none where the column does not hold what it should."""
    try:
        told = json.loads(row.get("waypoints", "") or "[]")
        return [[str(stop["name"]), *_spot(stop["lat"], stop["lon"])] for stop in told]
    except (ValueError, TypeError, KeyError):
        return []


def _way(row: Mapping[str, Any]) -> list[Any] | None:
    """Where people went from the event's place, as [name, lat, lon, id]."""
    lat, lon = row.get("destination_lat", ""), row.get("destination_lon", "")
    if "" in {lat, lon}:
        return None
    return [str(row.get("destination", "")), *_spot(lat, lon), str(row.get("destination_id", ""))]


def _spot(lat: Any, lon: Any) -> list[float]:
    return [round(float(lat), DECIMALS), round(float(lon), DECIMALS)]


def right_handed(shape: Any) -> Any:
    """The shape with its rings as RFC 7946 wants them, for the page's GeoJSON holds it as it is here."""
    match shape:
        case Polygon():
            return orient(shape)
        case MultiPolygon():
            return MultiPolygon([orient(part) for part in shape.geoms])
        case _:
            return shape


def _evidence(row: Mapping[str, Any], docs: dict[tuple[str, ...], int]) -> Iterator[tuple[str, str, int]]:
    for piece in pieces(row):
        told = piece.get
        doc = (*(str(told(name) or "") for name in DOCUMENT),)
        yield str(told("evidence") or ""), str(told("mention") or ""), docs.setdefault(doc, len(docs))


def pieces(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """All that is told of the event: `sources` when it holds something, else the row's own sentence."""
    sources = row.get("sources", "")
    try:
        found = json.loads(sources) if isinstance(sources, str) and sources else sources
    except ValueError:
        found = []
    return ([piece for piece in found if isinstance(piece, dict)] if isinstance(found, list) else []) or [row]


def _document(doc: tuple[str, ...]) -> dict[str, str]:
    names = ("id", "title", "source", "url", "date")
    found = {name: value for name, value in zip(names, doc, strict=True) if value}
    if date := words.parse(found.get("date", "")):
        found["day"] = words.day(date)
    return found


def _share(value: Any) -> float | None:
    return None if value == "" else round(float(value), 3)
