"""Borders that a text names by their two countries: "the Armenia–Azerbaijan border", "their shared border"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from geo.gazetteer import Gazetteer
from geo.model import Mention
from geo.text import Analysis
from geo.toponyms.spans import Article

DASHES = frozenset("-–—‐‑−")
BORDER_CONFIDENCE = 0.9


def with_borders(article: Article, mentions: list[Mention]) -> list[Mention]:
    """Add the borders that the text names by their countries; the countries' own mentions inside them go."""
    heads = article.border_heads
    if not heads:
        return mentions
    analysis = article.analysis
    sides = _Sides(analysis, article.gazetteer, list(_countries(article)))
    kept = list(mentions)
    for border in (b for i in heads if (b := _border(sides, Head(*analysis.offsets(i, i + 1))))):
        low = bisect_right(kept, border.start, key=lambda m: m.end)
        high = bisect_left(kept, border.end, key=lambda m: m.start)
        kept[low:high] = [border]
    return kept


class Head(NamedTuple):
    """Where the word of a border stands."""

    start: int
    end: int


class Side(NamedTuple):
    """A country in a text, by its name or a demonym."""

    start: int
    end: int
    text: str
    code: str


def _countries(article: Article) -> Iterator[Side]:
    """The countries of an article, whatever the weights think of their names."""
    g = article.gazetteer
    for first, last in sorted(article.longest.values()):
        start, end = article.analysis.offsets(first, last)
        codes = country_codes(g, article.matches[first, last])
        if codes:
            yield Side(start, end, article.analysis.text[start:end], codes[0])


NEAR_SIDES = 12  # countries on either side of a border's word among which its own are looked for
JOINED = (["state"], ["land"], ["shared"], ["common"], ["disputed"], ["international"])
PAIRED = frozenset(
    (tuple(head.split()), (joint,))
    for head, joint in (
        ("between", "and"), ("of", "and"), ("separating", "and"), ("separating", "from"), ("dividing", "and"),
        ("crossing between", "and"), ("crossings between", "and"), ("area between", "and"), ("region between", "and"),
    )
)  # fmt: skip


def _border(sides: _Sides, head: Head) -> Mention | None:
    for start, end, (first, second) in sides.readings(head):
        pair = "-".join(sorted((first.code.lower(), second.code.lower())))
        index = sides.gazetteer.header["borders"].get(pair)
        if index is not None:
            reason = f"the border of the two countries named: {first.text} and {second.text}"
            return Mention(start, end, sides.analysis.text[start:end], "border", (index,), BORDER_CONFIDENCE, reason)
    return None


@dataclass(frozen=True)
class _Sides:
    """The countries of an article, among which a border's two sides are found."""

    analysis: Analysis
    gazetteer: Gazetteer
    countries: Sequence[Side]

    def readings(self, head: Head) -> Iterator[tuple[int, int, tuple[Side, Side]]]:
        """(start, end, countries) of each way to read the border named at `head`, the plainest first."""
        middle = bisect_left(self.countries, head.start, key=lambda side: side.start)
        before, after = self.countries[max(0, middle - NEAR_SIDES) : middle], self.countries[middle : middle + NEAR_SIDES]
        if len(before) >= 2:
            first, second = before[-2:]
            joined = self.analysis.text[first.end : second.start].strip() in DASHES | {"/"}
            between = self._between(second.end, head.start)
            if joined and (not between or between in JOINED):
                yield first.start, head.end, (first, second)  # the Armenia–Azerbaijan border
        if len(after) >= 2:
            first, second = after[:2]
            words = tuple(self._between(head.end, first.start)), tuple(self._between(first.end, second.start))
            if words in PAIRED:
                yield head.start, second.end, (first, second)  # the border between A and B
        opening = self.analysis.sentence_at(head.start)[0]
        here = [s for s in before if s.start >= opening]
        if after and self._between(head.end, after[0].start) in (["with"], ["to"]):
            others = [s for s in here if s.code != after[0].code]
            if others:
                yield head.start, after[0].end, (others[0], after[0])  # A closed its border with B
        if self._between(max(0, head.start - 16), head.start)[-1:] in (["shared"], ["common"], ["their"], ["disputed"]):
            pair = self._last_pair(here) or self._last_pair(before)
            if pair:
                yield head.start, head.end, pair  # their shared border

    def _between(self, start: int, end: int) -> list[str]:
        """The words of a short stretch, without articles."""
        return [w for w in self.analysis.text[start:end][:64].lower().split() if w != "the"]

    def _last_pair(self, sides: Sequence[Side]) -> tuple[Side, Side] | None:
        for k in range(len(sides) - 1, 0, -1):
            if sides[k].code != sides[k - 1].code:
                return sides[k - 1], sides[k]
        return None


@lru_cache(maxsize=1 << 14)
def country_codes(g: Gazetteer, name: int) -> tuple[str, ...]:
    """Codes of the countries among the two foremost that bear a name, also as a demonym."""
    return tuple([g.country(b.place) for b in g.bearers(name)[:2] if g.kind(b.place) == "country"])
