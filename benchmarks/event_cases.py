"""Score the events on the labelled cases: F1 a layer, status accuracy and confusion; `--errors` lists what is wrong.

python benchmarks/event_cases.py [--errors]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from geo.model import LAYERS
from tests.labelled_events import Score, bundled_triggers, read_cases, score

STATUSES = ("occurred", "planned", "cancelled", "proposed", "denied")


def main() -> None:
    """Score and print."""
    triggers = bundled_triggers()
    cases = list(read_cases())
    result = score(triggers)
    negative = sum(not c.expected for c in cases)
    print(
        f"{len(cases)} cases, {negative} negative, from {len({c.origin for c in cases})} countries; {triggers.count} patterns\n"
    )
    print_layers(result)
    print_confusion(result)
    if "--errors" in sys.argv[1:]:
        print("", *result.errors, sep="\n")


def print_layers(result: Score) -> None:
    """Counts and F1 of each layer."""
    print(f"{'layer':<14}{'right':>7}{'extra':>7}{'missed':>8}{'F1':>7}")
    for layer in LAYERS[:-1]:
        print(
            f"{layer:<14}{result.hits[layer]:>7}{result.extra[layer]:>7}{result.missed[layer]:>8}{result.f1(layer):>7.2f}"
        )
    totals = (sum(c.values()) for c in (result.hits, result.extra, result.missed))
    print("{:<14}{:>7}{:>7}{:>8}".format("all", *totals) + f"{result.f1():>7.2f}\n")


def print_confusion(result: Score) -> None:
    """Statuses expected against found."""
    print(f"status accuracy {result.status_accuracy:.2f}; expected (rows) against found (columns)")
    print(f"{'':<11}" + "".join(f"{s:>11}" for s in STATUSES))
    for expected in STATUSES:
        print(f"{expected:<11}" + "".join(f"{result.statuses[expected, found]:>11}" for found in STATUSES))


if __name__ == "__main__":
    main()
