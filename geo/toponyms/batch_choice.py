"""The mentions among the proposals of many articles, as `geo.toponyms.recogniser` chooses them for one."""

from __future__ import annotations

from itertools import pairwise, repeat

import numpy as np

from geo.model import Mention, MentionKind, records
from geo.toponyms.batch_keys import DEMONYM_KIND
from geo.toponyms.batch_odds import sigmoids
from geo.toponyms.batch_proposals import Spans
from geo.toponyms.batch_spans import Proposals
from geo.toponyms.batch_words import Bools, Floats, Ints
from geo.toponyms.borders import with_borders
from geo.toponyms.lines import LINE_CONFIDENCE, lines
from geo.toponyms.rules import DEMONYM_THRESHOLD, DOUBTFUL, Rules
from geo.toponyms.spans import Article, takes_stop
from geo.toponyms.weights import logit

FIRST_OF_ALL = -2.0  # a rank before all probabilities


def choose_all(proposals: Proposals, threshold: float) -> list[list[Mention]]:
    """The mentions of each article: the likeliest go first, none overlaps another."""
    articles = proposals.articles()
    rows, p = _judge(proposals, articles, threshold)
    first, last, name, facts = (
        column[rows] for column in (proposals.first, proposals.last, proposals.name, proposals.facts)
    )
    rank = -p
    of_lines = _lines(proposals, articles)
    if len(of_lines):
        columns = zip((first, last, name, facts), of_lines.T, strict=True)
        first, last, name, facts = (np.append(column, further) for column, further in columns)
        p = np.append(p, np.full(len(of_lines), LINE_CONFIDENCE))
        rank = np.append(rank, np.full(len(of_lines), FIRST_OF_ALL))
    chosen = _settle(first, last, rank)
    mentions = _mentions(proposals, first[chosen], last[chosen], name[chosen], facts[chosen], p[chosen])
    bounds = pairwise(proposals.tokens.bounds(first[chosen]))
    return [with_borders(article, mentions[i:j]) for article, (i, j) in zip(articles, bounds, strict=True)]


def _judge(proposals: Proposals, articles: list[Article], threshold: float) -> tuple[Ints, Floats]:
    """The proposals that are likely enough by the weights and the rules, and how likely."""
    rows, plain = proposals.likely(*(logit(p) - 1e-6 for p in (threshold, DEMONYM_THRESHOLD, DOUBTFUL)))
    p = sigmoids(proposals.scores[rows])
    asked = np.flatnonzero(~plain | (p < threshold))
    of = proposals.tokens.article[proposals.first[rows[asked]]]
    rules, reading = Rules(articles[0]), 0
    judged = []
    for article, span, likely in zip(
        of.tolist(), proposals.spans(rows[asked]), p[asked].tolist(), strict=True
    ):
        if article != reading:
            rules, reading = Rules(articles[article]), article
        judged.append(rules.probability(span, likely, threshold))
    p[asked] = judged
    likely_enough = np.flatnonzero(p >= threshold)
    return rows[likely_enough], p[likely_enough]


def _lines(proposals: Proposals, articles: list[Article]) -> Ints:
    """First and last token, name and number of the facts of the curated lines."""
    found = []
    for begin, article in zip(proposals.tokens.first.tolist(), articles, strict=True):
        if article.line_openers:
            found += [
                (begin + i, begin + j, -1 if name is None else name, proposals.about.number(facts))
                for i, j, name, facts in lines(article)
            ]
    return np.array(found, np.int64).reshape(-1, 4)


def _settle(first: Ints, last: Ints, rank: Floats) -> Ints:
    """Spans of which none overlaps another, by place: the lowest in rank go first."""
    order = np.argsort(Spans.key(first, last), kind="stable")
    free = np.ones(len(order), np.bool_)
    apart = first[order[1:]] >= np.maximum.accumulate(last[order])[:-1]
    free[1:] &= apart
    free[:-1] &= apart
    others = order[~free]
    taken = bytearray(int(last.max(initial=0)))
    settled = []
    others = others[np.lexsort((last[others], first[others], rank[others]))]
    for row, i, j in zip(others.tolist(), first[others].tolist(), last[others].tolist(), strict=True):
        if 1 not in taken[i:j]:
            taken[i:j] = b"\1" * (j - i)
            settled.append(row)
    chosen = np.zeros(len(first), np.bool_)
    chosen[order[free]] = chosen[settled] = True
    found: Ints = order[chosen[order]]
    return found


def _mentions(
    proposals: Proposals, first: Ints, last: Ints, name: Ints, facts: Ints, p: Floats
) -> list[Mention]:
    tokens, analyses = proposals.tokens, proposals.analyses
    article = tokens.article[first]
    start, end = tokens.starts[first], tokens.starts[last - 1] + tokens.lengths[last - 1]
    stopped = np.flatnonzero(_may_take_stop(proposals, last, name))
    for k, of, i, named in zip(
        *(
            c.tolist()
            for c in (stopped, article[stopped], (last - tokens.first[article])[stopped], name[stopped])
        ),
        strict=True,
    ):
        end[k] += takes_stop(proposals.table.gazetteer, named, analyses[of].words[i - 1])
    starts, ends = start.tolist(), end.tolist()
    texts = [analyses[of].text[i:j] for of, i, j in zip(article.tolist(), starts, ends, strict=True)]
    demonym = np.array(proposals.about.kind)[facts] == DEMONYM_KIND
    kinds: list[MentionKind] = ["demonym" if d else "name" for d in demonym.tolist()]
    return records(Mention, starts, ends, texts, kinds, repeat(()), p.tolist(), repeat(""))


def _may_take_stop(proposals: Proposals, last: Ints, name: Ints) -> Bools:
    """Which names a full stop follows at once."""
    tokens = proposals.tokens
    found: Bools = (name >= 0) & tokens.has("full_stop")[last] & (tokens.gap[last - 1] == 0)
    return found
