"""Stretches of days: what months, weeks, seasons and whole dates cover, and how they are shifted."""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from geo.dates.grammar import Expression, Part
from geo.model import Precision, When

DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)
WEEKDAY_NAMES, MONTH_NAMES = tuple(calendar.day_name), tuple(calendar.month_name)
SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}  # the first of three; a winter is that of its December
EXACTNESS = ("decade", "year", "season", "month", "week", "day")


class Found(NamedTuple):
    """What an expression means: its value and its days, `end` exclusive."""

    value: str
    start: dt.date
    end: dt.date
    precision: Precision
    confidence: float
    reason: str


@lru_cache(maxsize=1 << 12)
def describe(day: dt.date) -> str:
    """A day in words: "Wednesday 4 October 2023"."""
    return f"{WEEKDAY_NAMES[day.weekday()]} {day.day} {MONTH_NAMES[day.month]} {day.year}"


def absolute(e: Expression) -> Found:
    """What an expression with a year means. Raises ValueError for a day that does not exist."""
    year = e.year or 0
    if e.month is None:
        return _period(e, year)
    if e.day is None:
        start, end = part_of(dt.date(year, e.month, 1), month_end(year, e.month), e.part)
        return Found(f"{year}-{e.month:02}", start, end, "month", 0.95, "")
    start = dt.date(year, e.month, e.day)
    confidence, reason = 1.0, ""
    if e.weekday is not None and start.weekday() != e.weekday:
        confidence, reason = 0.6, f"but that day was a {WEEKDAY_NAMES[start.weekday()]}"
    return Found(start.isoformat(), start, start + DAY, "day", confidence, reason)


def first_day(e: Expression, year: int) -> dt.date:
    """The first day of a month or its part, or the day itself, in a year. Raises ValueError for one that does not exist."""
    month = e.month or 1
    if e.day is not None:
        return dt.date(year, month, e.day)
    return part_of(dt.date(year, month, 1), month_end(year, month), e.part)[0]


def _period(e: Expression, year: int) -> Found:
    """A decade, year, half, quarter or season, or a part of it."""
    span = (dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    value, confidence, reason = str(year), 0.95, ""
    precision: Precision = "season"
    number = e.number or 1
    if e.kind == "season":
        span, value = season_span(year, SEASONS[e.word]), f"{year}-{SEASONS[e.word]}"
        confidence, reason = 0.85, "seasons as in the northern hemisphere"
    elif e.kind == "quarter":
        span, value = quarter_span(year, number), f"{year}-Q{number}"
    elif e.kind == "half":
        span, value = (dt.date(year, 6 * number - 5, 1), month_end(year, 6 * number)), f"{year}-H{number}"
    elif e.kind == "decade":
        span, value, precision, confidence = (span[0], dt.date(year + 10, 1, 1)), value[:3], "decade", 0.9
    else:
        precision = "year"
        if e.word in ("fiscal", "financial"):
            confidence, reason = 0.5, "fiscal years begin in different months"
    start, end = part_of(*span, e.part)
    return Found(value, start, end, precision, confidence, reason)


def part_of(start: dt.date, end: dt.date, part: Part) -> tuple[dt.date, dt.date]:
    """The first, middle or last third of a stretch of days."""
    if not part:
        return start, end
    third = (end - start) // 3
    if part == "early":
        return start, start + third
    return (start + third, end - third) if part == "mid" else (end - third, end)


def month_end(year: int, month: int) -> dt.date:
    """The first day after a month."""
    return dt.date(year + month // 12, month % 12 + 1, 1)


def season_span(year: int, season: str) -> tuple[dt.date, dt.date]:
    """Meteorological seasons of the northern hemisphere."""
    month = SEASON_MONTHS[season]
    return dt.date(year, month, 1), month_end(year, month + 2) if month < 12 else dt.date(year + 1, 3, 1)


def quarter_span(year: int, quarter: int) -> tuple[dt.date, dt.date]:
    """The days of a quarter of a calendar year."""
    return dt.date(year, 3 * quarter - 2, 1), month_end(year, 3 * quarter)


def shift_date(day: dt.date, unit: str, count: int) -> dt.date:
    """A date so many days, weeks, months or years on; the 31st becomes a shorter month's last day."""
    if unit == "day":
        return day + count * DAY
    if unit == "week":
        return day + count * WEEK
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def calendar_unit(day: dt.date, unit: str, shift: int) -> tuple[dt.date, dt.date, str, Precision]:
    """The calendar week, month, quarter, year or decade `shift` after the one that holds `day`."""
    if unit == "week":
        monday = day - day.weekday() * DAY + shift * WEEK
        year, week, _ = monday.isocalendar()
        return monday, monday + WEEK, f"{year}-W{week:02}", "week"
    if unit == "month":
        start = shift_date(day.replace(day=1), "month", shift)
        return start, month_end(start.year, start.month), f"{start.year}-{start.month:02}", "month"
    if unit == "quarter":
        start = shift_date(dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1), "month", 3 * shift)
        return (
            start,
            month_end(start.year, start.month + 2),
            f"{start.year}-Q{start.month // 3 + 1}",
            "season",
        )
    if unit == "decade":
        first = day.year // 10 * 10 + 10 * shift
        return dt.date(first, 1, 1), dt.date(first + 10, 1, 1), str(first)[:3], "decade"
    year = day.year + shift
    return dt.date(year, 1, 1), dt.date(year + 1, 1, 1), str(year), "year"


def exact_enough(when: When, unit: str) -> bool:
    """Whether a date is known well enough to count `unit`s from it."""
    if when.precision not in EXACTNESS:
        return False
    needed = {"quarter": "month", "decade": "year", "weekend": "day"}.get(unit, unit)
    return EXACTNESS.index(when.precision) >= EXACTNESS.index(needed)


def in_words(when: When) -> str:
    """A date as exact as it is known: a day, a month, a year, or its first and last day."""
    if when.precision == "day":
        return describe(when.start)
    if when.precision == "month":
        return f"{MONTH_NAMES[when.start.month]} {when.start.year}"
    return str(when.start.year) if when.precision == "year" else f"{when.start} to {when.end - DAY}"


def with_year(e: Expression, year: int) -> Expression:
    """A month or day in a year of its own."""
    return Expression(e.start, e.end, e.text, e.kind, year, e.month, e.day, e.weekday, part=e.part)


def plain(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())
