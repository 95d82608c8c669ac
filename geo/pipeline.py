"""The stages composed: paths → documents → mentions → toponyms → events.

Everything here streams: one article is in memory at a time, and what cannot be read is reported beside
the rest instead of stopping it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.dates import find_dates, infer_document_date
from geo.documents import Failure, read_documents
from geo.errors import NothingToReadError
from geo.events import (
    Triggers,
    Unplaced,
    count_too_long,
    extract,
    in_order,
    load_triggers,
    mention_events,
    merge,
    read_trigger_files,
)
from geo.gazetteer import Gazetteer
from geo.model import Document, Event, Options, Timex, Toponym, When
from geo.text import Analysis, analyse
from geo.toponyms import recognise as recognise_mentions
from geo.toponyms import resolve

if TYPE_CHECKING:
    import geopandas as gpd

Source = str | Path
DEFAULT = Options()


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
    undated_more: int = 0  # undated documents that are not named, for there are many
    inferred_more: int = 0
    mentions: int = 0
    resolved: int = 0
    layers: Counter[str] = field(default_factory=Counter)
    unplaced: Counter[str] = field(default_factory=Counter)  # layer → events that no place could be found for
    reasons: Counter[str] = field(default_factory=Counter)  # why → events that no place could be found for
    too_long: int = 0  # sentences that are tables or lists, from which no events are read
    warnings: list[str] = field(default_factory=list)


@lru_cache(maxsize=4)
def open_gazetteer(path: Source | None = None) -> Gazetteer:
    """The gazetteer at `path` (default: the bundled one), opened once a process."""
    return Gazetteer(path)


@lru_cache(maxsize=4)
def bundled_triggers(gazetteer: Gazetteer) -> Triggers:
    """The event triggers that the gazetteer carries."""
    with gazetteer.checked_on_failure():
        return load_triggers(gazetteer.triggers)


def triggers_with(gazetteer: Gazetteer, files: Sequence[Source] = ()) -> Triggers:
    """The bundled triggers with those of further files. Raises TriggerError, naming file and line."""
    if not files:
        return bundled_triggers(gazetteer)
    with gazetteer.checked_on_failure():
        return read_trigger_files(files, gazetteer.triggers)


def locate(
    analysis: Analysis, gazetteer: Gazetteer, date: When | None = None, options: Options = DEFAULT
) -> list[Toponym]:
    """The toponyms of a text that was written on `date`, if that is known."""
    day = date.start if date else None
    with gazetteer.checked_on_failure():
        mentions = recognise_mentions(analysis, gazetteer)
        toponyms = resolve(analysis, mentions, gazetteer, day=day, approximate=options.approximate)
    return toponyms if options.demonyms else [t for t in toponyms if t.kind != "demonym"]


def _opened(gazetteer: Gazetteer | Source | None) -> Gazetteer:
    return gazetteer if isinstance(gazetteer, Gazetteer) else open_gazetteer(gazetteer)


def recognise(
    text: str, *, gazetteer: Gazetteer | Source | None = None, demonyms: bool = True, approximate: bool = True
) -> list[Toponym]:
    """The toponyms of a text, in order, not overlapping.

    Each has `start`, `end` and `text` (`text[start:end]`, code points), `place` (None when unresolved),
    `confidence`, `reason`, `candidates` and `role`. `gazetteer` is one or the path of one; without `demonyms`
    words such as "Georgian" are left out; without `approximate` a name of which only a part is known stays
    unresolved. Raises TypeError when `text` is no str.

    >>> [(t.text, t.place.name, t.place.country) for t in recognise("They met in Granada, Spain.")]
    [('Granada', 'Granada', 'ES'), ('Spain', 'Spain', 'ES')]
    """
    if not isinstance(text, str):
        raise TypeError(f"recognise takes the text of an article as str, not {type(text).__name__}")
    return locate(analyse(text), _opened(gazetteer), options=Options(demonyms, approximate))


def date_document(document: Document, analysis: Analysis) -> Document:
    """The document with its stated date, else the one inferred from its text and name, else undated."""
    return document if document.date else replace(document, date=infer_document_date(document.id, analysis))


def read(document: Document, gazetteer: Gazetteer, options: Options = DEFAULT) -> Reading:
    """Everything but the events of one article."""
    analysis = analyse(document.text)
    document = date_document(document, analysis)
    toponyms = locate(analysis, gazetteer, document.date, options)
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
    options: Options = DEFAULT,
    merged: bool = True,
    summary: Summary | None = None,
    seen: Callable[[Document], None] = lambda _: None,
) -> list[Event]:
    """The events of all documents, one event from many reports unless `merged` is off.

    `summary` is filled, `seen` called after each document.
    """
    summary = summary if summary is not None else Summary()
    kept: dict[Hashable, Any] = {}
    events = list(reports(documents, gazetteer, triggers, options=options, summary=summary, seen=seen, kept=kept))
    kept.clear()
    events = settle(events, merged=merged)
    summary.layers.update(e.layer for e in events)
    return events


def reports(
    documents: Iterable[Document | Failure],
    gazetteer: Gazetteer,
    triggers: Triggers,
    *,
    options: Options = DEFAULT,
    summary: Summary,
    seen: Callable[[Document], None] = lambda _: None,
    kept: dict[Hashable, Any] | None = None,
) -> Iterator[Event]:
    """The events as each article tells them, one article in memory at a time; values seen before are taken from `kept`."""
    kept = {} if kept is None else kept
    for document in documents:
        if isinstance(document, Failure):
            summary.failures.append(document)
            continue
        reading = read(document, gazetteer, options)
        _count(summary, reading)
        evidence: dict[Hashable, Any] = {}
        for event in events_of(reading, triggers):
            if isinstance(event, Unplaced):
                summary.unplaced[event.layer] += 1
                summary.reasons[event.kind] += 1
            else:
                yield _share(event, kept, evidence)
        seen(reading.document)


def settle(events: Iterable[Event], *, merged: bool) -> list[Event]:
    """One event from many reports, in order; not `merged`, only the mentions of a place are joined."""
    if merged:
        return merge(events)
    apart: list[Event] = []
    mentions: list[Event] = []
    for event in events:
        (mentions if event.layer == "mentions" else apart).append(event)
    return in_order([*merge(mentions), *apart])


def _share(event: Event, kept: dict[Hashable, Any], evidence: dict[Hashable, Any]) -> Event:
    """The event made of values already `kept`, for there are many: those of its article's `evidence` among themselves."""
    pieces = tuple(
        evidence.setdefault(
            piece,
            replace(
                piece,
                sentence=evidence.setdefault(piece.sentence, piece.sentence),
                mention=kept.setdefault(piece.mention, piece.mention),
            ),
        )
        for piece in event.evidence
    )
    return replace(
        event,
        when=kept.setdefault(event.when, event.when),
        reason=kept.setdefault(event.reason, event.reason),
        evidence=evidence.setdefault(pieces, pieces),
    )


def _count(summary: Summary, reading: Reading) -> None:
    summary.documents += 1
    summary.too_long += count_too_long(reading.analysis)
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
    date: str | dt.date | None = None,
    gazetteer: Gazetteer | Source | None = None,
    events: Sequence[Source] = (),
    merge: bool = True,
    demonyms: bool = True,
    approximate: bool = True,
) -> gpd.GeoDataFrame:
    """Read articles and return their events as a GeoDataFrame in EPSG:4326, one row an event.

    `paths` are files (.txt, .md, .jsonl) or folders of them; `metadata` is a CSV with the columns file,
    title, source, date, url; `date` dates the articles that state none; `events` are files of further trigger
    words (docs/triggers.md); without `merge` each report stays an event of its own; `gazetteer`,
    `demonyms` and `approximate` are those of `recognise`. Articles that cannot be read are left out with a warning
    each. Raises NothingToReadError when no path holds an article that can be read, TriggerError when a file of
    trigger words is not in the form.
    """
    import warnings  # noqa: PLC0415

    from geo.table import to_frame  # noqa: PLC0415  pandas and shapely only where they are needed

    sources = [paths] if isinstance(paths, (str, Path)) else list(paths)
    opened, summary = _opened(gazetteer), Summary()
    documents = read_documents(
        sources,
        metadata=Path(metadata) if metadata else None,
        date=date.isoformat()[:10] if isinstance(date, dt.date) else date,
        notice=summary.warnings.append,
    )
    triggers, options = triggers_with(opened, events), Options(demonyms, approximate)
    found = find_events(documents, opened, triggers, options=options, merged=merge, summary=summary)
    if not summary.documents:
        first, others = summary.failures[0].error, len(summary.failures) - 1
        raise NothingToReadError(f"no article can be read: {first}" + (f"; and {others} more" if others else ""))
    for message in (*summary.warnings, *(str(failure.error) for failure in summary.failures)):
        warnings.warn(message, stacklevel=2)
    return to_frame(found)
