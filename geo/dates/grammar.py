"""The grammar of English date expressions: text → `Expression`s, not yet tied to a calendar.

An expression says what is written ("late September", "two days later"); `geo.dates` says what it means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Literal, NamedTuple

Kind = Literal[
    "date", "numeric", "named", "range", "weekday", "year", "decade", "season", "quarter", "half", "unit", "offset",
    "word",
]  # fmt: skip
Part = Literal["", "early", "mid", "late"]

MONTHS = {name: i for i, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
WEEKDAYS = {name: i for i, name in enumerate("mon tue wed thu fri sat sun".split())}
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "a couple of": 2,
}  # fmt: skip
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
SHIFTS = {
    "last": -1, "past": -1, "previous": -1, "preceding": -1, "this": 0, "current": 0, "same": 0, "that": 0,
    "next": 1, "following": 1, "coming": 1,
}  # fmt: skip
NARRATIVE_SHIFTS = frozenset({"previous", "preceding", "following", "same", "that"})
PARTS: dict[str, Part] = {
    "early": "early", "beginning": "early", "start": "early", "mid": "mid", "middle": "mid", "late": "late", "end": "late",
}  # fmt: skip
TENS = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties")
TEXTS_KEPT = 1 << 11  # for each rule
TIMES = {"morning": "TMO", "afternoon": "TAF", "evening": "TEV", "night": "TNI"}


class Expression(NamedTuple):
    """A date expression as written: `text` at `start:end`; what it leaves open is None or "".

    `shift` counts units: last −1, this 0, next 1, three days ago −3. `narrative`: counted from the date just
    mentioned, not from the article's. `progress`: "earlier this month". `until` ends a range.
    """

    start: int
    end: int
    text: str
    kind: Kind
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    number: int | None = None
    unit: str = ""
    shift: int | None = None
    narrative: bool = False
    progress: str = ""
    part: Part = ""
    time: str = ""
    word: str = ""
    until: Expression | None = None


# A blank in a pattern stands for a gap between words, a line break included; the patterns ignore case.
GAP = r"\s{1,4}"
CAPITAL = r"(?-i:(?=[A-Z]))"
FREE = r"(?<![\w/.-])"  # not inside a longer number
DAY = r"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?(?![\w%]|[.,:/][0-9])"
YEAR = r"(?:1[5-9]|20)[0-9]{2}(?![\w%]|[.,:][0-9])"
MONTH = (
    rf"{CAPITAL}(?:(?:january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
WEEKDAY = rf"{CAPITAL}(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
ANY_WEEKDAY = rf"(?:{WEEKDAY}|{CAPITAL}(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b\.?)"
TO = r"(?:\s?[-–—]\s?| (?:to|until|till|through) )"
D1, D2, M1, M2 = f"(?P<day>{DAY})", f"(?P<day2>{DAY})", f"(?P<month>{MONTH})", f"(?P<month2>{MONTH})"
Y1, Y2 = rf"(?:,? (?:of )?(?P<year>{YEAR}))?", rf"(?:,? (?:of )?(?P<year2>{YEAR}))?"
DATED = rf"(?:(?P<weekday>{ANY_WEEKDAY}),? (?:the )?)?"
TIME = r"(?:,? (?:early |late )?(?P<time>morning|afternoon|evening|night)\b)?"
PART = r"(?:the )?(?:(?P<part>early|mid|late)(?: in )?[\s-]\s{0,3}|(?P<end>beginning|start|middle|end) of (?:the )?)"
SHIFT = "(?P<shift>last|past|previous|preceding|this|current|next|following|coming|that|same)"
AFTER = (
    r"(?:,? (?:of )?(?P<after>last|this|next) year\b"
    r"|,? (?:of )?(?P<told>that(?: same)?|the (?:same|previous|preceding|following|next)) year\b)"
)
SEASON = r"(?P<season>spring|summer|autumn|fall|winter)\b"
ORDINAL = r"(?P<ordinal>first|second|third|fourth)"
COUNT = rf"(?P<count>[0-9]{{1,3}}|a couple of|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"

PARTED = "the PART, PART in|of|-"  # how PART opens

# Kind, openings (its first two words, as `geo.dates.openings` writes them) and pattern, in order of precedence among the
# rules that match at one place.
_RULES: tuple[tuple[Kind, str, str], ...] = (
    ("date", "YEAR MARK", rf"{FREE}(?P<year>(?:1[5-9]|20)[0-9]{{2}})(?P<mark>[-/.])(?P<mm>0[1-9]|1[0-2])[-/.](?P<day>0[1-9]|[12][0-9]|3[01])(?:T[0-9:.]+Z?)?(?![\w/]|[-.][0-9])"),
    ("numeric", "# MARK", rf"{FREE}(?P<first>[0-3]?[0-9])(?P<mark>[/.-])(?P<second>[0-3]?[0-9])[/.-](?P<year>{YEAR})(?![/-])"),
    ("numeric", "# /", rf"{FREE}(?P<first>[0-3]?[0-9])(?P<mark>/)(?P<second>[0-3]?[0-9])/(?P<short>[0-9]{{2}})(?![\w/]|[-.,][0-9])"),
    ("named", "# /", rf"{FREE}9/11(?![\w/])"),
    ("named", "MONTH #, MON .", rf"(?P<month>{MONTH}) (?P<day>11|7|6)(?=,? (?:\w+ )?(?:attacks?|massacre|riot|insurrection)\b)"),
    # Ranges. A group named …2 belongs to the last day, month or year.
    ("range", "from #, # TH|of|MONTH", rf"(?:from )?{D1} (?:of )?{M1}{Y1}{TO}{D2} (?:of )?{M2}{Y2}"),
    ("range", "between #", rf"between {D1} (?:of )?{M1}{Y1} and {D2} (?:of )?{M2}{Y2}"),
    ("range", "from MONTH, MONTH #, MON .", rf"(?:from )?{M1} {D1}{Y1}{TO}{M2} {D2}{Y2}"),
    ("range", "between MONTH", rf"between {M1} {D1}{Y1} and {M2} {D2}{Y2}"),
    ("range", "from #, # TH|TO", rf"(?:from )?{D1}{TO}{D2} (?:of )?{M2}{Y2}"),
    ("range", "between #", rf"between {D1} and {D2} (?:of )?{M2}{Y2}"),
    ("range", "from MONTH, MONTH #, MON .", rf"(?:from )?{M2} {D1}{TO}{D2}{Y2}"),
    ("range", "between MONTH", rf"between {M2} {D1} and {D2}{Y2}"),
    ("range", "from MONTH, MONTH TO, MON .", rf"(?:from )?{M1}{TO}{M2},? (?P<year2>{YEAR})"),
    ("range", "from MONTH", rf"from {M1}{Y1}{TO}{M2}(?! [0-9]{{1,2}}\b){Y2}"),
    ("range", "between MONTH", rf"between {M1}{Y1} and {M2}(?! [0-9]{{1,2}}\b){Y2}"),
    ("range", "from YEAR, YEAR TO|/", rf"(?:from |{FREE})(?P<year>{YEAR})(?:{TO}|/)(?P<year2>{YEAR})"),
    ("range", "between YEAR", rf"between (?P<year>{YEAR}) and (?P<year2>{YEAR})"),
    ("range", "YEAR TO|/", rf"{FREE}(?P<year>(?:19|20)[0-9]{{2}})[-–/](?P<short_year>[0-9]{{2}})(?![\w/-]|\.[0-9])"),
    # Days and months.
    ("date", "the TIME, WEEKDAY MONTH|the|COMMA, MONTH #|the, MON|SUN .", rf"(?:the (?P<time>morning|afternoon|evening|night) of )?{DATED}{M1} (?:the )?{D1}(?:{AFTER}|{Y1})(?!,? (?:early |late )?(?:morning|afternoon|evening|night)\b)"),
    ("date", "WEEKDAY MONTH|the|COMMA, MONTH #|the, MON|SUN .", rf"{DATED}{M1} (?:the )?{D1}{Y1}{TIME}"),
    ("date", "WEEKDAY #|the|COMMA, SUN ., # TH|of|MONTH|-", rf"{DATED}{D1}[\s-]\s{{0,3}}(?:of )?{M1}(?:{AFTER}|(?:(?:,? |-)(?P<year>{YEAR}))?{TIME})"),
    ("date", f"{PARTED}, PART MONTH, MONTH YEAR|of|COMMA|-, MON .", rf"(?:{PART})?{M1},?(?: of |[\s-]\s{{0,3}})(?P<year>{YEAR})"),
    ("date", f"{PARTED}, PART MONTH, SHIFT MONTH|year, MONTH *", rf"(?:{PART}|{SHIFT} (?:year['’]s )?)?{M1}{AFTER}?"),
    ("weekday", "the early, early hours", rf"(?:the )?(?P<hours>early hours) (?:of|on) (?P<weekday>{WEEKDAY}){TIME}"),
    ("weekday", "SHIFT WEEKDAY|week, WEEKDAY *", rf"(?:{SHIFT} (?:week['’]s |week on )?)?(?P<weekday>{WEEKDAY})(?:,? (?:of )?(?P<after>last|this|next) week\b)?{TIME}"),
    ("weekday", "WEEKDAY *", rf"(?<=\bon\s)(?P<weekday>{ANY_WEEKDAY})"),
    # Relative to the article's date or to the date just mentioned.
    ("offset", "###|COUNT UNIT, a couple", rf"{COUNT} (?P<unit>day|week|month|year|decade)s? (?P<side>ago|earlier|later|before(?=\s?[,.;)])|from now|afterwards?)\b(?! than)"),
    ("offset", "the UNIT", r"the (?P<bare>)(?P<unit>day|week|month|year) (?P<side>before|earlier|after|later)(?=\s?[,.;)])"),
    ("word", "ever since, since then", r"(?P<word>ever since(?=\s?[,.;)])|since then)\b"),
    ("offset", "in ###|COUNT", rf"in {COUNT} (?P<unit>day|week|month|year)s?['’]s? (?P<side>time)\b"),
    ("word", "the day, day before|after, TODAY *, last|this TIME", rf"(?P<word>(?:the )?day before yesterday|(?:the )?day after tomorrow|yesterday|today(?!['’]s (?:youth|world|society|standards|generation|children|technology|economy))|tomorrow|tonight|last night|this (?:morning|afternoon|evening))\b{TIME}"),
    ("unit", f"{PARTED}, PART the|SHIFT, earlier|later the|SHIFT, the SHIFT, SHIFT same|UNIT|weekend", rf"(?:(?P<progress>earlier|later) |{PART})?(?:the )?{SHIFT} (?:same )?(?P<unit>week|month|year|weekend|quarter|decade|day)\b(?!-)"),
    ("unit", "earlier|later in", r"(?P<progress>earlier|later) (?P<shift>in) the (?P<unit>day|week|month|year)\b"),
    ("unit", "PART of", r"(?:(?<=\bthe\s)|(?<=\bby\s)|(?<=\bat\s))(?P<end>beginning|start|middle|end) of the (?P<unit>month|year|week)\b"),
    ("unit", "weekend *", r"(?:(?<=over\sthe\s)|(?<=during\sthe\s))(?P<unit>weekend)\b"),
    # Seasons, quarters, halves, decades, years.
    ("season", f"{PARTED}, PART SEASON, SEASON YEAR|of|COMMA", rf"(?:{PART})?{SEASON}(?: of |,? )(?P<year>{YEAR})"),
    ("season", f"{PARTED}, PART SEASON, SEASON of", rf"(?:{PART})?{SEASON} of (?:(?P<after>last|this|next) year\b|(?P<told>that(?: same)?|the (?:same|previous|preceding|following|next)) year\b)"),
    ("season", f"{PARTED}, PART SHIFT, SHIFT SEASON, DURING SEASON|the|early|late", rf"(?:(?:{PART})?{SHIFT}|(?:in|during|since|until)(?: the)?(?: (?P<part2>early|late))?) {SEASON}(?! (?:{YEAR}|of|out|short|apart|line|back|from|into|for|on|to)\b)"),
    ("quarter", "ORDINAL quarter, q #", rf"(?:{ORDINAL} quarter (?:of |in )?|q(?P<digit>[1-4]) (?:of )?)(?P<year>{YEAR})"),
    ("quarter", "ORDINAL quarter", rf"(?<=\bthe\s){ORDINAL} quarter\b(?! of\b)"),
    ("half", "ORDINAL half, h #", rf"(?:{ORDINAL} half of |h(?P<digit>[12]) (?:of )?)(?P<year>{YEAR})"),
    ("decade", f"{PARTED}, PART YEAR, YEAR S", rf"(?:{PART})?(?<![\w/.])(?P<decade>(?:1[5-9]|20)[1-9]0|1[5-9]00|2000)['’]?s\b"),
    ("decade", f"{PARTED}, PART #|QUOTE, # S, QUOTE #", rf"(?<=\bthe\s)(?:{PART})?['’]?(?P<decade>[1-9]0)s\b"),
    ("decade", f"{PARTED}, PART TENS, TENS *", rf"(?<=\bthe\s)(?:{PART})?(?P<tens>twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b"),
    ("year", "QUOTE #", r"(?<=\bin\s)['’‘](?P<short>[0-9]{2})\b(?!['’])"),
    ("year", "FISCAL YEAR|year", rf"(?P<fiscal>fiscal|financial)(?: year)? (?P<year>{YEAR})"),
    ("year", f"{PARTED}, PART YEAR, YEAR *", rf"(?:{PART})?(?<![/.])(?P<year>{YEAR})"),
)  # fmt: skip


class Rule:
    """One way to write a date: its kind, how it opens, what matches it."""

    def __init__(self, kind: Kind, openings: str, pattern: str) -> None:
        self.kind, self._pattern = kind, pattern
        self.openings = tuple(tuple(opening.split(" ")) for opening in openings.split(", "))
        self._known: dict[str, tuple[Any, ...] | None] = {}  # what was read from a text, but for where it stood

    @cached_property
    def match(self) -> Callable[[str, int, int], re.Match[str] | None]:
        """Match a text from an offset, no further than another."""
        return re.compile(rf"(?<!\w)(?:{self._pattern.replace(' ', GAP)})", re.IGNORECASE).match

    def read(self, match: re.Match[str]) -> Expression | None:
        """The fields of a match; None where its numbers make no date at all ("31/31/2020")."""
        if self.kind == "range":
            return _read_range(match)  # its ends know where they stand
        known, text = self._known, match[0]
        if text not in known:
            if len(known) > TEXTS_KEPT:
                known.clear()
            expression = _read(self.kind, match)
            known[text] = None if expression is None else expression[2:]
        read = known[text]
        return None if read is None else Expression(*match.span(), *read)


RULES = tuple(Rule(*row) for row in _RULES)


def match_rules(rules: Iterable[Rule], text: str, start: int, end: int) -> tuple[Rule, re.Match[str]] | None:
    """The first of the rules that matches `text` from `start`, not beyond `end`, and its match."""
    for rule in rules:
        if match := rule.match(text, start, end):
            return rule, match
    return None


def _read(kind: Kind, match: re.Match[str]) -> Expression | None:
    """The fields of a match of a rule that finds no ranges."""
    groups = _groups(match)
    start, end, text = match.start(), match.end(), match[0]
    if kind == "numeric":
        day, month = _day_and_month(int(groups["first"]), int(groups["second"]), groups["mark"])
        if month is None:
            return None
        year = int(groups["year"]) if "year" in groups else _full_year(int(groups["short"]))
        return Expression(start, end, text, "date", year=year, month=month, day=day)
    shift = groups.get("shift", "").lower()
    after = groups.get("after", "").lower()
    told = groups.get("told", "").lower().removeprefix("the ").split(" ")[0]
    side = groups.get("side", "").lower()
    count = NUMBERS.get(groups.get("count", "").lower()) or int(groups.get("count") or "bare" in groups)
    part = (groups.get("part") or groups.get("part2") or groups.get("end") or "").lower()
    ordinal = groups.get("ordinal", "").lower()
    decade = int(groups.get("decade", 0)) or 10 * (TENS.index(groups["tens"].lower()) + 2 if "tens" in groups else 0)
    return Expression(
        start,
        end,
        text,
        kind,
        year=_number(groups.get("year"))
        or (_full_year(int(groups["short"])) if "short" in groups else None)
        or (decade + 1900 * (0 < decade < 100) or None),
        month=MONTHS[groups["month"][:3].lower()] if "month" in groups else _number(groups.get("mm")),
        day=_number(groups.get("day")),
        weekday=WEEKDAYS[groups["weekday"][:3].lower()] if "weekday" in groups else None,
        number=ORDINALS.get(ordinal) or _number(groups.get("digit")),
        unit=groups.get("unit", "").lower(),
        shift=_signed(count, side) if side else SHIFTS.get(after or told or shift),
        narrative=shift in NARRATIVE_SHIFTS
        or "told" in groups
        or (shift == "next" and groups.get("unit", "").lower() == "day")
        or side in ("earlier", "later", "before", "afterward", "afterwards"),
        progress=groups.get("progress", "").lower(),
        part=PARTS.get(part, ""),
        time="TMO" if "hours" in groups else TIMES.get(groups.get("time", "").lower(), ""),
        word=_word(groups),
    )


def _read_range(match: re.Match[str]) -> Expression | None:
    """Both ends of a range; the first takes from the last what it leaves out ("12-14 May 2020")."""
    groups = _groups(match)
    start, end, text = match.start(), match.end(), match[0]
    month2 = MONTHS[groups["month2"][:3].lower()] if "month2" in groups else None
    year2 = _number(groups.get("year2"))
    year = _number(groups.get("year"))
    if "short_year" in groups and year:
        year2 = year // 100 * 100 + int(groups["short_year"])
    if year is not None and year2 is not None and year > year2:
        return None
    last = Expression(
        start, end, text, "date" if month2 else "year", year2, month2, _number(groups.get("day2"))
    )
    month = MONTHS[groups["month"][:3].lower()] if "month" in groups else month2
    day = _number(groups.get("day"))
    if year is None and year2 is not None and month and month2:
        year = year2 - (month > month2)  # "from November to March 2020" began in 2019
    return Expression(start, end, text, "range", year, month, day, until=last)


def _groups(match: re.Match[str]) -> dict[str, str]:
    """The named groups that took part in a match."""
    return {name: value for name, value in match.groupdict().items() if value is not None}


def _number(digits: str | None) -> int | None:
    """The number in "3rd"."""
    return int(re.sub(r"\D", "", digits)) if digits else None


def _full_year(short: int) -> int:
    """The year that "98" or "04" abbreviates."""
    return short + (1900 if short >= 50 else 2000)


def _signed(count: int, side: str) -> int:
    return -count if side in ("ago", "earlier", "before") else count


def _word(groups: dict[str, str]) -> str:
    words = groups.get("word") or groups.get("season") or groups.get("fiscal") or groups.get("shift") or ""
    return " ".join(words.lower().removeprefix("the ").split())


def _day_and_month(first: int, second: int, mark: str) -> tuple[int, int] | tuple[None, None]:
    """Day and month of "10/13/2023" and "13.10.2023"; none when both orders are possible.

    Dots and hyphens are read day first, as they are wherever they are in use.
    """
    if 1 <= second <= 12 and (mark != "/" or first > 12 or first == second):
        return (first, second) if 1 <= first <= 31 else (None, None)
    if mark == "/" and 1 <= first <= 12 and 12 < second <= 31:
        return second, first
    return None, None
