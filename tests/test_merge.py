"""One event, many reports."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.events.merge import merge
from geo.model import Event, Evidence, Place, Precision, Status, When

DAY = dt.date(2024, 3, 10)


def event(
    day: int | None = 0,
    *,
    days: int = 1,
    place: str = "Goma",
    layer: str = "clashes",
    status: Status = "occurred",
    doc: str = "a",
    reported: int = 5,
    actors: tuple[str, ...] = (),
    sentence: str = "",
    precision: Precision = "day",
    confidence: float = 0.6,
) -> Event:
    when = None
    if day is not None:
        start = DAY + dt.timedelta(days=day)
        when = When(start, start + dt.timedelta(days=days), precision, "then")
    piece = Evidence(
        sentence or f"{doc} told it.",
        place,
        0,
        4,
        doc,
        doc_source=doc,
        doc_date=DAY + dt.timedelta(days=reported),
    )
    return Event(
        layer,
        "ASSAULT",
        status,
        when,
        Place(place, place, "city", "", 0.0, 0.0),
        actors,
        (piece,),
        confidence,
        "why",
    )


def test_reports_of_one_day_and_place_are_one_event_with_all_evidence() -> None:
    (merged,) = merge([event(doc="b"), event(doc="a")])
    assert {e.doc_id for e in merged.evidence} == {"a", "b"}
    assert merged.confidence > 0.6
    assert "2 independent sources" in merged.reason


def test_other_layers_places_days_and_parties_stay_apart() -> None:
    others = [event(), event(layer="forces"), event(place="Bukavu"), event(day=1)]
    assert len(merge(others)) == 4
    assert len(merge([event(actors=("Kenya",)), event(doc="b", actors=("Chad",))])) == 2
    assert len(merge([event(actors=("Kenya",)), event(doc="b")])) == 1


def test_the_sentence_that_is_read_first_bears_the_status_out() -> None:
    plan = event(status="planned", reported=1, sentence="They will meet.", confidence=0.9)
    done = event(days=30, status="occurred", doc="b", reported=3, sentence="They have met.", confidence=0.5)
    (merged,) = merge([plan, done])
    assert merged.evidence[0].sentence == "They have met."
    assert merged.when == plan.when
    assert "another report tells the date" in merged.reason


def test_the_latest_report_decides_the_status_and_the_reason_says_so() -> None:
    (merged,) = merge([event(status="planned", reported=1), event(status="cancelled", doc="b", reported=3)])
    assert merged.status == "cancelled"
    assert "planned and cancelled" in merged.reason
    assert "latest report" in merged.reason
    (back,) = merge([event(status="cancelled", reported=1), event(status="occurred", doc="b", reported=3)])
    assert back.status == "occurred"


def test_the_sharpest_date_stays() -> None:
    (merged,) = merge([event(-1, days=3), event(0, doc="b")])
    assert merged.when is not None
    assert (merged.when.start, merged.when.end) == (DAY, DAY + dt.timedelta(days=1))


def test_a_month_joins_the_only_event_that_it_can_mean() -> None:
    month = event(-9, days=31, precision="month", doc="m")
    assert len(merge([month, event(0)])) == 1
    assert len(merge([month, event(0), event(3)])) == 3


def test_one_wire_report_in_two_papers_is_one_source() -> None:
    (merged,) = merge([event(doc="a", sentence="Same."), event(doc="b", sentence="Same.")])
    assert merged.confidence == 0.6
    assert len(merged.evidence) == 2


def test_undated_events_merge_within_an_article_only() -> None:
    assert len(merge([event(None, sentence="One."), event(None, sentence="Two."), event(None, doc="b")])) == 2


EVENTS = st.lists(
    st.builds(
        event,
        st.one_of(st.none(), st.integers(0, 6)),
        days=st.sampled_from([1, 1, 3, 30, 365]),
        place=st.sampled_from(["Goma", "Bukavu"]),
        status=st.sampled_from(["occurred", "planned", "cancelled"]),
        doc=st.sampled_from("abcd"),
        reported=st.integers(0, 9),
        actors=st.sampled_from([(), ("Kenya",), ("Chad",), ("Kenya", "Chad")]),
        sentence=st.sampled_from(["", "One.", "Two."]),
        confidence=st.sampled_from([0.3, 0.6, 0.9]),
    ),
    max_size=14,
)


@settings(max_examples=200, deadline=None)
@given(EVENTS, st.randoms())
def test_order_of_input_does_not_matter_and_nothing_is_lost(events: list[Event], random: Random) -> None:
    merged = merge(events)
    shuffled = list(events)
    random.shuffle(shuffled)
    assert merge(shuffled) == merged
    pieces = {(p.doc_id, p.sentence, p.mention_start) for e in events for p in e.evidence}
    assert {(p.doc_id, p.sentence, p.mention_start) for e in merged for p in e.evidence} == pieces
    assert all(0 < e.confidence <= 1 for e in merged)


def test_time_is_nearly_linear() -> None:
    def seconds(n: int) -> float:
        events = [event(i % 700, doc=str(i), actors=(str(i % 50),)) for i in range(n)]
        start = time.perf_counter()
        merge(events)
        return time.perf_counter() - start

    seconds(500)
    assert seconds(16_000) < 40 * max(seconds(1_000), 0.005)


def test_a_plan_and_what_became_of_it_are_one_event_whoever_is_named() -> None:
    plan = event(status="planned", actors=("Kenya",), sentence="One.", reported=1)
    off = event(status="cancelled", actors=("Chad",), sentence="Two.", reported=1)
    (merged,) = merge([plan, off])
    assert merged.status == "cancelled"
    assert "told as planned and cancelled" in merged.reason


def test_groups_of_two_articles_that_share_an_event_are_one() -> None:
    first = [replace(event(place=p, doc="a"), group="g-1") for p in ("Goma", "Bukavu")]
    second = [replace(event(place=p, doc="b"), group="g-2") for p in ("Goma", "Sake")]
    assert {e.group for e in merge([*first, *second])} == {"g-1"}


def test_a_group_of_one_is_none() -> None:
    alone = [replace(event(doc=doc), group="g-1") for doc in "ab"]
    assert [e.group for e in merge(alone)] == [""]


def test_a_destination_told_once_is_kept() -> None:
    goal = Place("Chad", "Chad", "country", "TD", 15.0, 19.0)
    (merged,) = merge([event(confidence=0.9), replace(event(doc="b"), destination=goal)])
    assert merged.destination == goal
