"""Online tiles that a reader of a page may choose; the page asks for none before.

Offline is the default: a page without tiles names no server, and its policy lets no picture in. With them the
policy lets in pictures of that one server.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from urllib.parse import urlsplit

import xyzservices.providers

from geo.errors import FormatError

HOST = re.compile(r"(\{s\}\.)?[a-z0-9.-]+(:\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tiles:
    """A server of tiles: its template with {z}, {x}, {y}, its name and whom to credit, in plain text."""

    url: str
    name: str
    attribution: str
    max_zoom: int = 18
    subdomains: str = "abc"

    @property
    def origin(self) -> str:
        """The server as a content-security policy names it: `https://*.example.org`."""
        parts = urlsplit(self.url.replace("{s}.", "*."))
        return f"{parts.scheme}://{parts.netloc}"


def find_tiles(wanted: str) -> Tiles:
    """Tiles by the name of a provider (`OpenStreetMap.Mapnik`, see xyzservices) or by the template of an address.

    Raises FormatError for an unknown name, a provider that wants a key, and a template that is none.
    """
    if "{" in wanted:
        return _from_template(wanted)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of providers that want a key, which we refuse in words
            provider = xyzservices.providers.query_name(wanted)
    except ValueError:
        raise FormatError(
            f"--tiles {wanted}: no such provider; name one that xyzservices lists (OpenStreetMap.Mapnik) or give an address with {{z}}, {{x}} and {{y}}"
        ) from None
    if provider.requires_token():
        raise FormatError(f"--tiles {wanted}: this provider wants a key; give its address with the key, {{z}}, {{x}} and {{y}} in it")
    url = provider.build_url(x="{x}", y="{y}", z="{z}", fill_subdomain=False)
    subdomains = provider.get("subdomains", "abc")
    return Tiles(url, provider.name, provider.attribution, int(provider.get("max_zoom", 18)), "".join(subdomains))


def _from_template(url: str) -> Tiles:
    parts = urlsplit(url)
    lacking = [part for part in ("{z}", "{x}", "{y}") if part not in url]
    if parts.scheme not in {"http", "https"} or lacking or not HOST.fullmatch(parts.netloc):
        raise FormatError(f"--tiles {url}: no address of tiles; it should be like https://tiles.example.org/{{z}}/{{x}}/{{y}}.png")
    host = parts.netloc.removeprefix("{s}.")
    return Tiles(url, host, host)
