"""`geo map` and `geo parse` at scale: datasets out, datasets and files of events in, many workers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from geo.cli.terminal import count, fail, json_line, note, printable, progress_of, say, some
from geo.errors import FormatError, OptionError
from geo.model import Options

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.archive import Reading
    from geo.archive.reports import Counts
    from geo.corrections import Correction
    from geo.model import Event
    from geo.pipeline import Summary

EVENT_SUFFIXES = (".geojson", ".geojsonl", ".geojsonseq", ".gpkg", ".fgb", ".parquet", ".geoparquet")


@dataclass(frozen=True, slots=True)
class Work:
    """What a command was asked to read, and how."""

    paths: list[str]
    metadata: Path | None
    date: str | None
    fields: list[str]
    language: str
    gazetteer: Path | None
    events: list[Path] | None
    options: Options
    merged: bool
    max_article: float
    max_field: int
    workers: int
    scheduler: str | None
    out: Path

    @property
    def limit(self) -> int:
        """The bytes that an article may have."""
        return int(self.max_article * 1e6)

    @property
    def is_shared(self) -> bool:
        """Whether other processes are to read."""
        return self.workers > 1 or self.scheduler is not None

    def reading(self) -> Reading:
        """How the articles are read, for workers."""
        from geo.archive import reading
        from geo.documents.read import check_language

        check_language(self.language)
        if self.options.geocode:
            raise OptionError("--geocode asks a service from one process only; leave out --workers, --scheduler and the dataset")
        return reading(
            self.gazetteer, self.events or (), self.metadata, self.date, fields=self.fields,
            options=self.options, merged=self.merged, limit=self.limit, max_field=self.max_field,
        )  # fmt: skip


def is_folder(out: Path) -> bool:
    """Whether an output is a folder, which holds a dataset: it is one, or has no suffix."""
    return out.is_dir() or not out.suffix


def write_dataset(work: Work, *, fresh: bool) -> Summary:
    """Write the events of the articles as a dataset, going on where an earlier run stopped."""
    from geo.archive import parse_archive, runner_for

    notices: list[str] = []
    with progress_of("reading partitions") as progress:
        total = parse_archive(
            work.paths,
            work.out,
            work.reading(),
            runner=runner_for(work.workers, work.scheduler),
            fresh=fresh,
            progress=progress,
            notice=notices.append,
        )
    if total.before:
        notices.append(f"{total.before} of {count(total.partitions, 'partition')} had been read before; --fresh reads all again")
    summary = _summary(total.counts, notices)
    summary.layers.update(total.layers)
    return summary


def find_by_workers(work: Work) -> tuple[list[Event], Summary]:
    """The events of the articles, read by other processes. Exits if none could be read."""
    from geo.archive import find_events_by, runner_for

    notices: list[str] = []
    scratch = work.out.resolve().parent if work.scheduler else None  # where all workers of a cluster can write
    with progress_of("reading partitions") as progress:
        events, counts = find_events_by(
            work.paths,
            work.reading(),
            runner_for(work.workers, work.scheduler),
            scratch=scratch,
            progress=progress,
            notice=notices.append,
        )
    summary = _summary(counts, notices)
    summary.layers.update(event.layer for event in events)
    if not summary.documents:
        fail("none of the documents could be read")
    return events, summary


def _summary(counts: Counts, notices: list[str]) -> Summary:
    """The counts as those of a run in one process; the articles that were left out are named."""
    from collections import Counter

    from geo.documents import Failure
    from geo.errors import DocumentError
    from geo.pipeline import Summary

    for failure in counts.failures:
        say(f"left out: {failure}")
    inferred = [(doc, how) for doc, _, how in (text.partition(": ") for text in counts.inferred_examples)]
    return Summary(
        documents=counts.documents,
        failures=[Failure("", DocumentError(text)) for text in counts.failures],
        undated=counts.undated_examples,
        inferred=inferred,
        undated_more=counts.undated - len(counts.undated_examples),
        inferred_more=counts.inferred - len(inferred),
        mentions=counts.mentions,
        resolved=counts.resolved,
        unplaced=Counter(counts.unplaced),
        reasons=Counter(counts.reasons),
        too_long=counts.too_long,
        warnings=notices,
    )


# --- events that geo wrote, as input ---------------------------------------------------------------------------------


def event_files(paths: list[str]) -> list[Path]:
    """The paths if they are files of events or datasets; none if they are articles. Raises FormatError for both at once."""
    from geo.archive import is_dataset

    found = [path for path in map(Path, paths) if _is_event_file(path) or (path.is_dir() and is_dataset(path))]
    if found and len(found) < len(paths):
        raise FormatError(f"{found[0]}: events, among articles; give either, for events of both are not joined")
    return found


def _is_event_file(path: Path) -> bool:
    """Whether the suffix says so; of Parquet, which may hold articles too, whether it has a geometry."""
    suffix = path.suffix.lower()
    if suffix != ".parquet" or not path.is_file():
        return suffix in EVENT_SUFFIXES
    from geo.formats.geoparquet import has_geometry

    return has_geometry(path)


def _years(path: Path) -> dict[int | None, Iterable[gpd.GeoDataFrame]]:
    """The tables of a file or dataset by year, those of a dataset read when their turn comes."""
    from geo.archive import check_finished, is_dataset, read_year, years

    if is_dataset(path):
        check_finished(path)
        return {year or None: read_year(path, year) for year in years(path)}
    frame = _read_file(path)
    numbers = sorted({int(year) for year in frame["year"].dropna()})
    found: dict[int | None, Iterable[gpd.GeoDataFrame]] = {year: [frame[frame["year"] == year]] for year in numbers}
    return found | ({None: [undated]} if len(undated := frame[frame["year"].isna()]) else {})


def _read_file(path: Path) -> gpd.GeoDataFrame:
    from geo.formats import read_events

    if not path.exists():
        raise FormatError(f"{path}: no such file of events; check the path")
    return read_events(path)


def read_any(path: Path) -> gpd.GeoDataFrame:
    """The events of a file or a dataset in one table. Raises FormatError."""
    from geo.archive import is_dataset, read_dataset

    return read_dataset(path) if path.is_dir() and is_dataset(path) else _read_file(path)


def _together(files: list[Path]) -> dict[int | None, Iterable[gpd.GeoDataFrame]]:
    """The years of several files; an event that two of them hold is there once."""
    each = [_years(path) for path in files]
    numbers = sorted({year for found in each for year in found}, key=lambda year: (year is None, year or 0))
    return {year: _once([found[year] for found in each if year in found]) for year in numbers}


def _once(tables: list[Iterable[gpd.GeoDataFrame]]) -> Iterator[gpd.GeoDataFrame]:
    seen: set[str] = set()
    for frame in itertools.chain.from_iterable(tables):
        fresh = ~frame["id"].isin(seen)
        seen.update(frame["id"])
        yield frame if fresh.all() else frame[fresh]


def _corrected(files: list[Path], corrections: list[Correction], notices: list[str]) -> gpd.GeoDataFrame:
    """The events of all files in one table, corrected."""
    from geo.corrections import correct
    from geo.table import together

    frame, notes = correct(together([frame for tables in _together(files).values() for frame in tables]), corrections)
    notices.extend(notes)
    return frame


def map_events(
    files: list[Path], out: Path, corrections: list[Correction], *, most: int, tiles: str | None, as_json: bool, quiet: bool
) -> None:
    """Write the maps of events that were found before; without corrections, a year is in memory at a time."""
    from geo.maps import write_maps, write_year_maps

    notices: list[str] = []
    if corrections:
        written = write_maps(_corrected(files, corrections, notices), out, tiles=tiles, most=most, notice=notices.append)
    else:
        written = write_year_maps(_together(files), out, tiles=tiles, most=most, notice=notices.append)
    _tell(f"drawn from {some([str(path) for path in files])}", {}, notices, written, as_json=as_json, quiet=quiet)


def convert_events(
    files: list[Path], out: list[Path], corrections: list[Correction], *, style: bool, as_json: bool, quiet: bool
) -> None:
    """Write events that were found before as other files."""
    from geo.formats import export

    if any(map(is_folder, out)):
        raise OptionError(f"{out[0]}: a dataset is written from articles; give those, or write the events as a file")
    notices: list[str] = []
    table = _corrected(files, corrections, notices)
    written = [export(table, path, style=style) for path in out]
    _tell(count(len(table), "event"), {"events": len(table)}, notices, written, as_json=as_json, quiet=quiet)


def _tell(said: str, told: dict[str, int], notices: list[str], written: list[Path], *, as_json: bool, quiet: bool) -> None:
    """Say what was done, in lines or as JSON."""
    if as_json:
        typer.echo(json_line({**told, "notes": notices, "written": [str(path) for path in written]}))
    elif not quiet:
        for line in notices:
            note(line)
        typer.echo(printable(said))
        typer.echo(printable("wrote " + some([str(path) for path in written], 12)))
