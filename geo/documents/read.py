"""Paths, folders, JSON Lines and standard input → `Document`s; the metadata of a CSV file goes to their fields.

One bad article never stops the others: it comes out as a `Failure` in its turn. Only dates that are stated (in the
metadata, the front matter, a JSON row or the caller's `date`) are set here.
"""

from __future__ import annotations

import codecs
import itertools
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from geo.documents.metadata import (
    FIELDS,
    Metadata,
    decode,
    parse_date,
    read_metadata,
    row_date,
    split_front_matter,
)
from geo.errors import DocumentError, MetadataError, NothingToReadError
from geo.model import Document, When

SUFFIXES = (".txt", ".md", ".jsonl")
MAX_ARTICLE_BYTES = 10_000_000
MAX_FIELD = 10_000  # characters of an id, a title, a source or a url
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be read, by its id or its path (and line), and why."""

    path_or_id: str
    error: DocumentError


@dataclass(frozen=True, slots=True)
class _Source:
    """One file to read, and the id of the article in it. `path` is None for standard input."""

    id: str
    path: Path | None


def _ignore(_: str) -> None:
    """The notices of who does not ask for them."""


def read_documents(
    paths: Iterable[str | Path],
    *,
    metadata: str | Path | None = None,
    date: str | None = None,
    limit: int = MAX_ARTICLE_BYTES,
    field: int = MAX_FIELD,
    notice: Callable[[str], None] = _ignore,
    stdin: BinaryIO | None = None,
) -> Iterator[Document | Failure]:
    """The articles at `paths`: files, folders (all below them, in order of name) and "-" for standard input.

    `.txt` and `.md` hold one article, with or without front matter; `.jsonl` one on each line. `metadata` is a
    CSV file with a column `file` and any of title, source, date, url; `date` dates the articles that have no date
    of their own. An article of more than `limit` bytes is refused unread, one with a title or the like of more than `field` characters too. `notice` gets one line each for what was
    left aside: files of other kinds, rows of the metadata that belong to no article.

    JSON Lines are read a line at a time; only the ids of the articles read are kept in memory.

    Raises NothingToReadError for a missing path or when no path holds an article, MetadataError for a metadata
    file or a `date` that is wrong: all at the call, before the first article.
    """
    default = parse_date(date, "the option date", MetadataError) if date else None
    rows = read_metadata(Path(metadata)) if metadata is not None else Metadata()
    sources = _find_sources(paths, rows.path, notice)
    return _read_all(sources, rows, default, limit=limit, field=field, notice=notice, stdin=stdin)


# --- finding the files -----------------------------------------------------------------------------------------------


def _find_sources(
    paths: Iterable[str | Path], metadata: Path | None, notice: Callable[[str], None]
) -> list[_Source]:
    sources: list[_Source] = []
    skipped: Counter[str] = Counter()
    asked = []
    for given in paths:
        asked.append(str(given))
        if not str(given):
            raise NothingToReadError("a path is empty; name a file, a folder or -")
        if str(given) == STDIN:
            sources.append(_Source("stdin", None))
            continue
        path = Path(given)
        if path.is_dir():
            sources.extend(_walk(path, metadata, skipped, notice))
        elif path.exists():
            sources.append(_Source(_readable(path.name), path))
        else:
            raise NothingToReadError(f"{path}: no such file or folder; check the path")
    if skipped:
        kinds = ", ".join(f"{count} {suffix}" for suffix, count in sorted(skipped.items()))
        files = "1 file that is no article" if skipped.total() == 1 else f"{skipped.total()} files that are no articles"
        notice(f"skipped {files} ({kinds}); geo reads {', '.join(SUFFIXES)}")
    if not sources:
        raise NothingToReadError(
            f"{', '.join(asked) or 'no path'}: no articles found; geo reads {', '.join(SUFFIXES)} files"
        )
    return sources


def _walk(
    root: Path, metadata: Path | None, skipped: Counter[str], notice: Callable[[str], None]
) -> Iterator[_Source]:
    """The articles below a folder in order of their ids; hidden files and READMEs are none."""

    def unreadable(error: OSError) -> None:
        notice(f"{error.filename}: cannot be opened ({error.strerror}); its articles are left out")

    found: list[_Source] = []
    for folder, folders, names in os.walk(root, onerror=unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for link in (path for name in folders if (path := Path(folder, name)).is_symlink()):
            notice(f"{link}: a link to a folder, not followed; name it as a path of its own to read it")
        for name in names:
            path = Path(folder, name)
            if (
                name.startswith(".")
                or name.lower() == "readme.md"
                or (metadata is not None and _same(path, metadata))
            ):
                continue
            if path.suffix.lower() in SUFFIXES and path.is_file():
                found.append(_Source(_readable(path.relative_to(root).as_posix()), path))
            else:
                skipped[path.suffix.lower() or "without a suffix"] += 1
    yield from sorted(found, key=lambda source: source.id)


def _same(path: Path, other: Path) -> bool:
    return path.name == other.name and path.resolve() == other.resolve()


def _readable(name: str) -> str:
    """A file name that is not valid Unicode, made so."""
    return os.fsencode(name).decode("utf-8", "replace")


# --- reading them ----------------------------------------------------------------------------------------------------


def _read_all(
    sources: list[_Source],
    metadata: Metadata,
    default: When | None,
    *,
    limit: int,
    field: int,
    notice: Callable[[str], None],
    stdin: BinaryIO | None,
) -> Iterator[Document | Failure]:
    seen: dict[str, int] = {}
    for source in sources:
        for item in (within(found, field) for found in _read_source(source, metadata, limit, stdin)):
            if isinstance(item, Failure):
                yield item
                continue
            yield replace(item, id=_unique(item.id, seen), date=item.date or default)
    for name in sorted(metadata.rows.keys() - metadata.used):
        notice(f"{metadata.path}, line {metadata.rows[name][0]}: {name!r} is none of the articles read")


def within(item: Document | Failure, field: int) -> Document | Failure:
    """The article, or a failure when a field of it has more than `field` characters."""
    if isinstance(item, Document):
        for name in ("id", "title", "source", "url"):
            if (length := len(getattr(item, name))) > field:
                error = f"{item.id[:80]}: its {name} has {length:,} characters; shorten it or allow more with --max-field"
                return Failure(item.id[:80], DocumentError(error))
    return item


def _unique(document_id: str, seen: dict[str, int]) -> str:
    """The id, with "#2" and so on when it was seen before."""
    unique = document_id
    while unique in seen:
        seen[document_id] += 1
        unique = f"{document_id}#{seen[document_id]}"
    seen[unique] = 1
    return unique


def _read_source(
    source: _Source, metadata: Metadata, limit: int, stdin: BinaryIO | None
) -> Iterator[Document | Failure]:
    """All articles of one file. Any error of its own becomes a failure."""
    try:
        if source.path is None:
            yield from _read_stream(stdin or getattr(sys.stdin, "buffer", None), metadata, limit)
        elif source.path.suffix.lower() == ".jsonl":
            with source.path.open("rb") as stream:
                yield from _read_json_lines(_lines(stream, limit), source.id, metadata, limit)
        elif source.path.suffix.lower() in (*SUFFIXES, ""):
            yield _read_file(source, metadata, limit)
        else:
            error = DocumentError(f"{source.path}: not an article; geo reads {', '.join(SUFFIXES)} files")
            yield Failure(source.id, error)
    except DocumentError as failed:
        yield Failure(source.id, failed)
    except OSError as failed:
        reason = failed.strerror or str(failed)
        yield Failure(source.id, DocumentError(f"{source.path or source.id}: cannot be read ({reason})"))


def _read_file(source: _Source, metadata: Metadata, limit: int) -> Document:
    path = source.path
    assert path is not None  # noqa: S101
    if path.stat().st_size > limit:
        raise _too_large(str(path), limit)
    with path.open("rb") as stream:  # a pipe has no size, so the limit holds for reading too
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise _too_large(str(path), limit)
    text = decode(content, str(path))
    return _document(source.id, text, str(path), metadata, path.as_posix(), path.name)


def _read_stream(stream: BinaryIO | None, metadata: Metadata, limit: int) -> Iterator[Document | Failure]:
    """Standard input: JSON Lines if its first line with text is such a row, else one article. None if it is closed."""
    if stream is None:
        raise DocumentError("stdin: closed; pipe an article into it")
    lines = _lines(stream, limit)
    opening: list[bytes | None] = []
    for line in lines:
        opening.append(line)
        if line is None or line.strip():
            break
    first = opening[-1] if opening else None
    if first is not None and _is_json_row(first):
        yield from _read_json_lines(itertools.chain(opening, lines), "stdin", metadata, limit)
        return
    content = b"".join(line or b"" for line in opening)
    if None not in opening:
        content += stream.read(limit + 1)
    if None in opening or len(content) > limit:
        raise _too_large("stdin", limit)
    yield _document("stdin", decode(content, "stdin"), "stdin", metadata)


def _document(document_id: str, text: str, where: str, metadata: Metadata, *names: str) -> Document:
    """An article of a file of its own. `names` are other names that the metadata may know it by."""
    fields, body = split_front_matter(text, where)
    row = metadata.row(document_id, *names)
    if not body.strip():
        raise DocumentError(f"{where}: empty; an article needs text")
    date = None
    if row.get("date"):
        date = row_date(metadata, row)
    elif fields.get("date"):
        date = parse_date(fields["date"], f"{where}, line {fields['line of date']}")
    title, source, url = (row.get(name) or fields.get(name, "") for name in ("title", "source", "url"))
    return Document(document_id, body, title, source, url, date)


def _too_large(where: str, limit: int) -> DocumentError:
    return DocumentError(
        f"{where}: larger than {limit / 1e6:g} MB; split it into one file an article, or JSON Lines"
    )


# --- JSON Lines ------------------------------------------------------------------------------------------------------


class _Lines(Protocol):
    def readline(self, size: int, /) -> bytes: ...


def _lines(stream: _Lines, limit: int) -> Iterator[bytes | None]:
    """The lines of a stream, None for one over the limit, which is passed over without being kept."""
    while line := stream.readline(limit + 1):
        if len(line) <= limit:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(1 << 20)
        yield None


def _is_json_row(line: bytes) -> bool:
    try:
        row = json.loads(line.removeprefix(codecs.BOM_UTF8), parse_int=str)  # of any length
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and "text" in row


def _read_json_lines(
    lines: Iterable[bytes | None], name: str, metadata: Metadata, limit: int, first: int = 1
) -> Iterator[Document | Failure]:
    rows = 0
    for number, line in enumerate(lines, first):
        if line is not None and not line.strip():
            continue
        rows += 1
        where = f"{name}:{number}"
        try:
            if line is None:
                raise _too_large(where, limit)
            yield _json_document(line, where, metadata)
        except DocumentError as error:
            yield Failure(where, error)
    if not rows:
        raise DocumentError(f"{name}: empty; JSON Lines need a row an article")


def _json_document(line: bytes, where: str, metadata: Metadata) -> Document:
    text = decode(line, where)
    try:
        row = json.loads(text)
    except RecursionError:
        raise DocumentError(f"{where}: not a JSON row; it is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"{where}: not JSON ({error.msg} at column {error.colno}); put one object on each line"
        ) from None
    except ValueError:
        raise DocumentError(f"{where}: not a JSON row; a number in it is too long") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise DocumentError(f'{where}: no text; write a row as {{"id": "…", "text": "…"}}')
    values = {key: _plain(row.get(key), key, where) for key in ("id", *FIELDS)}
    text = row["text"]
    if not text.strip():
        raise DocumentError(f"{where}: empty; an article needs text")
    for value in (text, *values.values()):
        _check_characters(value, where)
    document_id = values["id"] or where
    stated = metadata.row(document_id, where)
    date = None
    if stated.get("date"):
        date = row_date(metadata, stated)
    elif values["date"]:
        date = parse_date(values["date"], where)
    title, source, url = (stated.get(key) or values[key] for key in ("title", "source", "url"))
    return Document(document_id, text, title, source, url, date)


def _plain(value: object, key: str, where: str) -> str:
    """A field of a row as text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise DocumentError(f"{where}: {key} is not text; write it in quotation marks")


def _check_characters(value: str, where: str) -> None:
    """JSON can spell what no text holds: NUL and halves of characters."""
    if "\0" in value or re.search("[\ud800-\udfff]", value):
        raise DocumentError(f"{where}: characters that are no text (\\u0000 or half a pair); remove them")
