"""Rows of any table or JSON → `Record`s: which field is the text, the title, the date, the source, the URL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from geo.documents.record import Record
from geo.documents.written_dates import iso_date
from geo.errors import DocumentError, OptionError

TARGETS = ("text", "title", "date", "source", "url", "id")
NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "stories_id", "article_id", "event_id_cnty", "uuid"),
    "text": (
        "text", "story_text", "article_text", "full_text", "fulltext", "maintext", "body", "body_text", "article_body",
        "articlebody", "content", "notes",
    ),
    "title": ("title", "headline"),
    "date": (
        "date", "publish_date", "published", "published_at", "publishedat", "published_date", "pub_date", "pubdate",
        "publication_date", "date_published", "datepublished", "date_publish", "event_date", "seendate",
    ),
    "source": ("source", "media_name", "source.name", "source_name", "publication", "publisher", "outlet", "source_domain", "domain"),
    "url": ("url", "link", "article_url", "web_url"),
    "language": ("language", "lang"),
}  # fmt: skip
"""Target → the names that its field goes by, the first that holds something taken; compared in lower case, with _ for spaces.

Media Cloud: stories_id, publish_date, media_name, story_text. ACLED: event_id_cnty, event_date, notes. NewsAPI: publishedAt,
source.name, content. news-please: maintext, date_publish, source_domain.
"""


def parse_fields(given: Iterable[str]) -> dict[str, str]:
    """Target → field, of options such as "text=body". Raises OptionError."""
    found: dict[str, str] = {}
    for option in given:
        target, equals, name = (part.strip() for part in option.partition("="))
        if not equals or not name or target not in TARGETS:
            raise OptionError(f"field {option!r}: write TARGET=FIELD with a target of {', '.join(TARGETS)}, such as text=body")
        if target in found:
            raise OptionError(f"field {option!r}: {target} is {found[target]!r} already; name one field for it")
        found[target] = name
    return found


def normal(name: object) -> str:
    """The name of a field as it is compared."""
    return str(name).strip().lower().replace(" ", "_").replace("-", "_")


def holds_text(names: Iterable[object], fields: Mapping[str, str]) -> bool:
    """Whether one of the fields can be the text."""
    given = list(names)
    if "text" in fields:
        return fields["text"] in given or fields["text"].partition(".")[0] in given
    return not {normal(name) for name in given}.isdisjoint(NAMES["text"])


def no_text(names: Iterable[object]) -> str:
    """What is wrong with a table whose fields hold no text, and the remedy."""
    listed = [str(name)[:30] for name in names]
    shown = ", ".join(listed[:12]) + (f" and {len(listed) - 12} more" if len(listed) > 12 else "")
    return f"none of its fields is known to be the text ({shown or 'it has none'}); name it with --field text=FIELD"


def to_record(row: Mapping[str, object], default_id: str, where: str, fields: Mapping[str, str]) -> Record:
    """The record of a row. Raises DocumentError when it has no text, or where the text should be is something else."""
    plain = {normal(name): value for name, value in row.items()}
    values = {target: _value(target, row, plain, fields, where) for target in NAMES}
    return Record(
        id=values["id"] or default_id,
        text=values["text"],
        where=where,
        title=values["title"],
        source=values["source"],
        url=values["url"],
        date=iso_date(values["date"]),
        language=values["language"],
        names=(where, default_id),
    )


def _value(
    target: str, row: Mapping[str, object], plain: Mapping[str, object], fields: Mapping[str, str], where: str
) -> str:
    """The value of a target: of the field that was named for it, else of the first known one that holds something."""
    if target in fields:
        found = [_at(row, fields[target])]
    else:
        found = [value for name in NAMES[target] if not _is_empty(value := plain.get(name) if "." not in name else _at(plain, name))]
    text = next((text for value in found if (text := _as_text(value, target)) is not None), None)
    if target == "text" and text is None:
        named = f"no text in the field {fields['text']!r}" if "text" in fields else "no text"
        raise DocumentError(f'{where}: {named}; name its field with --field, or write a row as {{"id": "…", "text": "…"}}')
    if text is None and found and not _is_empty(found[0]):
        raise DocumentError(f"{where}: {target} is not text; write it in quotation marks, or name another field with --field")
    return text or ""


def _at(row: Mapping[str, object], path: str) -> object:
    """The value at a name, or at a path of names with dots between."""
    if path in row:
        return row[path]
    value: object = row
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _is_empty(value: object) -> bool:
    return value is None or value == "" or value != value  # noqa: PLR0124  NaN, which tables have for nothing


def _as_text(value: object, target: str) -> str | None:
    """A value as text; None for what is none. Only strings are articles."""
    if isinstance(value, str):
        return value
    if target == "text" or isinstance(value, bool):
        return None
    if isinstance(value, dt.date):  # and times of days
        return value.isoformat()
    return str(value) if isinstance(value, int) else None
