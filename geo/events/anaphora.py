"""Places meant by a common noun: "the town", "the island", "the crossing", as the one of that kind named last.

They are read as if the name stood there, so that every rule for names works for them too.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress

from geo.events.clauses import Span
from geo.events.notation import PREPOSITIONS
from geo.model import Toponym
from geo.text import Analysis, fold

TOWN, TOWNS = frozenset({"city"}), frozenset({"city", "capital"})
AREAS = frozenset({"region", "admin1", "admin2", "historical", "peninsula"})
KINDS: dict[str, frozenset[str]] = {
    "town": TOWN, "city": TOWNS, "village": TOWN, "settlement": TOWN, "hamlet": TOWN, "suburb": TOWN, "camp": frozenset({"camp"}),
    "capital": frozenset({"capital"}), "island": frozenset({"island"}), "peninsula": frozenset({"peninsula"}),
    "strip": AREAS | TOWNS, "enclave": AREAS, "exclave": AREAS, "territory": AREAS, "province": AREAS,
    "crossing": frozenset({"crossing", "bridge"}), "bridge": frozenset({"bridge"}), "strait": frozenset({"strait"}),
    "canal": frozenset({"canal"}), "corridor": frozenset({"corridor"}), "base": frozenset({"base"}),
}  # fmt: skip
ISLANDS = frozenset("CY TW LK CU HT DO JM MG IS IE MT TL BH SG MU KM BB FJ SB GD".split())  # countries that are one
REACH = 3  # sentences back
SITES = frozenset(
    """base camp port airport airfield airstrip bridge prison plant dam refinery embassy palace hospital checkpoint mine garrison
    outpost fort fortress monastery church mosque stadium school compound barracks headquarters pass ridge hill crossing""".split()
)
NOUNS = SITES.union(KINDS)
NAMED = {"strip": "gaza"}
TAILS = frozenset("of between called named whose hall council centre center".split())
CALENDAR = frozenset("jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun".split())
LOCATING = frozenset("in near at on".split())


class Capitals:
    """The capitals that an article names, found once for all of its sentences."""

    def __init__(self, toponyms: Sequence[Toponym]) -> None:
        self._toponyms = toponyms

    @cached_property
    def of(self) -> Mapping[str, int]:
        """Country → the toponym that is the first to name its capital."""
        named: dict[str, int] = {}
        for index, toponym in enumerate(self._toponyms):
            if toponym.place and toponym.place.kind == "capital":
                named.setdefault(toponym.place.country, index)
        return named

    @cached_property
    def _leading(self) -> list[int]:
        places = Counter(t.place.country for t in self._toponyms if t.place)
        most = max(places.values(), default=0)
        named = [(i, t.place) for i, t in enumerate(self._toponyms) if t.place and t.kind != "demonym"]
        return [i for i, place in named if place.kind == "capital" and places[place.country] == most]

    def before(self, offset: int) -> int | None:
        """The capital named before `offset` of the country in which most of the article's places lie, the latest of equals."""
        index = bisect_left(self._leading, offset, key=lambda i: self._toponyms[i].start)
        return self._leading[index - 1] if index else None


def find_anaphors(
    analysis: Analysis, toponyms: Sequence[Toponym], capitals: Capitals, number: int
) -> Iterator[Span]:
    """The spans of sentence `number` that mean a place named before, with the index of the toponym that named it."""
    first, last = analysis.sentence_tokens(number)
    folded, words = analysis.folded, analysis.words
    behind = folded[first + 1 : last]
    if NOUNS.isdisjoint(behind):
        return
    for k in compress(range(first + 1, last), map(NOUNS.__contains__, behind)):
        word = folded[k]
        if folded[k - 1] not in ("the", "that", "same") or words[k][0].isupper():
            continue
        if k + 1 < last:
            following = words[k + 1]
            if folded[k + 1] in TAILS or following[0].isupper() or following in ("'s", "’s"):
                continue  # "the town of X", "the port city", "the region's"
            if folded[k + 1] in LOCATING and k + 2 < last and _names_place(words[k + 2]):
                continue  # "the town in Kosovo"
            if following.isalpha() and not _ends_phrase(folded[k + 1]):
                continue
        index = _site(analysis, toponyms, number, k) if word in SITES else None
        if index is None and word == "capital":
            index = capitals.before(analysis.starts[k])
        elif index is None and word in KINDS:
            index = _antecedent(analysis, toponyms, number, analysis.starts[k], word)
        if index is not None:
            yield Span(k - 1, k + 1, index)


def find_capitals(
    analysis: Analysis, toponyms: Sequence[Toponym], capitals: Capitals, places: Sequence[Span], last: int
) -> Iterator[Span]:
    """The spans before token `last` that mean a capital by its country: "the Zambian capital", if the article names it."""
    for first, end, index in places:
        if end < last and analysis.folded[end] == "capital" and toponyms[index].kind == "demonym":
            place = toponyms[index].place
            if place is not None and place.country in capitals.of:
                yield Span(first, end + 1, capitals.of[place.country])


def _names_place(word: str) -> bool:
    """Whether a word is written like a name and is no month or weekday."""
    return word[0].isupper() and fold(word)[:3] not in CALENDAR


def _ends_phrase(word: str) -> bool:
    """Whether a noun phrase ends before the word: "the town was", "the city on Monday", not "the city council"."""
    return word in PREPOSITIONS or word in ENDS or word.endswith(("ed", "ly"))


ENDS = frozenset(
    """was were is are has had have be been and or but as while when where after before that fell will would could may
    might must said came lies did does since until itself again overnight through during all soon yesterday today this last next two three four it they
    he she""".split()
)


def _site(analysis: Analysis, toponyms: Sequence[Toponym], number: int, k: int) -> int | None:
    """The place of what token k means again: "the Marine base at Khe Sanh … the base", "Dadaab camp … the camp"."""
    folded, word = analysis.folded, analysis.folded[k]
    earliest = analysis.sentences[max(number - REACH, 0)][0]
    for index in range(bisect_left(toponyms, analysis.starts[k], key=lambda t: t.start) - 1, -1, -1):
        toponym = toponyms[index]
        if toponym.start < earliest:
            return None
        if toponym.place is None or toponym.kind == "demonym" or toponym.place.kind == "country":
            continue
        i, j = analysis.token_range(toponym.start, toponym.end)
        before, after = folded[max(i - 4, 0) : i], folded[j : min(j + 3, k)]
        if word in after[:2] or (word in before and before[-1:] and (before[-1] in LOCATING or before[-1] in ("of", "outside", "the"))):
            return index
    return None


def _antecedent(
    analysis: Analysis, toponyms: Sequence[Toponym], number: int, offset: int, word: str
) -> int | None:
    """The toponym of the kind that the noun asks for, named last within reach."""
    earliest = analysis.sentences[max(number - REACH, 0)][0]
    for index in range(bisect_left(toponyms, offset, key=lambda t: t.start) - 1, -1, -1):
        toponym = toponyms[index]
        if toponym.start < earliest:
            return None
        place = toponym.place
        if place is None or toponym.kind == "demonym":
            continue
        if KINDS[word] <= TOWNS and toponym.text.isupper():
            continue  # the dateline tells where the report is from
        island = word == "island" and place.kind == "country" and place.country in ISLANDS
        if place.kind not in KINDS[word] and not island:
            continue
        if (toponym.role == "actor" and not island) or NAMED.get(word, "") not in toponym.text.lower():
            continue
        return index
    return None
