"""The words around a date: whether they leave it a date, and whether it lies ahead of the article or behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from geo.text import Analysis, fold

Tense = Literal["past", "future", "unknown"]

# --- is it a date? ---------------------------------------------------------------------------------------------------

_LAST_WORD = re.compile(r"\s*([^\W_]+(?:['’][^\W_]+)?|[^\w\s])")  # of a text read backwards
_NEXT_WORD = re.compile(r"\s*([^\W\d_]+)")
_MONTH_LEADS = frozenset(
    """in since until till by from of during through throughout between and to before after or for around about mid late
    early that this last next each""".split()
)
_SURE_MONTH_LEADS = frozenset("in since until till during through throughout".split())
_SURE_YEAR_LEADS = frozenset("in since until till during circa".split())
_DETERMINERS = frozenset("the a an its their his her this that s".split())
_YEAR_LEADS = frozenset(
    """and or by from of through throughout between before after for around circa late early mid as
    back year spring summer autumn fall winter than""".split()
)
_AMOUNTS = frozenset(
    "about some nearly almost over least most approximately roughly up estimated another only exactly".split()
)
_NO_YEAR_BEFORE = re.compile(
    r"(?:[$€£¥#№/.+][\s+]?|[\w)+][-–]|\d,\s?|(?:©|\(c\)|\bcopyright)\s?)\Z", re.IGNORECASE
)
_YEAR_BEFORE = re.compile(r"\b(?:1[5-9]|20)\d\d, ?\Z")  # "in 1992, 1993"
_LEAD = 12  # characters before a date: more than any word in these patterns has
_EVENTS = frozenset(
    """elections attacks talks protests clashes accords agreements bombings riots floods olympics games hostilities
    negotiations demonstrations uprisings sanctions polls borders lines hearings reforms events""".split()
)
_UNITS = re.compile(
    r"\s?(?:GMT|UTC|BST|EST|EDT|hrs|hours|km|kilom|miles|mi\b|metres|meters|feet|ft\b|tons|tonnes|kg|percent|per cent|BCE?\b"
    r"|B\.C|dollars|euros|pounds|rubles|roubles|yuan|rupees|million|billion|vision\b|°)"
    r"|[-–](?:[0-9]|strong|member|man\b|mile|km|foot|met|ton|seat|page|bed|acre|hectare|odd\b)",
)  # fmt: skip
_PEOPLE = frozenset("people men women children troops personnel police civilians dead wounded others".split())
_FUNCTION_WORDS = (
    _MONTH_LEADS | _SURE_YEAR_LEADS | _YEAR_LEADS | _DETERMINERS | _AMOUNTS | {"black", "red", "every"}
)
_NO_WEEKDAY_AFTER = re.compile(
    r"\s(?:Times|Telegraph|Mail|Express|Mirror|Herald|Post|Tribune|World|Business|Agreement|Accords?|Mosque|Night|Club|School|Island)\b"
)
_NO_WEEKDAY_BEFORE = re.compile(
    "|".join(
        rf"(?<=\b{word}\s)"
        for word in """every each most Black Bloody Good Ash Easter Palm Super Holy Red Cyber Ruby Man Sheffield alternate""".split()
    )
    + "|(?<=Mail on )",
    re.IGNORECASE,
)


def is_weekday(before: str, after: str) -> bool:
    """Not so in "Bloody Sunday", "the Sunday Times", "every Monday"."""
    return not _NO_WEEKDAY_BEFORE.match(before, len(before)) and not _NO_WEEKDAY_AFTER.match(after)


def is_month(before: str, month: str, after: str, *, person: bool) -> bool:
    """Whether a bare "May", "March", "Sept." names a month; `person`: the text tells of someone called May."""
    lead = _last_word(before)
    following = _NEXT_WORD.match(after)
    word = following[1] if following else ""
    if lead in ("black", "red", "every", "each") or word in ("Revolution", "War", "Crisis", "Uprising"):
        return False
    if lead in _SURE_MONTH_LEADS:
        return True
    if month in ("May", "March", "MAY", "MARCH"):
        return lead in ("by", "of", "from", "to", "and", "or", "before", "after", "between") and not (
            person or word[:1].isupper() or word in ("said", "says", "told", "was", "is", "had", "on", "and")
        )
    if month.endswith(".") or len(month) < 4 or month.lower() in ("april", "june", "august"):
        return lead in _MONTH_LEADS and not word[:1].isupper()
    return not word[:1].isupper() or lead in _MONTH_LEADS or after.startswith((",", ".", ";"))


def is_year(before: str, year: int, after: str) -> bool:
    """Whether a bare number from 1500 to 2099 is a year, not an amount ("2000 troops") or a label ("Flight 1549")."""
    near = before[-_LEAD:]
    if _UNITS.match(after) or (_NO_YEAR_BEFORE.search(near) and not _YEAR_BEFORE.search(near)):
        return False
    lead = _last_word(before)
    following = _NEXT_WORD.match(after)
    word = following[1] if following else ""
    plural = word.islower() and word.endswith("s") and not word.endswith(("ss", "was", "is", "has", "as"))
    if lead in _AMOUNTS:
        likely = False
    elif lead in _SURE_YEAR_LEADS:
        likely = not (word in _PEOPLE and year % 100 == 0)
    elif (plural and word not in _EVENTS) or word in _PEOPLE:
        # "the 1994 accords" names a year, "killed 1994 rebels" does not: only a possessive or article leaves it one.
        likely = lead in _DETERMINERS and year % 100 != 0 and word not in _PEOPLE
    elif lead in _YEAR_LEADS or lead in _DETERMINERS:
        likely = True
    elif not lead or not lead[0].isalnum():
        likely = bool(word) or before.endswith("(")
    else:
        # A capitalised word labels the number ("Resolution 1701"); a plain one may stand before a year ("failed 2020 talks").
        likely = lead.islower() and lead[0].isalpha() and year >= 1800 and word.islower()
    return likely


def _last_word(before: str) -> str:
    """The word before, as it is; a function word in lower case; "s" for any possessive."""
    found = _LAST_WORD.match(before[::-1])
    if not found:
        return ""
    word = found[1][::-1]
    if word.endswith(("'s", "’s", "s'", "s’")):
        return "s"
    return word.lower() if word.lower() in _FUNCTION_WORDS else word


# --- ahead or behind? ------------------------------------------------------------------------------------------------

_FUTURE = frozenset(
    """will wont shall would may might could should must scheduled upcoming ahead deadline slated expected due planned
    tomorrow invited proposed forthcoming impending meets arrives reconvenes convenes resumes begins opens starts departs
    travels heads pending postponed expires visits flies hosts""".split()
)
_PLANS = frozenset("proposed invited postponed".split())
_FUTURE_PAIRS = frozenset((("takes", "effect"), ("takes", "place"), ("comes", "into"), ("goes", "into"), ("takes", "office")))
_FUTURE_WITH_TO = frozenset(
    """agreed plan plans planned planning due scheduled expected set slated is are hope hopes hoping vowed vows pledged
    promised going ready prepared preparing want wants intend intends intended invited supposed threatened asked ordered
    urged called calls calling postponed delayed needs need have has time until""".split()
)
_PAST = frozenset(
    """said told was were had did been has have met held began took went came saw left flew fled won lost broke fell rose
    drew gave got made sent shot spoke stood struck swore threw withdrew wrote became brought built bought caught chose
    drove fought found hit kept knew laid led paid ran sat sold shook spent stole taught thought understood woke
    set blew dug fed flung froze heard hid hurt meant quit rang sank sought slew slid swept tore wore wound since""".split()
)
_MODALS = frozenset("would could should might may must".split())
_PERFECT = frozenset("had was were".split())
_BE = frozenset("be been being is are".split())
_CLOCK = frozenset("am pm noon midnight midday gmt utc est edt local time at about a m p . : (".split())
_APPOINTED = frozenset("scheduled planned upcoming deadline".split())
_OUTCOMES = frozenset(
    """ruling decision attack attacks bombing bombings announcement statement speech killing killings explosion blast blasts
    strike strikes crash shooting assault raid clashes fighting violence incident verdict report resignation earthquake
    arrest arrests massacre shelling ambush defeat victory""".split()
)
_ADJECTIVE_LEADS = frozenset("the a an of in on at by for from with and its their his her s".split())
_NO_PLAN_LEADS = _ADJECTIVE_LEADS | _BE | {"was", "were"}
_TELLING = (
    _FUTURE | _FUTURE_WITH_TO | _PAST | _PLANS | _MODALS | {verb for verb, _ in _FUTURE_PAIRS} | {"during", *',;:"“”'}
)
_BEFORE = 30
_AFTER = 40
_WORDS_KEPT = 1 << 16


class _Signs(dict[str, str]):
    """The folded forms of words that may tell the tense of their clause, or bear on those that do; "" for all others."""

    def __missing__(self, word: str) -> str:
        if len(self) > _WORDS_KEPT:
            self.clear()
        folded = fold(word)
        tells = folded in _TELLING or folded.endswith(("ed", "ll"))
        sign = self[word] = folded if tells else ""
        return sign


_SIGNS = _Signs()


def tense_at(analysis: Analysis, start: int, end: int) -> Tense:
    """The tense of the clause around `start:end`: by the words that touch it, else by the nearest verb, before or after."""
    words = analysis.words
    i, j = analysis.token_range(start, end)
    first, last = analysis.token_range(*analysis.sentence_at(start))
    while i > first and (fold(words[i - 1]) in _CLOCK or words[i - 1][0].isdigit()):
        i -= 1
    if touching := _touching(words, i, j, first, last):
        return touching
    return _before(analysis, i, first) or _after(words, j, last, first) or "unknown"


def _before(analysis: Analysis, i: int, first: int) -> Tense | None:
    """The tense of the nearest verb before token i, leaving out what is quoted there."""
    words = analysis.words
    comma = during = quoted = False
    for k in range(i - 1, max(i - _BEFORE, first) - 1, -1):
        word = words[k]
        folded = _SIGNS[word]
        if not folded:
            continue
        closes = word in '”"' and k > first and not analysis.gap(k - 1)
        if closes or (quoted and word in '“"'):
            quoted = closes
            continue
        if quoted:
            continue
        if word in ";:" and k < i - 1:
            return None
        comma, during = comma or word == ",", during or folded == "during"
        if comma and folded in ("ahead", "upcoming"):
            continue  # "ahead of the trip, the ministry on Sunday issued …"
        if during and folded in _MODALS:
            continue  # "said it would help, during a visit on Tuesday"
        if tense := _cue(words, k, first):
            return tense
    return None


def _after(words: Sequence[str], j: int, last: int, first: int) -> Tense | None:
    for k in range(j, min(j + _AFTER, last)):
        if tense := _cue(words, k, first):
            return tense
    return None


def _touching(words: Sequence[str], i: int, j: int, first: int, last: int) -> Tense | None:
    """The tense that the words next to an expression, tokens i to j, give it."""
    following = [fold(word) for word in words[j : min(j + 4, last)]]
    if not _APPOINTED.isdisjoint(following):
        return "future"
    if following[:1] == ["s"] and not _OUTCOMES.isdisjoint(following):
        return "past"
    lead = fold(words[i - 1]) if i > first else ""
    if lead in ("until", "till"):
        perfect = not _PERFECT.isdisjoint(map(fold, words[j : min(j + 8, last)]))
        return "past" if perfect else "future"
    if lead == "by":
        perfect = not _PERFECT.isdisjoint(map(fold, words[max(i - 14, first) : min(j + 8, last)]))
        return None if perfect else "future"
    if lead in ("since", "after"):
        return None
    governor = i - 2 if lead in ("on", "in") else i - 1
    if j < last and (governor < first or _cue(words, governor, first) is None):
        return _cue(words, j, first)  # "the ministry on Sunday issued"
    return None


def _cue(words: Sequence[str], k: int, first: int) -> Tense | None:
    """What one word says of the tense of its clause; None if nothing."""
    written = words[k]
    word = _SIGNS[written]
    if not word:
        return None
    following = fold(words[k + 1]) if k + 1 < len(words) else ""
    before = fold(words[k - 1]) if k > first else ""
    if word in _FUTURE_WITH_TO and following in ("to", "for"):
        return "past" if word in ("has", "have") and before == "would" else "future"
    if (word, following) in _FUTURE_PAIRS:
        return "future"
    if word in _MODALS and following == "have":
        return "past"
    if word in _PLANS and before not in _NO_PLAN_LEADS:
        return "past"  # "African leaders proposed …"
    if (word in _FUTURE and written != "May") or (word.endswith("ll") and written[-3:-2] in "'’"):
        return "future"
    finite = word in _PAST
    if not finite and not (word.endswith("ed") and len(word) > 4):
        return None
    if before in _BE:
        return "unknown" if before in ("is", "are") else None  # "will be held", "is held"
    return None if not finite and before in _ADJECTIVE_LEADS else "past"
