"""Archives of any size: read in parts by many, resumed where a run stopped, kept as a partitioned dataset."""

from geo.archive.dataset import (
    check_finished,
    folder_of,
    is_dataset,
    read_dataset,
    read_parquet,
    read_year,
    years,
)
from geo.archive.run import Reading, Total, find_events_by, parse_archive, reading
from geo.archive.runners import Dask, Processes, Runner, Serial, runner_for

__all__ = [
    "Dask",
    "Processes",
    "Reading",
    "Runner",
    "Serial",
    "Total",
    "check_finished",
    "find_events_by",
    "folder_of",
    "is_dataset",
    "parse_archive",
    "read_dataset",
    "read_parquet",
    "read_year",
    "reading",
    "runner_for",
    "years",
]
