"""What is said on the terminal: text without what a terminal would obey, tables, JSON lines, progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from rich.console import Console

TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))  # they turn the direction of a line
CONTROL = dict.fromkeys(c for c in (*range(32), *range(127, 160), *TURNING) if not chr(c).isspace())
UNDECODABLE = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")  # bytes of a file name that are no text

_hushed = {"now": False}


def hush(asked: bool) -> bool:
    """Leave out notes and progress, or no longer; gives what was asked, as typer wants of an option's callback."""
    _hushed["now"] = asked
    return asked


def printable(text: str) -> str:
    """Text on one line, without the control characters, which a terminal would obey."""
    return " ".join(text.translate(CONTROL | UNDECODABLE).split())


def fail(message: str, code: int = 2) -> NoReturn:
    """Print a one-line error and exit."""
    say(message)
    sys.exit(code)


def say(message: str) -> None:
    """One line on standard error."""
    sys.stderr.write(f"geo: {printable(message)}\n")


def note(message: str) -> None:
    """Something that the user should know, though nothing failed."""
    if not _hushed["now"]:
        say(f"note: {message}")


@contextmanager
def progress_of(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while work goes on: told how much of how much is done; on a terminal only."""
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


@contextmanager
def progress(label: str) -> Iterator[Callable[[object], None]]:
    """A counter on standard error while work goes on, on a terminal only."""
    if _hushed["now"] or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda _: bar.advance(task)


def count(number: int, noun: str) -> str:
    """The number with its noun: 1 event, 2 events."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def some(items: list[str], most: int = 5, *, more: int = 0) -> str:
    """The first of the items, and how many more there are, `more` of which are not among them."""
    left = max(len(items) - most, 0) + more
    rest = f" and {left} more" if left else ""
    return "; ".join(items[:most]) + rest


def json_line(row: dict[str, Any]) -> str:
    """A JSON line, in escapes where the terminal's encoding has not all characters."""
    unicode = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    return json.dumps(row, ensure_ascii=not unicode).encode("utf-8", "replace").decode()


def _console() -> Console:
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 160)


def table(title: str, columns: tuple[str, ...], cells: Sequence[tuple[str, ...]]) -> None:
    """Print a table; what is too long for a cell is wrapped."""
    from rich.table import Table
    from rich.text import Text  # not markup: rich would obey [tags] in an article

    table = Table(title=Text(printable(title)), title_justify="left")
    for column in columns:
        table.add_column(column, justify="right" if column in ("lon", "lat", "confidence") else "left")
    for row in cells:
        table.add_row(*(Text(printable(cell)) for cell in row))
    _console().print(table)
