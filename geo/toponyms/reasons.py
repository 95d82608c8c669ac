"""Why a place is meant, in words: "Granada, Spain: Spain is named in the article; 233,532 people; next: Granada, Nicaragua"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from geo.gazetteer import Gazetteer
from geo.model import Place
from geo.toponyms.candidates import Bearers, Name, holds

MENTIONED = 0.01  # share from which a runner-up is named in the reason


class Facts(NamedTuple):
    """What a reason may say of a place."""

    title: str
    nation: int  # the place of its country, if that is another one; else -1
    in_nation: str  # what to say if the article names that
    people: str


@lru_cache(maxsize=1 << 14)
def facts(gazetteer: Gazetteer, index: int) -> Facts:
    """What a reason may say of the place at `index`."""
    place = gazetteer.place(index)
    nation = gazetteer.country_places.get(place.country, index)
    return Facts(
        title(place, gazetteer),
        nation if nation != index else -1,
        f"{gazetteer.label(nation)} is named in the article",
        f"{place.population:,} people" if place.kind in ("city", "capital") and place.population else "",
    )


def title(place: Place, gazetteer: Gazetteer) -> str:
    """A place with what tells it from its namesakes: "Granada, Spain", "Springfield, Illinois, United States"."""
    parts = [place.name]
    if place.admin1 and place.country in ("US", "CA", "AU"):
        parts.append(place.admin1)
    country = gazetteer.country_places.get(place.country)
    if country is not None and place.kind != "country" and gazetteer.label(country) != place.name:
        parts.append(gazetteer.label(country))
    return ", ".join(parts)


def reason(gazetteer: Gazetteer, name: Name, order: Sequence[int], named: Collection[int]) -> str:
    """Why the first in `order` of a name's candidates is meant; `named` are the places that the article's names mean."""
    bearers = name.bearers
    index = bearers.candidates[order[0]].place
    known = facts(gazetteer, index)
    holder = min((c for c in name.containers if holds(gazetteer, c, index)), default=-1) if name.containers else -1
    runner_up = _runner_up(gazetteer, name, order, known.title) if len(order) > 1 else ""
    return _in_words(gazetteer, bearers, name.kind, index, holder, known.nation in named, runner_up)


@lru_cache(maxsize=1 << 14)
def _in_words(g: Gazetteer, bearers: Bearers, kind: str, index: int, holder: int, nation_named: bool, runner_up: str) -> str:
    """The reason for the place `index`; `holder` is the place that it is named together with, -1 if none."""
    known = facts(g, index)
    parts = ["approximate: " + bearers.approximation] if bearers.approximation else []
    if kind == "demonym":
        parts.append("people or things of that place")
    if holder >= 0:
        parts.append(f"named together with {g.label(holder)}")
    elif nation_named:
        parts.append(known.in_nation)
    if known.people:
        parts.append(known.people)
    if len(bearers.candidates) == 1:
        parts.append("the only place of this name in the gazetteer")
    elif runner_up:
        parts.append(f"next: {runner_up}")
    return f"{known.title}: " + "; ".join(parts or ["by far the best known of this name"])


def _runner_up(gazetteer: Gazetteer, name: Name, order: Sequence[int], winner: str) -> str:
    """The title of the next candidate, if it has some belief and another title than the winner."""
    shares, candidates = name.shares, name.bearers.candidates
    for j in order[1:]:
        if shares[j] >= MENTIONED and (other := facts(gazetteer, candidates[j].place).title) != winner:
            return other
    return ""
