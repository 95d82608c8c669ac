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
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

from geo.errors import TriggerError
from geo.events.forms import Form, noun_forms, verb_forms
from geo.events.notation import (
    BE,
    GAP,
    GAP_LEFT,
    GAP_RIGHT,
    PREPOSITIONS,
    ROLES,
    Element,
    Ways,
    expand,
    find_head,
)
from geo.model import LAYERS, Status
from geo.text import fold, tokenise

Cue = Literal[
    "cancelled", "refused", "denied", "planned", "proposed", "possible", "conditional", "unreal", "negated",
    "support", "factive", "speech", "elsewhere", "memory", "alleged", "topic",
]  # fmt: skip
Words: TypeAlias = tuple[frozenset[str], ...]
Heads: TypeAlias = dict[str, list[tuple["Pattern", Form]]]
Cues: TypeAlias = dict[str, list[tuple[Words, Cue]]]
Needs: TypeAlias = tuple[tuple[frozenset[str], int], ...]
Asking: TypeAlias = tuple[int, "Tagged", frozenset[str] | None, frozenset[str] | None, Needs, Needs]
Asked: TypeAlias = tuple[frozenset[str] | None, frozenset[str] | None, Needs, Needs]
Actors: TypeAlias = dict[str, list[tuple[tuple[str, ...], str]]]
LAYER_KEYS = {
    "layer": str, "plover": str, "status": str, "where": list, "countries": str, "hypothetical": str, "planned": str,
    "irregular": dict, "classes": dict, "trigger": list,
}  # fmt: skip
ENTRY_KEYS = {
    "what": str, "plover": str, "status": str, "dated": bool, "ignore": bool, "verbs": list, "nouns": list,
}  # fmt: skip
WORDS_KEPT = 1 << 16
ANYWHERE = 1 << 16  # tokens, more than any sentence has
# Words beside a verb that do not keep its place from being its object: "cut off PLACE", "X was cut off".
PARTICLES = frozenset("off over out up down back away".split())


@dataclass(frozen=True, slots=True)
class Layer:
    """How events of a layer are placed and what plans and possibilities make of them.

    `where`: the prepositions that put one somewhere; `countries`: whether a country may be the place
    ("any", "in": after that preposition only, "never"); `planned`, `hypothetical`: the status of the
    announced and of the merely possible, None if they are no event.
    """

    name: str
    where: frozenset[str]
    countries: Literal["any", "in", "never"]
    planned: Status | None
    hypothetical: Status | None


@dataclass(frozen=True, eq=False)
class Pattern:
    """One way to tell of an event: elements to the left of the head (nearest first) and to its right."""

    source: str
    layer: Layer
    what: str
    plover: str
    status: Status
    verb: bool
    dated: bool
    ignore: bool
    left: tuple[Element, ...]
    right: tuple[Element, ...]
    needs: tuple[frozenset[str], ...] = ()  # of each of these one word must stand in the sentence

    @cached_property
    def literals(self) -> frozenset[str]:
        """All words that the pattern asks for, but its head."""
        return frozenset().union(*self.needs)

    @cached_property
    def length(self) -> int:
        """How many words it has, its head among them."""
        return 1 + len(self.needs)

    @cached_property
    def fillers(self) -> Fillers:
        """What places it cannot be without; "A" and "B" are parties, of any name."""
        roles = {e for e in (*self.left, *self.right) if isinstance(e, str)} & (ROLES - {"A", "B"})
        return Fillers.LINE if "LINE" in roles else Fillers.PLACE if roles else Fillers.NONE

    @cached_property
    def key(self) -> frozenset[str]:
        """Of what it asks for, the words that are likely the rarest; the empty word, which is everywhere, if it asks for none."""
        return min(self.needs, key=_commonness, default=frozenset({""}))

    @cached_property
    def asks(self) -> Asked:
        """The words of which one must stand right before and after the head, if any, and those further off on either side.

        The latter each with the tokens within which they must stand.
        """
        near, then = (side[0] if side and isinstance(side[0], frozenset) else None for side in (self.left, self.right))
        # a gap to the left may reach beyond a comma, and a form of "be" stand for a whole verb group
        left, right = _within(self.left, GAP_LEFT + 1, BE), _within(self.right, GAP_RIGHT, frozenset())
        return near, then, left[near is not None :], right[then is not None :]

    @cached_property
    def object_at(self) -> int:
        """Where in `right` the place stands that is the verb's object ("shell PLACE", "hand over PLACE"), -1 if none does.

        In the passive it is the subject.
        """
        k = 0
        while k < len(self.right) and isinstance(self.right[k], frozenset) and self.right[k] <= PARTICLES:  # type: ignore[operator]
            k += 1
        return k if self.verb and k < len(self.right) and self.right[k] in ROLES else -1


def _within(side: Sequence[Element], gap: int, endless: frozenset[str]) -> Needs:
    """The words asked for on one side of a head, nearest first, each with the tokens from it within which they stand.

    A gap is of so many tokens; places and names, and what is `endless`, are of any number.
    """
    found, reach = [], 0
    for element in side:
        if isinstance(element, str):
            reach += gap if element == GAP else ANYWHERE
        else:
            reach += 1
            found.append((element, reach))
            reach += ANYWHERE if element == endless else 0
    return tuple(found)


Tagged: TypeAlias = tuple[Pattern, Form]

COMMON = PREPOSITIONS | BE | frozenset("the a an and have has had that".split())


@lru_cache(maxsize=1 << 12)
def _commonness(words: frozenset[str]) -> tuple[int, int]:
    """How likely it is that a sentence has one of the words, as far as can be told from them alone."""
    return len(words & COMMON), len(words)


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


class Fillers(IntEnum):
    """What places a sentence may have for the roles of a pattern: none, places, lines among them."""

    NONE = 0
    PLACE = 1
    LINE = 2


class Head:
    """The patterns of one head by a word that each asks for: in most sentences none of those words stands."""

    __slots__ = ("_by_key", "_by_word", "asks")

    def __init__(self, patterns: Sequence[Tagged]) -> None:
        self._by_key: dict[frozenset[str], list[tuple[int, Tagged]]] = {}  # numbered
        for numbered in enumerate(patterns):
            self._by_key.setdefault(numbered[1][0].key, []).append(numbered)
        self._by_word: dict[str, list[Asking]] = {}  # filled as words are met
        self.asks = _any_of(frozenset(self._by_key))  # one of these must be there

    def complete(self, words: AbstractSet[str], body: Sequence[str], k: int, elsewhere: AbstractSet[str]) -> list[Tagged]:
        """Those patterns, in order, for which all words are there, on their side of the head and within reach.

        `words` are those of the sentence, `body` its tokens with "" behind them, k its head; `elsewhere` are words that stand
        for others of them.
        """
        nearest, following = body[k - 1], body[k + 1]
        found: dict[int, Tagged] = {}
        for word in self.asks & words:
            for number, tagged, near, then, left, right in self._by_word.get(word) or self._asking(word):
                if (near and nearest not in near) or (then and following not in then):
                    continue
                for needed, reach in right:
                    if needed.isdisjoint(body[k + 1 : k + 1 + reach]):
                        break
                else:
                    for needed, reach in left:
                        if needed.isdisjoint(body[max(k - reach, 0) : k]) and needed.isdisjoint(elsewhere):
                            break
                    else:
                        found[number] = tagged
        return [found[number] for number in sorted(found)] if len(found) > 1 else list(found.values())

    def _asking(self, word: str) -> list[Asking]:
        """The patterns with a word in their key, numbered, with what they ask for."""
        found = self._by_word[word] = [
            (n, tagged, *tagged[0].asks) for key, patterns in self._by_key.items() if word in key for n, tagged in patterns
        ]
        return found


@lru_cache(maxsize=1 << 12)
def _any_of(needs: frozenset[frozenset[str]]) -> frozenset[str]:
    """All words of several sets; the forms of a verb share one."""
    return frozenset().union(*needs)


class HeadsByForm(dict[str, Head]):
    """Heads by their folded forms, made when they are first asked for, with those patterns that the places of a sentence allow."""

    def __init__(self, patterns: Mapping[str, Sequence[Tagged]], fillers: Fillers) -> None:
        super().__init__()
        self._patterns, self._fillers = patterns, fillers

    def __missing__(self, form: str) -> Head:
        head = self[form] = Head([tagged for tagged in self._patterns[form] if tagged[0].fillers <= self._fillers])
        return head


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
