"""Patterns: the ways to tell of an event, and which of them the words of a sentence can complete at a head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias

from geo.events.forms import Form
from geo.events.notation import BE, GAP, GAP_LEFT, GAP_RIGHT, PREPOSITIONS, ROLES, Element
from geo.model import Status

Tagged: TypeAlias = tuple["Pattern", Form]
Needs: TypeAlias = tuple[tuple[frozenset[str], int], ...]
Asking: TypeAlias = tuple[int, Tagged, frozenset[str] | None, frozenset[str] | None, Needs, Needs]
Asked: TypeAlias = tuple[frozenset[str] | None, frozenset[str] | None, Needs, Needs]
ANYWHERE = 1 << 16  # tokens, more than any sentence has
# Words beside a verb that do not keep its place from being its object: "cut off PLACE", "X was cut off".
PARTICLES = frozenset("off over out up down back away".split())
COMMON = PREPOSITIONS | BE | frozenset("the a an and have has had that".split())


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


class Fillers(IntEnum):
    """What places a sentence may have for the roles of a pattern: none, places, lines among them."""

    NONE = 0
    PLACE = 1
    LINE = 2


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


@lru_cache(maxsize=1 << 12)
def _commonness(words: frozenset[str]) -> tuple[int, int]:
    """How likely it is that a sentence has one of the words, as far as can be told from them alone."""
    return len(words & COMMON), len(words)


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
