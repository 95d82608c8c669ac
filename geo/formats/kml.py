"""KML: a folder a layer, a placemark an event with its time span, for Google Earth and other globes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import geopandas as gpd
import shapely

from geo.formats.records import is_web, records
from geo.formats.shapes import DECIMALS
from geo.maps.payload import legend, pieces
from geo.maps.words import when

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # in XML 1.0
FAINT = "80"  # of 255: how opaque what did not happen is drawn


def write(events: gpd.GeoDataFrame, path: Path) -> None:
    """Write the table; undated events have no time span and are always shown. Raises OSError."""
    folders: dict[str, list[dict[str, Any]]] = {entry["id"]: [] for entry in legend()["layers"]}
    for row in records(events):
        folders.setdefault(row["layer"] or "", []).append(row)
    names = {entry["id"]: entry["name"] for entry in legend()["layers"]}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
        )
        file.write(f"{_element('name', 'Events')}\n")
        file.writelines(_styles())
        for layer, rows in folders.items():
            if rows:
                file.write(f"<Folder>\n{_element('name', names.get(layer, layer))}\n")
                file.writelines(_placemark(row, known=layer in names) for row in rows)
                file.write("</Folder>\n")
        file.write("</Document>\n</kml>\n")


def text(value: object) -> str:
    """A value as XML text; what XML cannot hold becomes U+FFFD."""
    return escape(ILLEGAL.sub("\ufffd", "" if value is None else str(value)))


def _element(name: str, value: object) -> str:
    return f"<{name}>{text(value)}</{name}>"


def _styles() -> Iterator[str]:
    for entry in (*legend()["layers"], legend()["unknown"] | {"id": "other"}):
        red, green, blue = (entry["light"][at : at + 2] for at in (1, 3, 5))
        for name, opacity in ((entry["id"], "ff"), (f"{entry['id']}-faint", FAINT)):
            ink = f"{opacity}{blue}{green}{red}"
            yield (
                f"<Style id={quoteattr(name)}><IconStyle><color>{ink}</color></IconStyle>"
                f"<LineStyle><color>{ink}</color><width>3</width></LineStyle>"
                f"<PolyStyle><color>30{blue}{green}{red}</color></PolyStyle></Style>\n"
            )


def _placemark(row: Mapping[str, Any], *, known: bool) -> str:
    style = f"{row['layer'] if known else 'other'}{'' if row['status'] == 'occurred' else '-faint'}"
    data = "".join(
        f"<Data name={quoteattr(name)}><value>{text(_plain(value))}</value></Data>"
        for name, value in row.items()
        if name != "geometry" and value is not None
    )
    return (
        f'<Placemark>{_element("name", row["place"])}<Snippet maxLines="0"></Snippet>{_element("description", _description(row))}'
        f"{_span(row)}<styleUrl>#{style}</styleUrl><ExtendedData>{data}</ExtendedData>{_geometry(row['geometry'])}</Placemark>\n"
    )


def _plain(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _span(row: Mapping[str, Any]) -> str:
    """From the first moment of the first day to the last of the last."""
    if not row["start"]:
        return ""
    moments = [("begin", row["start"]), ("end", row["end"])]
    return (
        f"<TimeSpan>{''.join(_element(name, f'{day}T00:00:00Z') for name, day in moments if day)}</TimeSpan>"
    )


def _description(row: Mapping[str, Any]) -> str:
    """What the balloon shows, as HTML: nothing from an article is markup there."""
    dated = when(row["start"] or "", row["end"] or "", row["precision"] or "")
    told = [
        f"<p>{html.escape(str(row['layer']))}, {html.escape(str(row['status']))}: {html.escape(dated)}</p>"
    ]
    for piece in pieces(row):
        source = ", ".join(
            str(piece.get(name) or "") for name in ("doc_title", "doc_source", "doc_date") if piece.get(name)
        )
        source = html.escape(source or str(piece.get("doc_id") or ""))
        url = str(piece.get("doc_url") or "")
        if is_web(url):
            source = f'<a href="{html.escape(url)}">{source}</a>'
        told.append(f"<blockquote>{html.escape(str(piece.get('evidence') or ''))}<br>{source}</blockquote>")
    told.append(f"<p>{html.escape(str(row['reason'] or ''))}</p>")
    return "".join(told)


def _geometry(shape: shapely.Geometry | None) -> str:
    if shape is None or shape.is_empty:
        return ""
    if hasattr(shape, "geoms"):
        return f"<MultiGeometry>{''.join(_geometry(part) for part in shape.geoms)}</MultiGeometry>"
    match shape.geom_type:
        case "Polygon":
            holes = "".join(f"<innerBoundaryIs>{_ring(ring)}</innerBoundaryIs>" for ring in shape.interiors)
            return f"<Polygon><tessellate>1</tessellate><outerBoundaryIs>{_ring(shape.exterior)}</outerBoundaryIs>{holes}</Polygon>"
        case "LineString":
            return f"<LineString><tessellate>1</tessellate>{_coordinates(shape)}</LineString>"
        case _:
            return f"<Point>{_coordinates(shape)}</Point>"


def _ring(ring: shapely.Geometry) -> str:
    return f"<LinearRing>{_coordinates(ring)}</LinearRing>"


def _coordinates(shape: shapely.Geometry) -> str:
    pairs = (
        f"{round(lon, DECIMALS):.{DECIMALS}f},{round(lat, DECIMALS):.{DECIMALS}f}"
        for lon, lat in shapely.get_coordinates(shape)
    )
    return f"<coordinates>{' '.join(pairs)}</coordinates>"
