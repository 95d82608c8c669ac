"""The words of many articles as numbers: each distinct word is looked at once, the articles are columns of word numbers.

Two edges stand before and after each article, so that every word has two neighbours on each side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np

from geo.gazetteer import CHAIN, JOINERS, MIX, WORD_KEYS, Gazetteer
from geo.text import ABBREVIATIONS, Analysis, fold
from geo.toponyms.features import EDGE, UNKNOWN, Scorer
from geo.toponyms.rules import PLAIN_WORDS, doubts, lets_stand
from geo.toponyms.spans import ARABIC, BEGINNING, BORDER_WORDS, DIVISIONS, SAYING
from geo.toponyms.words import (
    INITIALS,
    LOCATIVES,
    RUN_MARKS,
    RUN_PARTICLES,
    Word,
    remarkable_words,
    shape,
    vocabulary,
)

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Words = np.ndarray[Any, np.dtype[np.uint64]]

FLAGS = (
    "capital", "lower", "introduces", "opens_line", "second_in_line", "alphanumeric", "short", "long", "locative", "particle",
    "full_stop", "comma", "saying", "division", "beginning", "arabic", "joiner", "conjunction", "abbreviation", "border", "edge",
    "opens_organisation", "doubted", "perhaps_given", "doubts_next", "doubts_last", "lets_stand_next",
    "lets_stand_last",
)  # fmt: skip
CAPACITY = 1 << 16
NUMBERS_KEPT = 1 << 17  # a power of two
NO_TEXT = ""  # of an edge: no word has it
FAR_OFF = 1 << 40  # between edges and words


class Numbers(dict[str, int]):
    """Values by their numbers and back: the first ones asked for get the lowest numbers."""

    def __init__(self, *values: str) -> None:
        super().__init__((value, number) for number, value in enumerate(values))
        self.values_by_number = list(values)

    def __missing__(self, value: str) -> int:
        number = self[value] = len(self)
        self.values_by_number.append(value)
        return number


class Table(dict[str, int]):
    """Words by their numbers, with what is known of each in columns.

    The words and marks that the scorer's weights do not tell of are UNKNOWN to the columns `named`, `shape` and `mark`,
    so that these have few values.
    """

    def __init__(self, gazetteer: Gazetteer, scorer: Scorer) -> None:
        super().__init__()
        self.gazetteer, self.scorer, told = gazetteer, scorer, scorer.told
        self.vocabulary = vocabulary(gazetteer)
        self.endings = Numbers()
        self.forms = Numbers()
        self.classes = Numbers("")
        self.named = Numbers(UNKNOWN, EDGE, *(word for word in told if word not in (UNKNOWN, EDGE)))
        marks = {mark for word in told for mark in word} | {EDGE[0]}
        self.marks = Numbers(UNKNOWN, *sorted(marks - {UNKNOWN}))
        # what of a word is to be known beyond how it is written
        self._remarkable = remarkable_words(gazetteer) | SPECIAL_FOLDED.keys() | PLAIN_WORDS
        self._keys, self._vals = np.asarray(gazetteer.keys), np.asarray(gazetteer.vals)
        self._pending: list[tuple[int, ...]] = []
        self._pending_folded: list[str] = []
        self._filled = 0
        dtypes = (np.int32,) * 8 + (np.uint64,) * 2 + (np.int64,)
        self._columns = [np.zeros(CAPACITY, dtype) for dtype in dtypes]
        self._numbers, self._rows = np.zeros((2, NUMBERS_KEPT), np.int64)  # by the last digits of numbers
        _ = self[NO_TEXT]  # the first row, number 0

    def __missing__(self, text: str) -> int:
        folded = fold(text)
        form = folded or text
        if form in self._remarkable or text in SPECIAL:
            word = edge_word(self.gazetteer) if text == NO_TEXT else self.vocabulary[text]
            flags, outline, classes, form = _flags(word), word.shape, self.classes[word.classes], word.form
        else:
            outline, classes = shape(text), 0
            flags = _outer_flags(text, folded, outline)
        number = self[text] = len(self)
        known = self.named
        self._pending_folded.append(folded)
        self._pending.append((
            flags, self.forms[form], known.get(form, 0), known.get(outline, 0), self.marks.get(outline[0], 0), classes,
            self.endings[self.scorer.ending(form)], len(text),
        ))  # fmt: skip
        return number

    def rows(self, numbers: Ints, texts: Callable[[], Sequence[str]]) -> Ints:
        """The rows of words by their numbers in `Analysis`, 0 for edges; their texts are asked for if some were not met before."""
        slots = numbers & NUMBERS_KEPT - 1
        found: Ints = self._rows[slots]
        missed = np.flatnonzero(self._numbers[slots] != numbers)
        if missed.size:
            words = texts()
            found[missed] = [self[words[k]] for k in missed.tolist()]
            self._numbers[slots[missed]] = numbers[missed]  # of two numbers in one slot the last one stays
            self._rows[slots[missed]] = found[missed]
        return found

    def columns(self) -> list[Any]:
        """Flags (bits by FLAGS), form, named form, named shape, mark, classes, ending, length, hash, hash as a name's first, what stands there."""
        filled = len(self)
        if self._pending:
            if filled > len(self._columns[0]):
                self._columns = [np.concatenate((c, np.zeros(max(len(c), filled), c.dtype))) for c in self._columns]
            hashes = hash_tokens(self._pending_folded)
            openings = hashes ^ hashes >> np.uint64(31)  # as extend_hash(0, …)
            columns: tuple[Any, ...] = (*zip(*self._pending, strict=True), hashes, openings, self.probe(openings))
            for column, values in zip(self._columns, columns, strict=True):
                column[self._filled : filled] = values
            self._pending.clear()
            self._pending_folded.clear()
            self._filled = filled
        return self._columns

    def probe(self, hashes: Words) -> Ints:
        """As `Gazetteer.probe`, of many prefix hashes."""
        slots = (hashes >> np.uint64(self.gazetteer.shift)).astype(np.int64)
        found = np.zeros(len(hashes), np.int64)
        waiting = np.arange(len(hashes))
        while waiting.size:
            keys = self._keys[slots[waiting]]
            hit = keys == hashes[waiting]
            found[waiting[hit]] = self._vals[slots[waiting[hit]]]
            waiting = waiting[~hit & (keys != 0)]
            slots[waiting] += 1
        return found


def hash_tokens(folded: Sequence[str]) -> Words:
    """As `gazetteer.hash_token`, of many folded tokens."""
    data = [token.encode("utf-8", "surrogatepass") for token in folded]
    lengths = np.array([len(d) for d in data], np.uint64)
    eights = np.frombuffer(b"".join([d[:32].ljust(32, b"\0") for d in data]), "<u8").reshape(-1, 4)
    h = lengths * np.uint64(CHAIN)
    for k, key in enumerate(WORD_KEYS):
        mixed = h ^ eights[:, k] * np.uint64(key)
        h = np.where(lengths > 8 * k, mixed ^ mixed >> np.uint64(29), h)
    h = (h ^ h >> np.uint64(32)) * np.uint64(MIX)
    return h ^ h >> np.uint64(29)


def edge_word(gazetteer: Gazetteer) -> Word:
    """What stands before the first word and after the last."""
    edge = Word(EDGE, gazetteer)
    edge.text, edge.folded, edge.form, edge.shape, edge.classes = NO_TEXT, NO_TEXT, EDGE, EDGE, ""
    edge.capital = edge.introduces = edge.opens_line = False
    return edge


def _bit(flag: str) -> int:
    return 1 << FLAGS.index(flag)


def _outer_flags(text: str, folded: str, outline: str) -> int:
    """Bits in the order of FLAGS, of a word of which nothing is known but how it is written."""
    return (
        text[:1].isupper() | text.islower() << 1 | (outline in INITIALS) << 2 | text[:1].isalnum() << 5 | (len(text) <= 3) << 6
        | (len(folded) > 3) << 7 | (len(text) == 1 and ABBREVIATION)
    )  # fmt: skip


def _flags(word: Word) -> int:
    """Bits in the order of FLAGS."""
    doubted, perhaps_given, doubts_next, doubts_last = doubts(word)
    lets_next, lets_last = lets_stand(word)
    return (
        _outer_flags(word.text, word.folded, word.shape) | word.introduces << 2 | word.opens_line << 3 | word.second_in_line << 4
        | SPECIAL.get(word.text, 0) | SPECIAL_FOLDED.get(word.form, 0) | word.opens_organisation << DOUBTED - 1
        | doubted << DOUBTED | perhaps_given << DOUBTED + 1 | doubts_next << DOUBTED + 2 | doubts_last << DOUBTED + 3
        | lets_next << DOUBTED + 4 | lets_last << DOUBTED + 5
    )  # fmt: skip


def _bits(**words: Iterable[str]) -> dict[str, int]:
    """The bits of flags that special words have."""
    found: dict[str, int] = {}
    for flag, having in words.items():
        for word in having:
            found[word] = found.get(word, 0) | _bit(flag)
    return found


ABBREVIATION = _bit("abbreviation")
DOUBTED = FLAGS.index("doubted")
SPECIAL = _bits(
    full_stop=".", saying=SAYING, division=DIVISIONS, beginning=BEGINNING, arabic=ARABIC, joiner=JOINERS, conjunction=("and",),
    locative=LOCATIVES, particle=RUN_PARTICLES | RUN_MARKS, edge=(NO_TEXT,),
)  # fmt: skip
SPECIAL_FOLDED = _bits(comma=",", abbreviation=ABBREVIATIONS, border=BORDER_WORDS)


def _texts(analyses: Sequence[Analysis]) -> list[str]:
    """The words of articles with the edges around them."""
    edges = [NO_TEXT] * 2
    return [*edges, *chain.from_iterable((*a.words, *edges) for a in analyses)]


class Tokens:
    """The words of a batch of articles, edges between them, in one column, with what follows from neighbours."""

    def __init__(self, table: Table, analyses: Sequence[Analysis]) -> None:
        lengths = np.array([len(a.words) for a in analyses], np.int64)
        self.first = 2 + np.cumsum(lengths + 2) - lengths - 2  # of each article
        self.last = self.first + lengths
        self.article = np.repeat(np.arange(len(analyses) + 1), np.append(lengths + 2, 2))  # the edges go with what follows
        self.starts, numbers = np.zeros((2, len(self.article)), np.int64)
        for analysis, i, j in zip(analyses, self.first.tolist(), self.last.tolist(), strict=True):
            self.starts[i:j], numbers[i:j] = analysis.starts, analysis.numbers
        self.ids = ids = table.rows(numbers, lambda: _texts(analyses))
        columns = table.columns()
        self.flags, self.form, self.named, self.shape, self.mark, self.classes, self.ending = (c[ids] for c in columns[:7])
        self.hash, self.opening_hash, self.opening = columns[8:]
        self._having: dict[str, Bools] = {}
        self.lengths, edge = columns[7][ids], self.has("edge")
        self.gap: Ints = np.append(self.starts[1:] - self.starts[:-1], 0) - self.lengths  # between a token and the next one
        self.gap[edge] = self.gap[:-1][edge[1:]] = FAR_OFF
        self.close = self._close()
        begins = [first + k for a, first in zip(analyses, self.first.tolist(), strict=True) for k in a.sentence_bounds[:-1]]
        self.opens = np.zeros(len(ids), np.bool_)
        self.opens[begins] = True
        self.opens[1:] |= self.has("beginning")[:-1]

    def bounds(self, rows: Ints) -> list[int]:
        """Of rows, tokens in their order, the first of each article, and how many there are."""
        return np.searchsorted(rows, np.append(self.first, len(self.ids))).tolist()  # type: ignore[no-any-return]

    def by_article(self, rows: Ints) -> list[list[int]]:
        """Tokens in their order as each article counts its own."""
        inside, bounds = (rows - self.first[self.article[rows]]).tolist(), self.bounds(rows)
        return [inside[begin:end] for begin, end in pairwise(bounds)]

    def has(self, flag: str) -> Bools:
        """Which tokens have a flag."""
        if flag not in self._having:
            found: Bools = self.flags & (1 << FLAGS.index(flag)) != 0
            self._having[flag] = found
        return self._having[flag]

    def _close(self) -> Bools:
        """As `Article.close`, of each token and the next one."""
        stop, short = self.has("full_stop"), self.has("short")
        short_before = np.append(True, short[:-1])
        for at in self.first[(self.last > self.first) & stop[self.first]].tolist():
            # a stop that opens an article: Python's -1 takes its last word for the one before
            short_before[at] = short[self.last[self.article[at]] - 1]
        touching = np.append(stop[1:], False) | (stop & (self.gap == 0))
        own = np.where(stop, short_before, short)
        return (self.gap <= 1) & np.where(touching, own, ~stop | short_before)

    def next_in_name(self, at: Ints) -> Ints:
        """As `gazetteer._next_in_name`, of tokens; -1 for None."""
        joiner, stop, abbreviation = self.has("joiner"), self.has("full_stop"), self.has("abbreviation")
        following = at + 1
        going = np.flatnonzero(joiner[following])
        while going.size:
            joint = following[going]
            broken = (self.gap[joint - 1] != 0) | (stop[joint] & ~abbreviation[at[going]])
            following[going[broken]] = 0  # an edge
            going = going[~broken]
            following[going] += 1
            going = going[joiner[following[going]]]
        return np.where(self.gap[following - 1] <= 1, following, -1)
