"""geo reads news articles and draws the map of what they tell: places, corridors and events, offline.

    import geo

    events = geo.parse("seeds/")          # a GeoDataFrame, one row an event
    geo.write_maps(events, "maps")        # layered HTML maps, one a year
    geo.export(events, "events.geojson")
    geo.recognise("Talks were held in Granada, Spain.")

Importing geo loads neither pandas nor folium; the functions that need them do.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.errors import GeoError
    from geo.gazetteer import Gazetteer
    from geo.maps import write_maps
    from geo.pipeline import parse, recognise
    from geo.table import export, read_events

    __version__: str

__all__ = ["Gazetteer", "GeoError", "__version__", "export", "parse", "read_events", "recognise", "write_maps"]

_HOMES = {
    "Gazetteer": "geo.gazetteer",
    "GeoError": "geo.errors",
    "export": "geo.table",
    "parse": "geo.pipeline",
    "read_events": "geo.table",
    "recognise": "geo.pipeline",
    "write_maps": "geo.maps",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # noqa: PLC0415  costs more than opening the gazetteer

        return version("geo-news")
    if name == "maps":  # for geo.maps.EventLayer
        return import_module("geo.maps")
    if name not in _HOMES:
        raise AttributeError(f"module 'geo' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
