"""Which place each mention means, with the runners-up, a confidence and a reason in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise, repeat

from geo.gazetteer import NONE, Gazetteer
from geo.model import Candidate, Mention, Place, Role, Toponym
from geo.text import Analysis, fold
from geo.toponyms.candidates import Name, distinct_names, holds
from geo.toponyms.ranking import apart_km, likeliest, weigh
from geo.toponyms.weights import Weights, bundled_weights

RUNNERS_UP = 3
MENTIONED = 0.01  # share from which a runner-up is named in the reason
APPROXIMATE = 0.7  # what an approximate place is worth of its confidence
SAME_SPOT_NORTH = 50_000  # 1e-5 degrees of latitude: more than SAME_SPOT_KM
SAME_SPOT_KM = 50.0  # candidates this near are one place for the confidence: a city and its district


def resolve(
    analysis: Analysis,
    mentions: Sequence[Mention],
    gazetteer: Gazetteer,
    *,
    weights: Weights | None = None,
    day: dt.date | None = None,
    approximate: bool = True,
) -> list[Toponym]:
    """The toponyms of an article: each mention with its place, runners-up, confidence and reason.

    `day` is the article's date: of two lines that bore a name at different times, the one of that day is meant.
    A name that the gazetteer lacks stays unresolved (place None) unless a part of it is known: then the place
    is approximate, and the reason says so; without `approximate` it stays unresolved too.
    """
    weights = weights or bundled_weights()
    names = distinct_names(analysis, mentions, gazetteer)
    weigh(gazetteer, names, weights.ranks)
    return toponyms(analysis, mentions, names, weights, _Explanations(gazetteer, analysis, names, day, approximate))


def resolve_all(
    articles: Sequence[tuple[Analysis, Sequence[Mention], dt.date | None]],
    gazetteer: Gazetteer,
    *,
    weights: Weights | None = None,
    approximate: bool = True,
) -> list[list[Toponym]]:
    """The same of many articles, each with its mentions and its date, at once."""
    from geo.toponyms.batch_ranking import weigh_all  # noqa: PLC0415  numpy only where it pays

    weights = weights or bundled_weights()
    named = [distinct_names(analysis, mentions, gazetteer) for analysis, mentions, _ in articles]
    weigh_all(gazetteer, named, weights.ranks)
    return [
        toponyms(analysis, mentions, names, weights, _Explanations(gazetteer, analysis, names, day, approximate))
        for (analysis, mentions, day), names in zip(articles, named, strict=True)
    ]


def toponyms(
    analysis: Analysis, mentions: Sequence[Mention], names: Sequence[Name], weights: Weights, explain: _Explanations
) -> list[Toponym]:
    """The mentions with what their names are believed to mean."""
    meant = {k: name for name in map(_Meaning, names, repeat(explain)) for k in name.name.mentions}
    return [_toponym(analysis, m, meant[k], weights, explain) for k, m in enumerate(mentions)]


class _Meaning:
    """What the mentions of a name share: the candidates in order, the belief in the first, the reason."""

    def __init__(self, name: Name, explain: _Explanations, *, divided: bool = False) -> None:
        self.name = name
        self.ranked: tuple[Candidate, ...] = ()
        self.moved = False  # a town stands before its division, which is likelier by itself
        self.refused = bool(name.candidates and name.approximation) and not explain.approximate
        if name.candidates and not self.refused:
            g = explain.gazetteer
            order = _order(g, name, explain.day, divided=divided)
            if name.surface == "New York" and not divided and explain.diplomatic:
                order = sorted(order, key=lambda j: g.kind(name.candidates[j].place) != "city")  # where the United Nations sit
            self.moved = order[0] != likeliest(name)
            order = order[: RUNNERS_UP + 1]
            self.ranked = tuple([Candidate(g.place(name.candidates[j].place), round(name.shares[j], 4)) for j in order])
            self.share = spot_share(g, name, order[0]) if len(name.shares) > 1 else name.shares[0]
            self.reason = explain.reason(name, order)


def _toponym(analysis: Analysis, mention: Mention, meant: _Meaning, weights: Weights, explain: _Explanations) -> Toponym:
    if meant.moved and _names_division(analysis, mention):
        meant = _Meaning(meant.name, explain, divided=True)
    start, end, text, kind, approximation = mention.start, mention.end, mention.text, mention.kind, meant.name.approximation
    if not meant.ranked:
        reason = f"would be approximate: {approximation}" if meant.refused else f"no place named {text!r} in the gazetteer"
        return Toponym(start, end, text, kind, None, 0.0, reason)
    place = meant.ranked[0].place
    confidence = weights.confidence(mention.confidence, meant.share) * (APPROXIMATE if approximation else 1.0)
    role = _role(analysis, mention, place, explain.gazetteer)
    return Toponym(start, end, text, kind, place, round(confidence, 4), mention.reason or meant.reason, meant.ranked, role)


UNITED_NATIONS = frozenset((("United", "Nations"), ("Security", "Council"), ("General", "Assembly")))
DIVISIONS = frozenset("province region governorate district state oblast prefecture county provinces regions".split())


def _names_division(analysis: Analysis, mention: Mention) -> bool:
    """Whether the words say that a division is meant: "Idlib province", "the district of Kargil"."""
    i, j = analysis.token_range(mention.start, mention.end)
    words = analysis.words
    after = j < len(words) and fold(words[j]) in DIVISIONS
    return after or (i > 1 and words[i - 1] == "of" and fold(words[i - 2]) in DIVISIONS)


def _names_united_nations(analysis: Analysis) -> bool:
    words = analysis.words
    return "U.N." in words or "UN" in words or any(pair in UNITED_NATIONS for pair in pairwise(words))


def _order(g: Gazetteer, name: Name, day: dt.date | None, *, divided: bool) -> list[int]:
    """Candidates by belief; but a line of another time comes after, and a division after the city on its spot.

    `divided`: the text says that a division is meant.
    """
    shares = name.shares
    order = sorted(range(len(shares)), key=shares.__getitem__, reverse=True)  # equals stay in their order
    best = name.candidates[order[0]].place
    if g.place(best).geometry:
        return sorted(order, key=lambda j: not is_valid(g.place(name.candidates[j].place), day))
    if len(order) == 1:
        return order
    if divided or g.kind(best) not in ("admin1", "admin2"):
        return order
    surface = fold(name.surface)
    label = fold(g.label(best))
    typed = label.startswith(surface + " ") or label.endswith(" " + surface)  # "Odesa Oblast", named "Odesa"
    for j in order[1:]:
        place = name.candidates[j].place
        if g.kind(place) not in ("city", "capital"):
            continue
        inside = holds(g, best, place) or apart_km(g, best, place) <= SAME_SPOT_KM
        if not inside and not (label == fold(g.label(place)) and g.admin1[best] == g.admin1[place] != NONE):
            continue
        part = 30 if typed else 2  # of the division's people that live in its city at least
        if g.kind(best) == "admin2" or part * g.population[place] >= g.population[best]:
            order.remove(j)
            return [j, *order]
    return order


def is_valid(place: Place, day: dt.date | None) -> bool:
    """Whether a place stood on a day; without a day, whether it still stands."""
    if day is None:
        return not place.valid_to
    stated = day.isoformat()
    first, last = place.valid_from, place.valid_to
    return (not first or first <= stated) and (not last or stated[: len(last)] <= last)


def spot_share(gazetteer: Gazetteer, name: Name, winner: int) -> float:
    """Belief in the winner and in the candidates on the same spot."""
    place = name.candidates[winner].place
    north = gazetteer.lat[place]
    total = 0.0
    for share, (other, _) in zip(name.shares, name.candidates, strict=True):
        if share > 0.001 and abs(gazetteer.lat[other] - north) <= SAME_SPOT_NORTH:  # the distance costs more
            total += share if other == place or apart_km(gazetteer, place, other) <= SAME_SPOT_KM else 0.0
    return total


@dataclass(frozen=True)
class _Explanations:
    """Reasons in words: "Granada, Spain: Spain is named in the article; 233,532 people; next: Granada, Nicaragua"."""

    gazetteer: Gazetteer
    analysis: Analysis
    names: Sequence[Name]
    day: dt.date | None
    approximate: bool

    def reason(self, name: Name, order: Sequence[int]) -> str:
        g = self.gazetteer
        index = name.candidates[order[0]].place
        place = g.place(index)
        parts = ["approximate: " + name.approximation] if name.approximation else []
        if name.kind == "demonym":
            parts.append("people or things of that place")
        holder = next((c for c in sorted(name.containers) if holds(g, c, index)), None)
        if holder is not None:
            parts.append(f"named together with {g.label(holder)}")
        elif country := self._country_named(index):
            parts.append(f"{country} is named in the article")
        if place.kind in ("city", "capital") and place.population:
            parts.append(f"{place.population:,} people")
        if len(name.candidates) == 1:
            parts.append("the only place of this name in the gazetteer")
        elif runner_up := self._runner_up(name, order):
            parts.append(f"next: {runner_up}")
        return f"{_title(g, index)}: " + "; ".join(parts or ["by far the best known of this name"])

    def _runner_up(self, name: Name, order: Sequence[int]) -> str:
        """The title of the next candidate, if it has some belief and another title than the winner."""
        winner = _title(self.gazetteer, name.candidates[order[0]].place)
        for j in order[1:]:
            if name.shares[j] >= MENTIONED and (other := _title(self.gazetteer, name.candidates[j].place)) != winner:
                return other
        return ""

    def _country_named(self, index: int) -> str:
        """The country of a place if another name of the article means it."""
        country = self.gazetteer.country_places.get(self.gazetteer.country(index))
        named = country is not None and country != index and country in self._winners
        return self.gazetteer.place(country).name if named and country is not None else ""

    @cached_property
    def diplomatic(self) -> bool:
        """Whether the article speaks of the United Nations."""
        return _names_united_nations(self.analysis)

    @cached_property
    def _winners(self) -> frozenset[int]:
        return frozenset(n.candidates[max(range(len(n.shares)), key=n.shares.__getitem__)].place for n in self.names if n.shares)


@lru_cache(maxsize=1 << 14)
def _title(gazetteer: Gazetteer, index: int) -> str:
    return title(gazetteer.place(index), gazetteer)


def title(place: Place, gazetteer: Gazetteer) -> str:
    """A place with what tells it from its namesakes: "Granada, Spain", "Springfield, Illinois, United States"."""
    parts = [place.name]
    if place.admin1 and place.country in ("US", "CA", "AU"):
        parts.append(place.admin1)
    country = gazetteer.country_places.get(place.country)
    if country is not None and place.kind != "country" and gazetteer.label(country) != place.name:
        parts.append(gazetteer.label(country))
    return ", ".join(parts)


PLACING = frozenset("in at near from to into across outside of for through via inside around".split())


def _role(analysis: Analysis, mention: Mention, place: Place, gazetteer: Gazetteer) -> Role:
    """Whether a country or capital stands for its government: "Baku said", "Moscow, which deployed"."""
    if mention.kind == "demonym":
        return "actor"
    i, j = analysis.token_range(mention.start, mention.end)
    if mention.kind != "border" and _names_organisation(analysis, i, j, mention.end, gazetteer):
        return "actor"
    if place.kind not in ("country", "capital", "region", "admin1"):
        return "place"
    if i and fold(analysis.words[i - 1]) in PLACING:
        return "place"
    following = [fold(word) for word in analysis.words[j : j + 2]]
    verbs = gazetteer.lexicon.get("speech_verbs", frozenset())
    return "actor" if any(w in verbs for w in following) or following[:1] == ["s"] else "place"


def _names_organisation(analysis: Analysis, i: int, j: int, end: int, gazetteer: Gazetteer) -> bool:
    """Whether the words beside make the place a part of an organisation's name: "Boston Globe", "Bank of England".

    The place is named by the tokens i to j, up to `end`.
    """
    words, lexicon = analysis.words, gazetteer.lexicon
    if i >= 2 and words[i - 1] == "of" and words[i - 2][0].isupper():
        return fold(words[i - 2]) in lexicon.get("organisation_heads", ())
    if j >= len(words) or analysis.starts[j] - end != 1 or not words[j][0].isupper():
        return False
    return fold(words[j]) in lexicon.get("organisation_words", ())
