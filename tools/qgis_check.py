"""Open event files in a real QGIS: styles load, symbols draw, the temporal controller filters; and a picture of it.

Runs with the Python that PyQGIS belongs to (Debian: `apt-get install python3-qgis`), which need not have geo:

    QT_QPA_PLATFORM=offscreen python3 tools/qgis_check.py events.gpkg events.geojson --picture docs/images/qgis.png

Prints a line a layer. Exit code 1 if something is not as it should be.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsDateTimeRange,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProviderRegistry,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorLayerTemporalContext,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, QDateTime, QSize, Qt, QTime
from qgis.PyQt.QtGui import QColor

VIEW = QgsRectangle(42.5, 37.9, 49.7, 42.4)  # of the picture: the South Caucasus


def layers(path: Path) -> Iterator[QgsVectorLayer]:
    """The layers as QGIS offers them when the file is dropped on it, with the style that it finds by itself."""
    resolve = Qgis.SublayerQueryFlags(Qgis.SublayerQueryFlag.ResolveGeometryType)
    for found in QgsProviderRegistry.instance().querySublayers(str(path), resolve):
        if found.name() == "layer_styles":
            continue
        layer = QgsVectorLayer(
            found.uri(), f"{found.name()} ({QgsWkbTypes.displayString(found.wkbType())})", "ogr"
        )
        layer.loadDefaultStyle()  # as the application does after it has added a layer
        yield layer


def problems(layer: QgsVectorLayer) -> Iterator[str]:
    """What is wrong with a layer."""
    if not layer.isValid():
        yield "is not valid"
        return
    if layer.renderer().type() != "RuleRenderer":
        yield f"has no style of ours but {layer.renderer().type()}"
        return
    if not layer.labelsEnabled():
        yield "has no labels"
    yield from _undrawn(layer)
    yield from _untimely(layer)


def _undrawn(layer: QgsVectorLayer) -> Iterator[str]:
    fields = {layer.fields()[i].name() for i in range(layer.fields().count())}
    if not {"layer", "status", "place", "start", "end"} <= fields:
        yield f"lacks fields, has {sorted(fields)}"
    rule = layer.renderer().rootRule()
    for inner in rule.descendants():
        symbol = inner.symbol()
        for at in range(symbol.symbolLayerCount() if symbol else 0):
            drawn = symbol.symbolLayer(at)
            if drawn.layerType() == "SvgMarker" and not drawn.path().startswith("base64:"):
                yield f"the rule {inner.label()!r} has lost its drawing"
    if not _ink(layer):
        yield "draws nothing"


def _ink(layer: QgsVectorLayer, span: QgsDateTimeRange | None = None) -> int:
    """How many pixels of a picture of the layer's extent are not white."""
    extent = QgsRectangle(layer.extent())
    extent.grow(1)
    image = _picture([layer], extent, QSize(400, 300), span)
    white = QColor(255, 255, 255).rgb()
    return sum(image.pixel(x, y) != white for x in range(0, 400, 2) for y in range(0, 300, 2))


def _picture(
    shown: list[Any], extent: QgsRectangle, size: QSize, span: QgsDateTimeRange | None = None
) -> Any:
    settings = QgsMapSettings()
    settings.setLayers(shown)
    settings.setExtent(extent)
    settings.setOutputSize(size)
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor(255, 255, 255))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    if span is not None:
        settings.setIsTemporal(True)
        settings.setTemporalRange(span)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage()


def _untimely(layer: QgsVectorLayer) -> Iterator[str]:
    """Whether the controller's filter for one day gives the events of that day, and no others that are dated."""
    timing = layer.temporalProperties()
    if not timing.isActive() or (timing.startField(), timing.endField()) != ("start", "end"):
        yield "is not set for the temporal controller"
        return
    kinds = {name: layer.fields().field(name).typeName() for name in ("start", "end")}
    dated = [f for f in layer.getFeatures() if _day(f["start"])]
    if not dated:
        return
    if any("String" in kind for kind in kinds.values()):
        yield f"has texts for dates: {kinds}"
    day = max(_day(f["start"]) for f in dated)
    span = QgsDateTimeRange(_midnight(day), _midnight(day.addDays(1)), True, False)
    context = QgsVectorLayerTemporalContext()
    context.setLayer(layer)
    expected = {f["id"] for f in dated if _day(f["start"]) <= day < (_day(f["end"]) or day.addDays(1))}
    shown = layer.clone()
    shown.setSubsetString("")
    condition = timing.createFilterString(context, span)
    shown.selectByExpression(condition)
    # what becomes of the undated depends on the driver: GDAL 3.6 hides them, but for GeoPackage
    found = {f["id"] for f in shown.selectedFeatures() if _day(f["start"])}
    if found != expected:
        yield f"on {day.toString(Qt.ISODate)} shows {len(found)} dated events, not {len(expected)}: {condition}"


def _day(value: Any) -> Any:
    date = value.date() if isinstance(value, QDateTime) else value
    return date if isinstance(date, QDate) and date.isValid() else None


def _midnight(day: QDate) -> QDateTime:
    return QDateTime(day, QTime(0, 0), Qt.UTC)


def main() -> None:
    """Check the files named on the command line."""
    parser = argparse.ArgumentParser(description="Open event files in QGIS and look whether all is well.")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--picture", type=Path, help="draw the first file's layers to this PNG")
    parser.add_argument(
        "--ground", type=Path, help="land and borders to draw under them (tools/ground_geojson.py)"
    )
    arguments = parser.parse_args()
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    wrong = _check(arguments)
    sys.stdout.flush()
    os._exit(1 if wrong else 0)  # PyQGIS is known to crash when it is torn down


def _check(arguments: argparse.Namespace) -> int:
    """How many things are wrong with the files."""
    wrong = 0
    for number, path in enumerate(arguments.files):
        opened = list(layers(path))
        if not opened:
            print(f"{path}: no layers")
            wrong += 1
        for layer in opened:
            found = list(problems(layer))
            wrong += len(found)
            print(f"{path} {layer.name()}: {layer.featureCount()} events, {'; '.join(found) or 'well'}")
        if number == 0 and arguments.picture:
            draw(opened, arguments.picture, arguments.ground)
    return wrong


def draw(opened: list[QgsVectorLayer], picture: Path, ground: Path | None) -> None:
    """The layers, points above lines above areas, as a PNG."""
    below = []
    for kind, colour in (("LineString", "#b9b3a5"), ("Polygon", "#f3f1ec")) if ground else ():
        layer = QgsVectorLayer(f"{ground}|geometrytype={kind}", kind, "ogr")
        layer.renderer().symbol().setColor(QColor(colour))
        below.append(layer)
    picture.parent.mkdir(parents=True, exist_ok=True)
    _picture([*opened, *below], VIEW, QSize(1280, 800)).save(str(picture))


if __name__ == "__main__":
    main()
