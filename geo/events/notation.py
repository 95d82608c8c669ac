"""How a pattern is written, and what it stands for: "fire ... (rockets|shells) at PLACE" → lists of elements.

The notation is explained to analysts in `gazetteer/events/README.md`.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from geo.errors import TriggerError
from geo.text import tokenise

Element: TypeAlias = frozenset[str] | str
"""Of a pattern: the folded words that fit, or the name of a role, or "..." for a gap."""

Classes: TypeAlias = Mapping[str, Sequence[str]]
"""Named lists of words: "<forces>" in a pattern stands for any of the words of the class."""

Way: TypeAlias = list[tuple[Element, bool]]
"""Of the ways to say something one: its elements, each with whether it is marked as the head."""

GAP = "..."
GAP_RIGHT, GAP_LEFT = 6, 9  # tokens that it may stand for
ROLES = frozenset({"PLACE", "ORIGIN", "DESTINATION", "LINE", "A", "B"})
BE = frozenset("be is are was were been being".split())
PREPOSITIONS = frozenset(
    """in at near on to into from of for with by over under off around across along through via against between among
    outside inside within beyond towards toward about after before until since during behind despite without upon onto
    amid throughout aboard per than like out around""".split()
)
PARTS = re.compile(r"\*?\([^()]*\)|\[[^\[\]]*\]|\.\.\.|\*?[^\s()\[\]]+")
MOST_WAYS = 10_000  # that a pattern may stand for; each choice in it multiplies them
SPELLINGS = {"ceasefire": "cease-fire", "ceasefires": "cease-fires"}  # one is written for both


class Ways(dict[str, list[Way]]):
    """Part of a pattern as written → the ways to say it: what patterns share is spelt out once.

    Raises TriggerError for what is not in the notation.
    """

    def __init__(self, classes: Classes) -> None:
        super().__init__()
        self._classes = classes
        self._choices: dict[tuple[str, bool], list[Way]] = {}

    def __missing__(self, part: str) -> list[Way]:
        marked = part.startswith("*")
        choices = part.lstrip("*").strip("[]()").split("|")
        ways = self[part] = _merged([way for choice in choices for way in self._spelt(choice, marked=marked)])
        if part.startswith("["):
            ways.append([])
        return ways

    def _spelt(self, choice: str, *, marked: bool) -> list[Way]:
        """The ways of a choice, with classes and other spellings spelt out."""
        ways = self._choices.get((choice, marked))
        if ways is None:
            spelt = _spellings(choice, self._classes)
            ways = self._choices[choice, marked] = [[(element, marked) for element in _elements(way)] for way in spelt]
        return ways


def expand(where: str, source: Any, ways: Ways) -> Iterator[tuple[list[Element], int | None]]:
    """The element lists that a pattern as written stands for, each with the index of its marked head.

    Raises TriggerError, naming `where` and the pattern, for what is not in the notation.
    """
    if not isinstance(source, str) or not source.strip() or PARTS.sub("", source).strip():
        raise TriggerError(
            f'{where}, pattern "{source}": cannot be read; close every bracket, write words and roles'
        )
    try:
        choices = [ways[part] for part in PARTS.findall(source)]
    except TriggerError as error:
        raise TriggerError(f'{where}, pattern "{source}": {error}') from None
    if math.prod(map(len, choices)) > MOST_WAYS:
        raise TriggerError(f'{where}, pattern "{source[:80]}": stands for over {MOST_WAYS:,} ways to say it; write several patterns')
    for choice in itertools.product(*choices):
        flat = [element for way in choice for element in way]
        marks = [i for i, (_, marked) in enumerate(flat) if marked]
        yield [e for e, _ in flat], (marks[0] if marks else None)


def _spellings(choice: str, classes: Classes) -> Sequence[str]:
    if choice.startswith("<"):
        if choice.strip("<>") not in classes:
            known = ", ".join(sorted(classes)) or "none"
            raise TriggerError(f'unknown class "{choice}"; classes are {known}')
        return classes[choice.strip("<>")]
    words = choice.split()
    other = [" ".join(SPELLINGS.get(w, w) for w in words)] if set(words) & SPELLINGS.keys() else []
    return [choice, *other]


def _merged(ways: list[Way]) -> list[Way]:
    """The ways of one word joined into one element, so that a choice of words costs no more than a word."""
    single: list[Way] = []
    longer: list[Way] = []
    for way in ways:
        (single if len(way) == 1 and isinstance(way[0][0], frozenset) else longer).append(way)
    if len(single) < 2:
        return ways
    joined = frozenset[str]().union(*[way[0][0] for way in single])
    return [[(joined, single[0][0][1])], *longer]


@lru_cache(maxsize=1 << 14)
def _elements(words: str) -> tuple[Element, ...]:
    found: list[Element] = []
    for word in words.split():
        if word == GAP or word in ROLES:
            found.append(word)
        elif word.isupper() and len(word) > 3:
            raise TriggerError(f"unknown role {word}; roles are {', '.join(sorted(ROLES))}")
        elif word == "be":
            found.append(BE)
        else:
            found.extend(_literal(word))
    return tuple(found)


@lru_cache(maxsize=1 << 14)
def _literal(word: str) -> tuple[frozenset[str], ...]:
    """The elements of a word that stands for itself; classes ask for the same words time and again."""
    return tuple(frozenset({token.folded}) for token in tokenise(word))


def find_head(elements: Sequence[Element], *, verb: bool) -> int | None:
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
