"""`geo export` and `geo doctor`, summaries as JSON, silence on request, help, completion, the reference."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
import typer

import geo as package
from geo.cli import app
from geo.cli import doctor as doctor_command
from geo.formats import read_events
from tests.test_cli import Run, articles, assert_one_line, geo

ROOT = Path(__file__).parents[1]

__all__ = ["articles", "geo"]  # fixtures


# --- geo export, geo parse -o


def test_parse_writes_several_formats_and_export_makes_more(geo: Run, articles: Path, tmp_path: Path) -> None:
    result = geo("parse", articles, "-o", "e.gpkg", "-o", "e.geojson", "--style")
    assert result.code == 0
    assert result.out.splitlines()[-1] == "wrote e.gpkg; e.geojson"
    assert (tmp_path / "e.qml").is_file()
    result = geo("export", "e.gpkg", "-o", "e.kml", "-o", "out/e.csv")
    count = len(read_events(tmp_path / "e.geojson"))
    assert (result.code, result.out, result.err) == (0, f"{count} events: wrote e.kml; out/e.csv\n", "")
    assert (tmp_path / "out" / "e.csv").is_file()


def test_export_as_json(geo: Run, articles: Path) -> None:
    geo("parse", articles)
    [row] = geo("export", "events.geojson", "-o", "e.fgb", "--json").rows
    assert row["written"] == ["e.fgb"]
    assert row["events"] > 1


def test_the_texts_go_into_brats_archive(geo: Run, articles: Path, tmp_path: Path) -> None:
    geo("parse", articles)
    assert geo("export", "events.geojson", "-o", "e.brat.zip", "--articles", articles).code == 0
    with ZipFile(tmp_path / "e.brat.zip") as archive:
        assert {"goma.ann", "goma.txt", "granada.ann", "granada.txt"} < set(archive.namelist())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["events.geojson", "-o", "e.xlsx"], ["e.xlsx", "choose one of .geojson"]),
        (["events.geojson", "-o", "e.kml", "-o", "e.shp"], ["e.shp", "is no format of events"]),
        (["none.gpkg", "-o", "e.kml"], ["none.gpkg", "no such file of events"]),
        (["events.geojson", "-o", "e.ann"], ["write them as .brat.zip"]),
        (["events.geojson", "-o", "e.brat.zip", "--articles", "other"], ["not among the articles given"]),
        (["events.geojson", "-o", "e.kml", "--articles", "none"], ["none"]),
    ],
)
def test_what_cannot_be_exported_is_one_line(
    geo: Run, articles: Path, tmp_path: Path, arguments: list[str], words: list[str]
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "x.txt").write_text("Talks in Granada.")
    geo("parse", articles)
    assert_one_line(geo("export", *arguments), *words)
    assert not [*tmp_path.glob("e.*")]


def test_a_format_that_cannot_be_written_is_told_before_the_articles_are_read(
    geo: Run, articles: Path
) -> None:
    assert_one_line(geo("parse", articles, "-o", "e.geojson", "-o", "e.docx"), "e.docx")


# --- summaries as JSON, silence


@pytest.mark.parametrize("command", ["map", "parse"])
def test_the_summary_as_json(geo: Run, articles: Path, command: str) -> None:
    (articles / "broken.txt").write_bytes(b"\0")
    result = geo(command, articles, "--json")
    assert result.code == 1
    [row] = result.rows
    assert row["documents"] == 2
    assert len(row["failed"]) == 1
    assert row["events"]["clashes"] == 1
    assert "mentions" not in row["events"]
    assert all(Path(path).is_file() for path in row["written"])


@pytest.mark.parametrize("command", ["map", "parse"])
def test_quiet_leaves_only_errors(geo: Run, articles: Path, command: str) -> None:
    (articles / "picture.png").write_bytes(b"\x89PNG")
    assert geo(command, articles, "--quiet").out + geo(command, articles, "-q").err == ""
    (articles / "broken.txt").write_bytes(b"\0")
    result = geo(command, articles, "--quiet")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("geo: left out: ")


def test_export_quiet_prints_nothing_and_hushes_only_itself(geo: Run, articles: Path) -> None:
    (articles / "picture.png").write_bytes(b"\x89PNG")
    geo("parse", articles, "-q")
    result = geo("export", "events.geojson", "-o", "e.brat.zip", "--articles", articles, "-q")
    assert result.out + result.err == ""
    assert "note: skipped 1 file" in geo("places", articles, "--json").err


# --- geo doctor


def test_doctor_tells_versions_gazetteer_and_extras(geo: Run) -> None:
    result = geo("doctor", "--json")
    assert result.code == 0
    [row] = result.rows
    assert row["geo"] == package.__version__
    assert row["broken"] == []
    assert row["gazetteer"]["stamp"] == package.Gazetteer().header["stamp"]
    assert {"compile", "test"} <= set(row["extras"])
    assert all(row["packages"][name]["version"] for name in ("geopandas", "folium"))
    lines = geo("doctor").out.splitlines()
    assert lines[0].startswith(f"geo {package.__version__}, Python 3.")
    assert any(line.startswith("gazetteer ") and row["gazetteer"]["stamp"] in line for line in lines)


def test_doctor_names_what_is_broken_and_how_to_mend_it(
    geo: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor_command, "IMPORTED", ("typer", "no_such_package"))
    monkeypatch.setattr("importlib.metadata.requires", lambda _: ['nothing-here>=1; extra == "parquet"'])
    result = geo("doctor", "--gazetteer", tmp_path / "none.bin")
    assert result.code == 1
    assert "no_such_package None: BROKEN: ModuleNotFoundError" in result.out
    assert "pip install --force-reinstall no_such_package" in result.out
    assert f"gazetteer {tmp_path / 'none.bin'}: BROKEN: " in result.out
    assert "extra parquet: lacks nothing-here; run: pip install 'geo-news[parquet]'" in result.out


# --- help, completion, colours


def commands() -> list[list[str]]:
    """Every command as the words that call it."""
    top = typer.main.get_command(app)
    found = []
    for name, command in top.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", {})
        found += [[name], *([name, child] for child in inner)]
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_and_option_has_help(geo: Run, words: list[str]) -> None:
    result = geo(*words, "--help")
    assert (result.code, result.err) == (0, "")
    command = typer.main.get_command(app)
    for word in words:
        command = command.commands[word]  # type: ignore[attr-defined]
    assert command.help
    assert [p.name for p in command.params if not getattr(p, "help", None)] == []


def test_the_reference_is_current() -> None:
    made = subprocess.run([sys.executable, "tools/make_reference.py", "--check"], cwd=ROOT, check=False)
    assert made.returncode == 0, "run: python tools/make_reference.py"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; sys.argv[0] = 'geo'; from geo.cli import main; main()"
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=plain | environment,
    )


def test_the_shell_completes_commands() -> None:
    result = run(_GEO_COMPLETE="complete_bash", COMP_WORDS="geo ex", COMP_CWORD="1")
    assert result.stdout.split() == ["export"]


def test_no_color_is_honoured() -> None:
    coloured = run("--help", FORCE_COLOR="1", TERM="xterm-256color").stdout
    plain = run("--help", FORCE_COLOR="1", NO_COLOR="1", TERM="xterm-256color").stdout
    assert "\x1b[36m" in coloured or "\x1b[1;36m" in coloured
    assert "36m" not in plain
    found = run("gazetteer", "search", "Granada", NO_COLOR="1", TERM="xterm-256color")
    assert "\x1b" not in found.stdout
    assert json.loads(run("gazetteer", "info", "--json", NO_COLOR="1").stdout)["places"] > 1000
