"""Corpora with gold toponyms → the weights.

Three models are fitted, each on what the one before it predicts out of fold: the span classifier (L1 logistic
regression), the ranker's two passes (conditional logit with L2), and the calibration of the confidence. The same
corpora, gazetteer and library versions give the same file. Needs `pip install 'geo-news[train]'`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from geo.evaluation.corpora import GoldArticle, GoldToponym
from geo.evaluation.gold import gold_mentions, gold_toponyms
from geo.gazetteer import Gazetteer
from geo.model import Mention
from geo.sphere import distance_km
from geo.text import analyse
from geo.toponyms.candidates import Name, distinct_names
from geo.toponyms.features import features
from geo.toponyms.lines import LINE_CONFIDENCE
from geo.toponyms.ranking import Company, candidate_features, weigh
from geo.toponyms.recogniser import recognise
from geo.toponyms.resolver import spot_share
from geo.toponyms.spans import Article, offsets
from geo.toponyms.weights import Weights, logit

RIGHT_KM = 161.0  # 100 miles: the field's measure of a right place
SPAN_C = 1.0  # inverse strength of the L1 penalty
RANK_PENALTY = 1.0  # strength of the L2 penalty
MIN_FEATURE = 3  # a span feature seen in fewer proposals is not learned
FOLDS = 5
THRESHOLD = 0.25

Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(slots=True)
class Example:
    """A gold article with its proposals and what is seen of them."""

    gold: GoldArticle
    article: Article
    spans: list[tuple[int, int]]
    features: list[list[str]]
    labels: list[bool]
    names: list[Name] = field(default_factory=list)
    targets: list[list[float]] = field(default_factory=list)  # of each name, the worth of each candidate


def prepare(gold: Iterable[GoldArticle], gazetteer: Gazetteer) -> list[Example]:
    """Examples of gold articles; all that does not depend on weights is computed here."""
    examples = []
    for each in gold:
        article = Article(analyse(each.text), gazetteer)
        right = {(t.start, t.end) for t in each.toponyms}
        spans = [offsets(article, span) for span in article.spans]
        example = Example(each, article, spans, features(article, article.spans), [s in right for s in spans])
        _add_names(example, gazetteer)
        examples.append(example)
    return examples


def _add_names(example: Example, gazetteer: Gazetteer) -> None:
    mentions, toponyms = gold_mentions(example.gold, gazetteer), gold_toponyms(example.gold)
    example.names = [n for n in distinct_names(example.article.analysis, mentions, gazetteer) if n.candidates]
    for name in example.names:
        points = [p for k in name.mentions if (p := toponyms[k].point)]
        example.targets.append([_worth(gazetteer, c.place, points) for c in name.candidates])


def _worth(gazetteer: Gazetteer, place: int, points: Sequence[tuple[float, float]]) -> float:
    """1 at the gold point, 0.5 just within 161 km, 0 beyond; the mean over the mentions. 0 without gold points."""
    worth = 0.0
    for lat, lon in points:
        km = distance_km((gazetteer.lat[place] / 1e5, gazetteer.lon[place] / 1e5), (lat, lon))
        worth += 0.5 + 0.5 * math.exp(-km / 60) if km <= RIGHT_KM else 0.0
    return worth / len(points) if points else 0.0


def fold_of(article_id: str, folds: int = FOLDS) -> int:
    """The fold that an article is in: by its id's hash, so that it stays there when corpora grow."""
    return int(hashlib.md5(article_id.encode(), usedforsecurity=False).hexdigest(), 16) % folds


# --- spans


def fit_spans(examples: Sequence[Example], without: frozenset[str] = frozenset()) -> dict[str, float]:
    """Weights of the span classifier; features that begin with a word of `without` are not learned."""
    counts: dict[str, int] = {}
    for example in examples:
        for seen in example.features:
            for f in seen:
                counts[f] = counts.get(f, 0) + 1
    kept = [f for f, n in counts.items() if n >= MIN_FEATURE and not f.startswith(tuple(without))]
    index = {f: i for i, f in enumerate(sorted(kept))}
    rows = [[index[f] for f in set(seen) if f in index] for e in examples for seen in e.features]
    pointers = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter((c for row in rows for c in sorted(row)), np.int64, int(pointers[-1]))
    matrix = csr_matrix((np.ones(len(columns)), columns, pointers), shape=(len(rows), len(index)))
    labels = np.array([label for e in examples for label in e.labels])
    model = LogisticRegression(C=SPAN_C, l1_ratio=1.0, solver="liblinear", max_iter=100, random_state=0, tol=1e-3)
    model.fit(matrix, labels)
    weights = {f: round(float(model.coef_[0, i]), 4) for f, i in index.items() if abs(model.coef_[0, i]) >= 5e-4}
    return {"bias": round(float(model.intercept_[0]), 4), **weights}


# --- ranks


@dataclass(slots=True)
class _Choice:
    """One name's candidates as rows of numbers, and their worth."""

    rows: list[dict[str, float]]
    worth: list[float]
    weight: float


def _choices(examples: Sequence[Example], gazetteer: Gazetteer) -> list[_Choice]:
    """The choices of all names, in the company that the names' present shares make."""
    choices = []
    for example in examples:
        company = Company(gazetteer, example.names, {})
        for k, (name, worth) in enumerate(zip(example.names, example.targets, strict=True)):
            if any(worth):
                rows = candidate_features(gazetteer, name, k, company)
                choices.append(_Choice(rows, worth, math.sqrt(min(4, len(name.mentions)))))
    return choices


def fit_ranks(choices: Sequence[_Choice], without: frozenset[str] = frozenset()) -> dict[str, float]:
    """Weights under which the worthy candidates get the belief: maximum likelihood with an L2 penalty.

    Features that begin with a word of `without` get the weight 0: what they are worth is seen by their lack.
    """
    features = {f for c in choices for row in c.rows for f in row}
    index = {f: i for i, f in enumerate(sorted(f for f in features if not f.startswith(tuple(without))))}
    data: list[float] = []
    columns: list[int] = []
    pointers = [0]
    for choice in choices:
        for row in choice.rows:
            data.extend(value for f, value in row.items() if f in index)
            columns.extend(index[f] for f in row if f in index)
            pointers.append(len(data))
    matrix = csr_matrix((data, columns, pointers), shape=(len(pointers) - 1, len(index)))
    starts = np.cumsum([0, *(len(c.rows) for c in choices)])[:-1]
    group = np.repeat(np.arange(len(choices)), [len(c.rows) for c in choices])
    worth = np.concatenate([np.array(c.worth) / sum(c.worth) for c in choices])
    weight = np.array([c.weight for c in choices])

    def loss(beta: Floats) -> tuple[float, Floats]:
        scores = matrix @ beta
        top = np.maximum.reduceat(scores, starts)
        powers = np.exp(scores - top[group])
        totals = np.add.reduceat(powers, starts)
        likelihood = (np.log(totals) + top - np.add.reduceat(worth * scores, starts)) * weight
        gradient = matrix.T @ ((powers / totals[group] - worth) * weight[group])
        return float(likelihood.sum() + RANK_PENALTY * (beta**2).sum()), gradient + 2 * RANK_PENALTY * beta

    found = minimize(loss, np.zeros(len(index)), jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return {f: round(float(found.x[i]), 4) for f, i in index.items()}


def fit_resolver(
    examples: Sequence[Example], gazetteer: Gazetteer, without: frozenset[str] = frozenset()
) -> tuple[dict[str, float], dict[str, float]]:
    """Weights of the two passes; the second learns from what the first believes out of fold."""
    _set_shares(examples, gazetteer, ())
    first = fit_ranks(_choices(examples, gazetteer), without)
    folds = [fold_of(e.gold.id, 3) for e in examples]
    for fold in range(3):
        others = [e for e, f in zip(examples, folds, strict=True) if f != fold]
        inner = fit_ranks(_choices(others, gazetteer), without)
        _set_shares([e for e, f in zip(examples, folds, strict=True) if f == fold], gazetteer, (inner,))
    return first, fit_ranks(_choices(examples, gazetteer), without)


def _set_shares(examples: Sequence[Example], gazetteer: Gazetteer, passes: Sequence[Mapping[str, float]]) -> None:
    for example in examples:
        weigh(gazetteer, example.names, passes)


# --- calibration


def fit_calibration(found: Sequence[tuple[float, float, bool]]) -> tuple[float, float, float]:
    """Bias and weights of the logits of (span probability, share of the place) that predict whether both are right."""
    matrix = np.array([(logit(span), logit(share)) for span, share, _ in found])
    model = LogisticRegression(C=1e3, random_state=0).fit(matrix, [right for *_, right in found])
    of_span, of_share = (round(float(c), 4) for c in model.coef_[0])
    return round(float(model.intercept_[0]), 4), of_span, of_share


def outcomes(examples: Sequence[Example], gazetteer: Gazetteer, weights: Weights) -> list[tuple[float, float, bool]]:
    """(span probability, share of the place, whether both are right) of each mention found in the examples."""
    found = []
    for example in examples:
        analysis = example.article.analysis
        mentions = recognise(analysis, gazetteer, weights)
        names = distinct_names(analysis, mentions, gazetteer)
        weigh(gazetteer, names, weights.ranks)
        for name in names:
            if not name.candidates:
                continue
            best = max(range(len(name.shares)), key=name.shares.__getitem__)
            share = spot_share(gazetteer, name, best)
            place = name.candidates[best].place
            point = (gazetteer.lat[place] / 1e5, gazetteer.lon[place] / 1e5)
            for k in name.mentions:
                mention = mentions[k]
                if mention.confidence == LINE_CONFIDENCE:
                    continue  # taken by rule
                gold = _overlapping(example.gold.toponyms, mention)
                if gold is None or gold.point:
                    right = gold is not None and distance_km(point, gold.point or point) <= RIGHT_KM
                    found.append((mention.confidence, share, right))
    return found


def _overlapping(toponyms: Sequence[GoldToponym], mention: Mention) -> GoldToponym | None:
    best = max(toponyms, key=lambda t: min(t.end, mention.end) - max(t.start, mention.start), default=None)
    return best if best and min(best.end, mention.end) > max(best.start, mention.start) else None


def fit(
    examples: Sequence[Example], gazetteer: Gazetteer, card: Mapping[str, Any], report: Callable[[str], None] = lambda _: None
) -> Weights:
    """All weights from the examples. `report` is told what is being done."""
    report("fitting the span classifier")
    spans = fit_spans(examples)
    report("fitting the ranker")
    ranks = fit_resolver(examples, gazetteer)
    report("calibrating")
    found = []
    for fold in range(3):
        inner = [e for e in examples if fold_of(e.gold.id, 3) != fold]
        weights = Weights(fit_spans(inner), THRESHOLD, ranks, (0.0, 1.0, 1.0), {})
        found += outcomes([e for e in examples if fold_of(e.gold.id, 3) == fold], gazetteer, weights)
    return Weights(spans, THRESHOLD, ranks, fit_calibration(found), dict(card))
