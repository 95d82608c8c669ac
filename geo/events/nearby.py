"""The weak rules for places: "there", the nearest place of the clause, the only one of the sentence."""

from __future__ import annotations

from bisect import bisect_left

from geo.events.clauses import LEAD_IN, Match, Sentence, Span, is_line
from geo.events.notation import PREPOSITIONS
from geo.events.phrases import BROAD, fits, governor, names_unknown_within
from geo.events.placings import NOWHERE, Placement, Placing, head_words

NEAREST_LAYERS = frozenset(
    {"clashes", "displacement", "forces", "aid", "blockades", "corridors", "statements"}
)
VAST = frozenset({"region", "sea", "ocean", "river", "historical", "mountains", "desert"})
SCENIC = frozenset({"clashes", "displacement", "aid", "blockades", "forces"})
SCENE_PREPOSITIONS = frozenset({"in", "at", "near", "outside", "around", "inside"})
HERE = frozenset("capital city town village port".split())
POINTING = frozenset({"here", "this", "there"})
UNKNOWN = frozenset({"in", "at", "near", "outside", "around"})


def by_adverb(sentence: Sentence, match: Match) -> Placement:
    """The place named last before "there": "flew to Kaliningrad and met officials there"."""
    _, last = sentence.clause(match.head)
    near = range(match.head + 1, min(last, match.last + LEAD_IN))
    if POINTING.isdisjoint(sentence.folded[near.start : near.stop]):
        return NOWHERE
    here = next((k for k in near if _means_here(sentence, k) and not sentence.quoted(k)), -1)
    if here >= 0 and sentence.dateline is not None:
        return Placement((Placing(Span(here, here + 1, sentence.dateline), 0.7, f"“{sentence.word(here)}” is the dateline"),))
    adverb = next((k for k in near if sentence.word(k) == "there"), -1)
    ends = (
        adverb + 1 >= last
        or not sentence.mark(adverb + 1).isalpha()
        or sentence.word(adverb + 1) in PREPOSITIONS
    )
    if adverb < 0 or not (ends or adverb + 1 in sentence.time_at):
        return NOWHERE
    before = [s for s in sentence.place_at.values() if s.last <= match.head and sentence.usable(s.index)]
    if before:
        return Placement((Placing(max(before, key=lambda s: s.first), 0.65, "“there”"),))
    if (index := _named_last(sentence)) is None:
        return NOWHERE
    return Placement((Placing(Span(adverb, adverb + 1, index), 0.55, f"“there” is {sentence.toponyms[index].text}, named before"),))


def _means_here(sentence: Sentence, k: int) -> bool:
    """Whether token k says where the correspondent is: "here", "in this city"."""
    return sentence.word(k) == "here" or (sentence.word(k) == "this" and sentence.word(k + 1) in HERE and sentence.word(k - 1) in SCENE_PREPOSITIONS)


def _named_last(sentence: Sentence) -> int | None:
    """The toponym that "there" means when its sentence names none: the last local place of the sentence before."""
    start = sentence.analysis.starts[sentence.first]
    earliest, _ = sentence.analysis.sentence_at(max(start - 2, 0))
    for index in range(bisect_left(sentence.toponyms, start, key=lambda t: t.start) - 1, -1, -1):
        toponym = sentence.toponyms[index]
        if toponym.start < earliest:
            return None
        if toponym.place and toponym.kind != "demonym" and toponym.role == "place" and toponym.place.kind not in BROAD:
            return index
    return None


def by_nearness(sentence: Sentence, match: Match) -> Placement:
    """The nearest place to the left in the clause that a preposition of the layer governs."""
    layer = match.pattern.layer
    first, last = sentence.clause(match.head)
    if layer.name not in NEAREST_LAYERS or names_unknown_within(sentence, match.head, last, UNKNOWN):
        return NOWHERE
    heads = {m.head for m in sentence.matches if m is not match}
    for k in range(match.first, max(first, match.first - 12), -1):
        held = sentence.cue_at.get(k - 1)
        if k - 1 in heads or (held and held[1] in ("factive", "cancelled")):
            break
        if layer.name == "statements" and k < match.first:
            break
        span = sentence.place_ending.get(k)
        if not span or span.first < first:
            continue
        toponym = sentence.toponyms[span.index]
        preposition = governor(sentence, span, first)
        local = toponym.place is not None and (toponym.place.kind not in BROAD or is_line(toponym.place))
        parted = "," in [sentence.mark(n) for n in range(span.last, match.first)]
        if parted and any(first <= h < span.first for h in heads):
            break  # "signed … in Brasília, their soldiers were shelling"
        if (
            local
            and preposition in ("in", "at", "near", "on", "along", "around", "outside")
            and fits(layer, sentence, span, preposition)
        ):
            return Placement(
                (Placing(span, 0.5, f"the nearest place in the clause of “{head_words(sentence, match)}”"),)
            )
    return NOWHERE


def by_sentence(sentence: Sentence, match: Match) -> Placement:
    """The one place of the sentence, when it tells of one sort of event only: "In Taiz, medics said, shells hit a market"."""
    layer = match.pattern.layer
    if layer.name not in SCENIC or any(m.pattern.layer.name != layer.name for m in sentence.matches):
        return NOWHERE
    if not match.pattern.verb and any(sentence.word(match.first - n) in ("the", "this", "that", "these") for n in (1, 2)):
        return NOWHERE  # it is known
    local: dict[str, tuple[Span, str]] = {}
    for k in sorted(sentence.place_at):
        span = sentence.place_at[k]
        toponym = sentence.toponyms[span.index]
        if toponym.place is None or toponym.kind == "demonym":
            continue
        preposition = governor(sentence, span, sentence.first)
        opener = sentence.clause(span.first)[0]
        aside = sentence.word(opener) in ("who", "whose", "whom") and sentence.mark(opener - 1) == ","
        if not aside and toponym.place.kind not in BROAD | VAST and toponym.role == "place" and sentence.mark(span.first - 1) != ",":
            local.setdefault(toponym.place.id, (span, preposition))
    if len(local) != 1 or names_unknown_within(sentence, sentence.first, sentence.last, UNKNOWN):
        return NOWHERE
    ((span, preposition),) = local.values()
    first, last = sentence.clause(span.first)
    if any(m is not match and first <= m.head < last for m in sentence.matches):
        return NOWHERE  # it is told of there
    if preposition not in SCENE_PREPOSITIONS or not fits(layer, sentence, span, preposition):
        return NOWHERE
    return Placement((Placing(span, 0.45, "the only place that the sentence names"),))
