"""What is stated about articles: front matter, the rows of a metadata CSV, and the dates in either."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path

from geo.errors import DocumentError, MetadataError
from geo.model import When

FIELDS = ("title", "date", "source", "url")


@dataclass(slots=True)
class Metadata:
    """The rows of a metadata file by the file that they name, with the line of each."""

    path: Path | None = None
    rows: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def row(self, *names: str) -> dict[str, str]:
        """The row of the first name that has one."""
        for name in names:
            if name in self.rows:
                self.used.add(name)
                return self.rows[name][1]
        return {}


def parse_date(text: str, where: str, error: type[DocumentError | MetadataError] = DocumentError) -> When:
    """A stated date: 2023-10-04 (a time of day may follow), 2023-10 or 2023. Raises `error`, which names `where`."""
    match = re.fullmatch(
        r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?)?)?", text.strip()
    )
    year, month, day = (int(part) if part else None for part in (match.groups() if match else (None,) * 3))
    try:
        first = dt.date(year or 0, 1 if month is None else month, 1 if day is None else day)
        last = dt.date(first.year + 1, 1, 1) if month is None else dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    except ValueError:
        message = f"{where}: {text[:40]!r} is no date; write a real one as YYYY-MM-DD, YYYY-MM or YYYY"
        raise error(message) from None
    if day is not None:
        return When(first, first + dt.timedelta(days=1), "day", text, 1.0, f"stated by {where}")
    return When(first, last, "year" if month is None else "month", text, 1.0, f"stated by {where}")


def decode(content: bytes, where: str) -> str:
    """UTF-8 text without its byte order mark; line ends stay as they are. Raises DocumentError."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DocumentError(f"{where}: UTF-16 text; save it as UTF-8")
    if b"\0" in content:
        raise DocumentError(f"{where}: a binary file, not text; export it as plain text in UTF-8")
    mark = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    try:
        return content[mark:].decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{where}: not UTF-8 at byte {error.start + mark}; save it as UTF-8") from None


_FENCE = re.compile(r"\s*---[ \t]*(?:\r\n|\r|\n)")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


def split_front_matter(text: str, where: str) -> tuple[dict[str, str], str]:
    """The known fields between two lines `---` at the top, and the body after them, unchanged.

    A text that opens with `---` but holds no known field there has no front matter. Raises DocumentError when
    front matter is not closed.
    """
    opening = _FENCE.match(text)
    if not opening:
        return {}, text
    fields: dict[str, str] = {}
    position, number = opening.end(), 2 + text[: opening.end() - 1].count("\n")
    while position < len(text):
        match = _LINE.match(text, position)
        assert match is not None  # noqa: S101
        line, position = match[1], match.end()
        if line.rstrip() == "---":
            return (fields, text[position:]) if fields else ({}, text)
        key, colon, value = line.partition(":")
        if colon and key.strip().lower() in FIELDS and not key[:1].isspace():
            fields[key.strip().lower()] = _unquote(value.strip())
            if key.strip().lower() == "date":
                fields["line of date"] = str(number)
        number += 1
    if fields:
        raise DocumentError(
            f"{where}, line 1: front matter is not closed; put a line --- after its last field"
        )
    return {}, text


def _unquote(value: str) -> str:
    return value[1:-1].strip() if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def read_metadata(path: Path) -> Metadata:
    """The rows of a metadata CSV, their dates checked. Raises MetadataError."""
    try:
        text = decode(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise MetadataError(f"{path}: no such file; check the path of the metadata") from None
    except OSError as error:
        raise MetadataError(f"{path}: cannot be read ({error.strerror})") from None
    except DocumentError as error:
        raise MetadataError(str(error)) from None
    metadata = Metadata(path)
    try:
        reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
        columns = [name.strip().lower() for name in reader.fieldnames or ()]
        if "file" not in columns:
            raise MetadataError(
                f"{path}: no column “file”; its first line must name the columns file,title,source,date,url"
            )
        reader.fieldnames = columns
        for row in reader:
            _add_row(
                metadata,
                {key: value for key, value in row.items() if isinstance(value, str)},
                reader.line_num,
            )
    except csv.Error as error:
        raise MetadataError(
            f"{path}, line {reader.line_num}: not CSV ({error}); quote fields that hold a quotation mark"
        ) from None
    return metadata


def _add_row(metadata: Metadata, row: dict[str, str], line: int) -> None:
    name = row.get("file", "").strip()
    if not name:
        return
    if name in metadata.rows:
        first = metadata.rows[name][0]
        raise MetadataError(
            f"{metadata.path}, line {line}: {name!r} stands on line {first} already; keep one of them"
        )
    row = {key: value.strip() for key, value in row.items() if key in FIELDS}
    if row.get("date"):
        parse_date(row["date"], f"{metadata.path}, line {line}", MetadataError)
    metadata.rows[name] = (line, row)


def row_date(metadata: Metadata, row: dict[str, str]) -> When:
    """The date of a row; that it is one was checked when the row was read."""
    return parse_date(row["date"], metadata.path.name if metadata.path else "the metadata", MetadataError)
