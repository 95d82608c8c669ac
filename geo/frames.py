"""A pandas column of texts → events: for those whose articles are in a DataFrame already."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.documents import Failure
from geo.documents.metadata import parse_date
from geo.errors import DocumentError, MetadataError, NothingToReadError
from geo.gazetteer import Gazetteer
from geo.model import Document, Options, When
from geo.pipeline import Summary, find_events, open_gazetteer, triggers_with

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd


def parse_frame(
    df: pd.DataFrame,
    *,
    text: str = "text",
    date: str | None = None,
    title: str | None = None,
    source: str | None = None,
    url: str | None = None,
    id: str | None = None,  # noqa: A002  the column's name in the event table
    gazetteer: Gazetteer | str | Path | None = None,
    events: Sequence[str | Path] = (),
    merge: bool = True,
    demonyms: bool = True,
    approximate: bool = True,
) -> gpd.GeoDataFrame:
    """The events of the articles in a DataFrame, a row an article, as `geo.parse` gives them.

    `text`, `date`, `title`, `source` and `url` name its columns; a date is a date, a Timestamp or ISO text, and where it is
    missing it is inferred from the article. `doc_id` of the events is the column `id`, else the row's label in the
    index, as text, so that events can be joined with what else the frame knows; a label that several rows bear
    gets a number behind it. The other arguments are those of `geo.parse`. Rows without text, or with a date that is none, are
    left out with a warning each. Raises MetadataError for a column that is not there, NothingToReadError when no row
    can be read.

    >>> import pandas as pd
    >>> articles = pd.DataFrame(
    ...     {"body": ["Leaders met in Granada, Spain, on Thursday."], "published": ["2023-10-06"]}, index=["wire-7"]
    ... )
    >>> events = parse_frame(articles, text="body", date="published")
    >>> events.loc[events["layer"] == "meetings", ["doc_id", "place", "country", "start"]].values.tolist()
    [['wire-7', 'Granada', 'ES', '2023-10-05']]
    """
    from geo.table import to_frame  # noqa: PLC0415  pandas and shapely only where they are needed

    columns = {"text": text, "date": date, "title": title, "source": source, "url": url, "id": id}
    for field, name in columns.items():
        if name is not None and name not in df.columns:
            known = ", ".join(map(str, df.columns))
            raise MetadataError(
                f"the frame has no column {name!r}; name the one with the {field}: it has {known or 'none'}"
            )
    opened = gazetteer if isinstance(gazetteer, Gazetteer) else open_gazetteer(gazetteer)
    summary, options = Summary(), Options(demonyms, approximate)
    found = find_events(
        _documents(df, columns),
        opened,
        triggers_with(opened, events),
        options=options,
        merged=merge,
        summary=summary,
    )
    if not summary.documents:
        first = f": {summary.failures[0].error}" if summary.failures else ""
        raise NothingToReadError(f"no row of the frame can be read{first}")
    for failure in summary.failures:
        warnings.warn(str(failure.error), stacklevel=2)
    return to_frame(found)


def _documents(df: pd.DataFrame, columns: dict[str, str | None]) -> Iterator[Document | Failure]:
    cells = {field: df[name].tolist() for field, name in columns.items() if name is not None}
    seen: dict[str, int] = {}
    for number, label in enumerate(df.index):
        row = {field: values[number] for field, values in cells.items()}
        stated = _text(row.get("id")) or str(label)
        seen[stated] = seen.get(stated, 0) + 1
        name = stated if seen[stated] == 1 else f"{stated}#{seen[stated]}"
        try:
            yield _document(name, row)
        except DocumentError as error:
            yield Failure(name, error)


def _document(name: str, row: dict[str, Any]) -> Document:
    """A row as a document. Raises DocumentError, naming the row."""
    where = f"row {name}"
    text = row["text"]
    if not isinstance(text, str) or not text.strip():
        raise DocumentError(f"{where}: no text; drop the row, or fill it")
    facts = {field: _text(row.get(field)) for field in ("title", "source", "url")}
    return Document(id=name, text=text, date=_date(row.get("date"), where), **facts)


def _date(value: Any, where: str) -> When | None:
    """The stated date; None for a missing one. Raises DocumentError for what is no date."""
    stated = value.isoformat()[:10] if isinstance(value, dt.date) and value == value else _text(value)  # noqa: PLR0124  NaT
    return parse_date(stated, where) if stated else None


def _text(value: Any) -> str:
    """A cell as text, "" for a missing one."""
    return "" if value is None or value != value or str(value) == "<NA>" else str(value).strip()  # noqa: PLR0124  NaN
