"""Places of events beyond a plain name: several at once, between two, from one to another, meant by a common noun."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache

import pytest

from geo.events import Unplaced, count_too_long, extract
from geo.events.between import midpoint
from geo.events.report import find_strays
from geo.events.triggers import Triggers
from geo.model import Event, Place
from geo.table import to_frame
from geo.text import analyse
from tests.labelled_events import Case, bundled_triggers, read_case, run


@cache
def triggers() -> Triggers:
    return bundled_triggers()


def case(text: str, date: str = "2024-03-13") -> Case:
    return read_case({"text": text, "date": date, "from": "XX", "events": []}, "test")


def events(text: str, date: str = "2024-03-13") -> list[Event]:
    return run(case(text, date), triggers())


def extract_all(text: str) -> list[Event | Unplaced]:
    c = case(text)
    return extract(c.document, analyse(c.document.text), c.toponyms, c.timexes, triggers())


def told(text: str, date: str = "2024-03-13") -> list[str]:
    """Events as "layer status year place", sorted."""
    found = events(text, date)
    return sorted(f"{e.layer} {e.status} {e.when.start.year if e.when else None} {e.place.name}" for e in found)


# --- several places


def test_places_of_one_telling_share_a_group() -> None:
    found = events("Clashes broke out in [Goma] and [Bukavu]. Talks opened in [Nairobi:capital].")
    groups = {e.place.name: e.group for e in found}
    assert groups["Goma"] == groups["Bukavu"] != ""
    assert groups["Nairobi"] == ""


def test_a_passive_subject_may_be_a_list() -> None:
    assert told("The districts of [Agdam], [Kelbajar] and [Lachin] were handed over on {Monday=2024-03-11}.") == [
        "agreements occurred 2024 Agdam", "agreements occurred 2024 Kelbajar", "agreements occurred 2024 Lachin",
    ]  # fmt: skip


def test_dates_in_a_list_are_events_of_their_own() -> None:
    assert told("Summits were held in [Pyongyang:capital] in {2000=2000} and {2007=2007}.") == [
        "meetings occurred 2000 Pyongyang", "meetings occurred 2007 Pyongyang",
    ]  # fmt: skip


# --- between two, from one to another


def test_between_two_towns_is_their_middle_less_surely() -> None:
    (event,) = events("Fighting raged between [Misrata] and [Sirte] on {Monday=2024-03-11}.")
    assert event.place.name == "between Misrata and Sirte"
    assert event.place.kind == "between"
    assert event.confidence < 0.7
    assert "the middle of the two" in event.reason


@pytest.mark.parametrize("way", ["between [Misrata] and [Sirte]", "from [Misrata] to [Sirte]"])
def test_a_way_is_the_line_from_one_to_the_other(way: str) -> None:
    (event,) = events(f"The coastal road {way} was reopened on {{Monday=2024-03-11}}.")
    assert (event.layer, event.place.kind) == ("corridors", "way")
    assert event.place.geometry is not None
    assert event.place.geometry["type"] == "LineString"
    assert to_frame([event]).geometry.iloc[0].geom_type == "LineString"


def test_capitals_between_which_there_is_fighting_are_parties() -> None:
    assert told("Fighting between [Baku:capital] and [Yerevan:capital] went on.") == []


def test_of_a_town_and_a_country_the_town_is_the_place() -> None:
    assert told("The frontier between [Danzig] and [Poland:country] was closed.", "1939-08-30") == [
        "blockades occurred 1939 Danzig"
    ]


def test_the_middle_is_on_the_great_circle() -> None:
    assert midpoint((0.0, 0.0), (0.0, 90.0)) == pytest.approx((0.0, 45.0))
    lat, lon = midpoint((60.0, 170.0), (60.0, -170.0))
    assert lat == pytest.approx(60.43, abs=0.1)
    assert abs(lon) == pytest.approx(180.0)


def test_those_who_leave_one_place_for_another_have_a_destination() -> None:
    (event,) = events("Villagers fled from [Darfur:region] to [Chad:country].")
    assert (event.place.name, event.destination and event.destination.name) == ("Darfur", "Chad")
    row = to_frame([event]).iloc[0]
    assert (row["destination"], row["destination_lon"]) == ("Chad", 0.0)


def test_without_a_destination_its_columns_are_empty() -> None:
    row = to_frame(events("Rebels captured [Goma].")).iloc[0]
    assert row["destination"] == ""
    assert row["destination_lon"] != row["destination_lon"]  # not a number


# --- meant by a common noun


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rebels took [Goma] in {2012=2012}. They withdrew from the city {on Monday=2024-03-11}.", "forces occurred 2024 Goma"),
        ("Talks were held in [Nicosia:capital] on {Friday=2024-03-08}. A bomb exploded in the capital on {Monday=2024-03-11}.", "clashes occurred 2024 Nicosia"),
        ("Aid came to [Kinmen:island]. Artillery shelled the island in {1958=1958}.", "clashes occurred 1958 Kinmen"),
        ("Trucks wait at [Rafah:crossing]. The crossing was closed in {May=2023-05}.", "blockades occurred 2023 Rafah"),
    ],
)  # fmt: skip
def test_a_common_noun_means_the_place_of_its_kind_named_last(text: str, found: str) -> None:
    assert found in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Talks were held in [Oslo:capital]. Rebels stormed the city hall.",
        "Talks were held in [Oslo:capital]. Rebels stormed the town of Xyzzy.",
        "Talks were held in [Oslo:capital]. It rained. It snowed. It froze. Rebels stormed the town.",
    ],
)
def test_not_every_town_is_the_one_named_before(text: str) -> None:
    assert not [line for line in told(text) if line.startswith("clashes")]


def test_what_was_done_there_is_of_the_time_told_of_there() -> None:
    assert told("Envoys met in [Lusaka:capital] in {May 2019=2019-05}. A truce was signed there.") == [
        "ceasefires occurred 2019 Lusaka", "meetings occurred 2019 Lusaka",
    ]  # fmt: skip


def test_when_a_picture_came_out_is_no_date_of_what_it_shows() -> None:
    (event,) = events("Soldiers fire during fighting in [Goma], in this handout photo released on {March 9=2024-03-09}.")
    assert event.when is not None
    assert event.when.precision == "document"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It was in [Havana:capital] that a truce was signed in {June 2016=2016-06}.", "ceasefires occurred 2016 Havana"),
        ("It was in {May 1989=1989-05} that rebels seized the mine at [Panguna].", "clashes occurred 1989 Panguna"),
        ("Marines landed near [Goose Green] before dawn on {April 2 1982=1982-04-02}.", "forces occurred 1982 Goose Green"),
        ("Hopes rose in {2021=2021}, but a meeting in [Luanda:capital] was called off.", "meetings cancelled 2021 Luanda"),
        ("Rebels declared an independent state in [Gao] in {April 2012=2012-04}.", "statements occurred 2012 Gao"),
        ("In {1966=1966} soldiers occupied [Guyana:country]'s half of Xyzzy.", ""),
        ("In [Kinshasa:capital] crowds attacked the embassies of [Rwanda:country] and [France:country] in {2021=2021}.", "clashes occurred 2021 Kinshasa"),
    ],
)
def test_the_time_and_place_that_are_meant(text: str, found: str) -> None:
    assert ", ".join(told(text)) == found


def test_a_date_within_a_word_is_passed_over() -> None:
    """It once was walked over for ever: it has no token of its own."""
    (event,) = events("He said e\u0301{Thursday=2024-03-07} called off a meeting in [Goma].")
    assert event.when is not None
    assert event.when.precision == "document"


def test_here_is_the_dateline() -> None:
    assert told("[LUSAKA:capital=Lusaka] — The two sides signed a peace treaty here on {Sunday=2024-03-10}.") == [
        "agreements occurred 2024 Lusaka"
    ]


def test_the_dateline_is_the_place_of_what_is_told_first_of_no_other() -> None:
    (event,) = events("[OMAGH:city=Omagh] — Gunmen opened fire on a crowd on {Saturday=2024-03-09}.")
    assert (event.place.name, event.confidence < 0.45) == ("Omagh", True)
    assert told("[OMAGH] — Gunmen opened fire on a crowd in the capital on {Saturday=2024-03-09}.") == []


# --- what is unknown or of another time


def test_a_place_that_is_not_known_is_not_replaced_by_another() -> None:
    text = "A coup took place in [Naypyidaw:capital] in {2021=2021}. Air strikes hit a camp near Xyzzy {last month=2024-02}."
    assert told(text) == ["clashes occurred 2021 Naypyidaw"]


def test_a_country_behind_an_unknown_town_is_not_the_place() -> None:
    assert told("An accord signed at Xyzzy in [Portugal:country] in {1991=1991} collapsed.") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[Cyprus:country] was invaded on {July 20, 1974=1974-07-20}, five days after a coup in [Nicosia:capital].", "clashes occurred 1974 Nicosia"),
        ("They signed a pact in [Cartagena] on {Monday=2024-03-11}, four years after talks began in [Havana:capital].", "meetings occurred 2020 Havana"),
        ("Talks in [Luanda:capital] were cancelled in {December=2023-12}.", "meetings cancelled 2023 Luanda"),
    ],
)  # fmt: skip
def test_what_hangs_on_a_date_of_the_past_is_of_about_then(text: str, found: str) -> None:
    assert found in told(text)


def test_a_sentence_too_long_is_counted() -> None:
    text = "Rebels captured " + "x, " * 600 + "Goma."
    assert count_too_long(analyse(text)) == 1
    assert count_too_long(analyse("Rebels captured Goma.")) == 0


def test_a_line_that_something_happens_on_is_not_also_merely_named() -> None:
    assert told("Protesters blocked the [Lachin corridor:corridor]. It is called the [Lachin corridor:corridor].") == [
        "blockades occurred 2024 Lachin corridor"
    ]
    (named,) = events("Officials like the [Lachin corridor:corridor].")
    assert named.confidence < 0.5


def test_what_has_no_place_says_why_in_general() -> None:
    c = case("The two ministers met. Shells hit a camp near Xyzzy.")
    found = extract(c.document, analyse(c.document.text), c.toponyms, c.timexes, triggers())
    assert {u.kind for u in found if isinstance(u, Unplaced)} == {
        "no place is named with it", "the place that the text names is not in the gazetteer",
    }  # fmt: skip


def test_a_day_is_known_from_its_place_in_the_frame() -> None:
    (event,) = events("Rebels captured [Goma] on {Monday=2024-03-11}.")
    assert event.when is not None
    assert event.when.start == dt.date(2024, 3, 11)
    assert isinstance(event.place, Place)


# --- places told in other ways


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[Sirte], the last stronghold of the old regime, fell to militiamen on {Monday=2024-03-11}.", "clashes Sirte"),
        ("In [Bukavu], which fell to rebels on {Monday=2024-03-11}, the shops were shut.", "clashes Bukavu"),
        ("[Konna], [Douentza] and [Gao] had been seized by rebels.", "clashes Douentza, clashes Gao, clashes Konna"),
        ("Troops moved up from the bridgehead at [Kherson], where marines landed on {Monday=2024-03-11}.", "forces Kherson"),
        ("In [Riga:capital] farmers blocked the bridges.", "blockades Riga"),
        ("The ministers initialled in [Ohrid] on {Monday=2024-03-11} an agreement on the border.", "agreements Ohrid"),
        ("Refugees crossed into [Syria:country] at [Qaim] on {Monday=2024-03-11}.", "displacement Qaim"),
        ("They shut the port of [Tripoli:capital] and the airport at [Mitiga].", "blockades Mitiga, blockades Tripoli"),
        ("Guards at the base at [Sake] were asleep. Rebels shelled the base overnight.", "clashes Sake"),
        ("Envoys met in [Lusaka:capital]. A truce was signed in the [Zambian:demonym=Zambia@ZM] capital.", "ceasefires Lusaka, meetings Lusaka"),
        ("Germany delivered military equipment to [Kosovo:country] on {Monday=2024-03-11}.", "forces Kosovo"),
        ("Engineers opened a bridge over the [Danube:river] at [Vidin] on {Monday=2024-03-11}.", "corridors Vidin"),
        ("[Lithuanians:demonym=Lithuania] streamed into [Kaunas] on {Monday=2024-03-11}.", "displacement Kaunas"),
    ],
)
def test_places_are_found_however_the_sentence_names_them(text: str, found: str) -> None:
    assert ", ".join(sorted({f"{e.layer} {e.place.name}" for e in events(text)})) == found


@pytest.mark.parametrize(
    "text",
    [
        "A zone as large as [Switzerland:country] was handed over to the rebels.",
        "The troops attacked Xyzzy, a village near the road, after leaving positions held since 2011.",
        "The council discussed the fighting in [Darfur:region].",
        "On {5 March=2024-03-05} in [Istanbul] it rained.",
        "Officers reviewed maps of seven surrounding districts of [Goma].",
        "An attack on [Tbilisi:capital] was widely feared.",
        "Fighting flared in {March=2024-03} in the neighbours' long dispute over [Abyei:region].",
        "Engineers opened a bridge over the [Danube:river] on {Monday=2024-03-11}.",
        "Rebels that the government in [Kampala:capital] backed attacked on {Monday=2024-03-11}.",
    ],
)
def test_places_that_are_only_named_are_no_events(text: str) -> None:
    assert events(text) == []


def test_the_capital_is_that_of_the_country_that_the_article_is_about() -> None:
    text = (
        "Clashes went on in [Aden@YE] and [Taiz@YE]. Envoys from [Sanaa:capital@YE] met in [Stockholm:capital@SE]. "
        "Troops have cut the road to the capital."
    )
    assert [e.place.name for e in events(text) if e.layer == "blockades"] == ["Sanaa"]


def test_a_namesake_in_another_country_than_the_text_says_is_refused() -> None:
    found = extract_all("Observers will be sent to [Patuca@HN], in [Ecuador:country@EC], on {Friday=2024-03-15}.")
    assert [e for e in found if isinstance(e, Event)] == []
    assert "another of the name" in next(e.kind for e in found if isinstance(e, Unplaced))


def test_a_ceasefire_without_a_place_holds_where_the_war_is() -> None:
    text = (
        "Rebels shelled [Huambo@AO], [Luena@AO] and [Malanje@AO]. [Angola:country@AO] has been at war for years. "
        "A ceasefire took effect on {Monday=2024-03-11}."
    )
    assert [e.place.name for e in events(text) if e.layer == "ceasefires"] == ["Angola"]


def strays(text: str, **places: Place) -> list[str]:
    """The names that are taken for namesakes abroad when some of them stand for other places."""
    toponyms = [replace(t, place=places.get(t.text, t.place)) for t in case(text).toponyms]
    return [toponyms[i].text for i in find_strays(toponyms)]


def test_a_small_town_abroad_is_refused_when_the_name_is_not_its_own() -> None:
    text = "Generals met at [Moldo@NO]. Troops hold [Leh@IN], [Kargil@IN] and [Chushul@IN]; [Washington:capital@US] was told."
    far = Place("x", "Måløy", "city", "NO", 61.9, 5.1, population=3343)
    assert strays(text, Moldo=far) == ["Moldo"]
    assert strays(text, Moldo=replace(far, name="Moldo")) == []


def test_a_capital_does_not_speak_for_the_towns_of_its_country() -> None:
    text = "Guards hold [Leh@IN], [Kargil@IN] and [Chushul@IN]. [Oslo:capital@NO] and [Moldo@NO] were named."
    far = Place("x", "Måløy", "city", "NO", 61.9, 5.1, population=3343)
    assert strays(text, Moldo=far) == ["Moldo"]
    assert strays(text.replace("[Oslo:capital@NO]", "[Norway:country@NO]"), Moldo=far) == []


@pytest.mark.parametrize("text", ["[LIMA:capital], June 14. The conference will be opened in this capital on {July 1=2024-07-01}.",
                                  "[LIMA:capital], Wednesday. Delegates of both sides signed the treaty here on {Monday=2024-03-11}."])
def test_a_dateline_may_be_a_sentence_of_its_own(text: str) -> None:
    assert [e.place.name for e in events(text)] == ["LIMA"]


def test_an_unknown_part_of_the_town_is_in_the_town_that_the_report_is_from() -> None:
    text = "[LIMA:capital] — Ministers signed an agreement at Xyzzy palace on {Monday=2024-03-11}."
    assert [(e.place.name, e.confidence < 0.5) for e in events(text)] == [("LIMA", True)]
    assert events(text.replace("palace", "village")) == []


def test_the_town_that_was_bombed_is_not_where_the_report_is_from() -> None:
    text = "[LIMA:capital] — It rained in [LIMA:capital]. It rains. Snow fell in [LIMA:capital]. Aeroplanes bombed the town on {Monday=2024-03-11}."
    assert events(text) == []
