"""A sentence as events are read from it: tokens, clauses, places, dates, status words, and trigger matches.

There is no parser: clauses are what lies between conjunctions, relative pronouns and stops. That is
coarse, cheap, and enough to keep a place or a date from being given to another clause's verb.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress
from operator import contains
from typing import NamedTuple, TypeAlias

from geo.events.forms import Form
from geo.events.notation import BE, PREPOSITIONS
from geo.events.patterns import Pattern
from geo.events.triggers import Cue, Triggers
from geo.model import Place, Timex, Toponym
from geo.text import Analysis

CONJUNCTIONS = frozenset(
    """but while because although though whereas unless if when whether after before until as where who whose whom which
    lest so yet""".split()
)
RELATIVES = frozenset({"that", "which", "who", "whom"})
# "that" before these points at a time, it opens no clause.
POINTED_AT = frozenset("day year month week night morning evening time summer winter spring autumn".split())
STOPS = frozenset(";:—–()")
OPENERS = CONJUNCTIONS | STOPS | {"since", "that", "and", "or"}  # with which a clause may begin
DASHES = frozenset("—–-")
QUOTES = frozenset('"“”„«»')
LINE_KINDS = frozenset(
    """corridor route strait border ceasefire-line demarcation-line front-line buffer-zone wall line canal pass road
    railway crossing""".split()
)
SUBJECTS = frozenset("it he she they we the a an his her their its".split())
DETERMINERS = frozenset(
    "the a an his her their its our my your another any no this these those each every first last".split()
)
COMPASS = frozenset(
    "north south east west northeast northwest southeast southwest north-east north-west south-east south-west".split()
)
LEAD_IN, DATELINE = 6, 14  # tokens

Slot = tuple[str, int]
"""A role and the index of the toponym that fills it."""

Cues: TypeAlias = dict[int, tuple[int, Cue]]
"""Status words by the token with which they begin or behind which they end, each with the other."""


def is_line(place: Place) -> bool:
    """Whether a place is drawn as a line, or is of a kind that is one."""
    shape = str(place.geometry["type"]) if place.geometry else ""
    return place.kind in LINE_KINDS or shape.endswith("LineString")


class Span(NamedTuple):
    """Token indices [first, last) with the index of the toponym or timex there."""

    first: int
    last: int
    index: int  # type: ignore[assignment]  # no one looks for a number in a span


class Match(NamedTuple):
    """A pattern found: its head, the tokens [first, last) that it covers, and the toponyms in its roles."""

    pattern: Pattern
    form: Form
    head: int
    first: int
    last: int
    slots: tuple[Slot, ...]
    words: int
    passive: bool = False


@dataclass(slots=True)
class Sentence:
    """Tokens [first, last) of a text, with what stands there. All indices are of tokens, over the whole text."""

    analysis: Analysis
    first: int
    last: int
    toponyms: Sequence[Toponym]
    timexes: Sequence[Timex]
    triggers: Triggers
    place_at: dict[int, Span]
    place_ending: dict[int, Span]
    time_at: dict[int, Span]
    time_ending: dict[int, Span]
    anaphors: frozenset[int]  # where a common noun stands for a place: "the town"
    dateline: int | None  # the toponym that the article was sent from
    matches: list[Match] = field(default_factory=list)
    folded: Sequence[str] = field(init=False, repr=False)  # the text's tokens, folded and as written
    written: Sequence[str] = field(init=False, repr=False)
    edges: list[int] = field(init=False)  # where clauses begin, other than at the sentence's own start, in order
    barriers: frozenset[int] = field(init=False)  # the edges
    cue_at: Cues = field(init=False)  # the status words by where they begin, the longest at each
    cue_ending: Cues = field(init=False)  # and by where they end

    def __post_init__(self) -> None:
        self.folded, self.written = self.analysis.folded, self.analysis.words
        self.edges = list(_barriers(self))
        self.barriers = frozenset(self.edges)
        self.cue_at, self.cue_ending = _find_cues(self)

    @property
    def text(self) -> str:
        """The sentence as written, without its dateline."""
        return self.stretch(self.first, self.last)

    def stretch(self, first: int, last: int) -> str:
        """Tokens [first, last) as written."""
        return self.analysis.written(first, last)

    def word(self, k: int) -> str:
        """The folded token, "" outside the sentence."""
        return self.folded[k] if self.first <= k < self.last else ""

    def mark(self, k: int) -> str:
        """The token as written, "" outside the sentence."""
        return self.written[k] if self.first <= k < self.last else ""

    def words(self, first: int, last: int) -> str:
        """Tokens [first, last) as written, on one line."""
        return " ".join(self.stretch(first, last).split())

    def speaks_at(self, k: int) -> bool:
        """Whether a verb of saying begins at token k: what is told of does not reach across it."""
        held = self.cue_at.get(k)
        return held is not None and held[1] in ("speech", "unreal") and self.word(k - 1) not in BE

    def unresolved(self, first: int, last: int) -> bool:
        """Whether the tokens name a place that is not known."""
        return any(
            k in self.place_at and self.toponyms[self.place_at[k].index].place is None for k in range(first, last)
        )

    def names_unknown(self, k: int, prepositions: frozenset[str]) -> bool:
        """Whether "in X" stands at token k with an X that is written like a name and is no place or date that is known."""
        span = self.place_at.get(k)
        if span is not None and self.toponyms[span.index].place is None:
            return True
        if self.word(k) not in prepositions or k + 1 in self.time_at or len(self.mark(k + 1)) < 3:
            return False
        n = k + 1
        while self.mark(n)[:1].isupper() or self.mark(n) == "-":
            if n in self.place_at:
                return False
            n += 1
        return n > k + 1

    def clause(self, k: int) -> tuple[int, int]:
        """Token indices [first, last) of the clause that holds token k; its barrier word belongs to it."""
        following = bisect_right(self.edges, k)
        first = self.edges[following - 1] if following else min(k, self.first)
        return first, self.edges[following] if following < len(self.edges) else max(self.last, k + 1)

    def usable(self, index: int) -> bool:
        """Whether a toponym can be where something is: resolved, no adjective, not the dateline."""
        toponym = self.toponyms[index]
        return toponym.place is not None and toponym.kind != "demonym"

    def quoted(self, k: int) -> bool:
        """Whether token k stands within quotation marks."""
        inside = False
        for i in range(self.first, k):
            mark = self.written[i]
            if mark in QUOTES:
                inside = mark in "“„«" or (mark == '"' and not inside)
        return inside


def build_sentence(
    analysis: Analysis,
    span: tuple[int, int],
    toponyms: Sequence[Toponym],
    timexes: Sequence[Timex],
    places: Sequence[Span],
    times: Sequence[Span],
    triggers: Triggers,
    anaphors: Sequence[Span] = (),
    dateline: int | None = None,
) -> Sentence:
    """The sentence of tokens `span`; `places` and `times` are those that begin in it, `anaphors` stand for further places."""
    first = body_at(analysis, *span)
    if anaphors:
        places = [*places, *anaphors]
    if times:
        timed = {k for s in times for k in range(s.first, s.last)}
        places = [s for s in places if s.first not in timed]  # "in March" is no town
    if first > span[0]:
        places, times = ([s for s in spans if s.first >= first] for spans in (places, times))
    return Sentence(
        analysis, first, span[1], toponyms, timexes, triggers,
        {s.first: s for s in places}, {s.last: s for s in places}, {s.first: s for s in times}, {s.last: s for s in times},
        frozenset([s.first for s in anaphors]), dateline,
    )  # fmt: skip


def behind_it_was(sentence: Sentence, k: int) -> int:
    """Token k, or what stands behind an "It was" there, which brings that out: "It was in Havana that …"."""
    return k + 2 if sentence.word(k) == "it" and sentence.word(k + 1) in ("was", "is") else k


def body_at(analysis: Analysis, first: int, last: int) -> int:
    """Where the sentence begins after its dateline: "GENEVA —", "BAKU/YEREVAN:", "(Reuters) -"."""
    words = analysis.words
    capitals = words[first].isupper()
    if not (capitals and len(words[first]) > 2) and ")" not in words[first : min(last, first + DATELINE)]:
        return first
    for k in range(first, min(last - 1, first + DATELINE)):
        double = words[k] == "-" and words[k + 1] == "-"
        spaced = k > 0 and analysis.gap(k - 1) > 0 and analysis.gap(k) > 0
        if double or (words[k] in DASHES and spaced):
            return k + 2 if double and k + 2 < last else k + 1
        if words[k] == ":" and capitals:
            return k + 1
    return first


def _find_cues(sentence: Sentence) -> tuple[Cues, Cues]:
    """The status words by where they begin and by where they end: the longest at each."""
    folded, written, first, last, known = sentence.folded, sentence.written, sentence.first, sentence.last, sentence.triggers.cues
    within = {k for place in sentence.place_at.values() for k in range(place.first, place.last)} if sentence.place_at else ()
    at: Cues = {}
    ending: Cues = {}
    for k in compress(range(first, last), map(sentence.triggers.openings.__getitem__, folded[first:last])):
        if k in within:
            continue  # "Shan State" states nothing
        word = folded[k]
        if len(written[k]) > len(word) and word.endswith("ll"):  # "he'll"
            at[k], ending[k + 1] = (k + 1, "planned"), (k, "planned")
            continue
        if (following := known.get(word)) is None:
            continue  # "hall"
        for words, cue in following.get(folded[k + 1] if k + 1 < last else "", following[""]):
            end = k + len(words)
            if len(words) > 2 and (end > last or not all(map(contains, words[2:], folded[k + 2 : end]))):
                continue
            if word == "may" and written[k][0].isupper() and k > first:
                break  # the month
            at[k] = end, cue
            held = ending.get(end)
            if held is None or held[0] > k:
                ending[end] = k, cue
            break
    return at, ending


def _barriers(sentence: Sentence) -> Iterator[int]:
    """Where clauses begin, other than at the sentence's own start."""
    folded, written = sentence.folded, sentence.written
    first, last = sentence.first + 1, sentence.last
    for k in compress(range(first, last), map(OPENERS.__contains__, folded[first:last])):
        word = folded[k]
        if word in ("and", "or"):
            if written[k - 1] == "," and not _goes_on_listing(sentence, k):
                yield k
        elif written[k] in STOPS:
            yield k
        elif word in STOPS:
            continue  # another mark that folds to a stop
        elif word in CONJUNCTIONS:
            if word == "as" and (
                sentence.word(k + 1) in ("well", "a", "an", "part", "many", "much")
                or sentence.word(k - 1) in ("such", "known", "same", "described", "regarded", "seen")
            ):
                continue
            if word == "so" and sentence.mark(k + 1) == "-":
                continue
            yield k
        elif word == "since":
            if k + 1 not in sentence.time_at and sentence.word(k + 1) in SUBJECTS:
                yield k
        elif sentence.word(k + 1) not in POINTED_AT and folded[k - 1] not in PREPOSITIONS:  # "that"
            yield k


def _goes_on_listing(sentence: Sentence, k: int) -> bool:
    """Whether the conjunction at k links one more place ("A, B, and C"; "in A, and in B")."""
    n = k + 1
    while n < min(k + 4, sentence.last):
        if n in sentence.place_at:
            following = sentence.place_at[n].last
            return sentence.mark(following) in (",", ".", "") or sentence.word(following) in (
                "and",
                "or",
                "on",
            )
        if sentence.word(n) not in PREPOSITIONS:
            return False
        n += 1
    return False
