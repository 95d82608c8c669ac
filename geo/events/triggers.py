"""Triggers: the words that tell of an event, as data (`gazetteer/events/*.toml`), checked and indexed.

A file describes one layer: how its events are placed and the patterns that announce them. `status.toml`
holds the words that say whether an event happened, `actors.csv` the organisations. The notation of
patterns is explained in `gazetteer/events/README.md`.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

from geo.errors import TriggerError
from geo.events.forms import Form, noun_forms, verb_forms
from geo.events.notation import BE, PREPOSITIONS, Element, Ways, expand, find_head
from geo.events.patterns import Fillers, HeadsByForm, Layer, Pattern, Tagged
from geo.model import LAYERS, Status
from geo.text import fold, tokenise

Cue = Literal[
    "cancelled", "refused", "denied", "planned", "proposed", "possible", "conditional", "unreal", "negated",
    "support", "factive", "speech", "elsewhere", "memory", "alleged", "topic",
]  # fmt: skip
Words: TypeAlias = tuple[frozenset[str], ...]
Heads: TypeAlias = dict[str, list[Tagged]]
Cues: TypeAlias = dict[str, list[tuple[Words, Cue]]]
Actors: TypeAlias = dict[str, list[tuple[tuple[str, ...], str]]]
LAYER_KEYS = {
    "layer": str, "plover": str, "status": str, "where": list, "countries": str, "hypothetical": str, "planned": str,
    "irregular": dict, "classes": dict, "trigger": list,
}  # fmt: skip
ENTRY_KEYS = {
    "what": str, "plover": str, "status": str, "dated": bool, "ignore": bool, "verbs": list, "nouns": list,
}  # fmt: skip
WORDS_KEPT = 1 << 16


@dataclass(frozen=True, slots=True)
class Triggers:
    """All patterns by the folded forms of their heads, status cues by first word, organisations by first word."""

    heads: Mapping[str, tuple[Tagged, ...]]
    cues: Mapping[str, Mapping[str, Sequence[tuple[Words, Cue]]]]  # by their second word too, "" for whatever follows
    organisations: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    layers: Mapping[str, Layer]
    count: int
    allowed: tuple[HeadsByForm, ...] = field(init=False, repr=False, compare=False)  # the heads, by the places of a sentence
    keys: frozenset[str] = field(init=False, repr=False, compare=False)  # the words by which patterns are found
    openings: Openings = field(init=False, repr=False, compare=False)  # the words with which a status cue may begin

    def __post_init__(self) -> None:
        object.__setattr__(self, "allowed", tuple(HeadsByForm(self.heads, fillers) for fillers in Fillers))
        keys = {pattern.key for pattern in {pattern for patterns in self.heads.values() for pattern, _ in patterns}}
        object.__setattr__(self, "keys", frozenset().union(*keys))
        object.__setattr__(self, "openings", Openings(self.cues))


class Openings(dict[str, bool]):
    """Folded word → whether a status cue may begin with it: one of the cues, or "he'll"."""

    def __init__(self, cues: Mapping[str, object]) -> None:
        super().__init__()
        self._cues = cues

    def __missing__(self, word: str) -> bool:
        if len(self) > WORDS_KEPT:
            self.clear()
        opens = self[word] = word in self._cues or word.endswith("ll")
        return opens


def read_trigger_files(
    paths: Iterable[str | Path], base: Mapping[str, Mapping[str, Any]] | None = None
) -> Triggers:
    """The triggers of TOML files, and the organisations of CSV files with the columns name and aliases.

    They add to the parsed files `base`, if given. Raises TriggerError, naming file and line, for what is
    not in the form.
    """
    tables: dict[str, Mapping[str, Any]] = dict(base or {})
    texts: dict[str, str] = {}
    for path in map(Path, paths):
        try:
            texts[str(path)] = text = path.read_text("utf-8")
            if path.suffix == ".csv":
                tables[str(path)] = {"actors": list(csv.DictReader(text.splitlines()))}
            else:
                tables[str(path)] = tomllib.loads(text)
        except OSError as error:
            raise TriggerError(f"{path}: cannot be read ({error.strerror}); check the path") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, csv.Error) as error:
            form = "CSV" if path.suffix == ".csv" else "TOML"
            raise TriggerError(f"{path}: not {form} in UTF-8 ({error}); mend that line") from None
        except RecursionError:
            raise TriggerError(f"{path}: nested too deeply; see README.md beside the bundled files") from None
    try:
        return load_triggers(tables)
    except TriggerError as error:
        raise TriggerError(_with_line(str(error), texts)) from None


def load_triggers(tables: Mapping[str, Mapping[str, Any]]) -> Triggers:
    """The triggers of parsed files, by file name.

    A table has a `layer` and its `trigger`s, or status cues, or `actors`, or `classes` of words; irregular
    verbs and classes serve all files. Raises TriggerError, naming file and entry.
    """
    heads: Heads = {}
    cues: Cues = {}
    actors: Actors = {}
    layers: dict[str, Layer] = {}
    classes: dict[str, Sequence[str]] = {}
    irregular: dict[str, list[str]] = {}
    for name, table in tables.items():
        irregular |= _irregular(name, table)
        classes |= _classes(name, table)
    count, ways = 0, Ways(classes)
    for name, table in tables.items():
        if "layer" in table:
            words = _Words(irregular | _irregular(name, table), ways)
            count += _load_layer(name, table, heads, layers, words)
        elif "actors" in table:
            _check_keys(name, table, {"actors": list, "irregular": dict, "classes": dict})
            _load_actors(name, table["actors"], actors)
        else:
            _load_cues(name, table, cues, _Words(irregular | _irregular(name, table), ways))
    return Triggers(
        heads={word: tuple(dict.fromkeys(found)) for word, found in heads.items()},
        cues={word: _by_second(sorted(found, key=lambda c: -len(c[0]))) for word, found in cues.items()},
        organisations={
            word: tuple(sorted(found, key=lambda a: -len(a[0]))) for word, found in actors.items()
        },
        layers=layers,
        count=count,
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """What patterns are spelt out with: irregular verbs, and the ways of their parts."""

    irregular: Mapping[str, Sequence[str]]
    ways: Ways


# --- one file


def _load_layer(
    name: str, table: Mapping[str, Any], heads: Heads, layers: dict[str, Layer], words: _Words
) -> int:
    _check_keys(name, table, LAYER_KEYS)
    layer = layers[table["layer"]] = _layer(name, table, layers.get(table["layer"]))
    defaults = {"plover": table.get("plover", ""), "status": table.get("status", "occurred")}
    count = 0
    for number, entry in enumerate(table.get("trigger", []), 1):
        where = f"{name}: trigger {number}"
        _check_keys(where, entry, ENTRY_KEYS)
        if not entry.get("verbs") and not entry.get("nouns"):
            raise TriggerError(f'{where}: has no patterns; give it verbs = ["…"] or nouns = ["…"]')
        facts = defaults | entry
        _check_status(where, facts["status"])
        for kind in ("verbs", "nouns"):
            for source in entry.get(kind, []):
                count += not entry.get("ignore", False)
                _index(where, source, kind == "verbs", facts, layer, words, heads)
    return count


def _layer(name: str, table: Mapping[str, Any], known: Layer | None) -> Layer:
    """The settings of a layer; those that a further file leaves out stay as they are."""
    if table["layer"] not in LAYERS or table["layer"] == "mentions":
        raise TriggerError(f'{name}: unknown layer "{table["layer"]}"; layers are {", ".join(LAYERS[:-1])}')
    countries = table.get("countries", known.countries if known else "any")
    if countries not in ("any", "in", "never"):
        raise TriggerError(f'{name}: countries = "{countries}"; use "any", "in" or "never"')
    outcome: dict[str, Status | None] = {}
    for key, default in (("planned", "planned"), ("hypothetical", "proposed")):
        stays = known is not None and key not in table and getattr(known, key) is None
        value = "drop" if stays else table.get(key, default)
        if value not in (default, "drop"):
            raise TriggerError(f'{name}: {key} = "{value}"; use "{default}" or "drop"')
        outcome[key] = None if value == "drop" else cast("Status", value)
    where = table.get("where", known.where if known else ["in", "at", "near"])
    for word in where:
        if not isinstance(word, str) or word not in PREPOSITIONS:
            raise TriggerError(f'{name}: where has "{word}", which is no preposition; leave it out')
    return Layer(table["layer"], frozenset(where), countries, outcome["planned"], outcome["hypothetical"])


def _load_cues(name: str, table: Mapping[str, Any], cues: Cues, words: _Words) -> None:
    for cue, lists in table.items():
        if cue in ("irregular", "classes"):
            continue
        if cue not in get_args(Cue):
            raise TriggerError(f'{name}: [{cue}] is neither a layer nor a status; start with layer = "…"')
        _check_keys(f"{name}: [{cue}]", lists, {"verbs": list, "phrases": list})
        for kind in ("verbs", "phrases"):
            for source in lists.get(kind, []):
                for elements, _ in expand(f"{name}: [{cue}]", source, words.ways):
                    parts = [e for e in elements if isinstance(e, frozenset)]
                    if not parts:
                        raise TriggerError(f'{name}: [{cue}], pattern "{source}": has no word to look for; add one')
                    if kind == "verbs":
                        parts[0] = frozenset(f for w in parts[0] for f, _ in verb_forms(w, words.irregular))
                    for first in parts[0]:
                        cues.setdefault(first, []).append((tuple(parts), cast("Cue", cue)))


def _by_second(cues: Sequence[tuple[Words, Cue]]) -> dict[str, list[tuple[Words, Cue]]]:
    """The status cues of one first word by the second, those of one word with each; "" is for any other word."""
    seconds = frozenset({""}).union(*(words[1] for words, _ in cues if len(words) > 1))
    return {second: [c for c in cues if len(c[0]) == 1 or second in c[0][1]] for second in seconds}


def _load_actors(name: str, rows: Sequence[Any], actors: Actors) -> None:
    for number, row in enumerate(rows, 2):
        title, aliases = (row.get(key) or "" for key in ("name", "aliases")) if isinstance(row, Mapping) else ("", "")
        if not isinstance(title, str) or not isinstance(aliases, str) or not title.strip():
            raise TriggerError(f"{name}: line {number} has no name; the columns are name,aliases")
        for alias in (title, *aliases.split("|")):
            if words := tuple(t.text for t in tokenise(alias)):
                actors.setdefault(fold(words[0]), []).append((words, title))


def _irregular(name: str, table: Mapping[str, Any]) -> dict[str, list[str]]:
    """Verb → [past, participle, -ing form if that is irregular too]."""
    found = {}
    for verb, forms in _subtable(name, table, "irregular").items():
        parts = forms.split() if isinstance(forms, str) else []
        if not 2 <= len(parts) <= 3:
            raise TriggerError(f'{name}: [irregular] {verb}: give "past participle" or "past participle ing"')
        found[verb] = parts
    return found


def _classes(name: str, table: Mapping[str, Any]) -> dict[str, list[str]]:
    """Class → its words, each one word or several; a class may name others ("<troops>")."""
    found: dict[str, list[str]] = {}
    for key, words in _subtable(name, table, "classes").items():
        if not isinstance(words, str):
            raise TriggerError(f"{name}: [classes] {key}: give the words in quotation marks, with commas between")
        found[key] = [" ".join(word.split()) for word in words.split(",") if word.strip()]
    return found


def _subtable(name: str, table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        raise TriggerError(f"{name}: {key} is not a table; begin it with [{key}]")
    return found


def _check_keys(where: str, table: Any, known: Mapping[str, type]) -> None:
    if not isinstance(table, Mapping):
        raise TriggerError(f"{where}: is not a table; see README.md beside the files")
    for key, value in table.items():
        if key not in known:
            raise TriggerError(f'{where}: unknown key "{key}"; keys are {", ".join(known)}')
        if not isinstance(value, known[key]):
            raise TriggerError(f'{where}: {key} must be a {known[key].__name__}, not "{value}"')


def _check_status(where: str, status: str) -> None:
    if status not in get_args(Status):
        raise TriggerError(f'{where}: unknown status "{status}"; use one of {", ".join(get_args(Status))}')


# --- one pattern


def _index(
    where: str, source: Any, verb: bool, facts: Mapping[str, Any], layer: Layer, words: _Words, heads: Heads
) -> None:
    spelt: dict[frozenset[str], list[tuple[str, Form]]] = {}
    patterns: dict[tuple[tuple[Element, ...], ...], Pattern] = {}
    for elements, head in expand(where, source, words.ways):
        index = find_head(elements, verb=verb) if head is None else head
        forms = elements[index] if index is not None else None
        if index is None or not isinstance(forms, frozenset):
            raise TriggerError(f'{where}, pattern "{source}": has no word to look for; add one')
        left, right = (tuple(map(_with_plurals, part)) for part in (elements[:index], elements[index + 1 :]))
        pattern = patterns.get((left, right))
        if pattern is None:
            pattern = patterns[left, right] = Pattern(
                source=source, layer=layer, what=facts.get("what", layer.name), plover=facts["plover"],
                status=facts["status"], verb=verb, dated=facts.get("dated", False), ignore=facts.get("ignore", False),
                left=left[::-1], right=right, needs=tuple(e for e in (*left, *right) if isinstance(e, frozenset)),
            )  # fmt: skip
        if forms not in spelt:
            spelt[forms] = [f for word in forms for f in (verb_forms(word, words.irregular) if verb else noun_forms(word))]
        for form, tag in spelt[forms]:
            heads.setdefault(form, []).append((pattern, tag))


@lru_cache(maxsize=1 << 12)
def _with_plurals(element: Element) -> Element:
    """The words of an element with their plurals: who writes "ceasefire" means "ceasefires" too."""
    if isinstance(element, str) or element & PREPOSITIONS or element & BE:
        return element
    return element | {plural for word in element for plural, _ in noun_forms(word)[1:] if not word.endswith("s")}


def _with_line(message: str, texts: Mapping[str, str]) -> str:
    """The message with the line of the file that it is about, found by the words that it quotes."""
    name = next((n for n in texts if message.startswith(f"{n}:")), "")
    rest, text = message[len(name) + 1 :], texts.get(name, "")
    quoted = re.findall(r'"([^"]+)"', rest)
    number = re.search(r"trigger (\d+)", rest)
    position = next((p for q in quoted if (p := text.find(q)) >= 0), -1)
    if position < 0 and number:
        starts = [m.start() for m in re.finditer(r"^\[\[trigger\]\]", text, re.MULTILINE)]
        position = starts[int(number[1]) - 1] if int(number[1]) <= len(starts) else -1
    told = message if position < 0 or not name else f"{name}: line {text.count(chr(10), 0, position) + 1}:{rest}"
    return " ".join(told.split())  # what it quotes may have lines of its own
