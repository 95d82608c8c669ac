"""Which patterns stand in a sentence: the longest match at each head."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import compress

from geo.events.anaphora import NOUNS
from geo.events.clauses import COMPASS, DETERMINERS, LEAD_IN, Match, Sentence, Slot, Span, is_line
from geo.events.forms import Form
from geo.events.notation import BE, GAP, GAP_LEFT, GAP_RIGHT, PREPOSITIONS, ROLES, Element
from geo.events.patterns import Fillers, Pattern, Tagged
from geo.events.triggers import Triggers
from geo.model import Toponym
from geo.text import Analysis

MISSIONS = frozenset("embassy embassies consulate consulates legation".split())
ORGANS = MISSIONS | frozenset("government president minister ministry parliament council ambassador".split())
PARTS = frozenset("side part end sector half bank shore".split())
TOWARDS = frozenset("in at near to from into around".split())
AHEAD = frozenset({"planned", "possible", "conditional", "refused", "negated"})
RELATIVE = frozenset({"which", "that"})
PRONOUNS = frozenset({"which", "that", "who"})  # these stand for the noun before: "the committee, which sat in London"
SLOT = 3  # words that a role is worth: who says where says more
NEIGHBOURS = frozenset("neighbour neighbor neighbours neighbors rival twin allies ally".split())
GENERIC = frozenset("state province region district city town island area valley camp county governorate oblast peninsula".split())
NUMBERS = frozenset("two three four five six seven eight nine ten several many some other".split())
PEOPLES, NOBODY = frozenset({"people", "rebels"}), frozenset[str]()
INSERTED = 16  # tokens between a subject and its verb: "Sirte, the last stronghold of …, fell"
PLACED = ROLES - {"A", "B"}  # "A" and "B" are parties, of any name
LINKING = PREPOSITIONS | BE
BESIDE_NOUNS = PREPOSITIONS - {"since", "before", "after"}  # no verb in the past follows them
GOVERNING = (PREPOSITIONS - {"of"}) | {"as"}
AUXILIARIES = BE | frozenset("has have had having since also again now already then finally itself not never still first".split())


def find_matches(sentence: Sentence, candidates: Mapping[int, Sequence[Tagged]]) -> list[Match]:
    """The trigger matches of a sentence, in order, one a head; `candidates` are the tokens that may be heads, and of what.

    The longest match wins, also over those whose heads it covers. Patterns to ignore take part, then go.
    """
    found: list[Match] = []
    timed = {k for span in sentence.time_at.values() for k in range(span.first, span.last)} if sentence.time_at else ()  # "5 March" is no march
    for head, patterns in candidates.items():
        if head in timed or head < sentence.first:
            continue  # in the dateline
        best: Match | None = None
        forms: dict[tuple[bool, Form], bool] = {}  # whether it may be such a verb or noun
        for pattern, form in patterns:
            kind = pattern.verb, form
            fits = forms.get(kind)
            if fits is None:
                fits = forms[kind] = not (_nominal(sentence, head, form) if pattern.verb else _progressive(sentence, head))
            match = _match(sentence, pattern, form, head) if fits else None
            if match and (best is None or _outweighs(sentence, match, best)):
                best = match
        if best:
            found.append(best)
    if len(found) == 1 and not found[0].pattern.ignore:
        return found
    found.sort(key=lambda m: (-m.words, m.pattern.verb, m.head))
    taken: dict[int, Match] = {}
    kept = []
    for match in found:
        if match.head in taken:
            continue
        kept.append(match)
        literal = match.pattern.literals
        for k in range(match.first, match.last):
            if k == match.head or sentence.word(k) in literal:
                taken[k] = match
    return sorted((m for m in kept if not m.pattern.ignore), key=lambda m: m.head)


def find_candidates(
    analysis: Analysis, toponyms: Sequence[Toponym], triggers: Triggers, longest: int
) -> Iterator[tuple[int, dict[int, list[Tagged]]]]:
    """Sentence number → tokens that may be heads of triggers, with the patterns for which all words are there.

    Sentences of more than `longest` tokens are passed over. Most sentences of most articles come to nothing here,
    so nothing is made of them before.
    """
    folded, bounds, known = analysis.folded, analysis.sentence_bounds, _with_nouns(triggers.keys)
    named, peoples, most = set(), set(), Fillers.PLACE
    for toponym in toponyms:
        named.add(number := analysis.sentence_number(toponym.start))
        if toponym.kind == "demonym":
            if toponym.text[-1] in "sS":
                peoples.add(number)
        elif most is Fillers.PLACE and toponym.place and is_line(toponym.place):
            most = Fillers.LINE
    last = 0
    number, found = -1, dict[int, list[Tagged]]()
    for k in compress(range(len(folded)), map(triggers.heads.__contains__, folded)):
        if k >= last:
            if found:
                yield number, found
                found = {}
            while k >= last:
                number += 1
                first, last = last, bounds[number + 1]
            body = [*folded[first:last], ""]  # the last is the key of what asks for no word
            words = known.intersection(body)
            heads = triggers.allowed[most if number in named or not NOUNS.isdisjoint(words) else Fillers.NONE]
            people = NOBODY
            if number in peoples:
                people = PEOPLES
                words |= people
        head = heads[folded[k]]
        if head.asks.isdisjoint(words) or last - first > longest or len(analysis.words[k]) != len(folded[k]):
            continue  # "she'll" is no shelling
        if patterns := head.complete(words, body, k - first, people):
            found[k] = patterns
    if found:
        yield number, found


@lru_cache(maxsize=4)
def _with_nouns(keys: frozenset[str]) -> frozenset[str]:
    return keys | NOUNS


def _outweighs(sentence: Sentence, match: Match, best: Match) -> bool:
    """Whether a match tells more than another at its head; of equals of two layers what is signed tells more than who signs."""
    if match.pattern.layer != best.pattern.layer and _weight(match)[:2] == _weight(best)[:2]:
        named, other = _has_object(sentence, match), _has_object(sentence, best)
        if named != other:
            return named
    return _weight(match) > _weight(best)


def _weight(match: Match) -> tuple[int, int, bool, int]:
    shape = match.pattern
    return (
        match.words + SLOT * max(len(match.slots), shape.ignore),
        len(match.slots),
        shape.ignore or bool(shape.left),
        match.last - match.first,
    )


def _has_object(sentence: Sentence, match: Match) -> bool:
    """Whether a pattern asks for a word behind its verb and finds it in the verb's own object: "signed a 60-day truce"."""
    shape = match.pattern
    if shape.ignore or not shape.verb:
        return shape.ignore
    if not any(isinstance(e, frozenset) and e.isdisjoint(PREPOSITIONS) for e in shape.right):
        return False
    between = sentence.folded[match.head + 1 : match.last]
    return (PREPOSITIONS - shape.literals).isdisjoint(between)


def _match(sentence: Sentence, pattern: Pattern, form: Form, head: int) -> Match | None:
    at, elements = pattern.object_at if form == "participle" else -1, pattern.right
    subject: tuple[Slot, ...] = ()
    if at >= 0 and _is_passive(sentence, head):
        index = _subject(sentence, head, line=elements[at] == "LINE")
        if index is None:
            return None
        subject, elements = ((str(elements[at]), index),), (*elements[:at], *elements[at + 1 :])
    right = _match_right(sentence, elements, head + 1, subject)
    left = _match_left(sentence, pattern.left, head, ()) if right else None
    if right is None or left is None:
        return None
    slots = (*right[1], *left[1]) if subject else (*left[1], *right[1])
    passive = pattern.verb and form == "participle" and _is_passive(sentence, head)
    return Match(pattern, form, head, left[0], right[0], slots, pattern.length, passive)


def _nominal(sentence: Sentence, head: int, form: Form) -> bool:
    """Whether what may be a verb is a noun or an adjective: "the storm", "his June 12 meeting"."""
    before, mark = sentence.word(head - 1), sentence.mark(head - 1)
    if form == "ing":
        return before in NUMBERS or mark.isdigit() or _is_gerund(sentence, head)  # "seven surrounding districts"
    if form in ("past", "participle"):
        if before in ("first", "last"):
            return False  # "were first deployed"
        if before in BESIDE_NOUNS:
            return True  # "set in besieged Leningrad"
    elif mark in ("'s", "’s") or (form == "s" and _is_plural(sentence, head)):
        return True  # "the king's journey"
    elif form == "base" and before != "to" and before.isalpha() and not before.endswith(("s", "ly")):
        held = sentence.cue_ending.get(head)  # "the deadliest single attack", but "the troops may attack"
        if not (held and held[1] != "speech"):
            first = max(head - 3, sentence.first)
            return not DETERMINERS.isdisjoint(sentence.folded[first:head])
    return before in DETERMINERS


def _is_gerund(sentence: Sentence, head: int) -> bool:
    """Whether what ends in -ing belongs to a determiner: "the ongoing peace meeting", not "after meeting"."""
    k = head
    while k > head - 5 and (k in sentence.time_ending or sentence.word(k - 1) not in DETERMINERS):
        before = sentence.time_ending[k].first if k in sentence.time_ending else k - 1
        if before < sentence.first or sentence.word(before) in LINKING or before in sentence.barriers:
            return False
        if k not in sentence.time_ending and (sentence.mark(before) == "," or before in sentence.cue_at):
            return False
        k = before
    return sentence.word(k - 1) in DETERMINERS


def _is_plural(sentence: Sentence, head: int) -> bool:
    """Whether what may be a verb in -s is a plural: "Forces from …", "137 trucks", "with Israeli shells"."""
    before = sentence.place_ending.get(head)
    demonym = before is not None and sentence.toponyms[before.index].kind == "demonym"
    return demonym or head == sentence.first or sentence.mark(head - 1)[:1].isdigit() or sentence.word(head - 1) in PREPOSITIONS


def _progressive(sentence: Sentence, head: int) -> bool:
    """Whether what may be a noun in -ing is a verb: "have been fighting"."""
    return sentence.word(head).endswith("ing") and sentence.word(head - 1) in ("been", "be", "am")


def _is_passive(sentence: Sentence, head: int) -> bool:
    k = head - 1
    while sentence.word(k).endswith("ly") or sentence.word(k) in ("not", "also", "reportedly", "again"):
        k -= 1
    return sentence.word(k) in BE


def _subject(sentence: Sentence, head: int, *, line: bool) -> int | None:
    """The place that is the subject of the clause of token `head`: the first that no preposition governs."""
    first, _ = sentence.clause(head)
    if sentence.word(first) == "as" and first > sentence.first:
        return None  # "The zone, as large as Switzerland, was handed over"
    if span := antecedent(sentence, _verb_group(sentence, head)):
        return span.index if sentence.usable(span.index) and (not line or _linear(sentence, span.index)) else None
    for k in range(first, head):
        span = sentence.place_at.get(k)
        if sentence.mark(k) == ",":
            break  # "The post office, west of Hueytown, was evacuated"
        if span and sentence.usable(span.index):
            before = k - 1
            while before >= first and sentence.word(before) not in PREPOSITIONS and k - before < LEAD_IN:
                before -= 1
            if before < first or sentence.word(before) == "of" or sentence.word(before) not in PREPOSITIONS:
                return span.index if not line or _linear(sentence, span.index) else None
    return None


def _verb_group(sentence: Sentence, k: int) -> int:
    """Where the verb group that goes on at token k begins: "| had since been taken", "| is expected to visit"."""
    while k > sentence.first:
        held = sentence.cue_ending.get(k)
        if held and held[1] in AHEAD and held[0] > sentence.first:
            k = held[0]
        elif sentence.word(k - 1) in AUXILIARIES or sentence.word(k - 1).endswith("ly"):
            k -= 1
        else:
            break
    return k


def antecedent(sentence: Sentence, k: int) -> Span | None:
    """The place that a relative pronoun before token k stands for, or that an insertion parts from its verb.

    "Kigali, which | fell", "the town of Konna that | was seized", "Sirte, the last stronghold, | fell".
    """
    before = k - 1
    if sentence.word(before) in RELATIVE:
        return _ends_at(sentence, before)
    if sentence.mark(before) != ",":
        return None
    opener = next((n for n in range(before - 1, max(sentence.first, before - INSERTED), -1) if sentence.mark(n) == ","), None)
    span = sentence.place_ending.get(opener) if opener is not None else None
    if span is None or sentence.word(span.first - 1) in PREPOSITIONS:
        return None
    bounds = {sentence.first, *sentence.barriers}
    return span if span.first in bounds or span.first - 1 in bounds else None


def _ends_at(sentence: Sentence, k: int) -> Span | None:
    """The place that ends at token k, or before a comma there."""
    return sentence.place_ending.get(k) or (sentence.place_ending.get(k - 1) if sentence.mark(k - 1) == "," else None)


def _linear(sentence: Sentence, index: int) -> bool:
    place = sentence.toponyms[index].place
    return place is not None and is_line(place) and place.kind != "river"


Found = tuple[int, tuple[Slot, ...]]


def _match_right(
    sentence: Sentence, elements: Sequence[Element], k: int, slots: tuple[Slot, ...]
) -> Found | None:
    for at, element in enumerate(elements, 1):
        if isinstance(element, str):
            rest = elements[at:]
            if element in PLACED:
                return _fill_right(sentence, element, rest, k, slots)
            return _skip_right(sentence, element, rest, k, slots)
        if k >= sentence.last or sentence.folded[k] not in element:
            return None
        k += 1
    return k, slots


def _fill_right(sentence: Sentence, role: str, rest: Sequence[Element], k: int, slots: tuple[Slot, ...]) -> Found | None:
    """With a place for a role at token k."""
    for span in _fillers(sentence, k, line=role == "LINE"):
        generic = sentence.word(span.last) in GENERIC  # "Rakhine state into …"
        for end in (span.last, span.last + 1) if generic else (span.last,):
            if found := _match_right(sentence, rest, end, (*slots, (role, span.index))):
                return found
    return None


def _skip_right(sentence: Sentence, element: str, rest: Sequence[Element], k: int, slots: tuple[Slot, ...]) -> Found | None:
    """With a gap or the name of a party at token k."""
    if element != GAP and not sentence.mark(k)[:1].isupper():
        return None  # a party is named
    folded, last = sentence.folded, sentence.last
    wanted = rest[0] if rest and not isinstance(rest[0], str) else None
    for n in range(k + (element != GAP), k + GAP_RIGHT + 1):
        if (wanted is None or (n < last and folded[n] in wanted)) and (found := _match_right(sentence, rest, n, slots)):
            return found
        if n in sentence.barriers or n >= last or sentence.speaks_at(n):
            break
        nearer = sentence.place_at.get(n)
        if nearer and _may_hold(sentence, nearer) and any(e in ROLES for e in rest if isinstance(e, str)):
            break  # "attacked al-Sireha, a village in Gezira"
    return None


def _may_hold(sentence: Sentence, span: Span) -> bool:
    """Whether a place is one where things happen, rather than a river that is crossed on the way."""
    place = sentence.toponyms[span.index].place
    return sentence.usable(span.index) and place is not None and place.kind not in ("river", "lake")


def _fillers(sentence: Sentence, k: int, *, line: bool) -> Iterator[Span]:
    """The places that may fill a role at token k, behind an article, adjectives, "the town of"."""
    kept: Span | None = None
    if sentence.word(k - 1) == "of" and sentence.word(k - 2) in MISSIONS:
        return  # "ransacked the embassy of Qatar"
    for n in range(k, min(k + LEAD_IN, sentence.last)):
        span = sentence.place_at.get(n)
        if span and sentence.usable(span.index) and (not line or _linear(sentence, span.index)):
            possessive = sentence.mark(span.last) in ("'s", "’s")
            if possessive and sentence.word(span.last + 1) in NEIGHBOURS:
                return  # "shipped to Petsamo's neighbour Kirkenes"
            if possessive or (sentence.word(span.last) in PARTS and sentence.word(span.last + 1) == "of"):
                kept = kept or span  # "Ukraine's port of Odesa", "the Gaza side of the Rafah crossing"
                continue
            yield span
            return
        if sentence.unresolved(n, n + 1) or sentence.names_unknown(n - 1, TOWARDS):
            break  # what follows is not the place meant
        word = sentence.word(n)
        if word in ORGANS:
            break  # "visited the embassy of Armenia" is not in Armenia
        if kept and sentence.mark(n)[:1].isupper():
            return  # "Guyana's half of Ankoko", which the gazetteer does not know
        if word in COMPASS and sentence.word(n + 1) == "of":
            break  # "a convoy south of Goma" is not in Goma
        if n in sentence.barriers or (word in PREPOSITIONS and word != "of") or sentence.mark(n) == ",":
            break
        if word in ("and", "or") or word in BE or n in sentence.time_at:
            break
    if kept:
        yield kept


def _fits(sentence: Sentence, k: int, element: frozenset[str]) -> bool:
    """Whether token k is one of the words, or names a people where the words are of people: "Lithuanians have left"."""
    word = sentence.word(k)
    if word in element:
        return True
    span = sentence.place_ending.get(k + 1)
    if span is None or not word.endswith("s") or element.isdisjoint(PEOPLES):
        return False
    return sentence.toponyms[span.index].kind == "demonym"


def _match_left(
    sentence: Sentence, elements: Sequence[Element], k: int, slots: tuple[Slot, ...]
) -> Found | None:
    """Like `_match_right`, leftwards: `k` is the index behind the token to look at."""
    for at, element in enumerate(elements, 1):
        if isinstance(element, str):
            rest = elements[at:]
            if element in PLACED:
                return _fill_left(sentence, element, rest, k, slots)
            return _skip_left(sentence, element, rest, k, slots)
        if element is BE and sentence.word(k - 1) in BE and (group := _verb_group(sentence, k)) < k:
            if not any(sentence.word(n) in BE for n in range(group, k)):
                return None
            k = group
        elif _fits(sentence, k - 1, element):
            k -= 1
        else:
            return None
    return k, slots


def _fill_left(sentence: Sentence, role: str, rest: Sequence[Element], k: int, slots: tuple[Slot, ...]) -> Found | None:
    """With a place for a role before token k."""
    k = _verb_group(sentence, k)
    relative = sentence.word(k - 1) in RELATIVE
    span = sentence.place_ending.get(k) or antecedent(sentence, k)
    if (
        not span
        or not sentence.usable(span.index)
        or (role == "LINE" and not _linear(sentence, span.index))
        or (not rest and not relative and sentence.word(span.first - 1) in GOVERNING)
    ):
        return None
    return _match_left(sentence, rest, span.first, (*slots, (role, span.index)))


def _skip_left(sentence: Sentence, element: str, rest: Sequence[Element], k: int, slots: tuple[Slot, ...]) -> Found | None:
    """With a gap or the name of a party before token k."""
    if element != GAP:
        k = _verb_group(sentence, k)
        if k in sentence.place_ending or not sentence.mark(k - 1)[:1].isupper():
            return None
    wanted = rest[0] if rest and not isinstance(rest[0], str) else None
    for n in range(k - (element != GAP), max(k - GAP_LEFT, sentence.first) - 1, -1):
        if n < k and sentence.speaks_at(n):
            break
        if (wanted is None or _fits(sentence, n - 1, wanted)) and (found := _match_left(sentence, rest, n, slots)):
            return found
        if n in sentence.barriers:
            return _match_left(sentence, rest, n - (sentence.mark(n - 1) == ","), slots) if sentence.word(n) in PRONOUNS else None
    return None
