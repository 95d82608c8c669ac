"""A small table of events with every kind of geometry, status and date, and one with texts that mean harm."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString, MultiLineString, Point, Polygon

GRANADA = {
    "place": "Granada",
    "place_id": "geonames:2517117",
    "place_kind": "city",
    "country": "ES",
    "geometry": Point(-3.607, 37.188),
}
YEREVAN = {
    "place": "Yerevan",
    "place_id": "geonames:616052",
    "place_kind": "city",
    "country": "AM",
    "geometry": Point(44.514, 40.182),
}
TEHRAN = {
    "place": "Tehran",
    "place_id": "geonames:112931",
    "place_kind": "city",
    "country": "IR",
    "geometry": Point(51.421, 35.694),
}
BRUSSELS = {
    "place": "Brussels",
    "place_id": "geonames:2800866",
    "place_kind": "city",
    "country": "BE",
    "geometry": Point(4.349, 50.850),
}
GORIS = {
    "place": "Goris",
    "place_id": "geonames:174895",
    "place_kind": "city",
    "country": "AM",
    "geometry": Point(46.340, 39.508),
}
ARMENIA = {
    "place": "Armenia",
    "place_id": "geonames:174982",
    "place_kind": "country",
    "country": "AM",
    "geometry": Point(45.0, 40.0),
}
STEPANAKERT = {
    "place": "Stepanakert", "other_name": "Khankendi", "disputed": True, "place_id": "geonames:148617",
    "place_kind": "city", "country": "", "geometry": Point(46.752, 39.815),
}  # fmt: skip
LACHIN = {
    "place": "Lachin corridor", "place_id": "geo:lachin-corridor", "place_kind": "corridor", "country": "",
    "place_status": "blocked", "valid_from": "1992", "valid_to": "2023-09", "disputed": True,
    "geometry": MultiLineString([[(46.340, 39.508), (46.46, 39.55), (46.547, 39.641), (46.65, 39.70), (46.749, 39.758), (46.752, 39.815)]]),
}  # fmt: skip
ZANGEZUR = {
    "place": "Zangezur corridor", "other_name": "Syunik transit", "place_id": "geo:syunik-transit", "place_kind": "corridor",
    "place_status": "proposed", "country": "AM",
    "geometry": LineString([(46.72, 39.02), (46.55, 38.89), (46.24, 38.90), (46.05, 38.87), (45.98, 38.98)]),
}  # fmt: skip
KARABAKH = {
    "place": "Nagorno-Karabakh", "other_name": "Artsakh", "disputed": True, "place_id": "geo:nagorno-karabakh",
    "place_kind": "region", "country": "",
    "geometry": Polygon([(46.2, 40.3), (46.9, 40.35), (47.2, 39.9), (47.1, 39.5), (46.75, 39.35), (46.5, 39.7), (46.3, 39.95)]),
}  # fmt: skip


def event(
    number: int, layer: str, place: dict[str, Any], sentence: str, mention: str, **more: Any
) -> dict[str, Any]:
    """A row of the table; `more` overrides its columns."""
    start = more.get("start", "2023-09-19")
    evidence = {
        "evidence": sentence, "mention": mention, "doc_id": "a1", "doc_title": "What the week brought",
        "doc_source": "The Courier", "doc_url": "https://news.example/a1", "doc_date": "2023-10-04",
    }  # fmt: skip
    row = {
        "id": f"e-{number:08x}", "layer": layer, "plover": "CONSULT", "status": "occurred", "start": start,
        "end": more.get("end", "2023-09-20"), "precision": "day", "date_text": "on Tuesday",
        "year": int(start[:4]) if start else None, "actors": "Armenia; Azerbaijan", "confidence": 0.87,
        "reason": "the largest place of that name, named beside others of its country",
        "mention_start": 10, "mention_end": 10 + len(mention), "place_status": "", "valid_from": "", "valid_to": "",
        "other_name": "", "disputed": False, **place, **evidence,
    }  # fmt: skip
    row |= more
    pieces = [{name: row[name] for name in evidence}, *more.get("also", [])]
    row |= {"mentions_count": len(pieces), "sources": json.dumps(pieces, ensure_ascii=False)}
    row.pop("also", None)
    return row


def table(rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    # as objects: texts that pyarrow holds have no half of a surrogate pair
    frame = pd.DataFrame({name: pd.Series([row.get(name) for row in rows], dtype=object) for name in dict.fromkeys(n for r in rows for n in r)})
    kinds = {"year": "Int64", "disputed": "bool", "confidence": "float64", "mention_start": "Int64", "mention_end": "Int64", "mentions_count": "Int64"}
    frame = frame.astype({name: kind for name, kind in kinds.items() if name in frame})
    return gpd.GeoDataFrame(frame, geometry="geometry" if rows else gpd.GeoSeries([]), crs="EPSG:4326")


def events() -> gpd.GeoDataFrame:
    """Eighteen events: 2023 with most, one in 2022, one in 1994, one undated."""
    also = {
        "evidence": "A second paper put the meeting in Granada down to a quarrel over who else would come.",
        "mention": "Granada", "doc_id": "b2", "doc_title": "No talks in Spain", "doc_source": "Evening Post",
        "doc_url": "", "doc_date": "2023-10-05",
    }  # fmt: skip
    rows = [
        event(1, "meetings", GRANADA, "The two leaders were to sit down in Granada on Thursday, but one of them called it off.", "Granada",
              status="cancelled", start="2023-10-05", end="2023-10-06", date_text="on Thursday", also=[also]),
        event(2, "meetings", YEREVAN, "France's foreign minister came to Yerevan on Tuesday and promised help.", "Yerevan", start="2023-10-03", end="2023-10-04"),
        event(3, "meetings", TEHRAN, "Envoys of both sides had met in Tehran before.", "Tehran", start="2023-10-04", end="2023-10-05", precision="document"),
        event(4, "meetings", BRUSSELS, "They will meet again in Brussels on Sunday.", "Brussels", status="planned", start="2023-05-14", end="2023-05-15", actors="European Council"),
        event(5, "clashes", KARABAKH, "Shells fell on Nagorno-Karabakh for a day in September.", "Nagorno-Karabakh", start="2023-09-01", end="2023-10-01", precision="month"),
        event(6, "clashes", STEPANAKERT, "Blasts were heard in Stepanakert at noon.", "Stepanakert"),
        event(7, "ceasefires", STEPANAKERT, "A truce was announced in Stepanakert a day later.", "Stepanakert", start="2023-09-20", end="2023-09-21"),
        event(8, "displacement", GORIS, "Cars filled with families reached Goris through the night.", "Goris", start="2023-09-25", end="2023-09-26"),
        event(9, "displacement", STEPANAKERT, "By the end of the month, few were left in Stepanakert.", "Stepanakert", start="2023-09-24", end="2023-10-01", precision="week"),
        event(10, "aid", GORIS, "Tents and blankets were handed out in Goris.", "Goris", start="2023-09-26", end="2023-09-27"),
        event(11, "corridors", LACHIN, "A checkpoint had closed the Lachin corridor since the spring.", "Lachin corridor", start="2023-04-23", end="2023-04-24"),
        event(12, "blockades", LACHIN, "No lorry had passed the Lachin corridor for weeks.", "Lachin corridor", start="2023-01-01", end="2024-01-01", precision="year"),
        event(13, "corridors", ZANGEZUR, "Baku wants a road across the south, the so-called Zangezur corridor.", "Zangezur corridor", status="proposed", start="2023-10-04", end="2023-10-05", precision="document"),
        event(14, "statements", ARMENIA, "Armenia denied that it had moved troops.", "Armenia", status="denied", start="2023-09-19"),
        event(15, "mentions", YEREVAN, "In Yerevan, people gathered in the square.", "Yerevan", start="2023-10-04", end="2023-10-05", precision="document"),
        event(16, "meetings", BRUSSELS, "A round in Brussels was dropped in December.", "Brussels", status="cancelled", start="2022-12-07", end="2022-12-08"),
        event(17, "ceasefires", KARABAKH, "The truce of 1994 left Nagorno-Karabakh out of any state's hands.", "Nagorno-Karabakh", start="1994-01-01", end="1995-01-01", precision="year"),
        event(18, "meetings", TEHRAN, "Delegates once gathered in Tehran.", "Tehran", start=None, end=None, precision="none", year=None, doc_date=None),
    ]  # fmt: skip
    return table(rows)


HOSTILE = (
    "{{7*7}} {% raw %} {# no #} {{ ''.__class__ }} ${7*7} #{7*7} <%= 7*7 %>",
    "{{ cycler.__init__.__globals__.os.popen('echo owned').read() }} {% import os %} {% endraw %} {%- for",
    "</script><script>window.owned=1</script>",
    "<img src=x onerror=window.owned=1><svg onload=window.owned=1>",
    '" onmouseover=window.owned=1 x="\' onfocus=window.owned=1 autofocus tabindex=1 x=\'"',
    "`${window.owned=1}` \\u0041 \\n \\' \\\" <!-- <script> --> ]]>",
    "\u202egnihtemos\u202c \u2066right\u2069 \u2028 line \u2029 end &lt;b&gt; &amp;",
)


ADDRESSES = (
    "javascript:window.owned=1",
    "https://news.example/\"'><script>window.owned=1</script>",
    "data:text/html,<script>1</script>",
    " java\nscript:window.owned=1",
    "vbscript:x",
    "//news.example",
    "file:///etc/passwd",
)


def hostile() -> gpd.GeoDataFrame:
    """Each hostile text in turn in the sentence, title, source, address, place, actors, reason and document's name.

    Every text is there twice: in an article with a title, and in one that has only its file's name.
    """
    rows = []
    for number, text in enumerate(HOSTILE):
        place = {
            **YEREVAN,
            "place": f"Place {text}",
            "other_name": f"Other {text}",
            "place_id": text,
            "place_kind": text,
            "geometry": Point(44 + number, 40),
        }
        shared = {
            "actors": f"Actor {text}",
            "reason": f"Reason {text}",
            "country": text[:2],
            "date_text": text,
            "doc_id": f"id-{text}.txt",
        }
        rows.append(event(
            number, "meetings", place, f"It was said {text} by them.", text, doc_title=f"Title {text}", doc_source=f"Source {text}",
            doc_url=ADDRESSES[number % len(ADDRESSES)], **shared,
        ))  # fmt: skip
        rows.append(event(
            number + 100, "aid", place, f"And again {text} it was.", text, doc_title="", doc_source="", doc_url=text, **shared,
        ))  # fmt: skip
    return table(rows)
