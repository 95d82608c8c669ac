"""The mentions behind the events: each stretch of an article that names a place where something is, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd

from geo.errors import FormatError
from geo.formats.records import records
from geo.maps.payload import pieces
from geo.maps.words import when


@dataclass(slots=True)
class Mention:
    """A name in an article at `start:end` of its text, the place that it means, and what is told of there."""

    document: Mapping[str, Any]  # doc_id, doc_title, doc_source, doc_url, doc_date
    start: int
    end: int
    text: str
    sentence: str
    place: str
    place_id: str
    events: list[str] = field(default_factory=list)  # "meetings, planned: Thursday 5 October 2023"
    ids: list[str] = field(default_factory=list)

    @property
    def doc_id(self) -> str:
        """The id of the article."""
        return str(self.document.get("doc_id") or "")

    @property
    def geonames(self) -> str:
        """The number of the place at GeoNames, "" for places of other sources."""
        source, _, number = self.place_id.partition(":")
        return number if source == "geonames" and number.isdigit() else ""


def mentions(events: gpd.GeoDataFrame, texts: Mapping[str, str] | None = None) -> list[Mention]:
    """The mentions by document, in the documents' order, and by offset.

    Raises FormatError when `texts` is given and has not the mention where it should be.
    """
    found: dict[tuple[str, int, int, str], Mention] = {}
    for row in records(events):
        told = f"{row['layer']}, {row['status']}: {when(row['start'] or '', row['end'] or '', row['precision'] or '')}"
        for piece in pieces(row):
            start, end = piece.get("mention_start"), piece.get("mention_end")
            if start is None or end is None:
                continue
            key = (str(piece.get("doc_id") or ""), int(start), int(end), str(row["place_id"]))
            mention = found.get(key)
            if mention is None:
                mention = found[key] = Mention(
                    piece, int(start), int(end), str(piece.get("mention") or ""), str(piece.get("evidence") or ""),
                    str(row["place"] or ""), str(row["place_id"] or ""),
                )  # fmt: skip
            mention.events.append(told)
            mention.ids.append(str(row["id"]))
    order = {doc: number for number, doc in enumerate(dict.fromkeys(m.doc_id for m in found.values()))}
    ordered = sorted(found.values(), key=lambda m: (order[m.doc_id], m.start, m.end))
    for mention in ordered if texts is not None else ():
        _check(mention, texts or {})
    return ordered


def _check(mention: Mention, texts: Mapping[str, str]) -> None:
    text = texts.get(mention.doc_id)
    if text is None:
        raise FormatError(
            f"{mention.doc_id}: not among the articles given; name them as they were named for geo parse"
        )
    if text[mention.start : mention.end] != mention.text:
        raise FormatError(
            f"{mention.doc_id}: has not {mention.text!r} at {mention.start}:{mention.end}; it has changed since, so parse it again"
        )
