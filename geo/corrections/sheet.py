"""The sheet that a person edits in a spreadsheet: events → CSV, edited CSV → `Correction`s.

A cell that was edited is told from one that was not by the column `was`, which holds the values as they were written.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.atomic import replacing
from geo.corrections.cells import day_readings, degrees, plain, safe, same_number
from geo.corrections.keys import key
from geo.corrections.places import find_places
from geo.documents.metadata import decode
from geo.documents.tabular import delimiter
from geo.errors import CorrectionError, DocumentError, OutputError
from geo.gazetteer import Gazetteer
from geo.model import LAYERS, Place

if TYPE_CHECKING:
    import geopandas as gpd

EDITED = ("layer", "date", "place", "lat", "lon")
"""The columns that are corrected by writing over them; `keep` and `note` are edited too."""
SHOWN = (
    "status", "country", "evidence", "actors", "doc_title", "doc_source", "doc_date", "doc_url", "confidence", "reason",
    "correction",
)  # fmt: skip
"""The columns that are there to be read."""
SHEET = ("id", "keep", *EDITED, "note", *SHOWN, "key", "was")
KEEP, DROP = "keep", "drop"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person wants of an event, by its id or key. Empty fields stay as they are.

    `date` is YYYY-MM-DD, YYYY-MM, YYYY or "none". `places` are those that bear the name `place`, the most populous first;
    with `lat` and `lon`, which go before them, there need be none.
    """

    where: str
    id: str
    key: str
    drop: bool = False
    layer: str = ""
    date: str = ""
    place: str = ""
    places: tuple[Place, ...] = ()
    lat: float | None = None
    lon: float | None = None
    note: str = ""

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.drop or self.layer or self.date or self.place or self.lat is not None or self.note)


# --- writing ---------------------------------------------------------------------------------------------------------


def write_review(events: gpd.GeoDataFrame, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write the sheet of a table of events, for spreadsheets: CSV in UTF-8 with a byte order mark, no formulas.

    Raises OutputError when the file is there already, for it may hold a person's work, unless `overwrite` is set, and
    when it cannot be written.
    """
    path = Path(path)
    if path.exists() and not overwrite:
        raise OutputError(f"{path}: is there already, and may hold corrections; choose another name, or say --overwrite")
    with replacing(path) as partial, partial.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(SHEET)
        writer.writerows(_lines(events))
    return path


def _lines(events: gpd.GeoDataFrame) -> Iterator[list[str]]:
    for row in rows_of(events):
        was = values_of(row)
        cells = {"id": row["id"], "keep": KEEP, "note": "", "key": key(row), "was": json.dumps(was, ensure_ascii=False)}
        shown = {name: safe(row[name]) for name in SHOWN}
        edited = {name: value if name in {"lat", "lon"} else safe(value) for name, value in was.items()}
        yield [str((cells | shown | edited)[name]) for name in SHEET]


def rows_of(events: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """The rows of a table of events, with "" for what is missing."""
    table = events.astype(object).where(events.notna(), "")
    rows: list[dict[str, Any]] = table.to_dict("records")
    return rows


def values_of(row: Mapping[str, Any]) -> dict[str, str]:
    """What a person may write over, as it stands in the sheet."""
    shape = row["geometry"]
    point = shape if shape.geom_type == "Point" else shape.representative_point()
    return {
        "layer": str(row["layer"]),
        "date": _date(row),
        "place": " ".join(str(row["place"]).split()),
        "lat": f"{point.y:.5f}",
        "lon": f"{point.x:.5f}",
    }


def _date(row: Mapping[str, Any]) -> str:
    start, end, precision = str(row["start"])[:10], str(row["end"])[:10], row["precision"]
    match precision:
        case "none" | "":
            return "none"
        case "month":
            return start[:7] if start.endswith("-01") else f"{start} to {end}"
        case "year":
            return start[:4] if start.endswith("-01-01") else f"{start} to {end}"
        case "day" | "document":
            return start
        case _:
            return f"{start} to {end}"


# --- reading ---------------------------------------------------------------------------------------------------------


def read_corrections(path: str | Path, gazetteer: Gazetteer) -> list[Correction]:
    """The corrections in a sheet, those rows left out that change nothing.

    The sheet may be one that `write_review` wrote, or one written by hand with the column id and any of keep, layer, date,
    place, lat, lon, note. Raises CorrectionError that names the row.
    """
    path = Path(path)
    try:
        text = decode(path.read_bytes(), str(path))
    except OSError as error:
        raise CorrectionError(f"{path}: cannot be read ({error.strerror}); check the path of the corrections") from None
    except DocumentError as error:
        raise CorrectionError(f"{error} (in a spreadsheet: save as CSV UTF-8)") from None
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(header), strict=True)
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        if "id" not in columns and "key" not in columns:
            raise CorrectionError(f"{path}: no column “id”; make the sheet with `geo review`")
        rows = list(enumerate(reader, 2))
    except csv.Error as error:
        raise CorrectionError(f"{path}, line {reader.line_num}: not CSV ({error}); save it anew as CSV UTF-8") from None
    return list(_corrections(columns, rows, path, gazetteer))


def _corrections(
    columns: list[str], rows: Iterable[tuple[int, list[str]]], path: Path, gazetteer: Gazetteer
) -> Iterator[Correction]:
    for number, cells in rows:
        row = {name: plain(cell) for name, cell in zip(columns, cells, strict=False)}
        if not row.get("id") and not row.get("key"):
            continue
        correction = _correction(row, f"{path.name}, row {number}", gazetteer)
        if correction.changes:
            yield correction


def _correction(row: dict[str, str], where: str, gazetteer: Gazetteer) -> Correction:
    keep = row.get("keep", "").lower() or KEEP
    if keep not in {KEEP, DROP}:
        raise CorrectionError(f"{where}: keep is {keep[:40]!r}; write keep or drop")
    was = _was(row.get("was", ""), where)
    edited = {name: row[name] for name in EDITED if row.get(name) and row[name] != plain(safe(was.get(name, "")))}
    lat, lon = _point(edited, was, where)
    place = edited.get("place", "")
    places = find_places(place, gazetteer) if place else []
    if place and not places and lat is None:
        raise CorrectionError(f"{where}: no place named {place[:60]!r} in the gazetteer; write its lat and lon, or another name")
    layer = edited.get("layer", "")
    if layer and layer not in LAYERS:
        raise CorrectionError(f"{where}: no layer {layer[:40]!r}; the layers are {', '.join(LAYERS)}")
    date = _corrected_date(edited.get("date", ""), was.get("date", ""), where)
    return Correction(
        where, row.get("id", ""), row.get("key", ""), keep == DROP, layer, date, place, tuple(places), lat, lon, row.get("note", "")
    )


def _was(cell: str, where: str) -> dict[str, str]:
    """The values as they were written; none in a sheet that was written by hand."""
    if not cell:
        return {}
    try:
        values = json.loads(cell)
        return {str(name): str(value) for name, value in values.items()}
    except (ValueError, AttributeError):
        raise CorrectionError(f"{where}: the column “was” was changed; make the sheet anew with `geo review`") from None


def _point(edited: Mapping[str, str], was: Mapping[str, str], where: str) -> tuple[float | None, float | None]:
    """The latitude and longitude that were written in, None and None if they were not."""
    cells = {name: edited[name] for name in ("lat", "lon") if name in edited and not same_number(edited[name], was.get(name, ""))}
    if not cells:
        return None, None
    lat, lon = (degrees(cells.get(name) or was.get(name, "")) for name in ("lat", "lon"))
    if lat is None or lon is None or not (-90 <= lat <= 90 and -180 <= lon <= 180):
        shown = ", ".join(f"{name} {cell[:20]!r}" for name, cell in cells.items())
        raise CorrectionError(f"{where}: {shown}: no point on Earth; write both lat and lon in degrees, such as 40.18 and -3.61")
    return lat, lon


def _corrected_date(cell: str, was: str, where: str) -> str:
    """The date that was written in, "" if it was not."""
    if not cell:
        return ""
    readings = day_readings(cell)
    if was in readings:
        return ""  # the spreadsheet wrote it anew
    if len(readings) != 1:
        told = "may be two days" if readings else "is no date"
        raise CorrectionError(f"{where}: {cell[:40]!r} {told}; write it as 2023-10-05, 5 October 2023, 2023-10, 2023 or none")
    return readings.pop()
