"""Names that the gazetteer lacks, asked of a service on the web, only when the user wants it."""

from geo.geocode.geocoder import Geocoder, open_geocoder
from geo.geocode.services import SERVICES

__all__ = ["SERVICES", "Geocoder", "open_geocoder"]
