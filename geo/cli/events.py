"""`geo map` and `geo parse`: from articles to pages, and to a file of events."""

from __future__ import annotations

from collections.abc import Iterator
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
    Date,
    EventFiles,
    Fresh,
    GazetteerFile,
    MaxArticle,
    MaxField,
    MaxPage,
    Metadata,
    NoApproximate,
    NoDemonyms,
    NoMerge,
    PathsOrEvents,
    Scheduler,
    Workers,
    given,
)
from geo.cli.reading import read
from geo.cli.terminal import count, fail, printable, progress, say, some
from geo.model import Options

if TYPE_CHECKING:
    from geo.model import Event
    from geo.pipeline import Summary


def _find_events(work: Work, gazetteer: Path | None, extra: list[Path] | None) -> tuple[list[Event], Summary]:
    """The events of the articles; those that were left out are named. Exits if none could be read."""
    if work.is_shared:
        return find_by_workers(work)
    from geo.pipeline import Summary, find_events, open_gazetteer, triggers_with

    opened, summary = open_gazetteer(gazetteer), Summary()
    triggers = triggers_with(opened, extra or ())
    with progress("reading articles") as seen:
        events = find_events(
            read(work.paths, work.metadata, work.date, summary.warnings.append, limit=work.limit, field=work.max_field),
            opened,
            triggers,
            options=work.options,
            merged=work.merged,
            summary=summary,
            seen=seen,
        )
    for failure in summary.failures:
        say(f"left out: {failure.error}")
    if not summary.documents:
        fail("none of the documents could be read")
    return events, summary


def finish(summary: Summary, written: list[Path]) -> None:
    """Print the summary; exit 1 if some documents failed."""
    for line in _summary_lines(summary, written):
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
        yield f"undated: {some(summary.undated, more=summary.undated_more)}; give --metadata or --date"
    if summary.inferred:
        yield "dates inferred: " + some([f"{doc}: {how}" for doc, how in summary.inferred], more=summary.inferred_more)
    for warning in summary.warnings:
        yield f"note: {warning}"
    if summary.failures:
        yield f"failed: {len(summary.failures)} (named above)"
    if written:
        yield "wrote " + some([str(path) for path in written], 12)


def map_(
    paths: PathsOrEvents,
    out: Annotated[Path, typer.Option(help="Folder for the pages.", parser=given, metavar="FOLDER")] = Path("maps"),
    metadata: Metadata = None,
    date: Date = None,
    gazetteer: GazetteerFile = None,
    events: EventFiles = None,
    no_merge: NoMerge = False,
    no_demonyms: NoDemonyms = False,
    no_approximate: NoApproximate = False,
    max_article: MaxArticle = 10.0,
    max_field: MaxField = 10_000,
    max_page: MaxPage = 20_000,
    workers: Workers = 1,
    scheduler: Scheduler = None,
) -> None:
    """Write a layered map of each year, an index of them, and events.geojson."""
    if files := event_files(paths):
        map_events(files, out, max_page)
        return
    options = Options(demonyms=not no_demonyms, approximate=not no_approximate)
    work = Work(paths, metadata, date, gazetteer, events, options, not no_merge, max_article, max_field, workers, scheduler, out)
    found, summary = _find_events(work, gazetteer, events)
    from geo.maps import write_maps  # folium and pandas only where they are needed
    from geo.table import export, to_frame

    frame = to_frame(found)
    written = write_maps(frame, out, most=max_page, notice=summary.warnings.append)
    finish(summary, [*written, export(frame, out / "events.geojson")])


def check_suffix(out: Path) -> None:
    """Raise FormatError, before anything is read, if events cannot be written to such a file."""
    from geo.table import check_format

    check_format(out)


def parse(
    paths: PathsOrEvents,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="File of events to write, or folder: a dataset.", parser=given, metavar="FILE")
    ] = Path("events.geojson"),
    metadata: Metadata = None,
    date: Date = None,
    gazetteer: GazetteerFile = None,
    events: EventFiles = None,
    no_merge: NoMerge = False,
    no_demonyms: NoDemonyms = False,
    no_approximate: NoApproximate = False,
    max_article: MaxArticle = 10.0,
    max_field: MaxField = 10_000,
    workers: Workers = 1,
    scheduler: Scheduler = None,
    fresh: Fresh = False,
) -> None:
    """Write the events of the articles as a file for GIS tools, or as a dataset: a folder of GeoParquet, a year a part."""
    if not is_folder(out):
        check_suffix(out)
    if files := event_files(paths):
        convert_events(files, out)
        return
    options = Options(demonyms=not no_demonyms, approximate=not no_approximate)
    work = Work(paths, metadata, date, gazetteer, events, options, not no_merge, max_article, max_field, workers, scheduler, out)
    if is_folder(out):
        finish(write_dataset(work, fresh=fresh), [out])
        return
    found, summary = _find_events(work, gazetteer, events)
    from geo.table import export, to_frame

    finish(summary, [export(to_frame(found), out)])
