"""Which date belongs to which trigger of a sentence: the trigger, speech verb or cancelling verb that it stands with."""

from __future__ import annotations

import itertools

from geo.events.clauses import DETERMINERS, RELATIVES, Match, Sentence, Span, behind_it_was
from geo.events.notation import PREPOSITIONS

NUMBERS = {word: n for n, word in enumerate("two three four five six seven eight nine ten".split(), 2)} | {"a": 1, "one": 1}
BEGINNINGS = frozenset(
    "began begun begins start started starts erupted broke ended ends end lasted raged flared signed concluded agreed".split()
)
SUBORDINATE = frozenset("after before when while as until where which who that whom".split())
UNDATING = frozenset({"until", "before", "after"})
NOUNS = frozenset("state report claim comment promise appeal delay drop".split())  # that are verbs as well
DAYTIMES = frozenset("dawn daybreak sunrise noon midday dusk sunset nightfall midnight dark".split())
PICTURES = frozenset("picture photo photograph image handout video footage".split())
SHOWN = frozenset("released published issued posted provided".split())
CAPTION = 5  # tokens between a picture and when it was shown


def attach_dates(sentence: Sentence) -> dict[int, list[Span]]:
    """Head of a match → the dates that belong to it, in order."""
    if not sentence.time_at:
        return {}
    matches = {m.head: m for m in sentence.matches}
    anchors: dict[int, bool] = dict.fromkeys(matches, True)
    for k, (_, cue) in sentence.cue_at.items():
        if cue in ("speech", "cancelled") and k not in anchors and not _is_noun(sentence, k):
            anchors[k] = False
    found: dict[int, list[Span]] = {}
    for span in sentence.time_at.values():
        dating = sentence.word(span.first - 1) not in UNDATING and not _dates_picture(sentence, span)
        if dating and sentence.timexes[span.index].value[:1].isdigit():
            head = _anchor(sentence, span, anchors, matches)
            if head in matches or head < 0:  # a date of nobody's may serve the whole clause
                found.setdefault(head if head >= 0 else span.first, []).append(span)
    return found


def _is_noun(sentence: Sentence, k: int) -> bool:
    """Whether what may be a verb of saying or calling off is a noun: "proclaimed an independent state on Friday"."""
    return sentence.word(k) in NOUNS and any(sentence.word(n) in DETERMINERS for n in range(k - 3, k))


def _dates_picture(sentence: Sentence, span: Span) -> bool:
    """Whether a date is only when a picture came out: "in this handout photo released on June 3"."""
    k = span.first - 1 - (sentence.word(span.first - 1) == "on")
    return sentence.word(k) in SHOWN and any(sentence.word(n) in PICTURES for n in range(k - CAPTION, k))


def _anchor(sentence: Sentence, span: Span, anchors: dict[int, bool], matches: dict[int, Match]) -> int:
    """The token that a date belongs to, -1 for none."""
    if (head := _premodified(sentence, span, matches)) >= 0:
        return head
    if sentence.word(span.last) == "that" and _is_brought_out(sentence, span.first):  # "It was in May that the talks began"
        return min((n for n in anchors if n > span.last), default=-1)
    k, crossed, comma = span.first - 1, False, False
    while k >= sentence.first:
        if k in anchors:
            return k
        if k in sentence.barriers and sentence.word(k + 1) not in DAYTIMES:  # "landed before dawn on May 3"
            crossed = True
            break
        k -= 1
    opens = span.first - max(k, sentence.first) <= 3  # "On Friday, officials said"; else a comma ends it
    for n in range(span.last, sentence.last):
        if n in sentence.barriers:
            break
        comma = comma or sentence.mark(n) == ","
        if n in anchors and (opens or not comma or n in matches):
            return n
    if crossed and sentence.word(k) in RELATIVES | {"where", "in"}:
        head = next((n for n in range(k - 1, sentence.first - 1, -1) if n in anchors), -1)
        told = sentence.word(k) == "that" and head in matches and matches[head].pattern.layer.name == "statements"
        return -1 if told else head  # "said that talks had failed last year" was not said last year
    return -1


def _is_brought_out(sentence: Sentence, k: int) -> bool:
    """Whether what begins at token k is brought out by "it was", as in "It was in May that …", "It was only Friday that …"."""
    k -= sentence.word(k - 1) in ("in", "on", "at", "only")
    return behind_it_was(sentence, k - 2) == k


def _premodified(sentence: Sentence, span: Span, matches: dict[int, Match]) -> int:
    """The noun trigger that the date qualifies ("his June 12 meeting"), -1 if it does not."""
    held = sentence.cue_ending.get(span.first)
    if (held and held[1] == "speech") or sentence.word(span.first - 1) in ("on", "in", "since", "by", "from"):
        return -1
    for k in range(span.last, min(span.last + 5, sentence.last)):
        match = matches.get(k)
        if match and not match.pattern.verb:
            return k
        if k in sentence.barriers or sentence.word(k) in PREPOSITIONS or sentence.mark(k) == "," or match:
            return -1
    return -1


def date_of(
    sentence: Sentence, match: Match, placing: Span | None, others: list[Span], dates: dict[int, list[Span]],
    shared_with: Match | None, *, own_only: bool = False,
) -> Span | None:  # fmt: skip
    """The date of a trigger at one of its places: its own, else, unless `own_only`, one of the same clause."""
    if not sentence.time_at:
        return None
    own = dates.get(match.head, [])
    if match.pattern.dated:  # "a 1990s war", "war in 1994"
        own = [s for s in own if _beside(sentence, match, s)]
        own_only = True
    if not own:  # "imposed a blockade two years later": the noun's date is the verb's
        covered = (m for m in sentence.matches if m is not match and match.first <= m.head < match.last)
        own = next((dates[m.head] for m in covered if m.head in dates and m.pattern.layer == match.pattern.layer), [])
    if shared_with:
        own = own or dates.get(shared_with.head, [])
    if own:
        return _paired(own, match, placing, others)
    if own_only:
        return None
    first, last = sentence.clause(match.head)
    if not any(first <= head < last for head in dates):
        opener = sentence.word(first)
        before = sentence.time_ending.get(first) or sentence.time_ending.get(first - 1)
        if opener in ("when", "where") and before:
            return before  # "in June, when an assault failed"
        main = sentence.clause(first - 1)[0] if first > sentence.first else first
        goes_on = opener in ("and", "but") and sentence.mark(first - 1) == "," and sentence.word(main) not in RELATIVES
        soon = opener == "after" and sentence.word(first - 1) in ("hours", "minutes")
        ends = {first, first - (sentence.mark(first - 1) == ",")}
        relative = opener in RELATIVES and any(
            m.last in ends and not m.pattern.verb for m in sentence.matches
        )
        if soon or relative or opener in ("when", "where") or (goes_on and match.form != "base"):
            first = main  # "… on Friday, and …", "… in September, when …"
    near = [
        span
        for head, spans in dates.items()
        for span in spans
        if first <= head < last
        and sentence.word(span.first - 1) != "for"
        and not _told_apart(sentence, span, match)
    ]
    return min(near, key=lambda s: abs(s.first - match.head), default=None)


def _beside(sentence: Sentence, match: Match, span: Span) -> bool:
    """Whether a date stands next to a noun ("a 1990s war") or says when what it names began, ended or was signed."""
    if -2 <= span.first - match.last <= 1 or 0 <= match.first - span.last <= 2:
        return True
    between = range(match.last, span.first)
    held = {k for s in sentence.place_at.values() for k in range(s.first, s.last)}
    if len(between) <= 6 and all(k in held or sentence.word(k) in PREPOSITIONS or sentence.word(k) == "the" for k in between):
        return bool(between)  # "the war in Abkhazia of 1992-93"
    return any(sentence.word(k) in BEGINNINGS for k in between) and not any(k in sentence.barriers for k in between)


def _told_apart(sentence: Sentence, span: Span, match: Match) -> bool:
    """Whether a verb that ends or cancels the one thing stands between a date and a trigger."""
    low, high = sorted((span.last, match.first))
    return any(cue in ("factive", "cancelled") and low <= k < high for k, (_, cue) in sentence.cue_at.items())


def _paired(own: list[Span], match: Match, placing: Span | None, others: list[Span]) -> Span:
    if placing and len(own) > 1 and len(others) > 1:
        following = min((s.first for s in others if s.first > placing.first), default=1 << 60)
        between = [s for s in own if placing.first < s.first < following]
        if between:
            return between[0]
        before = [s for s in own if s.first < placing.first]
        if before:
            return before[-1]
    after = [s for s in own if s.first > match.head]
    return after[0] if after else own[-1]


def date_beside(sentence: Sentence, match: Match) -> tuple[Span, int] | None:
    """The date that an undated event hangs on, and the years between: "…, four years after talks began in Havana".

    It is that of the clause beside, or one in the same clause that belongs to another verb ("were cancelled in
    December"). It says no more than about when the event was. None for what is told in the present.
    """
    if not sentence.time_at:
        return None
    first, last = sentence.clause(match.head)
    hangs = any(sentence.word(k) in SUBORDINATE for k in (first, first + 1))
    if not hangs and match.pattern.verb:
        return None
    if hangs and match.form in ("base", "s"):
        return None
    years = 0
    if hangs:
        years = _years_apart(sentence, first)
        first, last = sentence.clause(first - 1) if first > sentence.first else sentence.clause(min(last, sentence.last - 1))
    near = [
        s
        for s in sentence.time_at.values()
        if first <= s.first < last and sentence.timexes[s.index].value[:1].isdigit()
    ]
    span = min(near, key=lambda s: abs(s.first - match.head), default=None)
    return (span, years) if span else None


def _years_apart(sentence: Sentence, k: int) -> int:
    """The years that "four years after" at token k, the "after", puts between two events; 0 if it tells none."""
    count = NUMBERS.get(sentence.word(k - 2), 0)
    if sentence.mark(k - 2).isdigit() and len(sentence.mark(k - 2)) < 3:
        count = int(sentence.mark(k - 2))
    unit = {"years": 1, "year": 1, "decades": 10, "decade": 10}.get(sentence.word(k - 1), 0)
    return {"after": -1, "before": 1}.get(sentence.word(k), 0) * count * unit


def dates_listed(sentence: Sentence, dates: list[Span]) -> list[Span]:
    """The dates of a list, "in 2000 and 2007"; none if they are no list."""
    for one, two in itertools.pairwise(dates):
        between = [sentence.word(k) or sentence.mark(k) for k in range(one.last, two.first)]
        if not between or any(word not in ("and", "in", ",", "on", "again") for word in between):
            return []
    return dates if len(dates) > 1 else []
