"""How date expressions open: which rules may match at a word, going by it and the next.

Most words open no expression, and few of those that may ("the", "in", "12") do: two look-ups tell, and spare the rules.
A rule names its openings, each a first and a second word: a word, a class of words in capitals, "#" for a number, or
several of these with | between; "*" stands for any second word or none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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
_WORDS_KEPT = 1 << 16

_OPENINGS = sorted({opening for rule in RULES for opening in rule.openings})
_ANY = sum(1 << n for n, (_, second) in enumerate(_OPENINGS) if second == "*")


def _table(place: int) -> dict[str, int]:
    """For the first (0) or second (1) words, the openings in which each may stand: a set of bits."""
    table: dict[str, int] = {}
    for n, opening in enumerate(_OPENINGS):
        for name in opening[place].split("|"):
            for word in CLASSES.get(name, (name,)):
                table[word] = table.get(word, 0) | 1 << n
    return table


_FIRST, _SECOND = _table(0), _table(1)


def _look_up(table: dict[str, int], piece: str) -> int:
    if piece.isdigit():
        return table.get("YEAR" if piece in YEARS else "0" * len(piece), 0)
    return table.get(fold(piece) or piece, 0)


class _Firsts(dict[str, tuple[tuple[int, int, bool], ...]]):
    """Where in a word an expression may begin, with which openings, and whether the next word has to fit them yet."""

    def __missing__(self, word: str) -> tuple[tuple[int, int, bool], ...]:
        if len(self) > _WORDS_KEPT:
            self.clear()
        found = self[word] = tuple(self._openings(word))
        return found

    def _openings(self, word: str) -> Iterator[tuple[int, int, bool]]:
        pieces = [(match.start(), match[0]) for match in _PIECE.finditer(word)]
        for n, (offset, piece) in enumerate(pieces, 1):
            openings, ends = _look_up(_FIRST, piece), n == len(pieces)
            if not ends:
                openings &= _look_up(_SECOND, pieces[n][1]) | _ANY
            if openings:
                yield offset, openings, ends


class _Seconds(dict[str, int]):
    """The openings in which a word may stand second, by what it begins with."""

    def __missing__(self, word: str) -> int:
        if len(self) > _WORDS_KEPT:
            self.clear()
        piece = _PIECE.match(word)
        found = self[word] = (_look_up(_SECOND, piece[0]) if piece else 0) | _ANY
        return found


class _Fitting(dict[int, tuple[Rule, ...]]):
    """The rules that have any of some openings."""

    def __missing__(self, openings: int) -> tuple[Rule, ...]:
        found = self[openings] = tuple(
            rule for rule in RULES if any(openings >> _OPENINGS.index(o) & 1 for o in rule.openings)
        )
        return found


FIRSTS, SECONDS, FITTING = _Firsts(), _Seconds(), _Fitting()
