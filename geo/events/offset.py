"""Places told by distance and direction: "20 km north of Goma"."""

from __future__ import annotations

from dataclasses import replace

from geo.events.clauses import Sentence, Span
from geo.model import Place

BEARINGS = {
    "north": 0, "northeast": 45, "north-east": 45, "east": 90, "southeast": 135, "south-east": 135, "south": 180,
    "southwest": 225, "south-west": 225, "west": 270, "northwest": 315, "north-west": 315,
}  # fmt: skip
KILOMETRES = {
    "km": 1.0, "kms": 1.0, "kilometre": 1.0, "kilometres": 1.0, "kilometer": 1.0, "kilometers": 1.0, "mile": 1.609344,
    "miles": 1.609344,
}  # fmt: skip
FARTHEST = 500.0  # km; beyond that the words mean something else


def offset_place(sentence: Sentence, span: Span) -> Place | None:
    """The point that lies as far and in the direction from a place as the words before it say, None if they do not.

    The offset is along the geodesic on WGS84 (Karney 2013, by geopy).
    """
    place = sentence.toponyms[span.index].place
    k = span.first - 1
    if place is None or sentence.word(k) != "of":
        return None
    bearing = BEARINGS.get(sentence.word(k - 1))
    k -= 1
    if sentence.mark(k - 1) == "-":  # "north-east"
        bearing = BEARINGS.get(f"{sentence.word(k - 2)}-{sentence.word(k)}")
        k -= 2
    factor = KILOMETRES.get(sentence.word(k - 1))
    number = sentence.mark(k - 2).replace(",", "")
    if bearing is None or factor is None or not number.replace(".", "", 1).isdigit():
        return None
    distance = float(number) * factor
    if not 0 < distance <= FARTHEST:
        return None
    from geopy.distance import geodesic  # noqa: PLC0415  seldom needed, slow to import

    point = geodesic(kilometers=distance).destination((place.lat, place.lon), bearing)
    words = sentence.stretch(k - 2, span.first)
    return replace(
        place, id=f"{place.id}~{distance:.0f}km{bearing}", name=f"{' '.join(words.split())} {place.name}", kind="offset",
        lat=round(point.latitude, 5), lon=round(point.longitude, 5), geometry=None, population=0,
    )  # fmt: skip
