"""Triggers: the words that tell of an event, as data (`gazetteer/events/*.toml`), checked and indexed.

A file describes one layer: how its events are placed and the patterns that announce them. `status.toml`
holds the words that say whether an event happened, `actors.csv` the organisations. The notation of
patterns is explained in `gazetteer/events/README.md`.
"""

from __future__ import annotations

import csv
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

from geo.errors import TriggerError
from geo.model import LAYERS, Status
from geo.text import fold, tokenise

Form = Literal["base", "s", "past", "participle", "ing", "noun"]
Cue = Literal[
    "cancelled", "refused", "denied", "planned", "proposed", "possible", "conditional", "unreal", "negated",
    "support", "factive", "speech", "elsewhere", "memory", "alleged",
]  # fmt: skip
Element: TypeAlias = frozenset[str] | str
"""Of a pattern: the folded words that fit, or the name of a role, or "..." for a gap."""

GAP = "..."
ROLES = frozenset({"PLACE", "ORIGIN", "DESTINATION", "LINE", "A", "B"})
BE = frozenset("be is are was were been being".split())
PREPOSITIONS = frozenset(
    """in at near on to into from of for with by over under off around across along through via against between among
    outside inside within beyond towards toward about after before until since during behind despite without upon onto
    amid throughout aboard per than like out around""".split()
)
LAYER_KEYS = {
    "layer": str, "plover": str, "status": str, "where": list, "countries": str, "hypothetical": str, "planned": str,
    "irregular": dict, "trigger": list,
}  # fmt: skip
ENTRY_KEYS = {
    "what": str, "plover": str, "status": str, "dated": bool, "ignore": bool, "verbs": list, "nouns": list,
}  # fmt: skip
DOUBLING = re.compile(r"[^aeiou]*[aeiou][bdgklmnprtvz]")  # stop, stopped
VOWELS = frozenset("aeiou")


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


@dataclass(frozen=True, slots=True)
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

    @property
    def literals(self) -> frozenset[str]:
        """All words that the pattern asks for, but its head."""
        return frozenset(word for e in (*self.left, *self.right) if isinstance(e, frozenset) for word in e)

    @property
    def takes_object(self) -> bool:
        """Whether the place is the verb's object ("shell PLACE"), hence its subject in the passive."""
        return self.verb and bool(self.right) and self.right[0] in ROLES


@dataclass(frozen=True, slots=True)
class Triggers:
    """All patterns by the folded forms of their heads, status cues by first word, organisations by first word."""

    heads: Mapping[str, tuple[tuple[Pattern, Form], ...]]
    cues: Mapping[str, tuple[tuple[tuple[frozenset[str], ...], Cue], ...]]
    organisations: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    layers: Mapping[str, Layer]
    count: int


def read_trigger_files(paths: Iterable[str | Path]) -> Triggers:
    """The triggers of TOML files, and the organisations of CSV files with the columns name and aliases.

    Raises TriggerError, naming file and line, for what is not in the form.
    """
    tables: dict[str, Mapping[str, Any]] = {}
    texts: dict[str, str] = {}
    for path in map(Path, paths):
        try:
            texts[path.name] = text = path.read_text("utf-8")
            if path.suffix == ".csv":
                tables[path.name] = {"actors": list(csv.DictReader(text.splitlines()))}
            else:
                tables[path.name] = tomllib.loads(text)
        except OSError as error:
            raise TriggerError(f"{path}: cannot be read ({error.strerror}); check the path") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise TriggerError(f"{path}: not TOML in UTF-8 ({error}); mend that line") from None
    try:
        return load_triggers(tables)
    except TriggerError as error:
        raise TriggerError(_with_line(str(error), texts)) from None


def load_triggers(tables: Mapping[str, Mapping[str, Any]]) -> Triggers:
    """The triggers of parsed files, by file name.

    A table has a `layer` and its `trigger`s, or status cues, or `actors`. Raises TriggerError, naming file
    and entry.
    """
    heads: dict[str, list[tuple[Pattern, Form]]] = {}
    cues: dict[str, list[tuple[tuple[frozenset[str], ...], Cue]]] = {}
    actors: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    layers: dict[str, Layer] = {}
    count = 0
    for name, table in tables.items():
        if "layer" in table:
            count += _load_layer(name, table, heads, layers)
        elif "actors" in table:
            _load_actors(name, table["actors"], actors)
        else:
            _load_cues(name, table, cues)
    return Triggers(
        heads={word: tuple(dict.fromkeys(found)) for word, found in heads.items()},
        cues={word: tuple(sorted(found, key=lambda c: -len(c[0]))) for word, found in cues.items()},
        organisations={
            word: tuple(sorted(found, key=lambda a: -len(a[0]))) for word, found in actors.items()
        },
        layers=layers,
        count=count,
    )


# --- one file


def _load_layer(
    name: str,
    table: Mapping[str, Any],
    heads: dict[str, list[tuple[Pattern, Form]]],
    layers: dict[str, Layer],
) -> int:
    _check_keys(name, table, LAYER_KEYS)
    layer = layers[table["layer"]] = _layer(name, table, layers.get(table["layer"]))
    irregular = _irregular(name, table)
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
                _index(where, source, kind == "verbs", facts, layer, irregular, heads)
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
    where = frozenset(table.get("where", known.where if known else ["in", "at", "near"]))
    if wrong := where - PREPOSITIONS:
        raise TriggerError(f'{name}: where has "{min(wrong)}", which is no preposition; leave it out')
    return Layer(table["layer"], where, countries, outcome["planned"], outcome["hypothetical"])


def _load_cues(
    name: str, table: Mapping[str, Any], cues: dict[str, list[tuple[tuple[frozenset[str], ...], Cue]]]
) -> None:
    irregular = _irregular(name, table)
    for cue, lists in table.items():
        if cue == "irregular":
            continue
        if cue not in get_args(Cue):
            raise TriggerError(f'{name}: [{cue}] is neither a layer nor a status; start with layer = "…"')
        _check_keys(f"{name}: [{cue}]", lists, {"verbs": list, "phrases": list})
        for kind in ("verbs", "phrases"):
            for source in lists.get(kind, []):
                for elements, _ in _expand(f"{name}: [{cue}]", source):
                    words = [e for e in elements if isinstance(e, frozenset)]
                    if kind == "verbs":
                        words[0] = frozenset(f for w in words[0] for f, _ in verb_forms(w, irregular))
                    for first in words[0]:
                        cues.setdefault(first, []).append((tuple(words), cast("Cue", cue)))


def _load_actors(
    name: str, rows: Sequence[Mapping[str, str]], actors: dict[str, list[tuple[tuple[str, ...], str]]]
) -> None:
    for number, row in enumerate(rows, 2):
        if not row.get("name"):
            raise TriggerError(f"{name}: line {number} has no name; the columns are name,aliases")
        for alias in (row["name"], *filter(None, (row.get("aliases") or "").split("|"))):
            words = tuple(t.text for t in tokenise(alias))
            actors.setdefault(fold(words[0]), []).append((words, row["name"]))


def _irregular(name: str, table: Mapping[str, Any]) -> dict[str, list[str]]:
    """Verb → [past, participle, -ing form if that is irregular too]."""
    found = {}
    for verb, forms in table.get("irregular", {}).items():
        parts = forms.split() if isinstance(forms, str) else []
        if not 2 <= len(parts) <= 3:
            raise TriggerError(f'{name}: [irregular] {verb}: give "past participle" or "past participle ing"')
        found[verb] = parts
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
    where: str,
    source: Any,
    verb: bool,
    facts: Mapping[str, Any],
    layer: Layer,
    irregular: Mapping[str, list[str]],
    heads: dict[str, list[tuple[Pattern, Form]]],
) -> None:
    for elements, head in _expand(where, source):
        index = _head(elements, verb) if head is None else head
        words = elements[index] if index is not None else None
        if index is None or not isinstance(words, frozenset):
            raise TriggerError(f'{where}, pattern "{source}": has no word to look for; add one')
        pattern = Pattern(
            source=source, layer=layer, what=facts.get("what", layer.name), plover=facts["plover"],
            status=facts["status"], verb=verb, dated=facts.get("dated", False), ignore=facts.get("ignore", False),
            left=tuple(reversed(elements[:index])), right=tuple(elements[index + 1 :]),
        )  # fmt: skip
        for word in words:
            for form, tag in verb_forms(word, irregular) if verb else noun_forms(word):
                heads.setdefault(form, []).append((pattern, tag))


def _head(elements: Sequence[Element], verb: bool) -> int | None:
    """A verb pattern's head is its first word, a noun pattern's the last before a gap, role or preposition."""
    words = [i for i, e in enumerate(elements) if isinstance(e, frozenset)]
    if not words or verb:
        return words[0] if words else None
    last = words[0]
    for i in words[1:]:
        element = elements[i]
        if i != last + 1 or not isinstance(element, frozenset) or element & PREPOSITIONS or element & BE:
            break
        last = i
    return last


NOTATION = re.compile(r"\*?\([^()]*\)|\[[^\[\]]*\]|\.\.\.|\*?[^\s()\[\]]+")


def _expand(where: str, source: Any) -> Iterator[tuple[list[Element], int | None]]:
    """The element lists that a pattern as written stands for, each with the index of its marked head."""
    if not isinstance(source, str) or not source.strip() or NOTATION.sub("", source).strip():
        raise TriggerError(
            f'{where}, pattern "{source}": cannot be read; close every bracket, write words and roles'
        )
    choices: list[list[list[tuple[Element, bool]]]] = []
    for part in NOTATION.findall(source):
        optional = part.startswith("[")
        marked = part.startswith("*")
        body = part.lstrip("*").strip("[]()")
        ways = [[(e, marked) for e in _elements(where, source, way)] for way in body.split("|")]
        if len(ways) > 1 and all(len(w) == 1 and isinstance(w[0][0], frozenset) for w in ways):
            joined = frozenset(word for w in ways for word in cast("frozenset[str]", w[0][0]))
            ways = [[(joined, marked)]]
        choices.append([*ways, []] if optional else ways)
    for choice in itertools.product(*choices):
        flat = [element for way in choice for element in way]
        marks = [i for i, (_, marked) in enumerate(flat) if marked]
        yield [e for e, _ in flat], (marks[0] if marks else None)


def _elements(where: str, source: str, words: str) -> list[Element]:
    found: list[Element] = []
    for word in words.split():
        if word == GAP or word in ROLES:
            found.append(word)
        elif word.isupper() and len(word) > 3:
            raise TriggerError(
                f'{where}, pattern "{source}": unknown role {word}; roles are {", ".join(sorted(ROLES))}'
            )
        elif word == "be":
            found.append(BE)
        else:
            found.extend(frozenset({token.folded}) for token in tokenise(word))
    return found


# --- word forms


def verb_forms(verb: str, irregular: Mapping[str, Sequence[str]]) -> list[tuple[str, Form]]:
    """The folded forms of an English verb; `irregular` gives past and participle of those that need it.

    A form that is both is tagged participle.

    >>> [form for form, _ in verb_forms("deny", {})]
    ['deny', 'denies', 'denying', 'denied']
    """
    forms = irregular.get(verb, ())
    if verb.endswith("y") and verb[-2:-1] not in VOWELS:
        third, past, ing = f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    elif verb.endswith("e"):
        ing = f"{verb}ing" if verb.endswith(("ee", "oe", "ye")) else f"{verb[:-1]}ing"
        third, past = f"{verb}s", f"{verb}d"
    else:
        third = f"{verb}es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{verb}s"
        stem = verb + verb[-1] if DOUBLING.fullmatch(verb) else verb
        past, ing = f"{stem}ed", f"{stem}ing"
    if len(forms) > 2:
        ing = forms[2]
    first, second = (forms[0], forms[1]) if forms else (past, past)
    found: list[tuple[str, Form]] = [(verb, "base"), (third, "s"), (ing, "ing")]
    found += [(second, "participle")] if first == second else [(first, "past"), (second, "participle")]
    if verb.endswith(("el", "al")) and not forms:  # cancelled, cancelling beside canceled
        found += [(f"{verb}led", "participle"), (f"{verb}ling", "ing")]
    return found


def noun_forms(noun: str) -> list[tuple[str, Form]]:
    """A noun and its plural.

    >>> [form for form, _ in noun_forms("clash")]
    ['clash', 'clashes']
    """
    if noun.endswith("y") and noun[-2:-1] not in VOWELS:
        plural = f"{noun[:-1]}ies"
    else:
        plural = f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"
    return [(noun, "noun"), (plural, "noun")]


def _with_line(message: str, texts: Mapping[str, str]) -> str:
    """The message with the line of the file that it is about, found by the words that it quotes."""
    name, _, rest = message.partition(":")
    text = texts.get(name, "")
    quoted = re.findall(r'"([^"]+)"', rest)
    number = re.search(r"trigger (\d+)", rest)
    position = next((p for q in quoted if (p := text.find(q)) >= 0), -1)
    if position < 0 and number:
        starts = [m.start() for m in re.finditer(r"^\[\[trigger\]\]", text, re.MULTILINE)]
        position = starts[int(number[1]) - 1] if int(number[1]) <= len(starts) else -1
    return message if position < 0 else f"{name}: line {text.count(chr(10), 0, position) + 1}:{rest}"
