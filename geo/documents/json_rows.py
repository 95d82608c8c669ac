"""JSON Lines, arrays of objects and objects that hold such an array: an article an object.

Lines are read one at a time and arrays an element at a time, so that a file may be of any size.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from geo.documents.fields import holds_text, no_text, to_record
from geo.documents.metadata import decode
from geo.documents.record import Failure, File, NoArticlesError, Record, too_large
from geo.documents.streams import CHUNK, lines_of
from geo.errors import DocumentError

SPACE = " \t\r\n"


def read(file: File) -> Iterator[Record | Failure]:
    """The articles of a `.json` file, whichever way it holds them."""
    first = b"".join(file.opening()[-1:])
    if first.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"["):
        yield from _read_array(file)
    elif is_row(first, file.fields):
        yield from read_lines(file)
    else:
        yield from _read_object(file)


# --- lines -----------------------------------------------------------------------------------------------------------


def read_lines(file: File, first: int = 1) -> Iterator[Record | Failure]:
    """The articles of JSON Lines from line `first` on, blank lines left out. Ids are those of the rows, else `file:line`."""
    rows = 0
    with file.open() as stream:
        for number, line in enumerate(lines_of(stream, file.limit), first):
            if line is not None and not line.strip():
                continue
            rows += 1
            where = f"{file.id}:{number}"
            try:
                if line is None:
                    raise too_large(where, file.limit)
                yield _line_record(line, where, file.fields)
            except DocumentError as error:
                yield Failure(where, error)
    if not rows:
        raise DocumentError(f"{file.id}: empty; JSON Lines need a row an article")


def is_row(line: bytes, fields: Mapping[str, str]) -> bool:
    """Whether a line is an object with a field for the text."""
    try:
        row = json.loads(line.removeprefix(codecs.BOM_UTF8), parse_int=str)  # of any length
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and holds_text(row, fields)


def _line_record(line: bytes, where: str, fields: Mapping[str, str]) -> Record:
    row = _loads(decode(line, where), where, "put one object on each line")
    return _row_record(row, where, fields)


def _row_record(row: object, where: str, fields: Mapping[str, str]) -> Record:
    if not isinstance(row, dict):
        raise DocumentError(f'{where}: no text; write a row as {{"id": "…", "text": "…"}}')
    return to_record(row, where, where, fields)


def _loads(text: str, where: str, remedy: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError:
        raise DocumentError(f"{where}: not a JSON row; it is nested too deeply") from None
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in text.strip() else ""
        raise DocumentError(f"{where}: not JSON ({error.msg} at {line}column {error.colno}); {remedy}") from None
    except ValueError:
        raise DocumentError(f"{where}: not a JSON row; a number in it is too long") from None


# --- arrays and objects ----------------------------------------------------------------------------------------------


def _read_array(file: File) -> Iterator[Record | Failure]:
    """The articles of an array of objects. Ids are those of the objects, else `file#number`, from 1."""
    with file.open() as stream:
        yield from _records(_elements(stream, file), file)


def _records(rows: Iterable[object], file: File) -> Iterator[Record | Failure]:
    for number, row in enumerate(rows, 1):
        where = f"{file.id}#{number}"
        names = list(row) if isinstance(row, dict) else []
        if number == 1 and not holds_text(names, file.fields):
            raise NoArticlesError(f"{file.where}: {no_text(names)}")
        try:
            yield _row_record(row, where, file.fields)
        except DocumentError as error:
            yield Failure(where, error)


def _elements(stream: BinaryIO, file: File) -> Iterator[object]:
    """The elements of a JSON array, of which no more than one is in memory. Raises DocumentError where it is broken."""
    text = _Text(stream, file.where)
    text.skip()
    text.position += 1  # the bracket
    number = 0
    while (mark := text.skip()) not in {"]", ""}:
        text.position += mark == "," and number > 0
        number += 1
        text.skip()
        yield text.element(f"{file.where}, element {number}", file.limit)
    if not mark:
        raise DocumentError(f"{file.where}: the array does not end; the file is cut off after element {number}")


class _Text:
    """The text of a stream, read as it is needed."""

    def __init__(self, stream: BinaryIO, where: str) -> None:
        self.stream = stream
        self.where = where
        self.text = ""
        self.position = 0
        self.ended = False
        self._utf8 = codecs.getincrementaldecoder("utf-8-sig")()

    def more(self) -> None:
        """Read on: as much again as is at hand, so that long elements are tried few times."""
        content = self.stream.read(max(CHUNK, len(self.text) - self.position))
        self.ended = not content
        try:
            added = self._utf8.decode(content, final=self.ended)
        except UnicodeDecodeError:
            raise DocumentError(f"{self.where}: not UTF-8; save it as UTF-8") from None
        self.text, self.position = self.text[self.position :] + added, 0

    def skip(self) -> str:
        """The next character that is no space, "" at the end."""
        while True:
            while self.position < len(self.text) and self.text[self.position] in SPACE:
                self.position += 1
            if self.position < len(self.text) or self.ended:
                return self.text[self.position : self.position + 1]
            self.more()

    def element(self, where: str, limit: int) -> object:
        """The JSON value that begins here."""
        decoder = json.JSONDecoder()
        while True:
            try:
                value, end = decoder.raw_decode(self.text, self.position)
            except RecursionError:
                raise DocumentError(f"{where}: nested too deeply; the rest of the file is left out") from None
            except json.JSONDecodeError as error:
                if self.ended:
                    raise DocumentError(f"{where}: not JSON ({error.msg}); the rest of the file is left out") from None
            except ValueError:
                raise DocumentError(f"{where}: a number in it is too long; the rest of the file is left out") from None
            else:
                if end < len(self.text) or self.ended:  # else a number may go on
                    self.position = end
                    return value
            if len(self.text) - self.position > limit:
                raise DocumentError(
                    f"{where}: not JSON, or larger than {limit / 1e6:g} MB; the rest of the file is left out"
                )
            self.more()


def _read_object(file: File) -> Iterator[Record | Failure]:
    """The article that an object is, or those of the array in it: {"articles": [...]}."""
    whole = _loads(decode(file.content(), file.where), file.where, "mend it, or write JSON Lines")
    if not isinstance(whole, dict):
        raise NoArticlesError(f"{file.where}: no articles; JSON is read as an object, or an array or lines of them")
    if holds_text(whole, file.fields):
        yield to_record(whole, file.id, file.where, file.fields)
        return
    arrays = [value for value in whole.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    if len(arrays) != 1:
        raise NoArticlesError(f"{file.where}: {no_text(whole)}")
    yield from _records(arrays[0], file)
