"""The compiled gazetteer: opened by mapping a file, matched by hashing token prefixes, read by index.

The file (little endian): 8 bytes of magic, the length of a JSON header, the header, then its sections,
each aligned to 8 bytes. The header names the sections with their offsets, the format's version and the
sources' SHA-256; it also says which words begin the names of lines.

    keys, vals      open-addressed slots: prefix hash → (name + 1) << 1 | a longer name goes on from here
    name_first      name → range in the next two
    cand_place      places that bear the name, the most populous first
    cand_kind       how the place bears it (NAME_KINDS)
    lat, lon        1e-5 degrees
    population, country, kind, admin1, admin2, geonames
    label_first     place → range in `labels` (UTF-8)
    detail_first    place → range in `details` (JSON: id, geometry, status, …; empty for most)
    lexicon         JSON: short word lists that recognition needs
    triggers        JSON: the event triggers
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from struct import calcsize
from typing import Any, NamedTuple

from geo.errors import GazetteerError, GeoError
from geo.model import Place
from geo.text import ABBREVIATIONS, Analysis, fold, split_words

MAGIC = b"GEOGAZ\r\n"
FORMAT = 3
PLACES_KEPT = 1 << 14
OPENINGS_KEPT = 1 << 16
NONE = 0xFFFFFFFF

SECTIONS = {
    "keys": "Q", "vals": "I", "name_first": "I", "cand_place": "I", "cand_kind": "B", "lat": "i", "lon": "i",
    "population": "I", "country": "H", "kind": "B", "admin1": "I", "admin2": "I", "geonames": "I", "label_first": "I",
    "labels": "B", "detail_first": "I", "details": "B", "lexicon": "B", "triggers": "B",
}  # fmt: skip
"""Section → type of its values, as `struct` and `array` name it."""
HEADER = {"sections": dict, "spare_slots": int, "countries": list, "kinds": list, "borders": dict, "line_openers": dict, "places": int, "names": int, "stamp": str}
NAME_KINDS = ("primary", "alternate", "abbreviation", "demonym", "short", "ambiguous", "code")
PRIMARY, ALTERNATE, ABBREVIATION, DEMONYM, SHORT, AMBIGUOUS, CODE = range(7)
LINE_KINDS = frozenset(
    """corridor route strait canal pass gap crossing pipeline bridge border ceasefire-line front-line demarcation-line
    buffer-zone wall""".split()
)
"""Kinds of places that are recognised by rule, also where their noun is in lower case."""


MASK = (1 << 64) - 1
# Odd constants with well-spread bits: the golden ratio's and those of xxHash and MurmurHash3.
WORD_KEYS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)
MIX = 0xFF51AFD7ED558CCD
CHAIN = 0x2545F4914F6CDD1D



def abbreviation_kind(name: str) -> int:
    """CODE for what is written in capitals ("US", "U.K."), ABBREVIATION for what has a stop ("Calif."), else PRIMARY ("Qld")."""
    if name.isupper():
        return CODE
    return ABBREVIATION if "." in name else PRIMARY


def is_written_so(kind: int, surface: str, following: str) -> bool:
    """Whether `surface`, before the character `following`, is a way to write a name of this kind: case counts for some."""
    if kind == CODE:
        return surface.isupper()
    return kind != ABBREVIATION or surface.isupper() or "." in surface or following == "."


JOINERS = frozenset("-–‐‑−/.")
"""Marks inside a name that do not count: "Nagorno Karabakh" is "Nagorno-Karabakh", "St Louis" is "St. Louis"."""


@lru_cache(maxsize=1 << 16)
def hash_token(folded: str) -> int:
    """64-bit hash of a folded token: its first 32 UTF-8 bytes as four words, and its length."""
    data = folded.encode("utf-8", "surrogatepass")
    h = len(data) * CHAIN & MASK
    for i in range(0, min(len(data), 32), 8):
        h ^= int.from_bytes(data[i : i + 8], "little") * WORD_KEYS[i // 8] & MASK
        h ^= h >> 29
    h = (h ^ h >> 32) * MIX & MASK
    return h ^ h >> 29


def extend_hash(prefix: int, token: int) -> int:
    """Hash of a name's first k tokens from that of its first k - 1 and of the k-th token."""
    h = (prefix * CHAIN & MASK) ^ token
    return h ^ h >> 31


def name_tokens(name: str) -> list[str]:
    """Folded tokens of a name as they are hashed: joiners and quotation marks left out."""
    return [folded for word in split_words(name) if word not in JOINERS and (folded := fold(word))]


class Match(NamedTuple):
    """A name that stands in a text: tokens `first:last`, and which name it is."""

    first: int
    last: int
    name: int


class NameCandidate(NamedTuple):
    """A place that bears a name, and how (one of NAME_KINDS, by index)."""

    place: int
    kind: int


def default_path() -> Path:
    """The gazetteer in use: `GEO_GAZETTEER` if that is set, else the one that the package carries."""
    chosen = os.environ.get("GEO_GAZETTEER")
    return Path(chosen) if chosen else Path(__file__).parent / "data" / "gazetteer.bin"


class Gazetteer:
    """A compiled gazetteer, read in place.

    Raises GazetteerError when the file is missing, damaged or of another format version.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path) if path else default_path()
        try:
            with self.path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise GazetteerError(
                f"{self.path}: no gazetteer can be opened here ({error}); compile one with "
                "`geo gazetteer build` or reinstall geo"
            ) from None
        self.header = self._read_header()
        self.keys = self._section("keys")
        self.vals = self._section("vals")
        self.shift = 64 - (len(self.keys) - self.header["spare_slots"]).bit_length() + 1
        self._name_first = self._section("name_first")
        self._cand_place = self._section("cand_place")
        self._cand_kind = self._section("cand_kind")
        self.lat = self._section("lat")
        self.lon = self._section("lon")
        self.population = self._section("population")
        self.country_column = self._section("country")
        self.kind_column = self._section("kind")
        self.admin1 = self._section("admin1")
        self.admin2 = self._section("admin2")
        self.geonames = self._section("geonames")
        self._label_first = self._section("label_first")
        self._labels = self._section("labels")
        self._detail_first = self._section("detail_first")
        self._details = self._section("details")
        self._places: dict[int, Place] = {}  # read before: the same few recur in an article
        self._openings: dict[str, tuple[int, int]] = {}  # the same for the words that names begin with
        self._countries: list[str] = self.header["countries"]
        self._kinds: list[str] = self.header["kinds"]

    def _read_header(self) -> dict[str, Any]:
        if self._map[: len(MAGIC)] != MAGIC:
            raise GazetteerError(f"{self.path}: this is not a compiled gazetteer; make one with `geo gazetteer build`")
        length = int.from_bytes(self._map[8:16], "little")
        try:
            header = dict(json.loads(self._map[16 : 16 + length]))
            if header["format"] == FORMAT:
                self._check(header)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise GazetteerError(
                f"{self.path}: the gazetteer's header is damaged ({error}); compile it again with `geo gazetteer build`"
            ) from None
        if header["format"] != FORMAT:
            raise GazetteerError(
                f"{self.path}: gazetteer format {header['format']!r}, but this geo reads format {FORMAT}; "
                "compile it again with `geo gazetteer build`"
            )
        return header

    def _check(self, header: dict[str, Any]) -> None:
        """Raise ValueError, KeyError or TypeError if the header lacks what reading needs, or the file ends too early."""
        for key, kind in HEADER.items():
            if not isinstance(header[key], kind):
                raise TypeError(f"{key} in its header")
        for name, typecode in SECTIONS.items():
            start, size = header["sections"][name]
            if not 0 <= start <= start + size <= len(self._map) or size % calcsize(typecode):
                raise ValueError(f"section {name} ends too early")

    def _section(self, name: str) -> memoryview:
        start, size = self.header["sections"][name]
        return memoryview(self._map)[start : start + size].cast(SECTIONS[name])  # type: ignore[call-overload, no-any-return]

    def check(self) -> None:
        """Raise GazetteerError unless the sections are, byte for byte, those that were compiled; reads the whole file."""
        whole = hashlib.sha256()
        for start, size in self.header["sections"].values():
            whole.update(memoryview(self._map)[start : start + size])
        if whole.hexdigest()[:16] != self.header["stamp"]:
            raise GazetteerError(f"{self.path}: the gazetteer is damaged; compile it again with `geo gazetteer build` or reinstall geo")

    @contextmanager
    def checked_on_failure(self) -> Iterator[None]:
        """What fails while reading a damaged gazetteer fails as GazetteerError: checking it first would cost each start."""
        try:
            yield
        except GeoError:
            raise
        except Exception:
            self.check()
            raise

    def __len__(self) -> int:
        """The number of places."""
        return len(self.lat)

    @cached_property
    def lexicon(self) -> dict[str, frozenset[str]]:
        """Folded word lists by name (given_names, titles, organisation_words and others)."""
        return {name: frozenset(words) for name, words in self._json("lexicon").items()}

    @cached_property
    def line_openers(self) -> dict[str, frozenset[str]]:
        """Folded first token → the second ones, of all longer names of lines (LINE_KINDS)."""
        return {first: frozenset(seconds) for first, seconds in self.header["line_openers"].items()}

    @cached_property
    def line_seconds(self) -> frozenset[str]:
        """All second tokens among them."""
        return frozenset().union(*self.line_openers.values())

    @cached_property
    def triggers(self) -> dict[str, Any]:
        """The event triggers: file name → its tables."""
        return self._json("triggers")

    def _json(self, section: str) -> dict[str, Any]:
        start, size = self.header["sections"][section]
        return dict(json.loads(self._map[start : start + size]))

    @cached_property
    def country_places(self) -> dict[str, int]:
        """ISO 3166-1 alpha-2 code → the country's place index."""
        if "country" not in self._kinds:
            return {}
        kind, found = bytes([self._kinds.index("country")]), {}
        start, size = self.header["sections"]["kind"]
        at = self._map.find(kind, start, start + size)  # as bytes: there are many places and few countries
        while at >= 0:
            if code := self.country(at - start):
                found[code] = at - start
            at = self._map.find(kind, at + 1, start + size)
        return found

    # --- names

    def probe(self, h: int) -> int:
        """What stands in the slot of a prefix hash: (name + 1) << 1 | a longer name goes on from here; 0 if nothing."""
        slot = h >> self.shift
        keys = self.keys
        while key := keys[slot]:
            if key == h:
                return int(self.vals[slot])
            slot += 1
        return 0

    def matches(self, analysis: Analysis, first: int) -> list[Match]:
        """The names that begin at token `first`, shorter ones first."""
        h, found = self._opening(analysis.folded[first])
        matches = []
        i = first
        while found:
            if found >> 1:
                matches.append(Match(first, i + 1, (found >> 1) - 1))
            following = _next_in_name(analysis, i) if found & 1 else None
            if following is None:
                break
            i = following
            h = extend_hash(h, hash_token(analysis.folded[i]))
            found = self.probe(h)
        return matches

    def _opening(self, folded: str) -> tuple[int, int]:
        """The hash of a name's first token and what stands in its slot."""
        known = self._openings.get(folded)
        if known is None:
            if len(self._openings) >= OPENINGS_KEPT:
                self._openings.clear()
            h = extend_hash(0, hash_token(folded))
            known = self._openings[folded] = h, self.probe(h)
        return known

    def look_up(self, name: str) -> list[NameCandidate]:
        """The places that bear exactly this name (folded), the most populous first."""
        h = found = 0
        for token in name_tokens(name):
            h = extend_hash(h, hash_token(token))
            found = self.probe(h)
            if not found:
                return []
        return self.bearers((found >> 1) - 1) if found >> 1 else []

    def bearers(self, name: int) -> list[NameCandidate]:
        """The places that bear name number `name`, the most populous first."""
        first, last = self._name_first[name], self._name_first[name + 1]
        return list(map(NameCandidate, self._cand_place[first:last], self._cand_kind[first:last]))

    # --- places

    def country(self, index: int) -> str:
        """ISO 3166-1 alpha-2 code, "" if none."""
        return self._countries[self.country_column[index]]

    def kind(self, index: int) -> str:
        """Kind of place: country, admin1, admin2, city, capital, or the kind of a curated region or line."""
        return self._kinds[self.kind_column[index]]

    def label(self, index: int) -> str:
        """The place's usual name."""
        return bytes(self._labels[self._label_first[index] : self._label_first[index + 1]]).decode()

    def details(self, index: int) -> dict[str, Any]:
        """What a curated place has beyond the fixed columns; empty for the rest."""
        data = self._details[self._detail_first[index] : self._detail_first[index + 1]]
        return dict(json.loads(bytes(data))) if data else {}

    def place(self, index: int) -> Place:
        """The place at `index` (0 ≤ index < len(self)). Raises IndexError beyond."""
        found = self._places.get(index)
        if found is None:
            if not 0 <= index < len(self):
                raise IndexError(f"place {index} of {len(self)}")
            if len(self._places) >= PLACES_KEPT:
                self._places.clear()
            found = self._places[index] = self._read_place(index)
        return found

    def _read_place(self, index: int) -> Place:
        details = self.details(index)
        admin1 = self.admin1[index]
        return Place(
            id=details.pop("id", "") or f"geonames:{self.geonames[index]}",
            name=self.label(index),
            kind=self.kind(index),
            country=self.country(index),
            lat=self.lat[index] / 1e5,
            lon=self.lon[index] / 1e5,
            geometry=details.pop("geometry", None),
            admin1="" if admin1 in (NONE, index) else self.label(admin1),
            population=self.population[index],
            other_name=details.pop("other_name", ""),
            status=details.pop("status", ""),
            valid_from=details.pop("valid_from", ""),
            valid_to=details.pop("valid_to", ""),
            disputed=details.pop("disputed", False),
            details=details,
        )


def _next_in_name(analysis: Analysis, i: int) -> int | None:
    """Index of the token that may go on a name after token i, or None if the text breaks there."""
    words = analysis.words
    j = i + 1
    while j < len(words) and words[j] in JOINERS:
        # a joiner touches its word; a full stop inside a name follows an abbreviation of one ("St. Louis")
        if analysis.gap(j - 1) or (words[j] == "." and len(words[i]) > 1 and analysis.folded[i] not in ABBREVIATIONS):
            return None
        j += 1
    return j if j < len(words) and analysis.gap(j - 1) <= 1 else None
