"""Which place belongs to which trigger of a sentence.

A place is where something is when the pattern says so, or when a preposition of the trigger's layer
governs it ("in", "near") in the trigger's clause. What stands nowhere near is given to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

from geo.events.between import between
from geo.events.clauses import (
    COMPASS,
    DETERMINERS,
    LEAD_IN,
    RELATIVES,
    Match,
    Sentence,
    Span,
    behind_it_was,
    is_line,
)
from geo.events.nearby import by_adverb, by_nearness, by_sentence
from geo.events.notation import BE, PREPOSITIONS
from geo.events.offset import offset_place
from geo.events.patterns import Layer
from geo.events.phrases import BROAD, fits, governor, listed, listed_before
from geo.events.placings import NOWHERE, Placement, Placing, head_words
from geo.sphere import distance_km

# Between a place and the noun that it qualifies: "the Brussels peace talks".
MODIFIERS = frozenset(
    """peace summit border latest planned ceasefire truce new cancelled canceled scheduled crisis first second third next
    four-way three-way emergency security annual donor leaders european regional key two-day three-day ministerial""".split()
)
SUBORDINATORS = frozenset(
    "after before that if when as because until whether unless while although though lest".split()
)
TOPICS = frozenset("fighting war situation crisis conflict violence unrest killings attacks coup elections massacre events".split())
SHARING = frozenset({"at", "during", "in"})
GOING_ON = frozenset("and held set scheduled planned due hosted".split())
BESIDES = frozenset({"near", "outside", "inside", "in", "at"})
BROKERED = frozenset({"meetings", "agreements", "ceasefires"})  # "talks mediated by Qatar in Cairo"
FOUGHT = frozenset({"clashes", "forces", "ceasefires"})
LEAVING = frozenset({"flight", "expulsion", "forces leave"})
LEFT = frozenset("left fled leave flee leaving fleeing leaves abandoned quit evacuated".split())
LATER = frozenset("day days week weeks month months year years".split())  # "ten days after the offensive"
BECAUSE = frozenset("after amid because following during".split())
REGARDING = frozenset({"about", "concerning", "regarding"})
DISPUTES = frozenset("dispute disputes row quarrel feud rivalry standoff disagreement tensions".split())
TURNING = REGARDING | {"by", "to", "over"}  # with these another doing may begin
OPENING = frozenset({"in", "at", "near", "outside", "on", "along", "inside", "around", "across"})
NEIGHBOURING = 150.0  # km within which one place may lie in or at another
REACH = 40  # tokens to the right in which a trigger may govern a place


def find_places(sentence: Sentence, match: Match) -> Placement:
    """The places of a trigger by its pattern, its prepositions, the head of its clause, or the next trigger."""
    for rule in RULES if sentence.place_at else (by_adverb,):  # "there" alone needs no place in its sentence
        placement = rule(sentence, match)
        if placement.placings or placement.alternatives:
            return placement
    return NOWHERE


# --- rules, the surest first


def _by_name(sentence: Sentence, match: Match) -> Placement:
    """The line that the trigger is part of the name of: "pushing for a corridor across Armenia"."""
    for span in sentence.place_at.values():
        if span.first <= match.head < span.last:
            place = sentence.toponyms[span.index].place
            return Placement((Placing(span, 0.85, "the line that is named"),)) if place and is_line(place) else NOWHERE
    return NOWHERE


def _by_slot(sentence: Sentence, match: Match) -> Placement:
    if not match.slots:
        return NOWHERE
    roles = dict(reversed(match.slots))
    first = "ORIGIN" if match.pattern.layer.name == "displacement" else "PLACE"
    index = next((roles[r] for r in ("LINE", first, "PLACE", "DESTINATION", "ORIGIN") if r in roles), None)
    if index is None:
        return NOWHERE
    if match.pattern.layer.name == "meetings" and _is_what_is_discussed(sentence, index):
        return NOWHERE
    span = next(s for s in sentence.place_at.values() if s.index == index)
    spans, alternatives, end = listed(sentence, span) if span.first >= match.head or match.passive else ([span], False, 0)
    if span.first >= match.head and not alternatives and len(roles) == 1:
        spans += _more(sentence, match.pattern.layer, end)
    if span.last <= match.head and (match.pattern.left[:1] != ("...",) or BE in match.pattern.left) and sentence.word(span.first - 1) in ("and", ","):
        spans = listed_before(sentence, span)
    if any(s.index == roles.get("DESTINATION") for s in spans[1:]):
        spans = spans[:1]
    reason = f"“{head_words(sentence, match)}” says where"
    if "ORIGIN" in roles and "DESTINATION" in roles:
        reason = f"the place left; they went to {sentence.toponyms[roles['DESTINATION']].text}"
    elif "ORIGIN" in roles and "PLACE" not in roles:
        reason = "the place left"
    elif "DESTINATION" in roles:
        reason = "the place reached; no place left is named"
    destination = sentence.toponyms[roles["DESTINATION"]].place if "DESTINATION" in roles else None
    if index == roles.get("DESTINATION"):
        destination = None
    spans = [_finer(sentence, s) for s in spans]
    if any(_is_bridged(sentence, s, match.first) for s in spans):
        return NOWHERE
    placings = _joined(sentence, spans) or tuple(Placing(s, 0.9, reason) for s in spans)
    return Placement(placings, alternatives, destination=destination)


def _finer(sentence: Sentence, span: Span) -> Span:
    """The local place behind a country or a river: "crossed into Syria at Bab al-Hawa", "a bridge over the Aras river at Aghband"."""
    place, k = sentence.toponyms[span.index].place, span.last + (sentence.word(span.last) == "river")
    inner = sentence.place_at.get(k + 1)
    if place is None or inner is None or place.kind not in BROAD | {"river"} or sentence.word(k) not in ("at", "near", "through", "via"):
        return span
    there = sentence.toponyms[inner.index].place
    return inner if there is not None and there.kind not in BROAD and sentence.usable(inner.index) else span


def _is_bridged(sentence: Sentence, span: Span, limit: int) -> bool:
    """Whether a river is only what a bridge leads over: it is at one spot of it."""
    place = sentence.toponyms[span.index].place
    return place is not None and place.kind == "river" and governor(sentence, span, limit) == "over"


def _is_what_is_discussed(sentence: Sentence, index: int) -> bool:
    """Whether a region only qualifies what is spoken of: "discussed the fighting in Manipur"."""
    span = next(s for s in sentence.place_at.values() if s.index == index)
    place = sentence.toponyms[index].place
    return place is not None and place.kind not in ("city", "capital") and sentence.word(span.first - 2) in TOPICS


def _joined(sentence: Sentence, spans: list[Span]) -> tuple[Placing, ...]:
    """The one place that two tell together ("between X and Y"), none if they do not."""
    if len(spans) == 1:  # "from X to Y"
        k = spans[0].last
        spans = [*spans, *([sentence.place_at[k + 1]] if sentence.word(k) == "to" and k + 1 in sentence.place_at else [])]
    found = between(sentence, spans[0], spans[1]) if len(spans) == 2 else None
    return (Placing(spans[0], 0.65, found[1], found[0]),) if found else ()


def _by_modifier(sentence: Sentence, match: Match) -> Placement:
    """A place that qualifies the noun: "the Brussels talks"."""
    subject = match.pattern.layer.name in BROKERED and match.first < match.head
    if match.pattern.verb and not subject:
        return NOWHERE
    k = match.first  # "the Lusaka protocol, signed in 1994"
    while sentence.word(k - 1) in MODIFIERS:
        k -= 1
    span = sentence.place_ending.get(k)
    toponym = sentence.toponyms[span.index] if span else None
    if span is None or toponym is None or toponym.place is None or toponym.kind == "demonym":
        return NOWHERE
    listing = sentence.mark(span.first - 1) in (",", "/", "-") or sentence.word(span.first - 1) in (
        "and",
        "between",
    )
    speaking = toponym.role == "actor" and match.pattern.layer.name != "meetings"
    if listing or speaking or (toponym.place.kind in BROAD and match.pattern.layer.name != "ceasefires"):
        return NOWHERE
    return Placement((Placing(span, 0.75, f"it qualifies “{head_words(sentence, match)}”"),))


def _by_preposition(sentence: Sentence, match: Match) -> Placement:
    """The first place to the right that a preposition of the layer governs, and those listed with it."""
    if match.pattern.verb and not match.slots:
        spans = _inside(sentence, match, (match.first, match.head))  # "a ceasefire in Gaza took effect"
        if spans:
            reason = f"“{sentence.toponyms[spans[0].index].text}” before “{head_words(sentence, match)}”"
            return Placement(_joined(sentence, spans) or tuple(Placing(s, 0.8, reason) for s in spans))
    unknown = False  # a place is named that the gazetteer does not know: what follows may at most be near it
    for k in _reach(sentence, match) if _leads_to_place(sentence, match) else ():
        unknown = unknown or sentence.names_unknown(k, BESIDES)
        span = sentence.place_at.get(k)
        if span is None or not sentence.usable(span.index):
            continue
        preposition = governor(sentence, span, match.first)
        if unknown and sentence.mark(span.first - 1) != "," and preposition not in BESIDES:
            break
        place = sentence.toponyms[span.index].place
        if unknown and place is not None and place.kind in BROAD:
            break  # "at Xyz in Portugal": the country alone would mislead
        if fits(match.pattern.layer, sentence, span, preposition) and not _is_topic(sentence, match, span):
            return _accepted(sentence, match, span, preposition, unknown=unknown)
    if match.pattern.verb and not match.slots:  # "initialled in London an agreement"
        spans = _inside(sentence, match, (match.head + 1, match.last))
        if not spans:
            return NOWHERE
        reason = f"within “{head_words(sentence, match)} …”"
        return Placement(tuple(Placing(s, 0.8, reason) for s in spans))
    return NOWHERE


def _leads_to_place(sentence: Sentence, match: Match) -> bool:
    """Whether any place that an event can be at stands where a trigger may govern it: often there is none."""
    for k, span in sentence.place_at.items():
        if match.head < k < match.last + REACH and sentence.usable(span.index):
            return True
    return False


def _reach(sentence: Sentence, match: Match) -> Iterator[int]:
    """The tokens to the right of a trigger, until another doing begins."""
    relative = not match.pattern.verb
    heads = {m.head for m in sentence.matches if m is not match}
    beside = match.pattern.layer.name == "statements"
    start = max(match.last - (sentence.word(match.last - 1) in PREPOSITIONS), match.head + 1)
    first, _ = sentence.clause(match.head)  # after "said in reply to the attack" comes what was said
    speaks = any(k in sentence.cue_at and sentence.cue_at[k][1] == "speech" for k in range(first, match.head))
    where, folded, written = sentence.word(first) == "where", sentence.folded, sentence.written
    for k in range(start, min(sentence.last, match.last + REACH)):
        if k in sentence.barriers:
            if not (relative and folded[k] in RELATIVES) or (folded[k] == "that" and speaks):
                return
            relative = False
        if written[k] == "," and ((where and k + 1 not in sentence.time_at) or _ends_phrase(sentence, k)):
            return  # "where they landed on May 21, towards …"
        held = sentence.cue_at.get(k)
        if held and held[1] == "speech" and sentence.mark(k - 1) == "," and k > match.last:
            return
        if k in heads and not _relative_verb(sentence, match, k) and not _qualifies(sentence, match, k):
            return
        if (folded[k] in TURNING and _turns_away(sentence, match, k)) or (beside and not _beside(sentence, match, k)):
            return
        yield k


def _ends_phrase(sentence: Sentence, k: int) -> bool:
    """Whether the comma at token k ends what the trigger governs: no name, date, place or preposition goes on."""
    if k + 1 in sentence.time_at:
        return False
    following = sentence.word(k + 1)
    if following == "with":
        return True
    if following == "the":  # "stormed Congress, the court and the palace in Brasilia"
        return not any(sentence.word(n) == "and" for n in range(k + 2, k + 7))
    goes_on = following in PREPOSITIONS or following in GOING_ON or sentence.mark(k + 1)[:1].isupper()
    return not goes_on and k + 1 not in sentence.barriers


def _accepted(sentence: Sentence, match: Match, span: Span, preposition: str, *, unknown: bool) -> Placement:
    """A governed place with those listed beside it; a point off it; or less when the place itself is unknown."""
    if unknown:
        return Placement((Placing(span, 0.5, "the place itself is not known; it lies at or near this one"),))
    if sentence.word(span.first - 1) == "of" and sentence.word(span.first - 2) in COMPASS:
        return Placement((_off(sentence, span),))
    span = _corrected(sentence, span)
    spans, alternatives, end = listed(sentence, span)
    if not alternatives:
        spans += _more(sentence, match.pattern.layer, end)
    after = f"after “{head_words(sentence, match)}”"
    if joined := _joined(sentence, spans):
        return Placement(joined)
    if preposition == "between":
        if match.pattern.layer.name in FOUGHT and len(spans) > 1:
            return NOWHERE  # "fighting between Baku and Yerevan" names who fights
        spans = _nearer(sentence, spans)
    placings = [Placing(s, 0.85, f"“{preposition} {sentence.toponyms[s.index].text}” {after}") for s in spans]
    return Placement(tuple(placings), alternatives)


def _nearer(sentence: Sentence, spans: list[Span]) -> list[Span]:
    """Of "between Danzig and Poland" the one that is no country."""
    local = [s for s in spans if (p := sentence.toponyms[s.index].place) and p.kind not in BROAD]
    return local or spans


def _corrected(sentence: Sentence, span: Span) -> Span:
    """The town behind a name that cannot be in it: "at the Santa Cruz cemetery in Dili" is in Dili."""
    k = next((k for k in range(span.last, span.last + 3) if not sentence.mark(k).islower() or sentence.word(k) == "in"), -1)
    after = sentence.place_at.get(k + 1) if k >= 0 and sentence.word(k) == "in" else None
    here, there = sentence.toponyms[span.index].place, sentence.toponyms[after.index].place if after else None
    if after is None or here is None or there is None or there.kind not in ("city", "capital") or is_line(here):
        return span
    return after if distance_km((here.lat, here.lon), (there.lat, there.lon)) > NEIGHBOURING else span


def _off(sentence: Sentence, span: Span) -> Placing:
    """The point that lies off a place as told, or that place when no distance is."""
    point = offset_place(sentence, span)
    name = sentence.toponyms[span.index].text
    if point:
        return Placing(span, 0.7, f"reckoned from {name}", point)
    return Placing(span, 0.6, f"{sentence.word(span.first - 2)} of {name}, how far is not told")


def _inside(sentence: Sentence, match: Match, stretch: tuple[int, int]) -> list[Span]:
    """Places within a stretch of what a pattern covers, before its head or after it."""
    inside = [s for k in range(*stretch) if (s := sentence.place_at.get(k)) and sentence.usable(s.index)]
    if not inside:
        return []
    broad = [s for s in inside if (p := sentence.toponyms[s.index].place) and p.kind in BROAD]
    if len(broad) < len(inside):  # "the border with Haiti at Dajabon"
        inside = [s for s in inside if s not in broad or sentence.word(s.last) == "and"]
    for span in inside:
        if fits(match.pattern.layer, sentence, span, governor(sentence, span, match.first)):
            spans, alternatives, _ = listed(sentence, span)
            if sentence.word(span.first - 1) == "between":
                spans = _nearer(sentence, spans) if len(spans) != 2 or not between(sentence, *spans) else spans
            return [] if alternatives else spans
    return []


def _beside(sentence: Sentence, match: Match, k: int) -> bool:
    """Whether only a date and a preposition lie between a trigger and token k: "said on Tuesday in Yerevan"."""
    k -= k in sentence.place_at
    return all(
        sentence.word(n) in ("on", "in", "at", "the", "late", "early")
        or any(s.first <= n < s.last for s in sentence.time_at.values())
        for n in range(match.last, k)
    )


def _is_topic(sentence: Sentence, match: Match, span: Span) -> bool:
    """Whether a country is what talks are on: "a conference on the war in Sudan"."""
    place = sentence.toponyms[span.index].place
    if match.pattern.layer.name != "meetings" or place is None or place.kind not in BROAD:
        return False
    return any(
        sentence.word(k) in ("on", "over") and k + 1 not in sentence.time_at
        for k in range(match.last, span.first)
    )


def _turns_away(sentence: Sentence, match: Match, k: int) -> bool:
    """Whether at token k something else begins, with places of its own: "to set up …", "backed by …", "in a row over …"."""
    word, following = sentence.word(k), sentence.mark(k + 1)
    if word in REGARDING or (word == "over" and sentence.word(k - 1) in DISPUTES):
        return True
    if word == "by":
        return sentence.word(k - 1).endswith("ed") and match.pattern.layer.name not in BROKERED
    if word != "to" or not following.islower() or sentence.word(k + 1) in DETERMINERS:
        return False
    planned = any(start <= k < end for start, (end, cue) in sentence.cue_at.items() if cue == "planned")
    close = any(n in sentence.place_at for n in range(k + 1, k + 3)) or sentence.word(k + 1) in ("take", "be")
    return not planned and not close


def _relative_verb(sentence: Sentence, match: Match, k: int) -> bool:
    """Whether the trigger at k only carries on the noun ("a ceasefire that troops brokered in X")."""
    other = next(m for m in sentence.matches if m.head == k)
    return other.pattern.layer.name == match.pattern.layer.name and other.pattern.verb != match.pattern.verb


def _qualifies(sentence: Sentence, match: Match, k: int) -> bool:
    """Whether the trigger at k only qualifies a noun: "killed 119 people sheltering in …", "shelled troops stationed at …"."""
    other = next(m for m in sentence.matches if m.head == k)
    plain = other.pattern.verb and other.form in ("ing", "participle") and not other.passive
    return plain and match.pattern.verb and match.head < other.first and sentence.mark(k - 1).islower() and sentence.word(k - 1) not in PREPOSITIONS


def _more(sentence: Sentence, layer: Layer, k: int) -> list[Span]:
    """Places in a further phrase: "in Vienna on Thursday and in Cairo on Monday"."""
    found: list[Span] = []
    while True:
        while k in sentence.time_at or sentence.word(k) == "on":
            k = sentence.time_at[k].last if k in sentence.time_at else k + 1
        k += sentence.mark(k) == ","
        if sentence.word(k) != "and":
            return found
        k += 1
        while k in sentence.time_at or (sentence.word(k) == "on" and k + 1 in sentence.time_at):
            k = sentence.time_at[k].last if k in sentence.time_at else k + 1
        if sentence.word(k) == "the":  # "the port of Hodeidah and the airport at Sanaa"
            k = next((n for n in range(k + 1, k + 5) if sentence.word(n) in ("in", "at", "of", "near")), k)
            if any(m.head == n for m in sentence.matches for n in range(k - 4, k)) or sentence.word(k - 1).endswith("ed"):
                return found
            if sentence.word(k) == "of" and k + 1 in sentence.place_at and sentence.usable(sentence.place_at[k + 1].index):
                return [*found, sentence.place_at[k + 1]]
        if sentence.word(k) not in layer.where:
            return found
        span = next((sentence.place_at[m] for m in range(k + 1, k + 5) if m in sentence.place_at), None)
        if span is None or not fits(layer, sentence, span, sentence.word(k)):
            return found
        spans, alternatives, k = listed(sentence, span)
        if alternatives:
            return found
        found += spans


def _by_opening(sentence: Sentence, match: Match) -> Placement:
    """A place that opens the clause: "In Tehran, …"; or, less surely, the sentence."""
    first, _ = sentence.clause(match.head)
    if sentence.word(first) == "where" and sentence.word(first + 1) not in ("he", "she") and (span := _relative_place(sentence, first)):
        return Placement((Placing(span, 0.7, f"“{sentence.toponyms[span.index].text}, where”"),))
    for start, confidence in ((first, 0.75), (sentence.first, 0.6)):
        brought_out = sentence.word(first) == "that" and behind_it_was(sentence, sentence.first) != sentence.first
        if start != first and sentence.word(first) in SUBORDINATORS and not brought_out:
            continue
        spans = _opening(sentence, start, match)
        if spans:
            name = sentence.toponyms[spans[0].index].text
            return Placement(tuple(Placing(s, confidence, f"“{name}” opens the clause") for s in spans))
    opener = next((m for m in sentence.matches if not m.pattern.verb), None)
    if (
        opener
        and opener is not match
        and opener.head < match.head
        and sentence.word(first) not in SUBORDINATORS
    ):
        after = {"after"} if match.pattern.layer.name in ("agreements", "ceasefires") else frozenset[str]()
        opens = any(
            sentence.word(k) in SHARING | after
            for k in range(sentence.first, min(sentence.first + 2, opener.first))
        )
        close = opener.first - sentence.first <= LEAD_IN and "," in [
            sentence.mark(k) for k in range(opener.head, match.head)
        ]
        if opens and close:
            placement = _by_preposition(sentence, opener)
            if placement.placings and not placement.alternatives:
                return _shared(placement, opener, sentence)
    return NOWHERE


def _relative_place(sentence: Sentence, k: int) -> Span | None:
    """The place that "where" at token k stands for: "the San Carlos beachhead, where …"."""
    for n in range(k, max(k - 4, sentence.first), -1):
        if (span := sentence.place_ending.get(n)) and sentence.usable(span.index):
            place = sentence.toponyms[span.index].place
            local = place is not None and place.kind not in BROAD
            return span if local and governor(sentence, span, sentence.first) != "between" else None
    return None


def _opening(sentence: Sentence, k: int, match: Match) -> list[Span]:
    while k < match.first and (
        k in sentence.barriers
        or sentence.mark(k) in (",", "“", '"')
        or sentence.word(k) in ("and", "but", "also")
    ):
        k += 1
    k = behind_it_was(sentence, k)
    if sentence.word(k) in ("on", "in", "at", "by", "during") and k + 1 in sentence.time_at:
        k += 1
    if k in sentence.time_at:
        k = sentence.time_at[k].last
        k += sentence.mark(k) == ","
    layer = match.pattern.layer
    if sentence.word(k) not in OPENING or sentence.word(k) not in layer.where:
        return []
    named = (sentence.place_at[n] for n in range(k + 1, k + 1 + LEAD_IN) if n in sentence.place_at)
    span = next((s for s in named if sentence.toponyms[s.index].kind != "demonym"), None)  # "in the Libyan town of Sirte"
    if span is None or span.first > match.head or governor(sentence, span, k) != sentence.word(k):
        return []
    if any(sentence.mark(n) == "," or n in sentence.barriers for n in range(k, span.first)):
        return []
    spans, alternatives, end = listed(sentence, span)
    ends = sentence.mark(end).isalpha() and sentence.word(end) not in PREPOSITIONS | BE | {"and", "or"}  # "In Riga farmers …"
    ends = ends or sentence.mark(end) == "," or end in sentence.time_at or sentence.word(end) in ("on", "that")
    return spans if ends and not alternatives and fits(layer, sentence, span, sentence.word(k)) else []


def _by_sharing(sentence: Sentence, match: Match) -> Placement:
    """The place of a meeting at which it was done: "agreed at talks in Ohrid"."""
    following = next((m for m in sentence.matches if m.head > match.head), None)
    if following is None or following.pattern.verb or following.pattern.layer.name != "meetings":
        return NOWHERE
    if any(k in sentence.barriers for k in range(match.head, following.head)):
        return NOWHERE
    for k in range(following.first - 1, max(match.last, following.first - LEAD_IN) - 1, -1):
        word = sentence.word(k)
        if word in SHARING or (word == "of" and sentence.word(k - 1) in ("sidelines", "margins")):
            placement = _by_preposition(sentence, following)
            return _shared(placement, following, sentence)
        if word in PREPOSITIONS:
            break
    return NOWHERE


def _by_flight(sentence: Sentence, match: Match) -> Placement:
    """Where those were who left because of fighting: "withdrew from Aden after street battles"."""
    if match.pattern.layer.name != "clashes" or match.pattern.verb:
        return NOWHERE
    left = [m for m in sentence.matches if m.head < match.head and m.pattern.what in LEAVING]
    cause = next((k for k in range(left[-1].last, match.head) if sentence.word(k) in BECAUSE), 0) if left else 0
    if not cause or sentence.word(cause - 1) in LATER:
        return NOWHERE
    roles = dict(left[-1].slots)
    index = roles.get("ORIGIN", roles.get("PLACE"))
    span = next((s for s in sentence.place_at.values() if s.index == index), None)
    if span is None or sentence.word(span.first - 1) not in ("from", "of", *LEFT):
        return NOWHERE
    return Placement((Placing(span, 0.6, f"what they left {sentence.toponyms[span.index].text} for"),), shared_with=left[-1])


def _shared(placement: Placement, other: Match, sentence: Sentence) -> Placement:
    reason = f"done at the {head_words(sentence, other)}"
    return Placement(
        tuple(Placing(p.span, 0.7, reason) for p in placement.placings),
        placement.alternatives,
        shared_with=other,
    )


RULES = (_by_name, _by_slot, _by_modifier, _by_preposition, _by_opening, _by_sharing, _by_flight, by_adverb, by_nearness, by_sentence)
