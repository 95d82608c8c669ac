"""The distinct names of an article and the places that each may mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise, repeat

from geo.gazetteer import AMBIGUOUS, DEMONYM, PRIMARY, Gazetteer, NameCandidate, is_written_so
from geo.model import Mention
from geo.text import Analysis, fold

MAX_CANDIDATES = 40

SUFFIXES = tuple(
    """county parish township twp city town village province state region district prefecture governorate oblast
    municipality area borough island islands peninsula republic metro valley beach heights enclave exclave
    corridor""".split()
)
PREFIXES = (
    "the", "city of", "town of", "village of", "state of", "province of", "county of", "county", "republic of", "greater",
    "downtown", "north", "south", "east", "west", "northern", "southern", "eastern", "western", "central", "northeast",
    "northwest", "southeast", "southwest", "northeastern", "northwestern", "southeastern", "southwestern", "upper", "lower",
    "old", "inner", "mainland", "metro", "port of", "gulf of",
)  # fmt: skip
BETWEEN = frozenset(
    (",", "(", "in", ", in", "of", ", near", "in northern", "in southern", "in eastern", "in western", "in central", "in north",
     "in south", "in east", "in west", "in northwest", "in northeast", "in southwest", "in southeast", "in the state of",
     "in the province of", "in northeastern", "in northwestern", "in southeastern", "in southwestern")
)  # fmt: skip
FAR = 24  # characters between names that do not stand beside each other


@dataclass(frozen=True, slots=True, eq=False)
class Bearers:
    """The places that a name may mean: the same object each time, so that what is known of them is found by it.

    `approximation` is why they are only near what is named; "" if they bear the name.
    """

    candidates: tuple[NameCandidate, ...]
    approximation: str = ""


@dataclass(slots=True)
class Name:
    """A distinct name of the article: its mentions, its candidates, what stands beside it, and the belief so far."""

    surface: str
    kind: str
    mentions: list[int]
    bearers: Bearers
    containers: frozenset[int] = frozenset()  # places named right after it: "Paris, Texas"
    contents: frozenset[int] = frozenset()  # places named right before it
    shares: list[float] = field(default_factory=list)

    @property
    def candidates(self) -> tuple[NameCandidate, ...]:
        """The places that it may mean."""
        return self.bearers.candidates


def find_candidates(gazetteer: Gazetteer, surface: str) -> tuple[tuple[NameCandidate, ...], str]:
    """The places that a name may mean, and "" or the reason why they are only an approximation.

    Tried in turn: the name itself, its variants in writing, then the name without a word of kind or direction.
    A shorter part of the name is no candidate: the Soviet Union is not in a Union County.
    """
    if found := gazetteer.look_up(surface):
        return tuple(found), ""
    for variant in _variants(surface):
        if found := gazetteer.look_up(variant):
            return tuple(found), ""
    for shorter in _without_kind(surface):
        if found := gazetteer.look_up(shorter):
            return tuple(found), f"{surface!r} is not in the gazetteer; taken at {shorter!r}"
    return (), ""


def _variants(surface: str) -> Iterator[str]:
    if surface.endswith("."):
        yield surface[:-1]
    if surface.endswith(("s'", "s’", "'s", "’s")):
        yield surface[:-2]
    if surface.endswith("s") and len(surface) > 4:
        yield surface[:-1]
    yield surface + " County"
    yield surface + " Parish"


def _without_kind(surface: str) -> Iterator[str]:
    lower = surface.lower()
    for suffix in SUFFIXES:
        if lower.endswith(" " + suffix):
            yield surface[: -len(suffix) - 1]
    for prefix in PREFIXES:
        if lower.startswith(prefix + " "):
            yield surface[len(prefix) + 1 :]


def holds(gazetteer: Gazetteer, outer: int, inner: int) -> bool:
    """Whether place `outer` is the country or the division in which place `inner` lies."""
    if outer == inner:
        return False
    kind = gazetteer.kind(outer)
    if kind == "country":
        return gazetteer.country(outer) == gazetteer.country(inner)
    if kind == "admin1":
        return gazetteer.admin1[inner] == outer
    return kind == "admin2" and gazetteer.admin2[inner] == outer


def distinct_names(analysis: Analysis, mentions: Sequence[Mention], gazetteer: Gazetteer) -> list[Name]:
    """The article's names with their candidates and the names that stand beside them.

    A name means one place throughout, unless its mentions are told apart by what is named right after them:
    "Birmingham, Ala., and Birmingham, England".
    """
    keyed = [_bearers(gazetteer, m.kind, m.text, m.candidates) for m in mentions]
    keys = [key for key, _ in keyed]
    found = dict(reversed(keyed))  # of mentions with one key, what the first may mean
    containers = _containers(analysis, mentions, keys, found, gazetteer)
    names: dict[tuple[str, str], Name] = {}
    of_mention: list[Name] = []
    told = _told_apart(keys, containers) if containers else zip(keys, repeat(""))
    for key, mention in zip(told, mentions, strict=True):
        name = names.get(key)
        if name is None:
            name = names[key] = Name(mention.text, mention.kind, [], found[key[0]])
        name.mentions.append(len(of_mention))
        of_mention.append(name)
    for k, outers in containers.items():
        of_mention[k].containers |= outers
        of_mention[k + 1].contents |= {c.place for c in of_mention[k].candidates}
    for name in names.values():
        if name.containers:
            name.bearers = _held(gazetteer, name.bearers, name.containers)
    return list(names.values())


def _told_apart(keys: Sequence[str], containers: dict[int, frozenset[int]]) -> Iterator[tuple[str, str]]:
    """The key of each mention, with that of what its name was last named in; before that, of what it is to be named in."""
    told = {keys[k]: keys[k + 1] for k in reversed(containers)}
    for k, key in enumerate(keys):
        if k in containers:
            told[key] = keys[k + 1]
        yield key, told.get(key, "")


def _containers(
    analysis: Analysis, mentions: Sequence[Mention], keys: Sequence[str], found: Mapping[str, Bearers], gazetteer: Gazetteer
) -> dict[int, frozenset[int]]:
    """Mention → the places named right after it that hold one of its candidates: "Paris, Texas"."""
    text, containers = analysis.text, {}
    for k, (mention, following) in enumerate(pairwise(mentions)):
        if following.start - mention.end >= FAR or following.kind == "demonym" or keys[k] == keys[k + 1]:
            continue
        if text[mention.end : following.start].strip() in BETWEEN and (
            outers := _holders(gazetteer, found[keys[k]], found[keys[k + 1]])
        ):
            containers[k] = outers
    return containers


@lru_cache(maxsize=1 << 14)
def _holders(gazetteer: Gazetteer, inner: Bearers, outer: Bearers) -> frozenset[int]:
    """Those places of a name, named right after another, that hold one of that one's."""
    places = [c.place for c in inner.candidates]
    outers = {c.place for c in outer.candidates if c.kind != DEMONYM}
    if any(gazetteer.kind(place) == "country" for place in places):  # "Niger, Nigeria" is a list
        outers = {place for place in outers if gazetteer.kind(place) != "country" or gazetteer.country(place) == "US"}
    return frozenset([outer for outer in outers if any(holds(gazetteer, outer, place) for place in places)])


@lru_cache(maxsize=1 << 14)
def _held(gazetteer: Gazetteer, bearers: Bearers, containers: frozenset[int]) -> Bearers:
    """Those that lie in one of the containers; all if none does."""
    held = [c for c in bearers.candidates if any(holds(gazetteer, outer, c.place) for outer in containers)]
    return Bearers(tuple(held), bearers.approximation) if held else bearers


@lru_cache(maxsize=1 << 14)
def _bearers(gazetteer: Gazetteer, kind: str, text: str, by_pattern: tuple[int, ...]) -> tuple[str, Bearers]:
    """A key, so that mentions with one key mean one place, and what they may mean."""
    # a border's text does not name it by itself
    key = f"border {by_pattern}" if kind == "border" else kind + " " + " ".join(map(fold, text.split()))
    if by_pattern:
        return key, Bearers(tuple([NameCandidate(index, PRIMARY) for index in by_pattern]))
    found, approximation = find_candidates(gazetteer, text)
    if kind == "demonym":
        found = tuple([c for c in found if c.kind == DEMONYM])
    else:
        found = tuple([c for c in found if c.kind != AMBIGUOUS and is_written_so(c.kind, text, "")]) or found
    if len(found) > MAX_CANDIDATES:  # the largest, and the small ones that were added for what happened there
        curated = [c for c in found[MAX_CANDIDATES:] if not gazetteer.geonames[c.place]]
        found = (*found[:MAX_CANDIDATES], *curated)
    return key, Bearers(found, approximation)
