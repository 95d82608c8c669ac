"""What a run of `geo map` or `geo parse` did, as JSON for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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
