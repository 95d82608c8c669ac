"""The proposals of many articles and their scores, as `spans` and `features` say for one, in arrays of numpy.

What a group of features is worth is asked of the same `Scorer`; here its keys are packed into integers, and each distinct
key is asked for once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Lock

import numpy as np

from geo.gazetteer import CHAIN, Gazetteer
from geo.text import Analysis
from geo.toponyms.batch_keys import (
    CLASS,
    CODE_KIND,
    DEMONYM_KIND,
    KIND,
    LONG,
    NO_COMMA,
    NONE_THERE,
    PACKED,
    WHOLE,
    WIDE,
    Facts,
    Keys,
    Memory,
    pack,
)
from geo.toponyms.batch_proposals import Covers, Spans, Use
from geo.toponyms.batch_words import Bools, Floats, Ints, Table, Tokens
from geo.toponyms.features import Scorer
from geo.toponyms.rules import is_region, may_stand_as_place
from geo.toponyms.spans import Article, NameFacts, Span
from geo.toponyms.words import WORDS_KEPT


@dataclass(slots=True)
class Proposals:
    """The proposals of a batch, by place: tokens `first:last` of the batch, name (-1: none), number of its facts, log-odds."""

    table: Table
    about: Facts
    analyses: Sequence[Analysis]
    tokens: Tokens
    first: Ints
    last: Ints
    name: Ints
    facts: Ints
    scores: Floats
    lines: Ints  # where the name of a line may begin
    covers: Covers
    persons: Ints  # of each token within a proposal how often its word stands as a person in its article, 2 at most
    matches: tuple[Ints, ...]  # first, last, name and facts of the names that stand in the text, shorter ones first

    def likely(self, least: float, demonym: float, doubtful: float) -> tuple[Ints, Bools]:
        """The proposals with log-odds of `least` and more, and those that a rule may take all the same.

        `demonym` is the least of demonyms, `doubtful` of small places. With them goes whether no rule has a say in them.
        """
        kinds, g = np.array(self.about.kind)[self.facts], self.table.gazetteer
        region = self._names((self.facts > 0) & (self.last - self.first > 1), lambda name, _: is_region(g, name))
        chosen = region | (self.scores >= least) | (kinds == CODE_KIND) | ((kinds == DEMONYM_KIND) & (self.scores >= demonym))
        has = self.tokens.has
        small = (self.facts > 0) & ~chosen & (self.scores >= doubtful)
        small &= has("lets_stand_next")[self.first - 1] | has("lets_stand_last")[self.last]
        chosen |= self._names(small, lambda name, facts: may_stand_as_place(g, name, facts))
        at = np.flatnonzero(chosen)
        return at, self._unruled(self.first[at], self.last[at], kinds[at] == CODE_KIND, region[at])

    def spans(self, rows: Ints) -> Iterator[Span]:
        """Proposals as those of their articles."""
        first, last = self.first[rows], self.last[rows]
        begin = self.tokens.first[self.tokens.article[first]]
        facts = [self.about.facts[number] for number in self.facts[rows].tolist()]
        names = [None if name < 0 else name for name in self.name[rows].tolist()]
        return map(Span, (first - begin).tolist(), (last - begin).tolist(), names, facts)

    def _names(self, among: Bools, test: Callable[[int, NameFacts], bool]) -> Bools:
        """Those of the proposals `among`, all of them names, of which a test holds."""
        at = np.flatnonzero(among)
        facts = map(self.about.facts.__getitem__, self.facts[at].tolist())
        found = np.zeros(len(among), np.bool_)
        found[at] = [f is not None and test(name, f) for name, f in zip(self.name[at].tolist(), facts, strict=True)]
        return found

    def _unruled(self, i: Ints, j: Ints, code: Bools, region: Bools) -> Bools:
        """In which proposals no rule of `Rules` has a say if they are likely enough; others may turn out so as well."""
        has = self.tokens.has
        alone = has("doubted")[i] | (has("perhaps_given")[i] & has("capital")[j]) | has("doubts_next")[i - 1]
        several = has("opens_organisation")[i] | region
        return ~(np.where(j - i == 1, alone, several) | has("doubts_last")[j] | (code & has("comma")[i - 1]))

    def articles(self) -> list[Article]:
        """The articles; what was found out of them here need not be found out again."""
        tokens = self.tokens
        found = zip(tokens.by_article(self.lines), tokens.by_article(np.flatnonzero(tokens.has("border"))), strict=True)
        articles: list[Article] = []
        for k, (analysis, (line_openers, border_heads)) in enumerate(zip(self.analyses, found, strict=True)):
            article = _ReadArticle(analysis, self.table.gazetteer)
            # as if they had been asked for
            article.__dict__.update(line_openers=line_openers, border_heads=border_heads, proposals=self, number=k)
            articles.append(article)
        return articles


class _ReadArticle(Article):
    """An article of a batch."""

    proposals: Proposals
    number: int

    @cached_property
    def opens(self) -> frozenset[int]:
        """The words that open a sentence, a quotation or what follows a colon."""
        tokens = self.proposals.tokens
        opens = tokens.opens[tokens.first[self.number] : tokens.last[self.number]]
        return frozenset(np.flatnonzero(opens).tolist())

    def in_longer_match(self, first: int, last: int) -> bool:
        """Whether a longer name of the gazetteer covers the tokens."""
        begin = self.proposals.tokens.first[self.number]
        return bool(self.proposals.covers.over(begin + first, begin + last))

    def stands_as_person(self, i: int) -> bool:
        """Whether the word of token i, which is in a proposal, stands as a person somewhere in the article."""
        return bool(self.proposals.persons[self.proposals.tokens.first[self.number] + i])

    @cached_property
    def facts(self) -> dict[tuple[int, int], NameFacts]:
        """(first, last) → what the gazetteer says, for its names that stand there as they are written."""
        kept = self.proposals.about.facts
        return {(i, j): facts for i, j, _, k in self._rows if (facts := kept[k]) is not None}

    @cached_property
    def matches(self) -> dict[tuple[int, int], int]:
        """(first, last) → name, for the gazetteer's names that begin with a capital; shorter ones first."""
        return {(i, j): name for i, j, name, _ in self._rows}

    @cached_property
    def _rows(self) -> list[tuple[int, int, int, int]]:
        """First, last, name and number of the facts of its names."""
        tokens, (first, last, name, facts) = self.proposals.tokens, self.proposals.matches
        begin, end = tokens.first[self.number], tokens.last[self.number]
        rows = np.flatnonzero((first >= begin) & (first < end))
        columns = (first[rows] - begin, last[rows] - begin, name[rows], facts[rows])
        return list(zip(*(column.tolist() for column in columns), strict=True))


class BatchReader:
    """Reads batches with one gazetteer and one scorer, one at a time; keeps what it has learned of words, names and keys."""

    def __init__(self, gazetteer: Gazetteer, scorer: Scorer) -> None:
        self.gazetteer, self.scorer = gazetteer, scorer
        self._lock = Lock()
        self._forget()

    def _forget(self) -> None:
        self.table = Table(self.gazetteer, self.scorer)
        self.facts = Facts(self.gazetteer)
        keys = Keys(self.table, self.facts).of_groups
        self.memories = [Memory(*both) for both in zip(keys, self.scorer.worths, strict=True)]

    def propose(self, analyses: Sequence[Analysis]) -> Proposals:
        """The proposals of articles with their scores."""
        with self._lock:
            return self._propose(analyses)

    def _propose(self, analyses: Sequence[Analysis]) -> Proposals:
        if len(self.table) > WORDS_KEPT or len(self.facts) > WORDS_KEPT:
            self._forget()
        tokens = Tokens(self.table, analyses)
        first, last, name = self._matches(tokens)
        facts = self._facts_on(tokens, first, last, name, analyses)
        matches = first, last, name, facts
        known = facts > 0
        first, last, name, facts = first[known], last[known], name[known], facts[known]
        spans = Spans(tokens, first, last)
        at = np.searchsorted(spans.keys, Spans.key(first, last))
        named, about = np.full(len(spans.first), -1), np.zeros(len(spans.first), np.int64)
        named[at], about[at] = name, facts
        use, covers = Use(tokens, spans), Covers(len(tokens.ids), first, last)
        kind_at = np.full(len(tokens.ids), NONE_THERE)
        kind_at[first] = np.array(self.facts.kind)[facts]  # of several names that begin there the last one stays, the longest
        scores = self._score(tokens, spans, about, kind_at, use, covers.over(spans.first, spans.last))
        return Proposals(
            self.table, self.facts, analyses, tokens, spans.first, spans.last, named, about, scores, self._lines(tokens), covers,
            use.persons, matches,
        )  # fmt: skip

    # --- names

    def _matches(self, tokens: Tokens) -> tuple[Ints, Ints, Ints]:
        """First and last token and number of the names that begin with a capital; at each token shorter ones first."""
        capital, after_edge = tokens.has("capital"), np.append(tokens.has("edge")[1:], True)
        first, last, name = self._names_at(tokens, np.flatnonzero(capital | (tokens.has("arabic") & ~after_edge)))
        good = capital[last - 1] | ((last - first > 1) & tokens.has("alphanumeric")[last - 1])
        return first[good], last[good], name[good]

    def _lines(self, tokens: Tokens) -> Ints:
        """The words with which the name of a line may begin: with a second one they begin some name."""
        second = np.append(tokens.has("second_in_line")[1:], False)
        first, last, _ = self._names_at(tokens, np.flatnonzero(tokens.has("opens_line") & second))
        return np.unique(first[last - first > 1])

    def _names_at(self, tokens: Tokens, heads: Ints) -> tuple[Ints, Ints, Ints]:
        """First and last token and number of the names that begin at tokens, shorter ones first."""
        ids = tokens.ids
        hashes, found = tokens.opening_hash[ids[heads]], tokens.opening[ids[heads]]
        at = heads
        parts = [(heads[:0],) * 3]
        while heads.size:
            named = np.flatnonzero(found >> 1)
            parts.append((heads[named], at[named] + 1, (found[named] >> 1) - 1))
            longer = np.flatnonzero(found & 1)
            following = tokens.next_in_name(at[longer])
            going, at = longer[following >= 0], following[following >= 0]
            heads = heads[going]
            hashes = hashes[going] * np.uint64(CHAIN) ^ tokens.hash[ids[at]]
            hashes ^= hashes >> np.uint64(31)
            found = self.table.probe(hashes)
        first, last, name = (np.concatenate(column) for column in zip(*parts, strict=True))
        return first, last, name

    def _facts_on(self, tokens: Tokens, first: Ints, last: Ints, name: Ints, analyses: Sequence[Analysis]) -> Ints:
        """Numbers of the facts on matches."""
        numbers = np.array(list(map(self.facts.__getitem__, name.tolist())), np.int64)
        at = np.flatnonzero(numbers < 0)
        article = tokens.article[first[at]]
        begin = tokens.first[article]
        columns = at, article, first[at] - begin, last[at] - begin, name[at]
        for k, of, i, j, asked in zip(*(column.tolist() for column in columns), strict=True):
            text, (start, end) = analyses[of].text, analyses[of].offsets(i, j)
            numbers[k] = self.facts.as_written(asked, text[start:end], text[end : end + 1])
        return numbers

    # --- scores

    def _score(self, tokens: Tokens, spans: Spans, facts: Ints, kind_at: Ints, use: Use, within: Bools) -> Floats:
        """The log-odds of proposals: of each the number of its facts, and whether it is within a longer name.

        `kind_at` has the kind of the longest name that begins at each token.
        """
        i, j = spans.first, spans.last
        length = j - i
        kinds, primaries = np.array(self.facts.kind), np.array(self.facts.primary)
        word, shape, mark, classes, opens = tokens.named, tokens.shape, tokens.mark, tokens.classes, tokens.opens
        comma = tokens.has("comma")
        a, b = spans.run
        starts, ends = i == a, j >= b
        known, kind, primary = facts > 0, kinds[facts], primaries[facts] + 2
        person, place, low = spans.most(use.persons), spans.most(use.places), spans.most(use.low)
        before_kind = np.where(comma[i - 1], kind_at[np.maximum(i - 2, 0)], NO_COMMA)
        three, four = np.minimum(length, 3), np.minimum(length, 4)
        keys = (
            word[i],
            tokens.ending[j - 1],
            pack((spans.packed(word), 0), (four, 3)),
            pack((word[i - 1], 0), (word[i - 2], WIDE), (before_kind, KIND)),
            pack((word[j], 0), (word[j + 1], WIDE)),
            pack((word[i - 1], 0), (word[j], WIDE), (kind, KIND)),
            spans.packed(shape),
            pack((shape[i - 1], 0), (shape[j], WIDE)),
            pack((classes[i], 0), (classes[j - 1], CLASS), (opens[i], 1)),
            pack((classes[i - 1], 0), (classes[j], CLASS)),
            pack((facts, 0), (within, 1), (three, 2), (classes[i], CLASS), (opens[i], 1)),
            pack((known, 0), (within, 1), (mark[i - 1], WIDE), (mark[j], WIDE), (primary, 5)),
            pack((person, 0), (place, 2), (low, 1), (primary, 5)),
            pack((kind, 0), (np.where(comma[j], kind_at[j + 1], kind_at[j]), KIND), (comma[j], 1)),
            pack((starts, 0), (ends, 1), (known, 1), (four, 3), (np.minimum(b - a, 5), 3)),
            pack((starts, 0), (np.where(starts, 0, word[a]), WIDE), (np.where(starts, 0, classes[a]), CLASS)),
            pack((ends, 0), (np.where(ends, 0, word[b - 1]), WIDE), (np.where(ends, 0, classes[b - 1]), CLASS)),
        )
        scores = np.zeros(len(i))
        for group, memory in enumerate(self.memories):
            worths = memory(keys[group])
            if group in LONG:
                self._mend(spans, group, word if group == WHOLE else shape, worths)
            scores += worths
        return self.scorer.bias + scores

    def _mend(self, spans: Spans, group: int, column: Ints, worths: Floats) -> None:
        """Replace the worths of the few spans of more tokens than fit into a key."""
        named = self.table.named.values_by_number
        for k in np.flatnonzero(spans.last - spans.first > PACKED).tolist():
            i, j = int(spans.first[k]), int(spans.last[k])
            inside = " ".join(named[n] for n in column[i:j].tolist())
            worths[k] = self.scorer.worths[group][(inside, 4) if group == WHOLE else (inside,)]


@lru_cache(maxsize=2)
def batch_reader(gazetteer: Gazetteer, scorer: Scorer) -> BatchReader:
    """The reader of batches with a gazetteer and a scorer, made once."""
    return BatchReader(gazetteer, scorer)
