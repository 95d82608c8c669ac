"""Which stretches of an article might name a place: the gazetteer's names that stand in it and its runs of capitals.

Everything is computed from the tokens of one article and the gazetteer, so that an article can be read without its
neighbours. What speaks for and against a proposal is in `geo.toponyms.features`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from geo.gazetteer import ABBREVIATION, ALTERNATE, CODE, DEMONYM, SHORT, Gazetteer, is_written_so
from geo.model import Mention
from geo.text import Analysis, analyse
from geo.toponyms.words import Word, vocabulary

MAX_RUN = 6  # tokens of a capitalised run that are proposed as one
MAX_PART = 3  # tokens of the parts of a run that are proposed
SAYING = frozenset("said says told added".split())
DIVISIONS = frozenset(("County", "Parish", "Township"))
ARABIC = frozenset(("al", "el"))  # a name may begin with them in lower case
BEGINNING = frozenset(("“", '"', ":", "”", "''", "``", "*", "•"))  # a new beginning follows them
BORDER_WORDS = frozenset(("border", "borders", "frontier", "boundary"))
KINDS = ("country", "capital", "admin1", "region", "admin2", "city")


class Span(NamedTuple):
    """Tokens `first:last` of an article; `name` is the gazetteer's name that they are, with its facts, or None."""

    first: int
    last: int
    name: int | None
    facts: NameFacts | None


class NameFacts(NamedTuple):
    """What the gazetteer says of a name, whoever bears it."""

    kind: str  # the weightiest of its bearers' kinds; "demonym", "code" for names of that sort only
    best: int  # how the weightiest bearer bears it (gazetteer.NAME_KINDS)
    primary: int  # magnitude (log10) of the people of the largest primary bearer, -1 if none
    largest: int  # magnitude of the largest bearer of any sort
    bearers: int  # how many, by powers of two


def names_demonym(surface: str, gazetteer: Gazetteer) -> bool:
    """Whether a name is one of people ("Armenian", "Syrians")."""
    analysis = analyse(surface)
    names = (m.name for m in gazetteer.matches(analysis, 0) if m.last == len(analysis.words)) if analysis.words else ()
    return any((facts := name_facts(gazetteer, name)) is not None and facts.kind == "demonym" for name in names)


def mention_at(text: str, start: int, end: int, gazetteer: Gazetteer) -> Mention:
    """The stretch of a text as a mention that is certain, for it is known to name a place."""
    surface = text[start:end]
    return Mention(start, end, surface, "demonym" if names_demonym(surface, gazetteer) else "name", (), 1.0)


@lru_cache(maxsize=1 << 15)
def name_facts(gazetteer: Gazetteer, name: int, capitals: bool = True, stop: bool = True) -> NameFacts | None:
    """Facts of name number `name`, borne as a code only in capitals and as an abbreviation only with a stop.

    None if nobody bears it so.
    """
    fits = {CODE: capitals, ABBREVIATION: stop}
    bearers = [b for b in gazetteer.bearers(name) if fits.get(b.kind, True)]
    if not bearers:
        return None
    kinds = set()
    primary = largest = -1
    for place, how in bearers:
        size = int(math.log10(gazetteer.population[place] + 1))
        largest = max(largest, size)
        if how == DEMONYM:
            kinds.add("demonym")
        elif how in (ABBREVIATION, CODE):
            kinds.add("code")
        else:
            kind = gazetteer.kind(place)
            kinds.add(kind if kind in KINDS else "city" if gazetteer.geonames[place] else "region")
        if how not in (ALTERNATE, SHORT):
            primary = max(primary, size)
    order = ("country", "capital", "admin1", "code", "demonym", "region", "admin2", "city")
    kind = next(k for k in order if k in kinds)
    return NameFacts(kind, min(how for _, how in bearers), primary, largest, min(6, int(math.log2(len(bearers)) + 1)))


@dataclass(frozen=True, slots=True)
class WordUse:
    """Of each folded word of an article: how often it stands as a person, how often as a place, and whether in lower case."""

    person: Mapping[str, int]
    place: Mapping[str, int]
    lower: AbstractSet[str]


@dataclass(frozen=True)
class Article:
    """An article's words with the stretches that may name a place."""

    analysis: Analysis
    gazetteer: Gazetteer

    @cached_property
    def words(self) -> list[Word]:
        """The article's words, in order."""
        return list(map(vocabulary(self.gazetteer).__getitem__, self.analysis.words))

    @cached_property
    def capitals(self) -> list[int]:
        """The words with a capital."""
        return [i for i, word in enumerate(self.words) if word.capital]

    @cached_property
    def opens(self) -> frozenset[int]:
        """The words with a capital that open a sentence, a quotation or what follows a colon."""
        begin = {start for start, _ in self.analysis.sentences}
        starts, words = self.analysis.starts, self.analysis.words
        return frozenset(
            i for i in (*self.capitals, *self.arabic) if starts[i] in begin or (i and words[i - 1] in BEGINNING)
        )

    @cached_property
    def arabic(self) -> list[int]:
        """The "al" and "el" that another word follows."""
        return [i for i, word in enumerate(self.analysis.words[:-1]) if word in ARABIC]

    @cached_property
    def line_openers(self) -> list[int]:
        """The words with which the name of a line may begin, also in lower case."""
        words = self.words
        return [i for i, word in enumerate(words[:-1]) if word.opens_line and words[i + 1].second_in_line]

    @cached_property
    def border_heads(self) -> list[int]:
        """The words for a border."""
        return [i for i, word in enumerate(self.words) if word.folded in BORDER_WORDS]

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """Maximal runs of capitalised words, over particles between them."""
        runs = []
        words, n = self.words, len(self.words)
        after = 0
        for i in self.capitals:
            if i < after:
                continue
            j = i + 1
            while j < n and self.close(j - 1):
                word = words[j]
                if word.capital:
                    j += 1
                elif word.particle and j + 1 < n and words[j + 1].capital and word.text != "and" and self.close(j):
                    j += 2
                else:
                    break
            runs.append((i, j))
            after = j
        return runs

    def close(self, i: int) -> bool:
        """Whether nothing but a space, a line break or nothing at all parts token i and the next."""
        words, gap = self.analysis.words, self.analysis.gap(i)
        if words[i + 1] == "." or (words[i] == "." and not gap):
            return gap <= 1 and len(words[i - (words[i] == ".")]) <= 3
        return gap <= 1 and not (words[i] == "." and len(words[i - 1]) > 3)

    @cached_property
    def matches(self) -> dict[tuple[int, int], int]:
        """(first, last) → name, for the gazetteer's names that begin with a capital; shorter ones first."""
        found = {}
        words = self.words
        heads = sorted([*self.capitals, *self.arabic]) if self.arabic else self.capitals
        for i in heads:
            for first, last, name in self.gazetteer.matches(self.analysis, i):
                end = words[last - 1]
                if end.capital or (last - first > 1 and end.text[0].isalnum()):
                    found[first, last] = name
        return found

    @cached_property
    def facts(self) -> dict[tuple[int, int], NameFacts]:
        """(first, last) → what the gazetteer says, for its names that stand there as they are written."""
        found = {}
        text = self.analysis.text
        for key, name in self.matches.items():
            start, end = self.analysis.offsets(*key)
            surface, following = text[start:end], text[end : end + 1]
            capitals, stop = is_written_so(CODE, surface, following), is_written_so(ABBREVIATION, surface, following)
            facts = name_facts(self.gazetteer, name, capitals, stop)
            if facts is not None:
                found[key] = facts
        return found

    @cached_property
    def countries(self) -> frozenset[str]:
        """Codes of the countries that the article names, also by demonym."""
        g = self.gazetteer
        bearers = (b for name in set(self.matches.values()) for b in g.bearers(name)[:2])
        return frozenset(g.country(b.place) for b in bearers if g.kind(b.place) == "country")

    @cached_property
    def longest(self) -> dict[int, tuple[int, int]]:
        """Token → the longest match that begins there."""
        return {first: (first, last) for first, last in self.facts}  # shorter ones come first

    @cached_property
    def kinds(self) -> dict[int, str]:
        """Token → the kind of the longest match that begins there."""
        return {i: self.facts[key].kind for i, key in self.longest.items()}

    @cached_property
    def ends(self) -> frozenset[int]:
        """The tokens after which a match ends."""
        return frozenset(last for _, last in self.longest.values())

    @cached_property
    def spans(self) -> list[Span]:
        """All proposals, by place in the text."""
        found: set[tuple[int, int]] = set(self.facts)
        words = self.words
        for a, b in self.runs:
            if b - a <= MAX_RUN:
                found.add((a, b))
            if b - a == 1:
                continue
            inside = [k for k in range(a, b) if words[k].capital]
            found.update((i, k + 1) for n, i in enumerate(inside) for k in inside[n : n + MAX_PART] if k - i < MAX_PART)
        matches, facts = self.matches, self.facts
        return [Span(*key, matches[key] if key in facts else None, facts.get(key)) for key in sorted(found)]

    @cached_property
    def run_of(self) -> dict[int, tuple[int, int]]:
        """Token → the run that it is in."""
        return {i: run for run in self.runs for i in range(*run)}

    @cached_property
    def covering(self) -> dict[int, list[tuple[int, int]]]:
        """Token → the matches of several tokens that cover it."""
        covering = defaultdict(list)
        for first, last in self.facts:
            if last - first > 1:
                for i in range(first, last):
                    covering[i].append((first, last))
        return covering

    def in_longer_match(self, first: int, last: int) -> bool:
        """Whether a longer name of the gazetteer covers the tokens."""
        return any(a <= first and b >= last and (a, b) != (first, last) for a, b in self.covering.get(first, ()))

    def stands_as_person(self, i: int) -> bool:
        """Whether the word of token i stands as a person somewhere in the article."""
        return self.words[i].form in self.use.person

    @cached_property
    def use(self) -> WordUse:
        """How the article uses its words."""
        person: dict[str, int] = {}
        place: dict[str, int] = {}
        words, n = self.words, len(self.words)
        for i in self.capitals:
            word = words[i].form
            before = words[i - 1] if i else None
            after = words[i + 1] if i + 1 < n else None
            if before is not None:
                if before.introduces and self.close(i - 1):
                    person[word] = person.get(word, 0) + 1
                if before.locative and not (after is not None and after.capital):
                    place[word] = place.get(word, 0) + 1
            if after is not None:
                if after.text in SAYING and not (before is not None and before.locative):
                    person[word] = person.get(word, 0) + 1
                if after.text in DIVISIONS:
                    place[word] = place.get(word, 0) + 1
        return WordUse(person, place, {word.form for word in words if word.lower})


def offsets(article: Article, span: Span) -> tuple[int, int]:
    """Where a span stands in the text; the stop of "Calif." belongs to it."""
    (first, last, name, _), analysis = span, article.analysis
    word = analysis.words[last - 1]
    end = analysis.starts[last - 1] + len(word)
    if name is not None and analysis.text.startswith(".", end):
        end += takes_stop(article.gazetteer, name, word)
    return analysis.starts[first], end


def takes_stop(gazetteer: Gazetteer, name: int, word: str) -> bool:
    """Whether a stop right after a name that ends with a word belongs to it."""
    return len(word) > 1 and not word.isupper() and _is_abbreviation(gazetteer, name)


@lru_cache(maxsize=1 << 14)
def _is_abbreviation(gazetteer: Gazetteer, name: int) -> bool:
    return any(b.kind == ABBREVIATION for b in gazetteer.bearers(name))
