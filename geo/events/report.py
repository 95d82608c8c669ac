"""Reports: each telling of an event, before it is known where or when for sure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from sys import intern

from geo.events.actors import find_people, name_states
from geo.events.anaphora import CALENDAR, Capitals, find_anaphors, find_capitals
from geo.events.clauses import DATELINE, Match, Sentence, Span, body_at, build_sentence
from geo.events.triggers import Triggers
from geo.model import Document, Evidence, Place, Status, Timex, Toponym, When
from geo.sphere import distance_km
from geo.text import Analysis

FOCUSED = 3  # places in a country that make an article be about it
WELL_KNOWN = 100_000  # people of a town that is known abroad
LITTLE = 10_000  # people of a town that is known abroad by no name but its own
SURE = 0.7  # share of belief from which a name means one place, however many bear it
BORDERLAND = 300.0  # km; so near to the places of an article a town across the border is no stray
LONGEST = 500  # tokens; what is longer is a table or a list, no sentence
PASSAGE = 2000  # characters of evidence; of what is longer, those around the mention are kept
NOT_KNOWN = "the place that the text names is not in the gazetteer"
SENT_FROM = 4  # sentences, titles among them, of which one may open with a dateline


@dataclass(frozen=True, slots=True)
class Unplaced:
    """An event without a place: counted and reported, never put somewhere."""

    layer: str
    status: Status
    sentence: str
    reason: str
    kind: str = ""  # the reason without what is special to this one


@dataclass(slots=True)
class Report:
    """One telling of an event. `number` counts sentences, `why` is the reason for the status, `where` that for the place."""

    number: int
    sentence: Sentence
    match: Match
    status: Status
    why: str
    toponym: int | None = None
    place: Place | None = None
    destination: Place | None = None
    about: bool = False  # dated only by what it is told with
    shared: int = 0  # places that the telling has
    when: When | None = None
    confidence: float = 0.0
    where: str = ""
    blocked: str = ""  # why it can have no place
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def layer(self) -> str:
        """The layer's name."""
        return self.match.pattern.layer.name

    @property
    def is_dated(self) -> bool:
        """Whether the text dates it, not only the article's own date."""
        return self.when is not None and self.when.precision != "document"

    @property
    def word(self) -> str:
        """The trigger's head as written."""
        return self.sentence.written[self.match.head]


@dataclass
class Article:
    """An article with its toponyms and dates; sentences are read when first asked for."""

    document: Document
    analysis: Analysis
    toponyms: Sequence[Toponym]
    timexes: Sequence[Timex]
    triggers: Triggers
    sentences: dict[int, Sentence] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.starts, self.timex_starts = [t.start for t in self.toponyms], [t.start for t in self.timexes]
        self.capitals = Capitals(self.toponyms)

    @cached_property
    def when(self) -> When | None:
        """The article's own date as that of an event that has no other."""
        return document_when(self.document)

    @cached_property
    def passages(self) -> Passages:
        """What it says, as evidence."""
        return Passages(self.document, self.analysis)

    @cached_property
    def people(self) -> Mapping[str, str]:
        """Folded surname → full name of those whom it introduces."""
        return find_people(self.analysis)

    @cached_property
    def states(self) -> Mapping[str, str]:
        """Country code → name of the countries that it names."""
        return name_states(self.toponyms)

    @cached_property
    def dateline(self) -> int | None:
        """The toponym that the article was sent from."""
        return _find_dateline(self.analysis, self.toponyms)

    @cached_property
    def strays(self) -> Mapping[int, bool]:
        """The toponyms that are likely a namesake abroad."""
        return find_strays(self.toponyms, self.dateline)

    def sentence(self, number: int) -> Sentence:
        """Sentence `number` as events are read from it."""
        sentence = self.sentences.get(number)
        if sentence is None:
            sentence = self.sentences[number] = self._read(number)
        return sentence

    def _read(self, number: int) -> Sentence:
        analysis, (start, end) = self.analysis, self.analysis.sentences[number]
        tokens = analysis.sentence_tokens(number)
        places = _spans(analysis, self.toponyms, self.starts, start, end)
        times = _spans(analysis, self.timexes, self.timex_starts, start, end)
        anaphors = list(find_anaphors(analysis, self.toponyms, self.capitals, number))
        if places and (capitals := list(find_capitals(analysis, self.toponyms, self.capitals, places, tokens[1]))):
            held = {span.first for span in capitals}
            places = [s for s in places if s.first not in held]
            anaphors += capitals
        return build_sentence(
            analysis, tokens, self.toponyms, self.timexes, places, times, self.triggers, anaphors, self.dateline
        )

    def number_at(self, offset: int) -> int:
        """The number of the sentence that holds the character at `offset`."""
        return self.analysis.sentence_number(offset)


def _is_near(place: Place, points: Collection[tuple[float, float]]) -> bool:
    return any(distance_km(point, (place.lat, place.lon)) < BORDERLAND for point in points)


def find_strays(toponyms: Sequence[Toponym], dateline: int | None = None) -> dict[int, bool]:
    """Toponyms that are likely a namesake abroad, each with whether nothing at all may be told to happen there.

    They are small towns in a country of which the article names nothing else, far from where most of its places lie.
    `dateline` is the toponym that the article was sent from.
    """
    home = _home(toponyms, dateline)
    if not home:
        return {}
    vouching = [t.place for t in toponyms if t.place and t.kind != "demonym" and _vouches(t)]
    support = {(place.country, place.id) for place in vouching}
    lying = {(t.place.lat, t.place.lon) for t in toponyms if t.place and t.place.country == home and t.place.kind != "country"}
    around = {(place.id, place.lat, place.lon) for place in vouching if place.kind != "country"}
    strays = {}
    for i, t in enumerate(toponyms):
        place = t.place
        if place is None or place.kind not in ("city", "admin2") or place.country == home:
            continue
        vouched = any(country == place.country and id_ != place.id for country, id_ in support)
        if (vouched and not _is_weak(t)) or _is_near(place, lying):
            continue
        if any(_is_near(c.place, lying) for c in t.candidates):
            strays[i] = True  # one of the name lies where the article is
        elif not vouched and place.population <= WELL_KNOWN:
            doubtful = _is_weak(t)
            beside = _is_near(place, [(lat, lon) for id_, lat, lon in around if id_ != place.id])
            if doubtful or not (beside or _is_own_name(t, place)):
                strays[i] = doubtful or place.population <= LITTLE
    return strays


def _home(toponyms: Sequence[Toponym], dateline: int | None) -> str:
    """The country that most of the places of an article lie in, if they are enough, else that which it was sent from."""
    local = Counter(t.place.country for t in toponyms if t.place and t.kind != "demonym" and t.place.kind != "country" and not _is_weak(t))
    country, count = local.most_common(1)[0] if local else ("", 0)
    if country and count >= FOCUSED:
        return country
    place = toponyms[dateline].place if dateline is not None else None
    return place.country if place else ""


def _vouches(toponym: Toponym) -> bool:
    """Whether that it is named says that the article is about its country: Washington and Geneva are named in all news."""
    place = toponym.place
    if place is None or toponym.role == "actor" or _is_weak(toponym):
        return False
    return place.kind == "country" or (place.kind != "capital" and place.population <= WELL_KNOWN)


def _is_weak(toponym: Toponym) -> bool:
    """Whether a small town is only one of several of the name, or has the name beside its own."""
    place = toponym.place
    if place is None or place.kind not in ("city", "admin2") or place.population > WELL_KNOWN:
        return False
    return len(toponym.candidates) > 1 and toponym.candidates[0].score < SURE


def _is_own_name(toponym: Toponym, place: Place) -> bool:
    """Whether a place is named by the name that the gazetteer shows, however that is spaced: "San Remo" is Sanremo."""
    named, own = (re.sub(r"[\W_]+", "", name).casefold() for name in (toponym.text, place.name))
    return named == own


def _find_dateline(analysis: Analysis, toponyms: Sequence[Toponym]) -> int | None:
    """The toponym of "GENEVA —", if one of the first sentences opens with such; none for "BAKU/YEREVAN:"."""
    for number, (start, end) in enumerate(analysis.sentences[:SENT_FROM]):
        first, last = analysis.sentence_tokens(number)
        body = body_at(analysis, first, last)
        if body == first and _is_dateline_alone(analysis, first, last):
            body = last  # "BUENOS AIRES, June 14."
        if body > first:
            until = analysis.starts[body] if body < last else end
            spans = _spans(analysis, toponyms, [t.start for t in toponyms], start, until)
            places = [toponyms[s.index].place for s in spans]
            apart = len(places) > 1 and any(p and p.kind in ("city", "capital") for p in places[1:])
            named = bool(places and places[0]) and toponyms[spans[0].index].kind != "demonym"
            return spans[0].index if named and not apart else None
    return None


def _is_dateline_alone(analysis: Analysis, first: int, last: int) -> bool:
    """Whether a sentence is but a place in capitals, a comma and a date."""
    words = analysis.words
    for k in range(first, min(last, first + DATELINE + 1)):
        word = words[k]
        if word == ",":
            dated = [word.lower()[:3] for word in words[k + 1 : last] if word.isalpha()]
            return k > first and bool(dated) and CALENDAR.issuperset(dated)
        if word[:1].isalnum() and not word.isupper():
            return False
    return False


def _spans(
    analysis: Analysis, items: Sequence[Toponym] | Sequence[Timex], starts: Sequence[int], start: int, end: int
) -> list[Span]:
    """Token spans of the toponyms or timexes, with their `starts`, that begin in text[start:end].

    One that lies within a token has none: a span of no tokens would never be stepped over.
    """
    low = bisect_left(starts, start)
    if low == len(starts) or starts[low] >= end:
        return []
    tokens, spans = analysis.starts, range(low, bisect_left(starts, end))
    found = [Span(bisect_left(tokens, starts[i]), bisect_left(tokens, items[i].end), i) for i in spans]
    return [span for span in found if span.first < span.last]


def document_when(document: Document) -> When | None:
    """The article's own date as that of an event that has no other."""
    date = document.date
    if date is None:
        return None
    return When(date.start, date.end, "document", "", date.confidence, "the article's own date")


def borrow(article: Article, report: Report, toponym: int | None, reason: str, confidence: float) -> None:
    """Give a report the place of a toponym that stands elsewhere in the article."""
    if toponym is None:
        return
    report.toponym, report.place = toponym, article.toponyms[toponym].place
    report.where, report.confidence = reason, confidence * (0.5 + 0.5 * article.toponyms[toponym].confidence)
    report.evidence = [article.passages.of(report.sentence.text, article.toponyms[toponym])]


class Passages:
    """What an article says, as evidence. A sentence is made once, however many places it names."""

    __slots__ = ("_analysis", "_sentences", "_source")

    def __init__(self, document: Document, analysis: Analysis) -> None:
        day = document.date.start if document.date else None
        self._source = (document.id, document.title, document.source, document.url, day)
        self._analysis = analysis
        self._sentences: dict[int, str] = {}

    def at(self, toponym: Toponym, number: int) -> Evidence:
        """Sentence `number`, which holds a toponym, or what stands around that in a table or a list that is no sentence."""
        sentence = self._sentences.get(number) or self._read(toponym, number)
        return Evidence(sentence, intern(toponym.text), toponym.start, toponym.end, *self._source)

    def _read(self, toponym: Toponym, number: int) -> str:
        text, (start, end) = self._analysis.text, self._analysis.sentences[number]
        if end - start <= PASSAGE:
            sentence = self._sentences[number] = text[start:end]
            return sentence
        first, last = max(start, toponym.start - PASSAGE // 2), min(end, toponym.end + PASSAGE // 2)
        return "… " * (first > start) + text[first:last] + " …" * (last < end)

    def of(self, sentence: str, toponym: Toponym) -> Evidence:
        """A sentence with the mention in it, or of a few words, one of them endless, what stands around it."""
        if len(sentence) > 2 * PASSAGE:
            at = max(sentence.find(toponym.text), 0)
            sentence = f"… {sentence[max(at - PASSAGE // 2, 0) : at + PASSAGE // 2]} …"
        return Evidence(sentence, intern(toponym.text), toponym.start, toponym.end, *self._source)
