"""Whether an event happened: from the words that govern its trigger.

For a verb these are its auxiliaries and what they depend on ("has agreed to meet"); for a noun the verb
that it is the object of ("called off the talks") or, when it is a subject, its predicate ("the talks will
take place"). A clause may be governed as a whole ("denied that …", "if …").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from geo.events.clauses import Match, Sentence
from geo.events.notation import BE, PREPOSITIONS
from geo.events.patterns import Layer
from geo.events.triggers import Cue
from geo.model import Status

AUXILIARIES = BE | frozenset(
    "has have had having do does did to both also still now again first all jointly then already soon".split()
)
TO = "to"
MODAL: frozenset[Cue] = frozenset({"planned", "possible", "conditional", "negated", "refused", "unreal"})
VERBAL: frozenset[Cue] = frozenset(
    {"support", "factive", "topic", "cancelled", "denied", "proposed", "unreal", "refused"}
)
OF_COMPLEMENT: frozenset[Cue] = frozenset({"denied", "unreal", "proposed"})
DISTANT: frozenset[Cue] = frozenset(
    {"proposed", "unreal", "planned", "cancelled", "refused", "denied", "negated"}
)
STOPS = frozenset(".!?…\"”'’:;)")
NOUN_REACH, TO_REACH, PREDICATE_REACH = 8, 8, 28  # tokens


DISCUSSED = ("discuss", "debat", "consider", "talk", "negotiat", "about")  # what is only talked of is yet to be


@dataclass(frozen=True, slots=True)
class Judgement:
    """The status of an event, None if there is no event, with the reason in words."""

    status: Status | None
    reason: str


def judge(sentence: Sentence, match: Match) -> Judgement:
    """The status that the words around a trigger give its event."""
    if not match.pattern.verb and _is_predicate(sentence, match):
        return Judgement(None, "said of what was told before")
    cues = _governing(sentence, match)
    return _weigh(sentence, match, cues) if cues else _as_it_stands(sentence, match)


def _as_it_stands(sentence: Sentence, match: Match) -> Judgement:
    """The status of an event that no word around its trigger qualifies."""
    layer, status = match.pattern.layer, match.pattern.status
    if match.form == "base" and sentence.word(match.head - 1) == TO:
        if sentence.mark(sentence.last - 1)[-1:] not in STOPS:  # a headline: "Leaders to resume talks in Brussels"
            return _outlook(layer, status, {"planned"}, {"planned": f"to {sentence.mark(match.head)}"})
        if layer.name != "meetings" or sentence.word(match.head - 2) == "and":
            return Judgement(None, "only a purpose")
    return _as_told(status)


@cache
def _as_told(status: Status) -> Judgement:
    return Judgement(status, "told as done" if status == "occurred" else f"told as {status}")


def _weigh(sentence: Sentence, match: Match, cues: list[tuple[Cue, str]]) -> Judgement:
    """The status that words which govern a trigger give its event: the strongest decides."""
    layer = match.pattern.layer
    names = {cue for cue, _ in cues}
    words = dict(reversed(cues))

    def because(cue: Cue) -> str:
        return f"“{words[cue]}”"

    if "unreal" in names:
        return Judgement(None, f"not told as a fact: {because('unreal')}")
    if "topic" in names and layer.planned is None:
        return Judgement(None, f"only spoken of: {because('topic')}")
    if "topic" in names and layer.name != "meetings" and words["topic"].lower().startswith(DISCUSSED):
        names.add("proposed")
        words["proposed"] = words["topic"]
    if "denied" in names and names & {"conditional", "planned"}:
        return Judgement(None, f"only said to come, and denied: {because('denied')}")
    if "denied" in names:
        return Judgement("denied", f"denied: {because('denied')}")
    if "conditional" in names and "proposed" not in names:
        if _is_reported(sentence, match.head):
            names.add("planned")
            words["planned"] = words["conditional"]
        else:
            return Judgement(None, f"not told as a fact: {because('conditional')}")
    if "cancelled" in names or ("refused" in names and layer.name in ("meetings", "agreements")):
        cue: Cue = "cancelled" if "cancelled" in names else "refused"
        if layer.planned is None or "proposed" in names:
            return Judgement(None, f"it did not happen: {because(cue)}")
        return Judgement("cancelled", f"called off: {because(cue)}")
    if names & {"negated", "refused"}:
        cue = "negated" if "negated" in names else "refused"
        return Judgement(None, f"it did not happen: {because(cue)}")
    return _outlook(layer, match.pattern.status, names, words)


def _is_predicate(sentence: Sentence, match: Match) -> bool:
    """Whether a noun only says what an event told before was: "It was the deadliest attack in years"."""
    first, _ = sentence.clause(match.head)
    opens = sentence.word(first) in ("it", "this", "that") and sentence.word(first + 1) in BE
    return opens and sentence.word(first + 2) in ("the", "a", "one") and match.head - first <= NOUN_REACH


def _outlook(layer: Layer, default: Status, names: set[Cue], words: dict[Cue, str]) -> Judgement:
    for cue in ("proposed", "possible"):
        if cue in names:
            if layer.hypothetical is None:
                return Judgement(None, f"only possible: “{words[cue]}”")
            return Judgement(layer.hypothetical, f"proposed: “{words[cue]}”")
    if "planned" in names:
        if layer.planned is None:
            return Judgement(None, f"only announced: “{words['planned']}”")
        return Judgement(layer.planned, f"planned: “{words['planned']}”")
    return _as_told(default)


def _is_reported(sentence: Sentence, k: int) -> bool:
    """Whether the words before token k report what someone says: "said it would"."""
    return any(
        start < k and (cue == "speech" or sentence.word(start).startswith("announc")) for start, (_, cue) in sentence.cue_at.items()
    )


def _governing(sentence: Sentence, match: Match) -> list[tuple[Cue, str]]:
    clause_first, _ = sentence.clause(match.head)
    found: list[tuple[Cue, str]] = []
    if match.pattern.verb:
        _walk_verb(
            sentence, match.head, clause_first, found, bare=match.form == "base", gerund=match.form == "ing"
        )
        if match.first < match.head and sentence.word(match.first - 1) in ("no", "neither", "none"):
            found.append(("negated", sentence.mark(match.first - 1)))
        if match.first < match.head:  # "put off a conference that was to open"
            subject: list[tuple[Cue, str]] = []
            _walk_noun(sentence, match.first, sentence.clause(match.first)[0], subject)
            found += [(cue, words) for cue, words in subject if cue == "cancelled"]
    else:
        governed = _walk_noun(sentence, match.first, clause_first, found)
        if not governed:
            _predicate(sentence, match, found)
    _clause_cues(sentence, clause_first, found)
    return found


def _text(sentence: Sentence, first: int, last: int) -> str:
    return sentence.stretch(first, last)


def _step_over(sentence: Sentence, k: int) -> int | None:
    """The index before an auxiliary, adverb or date that ends at k, or None."""
    word = sentence.word(k - 1)
    if word in AUXILIARIES or (word[-2:] == "ly" and len(word) > 3):
        return k - 1
    if k in sentence.time_ending:
        k = sentence.time_ending[k].first
        return k - 1 if sentence.word(k - 1) in ("on", "in", "at", "earlier", "late", "early") else k
    return None


def _walk_verb(
    sentence: Sentence,
    k: int,
    limit: int,
    found: list[tuple[Cue, str]],
    *,
    bare: bool = False,
    gerund: bool = False,
) -> None:
    """Collect what governs the verb whose group ends at token k, leftwards."""
    after_to, skipped, start = False, 0, k
    while k > limit or (k == limit and k in sentence.cue_ending):
        held = sentence.cue_ending.get(k)
        if held and held[0] >= sentence.first and (not skipped or held[1] in DISTANT):
            cue_first, cue = held
            if cue == "speech":
                break
            found.append((cue, _text(sentence, cue_first, k)))
            after_to = after_to or sentence.word(k - 1) == TO
            k = cue_first
            continue
        if k <= limit:
            break
        word, before = sentence.word(k - 1), _step_over(sentence, k)
        if before is not None:
            after_to = after_to or word == TO
            k = before
            continue
        if not after_to or skipped >= TO_REACH or (word in PREPOSITIONS and word not in ("of", "for")):
            break
        skipped += 1
        k -= 1
    if k > limit and sentence.word(k - 1) in ("nobody", "neither"):
        found.append(("negated", sentence.mark(k - 1)))
    if bare and not found and not after_to:
        _modal_before(sentence, start, limit, found)
    if gerund and not found:
        _preposition_before(sentence, start, found)


def _modal_before(sentence: Sentence, k: int, limit: int, found: list[tuple[Cue, str]]) -> None:
    """The modal of a bare infinitive that stands apart: "will fly to Paris and meet …"."""
    for n in range(k - 1, max(limit, k - 14) - 1, -1):
        held = sentence.cue_at.get(n)
        loose = held and held[1] == "unreal" and sentence.word(held[0] - 1) != TO  # "after hours without sleep … put"
        if held and not loose and held[1] in MODAL and held[0] <= k:
            found.append((held[1], _text(sentence, n, held[0])))
            return


def _preposition_before(sentence: Sentence, k: int, found: list[tuple[Cue, str]]) -> None:
    held = sentence.cue_ending.get(k)
    if held and held[1] != "speech":
        found.append((held[1], _text(sentence, held[0], k)))


def _walk_noun(sentence: Sentence, k: int, limit: int, found: list[tuple[Cue, str]]) -> bool:
    """Collect what governs the noun phrase that begins at or before token k; whether a verb was found."""
    steps = 0
    while k >= limit and steps <= NOUN_REACH:
        held = sentence.cue_ending.get(k)
        if held and held[0] >= sentence.first and held[1] != "speech":
            cue_first, cue = held
            found.append((cue, _text(sentence, cue_first, k)))
            attributive = cue in ("planned", "possible", "negated", "cancelled") and sentence.word(cue_first - 1) in (
                "the", "a", "an", "s", "his", "her", "their", "its", "some", "any",
            )  # fmt: skip
            if cue in ("factive", "topic"):
                return True  # what is condemned or ended has been
            if cue in VERBAL and not attributive:
                _walk_verb(sentence, cue_first, limit, found, bare=True, gerund=True)
                return True
            if cue == "planned" and sentence.word(k - 1) in ("to", "for", "of"):
                _walk_verb(sentence, cue_first, limit, found)
                return True
            k = cue_first
            continue
        word = sentence.word(k - 1)
        if k <= limit or sentence.mark(k - 1) == ",":
            break
        if word in PREPOSITIONS and word != "of":
            return word not in ("before", "after", "since", "until", "than")  # these may open a clause
        if k in sentence.time_ending:
            k = sentence.time_ending[k].first
            continue
        if word in ("nobody", "neither"):
            found.append(("negated", sentence.mark(k - 1)))
            return True
        k -= 1
        steps += 1
    return False


def _predicate(sentence: Sentence, match: Match, found: list[tuple[Cue, str]]) -> None:
    """Collect what the predicate of a noun says of it: "… will take place", "… was called off"."""
    layer = match.pattern.layer
    heads = {m.head for m in sentence.matches if m.pattern.verb}
    k, soft = match.last, True
    while k < min(sentence.last, match.last + PREDICATE_REACH):
        if k in sentence.barriers:
            if sentence.word(k) not in ("that", "which") or not soft:
                return
            soft = False
        if k in heads:
            return
        held = sentence.cue_at.get(k)
        if held:
            end, cue = held
            if cue == "speech":
                return
            firm = end - k >= 2 or sentence.word(k).endswith("nt")
            indefinite = sentence.word(match.first) in ("a", "an") or sentence.word(match.first - 1) in (
                "a",
                "an",
            )
            if (
                cue == "cancelled"
                or (cue == "refused" and layer.planned)
                or (cue == "negated" and firm)
                or (cue in ("planned", "possible") and layer.planned is not None)
                or (cue == "conditional" and indefinite)
                or (cue == "unreal" and (sentence.word(k - 1) in BE or sentence.word(k - 1).endswith("ly")))  # "was widely feared"
            ):
                found.append((cue, _text(sentence, k, end)))
            k = max(end, k + 1)
            continue
        k += 1


def _clause_cues(sentence: Sentence, first: int, found: list[tuple[Cue, str]]) -> None:
    """Collect what governs the whole clause that begins at token `first`: "if …", "denied that …"."""
    held = sentence.cue_at.get(first)
    if held and held[1] == "unreal":
        found.append((held[1], _text(sentence, first, held[0])))
    for end in (first, first + 1):
        held = sentence.cue_ending.get(end)
        if held and held[1] in OF_COMPLEMENT and held[0] >= sentence.first:
            found.append((held[1], _text(sentence, held[0], end)))
