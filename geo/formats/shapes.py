"""Geometries as the formats want them: in two dimensions, and cut at the antimeridian."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, Polygon, box

DECIMALS = 7  # of exported coordinates: a centimetre, and what RFC 7946 advises at most


def cut(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """The shape in two dimensions, its lines and rings cut where they cross the antimeridian.

    A step of more than 180 degrees of longitude is taken for the short way round. A ring around a pole stays as it is.
    """
    if shape is None or shape.is_empty:
        return shape
    flat = shapely.force_2d(shape)
    parts = [piece for part in getattr(flat, "geoms", [flat]) for piece in _pieces(part)]
    if len(parts) == 1 and not hasattr(flat, "geoms"):
        return parts[0]
    kinds = {part.geom_type for part in parts}
    if len(kinds) > 1:
        return shapely.GeometryCollection(parts)
    multi = {
        "Point": shapely.MultiPoint,
        "LineString": shapely.MultiLineString,
        "Polygon": shapely.MultiPolygon,
    }
    return multi[kinds.pop()](parts)


def _pieces(part: shapely.Geometry) -> list[shapely.Geometry]:
    match part:
        case Polygon():
            whole = _unwrapped_polygon(part)
        case LineString():
            whole = LineString(_unwrapped(shapely.get_coordinates(part)))
        case _:
            return [part]
    if whole is None or (whole.bounds[0] >= -180 and whole.bounds[2] <= 180):
        return [part]
    west, east = (
        math.floor((x + 180) / 360) for x in (whole.bounds[0], np.nextafter(whole.bounds[2], -np.inf))
    )
    pieces = []
    for turn in range(west, east + 1):
        found = shapely.make_valid(whole).intersection(box(-180 + 360 * turn, -90, 180 + 360 * turn, 90))
        pieces += [
            translate(piece, -360 * turn)
            for piece in getattr(found, "geoms", [found])
            if piece.geom_type == part.geom_type and not piece.is_empty
        ]
    return pieces or [part]


def _unwrapped(coordinates: Any) -> Any:
    """Coordinates without jumps from one side of the antimeridian to the other."""
    steps = np.diff(coordinates[:, 0])
    turns = np.concatenate([[0], np.cumsum((steps < -180).astype(int) - (steps > 180).astype(int))])
    return np.column_stack([coordinates[:, 0] + 360.0 * turns, coordinates[:, 1]])


def _unwrapped_polygon(polygon: Polygon) -> Polygon | None:
    """The polygon without jumps; None when a ring runs around a pole."""
    rings = [_unwrapped(shapely.get_coordinates(ring)) for ring in (polygon.exterior, *polygon.interiors)]
    if any(abs(ring[0, 0] - ring[-1, 0]) > 180 for ring in rings):
        return None
    west = rings[0][:, 0].min()
    for hole in rings[1:]:  # beside its shell, not a turn away
        hole[:, 0] += 360.0 * math.ceil((west - hole[:, 0].min()) / 360)
    return Polygon(rings[0], rings[1:])


def wkt(shape: shapely.Geometry | None) -> str:
    """Well-known text, "" for nothing."""
    return "" if shape is None else shapely.to_wkt(shape, rounding_precision=DECIMALS)


def rounded(shape: shapely.Geometry) -> shapely.Geometry:
    """The shape with as many decimals as are exported."""
    return shapely.transform(shape, lambda xy: xy.round(DECIMALS))
