"""Whole dispatches read end to end, with the events that they tell of: layer, year and place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from geo.events.triggers import Triggers
from geo.gazetteer import Gazetteer
from geo.model import Document, Event
from geo.pipeline import find_events
from tests.labelled_events import interval

DISPATCHES = Path(__file__).parent / "cases" / "dispatches"
NAMED = "the line is named"  # a faint mark without an event


@dataclass(frozen=True)
class Expected:
    layers: frozenset[str]
    years: frozenset[str]
    places: tuple[str, ...]

    def fits(self, event: Event) -> bool:
        year = str(event.when.start.year) if event.when else ""
        names = f"{event.place.name} {event.evidence[0].mention} {event.place.other_name}".lower()
        return event.layer in self.layers and year in self.years and any(p.lower() in names for p in self.places)


@dataclass(frozen=True)
class Dispatch:
    document: Document
    events: tuple[Expected, ...]
    also: tuple[Expected, ...]


@dataclass
class Tally:
    found: int = 0
    wrong: int = 0
    marks: int = 0
    asked: int = 0
    errors: list[str] = field(default_factory=list)


def read_dispatches() -> Iterator[tuple[str, Dispatch]]:
    for path in sorted(DISPATCHES.glob("*.toml")):
        for entry in tomllib.loads(path.read_text("utf-8"))["dispatch"]:
            document = Document(entry["id"], entry["text"], date=interval(entry["date"]))
            yield path.stem, Dispatch(document, _expected(entry["events"]), _expected(entry.get("also", [])))


def _expected(lines: Iterable[str]) -> tuple[Expected, ...]:
    parts = (line.split("|") for line in lines)
    return tuple(
        Expected(frozenset(layers.split("/")), frozenset(years.split("/")), tuple(places.split("/")))
        for layers, years, places in parts
    )


def score_dispatch(dispatch: Dispatch, gazetteer: Gazetteer, triggers: Triggers, tally: Tally) -> None:
    """Add what is found and what is wrong in one dispatch."""
    events = find_events([dispatch.document], gazetteer, triggers)
    marks = [e for e in events if e.layer != "mentions" and not e.reason.startswith(NAMED)]
    known = (*dispatch.events, *dispatch.also)
    wrong = [e for e in marks if not any(k.fits(e) for k in known)]
    missed = [k for k in dispatch.events if not any(k.fits(e) for e in marks)]
    tally.asked += len(dispatch.events)
    tally.found += len(dispatch.events) - len(missed)
    tally.marks += len(marks)
    tally.wrong += len(wrong)
    name = dispatch.document.id
    tally.errors += [
        f"{name}: wrong {e.layer} {e.status} {e.when.start if e.when else None} {e.place.name} | {e.evidence[0].sentence} | {e.reason}"
        for e in wrong
    ]
    tally.errors += [f"{name}: missed {sorted(k.layers)} {sorted(k.years)} {k.places}" for k in missed]
