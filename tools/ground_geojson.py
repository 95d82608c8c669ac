"""Writes the ground of the pages, land and borders of the world at 1:50 million, as GeoJSON: `python tools/ground_geojson.py land.geojson`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from geo.maps.ground import lines, world


def main() -> None:
    """Write the file named on the command line: a feature for the land, one for the borders."""
    ground = world()
    scale, origin = tuple(ground["scale"]), tuple(ground["origin"])
    land = [[[*ring, ring[0]] for ring in lines(polygon, scale, origin)] for polygon in ground["land"]]
    borders = list(lines(ground["borders"], scale, origin))
    shapes = (
        {"type": "MultiPolygon", "coordinates": land},
        {"type": "MultiLineString", "coordinates": borders},
    )
    features = [{"type": "Feature", "properties": {}, "geometry": shape} for shape in shapes]
    Path(sys.argv[1]).write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
