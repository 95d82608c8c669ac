"""Events as plain JSON and back, without loss: what a process writes for another to read.

Not pickle: whoever can write into a folder of results must not be able to run code by it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from geo.errors import OutputError
from geo.model import Event, Evidence, Place, When

Row = list[Any]

NAMES: dict[type, tuple[str, ...]] = {cls: tuple(f.name for f in fields(cls)) for cls in (Event, Evidence, Place, When)}
SCHEMA = hashlib.sha256(json.dumps([[c.__name__, *names] for c, names in NAMES.items()]).encode()).hexdigest()[:12]
"""What an event consists of: rows that another schema made cannot be read."""


def _positions(cls: type, *names: str) -> tuple[int, ...]:
    return tuple(NAMES[cls].index(name) for name in names)


EVENT_WHEN, EVENT_PLACE, EVENT_GOAL, EVENT_ACTORS, EVENT_EVIDENCE = _positions(
    Event, "when", "place", "destination", "actors", "evidence"
)
WHEN_START, WHEN_END = _positions(When, "start", "end")
(EVIDENCE_DATE,) = _positions(Evidence, "doc_date")


def _values(value: Any) -> Row:
    return [getattr(value, name) for name in NAMES[type(value)]]


def encode(events: Iterable[Event]) -> bytes:
    """A block of events; a place that several have is written once."""
    places: dict[str, int] = {}
    known: dict[int, int] = {}  # places that are one object need not be compared
    keep: list[Place] = []

    def number(place: Place | None) -> int | None:
        if place is None:
            return None
        if id(place) not in known:
            text = json.dumps(_values(place) if place.geometry is None else _plain(place))
            known[id(place)] = places.setdefault(text, len(places))
            keep.append(place)
        return known[id(place)]

    rows = [_row(event, number) for event in events]
    return json.dumps({"places": list(places), "rows": rows}, separators=(",", ":")).encode()


def _plain(place: Place) -> Row:
    row = _values(place)
    geometry = NAMES[Place].index("geometry")
    row[geometry] = dict(place.geometry or {})
    return row


def _row(event: Event, number: Callable[[Place | None], int | None]) -> Row:
    row = _values(event)
    row[EVENT_PLACE], row[EVENT_GOAL] = number(event.place), number(event.destination)
    if event.when is not None:
        when = row[EVENT_WHEN] = _values(event.when)
        when[WHEN_START], when[WHEN_END] = event.when.start.isoformat(), event.when.end.isoformat()
    pieces = row[EVENT_EVIDENCE] = [_values(piece) for piece in event.evidence]
    for piece in pieces:
        day = piece[EVIDENCE_DATE]
        piece[EVIDENCE_DATE] = day.isoformat() if day else None
    return row


class Decoder:
    """Reads blocks; places, dates and texts that come again are the same objects, for there are many."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.whens: dict[tuple[Any, ...], When] = {}
        self.days: dict[str, dt.date] = {}
        self.texts: dict[str, str] = {}

    def decode(self, block: bytes) -> list[Event]:
        """The events of a block. Raises OutputError when it is none."""
        try:
            content = json.loads(block)
            places = [self._place(text) for text in content["places"]]
            return [self._event(row, places) for row in content["rows"]]
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise OutputError(f"a block of events is damaged ({error}); start over with --fresh") from None

    def _place(self, text: str) -> Place:
        if text not in self.places:
            self.places[text] = Place(*json.loads(text))
        return self.places[text]

    def _event(self, row: Row, places: list[Place]) -> Event:
        row[EVENT_PLACE] = places[row[EVENT_PLACE]]
        if row[EVENT_GOAL] is not None:
            row[EVENT_GOAL] = places[row[EVENT_GOAL]]
        if row[EVENT_WHEN] is not None:
            row[EVENT_WHEN] = self._when(tuple(row[EVENT_WHEN]))
        row[EVENT_ACTORS] = tuple(row[EVENT_ACTORS])
        row[EVENT_EVIDENCE] = tuple(map(self._evidence, row[EVENT_EVIDENCE]))
        return Event(*map(self._same, row))

    def _when(self, key: tuple[Any, ...]) -> When:
        if key not in self.whens:
            row = list(key)
            row[WHEN_START], row[WHEN_END] = self._day(row[WHEN_START]), self._day(row[WHEN_END])
            self.whens[key] = When(*row)
        return self.whens[key]

    def _evidence(self, row: Row) -> Evidence:
        if row[EVIDENCE_DATE] is not None:
            row[EVIDENCE_DATE] = self._day(row[EVIDENCE_DATE])
        return Evidence(*map(self._same, row))

    def _day(self, text: str) -> dt.date:
        if text not in self.days:
            self.days[text] = dt.date.fromisoformat(text)
        return self.days[text]

    def _same(self, value: Any) -> Any:
        return self.texts.setdefault(value, value) if type(value) is str else value
