"""HTML pages, saved one by one or in a WARC file → the article in each, without menus and comments (trafilatura)."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from geo.documents.markup import language_of
from geo.documents.record import Failure, File, Record, too_large
from geo.errors import DocumentError

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

PAGES = ("text/html", "application/xhtml+xml")
CHUNK = 1 << 16

for _library in ("trafilatura", "htmldate", "justext", "charset_normalizer", "courlan", "warcio"):
    logging.getLogger(_library).addHandler(logging.NullHandler())  # what failed is told by us, once


def read_html(file: File) -> Iterator[Record]:
    """The article of a saved page. Raises DocumentError when the page has none."""
    yield _article(file.content(), file.id, file.where, names=file.names)


def _article(content: bytes | str, article: str, where: str, url: str = "", names: tuple[str, ...] = ()) -> Record:
    """The article of a page; `url` is where it was found, if that is known.

    Its date is the one that the page states of itself, never one guessed from its text.
    """
    from trafilatura import bare_extraction  # noqa: PLC0415  an extra, and slow to import

    try:
        page: Any = bare_extraction(
            content,
            url=url or None,
            include_comments=False,
            include_tables=False,
            with_metadata=True,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # noqa: BLE001  a page may break the parsers in any way, and is one of many
        raise DocumentError(f"{where}: the page cannot be read ({type(error).__name__}: {error})") from None
    text = str(page.text or "").strip() if page else ""
    if not page or not text:
        raise DocumentError(f"{where}: no article is found in the page; save its text as .txt")
    head = content[:4096] if isinstance(content, str) else content[:4096].decode("latin-1")
    return Record(
        article,
        re.sub(r"\n+", "\n\n", text),  # a line is a paragraph
        where,
        title=str(page.title or ""),
        source=str(page.sitename or page.hostname or ""),
        url=url or str(page.url or ""),
        date=str(page.date or ""),
        language=language_of(head),
        names=names,
    )


def read_warc(file: File) -> Iterator[Record | Failure]:
    """The articles of the pages in a WARC file, and those of a WET file. Ids are `file#number` of the page in the file."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415  an extra
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    others: Counter[str] = Counter()
    number = 0
    with file.open() as stream:
        try:
            for record in ArchiveIterator(stream):
                kind = _kind(record)
                if kind not in {*PAGES, "text/plain"}:
                    others[kind] += 1
                    continue
                number += 1
                yield _warc_article(record, kind, f"{file.id}#{number}", file)
        except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
            raise DocumentError(f"{file.where}, after page {number}: not WARC, or damaged ({error}); the rest is left out") from None
    others.pop("", None)
    if others:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(others.items()))
        file.notice(f"{file.where}: records that are no pages are left aside ({kinds})")


def _kind(record: ArcWarcRecord) -> str:
    """The media type of a page that was fetched, "" for what is about fetching."""
    headers: Any = None
    if record.rec_type in {"response", "revisit"}:
        headers = record.http_headers
        if headers is not None and headers.get_statuscode() != "200":
            return "redirects and errors"
    elif record.rec_type in {"resource", "conversion"}:
        headers = record.rec_headers
    stated = headers.get_header("Content-Type") if headers is not None else None
    return str(stated or "").partition(";")[0].strip().lower()


def _warc_article(record: ArcWarcRecord, kind: str, where: str, file: File) -> Record | Failure:
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    try:
        content = _payload(record, where, file.limit)
        if kind != "text/plain":
            return _article(content, where, where, url, (url,))
        return Record(where, content.decode("utf-8", "replace"), where, url=url, names=(url,))
    except DocumentError as error:
        return Failure(where, error)


def _payload(record: ArcWarcRecord, where: str, limit: int) -> bytes:
    """What was fetched, unpacked no further than the limit."""
    stream, parts, size = record.content_stream(), [], 0
    while part := stream.read(CHUNK):
        parts.append(part)
        size += len(part)
        if size > limit:
            raise too_large(where, limit)
    return b"".join(parts)
