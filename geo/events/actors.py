"""Who takes part: countries, their capitals as governments, leaders by title and name, organisations."""

from __future__ import annotations

from collections.abc import Sequence

from geo.events.clauses import Sentence
from geo.events.triggers import Triggers
from geo.model import Toponym
from geo.text import Analysis, Token

TITLES = frozenset(
    """president premier chancellor king queen prince emir sheikh minister secretary ambassador envoy general colonel
    admiral commander chairman chairwoman speaker pope sultan leader chief representative commissioner spokesman
    spokeswoman mr mrs ms dr gen col""".split()
)
PARTICLES = frozenset("al el bin ben ibn von van de der da del di la le abu".split())
# What makes of a demonym or a country its government or army: "Armenian forces", "the Rwandan president".
BODIES = TITLES | frozenset(
    """prime foreign defence defense government army military forces troops soldiers officials authorities police navy
    air parliament ministry delegation leaders ministers presidents counterpart jets warplanes tanks peacekeepers
    guards fighters rebels separatists""".split()
)
LIMIT = 8  # names an event


def find_people(analysis: Analysis) -> dict[str, str]:
    """Folded surname → full name of the people whom the article introduces with a title."""
    tokens = analysis.tokens
    people: dict[str, str] = {}
    for i, token in enumerate(tokens):
        if (
            token.folded in TITLES
            and i + 1 < len(tokens)
            and token.text.lower() not in ("mr", "mrs", "ms", "leader")
        ):
            if len(name := _name(analysis, tokens, i + 1)) > 1:
                people.setdefault(
                    name[-1].folded, analysis.text[name[0].start : name[-1].end].replace("\n", " ")
                )
        elif token.folded in ("the", "a", "an") and i > 2 and tokens[i - 1].text == ",":
            _apposition(analysis, tokens, i, people)
    return people


def _name(analysis: Analysis, tokens: Sequence[Token], i: int) -> list[Token]:
    """The capitalised words from token i on, side by side."""
    found: list[Token] = []
    while i < len(tokens) and len(found) < 5:
        token = tokens[i]
        gap = analysis.text[tokens[i - 1].end : token.start]
        joint = bool(found) and not gap and (token.text == "-" or tokens[i - 1].text == "-")  # "Jae-in"
        if not (token.text[0].isupper() or (found and token.folded in PARTICLES) or joint) or gap not in (
            " ",
            "\n",
            "",
        ):
            break
        found.append(token)
        i += 1
    while found and not found[-1].text[0].isupper() and not (len(found) > 2 and found[-2].text == "-"):
        found.pop()
    return found


def _apposition(analysis: Analysis, tokens: Sequence[Token], i: int, people: dict[str, str]) -> None:
    """A name with its office behind it, "Jeyhun Bayramov, the foreign minister of …": token i is the article."""
    if not any(t.folded in TITLES for t in tokens[i + 1 : i + 4]):
        return
    k = i - 1
    while k > 0 and i - k < 6 and (tokens[k - 1].text[0].isupper() or tokens[k - 1].folded in PARTICLES):
        k -= 1
    name = tokens[k : i - 1]
    if len(name) > 1 and name[0].text[0].isupper():
        people.setdefault(name[-1].folded, analysis.text[name[0].start : name[-1].end].replace("\n", " "))


def find_actors(
    sentence: Sentence, span: tuple[int, int], exclude: set[int], people: dict[str, str], states: dict[str, str],
    triggers: Triggers,
) -> tuple[str, ...]:  # fmt: skip
    """The actors named in the tokens `span`, in order; `exclude` holds the toponyms where it happened.

    `states` maps country codes to the countries' names.
    """
    found: dict[str, None] = {}
    k, last = span
    k = max(k, sentence.first)
    while k < last and len(found) < LIMIT:
        token = sentence.tokens[k]
        organisation = _organisation(sentence, k, triggers) if token.text[0].isupper() else None
        if organisation:  # "European Political Community" is more than "European"
            name, k = organisation
            found.setdefault(name)
            continue
        place = sentence.place_at.get(k)
        if place:
            if place.index not in exclude and (name := _state(sentence, place.index, place.last, states)):
                found.setdefault(name)
            k = place.last
            continue
        if token.text[0].isupper() and token.folded in people:
            found.setdefault(people[token.folded])
        k += 1
    return tuple(found)


def _organisation(sentence: Sentence, k: int, triggers: Triggers) -> tuple[str, int] | None:
    tokens = sentence.tokens
    for words, name in triggers.organisations.get(tokens[k].folded, ()):
        end = k + len(words)
        if end <= sentence.last and all(tokens[k + n].text == word for n, word in enumerate(words)):
            return name, end
    return None


def _state(sentence: Sentence, index: int, after: int, states: dict[str, str]) -> str:
    toponym = sentence.toponyms[index]
    place = toponym.place
    if place is None:
        return ""
    if toponym.kind == "demonym":
        body = place.kind == "country" and any(sentence.word(n) in BODIES for n in range(after, after + 3))
        return states.get(place.country, place.name) if body else ""
    if place.kind == "country":
        return place.name if toponym.role == "actor" or not _located(sentence, index) else ""
    if toponym.role == "actor" and place.kind == "capital":
        return states.get(place.country, place.name)
    return ""


def _located(sentence: Sentence, index: int) -> bool:
    """Whether a preposition of place stands before the toponym."""
    span = next(s for s in sentence.place_at.values() if s.index == index)
    return sentence.word(span.first - 1) in (
        "in",
        "into",
        "near",
        "across",
        "southern",
        "northern",
        "eastern",
        "western",
    )


def name_states(toponyms: Sequence[Toponym]) -> dict[str, str]:
    """Country code → name, for the countries that an article names."""
    states: dict[str, str] = {}
    for toponym in toponyms:
        if toponym.place and toponym.place.kind == "country" and toponym.place.country:
            states.setdefault(toponym.place.country, toponym.place.name)
    return states
