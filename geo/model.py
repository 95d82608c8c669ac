"""The values that travel between the stages: plain, frozen, without behaviour that needs input or output.

    Document → Mention → Toponym → Event
                            ↑         ↑
                          Place      When

Offsets are Python string indices (code points) into `Document.text`. Coordinates are degrees in
EPSG:4326. Geometries are GeoJSON mappings in lon, lat order, so that nothing here needs shapely.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, Literal, TypeVar

Precision = Literal["day", "week", "month", "season", "year", "decade", "document", "none"]
"""How exactly an event is dated; `document`: only by its article's date; `none`: undated."""

Status = Literal["occurred", "planned", "cancelled", "proposed", "denied"]
Role = Literal["place", "actor"]
MentionKind = Literal["name", "demonym", "border"]

LAYERS = (
    "meetings", "agreements", "ceasefires", "clashes", "forces", "blockades",
    "displacement", "aid", "statements", "corridors", "mentions",
)  # fmt: skip
"""What a user toggles on the map, in the order of the legend."""

Geometry = Mapping[str, Any]
"""A GeoJSON geometry: {"type": ..., "coordinates": ...}, lon, lat."""


@dataclass(frozen=True, slots=True)
class When:
    """A stretch of days: `start` inclusive, `end` exclusive.

    `text` is the expression as written ("" when the date comes from elsewhere); `reason` says how the
    date was found when that is not plain from `text`.
    """

    start: dt.date
    end: dt.date
    precision: Precision
    text: str = ""
    confidence: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One article. `date` is None when it is neither stated nor inferable: the article is undated."""

    id: str
    text: str
    title: str = ""
    source: str = ""
    url: str = ""
    date: When | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """One gazetteer entry.

    `lat`, `lon` are its point; `geometry` is its line or area when it has one. `country` is an ISO 3166-1
    alpha-2 code, "" for what lies in several or none. `other_name` is the other name of a disputed
    place. `status`, `valid_from`, `valid_to` are set for lines that open, close or end (ISO dates or years, "" if open).
    `details` has `found_by` for a place that is not the gazetteer's: who knows it, and why it is taken.
    """

    id: str
    name: str
    kind: str
    country: str
    lat: float
    lon: float
    geometry: Geometry | None = None
    admin1: str = ""
    population: int = 0
    other_name: str = ""
    status: str = ""
    valid_from: str = ""
    valid_to: str = ""
    disputed: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a mention may mean, with its share of the belief (0-1, all of a mention's sum to ≤ 1)."""

    place: Place
    score: float


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of text recognised as naming a place. `candidates` are indices into the gazetteer's places."""

    start: int
    end: int
    text: str
    kind: MentionKind
    candidates: tuple[int, ...]
    confidence: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What counts as a toponym: also demonyms ("Georgian"), also places that bear only a part of the name.

    `geocode` looks elsewhere for those that the gazetteer lacks, all of an article at once.
    """

    demonyms: bool = True
    approximate: bool = True
    geocode: Callable[[Sequence[Toponym]], list[Toponym]] | None = None


@dataclass(frozen=True, slots=True)
class Toponym:
    """A mention with the place that it means, or with None and the reason why none was chosen.

    `role` tells a place where something is ("place") from one that speaks or acts ("actor": "Baku said").
    """

    start: int
    end: int
    text: str
    kind: MentionKind
    place: Place | None
    confidence: float
    reason: str
    candidates: tuple[Candidate, ...] = ()
    role: Role = "place"


@dataclass(frozen=True, slots=True)
class Timex:
    """A date expression in a text; `value` is its TIMEX3 value ("1998-08-07", "1998-W32", "1998-FA")."""

    start: int
    end: int
    text: str
    value: str
    when: When


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that tells of an event: `mention` at `mention_start:mention_end` of the article's text."""

    sentence: str
    mention: str
    mention_start: int
    mention_end: int
    doc_id: str
    doc_title: str = ""
    doc_source: str = ""
    doc_url: str = ""
    doc_date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something told of at a place: `when` is None for the undated. `evidence` has at least one piece, the first the best.

    `destination` is where those went who left the place or set out from it. `group` is shared by the events that one
    telling puts at several places ("clashes in X and Y"), "" for the others.
    """

    layer: str
    plover: str
    status: Status
    when: When | None
    place: Place
    actors: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    confidence: float
    reason: str
    destination: Place | None = None
    group: str = ""


Record = TypeVar("Record", Mention, Toponym)


def records(kind: type[Record], first: Sequence[int], *others: Iterable[Any]) -> list[Record]:
    """Many values of one kind, by the columns of their fields in order: what the constructor makes of the rows, in a third of the time.

    A constructor of a frozen class asks by name for each field that it sets.
    """
    made: list[Record] = list(map(object.__new__, repeat(kind, len(first))))
    for name, column in zip(kind.__slots__, (first, *others), strict=True):
        deque(map(getattr(kind, name).__set__, made, column), maxlen=0)
    return made
