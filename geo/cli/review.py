"""`geo review`: the events as a sheet to correct."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.cli.options import given
from geo.cli.terminal import count, printable


def review(
    events: Annotated[Path, typer.Argument(help="A file of events that geo wrote.", parser=given, metavar="EVENTS")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Sheet to write.", parser=given, metavar="FILE")] = Path("review.csv"),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a sheet that is there already.")] = False,
) -> None:
    """Write a sheet (CSV) of the events to correct in a spreadsheet; `geo map --corrections` applies it."""
    from geo.cli.archive import read_any
    from geo.corrections import write_review

    table = read_any(events)
    written = write_review(table, out, overwrite=overwrite)
    typer.echo(printable(f"{count(len(table), 'event')}; wrote {written}"))
