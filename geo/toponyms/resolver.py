"""Which place each mention means, with the runners-up, a confidence and a reason in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from geo.gazetteer import NONE, Gazetteer
from geo.model import Candidate, Mention, Place, Role, Toponym, records
from geo.text import Analysis, fold
from geo.toponyms.candidates import Bearers, Name, distinct_names, holds
from geo.toponyms.ranking import apart_km, weigh
from geo.toponyms.reasons import facts, reason
from geo.toponyms.roles import clues, role
from geo.toponyms.weights import Weights, bundled_weights, rounded

RUNNERS_UP = 3
APPROXIMATE = 0.7  # what an approximate place is worth of its confidence
COUNTED = 0.001  # share from which a candidate on the same spot counts
ALL = 0.9995  # share that leaves none such to the others
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
    meant = _Article(gazetteer, analysis, names, day, approximate).meanings(mentions)
    sure = [rounded(weights.confidence(m.confidence, x.share) * x.worth) for m, x in zip(mentions, meant, strict=True)]
    return _toponyms(mentions, meant, sure, _roles(gazetteer, analysis, mentions, meant))


def resolve_all(
    articles: Sequence[tuple[Analysis, Sequence[Mention], dt.date | None]],
    gazetteer: Gazetteer,
    *,
    weights: Weights | None = None,
    approximate: bool = True,
) -> list[list[Toponym]]:
    """The same of many articles, each with its mentions and its date, at once."""
    import numpy as np  # noqa: PLC0415  only where it pays

    from geo.toponyms.batch_odds import confidences, rounded_all  # noqa: PLC0415
    from geo.toponyms.batch_ranking import weigh_all  # noqa: PLC0415

    weights = weights or bundled_weights()
    named = [distinct_names(analysis, mentions, gazetteer) for analysis, mentions, _ in articles]
    weigh_all(gazetteer, named, weights.ranks)
    mentions: list[Mention] = []
    meant: list[_Meaning] = []
    roles: list[Role] = []
    for (analysis, own, day), names in zip(articles, named, strict=True):
        mentions += own
        found = _Article(gazetteer, analysis, names, day, approximate).meanings(own)
        meant += found
        roles += _roles(gazetteer, analysis, own, found)
    spans, shares, worths = (np.array(column) for column in ([m.confidence for m in mentions], [x.share for x in meant], [x.worth for x in meant]))
    sure = rounded_all(confidences(weights, spans, shares) * worths).tolist()
    toponyms = iter(_toponyms(mentions, meant, sure, roles))
    return [list(islice(toponyms, len(own))) for _, own, _ in articles]


class _Meaning(NamedTuple):
    """What the mentions of a name share: the place and the candidates in order, the belief in the first, the reason."""

    ranked: tuple[Candidate, ...]
    place: Place | None
    share: float
    reason: str
    moved: bool = False  # a town stands before its division, which is likelier by itself
    worth: float = 1.0  # of the confidence


class _Article:
    """An article whose names have their shares of belief."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        analysis: Analysis,
        names: Sequence[Name],
        day: dt.date | None,
        approximate: bool,
    ) -> None:
        self.gazetteer, self.analysis, self.names = gazetteer, analysis, names
        self.day, self.approximate = day, approximate
        self.orders = [_by_belief(name.shares) if len(name.shares) > 1 else ALONE[: len(name.shares)] for name in names]
        believed = zip(names, self.orders, strict=True)
        self.named = {name.bearers.candidates[order[0]].place for name, order in believed if order}

    def meanings(self, mentions: Sequence[Mention]) -> list[_Meaning]:
        """What each of the mentions is believed to mean."""
        found: list[_Meaning] = [NOTHING] * len(mentions)
        for name, order in zip(self.names, self.orders, strict=True):
            meant = self._meaning(name, order)
            for k in name.mentions:
                found[k] = meant
            if meant.moved:
                for k in name.mentions:
                    if _names_division(self.analysis, mentions[k]):
                        found[k] = self._meaning(name, order, divided=True)
            elif meant is NOTHING:
                for k in name.mentions:
                    found[k] = _unresolved(mentions[k].text, name.bearers.approximation if order else "")
        return found

    @cached_property
    def diplomatic(self) -> bool:
        """Whether the article speaks of the United Nations."""
        words = self.analysis.words
        return "U.N." in words or "UN" in words or any(pair in UNITED_NATIONS for pair in pairwise(words))

    def _meaning(self, name: Name, by_belief: Sequence[int], *, divided: bool = False) -> _Meaning:
        """`divided`: the text says that a division is meant."""
        g, bearers = self.gazetteer, name.bearers
        if not by_belief or (bearers.approximation and not self.approximate):
            return NOTHING
        if len(by_belief) == 1 and not name.containers:
            nation = facts(g, bearers.candidates[0].place).nation
            return _lone(g, bearers, name.kind, (nation,) if nation in self.named else ())
        order = _order(g, name, by_belief, self.day, divided=divided)
        if name.surface == "New York" and not divided and self.diplomatic:
            order = sorted(order, key=lambda j: g.kind(name.candidates[j].place) != "city")  # where the United Nations sit
        best = order[: RUNNERS_UP + 1]
        ranked = tuple([_candidate(g, bearers.candidates[j].place, rounded(name.shares[j])) for j in best])
        share = spot_share(g, name, best[0]) if len(order) > 1 else name.shares[0]
        said, worth = reason(g, name, best, self.named), APPROXIMATE if bearers.approximation else 1.0
        return _Meaning(ranked, ranked[0].place, share, said, best[0] != by_belief[0], worth)


NOTHING = _Meaning((), None, 0.0, "")


def _unresolved(text: str, approximation: str) -> _Meaning:
    """What is meant by a name that nobody bears, or that is an approximation, which is not wanted."""
    return NOTHING._replace(reason=f"would be approximate: {approximation}" if approximation else f"no place named {text!r} in the gazetteer")


def _roles(g: Gazetteer, analysis: Analysis, mentions: Sequence[Mention], meant: Sequence[_Meaning]) -> list[Role]:
    clue = clues(g)
    return [
        role(analysis, mention, place, clue) if (place := meaning.place) is not None else "place"
        for mention, meaning in zip(mentions, meant, strict=True)
    ]


def _toponyms(
    mentions: Sequence[Mention], meant: Sequence[_Meaning], sure: Sequence[float], roles: Sequence[Role]
) -> list[Toponym]:
    """The mentions with what they mean, how sure that is, and their roles."""
    return records(
        Toponym,
        [m.start for m in mentions],
        [m.end for m in mentions],
        [m.text for m in mentions],
        [m.kind for m in mentions],
        [x.place for x in meant],
        [p if x.ranked else 0.0 for p, x in zip(sure, meant, strict=True)],
        [m.reason if m.reason and x.ranked else x.reason for m, x in zip(mentions, meant, strict=True)],
        [x.ranked for x in meant],
        roles,
    )


def _by_belief(shares: Sequence[float]) -> Sequence[int]:
    """Numbers of the candidates, the likeliest first; equals stay in their order."""
    return sorted(range(len(shares)), key=shares.__getitem__, reverse=True)


ALONE = (0,)


@lru_cache(maxsize=1 << 14)
def _lone(g: Gazetteer, bearers: Bearers, kind: str, named: tuple[int, ...]) -> _Meaning:
    """What the name of a single place means, with its country if the article names that."""
    name = Name("", kind, [], bearers, shares=[1.0])
    place, worth = g.place(bearers.candidates[0].place), APPROXIMATE if bearers.approximation else 1.0
    return _Meaning((Candidate(place, 1.0),), place, 1.0, reason(g, name, (0,), named), worth=worth)


@lru_cache(maxsize=1 << 14)
def _candidate(g: Gazetteer, index: int, score: float) -> Candidate:
    return Candidate(g.place(index), score)


UNITED_NATIONS = frozenset((("United", "Nations"), ("Security", "Council"), ("General", "Assembly")))
DIVISIONS = frozenset("province region governorate district state oblast prefecture county provinces regions".split())


def _names_division(analysis: Analysis, mention: Mention) -> bool:
    """Whether the words say that a division is meant: "Idlib province", "the district of Kargil"."""
    i, j = analysis.token_range(mention.start, mention.end)
    words = analysis.words
    after = j < len(words) and fold(words[j]) in DIVISIONS
    return after or (i > 1 and words[i - 1] == "of" and fold(words[i - 2]) in DIVISIONS)


def _order(g: Gazetteer, name: Name, by_belief: Sequence[int], day: dt.date | None, *, divided: bool) -> Sequence[int]:
    """Candidates by belief; but a line of another time comes after, and a division after the city on its spot."""
    candidates = name.bearers.candidates
    best = candidates[by_belief[0]].place
    place = g.place(best)
    if place.geometry:
        return sorted(by_belief, key=lambda j: not is_valid(g.place(candidates[j].place), day))
    if divided or place.kind not in ("admin1", "admin2"):
        return by_belief
    surface, label = fold(name.surface), fold(place.name)
    typed = label.startswith(surface + " ") or label.endswith(" " + surface)  # "Odesa Oblast", named "Odesa"
    part = 30 if typed else 2  # of the division's people that live in its city at least
    for j in by_belief[1:]:
        if _is_seat(g, best, candidates[j].place, part):
            return [j, *(k for k in by_belief if k != j)]
    return by_belief


@lru_cache(maxsize=1 << 14)
def _is_seat(g: Gazetteer, division: int, place: int, part: int) -> bool:
    """Whether a place is the city on a division's spot, with one in `part` of the people of a first-level one."""
    if g.kind(place) not in ("city", "capital"):
        return False
    if not holds(g, division, place) and apart_km(g, division, place) > SAME_SPOT_KM:
        alike = fold(g.label(division)) == fold(g.label(place))
        if not (alike and g.admin1[division] == g.admin1[place] != NONE):
            return False
    return g.kind(division) == "admin2" or part * g.population[place] >= g.population[division]


def is_valid(place: Place, day: dt.date | None) -> bool:
    """Whether a place stood on a day; without a day, whether it still stands."""
    if day is None:
        return not place.valid_to
    stated = day.isoformat()
    first, last = place.valid_from, place.valid_to
    return (not first or first <= stated) and (not last or stated[: len(last)] <= last)


def spot_share(gazetteer: Gazetteer, name: Name, winner: int) -> float:
    """Belief in the winner and in the candidates on the same spot."""
    shares, candidates = name.shares, name.bearers.candidates
    if shares[winner] > ALL:
        return shares[winner]
    place = candidates[winner].place
    total = 0.0
    for j, share in enumerate(shares):
        if share > COUNTED and (j == winner or _on_same_spot(gazetteer, place, candidates[j].place)):
            total += share
    return total


@lru_cache(maxsize=1 << 14)
def _on_same_spot(g: Gazetteer, a: int, b: int) -> bool:
    return abs(g.lat[a] - g.lat[b]) <= SAME_SPOT_NORTH and apart_km(g, a, b) <= SAME_SPOT_KM  # the distance costs more
