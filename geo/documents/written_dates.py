"""Dates as exports write them → ISO. What may be read in two ways (05/10/2023) stays as it is, and is refused later."""

from __future__ import annotations

import calendar
import datetime as dt
import re

_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_YEAR = r"(?P<year>[0-9]{4})"
_WEEKDAY = r"(?:[A-Za-z]{2,9}\.?,? +)?"
_REST = r"(?:[T ,].*)?"
_FORMS = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        r"(?P<year>[0-9]{4})(?P<number>[0-9]{2})(?P<day>[0-9]{2})(?:T?[0-9]{4,6}Z?)?",
        rf"{_YEAR}/(?P<number>[0-9]{{1,2}})/(?P<day>[0-9]{{1,2}}){_REST}",
        rf"{_WEEKDAY}{_DAY}[ -]{_MONTH},?[ -]{_YEAR}{_REST}",
        rf"{_WEEKDAY}{_MONTH} +{_DAY},? +{_YEAR}{_REST}",
    )
)
_MONTHS = [name.lower() for name in calendar.month_name]


def month_number(word: str) -> int:
    """The month of an English name or its beginning of three letters or more, 0 if it is none."""
    word = "sep" if word.lower() == "sept" else word.lower()
    return next((i for i, name in enumerate(_MONTHS) if i and len(word) >= 3 and name.startswith(word)), 0)


def iso_date(text: str) -> str:
    """The day of "5 October 2023", "Thu, 05 Oct 2023 10:00:00 GMT", "October 5, 2023 Thursday", "20231005T100000Z", 2023/10/05.

    Any other text is returned as it is.

    >>> iso_date("October 5, 2023 Thursday")
    '2023-10-05'
    """
    stated = text.strip()
    for form in _FORMS:
        match = form.fullmatch(stated)
        if not match:
            continue
        parts = match.groupdict()
        month = int(parts["number"]) if "number" in parts else month_number(parts["month"])
        try:
            return dt.date(int(parts["year"]), month, int(parts["day"])).isoformat()
        except ValueError:
            return text
    return text
