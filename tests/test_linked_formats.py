"""The formats that speak of places and of words in articles: Web Annotation, brat, Linked Places."""

from __future__ import annotations

import json
import re
from pathlib import Path
from zipfile import ZipFile

import geopandas as gpd
import pytest

from geo.errors import FormatError
from geo.formats import export
from geo.model import Document, Event
from geo.table import to_frame
from tests.test_formats import HOSTILE, MIXED, hostile
from tests.test_table import LINE, event, evidence, place

# --- mentions: Web Annotation and brat

TEXT = "Talks were held in Granada,\nSpain, on Thursday 5 October 2023. Clashes went on near the Lachin corridor."


@pytest.fixture(scope="module")
def told() -> tuple[gpd.GeoDataFrame, dict[str, str]]:
    """Events of two articles, and their texts by id."""
    from geo.pipeline import bundled_triggers, find_events, open_gazetteer  # noqa: PLC0415

    documents = [
        Document("news/a.txt", TEXT, url="https://example.org/a"),
        Document("../other/a.txt", f"{TEXT} 😀 Then Goma.", title="B"),
    ]
    opened = open_gazetteer()
    events: list[Event] = find_events(documents, opened, bundled_triggers(opened))
    return to_frame(events), {document.id: document.text for document in documents}


ANNOTATION = {
    "type": "object",
    "required": ["@context", "id", "type", "total", "first"],
    "properties": {
        "@context": {"const": "http://www.w3.org/ns/anno.jsonld"},
        "type": {"const": "AnnotationCollection"},
        "first": {
            "type": "object",
            "required": ["id", "type", "items"],
            "properties": {"items": {"items": {"$ref": "#/$defs/annotation"}}},
        },
    },
    "$defs": {
        "annotation": {
            "type": "object",
            "required": ["id", "type", "motivation", "body", "target"],
            "properties": {
                "id": {"pattern": "^urn:uuid:"},
                "type": {"const": "Annotation"},
                "motivation": {"const": "identifying"},
                "body": {"type": "array", "items": {"type": "object", "required": ["type", "purpose"]}},
                "target": {
                    "type": "object",
                    "required": ["source", "selector"],
                    "properties": {
                        "source": {"type": "string", "pattern": "^[!-~]+$"},
                        "selector": {
                            "prefixItems": [
                                {
                                    "required": ["type", "start", "end"],
                                    "properties": {"type": {"const": "TextPositionSelector"}},
                                },
                                {
                                    "required": ["type", "exact"],
                                    "properties": {"type": {"const": "TextQuoteSelector"}},
                                },
                            ],
                        },
                    },
                },
            },
        }
    },
}


def test_web_annotations_select_the_words_of_the_article(
    tmp_path: Path, told: tuple[gpd.GeoDataFrame, dict[str, str]]
) -> None:
    frame, texts = told
    content = json.loads(export(frame, tmp_path / "e.jsonld").read_bytes())
    pytest.importorskip("jsonschema").validate(content, ANNOTATION)
    items = content["first"]["items"]
    assert content["total"] == len(items) > 4
    assert len({item["id"] for item in items}) == len(items)
    sources = {"https://example.org/a": texts["news/a.txt"], "../other/a.txt": texts["../other/a.txt"]}
    for item in items:
        text = sources[item["target"]["source"]]
        position, quotation = item["target"]["selector"]
        assert text[position["start"] : position["end"]] == quotation["exact"]
        assert quotation.get("prefix", "") + quotation["exact"] + quotation.get("suffix", "") in text
    identified = {
        body["source"] for item in items for body in item["body"] if body["purpose"] == "identifying"
    }
    assert "https://sws.geonames.org/2517117/" in identified


def read_ann(content: str) -> list[tuple[list[tuple[int, int]], str]]:
    """The text-bound annotations of an .ann file: their fragments and words."""
    found = []
    for line in content.splitlines():
        identifier, *rest = line.split("\t")
        assert re.fullmatch(r"[TN#]\d+", identifier)
        if identifier.startswith("T"):
            kind, _, spans = rest[0].partition(" ")
            assert kind == "Place"
            found.append(
                ([(int(a), int(b)) for a, b in (span.split() for span in spans.split(";"))], rest[1])
            )
    return found


def test_brats_offsets_are_those_of_the_texts(
    tmp_path: Path, told: tuple[gpd.GeoDataFrame, dict[str, str]]
) -> None:
    frame, texts = told
    with ZipFile(export(frame, tmp_path / "e.brat.zip", texts=texts)) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert set(files) == {"a.ann", "a.txt", "a-2.ann", "a-2.txt", "annotation.conf", "documents.tsv"}
    assert "Place" in files["annotation.conf"].splitlines()
    index = dict(line.split("\t")[:2] for line in files["documents.tsv"].splitlines()[1:])
    assert {index[name]: files[f"{name}.txt"] for name in ("a", "a-2")} == texts
    for name in ("a", "a-2"):
        annotations = read_ann(files[f"{name}.ann"])
        assert len(annotations) > 2
        for spans, words in annotations:
            assert " ".join(files[f"{name}.txt"][start:end] for start, end in spans) == words


def test_several_articles_are_refused_as_one_ann_file(
    tmp_path: Path, told: tuple[gpd.GeoDataFrame, dict[str, str]]
) -> None:
    with pytest.raises(FormatError, match=r"the events come from 2: write them as \.brat\.zip"):
        export(told[0], tmp_path / "e.ann")
    assert list(tmp_path.iterdir()) == []


def test_one_article_is_one_ann_file(tmp_path: Path) -> None:
    text = "Talks in Granada."
    content = export(to_frame([event()]), tmp_path / "e.ann", texts={"a.txt": text}).read_text("utf-8")
    assert read_ann(content) == [([(9, 16)], "Granada")]
    assert "N1\tReference T1 GeoNames:2517117\tGranada\n" in content
    assert "#1\tAnnotatorNotes T1\tGranada; meetings, cancelled: Thursday 5 October 2023\n" in content


def test_a_name_over_a_line_break_is_in_fragments(tmp_path: Path) -> None:
    text = "He came to New\nYork."
    told = evidence(text)
    split = type(told)(text, "New\nYork", 11, 19, "a.txt")
    content = export(to_frame([event(told=(split,))]), tmp_path / "e.ann", texts={"a.txt": text}).read_text(
        "utf-8"
    )
    assert read_ann(content) == [([(11, 14), (15, 19)], "New York")]


@pytest.mark.parametrize(
    ("texts", "words"),
    [({}, "not among the articles given"), ({"a.txt": "Talks elsewhere."}, "has changed since")],
)
def test_texts_that_have_not_the_mentions_are_told(tmp_path: Path, texts: dict[str, str], words: str) -> None:
    with pytest.raises(FormatError, match=words):
        export(to_frame([event()]), tmp_path / "e.brat.zip", texts=texts)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_no_line_of_its_own_in_brat(tmp_path: Path, text: str) -> None:
    with ZipFile(export(hostile(text), tmp_path / "e.brat.zip")) as archive:
        names = archive.namelist()
        [ann] = [name for name in names if name.endswith(".ann")]
        assert read_ann(archive.read(ann).decode()) == [([(9, 16)], "Granada")]
    assert [name for name in names if not re.fullmatch(r"[\w.-]+", name)] == []


# --- Linked Places

TIMESPAN = {
    "type": "object",
    "required": ["start"],
    "properties": {
        edge: {
            "type": "object",
            "required": ["in"],
            "properties": {"in": {"pattern": r"^\d{4}-\d{2}-\d{2}$"}},
        }
        for edge in ("start", "end")
    },
}
PLACES = {
    "type": "object",
    "required": ["type", "@context", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["@id", "type", "properties", "names", "types", "geometry"],
                "properties": {
                    "@id": {"type": "string", "pattern": "^(https://|urn:)[!-~]+$"},
                    "type": {"const": "Feature"},
                    "properties": {
                        "required": ["title", "ccodes", "fclasses"],
                        "properties": {
                            "ccodes": {"items": {"pattern": "^[A-Z]{2}$"}},
                            "fclasses": {"minItems": 1, "items": {"enum": list("AHLPRST")}},
                        },
                    },
                    "when": {
                        "required": ["timespans"],
                        "properties": {"timespans": {"minItems": 1, "items": TIMESPAN}},
                    },
                    "names": {"minItems": 1, "items": {"required": ["toponym"]}},
                    "types": {"items": {"properties": {"identifier": {"pattern": r"^aat:\d{9}$"}}}},
                    "links": {"items": {"required": ["type", "identifier"]}},
                    "descriptions": {"items": {"required": ["value"]}},
                },
            },
        },
    },
}


def test_linked_places_are_places_with_their_events(tmp_path: Path) -> None:
    where = place(LINE, status="closed")
    content = json.loads(export(to_frame([*MIXED, event(where)]), tmp_path / "e.lpf.json").read_bytes())
    pytest.importorskip("jsonschema").validate(content, PLACES)
    granada = content["features"][0]
    assert (granada["properties"]["title"], granada["links"]) == (
        "Granada",
        [{"type": "exactMatch", "identifier": "gn:2517117"}],
    )
    assert {"start": {"in": "2023-10-05"}} in granada["when"]["timespans"]
    assert {"start": {"in": "0950-01-01"}, "end": {"in": "0950-12-31"}} in granada["when"]["timespans"]
    assert granada["names"][0]["toponym"] == "Granada"
    assert granada["names"][0]["citations"]
    assert len({feature["@id"] for feature in content["features"]}) == len(content["features"]) == 5
    undated = next(f for f in content["features"] if f["geometry"]["type"] == "Polygon")
    assert "when" not in undated
    told = [d["value"] for f in content["features"] for d in f["descriptions"]]
    assert any(value.startswith("meetings, cancelled, Thursday 5 October 2023: ") for value in told)


@pytest.mark.parametrize("suffix", [".lpf.json", ".jsonld"])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_json(tmp_path: Path, suffix: str, text: str) -> None:
    content = json.loads(export(hostile(text), tmp_path / f"e{suffix}").read_text("utf-8"))
    pytest.importorskip("jsonschema").validate(content, PLACES if suffix == ".lpf.json" else ANNOTATION)
    assert (
        gpd.read_file(tmp_path / f"e{suffix}").shape[0] == 1
        if suffix == ".lpf.json"
        else content["total"] == 1
    )
