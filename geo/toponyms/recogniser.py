"""Which stretches of a text name a place.

Proposals (`geo.toponyms.spans`) are scored by the learned weights; the likeliest go first, and none may overlap another.
Two sorts are taken by rule, for corpora hardly know them: the curated lines ("Lachin corridor"), and borders
named by their two countries. What names no place on a map (a treaty, a circle of states, a person) is left out
by rule too.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from geo.gazetteer import ABBREVIATION, AMBIGUOUS, DEMONYM, JOINERS, LINE_KINDS, Gazetteer
from geo.model import Mention, MentionKind
from geo.text import Analysis, fold
from geo.toponyms.features import observer
from geo.toponyms.rules import Rules
from geo.toponyms.spans import Article, Scored, Span
from geo.toponyms.weights import Weights, bundled_weights, logit, sigmoid

DASHES = frozenset("-–—‐‑−")
LINE_CONFIDENCE = 0.97
CURATED_CONFIDENCE = 0.9
DOUBTFUL = 0.03  # below that not even its context makes a name a place
DEMONYM_THRESHOLD = 0.15  # corpora disagree on demonyms: one marks 87 % of them, another 5 %
BORDER_CONFIDENCE = 0.9
GENERIC = frozenset("blue green yellow purple red white line wall zone buffer demilitarized contact control of the".split())
"""Words that by themselves name no line in particular: its country must be named as well."""


def recognise(analysis: Analysis, gazetteer: Gazetteer, weights: Weights | None = None) -> list[Mention]:
    """The mentions of places in a text, in order, not overlapping; `confidence` is the probability of each.

    Demonyms come along as mentions of kind "demonym", borders named by two countries as kind "border".
    """
    weights = weights or bundled_weights()
    article = Article(analysis, gazetteer)
    see, score = observer(article, weights.scorer.named, weights.scorer.ending), weights.scorer.score
    return _choose(article, [(span, score(see(span)), False) for span in article.spans], weights)


def recognise_all(
    analyses: Sequence[Analysis], gazetteer: Gazetteer, weights: Weights | None = None
) -> list[list[Mention]]:
    """The mentions of each of many texts, read at once."""
    from geo.toponyms.batch_keys import MOST_WORDS  # noqa: PLC0415  numpy only where it pays
    from geo.toponyms.batch_spans import batch_reader  # noqa: PLC0415

    weights = weights or bundled_weights()
    if not analyses or len(weights.scorer.told) > MOST_WORDS:
        return [recognise(analysis, gazetteer, weights) for analysis in analyses]
    proposals = batch_reader(gazetteer, weights.scorer).propose(analyses)
    least = (logit(p) - 1e-6 for p in (weights.threshold, DEMONYM_THRESHOLD, DOUBTFUL))
    return [_choose(article, scored, weights) for article, scored in proposals.likely(*least)]


def _choose(article: Article, scored: Iterable[Scored], weights: Weights) -> list[Mention]:
    """The mentions among proposals: the likeliest go first, none overlaps another."""
    rules, threshold = Rules(article), weights.threshold
    judged = []
    for span, score, plain in scored:
        p = sigmoid(score)
        if not plain or p < threshold:
            p = _probability(rules, span, p, weights)
        if p >= threshold:
            judged.append((-p, span))
    judged.sort()
    chosen = []
    taken = [False] * len(article.analysis.words)
    for p, span in [*((-LINE_CONFIDENCE, span) for span in _lines(article)), *judged]:
        first, last = span.first, span.last
        if True not in taken[first:last]:
            taken[first:last] = [True] * (last - first)
            chosen.append((span, -p))
    chosen.sort()
    return _with_borders(article, [_mention(article, span, p) for span, p in chosen])


def _probability(rules: Rules, span: Span, p: float, weights: Weights) -> float:
    """The learned probability p, but for what corpora mark too rarely, too differently or against a map's sense."""
    if span.name is None:
        return 0.0 if p < weights.threshold or rules.is_no_place(span) else p
    if rules.is_no_place(span):
        return 0.0
    kind = span.facts.kind if span.facts is not None else ""
    if kind == "demonym" and p >= DEMONYM_THRESHOLD:
        return max(p, weights.threshold)
    if (kind == "code" and rules.follows_place(span)) or rules.names_region(span):
        return max(p, CURATED_CONFIDENCE)
    if p >= weights.threshold or p < DOUBTFUL:
        return p
    return weights.threshold if rules.stands_as_place(span) else p


def _mention(article: Article, span: Span, probability: float) -> Mention:
    (start, end), facts = offsets(article, span), span.facts
    kind: MentionKind = "demonym" if facts is not None and facts.kind == "demonym" else "name"
    return Mention(start, end, article.analysis.text[start:end], kind, (), probability)


def offsets(article: Article, span: Span) -> tuple[int, int]:
    """Where a span stands in the text; the stop of "Calif." belongs to it."""
    (first, last, name, _), analysis = span, article.analysis
    word = analysis.words[last - 1]
    end = analysis.starts[last - 1] + len(word)
    if name is not None and analysis.text.startswith(".", end) and len(word) > 1 and not word.isupper():
        end += any(b.kind == ABBREVIATION for b in article.gazetteer.bearers(name))
    return analysis.starts[first], end


def _lines(article: Article) -> Iterator[Span]:
    """The curated lines named in the text, also where only the noun's case differs ("the line of contact")."""
    g, words = article.gazetteer, article.analysis.words
    seconds = g.line_openers
    after = 0
    for i in article.line_openers:
        following = words[i + 1]
        if i < after or (following not in JOINERS and fold(following) not in seconds[fold(words[i])]):
            continue
        for match in reversed(g.matches(article.analysis, i)):
            if match.last - i > 1 and _names_line(article, match.name, words[i : match.last]):
                after = match.last
                yield Span(i, match.last, match.name, article.facts.get((i, match.last)))
                break


def _names_line(article: Article, name: int, words: Sequence[str]) -> bool:
    line = _line(article.gazetteer, name)
    if line is None:
        return False
    ambiguous, countries = line
    if ambiguous:
        return countries <= _countries_named(article)
    if GENERIC.issuperset(map(fold, words)):
        return bool(countries & _countries_named(article))
    return any(word[0].isupper() or word[0].isdigit() for word in words)


@lru_cache(maxsize=1 << 14)
def _line(g: Gazetteer, name: int) -> tuple[bool, frozenset[str]] | None:
    """Of a line's name, whether others bear it too, and the codes of the countries that it runs through; None for no line."""
    for place, how in g.bearers(name):
        if g.kind(place) in LINE_KINDS and how != DEMONYM:
            return how == AMBIGUOUS, frozenset(g.details(place).get("countries", ["?"]))
    return None


@lru_cache(maxsize=1 << 14)
def _codes(g: Gazetteer, name: int) -> tuple[str, ...]:
    """Codes of the countries among the two foremost that bear a name, also as a demonym."""
    return tuple([g.country(b.place) for b in g.bearers(name)[:2] if g.kind(b.place) == "country"])


def _countries_named(article: Article) -> set[str]:
    """Codes of the countries that the article names, also by demonym."""
    return {code for name in article.matches.values() for code in _codes(article.gazetteer, name)}


# --- borders


def _with_borders(article: Article, mentions: list[Mention]) -> list[Mention]:
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
        codes = _codes(g, article.matches[first, last])
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
