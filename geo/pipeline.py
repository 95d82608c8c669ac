"""The stages composed: paths → documents → mentions → toponyms → events.

Everything here streams: one article is in memory at a time, and what cannot be read is reported beside
the rest instead of stopping it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geo.dates import find_dates, infer_document_date
from geo.documents import Failure, read_documents
from geo.events import Triggers, Unplaced, extract, load_triggers, mention_events, merge
from geo.gazetteer import Gazetteer
from geo.model import Document, Event, Timex, Toponym, When
from geo.text import Analysis, analyse
from geo.toponyms import recognise as recognise_mentions
from geo.toponyms import resolve

if TYPE_CHECKING:
    import geopandas as gpd

Source = str | Path


@dataclass(frozen=True, slots=True)
class Reading:
    """An article with all that was found in it."""

    document: Document
    analysis: Analysis
    toponyms: tuple[Toponym, ...]
    timexes: tuple[Timex, ...]


@dataclass(slots=True)
class Summary:
    """What a run read, found and left out."""

    documents: int = 0
    failures: list[Failure] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    inferred: list[tuple[str, str]] = field(default_factory=list)  # document → how its date was inferred
    mentions: int = 0
    resolved: int = 0
    layers: Counter[str] = field(default_factory=Counter)
    unplaced: Counter[str] = field(default_factory=Counter)  # layer → events that no place could be found for
    warnings: list[str] = field(default_factory=list)


@lru_cache(maxsize=4)
def open_gazetteer(path: Path | None = None) -> Gazetteer:
    """The gazetteer at `path` (default: the bundled one), opened once a process."""
    return Gazetteer(path)


@lru_cache(maxsize=4)
def bundled_triggers(gazetteer: Gazetteer) -> Triggers:
    """The event triggers that the gazetteer carries."""
    return load_triggers(gazetteer.triggers)


def locate(analysis: Analysis, gazetteer: Gazetteer, date: When | None = None) -> list[Toponym]:
    """The toponyms of a text that was written on `date`, if that is known."""
    mentions = recognise_mentions(analysis, gazetteer)
    return resolve(analysis, mentions, gazetteer, day=date.start if date else None)


def recognise(text: str, *, gazetteer: Gazetteer | None = None) -> list[Toponym]:
    """The toponyms of a text, in order, not overlapping.

    Each has `start`, `end` and `text` (`text[start:end]`, code points), `place` (None when unresolved),
    `confidence`, `reason`, `candidates` and `role`.

    >>> [(t.text, t.place.name, t.place.country) for t in recognise("They met in Granada, Spain.")]
    [('Granada', 'Granada', 'ES'), ('Spain', 'Spain', 'ES')]
    """
    return locate(analyse(text), gazetteer or open_gazetteer())


def date_document(document: Document, analysis: Analysis) -> Document:
    """The document with its stated date, else the one inferred from its text and name, else undated."""
    return document if document.date else replace(document, date=infer_document_date(document.id, analysis))


def read(document: Document, gazetteer: Gazetteer) -> Reading:
    """Everything but the events of one article."""
    analysis = analyse(document.text)
    document = date_document(document, analysis)
    toponyms = locate(analysis, gazetteer, document.date)
    return Reading(document, analysis, tuple(toponyms), tuple(find_dates(analysis, document.date)))


def events_of(reading: Reading, triggers: Triggers) -> Iterator[Event | Unplaced]:
    """The events of one article, not merged with those of others."""
    yield from extract(reading.document, reading.analysis, reading.toponyms, reading.timexes, triggers)
    yield from mention_events(reading.document, reading.analysis, reading.toponyms)


def find_events(
    documents: Iterable[Document | Failure],
    gazetteer: Gazetteer,
    triggers: Triggers,
    *,
    summary: Summary | None = None,
    seen: Callable[[Document], None] = lambda _: None,
) -> list[Event]:
    """The merged events of all documents. `summary` is filled, `seen` called after each document."""
    summary = summary if summary is not None else Summary()
    events: list[Event] = []
    for document in documents:
        if isinstance(document, Failure):
            summary.failures.append(document)
            continue
        reading = read(document, gazetteer)
        _count(summary, reading)
        for event in events_of(reading, triggers):
            if isinstance(event, Unplaced):
                summary.unplaced[event.layer] += 1
            else:
                events.append(event)
        seen(reading.document)
    merged = merge(events)
    summary.layers.update(e.layer for e in merged)
    return merged


def _count(summary: Summary, reading: Reading) -> None:
    summary.documents += 1
    summary.mentions += len(reading.toponyms)
    summary.resolved += sum(t.place is not None for t in reading.toponyms)
    date = reading.document.date
    if date is None:
        summary.undated.append(reading.document.id)
    elif date.confidence < 1:
        summary.inferred.append((reading.document.id, f"{date.start} ({date.precision}): {date.reason}"))


def parse(
    paths: Source | Sequence[Source],
    *,
    metadata: Source | None = None,
    date: str | None = None,
    gazetteer: Gazetteer | None = None,
) -> gpd.GeoDataFrame:
    """Read articles and return their events as a GeoDataFrame in EPSG:4326, one row an event.

    `paths` are files (.txt, .md, .jsonl) or folders of them; `metadata` is a CSV with the columns file,
    title, source, date, url; `date` dates the articles that state none. Articles that cannot be read are
    left out with a warning each. Raises NothingToReadError when no path holds an article.
    """
    import warnings  # noqa: PLC0415

    from geo.table import to_frame  # noqa: PLC0415  pandas and shapely only where they are needed

    sources = [paths] if isinstance(paths, (str, Path)) else list(paths)
    gazetteer = gazetteer or open_gazetteer()
    summary = Summary()
    documents = read_documents(
        [Path(p) for p in sources],
        metadata=Path(metadata) if metadata else None,
        date=date,
        notice=summary.warnings.append,
    )
    events = find_events(documents, gazetteer, bundled_triggers(gazetteer), summary=summary)
    for message in (*summary.warnings, *(str(failure.error) for failure in summary.failures)):
        warnings.warn(message, stacklevel=2)
    return to_frame(events)
