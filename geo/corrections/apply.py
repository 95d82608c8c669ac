"""Corrections → a corrected table of events, and notes of what was done and what could not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from geo.corrections.cells import UNDATED
from geo.corrections.keys import Index
from geo.corrections.sheet import Correction, rows_of, values_of
from geo.documents.metadata import parse_date
from geo.model import Place

if TYPE_CHECKING:
    import geopandas as gpd

Row = dict[str, Any]
NULL = ("start", "end", "year")  # of the undated


def correct(events: gpd.GeoDataFrame, corrections: Sequence[Correction]) -> tuple[gpd.GeoDataFrame, list[str]]:
    """The table with the corrections applied in their order, and a note of each that was not.

    A corrected event keeps its id, so that the same sheet fits the next run. What was changed stands in the column
    `correction`; what was dropped is gone.
    """
    if not corrections:
        return events, []
    rows = rows_of(events)
    index = Index(rows)
    dropped: set[int] = set()
    changed: set[int] = set()
    notes: list[str] = []
    for correction in corrections:
        found = index.find(correction.id, correction.key)
        if not found or len({rows[number]["id"] for number in found}) > 1:
            fits = f"fits {len(found)} events equally well" if found else "fits no event of this run"
            notes.append(f"correction {correction.where} {fits}; nothing was changed (it was for {correction.id or correction.key})")
            continue
        for number in found:
            if correction.drop:
                dropped.add(number)
                continue
            notes += _change(rows[number], correction)
            changed.add(number)
    done = Counter({"changed or noted": len(changed - dropped), "dropped": len(dropped)})
    notes.insert(0, "corrections: " + ", ".join(f"{count} {verb}" for verb, count in done.items()))
    return _written(events, rows, dropped), notes


def _written(events: gpd.GeoDataFrame, rows: list[Row], dropped: set[int]) -> gpd.GeoDataFrame:
    """The table with the values of `rows` that differ from its own, and without the `dropped`."""
    frame = events.reset_index(drop=True)
    shapes = frame.geometry.copy()
    for number, (row, was) in enumerate(zip(rows, rows_of(events), strict=True)):
        for name in (name for name in row if row[name] != was[name]):
            if name == "geometry":
                shapes[number] = row[name]
            else:
                frame.at[number, name] = None if row[name] == "" and name in NULL else row[name]
    return frame.set_geometry(shapes)[~frame.index.isin(dropped)].reset_index(drop=True)


def _change(row: Row, correction: Correction) -> list[str]:
    """Change a row as the correction says; what had to be chosen is told."""
    before = values_of(row)
    told: list[str] = []
    notes: list[str] = []
    if correction.layer and correction.layer != row["layer"]:
        told.append(f"layer: {row['layer']} → {correction.layer}")
        row |= {"layer": correction.layer, "plover": ""}  # what type it is in the other layer is not known
    if correction.date and correction.date != before["date"]:
        told.append(f"date: {before['date']} → {correction.date}")
        _redate(row, correction)
    if correction.lat is not None and correction.lon is not None:
        told.append(f"place: {before['place']} → {correction.place or before['place']} at {correction.lat:g}, {correction.lon:g}")
        _move(row, correction.place, correction.lat, correction.lon)
    elif correction.places:
        place, choice = _choose(correction, row)
        if place.id != row["place_id"]:
            told.append(f"place: {_titled(before['place'], row['country'])} → {_titled(place.name, place.country)}")
            notes += choice
            _replace(row, place)
    if told:
        row["reason"] = f"corrected by hand; before: {row['reason']}"
        row["confidence"] = 1.0
    if correction.note:
        told.append(f"note: {correction.note}")
    row["correction"] = "; ".join([row["correction"], *told] if row["correction"] else told)
    return notes


def _titled(name: str, country: str) -> str:
    return f"{name}, {country}" if country else name


def _redate(row: Row, correction: Correction) -> None:
    if correction.date == UNDATED:
        row |= {"start": "", "end": "", "precision": "none", "date_text": "", "year": ""}
        return
    when = parse_date(correction.date, correction.where)
    row |= {
        "start": when.start.isoformat(),
        "end": when.end.isoformat(),
        "precision": when.precision,
        "date_text": "",
        "year": when.start.year,
    }


def _choose(correction: Correction, row: Row) -> tuple[Place, list[str]]:
    """The place meant, one in the event's country before others, and a note if there are several."""
    places = correction.places
    chosen = next((place for place in places if place.country == row["country"]), places[0])
    if len(places) == 1:
        return chosen, []
    note = (
        f"correction {correction.where}: {len(places)} places are named {correction.place!r}; taken is {chosen.id} in "
        f"{chosen.admin1 or chosen.country or 'no country'}; write “{correction.place}, COUNTRY” or an id of `geo gazetteer search`"
        " for another"
    )
    return chosen, [note]


def _replace(row: Row, place: Place) -> None:
    from geo.table import place_columns, place_geometry  # noqa: PLC0415  heavy

    row |= {**place_columns(place), "geometry": place_geometry(place)}


def _move(row: Row, name: str, lat: float, lon: float) -> None:
    """Put a row at a point; with another name it is no longer known in which country that is."""
    country = row["country"] if not name else ""
    _replace(row, Place(f"at:{lat:.5f},{lon:.5f}", name or row["place"], "point", country, lat, lon))
