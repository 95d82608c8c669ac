"""The command line: parses, calls, prints. Nothing else in geo prints or exits.

Exit codes: 0 done; 1 done, but some documents failed (each is named); 2 bad usage, or nothing readable.
"""

from __future__ import annotations

import gc
import io
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from geo.errors import GeoError
from geo.evaluation.commands import register
from geo.model import Options

if TYPE_CHECKING:
    from rich.console import Console

    from geo.documents import Failure
    from geo.gazetteer import Gazetteer
    from geo.model import Document, Event, Toponym
    from geo.pipeline import Summary

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Read news articles and draw the map of what they tell, offline.",
)
gazetteer_app = typer.Typer(no_args_is_help=True, help="Look into the gazetteer, or compile another.")
app.add_typer(gazetteer_app, name="gazetteer")



def _given(value: str | Path) -> Path:
    """The path of an option; an empty one would be the folder that the command runs in."""
    if not str(value):
        raise typer.BadParameter("the path is empty")
    return Path(value)


Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH…",
        help="Articles (.txt, .md, .jsonl), folders of them, or - for standard input; after -- if one begins with a dash.",
    ),
]
Metadata = Annotated[
    Path | None, typer.Option(help="CSV with the columns file, title, source, date, url.", parser=_given, metavar="FILE", show_default=False)
]
Date = Annotated[
    str | None, typer.Option(help="Date of the articles that state none: 2023-10-04, 2023-10 or 2023.", show_default=False)
]
GazetteerFile = Annotated[
    Path | None,
    typer.Option(
        "--gazetteer", help="A compiled gazetteer, instead of the bundled one.", parser=_given, metavar="FILE", show_default=False
    ),
]
EventFiles = Annotated[
    list[Path] | None,
    typer.Option("--events", help="A file of your own trigger words (.toml); may be given again.", show_default=False),
]
NoMerge = Annotated[bool, typer.Option("--no-merge", help="Keep each report an event of its own.")]
NoDemonyms = Annotated[bool, typer.Option("--no-demonyms", help="Leave out the names of peoples, such as “Georgian”.")]
NoApproximate = Annotated[
    bool, typer.Option("--no-approximate", help="Put nothing at a place that bears only a part of the name.")
]

INTERRUPTED = 130  # the exit code by which typer tells of Ctrl-C
TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))  # they turn the direction of a line
CONTROL = dict.fromkeys(c for c in (*range(32), *range(127, 160), *TURNING) if not chr(c).isspace())
UNDECODABLE = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # bytes of a file name that are no text


def printable(text: str) -> str:
    """Text on one line, without the control characters, which a terminal would obey."""
    return " ".join(text.translate(CONTROL | UNDECODABLE).split())


def main() -> None:
    """Entry point of the `geo` command: errors that geo foresees become one line and exit code 2."""
    _open_streams()
    gc.disable()  # what starting up makes stays: looking through it for garbage takes a fifth of the time (see _read)
    try:
        try:
            app()
        finally:
            gc.enable()
            sys.stdout.flush()
    except GeoError as error:
        fail(str(error))
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            _say("interrupted; files that were being written are left as they were")
        elif stop.code == 2:
            _hint(sys.argv[1:])
        raise
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        _discard_output()
        fail(f"{error.filename or 'standard output'}: {error.strerror or error}")


def _open_streams() -> None:
    """A stream that is closed is written to nowhere; what a terminal's encoding lacks is replaced."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115  for the whole process
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _discard_output() -> None:
    """What could not be written would fail again when the interpreter ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _hint(args: list[str]) -> None:
    """Say how to name a file that was taken for an option."""
    for arg in itertools.takewhile(lambda arg: arg != "--", args):
        if arg.startswith("-") and arg != "-" and Path(arg).exists():
            _say(f"to read {arg}, put it after --: geo … -- {arg}")


def fail(message: str, code: int = 2) -> NoReturn:
    """Print a one-line error and exit."""
    _say(message)
    sys.exit(code)


def _say(message: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"geo: {printable(message)}\n")


def _version(asked: bool) -> None:
    if asked:
        import geo

        typer.echo(f"geo {geo.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


# --- reading


def _note(message: str) -> None:
    _say(f"note: {message}")


def _read(
    paths: list[str], metadata: Path | None, date: str | None, notice: Callable[[str], None] = _note
) -> Iterator[Document | Failure]:
    from geo.documents import read_documents

    gc.freeze()
    gc.enable()
    return iter(read_documents(paths, metadata=metadata, date=date, notice=notice))


@contextmanager
def _progress(label: str) -> Iterator[Callable[[object], None]]:
    """A counter on standard error while work goes on, on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda _: bar.advance(task)


def _find_events(
    paths: list[str],
    metadata: Path | None,
    date: str | None,
    gazetteer: Path | None,
    extra: list[Path] | None,
    options: Options,
    *,
    merged: bool,
) -> tuple[list[Event], Summary]:
    """The events of the articles; those that were left out are named. Exits if none could be read."""
    from geo.pipeline import Summary, find_events, open_gazetteer, triggers_with

    opened, summary = open_gazetteer(gazetteer), Summary()
    triggers = triggers_with(opened, extra or ())
    with _progress("reading articles") as seen:
        events = find_events(
            _read(paths, metadata, date, summary.warnings.append),
            opened,
            triggers,
            options=options,
            merged=merged,
            summary=summary,
            seen=seen,
        )
    for failure in summary.failures:
        _say(f"left out: {failure.error}")
    if not summary.documents:
        fail("none of the documents could be read")
    return events, summary


def _finish(summary: Summary, written: list[Path]) -> None:
    """Print the summary; exit 1 if some documents failed."""
    for line in _summary_lines(summary, written):
        typer.echo(printable(line))
    if summary.failures:
        raise typer.Exit(1)


def _summary_lines(summary: Summary, written: list[Path]) -> Iterator[str]:
    mentions = "mention of a place" if summary.mentions == 1 else "mentions of places"
    yield f"{_count(summary.documents, 'document')}, {summary.mentions} {mentions}, {summary.resolved} resolved"
    events = {layer: n for layer, n in summary.layers.items() if layer != "mentions"}
    counts = ", ".join(f"{layer} {n}" for layer, n in sorted(events.items(), key=lambda item: -item[1]))
    yield f"{_count(sum(events.values()), 'event')}: {counts or 'none'}"
    if summary.unplaced:
        counts = ", ".join(f"{layer} {n}" for layer, n in summary.unplaced.most_common())
        yield f"left out, for no place could be told: {sum(summary.unplaced.values())} ({counts})"
        yield "why: " + _some([f"{reason}: {n}" for reason, n in summary.reasons.most_common()])
    if summary.too_long:
        yield f"left out: {_count(summary.too_long, 'sentence')} too long to be any (tables or lists)"
    if summary.undated:
        yield f"undated: {_some(summary.undated)}; give --metadata or --date"
    if summary.inferred:
        yield "dates inferred: " + _some([f"{doc}: {how}" for doc, how in summary.inferred])
    for warning in summary.warnings:
        yield f"note: {warning}"
    if summary.failures:
        yield f"failed: {len(summary.failures)} (named above)"
    if written:
        yield "wrote " + _some([str(path) for path in written], 12)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _some(items: list[str], most: int = 5) -> str:
    rest = f" and {len(items) - most} more" if len(items) > most else ""
    return "; ".join(items[:most]) + rest


# --- commands


@app.command("map")
def map_(
    paths: Paths,
    out: Annotated[Path, typer.Option(help="Folder for the pages.", parser=_given, metavar="FOLDER")] = Path("maps"),
    metadata: Metadata = None,
    date: Date = None,
    gazetteer: GazetteerFile = None,
    events: EventFiles = None,
    no_merge: NoMerge = False,
    no_demonyms: NoDemonyms = False,
    no_approximate: NoApproximate = False,
) -> None:
    """Write a layered map of each year, an index of them, and events.geojson."""
    options = Options(demonyms=not no_demonyms, approximate=not no_approximate)
    found, summary = _find_events(paths, metadata, date, gazetteer, events, options, merged=not no_merge)
    from geo.maps import write_maps  # folium and pandas only where they are needed
    from geo.table import export, to_frame

    frame = to_frame(found)
    _finish(summary, [*write_maps(frame, out), export(frame, out / "events.geojson")])


@app.command()
def parse(
    paths: Paths,
    out: Annotated[Path, typer.Option("--out", "-o", help="File of events to write.", parser=_given, metavar="FILE")] = Path(
        "events.geojson"
    ),
    metadata: Metadata = None,
    date: Date = None,
    gazetteer: GazetteerFile = None,
    events: EventFiles = None,
    no_merge: NoMerge = False,
    no_demonyms: NoDemonyms = False,
    no_approximate: NoApproximate = False,
) -> None:
    """Write the events of the articles as a file for GIS tools."""
    from geo.table import check_format, export, to_frame

    check_format(out)
    options = Options(demonyms=not no_demonyms, approximate=not no_approximate)
    found, summary = _find_events(paths, metadata, date, gazetteer, events, options, merged=not no_merge)
    _finish(summary, [export(to_frame(found), out)])


@app.command()
def places(
    paths: Paths,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines, one a document: its id and its toponyms.")] = False,
    metadata: Metadata = None,
    gazetteer: GazetteerFile = None,
    no_demonyms: NoDemonyms = False,
    no_approximate: NoApproximate = False,
) -> None:
    """Show which places the articles mention, and why each is taken for the place that it is."""
    from geo.pipeline import date_document, locate, open_gazetteer
    from geo.text import analyse

    opened = open_gazetteer(gazetteer)
    options = Options(demonyms=not no_demonyms, approximate=not no_approximate)

    def lines(document: Document) -> dict[str, Any]:
        analysis = analyse(document.text)
        toponyms = locate(analysis, opened, date_document(document, analysis).date, options)
        return {"id": document.id, "toponyms": [_toponym_row(t) for t in toponyms]}

    def table(row: dict[str, Any]) -> None:
        columns = ("text", "place", "country", "lon", "lat", "confidence", "reason")
        cells = [
            (t["text"], t["name"] or "—", t["country"], _degrees(t["lon"]), _degrees(t["lat"]), f"{t['confidence']:.2f}", t["reason"])
            for t in row["toponyms"]
        ]
        _table(row["id"], columns, cells)

    _each(paths, metadata, None, lines, None if as_json else table)


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


@app.command()
def dates(
    paths: Paths,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON lines, one a document: its id, its date and its date expressions.")
    ] = False,
    metadata: Metadata = None,
    date: Date = None,
) -> None:
    """Show the date expressions of the articles and the days that they mean."""
    from geo.dates import find_dates
    from geo.pipeline import date_document
    from geo.text import analyse

    def lines(document: Document) -> dict[str, Any]:
        analysis = analyse(document.text)
        document = date_document(document, analysis)
        timexes = [
            {"start": t.start, "end": t.end, "text": t.text, "value": t.value, "reason": t.when.reason}
            for t in find_dates(analysis, document.date, ranges=False)
        ]
        return {"id": document.id, "date": str(document.date.start) if document.date else None, "timexes": timexes}

    def table(row: dict[str, Any]) -> None:
        cells = [(t["text"], t["value"], t["reason"]) for t in row["timexes"]]
        _table(f"{row['id']} ({row['date'] or 'undated'})", ("text", "value", "reason"), cells)

    _each(paths, metadata, date, lines, None if as_json else table)


def _each(
    paths: list[str],
    metadata: Path | None,
    date: str | None,
    line: Callable[[Document], dict[str, Any]],
    table: Callable[[dict[str, Any]], None] | None,
) -> None:
    """Print what `line` makes of each document: as JSON lines, or by `table`."""
    from geo.documents import Failure

    done = failed = 0
    for document in _read(paths, metadata, date):
        if isinstance(document, Failure):
            failed += 1
            _say(f"left out: {document.error}")
            continue
        done += 1
        row = line(document)
        if table:
            table(row)
        else:
            typer.echo(_json(row))
    if not done:
        fail("none of the documents could be read")
    if failed:
        raise typer.Exit(1)


def _json(row: dict[str, Any]) -> str:
    """A JSON line, in escapes where the terminal's encoding has not all characters."""
    unicode = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    return json.dumps(row, ensure_ascii=not unicode).encode("utf-8", "replace").decode()


def _console() -> Console:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 160)


def _table(title: str, columns: tuple[str, ...], cells: Sequence[tuple[str, ...]]) -> None:
    from rich.table import Table
    from rich.text import Text  # not markup: rich would obey [tags] in an article

    table = Table(title=Text(printable(title)), title_justify="left")
    for column in columns:
        table.add_column(column, justify="right" if column in ("lon", "lat", "confidence") else "left")
    for row in cells:
        table.add_row(*(Text(printable(cell)) for cell in row))
    _console().print(table)


# --- gazetteer


def _open(path: Path | None) -> Gazetteer:
    from geo.pipeline import open_gazetteer

    return open_gazetteer(path)


@gazetteer_app.command()
def info(
    gazetteer: GazetteerFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as a JSON object.")] = False,
) -> None:
    """Say what the gazetteer holds and what it was made from."""
    opened = _open(gazetteer)
    header = opened.header
    facts = {key: header[key] for key in ("format", "stamp", "places", "names", "attribution", "sources")}
    if as_json:
        typer.echo(_json({"path": str(opened.path), **facts}))
        return
    typer.echo(f"{opened.path}\nformat {header['format']}, stamp {header['stamp']}")
    typer.echo(f"{header['places']:,} places, {header['names']:,} names")
    for line in header["attribution"]:
        typer.echo(line)
    for name, stamp in header["sources"].items():
        typer.echo(f"  {name}  {stamp[:16]}")


@gazetteer_app.command()
def search(
    name: Annotated[str, typer.Argument(help="A name, as it would stand in a text; case and accents do not count.")],
    gazetteer: GazetteerFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines, one a place.")] = False,
) -> None:
    """List the places that bear a name, the most populous first. Exit code 1 if there is none."""
    from geo.gazetteer import NAME_KINDS

    opened = _open(gazetteer)
    found = [(opened.place(bearer.place), NAME_KINDS[bearer.kind]) for bearer in opened.look_up(name)]
    if as_json:
        for place, kind in found:
            row: dict[str, Any] = {"id": place.id, "name": place.name, "kind": place.kind, "country": place.country, "admin1": place.admin1}
            row |= {"lat": place.lat, "lon": place.lon, "population": place.population, "name_kind": kind}
            typer.echo(_json(row))
    elif found:
        columns = ("id", "name", "kind", "admin1", "country", "lon", "lat", "people", "as")
        cells = [
            (p.id, p.name, p.kind, p.admin1, p.country, f"{p.lon:.3f}", f"{p.lat:.3f}", f"{p.population:,}", kind)
            for p, kind in found
        ]
        _table(f"{name}: {_count(len(found), 'place')}", columns, cells)
    if not found:
        _say(f"no place is named {printable(name)!r} in the gazetteer")
        raise typer.Exit(1)


@gazetteer_app.command()
def build(
    sources: Annotated[Path, typer.Argument(help="The folder of curated sources.")] = Path("gazetteer"),
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="File to write; default: the one in use.", parser=_given, metavar="FILE", show_default=False
        ),
    ] = None,
    geonames: Annotated[
        Path | None,
        typer.Option(help="A GeoNames dump to add: allCountries.zip, US.txt and the like.", show_default=False),
    ] = None,
) -> None:
    """Compile a gazetteer from curated sources and GeoNames (needs `pip install 'geo-news[compile]'`)."""
    from geo.compile.compiler import compile_gazetteer
    from geo.gazetteer import default_path

    target = out or default_path()
    header = compile_gazetteer(sources, target, geonames)
    typer.echo(f"{target}: {header['places']:,} places, {header['names']:,} names, stamp {header['stamp']}")


register(app)

if __name__ == "__main__":
    main()
