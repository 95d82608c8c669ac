"""What readers of formats take and give: a `File` in, `Record`s and `Failure`s out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TypeAlias

from geo.documents.streams import Peeked, opening
from geo.errors import DocumentError

CONTAINER = 10  # times the limit of an article that a file of a format with pictures, or of many articles, may have


class NoArticlesError(DocumentError):
    """A sound file that holds no articles: a table without a column of text, say."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be read, by its id or its path (and line), and why."""

    path_or_id: str
    error: DocumentError


@dataclass(frozen=True, slots=True)
class Record:
    """An article as its file states it. `where` is what messages call it, `names` what metadata may know it by."""

    id: str
    text: str
    where: str
    title: str = ""
    source: str = ""
    url: str = ""
    date: str = ""
    language: str = ""
    names: tuple[str, ...] = ()
    date_where: str = ""  # where the date stands, if that is not `where`


@dataclass(frozen=True, slots=True)
class File:
    """A file to read.

    `id` is the name that its articles' ids begin with, `where` what messages call it. `limit` is the most bytes of an
    article; `fields` are the names of fields that the caller gave, by target; `notice` gets a line for what is left aside.
    """

    id: str
    where: str
    open: Callable[[], AbstractContextManager[BinaryIO]]
    limit: int
    fields: Mapping[str, str] = field(default_factory=dict)
    notice: Callable[[str], None] = lambda _: None
    path: Path | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What metadata may call the article of a file of its own, beside its id."""
        return (self.path.as_posix(), self.path.name) if self.path else ()

    def opening(self) -> list[bytes]:
        """The lines up to the first with text, which will be read again."""
        with self.open() as stream:
            lines = opening(stream, self.limit)
            if isinstance(stream, Peeked):
                stream.put_back(lines)
        return lines

    def content(self, times: int = 1) -> bytes:
        """All of the file. Raises DocumentError, unread, when it is larger than `times` the limit."""
        most = self.limit * times
        if self.path is not None and self.path.stat().st_size > most:
            raise too_large(self.where, most)
        with self.open() as stream:  # a pipe has no size, so the limit holds for reading too
            content = stream.read(most + 1)
        if len(content) > most:
            raise too_large(self.where, most)
        return content


Reader: TypeAlias = Callable[[File], Iterator[Record | Failure]]


def too_large(where: str, limit: int) -> DocumentError:
    """The refusal of what is over a limit of bytes."""
    return DocumentError(f"{where}: larger than {limit / 1e6:g} MB; split it into one file an article, or JSON Lines")
