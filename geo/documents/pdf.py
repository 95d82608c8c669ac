"""PDF files with text in them (pypdf): one article a file."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

from geo.documents.record import CONTAINER, File, Record, too_large
from geo.errors import DocumentError

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # what failed is told by us, once


def read(file: File) -> Iterator[Record]:
    """The article of a PDF. Its date is not taken: a PDF states when it was made, not when the article was written."""
    from pypdf import PdfReader  # noqa: PLC0415  an extra
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    content = file.content(CONTAINER)
    if b"%PDF" not in content[:1024]:
        raise DocumentError(f"{file.where}: not a PDF; save it as one, or its text as .txt")
    try:
        document = PdfReader(io.BytesIO(content), strict=False)
        if document.is_encrypted and not document.decrypt(""):
            raise DocumentError(f"{file.where}: needs a password; save it without one")
        text = _text(document, file)
        title = str((document.metadata and document.metadata.title) or "").strip()
    except (PyPdfError, ImportError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        if isinstance(error, DocumentError):
            raise
        raise DocumentError(f"{file.where}: the PDF cannot be read ({type(error).__name__}: {error})") from None
    if not text.strip():
        raise DocumentError(f"{file.where}: no text in the PDF; if it is a scan, run OCR over it first")
    yield Record(file.id, text, file.where, title=title, names=file.names)


def _text(document: object, file: File) -> str:
    pages: list[str] = []
    size = 0
    for page in document.pages:  # type: ignore[attr-defined]
        pages.append(page.extract_text())
        size += len(pages[-1])
        if size > file.limit:
            raise too_large(file.where, file.limit)
    return unbroken("\n".join(pages)).strip()


def unbroken(text: str) -> str:
    r"""The text with words that were broken at the ends of lines whole again: "nego-\ntiated", "Nagorno-\nKarabakh".

    >>> unbroken("They nego-\ntiated on Nagorno-\nKarabakh.")
    'They negotiated on Nagorno-Karabakh.'
    """
    text = re.sub(r"(?<=[a-z])-[ \t]*\n[ \t]*(?=[a-z])", "", text)
    return re.sub(r"(?<=\w)-[ \t]*\n[ \t]*(?=[A-Z])", "-", text)
