"""Linked Places Format 1.3 (JSON-LD): a feature a place, with when and why it is told of, for World Historical Gazetteer."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import geopandas as gpd

from geo.formats.geojsonseq import geometry
from geo.formats.records import is_web, records
from geo.maps.payload import pieces
from geo.maps.words import when

CONTEXT = (
    "https://raw.githubusercontent.com/LinkedPasts/linked-places-format/main/linkedplaces-context-v1.1.jsonld"
)

# Our kinds → GeoNames feature class, and a type of the Getty Art & Architecture Thesaurus that the World Historical Gazetteer knows.
TYPES = {
    "country": ("A", 300387506, "country"), "admin1": ("A", 300232418, "administrative division"),
    "admin2": ("A", 300232418, "administrative division"), "city": ("P", 300008347, "inhabited place"),
    "capital": ("P", 300008347, "inhabited place"), "site": ("S", 300000809, "site"),
    "island": ("T", 300008791, "island"), "islands": ("T", 300386853, "island group"),
    "region": ("L", 300182722, "region (geographic)"), "historical": ("L", 300387178, "historical region"),
    "continent": ("L", 300128176, "continent"), "valley": ("T", 300008761, "valley"), "airport": ("S", 300000681, "airport"),
    "base": ("S", 300000455, "military base"), "bay": ("H", 300132316, "bay"), "dam": ("S", 300006084, "dam"),
    "lake": ("H", 300008680, "lake"), "mountain": ("T", 300008795, "mountain"),
    "mountains": ("T", 300386831, "mountain range"), "peninsula": ("T", 300008804, "peninsula"),
    "river": ("H", 300008707, "river"), "sea": ("H", 300008694, "sea"), "ocean": ("H", 300008687, "ocean"),
    "gulf": ("H", 300132315, "gulf"), "desert": ("T", 300008916, "desert"), "pass": ("T", 300259572, "pass"),
    "bridge": ("S", 300007836, "bridge"), "canal": ("H", 300006075, "canal"), "route": ("R", 300265365, "route"),
    "corridor": ("R", 300265365, "route"), "border": ("L", 300387143, "borderland"),
}  # fmt: skip
WATERS, ROADS = ("strait", "channel"), ("crossing", "gap", "way", "pipeline")


def write(events: gpd.GeoDataFrame, path: Path) -> None:
    """Write a feature a place, in the order of the table. Raises OSError."""
    places: dict[tuple[str, bytes], list[dict[str, Any]]] = {}
    for row in records(events):
        shape = row["geometry"]
        places.setdefault((str(row["place_id"]), shape.wkb if shape is not None else b""), []).append(row)
    seen: dict[str, int] = {}
    features = [_feature(rows, seen) for rows in places.values()]
    collection = {"type": "FeatureCollection", "@context": CONTEXT, "features": features}
    path.write_text(
        json.dumps(collection, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )


def _feature(rows: Sequence[Mapping[str, Any]], seen: dict[str, int]) -> dict[str, Any]:
    first = rows[0]
    class_, aat, label = kind_of(first["place_kind"] or "")
    spans = {(row["start"], row["end"]) for row in rows if row["start"]}
    return {
        "@id": _identifier(str(first["place_id"] or first["place"] or ""), seen),
        "type": "Feature",
        "properties": {
            "title": first["place"] or "",
            "ccodes": [first["country"]] if first["country"] else [],
            "fclasses": [class_],
        },
        **({"when": {"timespans": [_timespan(*span) for span in sorted(spans)]}} if spans else {}),
        "names": _names(rows),
        "types": [
            {
                "identifier": f"aat:{aat}",
                "label": label,
                "sourceLabels": [{"label": first["place_kind"] or "", "lang": "en"}],
            }
        ],
        "geometry": geometry(first["geometry"]) or {"type": "GeometryCollection", "geometries": []},
        "links": _links(str(first["place_id"] or "")),
        "descriptions": [description for row in rows for description in _descriptions(row)],
    }


def kind_of(kind: str) -> tuple[str, int, str]:
    """GeoNames feature class, AAT number and label of a kind of place."""
    if kind in TYPES:
        return TYPES[kind]
    if kind in WATERS:
        return "H", 300387217, "passage"
    return ("R", 300265365, "route") if kind in ROADS else ("S", 300000809, "site")


def _identifier(place_id: str, seen: dict[str, int]) -> str:
    """An address for GeoNames' places, a urn for others; the second feature of a place is told apart by its number."""
    seen[place_id] = number = seen.get(place_id, 0) + 1
    source, _, name = place_id.partition(":")
    known = (
        f"https://sws.geonames.org/{name}/"
        if source == "geonames"
        else f"urn:geo-news:{quote(name or place_id, errors='replace')}"
    )
    return known if number == 1 else f"{known}#{number}"


def _timespan(start: str, end: str | None) -> dict[str, dict[str, str]]:
    """A day, or the first and the last day."""
    last = (dt.date.fromisoformat(end) - dt.timedelta(days=1)).isoformat() if end else start
    return {"start": {"in": start}} if last <= start else {"start": {"in": start}, "end": {"in": last}}


def _names(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The names under which the articles speak of the place, the canonical one first, each with an article."""
    cited: dict[str, list[dict[str, str]]] = {str(rows[0]["place"] or ""): []}
    for row in rows:
        for piece in pieces(row):
            citation = _citation(piece)
            for name in {str(row["place"] or ""), " ".join(str(piece.get("mention") or "").split())} - {""}:
                citations = cited.setdefault(name, [])
                if citation not in citations:
                    citations.append(citation)
    other = [str(rows[0]["other_name"])] if rows[0]["other_name"] else []
    names = [{"toponym": name, "lang": "en", "citations": citations} for name, citations in cited.items()]
    return names + [{"toponym": name, "lang": "en"} for name in other if name not in cited]


def _citation(piece: Mapping[str, Any]) -> dict[str, str]:
    told = [str(piece.get(name) or "") for name in ("doc_title", "doc_source", "doc_date")]
    citation = {"label": ", ".join(part for part in told if part) or str(piece.get("doc_id") or "")}
    url = str(piece.get("doc_url") or "")
    return citation | {"@id": url} if is_web(url) else citation


def _links(place_id: str) -> list[dict[str, str]]:
    source, _, number = place_id.partition(":")
    return [{"type": "exactMatch", "identifier": f"gn:{number}"}] if source == "geonames" else []


def _descriptions(row: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """What happened there, in the words of the articles."""
    told = f"{row['layer']}, {row['status']}, {when(row['start'] or '', row['end'] or '', row['precision'] or '')}"
    for piece in pieces(row):
        url = str(piece.get("doc_url") or "")
        description = {"value": f"{told}: {piece.get('evidence') or ''}", "lang": "en"}
        yield {"@id": url} | description if is_web(url) else description
