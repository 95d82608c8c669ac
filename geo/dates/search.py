"""Date expressions in a text: looked for around the words without which there is no date, where one may begin.

Words that only look like dates ("May said", "2000 troops", "the Sunday Times") are weeded out here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import compress

from geo.dates.context import is_month, is_weekday, is_year
from geo.dates.grammar import RULES, Expression, match_rules
from geo.dates.openings import CLASSES, STARTS, YEARS
from geo.text import Analysis, fold

_ANCHORS = YEARS.union(
    *(CLASSES[name] for name in ("MONTH", "WEEKDAY", "UNIT", "SEASON", "TODAY", "TIME", "TENS")),
    "weekend ever then 11 60 70 80 90 /".split(),
)
_SHORT_YEARS = frozenset(f"{n:02}" for n in range(100))
_REACH = 9  # tokens to each side of an anchor that an expression may take in
_WORDS_KEPT = 1 << 16
_MAY_THE_PERSON = re.compile(r"\b(?:Theresa|Mr|Mrs|Ms|Minister|Brian|James)\.? May\b")
_WORD_START = re.compile(r"(?<!\w)\S")
_WORD_END = re.compile(r"\w*\W*")
_NO_RANGES = [rule for rule in RULES if rule.kind != "range"]


def find_expressions(analysis: Analysis) -> list[Expression]:
    """The date expressions of a text, in order, not overlapping. None crosses a sentence's end."""
    found: list[Expression] = []
    text, starts, words = analysis.text, analysis.starts, analysis.words
    person: bool | None = None
    for first, last, end in _windows(analysis):
        position = starts[first]
        window = words[first:last]
        for k in compress(range(len(window)), map(STARTS.__getitem__, window)):
            second = window[k + 1] if k + 1 < len(window) else ""
            for offset, following in STARTS[window[k]]:
                rules = following[second]
                if not rules or (start := starts[first + k] + offset) < position:
                    continue
                matched = match_rules(rules, text, start, end)
                if matched is None:
                    continue
                rule, match = matched
                expression = rule.read(match)
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
    ends: list[Expression] = []
    position, end = expression.start, expression.end
    for start in [word.start() for word in _WORD_START.finditer(text, position, end)]:
        matched = match_rules(_NO_RANGES, text, start, end) if start >= position else None
        if matched is None:
            continue
        rule, match = matched
        position = match.end()
        if (found := rule.read(match)) is not None:
            ends.append(found)
    return ends


def _next_word(text: str, position: int) -> int:
    found = _WORD_END.match(text, position)
    return max(found.end() if found else 0, position + 1)


class _Anchors(dict[str, int]):
    """Whether a date may stand around a word: 1 if so ("Friday", "May", "1998"), -1 if after an apostrophe ("’98")."""

    def __missing__(self, word: str) -> int:
        if len(self) > _WORDS_KEPT:
            self.clear()
        sure = fold(word) in _ANCHORS or word[-4:] in YEARS
        kind = self[word] = 1 if sure else -(word in _SHORT_YEARS)
        return kind


_ANCHOR = _Anchors()


def _windows(analysis: Analysis) -> Iterator[tuple[int, int, int]]:
    """Tokens [i, j) around the words without which there is no date, and where they end; most of a text is in none."""
    text, words, starts = analysis.text, analysis.words, analysis.starts
    sentences = iter(analysis.sentences)
    sentence_start = sentence_end = end = -1
    first = last = 0
    for i in compress(range(len(words)), map(_ANCHOR.__getitem__, words)):
        start = starts[i]
        if _ANCHOR[words[i]] < 0 and text[max(start - 1, 0)] not in "'’‘":
            continue
        while start >= sentence_end:
            sentence_start, sentence_end = next(sentences)
        opening = i - _REACH if i > _REACH else 0
        if starts[opening] < sentence_start:
            opening = bisect_left(starts, sentence_start, opening, i)
        if starts[opening] > end:
            if last:
                yield first, last, end
            first = opening
        last = i + _REACH + 1
        if last > len(words) or starts[last - 1] >= sentence_end:
            last = bisect_left(starts, sentence_end, i, min(last, len(words)))
        end = starts[last - 1] + len(words[last - 1])
    if last:
        yield first, last, end


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
