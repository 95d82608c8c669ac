"""The stages composed: paths → documents → mentions → toponyms → events.

Everything here streams: a batch of articles is in memory at a time, and what cannot be read is reported beside
the rest instead of stopping it. The stages that places do not need are imported where they are used, so that one
article's places are there at once.
"""

from __future__ import annotations

import datetime as dt
import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geo.documents import Failure, read_documents
from geo.errors import NothingToReadError
from geo.gazetteer import Gazetteer
from geo.model import Document, Event, Options, Timex, Toponym, When
from geo.text import Analysis, analyse
from geo.toponyms import mention_at, recognise_all, resolve_all
from geo.toponyms import recognise as recognise_mentions
from geo.toponyms import resolve as resolve_mentions

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.dates import Expression
    from geo.events import Triggers, Unplaced

Source = str | Path
DEFAULT = Options()
FEW = 4  # articles that are read one by one: arrays would not pay
BATCH_TEXT, BATCH_ARTICLES = 400_000, 512  # characters and articles that are read at once, about


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
    from geo.events import load_triggers

    with without_collecting(), gazetteer.checked_on_failure():
        return load_triggers(gazetteer.triggers)


def triggers_with(gazetteer: Gazetteer, files: Sequence[Source] = ()) -> Triggers:
    """The bundled triggers with those of further files. Raises TriggerError, naming file and line."""
    if not files:
        return bundled_triggers(gazetteer)
    from geo.events import read_trigger_files

    with gazetteer.checked_on_failure():
        return read_trigger_files(files, gazetteer.triggers)


def locate(
    analysis: Analysis, gazetteer: Gazetteer, date: When | None = None, options: Options = DEFAULT
) -> list[Toponym]:
    """The toponyms of a text that was written on `date`, if that is known."""
    day = date.start if date else None
    with gazetteer.checked_on_failure():
        mentions = recognise_mentions(analysis, gazetteer)
        found = resolve_mentions(analysis, mentions, gazetteer, day=day, approximate=options.approximate)
    return _wanted(found, options)


def locate_all(
    articles: Sequence[tuple[Analysis, When | None]], gazetteer: Gazetteer, options: Options = DEFAULT
) -> list[list[Toponym]]:
    """The toponyms of many texts with their dates: those that `locate` finds, several times as fast."""
    if len(articles) < FEW:
        return [locate(analysis, gazetteer, date, options) for analysis, date in articles]
    with without_collecting(), gazetteer.checked_on_failure():
        mentions = recognise_all([analysis for analysis, _ in articles], gazetteer)
        named = [(a, m, date.start if date else None) for (a, date), m in zip(articles, mentions, strict=True)]
        return [_wanted(t, options) for t in resolve_all(named, gazetteer, approximate=options.approximate)]


@contextmanager
def without_collecting() -> Iterator[None]:
    """A while without looking for garbage in circles: a batch makes many small objects and no circles of them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _wanted(toponyms: list[Toponym], options: Options) -> list[Toponym]:
    if options.geocode:
        toponyms = options.geocode(toponyms)
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


def resolve(
    text: str,
    spans: Iterable[tuple[int, int]],
    *,
    date: str | dt.date | None = None,
    gazetteer: Gazetteer | Source | None = None,
    approximate: bool = True,
) -> list[Toponym]:
    """The places that given stretches of a text mean: those that another recogniser found, or a person.

    `spans` are (start, end) in code points; a toponym comes out for each, in their order, `place` None where the gazetteer has
    no such name. All of them together tell what an article is about, so give all of an article's. `date` is the article's day (ISO
    text or a date): of two lines that bore a name at different times, the one of that day is meant. `gazetteer` and
    `approximate` are those of `recognise`. Raises TypeError when `text` is no str, ValueError for a span that is
    empty or not in the text, and for a date that is none.

    >>> [(t.text, t.place.country) for t in resolve("They met in Granada, Nicaragua.", [(12, 19), (21, 30)])]
    [('Granada', 'NI'), ('Nicaragua', 'NI')]
    """
    if not isinstance(text, str):
        raise TypeError(f"resolve takes the text of an article as str, not {type(text).__name__}")
    asked, opened = list(spans), _opened(gazetteer)
    for start, end in asked:
        if not 0 <= start < end <= len(text):
            raise ValueError(f"({start}, {end}) is no stretch of the text, which has {len(text)} characters")
    day = dt.date.fromisoformat(date[:10]) if isinstance(date, str) else date
    mentions = [mention_at(text, start, end, opened) for start, end in sorted(set(asked))]
    found = resolve_mentions(analyse(text), mentions, opened, day=day, approximate=approximate)
    by_span = {(toponym.start, toponym.end): toponym for toponym in found}
    return [by_span[start, end] for start, end in asked]


def date_document(
    document: Document, analysis: Analysis, expressions: Sequence[Expression] | None = None
) -> Document:
    """The document with its stated date, else the one inferred from its text and name, else undated.

    `expressions` are the date expressions of the text, if they have been looked for already.
    """
    if document.date:
        return document
    from geo.dates import infer_document_date

    return replace(document, date=infer_document_date(document.id, analysis, expressions))


def read(
    documents: Iterable[Document | Failure], gazetteer: Gazetteer, options: Options = DEFAULT
) -> Iterator[Reading | Failure]:
    """Everything but the events of each article, in order; a few articles are in memory at a time."""
    for batch in batches(documents):
        readings = iter(_read_batch([d for d in batch if isinstance(d, Document)], gazetteer, options))
        yield from (next(readings) if isinstance(d, Document) else d for d in batch)


def batches(documents: Iterable[Document | Failure]) -> Iterator[list[Document | Failure]]:
    """Articles by the handful: enough for the arrays to pay, bounded in text and number."""
    batch: list[Document | Failure] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text) if isinstance(document, Document) else 0
        if size >= BATCH_TEXT or len(batch) >= BATCH_ARTICLES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _read_batch(documents: Sequence[Document], gazetteer: Gazetteer, options: Options) -> list[Reading]:
    from geo.dates import find_dates, find_expressions

    with without_collecting():
        analyses = [analyse(document.text) for document in documents]
        written = [find_expressions(analysis) for analysis in analyses]
        dated = [date_document(*article) for article in zip(documents, analyses, written, strict=True)]
        located = locate_all([(a, d.date) for a, d in zip(analyses, dated, strict=True)], gazetteer, options)
        return [
            Reading(document, a, tuple(toponyms), tuple(find_dates(a, document.date, expressions=expressions)))
            for document, a, toponyms, expressions in zip(dated, analyses, located, written, strict=True)
        ]


def events_of(reading: Reading, triggers: Triggers) -> list[Event | Unplaced]:
    """The events of one article, not merged with those of others."""
    from geo.events import extract, mention_events

    document, analysis, toponyms = reading.document, reading.analysis, reading.toponyms
    told = extract(document, analysis, toponyms, reading.timexes, triggers)
    return [*told, *mention_events(document, analysis, toponyms)]


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
    told = reports(documents, gazetteer, triggers, options=options, summary=summary, seen=seen)
    events = settle(told, merged=merged)
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
) -> Iterator[Event]:
    """The events as each article tells them; a few articles are in memory at a time."""
    for batch in batches(documents):
        with without_collecting():  # until the articles, a crowd of small objects, are gone
            told = _tell(batch, gazetteer, triggers, options, summary)
        for document, events in told:
            yield from events
            seen(document)


def _tell(
    batch: Sequence[Document | Failure], gazetteer: Gazetteer, triggers: Triggers, options: Options, summary: Summary
) -> list[tuple[Document, list[Event]]]:
    """The articles of a batch with the events that each tells; all else goes into the summary."""
    from geo.events import Unplaced

    told = []
    for reading in read(batch, gazetteer, options):
        if isinstance(reading, Failure):
            summary.failures.append(reading)
            continue
        _count(summary, reading)
        events: list[Event] = []
        for event in events_of(reading, triggers):
            if isinstance(event, Unplaced):
                summary.unplaced[event.layer] += 1
                summary.reasons[event.kind] += 1
            else:
                events.append(event)
        told.append((reading.document, events))
    return told


def settle(events: Iterable[Event], *, merged: bool) -> list[Event]:
    """One event from many reports, in order; not `merged`, only the mentions of a place are joined."""
    from geo.events import in_order, merge

    told = list(events)
    with without_collecting():
        if merged:
            return merge(told)
        mentions = [event for event in told if event.layer == "mentions"]
        return in_order([*merge(mentions), *(event for event in told if event.layer != "mentions")])


def _count(summary: Summary, reading: Reading) -> None:
    from geo.events import count_too_long

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
    fields: Sequence[str] = (),
    language: str = "en",
    gazetteer: Gazetteer | Source | None = None,
    events: Sequence[Source] = (),
    corrections: Sequence[Source] = (),
    merge: bool = True,
    demonyms: bool = True,
    approximate: bool = True,
    geocode: Callable[[Sequence[Toponym]], list[Toponym]] | None = None,
) -> gpd.GeoDataFrame:
    """Read articles and return their events as a GeoDataFrame in EPSG:4326, one row an event.

    `paths` are files (docs/inputs.md lists the formats) or folders of them; `metadata` is a CSV with the columns file,
    title, source, date, url; `date` dates the articles that state none; `fields` name the fields of tables and JSON, such as
    "text=body"; `language` is that of the articles, of which only English is understood; `events` are files of further trigger
    words (docs/triggers.md); `corrections` are edited sheets of `geo review`; without `merge` each report stays an event of its own; `gazetteer`,
    `demonyms` and `approximate` are those of `recognise`; `geocode` is what `geo.geocode.open_geocoder` gives, to ask a service
    on the web for names that the gazetteer lacks. Articles that cannot be read are left out with a warning
    each. Raises NothingToReadError when no path holds an article that can be read, TriggerError when a file of
    trigger words is not in the form, CorrectionError when a sheet of corrections is not, OptionError for `fields` or a `language` that geo does not know.
    """
    import warnings

    from geo.corrections import correct, read_corrections  # pandas and shapely only where they are needed
    from geo.table import to_frame

    sources = [paths] if isinstance(paths, (str, Path)) else list(paths)
    opened, summary = _opened(gazetteer), Summary()
    documents = read_documents(
        sources,
        metadata=Path(metadata) if metadata else None,
        date=date.isoformat()[:10] if isinstance(date, dt.date) else date,
        fields=fields,
        language=language,
        notice=summary.warnings.append,
    )
    wanted = [correction for sheet in corrections for correction in read_corrections(sheet, opened)]
    triggers, options = triggers_with(opened, events), Options(demonyms, approximate, geocode)
    found = find_events(documents, opened, triggers, options=options, merged=merge, summary=summary)
    if not summary.documents:
        first, others = summary.failures[0].error, len(summary.failures) - 1
        raise NothingToReadError(f"no article can be read: {first}" + (f"; and {others} more" if others else ""))
    frame, notes = correct(to_frame(found), wanted)
    for message in (*summary.warnings, *notes, *(str(failure.error) for failure in summary.failures)):
        warnings.warn(message, stacklevel=2)
    return frame
