"""The formats that articles come in: what is taken from each, and what is refused, as cases."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from geo.documents import Failure, formats, read_documents
from geo.documents.markup import text_of
from geo.documents.pdf import unbroken
from geo.documents.written_dates import iso_date
from geo.errors import NothingToReadError, OptionError
from geo.model import Document

BODY = "Leaders of Armenia and Azerbaijan met in Granada, Spain, on Thursday to speak of the corridor to the south."
MORE = "Lorries waited for days before the pass was opened to them, the police of the town said on Friday."


def read(path: Path, **options: Any) -> tuple[list[Document], list[str], list[str]]:
    """The documents, what is said of the failures, the notices."""
    notices: list[str] = []
    items = list(read_documents([path], notice=notices.append, **options))
    failures = [str(item.error) for item in items if isinstance(item, Failure)]
    assert not any("\n" in message for message in failures)
    return [item for item in items if isinstance(item, Document)], failures, notices


def facts(document: Document) -> tuple[str, str, str, str, str, str]:
    """Id, text, title, date, source, URL."""
    day = str(document.date.start) if document.date else ""
    return document.id, document.text, document.title, day, document.source, document.url


# --- making files ----------------------------------------------------------------------------------------------------


def page(title: str = "Pass shut", lang: str = "en", body: str = BODY) -> bytes:
    return f"""<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="The Courier">
<meta property="article:published_time" content="2023-10-05T10:00:00Z">
<link rel="canonical" href="https://example.org/pass"></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>{title}</h1><p>{body}</p><p>{MORE}</p></article><footer>Imprint and cookies</footer></body></html>""".encode()


RSS = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>Courier &amp; Post</title><language>en-gb</language>
<item><title>Pass shut</title><link>https://example.org/1</link><pubDate>Thu, 05 Oct 2023 10:00:00 GMT</pubDate>
<description>&lt;p&gt;{BODY}&lt;/p&gt;&lt;p&gt;{MORE}&lt;/p&gt;</description></item>
<item><title>Only a link</title><link>https://example.org/2</link></item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Courier</title><entry><title>Pass</title><id>urn:1</id>
<link href="https://example.org/1"/><published>2023-10-05T22:00:00+04:00</published><content type="html">{BODY}</content></entry></feed>"""


def docx(*paragraphs: str | tuple[str, str], title: str = "", before: str = "") -> bytes:
    """A Word file; a paragraph may be (style, text)."""
    styled = [p if isinstance(p, tuple) else ("", p) for p in paragraphs]
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
        for style, text in styled
    )
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    core = f'<c:coreProperties xmlns:c="urn:c" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></c:coreProperties>'
    return zipped(
        {
            "word/document.xml": f'<?xml version="1.0"?>{before}<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>',
            "docProps/core.xml": core,
        }
    )


def zipped(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


NEXIS: list[str | tuple[str, str]] = [
    "Documents (2)", "1. Pass shut", "2. Talks resume",
    ("Heading1", "Pass shut"), "The Courier (London)", "October 5, 2023 Thursday 4:05 PM GMT", "Copyright 2023 The Courier",
    "Section: WORLD; Pg. 7", "Length: 54 words", "Byline: By A. Reporter", "Dateline: GRANADA, Spain", "Body", BODY, MORE,
    "Classification", "Language: ENGLISH", "Load-Date: October 6, 2023", "End of Document",
    "Broken one", "Nowhere", "End of Document",
    "Talks resume", "Post", "6 October 2023", "Length: 9 words", "Body", MORE, "Load-Date: October 7, 2023", "End of Document",
]  # fmt: skip


def pdf(*lines: str, title: str = "") -> bytes:
    """A page with lines of text."""
    shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
    stream = f"BT /F1 12 Tf 40 700 Td {shown}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({title}) >>",
    ]
    content, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    xref = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(content)}\n%%EOF"
    return (content + xref + trailer).encode()


def warc(*pages: tuple[str, str, bytes], encoding: str = "") -> bytes:
    """A compressed WARC file of (URL, media type, content); a URL may begin with "404 "."""
    records = []
    for url, kind, content in pages:
        status, _, address = url.rpartition(" ")
        coded = f"Content-Encoding: {encoding}\r\n" if encoding else ""
        answer = f"HTTP/1.1 {status or 200} OK\r\nContent-Type: {kind}\r\n{coded}\r\n".encode() + content
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nContent-Type: application/http; msgtype=response\r\n"
        records.append(gzip.compress(f"{head}Content-Length: {len(answer)}\r\n\r\n".encode() + answer + b"\r\n\r\n"))
    return b"".join(records)


EML = f"""From: The Courier <news@example.org>
Subject: =?utf-8?q?Pass_shut_=E2=80=93_lorries_wait?=
Date: Thu, 5 Oct 2023 23:30:00 -0500
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>{BODY}</p><script>steal()</script><p>{MORE}</p>
--b--
"""


def parquet_of(rows: list[dict[str, object]]) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(rows), buffer)
    return buffer.getvalue()


def table(*rows: Iterable[str], delimiter: str = ",") -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue().encode()


# --- what is taken from each -----------------------------------------------------------------------------------------

ARTICLE = f"{BODY}\n\n{MORE}"
MEDIA_CLOUD = (
    ["stories_id", "publish_date", "title", "url", "language", "media_name", "media_url", "story_text"],
    ["77", "2023-10-05 12:30:00", "Pass shut", "https://example.org/1", "en", "The Courier", "example.org", BODY],
)
ACLED = (
    ["event_id_cnty", "event_date", "year", "event_type", "country", "latitude", "source", "notes"],
    ["AZE1", "05 October 2023", "2023", "Battles", "Azerbaijan", "39.8", "The Courier", BODY],
)
READ: list[tuple[str, str, bytes, list[tuple[str, str, str, str, str, str]]]] = [
    (
        "JSON array with the names of others", "a.json",
        json.dumps([{"headline": "Pass shut", "content": BODY, "publishedAt": "2023-10-05T10:00:00Z",
                     "source": {"id": None, "name": "Courier"}, "url": "u"}, {"id": 9, "text": MORE}]).encode(),
        [("a.json#1", BODY, "Pass shut", "2023-10-05", "Courier", "u"), ("9", MORE, "", "", "", "")],
    ),
    ("JSON object that holds the array", "a.json", json.dumps({"status": "ok", "articles": [{"text": BODY}]}).encode(), [("a.json#1", BODY, "", "", "", "")]),
    ("JSON object that is the article", "a.json", json.dumps({"text": BODY, "title": "T"}, indent=1).encode(), [("a.json", BODY, "T", "", "", "")]),
    ("JSON Lines called .json", "a.json", f'{json.dumps({"text": BODY})}\n{json.dumps({"text": MORE})}'.encode(), [("a.json:1", BODY, "", "", "", ""), ("a.json:2", MORE, "", "", "", "")]),
    ("JSON Lines of news-please", "a.ndjson", json.dumps({"maintext": BODY, "date_publish": "2023-10-05 10:00:00", "source_domain": "example.org"}).encode(), [("a.ndjson:1", BODY, "", "2023-10-05", "example.org", "")]),
    ("Media Cloud", "mc.csv", b"\xef\xbb\xbf" + table(*MEDIA_CLOUD), [("77", BODY, "Pass shut", "2023-10-05", "The Courier", "https://example.org/1")]),
    ("ACLED", "acled.csv", table(*ACLED, delimiter=";"), [("AZE1", BODY, "", "2023-10-05", "The Courier", "")]),
    ("TSV with cells that a spreadsheet would compute", "a.tsv", table(["text", "title"], ["=SUM(A1:A9) " + BODY, "+1"], [], ["One\nTwo", ""], delimiter="\t"),
     [("a.tsv#2", "=SUM(A1:A9) " + BODY, "+1", "", "", ""), ("a.tsv#4", "One\nTwo", "", "", "", "")]),
    ("Parquet", "a.parquet", parquet_of([{"body": BODY, "published": dt.datetime(2023, 10, 5, 9), "id": 3}, {"body": MORE, "published": None, "id": 4}]),  # noqa: DTZ001
     [("3", BODY, "", "2023-10-05", "", ""), ("4", MORE, "", "", "", "")]),
    ("HTML", "pass.html", page(), [("pass.html", f"Pass shut\n\n{ARTICLE}", "Pass shut", "2023-10-05", "The Courier", "https://example.org/pass")]),
    ("Atom", "a.atom", ATOM.encode(), [("a.atom#1", BODY, "Pass", "2023-10-05", "Courier", "https://example.org/1")]),
    ("Word", "a.docx", docx("", BODY, MORE, title="Pass shut"), [("a.docx", ARTICLE, "Pass shut", "", "", "")]),
    ("Word with a heading", "a.docx", docx(("Heading1", "Pass"), BODY, title="Template"), [("a.docx", f"Pass\n\n{BODY}", "Pass", "", "", "")]),
    ("PDF", "a.pdf", pdf("Leaders met in Gra-", "nada, Spain.", title="Pass shut"), [("a.pdf", "Leaders met in Granada, Spain.", "Pass shut", "", "", "")]),
    ("mail", "a.eml", EML.encode(), [("a.eml", ARTICLE, "Pass shut – lorries wait", "2023-10-05", "The Courier", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "expected"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_each_format_gives_its_articles(
    tmp_path: Path, name: str, content: bytes, expected: list[tuple[str, str, str, str, str, str]]
) -> None:
    (tmp_path / name).write_bytes(content)
    for path in (tmp_path / name, tmp_path):  # as a file and in its folder
        documents, failures, notices = read(path)
        assert [facts(document) for document in documents] == expected
        assert (failures, notices) == ([], [])


@pytest.mark.parametrize(
    "content",
    [case[2] for case in READ if case[1] not in {"mc.csv", "acled.csv", "a.tsv", "a.eml"}],
    ids=[case[0] for case in READ if case[1] not in {"mc.csv", "acled.csv", "a.tsv", "a.eml"}],
)
def test_the_format_is_told_by_the_content_where_there_is_no_suffix(tmp_path: Path, content: bytes) -> None:
    texts = [MORE, BODY, ARTICLE, f"Pass\n\n{BODY}", f"Pass shut\n\n{ARTICLE}", "Leaders met in Granada, Spain."]
    for found in (
        list(read_documents(["-"], stdin=io.BytesIO(content))),
        list(read_documents([_written(tmp_path / "download", content)])),
    ):
        assert found
        assert all(isinstance(item, Document) and item.text in texts for item in found), found


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_a_feed_names_entries_that_are_only_links(tmp_path: Path) -> None:
    documents, failures, _ = read(_written(tmp_path / "feed.xml", RSS.encode()))
    assert [facts(d) for d in documents] == [("feed.xml#1", ARTICLE, "Pass shut", "2023-10-05", "Courier & Post", "https://example.org/1")]
    assert failures == ["feed.xml#2: the entry has no text, only a link; save the page as .html"]


def test_a_download_from_nexis_is_split_into_its_articles(tmp_path: Path) -> None:
    documents, failures, notices = read(_written(tmp_path / "nexis.docx", docx(*NEXIS)))
    assert [facts(d) for d in documents] == [
        ("nexis.docx#1", f"GRANADA, Spain — {ARTICLE}", "Pass shut", "2023-10-05", "The Courier (London)", ""),
        ("nexis.docx#3", MORE, "Talks resume", "2023-10-06", "Post", ""),
    ]
    assert failures == ["nexis.docx#2: no line “Body”; download it from Nexis with the full text"]
    assert notices == []


def test_a_warc_file_gives_its_pages_only(tmp_path: Path) -> None:
    content = warc(
        ("https://example.org/a", "text/html; charset=utf-8", page()),
        ("https://example.org/logo", "image/png", b"\x89PNG"),
        ("404 https://example.org/lost", "text/html", page("Not found")),
        ("https://example.org/b", "text/html", b""),
        ("https://example.org/c", "text/plain", MORE.encode()),
    )
    documents, failures, notices = read(_written(tmp_path / "news.warc.gz", content))
    assert [(d.id, d.text, d.url) for d in documents] == [
        ("news.warc.gz#1", f"Pass shut\n\n{ARTICLE}", "https://example.org/a"),
        ("news.warc.gz#3", MORE, "https://example.org/c"),
    ]
    assert [message.partition(";")[0] for message in failures] == ["news.warc.gz#2: no article is found in the page"]
    assert notices == [f"{tmp_path / 'news.warc.gz'}: records that are no pages are left aside (1 image/png, 1 redirects and errors)"]


# --- fields ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", json.dumps({"data": {"parts": [{"says": BODY}]}, "meta": {"when": "2023-10"}, "text": "Not this."}).encode()),
        ("a.json", json.dumps([{"data": {"parts": [{"says": BODY}]}, "meta": {"when": "2023-10"}, "text": "Not this."}]).encode()),
        ("a.csv", table(["data.parts.0.says", "meta.when", "text"], [BODY, "2023-10", "Not this."])),
    ],
)
def test_fields_are_taken_by_the_names_given(tmp_path: Path, name: str, content: bytes) -> None:
    options = ["text=data.parts.0.says", "date = meta.when"]
    documents, failures, _ = read(_written(tmp_path / name, content), fields=options)
    assert ([(d.text, d.date and str(d.date.end)) for d in documents], failures) == ([(BODY, "2023-11-01")], [])


@pytest.mark.parametrize("option", ["text", "text=", "body=text", "=x", ""])
def test_a_field_in_no_form_is_refused(tmp_path: Path, option: str) -> None:
    with pytest.raises(OptionError, match="write TARGET=FIELD with a target of text, title"):
        read_documents([tmp_path], fields=[option])
    with pytest.raises(OptionError, match="text is 'a' already"):
        read_documents([tmp_path], fields=["text=a", "text=b"])


# --- what is refused -------------------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
REFUSED: list[tuple[str, str, bytes, str]] = [
    ("table without text", "a.csv", table(["title", "link"], ["T", "u"]), "none of its fields is known to be the text (title, link); name it with --field text=FIELD"),
    ("metadata", "a.csv", table(["file", "title"], ["a.txt", "T"]), "if it holds metadata, give it with --metadata"),
    ("empty table", "a.csv", b"", "empty; its first line must name the columns"),
    ("table with names only", "a.csv", b"text\n", "no articles in it"),
    ("UTF-16 table", "a.csv", "text\nx\n".encode("utf-16"), "save it as CSV UTF-8"),
    ("open quotation mark", "a.csv", b'text\n"One.\nTwo.\n', "after row 1: not CSV"),
    ("array without text", "a.json", b'[{"name": "x", "version": 1}]', "none of its fields is known to be the text (name, version)"),
    ("array of numbers", "a.json", b"[1, 2]", "none of its fields is known to be the text"),
    ("empty array", "a.json", b"[]", "no articles in it"),
    ("object without text", "a.json", b'{"name": "x"}', "none of its fields is known"),
    ("no JSON", "a.json", b"text", "not JSON (Expecting value at column 1)"),
    ("deep JSON", "a.json", b"[" * 200_000, "nested too deeply"),
    ("long number", "a.json", b"[" + b"9" * 5000 + b"]", "a number in it is too long"),
    ("no Parquet", "a.parquet", b"PAR1 no", "not Parquet, or damaged"),
    ("Parquet without text", "a.parquet", parquet_of([{"x": 1}]), "none of its fields is known to be the text (x)"),
    ("empty page", "a.html", b"<html><body></body></html>", "no article is found in the page"),
    ("no page", "a.html", b"\0\1\2", "no article is found in the page"),
    ("XML that is no feed", "a.xml", b"<?xml version='1.0'?><gpx/>", "neither RSS nor Atom"),
    ("feed with entities", "a.rss", BOMB.encode() + RSS.encode(), "declares entities"),
    ("feed with entities in UTF-16", "a.rss", (BOMB + ATOM).encode("utf-16"), "declares entities"),
    ("no WARC", "a.warc", b"text\n" * 9, "not WARC, or damaged"),
    ("WARC cut off", "a.warc.gz", warc(("u:1", "text/plain", b"x" * 9000))[:60], "a.warc.gz"),
    ("no zip", "a.docx", b"text", "not a Word file"),
    ("old Word", "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1", "save it as .docx"),
    ("zip without Word", "a.docx", zipped({"x.txt": ""}), "no Word file in it"),
    ("Word with a DTD", "a.docx", docx(BODY, before=BOMB), "a DTD in it"),
    ("Word with broken XML", "a.docx", zipped({"word/document.xml": "<w:document>"}), "damaged XML"),
    ("Word without text", "a.docx", docx("", " "), "empty"),
    ("no PDF", "a.pdf", b"text", "not a PDF"),
    ("broken PDF", "a.pdf", b"%PDF-1.4\n%%EOF", "the PDF cannot be read"),
    ("scan", "a.pdf", pdf(), "run OCR"),
    ("no letter", "a.eml", b"\nJust text.", "its first lines must be headers"),
    ("letter without text", "a.eml", b"From: a@b.c\nContent-Type: image/png\n\nxx", "a letter without text"),
    ("letter in an unknown encoding", "a.eml", b"From: a@b.c\nContent-Type: text/plain; charset=klingon\n\nxx \xff", "a.eml"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_cannot_be_read_is_refused_with_the_reason(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    documents, [failure], _ = read(_written(tmp_path / name, content))
    assert documents == []
    assert failure.startswith(str(tmp_path / name))
    assert words in failure


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.xml", "a.parquet"])
def test_tables_of_other_things_are_left_aside_in_a_folder(tmp_path: Path, name: str) -> None:
    content = next(content for _, known, content, words in REFUSED if known == name and ("none of" in words or "neither" in words))
    _written(tmp_path / name, content)
    _written(tmp_path / "b.txt", BODY.encode())
    documents, failures, [notice] = read(tmp_path)
    assert ([d.id for d in documents], failures) == (["b.txt"], [])
    assert notice.startswith(f"left aside: {tmp_path / name}: ")


BAD_AMONG_GOOD: list[tuple[str, bytes, list[str], list[str]]] = [
    ("a.csv", b"text,date\nOne.,2023\n,\nTwo.,2023-02-30\nThree,1,2\nF\xffur,\nFive.,\n", ["a.csv#2", "a.csv#7"],
     ["a.csv#4: '2023-02-30' is no date", "a.csv#5: 3 cells in 2 columns", "a.csv#6: not UTF-8"]),
    ("a.csv", table(["text"], ["One."], ["x" * 2000], ["Three."]), ["a.csv#2", "a.csv#4"], ["a.csv#3: larger than 0.001 MB"]),
    ("a.csv", b'text\nOne.\n"Tw"o.\nThree.\n', ["a.csv#2"], ["after row 2: not CSV"]),
    ("a.json", b'[{"text": "One."}, {"text": 2}, 3, {"text": "Four.", "title": ["x"]}, {"text": "F\\u0000"}, {"text": "Six."}]', ["a.json#1", "a.json#6"],
     ["a.json#2: no text", "a.json#3: no text", "a.json#4: title is not text", "a.json#5: characters that are no text"]),
    ("a.json", b'[{"text": "One."}, {"text": "Two."', ["a.json#1"], ["element 2: not JSON"]),
    ("a.json", b'[{"text": "One."}, {"text": "' + b"x" * 200_000 + b'"}, {"text": "Three."}]', ["a.json#1"], ["element 2: not JSON, or larger than 0.001 MB"]),
    ("a.json", b'[{"text": "One."}', ["a.json#1"], ["cut off after element 1"]),
    ("a.parquet", parquet_of([{"text": "One."}, {"text": None}, {"text": "x" * 2000}, {"text": "Four."}]), ["a.parquet#1", "a.parquet#4"],
     ["a.parquet#2: no text", "a.parquet#3: larger than"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "ids", "failed"), BAD_AMONG_GOOD)
def test_one_bad_article_does_not_stop_the_others(
    tmp_path: Path, name: str, content: bytes, ids: list[str], failed: list[str]
) -> None:
    documents, failures, _ = read(_written(tmp_path / name, content), limit=1000)
    assert [d.id for d in documents] == ids
    failures = [failure for failure in failures if "empty; an article needs text" not in failure]
    assert [words for words, failure in zip(failed, failures, strict=True) if words not in failure] == []


def test_what_unpacks_without_end_is_not_read_to_the_end(tmp_path: Path) -> None:
    huge = "<w:t>" + "a" * 200_000_000
    _written(tmp_path / "a.docx", zipped({"word/document.xml": f"<w:document xmlns:w='x'>{huge}"}))
    html = gzip.compress(b"<p>" + b"a" * 200_000_000)
    _written(tmp_path / "b.warc.gz", warc(("https://a.example/1", "text/html", html), ("https://a.example/2", "text/plain", gzip.compress(MORE.encode())), encoding="gzip"))
    tracemalloc.start()
    documents, failures, _ = read(tmp_path, limit=100_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [d.id for d in documents] == ["b.warc.gz#2"]
    assert [failure.partition("; ")[0].rpartition(": ")[2] for failure in failures] == ["unpacks to more than 1 MB", "larger than 0.1 MB"]
    assert peak < 50_000_000  # warcio unpacks 16 KB at once, which may be 16 MB twice


def test_tables_and_arrays_of_any_size_are_read_piece_by_piece(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w") as file:
        file.write("text\n" + ("x" * 10_000 + "\n") * 3_000)
    with (tmp_path / "b.json").open("w") as file:
        file.write("[" + ",\n".join([json.dumps({"text": "x" * 10_000})] * 3_000) + "]")
    tracemalloc.start()
    count = sum(isinstance(item, Document) for item in read_documents([tmp_path]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 6_000
    assert peak < 8_000_000  # of 60 MB


# --- extras and languages --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("a.html", "trafilatura", "web"), ("a.rss", "feedparser", "web"), ("a.warc", "warcio", "web"), ("a.pdf", "pypdf", "pdf"), ("a.parquet", "pyarrow", "parquet")],
)  # fmt: skip
def test_a_missing_extra_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    monkeypatch.setattr(formats, "_installed", lambda needed: needed != module)
    _written(tmp_path / name, b"text")
    remedy = f"needs {module}; install it with pip install 'geo-news[{extra}]'"
    _, [failure], _ = read(tmp_path / name)
    assert remedy in failure
    with pytest.raises(NothingToReadError, match="no articles found; ") as raised:
        read(tmp_path)
    assert remedy in str(raised.value)
    _written(tmp_path / "b.txt", BODY.encode())
    documents, failures, [notice] = read(tmp_path)
    assert ([d.id for d in documents], failures) == (["b.txt"], [])
    assert notice.startswith("skipped 1 file: ")
    assert remedy in notice


@pytest.mark.parametrize("language", ["fr", "es-MX", "Armenian", "ru"])
def test_other_languages_are_refused_when_asked_for_and_noted_when_stated(tmp_path: Path, language: str) -> None:
    with pytest.raises(OptionError, match="geo has rules for English only"):
        read_documents([tmp_path], language=language)
    lines = [{"text": "Un."}, {"text": "Deux.", "language": language}, {"text": "Trois.", "lang": "en-GB"}]
    _written(tmp_path / "a.jsonl", "\n".join(map(json.dumps, lines)).encode())
    documents, failures, [notice] = read(tmp_path, language="en-US")
    assert (len(documents), failures) == (3, [])
    assert notice.startswith(f"articles that say that they are not in English: 1 {language.lower()}; ")


def test_a_page_in_another_language_is_noted(tmp_path: Path) -> None:
    documents, _, [notice] = read(_written(tmp_path / "a.html", page(lang="fr")))
    assert len(documents) == 1
    assert "not in English: 1 fr" in notice


def test_reading_plain_text_loads_no_reader_of_other_formats(tmp_path: Path) -> None:
    _written(tmp_path / "a.txt", BODY.encode())
    program = "import sys\nfrom geo.documents import read_documents\nlist(read_documents(sys.argv[1:]))\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    loaded = {name for name in run.stdout.split() if name.startswith("geo.documents.") or "." not in name}
    foreign = {"trafilatura", "feedparser", "warcio", "pypdf", "pyarrow", "lxml", "zipfile", "email"}
    readers = {f"geo.documents.{name}" for name in ("tabular", "web", "feeds", "docx", "pdf", "mail", "markup")}
    assert loaded & (foreign | readers) == set()


# --- dates and text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("5 October 2023", "2023-10-05"), ("05 Oct 2023", "2023-10-05"), ("5th October, 2023", "2023-10-05"),
        ("05-Oct-2023", "2023-10-05"), ("October 5, 2023", "2023-10-05"), ("October 5, 2023 Thursday 4:05 PM GMT", "2023-10-05"),
        ("Thu, 05 Oct 2023 10:00:00 +0400", "2023-10-05"), ("Thursday, Oct. 5, 2023", "2023-10-05"), ("Sept 5, 2023", "2023-09-05"),
        ("20231005", "2023-10-05"), ("20231005T101500Z", "2023-10-05"), ("2023/10/5", "2023-10-05"),
        ("05/10/2023", "05/10/2023"), ("31 February 2023", "31 February 2023"), ("5 Brumaire 2023", "5 Brumaire 2023"),
        ("2023-10-05T10:00:00Z", "2023-10-05T10:00:00Z"), ("1696464000", "1696464000"), ("", ""),
    ],
)  # fmt: skip
def test_dates_of_exports_are_understood_unless_they_may_mean_two_days(written: str, day: str) -> None:
    assert iso_date(written) == day


@given(st.dates(min_value=dt.date(1000, 1, 1)), st.sampled_from(["%d %B %Y", "%a, %d %b %Y 10:00:00 GMT", "%B %d, %Y", "%Y%m%d", "%Y/%m/%d"]))
def test_a_day_is_the_same_in_every_form(day: dt.date, form: str) -> None:
    assert iso_date(day.strftime(form)) == day.isoformat()


@pytest.mark.parametrize(
    ("function", "given_text", "expected"),
    [
        (text_of, "<p>Talks &amp; <b>more</b>.</p>\n<style>p{}</style><p>The\n\npass<br>is shut.</p>", "Talks & more.\n\nThe pass\n\nis shut."),
        (text_of, "no tags at all", "no tags at all"),
        (text_of, "<script>if (a < b) </p></script>x", "x"),
        (text_of, "3 < 4 & 5 > 2<!-- <p>no</p> --> yes", "3 < 4 & 5 > 2 yes"),
        (text_of, "kept <p>too <!-- not ended", "kept\n\ntoo"),
        (text_of, "kept <a href='not ended", "kept"),
        (text_of, "kept <STYLE>not ended", "kept"),
        (unbroken, "nego-\ntiated in Nagorno-\nKarabakh, 3-\n4 days - \nor so", "negotiated in Nagorno-Karabakh, 3-\n4 days - \nor so"),
    ],
)  # fmt: skip
def test_markup_and_line_ends_go_and_words_stay(function: Callable[[str], str], given_text: str, expected: str) -> None:
    assert function(given_text) == expected


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=5))
def test_what_is_written_to_csv_and_json_is_read_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("round")
    for path in (
        _written(folder / "a.csv", table(["id", "text"], *(["", text] for text in texts))),
        _written(folder / "a.json", json.dumps([{"text": text} for text in texts], ensure_ascii=False).encode()),
    ):
        assert [d.text for d in read(path)[0]] == texts
