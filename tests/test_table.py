from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from pyogrio.errors import DataSourceError
from shapely.geometry import LinearRing, shape

from geo.errors import FormatError, OutputError
from geo.formats import export, read_events
from geo.model import Event, Evidence, Geometry, Place, When
from geo.table import COLUMNS, event_id, to_frame

DAY = When(dt.date(2023, 10, 5), dt.date(2023, 10, 6), "day", "Thursday")
LINE = {"type": "LineString", "coordinates": [[46.35, 39.51], [46.548, 39.640123456789], [46.75, 39.76]]}
CLOCKWISE = {
    "type": "Polygon",
    "coordinates": [[[46.0, 39.0], [46.0, 40.0], [47.0, 40.0], [47.0, 39.0], [46.0, 39.0]]],
}


def place(
    geometry: Geometry | None = None, lon: float = -3.60667, lat: float = 37.18817, **facts: Any
) -> Place:
    return Place("geonames:2517117", "Granada", "city", "ES", lat, lon, geometry, **facts)


def evidence(sentence: str = "Talks in Granada.", **facts: Any) -> Evidence:
    given: dict[str, Any] = {"doc_id": "a.txt", "doc_date": dt.date(2023, 10, 4)}
    return Evidence(sentence, "Granada", 9, 16, **(given | facts))


def event(
    where: Place | None = None, when: When | None = DAY, told: tuple[Evidence, ...] = (), **facts: Any
) -> Event:
    given: dict[str, Any] = {
        "layer": "meetings",
        "plover": "CONSULT",
        "status": "cancelled",
        "actors": ("Baku", "Yerevan"),
    }
    given |= {"confidence": 0.83, "reason": "said so"}
    return Event(when=when, place=where or place(), evidence=told or (evidence(),), **(given | facts))


EVENTS = [
    event(),
    event(place(LINE, status="closed", valid_from="1994", valid_to="2023-09-19"), layer="corridors"),
    event(place(CLOCKWISE, disputed=True, other_name="Artsakh"), when=None, actors=()),
    event(
        told=(
            evidence(
                "“Talks” in Granada <b>{{7*7}}</b>\u202e\n& more",
                doc_title="T",
                doc_url="https://example.org/",
            ),
            evidence("Two."),
        )
    ),
]


def exported(events: list[Event], path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(export(to_frame(events), path).read_bytes())
    return content


# --- the frame


def test_the_frame_keeps_the_contract() -> None:
    frame = to_frame(EVENTS)
    assert list(frame.columns) == [*COLUMNS, "geometry"]
    assert {name: str(frame[name].dtype) for name in COLUMNS} == COLUMNS
    assert frame.crs.to_epsg() == 4326
    assert [g.geom_type for g in frame.geometry] == ["Point", "LineString", "Polygon", "Point"]
    first = frame.iloc[0]
    assert (first.geometry.x, first.geometry.y) == (-3.60667, 37.18817)
    assert (first.start, first.end, first.year, first.doc_date) == (
        "2023-10-05",
        "2023-10-06",
        2023,
        "2023-10-04",
    )
    assert (first.place, first.place_id, first.country, first.actors) == (
        "Granada",
        "geonames:2517117",
        "ES",
        "Baku; Yerevan",
    )
    assert (first.evidence, first.mention, first.mention_start, first.mention_end) == (
        "Talks in Granada.",
        "Granada",
        9,
        16,
    )


def test_an_undated_event_has_neither_start_nor_end_nor_year() -> None:
    row = to_frame([event(when=None)]).iloc[0]
    assert row[["start", "end", "year"]].isna().all()
    assert row.precision == "none"


def test_all_pieces_of_evidence_are_in_sources() -> None:
    row = to_frame(EVENTS).iloc[3]
    assert row.mentions_count == 2
    assert [s["evidence"] for s in json.loads(row.sources)] == [e.sentence for e in EVENTS[3].evidence]


def test_no_events_make_an_empty_frame_and_file(tmp_path: Path) -> None:
    frame = to_frame([])
    assert list(frame.columns) == [*COLUMNS, "geometry"]
    assert exported([], tmp_path / "e.geojson") == {"type": "FeatureCollection", "features": []}


# --- ids


def test_ids_are_prefixed_and_the_same_for_the_same_event() -> None:
    assert event_id(event()) == event_id(event())
    assert event_id(event()).startswith("e-")
    assert event_id(event(confidence=0.1, actors=())) == event_id(event())


@pytest.mark.parametrize(
    "other",
    [
        event(layer="clashes"),
        event(status="planned"),
        event(when=None),
        event(told=(evidence(doc_id="b.txt"),)),
        event(place(LINE)),
    ],
)
def test_ids_tell_events_apart(other: Event) -> None:
    same = other.place.geometry is not None  # a place's geometry is not what it is known by
    assert (event_id(other) == event_id(event())) == same


# --- GeoJSON


@pytest.mark.parametrize("suffix", [".geojson", ".json", ".GEOJSON"])
def test_what_is_exported_is_read_again(tmp_path: Path, suffix: str) -> None:
    frame = to_frame(EVENTS)
    again = read_events(export(frame, tmp_path / f"events{suffix}"))
    assert_frame_equal(again.drop(columns="geometry"), frame.drop(columns="geometry"))
    assert again.geometry.normalize().geom_equals_exact(frame.geometry.normalize(), 1e-7).all()
    assert again.crs == frame.crs


def test_events_without_any_date_are_read_again(tmp_path: Path) -> None:
    frame = to_frame([event(when=None, told=(evidence(doc_date=None),))])
    again = read_events(export(frame, tmp_path / "e.geojson"))
    assert_frame_equal(again.drop(columns="geometry"), frame.drop(columns="geometry"))


@pytest.mark.parametrize(
    "column", ["date_text", "valid_from", "actors", "evidence", "doc_id", "doc_title", "doc_source"]
)
@pytest.mark.parametrize(
    "text", ["2023-10-05", "2023-10-05T10:30:00Z", "10:30:00", "1994", "[1, 2]", '{"a": 1}', "true", ""]
)
def test_text_that_looks_like_something_else_stays_text(tmp_path: Path, column: str, text: str) -> None:
    frame = to_frame([event()])
    frame[column] = pd.Series([text], dtype="string")
    again = read_events(export(frame, tmp_path / "e.geojson"))
    assert again[column].tolist() == [text]


printable = st.text(max_size=30).filter(lambda text: "\0" not in text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.tuples(printable, printable, printable), st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 1))
def test_any_text_and_any_point_survive(
    tmp_path: Path, words: tuple[str, str, str], lon: float, lat: float, confidence: float
) -> None:
    told = (evidence(words[0], doc_title=words[1]),)
    first = event(place(lon=lon, lat=lat), told=told, actors=(words[2],), confidence=confidence)
    frame = to_frame([first, event()])
    again = read_events(export(frame, tmp_path / "e.geojson"))
    assert_frame_equal(again.drop(columns="geometry"), frame.drop(columns="geometry"))
    assert (again.geometry.x[0], again.geometry.y[0]) == pytest.approx((lon, lat), abs=1e-6)


def test_the_file_follows_rfc_7946(tmp_path: Path) -> None:
    content = exported(EVENTS, tmp_path / "e.geojson")
    assert "crs" not in content
    assert content["bbox"] == pytest.approx([-3.60667, 37.18817, 47, 40])
    line, area = (content["features"][i] for i in (1, 2))
    assert line["bbox"] == pytest.approx([46.35, 39.51, 46.75, 39.76])
    assert line["geometry"]["coordinates"][1] == [46.548, 39.6401235]
    assert LinearRing(area["geometry"]["coordinates"][0]).is_ccw
    assert all(len(f["bbox"]) == 4 and f["type"] == "Feature" for f in content["features"])


def test_undated_is_null(tmp_path: Path) -> None:
    properties = exported(EVENTS, tmp_path / "e.geojson")["features"][2]["properties"]
    assert [properties[name] for name in ("start", "end", "year")] == [None, None, None]


@pytest.mark.parametrize(
    ("geometry", "kind"),
    [
        (
            {"type": "LineString", "coordinates": [[178.0, 10.0], [179.0, 11.0], [-179.0, 12.0]]},
            "MultiLineString",
        ),
        (
            {"type": "Polygon", "coordinates": [[[178, 0], [-178, 0], [-178, 2], [178, 2], [178, 0]]]},
            "MultiPolygon",
        ),
    ],
)
def test_what_crosses_the_antimeridian_is_cut_there(tmp_path: Path, geometry: Geometry, kind: str) -> None:
    [feature] = exported([event(place(geometry, lon=179, lat=1))], tmp_path / "e.geojson")["features"]
    assert feature["geometry"]["type"] == kind
    for part in shape(feature["geometry"]).geoms:
        west, _, east, _ = part.bounds
        assert east - west <= 2


def test_the_same_events_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (export(to_frame(EVENTS), tmp_path / name) for name in ("a.geojson", "b.geojson"))
    assert first.read_bytes() == second.read_bytes()


def test_other_tools_read_the_right_types(tmp_path: Path) -> None:
    frame = gpd.read_file(export(to_frame(EVENTS), tmp_path / "e.geojson"))
    assert pd.api.types.is_string_dtype(frame["id"])
    assert pd.api.types.is_datetime64_any_dtype(frame["start"])
    assert pd.api.types.is_bool_dtype(frame["disputed"])
    assert pd.api.types.is_float_dtype(frame["confidence"])
    assert pd.api.types.is_integer_dtype(frame["mention_start"])
    assert isinstance(frame["sources"][0], str)


@pytest.mark.parametrize("name", ["events.xlsx", "events", "events.geojson.gz", "events.shp"])
def test_an_unknown_suffix_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(FormatError, match=name):
        export(to_frame(EVENTS), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    assert export(to_frame(EVENTS), tmp_path / "a" / "b" / "e.geojson").is_file()


def test_a_target_that_cannot_be_written_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.geojson").mkdir()
    for target in (tmp_path / "file" / "e.geojson", tmp_path / "folder.geojson"):
        with pytest.raises(OutputError) as caught:
            export(to_frame(EVENTS), target)
        assert str(caught.value).startswith(f"{target}: cannot be written")
        assert "choose a folder" in str(caught.value)
        assert "\n" not in str(caught.value)
    assert {p.name for p in tmp_path.iterdir()} == {"file", "folder.geojson"}


def test_a_failed_export_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = export(to_frame(EVENTS), tmp_path / "e.geojson")
    old = path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OutputError, match="No space left"):
        export(to_frame(EVENTS[:1]), path)
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_of_the_writer_is_an_error_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DataSourceError("disk full")

    monkeypatch.setattr(gpd.GeoDataFrame, "to_file", fail)
    with pytest.raises(OutputError, match="disk full"):
        export(to_frame(EVENTS), tmp_path / "e.geojson")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("missing", [1, 100, 20_000])
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, missing: int) -> None:
    resource = pytest.importorskip("resource")
    many = to_frame(EVENTS * 20)
    whole = export(many, tmp_path / "whole.geojson").stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (whole - missing, limits[1]))
    try:
        with pytest.raises(OutputError, match=r"e\.geojson: cannot be written"):
            export(many, tmp_path / "e.geojson")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [p.name for p in tmp_path.iterdir()] == ["whole.geojson"]


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="not valid UTF-8"):
        export(to_frame(EVENTS), tmp_path / "\udce9.geojson")
    assert list(tmp_path.iterdir()) == []


# --- reading


def test_an_empty_table_is_read_back_with_its_columns(tmp_path: Path) -> None:
    read = read_events(export(to_frame([]), tmp_path / "e.geojson"))
    assert_frame_equal(read, to_frame([]))
    assert read.crs == to_frame([]).crs


@pytest.mark.parametrize("content", ["", "no json", "{}", "[1, 2]"])
def test_a_file_that_is_no_table_is_an_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "e.geojson"
    path.write_text(content, "utf-8")
    assert str(path) in refusal(path)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    assert "none.geojson" in refusal(tmp_path / "none.geojson")


def test_missing_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "e.geojson"
    to_frame(EVENTS).drop(columns=["layer", "reason"]).to_file(path, driver="GeoJSON")
    assert "the columns layer, reason are missing" in refusal(path)


def refusal(path: Path) -> str:
    with pytest.raises(FormatError) as caught:
        read_events(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)
