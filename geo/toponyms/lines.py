"""The curated lines that a text names: "Lachin corridor", "the line of contact"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from geo.gazetteer import AMBIGUOUS, DEMONYM, JOINERS, LINE_KINDS, Gazetteer
from geo.text import fold
from geo.toponyms.borders import country_codes
from geo.toponyms.spans import Article, Span

LINE_CONFIDENCE = 0.97
GENERIC = frozenset(
    "blue green yellow purple red white line wall zone buffer demilitarized contact control of the".split()
)
"""Words that by themselves name no line in particular: its country must be named as well."""


def lines(article: Article) -> Iterator[Span]:
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


def _countries_named(article: Article) -> set[str]:
    """Codes of the countries that the article names, also by demonym."""
    return {code for name in article.matches.values() for code in country_codes(article.gazetteer, name)}
