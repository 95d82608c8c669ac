"""CSV, TSV and Parquet: an article a row. Every cell is text, those that a spreadsheet would compute among them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from geo.documents.fields import holds_text, no_text, to_record
from geo.documents.record import CONTAINER, Failure, File, NoArticlesError, Record, too_large
from geo.errors import DocumentError

DELIMITERS = ",;\t|"
HEADER = 1 << 16  # bytes within which the names of the columns stand
BATCH = 64  # rows of Parquet that are in memory at once


def delimiter(header: str) -> str:
    """The delimiter of a CSV file by the line that names its columns: the one that it has most of, outside quotation marks."""
    bare = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=bare.count)


def read_csv(file: File) -> Iterator[Record | Failure]:
    """The articles of a CSV or TSV file. Ids are those of the rows, else `file#row` as a spreadsheet counts rows.

    A row that is no CSV ends the reading, for where the next one begins cannot be told.
    """
    csv.field_size_limit(max(csv.field_size_limit(), file.limit * CONTAINER))
    with file.open() as stream:
        # bytes that are no UTF-8 are let through here, so that only their row is refused
        text = io.TextIOWrapper(stream, "utf-8-sig", "surrogateescape", newline="")
        header = text.readline(HEADER)
        _check_header(header, file)
        separator = "\t" if file.where.lower().endswith((".tsv", ".tab")) else delimiter(header)
        reader = csv.reader(_from(header, text), delimiter=separator, strict=True)
        number = 0
        try:
            columns = next(reader, [])
            if not holds_text(columns, file.fields):
                hint = "; if it holds metadata, give it with --metadata" if "file" in columns else ""
                raise NoArticlesError(f"{file.where}: {no_text(columns)}{hint}")
            for number, row in enumerate(reader, 2):
                if any(cell.strip() for cell in row):
                    yield _csv_row(row, columns, f"{file.id}#{number}", file)
        except csv.Error as error:
            raise DocumentError(
                f"{file.where}, after row {max(number, 1)}: not CSV ({error}); the rows after it are left out; "
                "double the quotation marks inside fields"
            ) from None


def _check_header(header: str, file: File) -> None:
    if not header.strip():
        raise DocumentError(f"{file.where}: empty; its first line must name the columns")
    if "\0" in header or header.startswith("\udcff\udcfe"):
        raise DocumentError(f"{file.where}: a binary file or UTF-16 text, not CSV; save it as CSV UTF-8")
    if len(header) >= HEADER:
        raise NoArticlesError(f"{file.where}: its first line is too long to name columns")


def _from(first: str, rest: io.TextIOWrapper) -> Iterator[str]:
    yield first
    yield from rest


def _csv_row(row: list[str], columns: Sequence[str], where: str, file: File) -> Record | Failure:
    if any(re.search("[\udc80-\udcff]", cell) for cell in row):
        return Failure(where, DocumentError(f"{where}: not UTF-8; save the table as CSV UTF-8"))
    if len(row) > len(columns):
        told = f"{where}: {len(row)} cells in {len(columns)} columns; put fields that hold a delimiter in quotation marks"
        return Failure(where, DocumentError(told))
    return _row(dict(zip(columns, row, strict=False)), where, file)


def _row(row: Mapping[str, object], where: str, file: File) -> Record | Failure:
    try:
        record = to_record(row, where, where, file.fields)
    except DocumentError as error:
        return Failure(where, error)
    return Failure(where, too_large(where, file.limit)) if len(record.text) > file.limit else record


def read_parquet(file: File) -> Iterator[Record | Failure]:
    """The articles of a Parquet file. Ids are those of the rows, else `file#row`, the first row being 1."""
    import pyarrow as pa  # noqa: PLC0415  an extra
    from pyarrow import parquet  # noqa: PLC0415

    with file.open() as stream:
        try:
            table = parquet.ParquetFile(stream if stream.seekable() else io.BytesIO(file.content(CONTAINER)))
            columns = table.schema_arrow.names
            if not holds_text(columns, file.fields):
                raise NoArticlesError(f"{file.where}: {no_text(columns)}")
            number = 0
            for batch in table.iter_batches(batch_size=BATCH):
                for row in batch.to_pylist():
                    number += 1
                    yield _row(row, f"{file.id}#{number}", file)
        except pa.ArrowException as error:
            raise DocumentError(f"{file.where}: not Parquet, or damaged ({error})") from None
