"""RSS and Atom files (feedparser): an article an entry."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from geo.documents.markup import text_of
from geo.documents.record import Failure, File, NoArticlesError, Record, too_large
from geo.errors import DocumentError


def read(file: File) -> Iterator[Record | Failure]:
    """The entries of a feed. Ids are `file#number`; metadata may name an entry by its link or its own id."""
    import feedparser  # noqa: PLC0415  an extra

    content = file.content()
    if re.search(rb"<!ENTITY", content.replace(b"\0", b""), re.IGNORECASE):  # UTF-16 has a NUL beside each letter
        raise DocumentError(f"{file.where}: it declares entities, which may grow without end; save the feed without a DTD")
    # never a string, which could be taken for an address; cleaning HTML, of which only the text is taken, may take hours
    feed = feedparser.parse(io.BytesIO(content), sanitize_html=False, resolve_relative_uris=False)
    if not feed.version and not feed.entries:
        raise NoArticlesError(f"{file.where}: XML, but neither RSS nor Atom; geo reads feeds")
    language = str(feed.feed.get("language", ""))
    title = text_of(str(feed.feed.get("title", "")))
    for number, entry in enumerate(feed.entries, 1):
        where = f"{file.id}#{number}"
        record = _entry(entry, where, title, language)
        if len(record.text) > file.limit:
            yield Failure(where, too_large(where, file.limit))
        elif not record.text.strip():
            yield Failure(where, DocumentError(f"{where}: the entry has no text, only a link; save the page as .html"))
        else:
            yield record


def _entry(entry: Mapping[str, Any], where: str, feed_title: str, language: str) -> Record:
    bodies = [str(part.get("value", "")) for part in entry.get("content", ())] or [str(entry.get("summary", ""))]
    link = str(entry.get("link", ""))
    stated = entry.get("published_parsed") or entry.get("updated_parsed")
    source = entry.get("source") or {}
    return Record(
        where,
        text_of(max(bodies, key=len)),
        where,
        title=text_of(str(entry.get("title", ""))),
        source=text_of(str(source.get("title", ""))) or feed_title,
        url=link,
        date=dt.date(*stated[:3]).isoformat() if stated else "",
        language=str(entry.get("language", "") or language),
        names=(link, str(entry.get("id", ""))),
    )
