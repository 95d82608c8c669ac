"""Corridors that an article names without telling anything of them: they are meant, so they are shown."""

from __future__ import annotations

from geo.events.coreference import ROUTE_KINDS
from geo.events.report import LONGEST, Article, Report
from geo.events.triggers import Cue
from geo.model import Event, Status

NAMED = 0.4  # how far a line's mere name tells of an event
COMING: frozenset[Cue] = frozenset({"planned", "possible", "proposed", "conditional", "refused"})


def name_routes(article: Article, reports: list[Report]) -> list[tuple[int, Event]]:
    """An event for each corridor that the article names and tells of no event on: it is meant, so it is shown, faintly."""
    told = {r.place.id for r in reports if r.place}
    named: dict[str, list[int]] = {}
    for index, toponym in enumerate(article.toponyms):
        if toponym.place and toponym.place.kind in ROUTE_KINDS and toponym.place.id not in told:
            named.setdefault(toponym.place.id, []).append(index)
    found: list[tuple[int, Event]] = []
    for indices in named.values():
        status, why = _route_status(article, indices), "the line is named"
        toponyms = [article.toponyms[index] for index in indices]
        pieces, first = [article.passages.at(t, article.number_at(t.start)) for t in toponyms], toponyms[0]
        if first.place is None:  # only resolved ones were kept
            continue
        event = Event(
            layer="corridors", plover="", status=status, when=article.when, place=first.place, actors=(),
            evidence=tuple(pieces), confidence=round(NAMED * first.confidence, 3), reason=f"{why}; {status}; the article's own date",
        )  # fmt: skip
        found.append((article.analysis.token_range(first.start, first.end)[0], event))
    return found


def _route_status(article: Article, indices: list[int]) -> Status:
    """Proposed when the words before the name say so once, or the gazetteer does."""
    for index in indices:
        toponym = article.toponyms[index]
        number = article.number_at(toponym.start)
        first, last = article.analysis.token_range(*article.analysis.sentences[number])
        if last - first > LONGEST:
            continue
        sentence = article.sentence(number)
        span = next((s for s in sentence.place_at.values() if s.index == index), None)
        if span is None:
            continue
        clause, _ = sentence.clause(span.first)
        for k in range(max(clause, span.first - 8), span.first + 1):
            held = sentence.cue_ending.get(k)
            if held and held[1] in COMING:
                return "proposed"
    place = article.toponyms[indices[0]].place
    return "proposed" if place and place.status == "proposed" else "occurred"
