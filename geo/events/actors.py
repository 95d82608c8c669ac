"""Who takes part: countries, their capitals as governments, leaders by title and name, organisations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import compress

from geo.events.clauses import Sentence
from geo.events.triggers import Triggers
from geo.model import Toponym
from geo.text import Analysis

TITLES = frozenset(
    """president premier chancellor king queen prince emir sheikh minister secretary ambassador envoy general colonel
    admiral commander chairman chairwoman speaker pope sultan leader chief representative commissioner spokesman
    spokeswoman mr mrs ms dr gen col""".split()
)
ARTICLES = frozenset({"the", "a", "an"})
INTRODUCING = TITLES | ARTICLES
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
    folded, words = analysis.folded, analysis.words
    people: dict[str, str] = {}
    for i in compress(range(len(words)), map(INTRODUCING.__contains__, folded)):
        if folded[i] in ARTICLES:
            if i > 2 and words[i - 1] == ",":
                _apposition(analysis, i, people)
        elif i + 1 < len(words) and words[i].lower() not in ("mr", "mrs", "ms", "leader"):
            first, last = _name(analysis, i + 1)
            if last - first > 1:
                people.setdefault(folded[last - 1], _as_written(analysis, first, last))
    return people


def _as_written(analysis: Analysis, first: int, last: int) -> str:
    return analysis.written(first, last).replace("\n", " ")


def _name(analysis: Analysis, first: int) -> tuple[int, int]:
    """The capitalised words from token `first` on, side by side, as token indices [first, last)."""
    words = analysis.words
    i = first
    while i < len(words) and i - first < 5:
        gap = analysis.text[analysis.offsets(i - 1, i)[1] : analysis.starts[i]] if i else ""
        joint = i > first and not gap and "-" in (words[i], words[i - 1])  # "Jae-in"
        named = words[i][0].isupper() or (i > first and analysis.folded[i] in PARTICLES) or joint
        if not named or gap not in (" ", "\n", ""):
            break
        i += 1
    while i > first and not words[i - 1][0].isupper() and not (i - first > 2 and words[i - 2] == "-"):
        i -= 1
    return first, i


def _apposition(analysis: Analysis, i: int, people: dict[str, str]) -> None:
    """A name with its office behind it, "Jeyhun Bayramov, the foreign minister of …": token i is the article."""
    folded, words = analysis.folded, analysis.words
    if TITLES.isdisjoint(folded[i + 1 : i + 4]):
        return
    k = i - 1
    while k > 0 and i - k < 6 and (words[k - 1][0].isupper() or folded[k - 1] in PARTICLES):
        k -= 1
    if i - 1 - k > 1 and words[k][0].isupper():
        people.setdefault(folded[i - 2], _as_written(analysis, k, i - 1))


def find_actors(
    sentence: Sentence, span: tuple[int, int], exclude: set[int], people: Mapping[str, str], states: Mapping[str, str],
    triggers: Triggers,
) -> tuple[str, ...]:  # fmt: skip
    """The actors named in the tokens `span`, in order; `exclude` holds the toponyms where it happened.

    `states` maps country codes to the countries' names.
    """
    found: dict[str, None] = {}
    k, last = span
    k = max(k, sentence.first)
    while k < last and len(found) < LIMIT:
        word, named = sentence.folded[k], sentence.written[k][0].isupper()
        organisation = _organisation(sentence, k, triggers) if named else None
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
        if named and word in people:
            found.setdefault(people[word])
        k += 1
    return tuple(found)


def _organisation(sentence: Sentence, k: int, triggers: Triggers) -> tuple[str, int] | None:
    written = sentence.written
    for words, name in triggers.organisations.get(sentence.folded[k], ()):
        end = k + len(words)
        if end <= sentence.last and all(written[k + n] == word for n, word in enumerate(words)):
            return name, end
    return None


def _state(sentence: Sentence, index: int, after: int, states: Mapping[str, str]) -> str:
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
