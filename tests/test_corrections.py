"""Corrections: what a person edits in a sheet is what the map shows, after an upgrade too, and never something else."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import geo
from geo.corrections import correct, read_corrections, write_review
from geo.corrections.cells import FORMULA, day_readings, plain, safe
from geo.corrections.sheet import SHEET
from geo.errors import CorrectionError, OutputError
from geo.formats import export, read_events
from geo.model import Event, Evidence
from geo.table import COLUMNS, to_frame
from tests.gazetteers import compiled, entry
from tests.test_table import LINE, event, evidence, place

Sheet = list[dict[str, str]]
Edit = Callable[[Sheet], None]

GAZETTEER = compiled(
    [
        entry("Spain", "ES", kind="country"), entry("Nicaragua", "NI", kind="country"),
        entry("Granada", "ES", population=230_000, lat=37.188, lon=-3.607, geonames=2517117),
        entry("Granada", "NI", population=89_000, lat=11.93, lon=-85.96, geonames=3619136),
        entry("Seville", "ES", "Sevilla", population=680_000, lat=37.38, lon=-5.98, geonames=2510911),
    ]
)  # fmt: skip


def reviewed(events: gpd.GeoDataFrame, folder: Path, edit: Edit) -> Path:
    """A sheet of the events, edited."""
    path = write_review(events, folder / "fixes.csv", overwrite=True)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    edit(rows)
    write_sheet(path, rows)
    return path


def write_sheet(path: Path, rows: Sheet, delimiter: str = ",") -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def corrected(events: gpd.GeoDataFrame, folder: Path, edit: Edit, later: gpd.GeoDataFrame | None = None) -> tuple[Any, list[str]]:
    """The rows of `later` (default: `events`) after the edit of a sheet of `events`, and the notes."""
    corrections = read_corrections(reviewed(events, folder, edit), GAZETTEER)
    frame, notes = correct(events if later is None else later, corrections)
    assert list(frame.columns) == [*COLUMNS, "geometry"]
    assert {name: str(frame[name].dtype) for name in COLUMNS} == COLUMNS
    assert frame.crs == "EPSG:4326"
    return list(frame.itertuples()), notes


def setting(**cells: str) -> Edit:
    """An edit of the first row."""
    return lambda rows: rows[0].update(cells)


ONE = to_frame([event()])


# --- what is changed -------------------------------------------------------------------------------------------------

CHANGES: list[tuple[dict[str, str], dict[str, object], str]] = [
    ({"layer": "clashes"}, {"layer": "clashes", "plover": ""}, "layer: meetings → clashes"),
    ({"date": "2024-02"}, {"start": "2024-02-01", "end": "2024-03-01", "precision": "month", "year": 2024}, "date: 2023-10-05 → 2024-02"),
    ({"date": "6 October 2022"}, {"start": "2022-10-06", "precision": "day", "year": 2022}, "date: 2023-10-05 → 2022-10-06"),
    ({"date": "25/12/2022"}, {"start": "2022-12-25"}, "date: 2023-10-05 → 2022-12-25"),
    ({"date": "06-Oct-22"}, {"start": "2022-10-06"}, "date: 2023-10-05 → 2022-10-06"),
    ({"place": "Sevilla"}, {"place": "Seville", "place_id": "geonames:2510911", "country": "ES"}, "place: Granada, ES → Seville, ES"),
    ({"place": "Granada, Nicaragua"}, {"place_id": "geonames:3619136", "country": "NI"}, "place: Granada, ES → Granada, NI"),
    ({"place": "geonames:3619136"}, {"place_id": "geonames:3619136"}, "place: Granada, ES → Granada, NI"),
    ({"lat": "37,5", "lon": "-3.25"}, {"place": "Granada", "place_id": "at:37.50000,-3.25000", "country": "ES"}, "place: Granada → Granada at 37.5, -3.25"),
    ({"place": "The old mill", "lat": "1", "lon": "2"}, {"place": "The old mill", "country": "", "place_kind": "point"}, "place: Granada → The old mill at 1, 2"),
    ({"note": "=Checked by A."}, {"layer": "meetings", "confidence": 0.83, "reason": "said so"}, "note: =Checked by A."),
    ({"layer": "aid", "note": "food"}, {"layer": "aid", "confidence": 1.0, "reason": "corrected by hand; before: said so"}, "layer: meetings → aid; note: food"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "facts", "told"), CHANGES)
def test_an_edited_cell_changes_the_event_and_says_so(
    tmp_path: Path, cells: dict[str, str], facts: dict[str, object], told: str
) -> None:
    [row], notes = corrected(ONE, tmp_path, setting(**cells))
    assert {name: getattr(row, name) for name in facts} == facts
    assert row.correction == told
    assert notes == ["corrections: 1 changed or noted, 0 dropped"]
    assert row.id == ONE["id"][0]


def test_a_point_moves_and_an_undated_event_loses_its_days(tmp_path: Path) -> None:
    [row], _ = corrected(ONE, tmp_path, setting(lat="40.5", lon="-3", date="none"))
    assert (row.geometry.x, row.geometry.y) == (-3, 40.5)
    assert (row.precision, pd.isna(row.year), pd.isna(row.start)) == ("none", True, True)


def test_dropped_events_are_gone(tmp_path: Path) -> None:
    events = to_frame([event(), event(layer="clashes")])
    [row], notes = corrected(events, tmp_path, setting(keep="Drop", note="not in the text"))
    assert (row.layer, row.correction) == ("clashes", "")
    assert notes == ["corrections: 0 changed or noted, 1 dropped"]


@pytest.mark.parametrize("where", [None, place(LINE, status="closed"), place(other_name="=HYPERLINK(1)", disputed=True)])
def test_a_sheet_that_nobody_edited_changes_nothing(tmp_path: Path, where: Any) -> None:
    events = to_frame([event(where), event(where, when=None), event(where, layer="aid")])
    path = reviewed(events, tmp_path, lambda _: None)
    assert read_corrections(path, GAZETTEER) == []
    assert_frame_equal(correct(events, [])[0], events)


# what spreadsheets of different countries make of a sheet that they only open and save
SAVED: list[dict[str, str]] = [
    {"date": "10/5/2023"}, {"date": "05/10/2023"}, {"date": "05.10.2023"}, {"date": "2023/10/05"}, {"date": "05-Oct-23"},
    {"date": "10/5/2023 0:00"}, {"lat": "37,18817", "lon": "-3,60667"}, {"lat": "37.188170", "lon": "-3.606670"}, {"keep": "KEEP"}, {"keep": ""},
]  # fmt: skip


@pytest.mark.parametrize("cells", SAVED)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheet_may_write_cells_anew(tmp_path: Path, cells: dict[str, str], delimiter: str) -> None:
    path = write_review(ONE, tmp_path / "fixes.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    write_sheet(path, [rows[0] | cells], delimiter)
    assert read_corrections(path, GAZETTEER) == []


def test_of_namesakes_the_one_in_the_same_country_is_taken_and_told(tmp_path: Path) -> None:
    seville = replace(place(), id="geonames:2510911", name="Seville")
    [row], notes = corrected(to_frame([event(seville)]), tmp_path, setting(place="Granada"))
    assert row.place_id == "geonames:2517117"
    assert notes[1].startswith("correction fixes.csv, row 2: 2 places are named 'Granada'; taken is geonames:2517117 in ES; write")


def test_later_sheets_go_on_from_earlier_ones(tmp_path: Path) -> None:
    first = read_corrections(reviewed(ONE, tmp_path, setting(layer="aid")), GAZETTEER)
    seen, _ = correct(ONE, first)
    second = read_corrections(reviewed(seen, tmp_path, setting(place="Sevilla")), GAZETTEER)
    [row] = correct(ONE, [*first, *second])[0].itertuples()
    assert row.correction == "layer: meetings → aid; place: Granada, ES → Seville, ES"
    assert row.reason == "corrected by hand; before: corrected by hand; before: said so"


def test_a_corrected_table_is_written_and_read_as_any_other(tmp_path: Path) -> None:
    frame, _ = correct(ONE, read_corrections(reviewed(ONE, tmp_path, setting(date="2021", note="<b>")), GAZETTEER))
    back = read_events(export(frame, tmp_path / "e.geojson"))
    assert (back["correction"][0], back["year"][0]) == ("date: 2023-10-05 → 2021; note: <b>", 2021)
    assert "2021.html" in {path.name for path in geo.write_maps(frame, tmp_path / "maps")}


# --- which event is meant --------------------------------------------------------------------------------------------

SENTENCE = "Talks in Granada, and talks again."


def told(sentence: str = "Talks in Granada.", doc: str = "a.txt", start: int = 9, mention: str = "Granada") -> tuple[Evidence, ...]:
    return (Evidence(sentence, mention, start, start + len(mention), doc),)


SURVIVES: list[tuple[str, list[Event], list[Event], int]] = [
    ("another status", [event()], [event(status="occurred")], 0),
    ("another date", [event()], [event(when=None)], 0),
    ("another place", [event()], [event(replace(place(), id="geonames:3619136"))], 0),
    ("a file that moved", [event(told=told())], [event(told=told(doc="news/a.txt"))], 0),
    ("other offsets", [event(told=told())], [event(told=told(start=90))], 0),
    ("another division into sentences", [event(told=told())], [event(told=told("It rained. Talks in Granada."))], 0),
    ("a new first report", [event(told=told())], [event(told=(*told("Talks.", "0.txt"), *told()))], 0),
    ("other spaces and accents", [event(told=told())], [event(told=told("Talks  in\nGranáda.", start=10, mention="Granáda"))], 0),
    ("two of one sentence", [event(), event(status="occurred")], [event(status="occurred"), event()], 1),
    ("the same sentence in two articles", [event(told=told())], [event(told=told(doc="b.txt")), event(told=told())], 1),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), [case[1:] for case in SURVIVES], ids=[case[0] for case in SURVIVES])
def test_corrections_survive_an_upgrade(tmp_path: Path, before: list[Event], after: list[Event], expected: int) -> None:
    rows, notes = corrected(to_frame(before), tmp_path, setting(note="seen"), to_frame(after))
    assert [number for number, row in enumerate(rows) if row.correction == "note: seen"] == [expected]
    assert len(notes) == 1


LOST: list[tuple[str, list[Event], list[Event]]] = [
    ("another layer", [event()], [event(layer="clashes")]),
    ("another sentence", [event(told=told())], [event(told=told("They met in Granada.", start=70))]),
    ("another text under the same name", [event(told=told())], [event(told=told("They met in Granada."), when=None)]),
    ("another mention of the sentence", [event(told=told(SENTENCE))], [event(told=told(SENTENCE, start=40, mention="Spain"))]),
    ("two that it fits equally well", [event(told=told())], [event(told=told(doc="b.txt")), event(told=told(doc="c.txt"))]),
    ("nothing at all", [event()], []),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), [case[1:] for case in LOST], ids=[case[0] for case in LOST])
def test_corrections_of_no_event_are_told_and_change_nothing(tmp_path: Path, before: list[Event], after: list[Event]) -> None:
    rows, notes = corrected(to_frame(before), tmp_path, setting(keep="drop"), to_frame(after))
    assert len(rows) == len(after)
    assert notes[0] == "corrections: 0 changed or noted, 0 dropped"
    assert "correction fixes.csv, row 2 fits " in notes[1]
    assert ONE["id"][0] in notes[1] or "e-" in notes[1]


def test_a_sheet_written_by_hand_needs_an_id_only(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(f"id,place\n{ONE['id'][0]},Sevilla\ne-0,Sevilla\n\n", "utf-8")
    frame, notes = correct(ONE, read_corrections(path, GAZETTEER))
    assert frame["place"][0] == "Seville"
    assert notes[1:] == ["correction mine.csv, row 3 fits no event of this run; nothing was changed (it was for e-0)"]


# --- the sheet -------------------------------------------------------------------------------------------------------


def test_the_sheet_is_safe_to_open_in_a_spreadsheet(tmp_path: Path) -> None:
    hostile = event(told=(evidence("=cmd|' /C calc'!A0", doc_title="@SUM(1)\nx"),), reason="-1+1", actors=("+1",))
    content = write_review(to_frame([hostile]), tmp_path / "r.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert tuple(row) == SHEET
    assert [name for name, cell in row.items() if cell.startswith(FORMULA)] == ["lon"]
    assert row["lon"] == "-3.60667"


def test_a_sheet_with_work_in_it_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("mine", "utf-8")
    with pytest.raises(OutputError, match="is there already, and may hold corrections; choose another name, or say --overwrite"):
        write_review(ONE, path)
    assert path.read_text("utf-8") == "mine"
    write_review(ONE, path, overwrite=True)
    assert [p.name for p in tmp_path.iterdir()] == ["r.csv"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"keep": "delete"}, "keep is 'delete'; write keep or drop"),
        ({"layer": "battles"}, "no layer 'battles'; the layers are meetings, agreements"),
        ({"date": "6/5/2023"}, "'6/5/2023' may be two days; write it as 2023-10-05"),
        ({"date": "2023-02-30"}, "'2023-02-30' is no date"),
        ({"date": "last week"}, "'last week' is no date"),
        ({"place": "Atlantis"}, "no place named 'Atlantis' in the gazetteer; write its lat and lon"),
        ({"place": "Granada, Atlantis"}, "no place named 'Granada, Atlantis'"),
        ({"place": "geonames:1"}, "no place named 'geonames:1'"),
        ({"lat": "91"}, "lat '91': no point on Earth"),
        ({"lat": "3718817.5"}, "lat '3718817.5': no point on Earth"),
        ({"lon": "west"}, "lon 'west': no point on Earth"),
        ({"was": "{"}, "the column “was” was changed"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_row(tmp_path: Path, cells: dict[str, str], words: str) -> None:
    with pytest.raises(CorrectionError, match=r"^fixes\.csv, row 2: ") as raised:
        corrected(ONE, tmp_path, setting(**cells))
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"keep,note\nkeep,x\n", "no column “id”; make the sheet with `geo review`"),
        (b"", "no column “id”"),
        ("id,note\ne-1,é\n".encode("cp1252"), "not UTF-8 at byte 12; save it as UTF-8 (in a spreadsheet: save as CSV UTF-8)"),
        (b'id,note\ne-1,"open\n', "not CSV"),
    ],
)
def test_what_is_no_sheet_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(CorrectionError) as raised:
        read_corrections(path, GAZETTEER)
    assert words in str(raised.value)
    with pytest.raises(CorrectionError, match=r"lost\.csv: cannot be read"):
        read_corrections(tmp_path / "lost.csv", GAZETTEER)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_a_cell_is_no_formula_and_is_read_back(text: str) -> None:
    assert not safe(text).startswith(FORMULA)
    assert plain(safe(text)) in {" ".join(text.split()), text.strip()}


@given(st.dates(min_value=dt.date(1000, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %B %Y"]))
def test_a_day_is_among_the_readings_of_every_form(day: dt.date, form: str) -> None:
    assert day.isoformat() in day_readings(day.strftime(form))


# --- the whole way ---------------------------------------------------------------------------------------------------


def test_corrections_reach_a_run_from_python(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Leaders met in Granada, Spain, on 5 October 2023.", "utf-8")
    events = geo.parse(tmp_path / "a.txt")
    met = events.index[events["layer"] == "meetings"][0]

    def edit(rows: Sheet) -> None:
        rows[met]["place"] = "Granada, Nicaragua"
        rows[met]["id"] = "e-of-another-version"

    sheet = reviewed(events, tmp_path, edit)
    with pytest.warns(UserWarning, match="corrections: 1 changed or noted, 0 dropped"):
        again = geo.parse(tmp_path / "a.txt", corrections=[sheet])
    assert list(again[again["correction"] != ""]["country"]) == ["NI"]
    assert len(again) == len(events)
