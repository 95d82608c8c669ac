"""Whatever bytes stand in a file, reading it ends in values or in one of geo's own errors, in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.archive.codec import Decoder
from geo.archive.reports import MAGIC, read_record
from geo.documents import Failure, read_documents
from geo.documents.metadata import read_metadata
from geo.documents.parts import find_parts, metadata_of, read_part
from geo.errors import GeoError, MetadataError, OutputError, TriggerError
from geo.events import read_trigger_files
from tests.gazetteers import bundled
from tests.strategies import PIECES, texts

KEYS = ("id", "text", "title", "date", "source", "url")
values = st.none() | st.booleans() | st.integers() | st.floats() | texts | st.sampled_from(("2023-10-04", "2023-13", "0000"))
rows = st.dictionaries(st.sampled_from(KEYS), values | st.lists(values, max_size=2)).map(json.dumps)
front_matter = st.lists(
    st.tuples(st.sampled_from((*KEYS, "---", "", "#", "date: 2023-02-30")), st.sampled_from((": ", ":", "")), texts), max_size=6
).map(lambda fields: "---\n" + "\n".join("".join(field) for field in fields) + "\n---\nThey met in Granada.")
csv = st.lists(
    st.lists(st.sampled_from(("file", "date", "a.txt", '"', '""', "2023-10-04", "=1+1", "\ud800", "é", "", "x" * 200)), max_size=6),
    max_size=6,
).map(lambda table: "\n".join(",".join(row) for row in table))


def encoded(text: str) -> bytes:
    """The text as bytes, lone surrogates too, which are no UTF-8."""
    return text.encode("utf-8", "surrogatepass")


def at(name: str, content: bytes, use: Callable[[Path], Any]) -> Any:
    """What `use` makes of a file of that name and content."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return use(path)


def in_one_line(error: GeoError) -> None:
    assert str(error)
    assert "\n" not in str(error)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".jsonl"])
@given(content=st.binary(max_size=300) | texts.map(encoded) | front_matter.map(encoded) | st.lists(rows, max_size=4).map(lambda r: "\n".join(r).encode()))
def test_any_bytes_are_articles_or_failures(suffix: str, content: bytes) -> None:
    for item in at(f"a{suffix}", content, lambda path: list(read_documents([path]))):
        if isinstance(item, Failure):
            in_one_line(item.error)
        else:
            assert item.text.strip()
            assert "\0" not in item.text
            encoded_again = item.text.encode("utf-8")  # no half characters
            assert suffix == ".jsonl" or encoded_again in content


@given(st.lists(rows | texts, max_size=8), st.sampled_from(("\n", "\r\n", "\n\n")), st.integers(1, 300))
def test_parts_give_what_the_whole_gives(lines: list[str], end: str, size: int) -> None:
    content = encoded(end.join(lines))

    def compare(path: Path) -> None:
        whole = [(getattr(d, "text", ""), getattr(d, "path_or_id", "")) for d in read_documents([path])]
        parts = [
            (getattr(d, "text", ""), getattr(d, "path_or_id", ""))
            for part in find_parts([path], size=size)
            for d in read_part(part, metadata_of(None))
        ]
        if content.strip():
            assert parts == whole

    at("n.jsonl", content, compare)


@given(st.binary(max_size=200) | csv.map(encoded))
def test_any_bytes_are_metadata_or_an_error(content: bytes) -> None:
    try:
        at("m.csv", content, read_metadata)
    except MetadataError as error:
        in_one_line(error)


toml_values = st.recursive(
    st.booleans() | st.integers() | st.sampled_from(PIECES).map(json.dumps) | st.sampled_from(("met", "attack*", "(a|b", "[x", "$1")).map(json.dumps),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(map(str, items))}]"),
    max_leaves=4,
)
toml = st.lists(
    st.sampled_from(("[layer]", "[[pattern]]", "[[trigger]]", "[x.y]", "[[actors]]", "[classes]", "[irregular]", "[cancelled]", 'layer = "clashes"'))
    | st.tuples(st.sampled_from(("name", "plover", "layer", "words", "forms", "head", "pattern", "place", "x", "where", "verbs", "phrases", "actors", "classes", "irregular")), toml_values).map(
        lambda pair: f"{pair[0]} = {str(pair[1]).lower() if isinstance(pair[1], bool) else pair[1]}"
    ),
    max_size=8,
).map("\n".join)
BUNDLED = sorted((Path(__file__).parents[2] / "gazetteer" / "events").glob("*.toml"))


@settings(max_examples=60)
@given(st.binary(max_size=100) | toml.map(encoded))
def test_any_bytes_are_triggers_or_an_error(content: bytes) -> None:
    try:
        at("t.toml", content, lambda path: read_trigger_files([path], bundled().triggers))
    except TriggerError as error:
        in_one_line(error)


@settings(max_examples=60)
@given(st.sampled_from(BUNDLED), st.data())
def test_changed_files_of_triggers_are_triggers_or_an_error(source: Path, data: st.DataObject) -> None:
    lines = source.read_text("utf-8").splitlines()
    line = data.draw(st.integers(0, len(lines) - 1))
    start = data.draw(st.integers(0, len(lines[line])))
    lines[line] = lines[line][:start] + data.draw(st.sampled_from((*PIECES, "=", "[", "]", "[[", "{", "1", "true", "#")))
    try:
        at("t.toml", encoded("\n".join(lines)), lambda path: read_trigger_files([path], bundled().triggers))
    except TriggerError as error:
        in_one_line(error)


@given(st.binary(max_size=200).map(lambda content: MAGIC + content))
def test_any_bytes_are_a_record_or_none(content: bytes) -> None:
    assert at("x.reports", content, read_record) is None


@given(st.binary(max_size=80) | st.dictionaries(st.sampled_from(("places", "rows")), st.lists(values, max_size=3)).map(lambda d: json.dumps(d).encode()))
def test_any_block_is_events_or_an_error(content: bytes) -> None:
    try:
        assert Decoder().decode(content) == []
    except OutputError as error:
        in_one_line(error)
