"""The services that can be asked, through geopy, and their answers in one form. Nothing but a name is sent."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from geo.errors import OptionError

SERVICES = ("nominatim", "photon", "geonames")
USER = "GEO_GEONAMES_USER"
ANSWERS = 10  # at most, for a name
DELAYS = {"nominatim": 1.0, "photon": 1.0, "geonames": 0.5}
"""Seconds from one question to the next; Nominatim's rules ask for one."""

OSM_CLASSES = frozenset("place boundary natural waterway landuse aeroway military mountain_pass".split())
OSM_KINDS = {
    "city": "city", "town": "city", "village": "city", "hamlet": "city", "suburb": "city", "isolated_dwelling": "city",
    "state": "admin1", "region": "region", "province": "admin1", "county": "admin2", "district": "admin2",
    "municipality": "admin2", "administrative": "admin2", "island": "island", "islet": "island", "bay": "bay",
    "peak": "mountain", "mountain_pass": "pass", "valley": "valley", "peninsula": "peninsula", "strait": "strait",
    "water": "lake", "river": "river", "canal": "canal", "aerodrome": "airport", "base": "base",
}  # fmt: skip
GEONAMES_KINDS = {"P": "city", "A": "admin2", "H": "lake", "L": "region", "T": "mountain", "S": "site", "V": "site", "R": "route"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A place that a service knows under a name. `names` are all those that it gives for it."""

    id: str
    name: str
    names: tuple[str, ...]
    kind: str
    country: str
    lat: float
    lon: float


def open_service(service: str, url: str | None, agent: str, timeout: float) -> Callable[[str], list[Answer]]:
    """A function that asks `service`, or the one at `url` that speaks as it does. Raises OptionError."""
    from geopy.geocoders import GeoNames, Nominatim, Photon  # noqa: PLC0415  seldom needed, slow to import

    place: dict[str, Any] = {"user_agent": agent, "timeout": timeout}
    if url:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise OptionError(f"geocode URL {url!r}: write it as https://HOST/PATH")
        place |= {"scheme": parts.scheme, "domain": parts.netloc + parts.path.rstrip("/")}
    match service:
        case "nominatim":
            nominatim = Nominatim(**place)
            return lambda name: _answers(nominatim.geocode(
                name, exactly_one=False, limit=ANSWERS, language="en", addressdetails=True, namedetails=True,
            ), _from_nominatim)  # fmt: skip
        case "photon":
            photon = Photon(**place)
            return lambda name: _answers(photon.geocode(name, exactly_one=False, limit=ANSWERS, language="en"), _from_photon)
        case "geonames":
            user = os.environ.get(USER)
            if not user:
                raise OptionError(f"geonames needs an account; put its name into the environment variable {USER}")
            geonames = GeoNames(user, **place)
            return lambda name: _answers(geonames.geocode(name, exactly_one=False), _from_geonames)[:ANSWERS]
        case _:
            raise OptionError(f"no service {service!r}; choose one of {', '.join(SERVICES)}")


def _answers(locations: Any, read: Callable[[Mapping[str, Any]], Answer | None]) -> list[Answer]:
    found = [read(location.raw) for location in locations or [] if location is not None]
    return [answer for answer in found if answer is not None]


def _from_nominatim(raw: Mapping[str, Any]) -> Answer | None:
    if (raw.get("category") or raw.get("class")) not in OSM_CLASSES:
        return None  # a shop, a street
    kind = str(raw.get("addresstype") or raw.get("type") or "")
    name = str(raw.get("name") or str(raw.get("display_name", "")).partition(",")[0])
    return Answer(
        id=f"osm:{str(raw.get('osm_type', ''))[:1].upper()}{raw.get('osm_id', '')}",
        name=name,
        names=(name, *(str(other) for other in (raw.get("namedetails") or {}).values())),
        kind=OSM_KINDS.get(kind) or OSM_KINDS.get(str(raw.get("type")), "site"),
        country=str((raw.get("address") or {}).get("country_code", "")).upper(),
        lat=float(raw["lat"]),
        lon=float(raw["lon"]),
    )


def _from_photon(raw: Mapping[str, Any]) -> Answer | None:
    facts = raw["properties"]
    if facts.get("osm_key") not in OSM_CLASSES:
        return None
    lon, lat = raw["geometry"]["coordinates"][:2]
    return Answer(
        id=f"osm:{facts.get('osm_type', '')}{facts.get('osm_id', '')}",
        name=str(facts.get("name", "")),
        names=(str(facts.get("name", "")),),
        kind=OSM_KINDS.get(str(facts.get("osm_value")), "site"),
        country=str(facts.get("countrycode", "")).upper(),
        lat=float(lat),
        lon=float(lon),
    )


def _from_geonames(raw: Mapping[str, Any]) -> Answer | None:
    return Answer(
        id=f"geonames:{raw.get('geonameId', '')}",
        name=str(raw.get("name", "")),
        names=(str(raw.get("name", "")), str(raw.get("toponymName", ""))),
        kind=GEONAMES_KINDS.get(str(raw.get("fcl")), "site"),
        country=str(raw.get("countryCode", "")).upper(),
        lat=float(raw["lat"]),
        lon=float(raw["lng"]),
    )
