"""Keys of feature groups packed into integers, and what they are worth, for `geo.toponyms.batch_spans`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from geo.gazetteer import ABBREVIATION, CHAIN, CODE, Gazetteer, is_written_so
from geo.toponyms.batch_words import Bools, Floats, Ints, Table
from geo.toponyms.features import KEYS_KEPT, Key
from geo.toponyms.spans import NameFacts, name_facts

KINDS = ("N", "O", "", "country", "capital", "admin1", "code", "demonym", "region", "admin2", "city")
NO_NAME, NONE_THERE, NO_COMMA = range(3)
CODE_KIND, DEMONYM_KIND = KINDS.index("code"), KINDS.index("demonym")
SLOTS = 1 << 15  # of a group's memory of keys
WIDE, CLASS, KIND, FACTS = 12, 12, 4, 20  # bits in a key: of words and marks, of word lists, of kinds, of facts
LONG = WHOLE, _ = 2, 6  # the groups that see all tokens of a span
PACKED = 60 // WIDE  # tokens of a span that fit into a key
MOST_WORDS = (1 << WIDE) - 4  # that weights may tell of


class Facts(dict[int, int]):
    """Facts on names by their numbers; number 0 is for none. Name → number, -1 if it depends on how the name is written."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self.gazetteer = gazetteer
        self._written: dict[tuple[int, bool, bool], int] = {}
        self.facts: list[NameFacts | None] = [None]
        self.numbers: dict[NameFacts | None, int] = {None: 0}
        self.kind, self.primary = [NO_NAME], [-2]

    def number(self, facts: NameFacts | None) -> int:
        """The number of facts."""
        number = self.numbers.get(facts)
        if number is None or facts is None:
            number = self.numbers.setdefault(facts, len(self.facts))
            if facts is not None:
                self.facts.append(facts)
                self.kind.append(KINDS.index(facts.kind))
                self.primary.append(facts.primary)
        return number

    def __missing__(self, name: int) -> int:
        special = any(b.kind in (CODE, ABBREVIATION) for b in self.gazetteer.bearers(name))
        number = self[name] = -1 if special else self.number(name_facts(self.gazetteer, name))
        return number

    def as_written(self, name: int, surface: str, following: str) -> int:
        """The number of the facts on a name that is written so; 0 if nobody bears it so."""
        capitals, stop = is_written_so(CODE, surface, following), is_written_so(ABBREVIATION, surface, following)
        number = self._written.get((name, capitals, stop))
        if number is None:
            number = self._written[name, capitals, stop] = self.number(name_facts(self.gazetteer, name, capitals, stop))
        return number


class Worths(dict[int, float]):
    """Packed keys of a group → their worth."""

    def __init__(self, unpacked: Callable[[int], Key], worth: Mapping[Key, float]) -> None:
        super().__init__()
        self.unpacked, self.worth = unpacked, worth

    def __missing__(self, key: int) -> float:
        if len(self) >= KEYS_KEPT:
            self.clear()
        worth = self[key] = self.worth[self.unpacked(key)]
        return worth


class Memory:
    """The worths of packed keys of a group; what is asked for again is mostly found without Python."""

    def __init__(self, unpacked: Callable[[int], Key], worth: Mapping[Key, float]) -> None:
        self.recall = Worths(unpacked, worth).__getitem__
        self.keys = np.full(SLOTS, -1, np.int64)
        self.worths = np.zeros(SLOTS)

    def __call__(self, keys: Ints) -> Floats:
        """The worths of keys."""
        slots = ((keys.astype(np.uint64) * np.uint64(CHAIN)) >> np.uint64(49)).astype(np.int64)
        found = self.worths[slots]
        missed = np.flatnonzero(self.keys[slots] != keys)
        if missed.size:
            asked = keys[missed]
            found[missed] = list(map(self.recall, asked.tolist()))
            self.keys[slots[missed]] = asked  # of two keys in one slot the last one stays
            self.worths[slots[missed]] = found[missed]
        return found


def unpack(key: int, *widths: int) -> list[int]:
    """The parts of a key that was packed with these widths in bits."""
    parts = []
    for width in reversed(widths):
        parts.append(key & (1 << width) - 1)
        key >>= width
    return parts[::-1]


def pack(*parts: tuple[Ints | Bools, int]) -> Ints:
    """Columns in one: of each the values and how many bits they take (of the first it does not matter)."""
    key = parts[0][0].astype(np.int64)
    for part, width in parts[1:]:
        key = key << width | part
    return key


class Keys:
    """Packed keys of groups, unpacked: a method a group, or several groups that have keys of one form."""

    def __init__(self, table: Table, facts: Facts) -> None:
        self.facts = facts.facts
        self.words, self.endings = table.named.values_by_number, table.endings.values_by_number
        self.classes, self.marks = table.classes.values_by_number, table.marks.values_by_number
        self.of_groups: tuple[Callable[[int], Key], ...] = (
            self._word, self._ending, self._whole, self._before, self._pair, self._around, self._outline, self._pair, self._lists,
            self._lists_beside, self._what_is_known, self._capitals, self._use, self._next_name, self._run, self._end_of_run,
            self._end_of_run,
        )  # fmt: skip

    def _word(self, key: int) -> Key:
        return (self.words[key],)

    def _ending(self, key: int) -> Key:
        return (self.endings[key],)

    def _inside(self, key: int) -> str:
        words = []
        while key:
            words.append(self.words[(key & (1 << WIDE) - 1) - 1])
            key >>= WIDE
        return " ".join(reversed(words))

    def _whole(self, key: int) -> Key:
        return self._inside(key >> 3), key & 7

    def _outline(self, key: int) -> Key:
        return (self._inside(key),)

    def _before(self, key: int) -> Key:
        p1, p2, kind = unpack(key, WIDE, WIDE, KIND)
        return self.words[p1], self.words[p2], KINDS[kind]

    def _pair(self, key: int) -> Key:
        first, second = unpack(key, WIDE, WIDE)
        return self.words[first], self.words[second]

    def _around(self, key: int) -> Key:
        p1, n1, kind = unpack(key, WIDE, WIDE, KIND)
        return self.words[p1], self.words[n1], KINDS[kind]

    def _lists(self, key: int) -> Key:
        first, last, opens = unpack(key, CLASS, CLASS, 1)
        return self.classes[first], self.classes[last], bool(opens)

    def _lists_beside(self, key: int) -> Key:
        before, after = unpack(key, CLASS, CLASS)
        return self.classes[before], self.classes[after]

    def _what_is_known(self, key: int) -> Key:
        number, within, length, first, opens = unpack(key, FACTS, 1, 2, CLASS, 1)
        return self.facts[number], within, length, self.classes[first], bool(opens)

    def _capitals(self, key: int) -> Key:
        known, within, before, after, primary = unpack(key, 1, 1, WIDE, WIDE, 5)
        return known, within, self.marks[before], self.marks[after], primary - 2

    def _use(self, key: int) -> Key:
        person, place, low, primary = unpack(key, 2, 2, 1, 5)
        return person, place, bool(low), primary - 2

    def _next_name(self, key: int) -> Key:
        kind, following, comma = unpack(key, KIND, KIND, 1)
        return KINDS[kind], KINDS[following] + "," * comma

    def _run(self, key: int) -> Key:
        starts, ends, known, length, whole_run = unpack(key, 1, 1, 1, 3, 3)
        return bool(starts), bool(ends), known, length, whole_run

    def _end_of_run(self, key: int) -> Key:
        nothing, at, classes = unpack(key, 1, WIDE, CLASS)
        return ("", "") if nothing else (self.words[at], self.classes[classes])
