"""Dispatches on other parts of the world, read end to end with the bundled gazetteer."""

from __future__ import annotations

from functools import cache

from tests.gazetteers import bundled
from tests.labelled_dispatches import Tally, read_dispatches, score_dispatch
from tests.labelled_events import bundled_triggers


@cache
def tallies() -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    triggers = bundled_triggers()
    for batch, dispatch in read_dispatches():
        score_dispatch(dispatch, bundled(), triggers, found.setdefault(batch, Tally()))
    return found


def test_three_events_in_four_are_found() -> None:
    errors = [error for tally in tallies().values() for error in tally.errors]
    found, asked = (sum(getattr(t, name) for t in tallies().values()) for name in ("found", "asked"))
    assert found >= 0.75 * asked, "\n".join(errors)


def test_at_most_one_mark_in_five_is_wrong() -> None:
    for batch, tally in tallies().items():
        assert tally.wrong <= 0.2 * tally.marks, f"{batch}\n" + "\n".join(tally.errors)


def test_they_are_of_many_parts_of_the_world() -> None:
    assert len({dispatch.document.id.rstrip("23") for _, dispatch in read_dispatches()}) >= 20
