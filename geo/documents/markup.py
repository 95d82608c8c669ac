"""Fragments of HTML, such as feeds and letters carry, → their text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption footer h1 h2 h3 h4 h5 h6 header hr li ol p pre section table tr ul".split()
)
_HIDDEN = frozenset("script style template title noscript".split())


def text_of(fragment: str) -> str:
    r"""The text of a fragment: a blank line between its blocks, no scripts.

    >>> text_of("<p>Talks &amp; more.</p><p>The <b>pass</b> is shut.</p>")
    'Talks & more.\n\nThe pass is shut.'
    """
    parser = _Text()
    parser.feed(fragment)
    parser.close()
    blocks = (" ".join("".join(block).split()) for block in parser.blocks)
    return "\n\n".join(block for block in blocks if block)


def language_of(page: str) -> str:
    """The language that a page states of itself, "" if it does not."""
    match = re.search(r"<html[^>]*?\s(?:xml:)?lang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)", page[:4096], re.IGNORECASE)
    return match[1] if match else ""


class _Text(HTMLParser):
    """Gathers the text of each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[list[str]] = [[]]
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  the base class's name
        self.hidden += tag in _HIDDEN
        if tag in _BLOCKS:
            self.blocks.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN:
            self.hidden = max(0, self.hidden - 1)
        if tag in _BLOCKS:
            self.blocks.append([])

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.blocks[-1].append(data)
