"""brat's standoff: the mentions of one article as lines of an .ann file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import geopandas as gpd

from geo.errors import FormatError
from geo.formats.mentions import Mention, mentions

TYPE = "Place"  # of every annotation; brat's annotation.conf names it
BREAKS = re.compile(r"[\n\r]+")


def write(events: gpd.GeoDataFrame, path: Path, texts: Mapping[str, str] | None = None) -> None:
    """Write the mentions of the one article that the table tells of. Raises FormatError when there are more, and OSError."""
    found = mentions(events, texts)
    documents = dict.fromkeys(mention.doc_id for mention in found)
    if len(documents) > 1:
        raise FormatError(
            f"brat has a file an article, and the events come from {len(documents)}: write them as .brat.zip"
        )
    path.write_text("".join(lines(found)), encoding="utf-8", newline="\n")


def lines(found: Sequence[Mention]) -> Iterator[str]:
    """A text-bound annotation for each mention, its place at GeoNames, and what is told of there as a note."""
    for number, mention in enumerate(found, 1):
        spans, words = _fragments(mention)
        yield f"T{number}\t{TYPE} {spans}\t{words}\n"
        if mention.geonames:
            yield f"N{number}\tReference T{number} GeoNames:{mention.geonames}\t{_line(mention.place)}\n"
        yield f"#{number}\tAnnotatorNotes T{number}\t{_line('; '.join((mention.place, *mention.events)))}\n"


def _fragments(mention: Mention) -> tuple[str, str]:
    """Offsets and words; a name that runs over a line break is in fragments, for brat has no breaks in an annotation."""
    spans, words, start = [], [], 0
    for gap in (*BREAKS.finditer(mention.text), None):
        end = gap.start() if gap else len(mention.text)
        if end > start:
            spans.append(f"{mention.start + start} {mention.start + end}")
            words.append(mention.text[start:end])
        start = gap.end() if gap else end
    return ";".join(spans) or f"{mention.start} {mention.end}", " ".join(words)


def _line(text: str) -> str:
    return " ".join(text.split())
