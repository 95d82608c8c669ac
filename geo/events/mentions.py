"""The places that an article names, whatever it tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from sys import intern

from geo.events.report import Passages, document_when
from geo.model import Document, Event, Toponym
from geo.text import Analysis


def mention_events(document: Document, analysis: Analysis, toponyms: Sequence[Toponym]) -> list[Event]:
    """One event of layer "mentions" for each place of an article, with each sentence that names it."""
    places: dict[str, list[Toponym]] = {}
    for toponym in toponyms:
        place = toponym.place
        if place is not None and toponym.kind != "demonym":
            places.setdefault(place.id, []).append(toponym)
    events, when, passages = [], document_when(document), Passages(document, analysis)
    for mentions in places.values():
        best = mentions[0] if len(mentions) == 1 else max(mentions, key=attrgetter("confidence"))
        if best.place is None:  # only resolved ones were kept
            continue
        first = {analysis.sentence_number(best.start): best}  # the mention that each sentence is shown with
        if len(mentions) > 1:
            for toponym in mentions:
                first.setdefault(analysis.sentence_number(toponym.start), toponym)
        pieces = tuple([passages.at(toponym, number) for number, toponym in first.items()])
        reason = f"named {len(mentions)} time{'s' * (len(mentions) > 1)}; {best.reason}".strip("; ")
        events.append(Event("mentions", "", "occurred", when, best.place, (), pieces, best.confidence, intern(reason)))
    return events
