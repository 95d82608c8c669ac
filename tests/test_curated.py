"""What users rely on in the curated sources: that it is there, that it is drawn, and that it is well formed."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from shapely import get_num_coordinates
from shapely.geometry import Point, shape

from geo.gazetteer import ABBREVIATION, CODE, DEMONYM
from geo.model import Place
from geo.text import fold
from tests.gazetteers import bundled, places_named, toponyms

SOURCES = Path(__file__).parents[1] / "gazetteer"

ISO_3166 = frozenset(
    """AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF
    CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI
    GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ
    LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO
    NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST
    SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW""".split()
)
AP_STATES = (
    "Ala. Ariz. Ark. Calif. Colo. Conn. Del. Fla. Ga. Ill. Ind. Kan. Ky. La. Md. Mass. Mich. Minn. Miss. Mo. Mont. Neb. Nev. N.H. N.J. "
    "N.M. N.Y. N.C. N.D. Okla. Ore. Pa. R.I. S.C. S.D. Tenn. Vt. Va. Wash. W.Va. Wis. Wyo."
).split()


@lru_cache
def table(name: str) -> list[dict[str, str]]:
    with (SOURCES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache
def features() -> list[dict[str, Any]]:
    """All curated features, the file's name among their properties."""
    found = []
    for path in sorted(SOURCES.glob("*.geojson")):
        for feature in json.loads(path.read_text("utf-8"))["features"]:
            feature["properties"]["file"] = path.name
            found.append(feature)
    return found


def properties(name: str) -> list[dict[str, Any]]:
    return [f["properties"] for f in features() if f["properties"]["file"] == name]


def named(name: str) -> list[Place]:
    """Curated places of this name."""
    return [p for p in places_named(name) if p.id.startswith("geo:")]


# --- countries and divisions


def test_every_country_is_there_once() -> None:
    codes = [row["iso2"] for row in table("countries.csv")]
    assert [code for code, n in Counter(codes).items() if n > 1] == []
    assert ISO_3166 - set(codes) == set()
    assert set(codes) - ISO_3166 <= {
        "XK",
        "AN",
        "CS",
    }  # Kosovo's code is the usual one; the others are past countries'


def test_every_country_is_found_by_its_name() -> None:
    lost = [
        row["name"]
        for row in table("countries.csv")
        if row["iso2"] not in {p.country for p in places_named(row["name"])}
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("U.S.", "US"), ("USA", "US"), ("United States", "US"), ("U.K.", "GB"), ("Britain", "GB"), ("UAE", "AE"), ("DR Congo", "CD"),
        ("Ivory Coast", "CI"), ("Côte d’Ivoire", "CI"), ("Burma", "MM"), ("Türkiye", "TR"), ("Turkey", "TR"), ("Czechia", "CZ"),
        ("Czech Republic", "CZ"), ("Swaziland", "SZ"), ("East Timor", "TL"), ("Holland", "NL"), ("South Korea", "KR"), ("DPRK", "KP"),
        ("Russian Federation", "RU"), ("Macedonia", "MK"), ("Vatican", "VA"), ("Cape Verde", "CV"), ("Republic of the Congo", "CG"),
    ],
)  # fmt: skip
def test_countries_are_found_by_the_names_of_news(name: str, code: str) -> None:
    assert code in {p.country for p in places_named(name) if p.kind == "country"}


def test_every_country_with_people_has_a_demonym() -> None:
    g = bundled()
    without = {
        "AQ",
        "BV",
        "HM",
        "TF",
        "GS",
        "UM",
        "IO",
        "SJ",
        "VA",
        "AN",
        "CS",
    }  # no inhabitants of their own, or no more
    with_demonym = {
        g.country(place)
        for row in table("demonyms.csv")
        for word in row["demonyms"].split("|")
        for place, how in g.look_up(word)
        if how == DEMONYM and g.kind(place) == "country"
    }
    assert set(g.country_places) - with_demonym - without == set()


@pytest.mark.parametrize("state", AP_STATES)
def test_us_states_are_found_by_their_ap_form(state: str) -> None:
    g = bundled()
    assert [
        c
        for c in g.look_up(state)
        if c.kind in (ABBREVIATION, CODE) and g.country(c.place) == "US" and g.kind(c.place) == "admin1"
    ]


@pytest.mark.parametrize(
    ("country", "at_least", "some"),
    [
        ("US", 51, ["California", "District of Columbia"]),
        ("CA", 13, ["Ontario", "Nunavut", "Quebec", "Québec", "British Columbia"]),
        ("AU", 8, ["Queensland", "New South Wales", "NSW"]),
        ("IN", 36, ["Kerala", "Manipur", "Jammu and Kashmir", "Ladakh", "Telangana"]),
        ("RU", 83, ["Chechnya", "Tatarstan", "Belgorod Oblast", "Dagestan", "Kamchatka"]),
        ("CN", 31, ["Xinjiang", "Tibet", "Sichuan", "Inner Mongolia", "Guangdong"]),
        ("BR", 27, ["Amazonas", "Rio Grande do Sul", "Bahia", "Acre"]),
        ("DE", 16, ["Bavaria", "Bayern", "Saxony", "North Rhine-Westphalia"]),
        ("GB", 4, ["England", "Scotland", "Wales", "Northern Ireland"]),
    ],
)
def test_the_provinces_of_large_countries_are_curated(country: str, at_least: int, some: list[str]) -> None:
    assert sum(row["country"] == country for row in table("admin1.csv")) >= at_least
    lost = [
        name for name in some if country not in {p.country for p in places_named(name) if p.kind == "admin1"}
    ]
    assert lost == []


# --- regions, lines, borders


def test_regions_seas_and_straits_are_at_least_150() -> None:
    straits = [p for p in properties("corridors.geojson") if p["kind"] == "strait"]
    assert len(properties("regions.geojson")) + len(straits) >= 150


REGIONS = (
    "Nagorno-Karabakh|South Caucasus|Darfur|Donbas|Abkhazia|South Ossetia|Kashmir|Gaza Strip|West Bank|Golan Heights|Sahel|Balkans|"
    "Horn of Africa|Middle East|Black Sea|Red Sea|South China Sea|Mediterranean|English Channel|Persian Gulf|Sinai|Crimea|Transnistria|"
    "Kurdistan|Tigray|Siberia|Latin America|Southeast Asia|Central Asia|Europe|Africa|Atlantic Ocean|Arctic"
).split("|")


@pytest.mark.parametrize("name", REGIONS)
def test_regions_of_the_news_are_found(name: str) -> None:
    assert places_named(name)


def test_corridors_and_lines_are_drawn_not_stroked() -> None:
    drawn = 0
    for feature in features():
        facts, line = feature["properties"], shape(feature["geometry"])
        curated = facts["file"] in ("corridors.geojson", "lines.geojson")
        if curated and line.geom_type.endswith("LineString") and facts["kind"] not in ("bridge", "crossing"):
            assert get_num_coordinates(line) >= 3, facts["id"]
            drawn += 1
    assert drawn >= 50


LINES = (
    "Lachin corridor|Zangezur corridor|Syunik corridor|TRIPP|Trump Route|Aras corridor|Philadelphi corridor|Netzarim corridor|Suwałki Gap|"
    "Suwalki Gap|Wakhan corridor|Siliguri corridor|Chicken's Neck|Polish Corridor|Danzig corridor|Posavina corridor|Brčko corridor|Lobito corridor|"
    "Middle Corridor|INSTC|International North-South Transport Corridor|Northern Corridor|Black Sea grain corridor|Salwa road|Strait of Hormuz|"
    "Hormuz|Bab-el-Mandeb|Bab al-Mandab|Suez Canal|Bosporus|Bosphorus|Dardanelles|Kerch Strait|Strait of Malacca|Malacca Strait|Taiwan Strait|"
    "Korean Demilitarized Zone|DMZ|Cyprus Green Line|Line of Control|Line of Actual Control|Durand Line|Blue Line|Oder–Neisse line|"
    "line of contact|Donbas contact line|Panama Canal|Darién Gap|Darien Gap|Khyber Pass|Strait of Gibraltar"
).split("|")


@pytest.mark.parametrize("name", LINES)
def test_lines_of_the_news_are_found_and_are_lines(name: str) -> None:
    assert any(p.geometry and p.geometry["type"].endswith("LineString") for p in named(name))


@pytest.mark.parametrize("name", ["Rafah crossing", "Kerem Shalom crossing", "Kerem Shalom"])
def test_crossings_are_found(name: str) -> None:
    assert [p.country or p.kind for p in named(name) if p.kind == "crossing"]


def test_both_lachin_routes_pass_their_towns_and_follow_one_another() -> None:
    old, new = sorted(named("Lachin corridor"), key=lambda p: p.valid_from)
    assert (old.valid_from, old.valid_to, new.valid_from) == ("1992-05-18", "2022-08-30", "2022-08-30")
    goris, lachin, shusha, stepanakert = (46.34, 39.51), (46.55, 39.64), (46.75, 39.76), (46.75, 39.82)
    for route, towns in ((old, (goris, lachin, shusha, stepanakert)), (new, (goris, shusha, stepanakert))):
        line = shape(route.geometry)
        assert all(line.distance(Point(town)) < 0.06 for town in towns)
    assert shape(new.geometry).distance(Point(lachin)) > 0.02


@pytest.mark.parametrize("name", ["Zangezur corridor", "Zangezur Corridor", "Syunik corridor", "TRIPP"])
def test_the_route_through_syunik_has_a_neutral_id_and_all_names(name: str) -> None:
    assert "geo:syunik-transit" in {p.id for p in named(name)}


def test_the_border_of_armenia_and_azerbaijan_is_drawn() -> None:
    g = bundled()
    border = g.place(g.header["borders"]["am-az"])
    assert border.geometry is not None
    west, south, east, north = shape(border.geometry).bounds
    assert 44.5 < west < 45.2
    assert 46.3 < east < 46.8
    assert 38.7 < south < north < 41.5


# --- form


def test_ids_are_unique_over_all_files() -> None:
    counts = Counter(f["properties"]["id"] for f in features())
    assert [i for i, n in counts.items() if n > 1] == []


def test_curated_ids_are_unique_in_the_compiled_gazetteer() -> None:
    g = bundled()
    ids = Counter(
        i
        for k in range(len(g))
        if (i := g.details(k).get("id", "")).startswith("geo:") and g.kind(k) != "admin2"
    )
    assert [i for i, n in ids.items() if n > 1] == []


def positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    if isinstance(coordinates[0], (int, float)):
        yield coordinates[0], coordinates[1]
    else:
        for part in coordinates:
            yield from positions(part)


def test_geometries_are_valid_and_on_earth() -> None:
    bad = []
    for feature in features():
        geometry = shape(feature["geometry"])
        on_earth = all(
            -180 <= lon <= 180 and -90 <= lat <= 90
            for lon, lat in positions(feature["geometry"]["coordinates"])
        )
        if not (geometry.is_valid and not geometry.is_empty and on_earth):
            bad.append(feature["properties"]["id"])
    assert bad == []


def test_no_line_or_outline_jumps_over_the_antimeridian() -> None:
    bad = []
    for feature in features():
        for part in getattr(shape(feature["geometry"]), "geoms", [shape(feature["geometry"])]):
            ring = part.exterior if part.geom_type == "Polygon" else part
            if any(abs(a[0] - b[0]) > 180 for a, b in pairwise(ring.coords)):
                bad.append(feature["properties"]["id"])
    assert bad == []


def test_features_say_where_they_are_from_and_since_when() -> None:
    for p in properties("corridors.geojson") + properties("lines.geojson") + properties("regions.geojson"):
        assert p["source"], p["id"]
        for end in ("valid_from", "valid_to"):
            value = str(p.get(end) or "")
            assert not value or dt.date.fromisoformat(value + "2000-01-01"[len(value) :]), (p["id"], value)


def test_waypoints_lie_on_their_line() -> None:
    far = [
        (f["properties"]["id"], w["name"])
        for f in features()
        for w in f["properties"].get("waypoints") or []
        if shape(f["geometry"]).distance(Point(w["lon"], w["lat"]))
        > 0.08 + f["properties"]["precision_km"] / 100
    ]
    assert far == []


def test_names_do_not_end_in_blanks_or_repeat_the_separator() -> None:
    for name in ("countries.csv", "admin1.csv", "places.csv", "aliases.csv"):
        for row in table(name):
            parts = row["name"].split("|") + [a for a in row["aliases"].split("|") if row["aliases"]]
            assert all(part == part.strip() != "" and fold(part) for part in parts), (name, row)


def test_a_line_of_two_routes_is_the_one_of_the_day() -> None:
    [now] = [t.place for t in toponyms("The Lachin corridor was shut.", dt.date(2023, 1, 4)) if t.place]
    [then] = [t.place for t in toponyms("The Lachin corridor was shut.", dt.date(2021, 1, 4)) if t.place]
    assert (now.id, then.id) == ("geo:lachin-corridor", "geo:lachin-corridor-1992")
