from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.compile.writer import write_gazetteer
from geo.errors import GazetteerError, GeoError
from geo.gazetteer import FORMAT, MAGIC, NAME_KINDS, Gazetteer, default_path, name_tokens
from geo.text import analyse
from tests.gazetteers import bundled, compiled, entry

# --- the file


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "g.bin"
    write_gazetteer(
        [entry("Baku", "AZ", "Bakı", population=2_000_000)],
        {"titles": ["mr"]},
        {"a.toml": {"b": 1}},
        {"x": "1"},
        path,
    )
    return path


def with_header(path: Path, **changes: object) -> None:
    """Change fields of a file's header, its length kept."""
    data = path.read_bytes()
    length = int.from_bytes(data[8:16], "little")
    header = json.loads(data[16 : 16 + length]) | changes
    path.write_bytes(data[:16] + json.dumps(header).encode().ljust(length) + data[16 + length :])


def test_what_is_written_is_read(written: Path) -> None:
    g = Gazetteer(written)
    [(place, kind)] = g.look_up("baki")
    assert (len(g), g.label(place), g.country(place), g.kind(place), NAME_KINDS[kind]) == (
        1,
        "Baku",
        "AZ",
        "city",
        "alternate",
    )
    assert g.place(place).population == 2_000_000
    assert g.lexicon == {"titles": frozenset({"mr"})}
    assert g.triggers == {"a.toml": {"b": 1}}


def test_a_missing_file_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    assert_refused(tmp_path / "none.bin", "no gazetteer can be opened", "geo gazetteer build")


def test_a_folder_is_no_gazetteer(tmp_path: Path) -> None:
    assert_refused(tmp_path, "no gazetteer can be opened", "geo gazetteer build")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip", MAGIC[:4], b"\0" * 64])
def test_a_foreign_file_is_no_gazetteer(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "g.bin"
    path.write_bytes(content)
    assert_refused(path, "gazetteer", "geo gazetteer build")


@pytest.mark.parametrize(
    "content",
    [MAGIC, MAGIC + (9).to_bytes(8, "little") + b"{not json", MAGIC + (2).to_bytes(8, "little") + b"[]"],
)
def test_a_damaged_header_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "g.bin"
    path.write_bytes(content)
    assert_refused(path, "header is damaged", "geo gazetteer build")


def test_another_format_version_is_an_error(written: Path) -> None:
    with_header(written, format=FORMAT + 1)
    assert_refused(written, f"format {FORMAT + 1}, but this geo reads format {FORMAT}", "geo gazetteer build")


@pytest.mark.parametrize("lost", [1, 100, 10_000])
def test_a_truncated_file_is_an_error(written: Path, lost: int) -> None:
    written.write_bytes(written.read_bytes()[:-lost])
    assert_refused(written, "ends too early", "geo gazetteer build")


def test_a_header_without_a_section_is_an_error(written: Path) -> None:
    sections = Gazetteer(written).header["sections"]
    with_header(written, sections={name: place for name, place in sections.items() if name != "population"})
    assert_refused(written, "damaged", "geo gazetteer build")


def assert_refused(path: Path, *words: str) -> None:
    with pytest.raises(GazetteerError) as caught:
        Gazetteer(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    assert isinstance(caught.value, GeoError)
    assert [w for w in words if w not in message] == []


def test_the_environment_chooses_the_gazetteer(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEO_GAZETTEER", str(written))
    assert Gazetteer().path == written
    monkeypatch.delenv("GEO_GAZETTEER")
    assert default_path().parts[-3:] == ("geo", "data", "gazetteer.bin")


# --- names


def test_look_up_folds_case_diacritics_dots_and_joiners() -> None:
    g = compiled(
        [
            entry("São Paulo", "BR"),
            entry("St. Louis", "US"),
            entry("Nagorno-Karabakh"),
            entry("Côte d'Ivoire", "CI"),
        ]
    )
    for name in (
        "SAO PAULO",
        "são paulo",
        "St Louis",
        "st. louis",
        "Nagorno Karabakh",
        "Nagorno–Karabakh",
        "Cote d’Ivoire",
    ):
        assert len(g.look_up(name)) == 1, name
    for name in ("Sao", "Paulo", "São Paulo City", "St. Louis County", "", "-", "…"):
        assert g.look_up(name) == [], name


def test_the_most_populous_bearer_comes_first() -> None:
    g = compiled(
        [
            entry("Granada", "NI", population=89_000),
            entry("Granada", "ES", population=233_000),
            entry("Granada", "CO"),
        ]
    )
    assert [g.country(c.place) for c in g.look_up("granada")] == ["ES", "NI", "CO"]


def names_in(text: str, *names: str) -> list[str]:
    """The names matched anywhere in a text, as they stand there."""
    g = compiled([entry(name) for name in names])
    analysis = analyse(text)
    found = [m for i in range(len(analysis.words)) for m in g.matches(analysis, i)]
    return [text[analysis.starts[m.first] : analysis.ends[m.last - 1]] for m in found]


def test_matches_are_found_in_all_their_lengths() -> None:
    assert names_in("in New York City today", "York", "New York", "New York City") == [
        "New York",
        "New York City",
        "York",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("near Stratford-upon-Avon today", ["Stratford-upon-Avon"]),
        ("near Stratford upon Avon today", ["Stratford upon Avon"]),
        ("near Stratford–upon–Avon today", ["Stratford–upon–Avon"]),
        ("near Stratford\nupon Avon today", ["Stratford\nupon Avon"]),
        ("near STRATFORD UPON AVON today", ["STRATFORD UPON AVON"]),
        ("near Stratford, upon Avon", []),
        ("near Stratford - upon - Avon", []),
        ("near Stratford\n\nupon Avon", []),
        ("near Stratford. Upon Avon rain fell", []),
        ("near Stratford! Upon Avon", []),
        ("near Stratforduponavon", []),
    ],
)
def test_a_name_spans_hyphens_and_line_breaks_but_nothing_that_parts(text: str, found: list[str]) -> None:
    assert names_in(text, "Stratford-upon-Avon") == found


def test_the_stop_of_an_abbreviation_is_inside_a_name() -> None:
    assert names_in("in St. Louis now", "St Louis") == ["St. Louis"]
    assert names_in("in St Louis now", "St. Louis") == ["St Louis"]


words = st.from_regex(r"[A-ZÀ-Ý][a-zà-ÿ]{1,8}", fullmatch=True)
names = st.lists(words, min_size=1, max_size=4).map(" ".join)


@given(st.sets(names, min_size=1, max_size=30), names)
def test_every_name_is_found_and_no_other(given_names: set[str], other: str) -> None:
    g = compiled([entry(name, population=i) for i, name in enumerate(sorted(given_names))])
    for name in given_names:
        assert name in {g.label(c.place) for c in g.look_up(name)}
        analysis = analyse(f"in {name} today")
        assert any((m.first, m.last) == (1, len(analysis.words) - 1) for m in g.matches(analysis, 1))
    known = {tuple(name_tokens(name)) for name in given_names}
    assert bool(g.look_up(other)) == (tuple(name_tokens(other)) in known)


@given(st.lists(st.text(st.characters(), max_size=40), min_size=1, max_size=10))
def test_any_unicode_name_is_found_again(given_names: list[str]) -> None:
    g = compiled([entry("x", "", *given_names)])
    assert all(g.look_up(name) for name in given_names if name_tokens(name))


@given(st.lists(names, min_size=1, max_size=12))
def test_bytes_depend_on_the_entries_alone(
    tmp_path_factory: pytest.TempPathFactory, given_names: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("twice")
    files = [folder / "a.bin", folder / "b.bin"]
    for path in files:
        write_gazetteer([entry(name) for name in given_names], {"w": ["x"]}, {}, {"s": "1"}, path)
    assert files[0].read_bytes() == files[1].read_bytes()


# --- places


def test_a_place_keeps_its_point_its_division_and_its_details() -> None:
    line = {"type": "LineString", "coordinates": [[46.3, 39.5], [46.5, 39.6], [46.7, 39.8]]}
    state = entry("Illinois", "US", kind="admin1", admin1=0)
    city = entry(
        "Springfield", "US", lat=39.80172, lon=-89.64371, population=114_394, admin1=0, geonames=4250542
    )
    road = entry("Lachin corridor", kind="corridor", lat=39.6, lon=46.5)
    road.details = {
        "id": "geo:lachin",
        "geometry": line,
        "status": "closed",
        "valid_to": "2023",
        "disputed": True,
        "source": "s",
    }
    g = compiled([state, city, road])
    place = g.place(1)
    assert (place.id, place.name, place.admin1, place.lat, place.lon) == (
        "geonames:4250542", "Springfield", "Illinois", 39.80172, -89.64371,
    )  # fmt: skip
    corridor = g.place(2)
    assert (corridor.id, corridor.geometry, corridor.status, corridor.valid_to) == (
        "geo:lachin",
        line,
        "closed",
        "2023",
    )
    assert (corridor.disputed, corridor.details) == (True, {"source": "s"})


def test_countries_are_found_by_code() -> None:
    g = compiled(
        [entry("Chad", "TD", kind="country"), entry("Chad", "US"), entry("N'Djamena", "TD", kind="capital")]
    )
    assert g.country_places == {"TD": 0}


def test_the_bundled_gazetteer_knows_the_world() -> None:
    g = bundled()
    assert len(g) > 200_000
    assert g.header["attribution"]
    assert all(g.header["sources"].values())
