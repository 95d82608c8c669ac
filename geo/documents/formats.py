"""The formats that articles come in: which suffix or beginning tells each, which module reads it, which extra it needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import PurePath
from typing import cast

from geo.documents.record import Reader
from geo.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Format:
    """A format. `reader` is "module:function" in geo.documents, imported when it is first needed.

    `needs` are the modules that the extra `extra` installs; `begins` tells the format by its first bytes.
    """

    name: str
    suffixes: tuple[str, ...]
    reader: str
    begins: str = ""
    needs: tuple[str, ...] = ()
    extra: str = ""

    def lacks(self) -> str:
        """What is missing to read the format, in words with the remedy; "" if nothing is."""
        missing = [name for name in self.needs if not _installed(name)]
        if not missing:
            return ""
        return f"{self.name} needs {' and '.join(missing)}; install it with pip install 'geo-news[{self.extra}]'"

    def open(self, where: str) -> Reader:
        """The reader. Raises DocumentError when what it needs is not installed."""
        if lacks := self.lacks():
            raise DocumentError(f"{where}: {lacks}")
        module, _, function = self.reader.partition(":")
        return cast("Reader", getattr(import_module(f"geo.documents.{module}"), function))


@cache
def _installed(module: str) -> bool:
    return find_spec(module) is not None


PLAIN = Format("plain text", (".txt", ".md"), "plain:read")
JSON_LINES = Format("JSON Lines", (".jsonl", ".ndjson"), "json_rows:read_lines")
FORMATS = (
    PLAIN,
    JSON_LINES,
    Format("JSON", (".json",), "json_rows:read", begins=r'\[\s*(\{|\Z)|\{\s*(\Z|"[^"]*"\s*:)'),
    Format("CSV", (".csv", ".tsv", ".tab"), "tabular:read_csv"),
    Format("Parquet", (".parquet",), "tabular:read_parquet", r"PAR1", ("pyarrow",), "parquet"),
    Format("HTML", (".html", ".htm", ".xhtml"), "web:read_html", r"<!doctype html|<html[\s>]", ("trafilatura",), "web"),
    Format("RSS or Atom", (".rss", ".atom", ".xml"), "feeds:read", r"<\?xml|<rss[\s>]|<feed[\s>]", ("feedparser",), "web"),
    Format("WARC", (".warc", ".warc.gz", ".wet.gz"), "web:read_warc", r"WARC/1|\x1f\x8b", ("warcio", "trafilatura"), "web"),
    Format("Word", (".docx",), "docx:read", r"PK\x03\x04"),
    Format("PDF", (".pdf",), "pdf:read", r"%PDF-", ("pypdf",), "pdf"),
    Format("mail", (".eml",), "mail:read"),
)
SUFFIXES = tuple(suffix for known in FORMATS for suffix in known.suffixes)


def by_name(path: PurePath) -> Format | None:
    """The format that a file's suffix stands for."""
    name = path.name.lower()
    return next((known for known in FORMATS if name.endswith(known.suffixes)), None)


def by_content(head: bytes) -> Format | None:
    """The format that a file's first bytes tell of; None for what may be plain text, JSON Lines or nothing that is known."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().decode("latin-1")
    return next((known for known in FORMATS if known.begins and re.match(known.begins, text, re.IGNORECASE)), None)
