"""Tokens, sentences and folding. Offsets always index the original text."""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from itertools import accumulate, chain, compress, count
from operator import add
from typing import Any, NamedTuple

# Repeats are bounded, so that a word of a million marks needs no memory to go back in (possessive ones err before Python 3.11.5).
TOKEN = re.compile(
    r"""(
    [^\W\d_]+(?![^\W\d_]|\.[^\W\d_]|['’ʼ‘\u0300-\u036f])  # most words, at once: what follows leaves no other reading
  | (?:[^\W\d_]{1,3}\.){2,99}           # U.S. W.Va. e.g.
  | [^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*){0,99}(?:['’ʼ‘](?!s\b)[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*){0,99}){0,9}
                                      # words, with the apostrophe of d'Ivoire but not of Baku's
  | ['’]s\b                             # the possessive, on its own
  | \d+(?:[.,:]\d+){0,99}               # numbers
  | [^\w\s]                             # one mark
    )""",
    re.VERBOSE,
)

# Words that a full stop may follow inside a sentence.
ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof gov sen rep gen col lt maj capt sgt cpl pvt cmdr adm rev hon st mt ft jr sr no vs inc corp co ltd
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla ore pa tenn tex
    vt va wash wis wyo ont que alta sask man qld vic tas nfld pres approx dept""".split()
)
# A capitalised word of this kind after a bare line break opens a sentence; a name there may well go on.
OPENERS = frozenset(
    """the a an it he she they we i you this that these those there here in on at by for from with without but and or so yet
    if when while after before since during although though because as despite meanwhile both each some many most all
    its his her their our my your under over last next earlier later however""".split()
)
QUOTES = frozenset("\"'”’“‘)]»")
STOPS = frozenset(".!?…")


class Token(NamedTuple):
    """A word, number or mark: `text[start:end]`, and its folded form."""

    start: int
    end: int
    text: str
    folded: str


@dataclass(frozen=True)
class Analysis:
    """A text with its tokens and sentences (offset pairs, in order, not overlapping).

    Tokens are kept in columns: token i is `words[i]`, `text[starts[i]:ends[i]]`, `folded[i]` in its folded form. Equal `numbers`
    are those of equal words, in all texts that a process reads; a word may have several.
    `sentence_bounds` has the number of the first token of each sentence, and the number of tokens.
    """

    text: str
    words: Sequence[str]
    folded: Sequence[str]
    starts: Sequence[int]
    numbers: Sequence[int] = field(compare=False, repr=False)
    sentences: tuple[tuple[int, int], ...]
    sentence_bounds: Sequence[int]

    @cached_property
    def ends(self) -> Sequence[int]:
        """Where each token ends."""
        return list(map(add, self.starts, map(len, self.words)))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens as records: handy, but a text's columns are read several times as fast."""
        return _tokens(self.words, self.folded, self.starts)

    def offsets(self, first: int, last: int) -> tuple[int, int]:
        """Where tokens `first:last`, one at least, stand in the text."""
        return self.starts[first], self.starts[last - 1] + len(self.words[last - 1])

    def written(self, first: int, last: int) -> str:
        """Tokens `first:last`, one at least, as they stand in the text."""
        start, end = self.offsets(first, last)
        return self.text[start:end]

    def gap(self, i: int) -> int:
        """How many characters stand between token i and the next."""
        return self.starts[i + 1] - self.starts[i] - len(self.words[i])

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """The sentence that holds `offset`; the one before it if it lies between two."""
        if not self.sentences:
            return (0, len(self.text))
        return self.sentences[max(self.sentence_number(offset), 0)]

    def sentence_number(self, offset: int) -> int:
        """The number of the sentence that holds `offset` or is the last before it; −1 before the first."""
        return bisect_right(self._sentence_starts, offset) - 1

    def sentence_tokens(self, number: int) -> tuple[int, int]:
        """Indices [i, j) of the tokens of sentence `number`."""
        return self.sentence_bounds[number], self.sentence_bounds[number + 1]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    def token_range(self, start: int, end: int) -> tuple[int, int]:
        """Indices [i, j) of the tokens that begin in `text[start:end]`."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Lower case without diacritics, dots and apostrophes: "Naxçıvan" → "naxcivan", "U.S." → "us".

    Used as a key only; offsets never refer to folded text.
    """
    if word.isascii():
        return word.lower().translate(DROPPED) if not word.isalnum() else word.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).lower().replace("ß", "ss"))
    kept = (LETTERS.get(c, c) for c in decomposed if not unicodedata.combining(c))
    return "".join(kept).translate(DROPPED)


# Letters that Unicode does not decompose, by the ASCII that English text puts in their place.
LETTERS = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "a", "ħ": "h", "ŋ": "n", "ŧ": "t",
}  # fmt: skip
DROPPED = {ord(mark): None for mark in ".'’ʼ‘ʻ`"}


def tokenise(text: str) -> tuple[Token, ...]:
    """All words, numbers and marks of `text`, in order."""
    words, folded, starts, *_ = _split(text)
    return _tokens(words, folded, starts)


def split_words(text: str) -> list[str]:
    """The texts of all words, numbers and marks of `text`, in order."""
    return TOKEN.split(text)[1::2]


def analyse(text: str) -> Analysis:
    """Tokens and sentences of `text`."""
    words, folded, starts, numbers, stops = _split(text)
    if not words:
        return Analysis(text, words, folded, starts, numbers, (), [0])
    ends = _stops(words, stops)
    if "\n" in text:
        ends = sorted({*ends, *_line_ends(text, words, starts)})
    firsts = [0, *(i + 1 for i in ends)]
    sentences = [(starts[i], starts[j] + len(words[j])) for i, j in zip(firsts, (*ends, len(words) - 1), strict=True)]
    return Analysis(text, words, folded, starts, numbers, tuple(sentences), [*firsts, len(words)])


def _tokens(words: Sequence[str], folded: Sequence[str], starts: Sequence[int]) -> tuple[Token, ...]:
    # tuple.__new__ is what Token._make calls, without its Python
    columns = zip(starts, map(add, starts, map(len, words)), words, folded, strict=True)
    return tuple(map(partial(tuple.__new__, Token), columns))


# --- tokens
#
# No token has a space or a line break in it, and to what a token may look ahead at they are the end of the text. So each
# stretch between two of them is split by itself, and news repeats its stretches.

PIECES_KEPT = 1 << 16
LONGEST_KEPT = 32


class _Known(dict[str, tuple[str, str, int]]):
    """Word → itself, its folded form and its number: the same objects each time, which are near at hand then.

    Numbers are from 1 on; none is given twice, also when words are forgotten.
    """

    def __init__(self) -> None:
        super().__init__()
        self._fresh = count(1)

    def __missing__(self, word: str) -> tuple[str, str, int]:
        folded = fold(word)
        known = word, word if folded == word else folded, next(self._fresh)
        if len(word) <= LONGEST_KEPT:
            if len(self) > PIECES_KEPT:
                self.clear()
            self[word] = known
        return known


class _Pieces(dict[str, tuple[Any, ...]]):
    """Stretch → its pieces, flat: of each the text, folded form, number, way to the next, and the words that make it an end.

    The way leads over what follows that is no token, such as the space after the stretch. What stands before the first
    token is a piece of its own, which has no text. The words that make it an end are those before which a sentence may end
    after it, as kinds of `_kind`.
    """

    def __missing__(self, stretch: str) -> tuple[Any, ...]:
        if stretch.isalpha():
            pieces: tuple[Any, ...] = (*_KNOWN[stretch], len(stretch) + 1, 0)
        else:
            pieces = tuple(_pieces(stretch))
        if len(stretch) <= LONGEST_KEPT:
            if len(self) > PIECES_KEPT:
                self.clear()
            self[stretch] = pieces
        return pieces


def _pieces(stretch: str) -> list[Any]:
    parts = TOKEN.split(stretch + " ")
    gaps, words = parts[::2], parts[1::2]
    pieces: list[Any] = ["", "", 0, len(gaps[0]), 0] if gaps[0] else []
    for i, word in enumerate(words):
        gap = gaps[i + 1]
        pieces += *_KNOWN[word], len(word) + len(gap), _ends_before(words, gaps, i) if gap else 0
    return pieces


_KNOWN = _Known()
_PIECES = _Pieces()


def _split(text: str) -> tuple[list[str], list[str], array[int], list[int], list[int]]:
    """Texts, folded forms, starts and numbers of the tokens, and the kinds of words before which a sentence may end after each."""
    text = text.replace("\n", " ")
    stretches = text.split(" ")
    if len(stretches) > len(text) // 3:
        stretches = [text]  # mostly space: a piece for each would take memory
    pieces = list(chain.from_iterable(map(_PIECES.__getitem__, stretches)))
    words, folded, numbers, stops = pieces[::5], pieces[1::5], pieces[2::5], pieces[4::5]
    starts = array("q", accumulate(pieces[3::5], initial=0))
    del starts[-1]
    if all(words):
        return words, folded, starts, numbers, stops
    folded, numbers, stops = ([*compress(column, words)] for column in (folded, numbers, stops))
    return [*filter(None, words)], folded, array("q", compress(starts, words)), numbers, stops


# --- sentences

# What a word is to the end of a sentence before it; a word in lower case is nothing of it.
OTHER, DIGIT, OPENER, CAPITAL_OPENER = 1, 2, 4, 8
ANY = OTHER | DIGIT | OPENER | CAPITAL_OPENER


@lru_cache(maxsize=1 << 14)
def _kind(word: str) -> int:
    if word[0].islower():
        return 0
    if word[0].isdigit():
        return DIGIT
    if fold(word) not in OPENERS:
        return OTHER
    return CAPITAL_OPENER if word[0].isupper() else OPENER


def _ends_before(words: Sequence[str], gaps: Sequence[str], i: int) -> int:
    """The kinds of words before which a sentence may end after word i, which a gap follows; `gaps[i]` stands before it."""
    while i and words[i] in QUOTES and not gaps[i]:
        i -= 1  # closing quotation marks belong to the sentence
    stop = words[i]
    if stop[-1] not in STOPS:
        return 0
    if len(stop) > 1:
        return CAPITAL_OPENER  # "U.S." carries its own stop: it ends the sentence only before a word that opens one
    return ANY if stop != "." or not i or gaps[i] else _stop_ends_before(words[i - 1])


def _stop_ends_before(word: str) -> int:
    """The kinds of words before which a full stop right after a word ends the sentence."""
    if len(word) == 1 and word.isupper():
        return 0  # an initial: "John F. Kennedy"
    folded = fold(word)
    if folded in ("no", "vs"):
        return ANY - DIGIT if folded == "no" else 0
    return OPENER | CAPITAL_OPENER if word[0].isupper() and folded in ABBREVIATIONS else ANY


def _stops(words: Sequence[str], stops: Sequence[int]) -> list[int]:
    """The tokens, but for the last, after which a sentence ends with a stop."""
    return [i for i in compress(range(len(words) - 1), stops) if stops[i] & _kind(words[i + 1])]


def _line_ends(text: str, words: Sequence[str], starts: Sequence[int]) -> Iterator[int]:
    """The tokens, but for the last, after which a sentence ends with a blank line or a line break that is no mere wrap."""
    wrapped = is_hard_wrapped(text)
    at = text.find("\n")
    while at >= 0 and (following := bisect_left(starts, at)) < len(words):
        start = starts[following]
        if following and (
            not wrapped
            or text.count("\n", at, start) > 1
            or (_kind(words[following]) == CAPITAL_OPENER and words[following - 1] != ",")
        ):
            yield following - 1
        at = text.find("\n", start)


def is_hard_wrapped(text: str) -> bool:
    """Whether lines are broken at a width, not at the ends of paragraphs: most breaks follow no full stop."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 4 or max(map(len, lines)) > 140:
        return False
    quotes = "".join(QUOTES)
    unfinished = sum(not line.rstrip(quotes).endswith((".", "!", "?", ":")) for line in lines)
    return unfinished > len(lines) / 2

