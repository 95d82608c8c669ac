"""`geo export`: from a file of events to the formats of other tools."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.cli.options import Outputs, Quiet, Style
from geo.cli.terminal import count, fail, json_line, note, printable, say


def export(
    events: Annotated[
        Path,
        typer.Argument(
            metavar="EVENTS",
            help="A file of events that geo wrote: .geojson, .geojsonl, .gpkg, .fgb or .parquet.",
        ),
    ],
    out: Outputs,
    style: Style = False,
    articles: Annotated[
        list[str] | None,
        typer.Option(
            "--articles",
            help="The articles, named as for geo parse; may be given again. Their texts go into brat's archive, and the "
            "mentions are checked against them.",
            metavar="PATH",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON object: the number of events and the files written.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Write events in the formats of other tools: QGIS, Google Earth, spreadsheets, annotation tools (docs/formats.md)."""
    from geo.cli.archive import read_any
    from geo.formats import check_format
    from geo.formats import export as write

    for path in out:
        check_format(path)
    frame = read_any(events)
    texts = _texts(articles) if articles else None
    written = [write(frame, path, style=style, texts=texts) for path in out]
    if as_json:
        typer.echo(json_line({"events": len(frame), "written": [str(path) for path in written]}))
    elif not quiet:
        typer.echo(
            printable(f"{count(len(frame), 'event')}: wrote {'; '.join(str(path) for path in written)}")
        )


def _texts(articles: list[str]) -> dict[str, str]:
    """The articles' texts by id; those that cannot be read are named."""
    from geo.documents import Failure, read_documents

    texts = {}
    for document in read_documents(articles, metadata=None, date=None, notice=note):
        if isinstance(document, Failure):
            say(f"left out: {document.error}")
        else:
            texts[document.id] = document.text
    if not texts:
        fail("none of the articles could be read")
    return texts
