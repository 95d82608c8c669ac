"""The date of an article that states none in its metadata: from its name, head, foot and the days that it speaks of.

Only signs of publication count: a date line, "Updated …", a copyright line, a file name, the days of the week that
the article reports on. A date on which something happened never becomes the article's date by itself; where the signs
do not suffice, the answer is a month, a year or None.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from geo.dates.context import Tense, tense_at
from geo.dates.grammar import MONTHS, Expression
from geo.dates.search import find_expressions
from geo.dates.spans import DAY, WEEKDAY_NAMES, describe, month_end
from geo.model import When
from geo.text import Analysis

HEAD_LINES, FOOT_LINES = 15, 10  # lines with text, at either end, that may carry a date of publication

_LABEL = re.compile(
    r"^\W*(?:by [^|\n]{1,60}[|,•·–-]\s*)?(?:.{0,80}[|•·]\s*)?(?:first |last )?"
    r"(?:published|updated|posted|dated?|issued|filed|modified|release date|publication date|published date)"
    r"(?: on| at)?\s?[:|–-]?\s*(?:[0-9:.]+\s?(?:[ap]\.?m\.?)?\s?(?:[A-Z]{2,4})?,?\s*(?:on\s)?)?$",
    re.IGNORECASE,
)
_NAME = r"[A-Z][\w.'’-]*"
_BYLINE = re.compile(
    rf"^\W*(?:(?:By|BY|by)\s(?:(?:{_NAME}|and|in|for)[\s,]+){{1,8}}[|•·–-]?\s*|{_NAME}(?:\s{_NAME}){{0,3}}\s*[|•·]\s*)?$"
)
_PLACE = rf"{_NAME}(?:[ /](?:(?:de|del|la|el|al|le|du) )?{_NAME}){{0,3}}"
_DATELINE = re.compile(
    rf"^\W*(?:\([A-Z][\w ]{{1,20}}\)\s?[-–—]+\s*)?{_PLACE}(?:,\s?{_PLACE}){{0,2}}\s?(?:[,(]|[-–—])\s*$"
)
_DATELINE_END = re.compile(r"^\)?[.,]?\s*(?:\([^)\n]{1,40}\)|/[^/\n]{1,40}/)?\s*(?:[-–—:_]|\.\s|\(|/)")
_LINE_END = re.compile(
    r"^[\s,|•·–-]*(?:at\s)?(?:[0-9]{1,2}[:.][0-9]{2}\s?)?(?:[AaPp]\.?[Mm]\.?\s?)?(?:[A-Z]{2,4}\s?)?\W*$"
)
_COPYRIGHT = re.compile(
    r"(?:©|\([Cc]\)|^[^\w\n]*(?:Copyright|COPYRIGHT)\b)[^\n]{0,70}?\b((?:19|20)[0-9]{2})\b(?:\s?[-–]\s?((?:19|20)[0-9]{2}))?"
    r"(?=[^\w\n]*(?:$|all\b|by\b|[A-Z]))",
    re.MULTILINE,
)
_HANDOUT = re.compile(
    r"\b(file |archive )?(?:picture|photo|photograph|image|video|footage|handout|still|screengrab)\b[^.!?\n]{0,70}?"
    r"\b(?:released|taken|obtained|provided|published|made available|shot|captured)(?: on)?\s\Z",
    re.IGNORECASE,
)
_REPORTING = re.compile(r"\b(?:said|says|told|announced|reported|confirmed)(?: \w+){0,4}?(?: on)?,?\s\Z")
_NAME_DATE = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})[-_./]?(0[1-9]|1[0-2])[-_./]?(0[1-9]|[12][0-9]|3[01])(?![0-9])"
)
_NAME_WORDS = re.compile(
    r"(?<![0-9])([0-3]?[0-9])[-_ ]?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-_ ]?((?:19|20)[0-9]{2})(?![0-9])",
    re.IGNORECASE,
)
_NAME_MONTH = re.compile(r"(?<![0-9a-z])((?:19|20)[0-9]{2})[-_/](0[1-9]|1[0-2])(?![0-9])")


@dataclass(frozen=True, slots=True)
class _Statement:
    """A day that the article speaks of, and whether it lay ahead or behind."""

    expression: Expression
    tense: Tense


@dataclass(frozen=True, slots=True)
class _Margins:
    """The head of a text ends at `head`, its foot begins at `foot`."""

    text: str
    head: int
    foot: int

    def line_of(self, e: Expression) -> tuple[str, str] | None:
        """What stands before and after a date on its line; None inside the article, where dates are the story's."""
        if self.head <= e.start < self.foot:
            return None
        start = self.text.rfind("\n", max(e.start - 200, 0), e.start) + 1
        end = self.text.find("\n", e.end, e.end + 200)
        if start == 0 and e.start > 200:
            return None
        return self.text[start : e.start], self.text[e.end : end if end >= 0 else e.end + 200]


class _Article:
    """What an article says of days, worked out when a sign asks for it: most articles have none that does."""

    def __init__(self, analysis: Analysis, expressions: Sequence[Expression]) -> None:
        self.analysis, self.expressions = analysis, expressions
        self.days = [e for e in expressions if e.day is not None and e.month is not None and e.kind == "date"]
        self.whole_days = [(e, day) for e in self.days if (day := _whole_day(e)) is not None]

    @cached_property
    def margins(self) -> _Margins:
        return _margins(self.analysis.text)

    @cached_property
    def latest_year(self) -> int:
        """The last year that is mentioned; 0 if none is."""
        years = [e.year for e in self.expressions if e.year is not None and e.kind in ("date", "year")]
        return max(years, default=0)

    @cached_property
    def statements(self) -> list[_Statement]:
        """The weekdays, and the days without a year."""
        return [
            _Statement(e, tense_at(self.analysis, e.start, e.end))
            for e in self.expressions
            if (e.kind == "weekday" and e.shift is None) or (e.kind == "date" and e.day and e.year is None)
        ]

    @cached_property
    def weekday(self) -> int | None:
        return _weekday_of_report(self.statements)


def infer_document_date(
    document_id: str, analysis: Analysis, expressions: Sequence[Expression] | None = None
) -> When | None:
    """The day, month or year of an article with confidence and reason; None when it cannot be told.

    `document_id` is a file name or path, which may carry a date; `expressions` are those of the text, if they have
    been looked for already.
    """
    article = _Article(analysis, find_expressions(analysis) if expressions is None else expressions)
    printed = _printed(article)
    if printed is not None:
        return printed
    named = _named(document_id)
    if named is not None and named.precision == "day":
        return named
    return (
        _from_dateline(article) or _from_lead(article) or _from_handout(article) or named or _from_copyright(article)
    )


# --- signs that carry a whole date -----------------------------------------------------------------------------------


def _printed(article: _Article) -> When | None:
    """A whole date printed as the article's own, at its head or foot."""
    alone: dict[dt.date, When] = {}
    for e, day in article.whole_days:
        line = article.margins.line_of(e)
        if line is None:
            continue
        prefix, suffix = line
        shown = _clean(prefix + e.text)
        if _LABEL.match(prefix):
            return _day(day, e.text, 0.95, f"printed as the article's date: “{shown}”")
        if _DATELINE.match(prefix) and _DATELINE_END.match(suffix):
            return _day(day, e.text, 0.95, f"the article's date line: “{shown}”")
        if _LINE_END.match(suffix) and (_BYLINE.match(prefix) or _DATELINE.match(prefix)):
            alone[day] = _day(day, e.text, 0.9, f"a line of its own: “{shown}”")
    if not alone or len(alone) > 2:  # many: a chronology
        return None
    latest = max(alone)
    return None if article.latest_year > latest.year else alone[latest]


def _from_lead(article: _Article) -> When | None:
    """A day on which its first three sentences say that something was said, when no later year is mentioned."""
    text, sentences = article.analysis.text, article.analysis.sentences[:3]
    for e, day in article.whole_days:
        if e.start >= sentences[-1][1] or e.weekday != day.weekday() or article.latest_year > day.year:
            continue
        if _REPORTING.search(text[max(e.start - 60, 0) : e.start]):
            return _day(day, e.text, 0.7, f"said on that day, says its opening: “{_clean(e.text)}”")
    return None


def _named(document_id: str) -> When | None:
    """The date in a file name: 2023-10-04, 20231004, 4oct2023, 2023/10."""
    for match in _NAME_DATE.finditer(document_id):
        whole = match[0]
        before = document_id[: match.start()]
        joined = (
            whole.isdigit()
            and re.search(r"(?:^|[^A-Za-z0-9]|(?:^|[^A-Za-z0-9])[A-Z]{2,5})\Z", before) is None
        )
        tail = document_id[match.end() : match.end() + 1]
        if joined or (whole.isdigit() and tail.isalnum()):
            continue  # eight digits within a longer code
        try:
            return _day(dt.date(*map(int, match.groups())), whole, 0.9, f"the file name: “{whole}”")
        except ValueError:
            continue
    if worded := _NAME_WORDS.search(document_id):
        try:
            found = dt.date(int(worded[3]), MONTHS[worded[2].lower()], int(worded[1]))
        except ValueError:
            return None
        return _day(found, worded[0], 0.9, f"the file name: “{worded[0]}”")
    if monthly := _NAME_MONTH.search(document_id):
        return _month(int(monthly[1]), int(monthly[2]), monthly[0], 0.75, f"the file name: “{monthly[0]}”")
    return None


# --- signs that carry part of a date ---------------------------------------------------------------------------------


def _weekday_of_report(statements: list[_Statement]) -> int | None:
    """The weekday of the article: of those it reports on, the one from which all it mentions lie nearest.

    A report of Wednesday speaks of Tuesday as past and of Thursday as ahead. None unless two mentions agree.
    """
    past = [
        s.expression.weekday for s in statements if s.expression.kind == "weekday" and s.tense != "future"
    ]
    ahead = [
        s.expression.weekday for s in statements if s.expression.kind == "weekday" and s.tense == "future"
    ]
    if len(past) < 2:
        return None

    def distance(day: int) -> float:
        return sum((day - (w or 0)) % 7 for w in past) + 0.5 * sum(((w or 0) - day) % 7 for w in ahead)

    ranked = sorted({w for w in past if w is not None}, key=distance)
    if len(ranked) > 1 and distance(ranked[0]) == distance(ranked[1]):
        return None
    return ranked[0]


def _from_dateline(article: _Article) -> When | None:
    """A date line without its year ("DAYTON, Ohio, Nov. 21"): the year from the copyright line or the weekday."""
    for e in article.days:
        line = article.margins.line_of(e) if e.year is None else None
        if line is None or not (_DATELINE.match(line[0]) and _DATELINE_END.match(line[1])):
            continue
        shown = _clean(line[0] + e.text)
        year = _copyright_year(article.analysis.text)
        try:
            if year is not None:
                return _day(
                    dt.date(year, e.month or 1, e.day or 1),
                    e.text,
                    0.85,
                    f"the date line “{shown}” and the copyright year {year}",
                )
            return _by_weekday(e, shown, article)
        except ValueError:
            return None
    return None


def _by_weekday(e: Expression, shown: str, article: _Article) -> When | None:
    """The year in which the date line's day is the weekday reported on, if the years mentioned leave just one."""
    weekday = e.weekday if e.weekday is not None else article.weekday
    latest = article.latest_year
    if weekday is None or not latest:
        return None
    fitting = [y for y in (latest, latest + 1) if dt.date(y, e.month or 1, e.day or 1).weekday() == weekday]
    if len(fitting) != 1:
        return None
    day = dt.date(fitting[0], e.month or 1, e.day or 1)
    return _day(
        day,
        e.text,
        0.6,
        f"the date line “{shown}”, a {WEEKDAY_NAMES[weekday]} in {day.year}; the text names years up to {latest}",
    )


def _from_handout(article: _Article) -> When | None:
    """A picture released on a day: the article came out on it or within the week, on the weekday that it reports on."""
    latest: tuple[dt.date, str] | None = None
    for e, day in article.whole_days:
        match = _HANDOUT.search(article.analysis.text[max(e.start - 140, 0) : e.start])
        if match and not match[1] and (latest is None or day > latest[0]):
            latest = (day, e.text)
    if latest is None:
        return None
    released, text = latest
    if any((other.year or 0) > released.year for other in article.expressions):
        return None  # an old picture
    weekday = article.weekday
    if weekday is None:
        return _month(released.year, released.month, text, 0.5, f"a picture released on {describe(released)}")
    day = released + ((weekday - released.weekday()) % 7) * DAY
    return _day(
        day,
        text,
        0.7,
        f"the first {WEEKDAY_NAMES[weekday]}, the day it reports on, after a picture released on {describe(released)}",
    )


def _from_copyright(article: _Article) -> When | None:
    """The copyright year, and the day in it on which the weekdays and the dates that the article names agree."""
    year = _copyright_year(article.analysis.text)
    if year is None:
        return None
    if article.weekday is not None and (solved := _solve(year, article.weekday, article.statements)) is not None:
        return solved
    return When(
        dt.date(year, 1, 1), dt.date(year + 1, 1, 1), "year", str(year), 0.75, f"the copyright line: {year}"
    )  # fmt: skip


def _solve(year: int, weekday: int, statements: list[_Statement]) -> When | None:
    """The one day of `year` from which a date ahead or just past falls on a weekday that the article names too."""
    dated = [s for s in statements if s.expression.kind == "date"]
    named = [s for s in statements if s.expression.kind == "weekday"]
    first = dt.date(year, 1, 1)
    scores: dict[dt.date, int] = {}
    for day in (first + i * DAY for i in range(366)):
        if day.year != year or day.weekday() != weekday:
            continue
        days = [_in_year(s.expression, year) for s in dated]
        if any(s.tense == "future" and d is not None and d < day for s, d in zip(dated, days, strict=True)):
            continue
        told = {_told_day(s, day) for s in named}
        scores[day] = sum(d in told for d in days)
    best = max(scores.values(), default=0)
    agreeing = [day for day, score in scores.items() if score == best]
    if best == 0 or len(agreeing) != 1:
        return None
    reason = (
        f"the one {WEEKDAY_NAMES[weekday]} of {year}, its copyright year, on which the weekdays and the dates that it names agree"
    )  # fmt: skip
    return _day(agreeing[0], str(year), 0.8, reason)


def _told_day(statement: _Statement, day: dt.date) -> dt.date:
    """The day that a weekday means in an article of `day`."""
    weekday = statement.expression.weekday or 0
    if statement.tense == "future":
        return day + ((weekday - day.weekday()) % 7) * DAY
    return day - ((day.weekday() - weekday) % 7) * DAY


def _in_year(e: Expression, year: int) -> dt.date | None:
    try:
        return dt.date(year, e.month or 1, e.day or 1)
    except ValueError:
        return None


def _copyright_year(text: str) -> int | None:
    """The latest year of the copyright lines."""
    if not any(sign in text for sign in ("©", "(c)", "(C)", "opyright", "OPYRIGHT")):
        return None
    return max((int(m[2] or m[1]) for m in _COPYRIGHT.finditer(text)), default=None)


# --- small parts -----------------------------------------------------------------------------------------------------


def _whole_day(e: Expression) -> dt.date | None:
    if e.year is None or e.month is None or e.day is None:
        return None
    try:
        return dt.date(e.year, e.month, e.day)
    except ValueError:
        return None


def _margins(text: str) -> _Margins:
    """Head and foot: the first and last few lines with text; a short article is all head."""
    lines: list[int] = []  # where each line with text begins
    start = 0
    for line in text.splitlines(keepends=True):
        if not line.isspace():
            lines.append(start)
        start += len(line)
    head = lines[HEAD_LINES] if len(lines) > HEAD_LINES else len(text)
    foot = lines[-FOOT_LINES] if len(lines) > FOOT_LINES else 0
    return _Margins(text, head, max(head, foot))


def _day(day: dt.date, text: str, confidence: float, reason: str) -> When:
    return When(day, day + DAY, "day", text, confidence, reason)


def _month(year: int, month: int, text: str, confidence: float, reason: str) -> When:
    name = f"{calendar.month_name[month]} {year}"
    return When(
        dt.date(year, month, 1), month_end(year, month), "month", text, confidence, f"{reason}, so {name}"
    )


def _clean(text: str) -> str:
    return " ".join(text.split())
