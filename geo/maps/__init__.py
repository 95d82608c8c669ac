"""Events → pages: one self-contained HTML map a year, an index that compares the years.

The pages need no network and no server. `write_maps` writes a folder of them; `EventLayer` puts the same
marks and panel on a `folium.Map` of one's own. How a page is built, and why article text never meets a
template, is told in `page`.
"""

from geo.maps.page import EventLayer
from geo.maps.tiles import find_tiles
from geo.maps.write import MOST, write_maps, write_year_maps

__all__ = ["MOST", "EventLayer", "find_tiles", "write_maps", "write_year_maps"]
