"""Reading articles: what is taken from each form, and what is said when something is wrong."""

from __future__ import annotations

import io
import json
import os
import re
import time
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.documents import Failure, read_documents
from geo.documents.metadata import parse_date, split_front_matter
from geo.errors import DocumentError, MetadataError, NothingToReadError
from geo.model import Document

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def documents(items: Iterable[Document | Failure]) -> list[Document]:
    found = list(items)
    assert all(isinstance(item, Document) for item in found), found
    return [item for item in found if isinstance(item, Document)]


def only_failure(items: Iterable[Document | Failure]) -> str:
    [failure] = [item for item in items if isinstance(item, Failure)]
    assert isinstance(failure.error, DocumentError)
    message = str(failure.error)
    assert "\n" not in message
    return message


def rows(*values: object) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in values).encode()


# --- forms -----------------------------------------------------------------------------------------------------------


def test_plain_text_is_kept_whole_with_the_file_name_as_id(tmp_path: Path) -> None:
    path = tmp_path / "pass.txt"
    path.write_bytes("\ufeffThe pass\r\nis shut.\n".encode())
    assert documents(read_documents([path])) == [Document("pass.txt", "The pass\r\nis shut.\n")]


@pytest.mark.parametrize("name", ["pass.md", "pass.txt"])
def test_front_matter_gives_the_fields_and_leaves_the_body(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(
        "---\ntitle: \"Pass shut: lorries wait\"\ndate: 2023-10\nauthor: A. Author\nsource: 'The Courier'\n"
        "url: https://example.org/pass\n---\n\nThe pass is shut.\n---\nMore.\n",
        encoding="utf-8",
    )
    [document] = documents(read_documents([path]))
    assert document.title == "Pass shut: lorries wait"
    assert (document.source, document.url) == ("The Courier", "https://example.org/pass")
    assert document.text == "\nThe pass is shut.\n---\nMore.\n"
    assert document.date is not None
    assert (str(document.date.start), str(document.date.end), document.date.precision) == (
        "2023-10-01",
        "2023-11-01",
        "month",
    )


def test_rules_across_a_text_are_no_front_matter(tmp_path: Path) -> None:
    text = "---\nIt began at dawn.\n---\nIt ended at dusk.\n"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    assert documents(read_documents([tmp_path]))[0].text == text


def test_json_lines_take_their_ids_or_are_numbered(tmp_path: Path) -> None:
    (tmp_path / "wire.jsonl").write_bytes(
        rows({"id": 7, "text": "One.", "title": "First", "date": "2020", "source": "W", "url": "u"})
        + b"\n"
        + rows({"text": "Two."})
    )
    first, second = documents(read_documents([tmp_path]))
    assert (first.id, first.title, first.source, first.url) == ("7", "First", "W", "u")
    assert first.date is not None
    assert first.date.precision == "year"
    assert (second.id, second.text, second.date) == ("wire.jsonl:3", "Two.", None)


def test_folder_is_read_in_order_without_readmes_and_hidden_files(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a/z.md",
        "a/b/c.txt",
        "README.md",
        "a/readme.md",
        ".hidden.txt",
        ".git/x.txt",
        "map.png",
        "x.PNG",
        "Makefile",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("Text.", encoding="utf-8")
    notices: list[str] = []
    found = documents(read_documents([tmp_path], notice=notices.append))
    assert [document.id for document in found] == ["a/b/c.txt", "a/z.md", "b.txt"]
    [notice] = notices
    assert notice.startswith("skipped 3 files that are no articles (2 .png, 1 without a suffix); geo reads .txt, .md, .jsonl")


def test_same_id_twice_gets_a_number(tmp_path: Path) -> None:
    for folder in ("x", "y", "z"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(folder, encoding="utf-8")
    found = documents(read_documents([tmp_path / "x", tmp_path / "y" / "a.txt", tmp_path / "z"]))
    assert [(document.id, document.text) for document in found] == [
        ("a.txt", "x"),
        ("a.txt#2", "y"),
        ("a.txt#3", "z"),
    ]


def test_many_equal_ids_take_no_longer() -> None:
    start = time.process_time()
    assert (
        len(documents(read_documents(["-"], stdin=io.BytesIO(rows({"id": "a", "text": "T"}) * 20_000))))
        == 20_000
    )
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"The pass is shut.\nStill.\n", [("stdin", "The pass is shut.\nStill.\n")]),
        (b"\n\n" + rows({"id": "a", "text": "One."}, {"text": "Two."}), [("a", "One."), ("stdin:4", "Two.")]),
        (b"{an aside} The pass is shut.", [("stdin", "{an aside} The pass is shut.")]),
        (b"---\ntitle: T\n---\nBody", [("stdin", "Body")]),
    ],
)  # fmt: skip
def test_standard_input_is_json_lines_or_one_article(content: bytes, expected: list[tuple[str, str]]) -> None:
    found = documents(read_documents(["-"], stdin=io.BytesIO(content)))
    assert [(document.id, document.text) for document in found] == expected


def test_a_large_stream_is_read_in_constant_memory() -> None:
    class Stream(io.BytesIO):
        left = 2_000

        def readline(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size > 0  # a line of any length is never asked for
            self.left -= 1
            return rows({"text": "x" * 50_000}) if self.left >= 0 else b""

    tracemalloc.start()
    count = sum(1 for _ in read_documents(["-"], stdin=Stream()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2_000
    assert peak < 5_000_000  # of 100 MB


# --- metadata --------------------------------------------------------------------------------------------------------


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.txt").write_text("---\ntitle: Own\ndate: 2001-01-01\nsource: S\n---\nA.", encoding="utf-8")
    (folder / "b.txt").write_text("B.", encoding="utf-8")
    (folder / "c.jsonl").write_bytes(rows({"id": "c1", "text": "C."}))
    return folder


def test_metadata_goes_before_front_matter_before_the_date_for_all(corpus: Path) -> None:
    table = corpus / "metadata.csv"
    table.write_text("file,title,date\na.txt,From the table,2020-05-06\nc1,Row,\n", encoding="utf-8")
    a, b, c = documents(read_documents([corpus], metadata=table, date="1999"))
    assert (a.title, a.source) == ("From the table", "S")
    assert [str(d.date.start) for d in (a, b, c) if d.date] == ["2020-05-06", "1999-01-01", "1999-01-01"]
    assert c.title == "Row"


def test_metadata_rows_without_an_article_are_reported(corpus: Path) -> None:
    table = corpus.parent / "metadata.csv"
    table.write_text("file,title\nb.txt,B\nlost.txt,Lost\n", encoding="utf-8")
    notices: list[str] = []
    documents(read_documents([corpus], metadata=table, notice=notices.append))
    assert notices == [f"{table}, line 3: 'lost.txt' is none of the articles read"]


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("name,title\na.txt,T\n", ["no column “file”", "file,title,source,date,url"]),
        ("", ["no column “file”"]),
        ("file,date\nb.txt,2023-02-30\n", ["line 2", "'2023-02-30' is no date", "YYYY-MM-DD"]),
        ("file,title\nb.txt,B\nb.txt,C\n", ["line 3", "'b.txt' stands on line 2 already"]),
        ('file,title\nb.txt,"open\n', ["line", "not CSV"]),
    ],
)  # fmt: skip
def test_wrong_metadata_stops_before_the_first_article(corpus: Path, content: str, parts: list[str]) -> None:
    table = corpus.parent / "metadata.csv"
    table.write_text(content, encoding="utf-8")
    with pytest.raises(MetadataError) as raised:
        read_documents([corpus], metadata=table)
    assert all(part in str(raised.value) for part in [str(table), *parts])


def test_missing_metadata_and_impossible_date_for_all(corpus: Path) -> None:
    with pytest.raises(MetadataError, match=r"lost\.csv: no such file"):
        read_documents([corpus], metadata=corpus / "lost.csv")
    with pytest.raises(MetadataError, match="option date: '2023-13' is no date"):
        read_documents([corpus], date="2023-13")


# --- bad input -------------------------------------------------------------------------------------------------------


def test_missing_path_and_empty_folder_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(NothingToReadError, match="no such file or folder"):
        read_documents([tmp_path / "lost"])
    with pytest.raises(NothingToReadError, match="no articles found"):
        read_documents([tmp_path])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\x89PNG\0\0text", "a binary file"),
        ("Text".encode("utf-16"), "UTF-16 text; save it as UTF-8"),
        (b"Caf\xe9 shut", "not UTF-8 at byte 3; save it as UTF-8"),
        (b"\xef\xbb\xbfab\xff", "not UTF-8 at byte 5"),
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"---\ntitle: T\n---\n\n", "empty"),
        (b"---\ntitle: T\nThe pass", "front matter is not closed"),
        (b"---\ntitle: T\ndate: 2023-02-30\n---\nText", "line 3: '2023-02-30' is no date; write a real one as YYYY-MM-DD"),
        (b"x" * 1001, "larger than 0.001 MB"),
    ],
)  # fmt: skip
def test_bad_article_is_named_and_the_others_go_on(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "bad.txt").write_bytes(content)
    (tmp_path / "good.txt").write_text("Text.", encoding="utf-8")
    items = list(read_documents([tmp_path], limit=1000))
    error = only_failure(items)
    assert error.startswith(str(tmp_path / "bad.txt"))
    assert message in error
    assert [item.id for item in items if isinstance(item, Document)] == ["good.txt"]


def test_huge_article_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    tracemalloc.start()
    assert "larger than 10 MB" in only_failure(read_documents([path]))
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{not json}", "not JSON"),
        (b"[1, 2]", "no text"),
        (b'{"text": 3}', "no text"),
        (b'{"text": " "}', "empty"),
        (b'{"text": "T", "date": "2021-02-29"}', "'2021-02-29' is no date"),
        (b'{"text": "T", "title": ["x"]}', "title is not text"),
        (b'{"text": "half \\ud800"}', "no text"),
        (b'{"text": "nul \\u0000"}', "no text"),
        (b'{"text": "Caf\xe9"}', "not UTF-8 at byte 13"),
        (b"[" * 900, "not JSON"),
        (b'{"text": "' + b"x" * 1000 + b'"}', "larger than"),
    ],
)  # fmt: skip
def test_bad_line_is_named_by_file_and_number(tmp_path: Path, line: bytes, message: str) -> None:
    path = tmp_path / "wire.jsonl"
    path.write_bytes(rows({"id": "a", "text": "A."}) + line + b"\n" + rows({"id": "b", "text": "B."}))
    items = list(read_documents([path], limit=1000))
    assert [item.id for item in items if isinstance(item, Document)] == ["a", "b"]
    [failure] = [item for item in items if isinstance(item, Failure)]
    assert failure.path_or_id == "wire.jsonl:2"
    assert str(failure.error).startswith("wire.jsonl:2: ")
    assert message in str(failure.error)


def test_file_of_another_kind_that_was_asked_for_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "report.png"
    path.write_bytes(b"\x89PNG")
    assert "not an article; geo reads .txt, .md, .jsonl" in only_failure(read_documents([path]))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Text.", encoding="utf-8")
    path.chmod(0)
    assert "cannot be read" in only_failure(read_documents([path]))


def test_one_line_over_the_limit_is_refused() -> None:
    stream = io.BytesIO(b"x" * 1001)
    assert "stdin: larger than 0.001 MB" in only_failure(read_documents(["-"], stdin=stream, limit=1000))


def test_line_nested_too_deeply_is_a_failure() -> None:
    stream = io.BytesIO(rows({"text": "A."}) + b"[" * 200_000 + b"\n")
    assert "stdin:2: not" in only_failure(read_documents(["-"], stdin=stream))


def test_a_number_of_too_many_digits_is_a_failure() -> None:
    lines = b'{"id": %s, "text": "x"}\n{"id": "b", "text": "y"}\n' % (b"9" * 5000)
    failure, document = read_documents(["-"], stdin=io.BytesIO(lines))
    assert isinstance(failure, Failure)
    assert str(failure.error) == "stdin:1: not a JSON row; a number in it is too long"
    assert documents([document])[0].id == "b"


def test_a_closed_standard_input_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert only_failure(read_documents(["-"])) == "stdin: closed; pipe an article into it"


def test_an_empty_path_is_not_the_folder_that_we_are_in() -> None:
    with pytest.raises(NothingToReadError, match="a path is empty"):
        read_documents([""])


def test_what_is_passed_over_in_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "a.txt").write_text("The pass is shut.")
    (tmp_path / "news" / "a.png").write_text("")
    (tmp_path / "news" / "more").symlink_to(tmp_path, target_is_directory=True)
    notices: list[str] = []
    assert len(documents(read_documents([tmp_path / "news"], notice=notices.append))) == 1
    assert "more: a link to a folder, not followed" in notices[0]
    assert notices[1].startswith("skipped 1 file that is no article (1 .png)")


# --- any text --------------------------------------------------------------------------------------------------------

plain = st.text(st.characters(codec="utf-8"), max_size=80)
one_line = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=40).map(str.strip)


@given(plain)
def test_front_matter_never_changes_the_body(text: str) -> None:
    try:
        fields, body = split_front_matter(text, "a.txt")
    except DocumentError:
        return
    assert text.endswith(body)
    assert fields or body == text


@given(one_line.filter(lambda title: title[:1] not in {'"', "'"}), plain)
def test_what_is_written_into_front_matter_is_read_back(title: str, body: str) -> None:
    fields, read = split_front_matter(f"---\ntitle: {title}\n---\n{body}", "a.md")
    assert (fields["title"], read) == (title, body)


@given(st.dates())
def test_stated_day_is_that_day(day: object) -> None:
    assert str(parse_date(str(day), "a").start) == str(day)


@given(st.text(max_size=12))
def test_any_other_date_is_refused_in_one_line(text: str) -> None:
    if re.match(r"\s*[0-9]{4}(\s|-|\Z)", text):
        return
    with pytest.raises(DocumentError) as raised:
        parse_date(text, "a.txt, line 2")
    assert str(raised.value).startswith("a.txt, line 2: ")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "text", ["2023-00", "2023-13", "2023-02-30", "0000", "2023-1-2", "4 May 2023", "20230504", "9999"]
)
def test_impossible_dates_are_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="is no date; write a real one as YYYY-MM-DD, YYYY-MM or YYYY"):
        parse_date(text, "a.txt")
