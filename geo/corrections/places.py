"""The place that a person names in a correction → the gazetteer's places."""

from __future__ import annotations

from geo.gazetteer import NAME_KINDS, Gazetteer
from geo.model import Place
from geo.text import fold

GEONAMES = "geonames:"


def find_places(name: str, gazetteer: Gazetteer) -> list[Place]:
    """The places that "Granada", "Granada, Nicaragua", "Springfield, Illinois" or "geonames:2517117" names, the most populous first."""
    if ":" in name:
        return _by_id(name, gazetteer)
    if found := _bearers(name, gazetteer):
        return found
    head, _, holder = name.rpartition(",")
    if not head:
        return []
    countries = {place.country for place in _bearers(holder, gazetteer) if place.kind == "country"}
    return [
        place
        for place in _bearers(head, gazetteer)
        if place.country in countries or (place.admin1 and fold(place.admin1) == fold(holder.strip()))
    ]


def _bearers(name: str, gazetteer: Gazetteer) -> list[Place]:
    """Those that are called exactly so, else those that have it as another name."""
    found = [gazetteer.place(b.place) for b in gazetteer.look_up(name) if NAME_KINDS[b.kind] != "demonym"]
    return [place for place in found if fold(place.name) == fold(name.strip())] or found


def _by_id(place_id: str, gazetteer: Gazetteer) -> list[Place]:
    if place_id.startswith(GEONAMES) and place_id[len(GEONAMES) :].isdecimal():
        number = int(place_id[len(GEONAMES) :])
        indices = (i for i, known in enumerate(gazetteer.geonames) if known == number)
    else:
        indices = (i for i in range(len(gazetteer)) if gazetteer.details(i).get("id") == place_id)
    return [place for i in indices if (place := gazetteer.place(i)).id == place_id][:1]
