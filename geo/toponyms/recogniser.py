"""Which stretches of a text name a place.

Proposals (`geo.toponyms.spans`) are scored by the learned weights; the likeliest go first, and none may overlap another.
Two sorts are taken by rule, for corpora hardly know them: the curated lines ("Lachin corridor"), and borders
named by their two countries. What names no place on a map (a treaty, a circle of states, a person) is left out
by rule too.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from geo.gazetteer import ABBREVIATION, AMBIGUOUS, DEMONYM, PRIMARY, Gazetteer
from geo.model import Mention
from geo.text import Analysis, Token
from geo.toponyms.spans import LOCATIVES, Article, Span
from geo.toponyms.weights import Weights, bundled_weights

DASHES = frozenset("-–—‐‑−")
DIRECTIONS = frozenset("north south east west northern southern eastern western central".split())
NAME_PARTICLES = frozenset(("of", "the", "and", "'s", "’s"))
SETTLED_KINDS = frozenset(("country", "capital", "admin1", "admin2", "city"))
TREATIES = frozenset("accord accords agreements process protocol protocols statute troika quartet".split())
LINE_CONFIDENCE = 0.97
CURATED_CONFIDENCE = 0.9
DEMONYM_THRESHOLD = 0.15  # corpora disagree on demonyms: one marks 87 % of them, another 5 %
BORDER_CONFIDENCE = 0.9
GENERIC = frozenset("blue green yellow purple red white line wall zone buffer demilitarized contact control of the".split())
"""Words that by themselves name no line in particular: its country must be named as well."""
LINE_KINDS = frozenset(
    """corridor route strait canal pass gap crossing pipeline bridge border ceasefire-line front-line demarcation-line
    buffer-zone wall""".split()
)


def recognise(analysis: Analysis, gazetteer: Gazetteer, weights: Weights | None = None) -> list[Mention]:
    """The mentions of places in a text, in order, not overlapping; `confidence` is the probability of each.

    Demonyms come along as mentions of kind "demonym", borders named by two countries as kind "border".
    """
    weights = weights or bundled_weights()
    article = Article(analysis, gazetteer)
    taken = [False] * len(article.tokens)
    chosen = []
    lines = [(LINE_CONFIDENCE, span) for span in _lines(article)]
    scored = [(_probability(article, span, weights), span) for span in article.spans]
    for p, span in lines + sorted(scored, key=lambda item: (-item[0], item[1][:2])):
        if p < weights.threshold:
            break
        if not any(taken[span.first : span.last]):
            taken[span.first : span.last] = [True] * (span.last - span.first)
            chosen.append(_mention(article, span, p))
    return _with_borders(analysis, sorted(chosen, key=lambda m: m.start), gazetteer)


def _probability(article: Article, span: Span, weights: Weights) -> float:
    """The learned probability, but for what corpora mark too rarely, too differently or against a map's sense."""
    if _is_no_place(article, span):
        return 0.0
    p = weights.span_probability(article.features(span))
    facts = article.facts.get((span.first, span.last))
    if facts is not None and facts.kind == "demonym" and p >= DEMONYM_THRESHOLD:
        return max(p, weights.threshold)
    if facts is not None and facts.kind == "code" and _follows_place(article, span):
        return max(p, CURATED_CONFIDENCE)
    return max(p, CURATED_CONFIDENCE) if _names_region(article, span) else p


def _mention(article: Article, span: Span, probability: float) -> Mention:
    start, end = offsets(article, span)
    facts = article.facts.get((span.first, span.last))
    demonym = facts is not None and facts.kind == "demonym"
    return Mention(start, end, article.analysis.text[start:end], "demonym" if demonym else "name", (), probability)


def _is_no_place(article: Article, span: Span) -> bool:
    """Whether the span names an organisation, a person, a treaty, a circle of states or nothing at all."""
    lexicon = article.gazetteer.lexicon
    if " ".join(article.folded[span.first : span.last]) in lexicon.get("organisations", ()):
        return True
    if _names_treaty(article, span):
        return True
    if span.last - span.first > 1:
        return False
    if span.first > 1 and article.tokens[span.first - 1].text == "-" and article.tokens[span.first - 2].text.islower():
        return True  # "Lago" in "Mar-a-Lago"
    word, facts = article.tokens[span.first], article.facts.get((span.first, span.last))
    abbreviated = word.text.isupper() or (facts is not None and facts.kind == "code")  # "US", "Ill."
    if not abbreviated and (word.folded in DIRECTIONS or word.folded in lexicon.get("function_words", ())):
        return True
    return _is_person(article, span)


def _follows_place(article: Article, span: Span) -> bool:
    """Whether the span stands after a place and a comma: "Springfield, Ill."."""
    i = span.first
    return i > 1 and article.tokens[i - 1].text == "," and i - 1 in article.ends


def _names_treaty(article: Article, span: Span) -> bool:
    """Whether the next word makes the span a treaty or a circle of states: "Minsk Group", "Dayton accords"."""
    if span.last >= len(article.tokens):
        return False
    word, before = article.tokens[span.last], article.tokens[span.last - 1]
    if word.start - before.end != 1 or word.folded not in article.gazetteer.lexicon.get("treaty_words", ()):
        return False
    facts = article.facts.get((span.first, span.last))
    return word.text[0].isupper() or (word.folded in TREATIES and facts is not None and facts.kind in ("city", "capital"))


def _before_capital(article: Article, span: Span) -> bool:
    """Whether a capitalised word follows in one breath."""
    if span.last >= len(article.tokens) or not article.tokens[span.last].text[0].isupper():
        return False
    return article.tokens[span.last].start - article.tokens[span.last - 1].end == 1


def _is_person(article: Article, span: Span) -> bool:
    """Whether a given name stands before the word, or the word is one and another follows: "Paris Jackson"."""
    i, j = span.first, span.last
    if i and not article.opens[i] and "g" in article.classes[i - 1] and article.tokens[i - 1].text[0].isupper():
        beside = article.tokens[i].start - article.tokens[i - 1].end == 1
        return beside and not (j < len(article.tokens) and article.tokens[j].text == ",")
    if "G" not in article.classes[i] or not _before_capital(article, span) or (i and article.folded[i - 1] in LOCATIVES):
        return False
    surname = article.classes[j] in ("", "g", "G") and len(article.tokens[j].text) > 2
    return surname and (article.classes[j] != "" or j not in article.longest)


def _names_region(article: Article, span: Span) -> bool:
    """Whether the span is a name of two words or more of a curated region, sea or site, in capitals."""
    if span.name is None or span.last - span.first < 2:
        return False
    words = article.tokens[span.first : span.last]
    if not all(t.text[0].isupper() or not t.text[0].isalpha() or t.text in NAME_PARTICLES for t in words):
        return False
    g = article.gazetteer
    return any(b.kind == PRIMARY and g.kind(b.place) not in SETTLED_KINDS for b in g.bearers(span.name))


def offsets(article: Article, span: Span) -> tuple[int, int]:
    """Where a span stands in the text; the stop of "Calif." belongs to it."""
    start, end = article.tokens[span.first].start, article.tokens[span.last - 1].end
    last = article.tokens[span.last - 1].text
    text = article.analysis.text
    stopped = span.name is not None and text[end : end + 1] == "." and len(last) > 1 and not last.isupper()
    if stopped and any(b.kind == ABBREVIATION for b in article.gazetteer.bearers(span.name or 0)):
        end += 1
    return start, end


def _lines(article: Article) -> Iterator[Span]:
    """The curated lines named in the text, also where only the noun's case differs ("the line of contact")."""
    tokens, g = article.tokens, article.gazetteer
    after = 0
    for i in range(len(tokens)):
        if i < after or not tokens[i].text[0].isalnum():
            continue
        for match in reversed(list(g.matches(tokens, i))):
            if match.last - i > 1 and _names_line(article, match.name, tokens[i:match.last]):
                after = match.last
                yield Span(i, match.last, match.name)
                break


def _names_line(article: Article, name: int, tokens: Sequence[Token]) -> bool:
    g = article.gazetteer
    capital = any(t.text[0].isupper() or t.text[0].isdigit() for t in tokens)
    for place, how in g.bearers(name):
        if g.kind(place) in LINE_KINDS and how != DEMONYM:
            countries = set(g.details(place).get("countries", ["?"]))
            if how == AMBIGUOUS:
                return countries <= article.countries
            if all(t.folded in GENERIC for t in tokens):
                return bool(countries & article.countries)
            return capital
    return False


# --- borders


def _with_borders(analysis: Analysis, mentions: list[Mention], gazetteer: Gazetteer) -> list[Mention]:
    """Add the borders that the text names by their countries; the countries' own mentions inside them go."""
    heads = [t for t in analysis.tokens if t.folded in BORDER_WORDS]
    if not heads:
        return mentions
    sides = _Sides(analysis, gazetteer, list(_countries(Article(analysis, gazetteer))))
    kept = list(mentions)
    for border in (b for t in heads if (b := _border(sides, t))):
        low = bisect_right(kept, border.start, key=lambda m: m.end)
        high = bisect_left(kept, border.end, key=lambda m: m.start)
        kept[low:high] = [border]
    return kept


BORDER_WORDS = frozenset(("border", "borders", "frontier", "boundary"))
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
        start, end = article.tokens[first].start, article.tokens[last - 1].end
        for place, _ in g.bearers(article.matches[first, last])[:2]:
            if g.kind(place) == "country":
                yield Side(start, end, article.analysis.text[start:end], g.country(place))
                break


NEAR_SIDES = 12  # countries on either side of a border's word among which its own are looked for
JOINED = (["state"], ["land"], ["shared"], ["common"], ["disputed"], ["international"])
PAIRED = frozenset(
    (tuple(head.split()), (joint,))
    for head, joint in (
        ("between", "and"), ("of", "and"), ("separating", "and"), ("separating", "from"), ("dividing", "and"),
        ("crossing between", "and"), ("crossings between", "and"), ("area between", "and"), ("region between", "and"),
    )
)  # fmt: skip


def _border(sides: _Sides, head: Token) -> Mention | None:
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

    def readings(self, head: Token) -> Iterator[tuple[int, int, tuple[Side, Side]]]:
        """(start, end, countries) of each way to read the border named by token `head`, the plainest first."""
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
