"""Places told by two others: "between X and Y", "the road from X to Y"."""

from __future__ import annotations

import math
from dataclasses import replace

from geo.events.clauses import Sentence, Span, is_line
from geo.model import Place
from geo.sphere import Point, distance_km

WAYS = frozenset(
    """road roads highway motorway route routes railway railways line track bridge ferry flights trains train bus service services
    link corridor pipeline tunnel border frontier traffic crossing crossings cable cables""".split()
)
FARTHEST = 1500.0  # km; beyond that a middle says nothing
WIDE = frozenset({"country", "continent", "region", "ocean", "sea"})


def between(sentence: Sentence, one: Span, two: Span) -> tuple[Place, str] | None:
    """The place that two towns tell together, and why: the middle of both, or the line of a way from one to the other.

    None if they do not: not "between X and Y" or "the road from X to Y", too far apart, or too wide to have a middle.
    """
    first, second = sentence.toponyms[one.index].place, sentence.toponyms[two.index].place
    if first is None or second is None or first.id == second.id:
        return None
    if {first.kind, second.kind} & WIDE or is_line(first) or is_line(second):
        return None
    preposition, joint = sentence.word(one.first - 1), sentence.word(two.first - 1)
    way = any(sentence.word(k) in WAYS for k in range(max(one.first - 4, sentence.first), one.first - 1))
    joined = (preposition, joint) == ("between", "and") or (way and (preposition, joint) == ("from", "to"))
    towns = way or "capital" not in (first.kind, second.kind)  # "fighting between Baku and Yerevan" has parties
    if not joined or not towns or distance_km((first.lat, first.lon), (second.lat, second.lon)) > FARTHEST:
        return None
    return _middle(first, second, way=way), "the way between the two" if way else "the middle of the two"


def _middle(first: Place, second: Place, *, way: bool) -> Place:
    lat, lon = midpoint((first.lat, first.lon), (second.lat, second.lon))
    line = {"type": "LineString", "coordinates": [[first.lon, first.lat], [second.lon, second.lat]]}
    same = first.country == second.country
    return replace(
        first, id="~".join(sorted((first.id, second.id))), name=f"between {first.name} and {second.name}",
        kind="way" if way else "between", country=first.country if same else "", admin1=first.admin1 if same else "",
        lat=round(lat, 5), lon=round(lon, 5), geometry=line if way else None, population=0,
        other_name="", details={},
    )  # fmt: skip


def midpoint(a: Point, b: Point) -> Point:
    """The middle of the great circle between two points."""
    x = y = z = 0.0
    for lat, lon in ((math.radians(lat), math.radians(lon)) for lat, lon in (a, b)):
        x, y, z = x + math.cos(lat) * math.cos(lon), y + math.cos(lat) * math.sin(lon), z + math.sin(lat)
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))
