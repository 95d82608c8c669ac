"""A GeoNames dump adds its places to those that are there."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from geo.compile.dump import Divisions, dump_entries
from geo.compile.sources import Entry
from geo.compile.writer import write_gazetteer
from geo.errors import GazetteerError
from geo.gazetteer import Gazetteer
from geo.pipeline import recognise


def row(number: int, name: str, code: str, lat: float, lon: float, **cells: str) -> str:
    """A row in the dump's format: 19 columns, parted by tabs."""
    others = {"feature": "P", "country": "AM", "admin1": "08", "admin2": "", "alternates": "", "people": "0"} | cells
    return "\t".join(
        (
            str(number), name, name, others["alternates"], str(lat), str(lon), others["feature"], code, others["country"], "",
            others["admin1"], others["admin2"], "", "", others["people"], "", "0", "Asia/Yerevan", "2024-01-01",
        )
    )  # fmt: skip


ROWS = (
    row(1, "Syunik", "ADM1", 39.2, 46.4, feature="A"),
    row(2, "Goris Municipality", "ADM2", 39.5, 46.3, feature="A", admin2="77"),
    row(3, "Shurnukh", "PPL", 39.37, 46.42, people="207", admin2="77", alternates="Shurnux,Շուռնուխ,SHN"),
    row(4, "Vorotan River", "STM", 39.3, 46.5, feature="H"),
    row(5, "Old Goris", "PPLH", 39.5, 46.3),
    row(6, "Known already", "PPL", 39.5, 46.3),
)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "AM.txt"
    path.write_text("\n".join(ROWS) + "\n", "utf-8")
    return path


def added(path: Path) -> list[Entry]:
    return list(dump_entries(path, {6}, Divisions({}, {}), 10))


def test_rows_become_places_with_their_divisions(dump: Path) -> None:
    entries = added(dump)
    assert [(e.label, e.kind) for e in entries] == [
        ("Syunik", "admin1"), ("Goris Municipality", "admin2"), ("Shurnukh", "city"), ("Vorotan River", "water"),
    ]  # fmt: skip
    village = entries[2]
    assert (village.admin1, village.admin2, village.population, village.geonames) == (10, 11, 207, 3)
    assert set(village.names) == {"Shurnukh", "Shurnux"}


def test_a_zip_reads_like_its_text(dump: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "AM.zip", "w") as archive:
        archive.write(dump, "AM.txt")
        archive.writestr("readme.txt", "about")
    assert [e.label for e in added(tmp_path / "AM.zip")] == [e.label for e in added(dump)]


def test_what_is_there_already_keeps_its_place(dump: Path) -> None:
    divisions = Divisions({("AM", "08"): 3}, {(3, "goris"): 4})
    entries = list(dump_entries(dump, {6}, divisions, 10))
    assert [(e.label, e.admin1, e.admin2) for e in entries[:1]] == [("Shurnukh", 3, 4)]


def test_the_tool_works_with_it_unchanged(dump: Path, tmp_path: Path) -> None:
    out = tmp_path / "g.bin"
    write_gazetteer(dump_entries(dump, {6}, Divisions({}, {}), 0), {}, {}, {}, out)
    found = recognise("He lives in Shurnukh, Syunik.", gazetteer=Gazetteer(out))
    assert ("Shurnukh", "geonames:3") in {(t.text, t.place.id) for t in found if t.place}


@pytest.mark.parametrize(
    ("text", "words"),
    [("1\tx\n", ["AM.txt:1", "2 columns"]), (ROWS[0].replace("39.2", "north"), ["AM.txt:1", "north"])],
)
def test_a_bad_row_names_file_and_line(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "AM.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(GazetteerError) as error:
        added(path)
    assert [w for w in words if w not in str(error.value)] == []


def test_a_zip_of_something_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.txt", "")
        archive.writestr("b.txt", "")
    with pytest.raises(GazetteerError, match=r"one \.txt file"):
        added(tmp_path / "x.zip")
