"""Which event a correction is for, when ids have changed: an id is a hash of all that makes an event, so a small upgrade may change it.

A key is three short hashes of what tells an event from others, each of which survives something else:

    where   document, layer, mention and its offset     survives another division into sentences
    said    layer, mention and sentence, folded         survives moved and renamed files, other offsets, a new first report
    what    layer, type, status, place and days         tells apart what one sentence tells of one place
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from geo.text import fold

Row = Mapping[str, Any]
DIGITS = 10


def key(row: Row) -> str:
    """The key of an event by its first piece of evidence: "k-where-said-what"."""
    return "-".join(("k", _where(row["layer"], row), _said(row["layer"], row), _what(row)))


def _hash(*values: object) -> str:
    text = json.dumps([str(value) for value in values])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]


def _where(layer: str, piece: Row) -> str:
    return _hash(piece["doc_id"], layer, fold(str(piece["mention"])), piece["mention_start"])


def _said(layer: str, piece: Row) -> str:
    return _hash(layer, fold(str(piece["mention"])), " ".join(fold(str(piece["evidence"])).split()))


def _what(row: Row) -> str:
    return _hash(*(row[name] or "" for name in ("layer", "plover", "status", "place_id", "start", "end")))


class Index:
    """Events by id and by the parts of their keys, those of all their evidence."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._ids: dict[str, list[int]] = defaultdict(list)
        self._where: dict[str, set[int]] = defaultdict(set)
        self._said: dict[str, set[int]] = defaultdict(set)
        self._what: list[str] = []
        for number, row in enumerate(rows):
            self._ids[row["id"]].append(number)
            self._what.append(_what(row))
            for piece in (row, *json.loads(row["sources"] or "[]")):
                self._where[_where(row["layer"], piece)].add(number)
                self._said[_said(row["layer"], piece)].add(number)

    def find(self, event_id: str, event_key: str) -> list[int]:
        """The numbers of the events that a correction is for: those of its id, else those that its key fits best.

        More than one without an id in common means that the key does not tell them apart.
        """
        if event_id in self._ids:
            return self._ids[event_id]
        parts = event_key.split("-")
        if len(parts) != 4:
            return []
        _, where, said, what = parts
        # the place in a document alone is not enough: another text may have come under its name
        there = {number for number in self._where.get(where, ()) if self._what[number] == what}
        fits = {
            number: (self._what[number] == what, number in self._where.get(where, ()))
            for number in there | self._said.get(said, set())
        }
        best = max(fits.values(), default=None)
        return sorted(number for number, fit in fits.items() if fit == best)
