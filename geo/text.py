"""Tokens, sentences and folding. Offsets always index the original text."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

# Repeats are possessive: they give nothing back, so that a word of a million marks needs no memory to go back in.
TOKEN = re.compile(
    r"""
    (?:[^\W\d_]{1,3}\.){2,}+            # U.S. W.Va. e.g.
  | [^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*+(?:['’ʼ‘](?!s\b)[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*+)*+
                                      # words, with the apostrophe of d'Ivoire but not of Baku's
  | ['’]s\b                             # the possessive, on its own
  | \d+(?:[.,:]\d+)*+                   # numbers
  | [^\w\s]                             # one mark
    """,
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
QUOTES = "\"'”’“‘)]»"


class Token(NamedTuple):
    """A word, number or mark: `text[start:end]`, and its folded form."""

    start: int
    end: int
    text: str
    folded: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """A text with its tokens and sentences (offset pairs, in order, not overlapping)."""

    text: str
    tokens: tuple[Token, ...]
    sentences: tuple[tuple[int, int], ...]

    def sentence_at(self, offset: int) -> tuple[int, int]:
        """The sentence that holds `offset`; the one before it if it lies between two."""
        if not self.sentences:
            return (0, len(self.text))
        index = bisect_right(self.sentences, offset, key=lambda span: span[0]) - 1
        return self.sentences[max(index, 0)]

    def token_range(self, start: int, end: int) -> tuple[int, int]:
        """Indices [i, j) of the tokens that begin in `text[start:end]`."""
        i = bisect_right(self.tokens, start - 1, key=lambda token: token.start)
        j = bisect_right(self.tokens, end - 1, key=lambda token: token.start)
        return i, j


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
    return tuple(Token(m.start(), m.end(), m[0], fold(m[0])) for m in TOKEN.finditer(text))


def analyse(text: str) -> Analysis:
    """Tokens and sentences of `text`."""
    tokens = tokenise(text)
    return Analysis(text, tokens, tuple(split_sentences(text, tokens)))


def split_sentences(text: str, tokens: tuple[Token, ...]) -> list[tuple[int, int]]:
    """Offset pairs of the sentences: ended by a stop, a blank line or a line break that is no mere wrap."""
    sentences: list[tuple[int, int]] = []
    wrapped = is_hard_wrapped(text)
    first = 0  # index of the token that opens the sentence
    stop = 0  # index of the token that may end it: the last one before any closing quotation marks
    for i, token in enumerate(tokens):
        if not i or token.text not in QUOTES or token.start != tokens[i - 1].end:
            stop = i
        if i + 1 == len(tokens) or _ends_sentence(text, tokens, i, stop, wrapped=wrapped):
            sentences.append((tokens[first].start, token.end))
            first = i + 1
    return sentences


def is_hard_wrapped(text: str) -> bool:
    """Whether lines are broken at a width, not at the ends of paragraphs: most breaks follow no full stop."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 4 or max(map(len, lines)) > 140:
        return False
    unfinished = sum(not line.rstrip(QUOTES).endswith((".", "!", "?", ":")) for line in lines)
    return unfinished > len(lines) / 2


def _ends_sentence(text: str, tokens: tuple[Token, ...], i: int, k: int, *, wrapped: bool) -> bool:
    """Whether a sentence ends after token i; token k is the last one before any closing quotation marks."""
    token, following = tokens[i], tokens[i + 1]
    gap = text[token.end : following.start]
    if "\n" in gap:
        if not wrapped or gap.count("\n") > 1:
            return True
        if following.text[0].isupper() and following.folded in OPENERS and token.text != ",":
            return True
    if not gap and following.text not in QUOTES:
        return False
    stop = tokens[k].text
    if following.text in QUOTES and not gap:
        return False  # the closing quotation mark belongs to the sentence
    if stop in ("!", "?", "…"):
        return not following.text[0].islower()
    if stop == ".":
        before = tokens[k - 1] if k else None
        if before is not None and before.end == tokens[k].start and _abbreviated(before, following):
            return False
        return not following.text[0].islower()
    # "U.S." carries its own stop: it ends the sentence only before a word that opens one.
    return stop.endswith(".") and len(stop) > 1 and following.text[0].isupper() and following.folded in OPENERS


def _abbreviated(word: Token, following: Token) -> bool:
    if len(word.text) == 1 and word.text.isupper():
        return True  # an initial: "John F. Kennedy"
    if word.folded in ("no", "vs"):
        return word.folded == "vs" or following.text[0].isdigit()
    return word.text[0].isupper() and word.folded in ABBREVIATIONS and following.folded not in OPENERS
