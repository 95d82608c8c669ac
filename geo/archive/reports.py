"""The reports of one partition of the input, on disk: what its articles tell, before it is joined with the others.

One file a partition, put in its place in one step when it is whole, so that the file is also the mark that its
partition is done. Blocks of events by year and bucket (a hash of layer and place: what may be one event is in one
bucket), each compressed by itself, so that a year can be read without the others; at the end the index of the blocks
and the record of the partition, and the length of that.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from geo.archive.codec import Decoder, encode
from geo.documents.parts import Part
from geo.model import Event

MAGIC = b"geo reports 1\n"
TAIL = struct.Struct(">QI")  # length and checksum of the record
SUFFIX = ".reports"
UNDATED = 0  # as a year
FLUSH = 8000  # events that wait in memory: more make larger blocks


@dataclass(frozen=True, slots=True)
class Block:
    """`count` events of a year and a bucket: `length` bytes at `offset` of the file."""

    year: int
    bucket: int
    offset: int
    length: int
    count: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What a partition held and what was left out of it; of the many, the first few are named."""

    documents: int = 0
    mentions: int = 0
    resolved: int = 0
    too_long: int = 0
    undated: int = 0
    inferred: int = 0
    rows_used: int = 0  # of the metadata
    unplaced: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    undated_examples: list[str] = field(default_factory=list)
    inferred_examples: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Record:
    """A partition that is done."""

    key: str
    parts: tuple[Part, ...]
    counts: Counts
    blocks: tuple[Block, ...]


def bucket_of(event: Event, buckets: int) -> int:
    """The bucket of an event among `buckets`, the same in every process."""
    return zlib.crc32(f"{event.layer} {event.place.id}".encode()) % buckets


def key_of(parts: Iterable[Part]) -> str:
    """The name of the partition that consists of `parts` as they are now."""
    content = [[p.id, p.path, p.start, p.end, p.line, p.size, p.modified] for p in parts]
    return hashlib.sha256(json.dumps(content).encode("utf-8", "surrogatepass")).hexdigest()[:24]


class Writer:
    """Writes the events of a partition as they come, a few thousand in memory at a time."""

    def __init__(self, folder: Path, key: str, buckets: int) -> None:
        self.path = folder / f"{key}{SUFFIX}"
        self.partial = folder / f".{key}-{os.getpid()}.part"
        self.key = key
        self.buckets = buckets
        self.blocks: list[Block] = []
        self.waiting: list[Event] = []
        self.file = self.partial.open("wb")
        self.file.write(MAGIC)

    def add(self, event: Event) -> None:
        """Take one event."""
        self.waiting.append(event)
        if len(self.waiting) >= FLUSH:
            self._flush()

    def _flush(self) -> None:
        blocks: dict[tuple[int, int], list[Event]] = defaultdict(list)
        for event in self.waiting:
            year = event.when.start.year if event.when else UNDATED
            blocks[year, bucket_of(event, self.buckets)].append(event)
        self.waiting.clear()
        for (year, bucket), events in sorted(blocks.items(), key=lambda item: item[0]):
            content = zlib.compress(encode(events), 1)
            self.blocks.append(Block(year, bucket, self.file.tell(), len(content), len(events)))
            self.file.write(content)

    def finish(self, parts: tuple[Part, ...], counts: Counts) -> Record:
        """Put the file in its place: from now on the partition is done."""
        self._flush()
        record = Record(self.key, parts, counts, tuple(self.blocks))
        content = zlib.compress(json.dumps(_as_json(record)).encode(), 1)
        self.file.write(content + TAIL.pack(len(content), zlib.crc32(content)))
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        self.partial.replace(self.path)
        return record

    def abandon(self) -> None:
        """Leave nothing."""
        with suppress(OSError):
            self.file.close()
            self.partial.unlink(missing_ok=True)


def _as_json(record: Record) -> dict[str, Any]:
    return {
        "key": record.key,
        "parts": [asdict(part) for part in record.parts],
        "counts": asdict(record.counts),
        "blocks": [[b.year, b.bucket, b.offset, b.length, b.count] for b in record.blocks],
    }


def read_record(path: Path) -> Record | None:
    """The record at the end of a file of reports, None when the file is damaged."""
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                return None
            end = file.seek(-TAIL.size, os.SEEK_END)
            length, checksum = TAIL.unpack(file.read(TAIL.size))
            if length > end - len(MAGIC):
                return None
            file.seek(end - length)
            content = file.read(length)
        if zlib.crc32(content) != checksum:
            return None
        found = json.loads(zlib.decompress(content))
        return Record(
            found["key"],
            tuple(Part(**part) for part in found["parts"]),
            Counts(**found["counts"]),
            tuple(Block(*block) for block in found["blocks"]),
        )
    except (OSError, ValueError, KeyError, TypeError, zlib.error):
        return None


def read_blocks(path: Path, blocks: Iterable[Block], decoder: Decoder) -> Iterator[Event]:
    """The events of some blocks of a file."""
    with path.open("rb") as file:
        for block in blocks:
            file.seek(block.offset)
            try:
                content = zlib.decompress(file.read(block.length))
            except zlib.error:
                content = b""
            yield from decoder.decode(content)
