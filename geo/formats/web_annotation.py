"""The mentions as W3C Web Annotations (JSON-LD): which words of which article mean which place."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

import geopandas as gpd

from geo.formats.mentions import Mention, mentions
from geo.formats.records import is_web

CONTEXT = 32  # characters before and after a quotation, by which a client finds it again


def write(events: gpd.GeoDataFrame, path: Path) -> None:
    """Write one AnnotationCollection, an annotation a mention. Raises OSError."""
    items = [_annotation(mention) for mention in mentions(events)]
    collection = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": _urn(*(item["id"] for item in items)),
        "type": "AnnotationCollection",
        "label": "Places named in news articles",
        "total": len(items),
        "first": {
            "id": _urn("page", *(item["id"] for item in items)),
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": items,
        },
    }
    path.write_text(
        json.dumps(collection, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n"
    )


def _annotation(mention: Mention) -> dict[str, Any]:
    bodies: list[dict[str, Any]] = [{"type": "TextualBody", "purpose": "tagging", "value": mention.place}]
    if mention.geonames:
        source = f"https://sws.geonames.org/{mention.geonames}/"
        bodies.insert(0, {"type": "SpecificResource", "purpose": "identifying", "source": source})
    bodies += [
        {"type": "TextualBody", "purpose": "describing", "format": "text/plain", "value": told}
        for told in mention.events
    ]
    url = str(mention.document.get("doc_url") or "")
    return {
        "id": _urn(mention.doc_id, str(mention.start), str(mention.end), mention.place_id),
        "type": "Annotation",
        "motivation": "identifying",
        "body": bodies,
        "target": {
            # an article without an address is known by its path, beside this file
            "source": url if is_web(url) else quote(mention.doc_id, errors="replace"),
            "selector": [
                {"type": "TextPositionSelector", "start": mention.start, "end": mention.end},
                _quotation(mention),
            ],
        },
    }


def _quotation(mention: Mention) -> dict[str, str]:
    """The words, with what stands around them where the sentence tells."""
    selector = {"type": "TextQuoteSelector", "exact": mention.text}
    if mention.text and mention.sentence.count(mention.text) == 1:
        before, _, after = mention.sentence.partition(mention.text)
        selector |= {"prefix": before[-CONTEXT:], "suffix": after[:CONTEXT]}
    return selector


def _urn(*parts: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(parts)).urn
