"""`--events` and `--no-merge`, and what the summary says was left out."""

from __future__ import annotations

from pathlib import Path

import pytest

import geo
from geo import cli
from geo.errors import TriggerError
from geo.formats import read_events

MINE = 'layer = "clashes"\n[[trigger]]\nwhat = "a brawl"\nverbs = ["brawl in PLACE"]\n'
TEXT = "LEEDS, England, March 12, 2024 - Fans brawled in Leeds on Monday. Fans brawled in Leeds on Monday again, police said."


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(TEXT)
    (tmp_path / "mine.toml").write_text(MINE)
    return path


def run(monkeypatch: pytest.MonkeyPatch, *args: object) -> int:
    monkeypatch.setattr("sys.argv", ["geo", *map(str, args)])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return int(stop.value.code or 0)


def clashes(path: Path) -> int:
    return int((read_events(path)["layer"] == "clashes").sum())


def test_extra_triggers_add_to_the_bundled_ones(monkeypatch: pytest.MonkeyPatch, article: Path, tmp_path: Path) -> None:
    out = tmp_path / "e.geojson"
    assert run(monkeypatch, "parse", article, "-o", out) == 0
    assert clashes(out) == 0
    assert run(monkeypatch, "parse", article, "-o", out, "--events", tmp_path / "mine.toml") == 0
    assert clashes(out) == 1
    assert run(monkeypatch, "parse", article, "-o", out, "--events", tmp_path / "mine.toml", "--no-merge") == 0
    assert clashes(out) == 2


def test_events_may_be_given_again_and_work_for_maps(monkeypatch: pytest.MonkeyPatch, article: Path, tmp_path: Path) -> None:
    (tmp_path / "more.toml").write_text('layer = "meetings"\n[[trigger]]\nnouns = ["chinwag in PLACE"]\n')
    out = tmp_path / "maps"
    code = run(
        monkeypatch, "map", article, "--out", out, "--events", tmp_path / "mine.toml", "--events", tmp_path / "more.toml"
    )
    assert code == 0
    assert clashes(out / "events.geojson") == 1


def test_a_mistake_names_file_and_line_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('layer = "clashes"\n\n[[trigger]]\nverbs = ["brawl in SPOT"]\n')
    out = tmp_path / "e.geojson"
    assert run(monkeypatch, "parse", article, "-o", out, "--events", bad) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"geo: {bad}: line 4:")
    assert err.count("\n") == 1
    assert not out.exists()


def test_python_takes_the_same(article: Path, tmp_path: Path) -> None:
    frame = geo.parse(article, events=[tmp_path / "mine.toml"], merge=False)
    assert (frame["layer"] == "clashes").sum() == 2
    with pytest.raises(TriggerError, match=r"nowhere\.toml"):
        geo.parse(article, events=[tmp_path / "nowhere.toml"])


def test_a_file_named_like_a_bundled_one_adds_to_it(article: Path, tmp_path: Path) -> None:
    path = tmp_path / "clashes.toml"
    path.write_text(MINE)
    article.write_text(TEXT + " Rebels captured Goma on Monday.")
    frame = geo.parse(article, events=[path])
    assert set(frame.loc[frame["layer"] == "clashes", "place"]) == {"Leeds", "Goma"}


def test_the_summary_says_why_events_have_no_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], article: Path, tmp_path: Path
) -> None:
    article.write_text("March 12, 2024\n\nThe two ministers met. " + "X, " * 600 + "ministers met.")
    assert run(monkeypatch, "parse", article, "-o", tmp_path / "e.geojson") == 0
    out = capsys.readouterr().out
    assert "no place is named with it: 1" in out
    assert "1 sentence too long" in out
