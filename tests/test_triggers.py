"""Triggers: the notation, the forms, and errors that say where and how to mend."""

from __future__ import annotations

import doctest
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import geo
import geo.events.forms
import geo.events.notation
import geo.events.triggers
from geo.errors import TriggerError
from geo.events.forms import verb_forms
from geo.events.triggers import load_triggers, read_trigger_files
from geo.model import LAYERS
from tests.labelled_events import ROOT, bundled_triggers, case_events

EVENTS = ROOT / "gazetteer" / "events"


def test_bundled_patterns_cover_every_layer() -> None:
    triggers = bundled_triggers()
    assert triggers.count >= 400
    assert set(triggers.layers) == set(LAYERS) - {"mentions"}


def test_doctests() -> None:
    assert doctest.testmod(geo.events.forms).failed == 0


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
        ({"actors": [{"name": "UN"}, {"name": " "}]}, "line 3 has no name"),
        ({"actors": [{"name": 3}]}, "line 2 has no name"),
        ({"actors": ["UN"]}, "line 2 has no name"),
        ({"actors": {"name": "UN"}}, "actors must be a list"),
        ({"layer": "meetings", "where": [["in"]]}, "which is no preposition"),
        ({"layer": "meetings", "trigger": [{"verbs": ["meet" + " [a|b]" * 40]}]}, "stands for over 10,000 ways"),
        ({"cancelled": {"phrases": ["PLACE"]}}, "has no word to look for"),
        ({"irregular": "meet"}, "irregular is not a table"),
        ({"classes": 1}, "classes is not a table"),
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


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("mine.toml", f"classes = {'[' * 5000}", "nested too deeply"),
        ("mine.toml", 'layer = "meetings"\n[[trigger]]\nverbs = ["""meet\n(in"""]\n', 'pattern "meet (in"'),
    ],
)
def test_files_that_no_parser_takes_are_refused_in_one_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(TriggerError) as caught:
        read_trigger_files([path])
    assert name in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_organisation_without_words_in_an_alias_is_known_by_the_others(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("name,aliases\nUnited Nations, |UN|\n")
    assert set(read_trigger_files([path]).organisations) == {"united", "un"}


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
    assert all(f"`{role}`" in text for role in geo.events.notation.ROLES)


def test_no_pattern_is_written_twice() -> None:
    for path in sorted(Path(EVENTS).glob("*.toml")):
        seen: set[tuple[str, str]] = set()
        for entry in tomllib.loads(path.read_text("utf-8")).get("trigger", []):
            for kind in ("verbs", "nouns"):
                for pattern in entry.get(kind, []):
                    assert (kind, pattern) not in seen, f"{path.name}: {pattern}"
                    seen.add((kind, pattern))


# --- an analyst's own file


DOC = ROOT / "docs" / "triggers.md"


def fenced(kind: str) -> list[str]:
    """The blocks of one kind in docs/triggers.md."""
    return re.findall(rf"```{kind}[^\n]*\n(.*?)```", DOC.read_text("utf-8"), re.DOTALL)


def test_the_worked_example_works(tmp_path: Path) -> None:
    (tmp_path / "fishing.toml").write_text(fenced("toml")[0], "utf-8")
    (tmp_path / "article.txt").write_text(fenced("text")[0], "utf-8")
    frame = geo.parse(tmp_path / "article.txt", events=[tmp_path / "fishing.toml"])
    told = frame[frame["layer"] != "mentions"]
    assert told[["layer", "start", "place"]].to_numpy().tolist() == [["blockades", "2024-03-11", "Esbjerg"]]
    assert "a vessel held" in told["reason"].iloc[0]
    plain = geo.parse(tmp_path / "article.txt")
    assert set(plain["layer"]) == {"mentions"}


@pytest.mark.parametrize("block", fenced("toml")[1:])
def test_the_other_blocks_are_in_the_form(tmp_path: Path, block: str) -> None:
    (tmp_path / "more.toml").write_text(f'layer = "clashes"\n{block}', "utf-8")
    read_trigger_files([*sorted(EVENTS.glob("*.toml")), tmp_path / "more.toml"])


def test_classes_are_spelt_out(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('layer = "clashes"\n[classes]\nboats = "trawler, fishing boat"\n[[trigger]]\nverbs = ["zap ... <boats>"]\n')
    triggers = read_trigger_files([path])
    assert case_events("They zapped a fishing boat in [Odesa].", triggers) == ["clashes occurred Odesa"]
    assert case_events("They zapped a car in [Odesa].", triggers) == []


def test_an_unknown_class_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('layer = "clashes"\n\n[[trigger]]\nverbs = ["zap <cats>"]\n')
    with pytest.raises(TriggerError, match=r'mine\.toml: line 4.*unknown class "<cats>"'):
        read_trigger_files([path])


def test_verbs_made_of_irregular_ones_share_their_forms() -> None:
    assert ("retook", "past") in verb_forms("retake", {"take": ["took", "taken"]})
