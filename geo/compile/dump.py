"""A GeoNames dump (allCountries.zip, US.txt, …) → entries, row by row.

The format is the public one: tab-separated, without quotes, 19 columns, UTF-8
(download.geonames.org/export/dump/readme.txt). Rows whose GeoNames id is known already are passed over; so are
administrative and historical leftovers that news does not name.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TextIO

from geo.compile.sources import ADMIN_TYPES, Entry
from geo.errors import GazetteerError
from geo.gazetteer import ALTERNATE, NONE, PRIMARY, SHORT
from geo.text import fold

# Alternate names in other scripts stay out: news in English does not use them and they would double the file.
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u0259\u1e00-\u1eff0-9 .,'’‘`ʻ/&-]+")
COLUMNS = 19
CLASS_KINDS = {"P": "city", "H": "water", "L": "area", "R": "road", "S": "site", "T": "terrain", "V": "area", "U": "undersea"}
CODE_KINDS = {"PPLC": "capital", "ADM1": "admin1", "ADM2": "admin2", "ADM3": "admin3", "ADM4": "admin4"}


class Row(NamedTuple):
    """What is used of a row of the dump."""

    geonames: int
    name: str
    alternates: list[str]
    lat: float
    lon: float
    feature_class: str
    code: str
    country: str
    admin1: str
    admin2: str
    population: int


@dataclass(slots=True)
class Divisions:
    """Place indices of the divisions: by GeoNames' codes, and the second level by name as well."""

    first: dict[tuple[str, str], int]
    second_by_name: dict[tuple[int, str], int]
    second: dict[tuple[str, str, str], int] = field(default_factory=dict)


def dump_entries(path: Path, known: Collection[int], divisions: Divisions, start: int) -> Iterator[Entry]:
    """Entries of the dump's rows, the divisions first. `start` is the index that the first of them will have.

    Raises GazetteerError naming file and line.
    """
    index = start
    for row in _rows(path):
        if row.code in ("ADM1", "ADM2") and row.geonames not in known:
            entry = _division(row, divisions, index)
            if entry is not None:
                index += 1
                yield entry
    for row in _rows(path):
        if row.geonames not in known and row.code not in ("ADM1", "ADM2") and (kind := _kind(row)):
            yield _entry(row, kind, divisions)


def _kind(row: Row) -> str:
    """The kind of place that a row is; "" for what is left out: countries are curated, the rest is past or planned."""
    if row.feature_class == "A":
        return CODE_KINDS.get(row.code, "")
    if row.code.endswith(("H", "Q", "W")) and row.feature_class == "P":
        return ""  # PPLH, PPLQ, PPLW: historical, abandoned, destroyed
    return CODE_KINDS.get(row.code) or CLASS_KINDS.get(row.feature_class, "")


def _division(row: Row, divisions: Divisions, index: int) -> Entry | None:
    """A division that is not among the places yet; None when it is, and then its code is noted."""
    if row.code == "ADM1":
        if divisions.first.setdefault((row.country, row.admin1), index) != index:
            return None
        return _entry(row, "admin1", divisions)
    parent = divisions.first.get((row.country, row.admin1), NONE)
    for name in (row.name, ADMIN_TYPES.sub("", row.name)):
        if (same := divisions.second_by_name.get((parent, fold(name)))) is not None:
            divisions.second[row.country, row.admin1, row.admin2] = same
            return None
    divisions.second[row.country, row.admin1, row.admin2] = index
    return _entry(row, "admin2", divisions)


def _entry(row: Row, kind: str, divisions: Divisions) -> Entry:
    entry = Entry(row.name, kind, row.country, row.lat, row.lon, row.population, geonames=row.geonames)
    entry.admin1 = divisions.first.get((row.country, row.admin1), NONE)
    entry.admin2 = divisions.second.get((row.country, row.admin1, row.admin2), NONE)
    entry.add(row.name, PRIMARY)
    for name in row.alternates:
        if LATIN.fullmatch(name) and sum(map(str.isalpha, name)) >= 3 and not name.isupper():
            entry.add(name, ALTERNATE)
    if row.feature_class == "A":
        entry.add(ADMIN_TYPES.sub("", row.name), SHORT)
    return entry


def _rows(path: Path) -> Iterator[Row]:
    with _open(path) as file:
        for number, line in enumerate(file, 1):
            cells = line.rstrip("\n").split("\t")
            if len(cells) != COLUMNS:
                raise GazetteerError(f"{path}:{number}: {len(cells)} columns; a row of a GeoNames dump has {COLUMNS}")
            try:
                yield Row(
                    int(cells[0]), cells[1], cells[3].split(",") if cells[3] else [], float(cells[4]), float(cells[5]),
                    cells[6], cells[7], cells[8], cells[10], cells[11], int(cells[14] or 0),
                )  # fmt: skip
            except ValueError as error:
                raise GazetteerError(f"{path}:{number}: not a row of a GeoNames dump ({error})") from None


@contextmanager
def _open(path: Path) -> Iterator[TextIO]:
    """The dump's text, from a .txt file or from the one that a .zip holds."""
    try:
        if path.suffix.lower() != ".zip":
            with path.open(encoding="utf-8", newline="\n") as file:
                yield file
            return
        with zipfile.ZipFile(path) as archive:
            inside = [name for name in archive.namelist() if name.endswith(".txt") and "readme" not in name.lower()]
            if len(inside) != 1:
                raise GazetteerError(f"{path}: a dump holds one .txt file beside its readme, this holds {len(inside)}")
            with archive.open(inside[0]) as raw:
                yield io.TextIOWrapper(raw, encoding="utf-8", newline="\n")
    except (OSError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise GazetteerError(f"{path}: cannot be read as a GeoNames dump ({error})") from None
