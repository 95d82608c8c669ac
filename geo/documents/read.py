"""Paths, folders and standard input → `Document`s; the metadata of a CSV file goes to their fields.

One bad article never stops the others: it comes out as a `Failure` in its turn. Only dates that are stated (in the
metadata, in the article's file or the caller's `date`) are set here.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from geo.documents.fields import parse_fields
from geo.documents.find import Source, find_sources
from geo.documents.formats import JSON_LINES, PLAIN, SUFFIXES, Format, by_content, by_name
from geo.documents.json_rows import is_row
from geo.documents.metadata import Metadata, parse_date, read_metadata, row_date
from geo.documents.record import Failure, File, NoArticlesError, Record
from geo.documents.streams import Peeked
from geo.errors import DocumentError, MetadataError, OptionError
from geo.model import Document, When

MAX_ARTICLE_BYTES = 10_000_000
MAX_FIELD = 10_000  # characters of an id, a title, a source or a url
ENGLISH = ("en", "eng", "english")


def ignore(_: str) -> None:
    """The notices of who does not ask for them."""


def read_documents(
    paths: Iterable[str | Path],
    *,
    metadata: str | Path | None = None,
    date: str | None = None,
    fields: Iterable[str] = (),
    language: str = "en",
    limit: int = MAX_ARTICLE_BYTES,
    field: int = MAX_FIELD,
    notice: Callable[[str], None] = ignore,
    stdin: BinaryIO | None = None,
) -> Iterator[Document | Failure]:
    """The articles at `paths`: files, folders (all below them, in order of name) and "-" for standard input.

    docs/inputs.md lists the formats and which of their fields are read. `metadata` is a CSV file with a column `file`
    and any of title, source, date, url; `date` dates the articles that have no date of their own; `fields` name the
    fields of tables and JSON, such as "text=body". An article of more than `limit` bytes is refused, and one with
    a title or the like of more than `field` characters. `notice` gets one
    line each for what was left aside: files of other kinds, rows of the metadata that belong to no article, articles
    that say that they are not in English.

    Rows, lines and elements are read one at a time; only the ids of the articles read are kept in memory.

    Raises NothingToReadError for a missing path or when no path holds an article, MetadataError for a metadata
    file or a `date` that is wrong, OptionError for `fields` or a `language` that are: all at the call, before the
    first article.
    """
    check_language(language)
    default = parse_date(date, "the option date", MetadataError) if date else None
    named = parse_fields(fields)
    rows = read_metadata(Path(metadata)) if metadata is not None else Metadata()
    sources = find_sources(paths, rows.path, notice)
    files = ((source, file_of(source, limit, named, notice, stdin)) for source in sources)
    return _read_all(files, rows, default, field, notice)


def check_language(language: str) -> None:
    """Raise OptionError for any language but English, the only one that there are rules for."""
    if not is_english(language):
        raise OptionError(
            f"language {language!r}: geo has rules for English only, for dates and for events; "
            "translate the articles first, or leave the option out to find the names that the gazetteer knows in them"
        )


def is_english(language: str) -> bool:
    """Whether a language as it is stated ("en-GB", "English") is English."""
    return re.split(r"[-_;, (]", language.strip().lower())[0] in ENGLISH


def _read_all(
    files: Iterable[tuple[Source, File]], metadata: Metadata, default: When | None, field: int, notice: Callable[[str], None]
) -> Iterator[Document | Failure]:
    seen: dict[str, int] = {}
    languages: Counter[str] = Counter()
    for source, file in files:
        for item in articles(read_file(source, file), file, metadata, field, languages):
            if isinstance(item, Failure):
                yield item
            else:
                yield replace(item, id=unique(item.id, seen), date=item.date or default)
    if languages:
        listed = ", ".join(f"{count} {language}" for language, count in languages.most_common(8))
        notice(
            f"articles that say that they are not in English: {listed}; geo has rules for English only, so it finds names in them "
            "that the gazetteer knows, but misses dates and events"
        )
    for name in sorted(metadata.rows.keys() - metadata.used):
        notice(f"{metadata.path}, line {metadata.rows[name][0]}: {name!r} is none of the articles read")


def articles(
    records: Iterable[Record | Failure], file: File, metadata: Metadata, field: int, languages: Counter[str]
) -> Iterator[Document | Failure]:
    """The articles of a file's records; those that say that they are not in English are counted in `languages`."""
    for record in records:
        if isinstance(record, Failure):
            yield record
            continue
        try:
            document = _document(record, metadata)
        except DocumentError as error:
            yield Failure(record.id if record.where == file.where else record.where, error)
            continue
        if record.language and not is_english(record.language):
            languages[record.language.strip().lower()[:12]] += 1
        yield within(document, field)


def within(document: Document, field: int) -> Document | Failure:
    """The article, or a failure when a field of it has more than `field` characters."""
    for name in ("id", "title", "source", "url"):
        if (length := len(getattr(document, name))) > field:
            error = f"{document.id[:80]}: its {name} has {length:,} characters; shorten it or allow more with --max-field"
            return Failure(document.id[:80], DocumentError(error))
    return document


def unique(document_id: str, seen: dict[str, int]) -> str:
    """The id, with "#2" and so on when it was seen before."""
    unique = document_id
    while unique in seen:
        seen[document_id] += 1
        unique = f"{document_id}#{seen[document_id]}"
    seen[unique] = 1
    return unique


# --- files -----------------------------------------------------------------------------------------------------------


def file_of(
    source: Source, limit: int, fields: dict[str, str], notice: Callable[[str], None], stdin: BinaryIO | None
) -> File:
    """What readers are given of a file, or of standard input."""
    path = source.path
    if path is None:
        return File("stdin", "stdin", Peeked(stdin or getattr(sys.stdin, "buffer", None)), limit, fields, notice)
    return File(source.id, str(path), lambda: path.open("rb"), limit, fields, notice, path)


def read_file(source: Source, file: File) -> Iterator[Record | Failure]:
    """All articles of one file. Any error becomes a failure; a file in a folder that holds no articles is left aside."""
    found = False
    try:
        for item in _format(source, file).open(file.where)(file):
            found = True
            yield item
        if not found:
            yield Failure(source.id, DocumentError(f"{file.where}: no articles in it"))
    except NoArticlesError as error:
        if source.asked:
            yield Failure(source.id, error)
        else:
            file.notice(f"left aside: {error}")
    except DocumentError as error:
        yield Failure(source.id, error)
    except OSError as error:
        yield Failure(source.id, DocumentError(f"{file.where}: cannot be read ({error.strerror or error})"))
    except Exception as error:  # noqa: BLE001  what a library makes of a damaged file is its own affair
        told = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        yield Failure(source.id, DocumentError(f"{file.where}: cannot be read ({told}); save it anew, or as .txt"))


def _format(source: Source, file: File) -> Format:
    """The format that a file's suffix stands for, or its beginning if it has none that is known."""
    if source.path is not None and (known := by_name(source.path)):
        return known
    lines = file.opening()
    if lines and is_row(lines[-1], file.fields):
        return JSON_LINES
    if told := by_content(b"".join(lines)):
        return told
    if source.path is None or not source.path.suffix:
        return PLAIN
    raise DocumentError(f"{source.path}: not an article; geo reads {', '.join(SUFFIXES)} files")


# --- articles --------------------------------------------------------------------------------------------------------


def _document(record: Record, metadata: Metadata) -> Document:
    """The article of a record, with what the metadata states of it. Raises DocumentError."""
    row = metadata.row(record.id, *(name for name in record.names if name))
    if not record.text.strip():
        raise DocumentError(f"{record.where}: empty; an article needs text")
    for value in (record.text, record.id, record.title, record.source, record.url):
        _check_characters(value, record.where)
    date = None
    if row.get("date"):
        date = row_date(metadata, row)
    elif record.date:
        date = parse_date(record.date, record.date_where or record.where)
    title, source, url = (row.get(name) or getattr(record, name) for name in ("title", "source", "url"))
    return Document(record.id, record.text, title, source, url, date)


def _check_characters(value: str, where: str) -> None:
    """JSON and broken files can spell what no text holds: NUL and halves of characters."""
    if "\0" in value or re.search("[\ud800-\udfff]", value):
        raise DocumentError(f"{where}: characters that are no text (\\u0000 or half a pair); remove them")
