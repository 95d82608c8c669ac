"""An archive for brat: an .ann file an article, the articles' texts when they are given, and brat's configuration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import geopandas as gpd

from geo.formats.brat import TYPE, lines
from geo.formats.mentions import mentions

CONFIGURATION = f"[entities]\n{TYPE}\n[relations]\n[events]\n[attributes]\n"
LONGEST = 80  # characters of a file's name


def write(events: gpd.GeoDataFrame, path: Path, texts: Mapping[str, str] | None = None) -> None:
    """Write the archive; the same table gives the same bytes. Raises FormatError when a text has not its mentions, and OSError."""
    taken: set[str] = set()
    index = []
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for doc_id, found in groupby(mentions(events, texts), key=lambda mention: mention.doc_id):
            name = _name(doc_id, taken)
            own = list(found)
            _add(archive, f"{name}.ann", "".join(lines(own)))
            if texts is not None:
                _add(archive, f"{name}.txt", texts[doc_id])
            facts = [
                str(own[0].document.get(key) or "")
                for key in ("doc_title", "doc_source", "doc_url", "doc_date")
            ]
            index.append("\t".join(" ".join(fact.split()) for fact in (name, doc_id, *facts)))
        _add(archive, "annotation.conf", CONFIGURATION)
        _add(archive, "documents.tsv", "\n".join(("file\tid\ttitle\tsource\turl\tdate", *index, "")))


def _add(archive: ZipFile, name: str, content: str) -> None:
    entry = ZipInfo(name)  # of 1980, whenever it is made
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content.encode("utf-8", "replace"))


def _name(doc_id: str, taken: set[str]) -> str:
    """A name for the document's files that leads nowhere else and that no other has."""
    stem = (
        re.sub(r"[^\w-]+", "_", PurePosixPath(doc_id.replace("\\", "/")).stem).strip("_")[:LONGEST]
        or "document"
    )
    name, number = stem, 1
    while name.lower() in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name.lower())
    return name
