"""The command line put together: its commands, its exit codes, and what happens when something goes wrong."""

from __future__ import annotations

import gc
import io
import itertools
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from geo.cli import doctor, events, export, gazetteer, reading, review
from geo.cli.terminal import fail, hush, say
from geo.errors import GeoError
from geo.evaluation.commands import register

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Read news articles and draw the map of what they tell, offline.",
)
app.command("map")(events.map_)
app.command()(events.parse)
app.command()(export.export)
app.command()(review.review)
app.command()(reading.places)
app.command()(reading.dates)
app.add_typer(gazetteer.app, name="gazetteer")
app.command()(doctor.doctor)
register(app)

INTERRUPTED = 130  # the exit code by which typer tells of Ctrl-C


def main() -> None:
    """Entry point of the `geo` command: errors that geo foresees become one line and exit code 2."""
    _open_streams()
    gc.set_threshold(100_000)  # what starting up makes stays: looking through it for garbage takes a fifth of the time
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except GeoError as error:
        fail(str(error))
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            say("interrupted; files that were being written are left as they were")
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
            say(f"to read {arg}, put it after --: geo … -- {arg}")


def _version(asked: bool) -> None:
    if asked:
        import geo

        typer.echo(f"geo {geo.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[  # noqa: ARG001  its callback prints it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    hush(False)
