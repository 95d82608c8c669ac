"""Fragments of HTML, such as feeds and letters carry, → their text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption footer h1 h2 h3 h4 h5 h6 header hr li ol p pre section table tr ul".split()
)
_TAG = re.compile(r"<(!--|[!?]|/?[A-Za-z][A-Za-z0-9]*)")
_HIDDEN = frozenset("script style template title noscript".split())


def text_of(fragment: str) -> str:
    r"""The text of a fragment: a blank line between its blocks, no scripts.

    >>> text_of("<p>Talks &amp; more.</p><p>The <b>pass</b> is shut.</p>")
    'Talks & more.\n\nThe pass is shut.'
    """
    blocks: list[list[str]] = [[]]
    for text, tag in _pieces(fragment):
        blocks[-1].append(text)
        if tag in _BLOCKS:
            blocks.append([])
    joined = (" ".join(unescape("".join(block)).split()) for block in blocks)
    return "\n\n".join(block for block in joined if block)


def _pieces(fragment: str) -> Iterator[tuple[str, str]]:
    """The pieces of text, each with the name of the tag after it; what is hidden is left out.

    Every character is looked at a few times at most: the standard library's parser takes hours for some hostile letters.
    """
    lower = fragment.lower() if len(fragment.lower()) == len(fragment) else fragment
    done = position = 0
    while (start := fragment.find("<", position)) >= 0:
        match = _TAG.match(fragment, start)
        if match is None:  # as in "a < b"
            position = start + 1
            continue
        tag = match[1].lower()
        end = fragment.find(*(("-->", start + 4) if tag == "!--" else (">", match.end())))
        if end >= 0 and tag in _HIDDEN:
            end = lower.find(f"</{tag}", end)
            end = fragment.find(">", end) if end >= 0 else -1
        if end < 0:  # what was begun is not ended
            yield fragment[done:start], ""
            return
        yield fragment[done:start], tag.removeprefix("/")
        done = position = end + (3 if tag == "!--" else 1)
    yield fragment[done:], ""


def language_of(page: str) -> str:
    """The language that a page states of itself, "" if it does not."""
    match = re.search(r"<html[^>]*?\s(?:xml:)?lang\s*=\s*[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)", page[:4096], re.IGNORECASE)
    return match[1] if match else ""
