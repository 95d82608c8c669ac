"""`geo places` and `geo dates`: what is read from each article, a batch of them at a time."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from geo.cli.options import (
    Date,
    Fields,
    GazetteerFile,
    Geocode,
    GeocodeCache,
    GeocodeDryRun,
    GeocodeUrl,
    Language,
    Metadata,
    NoApproximate,
    NoDemonyms,
    Paths,
)
from geo.cli.terminal import fail, json_line, note, say, table
from geo.model import Options

if TYPE_CHECKING:
    from geo.documents import Failure
    from geo.geocode import Geocoder
    from geo.model import Document, Toponym


def read(
    paths: list[str],
    metadata: Path | None,
    date: str | None,
    fields: list[str] | None,
    language: str,
    notice: Callable[[str], None] = note,
    *,
    limit: int | None = None,
    field: int | None = None,
) -> Iterator[Document | Failure]:
    """The documents at the paths of a command, those that cannot be read among them; of at most `limit` bytes and `field` characters of title."""
    from geo.documents import MAX_ARTICLE_BYTES, MAX_FIELD, read_documents

    gc.freeze()  # what was imported stays: nor need the end of the process look through it
    most, longest = limit or MAX_ARTICLE_BYTES, field or MAX_FIELD
    return iter(
        read_documents(
            paths, metadata=metadata, date=date, fields=fields or (), language=language, limit=most, field=longest, notice=notice
        )
    )


def geocoder_of(service: str | None, dry_run: bool, url: str | None, cache: Path | None) -> Geocoder | None:
    """What asks a service for names, if that is wanted. Raises OptionError for options that mean nothing without it."""
    from geo.errors import OptionError

    if service is None:
        if dry_run or url or cache:
            raise OptionError("the options of geocoding need the service: --geocode nominatim, photon or geonames")
        return None
    from geo.geocode import open_geocoder

    return open_geocoder(service, url=url, cache=cache, dry_run=dry_run)


def places(
    paths: Paths,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines, one a document: its id and its toponyms.")] = False,
    metadata: Metadata = None,
    fields: Fields = None,
    language: Language = "en",
    gazetteer: GazetteerFile = None,
    geocode: Geocode = None,
    geocode_dry_run: GeocodeDryRun = False,
    geocode_url: GeocodeUrl = None,
    geocode_cache: GeocodeCache = None,
    no_demonyms: NoDemonyms = False,
    no_approximate: NoApproximate = False,
) -> None:
    """Show which places the articles mention, and why each is taken for the place that it is."""
    from geo.pipeline import date_document, locate_all, open_gazetteer
    from geo.text import analyse

    opened = open_gazetteer(gazetteer)
    geocoder = geocoder_of(geocode, geocode_dry_run, geocode_url, geocode_cache)
    options = Options(demonyms=not no_demonyms, approximate=not no_approximate, geocode=geocoder)

    def lines(documents: Sequence[Document]) -> Iterator[dict[str, Any]]:
        analyses = [analyse(document.text) for document in documents]
        dated = [(a, date_document(d, a).date) for d, a in zip(documents, analyses, strict=True)]
        for document, toponyms in zip(documents, locate_all(dated, opened, options), strict=True):
            yield {"id": document.id, "toponyms": [_toponym_row(t) for t in toponyms]}

    def rows(row: dict[str, Any]) -> None:
        columns = ("text", "place", "country", "lon", "lat", "confidence", "reason")
        cells = [
            (t["text"], t["name"] or "—", t["country"], _degrees(t["lon"]), _degrees(t["lat"]), f"{t['confidence']:.2f}", t["reason"])
            for t in row["toponyms"]
        ]
        table(row["id"], columns, cells)

    _each(read(paths, metadata, None, fields, language), lines, None if as_json else rows, geocoder)


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _toponym_row(toponym: Toponym) -> dict[str, Any]:
    place = toponym.place
    return {
        "start": toponym.start,
        "end": toponym.end,
        "text": toponym.text,
        "kind": toponym.kind,
        "role": toponym.role,
        "name": place.name if place else None,
        "place_id": place.id if place else None,
        "place_kind": place.kind if place else None,
        "country": place.country if place else "",
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "confidence": toponym.confidence,
        "reason": toponym.reason,
        "candidates": [{"name": c.place.name, "place_id": c.place.id, "score": c.score} for c in toponym.candidates],
    }


def dates(
    paths: Paths,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON lines, one a document: its id, its date and its date expressions.")
    ] = False,
    metadata: Metadata = None,
    date: Date = None,
    fields: Fields = None,
    language: Language = "en",
) -> None:
    """Show the date expressions of the articles and the days that they mean."""
    from geo.dates import find_dates
    from geo.pipeline import date_document
    from geo.text import analyse

    def lines(documents: Sequence[Document]) -> Iterator[dict[str, Any]]:
        for given in documents:
            analysis = analyse(given.text)
            document = date_document(given, analysis)
            timexes = [
                {"start": t.start, "end": t.end, "text": t.text, "value": t.value, "reason": t.when.reason}
                for t in find_dates(analysis, document.date, ranges=False)
            ]
            yield {"id": document.id, "date": str(document.date.start) if document.date else None, "timexes": timexes}

    def rows(row: dict[str, Any]) -> None:
        cells = [(t["text"], t["value"], t["reason"]) for t in row["timexes"]]
        table(f"{row['id']} ({row['date'] or 'undated'})", ("text", "value", "reason"), cells)

    _each(read(paths, metadata, date, fields, language), lines, None if as_json else rows)


def _each(
    documents: Iterator[Document | Failure],
    lines: Callable[[Sequence[Document]], Iterator[dict[str, Any]]],
    show: Callable[[dict[str, Any]], None] | None,
    geocoder: Geocoder | None = None,
) -> None:
    """Print what `lines` make of a batch of documents, one each: as JSON lines, or by `show`."""
    from geo.documents import Failure
    from geo.pipeline import batches

    done = failed = 0
    for batch in batches(documents):
        rows = lines([document for document in batch if not isinstance(document, Failure)])
        for document in batch:
            if isinstance(document, Failure):
                failed += 1
                say(f"left out: {document.error}")
                continue
            done += 1
            row = next(rows)
            if show:
                show(row)
            else:
                typer.echo(json_line(row))
    for told in geocoder.notes() if geocoder else ():
        note(told)
    if not done:
        fail("none of the documents could be read")
    if failed:
        raise typer.Exit(1)
