"""Date expressions in a text: looked for around the words without which there is no date, where one may begin.

Words that only look like dates ("May said", "2000 troops", "the Sunday Times") are weeded out here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import compress

from geo.dates.context import is_month, is_weekday, is_year
from geo.dates.grammar import MONTHS, TENS, WEEKDAYS, Expression, Rules, all_but_ranges, openers_at, rules_for
from geo.text import Analysis, fold

_YEARS = frozenset(map(str, range(1500, 2100)))
_ANCHORS = _YEARS | frozenset(
    [f"{name}{ending}" for name in WEEKDAYS for ending in ("", "day")]
    + list(MONTHS)
    + """january february march april june july august september sept october november december tues tuesday wednesday
    thur thurs thursday saturday yesterday today tomorrow tonight night morning afternoon evening day days week weeks
    month months year years weekend quarter decade spring summer autumn fall winter decades ever then 11 60 70 80 90 /""".split()
    + list(TENS)
)
_SHORT_YEARS = frozenset(f"{n:02}" for n in range(100))
_REACH = 9  # tokens to each side of an anchor that an expression may take in
_WORDS_KEPT = 1 << 16
_MAY_THE_PERSON = re.compile(r"\b(?:Theresa|Mr|Mrs|Ms|Minister|Brian|James)\.? May\b")
_WORD_START = re.compile(r"(?<!\w)\S")
_WORD_END = re.compile(r"\w*\W*")


def find_expressions(analysis: Analysis) -> list[Expression]:
    """The date expressions of a text, in order, not overlapping. None crosses a sentence's end."""
    found: list[Expression] = []
    text, starts, words = analysis.text, analysis.starts, analysis.words
    person: bool | None = None
    for first, last, end in _windows(analysis):
        position = starts[first]
        for k in range(first, last):
            for offset, rules in _OPENINGS[words[k]]:
                start = starts[k] + offset
                match = rules.pattern.match(text, start, end) if start >= position else None
                if match is None:
                    continue
                expression = rules.read(match, end)
                if person is None:
                    person = " May" in text and _MAY_THE_PERSON.search(text) is not None
                if expression is not None and _is_plausible(text, expression, person=person):
                    found.append(expression)
                    position = expression.end
                else:
                    # Something shorter may begin at the next word: "between 1,200 and 2014".
                    position = _next_word(text, start)
    return found


def find_ends(text: str, expression: Expression) -> list[Expression]:
    """The expressions of which a range is made: "between 1992 and 1994" → "1992", "1994"."""
    rules = all_but_ranges()
    matches = rules.pattern.finditer(text, expression.start, expression.end)
    return [end for match in matches if (end := rules.read(match, expression.end)) is not None]


def _next_word(text: str, position: int) -> int:
    found = _WORD_END.match(text, position)
    return max(found.end() if found else 0, position + 1)


class _Anchors(dict[str, int]):
    """Whether a date may stand around a word: 1 if so ("Friday", "May", "1998"), -1 if after an apostrophe ("’98")."""

    def __missing__(self, word: str) -> int:
        if len(self) > _WORDS_KEPT:
            self.clear()
        sure = fold(word) in _ANCHORS or word[-4:] in _YEARS
        kind = self[word] = 1 if sure else -(word in _SHORT_YEARS)
        return kind


class _Openings(dict[str, tuple[tuple[int, Rules], ...]]):
    """Where in a word an expression may begin, and the rules for those that do so."""

    def __missing__(self, word: str) -> tuple[tuple[int, Rules], ...]:
        if len(self) > _WORDS_KEPT:
            self.clear()
        offsets = [match.start() for match in _WORD_START.finditer(word)]
        openings = [(offset, openers) for offset in offsets if (openers := openers_at(word, offset))]
        found = self[word] = tuple((offset, rules_for(openers)) for offset, openers in openings)
        return found


_ANCHOR, _OPENINGS = _Anchors(), _Openings()


def _windows(analysis: Analysis) -> Iterator[tuple[int, int, int]]:
    """Tokens [i, j) around the words without which there is no date, and where they end; most of a text is in none."""
    text, words, starts, ends = analysis.text, analysis.words, analysis.starts, analysis.ends
    current, final = 0, len(words) - 1
    window: tuple[int, int] | None = None  # its first token, its end
    for i in compress(range(len(words)), map(_ANCHOR.__getitem__, words)):
        if _ANCHOR[words[i]] < 0 and text[max(starts[i] - 1, 0) : starts[i]] not in ("'", "’", "‘"):
            continue
        while current + 1 < len(analysis.sentences) and analysis.sentences[current + 1][0] <= starts[i]:
            current += 1
        sentence_start, sentence_end = analysis.sentences[current]
        first = max(i - _REACH, 0)
        if starts[first] < sentence_start:
            first = bisect_left(starts, sentence_start)
        end = min(ends[min(i + _REACH, final)], sentence_end)
        if window is not None and starts[first] <= window[1]:
            window = (window[0], max(end, window[1]))
        else:
            if window is not None:
                yield window[0], bisect_left(starts, window[1]), window[1]
            window = (first, end)
    if window is not None:
        yield window[0], bisect_left(starts, window[1]), window[1]


def _is_plausible(text: str, expression: Expression, *, person: bool) -> bool:
    """Whether the words around leave it a date."""
    before, after = (
        text[max(expression.start - 40, 0) : expression.start],
        text[expression.end : expression.end + 40],
    )
    if expression.kind == "weekday":
        return is_weekday(before, after)
    if expression.kind == "year" and not expression.part and not expression.word:
        return is_year(before, expression.year or 0, after)
    bare = expression.kind == "date" and expression.day is None and expression.year is None
    if bare and not expression.part and expression.shift is None:
        return is_month(before, expression.text, after, person=person)
    return True
