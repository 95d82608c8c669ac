"""The distinct names of an article and the places that each may mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

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


@dataclass(slots=True)
class Name:
    """A distinct name of the article: its mentions, its candidates, what stands beside it, and the belief so far."""

    surface: str
    kind: str
    mentions: list[int]
    candidates: tuple[NameCandidate, ...] = ()
    approximation: str = ""  # why the candidates are only near what is named; "" if they bear the name
    containers: set[int] = field(default_factory=set)  # places named right after it: "Paris, Texas"
    contents: set[int] = field(default_factory=set)  # places named right before it
    shares: list[float] = field(default_factory=list)


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
    found: dict[str, tuple[tuple[NameCandidate, ...], str]] = {}
    keys = [_key(m) for m in mentions]
    for key, mention in zip(keys, mentions, strict=True):
        if key not in found:
            found[key] = _candidates(mention, gazetteer)
    containers = [_containers(analysis, mentions, k, found, keys, gazetteer) for k in range(len(mentions))]
    names: dict[str, Name] = {}
    told = {keys[k]: keys[k + 1] for k in range(len(keys) - 1, -1, -1) if containers[k]}  # key → what it was last named in
    whole = []
    for k, (key, mention) in enumerate(zip(keys, mentions, strict=True)):
        if containers[k]:
            told[key] = keys[k + 1]
        whole.append(f"{key} in {told.get(key, '')}")
        name = names.get(whole[k])
        if name is None:
            name = names[whole[k]] = Name(mention.text, mention.kind, [], *found[key])
        name.mentions.append(k)
        name.containers |= containers[k]
    for k, outer in enumerate(mentions[1:], 1):
        if containers[k - 1] and outer.kind != "demonym":
            names[whole[k]].contents.update(c.place for c in names[whole[k - 1]].candidates)
    for name in (name for name in names.values() if name.containers):
        held = tuple(c for c in name.candidates if any(holds(gazetteer, outer, c.place) for outer in name.containers))
        name.candidates = held or name.candidates
    return list(names.values())


def _containers(
    analysis: Analysis,
    mentions: Sequence[Mention],
    k: int,
    found: Mapping[str, tuple[tuple[NameCandidate, ...], str]],
    keys: Sequence[str],
    gazetteer: Gazetteer,
) -> set[int]:
    """The places named right after mention k that hold one of its candidates: "Paris, Texas"."""
    if k + 1 >= len(mentions) or keys[k] == keys[k + 1] or mentions[k + 1].kind == "demonym":
        return set()
    gap = analysis.text[mentions[k].end : mentions[k + 1].start]
    if len(gap) >= 24 or gap.strip() not in BETWEEN:
        return set()
    inner = [c.place for c in found[keys[k]][0]]
    outers = {c.place for c in found[keys[k + 1]][0] if c.kind != DEMONYM}
    if any(gazetteer.kind(place) == "country" for place in inner):  # "Niger, Nigeria" is a list
        outers = {place for place in outers if gazetteer.kind(place) != "country" or gazetteer.country(place) == "US"}
    return {outer for outer in outers if any(holds(gazetteer, outer, place) for place in inner)}


def _candidates(mention: Mention, gazetteer: Gazetteer) -> tuple[tuple[NameCandidate, ...], str]:
    if mention.candidates:  # by pattern: a border
        return tuple(NameCandidate(index, PRIMARY) for index in mention.candidates), ""
    return _bearers(gazetteer, mention.kind, mention.text)


@lru_cache(maxsize=1 << 14)
def _bearers(gazetteer: Gazetteer, kind: str, text: str) -> tuple[tuple[NameCandidate, ...], str]:
    found, approximation = find_candidates(gazetteer, text)
    if kind == "demonym":
        found = tuple([c for c in found if c.kind == DEMONYM])
    else:
        found = tuple([c for c in found if c.kind != AMBIGUOUS and is_written_so(c.kind, text, "")]) or found
    return found[:MAX_CANDIDATES], approximation


def _key(mention: Mention) -> str:
    """Mentions with one key mean one place. A border's text does not name it by itself."""
    if mention.kind == "border":
        return f"border {mention.candidates}"
    return mention.kind + " " + " ".join(map(fold, mention.text.split()))
