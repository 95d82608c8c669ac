"""`index.html`: the years side by side, each with a small map, so that they compare at a glance.

Plain HTML without a script: what stands here is numbers, and names that `html.escape` has passed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from shapely.geometry import MultiPolygon, Polygon, box

from geo.maps import ground
from geo.maps.page import with_policy
from geo.maps.payload import anchor, legend

Rows = Sequence[Mapping[str, Any]]
Box = tuple[float, float, float, float]

WIDTH, HEIGHT = 260, 160  # of a small map, in its own units
QUIET = "mentions"
LONGEST, STRIP = 150, 40  # years that the strip of years has at most, and its height in pixels


@dataclass(slots=True)
class Tally:
    """What the index tells of a year: counts by layer and point, and by place; mere mentions apart from events."""

    points: Counter[tuple[str, tuple[float, float]]] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    quiet_points: Counter[tuple[str, tuple[float, float]]] = field(default_factory=Counter)
    quiet_places: Counter[str] = field(default_factory=Counter)

    def add(self, book: Rows) -> None:
        """Count the rows too."""
        for row in book:
            quiet = row["layer"] == QUIET
            (self.quiet_points if quiet else self.points)[str(row["layer"]), anchor(row["geometry"])] += 1
            (self.quiet_places if quiet else self.places)[str(row.get("place", ""))] += 1

    def told(self) -> tuple[Counter[tuple[str, tuple[float, float]]], Counter[str]]:
        """The events proper: without the places that are only named, unless there is nothing else."""
        return (self.points, self.places) if self.points else (self.quiet_points, self.quiet_places)

    @property
    def count(self) -> int:
        """How many are told."""
        return self.told()[0].total()


def index(years: Mapping[str, Tally]) -> str:
    """The page that links those of `years` by name (2023, …, undated), and that of all when there are several."""
    view = _View([point for tally in years.values() for _, point in tally.told()[0]])
    most = max((tally.count for tally in years.values()), default=1)
    cards = "\n".join(_card(name, tally, view, most) for name, tally in years.items())
    total = sum(tally.count for tally in years.values())
    body = f"""<header>
<h1>Events on the map</h1>
<p>{_count(total, "event")} in {_count(len(years), "map")}.{' <a href="all.html">All on one map</a>' if len(years) > 1 else ""}</p>
{_strip(years)}</header>
<svg class="defs" aria-hidden="true" width="0" height="0"><symbol id="land" viewBox="0 0 {WIDTH} {HEIGHT}"><path d="{view.land()}"/></symbol></svg>
<main>
{cards or "<p>No event with a place was found in the articles.</p>"}
</main>
<footer><p>Read by machine from the articles named on the maps: check the sentence before you quote a map.
Borders, names and dashed lines are no statement on who owns what.</p><p>Natural Earth · GeoNames (CC BY 4.0)</p></footer>"""
    style = (files("geo.maps") / "assets" / "index.css").read_text("utf-8") + _colours()
    return with_policy(
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Events on the map</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


class _View:
    """The part of the world that all small maps show, in Mercator, with room around the points."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        projected = [_mercator(lon, lat) for lat, lon in points] or [_mercator(-170, -55), _mercator(180, 75)]
        xs, ys = zip(*projected, strict=True)
        wide = max(max(xs) - min(xs), (max(ys) - min(ys)) * WIDTH / HEIGHT, 8.0) * 1.2
        self.scale = WIDTH / min(wide, 360.0)
        x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
        self.west, self.north = x - WIDTH / 2 / self.scale, y + HEIGHT / 2 / self.scale

    def __call__(self, lat: float, lon: float) -> tuple[float, float]:
        x, y = _mercator(lon, lat)
        return round((x - self.west) * self.scale, 1), round((self.north - y) * self.scale, 1)

    def land(self) -> str:
        """The land in view as the data of an SVG path."""
        view, paths = box(0, 0, WIDTH, HEIGHT), []
        for shape in _land():
            drawn = Polygon([self(lat, lon) for lon, lat in shape.exterior.coords])
            if not drawn.intersects(view):
                continue
            cut = drawn.buffer(0).intersection(view).simplify(0.4)
            paths += [
                "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in part.exterior.coords[:-1]) + "Z"
                for part in getattr(cut, "geoms", [cut])
                if part.geom_type == "Polygon" and part.area > 0.3
            ]
        return "".join(paths)


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    """Degrees of longitude, and of latitude as long as they are drawn."""
    lat = max(-80.0, min(84.0, lat))
    return lon, math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))


@cache
def _land() -> list[Polygon]:
    world = ground.world()
    rings = (next(ground.lines(rings[:1], world["scale"], world["origin"])) for rings in world["land"])
    shapes = [Polygon(ring) for ring in rings if len(ring) > 3]
    return list(MultiPolygon(shapes).geoms)


def _card(name: str, tally: Tally, view: _View, most: int) -> str:
    places, named = tally.told()
    title = {"undated": "Undated"}.get(name, name)
    dots = "".join(
        f'<circle class="{_class(layer)}" cx="{x}" cy="{y}" r="{min(7.0, 2.2 + 0.8 * math.sqrt(n - 1)):.1f}"/>'
        for (layer, (lat, lon)), n in sorted(places.items(), key=lambda item: (-item[1], item[0]))
        for x, y in [view(lat, lon)]
    )
    layers: Counter[str] = Counter()
    for (layer, _), n in places.items():
        layers[layer] += n
    width = 100 * tally.count / most
    shares = "".join(
        f'<rect class="{_class(layer)}" x="{start:.2f}" y="0" width="{share:.2f}" height="6"/>'
        for layer, start, share in _stack(layers, width)
    )
    words = "".join(
        f'<li><i class="{_class(layer)}"></i>{escape(_layer_name(layer))} <b>{n}</b></li>'
        for layer, n in _ordered(layers)
    )
    names = [
        escape(place)
        for place, _ in named.most_common(4)
        if place
    ]
    where = " · ".join(f"<bdi>{place}</bdi>" for place in names)
    return f"""<article>
<h2><a href="{escape(name)}.html">{escape(title)}</a></h2>
<svg class="map" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="Where: {_count(len(places), "mark")}"><use href="#land"/>{dots}</svg>
<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">{shares}</svg>
<p><strong>{_count(tally.count, "event")}</strong></p>
<p class="where">{where}</p>
<ul>{words}</ul>
</article>"""


def _strip(years: Mapping[str, Tally]) -> str:
    """All years from the first to the last, the empty ones too, each a bar as high as its events are many."""
    counts = {int(name): tally.count for name, tally in years.items() if name.isdigit()}
    if len(counts) < 3 or max(counts) - min(counts) > LONGEST:
        return ""
    most = max(counts.values())
    bars = []
    for year in range(min(counts), max(counts) + 1):
        label = f"<span>{year}</span>" if year in {min(counts), max(counts)} else ""
        if n := counts.get(year):
            height = max(4, round(STRIP * n / most))
            said = f"{year}: {_count(n, 'event')}"
            bars.append(f'<a href="{year}.html" aria-label="{said}" title="{said}"><svg width="100%" height="{height}"><rect width="100%" height="100%"/></svg>{label}</a>')
        else:
            bars.append(f"<i>{label}</i>")
    return f'<nav class="strip" aria-label="Years">{"".join(bars)}</nav>\n'


def _stack(layers: Counter[str], width: float) -> Iterable[tuple[str, float, float]]:
    start, total = 0.0, sum(layers.values())
    for layer, n in _ordered(layers):
        share = width * n / total
        yield layer, start, share
        start += share


def _ordered(layers: Counter[str]) -> list[tuple[str, int]]:
    order = {layer["id"]: at for at, layer in enumerate(legend()["layers"])}
    return sorted(layers.items(), key=lambda item: (order.get(item[0], len(order)), item[0]))


def _layer_name(layer: str) -> str:
    return next((str(known["name"]) for known in legend()["layers"] if known["id"] == layer), layer)


def _class(layer: str) -> str:
    return f"l-{layer}" if any(known["id"] == layer for known in legend()["layers"]) else "l-unknown"


def _colours() -> str:
    layers = [*legend()["layers"], {**legend()["unknown"], "id": "unknown"}]
    rules = {
        scheme: "".join(f".l-{layer['id']}{{--ink:{layer[scheme]}}}" for layer in layers)
        for scheme in ("light", "dark")
    }
    return f"{rules['light']}@media (prefers-color-scheme:dark){{{rules['dark']}}}"


def _count(n: int, one: str) -> str:
    return f"{n:,} {one}{'' if n == 1 else 's'}"
