"""Labelled event cases: reading them, running them, scoring them."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from geo.events import extract
from geo.events.triggers import Triggers, read_trigger_files
from geo.model import Document, Event, Place, Timex, Toponym, When
from geo.text import analyse

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases" / "events"
MARK = re.compile(r"\[([^\[\]]+)\]|\{([^{}=]+)=([^{}]+)\}")


@dataclass(frozen=True)
class Case:
    file: str
    origin: str
    document: Document
    toponyms: tuple[Toponym, ...]
    timexes: tuple[Timex, ...]
    expected: tuple[tuple[str, str, dt.date, str], ...]  # layer, status, start, place


@dataclass
class Score:
    """Counts by layer, and the statuses of the events that were found."""

    hits: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    statuses: Counter[tuple[str, str]] = field(default_factory=Counter)  # expected, found
    errors: list[str] = field(default_factory=list)

    def f1(self, layer: str | None = None) -> float:
        hits, extra, missed = (
            c[layer] if layer else sum(c.values()) for c in (self.hits, self.extra, self.missed)
        )
        return 2 * hits / (2 * hits + extra + missed) if hits + extra + missed else 1.0

    @property
    def status_accuracy(self) -> float:
        return sum(n for (a, b), n in self.statuses.items() if a == b) / max(1, sum(self.statuses.values()))


def bundled_triggers() -> Triggers:
    sources = ROOT / "gazetteer"
    return read_trigger_files([*sorted((sources / "events").glob("*.toml")), sources / "actors.csv"])


def read_cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.toml")):
        for number, entry in enumerate(tomllib.loads(path.read_text("utf-8"))["case"], 1):
            yield read_case(entry, f"{path.stem} {number}")


def read_case(entry: dict[str, object], name: str) -> Case:
    text, toponyms, timexes = annotate(str(entry["text"]))
    date = interval(str(entry["date"]))
    expected = []
    events = entry["events"]
    assert isinstance(events, list)
    for line in events:
        layer, status, when, place = line.split(" ", 3)
        expected.append((layer, status, date.start if when == "doc" else interval(when).start, place))
    return Case(name, str(entry["from"]), Document(name, text, date=date), toponyms, timexes, tuple(expected))


def annotate(marked: str) -> tuple[str, tuple[Toponym, ...], tuple[Timex, ...]]:
    """The text without its marks, and what they mark."""
    text, after = "", 0
    toponyms, timexes = [], []
    for match in MARK.finditer(marked):
        text += marked[after : match.start()]
        after, start = match.end(), len(text)
        if match[1]:
            surface, _, facts = match[1].partition(":")
            actor, facts = facts.endswith("!"), facts.rstrip("!")
            kind, _, target = facts.partition("=")
            surface, _, country = surface.partition("@")
            kind, _, kind_country = kind.partition("@")
            toponyms.append(
                toponym(surface, start, kind or "city", country or kind_country, target, actor=actor)
            )
            text += surface
        else:
            when = interval(match[3])
            timexes.append(Timex(start, start + len(match[2]), match[2], match[3], when))
            text += match[2]
    return text + marked[after:], tuple(toponyms), tuple(timexes)


def toponym(surface: str, start: int, kind: str, country: str, target: str, *, actor: bool) -> Toponym:
    demonym = kind == "demonym"
    place = Place(target or surface, target or surface, "country" if demonym else kind, country, 0.0, 0.0)
    if kind in ("corridor", "route", "border", "ceasefire-line"):
        line = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
        place = Place(surface, surface, kind, country, 0.0, 0.0, line)
    return Toponym(
        start, start + len(surface), surface, "demonym" if demonym else "border" if kind == "border" else "name",
        place, 0.9, "marked", role="actor" if actor else "place",
    )  # fmt: skip


def interval(value: str) -> When:
    first, _, last = value.partition("/")
    if last:
        return When(dt.date.fromisoformat(first), dt.date.fromisoformat(last), "day", value)
    parts = [int(p) for p in value.split("-")]
    if len(parts) == 3:
        day = dt.date(*parts)
        return When(day, day + dt.timedelta(days=1), "day", value)
    if len(parts) == 2:
        year, month = parts
        return When(dt.date(year, month, 1), dt.date(year + month // 12, month % 12 + 1, 1), "month", value)
    if len(value) == 3:
        return When(dt.date(parts[0] * 10, 1, 1), dt.date(parts[0] * 10 + 10, 1, 1), "decade", value)
    return When(dt.date(parts[0], 1, 1), dt.date(parts[0] + 1, 1, 1), "year", value)


def run(case: Case, triggers: Triggers) -> list[Event]:
    found = extract(case.document, analyse(case.document.text), case.toponyms, case.timexes, triggers)
    return [event for event in found if isinstance(event, Event)]


def score(triggers: Triggers) -> Score:
    """Layer, place and first day must agree for an event to count as found; its status is scored apart."""
    result = Score()
    for case in read_cases():
        expected = {(layer, place, start): status for layer, status, start, place in case.expected}
        for event in run(case, triggers):
            assert event.when is not None
            status = expected.pop((event.layer, event.place.name, event.when.start), None)
            if status is None:
                result.extra[event.layer] += 1
                result.errors.append(
                    f"{case.file}: extra {event.layer} {event.status} {event.when.start} {event.place.name}"
                    f" | {case.document.text} | {event.reason}"
                )
                continue
            result.hits[event.layer] += 1
            result.statuses[status, event.status] += 1
            if status != event.status:
                result.errors.append(
                    f"{case.file}: {status} as {event.status} | {case.document.text} | {event.reason}"
                )
        for (layer, place, start), status in expected.items():
            result.missed[layer] += 1
            result.errors.append(
                f"{case.file}: missed {layer} {status} {start} {place} | {case.document.text}"
            )
    return result


def case_events(text: str, triggers: Triggers) -> list[str]:
    """The events of a marked text as "layer status place"."""
    case = read_case({"text": text, "date": "2024-03-13", "from": "XX", "events": []}, "test")
    return [f"{e.layer} {e.status} {e.place.name}" for e in run(case, triggers)]
