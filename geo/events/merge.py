"""One event, many reports: events of the same layer, place and year whose dates overlap become one.

An event is on the map of the year that it starts in, and reports are joined within a map only: so each year can be
merged by itself, and a whole archive a year at a time. Exact dates come first; a month or a year joins an exact event only when it is the only one that it can
mean. All evidence is kept. The latest report decides the status; independent sources add confidence.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from geo.model import Event, Evidence, Status, When

EXACT = dt.timedelta(days=8)  # a week or less
RECENT = 12  # clusters that an event is compared with, so that time stays linear
CEILING = 0.99
# Among reports of one day: what says more wins.
PRIORITY: dict[Status, int] = {"cancelled": 4, "occurred": 3, "denied": 2, "planned": 1, "proposed": 0}

Key = tuple[object, ...]


@dataclass(slots=True)
class _Cluster:
    events: list[Event]
    when: When | None
    actors: frozenset[str] = field(default_factory=frozenset)

    def accepts(self, event: Event) -> bool:
        if self.when is None or event.when is None:
            return self.when is event.when
        overlap = event.when.start < self.when.end and self.when.start < event.when.end
        one_sentence = any(e.evidence[0].sentence == event.evidence[0].sentence for e in self.events[-3:])
        one_story = any(e.status != event.status for e in self.events)  # a plan, and what became of it
        strangers = self.actors and event.actors and not self.actors & frozenset(event.actors)
        return overlap and not (strangers and not one_sentence and not one_story)

    def add(self, event: Event) -> None:
        self.events.append(event)
        self.actors |= frozenset(event.actors)
        if event.when and self.when and _sharpness(event.when) < _sharpness(self.when):
            self.when = event.when


def merge(events: Iterable[Event]) -> list[Event]:
    """The events with their duplicates merged, in a stable order that does not depend on the input's.

    Time is linear in the events but for a sort.
    """
    merged = combine(events)
    names = joint_groups(tellings for _, tellings in merged)
    return [_regrouped(event, names.get(event.group, "")) for event, _ in merged]


def _regrouped(event: Event, group: str) -> Event:
    return event if event.group == group else replace(event, group=group)


def combine(events: Iterable[Event]) -> list[tuple[Event, frozenset[str]]]:
    """One event from its many reports, in order, each with the groups that its reports were told in.

    Its own `group` is the first of them, to be replaced by its name among all `joint_groups`.
    """
    alike: dict[tuple[str, str, int], list[Event]] = {}
    for event in events:
        year = event.when.start.year if event.when else 0
        alike.setdefault((event.layer, event.place.id, year), []).append(event)
    clusters = [cluster for key in sorted(alike) for cluster in _clusters(alike[key])]
    merged = [(_combine(c), frozenset([e.group for e in c.events if e.group])) for c in clusters]
    return sorted(merged, key=lambda pair: _order(pair[0]))


def in_order(events: Iterable[Event]) -> list[Event]:
    """The events by date, undated last, in an order that does not depend on the input's."""
    return sorted(events, key=_order)


def joint_groups(tellings: Iterable[frozenset[str]]) -> dict[str, str]:
    """Each group → the name of all those that share an event with it: what two articles tell of the same places is one.

    `tellings` are the groups of each merged event. Of groups that hold a single event nothing is said: they are none.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = name = parent[parent[name]]
        return name

    firsts: list[str] = []
    for names in tellings:
        first = min(names, default="")
        firsts += [first] if first else []
        for name in names:
            low, high = sorted((root(first), root(name)))
            parent[high] = low
    size = Counter(map(root, firsts))
    return {name: root(name) for name in parent if size[root(name)] > 1}


def _order(event: Event) -> Key:
    """Undated last, then by date, place and text."""
    when = event.when
    first = event.evidence[0]
    dates = (0, when.start, -(when.end - when.start).days) if when else (1, dt.date.max, 0)
    return (
        *dates, event.layer, event.place.id, first.doc_date or dt.date.max, first.doc_id, first.mention_start,
        event.status, event.reason, event.confidence, event.actors, len(event.evidence), first.sentence, when.precision if when else "", when.text if when else "",
    )  # fmt: skip


def _sharpness(when: When) -> tuple[int, bool]:
    return ((when.end - when.start).days, when.precision == "document")


def _clusters(events: list[Event]) -> list[_Cluster]:
    """Clusters of the events of one layer, place and year."""
    if len(events) == 1:
        return [_Cluster(events, events[0].when)]
    events = sorted(events, key=_order)
    exact: list[_Cluster] = []
    coarse: list[_Cluster] = []
    undated: dict[str, _Cluster] = {}
    for event in events:
        if event.when is None:
            _join(undated, event)
        elif event.when.end - event.when.start <= EXACT:
            _put(exact, event)
    for event in events:
        if event.when and event.when.end - event.when.start > EXACT:
            inside = _inside(exact, event)
            if inside is not None:
                inside.add(event)
            else:
                _put(coarse, event)
    return [*exact, *coarse, *undated.values()]


def _join(undated: dict[str, _Cluster], event: Event) -> None:
    """Nothing says that undated events of two articles are the same; within one they are taken to be."""
    cluster = undated.setdefault(event.evidence[0].doc_id, _Cluster([], None))
    cluster.add(event)


def _put(clusters: list[_Cluster], event: Event) -> None:
    for cluster in reversed(clusters[-RECENT:]):
        if cluster.accepts(event):
            cluster.add(event)
            return
    clusters.append(_Cluster([event], event.when, frozenset(event.actors)))


def _inside(exact: list[_Cluster], event: Event) -> _Cluster | None:
    """The only exact cluster of the month or so that the event is dated to, if there is but one."""
    if event.when is None or event.when.end - event.when.start > dt.timedelta(days=40):
        return None
    low, high = 0, len(exact)
    while low < high:
        middle = (low + high) // 2
        when = exact[middle].when
        low, high = (middle + 1, high) if when and when.start < event.when.start else (low, middle)
    near = [
        c
        for c in exact[low : low + 2]
        if c.when and c.when.start < event.when.end and c.when.precision != "document"
    ]
    return near[0] if len(near) == 1 and near[0].accepts(event) else None


def _combine(cluster: _Cluster) -> Event:
    events = cluster.events
    if len(events) == 1:
        return events[0]
    decisive = max(events, key=lambda e: (_reported(e), PRIORITY[e.status]))
    # the sentence read first bears the status out, and names the place
    agreeing = (e for e in events if e.status == decisive.status)
    best = max(agreeing, key=lambda e: (e.evidence[0].mention in e.evidence[0].sentence, e.when == cluster.when, e.confidence))
    evidence = _evidence(best, events)
    reason = best.reason
    if best.when != cluster.when:
        reason += "; another report tells the date"
    others = sorted({e.status for e in events} - {decisive.status}, key=lambda s: PRIORITY[s])
    if others:
        day = decisive.evidence[0].doc_date
        latest = f"the latest report ({day}) says {decisive.status}" if day else f"taken as {decisive.status}"
        reason += f"; told as {', '.join(others)} and {decisive.status}: {latest}"
    sources = _sources(events)
    if len(sources) > 1:
        reason += f"; {len(sources)} independent sources"
    doubt = 1.0
    for confidence in sources.values():
        doubt *= 1 - confidence
    actors = tuple(dict.fromkeys(a for e in (best, *sorted(events, key=_order)) for a in e.actors))
    return replace(
        best, status=decisive.status, when=cluster.when, actors=actors, evidence=evidence,
        confidence=round(min(1 - doubt, max(CEILING, best.confidence)), 3), reason=reason,
        destination=next((e.destination for e in (best, *events) if e.destination), None),
        group=min((e.group for e in events if e.group), default=""),
    )  # fmt: skip


def _reported(event: Event) -> dt.date:
    return max((e.doc_date for e in event.evidence if e.doc_date), default=dt.date.min)


def _evidence(best: Event, events: list[Event]) -> tuple[Evidence, ...]:
    """All pieces once, the best event's first one ahead, the others by date and place in the article."""
    pieces = {(e.doc_id, e.sentence, e.mention_start): e for event in events for e in event.evidence}
    first = best.evidence[0]
    rest = sorted(
        (p for key, p in pieces.items() if key != (first.doc_id, first.sentence, first.mention_start)),
        key=lambda p: (p.doc_date or dt.date.max, p.doc_id, p.mention_start, p.sentence),
    )
    return (first, *rest)


def _sources(events: list[Event]) -> dict[str, float]:
    """Independent source → its surest report. The same sentence in two papers is one source."""
    found: dict[str, float] = {}
    texts: dict[str, str] = {}
    for event in sorted(events, key=_order):
        first = event.evidence[0]
        source = texts.setdefault(first.sentence, first.doc_source or first.doc_id)
        found[source] = max(found.get(source, 0.0), event.confidence)
    return found
