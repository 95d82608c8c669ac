"""Which stretches of a text name a place.

Proposals (`geo.toponyms.spans`) are scored by the learned weights; the likeliest go first, and none may overlap another.
Two sorts are taken by rule, for corpora hardly know them: the curated lines ("Lachin corridor"), and borders
named by their two countries. What names no place on a map (a treaty, a circle of states, a person) is left out
by rule too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geo.gazetteer import Gazetteer
from geo.model import Mention, MentionKind
from geo.text import Analysis
from geo.toponyms.borders import with_borders
from geo.toponyms.features import observer
from geo.toponyms.lines import LINE_CONFIDENCE, lines
from geo.toponyms.rules import Rules
from geo.toponyms.spans import Article, Span, offsets
from geo.toponyms.weights import Weights, bundled_weights, sigmoid


def recognise(analysis: Analysis, gazetteer: Gazetteer, weights: Weights | None = None) -> list[Mention]:
    """The mentions of places in a text, in order, not overlapping; `confidence` is the probability of each.

    Demonyms come along as mentions of kind "demonym", borders named by two countries as kind "border".
    """
    weights = weights or bundled_weights()
    article = Article(analysis, gazetteer)
    see, score = observer(article, weights.scorer.named, weights.scorer.ending), weights.scorer.score
    return _choose(article, [(span, score(see(span))) for span in article.spans], weights.threshold)


def recognise_all(
    analyses: Sequence[Analysis], gazetteer: Gazetteer, weights: Weights | None = None
) -> list[list[Mention]]:
    """The mentions of each of many texts, read at once."""
    from geo.toponyms.batch_choice import choose_all  # noqa: PLC0415  numpy only where it pays
    from geo.toponyms.batch_keys import MOST_WORDS  # noqa: PLC0415
    from geo.toponyms.batch_spans import batch_reader  # noqa: PLC0415

    weights = weights or bundled_weights()
    if not analyses or len(weights.scorer.told) > MOST_WORDS:
        return [recognise(analysis, gazetteer, weights) for analysis in analyses]
    return choose_all(batch_reader(gazetteer, weights.scorer).propose(analyses), weights.threshold)


def _choose(article: Article, scored: Iterable[tuple[Span, float]], threshold: float) -> list[Mention]:
    """The mentions among proposals with their log-odds: the likeliest go first, none overlaps another."""
    rules = Rules(article)
    judged = []
    for span, score in scored:
        p = rules.probability(span, sigmoid(score), threshold)
        if p >= threshold:
            judged.append((-p, span))
    judged.sort()
    chosen = []
    taken = [False] * len(article.analysis.words)
    for p, span in [*((-LINE_CONFIDENCE, span) for span in lines(article)), *judged]:
        first, last = span.first, span.last
        if True not in taken[first:last]:
            taken[first:last] = [True] * (last - first)
            chosen.append((span, -p))
    chosen.sort()
    return with_borders(article, [_mention(article, span, p) for span, p in chosen])


def _mention(article: Article, span: Span, probability: float) -> Mention:
    (start, end), facts = offsets(article, span), span.facts
    kind: MentionKind = "demonym" if facts is not None and facts.kind == "demonym" else "name"
    return Mention(start, end, article.analysis.text[start:end], kind, (), probability)
