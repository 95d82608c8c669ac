"""What a page is told: dates in words, JSON that stays in its block, places and documents once, the ground."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import from_geojson
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon, box

from geo.formats import export
from geo.maps import ground, write_maps
from geo.maps.payload import anchor, in_script, legend, payload, rows
from geo.maps.words import when
from tests.maps import maps_sample
from tests.maps.maps_sample import HOSTILE

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(HOSTILE),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("start", "end", "precision", "words"),
    [
        ("2023-10-05", "2023-10-06", "day", "Thursday 5 October 2023"),
        ("2023-10-05", "2023-10-08", "day", "5–7 October 2023"),
        ("2023-09-30", "2023-10-02", "day", "30 September 2023 – 1 October 2023"),
        ("2023-10-02", "2023-10-09", "week", "in the week of 2 October 2023"),
        ("2023-09-01", "2023-10-01", "month", "in September 2023"),
        ("2023-06-01", "2023-09-01", "season", "June–August 2023"),
        ("2022-12-01", "2023-03-01", "season", "December 2022 – February 2023"),
        ("1994-01-01", "1995-01-01", "year", "in 1994"),
        ("1992-01-01", "1995-01-01", "year", "1992–1994"),
        ("1990-01-01", "2000-01-01", "decade", "in the 1990s"),
        ("2023-10-04", "2023-10-05", "document", "dated by its article, 4 October 2023"),
        ("2023-10-05", "", "day", "Thursday 5 October 2023"),
        ("2023-10-05", "2023-10-01", "day", "Thursday 5 October 2023"),
        ("", "", "none", "undated"),
        ("", "", "day", "undated"),
        ("2023-02-30", "2023-03-01", "day", "undated"),
        ("not a date", "", "day", "undated"),
    ],
)
def test_dates_in_words(start: str, end: str, precision: str, words: str) -> None:
    assert when(start, end, precision) == words


@given(JSON)
def test_json_stays_in_its_block(value: Any) -> None:
    text = in_script(value)
    assert json.loads(text) == value
    assert "<" not in text
    assert "\u2028" not in text
    assert "\u2029" not in text


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert json.loads(in_script("a\ud800b")) == "a?b"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_lacks_is_not_written(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        in_script(value)


def test_places_and_documents_are_told_once() -> None:
    told = payload(rows(maps_sample.events()))
    names = [place["name"] for place in told["places"]]
    assert len(names) == len(set(names)) == 10
    assert [doc["id"] for doc in told["docs"]] == ["a1", "b2", "a1"], (
        "an undated copy of a1 is another document"
    )
    assert len(told["events"]) == 18
    for event in told["events"]:
        assert event["when"]
        assert event["evidence"]
        assert 0 <= event["place"] < len(names)


def test_what_is_missing_is_left_out() -> None:
    (event,) = payload(rows(maps_sample.events().iloc[17:]))["events"]
    assert "start" not in event
    assert "year" not in event
    assert "None" not in json.dumps(event)
    assert "nan" not in json.dumps(event).lower()


@pytest.mark.parametrize("sources", ["", "null", "{}", "[]", "[1]", "not json", None, float("nan")])
def test_sources_that_hold_nothing_give_way_to_the_row(sources: Any) -> None:
    row = maps_sample.event(1, "aid", maps_sample.GORIS, "Tents.", "Goris") | {"sources": sources}
    (event,) = payload(rows(maps_sample.table([row])))["events"]
    assert event["evidence"] == [["Tents.", "Goris", 0]]


def test_a_table_read_from_an_export_makes_the_same_pages(tmp_path: Path) -> None:
    """GDAL turns columns of ISO dates into dates and whole numbers into floats."""
    events = maps_sample.events()
    export(events, tmp_path / "events.geojson")
    write_maps(events, tmp_path / "before")
    write_maps(gpd.read_file(tmp_path / "events.geojson"), tmp_path / "after")
    for page in (tmp_path / "before").iterdir():
        assert (tmp_path / "after" / page.name).read_bytes() == page.read_bytes(), page.name


@pytest.mark.parametrize(
    ("shape", "at"),
    [
        (Point(44.514, 40.182), (40.182, 44.514)),
        (LineString([(0, 0), (10, 0)]), (0, 5)),
        (MultiLineString([[(0, 0), (1, 0)], [(0, 5), (10, 5)]]), (5, 5)),
        (Point(1 / 3, 2 / 3), (0.66667, 0.33333)),
    ],
)
def test_where_the_symbol_stands(shape: Any, at: tuple[float, float]) -> None:
    assert anchor(shape) == at


@pytest.mark.parametrize(
    "shape",
    [
        Polygon([(0, 0), (10, 0), (10, 1), (1, 1), (1, 10), (0, 10)]),  # its centroid lies outside
        MultiPolygon([box(0, 0, 1, 1), box(5, 5, 9, 9)]),
        box(0, 0, 10, 10).difference(box(1, 1, 9, 9)),
    ],
)
def test_the_symbol_of_an_area_stands_in_it(shape: Any) -> None:
    lat, lon = anchor(shape)
    assert shape.contains(Point(lon, lat))


def test_rings_are_right_handed() -> None:
    clockwise = Polygon([(0, 0), (0, 9), (9, 9), (9, 0)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])
    for shape in (clockwise, MultiPolygon([clockwise])):
        row = maps_sample.event(1, "aid", {**maps_sample.KARABAKH, "geometry": shape}, "Tents.", "It")
        (place,) = payload(rows(maps_sample.table([row])))["places"]
        told = from_geojson(json.dumps(place["geometry"]))
        assert told.equals(shape)
        (part,) = getattr(told, "geoms", [told])
        assert part.exterior.is_ccw
        assert not part.interiors[0].is_ccw


def test_every_layer_of_the_legend_can_be_told_apart() -> None:
    layers = legend()["layers"]
    for what in ("shape", "light", "dark", "id", "name"):
        assert len({layer[what] for layer in layers}) == len(layers), what


def test_the_ground_knows_the_world() -> None:
    world = ground.world()
    assert {"land", "borders", "contested", "countries", "cities", "scale", "origin", "box"} <= world.keys()
    assert "Armenia" in {country[0] for country in world["countries"]}
    lines = ground.lines(world["borders"], world["scale"], world["origin"])
    assert all(-180.01 <= lon <= 180.01 and -90 <= lat <= 90 for line in lines for lon, lat in line)


def test_lines_are_read_from_text() -> None:
    # zigzag steps of 1, −1, 16 and −17: the last two need two digits of five bits
    assert list(ground.lines(["CBgBhB"], (1.0, 1.0), (0.0, 0.0))) == [[(1, -1), (17, -18)]]
    assert list(ground.lines(["", "AA"], (0.5, 0.5), (10.0, 20.0))) == [[], [(10, 20)]]


def test_detail_around_the_events_only_and_within_its_budget() -> None:
    near = ground.detail([(44.5, 40.2)])
    assert any(
        west <= 44.5 <= east and south <= 40.2 <= north
        for west, south, east, north in (one["box"] for one in near["squares"])
    )
    assert ground.detail([(-140.0, -40.0)])["squares"] == [], "open sea"
    assert ground.detail([])["squares"] == []
    everywhere = ground.detail([(lon, lat) for lon in range(-180, 180, 5) for lat in range(-60, 85, 5)])
    assert len(json.dumps(everywhere)) < 2 * ground.BUDGET


def test_packed_is_the_same_from_run_to_run() -> None:
    assert ground.packed({"é": [1, "\ud800"]}) == ground.packed({"é": [1, "\ud800"]})
