"""Date expressions → `Timex`es: what "on Thursday" or "in late September" means in an article of a known date.

Values are TIMEX3's (1998-08-07, 1998-W32, 1998-09, 1998-FA, 1998-Q3, 1998, 199); the `When` beside a value gives
the days themselves, so that "late September" starts on the 21st though its value is the month's. A range is one
`Timex` whose value joins both ends by a slash.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.dates.context import Tense, tense_at
from geo.dates.grammar import Expression
from geo.dates.search import find_ends, find_expressions
from geo.dates.spans import (
    DAY,
    SEASONS,
    WEEK,
    WEEKDAY_NAMES,
    Found,
    absolute,
    calendar_unit,
    describe,
    exact_enough,
    first_day,
    in_words,
    part_of,
    plain,
    quarter_span,
    season_span,
    shift_date,
    with_year,
)
from geo.model import Precision, Timex, When
from geo.text import Analysis

_PRECISION: dict[str, Precision] = {"week": "week", "month": "month", "year": "year"}
NARRATIVE_REACH = 1000  # characters over which "two days later" looks back
SINCE_THEN = frozenset({"since then", "ever since"})
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_AND_IN = re.compile(r"\band (?:in|on|by|early in|late in) $")
YEAR_REACH = 300  # characters over which "In April" takes over the year of "In March 2014"
ANNIVERSARIES = {(9, 11): 2001, (10, 7): 2023, (1, 6): 2021}
"""Attacks that news names by their day alone ("the Sept. 11 attacks")."""


def find_dates(
    analysis: Analysis,
    reference: When | None,
    *,
    ranges: bool = True,
    expressions: Sequence[Expression] | None = None,
) -> list[Timex]:
    """The date expressions of a text that can be tied to the calendar, in order, not overlapping.

    `reference` is the article's date; what is said relative to it needs it as exact as what is said ("on
    Friday" needs a day, "last year" only a year). Without it only absolute expressions are found. With `ranges`
    off, the two ends of a range come out one by one, as TIMEX3 has them. `expressions` are those of the text, if they have been looked for already.
    """
    resolver = _Resolver(analysis, reference)
    found: list[Timex] = []
    for expression in find_expressions(analysis) if expressions is None else expressions:
        if expression.word in SINCE_THEN and not ranges:
            continue  # no date in TIMEX3
        timex = resolver.resolve(expression)
        if timex is not None and expression.kind == "range" and not ranges:
            found.extend(_ends(analysis, expression, timex))
        elif timex is not None:
            found.append(timex)
    return found


def _ends(analysis: Analysis, expression: Expression, timex: Timex) -> list[Timex]:
    """The ends of a resolved range as expressions of their own; what is written as one stays one ("12-14 May")."""
    ends = find_ends(analysis.text, expression)
    if len(ends) != 2:
        return [replace(timex, value=timex.value.partition("/")[0])]
    return [
        Timex(end.start, end.end, end.text, value, replace(timex.when, text=end.text))
        for end, value in zip(ends, timex.value.split("/"), strict=True)
    ]


@dataclass(slots=True)
class _Resolver:
    """Resolves the expressions of one text in order, keeping in mind the last one mentioned."""

    analysis: Analysis
    reference: When | None
    last: Timex | None = None
    last_day: Timex | None = None

    def resolve(self, expression: Expression) -> Timex | None:
        try:
            found = self._find(expression)
        except (ValueError, OverflowError):  # 30 February; two hundred years before the calendar
            return None
        if found is None:
            return None
        when = When(
            found.start, found.end, found.precision, expression.text, round(found.confidence, 2), found.reason
        )
        value = found.value + (expression.time if found.precision == "day" else "")
        timex = Timex(expression.start, expression.end, expression.text, value, when)
        self.last = timex
        if found.end - found.start == DAY:
            self.last_day = timex
        return timex

    def _find(self, e: Expression) -> Found | None:
        if e.kind == "range":
            return self._range(e)
        if e.year is not None:
            return absolute(e)
        if e.kind == "named":
            return self._named(e)
        if e.word in SINCE_THEN:
            return self._since_then(e)
        if e.narrative and e.kind in ("date", "season"):
            return self._in_year_told(e)
        if e.kind == "offset" or e.narrative:
            return self._offset(e)
        relative = {
            "date": self._yearless,
            "weekday": self._weekday,
            "word": self._word,
            "unit": self._unit,
            "season": self._season,
            "quarter": self._quarter,
        }
        return relative[e.kind](e)

    # --- what the article's date decides ---------------------------------------------------------------------------

    def _day(self) -> dt.date | None:
        """The article's day, None unless it is known to the day."""
        reference = self.reference
        return reference.start if reference is not None and reference.precision == "day" else None

    def _sure(self, confidence: float) -> float:
        return confidence * (self.reference.confidence if self.reference is not None else 1.0)

    def _tense(self, e: Expression) -> Tense:
        return tense_at(self.analysis, e.start, e.end)

    def _weekday(self, e: Expression) -> Found | None:
        day = self._day()
        if day is None or e.weekday is None:
            return None
        name = WEEKDAY_NAMES[e.weekday]
        back, ahead = (day.weekday() - e.weekday) % 7, (e.weekday - day.weekday()) % 7
        confidence = 0.9
        if e.shift is not None and "week" in e.text.lower():
            monday = day - day.weekday() * DAY
            target, side = monday + e.shift * WEEK + e.weekday * DAY, "of the week named, counted from"
        elif e.shift == -1:
            target, side = day - (back or 7) * DAY, "before"
        elif e.shift == 1:
            target, side, confidence = day + (ahead or 7) * DAY, "after", 0.7 if ahead < 3 else 0.85
        elif back == 0:
            target, side = day, "on"
        elif self._tense(e) == "future":
            target, side, confidence = day + ahead * DAY, "after", 0.85
        else:
            target, side = day - back * DAY, "before"
        reason = f"{name} {side} the article's date, {describe(day)}"
        return Found(target.isoformat(), target, target + DAY, "day", self._sure(confidence), reason)

    def _word(self, e: Expression) -> Found | None:
        day = self._day()
        if day is None:
            return None
        shift = {
            "yesterday": -1,
            "last night": -1,
            "tomorrow": 1,
            "day before yesterday": -2,
            "day after tomorrow": 2,
        }
        target = day + shift.get(e.word, 0) * DAY
        suffix = "TNI" if e.word in ("tonight", "last night") else ""
        reason = f"“{e.word}” from the article's date, {describe(day)}"
        return Found(target.isoformat() + suffix, target, target + DAY, "day", self._sure(0.95), reason)

    def _unit(self, e: Expression) -> Found | None:
        reference = self.reference
        if reference is None:
            return None
        shift = e.shift if e.shift is not None else 0
        if e.unit == "weekend":
            return self._weekend(e)
        if e.unit == "day" or not exact_enough(reference, e.unit):
            return None
        if self._is_rolling(e):
            start = shift_date(reference.start, e.unit, -1)
            reason = f"up to the article's date, {in_words(reference)}"
            return Found(
                f"P1{e.unit[0].upper()}",
                start,
                reference.start + DAY,
                _PRECISION[e.unit],
                self._sure(0.8),
                reason,
            )
        start, end, value, precision = calendar_unit(reference.start, e.unit, shift)
        if e.progress and self._day() is not None:
            day = reference.start
            if e.progress == "earlier" and start <= day:
                end = min(end, day + DAY)
            elif e.progress == "later" and day < end:
                start = max(start, day)
        elif e.part:
            start, end = part_of(start, end, e.part)
        reason = f"“{plain(e.text)}” from the article's date, {in_words(reference)}"
        return Found(value, start, end, precision, self._sure(0.9), reason)

    def _is_rolling(self, e: Expression) -> bool:
        """Whether "over the last month" means the days up to the article, not the calendar's month before."""
        if e.shift != -1 or e.unit not in _PRECISION or self._day() is None:
            return False
        before = self.analysis.text[max(e.start - 16, 0) : e.start]
        return e.word == "past" or bool(
            re.search(r"\b(?:over|during|in|for|within)\s(?:the\s)?\Z", before + e.text[:4])
            and (e.text[:3].lower() == "the" or re.search(r"the\s\Z", before))
        )

    def _weekend(self, e: Expression) -> Found | None:
        day = self._day()
        if day is None:
            return None
        saturday = day + (5 - day.weekday()) * DAY  # of the article's own week
        if e.shift == 1:
            saturday += WEEK if day.weekday() >= 5 else 0 * DAY
        elif "past" in e.word or e.shift == -1 or (day.weekday() < 5 and self._tense(e) == "past"):
            saturday -= WEEK if day.weekday() < 5 or e.shift == -1 else 0 * DAY
        year, week, _ = saturday.isocalendar()
        reason = f"the weekend {'before' if saturday < day else 'of the week'} of the article's date, {describe(day)}"
        return Found(f"{year}-W{week:02}-WE", saturday, saturday + 2 * DAY, "day", self._sure(0.8), reason)

    def _season(self, e: Expression) -> Found | None:
        reference = self.reference
        if reference is None or not exact_enough(reference, "month"):
            return None
        season = SEASONS[e.word]
        spans = [
            season_span(year, season) for year in range(reference.start.year - 2, reference.start.year + 2)
        ]
        day = reference.start
        if e.shift is not None and "year" in e.text.lower():  # "the spring of last year"
            start, end = season_span(day.year + e.shift, season)
        elif e.shift == -1:
            start, end = [span for span in spans if span[1] <= day][-1]
        elif e.shift == 1:
            start, end = next(span for span in spans if span[0] > day)
        elif self._tense(e) == "future":
            start, end = next(span for span in spans if span[1] > day)
        else:
            start, end = [span for span in spans if span[0] <= day][-1]
            if e.shift == 0:  # "this summer" is the one of the year
                start, end = season_span(day.year, season)
        part_start, part_end = part_of(start, end, e.part)
        reason = f"“{plain(e.text)}” from the article's date, {in_words(reference)}"
        return Found(f"{start.year}-{season}", part_start, part_end, "season", self._sure(0.75), reason)

    def _quarter(self, e: Expression) -> Found | None:
        reference = self.reference
        if reference is None or e.number is None or not exact_enough(reference, "month"):
            return None
        year = reference.start.year
        start, end = quarter_span(year, e.number)
        if start > reference.start and self._tense(e) != "future":
            year -= 1
            start, end = quarter_span(year, e.number)
        reason = f"the quarter nearest to the article's date, {in_words(reference)}"
        return Found(f"{year}-Q{e.number}", start, end, "season", self._sure(0.7), reason)

    # --- months and days that leave out the year ------------------------------------------------------------------------

    def _yearless(self, e: Expression) -> Found | None:
        reference = self.reference
        if reference is None or e.month is None:
            return None
        if not exact_enough(reference, "month"):
            found = absolute(with_year(e, reference.start.year))
            return found._replace(
                confidence=self._sure(0.6), reason="in the article's year, the day itself unknown"
            )
        if e.shift is not None:
            return self._shifted_month(e)
        taken_over = self._narrative_year(e)
        if taken_over is not None:
            return taken_over
        year = self._nearest_year(e)
        found = absolute(with_year(e, year))
        side = (
            "before" if found.start < reference.start else "after" if found.start > reference.start else "on"
        )
        reason = f"{plain(e.text)} nearest {side} the article's date, {in_words(reference)}"
        return found._replace(confidence=self._sure(0.9 if e.day else 0.85), reason=reason)

    def _nearest_year(self, e: Expression) -> int:
        """The year that fits the tense: the past one unless the clause, or nearness, speaks for what lies ahead."""
        assert self.reference is not None  # noqa: S101
        day = self.reference.start
        tense = self._tense(e)
        since = self.analysis.text[max(e.start - 6, 0) : e.start].lower().startswith("since")
        rare = e.weekday is not None or (e.month, e.day) == (2, 29)
        options: list[tuple[float, int]] = []
        for year in range(day.year - (8 if rare else 1), day.year + (9 if rare else 2)):
            try:
                start = first_day(e, year)
            except ValueError:
                continue
            same_month = e.day is None and (start.year, start.month) == (day.year, day.month)
            distance = 0 if same_month else (start - day).days
            if distance > 0 and since:
                continue
            options.append((abs(distance) * _weight(distance, tense, e, start), year))
        return min(options)[1]

    def _shifted_month(self, e: Expression) -> Found | None:
        """What "last October", "next March", "November last year" mean."""
        reference = self.reference
        if reference is None or e.month is None or e.shift is None:
            return None
        now = (reference.start.year, reference.start.month)
        year = reference.start.year
        if "year" in e.text.lower():
            year += e.shift
        elif e.shift == -1:
            year -= (year, e.month) >= now
        elif e.shift == 1:
            year += (year, e.month) <= now
        found = absolute(with_year(e, year))
        reason = f"“{plain(e.text)}” from the article's date, {in_words(reference)}"
        return found._replace(confidence=self._sure(0.9), reason=reason)

    def _narrative_year(self, e: Expression) -> Found | None:
        """After "In March 2014", what "In April" means: the year just told of, when that lies well behind the article."""
        last, reference = self.last, self.reference
        if last is None or reference is None or last.end + YEAR_REACH < e.start:
            return None
        if last.when.precision not in ("day", "month") or "-" not in last.value:
            return None
        sentence_start = self.analysis.sentence_at(e.start)[0]
        if last.end <= sentence_start:
            if e.start - sentence_start > 12 or (reference.start - last.when.start).days < 400:
                return None
        elif not (_YEAR.search(last.text) and _AND_IN.search(self.analysis.text[last.end : e.start])):
            return None  # "in October 1953 …, and in November …"
        if self._tense(e) == "future":
            return None
        found = absolute(with_year(e, last.when.start.year))
        if found.start < last.when.start:
            found = absolute(with_year(e, last.when.start.year + 1))
        if found.start > reference.start:
            return None
        reason = f"in the year just told of (“{plain(last.text)}”)"
        return found._replace(confidence=last.when.confidence * 0.7, reason=reason)

    def _in_year_told(self, e: Expression) -> Found | None:
        """What "Dec. 14 of that year", "that May", "that summer" mean: in the year of the date just told of."""
        last = self.last
        if last is None or e.start - last.end > NARRATIVE_REACH or not exact_enough(last.when, "year"):
            return None
        year = last.when.start.year + (e.shift or 0)
        found = absolute(with_year(e, year)._replace(word=e.word))
        reason = f"in the year told of by “{plain(last.text)}”"
        return found._replace(confidence=last.when.confidence * 0.85, reason=reason)

    def _named(self, e: Expression) -> Found | None:
        month, day = (e.month or 9), (e.day or 11)
        target = dt.date(ANNIVERSARIES.get((month, day), 1), month, day)
        known = e.month is None or (self.reference is not None and self.reference.start >= target)
        if known and target.year > 1:
            return Found(target.isoformat(), target, target + DAY, "day", 0.9, "the attack known by its day")
        return self._yearless(e) if e.month else None

    # --- counted from a date ---------------------------------------------------------------------------------------------

    def _offset(self, e: Expression) -> Found | None:
        """What "two days later", "six weeks ago", "the next day", "that month" mean."""
        if e.shift is None or e.unit in ("quarter", "weekend") or self.reference is None:
            return None
        base: When | None = self.reference
        origin = "the article's date"
        if e.narrative:
            told = self.last
            if told is None or e.start - told.end > NARRATIVE_REACH:
                return None
            base, origin = told.when, f"the date just told of (“{plain(told.text)}”)"
            if e.unit in ("day", "week") and not exact_enough(base, e.unit):
                if self.last_day is not None and base.start <= self.last_day.when.start < base.end:
                    base = self.last_day.when
                else:
                    return self._about(e, told)
        if base is None or not exact_enough(base, e.unit):
            return None
        confidence = self._sure(0.9) if not e.narrative else base.confidence * 0.8
        years = 10 if e.unit == "decade" else 1
        target = shift_date(base.start, "year" if e.unit == "decade" else e.unit, years * e.shift)
        reason = f"“{plain(e.text)}” counted from {origin}, {in_words(base)}"
        if e.unit == "day" or (e.unit == "week" and e.kind == "offset" and e.narrative):
            return Found(target.isoformat(), target, target + DAY, "day", confidence, reason)
        start, end, value, precision = calendar_unit(target, "year" if e.unit == "decade" else e.unit, 0)
        return Found(value, start, end, precision, confidence - 0.1 * years**0.5, reason)

    def _since_then(self, e: Expression) -> Found | None:
        """What "ever since" counts from: the date just told of."""
        last = self.last
        if last is None or e.start - last.end > NARRATIVE_REACH:
            return None
        when = last.when
        reason = f"from the date just told of (“{plain(last.text)}”)"
        return Found(last.value.partition("T")[0], when.start, when.end, when.precision, when.confidence * 0.8, reason)

    def _about(self, e: Expression, told: Timex) -> Found | None:
        """Days counted from what is known to the month or year alone: that month or year, and no more."""
        when = told.when
        if when.precision not in ("month", "year") or abs(e.shift or 0) > 31:
            return None
        value = str(when.start.year) if when.precision == "year" else f"{when.start.year}-{when.start.month:02}"
        reason = f"“{plain(e.text)}” counted from “{plain(told.text)}”, which is no more exact"
        return Found(value, when.start, when.end, when.precision, when.confidence * 0.6, reason)

    def _range(self, e: Expression) -> Found | None:
        last = e.until
        if last is None:
            return None
        if last.year is not None:
            closing = absolute(last)
        else:
            closed = self._yearless(last)
            if closed is None:
                return None
            closing = closed
        year = e.year if e.year is not None else closing.start.year
        first = e._replace(kind=last.kind, until=None)
        opening = absolute(with_year(first, year))
        if opening.start > closing.start and e.year is None:
            opening = absolute(with_year(first, year - 1))
        if opening.start > closing.start:
            return None
        reason = closing.reason or "a range"
        value = f"{opening.value}/{closing.value}"
        return Found(
            value, opening.start, closing.end, closing.precision, min(closing.confidence, 0.95), reason
        )


def _weight(distance: int, tense: Tense, e: Expression, start: dt.date) -> float:
    """How much farther a day seems that lies on the side that the tense speaks against, or is another weekday."""
    weight = 1.0
    if distance > 0:
        weight = {"past": 12.0, "unknown": 2.0 if e.day else 5.0, "future": 0.5}[tense]
    elif distance < 0 and tense == "future":
        weight = 1.5
    return weight if e.weekday is None or e.day is None or start.weekday() == e.weekday else weight * 50
