"""What a run of `geo map` or `geo parse` did: in lines for people, as JSON for other programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from geo.cli.terminal import count, json_line, printable, some

if TYPE_CHECKING:
    from geo.pipeline import Summary


def as_object(summary: Summary, written: list[Path]) -> dict[str, Any]:
    """The summary as one object; `events` counts by layer, without the places that are only named."""
    return {
        "documents": summary.documents,
        "failed": [str(failure.error) for failure in summary.failures],
        "undated": summary.undated,
        "dates_inferred": dict(summary.inferred),
        "mentions": summary.mentions,
        "resolved": summary.resolved,
        "events": {layer: n for layer, n in sorted(summary.layers.items()) if layer != "mentions"},
        "unplaced": dict(sorted(summary.unplaced.items())),
        "unplaced_because": dict(sorted(summary.reasons.items())),
        "sentences_too_long": summary.too_long,
        "notes": summary.warnings,
        "written": [str(path) for path in written],
    }


def as_lines(summary: Summary, written: list[Path]) -> Iterator[str]:
    """The summary in lines for people."""
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


def finish(summary: Summary, written: list[Path], *, as_json: bool, quiet: bool) -> None:
    """Print the summary; exit 1 if some documents failed."""
    if as_json:
        typer.echo(json_line(as_object(summary, written)))
    for line in () if as_json or quiet else as_lines(summary, written):
        typer.echo(printable(line))
    if summary.failures:
        raise typer.Exit(1)
