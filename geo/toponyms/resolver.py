"""Which place each mention means, with the runners-up, a confidence and a reason in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.gazetteer import Gazetteer
from geo.model import Candidate, Mention, Place, Role, Toponym
from geo.text import Analysis, fold
from geo.toponyms.candidates import Name, distinct_names, holds
from geo.toponyms.ranking import apart_km, weigh
from geo.toponyms.weights import Weights, bundled_weights

RUNNERS_UP = 3
APPROXIMATE = 0.7  # what an approximate place is worth of its confidence
SAME_SPOT_KM = 50.0  # candidates this near are one place for the confidence: a city and its district


def resolve(
    analysis: Analysis,
    mentions: Sequence[Mention],
    gazetteer: Gazetteer,
    *,
    weights: Weights | None = None,
    day: dt.date | None = None,
) -> list[Toponym]:
    """The toponyms of an article: each mention with its place, runners-up, confidence and reason.

    `day` is the article's date: of two lines that bore a name at different times, the one of that day is meant.
    A name that the gazetteer lacks stays unresolved (place None) unless a part of it is known: then the place
    is approximate, and the reason says so.
    """
    weights = weights or bundled_weights()
    names = distinct_names(analysis, mentions, gazetteer)
    weigh(gazetteer, names, weights.ranks)
    by_mention = {k: name for name in names for k in name.mentions}
    explain = _Explanations(gazetteer, names, day)
    return [_toponym(analysis, m, by_mention[k], weights, explain) for k, m in enumerate(mentions)]


def _toponym(analysis: Analysis, mention: Mention, name: Name, weights: Weights, explain: _Explanations) -> Toponym:
    if not name.candidates:
        reason = f"no place named {mention.text!r} in the gazetteer"
        return Toponym(mention.start, mention.end, mention.text, mention.kind, None, 0.0, reason)
    g = explain.gazetteer
    order = _order(g, name, explain.day)[: RUNNERS_UP + 1]
    ranked = tuple(Candidate(g.place(name.candidates[j].place), round(name.shares[j], 4)) for j in order)
    share = spot_share(g, name, order[0])
    confidence = weights.confidence(mention.confidence, share) * (APPROXIMATE if name.approximation else 1.0)
    return Toponym(
        start=mention.start,
        end=mention.end,
        text=mention.text,
        kind=mention.kind,
        place=ranked[0].place,
        confidence=round(confidence, 4),
        reason=mention.reason or explain.reason(name, order),
        candidates=ranked,
        role=_role(analysis, mention, ranked[0].place, g),
    )


def _order(g: Gazetteer, name: Name, day: dt.date | None) -> list[int]:
    """Candidates by belief; but a line of another time comes after, and a division after the city on its spot."""
    order = sorted(range(len(name.shares)), key=lambda j: (-name.shares[j], j))
    best = name.candidates[order[0]].place
    if g.details(best).get("geometry"):
        return sorted(order, key=lambda j: not is_valid(g.details(name.candidates[j].place), day))
    surface = fold(name.surface)
    if g.kind(best) in ("admin1", "admin2"):
        for j in order[1:]:
            place = name.candidates[j].place
            inside = holds(g, best, place) or apart_km(g, best, place) <= SAME_SPOT_KM
            if g.kind(place) not in ("city", "capital") or not inside:
                continue
            named = fold(g.label(place)) == surface != fold(g.label(best))
            if named or g.kind(best) == "admin2" or 2 * g.population[place] >= g.population[best]:
                order.remove(j)
                return [j, *order]
    return order


def is_valid(details: Mapping[str, Any], day: dt.date | None) -> bool:
    """Whether a place with these details stood on a day; without a day, whether it still stands."""
    if day is None:
        return not details.get("valid_to")
    stated = day.isoformat()
    first, last = details.get("valid_from", ""), details.get("valid_to", "")
    return (not first or first <= stated) and (not last or stated[: len(last)] <= last)


def spot_share(gazetteer: Gazetteer, name: Name, winner: int) -> float:
    """Belief in the winner and in the candidates on the same spot."""
    place = name.candidates[winner].place
    return sum(
        share
        for share, c in zip(name.shares, name.candidates, strict=True)
        if share > 0.001 and apart_km(gazetteer, place, c.place) <= SAME_SPOT_KM
    )


@dataclass(frozen=True)
class _Explanations:
    """Reasons in words: "Granada, Spain: Spain is named in the article; 233,532 people; next: Granada, Nicaragua"."""

    gazetteer: Gazetteer
    names: Sequence[Name]
    day: dt.date | None

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
        elif country := self._country_named(name, index):
            parts.append(f"{country} is named in the article")
        if place.kind in ("city", "capital") and place.population:
            parts.append(f"{place.population:,} people")
        if len(name.candidates) == 1:
            parts.append("the only place of this name in the gazetteer")
        elif len(order) > 1:
            parts.append(f"next: {title(g.place(name.candidates[order[1]].place), g)}")
        return f"{title(place, g)}: " + "; ".join(parts)

    def _country_named(self, name: Name, index: int) -> str:
        g = self.gazetteer
        country = g.country_places.get(g.country(index))
        if country is None or country == index:
            return ""
        named = any(
            n is not name and n.shares and n.candidates[max(range(len(n.shares)), key=n.shares.__getitem__)].place == country
            for n in self.names
        )
        return g.label(country) if named else ""


def title(place: Place, gazetteer: Gazetteer) -> str:
    """A place with what tells it from its namesakes: "Granada, Spain", "Springfield, Illinois, United States"."""
    parts = [place.name]
    if place.admin1 and place.country in ("US", "CA", "AU"):
        parts.append(place.admin1)
    country = gazetteer.country_places.get(place.country)
    if country is not None and place.kind != "country":
        parts.append(gazetteer.label(country))
    return ", ".join(parts)


PLACING = frozenset("in at near from to into across outside of for through via inside around".split())


def _role(analysis: Analysis, mention: Mention, place: Place, gazetteer: Gazetteer) -> Role:
    """Whether a country or capital stands for its government: "Baku said", "Moscow, which deployed"."""
    if mention.kind == "demonym" or _names_organisation(analysis, mention, gazetteer):
        return "actor"
    if place.kind not in ("country", "capital", "region", "admin1"):
        return "place"
    i, j = analysis.token_range(mention.start, mention.end)
    if i and analysis.tokens[i - 1].folded in PLACING:
        return "place"
    following = [t.folded for t in analysis.tokens[j : j + 2]]
    verbs = gazetteer.lexicon.get("speech_verbs", frozenset())
    return "actor" if any(w in verbs for w in following) or following[:1] == ["s"] else "place"



def _names_organisation(analysis: Analysis, mention: Mention, gazetteer: Gazetteer) -> bool:
    """Whether the next word makes the place a part of an organisation's name: "Boston Globe"."""
    _, j = analysis.token_range(mention.start, mention.end)
    if j >= len(analysis.tokens) or mention.kind == "border":
        return False
    word = analysis.tokens[j]
    words = gazetteer.lexicon.get("organisation_words", frozenset())
    return word.start - mention.end == 1 and word.text[0].isupper() and word.folded in words
