from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.model import Mention, Toponym
from geo.text import analyse
from geo.toponyms.candidates import find_candidates, holds
from geo.toponyms.ranking import apart_km
from geo.toponyms.recogniser import recognise
from geo.toponyms.resolver import resolve
from geo.toponyms.weights import Weights, logit, sigmoid
from tests.gazetteers import bundled, compiled, entry, places_named, toponyms
from tests.strategies import texts


def only(text: str, name: str) -> Toponym:
    [found, *_] = [t for t in toponyms(text) if t.text == name]
    return found


# --- on any text


@settings(deadline=None)
@given(texts)
def test_each_mention_becomes_one_toponym_with_a_reason(text: str) -> None:
    analysis = analyse(text)
    mentions = recognise(analysis, bundled())
    found = resolve(analysis, mentions, bundled())
    assert [(t.start, t.end, t.text, t.kind) for t in found] == [
        (m.start, m.end, m.text, m.kind) for m in mentions
    ]
    for t in found:
        assert 0 <= t.confidence <= 1
        assert t.reason
        assert (t.place is None) == (t.candidates == ())


@settings(deadline=None)
@given(texts)
def test_candidates_are_ranked_and_the_first_is_the_place(text: str) -> None:
    for t in toponyms(text):
        scores = [c.score for c in t.candidates]
        assert scores[1:] == sorted(scores[1:], reverse=True)  # a city may stand before the division that it is
        assert sum(scores) <= 1.001
        if t.place:
            assert t.candidates[0].place == t.place
            assert (-90 <= t.place.lat <= 90, -180 <= t.place.lon <= 180) == (True, True)


# --- which place


NEAR_ACRE = (
    "Jets hit Baalbek and Sidon in Lebanon, and rockets fell on Haifa, Acre and Nahariya in Israel. "
    "Lebanon's army moved to Tyre; Beirut, Damour and Qana in Lebanon were quiet."
)


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        ("Talks in Granada, Spain, collapsed.", "Granada", "geonames:2517117"),
        ("Talks in Granada collapsed. Spain had hoped for a deal.", "Granada", "geonames:2517117"),
        ("The bus left Granada, Nicaragua, at noon.", "Granada", "geonames:3619136"),
        ("Envoys flew to Washington for talks with Armenia.", "Washington", "geonames:4140963"),
        ("The U.S. secretary of state spoke in Washington.", "Washington", "geonames:4140963"),
        ("The U.S. sent aid.", "U.S.", "geonames:6252001"),
        ("The meeting in Naxcivan ended.", "Naxcivan", places_named("Nakhchivan")[0].id),
        ("The meeting in Nakhchivan ended.", "Nakhchivan", places_named("Nakhchivan")[0].id),
        ("Police in Paris, Texas, said so.", "Paris", "geonames:4717560"),
        ("Police in Paris said so.", "Paris", "geonames:2988507"),
        ("Police in London, Ontario, said so.", "London", "geonames:6058560"),
        ("Tbilisi lies in Georgia, east of Batumi.", "Georgia", "geonames:614540"),
        ("Atlanta and Savannah are in Georgia.", "Georgia", "geo:us-georgia"),
        (NEAR_ACRE, "Acre", "geonames:295721"),
    ],
)
def test_the_place_is_the_one_meant(text: str, name: str, place: str) -> None:
    resolved = only(text, name).place
    assert resolved is not None
    assert resolved.id == place


CAPITALS = (
    "Sofia:BG Kingston:JM Nassau:BS Dili:TL Bridgetown:BB San José:CR Sucre:BO Athens:GR Paris:FR London:GB Rome:IT Berlin:DE Vienna:AT "
    "Warsaw:PL Dublin:IE Lisbon:PT Madrid:ES Moscow:RU Kyiv:UA Tripoli:LY Cairo:EG Khartoum:SD Nairobi:KE Damascus:SY Baghdad:IQ Tehran:IR "
    "Kabul:AF Islamabad:PK New Delhi:IN Beijing:CN Tokyo:JP Manila:PH Jakarta:ID Canberra:AU Wellington:NZ Ottawa:CA Washington:US Mexico City:MX "
    "Lima:PE Santiago:CL Quito:EC La Paz:BO Caracas:VE Port-au-Prince:HT Havana:CU Panama City:PA Georgetown:GY Freetown:SL Monrovia:LR"
)


@pytest.mark.parametrize("pair", re.findall(r"\S[^:]*:\S\S", CAPITALS))
def test_a_capital_named_alone_is_the_capital(pair: str) -> None:
    name, country = pair.split(":")
    place = only(f"Protests broke out in {name} on Sunday.", name).place
    assert place is not None
    assert place.country == country


def test_one_name_is_one_place_in_one_article() -> None:
    text = "Fire broke out in Springfield, Missouri. By noon half of Springfield was dark. Springfield's mayor wept."
    found = [t for t in toponyms(text) if t.text == "Springfield"]
    assert [t.place.admin1 for t in found if t.place] == ["Missouri"] * 3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The Lachin corridor was shut.", "Lachin corridor"),
        ("A tanker left the Strait of Hormuz.", "Strait of Hormuz"),
        ("The Armenia–Azerbaijan border was quiet.", "Armenia–Azerbaijan border"),
        ("Chad and Sudan will close their shared border.", "border"),
    ],
)
def test_lines_and_borders_are_drawn_as_lines(text: str, name: str) -> None:
    place = only(text, name).place
    assert place is not None
    assert place.geometry is not None
    assert place.geometry["type"] in ("LineString", "MultiLineString")


def test_a_demonym_is_an_actor_of_its_country() -> None:
    armenian = only("Dozens of Armenian troops arrived in Geneva.", "Armenian")
    assert armenian.place is not None
    assert (armenian.kind, armenian.role, armenian.place.id) == ("demonym", "actor", "geonames:174982")


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Baku said that the road was open.", "Baku", "actor"),
        ("Moscow warned both sides.", "Moscow", "actor"),
        ("They met in Baku and said nothing.", "Baku", "place"),
        ("Crowds filled Moscow.", "Moscow", "place"),
        ("A train left for Gyumri, where it said to stop.", "Gyumri", "place"),
    ],
)
def test_who_speaks_is_an_actor(text: str, name: str, role: str) -> None:
    assert only(text, name).role == role


# --- reasons and what is not known


def test_the_reason_names_the_place_what_spoke_for_it_and_the_next() -> None:
    reason = only("Talks in Granada collapsed. Spain had hoped for a deal.", "Granada").reason
    assert reason.startswith("Granada, Spain: ")
    assert "Spain is named in the article" in reason
    assert " people" in reason
    assert "next: Granada" in reason


def unresolved(surface: str) -> Toponym:
    text = f"They met in {surface}."
    mention = Mention(12, 12 + len(surface), surface, "name", (), 0.9)
    [toponym] = resolve(analyse(text), [mention], bundled())
    return toponym


@pytest.mark.parametrize("surface", ["Qxzzyb", "Vrlkdorf", "Ттт", "…"])
def test_a_name_that_the_gazetteer_lacks_has_no_place_but_a_reason(surface: str) -> None:
    toponym = unresolved(surface)
    assert (toponym.place, toponym.candidates, toponym.confidence) == (None, (), 0.0)
    assert surface in toponym.reason


def test_a_place_known_only_in_part_is_approximate_and_says_so() -> None:
    whole, part = unresolved("Yerevan"), unresolved("Yerevan Heights")
    assert part.place == whole.place
    assert "approximate: 'Yerevan Heights' is not in the gazetteer" in part.reason
    assert part.confidence < whole.confidence


# --- candidates


def test_candidates_are_sought_by_name_then_by_variants_then_by_parts() -> None:
    g = compiled(
        [
            entry("Cook County", "US", kind="admin2"),
            entry("Baku", "AZ", population=2_000_000),
            entry("Ely", "GB"),
        ]
    )
    found = {
        s: [g.label(c.place) for c in find_candidates(g, s)[0]]
        for s in ("Baku", "Baku.", "Baku's", "Cook", "northern Baku", "Old Ely")
    }
    assert found == {
        "Baku": ["Baku"], "Baku.": ["Baku"], "Baku's": ["Baku"], "Cook": ["Cook County"], "northern Baku": ["Baku"], "Old Ely": ["Ely"],
    }  # fmt: skip
    assert find_candidates(g, "Baku") == (tuple(g.look_up("Baku")), "")
    assert find_candidates(g, "Nowhere") == ((), "")


def test_a_country_and_a_division_hold_what_lies_in_them() -> None:
    g = compiled([
        entry("Texas", "US", kind="admin1", admin1=0), entry("Paris", "US", admin1=0), entry("Paris", "FR"),
        entry("United States", "US", kind="country"),
    ])  # fmt: skip
    assert [holds(g, 0, i) for i in range(4)] == [False, True, False, False]
    assert [holds(g, 3, i) for i in range(4)] == [True, True, False, False]


points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(points, points)
def test_distances_are_symmetric_and_on_a_sphere(a: tuple[float, float], b: tuple[float, float]) -> None:
    g = compiled([entry("A", lat=a[0], lon=a[1]), entry("B", lat=b[0], lon=b[1])])
    assert apart_km(g, 0, 1) == apart_km(g, 1, 0)
    assert 0 <= apart_km(g, 0, 1) <= 20_016
    assert apart_km(g, 0, 0) == 0


def test_a_known_distance() -> None:
    g = compiled(
        [entry("Equator", lat=0, lon=30), entry("Pole", lat=90, lon=-10), entry("Antipode", lat=0, lon=-150)]
    )
    quarter = 6371.0088 * math.pi / 2
    assert apart_km(g, 0, 1) == pytest.approx(quarter)
    assert apart_km(g, 0, 2) == pytest.approx(2 * quarter)


# --- weights


@given(st.floats(0.001, 0.999))
def test_sigmoid_undoes_logit(p: float) -> None:
    assert sigmoid(logit(p)) == pytest.approx(p)


@given(st.floats(allow_nan=False))
def test_sigmoid_of_any_number_is_a_probability(x: float) -> None:
    assert 0 <= sigmoid(x) <= 1
    assert math.isfinite(logit(sigmoid(x)))


def test_a_surer_span_and_a_surer_place_give_more_confidence() -> None:
    w = Weights({"bias": 0.0}, 0.3, ({}, {}), (0.1, 0.5, 0.8), {})
    assert w.confidence(0.9, 0.9) > w.confidence(0.5, 0.9) > w.confidence(0.5, 0.5)
