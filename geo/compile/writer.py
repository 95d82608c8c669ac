"""Entries → the file that `geo.gazetteer` opens, in bounded memory.

Entries stream in; their columns and names go to temporary files, names parted by the highest bits of their
hashes. Part by part the names are then sorted and numbered, and since a name's slot is told by the same high
bits, the slots come out in order too. What stays in memory is one column of populations and one part of the
names, however many entries there are.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from geo.compile.sources import Entry
from geo.errors import OutputError
from geo.gazetteer import DEMONYM, FORMAT, LINE_KINDS, MAGIC, NONE, extend_hash, hash_token, name_tokens

SPARE_SLOTS = 1024  # linear probing runs on past the last slot instead of wrapping
PART_BITS = 6
FLUSH = 1 << 15  # values of a column that wait in memory
NAME = struct.Struct("<QIB")  # hash of a whole name, place, kind of name
SLOT = struct.Struct("<QI")
COLUMNS = {
    "lat": "i", "lon": "i", "population": "I", "country": "H", "kind": "B", "admin1": "I", "admin2": "I", "geonames": "I",
    "label_first": "I", "detail_first": "I", "name_first": "I", "cand_place": "I", "cand_kind": "B", "keys": "Q", "vals": "I",
}  # fmt: skip


def write_gazetteer(
    entries: Iterable[Entry],
    words: Mapping[str, list[str]],
    events: Mapping[str, Any],
    stamps: Mapping[str, str],
    out: Path,
) -> dict[str, Any]:
    """Write `entries` as a compiled gazetteer; returns its header. `out` is replaced in one step.

    Raises OutputError when it cannot be written.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".gazetteer-", dir=out.parent) as folder:
            return _Writer(Path(folder)).write(entries, words, events, stamps, out)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written ({error.strerror}); choose another file with --out") from None


class _Column:
    """A section on its way to its temporary file."""

    def __init__(self, path: Path, typecode: str) -> None:
        self.path, self.waiting = path, array(typecode)
        self.file = path.open("wb")
        self.length = 0

    def append(self, value: int) -> None:
        self.waiting.append(value)
        self.length += 1
        if len(self.waiting) >= FLUSH:
            self.flush()

    def flush(self) -> None:
        self.waiting.tofile(self.file)
        del self.waiting[:]

    def close(self) -> None:
        self.flush()
        self.file.close()


class _Writer:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.columns = {name: _Column(folder / name, code) for name, code in COLUMNS.items()}
        self.blobs = {name: (folder / name).open("wb") for name in ("labels", "details", "lexicon", "triggers")}
        self.names = [(folder / f"names{k}").open("wb") for k in range(1 << PART_BITS)]
        self.prefixes = [(folder / f"prefixes{k}").open("wb") for k in range(1 << PART_BITS)]
        self.population = array("I")
        self.countries: dict[str, int] = {"": 0}
        self.kinds: dict[str, int] = {}
        self.borders: dict[str, int] = {}
        self.line_openers: dict[str, set[str]] = {}

    def write(
        self,
        entries: Iterable[Entry],
        words: Mapping[str, list[str]],
        events: Mapping[str, Any],
        stamps: Mapping[str, str],
        out: Path,
    ) -> dict[str, Any]:
        for offsets in ("label_first", "detail_first", "name_first"):
            self.columns[offsets].append(0)
        for index, entry in enumerate(entries):
            self._add(index, entry)
        self.blobs["lexicon"].write(json.dumps(dict(words), ensure_ascii=False).encode())
        self.blobs["triggers"].write(json.dumps(dict(events), ensure_ascii=False, default=str).encode())
        for file in (*self.names, *self.prefixes):
            file.close()
        self._number_names()
        for column in self.columns.values():
            column.close()
        for blob in self.blobs.values():
            blob.close()
        return self._assemble(stamps, out)

    def _add(self, index: int, entry: Entry) -> None:
        put = self.columns
        put["lat"].append(round(entry.lat * 1e5))
        put["lon"].append(round(entry.lon * 1e5))
        people = min(entry.population, NONE)
        put["population"].append(people)
        self.population.append(people)
        put["country"].append(self.countries.setdefault(entry.country, len(self.countries)))
        put["kind"].append(self.kinds.setdefault(entry.kind, len(self.kinds)))
        put["admin1"].append(entry.admin1)
        put["admin2"].append(entry.admin2)
        put["geonames"].append(entry.geonames)
        details = json.dumps(entry.details, ensure_ascii=False, separators=(",", ":")) if entry.details else ""
        for blob, offsets, text in (("labels", "label_first", entry.label), ("details", "detail_first", details)):
            self.blobs[blob].write(text.encode())
            put[offsets].append(self.blobs[blob].tell())
        place_id = (entry.details or {}).get("id", "")
        if entry.kind == "border" and place_id.startswith("geo:border-"):
            self.borders[place_id.removeprefix("geo:border-")] = index
        for name, kind in entry.names.items():
            tokens = name_tokens(name)
            self._add_name(tokens, index, kind)
            if entry.kind in LINE_KINDS and kind != DEMONYM and len(tokens) > 1:
                self.line_openers.setdefault(tokens[0], set()).add(tokens[1])

    def _add_name(self, tokens: Sequence[str], index: int, kind: int) -> None:
        h = 0
        for k, token in enumerate(tokens):
            if k:
                self.prefixes[h >> 64 - PART_BITS].write(h.to_bytes(8, "little"))
            h = extend_hash(h, hash_token(token))
        if h:
            self.names[h >> 64 - PART_BITS].write(NAME.pack(h, index, kind))

    def _number_names(self) -> None:
        """Names in the order of their hashes, their bearers by population; then the slots."""
        numbered = 0
        slots = self.folder / "slots"
        with slots.open("wb") as file:
            for part in range(1 << PART_BITS):
                bearers = self._bearers(part)
                prefixes = {h for (h,) in _unpack(self.folder / f"prefixes{part}", struct.Struct("<Q"))}
                for h in sorted(bearers.keys() | prefixes):
                    value = int(h in prefixes)
                    if h in bearers:
                        self._put_bearers(bearers[h])
                        numbered += 1
                        value |= numbered << 1
                    file.write(SLOT.pack(h, value))
        self._put_slots(slots)

    def _bearers(self, part: int) -> dict[int, dict[int, int]]:
        """Hash of a whole name → place → the best kind of name, for one part of the names."""
        bearers: dict[int, dict[int, int]] = {}
        for h, index, kind in _unpack(self.folder / f"names{part}", NAME):
            places = bearers.setdefault(h, {})
            places[index] = min(kind, places.get(index, kind))
        return bearers

    def _put_bearers(self, places: Mapping[int, int]) -> None:
        for index, kind in sorted(places.items(), key=lambda item: (-self.population[item[0]], item[0])):
            self.columns["cand_place"].append(index)
            self.columns["cand_kind"].append(kind)
        self.columns["name_first"].append(self.columns["cand_place"].length)

    def _put_slots(self, path: Path) -> None:
        """Open addressing at a load of 0.37 to 0.75, filled in the order of the home slots: probes are short."""
        bits = max(4, (path.stat().st_size // SLOT.size * 4 // 3).bit_length())
        keys, vals = self.columns["keys"], self.columns["vals"]
        for h, value in _unpack(path, SLOT):
            while keys.length < h >> (64 - bits):
                keys.append(0)
                vals.append(0)
            keys.append(h)
            vals.append(value)
        while keys.length < (1 << bits) + SPARE_SLOTS:
            keys.append(0)
            vals.append(0)

    def _assemble(self, stamps: Mapping[str, str], out: Path) -> dict[str, Any]:
        """Header and sections into one file, moved to its place when it is whole."""
        paths = {name: self.folder / name for name in (*self.columns, *self.blobs)}
        header: dict[str, Any] = {
            "format": FORMAT,
            "spare_slots": SPARE_SLOTS,
            "places": self.columns["lat"].length,
            "names": self.columns["name_first"].length - 1,
            "borders": self.borders,
            "line_openers": {first: sorted(self.line_openers[first]) for first in sorted(self.line_openers)},
            "countries": list(self.countries),
            "kinds": list(self.kinds),
            "sources": dict(stamps),
            "attribution": ["GeoNames (geonames.org), CC BY 4.0", "Natural Earth (naturalearthdata.com), public domain"],
            "stamp": _digest(paths.values()),
            # the offsets depend on the header's own length: leave room for the longest, then fill them in
            "sections": {name: [1 << 40, path.stat().st_size] for name, path in paths.items()},
        }
        position = start = -(-(16 + len(json.dumps(header).encode())) // 8) * 8
        for name, path in paths.items():
            header["sections"][name][0] = position
            position = -(-(position + path.stat().st_size) // 8) * 8
        head = json.dumps(header).encode().ljust(start - 16)
        whole = self.folder / "whole"
        with whole.open("wb") as file:
            file.write(MAGIC + len(head).to_bytes(8, "little") + head)
            for name, path in paths.items():
                file.write(b"\0" * (header["sections"][name][0] - file.tell()))
                with path.open("rb") as section:
                    shutil.copyfileobj(section, file)
        whole.replace(out)
        return header


def _unpack(path: Path, record: struct.Struct) -> Iterator[tuple[int, ...]]:
    with path.open("rb") as file:
        while chunk := file.read(record.size << 14):
            yield from record.iter_unpack(chunk)


def _digest(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        with path.open("rb") as file:
            _feed(whole, file)
    return whole.hexdigest()[:16]


def _feed(whole: Any, file: BinaryIO) -> None:
    while chunk := file.read(1 << 20):
        whole.update(chunk)
