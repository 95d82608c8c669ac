"""geo reads news articles and draws the map of what they tell: places, corridors and events, offline.

    import geo

    events = geo.parse("seeds/")          # a GeoDataFrame, one row an event
    geo.write_maps(events, "maps")        # layered HTML maps, one a year
    geo.export(events, "events.geojson")
    geo.recognise("Talks were held in Granada, Spain.")
    geo.resolve("Talks were held in Granada, Spain.", [(19, 26)])
    geo.parse_frame(df, text="body", date="published")

Importing geo loads neither pandas nor folium; the functions that need them do.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.archive import read_dataset
    from geo.errors import GeoError
    from geo.formats import export, read_events
    from geo.frames import parse_frame
    from geo.gazetteer import Gazetteer
    from geo.maps import write_maps
    from geo.pipeline import parse, recognise, resolve

    __version__: str

__all__ = [
    "Gazetteer", "GeoError", "__version__", "export", "parse", "parse_frame", "read_dataset", "read_events", "recognise", "resolve",
    "write_maps",
]  # fmt: skip

_HOMES = {
    "Gazetteer": "geo.gazetteer",
    "GeoError": "geo.errors",
    "export": "geo.formats",
    "parse": "geo.pipeline",
    "parse_frame": "geo.frames",
    "read_dataset": "geo.archive",
    "read_events": "geo.formats",
    "recognise": "geo.pipeline",
    "resolve": "geo.pipeline",
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
