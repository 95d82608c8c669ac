"""How date expressions open: which rules may match at a word, going by it and the next.

Most words open no expression, and few of those that may ("the", "in", "12") do: two look-ups tell, and spare the rules.
A rule names its openings, each a first and a second word: a word, a class of words in capitals, "#" for a number, or
several of these with | between; "*" stands for any second word or none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from geo.dates.grammar import MONTHS, NUMBERS, ORDINALS, PARTS, RULES, SHIFTS, TENS, TIMES, Rule
from geo.text import fold

YEARS = frozenset(map(str, range(1500, 2100)))
CLASSES = {name: frozenset(words.split()) for name, words in {
    "MONTH": " ".join(MONTHS) + " january february march april june july august sept september october november december",
    "WEEKDAY": "mon monday tue tues tuesday wed wednesday thu thur thurs thursday fri friday sat saturday sun sunday",
    "MON": " ".join(MONTHS) + " sept", "SUN": "mon tue tues wed thu thur thurs fri sat sun",  # as abbreviated
    "UNIT": "day days week weeks month months quarter year years decade decades",
    "SEASON": "spring summer autumn fall winter", "TODAY": "yesterday today tomorrow tonight", "TIME": " ".join(TIMES),
    "DURING": "in during since until", "SHIFT": " ".join(SHIFTS), "PART": " ".join(PARTS), "TENS": " ".join(TENS),
    "COUNT": " ".join(NUMBERS), "ORDINAL": " ".join(ORDINALS), "TH": "st nd rd th", "FISCAL": "fiscal financial",
    "TO": "- – — to until till through", "MARK": "- / .", "COMMA": ",", "QUOTE": "' ’ ‘", "S": "s ' ’",
    "#": "0 00", "###": "0 00 000",  # numbers of so many digits
}.items()}  # fmt: skip
_PIECE = re.compile(r"\w+|\W")
_WORDS_KEPT, _PAIRS_KEPT = 1 << 16, 1 << 12

_OPENINGS = sorted({opening for rule in RULES for opening in rule.openings})


def _table(place: int) -> dict[str, int]:
    """For the first (0) or second (1) words, the openings in which each may stand: a set of bits."""
    table: dict[str, int] = {}
    for n, opening in enumerate(_OPENINGS):
        for name in opening[place].split("|"):
            for word in CLASSES.get(name, (name,)):
                table[word] = table.get(word, 0) | 1 << n
    return table


_FIRST, _SECOND = _table(0), _table(1)


def _standing(piece: str, table: dict[str, int]) -> int:
    """The openings in which a word, number or mark may stand."""
    if piece in YEARS:
        return table.get("YEAR", 0)
    return table.get("0" * len(piece) if piece.isdigit() else fold(piece) or piece, 0)


class Following(dict[str, tuple[Rule, ...]]):
    """The rules that may match where some openings begin, by the word that follows; `settled` if any may."""

    def __init__(self, openings: int, *, settled: bool) -> None:
        self._openings, self._settled = openings, settled

    def __missing__(self, word: str) -> tuple[Rule, ...]:
        if len(self) > _PAIRS_KEPT:
            self.clear()
        openings = self._openings
        if not self._settled:
            piece = _PIECE.match(word)
            openings &= _SECOND["*"] | (_standing(piece[0], _SECOND) if piece else 0)
        rules = self[word] = _rules(openings)
        return rules


_following = cache(Following)


@cache
def _rules(openings: int) -> tuple[Rule, ...]:
    """The rules that have any of some openings, in order."""
    return tuple(rule for rule in RULES if any(openings >> _OPENINGS.index(o) & 1 for o in rule.openings))


class _Starts(dict[str, tuple[tuple[int, Following], ...]]):
    """Where in a word an expression may start, with the rules that may match there by the word that follows."""

    def __missing__(self, word: str) -> tuple[tuple[int, Following], ...]:
        if len(self) > _WORDS_KEPT:
            self.clear()
        found = self[word] = tuple(self._read(word))
        return found

    def _read(self, word: str) -> Iterator[tuple[int, Following]]:
        pieces = [(match.start(), match[0]) for match in _PIECE.finditer(word)]
        for n, (offset, piece) in enumerate(pieces, 1):
            openings, ends = _standing(piece, _FIRST), n == len(pieces)
            if not ends:
                openings &= _SECOND["*"] | _standing(pieces[n][1], _SECOND)
            if openings:
                yield offset, _following(openings, settled=not ends)


STARTS = _Starts()
