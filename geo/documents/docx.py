"""Word files: one article, or the many of a download from Nexis Uni, split at its lines “End of Document”.

The text is read from the XML in the zip by the standard library's parser, in bounded steps and without DTDs.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from geo.documents.record import CONTAINER, Failure, File, Record, too_large
from geo.documents.written_dates import iso_date
from geo.errors import DocumentError

CHUNK = 1 << 16
WORD = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
TITLE = "http://purl.org/dc/elements/1.1/ title"
END = "end of document"
BODY = "body"
AFTER = ("classification", "load-date:", "graphic")  # begin what Nexis puts after the body


@dataclass(slots=True)
class Paragraph:
    """A paragraph with the name of its style, such as Heading1."""

    text: str = ""
    style: str = ""


def read(file: File) -> Iterator[Record | Failure]:
    """The article of a Word file, or `file#number` for each in a download from Nexis Uni."""
    content = file.content(CONTAINER)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentError(f"{file.where}: an old Word file (.doc) or an encrypted one; save it as .docx without a password")
    most = file.limit * CONTAINER
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            paragraphs = _paragraphs(archive, most, file.where)
            title = _core_title(archive, most, file.where)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DocumentError(f"{file.where}: not a Word file, or damaged ({error}); save it anew as .docx") from None
    if any(p.text.strip().lower() == END for p in paragraphs):
        yield from _nexis(paragraphs, file)
        return
    text = "\n\n".join(p.text for p in paragraphs if p.text.strip())
    if len(text) > file.limit:
        raise too_large(file.where, file.limit)
    heading = next((p.text for p in paragraphs if p.style.lower() in {"title", "heading1"} and p.text.strip()), "")
    yield Record(file.id, text, file.where, title=heading.strip() or title, names=file.names)


# --- Nexis Uni -------------------------------------------------------------------------------------------------------


def _nexis(paragraphs: list[Paragraph], file: File) -> Iterator[Record | Failure]:
    article: list[Paragraph] = []
    number = 0
    for paragraph in [*paragraphs, Paragraph(END)]:
        if paragraph.text.strip().lower() != END:
            article += [paragraph] if paragraph.text.strip() else []
            continue
        if article:
            number += 1
            where = f"{file.id}#{number}"
            try:
                yield _nexis_article(article, where, file.limit)
            except DocumentError as error:
                yield Failure(where, error)
        article = []


def _nexis_article(paragraphs: list[Paragraph], where: str, limit: int) -> Record:
    """An article of Nexis: title, source and date in lines above “Body”, what it is filed under after the text."""
    lines = [line.strip() for p in paragraphs for line in p.text.splitlines() if line.strip()]
    try:
        first = next(i for i, line in enumerate(lines) if line.lower().rstrip(":") == BODY)
    except StopIteration:
        raise DocumentError(f"{where}: no line “Body”; download it from Nexis with the full text") from None
    last = next((i for i in range(first + 1, len(lines)) if lines[i].lower().startswith(AFTER)), len(lines))
    text = "\n\n".join(lines[first + 1 : last])
    if len(text) > limit:
        raise too_large(where, limit)
    header, filed = lines[:first], lines[last:]
    # a list of contents may stand above the first article, so the date is sought from below
    dated = next((i for i in range(first - 1, -1, -1) if iso_date(header[i]) != header[i]), None)
    heading = next((p.text.strip() for p in reversed(paragraphs) if p.style == "Heading1"), "")
    if dated is None or dated < 2:
        return Record(where, text, where, title=heading or (header[0] if header else ""), language=_filed(filed, "language"))
    place = _filed(header, "dateline")
    if place and not text.startswith(place):
        text = f"{place} — {text}"
    return Record(
        where,
        text,
        where,
        title=heading or header[dated - 2],
        source=header[dated - 1],
        date=iso_date(header[dated]),
        language=_filed(filed, "language"),
        names=(header[dated - 2],),
    )


def _filed(lines: list[str], name: str) -> str:
    """What stands after "Name:" at the beginning of a line."""
    return next((line[len(name) + 1 :].strip() for line in lines if line.lower().startswith(name + ":")), "")


# --- the XML ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Words:
    """Gathers paragraphs from the elements of a document; those of a text box come before the one that holds it."""

    done: list[Paragraph] = field(default_factory=list)
    open: list[tuple[Paragraph, list[str]]] = field(default_factory=list)
    in_text: bool = False
    passed_over: int = 0  # depth within what only older programs show, a copy of what stands beside

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == FALLBACK or self.passed_over:
            self.passed_over += 1
            return
        space, _, tag = name.rpartition(" ")
        if space not in WORD:
            return
        if tag == "p":
            self.open.append((Paragraph(), []))
        elif self.open:
            self.in_text = tag == "t"
            paragraph, parts = self.open[-1]
            parts.append({"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}.get(tag, ""))
            if tag == "pStyle":
                paragraph.style = attributes.get(f"{space} val", "")

    def end(self, name: str) -> None:
        if self.passed_over:
            self.passed_over -= 1
            return
        space, _, tag = name.rpartition(" ")
        self.in_text = False
        if space in WORD and tag == "p" and self.open:
            paragraph, parts = self.open.pop()
            paragraph.text = "".join(parts)
            self.done.append(paragraph)

    def characters(self, text: str) -> None:
        if self.in_text and not self.passed_over:
            self.open[-1][1].append(text)


def _paragraphs(archive: zipfile.ZipFile, most: int, where: str) -> list[Paragraph]:
    words = _Words()
    parser = _parser(where)
    parser.StartElementHandler, parser.EndElementHandler = words.start, words.end
    parser.CharacterDataHandler = words.characters
    try:
        with archive.open("word/document.xml") as stream:
            _feed(parser, stream, most, where)
    except KeyError:
        raise DocumentError(f"{where}: a zip file, but no Word file in it; save the text as .docx") from None
    return words.done


def _core_title(archive: zipfile.ZipFile, most: int, where: str) -> str:
    """The title in the file's properties, "" if there is none."""
    names: list[str] = []
    parts: list[str] = []
    parser = _parser(where)
    parser.StartElementHandler = lambda name, _: names.append(name)
    parser.EndElementHandler = lambda _: names.pop()
    parser.CharacterDataHandler = lambda text: parts.append(text) if names[-1] == TITLE else None
    try:
        with archive.open("docProps/core.xml") as stream:
            _feed(parser, stream, most, where)
    except KeyError:
        return ""
    return "".join(parts).strip()


def _parser(where: str) -> expat.XMLParserType:
    """A parser that refuses DTDs, for the entities in them may grow without end or name files."""

    def refuse(*_: object) -> None:
        raise DocumentError(f"{where}: a DTD in it, as no Word file has; it is not read")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _feed(parser: expat.XMLParserType, stream: IO[bytes], most: int, where: str) -> None:
    size = 0
    try:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise DocumentError(f"{where}: unpacks to more than {most / 1e6:g} MB; it is not read further")
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise DocumentError(f"{where}: damaged XML in it ({error}); save it anew as .docx") from None
