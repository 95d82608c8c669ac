"""Tokens, sentences and folding. Offsets always index the original text."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import accumulate
from typing import NamedTuple

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

    Tokens are kept in columns: token i is `words[i]`, `text[starts[i]:ends[i]]`.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    words: Sequence[str]
    sentences: tuple[tuple[int, int], ...]

    @cached_property
    def folded(self) -> Sequence[str]:
        """The folded form of each token."""
        return list(map(_FOLDED.__getitem__, self.words))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens as records: handy, but a text's columns are read several times as fast."""
        return _tokens(self.starts, self.ends, self.words)

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
    def sentence_bounds(self) -> list[int]:
        """The index of the first token of each sentence, and of the end of the last."""
        return [*(bisect_left(self.starts, start) for start, _ in self.sentences), len(self.starts)]

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
FORMS_KEPT = 1 << 16
DROPPED = {ord(mark): None for mark in ".'’ʼ‘ʻ`"}


class _Folded(dict[str, str]):
    """The folded forms of words, looked up without a call for those that came before."""

    def __missing__(self, word: str) -> str:
        if len(self) > FORMS_KEPT:
            self.clear()
        folded = self[word] = fold(word)
        return folded


_FOLDED = _Folded()


def tokenise(text: str) -> tuple[Token, ...]:
    """All words, numbers and marks of `text`, in order."""
    starts, ends, words, _ = _split(text)
    return _tokens(starts, ends, words)


def split_words(text: str) -> list[str]:
    """The texts of all words, numbers and marks of `text`, in order."""
    return TOKEN.split(text)[1::2]


def analyse(text: str) -> Analysis:
    """Tokens and sentences of `text`."""
    starts, ends, words, gaps = _split(text)
    return Analysis(text, starts, ends, words, tuple(_split_sentences(text, starts, ends, words, gaps)))


def _split(text: str) -> tuple[list[int], list[int], list[str], list[str]]:
    """Starts, ends and texts of the tokens, and the gaps: one before each token, one after the last."""
    parts = TOKEN.split(text)
    offsets = list(accumulate(map(len, parts)))
    return offsets[:-1:2], offsets[1::2], parts[1::2], parts[::2]


def _tokens(starts: Sequence[int], ends: Sequence[int], words: Sequence[str]) -> tuple[Token, ...]:
    # tuple.__new__ is what Token._make calls, without its Python
    return tuple(map(partial(tuple.__new__, Token), zip(starts, ends, words, map(fold, words), strict=True)))


def _split_sentences(
    text: str, starts: Sequence[int], ends: Sequence[int], words: Sequence[str], gaps: Sequence[str]
) -> list[tuple[int, int]]:
    """Offset pairs of the sentences: ended by a stop, a blank line or a line break that is no mere wrap."""
    if not words:
        return []
    final = len(words) - 1
    may_end = {i - 1 for i, gap in enumerate(gaps) if "\n" in gap}
    for i, word in enumerate(words):
        if word[-1] in STOPS:
            j = i + 1  # closing quotation marks belong to the sentence
            while j <= final and words[j] in QUOTES and starts[j] == ends[j - 1]:
                j += 1
            may_end.add(j - 1)
    wrapped = is_hard_wrapped(text)
    sentences: list[tuple[int, int]] = []
    first = 0  # index of the token that opens the sentence
    for i in sorted(may_end - {-1, final}):
        if _ends_sentence(starts, ends, words, gaps[i + 1], i, wrapped=wrapped):
            sentences.append((starts[first], ends[i]))
            first = i + 1
    sentences.append((starts[first], ends[final]))
    return sentences


def is_hard_wrapped(text: str) -> bool:
    """Whether lines are broken at a width, not at the ends of paragraphs: most breaks follow no full stop."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 4 or max(map(len, lines)) > 140:
        return False
    quotes = "".join(QUOTES)
    unfinished = sum(not line.rstrip(quotes).endswith((".", "!", "?", ":")) for line in lines)
    return unfinished > len(lines) / 2


def _ends_sentence(
    starts: Sequence[int], ends: Sequence[int], words: Sequence[str], gap: str, i: int, *, wrapped: bool
) -> bool:
    """Whether a sentence ends after token i, before `gap`."""
    following = words[i + 1]
    if "\n" in gap:
        if not wrapped or gap.count("\n") > 1:
            return True
        if following[0].isupper() and fold(following) in OPENERS and words[i] != ",":
            return True
    if not gap and following not in QUOTES:
        return False
    if following in QUOTES and not gap:
        return False  # the closing quotation mark belongs to the sentence
    k = i  # the last token before any closing quotation marks
    while k and words[k] in QUOTES and starts[k] == ends[k - 1]:
        k -= 1
    stop = words[k]
    if stop in ("!", "?", "…"):
        return not following[0].islower()
    if stop == ".":
        if k and ends[k - 1] == starts[k] and _abbreviated(words[k - 1], following):
            return False
        return not following[0].islower()
    # "U.S." carries its own stop: it ends the sentence only before a word that opens one.
    return stop.endswith(".") and len(stop) > 1 and following[0].isupper() and fold(following) in OPENERS


def _abbreviated(word: str, following: str) -> bool:
    if len(word) == 1 and word.isupper():
        return True  # an initial: "John F. Kennedy"
    folded = fold(word)
    if folded in ("no", "vs"):
        return folded == "vs" or following[0].isdigit()
    return word[0].isupper() and folded in ABBREVIATIONS and fold(following) not in OPENERS
