"""`geo map` and `geo parse`: from articles to pages, and to files of events."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.cli.archive import (
    Work,
    convert_events,
    event_files,
    find_by_workers,
    is_folder,
    map_events,
    write_dataset,
)
from geo.cli.options import (
    AsJson,
    Corrections,
    Date,
    EventFiles,
    Fields,
    Fresh,
    GazetteerFile,
    Geocode,
    GeocodeCache,
    GeocodeDryRun,
    GeocodeUrl,
    Language,
    MaxArticle,
    MaxField,
    MaxPage,
    Metadata,
    NoApproximate,
    NoDemonyms,
    NoMerge,
    Outputs,
    PathsOrEvents,
    Quiet,
    Scheduler,
    Style,
    Tiles,
    Workers,
    given,
)
from geo.cli.reading import geocoder_of, read
from geo.cli.summary import finish
from geo.cli.terminal import fail, progress, say
from geo.errors import OptionError
from geo.model import Options

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.corrections import Correction
    from geo.geocode import Geocoder
    from geo.model import Event
    from geo.pipeline import Summary


def _find_events(work: Work, geocoder: Geocoder | None) -> tuple[list[Event], Summary]:
    """The events of the articles; those that were left out are named. Exits if none could be read."""
    if work.is_shared:
        return find_by_workers(work)
    from geo.pipeline import Summary, find_events, open_gazetteer, triggers_with

    opened, summary = open_gazetteer(work.gazetteer), Summary()
    triggers = triggers_with(opened, work.events or ())
    with progress("reading articles") as seen:
        events = find_events(
            read(
                work.paths, work.metadata, work.date, work.fields, work.language, summary.warnings.append,
                limit=work.limit, field=work.max_field,
            ),
            opened,
            triggers,
            options=work.options,
            merged=work.merged,
            summary=summary,
            seen=seen,
        )  # fmt: skip
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


def map_(
    paths: PathsOrEvents,
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
    max_article: MaxArticle = 10.0,
    max_field: MaxField = 10_000,
    max_page: MaxPage = 100_000,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    tiles: Tiles = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write a layered map of each year, an index of them, and events.geojson."""
    from geo.formats import export
    from geo.maps import find_tiles, write_maps  # folium and pandas only where they are needed

    if tiles:
        find_tiles(tiles)  # to fail before the work
    corrected = _corrections(corrections, gazetteer)
    if files := event_files(paths):
        map_events(files, out, corrected, most=max_page, tiles=tiles, as_json=as_json, quiet=quiet)
        return
    geocoder = geocoder_of(geocode, geocode_dry_run, geocode_url, geocode_cache)
    options = Options(demonyms=not no_demonyms, approximate=not no_approximate, geocode=geocoder)
    work = Work(
        paths, metadata, date, fields or [], language, gazetteer, events, options, not no_merge, max_article, max_field,
        workers, scheduler, out,
    )  # fmt: skip
    found, summary = _find_events(work, geocoder)
    frame = _frame(found, corrected, summary)
    written = write_maps(frame, out, tiles=tiles, most=max_page, notice=summary.warnings.append)
    finish(summary, [*written, export(frame, out / "events.geojson")], as_json=as_json, quiet=quiet)


def parse(
    paths: PathsOrEvents,
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
    max_article: MaxArticle = 10.0,
    max_field: MaxField = 10_000,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    fresh: Fresh = False,
    style: Style = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the events of the articles as files for GIS and other tools, or as a dataset: a folder of GeoParquet, a year a part."""
    from geo.formats import check_format, export

    folder = next(filter(is_folder, out), None)
    if folder and (len(out) > 1 or corrections):
        raise OptionError(f"{folder}: a dataset is written by itself, without --corrections; export or correct the dataset afterwards")
    for path in () if folder else out:
        check_format(path)
    corrected = _corrections(corrections, gazetteer)
    if files := event_files(paths):
        convert_events(files, out, corrected, style=style, as_json=as_json, quiet=quiet)
        return
    geocoder = geocoder_of(geocode, geocode_dry_run, geocode_url, geocode_cache)
    options = Options(demonyms=not no_demonyms, approximate=not no_approximate, geocode=geocoder)
    work = Work(
        paths, metadata, date, fields or [], language, gazetteer, events, options, not no_merge, max_article, max_field,
        workers, scheduler, out[0],
    )  # fmt: skip
    if folder:
        finish(write_dataset(work, fresh=fresh), [folder], as_json=as_json, quiet=quiet)
        return
    found, summary = _find_events(work, geocoder)
    frame = _frame(found, corrected, summary)
    finish(summary, [export(frame, path, style=style) for path in out], as_json=as_json, quiet=quiet)
