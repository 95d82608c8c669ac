"""Triggers: the notation, the forms, and errors that say where and how to mend."""

from __future__ import annotations

import doctest
import tomllib
from pathlib import Path
from typing import Any

import pytest

import geo.events.triggers
from geo.errors import TriggerError
from geo.events.triggers import load_triggers, read_trigger_files, verb_forms
from geo.model import LAYERS
from tests.labelled_events import ROOT, bundled_triggers, case_events

EVENTS = ROOT / "gazetteer" / "events"


def test_bundled_patterns_cover_every_layer() -> None:
    triggers = bundled_triggers()
    assert triggers.count >= 400
    assert set(triggers.layers) == set(LAYERS) - {"mentions"}


def test_doctests() -> None:
    assert doctest.testmod(geo.events.triggers).failed == 0


@pytest.mark.parametrize(
    ("verb", "irregular", "form"),
    [
        ("deny", {}, "denied"),
        ("close", {}, "closing"),
        ("cancel", {}, "cancelled"),
        ("cancel", {}, "canceled"),
        ("reach", {}, "reaches"),
        ("ram", {}, "rammed"),
        ("visit", {}, "visited"),
        ("meet", {"meet": ["met", "met"]}, "met"),
        ("hit", {"hit": ["hit", "hit", "hitting"]}, "hitting"),
    ],
)
def test_verb_forms(verb: str, irregular: dict[str, list[str]], form: str) -> None:
    assert form in [word for word, _ in verb_forms(verb, irregular)]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"layer": "meeting", "trigger": []}, 'unknown layer "meeting"'),
        ({"layer": "meetings", "colour": "red"}, 'unknown key "colour"'),
        ({"layer": "meetings", "countries": "all"}, 'use "any", "in" or "never"'),
        ({"layer": "meetings", "where": ["banana"]}, '"banana", which is no preposition'),
        ({"layer": "meetings", "trigger": [{"what": "x"}]}, "trigger 1: has no patterns"),
        ({"layer": "meetings", "trigger": [{"verbs": ["meet in SPOT"]}]}, "unknown role SPOT; roles are"),
        (
            {"layer": "meetings", "trigger": [{"verbs": ["meet (in PLACE"]}]},
            "cannot be read; close every bracket",
        ),
        ({"layer": "meetings", "trigger": [{"verbs": ["PLACE ..."]}]}, "has no word to look for"),
        ({"layer": "meetings", "trigger": [{"verbs": [3]}]}, "cannot be read"),
        ({"layer": "meetings", "trigger": [{"verbs": "meet"}]}, "verbs must be a list"),
        ({"layer": "meetings", "trigger": [{"verbs": ["meet"], "status": "done"}]}, 'unknown status "done"'),
        ({"layer": "meetings", "irregular": {"meet": "met"}}, 'give "past participle"'),
        ({"cancelled": {"words": []}}, 'unknown key "words"'),
        ({"meetings": {}}, "is neither a layer nor a status"),
        ({"actors": [{"name": ""}]}, "line 2 has no name"),
    ],
)
def test_mistakes_are_named(table: dict[str, Any], message: str) -> None:
    with pytest.raises(TriggerError, match=r"extra\.toml") as caught:
        load_triggers({"extra.toml": table})
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            'layer = "meetings"\n\n[[trigger]]\nverbs = ["meet"]\n\n[[trigger]]\nverbs = ["talk in SPOT"]\n',
            "line 7",
        ),
        ('layer = "meetings"\n\n[[trigger]]\nverbs = ["meet"]\n\n[[trigger]]\nwhat = "x"\n', "line 6"),
        ('layer = "meetings"\nverbs = what\n', "line 2"),
    ],
)
def test_mistakes_in_files_name_file_and_line(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(TriggerError) as caught:
        read_trigger_files([path])
    assert "mine.toml" in str(caught.value)
    assert line in str(caught.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TriggerError, match=r"nowhere\.toml.*check the path"):
        read_trigger_files([tmp_path / "nowhere.toml"])


def test_an_extra_file_adds_to_a_layer_and_keeps_its_settings(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('layer = "clashes"\n[[trigger]]\nverbs = ["brawl"]\nnouns = ["punch-up (in|at) PLACE"]\n')
    triggers = read_trigger_files([*sorted(EVENTS.glob("*.toml")), path])
    assert triggers.count == bundled_triggers().count + 2
    assert triggers.layers["clashes"] == bundled_triggers().layers["clashes"]
    assert case_events("Fans brawled in [Leeds] on {Monday=2024-03-11}.", triggers) == [
        "clashes occurred Leeds"
    ]
    assert case_events("A punch-up at [Leeds] ended it.", triggers) == ["clashes occurred Leeds"]
    assert case_events("Fans may brawl in [Leeds].", triggers) == []


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("zap PLACE", "They zapped the port of [Odesa].", True),
        ("zap PLACE", "[Odesa] was zapped.", True),
        ("zap PLACE", "They zapped wildly.", False),
        ("zap [PLACE]", "They zapped it in [Odesa].", True),
        ("(zap|zop) ... of PLACE", "They zopped half of [Odesa].", True),
        ("zap ... of PLACE", "They zapped while the people of [Odesa] slept.", False),
        ("(green|blue) men ... *zap PLACE", "Blue men openly zapped [Odesa].", True),
        ("(green|blue) men ... *zap PLACE", "Red men zapped [Odesa].", False),
        ("zap A in PLACE", "They zapped Smith in [Odesa].", True),
        ("zap A in PLACE", "They zapped sheep in [Odesa].", False),
        ("be *zap at PLACE", "He was zapped at [Odesa].", True),
    ],
)
def test_notation(pattern: str, text: str, found: bool) -> None:
    triggers = load_triggers({"x.toml": {"layer": "clashes", "trigger": [{"verbs": [pattern]}]}})
    assert case_events(text, triggers) == (["clashes occurred Odesa"] if found else [])


def test_the_readme_explains_every_role() -> None:
    text = (EVENTS / "README.md").read_text("utf-8")
    assert all(f"`{role}`" in text for role in geo.events.triggers.ROLES)


def test_no_pattern_is_written_twice() -> None:
    for path in sorted(Path(EVENTS).glob("*.toml")):
        seen: set[tuple[str, str]] = set()
        for entry in tomllib.loads(path.read_text("utf-8")).get("trigger", []):
            for kind in ("verbs", "nouns"):
                for pattern in entry.get(kind, []):
                    assert (kind, pattern) not in seen, f"{path.name}: {pattern}"
                    seen.add((kind, pattern))
