"""Events of an article: what, when, where, whether, and who.

Each trigger becomes a report: its status from the words that govern it, its places and dates from its
clause. Reports without a place may take that of the same meeting or fighting told of nearby; those that
find none are returned as `Unplaced` and put nowhere.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from geo.events.actors import TITLES, find_actors
from geo.events.clauses import RELATIVES, Match, Sentence, Span
from geo.events.coreference import absorb, refer
from geo.events.matching import find_candidates, find_matches
from geo.events.phrases import BROAD, names_unknown_within
from geo.events.places import find_places
from geo.events.placings import Placement, Placing
from geo.events.report import LONGEST, NOT_KNOWN, Article, Report, Unplaced
from geo.events.routes import name_routes
from geo.events.status import AUXILIARIES, judge
from geo.events.timing import attach_dates, date_beside, date_of, dates_listed
from geo.events.triggers import Triggers
from geo.model import Document, Event, Evidence, Place, Timex, Toponym, When
from geo.text import Analysis

VISIT = "a visit"
OFFICES = (TITLES - {"mr", "mrs", "ms", "dr", "leader"}) | frozenset(
    "presidents ministers leaders envoys diplomats delegation delegates officials delegations premiers mediator".split()
)
HONORIFICS = frozenset("mr mrs ms herr frau signor m mme dr sir lord lady marshal general admiral colonel count".split())
PRONOUNS = frozenset({"he", "she"})
VIOLENT = frozenset({"clashes", "forces", "displacement", "ceasefires", "blockades"})
UNKNOWN = frozenset({"in", "at", "near", "outside", "around"})
PRESENT = frozenset("has have is are now still today overnight meanwhile currently".split())
ENDINGS = frozenset("ended ending end concluded".split())
GOES_ON = frozenset("within soon then later afterwards eventually".split())
STORY = 3  # years over which sentences are taken for one story
FIRST_PERSON = frozenset("we our us i my ours".split())
# A plan told in these words stays one when its date has passed.
LAPSED = tuple(f"planned: “{word}" for word in ("will", "was", "were", "would", "planned", "scheduled"))


def extract(
    document: Document,
    analysis: Analysis,
    toponyms: Sequence[Toponym],
    timexes: Sequence[Timex],
    triggers: Triggers,
) -> list[Event | Unplaced]:
    """The events of an article in the order of their sentences, those without a place as `Unplaced`."""
    article = Article(document, analysis, toponyms, timexes, triggers)
    told = [r for r in _reports(article) if r.match.pattern.what != VISIT or _is_official(article, r)]
    reports = absorb(refer(article, told), document)
    told_at = Counter((r.number, r.match.head) for r in reports if r.place and r.shared > 1)
    found: list[tuple[int, Event | Unplaced]] = []
    for report in reports:
        head = report.match.head
        event = _event(article, report, report.place) if report.place else _unplaced(report)
        if isinstance(event, Event) and told_at[report.number, head] > 1:
            event = replace(event, group=_group(article, report))
        found.append((head, event))
    found += name_routes(article, reports)
    found.sort(key=lambda pair: pair[0])
    return [event for _, event in found]


def _group(article: Article, report: Report) -> str:
    """What the events of one telling share: a hash of where it stands."""
    key = f"{article.document.id}\n{report.sentence.analysis.starts[report.match.head]}"
    return "g-" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


# --- reports


def _reports(article: Article) -> list[Report]:
    """A report for each trigger and place of the article; one without a place where there is none."""
    reports: list[Report] = []
    for number, candidates in find_candidates(article.analysis, article.toponyms, article.triggers, LONGEST):
        sentence = article.sentence(number)
        matches = find_matches(sentence, candidates)
        if not matches:
            continue
        tones = {cue for _, cue in sentence.cue_at.values()}
        if "elsewhere" in tones:
            continue
        sentence.matches = matches
        dates = attach_dates(sentence)
        here: list[Report] = []
        for match in matches:
            told = _of_match(article, number, sentence, match, dates)
            if told and match.pattern.layer.name in VIOLENT and ("memory" in tones or _is_name(sentence, match)):
                told = [r for r in told if r.is_dated]  # it is recalled
            here += told
        reports += _without_echoes(here) if len(here) > 1 else here
    return reports


def _is_name(sentence: Sentence, match: Match) -> bool:
    """Whether the head of a trigger is part of a name: "the Battle of X"."""
    return match.head > sentence.first and sentence.mark(match.head)[:1].isupper()


def is_too_long(analysis: Analysis, number: int) -> bool:
    """Whether sentence `number` is a table or a list rather than a sentence: no events are read from it."""
    first, last = analysis.sentence_tokens(number)
    return last - first > LONGEST


def count_too_long(analysis: Analysis) -> int:
    """How many sentences of a text are so long that no events are read from them."""
    if len(analysis.words) <= LONGEST:
        return 0
    long = [number for number, (start, end) in enumerate(analysis.sentences) if end - start > LONGEST]  # characters
    return sum(is_too_long(analysis, number) for number in long)


def _of_match(
    article: Article, number: int, sentence: Sentence, match: Match, dates: dict[int, list[Span]]
) -> list[Report]:
    judgement = judge(sentence, match)
    if judgement.status is None:
        return []
    placement = find_places(sentence, match)
    placings = [p for p in placement.placings if not _is_stray(article, match, p)]
    others = [p.span for p in placings]
    blocked = _why_nowhere(sentence, match, placement, placings, dates)
    found = []
    for placing in (None,) if blocked or not placings else placings:
        at = None if placing is None else placing.span
        own_only = judgement.status == "proposed"
        spans = _dates(sentence, match, at, others, dates, placement.shared_with, own_only=own_only)
        if match.pattern.dated and spans == [None]:
            continue
        for span in spans:
            report = Report(
                number, sentence, match, judgement.status, judgement.reason,
                destination=placement.destination, shared=len(others), blocked=blocked,
            )  # fmt: skip
            if placing is not None:
                _set_place(article, report, placing)
            _set_date(article, report, span)
            if span is None:
                _set_year(article, report, date_beside(sentence, match))
                if not report.is_dated:
                    _set_narrative(article, report)
            found.append(report)
    return found


def _why_nowhere(
    sentence: Sentence, match: Match, placement: Placement, placings: list[Placing], dates: dict[int, list[Span]]
) -> str:
    """Why a report can have no place, "" if it can; `placings` are those of the placement that are no strays."""
    if placement.placings and not placings:
        return "the place is likely another of the name"
    if placement.alternatives:
        return "the text leaves open at which of several places"
    if not placings and names_unknown_within(sentence, match.head + 1, sentence.clause(match.head)[1], UNKNOWN):
        return NOT_KNOWN
    if match.head not in dates and _speaks_for_itself(sentence, match) and sentence.quoted(match.head):
        return "an undated claim in the speaker's own words"
    return ""


def _is_stray(article: Article, match: Match, placing: Placing) -> bool:
    """Whether the place is likely a namesake abroad: fighting is seldom there, talks are only if nothing else has the name."""
    if _lies_elsewhere(article.sentence(article.number_at(article.toponyms[placing.span.index].start)), placing.span):
        return True
    shared = article.strays.get(placing.span.index)
    if shared is None:
        return False
    return shared or match.pattern.layer.name not in ("meetings", "agreements", "statements", "ceasefires")


def _lies_elsewhere(sentence: Sentence, span: Span) -> bool:
    """Whether the text puts a place in another country than its namesake's: "Patuca, in Ecuador"."""
    place = sentence.toponyms[span.index].place
    if place is None or place.kind in BROAD or sentence.mark(span.last) != "," or sentence.word(span.last + 1) != "in":
        return False
    outer = sentence.place_at.get(span.last + 2)
    country = sentence.toponyms[outer.index].place if outer else None
    return country is not None and country.kind == "country" and "" not in (place.country, country.country) and country.country != place.country


def _dates(
    sentence: Sentence, match: Match, placing: Span | None, others: list[Span], dates: dict[int, list[Span]],
    shared_with: Match | None, *, own_only: bool,
) -> list[Span | None]:  # fmt: skip
    """The dates of a trigger at one of its places: one or none, or each of a list ("in 2000 and 2007")."""
    span = date_of(sentence, match, placing, others, dates, shared_with, own_only=own_only)
    listed = dates_listed(sentence, dates.get(match.head, [])) if len(others) == 1 else []
    return [*listed] if span in listed else [span]


def _is_official(article: Article, report: Report) -> bool:
    """Whether the sentence names an office or someone who holds one: a tourist's visit is no meeting.

    "He" and "she" are whom the sentence before is about.
    """
    sentence, match = report.sentence, report.match
    words = set(sentence.folded[sentence.first : sentence.last])
    if words & OFFICES or "herr" in words or "signor" in words or words & article.people.keys() or _has_named_subject(sentence, match):
        return True
    before = article.sentence(report.number - 1) if report.number and sentence.word(sentence.first) in PRONOUNS else None
    return before is not None and any(before.word(k) in OFFICES for k in range(before.first, before.last))


def _has_named_subject(sentence: Sentence, match: Match) -> bool:
    """Whether a full name stands before the verb: "Cyrus Vance flew", "Condoleezza Rice will stop"."""
    k = match.head
    while k > sentence.first and (sentence.word(k - 1) in AUXILIARIES or k - 1 in sentence.cue_at):
        k -= 1
    before = k - 2 - (sentence.mark(k - 2) == ".")
    if match.pattern.verb and sentence.word(before) in HONORIFICS and sentence.mark(k - 1)[:1].isupper():
        return True  # "Mr. Chamberlain flew"
    if not match.pattern.verb and any(_titled(sentence, n) for n in range(sentence.first, match.first)):
        return True  # "Mr Chamberlain called off a visit"
    names = [n for n in (k - 1, k - 2) if n >= sentence.first and sentence.mark(n)[:1].isupper()]
    held = {n for s in sentence.place_at.values() for n in range(s.first, s.last)}
    return match.pattern.verb and len(names) == 2 and not held & set(names) and sentence.mark(k - 1)[1:].islower()


def _titled(sentence: Sentence, k: int) -> bool:
    """Whether token k is an honorific before a name: "Mr Eden", "Mrs. Gandhi"."""
    following = k + 1 + (sentence.mark(k + 1) == ".")
    return sentence.word(k) in HONORIFICS and sentence.mark(k)[:1].isupper() and sentence.mark(following)[:1].isupper()


def _speaks_for_itself(sentence: Sentence, match: Match) -> bool:
    return not FIRST_PERSON.isdisjoint(sentence.folded[slice(*sentence.clause(match.head))])


def _set_place(article: Article, report: Report, placing: Placing) -> None:
    toponym = article.toponyms[placing.span.index]
    report.toponym, report.place = placing.span.index, placing.place or toponym.place
    report.confidence = placing.confidence * (0.5 + 0.5 * toponym.confidence)
    report.where = placing.reason
    if placing.span.first in report.sentence.anaphors:
        words = report.sentence.words(placing.span.first, placing.span.last)
        report.where += f"; “{words}” is {toponym.text}, named before"
        report.confidence *= 0.75
    if _is_alleged(report.sentence, report.match):
        report.confidence *= 0.8
        report.where += "; alleged"
    report.evidence = [article.passages.of(report.sentence.text, toponym)]


def _is_alleged(sentence: Sentence, match: Match) -> bool:
    """Whether the event is what someone is accused of."""
    first, _ = sentence.clause(match.head)
    return any(
        sentence.word(k).startswith("accus") or (k in sentence.cue_at and sentence.cue_at[k][1] == "alleged")
        for k in range(first, match.head)
    )


def _set_date(article: Article, report: Report, span: Span | None) -> None:
    if span is None:
        report.when = article.when
        return
    report.when = when = _end_of(report, span, article.timexes[span.index].when)
    today = article.document.date
    to_come = today is not None and when.start >= today.end and when.precision == "day"
    past = (
        report.match.pattern.verb and report.match.form in ("past", "participle") and not report.match.passive
    )
    if report.status == "planned" and today and when.end <= today.start and not report.why.startswith(LAPSED):
        report.status, report.why = "occurred", "told as ahead, but its date has passed"
    if to_come and report.status == "occurred" and not past and report.match.pattern.layer.planned:
        report.status, report.why = "planned", "planned: the date is still to come"


def _end_of(report: Report, span: Span, when: When) -> When:
    """The end of a stretch of years, for what ended it: "a war from 1998 to 2000, which ended with a treaty"."""
    sentence, head = report.sentence, report.match.head
    between = range(span.last, head)
    if when.end.year - when.start.year < 2 or not any(sentence.word(k) in ENDINGS for k in between):
        return when
    last = when.end - dt.timedelta(days=1)
    return replace(when, start=dt.date(last.year, 1, 1), precision="year", reason="the end of the years told of")


def _set_year(article: Article, report: Report, beside: tuple[Span, int] | None) -> None:
    """The year of what an undated report hangs on, when that is another than the article's."""
    today = article.document.date
    if beside is None or report.status not in ("occurred", "cancelled"):
        return
    when = article.timexes[beside[0].index].when
    year = when.start.year + beside[1]
    if today is None or year < today.start.year:
        report.about = True
        report.when = When(
            dt.date(year, 1, 1), dt.date(year + 1, 1, 1), "year", when.text, 0.6 * when.confidence, "about the time of what it is told with"
        )  # fmt: skip


def _set_narrative(article: Article, report: Report) -> None:
    """The year of a story of the past, for what it tells without a date between two sentences of the same years."""
    match, today = report.match, article.document.date
    if report.status != "occurred" or match.form not in ("past", "participle") or match.passive or today is None:
        return
    sentence = report.sentence
    if not PRESENT.isdisjoint(sentence.folded[sentence.first : sentence.last]):
        return
    before = _years(article, report.number - 1)
    if not before:
        return
    goes_on = sentence.word(sentence.first) in GOES_ON and max(before) < today.start.year
    after = before if goes_on else _years(article, report.number + 1)
    if after and max(*before, *after) < today.start.year and abs(max(before) - max(after)) <= STORY:
        year = max(before)
        report.about = True
        report.when = When(
            dt.date(year, 1, 1), dt.date(year + 1, 1, 1), "year", "", 0.5, "the year of the story that it is part of"
        )


def _years(article: Article, number: int) -> list[int]:
    """The years of the dates in sentence `number`."""
    if not 0 <= number < len(article.analysis.sentences):
        return []
    sentence = article.sentence(number)
    timexes = [article.timexes[s.index] for s in sentence.time_at.values()]
    return [t.when.start.year for t in timexes if t.value[:1].isdigit()]


def _without_echoes(reports: list[Report]) -> list[Report]:
    """One report for each layer and place of a sentence; none without a place beside one that has it."""
    kept: list[Report] = []
    for report in sorted(
        reports, key=lambda r: (r.place is None, not r.is_dated, -r.confidence, r.match.head)
    ):
        twin = next((k for k in kept if _echoes(report, k)), None)
        if twin is None:
            kept.append(report)
        elif twin.status == "occurred" and report.status != "occurred" and twin.place == report.place:
            twin.status, twin.why = report.status, report.why
    return sorted(kept, key=lambda r: r.match.head)


def _echoes(report: Report, other: Report) -> bool:
    if report.layer != other.layer:
        return False
    if report.place is None:
        same_clause = report.sentence.clause(report.match.head) == other.sentence.clause(other.match.head)
        return same_clause or (other.place is None and not report.is_dated and report.status == other.status)
    return (
        other.place is not None
        and report.place.id == other.place.id
        and (not report.is_dated or report.when == other.when)
    )


# --- events


def _event(article: Article, report: Report, place: Place) -> Event:
    sentence, match = report.sentence, report.match
    first, last = _told(sentence, match.head)
    exclude = {report.toponym} if report.toponym is not None else set()
    exclude |= {index for _, index in match.slots}
    actors = find_actors(sentence, (first, last), exclude, article.people, article.states, article.triggers)
    when = report.when
    undated = when is None or when.precision == "document"
    dated = "undated" if when is None else "the article's own date" if undated else f"date: “{when.text}”"
    elsewhere = f"; {place.details['found_by']}" if "found_by" in place.details else ""  # not in the gazetteer
    return Event(
        layer=report.layer, plover=match.pattern.plover, status=report.status, when=when, place=place,
        actors=actors, evidence=_unique(report.evidence), confidence=round(report.confidence * (0.9 if undated else 1), 3),
        reason=f"{match.pattern.what}; {report.where}; {report.why}; {dated}{elsewhere}",
        destination=report.destination,
    )  # fmt: skip


def _told(sentence: Sentence, head: int) -> tuple[int, int]:
    """The tokens of a trigger's clause without the words that say who told of it."""
    first, last = sentence.clause(head)
    while first > sentence.first and sentence.word(first) in RELATIVES:
        first, _ = sentence.clause(first - 1)  # the relative pronoun stands for what comes before
    for k in range(first, last):
        held = sentence.cue_at.get(k)
        if not held or held[1] != "speech" or k == head:
            continue
        if k < head:
            first = held[0]
        else:
            comma = next((n for n in range(k, head, -1) if sentence.mark(n) == ","), k)
            return first, comma
    return first, last


def _unplaced(report: Report) -> Unplaced:
    reason = report.blocked or f"{report.match.pattern.what}: “{report.word}” governs no place"
    kind = report.blocked or "no place is named with it"
    return Unplaced(report.layer, report.status, report.sentence.text, reason, kind)


def _unique(evidence: list[Evidence]) -> tuple[Evidence, ...]:
    return tuple({(e.doc_id, e.sentence): e for e in reversed(evidence)}.values())[::-1]
