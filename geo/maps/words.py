"""Dates in words, as precise as they are known and no more."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(date: dt.date) -> str:
    """`4 October 2023`."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def month(date: dt.date) -> str:
    """`October 2023`."""
    return f"{MONTHS[date.month - 1]} {date.year}"


@lru_cache(maxsize=4096)
def when(start: str, end: str, precision: str) -> str:
    """An event's date in words, from its ISO `start` and `end` (exclusive) and its precision.

    >>> when("2023-10-05", "2023-10-06", "day")
    'Thursday 5 October 2023'
    >>> when("2023-09-01", "2023-10-01", "month")
    'in September 2023'
    >>> when("2023-10-04", "2023-10-05", "document")
    'dated by its article, 4 October 2023'
    >>> when("", "", "none")
    'undated'
    """
    first, after = parse(start), parse(end)
    if first is None or precision == "none":
        return "undated"
    last = max(first, (after or first + dt.timedelta(days=1)) - dt.timedelta(days=1))
    match precision:
        case "document":
            return f"dated by its article, {day(first)}"
        case "day":
            return f"{DAYS[first.weekday()]} {day(first)}" if first == last else _days(first, last)
        case "week":
            return f"in the week of {day(first)}"
        case "month" if (first.year, first.month) == (last.year, last.month):
            return f"in {month(first)}"
        case "year" if first.year == last.year:
            return f"in {first.year}"
        case "decade":
            return f"in the {first.year // 10 * 10}s"
        case "year":
            return f"{first.year}–{last.year}"
        case _:
            return _months(first, last)


def parse(date: str) -> dt.date | None:
    """The day that an ISO date (or date and time) is on; None for "" and what is no date."""
    try:
        return dt.date.fromisoformat(date[:10])
    except ValueError:
        return None


def _days(first: dt.date, last: dt.date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last)}"
    return f"{day(first)} – {day(last)}"


def _months(first: dt.date, last: dt.date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"in {month(first)}"
    if first.year == last.year:
        return f"{MONTHS[first.month - 1]}–{month(last)}"
    return f"{month(first)} – {month(last)}"
