"""Letters (`.eml`), such as newsletters and alerts: one article a file."""

from __future__ import annotations

import email.policy
import email.utils
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser

from geo.documents.markup import text_of
from geo.documents.record import CONTAINER, File, Record, too_large
from geo.errors import DocumentError


def read(file: File) -> Iterator[Record]:
    """The body of a letter: its plain text, else its HTML. Attachments are left aside with a notice."""
    letter = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(file.content(CONTAINER))
    if not letter.keys():
        raise DocumentError(f"{file.where}: no letter; its first lines must be headers such as From and Date")
    body = letter.get_body(("plain", "html"))
    if body is None:
        raise DocumentError(f"{file.where}: a letter without text; save its attachment as a file of its own")
    try:
        content = str(body.get_content())
    except (LookupError, ValueError) as error:
        raise DocumentError(f"{file.where}: its text cannot be decoded ({error})") from None
    text = text_of(content) if body.get_content_subtype() == "html" else content
    if len(text) > file.limit:
        raise too_large(file.where, file.limit)
    if attached := sum(1 for _ in letter.iter_attachments()):
        file.notice(f"{file.where}: {attached} {'attachment is' if attached == 1 else 'attachments are'} not read")
    name, address = email.utils.parseaddr(_header(letter, "From"))
    yield Record(
        file.id,
        text,
        file.where,
        title=_header(letter, "Subject"),
        source=name or address,
        date=_day(_header(letter, "Date")),
        language=_header(letter, "Content-Language"),
        names=file.names,
    )


def _header(letter: EmailMessage, name: str) -> str:
    try:
        return " ".join(str(letter.get(name, "")).split())
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):  # the parser's own errors on wild headers
        return ""


def _day(stated: str) -> str:
    """The day of a Date header where it was written, "" if it is none."""
    try:
        return email.utils.parsedate_to_datetime(stated).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return ""
