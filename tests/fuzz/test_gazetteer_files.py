"""Gazetteer files with other bytes in them: read all the same, or refused as damaged, never a crash."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.compile.writer import write_gazetteer
from geo.errors import GazetteerError
from geo.gazetteer import Gazetteer
from geo.pipeline import recognise
from tests.gazetteers import bundled, entry

LINE = {"type": "LineString", "coordinates": [[46.3, 39.5], [46.5, 39.6]]}
TEXT = "Leaders of Spain met in Granada, Spain, and in St. Louis. The Lachin corridor was closed in Baku."


@cache
def whole() -> bytes:
    """A small gazetteer with all sorts of places and the word lists of the bundled one."""
    entries = [entry("Spain", "ES", "Espagne", kind="country"), entry("Granada", "ES", population=230_000), entry("Baku", "AZ", "Bakı")]
    entries += [entry("St. Louis", "US", population=300_000), entry("Lachin corridor", kind="corridor", lat=39.6, lon=46.5)]
    entries[-1].details = {"id": "geo:lachin", "geometry": LINE, "status": "closed"}
    lexicon = {name: sorted(words)[:5] for name, words in bundled().lexicon.items()}
    with TemporaryDirectory() as folder:
        write_gazetteer(entries, lexicon, {}, {"s": "1"}, Path(folder) / "g.bin")
        return (Path(folder) / "g.bin").read_bytes()


def use(content: bytes) -> None:
    """Open and use a gazetteer of that content in all the ways there are."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "g.bin"
        path.write_bytes(content)
        gazetteer = Gazetteer(path)
    recognise(TEXT, gazetteer=gazetteer)
    with gazetteer.checked_on_failure():
        for name in ("Granada", "Bakı", "Lachin corridor"):
            for bearer in gazetteer.look_up(name):
                gazetteer.place(bearer.place)


def test_the_whole_one_is_read() -> None:
    use(whole())


@settings(max_examples=400)
@given(st.data())
def test_changed_bytes_are_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(whole())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.binary(min_size=1, max_size=9) | st.sampled_from((b"\xff" * 8, b"\0" * 8)))
        content[start : start + len(piece)] = piece
    try:
        use(bytes(content))
    except GazetteerError as error:
        assert "\n" not in str(error)


@given(st.integers(0, 10**6))
def test_a_file_cut_short_is_refused(length: int) -> None:
    content = whole()[: length % len(whole())]
    with pytest.raises(GazetteerError):
        use(content)


def test_any_changed_byte_of_the_data_is_noticed_by_the_check() -> None:
    content = bytearray(whole())
    start, size = bundled_sections(bytes(content))["lat"]
    content[start + size - 1] ^= 1
    with TemporaryDirectory() as folder:
        path = Path(folder) / "g.bin"
        path.write_bytes(content)
        with pytest.raises(GazetteerError, match="damaged; compile it again"):
            Gazetteer(path).check()


def bundled_sections(content: bytes) -> dict[str, list[int]]:
    """Where the sections of a gazetteer lie."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "g.bin"
        path.write_bytes(content)
        sections: dict[str, list[int]] = Gazetteer(path).header["sections"]
        return sections
