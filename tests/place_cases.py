"""Reads the labelled cases of places (tests/cases/places/README.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from geo.model import Toponym

FOLDER = Path(__file__).parent / "cases" / "places"
MARKED = re.compile(r"\[([^\]=]+)=([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Expected:
    """A mention at `start` that means `target`: an id, or COUNTRY, COUNTRY/kind, COUNTRY/division, COUNTRY/demonym; "?": none."""

    start: int
    text: str
    target: str

    def met_by(self, toponym: Toponym) -> bool:
        """Whether the toponym means what is expected; where it stands is not looked at."""
        place = toponym.place
        if place is None or self.target == "?":
            return place is None and self.target == "?"
        if self.target.startswith(("geo:", "geonames:")):
            return place.id == self.target
        country, _, more = self.target.partition("/")
        if country and place.country != country:
            return False
        return (
            not more
            or more in (place.kind, place.admin1)
            or (more == "demonym" and toponym.kind == "demonym")
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A text with all the places that it mentions."""

    text: str
    expected: tuple[Expected, ...]


def parse(marked: str) -> Case:
    """A case from a text with marks."""
    expected: list[Expected] = []
    text, after = "", 0
    for mark in MARKED.finditer(marked):
        text += marked[after : mark.start()]
        expected.append(Expected(len(text), mark[1], mark[2]))
        text, after = text + mark[1], mark.end()
    return Case(text + marked[after:], tuple(expected))


def cases() -> Iterator[Any]:
    """All cases as pytest parameters; those known to fail as strict xfails."""
    for path in sorted(FOLDER.glob("*.toml")):
        for row in tomllib.loads(path.read_text("utf-8"))["case"]:
            marks = [pytest.mark.xfail(reason=row["known_failure"])] if "known_failure" in row else []
            yield pytest.param(parse(row["text"]), marks=marks, id=f"{path.stem}: {row['text'][:60]}")
