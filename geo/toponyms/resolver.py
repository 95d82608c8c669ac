"""Which place each mention means, with the runners-up, a confidence and a reason in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from geo.gazetteer import NONE, Gazetteer
from geo.model import Candidate, Mention, Place, Role, Toponym
from geo.text import Analysis, fold
from geo.toponyms.candidates import Name, distinct_names, holds
from geo.toponyms.ranking import apart_km, weigh
from geo.toponyms.weights import Weights, bundled_weights

RUNNERS_UP = 3
MENTIONED = 0.01  # share from which a runner-up is named in the reason
APPROXIMATE = 0.7  # what an approximate place is worth of its confidence
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
    by_mention = {k: name for name in names for k in name.mentions}
    explain = _Explanations(gazetteer, names, day, approximate, _names_united_nations(analysis))
    return [_toponym(analysis, m, by_mention[k], weights, explain) for k, m in enumerate(mentions)]


def _toponym(analysis: Analysis, mention: Mention, name: Name, weights: Weights, explain: _Explanations) -> Toponym:
    refused = bool(name.candidates and name.approximation) and not explain.approximate
    if not name.candidates or refused:
        reason = f"no place named {mention.text!r} in the gazetteer"
        if refused:
            reason = f"would be approximate: {name.approximation}"
        return Toponym(mention.start, mention.end, mention.text, mention.kind, None, 0.0, reason)
    g = explain.gazetteer
    order = _order(g, name, explain.day, divided=_names_division(analysis, mention))
    if mention.text == "New York" and explain.diplomatic:
        order = sorted(order, key=lambda j: g.kind(name.candidates[j].place) != "city")  # where the United Nations sit
    order = order[: RUNNERS_UP + 1]
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


UNITED_NATIONS = frozenset((("United", "Nations"), ("Security", "Council"), ("General", "Assembly")))
DIVISIONS = frozenset("province region governorate district state oblast prefecture county provinces regions".split())


def _names_division(analysis: Analysis, mention: Mention) -> bool:
    """Whether the words say that a division is meant: "Idlib province", "the district of Kargil"."""
    i, j = analysis.token_range(mention.start, mention.end)
    tokens = analysis.tokens
    after = j < len(tokens) and tokens[j].folded in DIVISIONS
    return after or (i > 1 and tokens[i - 1].text == "of" and tokens[i - 2].folded in DIVISIONS)


def _names_united_nations(analysis: Analysis) -> bool:
    pairs = zip(analysis.tokens, analysis.tokens[1:], strict=False)
    return any(t.text in ("U.N.", "UN") for t in analysis.tokens) or any((a.text, b.text) in UNITED_NATIONS for a, b in pairs)


def _order(g: Gazetteer, name: Name, day: dt.date | None, *, divided: bool) -> list[int]:
    """Candidates by belief; but a line of another time comes after, and a division after the city on its spot.

    `divided`: the text says that a division is meant.
    """
    order = sorted(range(len(name.shares)), key=lambda j: (-name.shares[j], j))
    best = name.candidates[order[0]].place
    if g.details(best).get("geometry"):
        return sorted(order, key=lambda j: not is_valid(g.details(name.candidates[j].place), day))
    surface = fold(name.surface)
    label = fold(g.label(best))
    typed = label.startswith(surface + " ") or label.endswith(" " + surface)  # "Odesa Oblast", named "Odesa"
    if g.kind(best) in ("admin1", "admin2") and not divided:
        for j in order[1:]:
            place = name.candidates[j].place
            inside = holds(g, best, place) or apart_km(g, best, place) <= SAME_SPOT_KM
            inside = inside or (label == fold(g.label(place)) and g.admin1[best] == g.admin1[place] != NONE)
            if g.kind(place) not in ("city", "capital") or not inside:
                continue
            part = 30 if typed else 2  # of the division's people that live in its city at least
            if g.kind(best) == "admin2" or part * g.population[place] >= g.population[best]:
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
    approximate: bool
    diplomatic: bool  # whether the article speaks of the United Nations

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
        return f"{title(place, g)}: " + "; ".join(parts or ["by far the best known of this name"])

    def _runner_up(self, name: Name, order: Sequence[int]) -> str:
        """The title of the next candidate, if it has some belief and another title than the winner."""
        winner = title(self.gazetteer.place(name.candidates[order[0]].place), self.gazetteer)
        for j in order[1:]:
            other = title(self.gazetteer.place(name.candidates[j].place), self.gazetteer)
            if name.shares[j] >= MENTIONED and other != winner:
                return other
        return ""

    def _country_named(self, index: int) -> str:
        """The country of a place if another name of the article means it."""
        country = self.gazetteer.country_places.get(self.gazetteer.country(index))
        named = country is not None and country != index and country in self._winners
        return self.gazetteer.label(country) if named and country is not None else ""

    @cached_property
    def _winners(self) -> frozenset[int]:
        return frozenset(n.candidates[max(range(len(n.shares)), key=n.shares.__getitem__)].place for n in self.names if n.shares)


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
    """Whether the words beside make the place a part of an organisation's name: "Boston Globe", "Bank of England"."""
    if mention.kind == "border":
        return False
    tokens, lexicon = analysis.tokens, gazetteer.lexicon
    i, j = analysis.token_range(mention.start, mention.end)
    if i >= 2 and tokens[i - 1].text == "of" and tokens[i - 2].text[0].isupper():
        return tokens[i - 2].folded in lexicon.get("organisation_heads", ())
    if j >= len(tokens) or tokens[j].start - mention.end != 1 or not tokens[j].text[0].isupper():
        return False
    return tokens[j].folded in lexicon.get("organisation_words", ())
