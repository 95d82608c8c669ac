"""Corpora are read in each of the formats that they were published in, and what is broken is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.errors import FormatError, NothingToReadError
from geo.evaluation.corpora import GoldToponym, corpus_name, read_corpus, read_jsonl

LGL = """\
<?xml version="1.0" encoding="utf-8"?>
<articles>
  <article docid="77">
    <title>A bridge opens</title>
    <text><![CDATA[The mayor of Granada & two guests came by road. In Málaga it rained; near Elm St. nobody came.]]></text>
    <toponyms count="3">
      <toponym><start>13</start><end>20</end><phrase>Granada</phrase>
        <gaztag geonameid="2517117"><name>Granada</name><lat>37.18817</lat><lon>-3.60667</lon>
          <country geonameid="2510769">Spain</country></gaztag></toponym>
      <toponym><start>51</start><end>57</end><phrase>Málaga</phrase>
        <gaztag geonameid="2514256"><name>Málaga</name><lat>36.72</lat><lon>-4.42</lon></gaztag></toponym>
      <toponym><start>74</start><end>81</end><phrase>Elm St.</phrase></toponym>
    </toponyms>
  </article>
  <article docid="78"><text>Nothing is named here.</text><toponyms/></article>
</articles>
"""
GEOVIRUS = """\
<articles>
    <article>
        <source>https://example.org/one</source>
        <text>Nurses flew from Monrovia to Conakry.</text>
        <locations>
            <location><name>Conakry</name><start>30</start><end>37</end><lat>9.51</lat><lon>-13.71</lon>
                <page>https://example.org/Conakry</page></location>
            <location><name>Monrovia</name><start>18</start><end>26</end><lat>6.31</lat><lon>-10.8</lon></location>
        </locations>
    </article>
</articles>
"""
GWN = """\
<?xml version="1.0" ?>
<articles>
	<!-- a remark -->
	<article>
		<text>Russian envoys met in Oslo; the hall was full, said Paris Brown.</text>
		<toponyms>
			<toponym><extractedName>Oslo</extractedName><type>Literal</type><start>22</start><end>26</end>
				<geonamesID>3143244</geonamesID><latitude>59.91</latitude><longitude>10.75</longitude></toponym>
			<toponym><extractedName>Russian</extractedName><type>Non_Literal_Modifier</type><start>0</start><end>7</end>
				<geonamesID/><latitude>60.0</latitude><longitude>100.0</longitude></toponym>
			<toponym><extractedName>hall</extractedName><type>Literal_Expression</type><start>32</start><end>36</end></toponym>
			<toponym><extractedName>Paris</extractedName><type>Homonym</type><start>52</start><end>57</end>
				<latitude>48.85</latitude><longitude>2.35</longitude></toponym>
		</toponyms>
	</article>
</articles>
"""


Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file and return its path."""

    def _write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8", newline="")
        return path

    return _write


def toponyms(path: Path, **options: Any) -> list[tuple[str, int, tuple[float, float] | None, str]]:
    return [(t.text, t.start, t.point, t.kind) for a in read_corpus(path, **options) for t in a.toponyms]


def test_lgl_and_tr_news(write: Write) -> None:
    first, second = read_corpus(write("lgl.xml", LGL))
    assert (first.id, first.corpus, second.id) == ("lgl-77", "lgl", "lgl-78")
    assert first.text.startswith("The mayor of Granada & two")
    assert first.toponyms == (
        GoldToponym(13, 20, "Granada", (37.18817, -3.60667)),
        GoldToponym(51, 57, "Málaga", (36.72, -4.42)),
        GoldToponym(74, 81, "Elm St.", None),
    )
    assert second.toponyms == ()


def test_geovirus_counts_from_one(write: Write) -> None:
    (article,) = read_corpus(write("GeoVirus.xml", GEOVIRUS))
    assert article.id == "geovirus-000"
    assert [(t.text, t.start, t.end) for t in article.toponyms] == [("Monrovia", 17, 25), ("Conakry", 29, 36)]
    assert all(article.text[t.start : t.end] == t.text for t in article.toponyms)


def test_geowebnews_xml_keeps_toponyms_only(write: Write) -> None:
    assert toponyms(write("GWN.xml", GWN)) == [
        ("Russian", 0, (60.0, 100.0), "associative"),
        ("Oslo", 22, (59.91, 10.75), "literal"),
        ("Paris", 52, None, "associative"),
    ]


def test_geowebnews_brat_folder(write: Write) -> None:
    headline = "TITLE: Envoys meet LINK: https://example.org\n"
    text = "Envoys met in Oslo, not in Bergen or Elverum."
    shift = len(headline)
    path = write("GeoWebNews/12.txt", headline + text)
    write(
        "GeoWebNews/12.ann",
        f"T1\tLiteral {shift + 14} {shift + 18}\tOslo\n#1\tAnnotatorNotes T1\t3143244\n"
        f"T2\tLiteral {shift + 27} {shift + 33}\tBergen\n#2\tAnnotatorNotes T2\t60.39, 5.32\nA1\tModifier_Type T2 Noun\n"
        f"T3\tMetonymic {shift + 37} {shift + 44}\tElverum\n#3\tAnnotatorNotes T3\t1\nT4\tNon_Toponym 0 5\tTITLE\n",
    )
    notes: list[str] = []
    (article,) = read_corpus(path.parent, notes=notes.append, points={3143244: (59.91, 10.75)}.get)
    assert (article.id, article.text) == ("gwn-12", text)
    assert [(t.text, t.start, t.point, t.kind) for t in article.toponyms] == [
        ("Oslo", 14, (59.91, 10.75), "literal"),
        ("Bergen", 27, (60.39, 5.32), "literal"),
        ("Elverum", 37, None, "associative"),
    ]
    assert len(notes) == 1
    assert "1 toponyms have no point" in notes[0]


def test_misplaced_toponyms_are_found_nearby_or_left_out_and_counted(write: Write) -> None:
    moved = LGL.replace("<start>13</start>", "<start>9</start>").replace("<start>51</start>", "<start>800</start>")
    notes: list[str] = []
    assert [t[:2] for t in toponyms(write("lgl.xml", moved), notes=notes.append)] == [("Granada", 13), ("Elm St.", 74)]
    assert len(notes) == 1
    assert "1 toponym left out" in notes[0]
    assert "'Málaga' at 800 of article 77" in notes[0]


def test_one_span_is_one_toponym(write: Write) -> None:
    marks = GEOVIRUS[GEOVIRUS.index("<location>") : GEOVIRUS.index("</locations>")]
    twice = GEOVIRUS.replace("</locations>", marks + "</locations>")
    assert len(toponyms(write("GeoVirus.xml", twice))) == 2


def row(**changes: object) -> str:
    toponym = {"start": 0, "end": 4, "text": "Oslo", "lat": 59.9, "lon": 10.7}
    fields: dict[str, object] = {"id": "a-1", "corpus": "a", "text": "Oslo slept.", "toponyms": [toponym]}
    return json.dumps(fields | changes) + "\n"


def test_json_lines_as_read_jsonl_reads_them(write: Write) -> None:
    path = write("a.jsonl", row() + "\n" + row(id="a-2", toponyms=[]))
    assert list(read_corpus(path)) == list(read_jsonl(path))


def test_folder_of_corpora(write: Write) -> None:
    write("gold/a.jsonl", row())
    path = write("gold/lgl.xml", LGL)
    assert [a.corpus for a in read_corpus(path.parent)] == ["a", "lgl", "lgl"]


BOMB = '<!DOCTYPE articles [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n'


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("bomb.xml", BOMB + GEOVIRUS.replace("Nurses", "&b;"), r"bomb\.xml, line 1: the entity 'a' is declared"),
        ("file.xml", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "the entity 'x' is declared"),
        ("cut.xml", LGL[:300], r"cut\.xml, line \d+, column \d+: this is no sound XML"),
        ("page.xml", "<html><body/></html>", r"page\.xml: no <article> in it"),
        ("bare.xml", "<articles>\n<article/></articles>", "line 2: an article without its <text>"),
        ("place.xml", GEOVIRUS.replace("<lat>9.51", "<lat>99.51"), r"line 2: .*99\.51, -13\.71 is no latitude"),
        ("start.xml", GEOVIRUS.replace("<start>30</start>", ""), "'Conakry' has no <start> and <end>"),
        ("name.xml", LGL.replace("<phrase>Granada</phrase>", ""), "it has no <phrase>, <name> or <extractedName>"),
        ("key.jsonl", row() + '{"id": "b"}\n', r"key\.jsonl, line 2: this is no gold article \(no 'toponyms'\)"),
        ("json.jsonl", "{\n", r"json\.jsonl, line 1: this is no gold article"),
        ("list.jsonl", "[1]\n", "line 1: this is no gold article"),
        ("twice.jsonl", row() + row(), "line 2: the id 'a-1' is there twice"),
    ],
)
def test_broken_files_are_named_with_the_place(write: Write, name: str, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        list(read_corpus(write(name, text)))


def test_broken_brat_files(write: Write) -> None:
    path = write("brat/1.ann", "T1\tLiteral x y\tOslo\n")
    with pytest.raises(FormatError, match=r"1\.txt is not beside it"):
        list(read_corpus(path.parent))
    write("brat/1.txt", "Oslo slept.")
    with pytest.raises(FormatError, match=r"1\.ann, line 1: this is no brat annotation"):
        list(read_corpus(path.parent))


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(NothingToReadError, match="no such corpus"):
        list(read_corpus(tmp_path / "none.xml"))
    with pytest.raises(NothingToReadError, match="no corpus here"):
        list(read_corpus(tmp_path))


def test_encodings_and_long_files(write: Write, tmp_path: Path) -> None:
    body = GEOVIRUS.removeprefix("<articles>").removesuffix("</articles>\n")
    long = write("GeoVirus.xml", "\ufeff<articles>" + body * 400 + "</articles>")
    assert len(list(read_corpus(long))) == 400
    latin = tmp_path / "lgl.xml"
    latin.write_bytes(LGL.replace("utf-8", "iso-8859-1").encode("latin-1"))
    assert ("Málaga", 51, (36.72, -4.42), "") in toponyms(latin)


@pytest.mark.parametrize(
    ("stem", "name"), [("TR-News", "trnews"), ("GeoWebNews", "gwn"), ("GWN", "gwn"), ("lgl", "lgl"), ("—", "corpus")]
)
def test_names_of_corpora(stem: str, name: str) -> None:
    assert corpus_name(stem) == name
