from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geo.compile.sources import Entry, curated_entries, lexicon, middle, slug, split, triggers
from geo.errors import GazetteerError
from geo.gazetteer import ABBREVIATION, AMBIGUOUS, CODE, PRIMARY, SHORT

COUNTRIES = "iso2,name,lat,lon,aliases,abbreviations\nAM,Armenia,40.0,45.0,Republic of Armenia,ARM|Arm.\nAZ,Azerbaijan,40.5,47.5,,\n"
ADMIN1 = "country,name,lat,lon,population,aliases,abbreviations\nAM,Syunik Province,39.3,46.2,140000,Siunik,\nAM,Northern Province,41,45,,,\n"
PLACES = (
    "name,kind,country,admin1,lat,lon,population,aliases,other_name,source\n"
    "Tegh,city,AM,Syunik Province,39.55,46.48,2400,Tex,,census 2011\n"
)
LINE = {"type": "LineString", "coordinates": [[46.3, 39.5], [46.5, 39.6], [46.75, 39.8]]}
ROAD = {
    "id": "lachin", "name": "Lachin corridor", "kind": "corridor", "alternates": ["Lachin road"], "abbreviations": ["LC"],
    "ambiguous_alternates": ["the corridor"], "status": "closed", "valid_from": 1994, "valid_to": None,
}  # fmt: skip


def features(*given: tuple[dict[str, Any], Any]) -> str:
    return json.dumps({"features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in given]})


GOOD = {
    "countries.csv": COUNTRIES,
    "admin1.csv": ADMIN1,
    "places.csv": PLACES,
    "lines.geojson": features((ROAD, LINE), ({"id": "border-am-az", "countries": ["AM", "AZ"]}, LINE)),
}


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for name, content in GOOD.items():
        (tmp_path / name).write_text(content, "utf-8")
    return tmp_path


def read(sources: Path) -> dict[str, Entry]:
    return {
        e.label: e
        for e in curated_entries(
            sources, {"AM": {"population": 2_900_000, "geonameid": 174982, "iso3": "ARM"}}
        )
    }


def test_countries(sources: Path) -> None:
    armenia = read(sources)["Armenia"]
    assert (armenia.kind, armenia.country, armenia.lat, armenia.lon) == ("country", "AM", 40.0, 45.0)
    assert (armenia.population, armenia.geonames) == (2_900_000, 174982)
    assert armenia.names == {
        "Armenia": PRIMARY,
        "Republic of Armenia": PRIMARY,
        "ARM": CODE,
        "Arm.": ABBREVIATION,
    }
    assert armenia.details is not None
    assert armenia.details["id"] == "geonames:174982"


def test_divisions_have_a_short_name_unless_it_is_a_mere_direction(sources: Path) -> None:
    found = read(sources)
    assert found["Syunik Province"].names == {
        "Syunik Province": PRIMARY,
        "Siunik": PRIMARY,
        "Syunik": SHORT,
    }
    assert found["Northern Province"].names == {"Northern Province": PRIMARY}


def test_places_lie_in_their_division(sources: Path) -> None:
    found = list(curated_entries(sources, {}))
    [tegh] = [e for e in found if e.label == "Tegh"]
    assert found[tegh.admin1].label == "Syunik Province"
    assert tegh.names == {"Tegh": PRIMARY, "Tex": PRIMARY}


def test_lines_keep_geometry_status_and_dates_as_text(sources: Path) -> None:
    road = read(sources)["Lachin corridor"]
    assert road.names == {
        "Lachin corridor": PRIMARY, "Lachin road": PRIMARY, "LC": CODE, "the corridor": AMBIGUOUS,
    }  # fmt: skip
    assert road.details == {"id": "geo:lachin", "geometry": LINE, "status": "closed", "valid_from": "1994"}
    assert (road.lon, road.lat) == (46.5, 39.6)


def test_a_border_of_two_countries_has_a_label_and_no_name(sources: Path) -> None:
    border = read(sources)["Armenia–Azerbaijan border"]
    assert (border.kind, border.names, border.country) == ("border", {}, "")


BAD_ROWS = [
    ("countries.csv", "AM,Armenia,x,45,,", "2", "lat and lon must be numbers"),
    ("countries.csv", "AM,Armenia,,45,,", "2", "lat and lon must be numbers"),
    ("countries.csv", "AM,Armenia,145,40,,", "2", "no point on Earth"),
    ("countries.csv", "AM,Armenia,40,181,,", "2", "no point on Earth"),
    ("countries.csv", "AM,Armenia,nan,40,,", "2", "lat"),
    ("countries.csv", "AM,Armenia,40", "2", "not as many cells"),
    ("countries.csv", "AM,Armenia,40,45,,,,", "2", "not as many cells"),
    ("countries.csv", "AM,,40,45,,", "2", "name"),
    ("admin1.csv", "XX,Nowhere,1,1,,,", "2", "no country 'XX'"),
    ("admin1.csv", "AM,Ararat,north,45,,,", "2", "lat and lon must be numbers"),
    ("admin1.csv", "AM,Ararat,40,45,many,,", "2", "many"),
    ("places.csv", "Tegh,city,AM,Syunik,39,346,,,,", "2", "no point on Earth"),
    ("places.csv", "Tegh,city,AM,Syunik,39,46,2.4k,,,", "2", "2.4k"),
    ("places.csv", "Tegh,city,XX,,39,46,,,,", "2", "XX"),
]


@pytest.mark.parametrize(("name", "row", "line", "words"), BAD_ROWS)
def test_a_bad_row_is_an_error_that_names_file_and_line(
    sources: Path, name: str, row: str, line: str, words: str
) -> None:
    header = GOOD[name].splitlines()[0]
    (sources / name).write_text(f"{header}\n{row}\n", "utf-8")
    assert words in refusal(sources).removeprefix(f"{sources / name}:{line}: ")


@pytest.mark.parametrize("name", ["countries.csv", "admin1.csv", "places.csv"])
def test_a_table_without_a_column_is_an_error_that_names_it(sources: Path, name: str) -> None:
    (sources / name).write_text(GOOD[name].replace("aliases", "other"), "utf-8")
    assert "aliases" in refusal(sources)


@pytest.mark.parametrize("name", ["countries.csv", "admin1.csv", "places.csv", "lines.geojson"])
def test_a_file_that_is_not_utf_8_is_an_error(sources: Path, name: str) -> None:
    (sources / name).write_bytes(GOOD[name].replace("A", "Ä").encode("latin-1"))
    assert refusal(sources).startswith(str(sources / name))


@pytest.mark.parametrize("name", ["countries.csv", "admin1.csv", "places.csv"])
def test_a_missing_table_is_an_error(sources: Path, name: str) -> None:
    (sources / name).unlink()
    assert name in refusal(sources)


POINT = {"type": "Point", "coordinates": [45.0, 40.0]}
BAD_FEATURES: list[tuple[dict[str, Any], Any, str]] = [
    ({"name": "A", "kind": "sea"}, POINT, "id"),
    (
        {"id": "a", "name": "A", "kind": "sea"},
        {"type": "GeometryCollection", "geometries": []},
        "coordinates",
    ),
    ({"id": "a", "name": "A", "kind": "sea"}, {"type": "Curve", "coordinates": []}, "geometry of type Curve"),
    ({"id": "a", "name": "A", "kind": "sea"}, None, "feature 2"),
    ({"id": "a", "name": "A", "kind": "sea", "point": ["x", 1]}, POINT, "feature 2"),
    ({"id": "a", "name": "A", "kind": "sea"}, {"type": "Point", "coordinates": [40.0, 145.0]}, "feature 2"),
    ({"id": "a", "name": "A", "kind": "sea"}, {"type": "LineString", "coordinates": []}, "feature 2"),
]


@pytest.mark.parametrize(("facts", "geometry", "words"), BAD_FEATURES)
def test_a_bad_feature_is_an_error_that_names_file_and_feature(
    sources: Path, facts: Any, geometry: Any, words: str
) -> None:
    (sources / "lines.geojson").write_text(features((ROAD, LINE), (facts, geometry)), "utf-8")
    message = refusal(sources)
    assert message.startswith(f"{sources / 'lines.geojson'}: feature 2: ")
    assert words in message


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"features": 3}', "name,kind"])
def test_a_file_that_is_no_feature_collection_is_an_error(sources: Path, content: str) -> None:
    (sources / "lines.geojson").write_text(content, "utf-8")
    assert refusal(sources).startswith(f"{sources / 'lines.geojson'}: not a GeoJSON FeatureCollection")


def refusal(sources: Path) -> str:
    with pytest.raises(GazetteerError) as caught:
        curated_entries(sources, {})
    message = str(caught.value)
    assert message.startswith(str(sources))
    assert "\n" not in message
    return message


def test_a_lexicon_is_folded_sorted_and_without_comments(tmp_path: Path) -> None:
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "lexicon" / "titles.txt").write_text(
        "# people\nMr.\nPrésident  # head of state\n\nMr.\nVice-President\n", "utf-8"
    )
    assert lexicon(tmp_path) == {"titles": ["mr", "president", "vice president"]}


def test_triggers_are_read_as_they_stand_and_refused_when_broken(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    path = tmp_path / "events" / "clashes.toml"
    path.write_text('layer = "clashes"\n', "utf-8")
    assert triggers(tmp_path) == {"clashes.toml": {"layer": "clashes"}}
    path.write_text("layer = clashes\n", "utf-8")
    with pytest.raises(GazetteerError, match=r"clashes\.toml: not a TOML file"):
        triggers(tmp_path)


@pytest.mark.parametrize(
    ("geometry", "lon_lat"),
    [
        ({"type": "Point", "coordinates": [1, 2, 3]}, (1, 2)),
        ({"type": "LineString", "coordinates": [[0, 0], [1, 1], [5, 5]]}, (1, 1)),
        ({"type": "MultiLineString", "coordinates": [[[9, 9], [8, 8]], [[0, 0], [1, 1], [5, 5]]]}, (1, 1)),
        ({"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]]}, (2, 2)),
    ],
)
def test_the_middle_of_a_geometry(geometry: dict[str, Any], lon_lat: tuple[float, float]) -> None:
    assert middle(geometry) == pytest.approx(lon_lat)


def test_cells_and_slugs() -> None:
    assert split(" a | b||c ") == ["a", "b", "c"]
    assert slug("São Tomé & Príncipe") == "sao-tome-principe"
    assert slug("N'Djamena") == "ndjamena"
