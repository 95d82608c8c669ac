"""`.txt` and `.md`: one article a file, with or without front matter."""

from __future__ import annotations

from collections.abc import Iterator

from geo.documents.metadata import FIELDS, decode, split_front_matter
from geo.documents.record import File, Record


def read(file: File) -> Iterator[Record]:
    """The article of a text file. Raises DocumentError."""
    stated, body = split_front_matter(decode(file.content(), file.where), file.where)
    known = {name: stated[name] for name in FIELDS if name in stated}
    line = f"{file.where}, line {stated['line of date']}" if "line of date" in stated else ""
    yield Record(file.id, body, file.where, **known, names=file.names, date_where=line)
