"""The style that QGIS gives to events: the shapes and colours of the pages, labels, and the temporal controller.

A rule for each layer and status that the table has, and one for the rest. The rules that draw lines and areas stand in the
same style as those for points when the file holds all of them, for QGIS has one .qml for a file.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any
from xml.sax.saxutils import quoteattr

import geopandas as gpd
import shapely

from geo.maps.payload import legend

KINDS = ("points", "lines", "areas")
GEOMETRIES = {"points": "Point", "lines": "Line", "areas": "Polygon"}  # QGIS's geometry_type()
PAPER = "#ffffff"
SIZE, SMALL = 4.2, 2.6  # millimetres, of a symbol and of that of a place only named

DASHES = {"proposed": "1;1", "planned": "4;1.5", "cancelled": "2;1.5", "denied": "2;1.5"}


def kind_of(shape: shapely.Geometry | None) -> str:
    """Which of the kinds a geometry is; what has none, or several, goes with the points."""
    name = "" if shape is None else str(shape.geom_type)
    return "lines" if name.endswith("LineString") else "areas" if name.endswith("Polygon") else "points"


def style(events: gpd.GeoDataFrame, kind: str | None = None) -> str:
    """The QML for the events of one kind of geometry, or of all that the table has."""
    shapes = [kind_of(shape) for shape in events.geometry]
    rows = [
        row
        for row in zip(_texts(events, "layer"), _texts(events, "status"), shapes, strict=True)
        if kind in (None, row[2])
    ]
    kinds = [kind] if kind else [k for k in KINDS if k in shapes] or ["points"]
    symbols: list[str] = []
    rules = "".join(_rules(rows, kinds, symbols, single=kind is not None))
    geometry = f"<layerGeometryType>{KINDS.index(kind)}</layerGeometryType>" if kind else ""
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22" styleCategories="Symbology|Labeling|Temporal" labelsEnabled="1">\n'
        f'{TEMPORAL}\n<renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="1" forceraster="0">\n'
        f'<rules key="root">\n{rules}</rules>\n<symbols>\n{"".join(symbols)}</symbols>\n{ORDER}\n</renderer-v2>\n'
        f"{_labeling(kind)}\n{geometry}\n</qgis>\n"
    )


def _texts(events: gpd.GeoDataFrame, name: str) -> list[str]:
    return [str(v) for v in events[name].fillna("")] if name in events.columns else [""] * len(events)


# --- rules


def _rules(
    rows: Sequence[tuple[str, str, str]], kinds: Sequence[str], symbols: list[str], *, single: bool
) -> Iterator[str]:
    known = legend()
    layers = {entry["id"]: entry for entry in known["layers"]}
    names = {entry["id"]: entry["name"] for entry in known["statuses"]}
    number, seen = count(), set(rows)
    for layer, entry in layers.items():
        inner = "".join(
            _rule(
                f"{layer}-{status}-{kind}",
                names[status],
                _where(kind, status, single=single),
                _add(symbols, number, entry, status, kind),
            )
            for status in names
            for kind in kinds
            if (layer, status, kind) in seen
        )
        if inner:
            yield _rule(layer, entry["name"], f'"layer" = {_literal(layer)}', inner=inner)
    others = "".join(
        _rule(
            f"other-{kind}",
            "",
            _where(kind, None, single=single),
            _add(symbols, number, known["unknown"], "occurred", kind),
        )
        for kind in kinds
    )
    yield f'<rule key="other" label="Other" filter="ELSE">\n{others}</rule>\n'


def _where(kind: str, status: str | None, *, single: bool) -> str:
    """The condition of an inner rule."""
    conditions = [] if status is None else [f'"status" = {_literal(status)}']
    if not single:
        conditions.append(f"geometry_type($geometry) = '{GEOMETRIES[kind]}'")
    return " AND ".join(conditions)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _rule(key: str, label: str, condition: str, symbol: int | None = None, inner: str = "") -> str:
    drawn = "" if symbol is None else f' symbol="{symbol}"'
    where = f" filter={quoteattr(condition)}" if condition else ""
    return f"<rule key={quoteattr(key)} label={quoteattr(label)}{where}{drawn}>{inner}</rule>\n"


def _add(symbols: list[str], number: count[int], entry: dict[str, Any], status: str, kind: str) -> int:
    """Put the symbol of a layer and status behind the others; gives its number."""
    name = next(number)
    match kind:
        case "lines":
            symbols.append(_line(str(name), entry, status))
        case "areas":
            symbols.append(_area(str(name), entry, status))
        case _:
            symbols.append(_marker(str(name), entry, status))
    return name


# --- symbols


def _marker(name: str, entry: dict[str, Any], status: str) -> str:
    drawing = base64.b64encode(_svg(entry, status).encode()).decode()
    size = SMALL if entry.get("id") == "mentions" else SIZE
    fill, outline = (entry["light"], PAPER) if status == "occurred" else (PAPER, entry["light"])
    layer = _layer(
        "SvgMarker", name=f"base64:{drawing}", color=fill, outline_color=outline, size=size, size_unit="MM"
    )
    return _symbol(name, "marker", layer)


def _svg(entry: dict[str, Any], status: str) -> str:
    """The page's symbol: full for what happened, hollow for what did not, crossed for what was called off.

    The colours are parameters, so that they can be changed in QGIS.
    """
    shapes = legend()["shapes"]
    outline = 'stroke="param(outline) #ffffff"'
    dash = ' stroke-dasharray=".42 .3"' if status == "proposed" else ""
    width = ".24" if status == "occurred" else ".32"
    strokes = legend()["strokes"].get(status)
    crossed = f'<path d="{strokes}" fill="none" {outline} stroke-width=".32"/>' if strokes else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="-1.6 -1.6 3.2 3.2">'
        f'<path d="{shapes[entry["shape"]]}" fill="param(fill) {entry["light"]}" {outline} '
        f'stroke-width="{width}" stroke-linejoin="round"{dash}/>{crossed}</svg>'
    )


def _line(name: str, entry: dict[str, Any], status: str) -> str:
    dashed = (
        {"use_customdash": "1", "customdash": DASHES[status], "customdash_unit": "MM"}
        if status in DASHES
        else {}
    )
    round_ends = {
        "capstyle": "round" if not dashed else "flat",
        "joinstyle": "round",
        "line_width_unit": "MM",
    }
    width = 0.5 if entry.get("id") == "mentions" else 1.1
    layers = _layer(
        "SimpleLine", line_color=PAPER, line_width=2 * width, **(round_ends | {"capstyle": "round"})
    )
    layers += _layer("SimpleLine", line_color=entry["light"], line_width=width, **round_ends, **dashed)
    if entry["shape"] != "route":  # a corridor is its line; what happened on a line gets its symbol there
        marker = _marker(f"@{name}@2", entry, status)
        layers += _layer(
            "MarkerLine", inner=marker, placements="CentralPoint", placement="centralpoint", rotate="0"
        )
    return _symbol(name, "line", layers)


def _area(name: str, entry: dict[str, Any], status: str) -> str:
    layers = _layer(
        "SimpleFill",
        color=entry["light"] + "12",
        style="solid",
        outline_color=entry["light"],
        outline_width=0.4,
        outline_style="solid" if status == "occurred" else "dash",
        outline_width_unit="MM",
    )
    layers += _layer(
        "CentroidFill",
        inner=_marker(f"@{name}@1", entry, status),
        point_on_surface="1",
        point_on_all_parts="0",
    )
    return _symbol(name, "fill", layers)


def _symbol(name: str, kind: str, layers: str) -> str:
    return f'<symbol name="{name}" type="{kind}" alpha="1" clip_to_extent="1" force_rhr="0">\n{layers}</symbol>\n'


def _layer(class_: str, *, inner: str = "", **options: object) -> str:
    listed = "".join(
        f'<Option type="QString" name="{key}" value={quoteattr(_colour(str(value)))}/>'
        for key, value in options.items()
    )
    return f'<layer class="{class_}" enabled="1" locked="0" pass="0"><Option type="Map">{listed}</Option>{inner}</layer>\n'


def _colour(value: str) -> str:
    """`#rrggbb` or `#rrggbbaa` as QGIS writes colours; anything else as it is."""
    if len(value) not in (7, 9) or not value.startswith("#"):
        return value
    parts = [int(value[at : at + 2], 16) for at in range(1, len(value), 2)]
    return ",".join(str(part) for part in (*parts, 255)[:4])


# Places only named lie under what happened there.
ORDER = """<orderby><orderByClause asc="0" nullsFirst="0">"layer" = 'mentions'</orderByClause></orderby>"""

# `end` is the day after the last, which limitMode 0 leaves out.
TEMPORAL = (
    '<temporal enabled="1" mode="2" limitMode="0" startField="start" endField="end" accumulate="0" fixedDuration="0" '
    'durationField="" durationUnit="min" startExpression="" endExpression="">'
    "<fixedRange><start></start><end></end></fixedRange></temporal>"
)


def _labeling(kind: str | None) -> str:
    """The name of the place: along a line; else always right of the symbol, where those of one place hide each other but for one."""
    along = '<placement placement="2" placementFlags="10" dist="1" distUnits="MM"/>'
    beside = '<placement placement="1" quadOffset="5" xOffset="2.6" yOffset="0" offsetUnits="MM" centroidInside="1"/>'
    return (
        '<labeling type="simple"><settings>'
        '<text-style fieldName="place" isExpression="0" fontSize="8" fontSizeUnit="Point" fontFamily="Open Sans" '
        'textColor="31,36,41,255" textOpacity="1" multilineHeight="1">'
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.9"/>'
        f"</text-style>{along if kind == 'lines' else beside}"
        '<rendering obstacle="0" drawLabels="1" displayAll="0" mergeLines="1" labelPerPart="0"/>'
        "</settings></labeling>"
    )
