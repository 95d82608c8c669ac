"""Gazetteers for tests: tiny ones made of a few entries, and the one that the package carries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from geo.compile.sources import Entry
from geo.compile.writer import write_gazetteer
from geo.gazetteer import ALTERNATE, PRIMARY, Gazetteer
from geo.model import Place, Toponym
from geo.text import analyse
from geo.toponyms.recogniser import recognise
from geo.toponyms.resolver import resolve


def entry(
    label: str, country: str = "", *alternates: str, kind: str = "city", population: int = 0, **rest: Any
) -> Entry:
    """An entry at 0°, 0° unless `rest` says otherwise, with its label as primary name."""
    made = Entry(label, kind, country, rest.pop("lat", 0.0), rest.pop("lon", 0.0), population, **rest)
    made.add(label, PRIMARY)
    for name in alternates:
        made.add(name, ALTERNATE)
    return made


def compiled(entries: Iterable[Entry]) -> Gazetteer:
    """A gazetteer of just these entries; its file is gone, its mapping stays."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tiny.bin"
        write_gazetteer(list(entries), {}, {}, {}, path)
        return Gazetteer(path)


@lru_cache(maxsize=1)
def bundled() -> Gazetteer:
    """The gazetteer that the build hook compiles into the package."""
    return Gazetteer()


def toponyms(text: str, day: dt.date | None = None) -> list[Toponym]:
    """What the bundled gazetteer and weights find in a text of `day`."""
    analysis, g = analyse(text), bundled()
    return resolve(analysis, recognise(analysis, g), g, day=day)


def places_named(name: str) -> list[Place]:
    """The places of the bundled gazetteer that bear a name."""
    g = bundled()
    return [g.place(bearer.place) for bearer in g.look_up(name)]
