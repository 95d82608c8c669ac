"""A folium map with everything in it, and the layer of events that goes on any folium map.

Three rules keep the text of articles from doing harm:

- it never passes through a template. folium renders an element and then compiles the *rendered* text as a
  template again, so that `{{ … }}` in an article would run in Python; `html.escape` does not stop that. So the data goes
  into `<script type="application/json">`, as it is, by way of `Verbatim`;
- the page's script writes it with `textContent` only, and links to http and https only;
- a content-security policy lets no script run but the page's own, by digest, and no request out.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, MacroElement
from folium.template import Template

from geo.maps import ground
from geo.maps.payload import in_script, legend, payload, rows
from geo.maps.tiles import Tiles

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

GENERATOR = "geo maps"
PACK_FROM = 300_000  # characters of data above which a page carries them compressed
SCRIPTS = (
    "dom", "data", "filter", "address", "symbols", "sentences", "canvas", "ground", "routes", "arcs", "dots", "marks", "labels",
    "timeline", "card", "layers", "list", "save", "backdrop", "panel", "app",
)  # fmt: skip
"""The page's script: files of `assets`, in order; each defines one name that later ones use."""

ASSETS = files("geo.maps") / "assets"
LEAFLET = files("xstatic.pkg.leaflet") / "data"


class Verbatim(Element):
    """Markup that comes out as it went in: branca would compile it as a template."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self._name = "Verbatim"
        self.markup = markup

    def render(self, **_kwargs: Any) -> str:
        """The markup, untouched."""
        return self.markup


@cache
def leaflet_script() -> str:
    """Leaflet without the address of a source map, which a browser's tools would ask for."""
    text = (LEAFLET / "leaflet.js").read_text("utf-8")
    return re.sub(r"\n//# sourceMappingURL=\S*", "", text)


@cache
def leaflet_style() -> str:
    """Leaflet's style without the pictures of controls that the pages do not have."""
    text = (LEAFLET / "leaflet.css").read_text("utf-8")
    return re.sub(r"url\([^)]*\)", "none", text)


@cache
def script() -> str:
    """The page's own script, whole."""
    parts = "\n".join((ASSETS / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    return f'"use strict";\n(() => {{\nconst LEGEND = {in_script(legend())};\n{parts}\n}})();'


@cache
def style() -> str:
    """The page's own style."""
    return (ASSETS / "page.css").read_text("utf-8")


class EventLayer(MacroElement):
    """The events of a table as marks on a folium map, with the panel to choose among them.

        folium_map = folium.Map()
        EventLayer(events).add_to(folium_map)

    `events` is the table of events in EPSG:4326. `title` heads the panel. `pages` are other pages to go to,
    as a mapping with `index`, `previous`, `next`: each a pair of text and address. `basemap` draws the
    offline map beneath: leave it off on a map with tiles. `tiles` are those that the reader may choose in its stead.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "GeoEvents.show({{ this._parent.get_name() }}, {{ this.get_name()|tojson }});"
        "{% endmacro %}"
    )

    def __init__(
        self,
        events: GeoDataFrame | Sequence[Mapping[str, Any]],
        *,
        title: str = "Events",
        pages: Mapping[str, tuple[str, str]] | None = None,
        basemap: bool = False,
        tiles: Tiles | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        table = events if isinstance(events, Sequence) else rows(events)
        told = payload(table) | {"title": title, "pages": dict(pages or {})}
        if tiles:
            told["tiles"] = asdict(tiles)
        self.blocks = {"data": in_script(told)}
        if len(self.blocks["data"]) > PACK_FROM:
            self.blocks["data"] = in_script({"packed": ground.packed(told)})
        if basemap:
            points = [(place["at"][1], place["at"][0]) for place in told["places"]]
            self.blocks["world"] = in_script({"packed": base64.b64encode(ground.world_packed()).decode()})
            self.blocks["detail"] = in_script({"packed": ground.packed(ground.detail(points))})
        self._name = "events"
        self._id = hashlib.sha256(self.blocks["data"].encode()).hexdigest()[:8]  # folium's would be random

    def render(self, **kwargs: Any) -> str:
        """Puts style, data and script into the page that the map is on; raises TypeError on no page."""
        figure = self.get_root()
        if not isinstance(figure, Figure):
            raise TypeError("the layer of events is on no map: add it to a folium.Map before it is rendered")
        figure.header.add_child(Verbatim(f"<style>{style()}</style>"), name="events_style")
        for name, block in self.blocks.items():
            tag = f'<script type="application/json" id="{self.get_name()}_{name}">{block}</script>'
            figure.html.add_child(Verbatim(tag), name=f"{self.get_name()}_{name}")
        figure.html.add_child(Verbatim(f"<script>{script()}</script>"), name="events_script")
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""


class Page(Figure):
    """An HTML page that fetches nothing: what folium would link to is put in from packages.

    `images` is a server that pictures may come from. `render` raises LookupError for a link that no package answers.
    """

    _template = Template(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n{{ this.header.render(**kwargs) }}\n</head>\n'
        "<body>\n{{ this.html.render(**kwargs) }}\n"
        "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n</body>\n</html>\n"
    )

    def __init__(self, title: str, images: str = "") -> None:
        super().__init__()
        self.images = images
        self.header._children.clear()  # noqa: SLF001 - branca's own meta tag; ours comes with the policy
        self.header.add_child(Verbatim(f"<title>{html.escape(title)}</title>"), name="title")

    def render(self, **kwargs: Any) -> str:
        """The page as text."""
        for child in list(self._children.values()):
            child.render(**kwargs)
        for name, link in list(self.header._children.items()):  # noqa: SLF001
            if isinstance(link, JavascriptLink | CssLink):
                self.header.add_child(Verbatim(self._content(name, link.url)), name=name)
        return with_policy(self._template.render(this=self, kwargs=kwargs), self.images)

    @staticmethod
    def _content(name: str, url: str) -> str:
        match name:
            case "leaflet":
                return f"<script>{leaflet_script()}</script>"
            case "leaflet_css":
                return f"<style>{leaflet_style()}</style>"
            case _:
                raise LookupError(f"{name}: {url} would be fetched from the network; no package has it")


class OfflineMap(folium.Map):
    """A folium map that needs Leaflet only, in a `Page`."""

    default_js = [("leaflet", "leaflet.js")]  # noqa: RUF012 - as folium declares it
    default_css = [("leaflet_css", "leaflet.css")]  # noqa: RUF012
    _template = Template(
        """
        {%- macro header(this, kwargs) -%}
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
        <style>html, body { height: 100%; margin: 0 } #{{ this.get_name() }} { position: absolute; inset: 0 }</style>
        {%- endmacro -%}
        {%- macro html(this, kwargs) -%}
        <main class="folium-map" id={{ this.get_name()|tojson }}></main>
        {%- endmacro -%}
        {%- macro script(this, kwargs) -%}
        const {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {{ this.options|tojavascript }});
        {%- endmacro -%}
        """
    )

    def __init__(self, title: str, images: str = "") -> None:
        super().__init__(
            tiles=None,
            zoom_control=False,
            attribution_control=False,
            min_zoom=1,
            max_zoom=12,
            zoom_snap=0.5,
            center=[20, 10],
        )
        self._id = "page"  # folium's would be random
        Page(title, images).add_child(self)


def page(
    events: Sequence[Mapping[str, Any]],
    title: str,
    pages: Mapping[str, tuple[str, str]],
    tiles: Tiles | None = None,
) -> str:
    """A whole page for the rows of a table of events (see `payload.rows`)."""
    offline_map = OfflineMap(f"{title} – events on the map", tiles.origin if tiles else "")
    EventLayer(events, title=title, pages=pages, basemap=True, tiles=tiles).add_to(offline_map)
    markup: str = offline_map.get_root().render()
    return markup


def with_policy(markup: str, images: str = "") -> str:
    """The page with a policy that runs and styles nothing but what stands in it, by digest.

    Pictures may come from the page itself and from `images`, a server (https://tiles.example.org).
    """
    scripts, styles = (
        " ".join(sorted({_digest(text) for text in re.findall(rf"<{tag}>(.*?)</{tag}>", markup, re.DOTALL)}))
        or "'none'"
        for tag in ("script", "style")
    )
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; "
        f"img-src {' '.join(filter(None, ('data:', images)))}; base-uri 'none'; form-action 'none'"
    )
    head = (
        f'<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="generator" content="{GENERATOR}">\n<meta name="color-scheme" content="light dark">'
    )
    return markup.replace("<head>", head, 1)


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
