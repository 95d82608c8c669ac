"""What `geo evaluate` compares: the tool itself, its resolver alone, and plain baselines.

The tool may be given weights that were learned without the articles that it predicts (`held_out`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from geo.errors import FormatError, GeoError
from geo.evaluation.corpora import GoldArticle
from geo.evaluation.gold import gold_mentions
from geo.evaluation.metrics import Prediction, Predictor
from geo.gazetteer import AMBIGUOUS, DEMONYM, SHORT, Gazetteer, Match, NameCandidate
from geo.model import Toponym
from geo.sphere import Point
from geo.text import analyse
from geo.toponyms.reasons import title
from geo.toponyms.recogniser import recognise
from geo.toponyms.resolver import resolve
from geo.toponyms.weights import Weights, bundled_weights

Weigher = Callable[[GoldArticle], Weights]
"""The weights to read an article with."""
TOWN_PEOPLE = 15_000  # what GeoNames' list of cities for such lookups begins at
Group = Callable[[GoldArticle], Hashable]


# --- the tool


def bundled(_: GoldArticle) -> Weights:
    """The weights that the package carries, for every article."""
    return bundled_weights()


def tool(gazetteer: Gazetteer, weights: Weigher = bundled, *, demonyms: bool = True) -> Predictor:
    """The whole tool: recognition and resolution. Without `demonyms`, "Armenian forces" is no prediction."""

    def predict(article: GoldArticle) -> list[Prediction]:
        analysis, learned = analyse(article.text), weights(article)
        toponyms = resolve(analysis, recognise(analysis, gazetteer, learned), gazetteer, weights=learned)
        return [_prediction(t, gazetteer) for t in toponyms if demonyms or t.kind != "demonym"]

    return lambda articles: [predict(article) for article in articles]


def resolver_alone(gazetteer: Gazetteer, weights: Weigher = bundled) -> Predictor:
    """The resolver on the gold mentions: what it would reach if recognition were perfect."""

    def predict(article: GoldArticle) -> list[Prediction]:
        analysis, mentions = analyse(article.text), gold_mentions(article, gazetteer)
        return [_prediction(t, gazetteer) for t in resolve(analysis, mentions, gazetteer, weights=weights(article))]

    return lambda articles: [predict(article) for article in articles]


def _prediction(toponym: Toponym, gazetteer: Gazetteer) -> Prediction:
    place = toponym.place
    if place is None:
        return Prediction(toponym.start, toponym.end, None, toponym.confidence, toponym.kind)
    point = place.lat, place.lon
    return Prediction(toponym.start, toponym.end, point, toponym.confidence, toponym.kind, title(place, gazetteer))


def geonames_points(gazetteer: Gazetteer) -> Callable[[int], Point | None]:
    """A function from a GeoNames id to its point, None if the gazetteer lacks it."""

    @cache
    def places() -> dict[int, int]:
        return {number: index for index, number in enumerate(gazetteer.geonames) if number}

    def point(number: int) -> Point | None:
        index = places().get(number)
        return None if index is None else (gazetteer.lat[index] / 1e5, gazetteer.lon[index] / 1e5)

    return point


# --- weights that have not seen the article


def held_out(
    articles: Sequence[GoldArticle], gazetteer: Gazetteer, group: Group, report: Callable[[str], None] = lambda _: None
) -> Weigher:
    """For each article, weights learned from the articles of all other groups.

    Raises GeoError when the libraries that learn are missing, FormatError when there is only one group.
    """
    train = training()
    groups = sorted({group(a) for a in articles}, key=str)
    if len(groups) < 2:
        raise FormatError("nothing is left to learn from when these articles are held out; give more corpora or articles")
    report(f"preparing {len(articles)} articles")
    examples = train.prepare(articles, gazetteer)
    learned: dict[Hashable, Weights] = {}
    for number, each in enumerate(groups, 1):
        report(f"learning without {each} ({number} of {len(groups)})")
        learned[each] = fit([e for e in examples if group(e.gold) != each], gazetteer, {})
    return lambda article: learned[group(article)]


def fit(
    examples: Sequence[Any], gazetteer: Gazetteer, card: Mapping[str, Any], report: Callable[[str], None] = lambda _: None
) -> Weights:
    """Weights learned from prepared examples. Raises FormatError when they are too few or too much alike."""
    try:
        weights: Weights = training().fit(examples, gazetteer, card, report)
    except ValueError as error:
        raise FormatError(f"the corpora are too small to learn from ({' '.join(str(error).split())}); give more") from None
    return weights


def by_fold(folds: int) -> Group:
    """Groups articles into folds: the same that training uses."""
    fold_of = training().fold_of
    return lambda article: int(fold_of(article.id, folds))


def by_corpus(article: GoldArticle) -> Hashable:
    """Groups articles by their corpus."""
    return article.corpus


def training() -> Any:
    """The module `geo.evaluation.train`. Raises GeoError with the remedy when numpy, scipy or scikit-learn are missing."""
    try:
        from geo.evaluation import train  # noqa: PLC0415  the libraries that learn are an extra
    except ModuleNotFoundError as error:
        raise GeoError(f"learning needs {error.name}; install it with: pip install 'geo-news[train]'") from None
    return train


# --- baselines


def population(gazetteer: Gazetteer, *, demonyms: bool = True) -> Predictor:
    """Plain lookup: the longest known name at each capital, taken for its most populous bearer.

    Towns of fewer than 15,000 people are left out (with them it is worse), and names that are mere short forms.
    """

    def bearers(match: Match) -> list[NameCandidate]:
        return [
            b
            for b in gazetteer.bearers(match.name)
            if b.kind not in (SHORT, AMBIGUOUS)
            and (gazetteer.kind(b.place) != "city" or gazetteer.population[b.place] >= TOWN_PEOPLE)
        ]

    def predict(article: GoldArticle) -> Iterator[Prediction]:
        analysis = analyse(article.text)
        after = 0
        for i, word in enumerate(analysis.words):
            if i < after or not word[0].isupper():
                continue
            matches = [(m.last, found) for m in gazetteer.matches(analysis, i) if (found := bearers(m))]
            if matches:
                after, found = matches[-1]
                kind = "demonym" if all(b.kind == DEMONYM for b in found) else "name"
                if demonyms or kind == "name":
                    yield _at(gazetteer, _most_populous(gazetteer, found), analysis.starts[i], analysis.ends[after - 1], kind)

    return lambda articles: [list(predict(article)) for article in articles]


def _most_populous(gazetteer: Gazetteer, bearers: Sequence[NameCandidate]) -> int:
    return max((b.place for b in bearers), key=gazetteer.population.__getitem__)


def _at(gazetteer: Gazetteer, place: int, start: int, end: int, kind: str = "name") -> Prediction:
    point = gazetteer.lat[place] / 1e5, gazetteer.lon[place] / 1e5
    return Prediction(start, end, point, None, kind, title(gazetteer.place(place), gazetteer))


def flashgeotext(gazetteer: Gazetteer) -> Predictor | None:
    """The library flashgeotext, None if it is not installed. It gives names; the most populous bearer is the place."""
    try:
        from flashgeotext.geotext import GeoText  # noqa: PLC0415  an extra
    except ModuleNotFoundError:
        return None
    _hush()
    extractor = GeoText()

    def predict(article: GoldArticle) -> list[Prediction]:
        found = extractor.extract(input_text=article.text, span_info=True)
        spans = {
            (start, end): name
            for names in found.values()
            for name, meta in names.items()
            for start, end in meta["span_info"]
        }
        return [_named(gazetteer, span, (article.text[slice(*span)], name)) for span, name in sorted(spans.items())]

    return lambda articles: [predict(article) for article in articles]


def _hush() -> None:
    """Keep flashgeotext from logging what it loads."""
    from loguru import logger  # noqa: PLC0415

    logger.disable("flashgeotext")


def geotext(gazetteer: Gazetteer) -> Predictor | None:
    """The library geotext, None if it is not installed. It gives words in order; they are found again in the text."""
    try:
        from geotext import GeoText  # noqa: PLC0415  an extra
    except ModuleNotFoundError:
        return None

    def predict(article: GoldArticle) -> list[Prediction]:
        found = GeoText(article.text)
        spans = {s for words in (found.cities, found.countries) for s in _occurrences(article.text, words)}
        return [_named(gazetteer, span, (article.text[slice(*span)],)) for span in sorted(spans)]

    return lambda articles: [predict(article) for article in articles]


def _occurrences(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the words stand as words, each as often as it was given."""
    after: dict[str, int] = defaultdict(int)
    for word in words:
        match = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)").search(text, after[word])
        if match:
            after[word] = match.end()
            yield match.span()


def _named(gazetteer: Gazetteer, span: tuple[int, int], names: Sequence[str]) -> Prediction:
    """A prediction of the most populous place that bears one of the names, the first known; else without a place."""
    for name in names:
        if bearers := gazetteer.look_up(name):
            return _at(gazetteer, _most_populous(gazetteer, bearers), *span)
    return Prediction(*span, None)
