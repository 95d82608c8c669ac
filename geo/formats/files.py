"""Which suffix is which format; tables written to files and read from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.atomic import replacing
from geo.errors import FormatError

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: its name, its suffixes, and the module of geo.formats that writes it.

    `reads`: its files carry the whole table. `texts`: it takes the texts of the articles. `styled`: QGIS finds a .qml beside it.
    """

    name: str
    suffixes: tuple[str, ...]
    module: str
    reads: bool = False
    texts: bool = False
    styled: bool = False


FORMATS = (
    Format("GeoJSON", (".geojson", ".json"), "geojson", reads=True, styled=True),
    Format(
        "GeoJSON text sequence",
        (".geojsonl", ".geojsons", ".geojsonseq"),
        "geojsonseq",
        reads=True,
        styled=True,
    ),
    Format("GeoPackage", (".gpkg",), "geopackage", reads=True),
    Format("FlatGeobuf", (".fgb",), "flatgeobuf", reads=True, styled=True),
    Format("GeoParquet", (".parquet", ".geoparquet"), "geoparquet", reads=True, styled=True),
    Format("KML", (".kml",), "kml"),
    Format("CSV", (".csv",), "spreadsheet"),
    Format("CSV with ACLED's columns", (".acled.csv",), "acled"),
    Format("Linked Places", (".lpf.json", ".lpf.geojson"), "linked_places"),
    Format("Web Annotation", (".jsonld",), "web_annotation"),
    Format("brat", (".ann",), "brat", texts=True),
    Format("brat, an archive", (".brat.zip",), "brat_archive", texts=True),
)


def format_of(path: Path) -> Format:
    """The format that the file's suffix asks for, the longest that fits. Raises FormatError for another."""
    name = path.name.lower()
    fitting = [
        (len(suffix), number)
        for number, f in enumerate(FORMATS)
        for suffix in f.suffixes
        if name.endswith(suffix)
    ]
    if not fitting:
        known = ", ".join(f.suffixes[0] for f in FORMATS)
        raise FormatError(
            f"{path}: {path.suffix or 'a name without suffix'} is no format of events; choose one of {known}"
        )
    return FORMATS[max(fitting)[1]]


def check_format(path: str | Path) -> None:
    """Raise FormatError if events cannot be written as the file's suffix asks, before any work is done."""
    _writer(format_of(Path(path)), Path(path))


def _writer(format_: Format, path: Path) -> Any:
    module = import_module(f"geo.formats.{format_.module}")
    if hasattr(module, "check"):
        module.check(path)
    return module


def export(
    events: gpd.GeoDataFrame,
    path: str | Path,
    *,
    style: bool = False,
    texts: Mapping[str, str] | None = None,
) -> Path:
    """Write the table to `path`, replaced in one step; the suffix chooses the format (docs/formats.md).

    With `style` a QGIS style is put beside the file (`events.qml`); a GeoPackage has one inside anyway. `texts` are
    the articles by document id: brat's archive takes them in, and mentions are checked against them. Coordinates are
    EPSG:4326, at most 7 decimals in text; what crosses the antimeridian is cut there. GeoJSON follows RFC 7946.
    Raises FormatError for another suffix, a missing extra or a table that the format cannot take, OutputError where
    the file cannot be written.
    """
    from geo.formats.records import ready  # noqa: PLC0415  pandas and shapely only where they are needed

    path = Path(path)
    format_ = format_of(path)
    module = _writer(format_, path)
    table = ready(events)
    with replacing(path) as partial:
        if format_.texts:
            module.write(table, partial, texts)
        else:
            module.write(table, partial)
    if style and format_.styled:
        from geo.formats.qgis import style as style_of  # noqa: PLC0415

        with replacing(path.with_suffix(".qml")) as partial:
            partial.write_text(style_of(table), encoding="utf-8", newline="\n")
    return path


def read_events(path: str | Path) -> gpd.GeoDataFrame:
    """The table that `export` wrote, from a format that carries all of it.

    Raises FormatError when the file is no event table, naming the missing columns.
    """
    from geo.formats.records import restored  # noqa: PLC0415

    path = Path(path)
    format_ = format_of(path)
    if not format_.reads:
        known = ", ".join(f.suffixes[0] for f in FORMATS if f.reads)
        raise FormatError(f"{path}: {format_.name} does not carry the whole table; read events from {known}")
    module = _writer(format_, path)
    try:
        frame = module.read(path)
    except Exception as error:  # noqa: BLE001  pyogrio and pyarrow raise many kinds
        raise FormatError(f"{path}: not a file of events ({' '.join(str(error).split())})") from None
    return restored(frame, path)
