"""The same event told of in several sentences: what "the talks" refers to, and what is told twice."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter
from dataclasses import replace

from geo.events.anaphora import TOWNS
from geo.events.clauses import Sentence
from geo.events.notation import PREPOSITIONS
from geo.events.report import FOCUSED, NOT_KNOWN, Article, Report, borrow
from geo.model import Document, Place, Toponym
from geo.text import analyse

DEFINITE = frozenset("the this that these those his her their its both such s".split())
ROUTE_KINDS = frozenset({"corridor"})
PARTS_OF_TOWNS = frozenset("palace hotel district quarter square street avenue boulevard market neighbourhood neighborhood suburb stadium cathedral".split())
MEMORY = 3  # sentences back in which "the talks" may have been placed
STAGED = frozenset({"clashes", "displacement", "aid", "blockades"})
SETTLEMENTS = frozenset("town village hamlet settlement island camp".split())  # "bombed the town": one named before, not the dateline
UNKNOWN = frozenset({"in", "at", "near", "outside", "around"})
TRUCES = frozenset("ceasefire truce armistice cease ceasefires truces".split())
OFTEN = 2  # namings, the dateline among them
WIDE = frozenset({"country", "region", "admin1", "historical"})
SCENES = frozenset({"clashes", "meetings", "agreements", "blockades"})  # what a correspondent is sent to
WAR = dt.timedelta(days=400)
NEIGHBOURS = 4  # reports of the same place looked at, so that time stays linear
PAST = frozenset({"past", "participle"})
STALE = dt.timedelta(days=75)


def refer(article: Article, reports: list[Report]) -> list[Report]:
    """Give reports without a place that of the same event told of nearby, or in the title."""
    asking = [(i, r) for i, r in enumerate(reports) if r.place is None and not r.blocked and _refers(r)]
    title = _title_place(article) if asking else None
    for i, report in asking:
        antecedent = _antecedent(report, reports, i)
        if antecedent:
            borrow(article, report, antecedent.toponym, f"that of the {antecedent.word} told of nearby", 0.5)
        elif (
            title is not None
            and report.layer == title[0]
            and (report.status == "cancelled" or not report.is_dated)
        ):
            borrow(article, report, title[1], "the title names it", 0.5)
    left = [r for r in reports if r.place is None and r.blocked in ("", NOT_KNOWN)]
    scene = _scene(article) if any(r.layer in STAGED for r in left) else None
    focus = _focus(article) if any(map(_holds_wide, left)) else None
    for report in left:
        if report.blocked:
            if _is_in_town(article, report):
                borrow(article, report, article.dateline, "sent from there; what the text names is likely a part of that town", 0.4)
                report.blocked = ""
        elif _is_scene(article, report):
            borrow(article, report, article.dateline, "sent from there, and no other place is named", 0.4)
        elif scene is not None and report.layer in STAGED and _names_no_place(report):
            borrow(article, report, scene, "the place that the article is about, and no other is named", 0.35)
        elif focus is not None and _holds_wide(report):
            borrow(article, report, focus, "the country that the article is about", 0.4)
    _refine(article, reports)
    _put_on_line(article, reports)
    _date_back(reports)
    return reports


def _scene(article: Article) -> int | None:
    """The toponym of the dateline, when the article names no place more often: it is about that place."""
    if article.dateline is None or (place := article.toponyms[article.dateline].place) is None:
        return None
    local = Counter(t.place.id for t in article.toponyms if t.place and t.kind != "demonym" and t.place.kind not in WIDE)
    return article.dateline if local[place.id] > OFTEN and local[place.id] == max(local.values()) else None


def _holds_wide(report: Report) -> bool:
    """Whether a report is of a ceasefire that is told of with a verb: it holds where the war is."""
    sentence = report.sentence
    words = {sentence.word(k) for k in range(report.match.first, report.match.last)}
    return report.layer == "ceasefires" and report.match.pattern.verb and report.is_dated and not report.about and bool(words & TRUCES)


def _names_no_place(report: Report) -> bool:
    """Whether a report told as done with a verb names no place at all, not even one that is unknown."""
    sentence = report.sentence
    if report.status not in ("occurred", "planned") or not report.match.pattern.verb or report.about:
        return False
    named = any(sentence.toponyms[s.index].kind != "demonym" for s in sentence.place_at.values() if s.first not in sentence.anaphors)
    elsewhere = any(
        sentence.names_unknown(k, PREPOSITIONS)
        or (sentence.word(k) in UNKNOWN and k + 1 not in sentence.time_at and not sentence.mark(k + 1)[:1].isdigit())
        for k in range(sentence.first, sentence.last)
    )
    other = any(sentence.word(k) in SETTLEMENTS and sentence.word(k - 1) in ("the", "that") and k - 1 not in sentence.anaphors for k in range(sentence.first, sentence.last))
    return not named and not elsewhere and not other


def _focus(article: Article) -> int | None:
    """A toponym that names the country or region in which most of the article's other places lie."""
    named = [t for t in article.toponyms if t.place and t.kind != "demonym"]
    local = Counter(t.place.country for t in named if t.place and t.place.country and t.place.kind not in WIDE)
    country, count = local.most_common(1)[0] if local else ("", 0)
    if count < FOCUSED or count * 2 <= sum(local.values()):
        return None
    wide = [i for i, t in enumerate(article.toponyms) if t.place and t.place.kind in WIDE and country in (t.place.country, _claimant(t.place))]
    often = Counter(t.place.id for t in named if t.place and t.place.kind in WIDE)
    return min(wide, key=lambda i: _breadth(article.toponyms[i], often), default=None)


def _claimant(place: Place) -> str:
    """The first of the countries in which a region lies."""
    countries = place.details.get("countries") or [""]
    return str(countries[0])


def _breadth(toponym: Toponym, often: Counter[str]) -> tuple[bool, int, bool]:
    """Rather a name than a demonym, rather what is named often, rather a region than its country."""
    place = toponym.place
    return (toponym.kind == "demonym", -often[place.id] if place else 0, place is None or place.kind == "country")


def _is_scene(article: Article, report: Report) -> bool:
    """Whether a report with no place of its own may be of where the article was sent from: told early, of no other place."""
    if article.dateline is None or report.layer not in SCENES or report.status != "occurred" or not report.match.pattern.verb:
        return False
    sent_from = article.number_at(article.toponyms[article.dateline].start)
    sentence = report.sentence
    here = article.toponyms[article.dateline].place
    named = any(
        t.kind != "demonym" and (t.place is None or here is None or t.place.id != here.id)
        for t in (sentence.toponyms[s.index] for s in sentence.place_at.values() if s.first >= sentence.first)
    )
    first, last = sentence.clause(report.match.head)
    elsewhere = any(
        sentence.word(k) in ("in", "at", "near", "outside") and sentence.word(k + 1) in ("the", "a", "an", "his", "their")
        for k in range(first, last)
    )
    return 0 <= report.number - sent_from <= 1 and not named and not elsewhere and report.is_dated


def _is_in_town(article: Article, report: Report) -> bool:
    """Whether an event that is told early is at a part of the town that the article was sent from: "at Dolmabahce palace"."""
    place = article.toponyms[article.dateline].place if article.dateline is not None else None
    if place is None or place.kind not in TOWNS or article.dateline is None or report.status != "occurred":
        return False
    sentence = report.sentence
    early = report.number - article.number_at(article.toponyms[article.dateline].start) <= 1
    known = any(t.kind != "demonym" and t.place and t.place.kind not in WIDE for t in (sentence.toponyms[s.index] for s in sentence.place_at.values()))
    return early and not known and any(_is_part_of_town(sentence, k) for k in range(*sentence.clause(report.match.head)))


def _is_part_of_town(sentence: Sentence, k: int) -> bool:
    """Whether a preposition at token k leads to a name with the word for a part of a town: "on the Mamba Point district"."""
    if sentence.word(k) not in UNKNOWN | {"on"}:
        return False
    n = first = k + 1 + (sentence.word(k + 1) == "the")
    while sentence.mark(n)[:1].isupper():
        n += 1
    return n > first and sentence.word(n) in PARTS_OF_TOWNS


def _refers(report: Report) -> bool:
    """Whether the words point at something already told of: "the talks", "Thursday's talks", or a cancelled plan."""
    match, sentence = report.match, report.sentence
    if not match.pattern.verb and report.layer != "ceasefires" and any(sentence.word(match.first - n) in ("a", "an", "another") for n in (1, 2)):
        return False  # told of for the first time
    if match.pattern.verb:
        return report.layer == "ceasefires" or (
            report.layer == "meetings" and report.status in ("planned", "cancelled")
        )
    if report.status == "cancelled" and report.layer == "meetings":
        return True
    k = match.first - 1
    while k >= sentence.first and k > match.first - 4 and sentence.word(k) not in DEFINITE:
        k -= 1
    first = match.first == sentence.first
    return (
        sentence.word(k) in DEFINITE
        or (first and report.layer == "clashes")
        or report.layer == "ceasefires"
        or (report.is_dated and not report.about)
    )


def _antecedent(report: Report, reports: list[Report], i: int) -> Report | None:
    """The nearest report that tells of the same event and has a place."""
    near: list[Report] = []
    for n in range(i - 1, -1, -1):
        if report.number - reports[n].number > MEMORY:
            break
        near.append(reports[n])
    for n in range(i + 1, len(reports)):
        if reports[n].number - report.number > 1 or report.status == "occurred":
            break
        near.append(reports[n])
    near = [other for other in near if _same_story(report, other)]
    if (
        near
        and report.layer == "ceasefires"
        and len({r.toponym for r in near if r.match is near[0].match}) > 1
    ):
        return None  # a ceasefire after fighting in several places is at none of them
    return near[0] if near else None


def _same_story(report: Report, other: Report) -> bool:
    if other.toponym is None or other.confidence < 0.5:
        return False
    if report.layer == "ceasefires" and other.layer == "forces" and report.number == other.number:
        return other.place is not None and other.place.kind not in TOWNS
    if report.layer == "ceasefires" and other.layer == "clashes":
        wide = other.place is not None and other.place.kind not in TOWNS  # a truce ends more than one town's battle
        return wide and 0 <= report.number - other.number <= 2 and _of_one_war(report, other)
    if report.layer != other.layer or report.layer not in (
        "meetings",
        "clashes",
        "ceasefires",
        "displacement",
    ):
        return False
    if report.layer == "meetings" and (
        report.status != other.status or other.match.pattern.what == "a visit"
    ):
        return False
    if report.when is None or other.when is None or not (report.is_dated and other.is_dated):
        return True
    overlap = report.when.start < other.when.end and other.when.start < report.when.end
    return overlap or report.layer == "clashes"


def _of_one_war(report: Report, other: Report) -> bool:
    """Whether two dates are within a year or so of each other."""
    if report.when is None or other.when is None:
        return True
    return report.when.start - other.when.end < WAR and other.when.start - report.when.end < WAR


def _title_place(article: Article) -> tuple[str, int] | None:
    """The layer that the title tells of and the toponym at which it says that it is."""
    title = article.document.title
    if not title:
        return None
    words = analyse(title).folded
    layers = {
        p.layer.name for w in words for p, _ in article.triggers.heads.get(w, ()) if not p.ignore
    }
    if "meetings" not in layers:
        return None
    for index, toponym in enumerate(article.toponyms):
        if (
            toponym.place
            and toponym.kind != "demonym"
            and any(f"{w} {toponym.text}" in title for w in ("in", "at"))
        ):
            return "meetings", index
    return None


def _refine(article: Article, reports: list[Report]) -> None:
    """A meeting in a country is at the town there at which the article puts the meeting, if it is one alone."""
    towns: dict[str, set[int]] = {}
    for report in reports:
        here = report.place
        sure = report.confidence >= 0.5  # not one that only lies nearby
        if sure and report.layer == "meetings" and here and here.kind in TOWNS and report.toponym is not None:
            towns.setdefault(here.country, set()).add(report.toponym)
    for report in reports:
        here = report.place
        if report.layer != "meetings" or here is None or here.kind != "country":
            continue
        near = towns.get(here.country, set()) if here.country else set()
        if len({p.id for t in near if (p := article.toponyms[t].place)}) == 1:
            borrow(article, report, min(near), f"the meeting in {here.name} that the article tells of", 0.55)


def _put_on_line(article: Article, reports: list[Report]) -> None:
    """A corridor "across Armenia" is the line that the article names there, if it is one alone; no point stands for it."""
    wide = [r for r in reports if r.place and r.place.kind in ("country", "admin1") and r.layer == "corridors"]
    if not wide:
        return
    lines = {
        t.place.id: i
        for i, t in reversed(list(enumerate(article.toponyms)))
        if t.place and t.place.kind in ROUTE_KINDS
    }
    for report in wide:
        here = report.place
        if here is None:  # only those with a place were kept
            continue
        wanted = report.status == "proposed"
        line = article.toponyms[next(iter(lines.values()))].place if len(lines) == 1 else None
        if line and line.country in ("", here.country) and (line.status == "proposed") == wanted:
            borrow(
                article, report, lines[line.id], f"the line across {here.name} that the article names", 0.6
            )
        else:
            report.place, report.toponym, report.blocked = (
                None,
                None,
                f"no line is known for the way across {here.name}",
            )


def _date_back(reports: list[Report]) -> None:
    """What was done "there" is of the time at which the text last was there: "met in X on May 3. … the truce signed there"."""
    told: dict[int, Report] = {}  # by the very mention that "there" points back to
    for report in reports:
        if report.toponym is None or report.status != "occurred":
            continue
        before = told.get(report.toponym)
        if report.is_dated:
            told[report.toponym] = report
        elif before is not None and before.when is not None and before.number < report.number and report.match.form in PAST:
            when = before.when
            report.when = replace(when, confidence=0.8 * when.confidence, reason=f"that of the {before.word} told of there")
            report.about = True


def absorb(reports: list[Report], document: Document) -> list[Report]:
    """Fold reports that say less into surer ones of the same event, as further evidence.

    One without a date of its own goes into a dated one; a bare noun ("the Brussels meeting") into one that
    says whether it happened.
    """
    if len(reports) < 2:
        return reports
    dated = [r for r in reports if r.is_dated and not _stale(r, document)]
    kept = _fold([r for r in reports if not r.is_dated], dated)
    sure = [r for r in kept if r.status in ("planned", "cancelled")]
    kept = _fold([r for r in kept if r.status == "occurred" and not r.match.pattern.verb], sure, kept)
    return sorted([*(r for r in reports if r.is_dated), *kept], key=lambda r: r.match.head)


def _fold(reports: list[Report], hosts: list[Report], among: list[Report] | None = None) -> list[Report]:
    """Those of `among` (default: the reports) that remain when each report with a host nearby has gone into it."""
    index: dict[tuple[str, str], list[Report]] = {}
    for host in hosts:
        if host.place:
            index.setdefault((host.layer, host.place.id), []).append(host)
    gone = set()
    for report in reports:
        nearest = _host(report, index.get((report.layer, report.place.id), [])) if report.place else None
        if nearest:
            nearest.evidence += report.evidence
            nearest.confidence = max(nearest.confidence, min(report.confidence, nearest.confidence + 0.05))
            gone.add(id(report))
    return [r for r in (reports if among is None else among) if id(r) not in gone]


def _host(report: Report, hosts: list[Report]) -> Report | None:
    """The nearest of the reports of the same layer and place, given in their order."""
    at = bisect_right(hosts, report.number, key=lambda r: r.number)
    near = hosts[max(0, at - NEIGHBOURS) : at + NEIGHBOURS]
    return min(near, key=lambda r: (r.status != report.status, abs(r.number - report.number)), default=None)


def _stale(report: Report, document: Document) -> bool:
    """Whether a dated report is of the past, so that what the article tells without a date is another event."""
    return bool(document.date and report.when and document.date.start - report.when.end > STALE)
