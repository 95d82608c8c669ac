"""Events: the labelled cases, and what single sentences cannot show."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo.events import Unplaced, extract, mention_events
from geo.events.triggers import Triggers
from geo.model import LAYERS, Event
from geo.text import analyse
from tests.labelled_events import Case, Score, bundled_triggers, read_case, read_cases, run, score


@cache
def triggers() -> Triggers:
    return bundled_triggers()


@cache
def scored() -> Score:
    return score(triggers())


def case(text: str, date: str = "2024-03-13", title: str = "") -> Case:
    read = read_case({"text": text, "date": date, "from": "XX", "events": []}, "test")
    return replace(read, document=replace(read.document, title=title))


def told(text: str, date: str = "2024-03-13", title: str = "") -> list[str]:
    """Events as "layer status date place", sorted."""
    events = run(case(text, date, title), triggers())
    return sorted(f"{e.layer} {e.status} {e.when.start if e.when else None} {e.place.name}" for e in events)


# --- the labelled cases


def test_cases_are_enough_and_a_third_is_negative() -> None:
    cases = list(read_cases())
    assert len(cases) >= 150
    assert sum(not c.expected for c in cases) * 3 >= len(cases) - 3
    assert len({c.origin for c in cases}) >= 25


@pytest.mark.parametrize("layer", LAYERS[:-1])
def test_f1_of_each_layer(layer: str) -> None:
    assert scored().f1(layer) >= 0.85, "\n".join(scored().errors)


def test_status_accuracy() -> None:
    assert scored().status_accuracy >= 0.90, "\n".join(scored().errors)


# --- places


def test_each_coordinated_place_keeps_its_own_date() -> None:
    text = "Envoys will gather in [Vienna] on {Thursday=2024-03-14} and in [Cairo:capital] on {March 18=2024-03-18}."
    assert told(text) == ["meetings planned 2024-03-14 Vienna", "meetings planned 2024-03-18 Cairo"]


def test_alternatives_are_no_place() -> None:
    found = extract_all("The minister was open to talks in [Vienna:capital], [Doha:capital] or [Geneva].")
    assert [e for e in found if isinstance(e, Event)] == []
    assert "several places" in next(e.reason for e in found if isinstance(e, Unplaced))


def test_dateline_is_no_place() -> None:
    assert told("[TUNIS:capital] — Rebels captured the town of [Derna] on {Monday=2024-03-11}.") == [
        "clashes occurred 2024-03-11 Derna"
    ]


def test_demonyms_are_never_the_place() -> None:
    assert told("Fighting involving [Libyan:demonym=Libya] units went on.") == []


def test_place_beyond_an_unknown_one_is_only_near() -> None:
    events = run(case("They met at Xyzzyville, near [Oslo:capital], on {Monday=2024-03-11}."), triggers())
    assert [(e.place.name, e.confidence < 0.6) for e in events] == [("Oslo", True)]


@pytest.mark.parametrize(
    ("words", "lat", "lon"),
    [
        ("20 km north of", 0.1809, 0.0),
        ("10 miles south-east of", -0.1029, 0.1022),
        ("100 kilometres west of", 0.0, -0.8983),
    ],
)
def test_distance_and_direction_give_a_point(words: str, lat: float, lon: float) -> None:
    (event,) = run(case(f"Shells landed; rebels attacked a convoy {words} [Goma]."), triggers())
    assert event.place.lat == pytest.approx(lat, abs=2e-4)
    assert event.place.lon == pytest.approx(lon, abs=2e-4)
    assert event.place.name == f"{words} Goma"
    assert event.confidence < 0.7


def test_direction_alone_is_the_place_itself_less_surely() -> None:
    (event,) = run(case("Rebels attacked a convoy south of [Goma]."), triggers())
    assert (event.place.name, event.confidence < 0.6) == ("Goma", True)


def test_origin_is_the_place_and_destination_is_told() -> None:
    events = run(case("Villagers fled from [Darfur:region] to [Chad:country]."), triggers())
    assert events[0].place.name == "Darfur"
    assert "Chad" in events[0].reason


def test_what_has_no_place_is_reported_with_its_sentence() -> None:
    found = extract_all("The two ministers met on {Monday=2024-03-11}.")
    assert [(type(e).__name__, e.layer, e.status) for e in found] == [("Unplaced", "meetings", "occurred")]
    assert (
        found[0].sentence == "The two ministers met on Monday." if isinstance(found[0], Unplaced) else False
    )


def extract_all(text: str) -> list[Event | Unplaced]:
    c = case(text)
    return extract(c.document, analyse(c.document.text), c.toponyms, c.timexes, triggers())


# --- across sentences


def test_the_talks_are_where_they_were_said_to_be() -> None:
    text = (
        "Both sides will resume talks in [Muscat:capital] {this weekend=2024-03-16/2024-03-18}. "
        "The foreign minister will host the meeting on {Sunday=2024-03-17}."
    )
    assert told(text) == ["meetings planned 2024-03-16 Muscat", "meetings planned 2024-03-17 Muscat"]


def test_a_cancelled_meeting_takes_its_place_from_the_title() -> None:
    text = (
        "The president cancelled plans to attend the talks. A spokesman gave no reason. Snow fell in [Sochi]."
    )
    assert told(text, title="President cancels talks in Sochi") == ["meetings cancelled 2024-03-13 Sochi"]


def test_a_meeting_in_a_country_is_at_its_town_when_the_article_names_one() -> None:
    text = (
        "The king will not travel to [Spain:country@ES] for {Thursday=2024-03-14}'s talks. "
        "The president still went to the meeting in [Granada:city@ES]."
    )
    assert "meetings cancelled 2024-03-14 Granada" in told(text)


def test_an_undated_report_becomes_evidence_of_the_dated_one() -> None:
    text = "Troops took control of [Goma]. The army took full control of [Goma] {last week=2024-03-04/2024-03-11}."
    events = run(case(text), triggers())
    assert len(events) == 1
    assert len(events[0].evidence) == 2


def test_a_war_of_the_past_keeps_its_own_date() -> None:
    text = "Rebels took control of [Abkhazia:region] in a {1990s=199} war."
    assert told(text) == ["clashes occurred 1990-01-01 Abkhazia"]


def test_a_named_corridor_is_shown_once_with_all_its_sentences() -> None:
    text = "Nobody mentioned the [Wakhan corridor:corridor]. The [Wakhan corridor:corridor] is long."
    events = run(case(text), triggers())
    assert [(e.layer, e.status, len(e.evidence)) for e in events] == [("corridors", "occurred", 2)]


# --- dates and status


def test_a_date_of_speech_is_not_that_of_the_event() -> None:
    text = "The minister said on {Monday=2024-03-11} that rebels had shelled [Taiz]."
    assert told(text) == ["clashes occurred 2024-03-13 Taiz"]


def test_a_noun_with_a_date_to_come_is_planned() -> None:
    assert told("He prepared for the summit in [Riga:capital] on {March 20=2024-03-20}.") == [
        "meetings planned 2024-03-20 Riga"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The envoy will not attend the talks in [Doha:capital].", "cancelled"),
        ("The talks in [Doha:capital] were postponed.", "cancelled"),
        ("The envoys may meet in [Doha:capital].", "proposed"),
        ("Qatar offered to host talks in [Doha:capital].", "proposed"),
        ("The envoys are expected to meet in [Doha:capital].", "planned"),
        ("The army denied that it had shelled [Taiz].", "denied"),
        ("Militants threatened to close the [Suez Canal:strait].", "proposed"),
        ("The envoys have met in [Doha:capital].", "occurred"),
    ],
)
def test_status(text: str, expected: str) -> None:
    assert [line.split()[1] for line in told(text)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Residents fear an assault on [Rafah].",
        "Troops could attack [Odesa].",
        "Unless fighting reaches [Goma], the school stays open.",
        "The army did not shell [Taiz].",
        "There are no plans for envoys to meet in [Minsk:capital].",
    ],
)
def test_what_did_not_happen_is_no_event(text: str) -> None:
    assert told(text) == []


# --- the rest of an event


def test_actors_are_the_parties_of_the_clause() -> None:
    text = (
        "Prime Minister Mark Rutte met [Polish:demonym=Poland] leaders and NATO officials in [Warsaw:capital] "
        "on {Monday=2024-03-11}, a spokesman for the EU said."
    )
    (event,) = run(case(text), triggers())
    assert event.actors == ("Mark Rutte", "Poland", "NATO")


def test_evidence_points_into_the_text() -> None:
    c = case("Snow fell. Rebels shelled [Taiz] on {Monday=2024-03-11}.")
    (event,) = run(c, triggers())
    piece = event.evidence[0]
    assert piece.sentence == "Rebels shelled Taiz on Monday."
    assert c.document.text[piece.mention_start : piece.mention_end] == piece.mention == "Taiz"
    assert "Monday" in event.reason or "2024-03-11" in event.reason


def test_mentions_are_one_event_a_place() -> None:
    c = case("[Goma] fell. In [Goma] and [Bukavu], shops closed. [Rwandan:demonym=Rwanda] troops left.")
    events = mention_events(c.document, analyse(c.document.text), c.toponyms)
    assert [(e.place.name, len(e.evidence), e.layer) for e in events] == [
        ("Goma", 2, "mentions"),
        ("Bukavu", 1, "mentions"),
    ]
    assert all(
        e.when and e.when.precision == "document" and e.when.start == dt.date(2024, 3, 13) for e in events
    )


def test_an_undated_article_has_undated_events() -> None:
    c = case("Rebels shelled [Taiz].")
    found = extract(
        replace(c.document, date=None), analyse(c.document.text), c.toponyms, c.timexes, triggers()
    )
    assert [e.when for e in found if isinstance(e, Event)] == [None]


PIECES = st.sampled_from(
    """[Goma] [Doha:capital] [Kenya:country] [Polish:demonym=Poland] {Monday=2024-03-11} talks met in at on the will
    not shelled attack , . — " “ ” and or that after fled from to ceasefire said denied corridor [Wakhan:corridor]
    meeting fighting 's ( ) : cancelled PLACE ... war {1990s=199}""".split()
)


@settings(max_examples=300, deadline=None)
@example("[Polish:demonym=Poland] — {1990s=199} met".split())
@given(st.lists(PIECES, max_size=40))
def test_any_text_gives_events_of_its_own_places(pieces: list[str]) -> None:
    c = case(" ".join(pieces))
    for event in run(c, triggers()):
        assert event.layer in LAYERS
        assert 0 < event.confidence <= 1
        assert any(t.place == event.place and t.kind != "demonym" for t in c.toponyms)
        for piece in event.evidence:
            assert c.document.text[piece.mention_start : piece.mention_end] == piece.mention
