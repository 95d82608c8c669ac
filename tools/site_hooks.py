"""What MkDocs asks of us while it builds the site (mkdocs.yml).

Some pages of the site stand elsewhere in the repository, where their readers look for them first. They are brought in
here, with the links of all pages set right, and a page that would load something from the network stops the build.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
BROUGHT_IN = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "gazetteer/README.md": "reference/sources.md",
    "gazetteer/events/README.md": "reference/patterns.md",
}
"""Files of the repository → pages of the site."""

LINK = re.compile(r"(\]\()([^()\s#:]+)((?:#[^()\s]*)?\))")
LOADED = re.compile(r"<(?:script|img|iframe|source)\b[^>]*?\ssrc=[\"']?(?:https?:)?//|<link\b[^>]*?\shref=[\"']?(?:https?:)?//")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages from elsewhere in the repository."""
    for source, target in BROUGHT_IN.items():
        files.append(File.generated(config, target, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """The page with its links as they are on the site."""
    origins = {target: source for source, target in BROUGHT_IN.items()}
    origin = origins.get(page.file.src_uri, f"docs/{page.file.src_uri}")
    return LINK.sub(lambda match: match[1] + site_link(match[2], origin, page.file.src_uri) + match[3], markdown)


def site_link(link: str, origin: str, page: str) -> str:
    """A relative link of the repository's file `origin` as one of the site's `page`."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), link))
    if target in BROUGHT_IN:
        target = BROUGHT_IN[target]
    elif target.startswith("docs/"):
        target = target.removeprefix("docs/")
    else:
        return link  # MkDocs says that the site lacks it
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


def on_post_page(output: str, page: Page, **_: Any) -> str:
    """The page, if it loads nothing from the network. Raises PluginError otherwise."""
    if found := LOADED.search(output):
        raise PluginError(f"{page.file.src_uri}: the page would load from the network: {found[0]}")
    return output
