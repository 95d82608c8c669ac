"""Each format by its own reader: what is written is read again, and hostile text stays text."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from pandas.testing import assert_frame_equal
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box, shape

import geo
from geo.errors import FormatError, OutputError
from geo.formats import FORMATS, check_format, export, read_events
from geo.formats.acled import NAMES
from geo.formats.shapes import cut
from geo.formats.spreadsheet import cell
from geo.model import When
from geo.table import COLUMNS, to_frame
from tests.test_table import CLOCKWISE, EVENTS, event, evidence, place

SUFFIXES = [f.suffixes[0] for f in FORMATS if f.module != "brat"]
WHOLE = [f.suffixes[0] for f in FORMATS if f.reads]
EVERY = [suffix for f in FORMATS for suffix in f.suffixes if f.module != "brat"]
KML = {"k": "http://www.opengis.net/kml/2.2"}

MULTI = {
    "type": "MultiPolygon",
    "coordinates": [CLOCKWISE["coordinates"], [[[50, 1], [51, 1], [51, 2], [50, 1]]]],
}
ACROSS = {"type": "LineString", "coordinates": [[178.0, 10.0], [179.0, 11.0], [-179.0, 12.0]]}
HOSTILE = (
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "]]>", "<script>alert(1)</script>", "&amp;&lt;", "{{7*7}}",
    "a\r\nb", 'quo"ted, text', "\x1b[31mred\x07", "\x00nul\x00", "\ud800 half", "\u202eturned", "\ufffe", "😀", "'", "\\", "null",
)  # fmt: skip


def same(frame: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> None:
    assert_frame_equal(frame.drop(columns="geometry"), other.drop(columns="geometry"))
    assert frame.crs == other.crs
    for left, right in zip(frame.geometry, other.geometry, strict=True):
        assert shapely.normalize(left).equals_exact(shapely.normalize(right), 1e-6), (left, right)


def hostile(text: str) -> gpd.GeoDataFrame:
    told = evidence(text, doc_title=text, doc_source=text, doc_url=text, doc_id=text or "a")
    return to_frame([event(told=(told,), actors=(text,), reason=text)])


# --- the registry


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("e.json", "geojson"), ("e.lpf.json", "linked_places"), ("E.CSV", "spreadsheet"), ("e.acled.csv", "acled"),
        ("e.brat.zip", "brat_archive"), ("a.b.geojson", "geojson"), ("e.jsonld", "web_annotation"),
    ],
)  # fmt: skip
def test_the_longest_suffix_chooses_the_format(name: str, module: str) -> None:
    assert geo.formats.format_of(Path(name)).module == module


def test_an_unknown_suffix_is_told_with_those_that_are_known() -> None:
    with pytest.raises(
        FormatError,
        match=r"e\.xlsx: \.xlsx is no format of events; choose one of \.geojson, \.geojsonl, \.gpkg",
    ):
        check_format("e.xlsx")


def test_a_format_that_does_not_carry_the_table_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(
        FormatError, match=r"KML does not carry the whole table; read events from \.geojson, "
    ):
        read_events(export(to_frame(EVENTS), tmp_path / "e.kml"))


def test_without_pyarrow_geoparquet_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr("geo.formats.geoparquet.find_spec", lambda _: None)
    with pytest.raises(FormatError, match=re.escape("pip install 'geo-news[parquet]'")):
        check_format("e.parquet")


@pytest.mark.parametrize("suffix", EVERY)
def test_every_format_leaves_one_file_and_replaces_the_old_one(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"events{suffix}"
    for table in (to_frame([]), to_frame(EVENTS), to_frame(EVENTS)):
        assert export(table, path) == path
        assert [p.name for p in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_failed_export_leaves_nothing_in_any_format(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        export(to_frame(EVENTS), tmp_path / "file" / f"e{suffix}")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("share", [0.1, 0.9])
def test_a_full_disk_leaves_nothing_behind_in_any_format(tmp_path: Path, suffix: str, share: float) -> None:
    resource = pytest.importorskip("resource")
    many = to_frame([event(told=(evidence(f"Talk {n}.", doc_id=f"{n}.txt"),)) for n in range(400)])
    whole = export(many, tmp_path / f"whole{suffix}").stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(whole * share), limits[1]))
    try:
        with pytest.raises(OutputError, match="cannot be written"):
            export(many, tmp_path / f"e{suffix}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [p.name for p in tmp_path.iterdir()] == [f"whole{suffix}"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_table_without_geometries_or_crs_is_refused(tmp_path: Path, suffix: str) -> None:
    frame = to_frame(EVENTS)
    for wrong, words in (
        (frame.set_crs(None, allow_override=True), "no CRS"),
        (pd.DataFrame(frame), "no GeoDataFrame"),
    ):
        with pytest.raises(FormatError, match=words):
            export(wrong, tmp_path / f"e{suffix}")
    assert list(tmp_path.iterdir()) == []


# --- formats that carry the whole table


MIXED = [
    *EVENTS,
    event(place(MULTI), when=None),
    event(
        place({"type": "MultiLineString", "coordinates": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]}),
        layer="clashes",
    ),
    event(when=When(dt.date(950, 1, 1), dt.date(951, 1, 1), "year")),
    event(layer="aid", told=(evidence("[1, 2]", doc_title='{"a": 1}', doc_id="2023-10-05", doc_date=None),)),
]


@pytest.mark.parametrize("suffix", [suffix for f in FORMATS for suffix in f.suffixes if f.reads])
def test_the_whole_table_comes_back(tmp_path: Path, suffix: str) -> None:
    frame = to_frame(MIXED)
    same(read_events(export(frame, tmp_path / f"e{suffix}")), frame)


@pytest.mark.parametrize("suffix", WHOLE)
def test_undated_events_alone_and_no_events_come_back(tmp_path: Path, suffix: str) -> None:
    for table in (to_frame([event(when=None, told=(evidence(doc_date=None),))]), to_frame([])):
        same(read_events(export(table, tmp_path / f"e{suffix}")), table)


@pytest.mark.parametrize("suffix", WHOLE)
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back(tmp_path: Path, suffix: str, text: str) -> None:
    frame = hostile(text)
    expected = re.sub("[\0\ud800-\udfff]", "\ufffd", text)
    again = read_events(export(frame, tmp_path / f"e{suffix}"))
    assert again[["evidence", "doc_title", "actors", "reason"]].iloc[0].tolist() == [expected] * 4
    told = json.loads(again["sources"][0])[0]["evidence"]
    assert told in (expected, text)  # JSON has NUL as an escape


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_sentence_of_a_megabyte_is_written(tmp_path: Path, suffix: str) -> None:
    frame = hostile("Talks in Granada. " * 58_000)
    path = export(frame, tmp_path / f"e{suffix}")
    if suffix in WHOLE:
        same(read_events(path), frame)
    assert path.stat().st_size > 300


@pytest.mark.parametrize("suffix", WHOLE)
def test_what_crosses_the_antimeridian_is_cut_in_every_format(tmp_path: Path, suffix: str) -> None:
    [line] = read_events(
        export(to_frame([event(place(ACROSS, lon=179, lat=11))]), tmp_path / f"e{suffix}")
    ).geometry
    assert line.geom_type == "MultiLineString"
    assert all(part.bounds[2] - part.bounds[0] <= 2 for part in line.geoms)
    assert line.length == pytest.approx(2**0.5 + 5**0.5, abs=1e-6)


@pytest.mark.parametrize("suffix", WHOLE)
def test_a_table_that_lacks_columns_is_told_by_name(tmp_path: Path, suffix: str) -> None:
    path = export(to_frame(EVENTS).drop(columns=["layer", "reason"]), tmp_path / f"e{suffix}")
    with pytest.raises(FormatError, match="the columns layer, reason are missing"):
        read_events(path)


@pytest.mark.parametrize("suffix", WHOLE)
@pytest.mark.parametrize("content", [b"no table", b"{}", b"SQLite format 3\0", b"PAR1PAR1", b"fgb\3fgb\0"])
def test_a_file_that_is_none_is_one_line(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"e{suffix}"
    path.write_bytes(content)
    with pytest.raises(FormatError) as caught:
        read_events(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".parquet"])
def test_dates_are_dates_to_other_tools(tmp_path: Path, suffix: str) -> None:
    path = export(to_frame(MIXED), tmp_path / f"e{suffix}")
    if suffix == ".parquet":
        schema = pytest.importorskip("pyarrow.parquet").read_schema(path)
        assert {str(schema.field(name).type) for name in ("start", "end", "doc_date")} == {"date32[day]"}
        return
    info = pyogrio.read_info(path, layer="points" if suffix == ".gpkg" else None)
    kinds = dict(zip(*(info[key] for key in ("fields", "ogr_types")), strict=True))
    assert {kinds[name] for name in ("start", "end", "doc_date")} == {
        "OFTDate" if suffix == ".gpkg" else "OFTDateTime"
    }


def test_a_date_that_is_none_is_told(tmp_path: Path) -> None:
    frame = to_frame(EVENTS).assign(start="soon")
    with pytest.raises(FormatError, match="the column start holds what is no ISO date"):
        export(frame, tmp_path / "e.gpkg")


def test_columns_of_ones_own_are_kept(tmp_path: Path) -> None:
    frame = to_frame(EVENTS).assign(note="mine", weight=0.5, seen=True, count=3)
    for suffix in (".gpkg", ".fgb", ".geojsonl", ".parquet"):
        path = export(frame, tmp_path / f"e{suffix}")
        read = (
            gpd.read_parquet(path)
            if suffix == ".parquet"
            else gpd.read_file(path, layer="points" if suffix == ".gpkg" else None)
        )
        assert (read["note"][0], read["weight"][0], bool(read["seen"][0]), read["count"][0]) == (
            "mine",
            0.5,
            True,
            3,
        )


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_frame_of_objects_is_written_too(tmp_path: Path, suffix: str) -> None:
    objects = gpd.GeoDataFrame(to_frame(EVENTS).astype(dict.fromkeys(COLUMNS, object)))
    objects["reason"] = pd.Series(["\ud800", None, "said \0 so", "="], dtype=object)
    path = export(objects, tmp_path / f"e{suffix}")
    if suffix in WHOLE:
        again = read_events(path)
        assert again["reason"].fillna("").tolist() == ["\ufffd", "", "said \ufffd so", "="]
        same(again.drop(columns="reason"), to_frame(EVENTS).drop(columns="reason"))


# --- GeoPackage


def test_a_geopackage_has_a_layer_a_kind_with_a_style_each(tmp_path: Path) -> None:
    path = export(to_frame(MIXED), tmp_path / "e.gpkg")
    found = dict(pyogrio.list_layers(path))
    assert found == {
        "points": "Point",
        "lines": "MultiLineString",
        "areas": "MultiPolygon",
        "layer_styles": None,
    }
    with closing(sqlite3.connect(path)) as database:
        styles = database.execute("SELECT f_table_name, useAsDefault, styleQML FROM layer_styles").fetchall()
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert [(name, default) for name, default, _ in styles] == [("points", 1), ("lines", 1), ("areas", 1)]
    for number, (_, _, qml) in enumerate(styles):
        assert ET.fromstring(qml).findtext("layerGeometryType") == str(number)  # noqa: S314  our own


# --- GeoJSON sequences


def test_a_sequence_is_a_feature_a_line_with_separators_where_rfc_8142_has_them(tmp_path: Path) -> None:
    for suffix, start in ((".geojsonl", "{"), (".geojsons", "\x1e{"), (".geojsonseq", "\x1e{")):
        lines = export(to_frame(EVENTS), tmp_path / f"e{suffix}").read_text("utf-8").split("\n")[:-1]
        assert len(lines) == len(EVENTS)
        assert all(line.startswith(start) for line in lines)
        feature = json.loads(lines[2].removeprefix("\x1e"))
        assert isinstance(feature["properties"]["sources"], str)
        assert shape(feature["geometry"]).exterior.is_ccw


# --- KML


def kml(frame: gpd.GeoDataFrame, folder: Path) -> ET.Element:
    return ET.fromstring(export(frame, folder / "e.kml").read_bytes())  # noqa: S314  our own


def test_kml_has_a_folder_a_layer_and_time_spans(tmp_path: Path) -> None:
    root = kml(to_frame(MIXED), tmp_path)
    assert root.tag == "{http://www.opengis.net/kml/2.2}kml"
    folders = {
        f.findtext("k:name", "", KML): f.findall("k:Placemark", KML)
        for f in root.iterfind("k:Document/k:Folder", KML)
    }
    assert list(folders) == ["Meetings", "Clashes", "Aid", "Corridors"]
    marks = [mark for marks in folders.values() for mark in marks]
    assert len(marks) == len(MIXED)
    spans = [
        (m.findtext("k:TimeSpan/k:begin", None, KML), m.findtext("k:TimeSpan/k:end", None, KML))
        for m in marks
    ]
    assert spans.count((None, None)) == 2  # the undated are always shown
    assert ("2023-10-05T00:00:00Z", "2023-10-06T00:00:00Z") in spans
    styles = {f"#{style.get('id')}" for style in root.iterfind("k:Document/k:Style", KML)}
    assert {mark.findtext("k:styleUrl", "", KML) for mark in marks} <= styles
    order = [
        "name",
        "Snippet",
        "description",
        "TimeSpan",
        "styleUrl",
        "ExtendedData",
    ]  # as the schema has them
    for mark in marks:
        names = [child.tag.rpartition("}")[2] for child in mark]
        assert [n for n in names if n in order] == [n for n in order if n in names]


def test_kml_carries_the_columns(tmp_path: Path) -> None:
    frame = to_frame(EVENTS)
    marks = list(kml(frame, tmp_path).iter("{http://www.opengis.net/kml/2.2}Placemark"))
    data = [
        {d.get("name"): d.findtext("k:value", "", KML) for d in m.iterfind("k:ExtendedData/k:Data", KML)}
        for m in marks
    ]
    for row in data:
        [expected] = frame[frame["id"] == row["id"]].to_dict("records")[:1]
        assert {
            k: str(v).lower() if isinstance(v, bool) else str(v)
            for k, v in expected.items()
            if not (k == "geometry" or pd.isna(v))
        } == row


def test_gdal_reads_kml(tmp_path: Path) -> None:
    path = export(to_frame(MIXED), tmp_path / "e.kml")
    layers = [name for name, _ in pyogrio.list_layers(path)]
    frames = [gpd.read_file(path, layer=name) for name in layers]
    assert sum(map(len, frames)) == len(MIXED)
    granada = next(f for f in frames if len(f)).iloc[0]
    assert (granada.geometry.x, granada.geometry.y) == pytest.approx((-3.60667, 37.18817))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_kml(tmp_path: Path, text: str) -> None:
    [mark] = kml(hostile(text), tmp_path).iter("{http://www.opengis.net/kml/2.2}Placemark")
    data = {
        d.get("name"): d.findtext("k:value", "", KML) for d in mark.iterfind("k:ExtendedData/k:Data", KML)
    }
    readable = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe]", "\ufffd", text)
    assert data["evidence"] == readable.replace("\r\n", "\n").replace("\r", "\n")
    description = mark.findtext("k:description", "", KML)
    assert "<script" not in description  # what a balloon shows is HTML
    assert "<a " not in description


def test_only_addresses_of_the_web_become_links(tmp_path: Path) -> None:
    for url, linked in (
        ("https://example.org/a?b=1&c=\"'", True),
        ("javascript:alert(1)", False),
        ("http://[", False),
    ):
        frame = to_frame([event(told=(evidence(doc_url=url),))])
        description = (
            next(kml(frame, tmp_path).iter("{http://www.opengis.net/kml/2.2}description")).text or ""
        )
        assert ("<a href=" in description) == linked
    assert "&quot;" not in description


# --- CSV


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_the_columns_a_time_stamp_a_point_and_wkt(tmp_path: Path) -> None:
    path = export(to_frame(MIXED), tmp_path / "e.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,")
    table = rows(path)
    assert list(table[0]) == [*COLUMNS, "timestamp", "lon", "lat", "wkt"]
    assert (table[0]["timestamp"], table[0]["start"], table[0]["disputed"]) == (
        "2023-10-05 00:00:00",
        "2023-10-05",
        "false",
    )
    assert (table[0]["lon"], table[0]["lat"], table[0]["wkt"]) == (
        "-3.60667",
        "37.18817",
        "POINT (-3.60667 37.18817)",
    )
    assert (table[2]["timestamp"], table[2]["start"], table[2]["year"]) == ("", "", "")
    for row, geometry in zip(table, to_frame(MIXED).geometry, strict=True):
        assert shapely.normalize(shapely.from_wkt(row["wkt"])).equals_exact(shapely.normalize(geometry), 1e-6)
        assert shapely.distance(geometry, Point(float(row["lon"]), float(row["lat"]))) < 1e-4


def test_pandas_and_gdal_read_the_csv(tmp_path: Path) -> None:
    path = export(to_frame(MIXED), tmp_path / "e.csv")
    assert list(pd.read_csv(path)["id"]) == list(to_frame(MIXED)["id"])
    read = pyogrio.read_dataframe(path, GEOM_POSSIBLE_NAMES="wkt", AUTODETECT_TYPE="YES")
    assert set(read.geometry.geom_type) == {
        "Point",
        "LineString",
        "Polygon",
        "MultiPolygon",
        "MultiLineString",
    }


@pytest.mark.parametrize("suffix", [".csv", ".acled.csv"])
@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_is_a_formula(tmp_path: Path, suffix: str, text: str) -> None:
    [row] = rows(export(hostile(text), tmp_path / f"e{suffix}"))
    numbers = {"lon", "lat", "longitude", "latitude"}
    assert [
        v for name, v in row.items() if name not in numbers and v.lstrip()[:1] in tuple("=+-@＝＋－＠")
    ] == []
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", "".join(row.values()))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1", "'=1"),
        (" =1", "' =1"),
        ("a=1", "a=1"),
        (-1.5, -1.5),
        (True, "true"),
        (None, ""),
        ("\x07", "\ufffd"),
        ("\n-1", "'\n-1"),
    ],
)
def test_cells(value: object, shown: object) -> None:
    assert cell(value) == shown


# --- ACLED's columns


def test_acled_columns_hold_our_codes(tmp_path: Path) -> None:
    table = rows(
        export(
            to_frame([*EVENTS, event(actors=("A", "B", "C"), told=(evidence(doc_source="Agency"),))]),
            tmp_path / "e.acled.csv",
        )
    )
    assert tuple(table[0]) == NAMES
    first, undated, last = table[0], table[2], table[-1]
    assert (first["event_date"], first["year"], first["time_precision"]) == ("2023-10-05", "2023", "1")
    assert (first["event_type"], first["sub_event_type"], first["location"]) == (
        "meetings",
        "CONSULT",
        "Granada",
    )
    assert (first["actor1"], first["actor2"], first["geo_precision"]) == ("Baku", "Yerevan", "1")
    assert "status=cancelled" in first["tags"]
    assert (undated["event_date"], undated["year"], undated["time_precision"]) == ("", "", "")
    assert (last["source"], last["actor2"]) == ("Agency", "B")
    assert "actor=C" in last["tags"]
    assert {row["fatalities"] for row in table} == {""}  # not told is not none


# --- shapes


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Point(1, 2), Point(1, 2)),
        (Point(1, 2, 3), Point(1, 2)),
        (LineString([(170, 0), (-170, 0)]), [(170, 180), (-180, -170)]),
        (LineString([(-170, 0), (170, 0)]), [(170, 180), (-180, -170)]),
        (LineString([(0, 0), (170, 5)]), LineString([(0, 0), (170, 5)])),
        (box(178, 0, 180, 2), box(178, 0, 180, 2)),
        (Polygon([(178, 0), (-178, 0), (-178, 2), (178, 2)]), [(178, 180), (-180, -178)]),
        (
            Polygon([(-180, -90), (180, -90), (180, -80), (-180, -80)]),
            Polygon([(-180, -90), (180, -90), (180, -80), (-180, -80)]),
        ),
    ],
)
def test_shapes_are_cut_at_the_antimeridian(given: shapely.Geometry, expected: Any) -> None:
    found = cut(given)
    assert found is not None
    if isinstance(expected, list):
        assert sorted((part.bounds[0], part.bounds[2]) for part in found.geoms) == sorted(expected)
    else:
        assert found.equals_exact(expected, 0)


def test_a_hole_is_cut_with_its_shell() -> None:
    shell, hole = [(170, 0), (-170, 0), (-170, 9), (170, 9)], [(178, 3), (-178, 3), (-178, 6), (178, 6)]
    found = cut(Polygon(shell, [hole]))
    assert isinstance(found, MultiPolygon)
    assert found.area == pytest.approx(20 * 9 - 4 * 3)
