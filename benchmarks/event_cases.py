"""Score the events on the labelled cases: F1 a layer, status accuracy and confusion; `--errors` lists what is wrong.

Then the dispatches, read end to end: how many of their events are found, how many marks are wrong.

python benchmarks/event_cases.py [--errors]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from geo.events.triggers import Triggers
from geo.model import LAYERS
from tests.gazetteers import bundled
from tests.labelled_dispatches import Tally, read_dispatches, score_dispatch
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
    print()
    errors = print_dispatches(triggers)
    if "--errors" in sys.argv[1:]:
        print("", *result.errors, *errors, sep="\n")


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


def print_dispatches(triggers: Triggers) -> list[str]:
    """What is found in each batch of dispatches; returns what is missed or wrong."""
    tallies: dict[str, Tally] = {}
    for batch, dispatch in read_dispatches():
        score_dispatch(dispatch, bundled(), triggers, tallies.setdefault(batch, Tally()))
    for batch, t in tallies.items():
        found, wrong = t.found / max(1, t.asked), t.wrong / max(1, t.marks)
        print(f"{batch:<14}found {t.found} of {t.asked} ({found:.2f}); wrong {t.wrong} of {t.marks} marks ({wrong:.2f})")
    return [error for tally in tallies.values() for error in tally.errors]


if __name__ == "__main__":
    main()
