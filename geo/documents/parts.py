"""Parts of the input that can be read by themselves: whole files, and stretches of whole lines of large JSON Lines.

The articles of the parts, read in any order and by any process, are those of `read_documents`. Only ids differ where
an input gives the same one twice: rows that state the same id keep it, for no part knows of the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from io import SEEK_SET
from pathlib import Path
from typing import BinaryIO, cast

from geo.documents.fields import parse_fields
from geo.documents.find import STDIN, Source, find_sources
from geo.documents.json_rows import read_lines
from geo.documents.metadata import Metadata, parse_date, read_metadata
from geo.documents.read import MAX_ARTICLE_BYTES, MAX_FIELD, articles, file_of, ignore, read_file, unique
from geo.documents.record import Failure, File, Record
from geo.errors import DocumentError, MetadataError, NothingToReadError
from geo.model import Document

SPLIT = (".jsonl", ".ndjson")  # the suffixes of files that can be read in parts


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes [start, end) of a file, whose first line is number `line`; `size` and `modified` say which file it was."""

    id: str
    path: str
    start: int
    end: int
    line: int
    size: int
    modified: int

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole file."""
        return self.start == 0 and self.end == self.size

    def __len__(self) -> int:
        return self.end - self.start


def find_parts(
    paths: Iterable[str | Path],
    *,
    size: int,
    metadata: str | Path | None = None,
    notice: Callable[[str], None] = ignore,
) -> Iterator[Part]:
    """The parts of the input at `paths`, in order, those of large JSON Lines at most `size` bytes and a line long.

    Raises NothingToReadError as `read_documents` does, and for standard input, which cannot be read twice.
    """
    given = list(paths)
    if STDIN in map(str, given):
        raise NothingToReadError("standard input cannot be read in parts; write it to a file and name that")
    seen: dict[str, int] = {}
    for source in find_sources(given, Path(metadata) if metadata else None, notice):
        path = source.path
        assert path is not None  # noqa: S101
        try:
            state = path.stat()
        except OSError as error:
            raise NothingToReadError(f"{path}: cannot be read ({error.strerror}); check the path") from None
        whole = Part(
            unique(source.id, seen), str(path.resolve()), 0, state.st_size, 1, state.st_size, state.st_mtime_ns
        )
        if path.suffix.lower() in SPLIT and state.st_size > size:
            yield from _split(whole, size)
        else:
            yield whole


def _split(whole: Part, size: int) -> Iterator[Part]:
    """The part cut after the first line end that follows each `size` bytes."""
    start, line = 0, 1
    with Path(whole.path).open("rb") as stream:
        while start < whole.size:
            lines, end = _count_lines(stream, start, min(start + size, whole.size))
            yield replace(whole, start=start, end=end, line=line)
            start, line = end, line + lines


def _count_lines(stream: BinaryIO, start: int, end: int) -> tuple[int, int]:
    """The line ends from `start` to the first one at or after `end`, and where that line ends."""
    stream.seek(start, SEEK_SET)
    lines, left, last = 0, end - start, b"\n"
    while left and (block := stream.read(min(left, 1 << 20))):
        lines, left, last = lines + block.count(b"\n"), left - len(block), block[-1:]
    while last != b"\n" and (block := stream.readline(1 << 20)):
        last = block[-1:]
        lines += last == b"\n"
    return lines, stream.tell()


@lru_cache(maxsize=2)
def _rows(path: Path, _modified: int) -> Metadata:
    return read_metadata(path)


def metadata_of(path: str | Path | None) -> Metadata:
    """The rows of a metadata file, read once a process, with none of them used yet. Raises MetadataError."""
    if path is None:
        return Metadata()
    path = Path(path)
    return replace(_rows(path, path.stat().st_mtime_ns if path.exists() else 0), used=set())


def read_part(
    part: Part,
    metadata: Metadata,
    *,
    date: str | None = None,
    fields: Iterable[str] = (),
    limit: int = MAX_ARTICLE_BYTES,
    field: int = MAX_FIELD,
) -> Iterator[Document | Failure]:
    """The articles of one part; `metadata` and the options are those of `read_documents`.

    Raises DocumentError when the file is no longer the one that the part was taken from.
    """
    default = parse_date(date, "the option date", MetadataError) if date else None
    path = Path(part.path)
    _check_unchanged(part, path)
    file = file_of(Source(part.id, path), limit, parse_fields(fields), ignore, None)
    for item in articles(_records(part, path, file), file, metadata, field, Counter()):
        yield item if isinstance(item, Failure) or item.date else replace(item, date=default)
    _check_unchanged(part, path)


def _records(part: Part, path: Path, file: File) -> Iterator[Record | Failure]:
    if part.is_whole:
        yield from read_file(Source(part.id, path), file)
        return
    with suppress(DocumentError):  # blank lines are no failure of a part
        yield from read_lines(replace(file, open=lambda: _window(part, path)), part.line)


@contextmanager
def _window(part: Part, path: Path) -> Iterator[BinaryIO]:
    """The file as if it held the part only, to be read by line."""
    with path.open("rb") as stream:
        stream.seek(part.start)
        yield cast("BinaryIO", _Window(stream, len(part)))


def _check_unchanged(part: Part, path: Path) -> None:
    try:
        state = path.stat()
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read any more ({error.strerror}); run it again") from None
    if (state.st_size, state.st_mtime_ns) != (part.size, part.modified):
        raise DocumentError(f"{path}: changed while it was being read; run it again")


class _Window:
    """The next `left` bytes of a stream, a line at a time."""

    def __init__(self, stream: BinaryIO, left: int) -> None:
        self.stream = stream
        self.left = left

    def readline(self, size: int) -> bytes:
        line = self.stream.readline(min(size, self.left))
        self.left -= len(line)
        return line
