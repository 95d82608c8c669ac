"""Places in a sentence: what governs them, what they are listed with, and whether an event may be there."""

from __future__ import annotations

from itertools import compress

from geo.events.clauses import COMPASS, LEAD_IN, Sentence, Span, is_line
from geo.events.notation import PREPOSITIONS
from geo.events.patterns import Layer

WITHIN = frozenset({"in", "across", "throughout", "inside", "within"})
ALONG = frozenset({"on", "along", "across", "over"})  # said of lines, whatever happens there
BROAD = frozenset({"country", "continent"})
LEADS = frozenset(
    """the a of city town village port district province region towns villages area areas suburb suburbs island state camp
    crossing nearby neighbouring neighboring capital outskirts northern southern eastern western central""".split()
)
RULERS = frozenset("government governments junta regime authorities administration leadership rulers".split())
CONTAINERS = frozenset({"country", "admin1", "admin2", "region"})


def governor(sentence: Sentence, span: Span, limit: int) -> str:
    """The preposition that governs the place at `span`, "" if none does; looks no further left than `limit`."""
    k, of = span.first - 1, ""
    steps = 0
    while k >= limit and steps <= LEAD_IN:
        word = sentence.word(k)
        if word in PREPOSITIONS:
            if word != "of":
                return "" if sentence.word(k - 1) == "of" and sentence.word(k - 2) == "instead" else word
            if sentence.word(k - 1) in COMPASS:
                return "near"  # "south of Tripoli"
            of = of or word
        elif k in sentence.barriers or k in sentence.time_at:
            break
        elif sentence.mark(k) == "," or word in ("and", "or"):
            before = sentence.place_ending.get(k) or sentence.place_ending.get(k - 1)
            if not before:
                break
            k = before.first
            steps = -1
        k -= 1
        steps += 1
    return of


def fits(layer: Layer, sentence: Sentence, span: Span, preposition: str) -> bool:
    """Whether an event of the layer may be at the place, given the preposition that governs it."""
    toponym = sentence.toponyms[span.index]
    if toponym.place is None or toponym.kind == "demonym":
        return False
    along = preposition in ALONG and is_line(toponym.place) and layer.name not in ("agreements", "statements")
    if preposition not in layer.where and not along:
        return False
    if "-" in (sentence.mark(span.first - 1), sentence.mark(span.last)):
        return False  # "the NATO-Russia Council", "a Moscow-based group"
    if toponym.place.kind == "river" and preposition == "over":
        return False  # "the bridges over the Daugava"
    if preposition in ("in", "of") and sentence.word(span.first - 2) in RULERS:
        return False  # "a coup that the junta in Athens backed"
    if toponym.place.kind in BROAD:
        return layer.countries == "any" or (layer.countries == "in" and preposition in WITHIN)
    return True


def listed(sentence: Sentence, span: Span) -> tuple[list[Span], bool, int]:
    """The places listed from `span` on ("A, B and C"), whether as alternatives, and the token behind them.

    "Dayton, Ohio" is one place: what merely says where it lies is left out.
    """
    found, pending = [span], list[Span]()
    alternatives, end, k = False, span.last, span.last
    while True:
        n = k
        comma = sentence.mark(n) == ","
        n += comma
        word = sentence.word(n)
        joined = word in ("and", "or")
        n += joined
        if not comma and not joined:
            break
        if joined and sentence.word(n) in ("other", "several", "nearby", "elsewhere"):
            found += pending
            break
        following = _next_place(sentence, n)
        if (beyond := _unknown_item(sentence, n, following)) and comma and not joined:
            k = beyond
            continue
        if following is None or not _listable(sentence, n, following):
            break
        if comma and not joined and _contains(sentence, (pending or found)[-1], following):
            k = end = following.last
            if sentence.mark(k) == "," and sentence.word(k + 1) not in ("and", "or"):
                break
            continue
        pending.append(following)
        k = following.last
        if joined:
            found += pending
            pending, end = [], k
            alternatives = alternatives or word == "or"
            if sentence.mark(k) != ",":
                break
    return found, alternatives, end


def listed_before(sentence: Sentence, span: Span) -> list[Span]:
    """The places listed up to `span`, itself last: "A, B and C fell"."""
    found = [span]
    while True:
        k = found[0].first - 1
        joint = sentence.word(k) in ("and", "or")
        k -= joint
        comma = sentence.mark(k) == ","
        before = sentence.place_ending.get(k if comma else k + 1)
        if not (joint or (comma and len(found) > 1)) or before is None or not sentence.usable(before.index):
            return found
        if comma and not joint and _contains(sentence, before, found[0]):
            return found
        found.insert(0, before)


def _next_place(sentence: Sentence, n: int) -> Span | None:
    """The place that a list goes on with at token n, behind words like "the port of"."""
    strange = 0  # words that lead to no place
    for m in range(n, n + 6):
        if m in sentence.place_at:
            return sentence.place_at[m]
        strange += sentence.word(m) not in LEADS
        if strange > 1:
            return None
    return None


def _unknown_item(sentence: Sentence, n: int, following: Span | None) -> int:
    """The token behind a name in a list that is no known place, 0 if token n begins none."""
    if following and following.first == n:
        return 0 if sentence.usable(following.index) else following.last
    if n in sentence.time_at or not sentence.mark(n)[:1].isupper():
        return 0
    k = n
    while sentence.mark(k)[:1].isupper() or sentence.mark(k) == "-":
        k += 1
    return k if sentence.mark(k) == "," or sentence.word(k) == "and" else 0


def _listable(sentence: Sentence, n: int, following: Span) -> bool:
    if not sentence.usable(following.index):
        return False
    if any(sentence.word(m) in PREPOSITIONS and sentence.word(m) != "of" for m in range(n, following.first)):
        return False
    held = sentence.cue_at.get(following.last)
    return not (held and held[1] in ("speech", "planned", "refused"))


def _contains(sentence: Sentence, inner: Span, outer: Span) -> bool:
    small, large = sentence.toponyms[inner.index].place, sentence.toponyms[outer.index].place
    if small is None or large is None or large.kind not in CONTAINERS or small.kind == "country":
        return False
    if sentence.word(outer.last) in ("and", "or") and small.country != large.country:
        return False
    return not (small.country and large.country) or small.country == large.country


def names_unknown_within(sentence: Sentence, first: int, last: int, prepositions: frozenset[str]) -> bool:
    """Whether one of the tokens [first, last) of a sentence names a place that is not known, or leads to such a name."""
    near = sentence.folded[first:last]
    if not prepositions.isdisjoint(near):
        for k in compress(range(first, last), map(prepositions.__contains__, near)):
            if sentence.names_unknown(k, prepositions):
                return True
    for k, span in sentence.place_at.items():
        if first <= k < last and sentence.toponyms[span.index].place is None:
            return True
    return False
