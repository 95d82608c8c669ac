"""Which date belongs to which trigger of a sentence: the trigger, speech verb or cancelling verb that it stands with."""

from __future__ import annotations

from geo.events.clauses import RELATIVES, Match, Sentence, Span
from geo.events.triggers import PREPOSITIONS

UNDATING = frozenset({"until", "before", "after"})


def attach_dates(sentence: Sentence) -> dict[int, list[Span]]:
    """Head of a match → the dates that belong to it, in order."""
    matches = {m.head: m for m in sentence.matches}
    anchors: dict[int, bool] = dict.fromkeys(matches, True)
    for k, (_, cue) in sentence.cue_at.items():
        if cue in ("speech", "cancelled") and k not in anchors:
            anchors[k] = False
    found: dict[int, list[Span]] = {}
    for span in sentence.time_at.values():
        if sentence.timexes[span.index].value[:1].isdigit() and sentence.word(span.first - 1) not in UNDATING:
            head = _anchor(sentence, span, anchors, matches)
            if head in matches or head < 0:  # a date of nobody's may serve the whole clause
                found.setdefault(head if head >= 0 else span.first, []).append(span)
    return found


def _anchor(sentence: Sentence, span: Span, anchors: dict[int, bool], matches: dict[int, Match]) -> int:
    """The token that a date belongs to, -1 for none."""
    if (head := _premodified(sentence, span, matches)) >= 0:
        return head
    k, crossed, comma = span.first - 1, False, False
    while k >= sentence.first:
        if k in anchors:
            return k
        if k in sentence.barriers:
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
        return next((n for n in range(k - 1, sentence.first - 1, -1) if n in anchors), -1)
    return -1


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
    own = dates.get(match.head, [])
    if match.pattern.dated:  # "a 1990s war", "war in 1994"
        own = [s for s in own if -2 <= s.first - match.last <= 1 or 0 <= match.first - s.last <= 2]
        own_only = True
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
        goes_on = opener == "and" and sentence.mark(first - 1) == "," and sentence.word(main) not in RELATIVES
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
