"""The cells of a sheet: written so that a spreadsheet computes nothing, read although it may have changed their form."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from geo.documents.written_dates import iso_date, month_number

FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 32_000  # characters; a spreadsheet holds 32,767 in a cell
UNDATED = "none"
CENTURY = 70  # two digits of a year below are of this century


def safe(value: object) -> str:
    """A text as a cell on one line that is no formula: what would begin one gets an apostrophe before it."""
    text = " ".join(str(value).split())
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return "'" + text if text.startswith(FORMULA) else text


def plain(cell: str) -> str:
    """A cell without the spaces around it and the apostrophe that `safe` put before it."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def day_readings(cell: str) -> set[str]:
    """What a date may mean, as YYYY-MM-DD, YYYY-MM, YYYY or "none".

    Spreadsheets write dates anew in the form of their country, so that 5/10/2023 may be either of two days.
    """
    if cell.lower() in {UNDATED, "undated"}:
        return {UNDATED}
    if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", cell):
        return {cell} if _exists(cell) else set()
    if match := re.fullmatch(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})(?: 0+:00(?::00)?)?", cell):
        first, mark, second, year = match[1], match[2], match[3], _year(match[4])
        readings = [(second, first)] if mark == "." else [(first, second), (second, first)]
        return {day for month, day_ in readings if _exists(day := f"{year}-{int(month):02}-{int(day_):02}")}
    if match := re.fullmatch(r"(?:([0-9]{1,2})[- ])?([A-Za-z]{3,9})[- ]([0-9]{2}|[0-9]{4})", cell):
        day = f"{_year(match[3])}-{month_number(match[2]):02}" + (f"-{int(match[1]):02}" if match[1] else "")
        return {day} if _exists(day) else set()
    day = iso_date(cell)[:10]
    return {day} if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day) and _exists(day) else set()


def _year(digits: str) -> str:
    if len(digits) == 4:
        return digits
    return f"20{digits}" if int(digits) < CENTURY else f"19{digits}"


def _exists(day: str) -> bool:
    parts = [int(part) for part in day.split("-")]
    try:
        dt.date(*parts, *[1] * (3 - len(parts)))
    except (ValueError, calendar.IllegalMonthError):
        return False
    return True


def same_number(cell: str, was: str) -> bool:
    """Whether a number is the one that was written, though with another mark before its decimals."""

    def digits(text: str) -> str:
        return re.sub(r"[^0-9]", "", text).strip("0")

    return cell.startswith("-") == was.startswith("-") and digits(cell) == digits(was)


def degrees(cell: str) -> float | None:
    """A latitude or longitude, its decimals after a point or a comma; None if it is no number."""
    match = re.fullmatch(r"([+−-]?)([0-9]{1,3})(?:[.,]([0-9]+))?", cell)
    if not match:
        return None
    value = float(f"{match[2]}.{match[3] or 0}")
    return -value if match[1] in {"-", "−"} else value
