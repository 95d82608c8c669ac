"""`geo map` and `geo parse`: from articles to pages, and to a file of events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.options import (
    AsJson,
    Corrections,
    Date,
    EventFiles,
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
    NoMerge,
    Outputs,
    Paths,
    Quiet,
    Style,
    given,
)
from geo.cli.reading import geocoder_of, read
from geo.cli.summary import as_object
from geo.cli.terminal import count, fail, json_line, printable, progress, say, some
from geo.model import Options

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.corrections import Correction
    from geo.geocode import Geocoder
    from geo.model import Event
    from geo.pipeline import Summary


def _find_events(
    paths: list[str],
    metadata: Path | None,
    date: str | None,
    fields: list[str] | None,
    language: str,
    gazetteer: Path | None,
    extra: list[Path] | None,
    options: Options,
    geocoder: Geocoder | None,
    *,
    merged: bool,
) -> tuple[list[Event], Summary]:
    """The events of the articles; those that were left out are named. Exits if none could be read."""
    from geo.pipeline import Summary, find_events, open_gazetteer, triggers_with

    opened, summary = open_gazetteer(gazetteer), Summary()
    triggers = triggers_with(opened, extra or ())
    with progress("reading articles") as seen:
        events = find_events(
            read(paths, metadata, date, fields, language, summary.warnings.append),
            opened,
            triggers,
            options=options,
            merged=merged,
            summary=summary,
            seen=seen,
        )
    if geocoder:
        summary.warnings.extend(geocoder.notes())
    for failure in summary.failures:
        say(f"left out: {failure.error}")
    if not summary.documents:
        fail("none of the documents could be read")
    return events, summary


def _corrections(sheets: list[Path] | None, gazetteer: Path | None) -> list[Correction]:
    """The corrections in all sheets, read before the articles are."""
    if not sheets:
        return []
    from geo.corrections import read_corrections
    from geo.pipeline import open_gazetteer

    return [correction for sheet in sheets for correction in read_corrections(sheet, open_gazetteer(gazetteer))]


def _frame(events: list[Event], corrections: list[Correction], summary: Summary) -> gpd.GeoDataFrame:
    """The table of the events, corrected; what could not be is noted in the summary."""
    from geo.corrections import correct
    from geo.table import to_frame

    frame, notes = correct(to_frame(events), corrections)
    summary.warnings.extend(notes)
    return frame


def _finish(summary: Summary, written: list[Path], *, as_json: bool, quiet: bool) -> None:
    """Print the summary; exit 1 if some documents failed."""
    if as_json:
        typer.echo(json_line(as_object(summary, written)))
    for line in () if as_json or quiet else _summary_lines(summary, written):
        typer.echo(printable(line))
    if summary.failures:
        raise typer.Exit(1)


def _summary_lines(summary: Summary, written: list[Path]) -> Iterator[str]:
    mentions = "mention of a place" if summary.mentions == 1 else "mentions of places"
    yield f"{count(summary.documents, 'document')}, {summary.mentions} {mentions}, {summary.resolved} resolved"
    events = {layer: n for layer, n in summary.layers.items() if layer != "mentions"}
    counts = ", ".join(f"{layer} {n}" for layer, n in sorted(events.items(), key=lambda item: -item[1]))
    yield f"{count(sum(events.values()), 'event')}: {counts or 'none'}"
    if summary.unplaced:
        counts = ", ".join(f"{layer} {n}" for layer, n in summary.unplaced.most_common())
        yield f"left out, for no place could be told: {sum(summary.unplaced.values())} ({counts})"
        yield "why: " + some([f"{reason}: {n}" for reason, n in summary.reasons.most_common()])
    if summary.too_long:
        yield f"left out: {count(summary.too_long, 'sentence')} too long to be any (tables or lists)"
    if summary.undated:
        yield f"undated: {some(summary.undated)}; give --metadata or --date"
    if summary.inferred:
        yield "dates inferred: " + some([f"{doc}: {how}" for doc, how in summary.inferred])
    for warning in summary.warnings:
        yield f"note: {warning}"
    if summary.failures:
        yield f"failed: {len(summary.failures)} (named above)"
    if written:
        yield "wrote " + some([str(path) for path in written], 12)


def map_(
    paths: Paths,
    out: Annotated[Path, typer.Option(help="Folder for the pages.", parser=given, metavar="FOLDER")] = Path("maps"),
    metadata: Metadata = None,
    date: Date = None,
    fields: Fields = None,
    language: Language = "en",
    gazetteer: GazetteerFile = None,
    events: EventFiles = None,
    corrections: Corrections = None,
    geocode: Geocode = None,
    geocode_dry_run: GeocodeDryRun = False,
    geocode_url: GeocodeUrl = None,
    geocode_cache: GeocodeCache = None,
    no_merge: NoMerge = False,
    no_demonyms: NoDemonyms = False,
    no_approximate: NoApproximate = False,
    tiles: Annotated[
        str | None,
        typer.Option(help="Online tiles that a reader may choose: OpenStreetMap.Mapnik, or an address with {z}, {x}, {y}.", metavar="NAME", show_default=False),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a layered map of each year, an index of them, and events.geojson."""
    from geo.formats import export
    from geo.maps import find_tiles, write_maps  # folium and pandas only where they are needed

    if tiles:
        find_tiles(tiles)  # to fail before the work
    corrected = _corrections(corrections, gazetteer)
    geocoder = geocoder_of(geocode, geocode_dry_run, geocode_url, geocode_cache)
    options = Options(demonyms=not no_demonyms, approximate=not no_approximate, geocode=geocoder)
    found, summary = _find_events(paths, metadata, date, fields, language, gazetteer, events, options, geocoder, merged=not no_merge)
    frame = _frame(found, corrected, summary)
    written = [*write_maps(frame, out, tiles=tiles), export(frame, out / "events.geojson")]
    _finish(summary, written, as_json=as_json, quiet=quiet)


def parse(
    paths: Paths,
    out: Outputs = [Path("events.geojson")],  # noqa: B006  typer copies it
    metadata: Metadata = None,
    date: Date = None,
    fields: Fields = None,
    language: Language = "en",
    gazetteer: GazetteerFile = None,
    events: EventFiles = None,
    corrections: Corrections = None,
    geocode: Geocode = None,
    geocode_dry_run: GeocodeDryRun = False,
    geocode_url: GeocodeUrl = None,
    geocode_cache: GeocodeCache = None,
    no_merge: NoMerge = False,
    no_demonyms: NoDemonyms = False,
    no_approximate: NoApproximate = False,
    style: Style = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the events of the articles as files for GIS and other tools (docs/formats.md)."""
    from geo.formats import check_format, export

    for path in out:
        check_format(path)
    corrected = _corrections(corrections, gazetteer)
    geocoder = geocoder_of(geocode, geocode_dry_run, geocode_url, geocode_cache)
    options = Options(demonyms=not no_demonyms, approximate=not no_approximate, geocode=geocoder)
    found, summary = _find_events(paths, metadata, date, fields, language, gazetteer, events, options, geocoder, merged=not no_merge)
    frame = _frame(found, corrected, summary)
    _finish(summary, [export(frame, path, style=style) for path in out], as_json=as_json, quiet=quiet)
